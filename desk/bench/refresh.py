"""A click on one workstation until the row has changed on another one."""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID

from desk.bench.figures import Figure, of_times
from desk.bench.office import OFFICE, BenchOffice, bench_office
from desk.commands import screen

_RUNS = 25
_PATIENCE_MS = 10_000


def measure() -> list[Figure]:
    """Two real windows of two people on one database: one issues invoices, the other one watches the list."""
    screen.draw_nowhere()
    with bench_office() as office:
        office.grow(1_000)
        return [_watch(office)]


def _watch(office: BenchOffice) -> Figure:
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from desk.actions import ACTIONS
    from desk.adapters.database import transaction
    from desk.rules.case import Stage
    from desk.services.case_file import facts
    from desk.ui.app import make_application
    from desk.ui.entering import enter
    from desk.ui.main_window import MainWindow
    from desk.ui.workstation import Workstation

    if QApplication.instance() is None:
        make_application([])
    stations = []
    for login in ("ukur_petugas", "ukur_petugas_dua"):
        entered = enter(office.url_of(login))
        stations.append(Workstation(entered.link, entered.actor, entered.offices, now=entered.now))
    near, far = (MainWindow(station) for station in stations)
    for station, window in zip(stations, (near, far), strict=True):
        window.show()
        station.start()
    loop = QEventLoop()

    def wait_for(reached: Callable[[], bool]) -> None:
        """Turns until it is so; the timer only looks, the windows do the work."""
        if reached():
            return
        look, end = QTimer(interval=1), QTimer(singleShot=True, interval=_PATIENCE_MS)
        look.timeout.connect(lambda: loop.quit() if reached() else None)
        end.timeout.connect(loop.quit)
        look.start()
        end.start()
        loop.exec()
        look.stop()
        if not reached():
            raise TimeoutError("the other workstation did not hear of it")

    def rows_of(window: MainWindow) -> dict[UUID, Stage]:
        return {row.id: row.stage for row in window.queue.list.table.live_rows}

    wait_for(lambda: len(rows_of(near)) > _RUNS and len(rows_of(far)) > _RUNS)
    chosen = list(rows_of(far))[: _RUNS + 2]
    action = ACTIONS["issue_invoice"]
    times = []
    with office.owner.connect():
        engine = office.engine_of("ukur_petugas")
        for case_id in chosen:
            with transaction(engine) as session:
                case = facts(session, OFFICE, case_id)
            begun = time.perf_counter()
            stations[0].perform(near, action, case, None, lambda _done: None)
            wait_for(lambda case_id=case_id: rows_of(far).get(case_id) is Stage.ACTIVE)  # type: ignore[misc]
            times.append((time.perf_counter() - begun) * 1000)
        engine.dispose()
    for station, window in zip(stations, (near, far), strict=True):
        window.close()
        station.close()
    return of_times("click to refreshed row on another workstation", times[2:], aim="< 250 ms, 100 of it deliberate")
