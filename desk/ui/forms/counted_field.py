"""The second officer's own counts: the lines as ordered, each file as its maker described it, and what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desk.errors import Refused, Unavailable
from desk.rules.case import LineFacts
from desk.rules.inputs import FileCheck, Question
from desk.rules.preparation import MadeFile
from desk.rules.quantities import bytes_text, count_text
from desk.ui.background import Background
from desk.ui.forms.field import Field, Json
from desk.ui.forms.plain_fields import whole_number
from desk.ui.forms.prepared_field import Read, read_file
from desk.ui.theme import set_look


class CountedRow(QFrame):
    """One file: what its maker says, and what this person counts; the program counts where it can read the file."""

    def __init__(self, file: MadeFile) -> None:
        super().__init__()
        self.file = file
        self.names: tuple[str, ...] = ()
        self.changed_since = ""
        self.read = False
        self.setProperty("role", "panel")
        self.name = _words(file.name, "strong")
        self.said = _words("Penyiap: " + _counts(file.rows, file.variables) + f" · {bytes_text(file.size)}")
        self.about = _words("Membaca berkas …", "small")
        self.rows = _number("Baris", f"Jumlah baris dalam {file.name} menurut pemeriksa", 120)
        self.variables = _number("Peubah", f"Jumlah peubah dalam {file.name} menurut pemeriksa", 90)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 10, 12, 10)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self.name, 0, 0)
        grid.addWidget(self.said, 1, 0)
        grid.addWidget(self.about, 2, 0, 1, 3)
        grid.addWidget(_words("baris", "small"), 0, 1)
        grid.addWidget(_words("peubah", "small"), 0, 2)
        grid.addWidget(self.rows, 1, 1)
        grid.addWidget(self.variables, 1, 2)

    def show_read(self, read: Read) -> None:
        """The file has been read: it must be the one that was prepared."""
        self.read = True
        if read.sha256 != self.file.sha256:
            self.changed_since = f"{self.file.name} sudah berubah sejak disiapkan. Kembalikan data kepada penyiapnya."
            self.about.setText(self.changed_since)
            set_look(self.about, role="error")
            return
        if read.counted is None:
            self.about.setText("Isinya sama seperti saat disiapkan; hitung sendiri baris dan peubahnya.")
            return
        self.names = read.counted.names
        for edit, number in ((self.rows, read.counted.rows), (self.variables, read.counted.variables)):
            if not edit.text():
                edit.setText(count_text(number))
        shown = ", ".join(self.names[:8]) + (" …" if len(self.names) > 8 else "")
        self.about.setText(f"Dihitung program dari berkasnya. Peubah: {shown}")

    def show_trouble(self, trouble: Refused | Unavailable) -> None:
        """The file cannot be read here; whoever has looked at it elsewhere may still type what was counted."""
        self.read = True
        self.about.setText(f"{trouble} Bila sudah dihitung di komputer lain, ketik hasilnya.")
        set_look(self.about, role="error")

    def answer(self) -> FileCheck:
        """What was counted; raises Refused."""
        if self.changed_since:
            raise Refused(self.changed_since)
        return FileCheck(
            self.file.position,
            whole_number(self.rows.text(), "Jumlah baris") if self.rows.text().strip() else None,
            whole_number(self.variables.text(), "Jumlah peubah") if self.variables.text().strip() else None,
            self.names,
        )


class CountedField(Field):
    """The order above, the files below; every file is read once on the slow lane."""

    wide = True

    def __init__(
        self, question: Question, lines: Sequence[LineFacts], files: Sequence[MadeFile], background: Background
    ) -> None:
        super().__init__(question)
        self._extra: tuple[FileCheck, ...] = ()
        editor = QWidget()
        editor.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole = QVBoxLayout(editor)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        ordered = {file.line_id for file in files}
        for line in lines:
            about = " · ".join(part for part in (line.title, line.detail) if part)
            there = "" if line.id in ordered or None in ordered else " — belum ada berkasnya"
            whole.addWidget(_words(f"Pesanan {line.position}: {about}{there}"))
        self.rows = [CountedRow(file) for file in files]
        for row in self.rows:
            whole.addWidget(row)
            for edit in (row.rows, row.variables):
                edit.textChanged.connect(lambda _text: self.announce())
            background.run_slow(
                row,
                lambda task, path=Path(row.file.path): read_file(path, task),  # type: ignore[misc]
                row.show_read,
                row.show_trouble,
            )
        self.add_editor(editor, focus=self.rows[0].rows if self.rows else editor)

    def all_read(self) -> bool:
        """Whether every file has been read, or cannot be."""
        return all(row.read for row in self.rows)

    def is_empty(self) -> bool:
        return not self.rows and not self._extra

    def read(self) -> tuple[FileCheck, ...]:
        return (*(row.answer() for row in self.rows), *self._extra)

    def empty_value(self) -> tuple[FileCheck, ...]:
        return ()

    def set_value(self, value: Any) -> None:
        shown = {row.file.position: row for row in self.rows}
        self._extra = tuple(each for each in value if each.position not in shown)
        for each in value:
            if (row := shown.get(each.position)) is not None:
                row.rows.setText("" if each.rows is None else count_text(each.rows))
                row.variables.setText("" if each.variables is None else count_text(each.variables))
        self.announce()

    def state(self) -> Json:
        return [[row.rows.text(), row.variables.text()] for row in self.rows]

    def restore(self, state: Json) -> None:
        for row, (rows, variables) in zip(self.rows, state, strict=False):
            row.rows.setText(rows)
            row.variables.setText(variables)
        self.announce()


def _counts(rows: int | None, variables: int | None) -> str:
    said = [f"{count_text(number)} {what}" for number, what in ((rows, "baris"), (variables, "peubah")) if number]
    return ", ".join(said) or "tanpa hitungan"


def _number(words: str, spoken: str, width: int) -> QLineEdit:
    edit = QLineEdit()
    edit.setPlaceholderText(words)
    edit.setFixedWidth(width)
    edit.setAccessibleName(spoken)
    return edit


def _words(text: str, role: str = "") -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    return label
