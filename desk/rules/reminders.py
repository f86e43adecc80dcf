"""The reminder ladder: when the customer is reminded of the payment or of the signed original, and how often already.

A ladder begins when the customer has everything in hand: invoice and SPPD are sent, a proof or an original was sent
back, the courier has the original. Each rung follows so many calendar days after the one before (rule book), on a
working day. It ends by itself: the proof or the paper is in, the invoice has run out or is withdrawn, the case is over.
All of it follows from the story, so nothing has to be switched off.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from desk.rules.case import About, CaseFacts, Ladder, Money, Moved, Original, Stage
from desk.rules.custody import EXPECTED, Custody
from desk.rules.dates import day_text, short_text
from desk.rules.deadlines import reminder_due
from desk.rules.people import Actor
from desk.rules.working_days import Calendar

URGENT_FROM = 3
"""From this rung on the text says that it is the last written reminder; later ones are for the telephone."""

_NOT_SENT = frozenset({Original.NONE, Original.ISSUED})
_AT_CUSTOMER = frozenset({Original.AWAITED, Original.REFUSED})


def ladders(case: CaseFacts, proof_days: int, original_days: int, calendar: Calendar) -> tuple[Ladder, ...]:
    """What is awaited from the customer now, with the next reminder of each; empty when nothing is."""
    if case.stage is not Stage.ACTIVE:
        return ()
    found = []
    if case.money is Money.INVOICED and case.invoice is not None and case.original not in _NOT_SENT:
        began = _began(case, lambda move: move.money is Money.INVOICED and move.original not in _NOT_SENT)
        since = max(began, case.invoice.issued_on)
        found.append(_ladder(case, About.PAYMENT, since, proof_days, calendar, until=case.invoice.valid_until))
    if case.original in _AT_CUSTOMER:
        since = _began(case, lambda move: move.original is case.original)
        if case.agreement is not None and case.agreement.posted_on is not None and _all_posted(case):
            since = max(since, case.agreement.posted_on)
        found.append(_ladder(case, About.ORIGINAL, since, original_days, calendar))
    return tuple(found)


def due_now(case: CaseFacts) -> tuple[Ladder, ...]:
    """The ladders whose next rung has come."""
    return tuple(ladder for ladder in case.ladders if ladder.on is not None and ladder.on <= case.today)


def next_reminder(case: CaseFacts) -> date | None:
    """The day on which the next reminder is due."""
    return min((ladder.on for ladder in case.ladders if ladder.on is not None), default=None)


def reminder_why(case: CaseFacts) -> str:
    """What a queue says from that day on; empty when no reminder follows."""
    on = next_reminder(case)
    due = [ladder for ladder in case.ladders if ladder.on is not None and ladder.on == on]
    if not due:
        return ""
    call = ", hubungi lewat telepon" if any(ladder.rung > URGENT_FROM for ladder in due) else ""
    rungs = {ladder.rung for ladder in due}
    if len(rungs) > 1:
        return f"Ingatkan {rungs_text(due)}{call}"
    return f"Ingatkan ke-{rungs.pop()}: {' dan '.join(ladder.about.label for ladder in due)}{call}"


def rungs_text(asked: list[Ladder] | tuple[Ladder, ...]) -> str:
    """`bukti bayar (ke-2) dan naskah asli (ke-1)`."""
    return " dan ".join(f"{ladder.about.label} (ke-{ladder.rung})" for ladder in asked)


def why_not_remind(case: CaseFacts, _actor: Actor) -> str | None:
    """A reminder goes out when its day has come, and once."""
    if due_now(case):
        return None
    if not case.ladders:
        return "Tidak ada yang sedang ditunggu dari pengguna data."
    last = max((sent.on for sent in case.reminders), default=None)
    on = next_reminder(case)
    said = f"Pengingat terakhir dikirim {day_text(last)}; " if last else ""
    words = f"pengingat berikutnya {day_text(on)}." if on else "tidak ada pengingat lagi sebelum invoice berakhir."
    return (said + words)[:1].upper() + (said + words)[1:]


def _ladder(
    case: CaseFacts, about: About, since: date, days: int, calendar: Calendar, until: date | None = None
) -> Ladder:
    sent = [one for one in case.reminders if one.about is about and one.since == since]
    on: date | None = reminder_due(sent[-1].on if sent else since, days, calendar)
    told = f"Ditunggu sejak {short_text(since)}"
    if sent:
        told += f", sudah diingatkan {len(sent)} kali, terakhir {short_text(sent[-1].on)}"
    if on is not None and until is not None and on > until:
        on = None
        told += "; tidak ada pengingat lagi sebelum invoice berakhir"
    elif on is not None:
        told += f"; pengingat ke-{len(sent) + 1} {day_text(on)}"
    return Ladder(about, since, len(sent) + 1, on, f"{told}.")


def _began(case: CaseFacts, holds: Callable[[Moved], bool]) -> date:
    """The day from which on something has been so without a break."""
    since = case.today
    for move in reversed(case.moves):
        if not holds(move):
            break
        since = move.on
    return since


def _all_posted(case: CaseFacts) -> bool:
    assert case.agreement is not None
    expected = {step.value for step in EXPECTED}
    awaited = [state for state in case.agreement.copy_states if state in expected]
    return bool(awaited) and all(state == Custody.POSTED.value for state in awaited)
