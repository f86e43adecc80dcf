"""Each drill at a tenth of its size or less: nothing is lost or doubled; and a drill that sees a loss says so."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from sqlalchemy import text

from desk import drills
from desk.drills import kill
from desk.drills.crew import Crew, compare
from desk.drills.office import DrillServer, drill_server
from desk.drills.pauses import Pauses
from desk.drills.report import Report, Size
from desk.drills.vanishing import Felt
from desk.errors import Refused

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


@pytest.fixture(scope="module")
def server() -> Iterator[DrillServer]:
    """One private server for all drills of this file; each has a database of its own."""
    with drill_server() as started:
        yield started


def passed(report: Report) -> Report:
    assert report.faults == [], report.as_text()
    return report


@pytest.mark.parametrize(("name", "size"), [("cut", "0.1"), ("doubleclick", "0.1"), ("lostupdate", "0.1")])
def test_a_drill_finds_nothing_lost_or_doubled(server: DrillServer, name: str, size: str) -> None:
    report = passed(drills.one(name, Size.read(size), server))
    line = json.loads(report.as_json())
    assert line["drill"] == name
    assert line["passed"] is True
    assert line["injections"] > 0


def test_killed_workstations_and_a_killed_server_lose_no_number(server: DrillServer) -> None:
    report = passed(kill.drill(server, 4, numbers=120))
    assert report.figures["client_kills"] == 3
    assert report.figures["server_kills"] == 1


def test_six_attacks_on_the_log_are_found_by_the_auditor(server: DrillServer) -> None:
    report = passed(drills.one("tamper", Size.read("0.05"), server))
    assert report.figures["attacks_found"] == 6
    assert report.figures["blocks_meanwhile"] > 0


def test_a_listener_that_is_killed_misses_nothing(server: DrillServer) -> None:
    report = passed(drills.one("listener", Size.read("3"), server))
    assert report.figures["kills"] == 3
    assert report.figures["missed"] == 0


def test_a_frozen_pc_does_not_hold_the_counter_for_long(server: DrillServer) -> None:
    report = passed(drills.one("hang", Size.read("1"), server))
    assert report.figures["ended_by_watchdog"] == 1
    assert report.figures["window_said_seconds"].keys() == {"the cable is out"}, "a window met it as well"


def test_a_window_that_stands_still_or_says_nothing_fails_the_drill() -> None:
    report = Report("hang", 1)
    Felt(control_ms=30.0, longest_ms=99.0, said_seconds={"the cable is out": 5.3}).enter_in(report)
    assert report.passed
    Felt(control_ms=70.0, longest_ms=120.0).enter_in(report)
    assert report.passed, "the machine was as slow before anything was wrong"
    Felt(control_ms=30.0, longest_ms=120.0, said_seconds={"the cable is out": 8.0}).enter_in(report)
    assert report.faults == [
        "the cable is out: the window was silent for 8.0 s",
        "the window stood still for 120 ms",
    ]


def test_a_sleeping_window_is_noticed(qapp: QApplication) -> None:
    loop = QEventLoop()
    with Pauses(qapp) as pauses:
        QTimer.singleShot(30, lambda: time.sleep(0.25))
        QTimer.singleShot(60, loop.quit)
        loop.exec()
    assert pauses.longest_ms > 200


def test_a_lost_number_and_a_lost_deed_are_told(server: DrillServer) -> None:
    with server.office() as office:
        with Crew(office) as crew:
            crew.serve(0, cases=2)
            crew.finish()
            done = crew.done()
        assert compare(office, done)[0] == []
        assert office.broken_series() == []
        with office.owner() as session:
            session.execute(text("SET LOCAL session_replication_role = replica"))
            session.execute(text("DELETE FROM desk.receipt WHERE sequence = 1"))
            session.execute(text("DELETE FROM desk.event WHERE action = 'issue_receipt'"))
        faults, figures = compare(office, done)
        assert figures["lost"] == 2
        assert all("acknowledged but missing: Kuitansi" in fault for fault in faults)
        assert [fault.split(":")[0] for fault in office.broken_series()] == ["series receipt"]
        assert any("number_gap" in finding for finding in office.findings())


def test_a_report_with_a_fault_has_not_passed() -> None:
    report = Report("cut", 200, {"lost": 1})
    report.expect(False, "1 deed lost")
    assert not report.passed
    assert "GAGAL" in report.as_text()
    assert json.loads(report.as_json())["faults"] == ["1 deed lost"]


@pytest.mark.parametrize(
    ("written", "injections"), [("0.1", 20), ("1/10", 20), ("1.0", 200), ("7", 7), ("0.001", 1), (".5", 100)]
)
def test_the_size_of_a_drill_is_a_fraction_or_a_number(written: str, injections: int) -> None:
    assert Size.read(written).of(200) == injections


@pytest.mark.parametrize("written", ["0", "2.5", "-1", "banyak", "3/2", "1/0"])
def test_any_other_size_is_refused_with_a_sentence(written: str) -> None:
    with pytest.raises(Refused, match="Ukuran"):
        Size.read(written)
