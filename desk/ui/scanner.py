"""A hand scanner is a keyboard that types very fast and ends with Enter; this tells it from a person."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from desk.rules.codes import looks_like_ours

PAUSE = 0.05
"""Seconds between two keys; scanners need 1 to 20 ms, quick typists more than 80 ms."""


class ScannerEar(QObject):
    """Hears codes of this program that are scanned while the focus is in any field of the program's windows.

    What the scanner typed is taken out of the field again, and its Enter never presses a button. The same text typed
    slowly is typing, and stays where it is. Other fast texts (a tracking number scanned into its field) stay as well.
    """

    scanned = Signal(str)

    def __init__(self, parent: QObject, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._heard = ""
        self._last = 0.0
        self._deaf_for: QWidget | None = None

    def leave_alone(self, field: QWidget) -> None:
        """The scan box itself takes what is typed into it."""
        self._deaf_for = field

    def _hear(self, event: QKeyEvent, field: QWidget) -> bool:
        now = self._clock()
        if now - self._last > PAUSE:
            self._heard = ""
        self._last = now
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            heard, self._heard = self._heard, ""
            if looks_like_ours(heard) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
                _take_back(field, len(heard))
                self.scanned.emit(heard)
                return True
        elif event.text().isprintable():
            self._heard += event.text()
        return False

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and isinstance(watched, QWidget)
            and watched is QApplication.focusWidget()
            and watched is not self._deaf_for
            and self._hear(event, watched)
        ):
            return True
        return super().eventFilter(watched, event)


def _take_back(field: QWidget, count: int) -> None:
    """Removes the last typed characters before the cursor of a text field."""
    if isinstance(field, QLineEdit):
        for _ in range(count):
            field.backspace()
    elif isinstance(field, QPlainTextEdit):
        cursor = field.textCursor()
        for _ in range(count):
            cursor.deletePreviousChar()
