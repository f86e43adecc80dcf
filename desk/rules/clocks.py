"""The clocks of a case: when each runs, when it stands still, and the sentence that says so.

Both standards promise a number of working days from the clear request. The clock stands while the desk has done all
its work and only the customer can go on; which waiting counts is a rule of the office (`service_clock_stops`). The
promise made at the clear request is kept as it was made: the present one follows from the story of the case.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from desk.rules.case import CaseFacts, Data, Money, Moved, Original, ServiceClock, Stage, State
from desk.rules.dates import short_text
from desk.rules.working_days import Calendar, add_working_days, is_working_day, working_days_between


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock in words: what it measures, the day it ends (None while it stands or nothing is promised), and why.

    `promise` clocks are late when their day has passed; the others say when the customer is asked again.
    """

    name: str
    on: date | None
    sentence: str
    promise: bool = True


_ONE_DAY = timedelta(days=1)
_Evenings = list[tuple[date, tuple["Awaited", ...]]]


class Awaited(Enum):
    """What only the customer can bring; the values are written in the rule book."""

    PAYMENT = "payment"
    ORIGINAL = "original"

    @property
    def label(self) -> str:
        """The word in a sentence."""
        return {"payment": "pembayaran", "original": "naskah asli"}[self.value]


_WITH_CUSTOMER: dict[Awaited, frozenset[State]] = {
    Awaited.PAYMENT: frozenset({Money.INVOICED}),
    Awaited.ORIGINAL: frozenset({Original.AWAITED, Original.REFUSED}),
}
_MONEY_RESTS = {Money.INVOICED, Money.RECEIPTED, Money.FREE}
_ORIGINAL_RESTS = {Original.AWAITED, Original.REFUSED, Original.ACCEPTED, Original.FILED}


def awaited(state: Moved) -> tuple[Awaited, ...]:
    """What the desk waits for after its own work is done; empty as long as anybody at the desk has something to do."""
    if state.stage is not Stage.ACTIVE or state.data is not Data.CHECKED:
        return ()
    if state.money not in _MONEY_RESTS or state.original not in _ORIGINAL_RESTS:
        return ()
    return tuple(what for what, states in _WITH_CUSTOMER.items() if state.money in states or state.original in states)


def clocks(case: CaseFacts) -> tuple[Clock, ...]:
    """Every clock that runs or stands in an open case: service, correction, invoice, proof and original awaited."""
    if not case.open():
        return ()
    found = []
    delivered = case.data in (Data.DELIVERED, Data.CONFIRMED, Data.CORRECTING) or case.files.deliveries > 0
    if case.service is not None and not delivered:
        words = (case.service_due_why, case.service.sentence) if case.service.on else (case.service.sentence,)
        found.append(Clock("Layanan", case.service.on, " ".join(filter(None, words))))
    if case.files.correction_due is not None and case.data not in (Data.DELIVERED, Data.CONFIRMED):
        found.append(Clock("Perbaikan", case.files.correction_due, "Sejak pengguna data meminta perbaikan."))
    if case.invoice is not None and case.money is Money.INVOICED:
        issued = short_text(case.invoice.issued_on)
        sentence = f"Invoice terbit {issued} belum dibayar; setelah hari itu diperpanjang atau dibatalkan."
        found.append(Clock("Invoice", case.invoice.valid_until, sentence))
    for ladder in case.ladders:
        name = ladder.about.label[:1].upper() + ladder.about.label[1:]
        found.append(Clock(name, ladder.on, ladder.sentence, promise=False))
    return tuple(found)


def service_clock(
    clear_on: date, promised: date, moves: Sequence[Moved], stops: Collection[Awaited], calendar: Calendar, today: date
) -> ServiceClock:
    """Give the clock of the promise that was made when the request was clear.

    `moves` are the states after each deed, oldest first. Every working day before whose beginning only the customer was
    awaited, for something in `stops`, moves the end on by one working day: the day the answer comes is its last free
    day. A promise that ran out first stays missed.
    """
    waits = _evenings(moves, stops)
    free: list[date] = []
    end, day = promised, clear_on
    while day < end:
        day += _ONE_DAY
        if not _waits_on(waits, min(day - _ONE_DAY, today)):
            continue
        if day > today:
            return _standing(working_days_between(today, end, calendar), waits)
        if is_working_day(day, calendar):
            free.append(day)
            end = add_working_days(end, 1, calendar)
    if not free:
        return ServiceClock(end, "")
    return ServiceClock(
        end, f"Janji semula {short_text(promised)}; {len(free)} hari kerja menunggu pengguna data tidak dihitung."
    )


def _standing(left: int, waits: _Evenings) -> ServiceClock:
    since, what = waits[-1]
    for on, waiting in reversed(waits):
        if not waiting:
            break
        since = on
    words = " dan ".join(one.label for one in what)
    return ServiceClock(
        None, f"Jam layanan berhenti sejak {short_text(since)}, menunggu {words}; sisa {left} hari kerja."
    )


def _evenings(moves: Sequence[Moved], stops: Collection[Awaited]) -> _Evenings:
    """What was awaited in the evening of each day on which something moved; a reason that does not stop is left out."""
    evenings = {move.on: tuple(what for what in awaited(move) if what in stops) for move in moves}
    return sorted(evenings.items())


def _waits_on(waits: _Evenings, evening: date) -> bool:
    before = [waiting for on, waiting in waits if on <= evening]
    return bool(before and before[-1])
