"""The server dies, the standby takes over; and the program says where a crash could lose what was acknowledged."""

from __future__ import annotations

from desk.adapters.database import NotSafeYet, OutcomeUnknown
from desk.drills import failover


def test_a_failover_loses_nothing_that_both_servers_had() -> None:
    report = failover.drill(1, deeds_between=24, workstations=3)
    assert report.faults == [], report.as_text()
    assert report.figures["acknowledged_without_standby"] == 0
    assert report.figures["asynchronous_lost"] > 0
    assert report.figures["asynchronous_warned"] is True


def test_what_only_one_server_has_is_told_as_not_certain() -> None:
    told = NotSafeYet(None)
    assert isinstance(told, OutcomeUnknown)
    assert "belum tersalin ke server kedua" in str(told)
