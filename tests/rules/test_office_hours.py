"""Warnings wait until the office opens: nights, weekends, days off and Friday's hours."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from desk import resources
from desk.rules.dates import zone_of
from desk.rules.office_hours import OfficeHours, is_open, office_hours, warning_day
from desk.rules.rule_book import office_rules, rules_from_toml
from desk.rules.working_days import Calendar, calendar_from_toml
from tests.office import PALEMBANG

if TYPE_CHECKING:
    from tests.office import Office

NATIONAL = rules_from_toml(resources.resource("rule_book", "national.toml").read_text("utf-8"))
CALENDAR: Calendar = calendar_from_toml(resources.resource("calendars", "indonesia.toml").read_text("utf-8"))
HOURS: OfficeHours = office_rules(NATIONAL, date(2026, 11, 20), PALEMBANG).office_hours
THURSDAY, FRIDAY, MONDAY = 19, 20, 23  # of November 2026


def at(month: int, day: int, hour: int, minute: int) -> datetime:
    """A moment on the wall clock of Palembang."""
    return datetime(2026, month, day, hour, minute, tzinfo=zone_of("WIB"))


CASES = [
    (at(11, MONDAY, 7, 29), FRIDAY, False),
    (at(11, MONDAY, 7, 30), MONDAY, True),
    (at(11, MONDAY, 12, 30), MONDAY, False),  # the break is no reason to take a warning back
    (at(11, FRIDAY, 11, 45), FRIDAY, False),
    (at(11, FRIDAY, 16, 15), FRIDAY, True),  # until 16.30 on Fridays
    (at(11, THURSDAY, 16, 15), THURSDAY, False),
    (at(11, 21, 10, 0), FRIDAY, False),  # Saturday
    (at(11, MONDAY, 0, 0), FRIDAY, False),
]


@pytest.mark.parametrize(("moment", "warned", "opened"), CASES)
def test_an_office_is_warned_from_its_opening_on(moment: datetime, warned: int, opened: bool) -> None:
    assert warning_day(moment, HOURS, CALENDAR) == date(2026, 11, warned)
    assert is_open(moment, HOURS, CALENDAR) is opened


def test_a_day_off_is_passed_over() -> None:
    assert warning_day(at(12, 25, 10, 0), HOURS, CALENDAR) == date(2026, 12, 23), "24 and 25 are days off"
    assert not is_open(at(12, 25, 10, 0), HOURS, CALENDAR)


@pytest.mark.parametrize(
    "value",
    ["07:30-16:00", [], [["16:00-07:30"]], [["13:00-16:00", "07:30-12:00"]], [[]], [["pagi"]], [["07:30-16:00"]] * 8],
)
def test_hours_that_cannot_be_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        office_hours(value)


def test_the_database_counts_the_same(office: Office) -> None:
    """On the office's own clock, whatever the clock of the server."""
    moments = [*CASES, (at(12, 25, 10, 0), None, False)]
    for moment, _, _ in moments:
        office.set_clock(moment)
        [found] = office.rows("SELECT desk.warning_day(:office) AS day", office=PALEMBANG)
        assert found["day"] == warning_day(moment, HOURS, CALENDAR), moment
    office.set_clock(datetime(2026, 11, 22, 22, 45, tzinfo=UTC))  # Monday, 05.45 WIB and 07.45 WIT
    days = office.rows("SELECT desk.warning_day(id) AS day FROM desk.office WHERE id IN (1600, 9400) ORDER BY id")
    assert [each["day"].day for each in days] == [FRIDAY, MONDAY]
