"""The requested data: one row per item, typed or pasted as a list, with what they cost together today."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desk.errors import Refused
from desk.rules.inputs import LineInput, Question
from desk.rules.pasted_list import read_list
from desk.rules.rupiah import rupiah
from desk.ui.forms.field import Field, Json
from desk.ui.forms.line_row import LineRow
from desk.ui.forms.surroundings import Surroundings
from desk.ui.theme import set_look


class LinesField(Field):
    """The rows; the last one is always empty and waits for the next item."""

    wide = True

    def __init__(self, question: Question, surroundings: Surroundings) -> None:
        super().__init__(question)
        self._around = surroundings
        self.rows: list[LineRow] = []
        box = QWidget()
        whole = QVBoxLayout(box)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.total = QLabel()
        self.total.setProperty("role", "strong")
        self.paste = QPushButton("Tempel daftar dari Excel atau pesan")
        self.paste.setObjectName("lines.paste")
        self.paste.setProperty("role", "link")
        self.paste.setAutoDefault(False)
        self.paste.setToolTip("Satu data satu baris; kolom nama, tahun, wilayah, jumlah, dan rincian dikenali")
        self.paste.clicked.connect(lambda: self.take_list(QGuiApplication.clipboard().text()))
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.told.hide()
        whole.addWidget(self.told)
        whole.addLayout(self._list)
        under = QHBoxLayout()
        under.addWidget(self.total, 1)
        under.addWidget(self.paste)
        whole.addLayout(under)
        self._settling = False
        self._settle()
        first = self.rows[0].title
        self.add_editor(box, focus=first)
        self._settle()

    def take_list(self, text: str) -> None:
        """Add the rows of a pasted list; those that the catalogue does not know are listed to be put right."""
        try:
            lines = read_list(text, self._around.catalogue)
        except Refused as refused:
            self._tell(str(refused), wrong=True)
            return
        self._settling = True  # once for all of them
        for line in lines:
            if not self.rows[-1].is_empty():
                self._add_row()
            self.rows[-1].show_pasted(line)
        self._settling = False
        self._settle()
        unknown = [row for row in self.rows if row.unknown]
        if unknown:
            places = ", ".join(str(self.rows.index(row) + 1) for row in unknown)
            self._tell(
                f"{len(lines)} baris ditempel; {len(unknown)} tidak ada di katalog, perlu diperbaiki: baris {places}.",
                wrong=True,
            )
            unknown[0].title.setFocus()
        else:
            self._tell(f"{len(lines)} baris ditempel, semuanya ada di katalog.", wrong=False)

    def _tell(self, words: str, *, wrong: bool) -> None:
        self.told.setText(words)
        set_look(self.told, role="error" if wrong else "small")
        self.told.show()

    def is_empty(self) -> bool:
        return all(row.is_empty() for row in self.rows)

    def read(self) -> tuple[LineInput, ...]:
        filled = [row for row in self.rows if not row.is_empty()]
        return tuple(row.line(position) for position, row in enumerate(filled, 1))

    def named(self) -> tuple[str, ...]:
        """What stands in the rows as names, finished or not."""
        return tuple(title for row in self.rows if (title := " ".join(row.title.text().split())))

    def empty_value(self) -> tuple[LineInput, ...]:
        return ()

    def set_value(self, value: Any) -> None:
        self._start_over()
        for line in value:
            self.rows[-1].show_line(line)
            self._settle()

    def state(self) -> Json:
        return [row.state() for row in self.rows if not row.is_empty()]

    def restore(self, state: Json) -> None:
        self._start_over()
        for entry in state:
            self.rows[-1].restore(entry)
            self._settle()

    def _start_over(self) -> None:
        for row in self.rows[:-1]:
            self._drop(row)
        if not self.rows[-1].is_empty():
            self.rows[-1].restore({"title": "", "detail": "", "tariff": "", "quantity": ""})

    def _drop(self, row: LineRow) -> None:
        self.rows.remove(row)
        self._list.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _remove(self, row: LineRow) -> None:
        if len(self.rows) > 1:
            self._drop(row)
        self._settle()
        self.rows[-1].title.setFocus()

    def _add_row(self) -> None:
        row = LineRow(self._around)
        row.changed.connect(self._settle)
        row.removed.connect(lambda: self._remove(row))
        row.list_pasted.connect(self.take_list)
        self.rows.append(row)
        self._list.addWidget(row)

    def _settle(self) -> None:
        """Keep one empty row at the end, number the rows, add up what they cost."""
        if self._settling:
            return
        self._settling = True
        if not self.rows or not self.rows[-1].is_empty():
            self._add_row()
        for position, row in enumerate(self.rows, 1):
            row.call(position)
            row.remove.setVisible(not row.is_empty())
        costs = [cost for row in self.rows if (cost := row.cost()) is not None]
        self.total.setText(f"Perkiraan biaya: {rupiah(sum(costs))} menurut tarif hari ini" if costs else "")
        self.total.setVisible(bool(costs))
        self._settling = False
        self.announce()
