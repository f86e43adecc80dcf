"""`desk drill lostupdate`: eight clients edit one card and take cases from one queue; nothing is lost or taken twice.

Bars B6 (a third each through the form, an ORM object and a bulk update) and B7 (twice as many cases as updates).
"""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from desk.drills.crew import PROCESSES, Crew
from desk.drills.office import DrillOffice, DrillServer
from desk.drills.races import count_up, take_cases
from desk.drills.report import Report
from desk.drills.seats import OFFICE, OFFICERS

FULL = 400
_CLIENTS = 8
_CASES_PER_UPDATE = 2


def drill(server: DrillServer, injections: int) -> Report:
    """Counts one field up so often, then lets everybody run for the same cases."""
    report = Report("lostupdate", injections)
    with server.office() as office:
        _edits(office, report, injections)
    with server.office() as office:
        _claims(office, report, injections * _CASES_PER_UPDATE)
    return report


def _edits(office: DrillOffice, report: Report, updates: int) -> None:
    with Crew(office) as first:
        first.serve(0, cases=1, steps=3)
        first.finish()
    case = UUID(str(office.value("SELECT id FROM desk.cases")))
    with office.owner() as session:
        session.connection().exec_driver_sql("UPDATE desk.customer SET position = '0'")
    clients = min(_CLIENTS, updates)
    with Crew(office) as crew:
        ready = PROCESSES.Barrier(clients)
        for number in range(clients):
            turns = updates // clients + (number < updates % clients)
            seat = office.seat(OFFICERS[number % len(OFFICERS)])
            crew.start(count_up, seat, OFFICE, case, turns, ready, crew.note())
        crew.finish()
        report.blame(crew.ended_badly())
        done = Counter(line["action"] for line in crew.lines() if "done" in line)
        again = len(crew.told())
    final = int(office.value("SELECT position FROM desk.customer"))
    report.figures |= {"updates": done.total(), "final": final, "asked_again": again, "ways": dict(done)}
    report.expect(done.total() == updates, f"{done.total()} of {updates} updates done")
    report.expect(final == updates, f"{updates - final} updates lost")
    report.blame(office.findings())


def _claims(office: DrillOffice, report: Report, cases: int) -> None:
    with Crew(office) as preparing:
        for number in range(2):
            preparing.serve(number, cases=cases // 2, steps=0)
        preparing.finish()
    with Crew(office) as crew:
        ready = PROCESSES.Barrier(_CLIENTS)
        for number in range(_CLIENTS):
            crew.start(take_cases, office.seat(OFFICERS[number % len(OFFICERS)]), OFFICE, number, ready, crew.note())
        crew.finish()
        report.blame(crew.ended_badly())
        taken = Counter(line["case"] for line in crew.lines() if "done" in line)
        conflicts = len(crew.told())
    twice = sum(1 for times in taken.values() if times > 1)
    moved = office.value("SELECT count(*) FROM desk.event WHERE action = 'redirect_case'")
    report.figures |= {"cases": cases, "taken": len(taken), "taken_twice": twice, "too_late": conflicts}
    report.expect(len(taken) == cases // 2 * 2 == moved, f"{len(taken)} of {cases} cases taken, {moved} deeds")
    report.expect(twice == 0, f"{twice} cases taken twice")
    report.blame(office.broken_series())
    report.blame(office.findings())
