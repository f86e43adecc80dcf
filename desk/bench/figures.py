"""One measured figure, and how runs become a median."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """A median with its range; `aim` is the figure to beat, `ratio` this figure over the raw limit of the same run."""

    name: str
    median: float
    low: float
    high: float
    unit: str = "ms"
    runs: int = 1
    aim: str = ""
    raw: float | None = None
    note: str = ""
    limit: float | None = None
    """What the median must stay under, in `unit`; None where the aim is told and nothing fails."""

    @property
    def verdict(self) -> str:
        """How it stands to its limit: `held`, `missed`, or `disturbed` where only the quickest run stayed under it."""
        if self.limit is None:
            return ""
        return "held" if self.median < self.limit else "disturbed" if self.low < self.limit else "missed"

    @property
    def ratio(self) -> float | None:
        """How many times the raw limit this is."""
        return self.median / self.raw if self.raw else None

    def as_dict(self) -> dict[str, Any]:
        """The figure for JSON."""
        return {**asdict(self), "ratio": self.ratio, "verdict": self.verdict}


def measured(
    name: str,
    work: Callable[[], object],
    *,
    runs: int = 20,
    warm: int = 2,
    aim: str = "",
    raw: float | None = None,
    note: str = "",
) -> Figure:
    """Runs `work` some times to warm up, then `runs` times, and gives the median in milliseconds."""
    for _ in range(warm):
        work()
    return of_times(name, [timed(work) for _ in range(runs)], aim=aim, raw=raw, note=note)


def timed(work: Callable[[], object]) -> float:
    """How many milliseconds one run took."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def of_times(
    name: str, times: Iterable[float], *, unit: str = "ms", aim: str = "", raw: float | None = None, note: str = ""
) -> Figure:
    """A figure from single measurements."""
    values = sorted(times)
    return Figure(name, statistics.median(values), values[0], values[-1], unit, len(values), aim, raw, note)


def table(figures: Iterable[Figure], machine: Mapping[str, str]) -> str:
    """The figures as readable lines."""
    lines = [", ".join(f"{key} {value}" for key, value in machine.items()), ""]
    lines.append(f"{'figure':58} {'median':>9} {'min':>9} {'max':>9} {'unit':5} {'n':>4} {'×raw':>6}  aim")
    for figure in figures:
        ratio = f"{figure.ratio:6.1f}" if figure.ratio else " " * 6
        lines.append(
            f"{figure.name:58} {figure.median:9.2f} {figure.low:9.2f} {figure.high:9.2f} {figure.unit:5} "
            f"{figure.runs:4} {ratio}  {'  '.join(part for part in (figure.aim, figure.verdict, figure.note) if part)}"
        )
    return "\n".join(lines)
