"""Office hours: when an office is there to be warned, on its own clock and calendar.

What becomes near or late at midnight, or on a Saturday, is said when the office opens next: a warning that nobody can
act upon is noise. The hours are a rule of the office (`office_hours`) with a start date, so Ramadan is two more rows.
PostgreSQL counts the same in `desk.warning_day`; a test holds the two against each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from desk.rules.working_days import Calendar, is_working_day

AHEAD_DAYS = 2
"""Working days before its due day from which on a case is marked as near: Thursday shows what is due on Monday."""
_LONGEST_CLOSED = 60
"""Days; no calendar keeps an office closed for longer."""
_WEEK = 7

Span = tuple[time, time]


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The spans in which an office works, by weekday from Monday on; what lies between two spans is the break."""

    days: tuple[tuple[Span, ...], ...]

    def on(self, day: date) -> tuple[Span, ...]:
        """The spans of a day's weekday, whether or not the day is off."""
        return self.days[day.weekday()] if day.weekday() < len(self.days) else ()


@dataclass(frozen=True, slots=True)
class Warned:
    """How far an office has been warned: what is due until `day` is marked late, what is due until `soon` near."""

    day: date
    soon: date


def always_open(today: date) -> Warned:
    """Give how far an office that never closes has been warned: for facts that were not read from an office."""
    return Warned(today, today + timedelta(days=AHEAD_DAYS))


def office_hours(value: object) -> OfficeHours:
    """The hours as the rule book has them: `[["07:30-12:00", "13:00-16:00"], …]`, Monday first; or ValueError."""
    if not isinstance(value, list) or not 1 <= len(value) <= _WEEK:
        raise ValueError(f"{value!r} bukan daftar jam buka dari Senin")
    hours = OfficeHours(tuple(tuple(_span(each) for each in day) for day in value))
    for spans in hours.days:
        if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
            raise ValueError("jam buka dalam satu hari tidak berurutan")
    if not any(hours.days):
        raise ValueError("tidak ada jam buka")
    return hours


def _clock(moment: datetime | time) -> tuple[int, int, int]:
    """Hour, minute and second on the wall."""
    return moment.hour, moment.minute, moment.second


def is_open(moment: datetime, hours: OfficeHours, calendar: Calendar) -> bool:
    """Say whether the office works at a moment on its own wall clock; not in the break, not on a day off."""
    if not is_working_day(moment.date(), calendar):
        return False
    return any(_clock(begin) <= _clock(moment) < _clock(end) for begin, end in hours.on(moment.date()))


def warning_day(moment: datetime, hours: OfficeHours, calendar: Calendar) -> date:
    """Give the last working day on which the office has opened: the day from which warnings are counted."""
    today = moment.date()
    for back in range(_LONGEST_CLOSED):
        day = today - timedelta(days=back)
        spans = hours.on(day)
        if spans and is_working_day(day, calendar) and (back or _clock(moment) >= _clock(spans[0][0])):
            return day
    return today


def _span(text: object) -> Span:
    begin, _, end = str(text).partition("-")
    span = time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())
    if span[0] >= span[1]:
        raise ValueError(f"{text!r} bukan jam buka")
    return span
