"""`desk drill failover`: the server dies, the standby takes over, and nothing that was acknowledged is lost (B4, B5).

Eight workstations find the new server by themselves and ask what was under way again with its key. Every other time
the line to the standby is too slow for half a second before the crash. At the end the same happens to a pair that
copies asynchronously: there something is lost, and the program has said at its start that it may be.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from sqlalchemy import URL

from desk.adapters.database import reading
from desk.drills.crew import Crew, compare, patiently
from desk.drills.office import DrillOffice, furnish
from desk.drills.report import Report
from desk.drills.seats import Seat
from desk.drills.standby import Pair, pair
from desk.services.coming_in import came_in

FULL = 10
"""Failovers; the workstations do some 250 deeds between two of them."""

_DATABASE = "gagal_alih"
_WORKSTATIONS = 8
_DEEDS_BETWEEN = 250
_SLOW_SECONDS = 0.5
_BAR_SECONDS = 5.0
_SECONDS = 180.0


def drill(injections: int, *, deeds_between: int = _DEEDS_BETWEEN, workstations: int = _WORKSTATIONS) -> Report:
    """Fails over so often under work, then once without synchronous copying."""
    report = Report("failover", injections)
    folder = Path(tempfile.mkdtemp(prefix="meja-pst-standby-"))
    folder.chmod(0o711)  # the account that runs the servers passes through
    try:
        with pair(folder) as servers:
            servers.start()
            passwords = furnish(servers.primary.url(), _DATABASE)
            office = _Office(servers, passwords)
            servers.attach()
            report.expect(not _warned(office), "the program warns although every commit is copied")
            _synchronous(servers, office, report, injections, deeds_between, workstations)
            _standby_away(servers, office, report)
            _asynchronous(servers, office, report, deeds_between, workstations)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return report


class _Office(DrillOffice):
    """The office on whichever server is written to; people reach it by the address that names both."""

    def __init__(self, servers: Pair, passwords: dict[str, str]) -> None:
        self._servers = servers
        self.passwords = passwords

    @property
    def url(self) -> URL:  # type: ignore[override]
        """As the owner, at the server that is written to now."""
        return self._servers.primary.url(_DATABASE)

    def seat(self, name: str, *, through: URL | None = None) -> Seat:
        return super().seat(name, through=through or self._servers.address(_DATABASE))


def _synchronous(
    servers: Pair, office: _Office, report: Report, failovers: int, deeds_between: int, workstations: int
) -> None:
    waits: list[float] = []
    with Crew(office) as crew:
        for number in range(workstations):
            crew.serve(number)
        for turn in range(failovers):
            if turn:
                servers.attach()
            enough = len(crew.done()) + deeds_between
            report.expect(
                patiently(lambda e=enough: len(crew.done()) >= e, _SECONDS),  # type: ignore[misc]
                f"only {len(crew.done())} deeds before failover {turn + 1}",
            )
            servers.crash(slow_for=0.0 if turn % 2 else _SLOW_SECONDS)
            taken = servers.take_over()
            patiently(lambda t=taken: len(_first_after(crew, t)) == workstations, _SECONDS)  # type: ignore[misc]
            first = _first_after(crew, taken)
            report.expect(len(first) == workstations, f"{workstations - len(first)} workstations did not come back")
            waits += [moment - taken for moment in first]
        crew.stop.set()
        crew.finish()
        report.blame(crew.ended_badly())
        report.blame(f"told: {line['told']}" for line in crew.told())
        done = crew.done()
    faults, figures = compare(office, done)
    twice = len(done) - len(set(zip(done, done.values(), strict=True)))
    report.blame(faults)
    report.blame(office.broken_series())
    report.blame(office.findings())
    report.figures |= {
        "workstations": workstations,
        **figures,
        "numbers": sum(office.numbers().values()),
        "numbers_twice": twice + len(office.broken_series()),
        "longest_wait_after_promotion_seconds": round(max(waits), 2),
    }
    report.expect(max(waits) < _BAR_SECONDS, f"somebody waited {max(waits):.1f} s after the promotion")


def _first_after(crew: Crew, moment: float) -> list[float]:
    """For each workstation the moment of its first answer after this one, where there is one."""
    firsts = []
    for workstation in crew.at_work:
        ended = [line["ended"] for line in workstation.note.update() if line.get("ended", 0) > moment]
        firsts += ended[:1]
    return firsts


def _standby_away(servers: Pair, office: _Office, report: Report) -> None:
    """Without its standby nothing is acknowledged, not even when the administrator cancels the waiting."""
    servers.attach()
    servers.standby.kill()
    with Crew(office) as crew:
        crew.serve(0, cases=1, steps=0)
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        waits = patiently(lambda: bool(servers.primary.say(waiting)), 30)
        cancel = "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        servers.primary.say(cancel)
        time.sleep(1.0)
        early = len(crew.done())
        servers.standby.start()
        crew.finish()
        late = crew.done()
        report.blame(crew.ended_badly())
    report.expect(waits, "nothing waited for the standby that is away")
    report.expect(early == 0, "a deed was acknowledged that stood on one server only")
    report.expect(len(late) == 1, "the deed was not acknowledged when the standby was back")
    report.blame(compare(office, late)[0])
    report.figures["acknowledged_without_standby"] = early


def _asynchronous(servers: Pair, office: _Office, report: Report, deeds: int, workstations: int) -> None:
    """The same crash where commits do not wait: what is lost there is counted, and was announced."""
    patiently(lambda: servers.primary.is_copied(synchronous=True), 30)
    servers.primary.be_copied("")
    warned = patiently(lambda: bool(_warned(office)), 10)
    report.expect(warned, "the program does not warn although receipts may be lost")
    with Crew(office) as crew:
        for number in range(workstations):
            crew.serve(number)
        patiently(lambda: len(crew.done()) >= deeds // 2, _SECONDS)
        servers.crash(slow_for=_SLOW_SECONDS)
        for workstation in list(crew.at_work):
            crew.kill(workstation)
        servers.take_over()
        acknowledged = crew.done()
    _, figures = compare(office, acknowledged)
    report.figures |= {"asynchronous_lost": figures["lost"], "asynchronous_warned": warned}
    report.expect(figures["lost"] > 0, "nothing was lost without synchronous copying: this drill would see no loss")


def _warned(office: _Office) -> str:
    """What the program says to the treasurer when she comes in."""
    engine = office.engine("budi")
    try:
        with reading(engine) as session:
            return came_in(session).warning
    finally:
        engine.dispose()
