"""Dates are written, typed and counted the way the office does it, on the office's own clock."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import Refused
from desk.rules import dates
from desk.rules.dates import (
    add_months,
    date_text,
    day_text,
    local_date,
    local_year,
    month_text,
    parse_date,
    short_text,
    time_text,
)

A_DAY = date(2026, 11, 21)


def test_a_date_has_a_text_for_papers_for_lists_and_for_headings() -> None:
    assert date_text(A_DAY) == "21 November 2026"
    assert short_text(date(2026, 8, 5)) == "5 Agu 2026"
    assert day_text(date(2026, 12, 30)) == "Rab 30 Des 2026"
    assert month_text(date(2027, 2, 1)) == "Februari 2027"


@pytest.mark.parametrize(
    "typed",
    [
        "21/11/2026",
        "21-11-26",
        "21.11.2026",
        "21 11 2026",
        "21 Nov 2026",
        "21 nop 2026",
        "21 NOVEMBER 2026",
        "21-Nov-26",
        "Sabtu, 21 November 2026",
        "Sab 21 Nov 2026",
        "21 November, 2026",
        "2026-11-21",
        "  21\u00a0November 2026 ",
        "21 / 11 / 2026",
    ],
)
def test_the_usual_ways_to_type_a_date_are_read(typed: str) -> None:
    assert parse_date(typed) == A_DAY


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "belum diisi"),
        ("kemarin", "tidak dapat dibaca"),
        ("21/11", "tahun"),
        ("11/21/2026", "Bulan 21 tidak ada"),
        ("29/02/2027", "29 Februari 2027 tidak ada"),
        ("31 April 2026", "31 April 2026 tidak ada"),
        ("0/1/2026", "tidak ada"),
        ("21 Pon 2026", "“pon” tidak dikenal"),
        ("21/11/1026", "Tahun 1026"),
        ("21/11/20266", "tidak dapat dibaca"),
        ("２１/11/2026", "tidak dapat dibaca"),
    ],
)
def test_a_day_that_is_none_is_refused_with_a_sentence(typed: str, says: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_date(typed)
    assert says in str(refusal.value)
    assert str(refusal.value).endswith(".")


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_date_the_program_writes_it_can_read(day: date) -> None:
    for text in (date_text(day), short_text(day), day_text(day), day.isoformat(), day.strftime("%d/%m/%y")):
        assert parse_date(text) == day


@given(st.text(max_size=24))
def test_no_text_at_all_breaks_the_date_field(text: str) -> None:
    with contextlib.suppress(Refused):
        parse_date(text)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 21), 1, date(2026, 12, 21)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_one_month_later_stays_inside_the_month(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


@pytest.mark.parametrize(
    ("zone", "clock", "day"),
    [
        ("WIB", "01.30", date(2027, 1, 1)),
        ("WITA", "02.30", date(2027, 1, 1)),
        ("WIT", "03.30", date(2027, 1, 1)),
        ("Asia/Jakarta", "01.30", date(2027, 1, 1)),
    ],
)
def test_the_last_evening_of_the_year_in_london_is_already_next_year_here(zone: str, clock: str, day: date) -> None:
    moment = datetime(2026, 12, 31, 18, 30, tzinfo=UTC)
    assert local_date(moment, zone) == day
    assert local_year(moment, zone) == 2027
    assert time_text(moment, zone) == clock


def test_the_three_zones_part_ways_around_midnight() -> None:
    moment = datetime(2026, 12, 31, 15, 30, tzinfo=UTC)
    assert [local_year(moment, zone) for zone in ("WIB", "WITA", "WIT")] == [2026, 2026, 2027]
    assert local_date(moment.astimezone(timezone(timedelta(hours=-5))), "WIT") == date(2027, 1, 1)


def test_a_time_without_zone_is_a_mistake_and_an_unknown_zone_is_named() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        local_date(datetime(2026, 12, 31, 18, 30), "WIB")  # noqa: DTZ001 - the mistake itself
    with pytest.raises(Refused, match="WIB, WITA, atau WIT"):
        dates.zone_of("../../etc/passwd")
