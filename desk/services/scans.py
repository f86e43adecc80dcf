"""Scanned stacks in the database: taken in once, each part filed where its code says, the rest in the tray."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.models import FileChunk, ScanPart, ScanPlacement, ScanStack
from desk.rules.case import CaseFacts
from desk.rules.codes import decode
from desk.rules.papers import PaperKind
from desk.rules.scans import Doubt, Outcome, ScannedPaper, Target, targets_of
from desk.services import documents
from desk.services.case_file import facts

_IN_THE_TRAY = text("""
SELECT p.office_id, p.id, p.stack_id, s.name, p.pages, p.payload, p.doubt, p.codes, p.at
FROM desk.scan_part p JOIN desk.scan_stack s ON s.office_id = p.office_id AND s.id = p.stack_id
LEFT JOIN LATERAL (SELECT true AS placed FROM desk.scan_placement x
  WHERE x.office_id = p.office_id AND x.part_id = p.id LIMIT 1) x ON true  -- by its key, whatever the planner believes
WHERE p.office_id = ANY (:offices) AND x.placed IS NULL
ORDER BY s.at, s.id, p.pages
""")
_BYTES = text("SELECT bytes FROM desk.scan_bytes(:office_id, :part_id)")
_KNOWN = text("SELECT EXISTS (SELECT FROM desk.scan_stack s WHERE s.office_id = :office_id AND s.sha256 = :sha256)")
_DOCUMENT = text(
    "SELECT d.id FROM desk.document d JOIN desk.scan_part p ON p.office_id = d.office_id AND p.sha256 = d.sha256 "
    "WHERE d.office_id = :office_id AND d.case_id = :case_id AND p.id = :part_id ORDER BY d.at DESC LIMIT 1"
)
_SCANNED = text(
    "SELECT d.subject_id, d.copy FROM desk.document d "
    "WHERE d.office_id = :office_id AND d.case_id = :case_id AND d.kind = 'scan'"
)
_OWNER = {
    PaperKind.SPPD: text(
        "SELECT n.case_id, n.id FROM desk.agreement n "
        "WHERE n.office_id = :office_id AND n.year = :year AND n.sequence = :number"
    ),
    PaperKind.RECEIPT: text(
        "SELECT n.case_id, n.id FROM desk.receipt n "
        "WHERE n.office_id = :office_id AND n.year = :year AND n.sequence = :number"
    ),
}
_SHEETS = text(
    "SELECT d.id FROM desk.document d WHERE d.office_id = :office_id AND d.subject_id = :subject_id "
    "AND d.kind = 'paper' AND d.content_type = 'application/pdf' ORDER BY d.at DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class TrayEntry:
    """A part of a stack that has no place yet; `pages` are those of the stack, 1 is the first."""

    office_id: int
    id: UUID
    stack_id: UUID
    stack_name: str
    pages: tuple[int, ...]
    payload: str
    doubt: str
    codes: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """The case that a code names, and what of it the part would be."""

    case: CaseFacts
    target: Target
    sheets_of: UUID | None
    """The issued paper's own PDF, whose number of pages the scan should have."""


def is_known(session: Session, office_id: int, sha256: str) -> bool:
    """Whether this very file came in before."""
    return bool(session.execute(_KNOWN, {"office_id": office_id, "sha256": sha256}).scalar_one())


def take_in(
    session: Session, office_id: int, name: str, *, pages: int, size: int, sha256: str, chunks: Iterable[bytes]
) -> UUID:
    """Keeps a stack with its bytes (pieces of 256 KB, in order) and gives its id. Refused when it came in before."""
    for no, piece in enumerate(chunks):
        session.execute(
            insert_once(FileChunk).on_conflict_do_nothing(),
            {"office_id": office_id, "sha256": sha256, "no": no, "bytes": piece},
        )
    stack_id = uuid4()
    session.execute(
        insert(ScanStack).values(office_id=office_id, id=stack_id, name=name, pages=pages, size=size, sha256=sha256)
    )
    return stack_id


def add_part(session: Session, office_id: int, stack_id: UUID, paper: ScannedPaper, data: bytes) -> UUID:
    """Keeps some pages of a stack as a PDF of its own."""
    part_id = uuid4()
    session.execute(
        insert(ScanPart).values(
            office_id=office_id,
            id=part_id,
            stack_id=stack_id,
            pages=list(paper.pages),
            payload=paper.payload or "",
            doubt=paper.doubt.value if paper.doubt else "",
            codes=list(paper.codes),
            size=len(data),
            sha256=documents.put_bytes(session, office_id, data),
        )
    )
    return part_id


