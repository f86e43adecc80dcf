"""What importing costs: the screens without a bundle, and what a first window needs of it."""

from __future__ import annotations

import subprocess
import sys

from desk.bench.figures import Figure, of_times

_CLOCK = "import time; t = time.perf_counter(); {work}; print((time.perf_counter() - t) * 1000)"
_WHAT = {
    "import PySide6.QtWidgets (raw limit)": "import PySide6.QtWidgets",
    "import desk.ui.main_window": "import desk.ui.main_window",
    "import desk.actions": "import desk.actions",
}


def measure() -> list[Figure]:
    """Import times of fresh interpreters, in milliseconds."""
    figures: list[Figure] = []
    for name, work in _WHAT.items():
        times = [_once(work) for _ in range(9)]
        figures.append(of_times(name, times[1:], raw=figures[0].median if figures else None))
    return figures


def _once(work: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", _CLOCK.format(work=work)], capture_output=True, text=True, check=True, timeout=60
    )
    return float(done.stdout.split()[-1])
