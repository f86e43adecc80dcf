"""The one bar that says how the line to the server is: slow to answer, or away since a moment."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from desk.ui.background import SLOW_AFTER_SECONDS


class LineBar(QFrame):
    """Hidden while the server answers; a server that is away goes before one that is slow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("offline")
        self._away = self._slow = ""
        self._words = QLabel()
        self._words.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 7, 14, 7)
        row.addWidget(self._words, 1)
        self.hide()

    def show_away(self, since: str) -> None:
        """The server cannot be reached since that time (`10.42`)."""
        self._away = f"Tidak terhubung sejak {since}. Daftar di layar bisa usang."
        self._show()

    def show_connected(self) -> None:
        """The server is there again."""
        self._away = ""
        self._show()

    def show_slow(self, slow: bool) -> None:
        """Something that was asked has, or no longer has, been without an answer for a while."""
        self._slow = (
            f"Server belum menjawab setelah {SLOW_AFTER_SECONDS:.0f} detik. Program menunggu sebentar, lalu menyambung "
            "lagi dan bertanya ulang; isian Anda tidak hilang dan tidak tersimpan dua kali."
            if slow
            else ""
        )
        self._show()

    def _show(self) -> None:
        words = self._away or self._slow
        self._words.setText(words)
        self.setAccessibleName(words)
        self.setVisible(bool(words))
