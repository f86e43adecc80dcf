"""Every promise has a date and a sentence that says where the date comes from."""

from __future__ import annotations

from datetime import date

import pytest

from desk.rules.deadlines import (
    Urgency,
    correction_due,
    deposit_due,
    invoice_due,
    monthly_material_due,
    reminder_due,
    service_due,
    urgency,
    urgency_text,
)
from tests.rules.test_working_days import CALENDAR


def test_the_service_promise_names_the_holidays_it_skips() -> None:
    due = service_due(date(2026, 12, 14), 10, CALENDAR)
    assert due.on == date(2026, 12, 30)
    assert due.sentence == (
        "10 hari kerja sejak permintaan clear 14 Des 2026; libur dilewati: cuti bersama Natal (24 Des), Natal (25 Des)."
    )
    assert due.warning is None


def test_many_holidays_are_counted_instead_of_listed() -> None:
    due = service_due(date(2027, 2, 26), 10, CALENDAR)
    assert due.on == date(2027, 3, 22)
    assert due.sentence == ("10 hari kerja sejak permintaan clear 26 Feb 2027; 6 hari libur dilewati (8 Mar–15 Mar).")


def test_an_ordinary_fortnight_needs_no_more_words() -> None:
    assert service_due(date(2026, 11, 20), 10, CALENDAR).sentence == (
        "10 hari kerja sejak permintaan clear 20 Nov 2026."
    )


def test_a_promise_into_a_year_without_joint_leave_carries_a_warning() -> None:
    due = service_due(date(2027, 12, 20), 10, CALENDAR)
    assert due.on.year == 2028
    assert "Cuti bersama 2028" in (due.warning or "")


def test_a_correction_takes_five_working_days() -> None:
    due = correction_due(date(2026, 11, 21), 5, CALENDAR)
    assert due.on == date(2026, 11, 27)
    assert due.sentence.startswith("5 hari kerja sejak perbaikan diminta 21 Nov 2026")


def test_an_invoice_lives_one_month_and_keeps_its_day_on_a_holiday() -> None:
    assert invoice_due(date(2027, 1, 31)).on == date(2027, 2, 28)
    due = invoice_due(date(2026, 11, 25), 1, CALENDAR)
    assert due.on == date(2026, 12, 25)
    assert due.sentence == (
        "Berlaku 1 bulan sejak terbit 25 Nov 2026. Jum 25 Des 2026 hari libur; kantor buka lagi Sen 28 Des 2026."
    )
    assert invoice_due(date(2026, 11, 24), 1).sentence == "Berlaku 1 bulan sejak terbit 24 Nov 2026."


def test_a_reminder_falls_on_a_working_day() -> None:
    assert reminder_due(date(2026, 11, 20), 7, CALENDAR) == date(2026, 11, 27)
    assert reminder_due(date(2026, 12, 18), 7, CALENDAR) == date(2026, 12, 28)  # Christmas, then a weekend


def test_money_is_deposited_on_the_day_it_came_or_the_next_working_day() -> None:
    same_day = deposit_due(date(2026, 12, 23), 0, CALENDAR)
    assert same_day.on == date(2026, 12, 23)
    assert same_day.sentence == "Disetor paling lambat akhir hari kerja penerimaan, Rab 23 Des 2026."
    holiday = deposit_due(date(2026, 12, 24), 0, CALENDAR)
    assert holiday.on == date(2026, 12, 28)
    assert "hari kerja berikutnya setelah diterima 24 Des 2026" in holiday.sentence
    assert deposit_due(date(2026, 12, 23), 2, CALENDAR).on == date(2026, 12, 29)


@pytest.mark.parametrize(
    ("month", "due"),
    [
        (date(2026, 9, 30), date(2026, 10, 9)),
        (date(2026, 10, 1), date(2026, 11, 10)),
        (date(2026, 12, 31), date(2027, 1, 8)),
        (date(2027, 2, 15), date(2027, 3, 5)),
    ],
)
def test_the_monthly_material_is_due_on_the_tenth_rolled_back(month: date, due: date) -> None:
    found = monthly_material_due(month, 10, CALENDAR)
    assert found.on == due
    assert ("maju dari" in found.sentence) is (due.day != 10)


@pytest.mark.parametrize(
    ("due", "near", "text"),
    [
        (date(2026, 11, 18), Urgency.LATE, "lewat 3 hari"),
        (date(2026, 11, 20), Urgency.LATE, "lewat 1 hari"),
        (date(2026, 11, 21), Urgency.TODAY, "hari ini"),
        (date(2026, 11, 22), Urgency.SOON, "besok"),
        (date(2026, 11, 23), Urgency.SOON, "2 hari"),
        (date(2026, 11, 24), Urgency.SOON, "3 hari"),
        (date(2026, 11, 25), Urgency.LATER, "4 hari"),
    ],
)
def test_a_list_says_how_near_a_due_date_is(due: date, near: Urgency, text: str) -> None:
    today = date(2026, 11, 21)
    assert urgency(due, today) is near
    assert urgency_text(due, today) == text
