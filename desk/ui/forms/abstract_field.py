"""The abstraksi: a title and four parts, with a meter of what is still missing."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QProgressBar, QPushButton, QWidget

from desk.rules.case import Abstract
from desk.rules.inputs import Question
from desk.ui.forms.field import Field, Json
from desk.ui.forms.plain_fields import GrowingEdit

_PARTS = (
    ("background", "Latar belakang"),
    ("purpose", "Tujuan"),
    ("method", "Metode"),
    ("planned_output", "Rancangan hasil"),
)
_TWO_COLUMNS_FROM = 520


class AbstractField(Field):
    """Parts may stay empty: the meter names them, and one button copies the request for them."""

    wide = True

    def __init__(self, question: Question) -> None:
        super().__init__(question, may_be_empty=True)
        self.title = QLineEdit()
        self.title.setPlaceholderText("Judul penelitian atau kegiatan")
        self.title.textChanged.connect(self._on_changed)
        self.parts: dict[str, GrowingEdit] = {}
        self._labels: list[QLabel] = []
        box = QWidget()
        self._grid = QGridLayout(box)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        for name, label in _PARTS:
            edit = GrowingEdit((2, 8))
            edit.setObjectName(f"abstract.{name}")
            edit.textChanged.connect(self._on_changed)
            self.parts[name] = edit
            named = QLabel(label)
            named.setProperty("role", "small")
            named.setBuddy(edit)
            self._labels.append(named)
        self.meter = QProgressBar(minimum=0, maximum=5, textVisible=False)
        self.meter.setFixedWidth(110)
        self.told = QLabel()
        self.told.setProperty("role", "small")
        self.told.setWordWrap(True)
        self.copy = QPushButton("Salin permintaan kelengkapan")
        self.copy.setProperty("role", "link")
        self.copy.setAutoDefault(False)
        self.copy.setToolTip("Menyalin kalimat untuk pengguna data yang menyebut bagian yang belum ada")
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.request()))
        self._measure = QWidget()
        row = QHBoxLayout(self._measure)
        row.setContentsMargins(0, 2, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.meter)
        row.addWidget(self.told, 1)
        row.addWidget(self.copy)
        self._columns = 0
        self.add_editor(box, focus=self.title)
        self._arrange(2)
        self.title.setAccessibleName("Judul abstraksi")
        for name, label in _PARTS:
            self.parts[name].setAccessibleName(f"Abstraksi, {label.lower()}")
        self._on_changed()

    def request(self) -> str:
        """The sentence that asks the customer for the missing parts."""
        missing = self.abstract().missing()
        listed = missing[0] if len(missing) == 1 else f"{', '.join(missing[:-1])} dan {missing[-1]}" if missing else ""
        return f"Mohon lengkapi abstraksi dengan {listed} agar permintaan data dapat kami proses." if listed else ""

    def abstract(self) -> Abstract:
        """What has been written so far."""
        return Abstract(self.title.text().strip(), **{name: edit.text() for name, edit in self.parts.items()})

    def is_empty(self) -> bool:
        return self.abstract() == Abstract()

    def read(self) -> Abstract:
        return self.abstract()

    def empty_value(self) -> Abstract:
        return Abstract()

    def set_value(self, value: Any) -> None:
        self.title.setText(value.title)
        self.title.setCursorPosition(0)
        for name, edit in self.parts.items():
            edit.setPlainText(getattr(value, name))

    def state(self) -> Json:
        return {"title": self.title.text(), **{name: edit.toPlainText() for name, edit in self.parts.items()}}

    def restore(self, state: Json) -> None:
        self.title.setText(state.get("title", ""))
        for name, edit in self.parts.items():
            edit.setPlainText(state.get(name, ""))

    def _on_changed(self) -> None:
        missing = self.abstract().missing()
        self.meter.setValue(5 - len(missing))
        told = f"{5 - len(missing)} dari 5 bagian ada"
        self.told.setText(f"{told} · belum ada: {', '.join(missing)}" if missing else f"{told}: lengkap")
        self.meter.setAccessibleName("Kelengkapan abstraksi")
        self.meter.setAccessibleDescription(self.told.text())
        self.copy.setVisible(bool(missing) and len(missing) < 5)
        self.announce()

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        self._grid.addWidget(self.title, 0, 0, 1, 2)
        for position, (label, edit) in enumerate(zip(self._labels, self.parts.values(), strict=True)):
            row, column = divmod(position, columns)
            self._grid.addWidget(label, 1 + 2 * row, column, 1, 3 - columns)
            self._grid.addWidget(edit, 2 + 2 * row, column, 1, 3 - columns)
        self._grid.addWidget(self._measure, 10, 0, 1, 2)

    # Qt overrides

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._arrange(2 if self.width() >= _TWO_COLUMNS_FROM else 1)
