"""Makes the papers that are still missing, and the case file: read what they say, lay out in the child process.

A paper is kept with its case: three steps in two transactions, so that no number and no lock ever waits for a
template. Safe to repeat after a crash.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine

from desk.adapters.database import transaction
from desk.adapters.files import FileType, sniff, write_atomically
from desk.adapters.paper import PaperShop
from desk.adapters.paper.work import Paper
from desk.errors import Refused
from desk.rules.papers import PaperKind, optional_fields
from desk.services import documents, unknown_money
from desk.services.dossier import NOT_SHOWN, Dossier, StoredFile, gather
from desk.services.papers import QR_MM, TRAINING_MARK, keep_paper, missing_papers, qr_png

LARGEST = 48 << 20
"""Bytes of a file whose pages go into a case file; the child process that reads it may use ten times as much."""
VOLUME = 96 << 20
"""Bytes of one PDF of a case file; what goes beyond becomes another one."""


def make_missing_papers(engine: Engine, shop: PaperShop, office_id: int, case_id: UUID) -> list[UUID]:
    """The ids of the PDFs that were made now; empty when all papers of the case exist.

    Raises Refused with the template's fault in words; sheets that were finished before it are kept.
    """
    with transaction(engine) as session:
        jobs = missing_papers(session, office_id, case_id)
    made = []
    for job in jobs:
        paper = shop.make(job.template, job.context, marks=job.marks, optional=job.optional)
        with transaction(engine) as session:
            made.append(keep_paper(session, job, paper.docx, paper.pdf))
    return made


def make_letter(engine: Engine, shop: PaperShop, office_id: int, letter_id: UUID) -> UUID:
    """The id of the pages of a letter about money that belongs to nobody; made now where they are missing."""
    with transaction(engine) as session:
        known = unknown_money.sheet_of_letter(session, office_id, letter_id)
        if known is not None:
            return known.id
        job = unknown_money.letter_job(session, office_id, letter_id)
    paper = shop.make(job.template, job.context, marks=job.marks, optional=job.optional)
    with transaction(engine) as session:
        return keep_paper(session, job, paper.docx, paper.pdf)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case file that was made: its parts in order (one, but for very large cases) and the number of its pages."""

    files: tuple[Path, ...]
    pages: int
    not_shown: int


def make_case_file(
    engine: Engine,
    shop: PaperShop,
    office_id: int,
    case_id: UUID,
    *,
    made_by: str,
    target: Path,
    progress: Callable[[int, int], object],
) -> CaseFile:
    """Binds the whole case into one PDF: front part, then the pages of every stored paper, numbered through.

    Identity cards are listed and never opened. A file that cannot be shown is listed with the reason. One file is in
    memory at a time; parts above `VOLUME` bytes become a PDF of their own. Raises Refused and `Unavailable`;
    nothing is left behind when it does.
    """
    with transaction(engine) as session:
        dossier = gather(session, office_id, case_id, made_by=made_by)
    steps = 2 * len(dossier.files) + 3
    done = iter(range(1, steps + 1))

    def step() -> None:
        progress(next(done), steps)

    with tempfile.TemporaryDirectory(prefix="meja-pst-") as name:
        folder = Path(name)
        counts: list[int] = []
        places: list[str] = []
        for at, file in enumerate(dossier.files):
            count, words = _take(engine, shop, dossier, file, folder / f"{at}.pdf")
            counts.append(count)
            places.append(words)
            step()
        front = _front(shop, dossier, places)
        pages, total = front.pages, front.pages + sum(counts)
        for at, count in enumerate(counts):
            if count:
                places[at] = f"halaman {pages + 1}" + (f"–{pages + count}" if count > 1 else "")
                pages += count
        front = _front(shop, dossier, places)
        step()
        parts = [(folder / "front.pdf", f"Berkas kasus {dossier.number}", 1, front.pages)]
        (folder / "front.pdf").write_bytes(front.pdf)
        first = front.pages + 1
        for at, (file, count) in enumerate(zip(dossier.files, counts, strict=True)):
            if count:
                parts.append((folder / f"{at}.pdf", file.title, first, count))
                first += count
        words = f"Berkas kasus {dossier.number}"
        for path, _title, number, _count in parts:
            path.write_bytes(shop.ask("number_pages", path.read_bytes(), number, total, words))
            step()
        volumes = _volumes([(path, title) for path, title, _number, _count in parts])
        made = []
        for no, volume in enumerate(volumes, 1):
            which = f" ({no} dari {len(volumes)})" if len(volumes) > 1 else ""
            out = folder / f"volume-{no}.pdf"
            shop.ask("join", tuple((str(path), title) for path, title in volume), str(out))
            made.append((out, target.with_name(f"{target.stem}{which}.pdf")))
        for out, path in made:
            write_atomically(path, _pieces(out))
        return CaseFile(tuple(path for _out, path in made), total, counts.count(0))


def _front(shop: PaperShop, dossier: Dossier, places: Sequence[str]) -> Paper:
    from desk.adapters.word import Picture  # only where papers are made: the engine is heavy

    marks = (TRAINING_MARK,) if dossier.training else ()
    optional = tuple(sorted(optional_fields(PaperKind.CASE_FILE)))
    context = dossier.context(places)
    drawn = {**context, "qr": Picture(qr_png(str(context["qr"])), QR_MM)}
    return shop.make(dossier.template, drawn, marks=marks, optional=optional)


def _take(engine: Engine, shop: PaperShop, dossier: Dossier, file: StoredFile, path: Path) -> tuple[int, str]:
    """Puts the pages of a file into `path` and gives their number, or 0 with the reason why it is not shown."""
    if file.held:
        return 0, NOT_SHOWN
    if file.size > LARGEST:
        return 0, "tidak ditampilkan: terlalu besar; lihat berkas aslinya"
    with transaction(engine) as session:
        data = documents.content(session, dossier.office_id, file.id)
    kind = sniff(data)
    try:
        if kind.media_type.startswith("image/"):
            data = shop.ask("picture_page", data)
        elif kind is not FileType.PDF:
            return 0, f"tidak ditampilkan: {kind.label}; lihat berkas aslinya"
        count = shop.page_count(data)
        shop.ask("number_pages", data, 1, count, "")  # what cannot be bound is told before pages are counted
    except Refused as refused:
        return 0, f"tidak ditampilkan: {str(refused).rstrip('.')}"
    path.write_bytes(data)
    return count, f"halaman 000–{count:03}"  # as wide as the number that will stand here


def _volumes(parts: Sequence[tuple[Path, str]]) -> list[list[tuple[Path, str]]]:
    """The parts in runs that are small enough to be bound at once."""
    volumes: list[list[tuple[Path, str]]] = []
    size = 0
    for path, title in parts:
        own = path.stat().st_size
        if not volumes or size + own > VOLUME:
            volumes.append([])
            size = 0
        volumes[-1].append((path, title))
        size += own
    return volumes


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            yield piece
