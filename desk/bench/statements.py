"""The treasurer's figures: bank files into the database, money against open invoices, and how right matching is."""

from __future__ import annotations

import tempfile
import tracemalloc
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

from desk.adapters.database import transaction
from desk.bench.figures import Figure, of_times, timed
from desk.bench.office import OFFICE, BenchOffice, bench_office
from desk.checks.statements import matching_quality
from desk.demo.bank_file import Movement, bank_file
from desk.errors import Refused
from desk.rules.matching import InvoiceIndex, OpenInvoice, match
from desk.services import statements

_ACCOUNT = "009901000123304"
_FIRST_DAY = date(2025, 1, 1)
_SIZES = ((10_000, 3), (200_000, 1))
_LINES, _INVOICES = 10_000, 5_000


def measure() -> list[Figure]:
    """Import of small and large files, matching, and its quality on the samples."""
    figures: list[Figure] = []
    with bench_office() as office, tempfile.TemporaryDirectory(prefix="meja-pst-ukur-") as folder:
        for count, runs in _SIZES:
            figures += _imports(office, Path(folder), count, runs)
    figures.append(_matching())
    return [*figures, *_quality()]


def _imports(office: BenchOffice, folder: Path, count: int, runs: int) -> list[Figure]:
    engine = office.engine_of("ukur_bendahara")
    reading, storing = [], []
    for run in range(runs):
        number = f"{_ACCOUNT}{count}{run}"
        path = bank_file(folder / "mutasi.csv", movements(count), account=number)
        with transaction(engine) as session:
            account = statements.add_account(session, OFFICE, number=number)
        reading.append(timed(partial(statements.read_file, path)))
        storing.append(timed(partial(_store, engine, account, path)))
    engine.dispose()
    return [
        of_times(f"read a bank file of {count:,} lines", reading),
        of_times(f"import {count:,} lines, read twice", storing, note=f"peak {_peak(path):.0f} MB while reading"),
    ]


def _store(engine: object, account: UUID, path: Path) -> None:
    read = statements.read_file(path)
    with transaction(engine) as session:  # type: ignore[arg-type]
        statements.import_file(session, OFFICE, account, read, key=uuid4())


def _peak(path: Path) -> float:
    """Megabytes of Python objects at the peak of reading; measured apart, for counting slows the reading down."""
    tracemalloc.start()
    statements.read_file(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1_000_000


def movements(count: int) -> list[Movement]:
    """A year of an account: every fifth movement is a charge, the others carry a code."""
    return [
        (
            _FIRST_DAY + timedelta(days=at * 365 // count),
            -2_500 if at % 5 == 4 else 20_000 + at % 977 * 100,
            "BIAYA TRANSFER BI-FAST" if at % 5 == 4 else f"IBNK CONTOH {at % 4000} TO BPS INV-1600-25-{at % 5000:04}",
        )
        for at in range(count)
    ]


def _matching() -> Figure:
    from desk.rules.statement import StatementLine

    invoices = [
        OpenInvoice(
            f"INV-1600-25-{at:04}",
            (f"INV-1600-25-{at:04}",),
            20_000 + at % 977 * 100,
            (f"Contoh {at % 4000}", f"Universitas Contoh {at % 97}"),
            _FIRST_DAY,
            _FIRST_DAY + timedelta(days=365),
        )
        for at in range(_INVOICES)
    ]
    lines = [
        StatementLine(no, day, amount * 100, words) for no, (day, amount, words) in enumerate(movements(_LINES), 1)
    ]
    times = [timed(lambda: match(lines, InvoiceIndex(invoices))) for _ in range(5)]
    return of_times(f"match {_LINES:,} lines against {_INVOICES:,} open invoices", times[1:], aim="< 2000 ms")


def _quality() -> list[Figure]:
    """Precision and recall per class on the sample statements; wrong certain ones must be none."""
    try:
        quality = matching_quality()
    except Refused:
        return []  # an installed program has no samples
    figures = [
        Figure(f"matching, {name}: {what}", found[what], found[what], found[what], "", quality["lines"])
        for name, found in quality["classes"].items()
        for what in ("precision", "recall")
        if found[what] is not None
    ]
    wrong = float(quality["wrong_certain"])
    return [*figures, Figure("matching, wrong among certain", wrong, wrong, wrong, "", quality["lines"], "0")]
