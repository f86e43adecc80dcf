"""`desk drill doubleclick`: three clicks at once with one key are one receipt, and all read its number (B3)."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID, uuid4

from desk.drills.answers import LIFE
from desk.drills.crew import PROCESSES, Crew
from desk.drills.office import DrillServer
from desk.drills.report import Report
from desk.drills.seats import OFFICE
from desk.drills.workstations import Draft, click

FULL = 200
_CLICKS = 3
_WORKSTATIONS = 4


def drill(server: DrillServer, injections: int) -> Report:
    """Clicks `Terbitkan kuitansi` three times at once on so many cases, each time from three processes."""
    report = Report("doubleclick", injections)
    with server.office() as office:
        with Crew(office) as preparing:
            each = -(-injections // _WORKSTATIONS)
            for number in range(_WORKSTATIONS):
                preparing.serve(number, cases=each, steps=len(LIFE) - 1)
            preparing.finish()
            report.blame(preparing.ended_badly())
        waiting = office.rows("SELECT id FROM desk.cases WHERE money = 'confirmed' ORDER BY sequence")
        drafts = [Draft(uuid4(), "issue_receipt", UUID(str(row["id"]))) for row in waiting[:injections]]
        with Crew(office) as crew:
            together = PROCESSES.Barrier(_CLICKS)
            for _ in range(_CLICKS):
                crew.start(click, office.seat("budi"), OFFICE, drafts, together, crew.note())
            crew.finish()
            report.blame(crew.ended_badly())
            answers: defaultdict[str, list[str]] = defaultdict(list)
            for line in crew.lines():
                if "asked" not in line:
                    answers[line["key"]].append(line.get("done") or f"told: {line['told']}")
        same = sum(1 for said in answers.values() if len(said) == _CLICKS and len(set(said)) == 1)
        receipts = office.value("SELECT count(*) FROM desk.receipt")
        keys = [str(draft.key) for draft in drafts]
        events = office.value("SELECT count(*) FROM desk.event WHERE id::text = ANY (:keys)", keys=keys)
        report.figures |= {
            "clicks": sum(len(said) for said in answers.values()),
            "receipts": receipts,
            "same_answer": same,
        }
        report.expect(same == len(drafts) == injections, f"only {same} of {injections} got one answer three times")
        report.expect(receipts == events == injections, f"{receipts} receipts, {events} deeds for {injections} cases")
        report.blame(office.broken_series())
        report.blame(office.findings())
    return report
