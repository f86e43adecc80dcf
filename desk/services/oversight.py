"""What a supervisor looks at: what is late and why, who has how much, and what waits for a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.rules.desks import DueOf

_LATE = text("""
WITH o AS MATERIALIZED (SELECT k.id, desk.today(k.id) AS today FROM desk.office k WHERE k.id = ANY (:offices))
SELECT c.office_id, c.id, c.number, c.customer_name, c.due_on, c.due_of, o.today - c.due_on AS days,
  concat_ws(' · ', nullif(c.officer_why, ''), nullif(c.treasurer_why, ''), nullif(c.mail_why, ''),
    nullif(c.supervisor_why, '')) AS why,
  coalesce(p.name, '') AS holder, c.changed_at
FROM o JOIN desk.cases c ON c.office_id = o.id
LEFT JOIN desk.person p ON p.login = c.claimed_by AND c.claimed_until > (SELECT desk.now())
WHERE c.office_id = ANY (:offices) AND c.officer_queue IS NOT NULL AND c.due_on < o.today
ORDER BY c.due_on, c.registered_at, c.id LIMIT 1000
""")
_LOAD = text("""
WITH o AS MATERIALIZED (SELECT k.id, k.code, desk.today(k.id) AS today FROM desk.office k WHERE k.id = ANY (:offices)),
week AS (
  SELECT v.office_id, v.by, count(*) AS deeds, max(v.at) AS last_at FROM desk.event v
  WHERE v.office_id = ANY (:offices) AND v.at > (SELECT desk.now()) - interval '7 days' GROUP BY 1, 2)
SELECT o.id AS office_id, o.code AS office_code, p.login, p.name,
  array_agg(DISTINCT d.duty ORDER BY d.duty) AS duties, coalesce(max(s.name), '') AS stands_in_for,
  (SELECT count(*) FROM desk.cases c WHERE c.office_id = o.id AND c.claimed_by = p.login
   AND c.claimed_until > (SELECT desk.now())) AS held,
  (SELECT count(*) FROM desk.cases c WHERE c.office_id = o.id AND c.claimed_by = p.login AND c.officer_queue IS NOT NULL
   AND c.claimed_until > (SELECT desk.now()) AND c.due_on < o.today) AS held_late,
  coalesce(max(w.deeds), 0) AS deeds, max(w.last_at) AS last_at
FROM o JOIN desk.duty d ON d.office_id = o.id AND o.today BETWEEN d.starts_on AND coalesce(d.ends_on, 'infinity')
JOIN desk.person p ON p.login = d.login AND p.active
LEFT JOIN desk.person s ON s.login = d.stands_in_for
LEFT JOIN week w ON w.office_id = o.id AND w.by = p.login
WHERE d.duty IN ('officer', 'treasurer', 'supervisor')
GROUP BY o.id, o.code, o.today, p.login, p.name ORDER BY o.code, lower(p.name)
""")
_FREE = text("""
SELECT count(*) FROM desk.cases c WHERE c.office_id = ANY (:offices) AND c.officer_queue IS NOT NULL
AND c.officer_queue <> 'waiting' AND (c.claimed_until IS NULL OR c.claimed_until <= (SELECT desk.now()))
""")
_REQUESTS = text("""
SELECT c.office_id, c.id, c.number, c.customer_name, c.money, c.data, c.officer_queue, c.officer_why,
  c.supervisor_queue,
  c.due_on, r.percent, r.recipient, r.purpose, r.letter_number, r.document_id, r.by AS asked_by,
  coalesce(p.name, r.by, '') AS asker, r.at AS asked_at, r.id AS relief_id,
  q.reason AS override_reason, q.missing AS override_missing, coalesce(qp.name, q.by, '') AS override_asker,
  l.wrong AS late_wrong, coalesce(lp.name, l.by, '') AS late_asker
FROM desk.cases c
LEFT JOIN LATERAL (SELECT n.* FROM desk.relief n WHERE n.office_id = c.office_id AND n.case_id = c.id
  AND NOT EXISTS (SELECT FROM desk.relief_decision x WHERE x.office_id = n.office_id AND x.relief_id = n.id)
  ORDER BY n.at DESC LIMIT 1) r ON true
