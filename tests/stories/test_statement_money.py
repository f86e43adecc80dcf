"""Money from the statement to the kuitansi: its parts, the second person, and the way back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from desk.rules.case import Money
from desk.rules.inputs import LinePart, PaymentInput
from tests import inputs as answers
from tests.office import PALEMBANG, Office, Person, Ref
from tests.statements.bank import bank_file, bring, line_ids

DAY = date(2026, 11, 23)


def _total(office: Office, case: Ref) -> int:
    invoice = office.facts(case).invoice
    assert invoice is not None
    return invoice.total


def _lines(office: Office, folder: Path, *amounts: int) -> list[UUID]:
    path = bank_file(folder / f"{uuid4()}.csv", [(DAY, amount, f"SETORAN {uuid4()}") for amount in amounts])
    return line_ids(office, bring(office, path).file_id)


def _paid(office: Office, case: Ref, *parts: tuple[UUID, int]) -> PaymentInput:
    """What the treasurer confirms: parts in rupiah."""
    pieces = tuple(LinePart(line, amount * 100) for line, amount in parts)
    return PaymentInput(amount=_total(office, case), received_on=DAY, reference="FT001", parts=pieces)


def _free(office: Office, line: UUID) -> int:
    row = office.rows(
        "SELECT amount_sen - desk.used_of_line(office_id, id) AS free FROM desk.statement_line WHERE id = :l", l=line
    )
    return int(row[0]["free"]) // 100


def _refused(person: Person, statement: str, *values: object) -> str:
    def now() -> None:
        with person.psql() as connection:
            connection.execute(statement, values)
            connection.commit()

    with pytest.raises(psycopg.Error) as refused:
        now()
    return str(refused.value)


def test_one_transfer_pays_two_invoices_and_what_is_left_has_no_owner(office: Office, tmp_path: Path) -> None:
    one, two = office.case_at(money=Money.PROOF), office.case_at(money=Money.INVOICED)
    price = _total(office, one)
    (line,) = _lines(office, tmp_path, 2 * price + 5_000)
    budi = office.as_("budi")
    budi.do("confirm_payment", one, _paid(office, one, (line, price)))
    budi.do("confirm_payment", two, _paid(office, two, (line, price)))
    assert _free(office, line) == 5_000
    three = office.case_at(money=Money.PROOF)
    refusal = budi.refusal("confirm_payment", three, _paid(office, three, (line, price)))
    assert "tinggal 5.000 rupiah" in refusal.replace(",", ".")
    assert office.facts(three).money is Money.PROOF, "nothing of the refused deed stays"


def test_two_transfers_pay_one_invoice_and_only_exactly(office: Office, tmp_path: Path) -> None:
    case = office.case_at(money=Money.PROOF)
    price = _total(office, case)
    first, second = _lines(office, tmp_path, price - 1_000, 3_000)
    budi = office.as_("budi")
    short = _paid(office, case, (first, price - 1_000))
    assert "tidak sama dengan jumlah yang diterima" in budi.refusal("confirm_payment", case, short)
    budi.do("confirm_payment", case, _paid(office, case, (first, price - 1_000), (second, 1_000)))
    assert (_free(office, first), _free(office, second)) == (0, 2_000)


def test_wrong_confirmations_are_taken_back_by_a_counter_entry_and_the_money_is_free_again(
    office: Office, tmp_path: Path
) -> None:
    wrong, right = office.case_at(money=Money.PROOF), office.case_at(money=Money.INVOICED)
    price = _total(office, wrong)
    (line,) = _lines(office, tmp_path, price)
    budi = office.as_("budi")
    budi.do("confirm_payment", wrong, _paid(office, wrong, (line, price)))
    budi.do("issue_receipt", wrong)
    assert "untuk “uang diterima" in budi.refusal("reverse_payment", wrong), "the kuitansi is withdrawn first"
    budi.do("void_receipt", wrong)
    budi.do("reverse_payment", wrong)
    assert office.facts(wrong).money is Money.PROOF
    assert _free(office, line) == price
    budi.do("confirm_payment", right, _paid(office, right, (line, price)))
    budi.do("issue_receipt", right)
    budi.do("confirm_payment", wrong)  # later, from another bank
    assert len(office.rows("SELECT FROM desk.payment WHERE case_id = :c", c=wrong.id)) == 2, "both stay written"
    assert office.facts(wrong).money is Money.CONFIRMED


def test_the_issuer_of_the_invoice_confirms_nothing_from_the_statement(office: Office) -> None:
    gita = office.as_("gita")  # officer and treasurer
    own = gita.register(1571)
    for action in ("decide_fit", "check_requirements", "declare_clear", "issue_invoice"):
        gita.do(action, own)
    assert "bendahara lain" in gita.refusal("confirm_payment", own)


def test_above_the_limit_a_second_person_speaks_before_the_receipt(office: Office) -> None:
    office.set_rule(PALEMBANG, "second_confirmation_above", "1000", date(2016, 1, 1))
    case = office.case_at(money=Money.PROOF)
    budi, sri, hendra = (office.as_(name) for name in ("budi", "sri", "hendra"))
    budi.do("confirm_payment", case)
    assert office.row(case)["supervisor_queue"] == "approval"
    assert "orang kedua" in budi.refusal("issue_receipt", case)
    assert "orang kedua" in budi.refusal("approve_payment", case)
    payment = office.facts(case).payment.payment_id
    receipt = (
        "INSERT INTO desk.receipt (office_id, id, case_id, payment_id, amount, payer, purpose, year, sequence, number, "
        "issued_on, hash) VALUES (1600, gen_random_uuid(), %s, %s, %s, 'x', 'x', 0, 0, '', '2026-01-01', '')"
    )
    assert "disetujui orang kedua" in _refused(budi, receipt, case.id, payment, _total(office, case))
    own_word = (
        "INSERT INTO desk.payment_approval (office_id, id, case_id, payment_id, confirmed_by) "
        "VALUES (1600, gen_random_uuid(), %s, %s, %s)"
    )
    assert "payment_approval_second_person_check" in _refused(budi, own_word, case.id, payment, budi.login)
    hendra.do("approve_payment", case)
    assert "tidak menunggu" in sri.refusal("approve_payment", case)
    budi.do("issue_receipt", case)
    assert office.facts(case).money is Money.RECEIPTED


def test_with_raw_sql_no_movement_is_used_beyond_its_money(office: Office, tmp_path: Path) -> None:
    case = office.case_at(money=Money.PROOF)
    line, out = _lines(office, tmp_path, 50_000, -7_000)
    use = (
        "INSERT INTO desk.line_use (office_id, id, line_id, kind, amount_sen, payment_id, case_id, note) "
        "VALUES (1600, gen_random_uuid(), %s, %s, %s, %s, %s, %s)"
    )
    budi, rina = office.as_("budi"), office.as_("rina")
    assert "tinggal" in _refused(budi, use, line, "other", 5_000_100, None, None, "bunga")
    assert "Hanya dana masuk" in _refused(budi, use, out, "other", 100, None, None, "bunga")
    assert "line_use_note_check" in _refused(budi, use, line, "other", 100, None, None, " ")
    assert "permission denied" in _refused(rina, use, line, "other", 100, None, None, "bunga")
    budi.do("confirm_payment", case)  # seen in the bank's portal, without a movement
    payment = office.facts(case).payment.payment_id
    assert "tidak sama dengan jumlah pembayarannya" in _refused(budi, use, line, "payment", 100, payment, case.id, "")
    assert "tidak berlaku" in _refused(budi, use, line, "payment", 100, uuid4(), case.id, "")
    reversal = (
        "INSERT INTO desk.payment_reversal (office_id, id, case_id, payment_id, reason) "
        "VALUES (1600, gen_random_uuid(), %s, %s, %s)"
    )
    assert "reason_check" in _refused(budi, reversal, case.id, payment, " ")
    assert "permission denied" in _refused(rina, reversal, case.id, payment, "salah")
    budi.do("issue_receipt", case, None)
    assert "batalkan kuitansinya dahulu" in _refused(budi, reversal, case.id, payment, "salah")


def test_money_seen_before_any_proof_is_confirmed_too(office: Office, tmp_path: Path) -> None:
    case = office.case_at(money=Money.INVOICED)
    (line,) = _lines(office, tmp_path, _total(office, case))
    office.as_("budi").do("confirm_payment", case, _paid(office, case, (line, _total(office, case))))
    office.as_("budi").do("reverse_payment", case, answers.REASON)
    assert office.facts(case).money is Money.INVOICED, "no proof was there before"
