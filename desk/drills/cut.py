"""`desk drill cut`: the line breaks before and after COMMIT, and every deed is there once (bar B2)."""

from __future__ import annotations

import random

from desk.drills.answers import LIFE
from desk.drills.crew import Crew, compare
from desk.drills.lines import CuttingProxy
from desk.drills.office import DrillServer
from desk.drills.report import Report
from desk.drills.seats import Seat

FULL = 200
"""Cuts, in one and a half times as many deeds."""

_WORKSTATIONS = 4
_OF_A_CASE = len(LIFE) + 1


def drill(server: DrillServer, injections: int) -> Report:
    """Cuts so many lines, half of them before COMMIT, half between COMMIT and its answer."""
    report = Report("cut", injections)
    chance = random.Random(injections)  # noqa: S311 - a drill that can be repeated
    cases = max(1, -(-injections * 3 // 2 // (_WORKSTATIONS * _OF_A_CASE)))
    deeds = cases * _WORKSTATIONS * _OF_A_CASE
    plan = [*(["before", "after"] * injections)[:injections], *["pass"] * (deeds // 2)]
    chance.shuffle(plan)
    with server.office() as office, CuttingProxy(office.url) as proxy, Crew(office) as crew:
        proxy.cuts = plan

        def over_the_line(name: str) -> Seat:
            return office.seat(name, through=proxy.url)

        for number in range(_WORKSTATIONS):
            crew.serve(number, seats=over_the_line, cases=cases)
        crew.finish()
        report.blame(crew.ended_badly())
        told = crew.told()
        report.blame(f"told as failed: {line['told']}" for line in told)
        done = crew.done()
        faults, figures = compare(office, done)
        report.blame(faults)
        report.expect(len(done) == deeds, f"{len(done)} of {deeds} deeds acknowledged")
        report.expect(figures["deeds"] == deeds, f"{figures['deeds']} deeds recorded instead of {deeds}")
        report.blame(office.broken_series())
        report.blame(office.findings())
        cuts = {kind: proxy.done.count(kind) for kind in ("before", "after")}
        report.expect(sum(cuts.values()) == injections, f"only {cuts} cuts")
        report.figures |= {**figures, "cut_before_commit": cuts["before"], "cut_after_commit": cuts["after"]}
        report.figures["told_failed"] = len(told)
    return report
