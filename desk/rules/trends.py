"""The supervisor's pictures: which figures stand in which picture, and the same figures as lines of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desk.rules.case import Channel, State
from desk.rules.dates import MONTHS_SHORT
from desk.rules.figures import MonthFigures, RedirectCause, Step
from desk.rules.inputs import Fault, FaultOrigin
from desk.rules.rupiah import rupiah


@dataclass(frozen=True, slots=True)
class Bars:
    """A picture: names at the axis and, per kind, one number for each name; several kinds are stacked."""

    title: str
    names: tuple[str, ...]
    values: Mapping[str, Sequence[float]]
    lines: tuple[tuple[str, str, float, str], ...]
    """The same as a table: name, kind, number, and the number as people read it."""
    lying: bool = False
    """Lying bars have room for long names."""


def pictures(months: Sequence[MonthFigures], whole: MonthFigures) -> tuple[Bars, ...]:
    """Requests per month and channel, days per step, reasons, money per month."""
    return (_requests(months), _steps(whole), _reasons(whole), _money(months))


def month_name(month: MonthFigures) -> str:
    """`Nov 26`."""
    return f"{MONTHS_SHORT[month.month.month - 1]} {month.month.year % 100:02}"


def _requests(months: Sequence[MonthFigures]) -> Bars:
    used = [channel for channel in Channel if any(month.by_channel.get(channel) for month in months)]
    names = tuple(month_name(month) for month in months)
    values = {channel.label: [float(month.by_channel.get(channel, 0)) for month in months] for channel in used}
    lines = tuple(
        (month_name(month), channel.label, float(count), str(count))
        for month in reversed(months)
        for channel in used
        if (count := month.by_channel.get(channel, 0))
    )
    return Bars("Permohonan masuk per bulan dan kanal", names, values, lines)


def _steps(whole: MonthFigures) -> Bars:
    found = [(step, *whole.steps[step]) for step in Step if step in whole.steps]
    return Bars(
        "Lama tiap langkah, median hari kerja",
        tuple(step.label for step, _, _ in found),
        {"hari kerja": [days for _, _, days in found]},
        tuple(
            (step.label, f"{count} permohonan", days, f"{days:.1f}".replace(".", ",").removesuffix(",0"))
            for step, count, days in found
        ),
        lying=True,
    )


def _reasons(whole: MonthFigures) -> Bars:
    kinds: tuple[tuple[str, type[State], Mapping[Any, int]], ...] = (
        ("pengalihan", RedirectCause, whole.redirects),
        ("naskah dikembalikan", Fault, whole.refusals),
        ("perbaikan", FaultOrigin, whole.corrections),
    )
    found = [(kind, cause, counted[cause]) for kind, causes, counted in kinds for cause in causes if counted.get(cause)]
    return Bars(
        "Alasan pengalihan, pengembalian naskah, dan perbaikan",
        tuple(cause.label for _, cause, _ in found),
        {
            kind: [float(count) if own == kind else 0.0 for own, _, count in found]
            for kind, _, _ in kinds
            if any(own == kind for own, _, _ in found)
        },
        tuple((cause.label, kind, float(count), str(count)) for kind, cause, count in found),
        lying=True,
    )


def _money(months: Sequence[MonthFigures]) -> Bars:
    amounts = [month.money.receipts_amount for month in months]
    return Bars(
        "Uang masuk per bulan, juta rupiah",
        tuple(month_name(month) for month in months),
        {"kuitansi": [round(amount / 1_000_000, 2) for amount in amounts]},
        tuple(
            (month_name(month), f"{month.money.receipts} kuitansi", float(amount), rupiah(amount))
            for month, amount in reversed(list(zip(months, amounts, strict=True)))
            if month.money.receipts
        ),
    )
