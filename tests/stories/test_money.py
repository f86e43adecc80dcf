"""Money goes wrong in many ways, and each has an outcome: nothing is netted in silence (`domain.md` 6)."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from desk.rules.case import Data, Money, Original, Stage
from desk.rules.inputs import PurposeClass, RecipientClass
from tests import inputs
from tests.office import JAMBI, Office, Ref


def total_of(office: Office, case: Ref) -> int:
    invoice = office.facts(case).invoice
    assert invoice is not None
    return invoice.total


def number_of(office: Office, case: Ref) -> str:
    invoice = office.facts(case).invoice
    assert invoice is not None
    return invoice.number


def on_day(office: Office, day: date) -> None:
    office.set_clock(datetime(day.year, day.month, day.day, 3, tzinfo=UTC))


# an invoice lives one month


def test_an_invoice_holds_on_its_last_day_and_runs_out_the_day_after(office: Office) -> None:
    rina = office.as_("rina")
    case = office.case_at()
    on_day(office, date(2026, 12, 23))
    assert "masih berlaku sampai 23 Desember 2026" in rina.refusal("expire_invoice", case)
    assert "masih berlaku" in rina.refusal("renew_invoice", case)
    on_day(office, date(2026, 12, 24))
    rina.do("expire_invoice", case)
    assert office.facts(case).money is Money.EXPIRED
    assert office.row(case)["officer_queue"] == "offer"


def test_an_invoice_of_31_january_holds_until_the_end_of_february(office: Office) -> None:
    on_day(office, date(2027, 1, 31))
    case = office.clear_case()
    office.as_("rina").do("issue_invoice", case)
    invoice = office.facts(case).invoice
    assert invoice is not None
    assert invoice.valid_until == date(2027, 2, 28)


def test_a_renewed_invoice_has_a_new_number_and_todays_tariff_and_the_old_one_points_to_it(office: Office) -> None:
    rina = office.as_("rina")
    case = office.case_at(money=Money.EXPIRED)
    tariff = office.rows("SELECT value FROM desk.rule WHERE key = 'tariff'")[0]["value"]
    dearer = {**tariff, "rows": [{**row, "intervals": [{"price": 100_000}]} for row in tariff["rows"]]}
    with office.owner() as connection:
        connection.exec_driver_sql(
            "INSERT INTO desk.rule (office_id, key, valid_from, value, basis) "
            "VALUES (0, 'tariff', %s, %s::jsonb, 'PP')",
            (date(2026, 12, 1), json.dumps(dearer)),
        )
    old, old_total = number_of(office, case), total_of(office, case)
    done = rina.do("renew_invoice", case)
    assert number_of(office, case) != old
    assert total_of(office, case) != old_total
    assert "semula Rp120.000" in done.sentence
    ends = office.rows("SELECT kind, reason FROM desk.invoice_end ORDER BY kind")
    assert [end["kind"] for end in ends] == ["expired", "replaced"]
    assert number_of(office, case) in ends[1]["reason"]
    agreement = office.facts(case).agreement
    assert agreement is not None, "the SPPD stays: its lines are the same"


def test_an_invoice_that_was_renewed_twice_still_leaves_one_in_force(office: Office) -> None:
    rina = office.as_("rina")
    case = office.case_at()
    for month in (1, 3):
        on_day(office, date(2027, month, 25))
        rina.do("renew_invoice", case)
    assert number_of(office, case).startswith("INV-002/"), "the first one of 2027 is 001"
    assert len(office.rows("SELECT FROM desk.invoice_end WHERE kind = 'replaced'")) == 2


def test_money_that_came_after_the_last_day_needs_a_renewed_invoice_first(office: Office) -> None:
    rina, budi = office.as_("rina"), office.as_("budi")
    case = office.case_at(money=Money.EXPIRED)
    rina.do("record_proof", case)
    assert "memperpanjang invoice" in budi.refusal("confirm_payment", case)
    rina.do("renew_invoice", case)
    assert office.facts(case).money is Money.PROOF, "the proof is still the treasurer's to judge"
    budi.do("confirm_payment", case)
    assert office.facts(case).money is Money.CONFIRMED


def test_money_that_came_in_time_counts_although_it_is_seen_after_the_last_day(office: Office) -> None:
    budi = office.as_("budi")
    case = office.case_at(money=Money.PROOF)
    on_day(office, date(2026, 12, 28))
    budi.do("confirm_payment", case, inputs.payment(office.facts(case), received_on=date(2026, 12, 22)))
    assert office.facts(case).payment.payment_on == date(2026, 12, 22)


# what the treasurer sees


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": 119_999}, "Uang kurang Rp1 dari invoice"),
        ({"amount": 120_001}, "Uang lebih Rp1 dari invoice"),
        ({"amount": 0}, "Uang kurang Rp120.000"),
        ({"received_on": date(2026, 11, 24)}, "belum tiba"),
        ({"received_on": date(2025, 11, 23)}, "lebih awal daripada permintaan ini"),
        ({"reference": "  "}, "referensi"),
    ],
)
def test_money_that_does_not_match_the_invoice_is_not_confirmed(
    busy_office: Office, changes: dict[str, object], words: str
) -> None:
    case = busy_office.case_at(money=Money.PROOF)
    seen = inputs.payment(busy_office.facts(case), **changes)
    assert words in busy_office.as_("budi").refusal("confirm_payment", case, seen)
    assert busy_office.facts(case).money is Money.PROOF


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": 0}, "lebih dari nol"),
        ({"paid_on": date(2027, 1, 1)}, "belum tiba"),
        ({"paid_on": date(2025, 11, 23)}, "lebih awal daripada permintaan ini"),
    ],
)
def test_a_proof_that_cannot_be_is_refused(busy_office: Office, changes: dict[str, object], words: str) -> None:
    case = busy_office.case_at()
    claim = inputs.proof(busy_office.facts(case), **changes)
    assert words in busy_office.as_("rina").refusal("record_proof", case, claim)


def test_a_rejected_proof_puts_the_case_back_to_waiting_and_a_better_one_is_taken(busy_office: Office) -> None:
    rina, budi = busy_office.as_("rina"), busy_office.as_("budi")
    case = busy_office.case_at(money=Money.PROOF)
    budi.do("reject_proof", case)
    now = busy_office.facts(case)
    assert now.money is Money.INVOICED
    assert now.payment.proof_amount is None
    rina.do("record_proof", case)
    budi.do("confirm_payment", case)
    assert busy_office.facts(case).payment.payment_amount == 120_000


def test_who_recorded_the_proof_or_issued_the_invoice_cannot_confirm_the_money(busy_office: Office) -> None:
    gita, yuni = busy_office.as_("gita"), busy_office.as_("yuni")  # Gita is officer and treasurer of a small office
    case = busy_office.case_at(office_id=JAMBI)
    gita.do("record_proof", case)
    assert "Anda yang mencatat bukti bayar" in gita.refusal("confirm_payment", case)
    yuni.do("confirm_payment", case)

    own = busy_office.clear_case(JAMBI)
    gita.do("issue_invoice", own)
    busy_office.as_("doni").do("record_proof", own)
    assert "Anda yang menerbitkan invoice" in gita.refusal("confirm_payment", own)


# withdrawn papers keep their numbers


def test_a_void_kuitansi_keeps_its_number_and_the_next_one_replaces_it(office: Office) -> None:
    budi = office.as_("budi")
    case = office.case_at(money=Money.RECEIPTED)
    budi.do("attach_receipt_scan", case)
    budi.do("void_receipt", case, inputs.REASON)
    assert office.facts(case).money is Money.CONFIRMED
    assert office.row(case)["treasurer_queue"] == "receipt"
    budi.do("issue_receipt", case)
    receipts = office.rows("SELECT id, sequence, replaces, amount FROM desk.receipt ORDER BY sequence")
    assert [receipt["sequence"] for receipt in receipts] == [1, 2]
    assert receipts[1]["replaces"] == receipts[0]["id"]
    assert office.rows("SELECT reason FROM desk.receipt_void") == [{"reason": inputs.REASON.reason}]
    assert not office.facts(case).payment.receipt_scanned, "the scan was of the old one"


def test_a_kuitansi_cannot_be_withdrawn_after_the_data_have_left(busy_office: Office) -> None:
    case = busy_office.case_at(money=Money.RECEIPTED, original=Original.FILED, data=Data.DELIVERED)
    assert "sudah dikirim" in busy_office.as_("budi").refusal("void_receipt", case, inputs.REASON)


def test_every_kuitansi_carries_the_hash_of_the_one_before(office: Office) -> None:
    for _ in range(3):
        office.case_at(money=Money.RECEIPTED)
    chain = office.rows("SELECT previous_hash, hash FROM desk.receipt ORDER BY sequence")
    assert chain[0]["previous_hash"] == ""
    assert [link["previous_hash"] for link in chain[1:]] == [link["hash"] for link in chain[:-1]]


def test_a_withdrawn_invoice_keeps_its_number_and_the_case_gets_a_new_pair(office: Office) -> None:
    rina = office.as_("rina")
    case = office.case_at()
    rina.do("void_invoice", case, inputs.REASON)
    now = office.facts(case)
    assert (now.stage, now.money, now.original) == (Stage.CLEAR, Money.NONE, Original.NONE)
    assert now.invoice is None
    assert now.agreement is None
    rina.do("issue_invoice", case)
    again = office.facts(case)
    assert again.invoice is not None
    assert again.agreement is not None
    assert again.invoice.number.startswith("INV-002/")
    assert again.agreement.number.startswith("SPPD-002/")
    assert not again.papers_ready
    assert office.rows("SELECT kind, reason FROM desk.invoice_end") == [
        {"kind": "void", "reason": inputs.REASON.reason}
    ]


def test_a_renewed_invoice_is_withdrawn_together_with_the_first_ones_agreement(office: Office) -> None:
    rina = office.as_("rina")
    case = office.case_at()
    on_day(office, date(2027, 1, 25))
    rina.do("renew_invoice", case)
    rina.do("void_invoice", case, inputs.REASON)
    assert office.facts(case).agreement is None


def test_an_invoice_is_not_withdrawn_once_paper_or_data_are_on_their_way(busy_office: Office) -> None:
    rina = busy_office.as_("rina")
    prepared = busy_office.case_at(data=Data.PREPARING)
    assert "mulai disiapkan" in rina.refusal("void_invoice", prepared, inputs.REASON)
    received = busy_office.case_at(original=Original.RECEIVED)
    assert "sudah tiba" in rina.refusal("void_invoice", received, inputs.REASON)


def test_a_case_with_money_is_served_to_the_end_and_not_cancelled(busy_office: Office) -> None:
    rina = busy_office.as_("rina")
    assert "Uang sudah diterima" in rina.refusal("cancel_case", busy_office.case_at(money=Money.CONFIRMED))
    assert "sedang diperiksa" in rina.refusal("cancel_case", busy_office.case_at(money=Money.PROOF))


# nol rupiah


def test_part_relief_lowers_every_line_in_favour_of_the_customer(busy_office: Office) -> None:
    case = busy_office.clear_case(percent=33)
    busy_office.as_("rina").do("issue_invoice", case)
    invoice = busy_office.rows(
        "SELECT full_price, relief_percent, total FROM desk.invoice WHERE case_id = :c", c=case.id
    )
    assert invoice == [{"full_price": 120_000, "relief_percent": 33, "total": 33_500 + 46_900}]
    assert busy_office.facts(case).money is Money.INVOICED


def test_rejected_relief_leaves_the_ordinary_tariff_and_may_be_asked_again(office: Office) -> None:
    rina, hendra = office.as_("rina"), office.as_("hendra")
    case = office.clear_case()
    today = office.facts(case).today
    rina.do("request_relief", case, inputs.relief(today))
    assert "tunggu putusan" in rina.refusal("request_relief", case, inputs.relief(today))
    hendra.do("reject_relief", case)
    office.set_clock(datetime(2026, 11, 23, 4, tzinfo=UTC))
    rina.do("request_relief", case, inputs.relief(today, 50))
    hendra.do("reject_relief", case)
    rina.do("issue_invoice", case)
    assert total_of(office, case) == 120_000


def test_who_asks_for_relief_does_not_decide_it_even_as_supervisor(busy_office: Office) -> None:
    lina = busy_office.as_("lina")  # officer and supervisor of Kota Jambi
    case = busy_office.clear_case(JAMBI)
    lina.do("request_relief", case, inputs.relief(busy_office.facts(case).today))
    assert "Anda yang mengajukan" in lina.refusal("approve_relief", case)
    busy_office.as_("surya").do("approve_relief", case)  # the supervisor of the province
    assert busy_office.row(case)["supervisor_queue"] is None


def test_relief_is_refused_for_who_or_what_does_not_qualify(busy_office: Office) -> None:
    rina = busy_office.as_("rina")
    case = busy_office.clear_case()
    today = busy_office.facts(case).today
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"recipient": RecipientClass.OTHER}, "tidak berhak"),
        ({"purpose": PurposeClass.COMMERCIAL}, "tidak berhak"),
        ({"percent": 0}, "antara 1 dan 100"),
        ({"letter_number": " "}, "belum diisi"),
        ({"letter": None}, "belum dilampirkan"),
        ({"letter_date": today + timedelta(days=1)}, "belum tiba"),
    )
    for changes, words in cases:
        assert words in rina.refusal("request_relief", case, inputs.relief(today, **changes))
