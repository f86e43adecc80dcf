"""The quiet line at the bottom of the window: what was done, kept until the next deed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from desk.ui import theme


class SaidLine(QWidget):
    """A sentence at the left, with a button where something can follow; how to get help at the right."""

    def __init__(self, warning: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._retry: Callable[[], object] | None = None
        self._warns = False
        self.is_free = not warning
        """Whether nothing was said yet that somebody has to read."""
        self._said = QLabel()
        self._said.setObjectName("said")
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._retry_button = QPushButton("Coba lagi")
        self._retry_button.setProperty("role", "link")
        self._retry_button.hide()
        self._retry_button.clicked.connect(self._on_retry)
        help_words = QLabel("F1 tombol papan ketik")
        help_words.setProperty("role", "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 2, 0)
        row.setSpacing(10)
        row.addWidget(self._said)
        row.addWidget(self._retry_button)
        row.addStretch(1)
        row.addWidget(help_words)
        theme.theme.changed.connect(self._paint)
        if warning:
            self.warn(warning)

    def say(self, sentence: str, retry: Callable[[], object] | None = None) -> None:
        """Show what was done; with `retry`, what is not ready yet. Screen readers hear it."""
        self._show(sentence, retry, warns=retry is not None)

    def offer(self, sentence: str, words: str, call: Callable[[], object]) -> None:
        """Show what may be looked at, with a button that goes there; the next deed's sentence takes its place."""
        self._show(sentence, call, warns=False, words=words)
        self._retry_button.setAccessibleName(f"{words}: {sentence}")
        self.is_free = True

    def warn(self, sentence: str) -> None:
        """Show what the person should know; it stays until something is done."""
        self._show(sentence, None, warns=True)

    def _show(
        self, sentence: str, retry: Callable[[], object] | None, *, warns: bool, words: str = "Coba lagi"
    ) -> None:
        self._retry, self._warns, self.is_free = retry, warns, False
        self._retry_button.setText(words)
        self._retry_button.setAccessibleName(words)
        self._retry_button.setVisible(retry is not None)
        self._said.setText(f"{'!' if warns else '✓'} {sentence}")
        self._said.setToolTip(sentence)
        self._paint()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def _paint(self) -> None:
        tokens = theme.theme.tokens
        self._said.setStyleSheet(f"color: {tokens.late if self._warns else tokens.done}; font-weight: 600;")

    def _on_retry(self) -> None:
        if self._retry is not None:
            again, self._retry = self._retry, None
            self._retry_button.hide()
            self._said.setText("")
            again()
