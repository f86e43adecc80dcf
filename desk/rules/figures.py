"""What the desk has done, in figures: requests, promises kept, days per step, reasons and money of one month.

Everything is counted anew from the story and the issued rows; nothing is kept as a sum. Days are working days of the
office. The two promises of both service standards are counted: 10 days from the clear request, 5 for a correction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from desk.rules.case import Channel, Data, Money, Moved, Original, Stage, State
from desk.rules.clocks import Awaited, service_clock
from desk.rules.inputs import Fault, FaultOrigin
from desk.rules.working_days import Calendar, working_days_between


class Step(State):
    """A way between two moments of a case whose length tells where time goes."""

    REVIEW = "review", "Diperiksa sampai clear"
    OFFER = "offer", "Clear sampai invoice dan SPPD dikirim"
    PROOF = "proof", "Dikirim sampai bukti bayar"
    RECEIPT = "receipt", "Bukti bayar sampai kuitansi"
    ORIGINAL = "original", "Dikirim sampai naskah asli diterima"
    PREPARATION = "preparation", "Data disiapkan dan diperiksa"
    DELIVERY = "delivery", "Data siap sampai dikirim"


_ENDS: Mapping[Step, tuple[State | None, frozenset[State]]] = {
    Step.REVIEW: (None, frozenset({Stage.CLEAR})),
    Step.OFFER: (Stage.CLEAR, frozenset({Original.AWAITED})),
    Step.PROOF: (Original.AWAITED, frozenset({Money.PROOF, Money.CONFIRMED})),
    Step.RECEIPT: (Money.PROOF, frozenset({Money.RECEIPTED})),
    Step.ORIGINAL: (Original.AWAITED, frozenset({Original.ACCEPTED})),
    Step.PREPARATION: (Data.PREPARING, frozenset({Data.CHECKED})),
    Step.DELIVERY: (Data.CHECKED, frozenset({Data.DELIVERED})),
}


class RedirectCause(State):
    """How the lines of a request stood when it was sent to consultation."""

    NONE_FITS = "none_fits", "semua baris data tidak sesuai"
    SOME_DO_NOT = "some_do_not", "sebagian baris data tidak sesuai"
    ASKED = "asked", "kesesuaian masih ditanyakan"
    EARLY = "early", "sebelum kesesuaian diperiksa"


@dataclass(frozen=True, slots=True)
class CaseStory:
    """What the figures need of one case: its days and its moves, oldest first."""

    channel: Channel
    registered_on: date
    moves: tuple[Moved, ...]
    clear_on: date | None = None
    promised: date | None = None
    first_delivered_on: date | None = None

    def merged(self) -> bool:
        """Whether it turned out to be a request that was here already, which is counted there."""
        return bool(self.moves) and self.moves[-1].stage is Stage.MERGED


@dataclass(frozen=True, slots=True)
class CorrectionStory:
    """A correction: asked for, promised, and the day on which the replacement went out (None: not yet)."""

    asked_on: date
    due_on: date
    origin: FaultOrigin
    delivered_on: date | None


@dataclass(frozen=True, slots=True)
class MoneyOfMonth:
    """Rows of the month as they were issued; amounts in whole rupiah, withdrawn kuitansi left out of the first two."""

    receipts: int = 0
    receipts_amount: int = 0
    voids: int = 0
    voids_amount: int = 0
    invoices: int = 0
    invoices_amount: int = 0
    free: int = 0
    waived_amount: int = 0


@dataclass(frozen=True, slots=True)
class Promise:
    """How a promise of the standards was kept by what was finished in the month."""

    name: str
    done: int
    in_time: int
    days: float | None
    """Working days as a median, None when nothing was finished."""

    @property
    def share(self) -> str:
        """`11 dari 12 (92%)`; a dash where nothing was finished."""
        return f"{self.in_time} dari {self.done} ({100 * self.in_time // self.done}%)" if self.done else "–"


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """One month of one office."""

    month: date
    by_channel: Mapping[Channel, int]
    clear: int
    redirected: int
    cancelled: int
    delivered: int
    closed: int
    promises: tuple[Promise, ...]
    steps: Mapping[Step, tuple[int, float]]
    """How many cases ended the step in the month, and the median of its working days."""
    redirects: Mapping[RedirectCause, int]
    refusals: Mapping[Fault, int]
    corrections: Mapping[FaultOrigin, int]
    money: MoneyOfMonth = field(default_factory=MoneyOfMonth)

    @property
    def registered(self) -> int:
        """The requests that came in."""
        return sum(self.by_channel.values())


def month_figures(
    month: date,
    until: date,
    cases: Iterable[CaseStory],
    corrections: Sequence[CorrectionStory],
    redirects: Mapping[RedirectCause, int],
    refusals: Mapping[Fault, int],
    money: MoneyOfMonth,
    stops: Collection[Awaited],
    calendar: Calendar,
) -> MonthFigures:
    """Counts one month, from its first day up to the day before `until`."""

    def within(day: date | None) -> bool:
        return day is not None and month <= day < until

    channels: Counter[Channel] = Counter()
    moved: Counter[State] = Counter()
    days_of: dict[Step, list[int]] = {step: [] for step in Step}
    service: list[tuple[int, bool]] = []
    for case in cases:
        if within(case.registered_on) and not case.merged():
            channels[case.channel] += 1
        for before, move in zip((None, *case.moves), case.moves, strict=False):
            if within(move.on):
                for track in ("stage", "data"):
                    state = getattr(move, track)
                    if before is None or getattr(before, track) is not state:
                        moved[state] += 1
        for step, days in _steps_ended(case, month, until, calendar):
            days_of[step].append(days)
        if within(case.first_delivered_on):
            assert case.first_delivered_on is not None
            service.append(_service(case, case.first_delivered_on, stops, calendar))
    repaired = [
        (working_days_between(one.asked_on, one.delivered_on, calendar), one.delivered_on <= one.due_on)
        for one in corrections
        if one.delivered_on is not None and within(one.delivered_on)
    ]
    return MonthFigures(
        month,
        dict(channels),
        moved[Stage.CLEAR],
        moved[Stage.REDIRECTED],
        moved[Stage.CANCELLED],
        moved[Data.DELIVERED],
        moved[Stage.CLOSED],
        (_promise("Layanan, 10 hari kerja sejak clear", service), _promise("Perbaikan, 5 hari kerja", repaired)),
        {step: (len(days), median(days)) for step, days in days_of.items() if days},
        redirects,
        refusals,
        dict(Counter(one.origin for one in corrections if within(one.asked_on))),
        money,
    )


def _promise(name: str, ended: Sequence[tuple[int, bool]]) -> Promise:
    return Promise(
        name, len(ended), sum(kept for _, kept in ended), median(days for days, _ in ended) if ended else None
    )


def _service(case: CaseStory, on: date, stops: Collection[Awaited], calendar: Calendar) -> tuple[int, bool]:
    """Working days from clear to the first delivery, and whether the promise held; waiting for the customer is free."""
    if case.clear_on is None or case.promised is None:
        return 0, True
    clock = service_clock(case.clear_on, case.promised, case.moves, stops, calendar, on)
    return working_days_between(case.clear_on, on, calendar), clock.on is None or on <= clock.on


def _steps_ended(case: CaseStory, month: date, until: date, calendar: Calendar) -> Iterable[tuple[Step, int]]:
    for step, (begin, ends) in _ENDS.items():
        ended = next((move.on for move in case.moves if _any(move, ends)), None)
        if ended is None or not month <= ended < until:
            continue
        began = case.registered_on if begin is None else _first(case.moves, begin)
        if began is not None and began <= ended:
            yield step, working_days_between(began, ended, calendar)


def _first(moves: Sequence[Moved], state: State) -> date | None:
    return next((move.on for move in moves if _any(move, frozenset({state}))), None)


def _any(move: Moved, states: frozenset[State]) -> bool:
    return bool(states & {move.stage, move.money, move.original, move.data})
