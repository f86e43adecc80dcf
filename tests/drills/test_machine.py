"""People do what they like, a model knows what may come of it, and every broken guard is noticed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import TypeVar
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk.drills import mutants
from desk.drills.attempts import ATTEMPTS
from desk.drills.machine import Machine
from desk.drills.model import STEPS, CaseModel
from desk.drills.mutants import FAULTS, Fault, found_in, plant
from desk.drills.office import DrillOffice, DrillServer, drill_server

T = TypeVar("T")


@pytest.fixture(scope="module")
def server() -> Iterator[DrillServer]:
    """A private server whose copies may be broken."""
    with drill_server() as started:
        yield started


@settings(
    max_examples=3, deadline=None, database=None, suppress_health_check=list(HealthCheck), report_multiple_bugs=False
)
@given(data=st.data())
def test_what_people_do_is_what_the_model_says(server: DrillServer, data: st.DataObject) -> None:
    def choose(options: Sequence[T]) -> T:
        return data.draw(st.sampled_from(options))

    with server.office() as office, Machine(office, choose) as machine:
        machine.run(25)


def test_a_long_history_comes_to_the_end_of_cases_and_tries_everything(server: DrillServer) -> None:
    with server.office() as office, Machine(office, random.Random(7).choice) as machine:
        machine.run(60)
        ended = [case for case in machine.cases if case.tracks["stage"] == "closed"]
        assert ended
        assert ended[0].done >= STEPS.keys() - {"reject_proof", "void_receipt", "reverse_payment"}
        assert office.findings() == []


@pytest.mark.parametrize("fault", FAULTS[::4], ids=lambda fault: fault.name)
def test_a_broken_guard_is_noticed(server: DrillServer, fault: Fault) -> None:
    with server.office() as office:
        plant(office, fault)
        assert found_in(office) is not None


def test_a_fault_that_nobody_notices_fails_the_drill(server: DrillServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def blind(_office: DrillOffice, _steps: int = 0, *, seed: int = 0) -> None:
        return None

    monkeypatch.setattr(mutants, "found_in", blind)
    report = mutants.drill(server, 1)
    assert report.faults == [f"not found: {FAULTS[0].name}"]
    assert report.figures["score"] == 0


def test_every_fault_can_be_planted_today(server: DrillServer) -> None:
    with server.office() as office:
        for fault in FAULTS:
            plant(office, fault)
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 12


def test_attempts_wait_until_there_is_something_to_attack() -> None:
    fresh = CaseModel(uuid4())
    assert {attempt.name for attempt in ATTEMPTS if attempt.who(fresh)} == {
        "a request of another office",
        "a state written straight into the case",
    }
