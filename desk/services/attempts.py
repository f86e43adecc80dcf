"""All attempts to deliver the data of a case, read in one question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from desk.rules.attempts import Attempt, SentPart
from desk.rules.case import Channel
from desk.rules.mail import OutgoingState
from desk.rules.package import PasswordWay

ATTEMPTS = """
SELECT d.sequence, d.version, d.at AT TIME ZONE o.zone AS at, coalesce(p.name, d."by") AS officer, d.channel, d.address,
  jsonb_array_length(d.manifest) AS files, d.package, d.password_by, d.check_until,
  (SELECT sum((f->>'size')::bigint)::bigint FROM jsonb_array_elements(d.manifest) f) AS size,
  x.reason AS failed, x.at AT TIME ZONE o.zone AS failed_at, k.asked_on AS corrected_on,
  d.override_id IS NOT NULL AS overridden,
  (SELECT jsonb_object_agg(t.position, jsonb_build_object('state', desk.outgoing_state(t.office_id, t.outgoing_id),
     'at', s.at AT TIME ZONE o.zone, 'reason', s.reason))
   FROM desk.outgoing_part t LEFT JOIN LATERAL (
     SELECT y.at, y.reason FROM desk.outgoing_step y WHERE y.office_id = t.office_id AND y.outgoing_id = t.outgoing_id
     ORDER BY y.position DESC LIMIT 1) s ON true
   WHERE t.office_id = d.office_id AND t.delivery_id = d.id) AS mails,
  (SELECT min(v.at) AT TIME ZONE o.zone FROM desk.event v WHERE v.office_id = d.office_id AND v.case_id = d.case_id
   AND v.action = 'record_acceptance' AND v.at >= d.at AND NOT EXISTS (SELECT FROM desk.delivery n
     WHERE n.office_id = d.office_id AND n.case_id = d.case_id AND n.sequence > d.sequence
       AND n.at <= v.at)) AS accepted_at
FROM desk.delivery d
JOIN desk.office o ON o.id = d.office_id
LEFT JOIN desk.person p ON p.login = d."by"
LEFT JOIN desk.delivery_failure x ON x.office_id = d.office_id AND x.delivery_id = d.id
LEFT JOIN desk.correction k ON k.office_id = d.office_id AND k.delivery_id = d.id
WHERE d.office_id = :office_id AND d.case_id = :case_id ORDER BY d.sequence
"""
"""The deliveries of a case, the first one first: a part of the question about a case."""


def told_attempts(rows: Iterable[Mapping[str, Any]]) -> tuple[Attempt, ...]:
    """What the rows of `ATTEMPTS` say, as columns or as the JSON of them."""
    return tuple(_attempt(row) for row in rows)


def _attempt(row: Mapping[str, Any]) -> Attempt:
    mails = row["mails"] or {}
    return Attempt(
        sequence=row["sequence"],
        version=row["version"],
        at=_required(row["at"]),
        officer=row["officer"],
        channel=Channel.of(row["channel"]),
        address=row["address"],
        files=row["files"],
        size=row["size"] or 0,
        parts=tuple(_part(part, mails.get(str(at))) for at, part in enumerate(row["package"], 1)),
        password_by=PasswordWay.of(row["password_by"]) if row["password_by"] else None,
        failed=row["failed"] or "",
        failed_at=_moment(row["failed_at"]),
        corrected_on=_day(row["corrected_on"]),
        check_until=_day(row["check_until"]),
        accepted_at=_moment(row["accepted_at"]),
        overridden=row["overridden"],
    )


def _part(part: Mapping[str, Any], mail: Mapping[str, Any] | None) -> SentPart:
    kept = (part["name"], part["size"], part["sha256"])
    if mail is None:
        return SentPart(*kept)
    return SentPart(*kept, OutgoingState.of(mail["state"]), _moment(mail["at"]), mail["reason"] or "")


def _required(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _moment(value: datetime | str | None) -> datetime | None:
    return None if value is None else _required(value)


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
