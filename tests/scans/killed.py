"""A program that is killed in the middle of a stack: run as a process of its own by `test_killed.py`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import psutil

from desk import scanning
from desk.adapters.database import engine_for, transaction
from desk.adapters.scans import ScanReader
from desk.services import scans
from tests.office import PALEMBANG, PEOPLE, actor_of


def main() -> None:
    """Takes a stack in and ends itself, as a power cut would, at the second call of one step."""
    order: dict[str, str] = json.loads(sys.stdin.readline())
    step, calls = getattr(scans, order["step"]), [0]

    def cut(*args: Any, **values: Any) -> Any:
        calls[0] += 1
        if calls[0] == 2:
            psutil.Process().kill()
        return step(*args, **values)

    setattr(scans, order["step"], cut)
    name, duties = PEOPLE["rina"]
    engine = engine_for(order["url"])
    with ScanReader() as reader:
        scanning.take_in(
            lambda: transaction(engine), reader, actor_of(order["login"], name, duties), PALEMBANG,
            Path(order["path"]), lambda _at, _of: None,
        )  # fmt: skip


if __name__ == "__main__":
    main()
