"""How long the window's thread works at one go: between waking up and going to sleep again, with who was at work.

A second thread looks at the stack of a piece of work that has become too long already, so that a stall has a name.
"""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractEventDispatcher

LONG_MS = 16.0
_LOOK_SECONDS = 0.004
_OURS = "/desk/"


@dataclass(frozen=True, slots=True)
class Stall:
    """One piece of work of the window's thread."""

    milliseconds: float  # of the processor, not of the clock: what runs beside it is not its work
    where: str = ""


class Stalls:
    """Use as a context on the window's thread; `pieces` are all pieces of work, the longest ones named."""

    def __init__(self) -> None:
        self.pieces: list[Stall] = []
        self._begun: float | None = None
        self._worked = 0.0
        self._seen: dict[str, int] = {}
        self._ended = threading.Event()
        self._thread = threading.get_ident()
        self._looking = threading.Thread(target=self._look, daemon=True)

    @property
    def longest(self) -> Stall:
        """The longest piece of work."""
        return max(self.pieces, key=lambda piece: piece.milliseconds, default=Stall(0.0))

    def longer_than(self, milliseconds: float = LONG_MS) -> list[Stall]:
        """The pieces that were too long, the longest first."""
        return sorted((p for p in self.pieces if p.milliseconds > milliseconds), key=lambda p: -p.milliseconds)

    def __enter__(self) -> Self:
        self._loop = _dispatcher()
        self._loop.awake.connect(self._on_awake)
        self._loop.aboutToBlock.connect(self._on_about_to_block)
        self._looking.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.awake.disconnect(self._on_awake)
        self._loop.aboutToBlock.disconnect(self._on_about_to_block)
        self._ended.set()
        self._looking.join()

    def _on_awake(self) -> None:
        if self._begun is None:
            self._begun = time.perf_counter()
            self._worked = time.thread_time()

    def _on_about_to_block(self) -> None:
        if self._begun is None:
            return
        took = (time.thread_time() - self._worked) * 1000
        self._begun = None
        seen, self._seen = self._seen, {}
        self.pieces.append(Stall(took, max(seen, key=lambda name: seen[name], default="")))

    def _look(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            begun = self._begun
            if begun is None or (time.perf_counter() - begun) * 1000 < LONG_MS / 2:
                continue
            frame = sys._current_frames().get(self._thread)  # noqa: SLF001 - its only name
            name = _name_of(frame)
            self._seen[name] = self._seen.get(name, 0) + 1


def _name_of(frame: FrameType | None) -> str:
    """The innermost functions of this program that are at work, the caller last."""
    names: list[str] = []
    while frame is not None and len(names) < 3:
        path = frame.f_code.co_filename.replace("\\", "/")
        if _OURS in path and "/bench/" not in path:
            names.append(f"{path.rsplit('/', 1)[-1]}:{frame.f_code.co_name}")
        frame = frame.f_back
    return " < ".join(names)


def _dispatcher() -> QAbstractEventDispatcher:
    from PySide6.QtCore import QAbstractEventDispatcher

    found = QAbstractEventDispatcher.instance()
    assert found is not None
    return found
