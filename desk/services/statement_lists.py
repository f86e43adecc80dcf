"""The lists of bank movements: what screens show of them, page by page, by their day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.rules.statement import StatementLine

PAGE = 200


@dataclass(frozen=True, slots=True)
class LineRow:
    """One movement on a receiving account; amounts in sen."""

    office_id: int
    id: UUID
    account: str
    bank: str
    booked_on: date
    booked_at: time | None
    amount_sen: int
    description: str
    counterparty: str
    reference: str
    reversal: bool
    raw: str
    file: str

    def line(self, no: int) -> StatementLine:
        """The movement as matching sees it."""
        return StatementLine(
            no=no,
            booked_on=self.booked_on,
            amount_sen=self.amount_sen,
            description=self.description,
            booked_at=self.booked_at,
            reference=self.reference or None,
            counterparty=self.counterparty,
            reversal=self.reversal,
        )


@dataclass(frozen=True, slots=True)
class LastImport:
    """The newest day that is in, and when its file came; None without any."""

    last_on: date
    at: datetime
    by: str


_ROWS = """
SELECT l.office_id, l.id, a.number AS account, a.bank, l.booked_on, l.booked_at, l.amount_sen, l.description,
  l.counterparty, l.reference, l.reversal, l.raw, f.name AS file
FROM desk.statement_line l
JOIN desk.bank_account a ON a.office_id = l.office_id AND a.id = l.account_id
JOIN desk.statement_file f ON f.office_id = l.office_id AND f.id = l.file_id
WHERE l.office_id = ANY (:offices) {where}
ORDER BY l.booked_on DESC, l.id DESC LIMIT :limit
"""
_LAST = text("""
SELECT f.last_on, f.at, coalesce(p.name, f.by) AS by FROM desk.statement_file f
LEFT JOIN desk.person p ON p.login = f.by
WHERE f.office_id = ANY (:offices) ORDER BY f.last_on DESC, f.at DESC LIMIT 1
""")


def all_lines(
    session: Session, offices: Sequence[int], *, after: tuple[date, UUID] | None = None, limit: int = PAGE
) -> list[LineRow]:
    """Give a page of all movements, the newest first; `after` is the last one of the page above."""
    where = "" if after is None else "AND (l.booked_on, l.id) < (:day, :id)"
    values = {"offices": list(offices), "limit": limit}
    if after is not None:
        values |= {"day": after[0], "id": after[1]}
    return [LineRow(*row) for row in session.execute(text(_ROWS.format(where=where)), values)]


def last_import(session: Session, offices: Sequence[int]) -> LastImport | None:
    """Give how far the statement of the offices is known."""
    row = session.execute(_LAST, {"offices": list(offices)}).one_or_none()
    return None if row is None else LastImport(*row)


@dataclass(frozen=True, slots=True)
class UseEntry:
    """What a part of a movement is or was for; amounts in sen. `ended` tells why it no longer holds."""

    id: UUID
    kind: str
    amount_sen: int
    note: str
    case_id: UUID | None
    case_number: str
    invoice_number: str
    by: str
    at: datetime
    ended: str


_USES = text("""
SELECT u.id, u.kind, u.amount_sen, u.note, u.case_id, coalesce(c.number, '') AS case_number,
  coalesce(i.number, '') AS invoice_number, coalesce(p.name, u.by) AS by, u.at,
  coalesce(x.reason, r.reason, '') AS ended
FROM desk.line_use u
LEFT JOIN desk.cases c ON c.office_id = u.office_id AND c.id = u.case_id
LEFT JOIN desk.payment y ON y.office_id = u.office_id AND y.id = u.payment_id
LEFT JOIN desk.invoice i ON i.office_id = y.office_id AND i.id = y.invoice_id
LEFT JOIN desk.line_use_end x ON x.office_id = u.office_id AND x.use_id = u.id
LEFT JOIN desk.payment_reversal r ON r.office_id = u.office_id AND r.payment_id = u.payment_id
LEFT JOIN desk.person p ON p.login = u.by
WHERE u.office_id = :office_id AND u.line_id = :line_id ORDER BY u.at, u.id
""")


def uses_of_line(session: Session, office_id: int, line_id: UUID) -> list[UseEntry]:
    """Give what a movement was used for, withdrawn uses included, in order of time."""
    return [UseEntry(*row) for row in session.execute(_USES, {"office_id": office_id, "line_id": line_id})]
