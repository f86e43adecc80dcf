"""The register of an office: every kuitansi, withdrawal and deposit in order, with a balance that never jumps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from desk.rules.case import Money
from desk.rules.day import DepositInput
from desk.rules.register import NOT_THE_BOOKS, Register
from desk.services import day, register
from desk.ui.register_page import write_register
from tests.office import JAMBI, MORNING, PALEMBANG, Office, Ref

if TYPE_CHECKING:
    from pathlib import Path

MONDAY = date(2026, 11, 23)


def month_of(office: Office, month: date = MONDAY, name: str = "budi", office_id: int = PALEMBANG) -> Register:
    with office.as_(name).session() as session:
        return register.register(session, office_id, month)


def deposit(office: Office, case: Ref, on: date, ntpn: str = "A1B2C3D4E5F6G7H8") -> None:
    payment = office.facts(case).payment.payment_id
    assert payment is not None
    with office.as_("budi").session() as session:
        day.record_deposit(session, PALEMBANG, DepositInput("820261123456789", ntpn, on, (payment,)), on, uuid4())


def test_money_stands_in_the_register_with_its_voucher_and_balance(office: Office) -> None:
    first, second = office.case_at(money=Money.RECEIPTED), office.case_at(money=Money.RECEIPTED)
    office.case_at(office_id=JAMBI, money=Money.RECEIPTED)
    deposit(office, first, MONDAY)
    office.set_clock(MORNING + timedelta(1))
    office.as_("budi").do("void_receipt", second)
    office.as_("budi").do("issue_receipt", second)
    found = month_of(office)
    assert [(row.debit, row.credit, row.balance) for row in found.rows] == [
        (120_000, 0, 120_000),
        (120_000, 0, 240_000),
        (0, 120_000, 120_000),
        (0, 120_000, 0),
        (120_000, 0, 120_000),
    ]
    assert found.rows[2].voucher == "A1B2C3D4E5F6G7H8"
    assert "kode billing 820261123456789" in found.rows[2].text
    assert "dibatalkan" in found.rows[3].text
    assert (found.receipts, found.voids, found.deposits, found.closing) == (3, 1, 1, 120_000)
    assert (found.moved_days, found.closed_days) == (2, 0)
    assert found.due.on == date(2026, 12, 10)


def test_what_is_left_goes_over_into_the_next_month_and_the_next_year(office: Office) -> None:
    office.set_clock(datetime(2026, 12, 31, 3, tzinfo=UTC))
    case = office.case_at(money=Money.RECEIPTED)
    office.set_clock(datetime(2026, 12, 31, 18, tzinfo=UTC))  # 1 January 2027 in Palembang
    office.case_at(money=Money.RECEIPTED)
    deposit(office, case, date(2027, 1, 1))
    december, january = month_of(office, date(2026, 12, 5)), month_of(office, date(2027, 1, 1))
    assert (december.opening, december.closing, december.receipts) == (0, 120_000, 1)
    assert (january.opening, january.receipts, january.deposits, january.closing) == (120_000, 1, 1, 120_000)
    assert "/2027" in january.rows[0].voucher


def test_the_excel_file_has_real_dates_and_numbers_and_no_formula(office: Office, tmp_path: Path) -> None:
    from python_calamine import CalamineWorkbook

    case = office.case_at(money=Money.RECEIPTED)
    path = tmp_path / "register.xlsx"
    write_register(path, month_of(office), "=BPS Contoh")
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert str(rows[0][0]).endswith("· =BPS Contoh")
    assert rows[1][0] == NOT_THE_BOOKS
    assert rows[3] == ["No.", "Tanggal", "No. bukti", "Uraian", "Debet", "Kredit", "Saldo"]
    assert rows[4][3:] == ["Saldo awal", "", "", 0.0]
    assert rows[5][1] == MONDAY
    assert rows[5][2] == office.facts(case).payment.receipt_number
    assert rows[5][4:] == [120_000.0, 0.0, 120_000.0]
    assert rows[6][3:] == ["Jumlah bulan ini", 120_000.0, 0.0, 120_000.0]


def test_the_paper_says_that_it_is_not_the_books(office: Office) -> None:
    from desk.adapters import word
    from desk.rules.register import OPTIONAL

    office.case_at(money=Money.RECEIPTED)
    with office.as_("budi").session() as session:
        template, values = register.register_paper(session, PALEMBANG, MONDAY, MONDAY)
    words = word.text_of(word.fill(template, values, OPTIONAL))
    assert NOT_THE_BOOKS in words
    assert "November 2026" in words
    assert "Rp120.000,00" in words
    with office.as_("budi").session() as session:
        template, values = register.register_paper(session, PALEMBANG, date(2026, 10, 1), MONDAY)
    assert "Tidak ada penerimaan" in word.text_of(word.fill(template, values, OPTIONAL))


def test_who_oversees_reads_the_register_of_his_offices_alone(office: Office) -> None:
    office.case_at(money=Money.RECEIPTED)
    assert len(month_of(office, name="wati").rows) == 1
    assert month_of(office, name="yuni").rows == ()