def tray(session: Session, office_ids: Sequence[int]) -> list[TrayEntry]:
    """The parts without a place, stack by stack in the order of their pages."""
    rows = session.execute(_IN_THE_TRAY, {"offices": list(office_ids)})
    return [
        TrayEntry(
            row.office_id, row.id, row.stack_id, row.name, tuple(row.pages), row.payload, row.doubt,
            tuple(row.codes), row.at,
        )
        for row in rows
    ]  # fmt: skip


def part_bytes(session: Session, office_id: int, part_id: UUID) -> bytes:
    """The PDF of a part. Refused when a colleague has put it aside meanwhile."""
    data = b"".join(row.bytes for row in session.execute(_BYTES, {"office_id": office_id, "part_id": part_id}))
    if not data:
        raise Refused("Bagian pindaian ini sudah ditempatkan rekan Anda. Daftarnya dibaca ulang.")
    return data


def found_by_code(session: Session, entry: TrayEntry) -> Found:
    """The case and the target that the code of a part names. Refused with the reason why it must be filed by hand."""
    code = decode(entry.payload)
    office = session.execute(text("SELECT o.code FROM desk.office o WHERE o.id = :id"), {"id": entry.office_id})
    if code.office != office.scalar_one():
        raise Refused(f"Naskah ini milik kantor {code.office}. Teruskan kepada kantor tersebut.")
    owner = _OWNER.get(code.kind)
    if owner is None:
        raise Refused(f"Ini {code.kind.label}; simpan dengan tangan bila memang perlu disimpan.")
    where = {"office_id": entry.office_id, "year": code.year, "number": code.number}
    row = session.execute(owner, where).one_or_none()
    if row is None:
        raise Refused("Nomor pada kode ini tidak ada di kantor Anda; cocokkan dengan nomor yang tercetak.")
    case = facts(session, entry.office_id, row.case_id)
    wanted = [
        target
        for target in targets(session, case)
        if target.subject_id == row.id and (target.copy == code.copy or code.kind is PaperKind.RECEIPT)
    ]
    if not wanted:
        raise Refused("Naskah ini sudah ditarik atau diganti; jangan disimpan.")
    if wanted[0].reason is not None:
        raise Refused(wanted[0].reason)
    sheets = session.execute(_SHEETS, {"office_id": entry.office_id, "subject_id": row.id}).scalar_one_or_none()
    return Found(case, wanted[0], sheets)


def targets(session: Session, case: CaseFacts) -> tuple[Target, ...]:
    """What a scan may become in this case, what is still missing first."""
    rows = session.execute(_SCANNED, {"office_id": case.office_id, "case_id": case.id})
    return targets_of(case, frozenset((row.subject_id, row.copy) for row in rows))


def note_filed(session: Session, entry: TrayEntry, case_id: UUID) -> None:
    """States that a part is now a document of the case."""
    where = {"office_id": entry.office_id, "case_id": case_id, "part_id": entry.id}
    _place(session, entry, Outcome.FILED, document_id=session.execute(_DOCUMENT, where).scalar_one())


def put_aside(session: Session, entry: TrayEntry, reason: str) -> None:
    """States that a part is no paper of any case; its bytes are let go."""
    if not reason.strip():
        raise Refused("Tulis mengapa lembar ini disisihkan, misalnya label kurir.")
    _place(session, entry, Outcome.PUT_ASIDE, reason=reason.strip())


def split_part(session: Session, entry: TrayEntry, first: bytes, second: bytes, at: int) -> None:
    """Makes two parts of one after its `at`-th page; the code, if any, stays with the first."""
    payload, doubt = entry.payload or None, Doubt.of(entry.doubt) if entry.doubt else None
    add_part(
        session, entry.office_id, entry.stack_id, ScannedPaper(entry.pages[:at], payload, doubt, entry.codes), first
    )
    rest = ScannedPaper(entry.pages[at:], doubt=Doubt.BY_HAND)
    add_part(session, entry.office_id, entry.stack_id, rest, second)
    _place(session, entry, Outcome.SPLIT)


def _place(session: Session, entry: TrayEntry, outcome: Outcome, **values: object) -> None:
    session.execute(
        insert(ScanPlacement).values(
            office_id=entry.office_id, id=uuid4(), part_id=entry.id, outcome=outcome.value, **values
        )
    )
