"""`desk bench`: what the program costs, measured against raw limits in the same run.

Medians of many runs with minimum and maximum; ratios to the bare work on the same data, because machines differ and
neighbours disturb. Each group builds its own throw-away office on a private server; nothing of the user's is touched.
"""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module

from desk.bench.figures import Figure, table

GROUPS: Mapping[str, str] = {
    "import": "desk.bench.imports",
    "start": "desk.bench.start",
    "lists": "desk.bench.lists",
    "guards": "desk.bench.guards",
    "officer": "desk.bench.officer",
    "deeds": "desk.bench.deeds",
    "papers": "desk.bench.papers",
    "scans": "desk.bench.scans",
    "packages": "desk.bench.packages",
    "treasury": "desk.bench.treasury",
    "refresh": "desk.bench.refresh",
    "statements": "desk.bench.statements",
}
"""The groups of figures, in the order in which they run; each module has `measure()`."""


def run(only: Iterable[str] = (), *, as_json: bool = False, say: Callable[[str], None] = print) -> int:
    """Measures all groups, or only those named, and prints a table or one JSON object; gives the exit status.

    That is 1 when a figure with a limit missed it, even in its quickest run.
    """
    wanted = list(only) or list(GROUPS)
    if unknown := [name for name in wanted if name not in GROUPS]:
        say(f"Kelompok ukuran “{', '.join(unknown)}” tidak ada. Pilih dari: {', '.join(GROUPS)}.")
        return 2
    figures: list[Figure] = []
    for name in wanted:
        if not as_json:
            print(f"… {name}", file=sys.stderr, flush=True)
        figures += import_module(GROUPS[name]).measure()
    if as_json:
        say(json.dumps({"machine": machine(), "figures": [figure.as_dict() for figure in figures]}, indent=1))
    else:
        say(table(figures, machine()))
    missed = [figure.name for figure in figures if figure.verdict == "missed"]
    if missed and not as_json:
        say(f"Melewati batas: {'; '.join(missed)}.")
    return 1 if missed else 0


def machine() -> dict[str, str]:
    """What the figures were measured on."""
    import os

    return {
        "python": f"{platform.python_implementation()} {platform.python_version()} ({platform.python_compiler()})",
        "system": platform.system(),
        "cores": str(os.cpu_count()),
    }
