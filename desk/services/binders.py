"""The binders that accepted originals stand in: which sheet is free, what is lent, and the yearly stock-take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.models import Binder, BinderLabel
from desk.rules.inputs import Countersignature, Loan
from desk.rules.numbering import with_kind
from desk.rules.rule_book import office_rules
from desk.services.rule_book import rules

_STANDING = """
  SELECT u.office_id, u.case_id, u.agreement_id, u.copy, u.step, u.binder_id, u.sheet, u.borrower, u.due_on, u.at
  FROM desk.custody u WHERE u.office_id = ANY (:office_ids) AND u.binder_id IS NOT NULL
  AND u.step IN ('filed', 'lent') AND NOT EXISTS (SELECT FROM desk.custody v WHERE v.office_id = u.office_id
    AND v.agreement_id = u.agreement_id AND v.copy = u.copy AND v.position > u.position)
"""
"""The copies that have a sheet of their own, whether they stand on it or are lent."""

_BINDERS = text(f"""
WITH s AS ({_STANDING})
SELECT b.office_id, b.id, b.name, b.year, b.sequence, b.capacity, o.code AS office_code,
  count(s.copy) AS papers, count(s.copy) FILTER (WHERE s.step = 'lent') AS lent,
  EXISTS (SELECT FROM desk.binder_label l WHERE l.office_id = b.office_id AND l.binder_id = b.id) AS labelled,
  (SELECT max(t.on_day) FROM desk.stocktake t WHERE t.office_id = b.office_id AND t.binder_id = b.id) AS taken_on
FROM desk.binder b JOIN desk.office o ON o.id = b.office_id
LEFT JOIN s ON s.office_id = b.office_id AND s.binder_id = b.id
WHERE b.office_id = ANY (:office_ids)
GROUP BY b.office_id, b.id, b.name, b.year, b.sequence, b.capacity, o.code
ORDER BY b.year DESC, b.sequence DESC
""")  # noqa: S608
_PAPERS = text(f"""
SELECT s.office_id, s.case_id, s.agreement_id, s.copy, s.step, s.sheet, s.borrower, s.due_on, a.number, a.copies,
  c.number AS case_number, c.customer_name, b.name AS binder, b.id AS binder_id, desk.today(s.office_id) AS today,
  (s.at AT TIME ZONE o.zone)::date AS since
FROM ({_STANDING}) s
JOIN desk.agreement a ON a.office_id = s.office_id AND a.id = s.agreement_id
JOIN desk.cases c ON c.office_id = s.office_id AND c.id = s.case_id
JOIN desk.binder b ON b.office_id = s.office_id AND b.id = s.binder_id
JOIN desk.office o ON o.id = s.office_id
WHERE (CAST(:binder_id AS uuid) IS NULL OR s.binder_id = :binder_id) AND (NOT :lent OR s.step = 'lent')
ORDER BY s.due_on NULLS LAST, b.year, b.sequence, s.sheet LIMIT 2000
""")  # noqa: S608
_HEAD = text("SELECT coalesce(o.profile#>>'{head,name}', '') FROM desk.office o WHERE o.id = :office_id")
_FREE = text("""
SELECT n FROM generate_series(1, (SELECT capacity FROM desk.binder WHERE office_id = :office_id AND id = :binder_id)) n
WHERE NOT EXISTS (
  SELECT FROM desk.custody u WHERE u.office_id = :office_id AND u.binder_id = :binder_id AND u.sheet = n
  AND u.step IN ('filed', 'lent') AND NOT EXISTS (SELECT FROM desk.custody v WHERE v.office_id = u.office_id
    AND v.agreement_id = u.agreement_id AND v.copy = u.copy AND v.position > u.position))
ORDER BY n LIMIT 1
""")


@dataclass(frozen=True, slots=True)
class BinderRow:
    """A binder as the list shows it."""

    office_id: int
    id: UUID
    name: str
    year: int
    sequence: int
    capacity: int
    office_code: str
    papers: int
    lent: int
    labelled: bool
    taken_on: date | None

    @property
    def full(self) -> bool:
        """No sheet is free."""
        return self.papers >= self.capacity


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A copy that has a sheet in a binder; lent when `borrower` is named."""

    office_id: int
    case_id: UUID
    agreement_id: UUID
    copy: int
    step: str
    sheet: int
    borrower: str
    due_on: date | None
    number: str
    copies: int
    case_number: str
    customer_name: str
    binder: str
    binder_id: UUID
    today: date
    since: date

    @property
    def id(self) -> tuple[UUID, int]:
        """Which copy."""
        return self.agreement_id, self.copy

    @property
    def named(self) -> str:
        """The paper in words: `SPPD-001/… rangkap 2`."""
        return with_kind("SPPD", self.number) + (f" rangkap {self.copy}" if self.copies > 1 else "")

    @property
    def days_over(self) -> int:
        """Calendar days since a loan should have come back; 0 and less while it need not."""
        return (self.today - self.due_on).days if self.due_on else 0


