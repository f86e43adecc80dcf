"""The supervisor's pictures, each with its figures as a table beside it, and all of them as an Excel file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desk.rules.trends import Bars, pictures
from desk.ui import theme
from desk.ui.list_view import ListView
from desk.ui.table import Column, Look, TableModel

if TYPE_CHECKING:
    from desk.services.figures import Trend
    from desk.ui.workstation import Workstation

_HEIGHT = 250
"""Of a picture (px); two of them fit on a screen of 768 px."""


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure beside a picture."""

    id: int
    name: str
    kind: str
    number: float
    text: str


class TrendPage(QScrollArea):
    """Picture and table, one below the other."""

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._shown: tuple[Bars, ...] = ()
        self._loaded = False
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Gambar layanan")
        self._say("Gambar sedang disiapkan …")
        theme.theme.changed.connect(self._draw)

    @property
    def shown(self) -> tuple[Bars, ...]:
        """The pictures on show, empty before they are drawn."""
        return self._shown if self._loaded else ()

    def show_trend(self, trend: Trend) -> None:
        """Show these months; the library for the pictures is loaded at the first time, away from the window."""
        bars = pictures(trend.months, trend.whole)
        if bars == self._shown:
            return
        self._shown = bars
        if self._loaded:
            self._draw()
            return
        from desk.ui.pictures import load

        def loaded(_none: object) -> None:
            self._loaded = True
            self._draw()

        self._workstation.background.run_slow(
            self, lambda _task: load(), loaded, lambda trouble: self._say(str(trouble))
        )

    def write_to(self, path: Path) -> None:
        """Write the figures of all pictures into an Excel file; runs on the slow lane."""
        from desk.adapters.workbook import SheetColumn, write_workbook

        columns = (
            SheetColumn("Gambar", 52), SheetColumn("Uraian", 44), SheetColumn("Keterangan", 24),
            SheetColumn("Nilai", 16, "#,##0.##"),
        )  # fmt: skip
        rows = [(bars.title, name, kind, number) for bars in self._shown for name, kind, number, _text in bars.lines]
        write_workbook(path, "Angka layanan", columns, rows, above=("Angka layanan dua belas bulan",))

    def _draw(self) -> None:
        if not self._loaded or not self._shown:
            return
        inside = QWidget()
        inside.setObjectName("inside")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(10)
        for bars in self._shown:
            column.addWidget(self._card(bars))
        column.addStretch(1)
        self.setWidget(inside)

    def _card(self, bars: Bars) -> QWidget:
        from desk.ui.pictures import Picture

        card = QFrame()
        card.setProperty("role", "panel")
        row = QHBoxLayout(card)
        row.setContentsMargins(10, 10, 10, 10)
        row.setSpacing(12)
        if not bars.lines:
            row.addWidget(QLabel(f"{bars.title}: belum ada angka."))
            return card
        card.setFixedHeight(_HEIGHT)
        row.addWidget(Picture(bars), 3)
        table = ListView(bars.title, theme.LINE_HEIGHT)
        table.set_table(TableModel[Any](_columns(), parent=table))
        table.show_rows([FigureLine(at, *line) for at, line in enumerate(bars.lines)])
        row.addWidget(table, 2)
        return card

    def _say(self, words: str) -> None:
        label = QLabel(words)
        label.setProperty("role", "muted")
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWidget(label)


def _columns() -> tuple[Column[FigureLine], ...]:
    number: Callable[[FigureLine], float] = lambda line: line.number  # noqa: E731
    return (
        Column("Uraian", lambda line: line.name, width=130, share=2),
        Column("Keterangan", lambda line: line.kind, look=Look.MUTED, width=100, share=1),
        Column("Nilai", lambda line: line.text, sort=number, width=92, right=True),
    )
