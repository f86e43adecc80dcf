"""Which case a message from outside belongs to, as far as the records tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A case that a message may belong to, and why: the number was named, it is an answer, the sender is known."""

    office_id: int
    case_id: UUID
    number: str
    customer_name: str
    why: str


_CASES = text("""
SELECT f.rank, c.office_id, c.id, c.number, c.customer_name, f.id <> c.id AS merged FROM (
  SELECT 0 AS rank, x.office_id, x.id FROM desk.cases x WHERE x.number = :number
  UNION ALL
  SELECT 1, m.office_id, m.case_id FROM desk.message m WHERE m.message_id <> '' AND m.message_id = ANY (:thread)
  UNION ALL
  (SELECT 2, x.office_id, x.id FROM desk.customer k
   JOIN desk.cases x ON x.office_id = k.office_id AND x.customer_id = k.id
   WHERE x.stage IN ('new', 'clear', 'active')
   AND ((:email <> '' AND lower(k.email) = lower(:email)) OR (:phone <> '' AND k.phone = :phone))
   ORDER BY x.changed_at DESC LIMIT 10)
) f JOIN desk.cases c ON c.office_id = f.office_id AND c.id = desk.living_case(f.office_id, f.id)
WHERE c.office_id = ANY (:offices) ORDER BY f.rank, c.changed_at DESC
""")
_WHY = ("nomor permohonan tertulis", "balasan atas pesan permohonan ini", "pengirim yang sama")


def cases_of_message(
    session: Session,
    office_ids: Sequence[int],
    *,
    number: str = "",
    thread: Sequence[str] = (),
    email: str = "",
    phone: str = "",
) -> list[Suggestion]:
    """The cases a message may belong to, the surest first; one query.

    `thread` are the Message-IDs it answers to, with and without angle brackets; `phone` is in the stored form. Of a
    sender that is merely known only open cases are offered: who writes again usually asks something new.
    """
    asked = {"number": number, "thread": list(thread), "email": email, "phone": phone, "offices": list(office_ids)}
    found: dict[UUID, Suggestion] = {}
    for row in session.execute(_CASES, asked):
        why = _WHY[row.rank] + (" (digabungkan ke sini)" if row.merged else "")
        found.setdefault(row.id, Suggestion(row.office_id, row.id, row.number, row.customer_name, why))
    return list(found.values())
