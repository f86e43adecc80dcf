"""How long a window's thread does not turn: the pauses between the ticks of a timer, without what the machine took.

A pause counts by the clock, for a window that waits for a server is as frozen as one that computes. Time in which the
thread was ready and another program had the processor is taken off where the system tells it (Linux): a full machine
stops every program, whatever this one does.
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Self

from PySide6.QtCore import QObject, Qt, QTimer

_TICK_MS = 10
_TOLD_BY_LINUX = Path("/proc/thread-self/schedstat")


class Pauses:
    """Use as a context on the window's thread while its loop turns; `longest_ms` is what a person would have felt."""

    def __init__(self, parent: QObject) -> None:
        self.longest_ms = 0.0
        self.ticks = 0
        self._last = self._waited = 0.0
        self._timer = QTimer(parent, interval=_TICK_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def __enter__(self) -> Self:
        self._last, self._waited = time.monotonic(), _waited_for_processor()
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._tick()
        self._timer.stop()

    def _tick(self) -> None:
        now, waited = time.monotonic(), _waited_for_processor()
        pause = (now - self._last) - (waited - self._waited)
        self.longest_ms = max(self.longest_ms, pause * 1000 - _TICK_MS)
        self.ticks += 1
        self._last, self._waited = now, waited


def _waited_for_processor() -> float:
    """Seconds in which this thread was ready to run and had no processor, since it began; 0 where nobody tells."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(_TOLD_BY_LINUX.read_text("ascii").split()[1]) / 1e9
    return 0.0
