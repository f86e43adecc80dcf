"""The figures of an office are counted from the story: volumes, promises, days, reasons and money of a month."""

from __future__ import annotations

from datetime import date, timedelta

from desk.rules.case import Channel, Data, Fit, Money, Original
from desk.rules.figures import RedirectCause, Step
from desk.rules.inputs import Fault, FaultOrigin, MergeInput, OriginalRefusal
from desk.services.figures import figures, trend
from tests import inputs
from tests.office import MORNING, PALEMBANG, Office


def test_a_month_is_counted_from_the_story(office: Office) -> None:
    rina, fajar, budi, hendra = office.team()
    late = office.case_at(money=Money.RECEIPTED, original=Original.FILED, data=Data.NONE)
    quick = office.case_at(money=Money.RECEIPTED, original=Original.FILED, data=Data.DELIVERED)
    office.clear_case(percent=100)
    unfit = office.new_case(asked=inputs.registration(channel=Channel.WHATSAPP))
    rina.do("decide_fit", unfit, inputs.fit(office.facts(unfit), Fit.DOES_NOT))
    rina.do("redirect_case", unfit)
    early = office.new_case()
    rina.do("redirect_case", early)
    back = office.case_at(original=Original.RECEIVED)
    rina.do("refuse_original", back, OriginalRefusal(copy=1, faults=frozenset({Fault.NO_STAMP, Fault.PAGE_MISSING})))
    office.set_clock(MORNING + timedelta(days=1))
    rina.do("open_correction", quick)
    office.set_clock(MORNING + timedelta(days=22))  # in December, after the ten working days
    budi.do("attach_receipt_scan", late)
    rina.do("confirm_address", late)
    for action_id in ("start_preparation", "tick_tasks", "finish_preparation"):
        rina.do(action_id, late)
    fajar.do("check_data", late)
    rina.do("deliver", late)
    with hendra.session() as session:
        november, december = trend(session, PALEMBANG, date(2026, 12, 31), 2).months
        assert figures(session, PALEMBANG, date(2026, 11, 30)) == november
    assert november.by_channel == {Channel.EMAIL: 5, Channel.WHATSAPP: 1}
    assert (november.registered, november.clear, november.redirected, november.delivered) == (6, 4, 2, 1)
    assert november.redirects == {RedirectCause.NONE_FITS: 1, RedirectCause.EARLY: 1}
    assert november.refusals == {Fault.NO_STAMP: 1, Fault.PAGE_MISSING: 1}
    assert november.corrections == {FaultOrigin.PREPARATION: 1}
    service, repair = november.promises
    assert (service.done, service.in_time, repair.done) == (1, 1, 0)
    price = office.facts(late).invoice
    assert price is not None
    assert (november.money.receipts, november.money.receipts_amount) == (2, 2 * price.total)
    assert (november.money.invoices, november.money.free) == (3, 0)  # the free one has no invoice yet
    assert november.steps[Step.REVIEW] == (4, 0)
    assert (december.registered, december.delivered) == (0, 1)
    assert (december.promises[0].done, december.promises[0].in_time) == (1, 0)
    assert december.steps[Step.PREPARATION][0] == 1
    assert november.month == date(2026, 11, 1)
    assert december.month == date(2026, 12, 1)


def test_a_request_that_was_written_down_twice_is_counted_once(office: Office) -> None:
    kept, twice = office.new_case(), office.new_case()
    number = office.facts(kept).number
    office.as_("rina").do("merge_case", twice, MergeInput(number=number, reason="Permohonan yang sama."))
    with office.as_("hendra").session() as session:
        assert figures(session, PALEMBANG, date(2026, 11, 30)).registered == 1
