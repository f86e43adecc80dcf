"""Working days: Monday to Friday without national holidays, joint leave (cuti bersama) and an office's own days off."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from typing import Any

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


class DayKind(Enum):
    """Why a day is off."""

    PUBLIC = "public"
    JOINT_LEAVE = "joint_leave"
    OFFICE = "office"

    @property
    def label(self) -> str:
        """The words on the calendar screen."""
        return {"public": "libur nasional", "joint_leave": "cuti bersama", "office": "libur kantor"}[self.value]


@dataclass(frozen=True, slots=True)
class DayOff:
    """One day on which the desk is closed, with the decree that says so (empty where none is recorded)."""

    on: date
    name: str
    kind: DayKind
    decree: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days off that a promise is counted with. The version is stored beside every promised date.

    Joint leave is decreed year by year: outside `known_from` … `known_until` a counted date can still move.
    """

    version: str
    days_off: Mapping[date, str]
    known_from: int
    known_until: int

    def with_days(self, extra: Mapping[date, str], *, version: str) -> Calendar:
        """Give this calendar with an office's own days off added, under a version of its own."""
        return replace(self, version=version, days_off={**self.days_off, **extra})


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Say whether the desk works on that day (Perpres 21/2023: five days, Monday to Friday)."""
    return day.weekday() < _SATURDAY and day not in calendar.days_off


def add_working_days(start: date, days: int, calendar: Calendar) -> date:
    """Give the working day that many working days after the start; the start itself is not counted.

    Zero gives the start, or the next working day where the desk is closed; a negative count goes backwards.
    """
    if days == 0:
        return roll_forward(start, calendar)
    step = _ONE_DAY if days > 0 else -_ONE_DAY
    day = start
    for _ in range(abs(days)):
        day += step
        while not is_working_day(day, calendar):
            day += step
    return day


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """Give how many working days lie after the start up to and with the end: what is left of a promise.

    Negative when the end is earlier, so that it undoes `add_working_days` in both directions.
    """
    if end < start:
        return -_count(end, start - _ONE_DAY, calendar)
    return _count(start + _ONE_DAY, end, calendar)


def roll_forward(day: date, calendar: Calendar) -> date:
    """Give the day itself, or the next working day where the desk is closed (deposits roll this way)."""
    while not is_working_day(day, calendar):
        day += _ONE_DAY
    return day


def roll_back(day: date, calendar: Calendar) -> date:
    """Give the day itself, or the working day before where the desk is closed (monthly material rolls this way)."""
    while not is_working_day(day, calendar):
        day -= _ONE_DAY
    return day


def days_off_between(start: date, end: date, calendar: Calendar) -> list[tuple[date, str]]:
    """Give the named days off on weekdays after the start up to and with the end, in order: what a count skipped."""
    return [
        (day, name)
        for day, name in sorted(calendar.days_off.items())
        if start < day <= end and day.weekday() < _SATURDAY
    ]


def why_uncertain(start: date, end: date, calendar: Calendar) -> str | None:
    """Give the warning for a span that touches a year whose joint leave is not in the calendar, else None."""
    first, last = sorted((start.year, end.year))
    unknown = next((year for year in range(first, last + 1) if not _is_known(year, calendar)), None)
    if unknown is None:
        return None
    return (
        f"Cuti bersama {unknown} belum tercatat di kalender, jadi tanggal ini dapat berubah. "
        "Minta administrator memperbarui kalender."
    )


def calendar_from_days(days: Iterable[DayOff], *, version: str, known_from: int, known_until: int) -> Calendar:
    """Give the calendar made of these days off; a day named twice keeps both names."""
    names: dict[date, list[str]] = {}
    for day in days:
        names.setdefault(day.on, []).append(day.name)
    return Calendar(version, {on: "; ".join(named) for on, named in names.items()}, known_from, known_until)


def calendar_from_toml(text: str) -> Calendar:
    """Give the calendar written in a shipped calendar file (the text of `resources/calendars/*.toml`)."""
    data = tomllib.loads(text)
    return calendar_from_days(
        days_off_from_toml(text),
        version=data["version"],
        known_from=data["joint_leave_known_from"],
        known_until=data["joint_leave_known_until"],
    )


def days_off_from_toml(text: str) -> list[DayOff]:
    """Give the rows of a shipped calendar file, each with its kind and decree: what fills the calendar table."""
    years: list[dict[str, Any]] = tomllib.loads(text)["year"]
    return [
        DayOff(row["on"], row["name"], DayKind(row["kind"]), row.get("decree", year["decree"]))
        for year in years
        for row in year["days"]
    ]


def _count(first: date, last: date, calendar: Calendar) -> int:
    span = (last - first).days + 1
    return sum(is_working_day(first + timedelta(days=offset), calendar) for offset in range(span))


def _is_known(year: int, calendar: Calendar) -> bool:
    return calendar.known_from <= year <= calendar.known_until
