"""The reminder ladder follows from the story of the case and ends by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from desk.rules.case import About, CaseFacts, Data, Ladder, Money, Moved, Original, Reminded, Stage
from desk.rules.reminders import due_now, ladders, next_reminder, reminder_why, why_not_remind
from tests.actions.cases import TODAY, Spot, case_at, person
from tests.rules.test_working_days import CALENDAR

SENT = TODAY - timedelta(days=13)  # Tuesday 10 November 2026
WAITING = Spot(Stage.ACTIVE, Money.INVOICED, Original.AWAITED, Data.CHECKED)


def waiting(spot: Spot = WAITING, *sent: Reminded, moves: tuple[Moved, ...] = (), days: int = 7) -> CaseFacts:
    """A case whose offer went out on the tenth, with its ladders."""
    case = case_at(spot)
    assert case.invoice is not None
    case = replace(
        case,
        invoice=replace(case.invoice, issued_on=SENT, valid_until=date(2026, 12, 10)),
        moves=(Moved(SENT, Stage.ACTIVE, Money.INVOICED, Original.AWAITED, Data.NONE), *moves),
        reminders=sent,
    )
    return replace(case, ladders=ladders(case, days, days, CALENDAR))


def of(case: CaseFacts, about: About) -> Ladder:
    return next(ladder for ladder in case.ladders if ladder.about is about)


def test_a_week_after_the_offer_both_are_asked_for_once() -> None:
    case = waiting()
    assert [(ladder.about, ladder.rung, ladder.on) for ladder in case.ladders] == [
        (About.PAYMENT, 1, date(2026, 11, 17)),
        (About.ORIGINAL, 1, date(2026, 11, 17)),
    ]
    assert due_now(case) == case.ladders
    assert reminder_why(case) == "Ingatkan ke-1: bukti bayar dan naskah asli"


def test_the_next_rung_counts_from_the_last_reminder_and_nothing_is_due_before() -> None:
    sent = tuple(Reminded(about, 1, SENT, date(2026, 11, 19)) for about in About)
    case = waiting(WAITING, *sent)
    assert next_reminder(case) == date(2026, 11, 26)
    assert not due_now(case)
    said = why_not_remind(case, person())
    assert said == "Pengingat terakhir dikirim Kam 19 Nov 2026; pengingat berikutnya Kam 26 Nov 2026."


def test_from_the_fourth_on_somebody_calls() -> None:
    days = (date(2026, 11, 12), date(2026, 11, 16), date(2026, 11, 19))
    case = waiting(WAITING, *(Reminded(About.ORIGINAL, n, SENT, on) for n, on in enumerate(days, 1)), days=3)
    assert of(case, About.ORIGINAL).rung == 4
    assert "lewat telepon" in reminder_why(replace(case, ladders=(of(case, About.ORIGINAL),)))


@pytest.mark.parametrize(
    ("spot", "left"),
    [
        (WAITING.moved(Money.PROOF), {About.ORIGINAL}),
        (WAITING.moved(Original.RECEIVED), {About.PAYMENT}),
        (WAITING.moved(Money.EXPIRED), {About.ORIGINAL}),
        (WAITING.moved(Money.FREE), {About.ORIGINAL}),
        (WAITING.moved(Money.RECEIPTED, Original.ACCEPTED), set()),
        (WAITING.moved(Stage.CANCELLED), set()),
        (WAITING.moved(Stage.CLOSED), set()),
        (WAITING.moved(Original.ISSUED), set()),
    ],
)
def test_a_ladder_ends_when_what_was_awaited_is_in_or_nothing_is_awaited_any_more(spot: Spot, left: set[About]) -> None:
    case = waiting(spot, moves=(Moved(TODAY, *spot),))
    assert {ladder.about for ladder in case.ladders} == left
    assert bool(reminder_why(case)) == bool(left)


def test_a_refused_original_begins_a_ladder_of_its_own() -> None:
    spot = WAITING.moved(Original.REFUSED)
    case = waiting(
        spot, Reminded(About.ORIGINAL, 1, SENT, date(2026, 11, 17)), moves=(Moved(date(2026, 11, 18), *spot),)
    )
    ladder = of(case, About.ORIGINAL)
    assert (ladder.since, ladder.rung, ladder.on) == (date(2026, 11, 18), 1, date(2026, 11, 25))


def test_nobody_is_reminded_to_pay_an_invoice_that_ends_before() -> None:
    case = waiting(days=60)
    assert of(case, About.PAYMENT).on is None
    assert "sebelum invoice berakhir" in of(case, About.PAYMENT).sentence
    assert of(case, About.ORIGINAL).on is not None


def test_an_original_with_the_courier_is_asked_for_a_week_after_it_was_posted() -> None:
    case = waiting()
    assert case.agreement is not None
    posted = replace(case, agreement=replace(case.agreement, copy_states=("posted",), posted_on=date(2026, 11, 20)))
    posted = replace(posted, ladders=ladders(posted, 7, 7, CALENDAR))
    assert of(posted, About.ORIGINAL).on == date(2026, 11, 27)
    assert of(posted, About.PAYMENT).on == date(2026, 11, 17)
