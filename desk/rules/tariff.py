"""What an item costs: tariff rows with any number of intervals, and the price with its reason in words.

Source of the shipped rows: PP 13/2024 (to be confirmed by the office). The known prices of the national shop show
pro-rata steps and a total rounded to whole rupiah: Rp24.077.601 for 1.203.880.050 bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from math import ceil, floor
from typing import Any

from desk.errors import Refused
from desk.rules.rupiah import LARGEST_AMOUNT, rupiah

MB_SIZES = (10**6, 2**20)
"""The two sizes that "1 MB" may mean; the difference is at most Rp971,52 and the regulation does not say."""


class ItemKind(Enum):
    """What is sold; also what `quantity` counts."""

    MICRODATA = "microdata"
    MAP = "map"
    PUBLICATION = "publication"

    @property
    def counted_in(self) -> str:
        """The word for one of what is counted: bytes of a dataset or table, maps, pages."""
        return {"microdata": "byte", "map": "peta", "publication": "halaman"}[self.value]


class StepRounding(Enum):
    """Whether a step that has only begun is charged in part or in full."""

    PRO_RATA = "pro_rata"
    CEIL = "ceil"


class TotalRounding(Enum):
    """How the price becomes whole rupiah."""

    NEAREST = "nearest"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Interval:
    """Rupiah per step of `per` units, for the units up to `up_to` (None: without end); `flat` charges it once."""

    up_to: int | None
    price: int
    per: int
    flat: bool = False


@dataclass(frozen=True, slots=True)
class Tariff:
    """One row of a tariff with its settings; `unit` is the words of the regulation, `article` where it stands."""

    code: str
    kind: ItemKind
    name: str
    unit: str
    article: str
    intervals: tuple[Interval, ...]
    mb_bytes: int
    step_rounding: StepRounding
    total_rounding: TotalRounding


@dataclass(frozen=True, slots=True)
class TariffTable:
    """All rows of one tariff regulation, by code, with its legal basis."""

    basis: str
    rows: Mapping[str, Tariff]

    def row(self, code: str) -> Tariff:
        """Give the row with this code; Refused when the tariff in force does not know it."""
        if code not in self.rows:
            raise Refused(f"Tarif “{code}” tidak ada dalam {self.basis}. Pilih tarif lain untuk butir ini.")
        return self.rows[code]


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a price: how many units it covers, its exact rupiah, and the same in words."""

    units: int
    exact: Fraction
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A price in whole rupiah with the steps it is the sum of and the sentence that explains it."""

    amount: int
    explanation: str
    steps: tuple[Step, ...]


def price(tariff: Tariff, quantity: int) -> Quote:
    """Give the price of one item: `quantity` bytes of one dataset or table, maps of one kind, or pages.

    Exact to the last step, rounded once at the end. A quantity below one or beyond sense raises Refused.
    """
    word = tariff.kind.counted_in
    if quantity < 1:
        raise Refused(f"Jumlah {word} untuk “{tariff.name}” belum diisi. Isi sedikitnya 1 sebelum menghitung harga.")
    steps: list[Step] = []
    start = 0
    for interval in tariff.intervals:
        units = (quantity if interval.up_to is None else min(quantity, interval.up_to)) - start
        if units <= 0:
            break
        steps.append(_step(tariff, interval, units, start, word))
        start += units
    exact = sum((step.exact for step in steps), Fraction())
    amount = _whole(exact, tariff.total_rounding)
    if amount > LARGEST_AMOUNT:
        raise Refused(f"Harga “{tariff.name}” melewati batas program. Periksa kembali jumlah {word}.")
    return Quote(amount, _explain(tariff, quantity, steps, exact, amount), tuple(steps))


def tariff_table(value: Mapping[str, Any], basis: str) -> TariffTable:
    """Give the table kept as a rule's value. Raises KeyError, TypeError or ValueError for a value that is none."""
    mb_bytes = value["mb_bytes"]
    if mb_bytes not in MB_SIZES:
        raise ValueError(f"1 MB tidak mungkin {mb_bytes!r} byte")
    total_rounding = TotalRounding(value["total_rounding"])
    rows = [
        Tariff(
            code=row["code"],
            kind=ItemKind(row["kind"]),
            name=row["name"],
            unit=row["unit"],
            article=row["article"],
            intervals=_intervals(row, mb_bytes),
            mb_bytes=mb_bytes,
            step_rounding=StepRounding(row.get("step_rounding", value["step_rounding"])),
            total_rounding=total_rounding,
        )
        for row in value["rows"]
    ]
    return TariffTable(basis, {row.code: row for row in rows})


def _intervals(row: Mapping[str, Any], mb_bytes: int) -> tuple[Interval, ...]:
    intervals = []
    for part in row["intervals"]:
        up_to = part["up_to_mb"] * mb_bytes if "up_to_mb" in part else part.get("up_to")
        intervals.append(Interval(up_to, part["price"], part.get("per", 1), part.get("flat", False)))
    ends = [interval.up_to for interval in intervals]
    rising = [end for end in ends[:-1] if end is not None]
    if not ends or ends[-1] is not None or len(rising) != len(ends) - 1 or rising != sorted(set(rising)):
        raise ValueError(f"jenjang tarif {row['code']} tidak berurutan")
    if any(interval.price < 0 or interval.per < 1 for interval in intervals):
        raise ValueError(f"harga tarif {row['code']} tidak wajar")
    return tuple(intervals)


def _step(tariff: Tariff, interval: Interval, units: int, start: int, word: str) -> Step:
    cost = rupiah(interval.price)
    if interval.flat:
        end = interval.up_to if interval.up_to is not None else units
        text = f"{'1 MB pertama' if end == tariff.mb_bytes else f'sampai dengan {_dotted(end)} {word}'} {cost}"
        return Step(units, Fraction(interval.price), text)
    count = Fraction(units, interval.per)
    if tariff.step_rounding is StepRounding.CEIL:
        count = Fraction(ceil(count))
    exact = count * interval.price
    rest = "sisanya " if start else ""
    per = f"per {_dotted(interval.per)} {word}" if interval.per > 1 else f"per {word}"
    return Step(units, exact, f"{rest}{_dotted(units)} {word} × {cost} {per} = {_exact_text(exact)}")


def _explain(tariff: Tariff, quantity: int, steps: list[Step], exact: Fraction, amount: int) -> str:
    parts = "; ".join(step.text for step in steps)
    rounded = f", dibulatkan dari {_exact_text(exact)}" if exact != amount else ""
    whole = f"{_dotted(quantity)} {tariff.kind.counted_in}: {parts}"
    total = f"; jumlah {rupiah(amount)}" if len(steps) > 1 or rounded else ""
    return f"{whole}{total}{rounded}."


def _exact_text(exact: Fraction) -> str:
    """Rupiah with as many decimals as a thousandth of a step can have."""
    whole, rest = divmod(exact, 1)
    if not rest:
        return rupiah(int(whole))
    decimals = f"{floor(rest * 1000):03d}".rstrip("0") or "0"
    return f"{rupiah(int(whole))},{decimals}"


def _dotted(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _whole(exact: Fraction, rounding: TotalRounding) -> int:
    if rounding is TotalRounding.UP:
        return ceil(exact)
    if rounding is TotalRounding.DOWN:
        return floor(exact)
    return floor(exact + Fraction(1, 2))
