"""From the start of the program to a queue that can be used, and how much memory a workstation takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

from desk.bench.figures import Figure, of_times
from desk.bench.office import BenchOffice, bench_office

_CASES = 10_000
_RUNS = 6


def measure() -> list[Figure]:
    """Starts a workstation again and again on an existing database; the first start only warms the disk."""
    with bench_office() as office:
        office.grow(_CASES)
        bare = [_bare_window() for _ in range(_RUNS)]
        starts = [_once(office) for _ in range(_RUNS)]
    raw = of_times("start of a bare window with one list (raw limit)", bare[1:])
    return [
        raw,
        of_times(
            "start to a usable queue, existing database",
            [usable for usable, _ in starts[1:]],
            aim="< 700 ms",
            raw=raw.median,
        ),
        of_times(
            "memory of a workstation after 40 cases", [memory for _, memory in starts[1:]], unit="MB", aim="< 250 MB"
        ),
    ]


def _once(office: BenchOffice) -> tuple[float, float]:
    """Milliseconds from the start of the process to the painted queue, and its memory in megabytes."""
    begun = time.time()
    done = subprocess.run(
        [sys.executable, "-m", "desk.bench.window"],
        input=office.url_of("ukur_petugas").render_as_string(hide_password=False) + "\n",
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env=_environment(),
    )
    told = json.loads(done.stdout.strip().splitlines()[-1])
    return (told["usable"] - begun) * 1000, told["memory"] / 1e6


def _environment() -> dict[str, str]:
    """As at a desk: off the screen, and with the bytecode that an installed program has."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"QT_QPA_PLATFORM": "offscreen"}


_BARE = """
from PySide6.QtWidgets import QApplication, QListWidget
app = QApplication([])
window = QListWidget()
window.addItems([f"baris {number}" for number in range(200)])
window.resize(1366, 768)
window.show()
window.grab()
import time
print(time.time())
"""


def _bare_window() -> float:
    begun = time.time()
    done = subprocess.run(
        [sys.executable, "-c", _BARE],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=_environment(),
    )
    return (float(done.stdout.split()[-1]) - begun) * 1000
