"""The clock of the service promise stands while only the customer can go on."""

from __future__ import annotations

from datetime import date

import pytest

from desk.rules.case import Data, Money, Moved, Original, ServiceClock, Stage
from desk.rules.clocks import Awaited, awaited, service_clock
from tests.rules.test_working_days import CALENDAR

CLEAR, PROMISED = date(2026, 11, 2), date(2026, 11, 16)  # Mondays; ten working days
BOTH = frozenset(Awaited)


def at(day: int, money: Money, original: Original, data: Data, stage: Stage = Stage.ACTIVE) -> Moved:
    return Moved(date(2026, 11, day), stage, money, original, data)


SENT = at(3, Money.INVOICED, Original.AWAITED, Data.NONE)
READY = at(6, Money.INVOICED, Original.AWAITED, Data.CHECKED)  # Friday
PROOF = at(11, Money.PROOF, Original.AWAITED, Data.CHECKED)  # Wednesday
RECEIPTED = at(12, Money.RECEIPTED, Original.AWAITED, Data.CHECKED)
ARRIVED = at(18, Money.RECEIPTED, Original.RECEIVED, Data.CHECKED)


def clock(*moves: Moved, today: int, stops: frozenset[Awaited] = BOTH) -> ServiceClock:
    return service_clock(CLEAR, PROMISED, moves, stops, CALENDAR, date(2026, 11, today))


def test_the_promise_stands_as_made_as_long_as_the_desk_has_work() -> None:
    assert clock(SENT, today=10) == ServiceClock(PROMISED, "")


def test_the_clock_stands_once_the_data_are_ready_and_only_the_customer_is_awaited() -> None:
    standing = clock(SENT, READY, today=9)
    assert standing.on is None
    assert standing.sentence == (
        "Jam layanan berhenti sejak 6 Nov 2026, menunggu pembayaran dan naskah asli; sisa 6 hari kerja."
    )
    assert clock(SENT, READY, today=13).sentence.endswith("sisa 6 hari kerja."), "standing takes nothing away"


def test_the_days_of_waiting_move_the_end_on() -> None:
    running = clock(SENT, READY, PROOF, today=11)  # Monday 9, Tuesday 10 and Wednesday 11 were free
    assert running.on == date(2026, 11, 19)
    assert running.sentence == "Janji semula 16 Nov 2026; 3 hari kerja menunggu pengguna data tidak dihitung."


def test_two_waits_add_up() -> None:
    # Friday 13, Monday 16, Tuesday 17 and Wednesday 18 were free as well
    assert clock(SENT, READY, PROOF, RECEIPTED, ARRIVED, today=18).on == date(2026, 11, 25)


def test_an_office_says_which_waiting_counts() -> None:
    only_money = frozenset({Awaited.PAYMENT})
    assert clock(SENT, READY, PROOF, RECEIPTED, today=17, stops=only_money).on == date(2026, 11, 19)
    assert clock(SENT, READY, today=13, stops=frozenset()) == ServiceClock(PROMISED, "")


def test_a_promise_that_ran_out_before_the_waiting_began_stays_missed() -> None:
    late = at(20, Money.INVOICED, Original.AWAITED, Data.CHECKED)
    assert clock(SENT, late, today=25) == ServiceClock(PROMISED, "")


@pytest.mark.parametrize(
    "state",
    [
        at(6, Money.PROOF, Original.AWAITED, Data.CHECKED),  # the treasurer's turn
        at(6, Money.CONFIRMED, Original.AWAITED, Data.CHECKED),
        at(6, Money.INVOICED, Original.RECEIVED, Data.CHECKED),  # the mail table's turn
        at(6, Money.EXPIRED, Original.AWAITED, Data.CHECKED),  # the officer decides
        at(6, Money.INVOICED, Original.AWAITED, Data.PREPARED),  # the second officer checks
        at(6, Money.RECEIPTED, Original.FILED, Data.CHECKED),  # ready to go
        at(6, Money.RECEIPTED, Original.AWAITED, Data.DELIVERED),
        at(6, Money.INVOICED, Original.AWAITED, Data.CHECKED, Stage.CANCELLED),
    ],
)
def test_while_anybody_at_the_desk_has_something_to_do_the_clock_runs(state: Moved) -> None:
    assert awaited(state) == ()


def test_a_refused_original_and_the_money_of_a_free_case() -> None:
    assert awaited(at(6, Money.FREE, Original.REFUSED, Data.CHECKED)) == (Awaited.ORIGINAL,)
    assert awaited(at(6, Money.INVOICED, Original.FILED, Data.CHECKED)) == (Awaited.PAYMENT,)
