"""`desk drill kill`: workstations and server processes are killed while numbers are issued (bar B1).

Every fifth kill takes a process of the server, which then recovers as after a crash; the others take a workstation,
whose successor asks its last deed again with the key of the draft.
"""

from __future__ import annotations

import contextlib
import random
import time

import psutil
from sqlalchemy.exc import SQLAlchemyError

from desk.drills.crew import Crew, Workstation, compare
from desk.drills.office import DrillOffice, DrillServer
from desk.drills.report import Report

FULL = 66
"""Kills; 4,000 numbers are issued meanwhile."""

_NUMBERS_PER_KILL = 61
_SERVER_EVERY = 5
_WORKSTATIONS = 6
_NUMBERED = frozenset({"register_case", "issue_invoice", "issue_receipt"})
_SECONDS = 600.0
_BACKENDS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' "
    "AND usename LIKE 'uji%' AND pid <> pg_backend_pid()"
)


def drill(server: DrillServer, injections: int, *, numbers: int | None = None) -> Report:
    """Kills so often, evenly over the issuing of 61 numbers per kill; then everything must be there, once."""
    report = Report("kill", injections)
    wanted = numbers if numbers is not None else injections * _NUMBERS_PER_KILL
    chance = random.Random(injections)  # noqa: S311 - a drill that can be repeated
    killed = {"clients": 0, "server": 0}
    with server.office() as office, Crew(office) as crew:
        for number in range(_WORKSTATIONS):
            crew.serve(number)
        for kill in range(injections):
            _wait(crew, (kill + 1) * wanted // (injections + 1))
            if kill % _SERVER_EVERY == _SERVER_EVERY - 1 or (injections < _SERVER_EVERY and kill == injections - 1):
                killed["server"] += _kill_backend(office, chance)
            else:
                victim = chance.choice(crew.at_work)
                killed["clients"] += 1
                _replace(crew, victim)
        _wait(crew, wanted)
        crew.stop.set()
        crew.finish()
        report.blame(crew.ended_badly())
        report.blame(f"told: {line['told']}" for line in crew.told())
        faults, figures = compare(office, crew.done())
        report.blame(faults)
        report.blame(office.broken_series())
        report.blame(office.findings())
        given = office.numbers()
        report.figures |= {
            "client_kills": killed["clients"],
            "server_kills": killed["server"],
            "numbers": sum(given.values()),
            "gaps_or_duplicates": len(office.broken_series()),
            **figures,
        }
        report.expect(sum(killed.values()) == injections, f"only {killed} kills")
        report.expect(sum(given.values()) >= wanted, f"only {given} numbers")
    return report


def _replace(crew: Crew, victim: Workstation) -> None:
    """Somebody sits down at the place of a killed workstation and takes up its draft."""
    crew.serve(victim.number, draft=crew.kill(victim))


def _kill_backend(office: DrillOffice, chance: random.Random) -> int:
    """Kills a process of the server that works for a person; the server then starts all of them anew."""
    for _ in range(200):
        pids = [row["pid"] for row in office.rows(_BACKENDS)]
        with contextlib.suppress(psutil.Error, SQLAlchemyError, IndexError):
            psutil.Process(chance.choice(pids)).kill()
            return 1
        time.sleep(0.05)
    return 0


def _wait(crew: Crew, numbers: int) -> None:
    """Waits until so many numbers were acknowledged; an invoice brings its SPPD."""
    end = time.monotonic() + _SECONDS
    while _issued(crew) < numbers and time.monotonic() < end and any(each.process.is_alive() for each in crew.at_work):
        time.sleep(0.02)


def _issued(crew: Crew) -> int:
    actions = [line["action"] for line in crew.lines() if "done" in line]
    return sum(1 for action in actions if action in _NUMBERED) + actions.count("issue_invoice")
