"""Takes scanned stacks in and files what can be filed: read page by page, keep all or nothing, then file by parts.

Each step is one transaction and may be repeated: a stack is known by its hash, a part by its id, which is the key of
its deed. A program that is killed in the middle leaves a stack that is not there or parts that wait in the tray.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from desk import deeds
from desk.adapters.files import digest
from desk.adapters.scans import ScanFile, ScanReader
from desk.errors import Refused
from desk.rules.case import CaseFacts, MessageKind
from desk.rules.codes import decode
from desk.rules.deed import Done
from desk.rules.inputs import IncomingFile, MessageNote, OriginalScan, ScanInput
from desk.rules.papers import PaperKind
from desk.rules.people import Actor
from desk.rules.scans import Doubt, PageReading, Target, is_issued_code, split
from desk.services import documents, scans

Transaction = Callable[[], AbstractContextManager[Session]]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of one scanned file."""

    name: str
    pages: int
    filed: tuple[str, ...]
    """The sentences of the deeds."""
    waiting: int
    """Parts that went to the tray."""
    known: bool = False
    """The very same file came in before; nothing was done."""

    @property
    def sentence(self) -> str:
        """What a person reads."""
        if self.known:
            return f"{self.name} sudah pernah masuk; tidak disimpan dua kali."
        rest = f", {self.waiting} bagian menunggu di baki" if self.waiting else ""
        return f"{self.name}: {self.pages} halaman, {len(self.filed)} naskah disimpan{rest}."


def take_in(
    transaction: Transaction, reader: ScanReader, actor: Actor, office_id: int, path: Path, progress: Progress
) -> TakenIn:
    """Reads a scanned file, keeps it, and files the parts whose code says where. Refused when it is no scan.

    `progress(at, of)` is told after every page and may raise CancelledError; until the last page nothing was written.
    """
    size, sha256 = digest(path)
    with transaction() as session:
        if scans.is_known(session, office_id, sha256):
            return TakenIn(path.name, 0, (), 0, known=True)
    stack = reader.open(path)
    pages: list[PageReading] = []
    for page in stack.read():
        pages.append(page)
        progress(page.number, stack.pages)
    turned = {page.number: page.turned for page in pages if page.turned}
    with transaction() as session:
        stack_id = scans.take_in(
            session, office_id, path.name, pages=stack.pages, size=size, sha256=sha256, chunks=_pieces(path)
        )
        for paper in split(pages, is_issued_code):
            scans.add_part(session, office_id, stack_id, paper, _piece(stack, paper.pages, turned))
    filed = file_waiting(transaction, reader, actor, office_id, stack_id)
    with transaction() as session:
        waiting = sum(entry.stack_id == stack_id for entry in scans.tray(session, (office_id,)))
    return TakenIn(path.name, stack.pages, filed, waiting)


def file_waiting(
    transaction: Transaction, reader: ScanReader, actor: Actor, office_id: int, stack_id: UUID | None = None
) -> tuple[str, ...]:
    """Files every part of the tray whose code says where and whose case is ready for it; gives what was done."""
    with transaction() as session:
        entries = [one for one in scans.tray(session, (office_id,)) if one.payload and stack_id in (None, one.stack_id)]
    filed = []
    for entry in entries:
        try:
            filed.append(_file_by_code(transaction, reader, actor, entry).sentence)
        except Refused:
            continue  # it stays in the tray, which says why
    return tuple(filed)


def why_in_tray(session: Session, entry: scans.TrayEntry) -> str:
    """Why a part was not filed by itself."""
    if not entry.payload:
        return Doubt.of(entry.doubt).label if entry.doubt else ""
    try:
        found = scans.found_by_code(session, entry)
    except Refused as reason:
        return str(reason)
    return f"{found.target.label}: jumlah halaman berbeda dengan naskah yang terbit; lihat dahulu."


def file_by_hand(
    transaction: Transaction, actor: Actor, entry: scans.TrayEntry, case: CaseFacts, target: Target
) -> Done:
    """Files a part where a person says. Refused with the reason; nothing is half-filed."""
    if entry.payload and target.action_id != "attach_original_scan" and decode(entry.payload).kind is PaperKind.SPPD:
        raise Refused("Lembar ini naskah SPPD; simpan hanya sebagai pindaian naskah asli yang sudah diterima.")
    with transaction() as session:
        data = scans.part_bytes(session, entry.office_id, entry.id)
        return _file(session, actor, entry, case, target, data)


def split_by_hand(transaction: Transaction, reader: ScanReader, entry: scans.TrayEntry, folder: Path, at: int) -> None:
    """Makes two parts of one after its `at`-th page."""
    if not 1 <= at < len(entry.pages):
        raise Refused("Bagian ini tidak dapat dipisahkan di situ; pilih halaman di antaranya.")
    with transaction() as session:
        data = scans.part_bytes(session, entry.office_id, entry.id)
    path = folder / f"{entry.id}.pdf"
    path.write_bytes(data)
    whole = reader.open(path)
    first, second = whole.piece(range(1, at + 1)), whole.piece(range(at + 1, len(entry.pages) + 1))
    whole.close()
    with transaction() as session:
        scans.split_part(session, entry, first, second, at)


def _file_by_code(transaction: Transaction, reader: ScanReader, actor: Actor, entry: scans.TrayEntry) -> Done:
    with transaction() as session:
        found = scans.found_by_code(session, entry)
        data = scans.part_bytes(session, entry.office_id, entry.id)
        issued = documents.content(session, entry.office_id, found.sheets_of) if found.sheets_of else None
        if issued is not None and not _as_long_as(reader, issued, data, len(entry.pages)):
            raise Refused(f"{found.target.label}: jumlah halaman berbeda dengan naskah yang terbit; lihat dahulu.")
        return _file(session, actor, entry, found.case, found.target, data)


def _as_long_as(reader: ScanReader, issued: bytes, data: bytes, pages: int) -> bool:
    """Whether a scan has the pages of the issued paper; the empty backs of a scan of both sides do not count."""
    wanted = reader.page_count(issued)
    if pages <= wanted:
        return pages == wanted
    with tempfile.TemporaryDirectory(prefix="meja-pst-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "bagian.pdf"
        path.write_bytes(data)
        scan = reader.open(path)
        printed = sum(not page.blank for page in scan.read())
        scan.close()
        return printed == wanted


def _file(session: Session, actor: Actor, entry: scans.TrayEntry, case: CaseFacts, target: Target, data: bytes) -> Done:
    name = f"Pindaian {entry.stack_name.rsplit('.', 1)[0]} h{entry.pages[0]}.pdf"
    scan = IncomingFile(name, "application/pdf", data)
    inputs: object = ScanInput(scan=scan)
    if target.action_id == "attach_original_scan":
        inputs = OriginalScan(copy=target.copy, scan=scan)
    elif target.action_id == "add_message":
        inputs = MessageNote(kind=MessageKind.INTERNAL, text=f"Pindaian dari {entry.stack_name}.", files=(scan,))
    done = deeds.perform(
        session, actor, target.action_id, case.id, office_id=case.office_id, request_id=entry.id, inputs=inputs
    )
    scans.note_filed(session, entry, case.id)
    return done


def _piece(stack: ScanFile, pages: tuple[int, ...], turned: dict[int, int]) -> bytes:
    return stack.piece(pages, {page: turned[page] for page in pages if page in turned})


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(documents.CHUNK):
            yield piece