def binders(session: Session, office_ids: Sequence[int]) -> list[BinderRow]:
    """The binders of these offices, the newest first."""
    return [BinderRow(**row) for row in session.execute(_BINDERS, {"office_ids": list(office_ids)}).mappings()]


def papers_of(session: Session, office_id: int, binder_id: UUID) -> list[PaperRow]:
    """What has a sheet in a binder, sheet by sheet."""
    where = {"office_ids": [office_id], "binder_id": binder_id, "lent": False}
    return sorted((PaperRow(**row) for row in session.execute(_PAPERS, where).mappings()), key=lambda row: row.sheet)


def loans(session: Session, office_ids: Sequence[int]) -> list[PaperRow]:
    """What is lent, the longest overdue first."""
    where = {"office_ids": list(office_ids), "binder_id": None, "lent": True}
    return [PaperRow(**row) for row in session.execute(_PAPERS, where).mappings()]


def overdue(session: Session, office_ids: Sequence[int]) -> int:
    """How many loans should have come back already."""
    return sum(1 for row in loans(session, office_ids) if row.days_over > 0)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The binder that is being filled, or the name of the one to open next."""

    binder: str
    sheet: int


def suggestion(session: Session, office_id: int) -> Suggestion:
    """Where the next paper goes: the newest binder with a free sheet, else a new one."""
    newest = binders(session, [office_id])[:1]
    if newest and (sheet := _free_sheet(session, office_id, newest[0].id)) is not None:
        return Suggestion(newest[0].name, sheet)
    row = session.execute(
        text("SELECT o.code, extract(year FROM desk.today(o.id))::int AS year FROM desk.office o WHERE o.id = :id"),
        {"id": office_id},
    ).one()
    number = 1 + max((one.sequence for one in newest if one.year == row.year), default=0)
    return Suggestion(f"SPPD {row.code}/{row.year}-{number:02}", 1)


def known_answers(session: Session, office_id: int, form: type, today: date) -> dict[str, Any]:
    """What a form opens with: who signs for the office, the next free sheet, or the day on which a loan ends."""
    if form is Countersignature:
        head = session.execute(_HEAD, {"office_id": office_id}).scalar_one()
        return {"signer": head} if head else {}
    if form is Loan:
        days = office_rules(rules(session, office_id), today, office_id).loan_calendar_days
        return {"due_on": today + timedelta(days=days)}
    place = suggestion(session, office_id)
    return {"binder": place.binder, "sheet": str(place.sheet)}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a binder; `opened` when the binder is new."""

    binder_id: UUID
    binder: str
    number: int
    opened: bool

    def __str__(self) -> str:
        """The place in words: `map SPPD 1600/2026-01, lembar 7`."""
        return f"map {self.binder}, lembar {self.number}"


def place_for(session: Session, office_id: int, binder: str, sheet: str) -> Sheet:
    """The sheet in the binder with this name; a new name opens a binder.

    Without a number it is the next free one. Refused when the binder is full or the number is none.
    """
    name = " ".join(binder.split())
    if not name:
        raise Refused("Map harus diisi, supaya naskah dapat ditemukan. Tulis nama mapnya.")
    if sheet.strip() and (not sheet.strip().isdecimal() or int(sheet) < 1):
        raise Refused(f"Nomor lembar “{sheet.strip()}” bukan angka. Kosongkan untuk lembar kosong berikutnya.")
    found = session.execute(
        text("SELECT id, name FROM desk.binder WHERE office_id = :office_id AND lower(name) = lower(:name)"),
        {"office_id": office_id, "name": name},
    ).one_or_none()
    if found is None:
        binder_id = uuid4()
        values = {"year": 0, "sequence": 0, "capacity": 1}  # the server's words replace them
        session.execute(insert(Binder).values(office_id=office_id, id=binder_id, name=name, **values))
    else:
        binder_id, name = found.id, found.name
    number = int(sheet) if sheet.strip() else _free_sheet(session, office_id, binder_id)
    if number is None:
        raise Refused(f"Map {name} sudah penuh. Tulis nama map yang baru; map itu dibuka sekaligus.")
    return Sheet(binder_id, name, number, found is None)


def _free_sheet(session: Session, office_id: int, binder_id: UUID) -> int | None:
    found: int | None = session.execute(_FREE, {"office_id": office_id, "binder_id": binder_id}).scalar_one_or_none()
    return found


def note_label(session: Session, office_id: int, binder_id: UUID) -> None:
    """Writes down that the label of a binder was printed."""
    session.execute(insert(BinderLabel).values(office_id=office_id, id=uuid4(), binder_id=binder_id))
