"""The treasurer's day as PostgreSQL guards it: closed once, in order, with its own figures; deposits of real money."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors

from desk.errors import Refused
from desk.rules.case import Money
from desk.rules.day import DepositInput
from desk.services import day
from tests.office import JAMBI, MORNING, PALEMBANG, Office, Ref

MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)
BILLING, NTPN = "820261123456789", "A1B2C3D4E5F6G7H8"


def close(person: psycopg.Connection[Any], on: date, **claimed: Any) -> dict[str, Any]:
    """Closes a day as somebody would type it, with figures of his own."""
    values = {"payments": 99, "receipts_amount": 1, "last_number": "palsu", **claimed}
    names = "".join(f", {name}" for name in values)
    row = person.execute(
        f"INSERT INTO desk.day_close (office_id, id, day{names}) VALUES (%s, %s, %s{', %s' * len(values)}) RETURNING *",
        (PALEMBANG, uuid4(), on, *values.values()),
    ).fetchone()
    assert row is not None
    return dict(row)


def next_morning(office: Office, days: int = 1) -> None:
    office.set_clock(MORNING + timedelta(days))


def payment_of(office: Office, case: Ref) -> UUID:
    payment = office.facts(case).payment.payment_id
    assert payment is not None
    return payment


def deposit(office: Office, *cases: Ref, on: date = MONDAY, ntpn: str = NTPN, key: UUID | None = None) -> str:
    budi = office.as_("budi")
    asked = DepositInput(BILLING, ntpn, on, tuple(payment_of(office, case) for case in cases))
    with budi.session() as session:
        return day.record_deposit(session, PALEMBANG, asked, on, key or uuid4())


def test_a_closed_day_holds_the_figures_of_the_server_whatever_was_claimed(office: Office) -> None:
    cases = [office.case_at(money=Money.RECEIPTED) for _ in range(2)]
    total = sum(office.facts(case).payment.payment_amount or 0 for case in cases)
    last = office.rows("SELECT number, hash FROM desk.receipt ORDER BY sequence DESC LIMIT 1")[0]
    with office.as_("budi").psql() as budi:
        row = close(budi, MONDAY)
    assert (row["payments"], row["receipts"], row["payments_amount"], row["receipts_amount"]) == (2, 2, total, total)
    assert (row["last_number"], row["last_hash"]) == (last["number"], last["hash"])
    assert (row["differences"], row["by"]) == ([], office.as_("budi").login)


def test_after_the_close_no_money_and_no_kuitansi_bears_that_day(office: Office) -> None:
    proof, receipted = office.case_at(money=Money.PROOF), office.case_at(money=Money.RECEIPTED)
    with office.as_("sri").psql() as sri:
        close(sri, MONDAY)
        sri.commit()
    budi = office.as_("budi")
    for action, case in (("confirm_payment", proof), ("void_receipt", receipted)):
        assert "sudah ditutup" in budi.refusal(action, case)
    next_morning(office)
    budi.do("confirm_payment", proof)
    assert "kuitansi" in office.as_("budi").do("issue_receipt", proof).sentence.lower()


def test_confirmed_money_without_kuitansi_keeps_the_day_open(office: Office) -> None:
    case = office.case_at(money=Money.CONFIRMED)
    number = office.facts(case).number
    with office.as_("budi").psql() as budi, pytest.raises(errors.CheckViolation, match=number):
        close(budi, MONDAY)


def test_days_are_closed_in_order_once_and_never_ahead(office: Office) -> None:
    office.case_at(money=Money.RECEIPTED)
    with office.as_("budi").psql() as budi:
        with pytest.raises(errors.CheckViolation, match="belum tiba"):
            close(budi, TUESDAY)
        budi.rollback()
        close(budi, MONDAY)
        budi.commit()
        with pytest.raises(errors.UniqueViolation):
            close(budi, MONDAY)
    next_morning(office)
    office.case_at(money=Money.RECEIPTED)
    next_morning(office, 2)
    with office.as_("budi").psql() as budi:
        with pytest.raises(errors.CheckViolation, match="Tutup dahulu hari 24-11-2026"):
            close(budi, date(2026, 11, 25))
        budi.rollback()
        close(budi, TUESDAY)
        close(budi, date(2026, 11, 25))
        with pytest.raises(errors.CheckViolation, match="setelahnya sudah ditutup"):
            close(budi, date(2026, 11, 22))


@pytest.mark.parametrize("name", ["rina", "hendra", "wati", "yuni"])
def test_only_the_treasurer_of_the_office_closes_its_day(office: Office, name: str) -> None:
    with office.as_(name).psql() as person, pytest.raises(errors.InsufficientPrivilege):
        close(person, MONDAY)


def test_a_confirmation_under_way_is_waited_for_and_counted(office: Office) -> None:
    case = office.case_at(money=Money.PROOF)
    facts = office.facts(case)
    assert facts.invoice is not None
    with office.as_("budi").psql() as budi, office.as_("sri").psql() as sri:
        budi.execute(
            "INSERT INTO desk.payment (office_id, id, case_id, invoice_id, issued_by, amount, received_on, channel) "
            "VALUES (%s, %s, %s, %s, %s, %s, '2026-11-23', 'transfer')",
            (PALEMBANG, uuid4(), case.id, facts.invoice.id, facts.invoice.issued_by, facts.invoice.total),
        )
        sri.execute("SET lock_timeout = '300ms'")
        with pytest.raises(errors.LockNotAvailable):
            close(sri, MONDAY)
        sri.rollback()
        budi.rollback()
        assert close(sri, MONDAY)["payments"] == 0


def test_every_difference_of_a_day_has_its_case_and_its_reason(office: Office) -> None:
    """Confirmed on Monday, receipted on Tuesday; and a kuitansi withdrawn and given anew on Tuesday."""
    late, again = office.case_at(money=Money.CONFIRMED), office.case_at(money=Money.RECEIPTED)
    next_morning(office)
    budi = office.as_("budi")
    budi.do("issue_receipt", late)
    budi.do("void_receipt", again)
    budi.do("issue_receipt", again)
    with budi.session() as session:
        monday, tuesday = (day.figures(session, PALEMBANG, on) for on in (MONDAY, TUESDAY))
    assert [each.why for each in monday.differences] == ["later"]
    assert sorted(each.why for each in tuesday.differences) == ["late", "replacement", "void"]
    assert monday.explained
    assert tuesday.explained
    assert {each.case_id for each in tuesday.differences} == {late.id, again.id}
    assert tuesday.voids == 1


def test_the_last_kuitansi_of_a_year_is_that_of_its_year(office: Office) -> None:
    office.set_clock(datetime(2026, 12, 31, 3, tzinfo=UTC))
    office.case_at(money=Money.RECEIPTED)
    old = office.rows("SELECT number FROM desk.receipt")[0]["number"]
    office.set_clock(datetime(2026, 12, 31, 18, 30, tzinfo=UTC))  # 2027 in Palembang
    with office.as_("budi").session() as session:
        shown = day.day_view(session, PALEMBANG, date(2027, 1, 1))
        assert shown.figures.last_number == ""
        day.close_day(session, PALEMBANG, date(2026, 12, 31), uuid4())
    rows = office.rows("SELECT day, last_number FROM desk.day_close")
    assert rows == [{"day": date(2026, 12, 31), "last_number": old}]


def test_the_same_key_closes_a_day_once(office: Office) -> None:
    office.case_at(money=Money.RECEIPTED)
    key = uuid4()
    budi = office.as_("budi")
    said = []
    for _ in range(2):
        with budi.session() as session:
            said.append(day.close_day(session, PALEMBANG, MONDAY, key))
    assert said[0] == said[1]
    assert len(office.rows("SELECT FROM desk.day_close")) == 1


def test_a_deposit_holds_the_money_of_its_kuitansi_once(office: Office) -> None:
    first, second = office.case_at(money=Money.RECEIPTED), office.case_at(money=Money.RECEIPTED)
    key = uuid4()
    assert "Rp240.000" in deposit(office, first, second, key=key)
    with office.as_("budi").session() as session:
        assert day.undeposited(session, PALEMBANG, MONDAY) == ()
    with pytest.raises(Refused, match="sudah disetor"):
        deposit(office, first, ntpn="B1B2C3D4E5F6G7H8")
    with office.as_("budi").session() as session:
        day.void_deposit(session, PALEMBANG, key, "NTPN salah ketik")
        assert len(day.undeposited(session, PALEMBANG, MONDAY)) == 2
    assert "Rp120.000" in deposit(office, first)


def test_an_ntpn_proves_one_deposit(office: Office) -> None:
    first, second = office.case_at(money=Money.RECEIPTED), office.case_at(money=Money.RECEIPTED)
    deposit(office, first)
    with pytest.raises(Refused, match="sudah tercatat"):
        deposit(office, second)


def test_money_without_kuitansi_and_money_of_another_office_is_not_deposited(office: Office) -> None:
    with pytest.raises(Refused, match="belum berkuitansi"):
        deposit(office, office.case_at(money=Money.CONFIRMED))
    with pytest.raises(Refused, match="Pilih kuitansi"):
        deposit(office, office.case_at(office_id=JAMBI, money=Money.RECEIPTED))


def test_money_is_due_on_the_day_it_came_and_late_the_day_after(office: Office) -> None:
    office.case_at(money=Money.RECEIPTED)
    with office.as_("budi").session() as session:
        (money,) = day.undeposited(session, PALEMBANG, TUESDAY)
    received = money.received_on
    assert money.due.on >= received
    assert money.late(money.due.on + timedelta(1))
    assert not money.late(money.due.on)


@pytest.mark.parametrize("name", ["rina", "hendra", "wati"])
def test_only_the_treasurer_writes_a_deposit_down(office: Office, name: str) -> None:
    case = office.case_at(money=Money.RECEIPTED)
    with office.as_(name).psql() as person, pytest.raises(errors.InsufficientPrivilege):
        person.execute(
            "SELECT desk.record_deposit(%s, %s, %s, %s, '', %s, %s)",
            (PALEMBANG, uuid4(), BILLING, NTPN, MONDAY, [payment_of(office, case)]),
        )


def test_days_and_deposits_are_final(office: Office) -> None:
    deposit(office, office.case_at(money=Money.RECEIPTED))
    with office.as_("budi").psql() as budi:
        close(budi, MONDAY)
        budi.execute("SAVEPOINT here")
        for table in ("day_close", "deposit", "deposit_line", "deposit_void"):
            for statement in (f"UPDATE desk.{table} SET office_id = office_id", f"DELETE FROM desk.{table}"):
                with pytest.raises(errors.InsufficientPrivilege):
                    budi.execute(statement)
                budi.execute("ROLLBACK TO here")


def test_the_material_of_a_month_that_is_over_is_handed_in_by_the_treasurer_and_stays(office: Office) -> None:
    hand_in = (
        "INSERT INTO desk.month_handover (office_id, id, month, file_name, sha256, by) "
        "VALUES (%s, %s, %s, 'r.xlsx', repeat('a', 64), 'orang lain')"
    )
    with office.as_("budi").psql() as budi:
        with pytest.raises(errors.CheckViolation, match="belum berakhir"):
            budi.execute(hand_in, (PALEMBANG, uuid4(), date(2026, 11, 1)))
        budi.rollback()
        budi.execute(hand_in, (PALEMBANG, uuid4(), date(2026, 10, 1)))
        budi.commit()
        for change in ("UPDATE desk.month_handover SET note = 'x'", "DELETE FROM desk.month_handover"):
            with pytest.raises(errors.InsufficientPrivilege):
                budi.execute(change)
            budi.rollback()
    for other in ("rina", "hendra", "yuni"):
        with office.as_(other).psql() as person, pytest.raises(errors.InsufficientPrivilege):
            person.execute(hand_in, (PALEMBANG, uuid4(), date(2026, 10, 1)))
    assert office.rows("SELECT by FROM desk.month_handover") == [{"by": office.as_("budi").login}]
