"""The promises of the desk: when each falls due, and the sentence that explains its date.

A due date is stored when the promise is made, with the version of the calendar it was counted with; a later decree
does not move it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from desk.rules.dates import MONTHS_SHORT, add_months, day_text, month_text, short_text
from desk.rules.working_days import (
    Calendar,
    add_working_days,
    days_off_between,
    is_working_day,
    roll_back,
    roll_forward,
    why_uncertain,
)

_NAMED_DAYS_OFF = 3
"""More than these are counted, not listed: the sentence stands under a date in a narrow pane."""

_SOON_DAYS = 3
"""Calendar days; wide enough that Friday already shows what is due on Monday."""


@dataclass(frozen=True, slots=True)
class Due:
    """A due date with the sentence that explains it, and a warning where the calendar may still change."""

    on: date
    sentence: str
    warning: str | None = None


class Urgency(Enum):
    """How near a due date is."""

    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"


def service_due(clear_on: date, days: int, calendar: Calendar) -> Due:
    """Give the end of the service promise: so many working days from the day the request was clear, that day excluded.

    Both service standards promise 10.
    """
    return _working_days_due(clear_on, days, calendar, "permintaan clear")


def correction_due(asked_on: date, days: int, calendar: Calendar) -> Due:
    """Give the end of the correction promise: so many working days from the day it was asked for (standards: 5)."""
    return _working_days_due(asked_on, days, calendar, "perbaikan diminta")


def invoice_due(issued_on: date, months: int = 1, calendar: Calendar | None = None) -> Due:
    """Give the last day an invoice can be paid: so many months later, clamped to the month's end (standards: 1).

    The date stays where it is on a day off; with a calendar the sentence then names the next working day too.
    """
    on = add_months(issued_on, months)
    sentence = f"Berlaku {months} bulan sejak terbit {short_text(issued_on)}."
    if calendar is not None and not is_working_day(on, calendar):
        sentence += f" {day_text(on)} hari libur; kantor buka lagi {day_text(roll_forward(on, calendar))}."
    return Due(on, sentence)


def reminder_due(since: date, calendar_days: int, calendar: Calendar) -> date:
    """Give the day to remind the customer: so many calendar days after the last one, rolled forward.

    Nobody is reminded on a day on which the office could not answer.
    """
    return roll_forward(since + timedelta(days=calendar_days), calendar)


def deposit_due(received_on: date, days: int, calendar: Calendar) -> Due:
    """Give the day by whose end received money is in the state treasury: the working day of receipt, else the next.

    `days` working days more where an office has permission. Source: PMK 3/PMK.02/2013 pasal 4-5.
    """
    first = roll_forward(received_on, calendar)
    on = add_working_days(first, days, calendar)
    if on == received_on:
        return Due(on, f"Disetor paling lambat akhir hari kerja penerimaan, {day_text(on)}.")
    reason = "hari kerja berikutnya" if not days else f"{days} hari kerja"
    return Due(on, f"Disetor paling lambat {day_text(on)}, {reason} setelah diterima {short_text(received_on)}.")


def monthly_material_due(month: date, day: int, calendar: Calendar) -> Due:
    """Give the day the material about the month (any day of it) is due: the given day of the next month, rolled back.

    Source: PMK 162/PMK.05/2013, the 10th; the working day before where the 10th is a day off.
    """
    wanted = add_months(month.replace(day=1), 1).replace(day=day)
    on = roll_back(wanted, calendar)
    moved = "" if on == wanted else f", maju dari {day_text(wanted)} karena libur"
    return Due(on, f"Bahan {month_text(month)} paling lambat tanggal {day} bulan berikutnya{moved}.")


def urgency(due: date, today: date) -> Urgency:
    """Give how near the due date is: late, today, soon (within three calendar days) or later."""
    left = (due - today).days
    if left < 0:
        return Urgency.LATE
    if left == 0:
        return Urgency.TODAY
    return Urgency.SOON if left <= _SOON_DAYS else Urgency.LATER


def urgency_text(due: date, today: date) -> str:
    """Give the distance as lists show it: `hari ini`, `besok`, `2 hari`, `lewat 3 hari` (calendar days)."""
    left = (due - today).days
    if left < 0:
        return f"lewat {-left} hari"
    return {0: "hari ini", 1: "besok"}.get(left, f"{left} hari")


def _working_days_due(start: date, days: int, calendar: Calendar, event: str) -> Due:
    on = add_working_days(start, days, calendar)
    skipped = days_off_between(start, on, calendar)
    sentence = f"{days} hari kerja sejak {event} {short_text(start)}"
    if len(skipped) > _NAMED_DAYS_OFF:
        (first, _), (last, _) = skipped[0], skipped[-1]
        sentence += f"; {len(skipped)} hari libur dilewati ({_day_and_month(first)}–{_day_and_month(last)})"
    elif skipped:
        sentence += "; libur dilewati: " + ", ".join(
            f"{_short_name(name)} ({_day_and_month(on)})" for on, name in skipped
        )
    return Due(on, f"{sentence}.", why_uncertain(start, on, calendar))


def _day_and_month(day: date) -> str:
    return f"{day.day} {MONTHS_SHORT[day.month - 1]}"


def _short_name(name: str) -> str:
    return name.replace("Hari Raya ", "").replace("Hari Suci ", "").replace("Cuti Bersama", "cuti bersama")
