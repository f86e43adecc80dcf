"""What colleagues changed, heard at once: one listening connection, told to the screens as facts in the past tense."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desk.ui.background import Background, StopSign

if TYPE_CHECKING:
    from desk.adapters.listening import Line

SETTLE_MS = 100
"""Several changes within this time give one re-read."""
SLOW_READ_MS = 60_000
"""A laptop that slept hears nothing: everything is read again after this time, and when the window is activated."""
LOST_READ_MS = 3_000
"""While the server is away it is asked again this often: the listener's own line may have stood all the time."""

Listen = Callable[
    [StopSign, Callable[[object], None], Callable[[], None], Callable[["Line"], None], Callable[[], None]], None
]
"""Listens until the sign is set: (stop, on_change(changes), on_caught_up, on_state(line), on_woken); see
`adapters.listening`."""


class Live(QObject):
    """Tells the screens when to read again, and whether the server is there."""

    changed = Signal()
    """Something changed in an office of this person, or everything has to be read again."""
    woken = Signal()
    """A colleague came to a case or left one, or anything else was notified: nothing has to have changed."""
    connected = Signal()
    disconnected = Signal(object)
    """The server went away; carries the moment since when."""

    def __init__(self, background: Background, listen: Listen, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._background = background
        self._listen = listen
        self._now = now
        self.lost_at: datetime | None = None
        self._soon = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._soon.timeout.connect(self.changed)
        self._slow = QTimer(self, interval=SLOW_READ_MS)
        self._slow.timeout.connect(self.changed)
        self._lost = QTimer(self, interval=LOST_READ_MS)
        self._lost.timeout.connect(self.changed)

    def start(self) -> None:
        """Begin to listen; the first read of the screens follows with the first `changed`."""
        self._background.keep("live", self._run)
        self._slow.start()

    def read_again(self) -> None:
        """Have the screens read again soon: the window came to the front, or a deed was done here."""
        if not self._soon.isActive():
            self._soon.start()

    def note_lost(self) -> None:
        """Take the server for away: a read or a deed of this program just failed to reach it."""
        self._on_state(False, self._now())

    def note_reached(self) -> None:
        """Take the server for back: an answer just came."""
        self._on_state(True)

    def _run(self, stop: StopSign) -> None:
        post = self._background.post
        self._listen(
            stop,
            lambda _changes: post(self, self.read_again),
            lambda: post(self, self._on_caught_up),
            lambda line: post(self, self._on_state, line.connected, line.since),
            lambda: post(self, self.woken.emit),
        )

    def _on_caught_up(self) -> None:
        self._on_state(True)
        self.changed.emit()

    def _on_state(self, connected: bool, since: datetime | None = None) -> None:
        if connected and self.lost_at is not None:
            self.lost_at = None
            self._lost.stop()
            self.connected.emit()
            self.read_again()
        elif not connected and self.lost_at is None:
            self.lost_at = since or self._now()
            self._lost.start()
            self.disconnected.emit(self.lost_at)
