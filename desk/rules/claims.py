"""Who holds a case: a word for colleagues with an end, so that two people do not begin the same work.

Holding a case does not keep others from their own tracks; it keeps them from taking the case. How long it lasts is
decided by the database (`desk.hold_case`): half an hour, renewed by work; three days when it was handed over.
"""

from __future__ import annotations

from datetime import date, timedelta

from desk.rules.case import CaseFacts, Holder
from desk.rules.dates import DAYS_SHORT, MONTHS_SHORT
from desk.rules.people import Actor, Duty

RENEW_BELOW = timedelta(minutes=20)
"""A claim that ends sooner is renewed while its holder works in the case."""

ABOUT_THE_HOLDER = frozenset({"claim_case", "release_case", "hand_over"})
"""Deeds that change only who has the case: what came in before them still waits to be read."""


def until_text(holder: Holder, today: date) -> str:
    """The end of a claim on the office's clock: `10.42`, or `Rab 25 Nov 10.42` on another day."""
    clock = f"{holder.until:%H.%M}"
    day = holder.until.date()
    return clock if day == today else f"{DAYS_SHORT[day.weekday()]} {day.day} {MONTHS_SHORT[day.month - 1]} {clock}"


def held_sentence(holder: Holder, login: str, today: date) -> str:
    """Who holds the case and until when, for the one who looks at it."""
    who = "Anda" if holder.login == login else holder.name
    return f"{who} memegang permohonan ini sampai {until_text(holder, today)}."


def why_not_claim(case: CaseFacts, actor: Actor) -> str | None:
    """Nobody takes what a colleague holds, nor twice."""
    if case.holder is None:
        return None
    if case.holder.login == actor.login:
        return f"Anda sudah memegang permohonan ini sampai {until_text(case.holder, case.today)}."
    return _held(case, case.holder)


def why_not_release(case: CaseFacts, actor: Actor) -> str | None:
    """Only what is held can be let go: by its holder, or by a supervisor."""
    if case.holder is None:
        return "Permohonan ini tidak dipegang siapa pun."
    return _why_not_change(case, actor)


def why_not_hand_over(case: CaseFacts, actor: Actor) -> str | None:
    """What a colleague holds is handed over by that colleague, or by a supervisor."""
    return _why_not_change(case, actor)


def _why_not_change(case: CaseFacts, actor: Actor) -> str | None:
    if case.holder is None or case.holder.login == actor.login or Duty.SUPERVISOR in actor.duties_in(case.office_id):
        return None
    return _held(case, case.holder)


def _held(case: CaseFacts, holder: Holder) -> str:
    return (
        f"{holder.name} memegang permohonan ini sampai {until_text(holder, case.today)}. "
        "Tunggu, atau minta penyelia melepasnya."
    )
