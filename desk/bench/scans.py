"""A stack of 200 scanned sheets, and the way from a scanned code to its case."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import psutil

from desk.adapters.database import reading
from desk.adapters.paper import PaperShop
from desk.adapters.scans import ScanReader
from desk.bench.deeds import do
from desk.bench.figures import Figure, measured, of_times
from desk.bench.office import OFFICE, bench_office
from desk.commands import screen
from desk.rules.codes import PaperCode, encode
from desk.rules.papers import PaperKind
from desk.services import case_file, mail_table

_PAGES = 200
_SETTLED = 20
"""Pages after which the memory of the child counts as settled."""


def measure() -> list[Figure]:
    """Pages per second and memory of a stack; lookup of a code with everything its case shows."""
    screen.draw_nowhere()
    return [*_stack(), _code_to_case()]


def _stack() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="meja-pst-") as folder:
        path = Path(folder) / "tumpukan.pdf"
        _write_stack(path)
        times: list[float] = []
        memory: list[float] = []
        with ScanReader() as reader:
            stack = reader.open(path)
            child = psutil.Process(reader.process_id)
            begun = time.perf_counter()
            for page in stack.read():
                assert not page.trouble, page.trouble
                times.append((time.perf_counter() - begun) * 1000)
                memory.append(child.memory_info().rss / 1024 / 1024)
                begun = time.perf_counter()
    whole = sum(times) / 1000
    settled = memory[_SETTLED]
    return [
        of_times(f"read one page of a stack of {_PAGES}, every third with a code", times),
        Figure(f"stack of {_PAGES} pages", _PAGES / whole, _PAGES / whole, _PAGES / whole, "p/s"),
        Figure(
            f"memory of the child from page {_SETTLED} to {_PAGES}",
            max(memory[_SETTLED:]) - settled, min(memory[_SETTLED:]) - settled, max(memory) - settled, "MB",
            aim="flat", note=f"{settled:.0f} MB then",
        ),
    ]  # fmt: skip


def _write_stack(path: Path) -> None:
    """Sheets of an SPPD as a scanner makes them: pictures of 150 dots per inch, the first of three with its code."""
    from PySide6.QtCore import QMarginsF, QRectF
    from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter

    from desk.adapters.paper.work import start_qt
    from desk.bench.papers import example

    shop = PaperShop()
    try:
        paper = example(shop, PaperKind.SPPD, 35)
        sheets = [QImage.fromData(shop.preview(paper.pdf, number, 150)) for number in range(1, paper.pages + 1)]
    finally:
        shop.close()
    start_qt()
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter(writer)
    for number in range(_PAGES):
        if number:
            writer.newPage()
        painter.drawImage(QRectF(0, 0, writer.width(), writer.height()), sheets[number % len(sheets)])
    painter.end()


def _code_to_case() -> Figure:
    with bench_office() as office:
        office.grow(10_000)
        engine, actor = office.engine_of("ukur_petugas"), office.actor("ukur_petugas")
        with office.owner.connect() as connection:
            case = connection.exec_driver_sql(
                "SELECT id FROM desk.cases WHERE officer_queue = 'offer' LIMIT 1"
            ).scalar()
        assert case is not None
        do(engine, actor, "issue_invoice", case)
        with reading(engine) as session:
            known = case_file.facts(session, OFFICE, case).agreement
            assert known is not None
            code = encode(PaperCode(PaperKind.SPPD, str(OFFICE), known.year, known.sequence))

            def scan() -> None:
                letter = mail_table.letter_of(session, (OFFICE,), code)
                case_file.case_view(session, letter.case.office_id, letter.case.id)

            return measured("scanned code to its case as shown, 10.000 cases", scan, aim="< 100 ms")
