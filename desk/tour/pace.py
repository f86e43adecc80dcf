"""Waiting like a person does, until the screen shows it, and measuring how long the window ever stood still."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from desk.ui.message import Message

T = TypeVar("T")
_BEAT_MS = 10
_CALM_BEATS = 9
"""Longer than the pauses after which lists and previews draw themselves anew (60 ms)."""


class TourStopped(Exception):
    """A step did not go as it should; the text is the sentence that says which and why."""


class Pace(QObject):
    """The heartbeat of the window while the tour waits or acts; its own work (pictures, files) does not count."""

    def __init__(self) -> None:
        super().__init__()
        self.longest_stall_ms = 0.0
        self._crash = ""
        self._beats = 0
        self._last: float | None = None
        self._answer: Callable[[Message], None] | None = None
        self._beat = QTimer(self, interval=_BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._beat.timeout.connect(self._on_beat)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Beats, and turns every bug of the program, in a slot or elsewhere, into the end of the tour."""
        before, sys.excepthook = sys.excepthook, self._on_crash
        before_threads, threading.excepthook = threading.excepthook, self._on_thread_crash
        self._beat.start()
        try:
            yield
        finally:
            self._beat.stop()
            sys.excepthook = before
            threading.excepthook = before_threads

    def until(self, condition: Callable[[], object], what: str, *, seconds: float = 30.0) -> None:
        """Lets the program run until the condition holds; TourStopped names `what` when it does not in time."""
        end = time.monotonic() + seconds
        while not condition():
            self._last = self._last or time.perf_counter()
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            self._raise_crash()
            if time.monotonic() > end:
                raise TourStopped(f"Tidak terlihat dalam {seconds:.0f} detik: {what}.")
        self._last = None
        self._raise_crash()

    def act(self, deed: Callable[[], object]) -> None:
        """Does what a person does with mouse or keys; the time until the window is free again counts."""
        begun = time.perf_counter()
        deed()
        self._note(time.perf_counter() - begun)
        self._raise_crash()

    def answer_with(self, answer: Callable[[Message], None] | None) -> None:
        """Says how the next question that holds up the window is answered; without one it is a fault."""
        self._answer = answer

    def settle(self) -> None:
        """Lets layouts, previews and notes come to rest, as an eye does before it reads."""
        calm = self._beats + _CALM_BEATS
        self.until(lambda: self._beats >= calm, "layar tenang")

    def aside(self, work: Callable[[], T]) -> T:
        """Does a piece of the tour's own work, which no window is to be blamed for."""
        try:
            return work()
        finally:
            self._last = None if self._last is None else time.perf_counter()

    def _on_beat(self) -> None:
        now = time.perf_counter()
        self._beats += 1
        if self._last is not None:
            self._note(now - self._last - _BEAT_MS / 1000)
            self._last = now
        asked = QApplication.activeModalWidget()
        if isinstance(asked, Message):
            answer, self._answer = self._answer, None
            if answer is not None:
                answer(asked)
                self._last = None if self._last is None else time.perf_counter()
            else:
                self._crash = self._crash or f"Pertanyaan yang tidak terduga: {asked.accessibleDescription()}"
                asked.reject()

    def _note(self, seconds: float) -> None:
        self.longest_stall_ms = max(self.longest_stall_ms, seconds * 1000)

    def _on_crash(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self._crash = self._crash or "".join(traceback.format_exception(kind, error, trace))

    def _on_thread_crash(self, args: threading.ExceptHookArgs) -> None:
        self._crash = self._crash or "".join(
            traceback.format_exception(args.exc_type, args.exc_value, args.exc_traceback)
        )

    def _raise_crash(self) -> None:
        if self._crash:
            crash, self._crash = self._crash, ""
            raise TourStopped(f"Kesalahan program: {crash}")