LEFT JOIN LATERAL (SELECT n.* FROM desk.override_request n WHERE n.office_id = c.office_id AND n.case_id = c.id
  AND c.data = 'checked' AND NOT EXISTS (
    SELECT FROM desk.override_refusal x WHERE x.office_id = n.office_id AND x.request_id = n.id)
  AND NOT EXISTS (SELECT FROM desk.gate_override g WHERE g.office_id = n.office_id AND g.case_id = n.case_id)
  ORDER BY n.at DESC LIMIT 1) q ON true
LEFT JOIN LATERAL (SELECT n.* FROM desk.late_correction n WHERE n.office_id = c.office_id AND n.case_id = c.id
  AND NOT EXISTS (SELECT FROM desk.late_correction_decision x WHERE x.office_id = n.office_id
    AND x.late_correction_id = n.id) ORDER BY n.at DESC LIMIT 1) l ON true
LEFT JOIN desk.person p ON p.login = r.by
LEFT JOIN desk.person qp ON qp.login = q.by
LEFT JOIN desk.person lp ON lp.login = l.by
WHERE c.office_id = ANY (:offices) AND c.supervisor_queue IS NOT NULL
ORDER BY c.due_on NULLS LAST, c.registered_at LIMIT 500
""")


@dataclass(frozen=True, slots=True)
class LateRow:
    """A case whose promise has passed: since how many calendar days, which promise, why it stands, who holds it."""

    office_id: int
    id: UUID
    number: str
    customer_name: str
    due_on: date
    due_of: DueOf | None
    days: int
    why: str
    holder: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class LoadRow:
    """A person of an office: duties, cases held now, those of them that are late, deeds of the last seven days."""

    office_id: int
    office_code: str
    login: str
    name: str
    duties: tuple[str, ...]
    stands_in_for: str
    held: int
    held_late: int
    deeds: int
    last_at: datetime | None

    @property
    def id(self) -> tuple[int, str]:
        """The person in the office."""
        return (self.office_id, self.login)


@dataclass(frozen=True, slots=True)
class RequestRow:
    """Something that a supervisor can decide: what, why, and the actions that say yes and no (empty: none)."""

    office_id: int
    id: UUID
    number: str
    customer_name: str
    what: str
    why: str
    asked_by: str
    approve: str
    refuse: str


@dataclass(frozen=True, slots=True)
class Oversight:
    """Everything on the supervisor's page but the figures; `free` counts cases that need somebody and nobody holds."""

    late: tuple[LateRow, ...]
    load: tuple[LoadRow, ...]
    requests: tuple[RequestRow, ...]
    free: int


def oversight(session: Session, offices: Sequence[int]) -> Oversight:
    """Reads it for these offices: four questions."""
    asked = {"offices": list(offices)}
    late = tuple(
        LateRow(
            row.office_id, row.id, row.number, row.customer_name, row.due_on,
            DueOf.of(row.due_of) if row.due_of else None, row.days, row.why, row.holder, row.changed_at,
        )
        for row in session.execute(_LATE, asked)
    )  # fmt: skip
    load = tuple(
        LoadRow(
            row.office_id, row.office_code, row.login, row.name, tuple(row.duties), row.stands_in_for, row.held,
            row.held_late, row.deeds, row.last_at,
        )
        for row in session.execute(_LOAD, asked)
    )  # fmt: skip
    requests: list[RequestRow] = []
    for row in session.execute(_REQUESTS, asked):
        named = (row.office_id, row.id, row.number, row.customer_name)
        if row.relief_id is not None:
            letter = f"surat {row.letter_number}" + ("" if row.document_id else ", berkas surat belum ada")
            requests.append(
                RequestRow(*named, f"Nol rupiah {row.percent}%", letter, row.asker, "approve_relief", "reject_relief")
            )
        elif row.override_reason is not None:
            why = f"tanpa {row.override_missing}: {row.override_reason}"
            decide = ("override_gate", "refuse_override")
            requests.append(RequestRow(*named, "Izin pengiriman", why, row.override_asker, *decide))
        elif row.late_wrong is not None:
            decide = ("allow_late_correction", "refuse_late_correction")
            requests.append(RequestRow(*named, "Perbaikan terlambat", row.late_wrong, row.late_asker, *decide))
        elif row.money == "confirmed":
            why = "perlu persetujuan orang kedua"
            requests.append(RequestRow(*named, "Pembayaran besar", why, "", "approve_payment", ""))
    return Oversight(late, load, tuple(requests), session.execute(_FREE, asked).scalar_one())
