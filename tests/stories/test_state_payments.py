"""SIMPONI: billing codes given out one after the other, and money that an NTPN proves instead of the bank's line."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from desk.rules.case import Money, Stage
from desk.rules.day import DepositInput
from desk.services import day
from desk.services.papers import missing_papers
from desk.services.register import register
from desk.services.search import search
from desk.services.statement_matching import free_money
from tests import inputs
from tests.office import JAMBI, PALEMBANG, Office, Ref

FIRST, SECOND = "820261123000001", "820261130000002"
NTPN = "0A1B2C3D4E5F6G7H"


def given(office: Office, case: Ref, code: str = FIRST, **changes: object) -> str:
    return (
        office.as_("rina").do("record_billing_code", case, inputs.billing(office.facts(case), code, **changes)).sentence
    )


def test_a_code_is_told_in_the_story_and_written_to_the_customer(office: Office) -> None:
    case = office.case_at()
    sentence = given(office, case, "8202 6112 3000 001")
    assert sentence == f"Kode billing {FIRST} sejumlah Rp120.000 dicatat, berlaku sampai 30 November 2026."
    assert office.story(case)[-1] == sentence
    letter = office.rows("SELECT number, kind FROM desk.letter")[0]
    assert letter["kind"] == "billing"
    assert letter["number"].startswith("BIL-001/")
    with office.as_("rina").session() as session:
        sheets = [job for job in missing_papers(session, PALEMBANG, case.id) if job.kind.value == "billing"]
    assert [(job.context["kode_billing"], job.context["jumlah_rupiah"]) for job in sheets] == [(FIRST, "Rp120.000,00")]


def test_a_code_that_stands_before_the_invoice_is_printed_on_it(office: Office) -> None:
    case = office.case_at(stage=Stage.CLEAR)
    wrong = office.as_("rina").refusal("record_billing_code", case, inputs.billing(office.facts(case), amount=119_000))
    assert "tidak sama dengan tarif baris data yang sesuai hari ini, Rp120.000" in wrong
    given(office, case, amount=120_000)
    assert office.rows("SELECT FROM desk.letter") == [], "the invoice itself carries it"
    office.as_("rina").do("issue_invoice", case)
    with office.as_("rina").session() as session:
        invoice = next(job for job in missing_papers(session, PALEMBANG, case.id) if job.kind.value == "invoice")
    assert (invoice.context["kode_billing"], invoice.context["kode_billing_berlaku"]) == (FIRST, "30 November 2026")


def test_a_second_code_follows_the_first_and_the_treasurer_confirms_with_its_ntpn(office: Office) -> None:
    budi, case = office.as_("budi"), office.case_at()
    assert budi.why_not("confirm_state_payment", case) == (
        "Belum ada kode billing yang tercatat; catat dahulu kode yang dipakai membayar."
    )
    given(office, case)
    office.set_clock(datetime(2026, 12, 2, 3, tzinfo=UTC))
    given(office, case, SECOND)
    newest, oldest = office.facts(case).billing
    assert (newest.code, oldest.code) == (SECOND, FIRST)
    today = office.facts(case).today
    late = inputs.state_payment(office.facts(case), billing=oldest.id)
    assert f"Kode billing {FIRST} berakhir 30 November 2026" in budi.refusal("confirm_state_payment", case, late)
    done = budi.do("confirm_state_payment", case, inputs.state_payment(office.facts(case), ntpn="0a1b 2c3d 4e5f 6g7h"))
    assert f"kode billing {SECOND}, NTPN {NTPN}" in done.sentence
    budi.do("issue_receipt", case)
    with budi.session() as session:
        kuitansi = next(job for job in missing_papers(session, PALEMBANG, case.id) if job.kind.value == "receipt")
        assert (kuitansi.context["jenis_referensi"], kuitansi.context["referensi"]) == ("NTPN", NTPN)
        lines = register(session, PALEMBANG, today).rows
        assert day.undeposited(session, PALEMBANG, today) == (), "it is in the state treasury already"
    assert any(NTPN in line.text for line in lines)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ntpn": "12345"}, "NTPN terdiri atas 16 huruf dan angka; yang ditulis 5"),
        ({"paid_on": date(2026, 11, 24)}, "belum tiba"),
        ({"paid_on": date(2025, 11, 24)}, "lebih awal daripada permintaan ini"),
    ],
)
def test_a_state_receipt_that_cannot_be_is_refused(busy_office: Office, changes: dict[str, object], words: str) -> None:
    case = busy_office.case_at()
    code = f"{820_261_000_000_000 + len(busy_office.rows('SELECT FROM desk.billing_code')):015}"
    given(busy_office, case, code)
    seen = inputs.state_payment(busy_office.facts(case), **changes)
    assert words in busy_office.as_("budi").refusal("confirm_state_payment", case, seen)
    assert busy_office.facts(case).money is Money.INVOICED


def test_an_ntpn_proves_one_payment_and_is_free_again_when_that_is_taken_back(office: Office) -> None:
    budi, one, other = office.as_("budi"), office.case_at(), office.case_at()
    given(office, one)
    given(office, other, SECOND)
    budi.do("confirm_state_payment", one, inputs.state_payment(office.facts(one)))
    twice = budi.refusal("confirm_state_payment", other, inputs.state_payment(office.facts(other)))
    assert twice == f"NTPN {NTPN} sudah tercatat pada pembayaran permohonan {office.facts(one).number}."
    banked = office.case_at(money=Money.RECEIPTED)
    payment = office.facts(banked).payment.payment_id
    assert payment is not None
    today = office.facts(one).today
    with budi.session() as session, pytest.raises(Exception, match="sudah tercatat pada pembayaran"):
        day.record_deposit(session, PALEMBANG, DepositInput(FIRST, NTPN, today, (payment,)), today, payment)
    budi.do("reverse_payment", one)
    budi.do("confirm_state_payment", other, inputs.state_payment(office.facts(other)))


def test_a_renewed_invoice_of_the_same_amount_is_paid_with_a_code_that_still_holds(office: Office) -> None:
    rina, budi, case = office.as_("rina"), office.as_("budi"), office.case_at()
    given(office, case, expires_on=date(2027, 1, 10))
    office.set_clock(datetime(2026, 12, 28, 3, tzinfo=UTC))
    rina.do("expire_invoice", case)
    assert "invoice kedaluwarsa" in (rina.why_not("record_billing_code", case) or "")
    rina.do("renew_invoice", case)
    with rina.session() as session:
        renewed = [job for job in missing_papers(session, PALEMBANG, case.id) if job.kind.value == "invoice"][-1]
    assert renewed.context["kode_billing"] == FIRST
    budi.do("confirm_state_payment", case, inputs.state_payment(office.facts(case)))
    assert office.facts(case).money is Money.CONFIRMED


def test_a_code_written_down_again_takes_its_later_day(office: Office) -> None:
    case = office.case_at()
    given(office, case, expires_on=office.facts(case).today + timedelta(days=1))
    given(office, case)
    assert [(each.code, each.expires_on) for each in office.facts(case).billing] == [(FIRST, date(2026, 11, 30))]


def test_a_code_belongs_to_one_case_and_its_amount_to_the_invoice(office: Office) -> None:
    rina, one, other = office.as_("rina"), office.case_at(), office.case_at()
    given(office, one)
    taken = rina.refusal("record_billing_code", other, inputs.billing(office.facts(other), FIRST))
    assert taken == f"Kode billing {FIRST} sudah dicatat untuk permohonan {office.facts(one).number}."
    wrong = rina.refusal("record_billing_code", other, inputs.billing(office.facts(other), SECOND, amount=1))
    assert "Buat kode billing baru di SIMPONI" in wrong
    years = inputs.billing(office.facts(other), SECOND, expires_on=date(2029, 1, 1))
    assert "periksa tahunnya" in rina.refusal("record_billing_code", other, years)


def test_code_ntpn_and_ntb_are_found_as_they_are_written_and_only_in_the_own_office(office: Office) -> None:
    budi, case = office.as_("budi"), office.case_at()
    given(office, case)
    budi.do("confirm_state_payment", case, inputs.state_payment(office.facts(case)))
    with budi.session() as session:
        for typed, kind in (
            (FIRST, "Kode billing"),
            ("8202 6112 3000 001", "Kode billing"),
            ("0a1b-2c3d-4e5f-6g7h", "Pembayaran"),
            ("001234567890", "Pembayaran"),
        ):
            assert [(hit.kind, hit.case_id) for hit in search(session, [PALEMBANG], typed)] == [(kind, case.id)], typed
    with office.as_("yuni").session() as session:
        assert search(session, [JAMBI, PALEMBANG], NTPN) == []


def test_a_code_in_the_remark_of_a_transfer_leads_to_its_invoice(office: Office) -> None:
    case = office.case_at()
    given(office, case)
    with office.as_("budi").session() as session:
        assert not free_money(session, [PALEMBANG]).waiting
    from desk.rules.matching import MatchClass, OpenInvoice, match
    from desk.rules.statement import StatementLine

    invoice = office.facts(case).invoice
    assert invoice is not None
    known = OpenInvoice(
        invoice.payment_code, (invoice.payment_code, FIRST), invoice.total, (), invoice.issued_on, invoice.valid_until
    )
    line = StatementLine(no=0, booked_on=invoice.issued_on, amount_sen=invoice.total * 100, description=f"TRF {FIRST}")
    assert match([line], [known])[0].match is MatchClass.CERTAIN
