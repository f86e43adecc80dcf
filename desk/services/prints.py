"""Prints of issued papers: written down before they leave for the printer, and as failed when they did not come out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from desk.models import PrintEntry, PrintFailure
from desk.rules.rule_book import Rule, office_rules, stamp_in_force
from desk.rules.rupiah import rupiah
from desk.rules.stamp_duty import ReceiptStamp
from desk.services.rule_book import rules


@dataclass(frozen=True, slots=True)
class Noted:
    """A print that was written down, and the mark its first copy bears."""

    id: UUID
    mark: str


def note_print(
    session: Session,
    office_id: int,
    case_id: UUID | None,
    document_id: UUID,
    *,
    printer: str,
    pages: int = 1,
    copies: int = 1,
) -> Noted:
    """Writes a print down and gives the mark for its first copy: ASLI the first time, SALINAN ever after.

    BATAL and DIGANTI where the paper no longer holds. The database decides: two workstations that print at the same
    moment cannot both get ASLI, and the second of them is told so.
    """
    print_id = uuid4()
    mark = session.execute(
        insert(PrintEntry)
        .values(
            office_id=office_id,
            id=print_id,
            case_id=case_id,
            document_id=document_id,
            printer=printer,
            pages=pages,
            copies=copies,
        )
        .returning(PrintEntry.mark)
    ).scalar_one()
    _announce(session, office_id, case_id or document_id)
    return Noted(print_id, mark)


def note_failure(session: Session, office_id: int, case_id: UUID | None, print_id: UUID, reason: str) -> None:
    """Writes down that a print did not come out; its ASLI may then be printed again."""
    session.execute(
        insert(PrintFailure).values(office_id=office_id, id=uuid4(), case_id=case_id, print_id=print_id, reason=reason)
    )
    _announce(session, office_id, case_id or print_id)


def _announce(session: Session, office_id: int, about: UUID) -> None:
    session.execute(text("SELECT desk.announce(:office_id, :about)"), {"office_id": office_id, "about": about})


@dataclass(frozen=True, slots=True)
class StampDue:
    """The materai that goes onto a kuitansi by the treasurer's rule, in rupiah; `required` forbids going without."""

    value: int
    required: bool

    def note(self, number: str) -> str:
        """What the person is told before the sheet is printed."""
        verb = "harus ditempeli" if self.required else "perlu"
        return f"Kuitansi {number} {verb} materai {rupiah(self.value)}."


def stamp_due(known: Iterable[Rule], office_id: int, amount: int, issued_on: date) -> StampDue | None:
    """The materai for a kuitansi of this amount by the rule of its day (strictly above the limit), or None."""
    found = list(known)
    rule = office_rules(found, issued_on, office_id).receipt_stamp
    if rule.mode is ReceiptStamp.NONE or amount <= rule.above:
        return None
    return StampDue(stamp_in_force(found, issued_on, office_id).duty, rule.mode is ReceiptStamp.REQUIRE)


def stamp_due_on(session: Session, office_id: int, receipt_id: UUID) -> StampDue | None:
    """The materai for an issued kuitansi, or None."""
    receipt = session.execute(
        text("SELECT amount, issued_on FROM desk.receipt WHERE office_id = :office_id AND id = :id"),
        {"office_id": office_id, "id": receipt_id},
    ).one()
    return stamp_due(rules(session, office_id), office_id, receipt.amount, receipt.issued_on)


_RECEIPTS = text("""
SELECT r.office_id, r.id, r.case_id, r.number, r.issued_on, r.amount, r.payer, c.number AS case_number,
  d.id AS document_id, d.name AS file_name, v.reason AS void_reason,
  (SELECT max(e.at) FROM desk.print_entry e WHERE e.office_id = r.office_id AND e.document_id = d.id
   AND e.mark = 'ASLI' AND NOT EXISTS (SELECT FROM desk.print_failure f WHERE f.office_id = e.office_id
     AND f.print_id = e.id)) AS printed_at,
  (SELECT f.reason FROM desk.print_entry e JOIN desk.print_failure f ON f.office_id = e.office_id AND f.print_id = e.id
   WHERE e.office_id = r.office_id AND e.document_id = d.id ORDER BY e.at DESC LIMIT 1) AS failure,
  EXISTS (SELECT FROM desk.document s WHERE s.office_id = r.office_id AND s.case_id = r.case_id AND s.kind = 'scan'
          AND s.subject_id = r.id) AS scanned
FROM desk.receipt r
JOIN desk.cases c ON c.office_id = r.office_id AND c.id = r.case_id
LEFT JOIN desk.receipt_void v ON v.office_id = r.office_id AND v.receipt_id = r.id
LEFT JOIN desk.document d ON d.office_id = r.office_id AND d.subject_id = r.id AND d.kind = 'paper'
  AND d.paper = 'receipt' AND d.content_type = 'application/pdf'
WHERE r.office_id = ANY (:offices) AND (r.issued_on = :day OR r.issued_on < :day AND r.issued_on >= :day - 60
  AND v.id IS NULL AND NOT EXISTS (SELECT FROM desk.print_entry e WHERE e.office_id = r.office_id
    AND e.document_id = d.id AND e.mark = 'ASLI' AND NOT EXISTS (SELECT FROM desk.print_failure f
      WHERE f.office_id = e.office_id AND f.print_id = e.id)))
ORDER BY r.office_id, r.year, r.sequence
""")


@dataclass(frozen=True, slots=True)
class ReceiptToPrint:
    """A kuitansi of the day, or an earlier one whose original has not come out yet; amount in whole rupiah.

    `document_id` is None while the sheet is not made; `failure` is why the last print did not come out.
    """

    office_id: int
    id: UUID
    case_id: UUID
    number: str
    issued_on: date
    amount: int
    payer: str
    case_number: str
    document_id: UUID | None
    file_name: str | None
    void_reason: str | None
    printed_at: datetime | None
    failure: str | None
    scanned: bool
    stamp: StampDue | None = None

    @property
    def title(self) -> str:
        """What the printer's list of jobs shows."""
        return f"Kuitansi {self.number}"

    @property
    def waits(self) -> bool:
        """Whether the original is still to be printed."""
        return self.printed_at is None and self.void_reason is None


def receipts_to_print(session: Session, offices: Collection[int], day: date) -> list[ReceiptToPrint]:
    """The kuitansi of a day, and those of the sixty days before it that were never printed."""
    rows = session.execute(_RECEIPTS, {"offices": list(offices), "day": day}).mappings().all()
    known = {office: rules(session, office) for office in sorted({row["office_id"] for row in rows})}
    return [
        ReceiptToPrint(
            **row, stamp=stamp_due(known[row["office_id"]], row["office_id"], row["amount"], row["issued_on"])
        )
        for row in rows
    ]


def sheet_of(session: Session, office_id: int, receipt_id: UUID) -> UUID | None:
    """The pages of a kuitansi, once they are made."""
    found: UUID | None = session.execute(
        text(
            "SELECT id FROM desk.document WHERE office_id = :office_id AND subject_id = :receipt AND kind = 'paper' "
            "AND paper = 'receipt' AND content_type = 'application/pdf'"
        ),
        {"office_id": office_id, "receipt": receipt_id},
    ).scalar_one_or_none()
    return found
