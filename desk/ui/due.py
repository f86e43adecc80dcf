"""Due days in the few words of a list: `hari ini`, `besok`, `lewat 3 hari`, `Sel 24 Nov`."""

from __future__ import annotations

from datetime import date

from desk.rules.dates import DAYS_SHORT, MONTHS_SHORT, day_text
from desk.rules.office_hours import Warned
from desk.ui.theme import Tone


def due_text(due_on: date | None, today: date) -> str:
    """The due day as a list shows it; empty when nothing is promised."""
    if due_on is None:
        return ""
    days = (due_on - today).days
    if days < 0:
        return f"lewat {-days} hari"
    if days == 0:
        return "hari ini"
    if days == 1:
        return "besok"
    if due_on.year != today.year:
        return day_text(due_on)
    return f"{DAYS_SHORT[due_on.weekday()]} {due_on.day} {MONTHS_SHORT[due_on.month - 1]}"


def due_tone(due_on: date | None, warned: Warned) -> Tone:
    """Late from the due day itself on, soon shortly before, as far as the office has been warned."""
    if due_on is None or due_on > warned.soon:
        return Tone.PLAIN
    return Tone.LATE if due_on <= warned.day else Tone.SOON


def due_sentence(due_on: date | None, today: date, why: str) -> str:
    """The due day of an opened case with its reason; the reason alone when the clock stands."""
    if due_on is None:
        return why
    days = (due_on - today).days
    if days < 0:
        said = f"Lewat jatuh tempo {-days} hari ({day_text(due_on)})"
    elif days == 0:
        said = "Jatuh tempo hari ini"
    elif days == 1:
        said = "Jatuh tempo besok"
    else:
        said = f"Jatuh tempo {day_text(due_on)}"
    return f"{said}: {why}" if why else f"{said}."
