"""The fields that a template may use, beside the file: a click copies one for Word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from desk.rules.papers.palette import PaletteLine, palette
from desk.ui.list_view import ListView
from desk.ui.table import ROW_ROLE, Column, Look, TableModel

if TYPE_CHECKING:
    from desk.rules.papers import PaperKind


class FieldPalette(QWidget):
    """Name, meaning and example of every field of one kind of paper; typing above narrows the list."""

    copied = Signal(str)
    """A tag is on the clipboard."""

    def __init__(self, kind: PaperKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = palette(kind)
        title = QLabel("KOLOM YANG DAPAT DIPAKAI")
        title.setProperty("role", "section")
        self.search = QLineEdit()
        self.search.setPlaceholderText("Cari kolom, misalnya nama atau tanggal")
        self.search.setAccessibleName("Cari kolom")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._narrow)
        self.list = ListView("Kolom templat")
        self.list.setObjectName("palette")
        self.list.set_table(TableModel[PaletteLine](_COLUMNS, parent=self))
        self.list.clicked.connect(self._copy)
        self.list.row_opened.connect(self._take)
        self.told = QLabel("Klik satu kolom untuk menyalinnya, lalu tempel di Word dengan Ctrl+V.")
        self.told.setProperty("role", "small")
        self.told.setWordWrap(True)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        for widget in (title, self.search):
            rows.addWidget(widget)
        rows.addWidget(self.list, 1)
        rows.addWidget(self.told)
        self._narrow("")

    def _narrow(self, typed: str) -> None:
        wanted = typed.casefold().split()
        self.list.table.show(
            [line for line in self._lines if all(word in f"{line.tag} {line.meaning}".casefold() for word in wanted)]
        )

    def _copy(self, index: QModelIndex) -> None:
        line: PaletteLine | None = index.data(ROW_ROLE)
        if line is not None:
            self._take(line)

    def _take(self, line: PaletteLine) -> None:
        QGuiApplication.clipboard().setText(line.tag)
        self.told.setText(f"{line.tag} disalin. Tempel di Word dengan Ctrl+V.")
        self.copied.emit(line.tag)


_COLUMNS: tuple[Column[PaletteLine], ...] = (
    Column(
        "Kolom",
        text=lambda line: line.tag,
        second=lambda line: line.meaning,
        sort=lambda line: line.tag,
        look=Look.STRONG,
        width=190,
        share=3,
    ),
    Column("Contoh isi", text=lambda line: line.example, look=Look.MUTED, wrap=True, width=110, share=2),
)
