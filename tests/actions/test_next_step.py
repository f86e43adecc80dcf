"""What stands on top of the steps: the one that takes the case further."""

from __future__ import annotations

import pytest

from desk.actions import ACTIONS, next_steps
from desk.rules.case import CaseFacts, Data, Money, Original, Stage
from desk.rules.desks import recommended
from desk.rules.people import Actor, Duty
from tests.actions.cases import Spot, case_at, ways


def top(case: CaseFacts, duty: Duty) -> str | None:
    actor = Actor("siapa", "Siapa", "", {case.office_id: frozenset({duty})})
    steps = next_steps(actor, case)
    return steps[0][0].id if steps and steps[0][1] is None else None


@pytest.mark.parametrize(
    ("spot", "duty", "wanted"),
    [
        (Spot(Stage.CLEAR, Money.NONE, Original.NONE, Data.NONE), Duty.OFFICER, "issue_invoice"),
        (Spot(Stage.ACTIVE, Money.INVOICED, Original.ISSUED, Data.NONE), Duty.OFFICER, "send_offer"),
        (Spot(Stage.ACTIVE, Money.EXPIRED, Original.AWAITED, Data.NONE), Duty.OFFICER, "renew_invoice"),
        (Spot(Stage.ACTIVE, Money.INVOICED, Original.AWAITED, Data.NONE), Duty.OFFICER, "start_preparation"),
        (Spot(Stage.ACTIVE, Money.PROOF, Original.AWAITED, Data.CHECKED), Duty.TREASURER, "confirm_payment"),
        (Spot(Stage.ACTIVE, Money.CONFIRMED, Original.AWAITED, Data.CHECKED), Duty.TREASURER, "issue_receipt"),
        (Spot(Stage.ACTIVE, Money.RECEIPTED, Original.RECEIVED, Data.CHECKED), Duty.OFFICER, "accept_original"),
        (Spot(Stage.ACTIVE, Money.RECEIPTED, Original.FILED, Data.DELIVERED), Duty.OFFICER, "record_acceptance"),
        (Spot(Stage.ACTIVE, Money.RECEIPTED, Original.FILED, Data.CONFIRMED), Duty.OFFICER, "close_case"),
    ],
)
def test_the_step_that_takes_the_case_further_stands_on_top(spot: Spot, duty: Duty, wanted: str) -> None:
    assert top(case_at(spot, invoice_over=spot.money is Money.EXPIRED), duty) == wanted


@pytest.mark.parametrize("spot", sorted(ways(), key=str), ids=str)
def test_only_actions_of_the_table_are_recommended(spot: Spot) -> None:
    assert set(recommended(case_at(spot))) <= ACTIONS.keys()
