"""`desk drill listener`: the listener of a workstation is killed again and again, and no change is missed (bar B12)."""

from __future__ import annotations

import threading
import time

from sqlalchemy import make_url

from desk.adapters.listening import Change, Line, listen
from desk.drills.crew import Crew, patiently
from desk.drills.office import DrillOffice, DrillServer
from desk.drills.report import Report
from desk.drills.seats import OFFICE

FULL = 13
"""Kills, in ten seconds, while others work."""

_EVERY_SECONDS = 10 / FULL
_WORKSTATIONS = 3
_RIGHT_AGAIN_SECONDS = 2.0
_NAME = "Meja PST (dengar, latihan)"
_KILL = (
    "SELECT count(pg_terminate_backend(pid, 2000)) FROM pg_stat_activity "
    "WHERE application_name = :name AND datname = current_database()"
)
_VERSION = "SELECT coalesce((SELECT version FROM desk.office_clock WHERE office_id = :office), 0)"


class _Ear:
    """The listener of one workstation, in its thread, and what it told."""

    def __init__(self, office: DrillOffice) -> None:
        self.heard: list[int] = []
        self.caught_up: list[float] = []
        self.stop = threading.Event()
        url = make_url(office.seat("hendra").url)
        self.thread = threading.Thread(
            target=listen,
            args=(url, [OFFICE], self.stop, self._changed, lambda: self.caught_up.append(time.monotonic()), self._line),
            kwargs={"application_name": _NAME},
        )

    def _changed(self, changes: list[Change]) -> None:
        self.heard += [change.version for change in changes]

    def _line(self, _line: Line) -> None:
        pass


def drill(server: DrillServer, injections: int) -> Report:
    """Kills the listener so often, one and a third times a second."""
    report = Report("listener", injections)
    kills: list[float] = []
    with server.office() as office, Crew(office) as crew:
        for number in range(_WORKSTATIONS):
            crew.serve(number)
        patiently(lambda: len(crew.done()) >= _WORKSTATIONS, 60)
        ear = _Ear(office)
        ear.thread.start()
        patiently(lambda: bool(ear.caught_up), 30)
        first = ear.heard[0] if ear.heard else office.value(_VERSION, office=OFFICE)
        for _ in range(injections):
            time.sleep(_EVERY_SECONDS)
            if office.value(_KILL, name=_NAME):
                kills.append(time.monotonic())
        crew.stop.set()
        crew.finish()
        report.blame(crew.ended_badly())
        last = office.value(_VERSION, office=OFFICE)
        patiently(lambda: bool(ear.heard) and ear.heard[-1] >= last, 30)
        ear.stop.set()
        ear.thread.join(30)
        report.blame(office.findings())
    begun = min([first, *ear.heard[:1]])
    missed = set(range(begun + 1, last + 1)) - set(ear.heard)
    again = [next((moment for moment in ear.caught_up if moment > kill), kill + 60) - kill for kill in kills]
    report.figures |= {
        "kills": len(kills),
        "changes": len(ear.heard),
        "missed": len(missed),
        "twice_or_out_of_order": sum(1 for a, b in zip(ear.heard, ear.heard[1:], strict=False) if b <= a),
        "slowest_right_again_seconds": round(max(again, default=0.0), 2),
    }
    report.expect(not missed, f"{len(missed)} changes were missed")
    report.expect(ear.heard == sorted(set(ear.heard)), "changes were told twice or out of order")
    report.expect(
        max(again, default=99.0) < _RIGHT_AGAIN_SECONDS, f"right again only after {max(again, default=0):.1f} s"
    )
    report.expect(len(kills) >= injections * 2 // 3, f"only {len(kills)} kills met a listener")
    return report
