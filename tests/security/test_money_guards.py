"""Guards of money that stand behind one another, each tried alone through a bare connection."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from psycopg import errors

from desk.rules.case import Money
from desk.rules.day import DepositInput
from desk.rules.inputs import LinePart, PaymentInput
from desk.services import day
from tests.office import JAMBI, PALEMBANG, Office, Ref
from tests.statements.bank import bank_file, bring, line_ids

MONDAY, PRICE = date(2026, 11, 23), 120_000
REVERSE = (
    "INSERT INTO desk.payment_reversal (office_id, id, case_id, payment_id, reason) "
    "VALUES (%s, gen_random_uuid(), %s, %s, 'keliru')"
)
APPROVE = (
    "INSERT INTO desk.payment_approval (office_id, id, case_id, payment_id, confirmed_by) "
    "VALUES (%s, gen_random_uuid(), %s, %s, %s)"
)


def test_deposited_money_is_not_taken_back_even_without_its_kuitansi(office: Office) -> None:
    budi, case = office.as_("budi"), office.case_at(money=Money.RECEIPTED)
    payment = office.facts(case).payment.payment_id
    assert payment is not None
    with budi.session() as session:
        given = DepositInput("820261123456789", "A1B2C3D4E5F6G7H8", MONDAY, (payment,))
        day.record_deposit(session, PALEMBANG, given, MONDAY, uuid4())
    budi.do("void_receipt", case)
    with budi.psql() as connection:
        with pytest.raises(errors.CheckViolation, match="sudah disetor; batalkan catatan setorannya"):
            connection.execute(REVERSE, (PALEMBANG, case.id, payment))
        connection.rollback()
        deposit = office.rows("SELECT id FROM desk.deposit")[0]["id"]
        connection.execute(
            "INSERT INTO desk.deposit_void (office_id, id, deposit_id, reason) VALUES (%s, %s, %s, 'salah')",
            (PALEMBANG, uuid4(), deposit),
        )
        connection.execute(REVERSE, (PALEMBANG, case.id, payment))


def test_what_a_payment_rests_on_is_withdrawn_with_the_payment_and_not_alone(office: Office, tmp_path: Path) -> None:
    budi, case = office.as_("budi"), office.case_at(money=Money.PROOF)
    [line] = line_ids(office, bring(office, bank_file(tmp_path / "mutasi.csv", [(MONDAY, PRICE, "TRF")])).file_id)
    parts = (LinePart(line, PRICE * 100),)
    budi.do("confirm_payment", case, PaymentInput(amount=PRICE, received_on=MONDAY, reference="FT1", parts=parts))
    use = office.rows("SELECT id FROM desk.line_use")[0]["id"]
    end = "INSERT INTO desk.line_use_end (office_id, id, use_id, reason) VALUES (%s, %s, %s, 'keliru')"
    with budi.psql() as connection:
        with pytest.raises(errors.CheckViolation, match="dengan membatalkan pembayarannya"):
            connection.execute(end, (PALEMBANG, uuid4(), use))
        connection.rollback()
        payment = office.facts(case).payment.payment_id
        connection.execute(REVERSE, (PALEMBANG, case.id, payment))
        free = "SELECT desk.used_of_line(%s, %s) AS used"
        assert connection.execute(free, (PALEMBANG, line)).fetchone() == {"used": 0}


@pytest.mark.parametrize("part", ["issue_invoice", "record_proof"])
def test_the_second_person_has_neither_issued_the_invoice_nor_recorded_the_proof(office: Office, part: str) -> None:
    lina, doni, yuni = office.as_("lina"), office.as_("doni"), office.as_("yuni")  # lina: officer and supervisor
    case: Ref = office.clear_case(JAMBI)
    (lina if part == "issue_invoice" else doni).do("issue_invoice", case)
    (lina if part == "record_proof" else doni).do("record_proof", case)
    yuni.do("confirm_payment", case)
    payment = office.facts(case).payment.payment_id
    with lina.psql() as connection, pytest.raises(errors.CheckViolation, match="tidak boleh menyetujui pembayarannya"):
        connection.execute(APPROVE, (JAMBI, case.id, payment, yuni.login))
