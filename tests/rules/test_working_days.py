"""Working days are counted with the calendar of Indonesia, and the desk says when that calendar ends."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.rules.working_days import (
    Calendar,
    DayKind,
    DayOff,
    add_working_days,
    calendar_from_days,
    calendar_from_toml,
    days_off_between,
    days_off_from_toml,
    is_working_day,
    roll_back,
    roll_forward,
    why_uncertain,
    working_days_between,
)

SAMPLES = Path(__file__).parent.parent / "samples" / "calendar"
SHIPPED = (Path(__file__).parents[2] / "resources" / "calendars" / "indonesia.toml").read_text("utf-8")
VECTORS = json.loads((SAMPLES / "working_days.json").read_text("utf-8"))["vectors"]
CALENDAR = calendar_from_toml(SHIPPED)
KIND_IN_SAMPLES = {"national": DayKind.PUBLIC, "cuti_bersama": DayKind.JOINT_LEAVE}
CATEGORIES = {"public": DayKind.PUBLIC, "government": DayKind.JOINT_LEAVE}


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: f"{row['start']}+{row['n']}")
def test_a_promise_in_working_days_ends_on_the_expected_day(row: dict[str, Any]) -> None:
    start, expected = date.fromisoformat(row["start"]), date.fromisoformat(row["expected"])
    assert add_working_days(start, row["n"], CALENDAR) == expected
    assert working_days_between(start, expected, CALENDAR) == row["n"]


@pytest.mark.parametrize(
    ("clear_on", "days", "due"),
    [
        (date(2026, 12, 14), 10, date(2026, 12, 30)),
        (date(2026, 12, 16), 10, date(2027, 1, 4)),
        (date(2027, 2, 26), 10, date(2027, 3, 22)),
        (date(2026, 11, 21), 5, date(2026, 11, 27)),
    ],
)
def test_the_examples_of_the_office_rules(clear_on: date, days: int, due: date) -> None:
    assert add_working_days(clear_on, days, CALENDAR) == due


def test_the_shipped_days_off_are_those_of_the_sample_list() -> None:
    listed = json.loads((SAMPLES / "holidays_2025_2027.json").read_text("utf-8"))["days"]
    shipped = {(row.on, row.kind) for row in days_off_from_toml(SHIPPED) if row.on.year <= 2027}
    assert shipped == {(date.fromisoformat(row["date"]), KIND_IN_SAMPLES[row["kind"]]) for row in listed}


@pytest.mark.parametrize("category", CATEGORIES)
def test_the_shipped_days_off_are_those_of_the_holidays_package(category: str) -> None:
    known = holidays.country_holidays("ID", years=(2025, 2026, 2027), categories=(category,), language="id")
    shipped = {row.on for row in days_off_from_toml(SHIPPED) if row.kind is CATEGORIES[category] and row.on.year < 2028}
    assert shipped == set(known)


def test_every_shipped_year_with_joint_leave_names_its_decree() -> None:
    for row in days_off_from_toml(SHIPPED):
        assert bool(row.decree) is (CALENDAR.known_from <= row.on.year <= CALENDAR.known_until)


@pytest.mark.parametrize(("year", "days"), [(2025, 237), (2026, 240), (2027, 242)])
def test_each_year_has_its_number_of_working_days(year: int, days: int) -> None:
    assert working_days_between(date(year - 1, 12, 31), date(year, 12, 31), CALENDAR) == days


def test_zero_days_means_today_or_the_next_day_the_desk_opens() -> None:
    assert add_working_days(date(2026, 11, 20), 0, CALENDAR) == date(2026, 11, 20)
    assert add_working_days(date(2026, 11, 21), 0, CALENDAR) == date(2026, 11, 23)


def test_a_negative_count_goes_back_over_holidays() -> None:
    assert add_working_days(date(2026, 12, 30), -10, CALENDAR) == date(2026, 12, 14)
    assert working_days_between(date(2026, 12, 30), date(2026, 12, 14), CALENDAR) == -10
    assert working_days_between(date(2026, 12, 14), date(2026, 12, 14), CALENDAR) == 0


@pytest.mark.parametrize(
    ("tenth", "due"),
    [
        (date(2026, 10, 10), date(2026, 10, 9)),
        (date(2026, 11, 10), date(2026, 11, 10)),
        (date(2027, 1, 10), date(2027, 1, 8)),
        (date(2027, 3, 10), date(2027, 3, 5)),
    ],
)
def test_the_tenth_rolls_back_to_a_working_day(tenth: date, due: date) -> None:
    assert roll_back(tenth, CALENDAR) == due


def test_a_deposit_rolls_forward_over_christmas() -> None:
    assert roll_forward(date(2026, 12, 24), CALENDAR) == date(2026, 12, 28)
    assert roll_forward(date(2026, 12, 28), CALENDAR) == date(2026, 12, 28)


def test_the_skipped_days_are_named_and_weekends_are_not() -> None:
    assert days_off_between(date(2026, 12, 14), date(2026, 12, 30), CALENDAR) == [
        (date(2026, 12, 24), "Cuti Bersama Hari Raya Natal"),
        (date(2026, 12, 25), "Hari Raya Natal"),
    ]
    assert days_off_between(date(2027, 2, 5), date(2027, 2, 6), CALENDAR) == []  # the start is out, Imlek is a Saturday


def test_an_office_adds_its_own_day_off_under_its_own_version() -> None:
    local = CALENDAR.with_days({date(2026, 11, 25): "Pilkada"}, version="1571-2")
    assert add_working_days(date(2026, 11, 20), 5, local) == date(2026, 11, 30)
    assert add_working_days(date(2026, 11, 20), 5, CALENDAR) == date(2026, 11, 27)
    assert local.version == "1571-2"
    assert is_working_day(date(2026, 11, 25), CALENDAR)


def test_a_day_named_twice_keeps_both_names() -> None:
    on = date(2027, 5, 1)
    twice = calendar_from_days(
        [DayOff(on, "Hari Buruh", DayKind.PUBLIC), DayOff(on, "Libur kantor", DayKind.OFFICE)],
        version="x",
        known_from=2027,
        known_until=2027,
    )
    assert twice.days_off == {on: "Hari Buruh; Libur kantor"}


def test_a_promise_that_reaches_a_year_without_joint_leave_is_marked_uncertain() -> None:
    assert why_uncertain(date(2026, 12, 16), date(2027, 1, 4), CALENDAR) is None
    warning = why_uncertain(date(2027, 12, 27), date(2028, 1, 10), CALENDAR)
    assert warning is not None
    assert "Cuti bersama 2028 belum tercatat" in warning
    assert "2024" in (why_uncertain(date(2025, 1, 3), date(2024, 12, 30), CALENDAR) or "")


starts = st.dates(date(2025, 1, 1), date(2027, 6, 30))


@given(starts, st.integers(1, 60))
def test_counting_there_and_counting_back_agree(start: date, days: int) -> None:
    end = add_working_days(start, days, CALENDAR)
    assert is_working_day(end, CALENDAR)
    assert working_days_between(start, end, CALENDAR) == days
    assert working_days_between(start, end - timedelta(days=1), CALENDAR) == days - 1
    back = add_working_days(end, -days, CALENDAR)
    assert working_days_between(end, back, CALENDAR) == -days


def test_without_holidays_a_week_has_five_working_days() -> None:
    plain = Calendar("plain", {}, 1900, 2200)
    week = [date(2026, 11, 16) + timedelta(days=offset) for offset in range(7)]
    assert Counter(is_working_day(day, plain) for day in week) == {True: 5, False: 2}
