"""`desk drill`: faults on purpose, in a throw-away office, and proof that nothing was lost, doubled or left unseen.

Each drill works on private servers of its own, hurts only processes that it started, and ends with the doctor's
questions. What must hold, and the full number of faults, stand in each module; all together take less than ten minutes
on two cores.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from desk.errors import Refused

if TYPE_CHECKING:
    from desk.drills.office import DrillServer
    from desk.drills.report import Report, Size

DRILLS: Mapping[str, str] = {
    "kill": "desk.drills.kill",
    "cut": "desk.drills.cut",
    "doubleclick": "desk.drills.doubleclick",
    "lostupdate": "desk.drills.lostupdate",
    "tamper": "desk.drills.tamper",
    "listener": "desk.drills.listener",
    "hang": "desk.drills.hang",
    "failover": "desk.drills.failover",
    "mutants": "desk.drills.mutants",
}
"""The drills in the order in which they run; each module has `FULL`, its number of faults, and `drill()`."""

ALONE = frozenset({"failover"})
"""Drills that start their own servers; the others share one and have a database each."""


def run(names: Sequence[str], size: Size, *, as_json: bool = False, say: Callable[[str], None] = print) -> bool:
    """Runs these drills one after the other and says the figures of each; tells whether all passed."""
    if unknown := [name for name in names if name not in DRILLS]:
        raise Refused(f"Latihan gangguan “{', '.join(unknown)}” tidak ada. Pilih dari: {', '.join(DRILLS)}.")
    passed = True
    with contextlib.ExitStack() as leaving:
        server: DrillServer | None = None
        for name in names:
            if server is None and name not in ALONE:
                from desk.drills.office import drill_server

                server = leaving.enter_context(drill_server())
            report = one(name, size, server)
            say(report.as_json() if as_json else report.as_text())
            passed = passed and report.passed
    return passed


def one(name: str, size: Size, server: DrillServer | None) -> Report:
    """Runs one drill; `server` may be missing for those that start their own."""
    module = import_module(DRILLS[name])
    injections = size.of(module.FULL)
    begun = time.monotonic()
    report: Report = module.drill(injections) if name in ALONE else module.drill(server, injections)
    report.seconds = time.monotonic() - begun
    return report
