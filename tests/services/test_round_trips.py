"""What a deed and a list cost on a slow line: how often the workstation waits for an answer. Counts, never seconds."""

from __future__ import annotations

import sys
from uuid import uuid4

import pytest

from desk import deeds
from desk.adapters.database import reading, run_deed
from desk.rules.case import Data, Money, Original, Stage
from desk.rules.desks import Desk, Queue
from desk.services import queues
from desk.services.case_file import case_view, facts
from tests.office import PALEMBANG, Office, Person, Ref
from tests.queries import query_log

# (statements, round trips) of one deed with BEGIN and COMMIT; more is a slower office, fewer is to be pinned anew.
COST = {
    "declare_clear": (5, 6),
    "issue_invoice": (4, 5),
    "record_proof": (6, 7),
    "confirm_payment": (4, 5),
    "issue_receipt": (4, 5),
    "start_preparation": (3, 4),
    "deliver": (6, 7),
}


def standing(office: Office, action_id: str) -> tuple[Person, Ref]:
    """A case on which the action can be done, and who does it."""
    rina, _, budi, _ = office.team()
    match action_id:
        case "declare_clear":
            fresh = office.new_case()
            rina.do("decide_fit", fresh)
            rina.do("check_requirements", fresh)
            return rina, fresh
        case "issue_invoice":
            return rina, office.clear_case()
        case "record_proof" | "start_preparation":
            return rina, office.case_at()
        case "confirm_payment":
            return budi, office.case_at(money=Money.PROOF)
        case "issue_receipt":
            return budi, office.case_at(money=Money.CONFIRMED)
    ready = office.case_at(money=Money.RECEIPTED, original=Original.FILED, data=Data.CHECKED)
    budi.do("attach_receipt_scan", ready)
    rina.do("confirm_address", ready)
    return rina, ready


@pytest.mark.parametrize("action_id", COST)
def test_a_deed_costs_no_more_than_it_must(busy_office: Office, action_id: str) -> None:
    person, case = standing(busy_office, action_id)
    asked, key = busy_office.answer(action_id, case), uuid4()
    with query_log(person.engine) as log:
        run_deed(
            person.engine,
            lambda session: deeds.perform(
                session, person.actor, action_id, case.id, office_id=case.office_id, request_id=key, inputs=asked
            ),
            key=key,
        )
    statements, round_trips = COST[action_id]
    assert len(log.statements) <= statements, str(log)
    if sys.platform == "linux":
        assert log.round_trips <= round_trips, str(log)


@pytest.fixture(scope="module")
def spread(busy_office: Office) -> Office:
    """Cases on several desks."""
    for data in (Data.NONE, Data.PREPARED, Data.CHECKED):
        busy_office.case_at(money=Money.PROOF, data=data)
    busy_office.case_at(stage=Stage.CLOSED)
    return busy_office


def test_the_facts_of_a_case_are_one_question(spread: Office) -> None:
    rina, case = spread.as_("rina"), spread.case_at()
    with query_log(rina.engine) as log, reading(rina.engine) as session:
        facts(session, case.office_id, case.id)
    assert len(log.statements) == 1, log


def test_the_view_of_a_case_is_five_questions(spread: Office) -> None:
    rina, case = spread.as_("rina"), spread.case_at()
    with query_log(rina.engine) as log, reading(rina.engine) as session:
        case_view(session, case.office_id, case.id)
    assert len(log.statements) == 5, log


@pytest.mark.parametrize(
    ("desk", "queue"), [(Desk.OFFICER, None), (Desk.OFFICER, Queue.PREPARE), (Desk.TREASURER, None)]
)
def test_a_queue_is_one_question_however_long_it_is(spread: Office, desk: Desk, queue: Queue | None) -> None:
    rina = spread.as_("rina")
    with query_log(rina.engine) as log, reading(rina.engine) as session:
        rows = queues.queue_rows(session, [PALEMBANG], desk, queue)
    assert rows
    assert len(log.statements) == 1, log


def test_all_counts_of_the_window_are_one_question(spread: Office) -> None:
    rina = spread.as_("rina")
    with query_log(rina.engine) as log, reading(rina.engine) as session:
        counts = queues.queue_counts(session, [PALEMBANG])
    assert {count.queue for count in counts} >= {Queue.CONFIRM, Queue.CHECK}
    assert len(log.statements) == 1, log
