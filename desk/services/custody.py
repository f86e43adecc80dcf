"""Who holds each copy of an SPPD: the answer to "siapa yang memegang?"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.rules.custody import Custody
from desk.rules.dates import local_date, short_text

HOLDERS = """
SELECT DISTINCT ON (u.copy) u.copy, u.step, u.at, u.note, u.borrower, u.due_on, coalesce(p.name, u.by) AS by, o.zone,
  desk.today(u.office_id) AS today,
  (SELECT t.on_day FROM desk.stocktake_line l
   JOIN desk.stocktake t ON t.office_id = l.office_id AND t.id = l.stocktake_id
   WHERE l.office_id = u.office_id AND l.agreement_id = u.agreement_id AND l.copy = u.copy AND t.at > u.at
   AND l.finding = 'missing' AND NOT EXISTS (SELECT FROM desk.stocktake_line k
     JOIN desk.stocktake s ON s.office_id = k.office_id AND s.id = k.stocktake_id
     WHERE k.office_id = l.office_id AND k.agreement_id = l.agreement_id AND k.copy = l.copy AND s.at > t.at
     AND k.finding <> 'missing') ORDER BY t.at DESC LIMIT 1) AS missed_on
FROM desk.custody u JOIN desk.office o ON o.id = u.office_id LEFT JOIN desk.person p ON p.login = u.by
WHERE u.office_id = :office_id AND u.agreement_id = :agreement_id ORDER BY u.copy, u.position DESC
"""
"""The last step of every copy of an SPPD, for a question of its own or as a part of another one."""


def holder(session: Session, office_id: int, agreement_id: UUID) -> str:
    """Answers "siapa yang memegang?" for every copy of an SPPD in one line; empty before it was sent."""
    rows = session.execute(text(HOLDERS), {"office_id": office_id, "agreement_id": agreement_id}).mappings()
    return told([dict(row) for row in rows])


def told(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows of `HOLDERS` in words; days and moments may come as JSON has them."""
    answers = []
    for row in rows:
        named = f"rangkap {row['copy']} " if len(rows) > 1 else ""
        since = short_text(local_date(_moment(row["at"]), row["zone"]))
        answers.append(f"{named}{_where(row)} sejak {since}, dicatat {row['by']}{_trouble(row)}")
    return "; ".join(answers)


def _moment(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _where(row: Mapping[str, Any]) -> str:
    step = Custody.of(row["step"])
    if step is Custody.LENT:
        return f"dipinjam {row['borrower']}"
    told = row["note"] if step in (Custody.FILED, Custody.POSTED, Custody.COUNTERSIGNED, Custody.HANDED_OUT) else ""
    return f"{step.label} ({told})" if told else step.label


def _trouble(row: Mapping[str, Any]) -> str:
    if Custody.of(row["step"]) is Custody.LENT:
        due_on = _day(row["due_on"])
        late = (_day(row["today"]) - due_on).days
        return f", terlambat {late} hari" if late > 0 else f", kembali paling lambat {short_text(due_on)}"
    missed_on = row["missed_on"]
    return f", tidak ditemukan pada stok opname {short_text(_day(missed_on))}" if missed_on else ""
