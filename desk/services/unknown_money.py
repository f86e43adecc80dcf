"""The letter that asks the bank or the sender whose money it is: written about a movement, for there is no case.

Number first, paper second, like every paper (`services/papers.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.models import Letter
from desk.rules.codes import PaperCode, encode
from desk.rules.papers import PaperKind, UnknownMoney, unknown_context
from desk.services.case_file import DocumentEntry
from desk.services.papers import PDF, PaperJob, paper_jobs
from desk.services.sheets import Sheet, office_on_papers, signatory

ACCOUNT_DIGITS = 4
"""How many of the account's last digits a letter shows."""
KIND = PaperKind.MONEY_UNKNOWN


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom the office asks; the address may be empty."""

    to_bank: bool
    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A letter about a movement: its number and day, to whom, by whom."""

    id: UUID
    number: str
    issued_on: date
    addressee: str
    by: str


_KNOWN = text("SELECT number FROM desk.letter WHERE office_id = :office_id AND id = :id")
_ANNOUNCE = text("SELECT desk.announce(:office_id, :id)")
_OF_LINE = """
SELECT n.line_id, n.id, n.number, n.issued_on, n.details->>'addressee' AS addressee, coalesce(p.name, n.by) AS by
FROM desk.letter n LEFT JOIN desk.person p ON p.login = n.by
WHERE n.office_id = :office_id AND n.line_id {of} ORDER BY n.at, n.sequence
"""
_SHEET = text("""
SELECT d.id, d.kind, d.title, d.name, d.content_type, d.size, d.at, d.paper, d.number, d.subject_id, d.copy
FROM desk.document d WHERE d.office_id = :office_id AND d.subject_id = :id AND d.kind = 'paper' AND d.paper = :kind
  AND d.content_type = :pdf
""")
_LETTER = text("""
SELECT n.number, n.year, n.sequence, n.issued_on, n.by, n.details, l.booked_on, l.description, l.counterparty,
  l.reference, a.bank, a.number AS account
FROM desk.letter n JOIN desk.statement_line l ON l.office_id = n.office_id AND l.id = n.line_id
JOIN desk.bank_account a ON a.office_id = l.office_id AND a.id = l.account_id
WHERE n.office_id = :office_id AND n.id = :id
""")


def write_letter(session: Session, office_id: int, line_id: UUID, to: Addressee, note: str, *, key: UUID) -> str:
    """Give the letter its number and the sentence of what was done; the same `key` writes one letter.

    Refused by the database where the money has an owner, or by whoever is no treasurer.
    """
    if not to.name.strip():
        raise Refused("Tujuan surat belum diisi. Tulis nama bank atau nama pengirimnya.")
    number = session.execute(_KNOWN, {"office_id": office_id, "id": key}).scalar_one_or_none()
    if number is None:
        details = {
            "to_bank": to.to_bank,
            "addressee": " ".join(to.name.split()),
            "address": " ".join(to.address.split()),
            "note": " ".join(note.split()),
        }
        number = session.execute(
            insert(Letter)
            .values(office_id=office_id, id=key, kind=KIND.value, line_id=line_id, details=details)
            .returning(Letter.number)
        ).scalar_one()
        session.execute(_ANNOUNCE, {"office_id": office_id, "id": key})
    return f"Surat {number} kepada {' '.join(to.name.split())} terbit; uangnya tetap tercatat tak bertuan."


def letters_of_line(session: Session, office_id: int, line_id: UUID) -> list[Asked]:
    """The letters about one movement, in order of time."""
    rows = session.execute(text(_OF_LINE.format(of="= :line_id")), {"office_id": office_id, "line_id": line_id})
    return [Asked(*row[1:]) for row in rows]


def last_letters(session: Session, office_id: int) -> dict[UUID, Asked]:
    """The last letter of every movement of the office that has one."""
    rows = session.execute(text(_OF_LINE.format(of="IS NOT NULL")), {"office_id": office_id})
    return {row.line_id: Asked(*row[1:]) for row in rows}


def sheet_of_letter(session: Session, office_id: int, letter_id: UUID) -> DocumentEntry | None:
    """The pages of a letter; None while they are not made."""
    asked = {"office_id": office_id, "id": letter_id, "kind": KIND.value, "pdf": PDF}
    row = session.execute(_SHEET, asked).one_or_none()
    if row is None:
        return None
    return DocumentEntry(
        row.id, row.kind, row.title, row.name, row.content_type, row.size, row.at, KIND, row.number, row.subject_id,
        row.copy,
    )  # fmt: skip


def letter_job(session: Session, office_id: int, letter_id: UUID) -> PaperJob:
    """The sheet to make of an issued letter. Refused where its template is missing."""
    row = session.execute(_LETTER, {"office_id": office_id, "id": letter_id}).one()
    office, details = office_on_papers(session, office_id), row.details
    paper = UnknownMoney(
        number=row.number,
        issued_on=row.issued_on,
        to_bank=details["to_bank"],
        addressee=details["addressee"],
        address=details["address"],
        amount_sen=details["amount_sen"],
        received_on=row.booked_on,
        remark=row.description,
        sender=row.counterparty,
        reference=row.reference,
        bank=row.bank,
        account_end=row.account[-ACCOUNT_DIGITS:],
        treasurer=signatory(session, row.by, "Bendahara Penerimaan"),
        code=encode(PaperCode(KIND, office.code, row.year, row.sequence)),
        note=details["note"],
    )
    sheet = Sheet(row.number, 1, 1, unknown_context(office, paper))
    [job] = paper_jobs(session, office_id, None, KIND, KIND.value, letter_id, row.issued_on, [sheet])
    return job
