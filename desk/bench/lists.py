"""The first list: read and shown, at sizes that must not matter."""

from __future__ import annotations

from functools import partial

from sqlalchemy import text

from desk.adapters.database import reading
from desk.bench.figures import Figure, measured
from desk.bench.office import OFFICE, BenchOffice, bench_office
from desk.commands import screen
from desk.rules.desks import Desk
from desk.services.queues import QueueRow, queue_counts, queue_rows
from desk.services.search import search

_SIZES = (1_000, 10_000, 100_000)


def measure() -> list[Figure]:
    """Queue, counts, fill and search with 200 open cases among more and more closed ones."""
    screen.draw_nowhere()
    figures: list[Figure] = []
    with bench_office() as office:
        for size in _SIZES:
            office.close_open_cases()
            office.grow(size)
            figures += _at_size(office, size)
    return figures


def _at_size(office: BenchOffice, size: int) -> list[Figure]:
    engine = office.engine_of("ukur_petugas")
    among = f"200 open among {size:,} cases".replace(",", ".")
    with engine.connect() as connection:
        raw = measured(
            f"raw SQL: the same 200 rows, {among}",
            lambda: connection.execute(
                text(
                    "SELECT * FROM desk.cases WHERE office_id = :office AND officer_queue = 'offer' "
                    "ORDER BY due_on LIMIT 1000"
                ),
                {"office": OFFICE},
            ).all(),
        )
        connection.rollback()
    with reading(engine) as session:
        rows: list[QueueRow] = queue_rows(session, [OFFICE], Desk.OFFICER, None)
        read = measured(
            f"queue read, {among}",
            lambda: queue_rows(session, [OFFICE], Desk.OFFICER, None),
            aim="< 30 ms with fill",
            raw=raw.median,
        )
        counted = measured(f"queue counts, {among}", lambda: queue_counts(session, [OFFICE]), raw=raw.median)
        number = measured(
            f"search by number, {among}",
            lambda: search(session, [OFFICE], "PST-1600-2026-000500"),
            aim="< 10 ms",
        )
        named = measured(
            f"search by name, {among}", lambda: search(session, [OFFICE], "pengguna contoh 77"), aim="< 50 ms"
        )
    engine.dispose()
    return [raw, read, counted, _fill(rows, among), number, named]


def _fill(rows: list[QueueRow], among: str) -> Figure:
    """The rows put into the list and painted once."""
    from datetime import date

    from PySide6.QtWidgets import QApplication

    from desk.ui.case_columns import queue_columns
    from desk.ui.list_view import ListView
    from desk.ui.table import TableModel

    running = QApplication.instance() or QApplication([])
    assert running is not None
    model: TableModel[QueueRow] = TableModel(queue_columns(date.today, lambda: False))
    view = ListView("antrean")
    view.setModel(model)
    view.resize(744, 660)
    view.show()

    def work(shown: list[QueueRow]) -> None:
        model.show([])
        model.show(shown)
        view.grab()

    return measured(f"table filled and painted, {among}", partial(work, rows))
