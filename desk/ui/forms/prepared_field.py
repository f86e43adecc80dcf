"""The files made for the customer: they stay where they are; name, size and SHA-256 go into the record."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desk.errors import Refused, Unavailable
from desk.rules.case import LineFacts
from desk.rules.inputs import PreparedFileInput, Question
from desk.rules.quantities import bytes_text, count_text
from desk.ui.background import Background, Task
from desk.ui.forms.field import Field, Json
from desk.ui.forms.file_field import DropBox
from desk.ui.forms.plain_fields import Drop, whole_number

if TYPE_CHECKING:
    from desk.adapters.data_counts import Counted
    from desk.services.preparation import EarlierFile
from desk.ui.theme import set_look

_PIECE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Read:
    """A file as it was read: size in bytes, SHA-256, and what it holds where the program can count that."""

    size: int
    sha256: str
    counted: Counted | None = None


def read_file(path: Path, task: Task) -> Read:
    """A file read twice, told piece by piece to the task: for its hash, then for its records and variables."""
    from desk.adapters.data_counts import count

    size, sha256 = fingerprint(path, task)
    try:
        return Read(size, sha256, count(path, lambda at: task.progress(at * 1000 // size, 1000)))
    except OSError as error:
        raise Unavailable(_unreadable(path)) from error


def fingerprint(path: Path, task: Task) -> tuple[int, str]:
    """Size in bytes and SHA-256 of a file, told piece by piece to the task; Unavailable when it cannot be read."""
    total = hashlib.sha256()
    read = 0
    try:
        size = max(path.stat().st_size, 1)
        with path.open("rb") as stream:
            while piece := stream.read(_PIECE):
                total.update(piece)
                read += len(piece)
                task.progress(read * 1000 // size, 1000)
    except OSError as error:
        raise Unavailable(_unreadable(path)) from error
    if not read:
        raise Refused(f"Berkas {path.name} kosong (0 byte). Siapkan kembali berkasnya.")
    return read, total.hexdigest()


def _unreadable(path: Path) -> str:
    return f"Berkas {path.name} tidak dapat dibaca. Periksa apakah masih ada dan tidak dibuka program lain."


class PreparedRow(QFrame):
    """One file: being read, read, or unreadable."""

    changed = Signal()
    removed = Signal()

    def __init__(self, path: Path, lines: Sequence[LineFacts], expected: str = "") -> None:
        super().__init__()
        self._expected = expected  # the SHA-256 of a file that was prepared before
        self.path = path
        self.bytes_read = 0
        self.sha256 = ""
        self.trouble = ""
        self._lines = lines
        self.setProperty("role", "panel")
        self.name = QLabel(path.name)
        self.name.setProperty("role", "strong")
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setWordWrap(True)
        self.name.setToolTip(str(path))
        self.about = QLabel("Menghitung SHA-256 …")
        self.about.setProperty("role", "small")
        self.about.setWordWrap(True)
        self.bar = QProgressBar(minimum=0, maximum=1000, textVisible=False)
        self.bar.setAccessibleName(f"Kemajuan membaca {path.name}")
        self.rows = QLineEdit()
        self.rows.setPlaceholderText("Baris")
        self.rows.setFixedWidth(120)
        self.rows.setAccessibleName(f"Jumlah baris dalam {path.name}")
        self.variables = QLineEdit()
        self.variables.setPlaceholderText("Peubah")
        self.variables.setFixedWidth(90)
        self.variables.setAccessibleName(f"Jumlah peubah dalam {path.name}")
        self.line = Drop()
        self.line.addItem("Semua baris permohonan")
        self.line.addItems([f"{line.position}. {line.title}" for line in lines])
        if len(lines) == 1:
            self.line.setCurrentIndex(1)
        self.line.setAccessibleName(f"Baris permohonan yang dijawab {path.name}")
        remove = QPushButton("Keluarkan")
        remove.setProperty("role", "link")
        remove.setAutoDefault(False)
        remove.setAccessibleName(f"Keluarkan {path.name}")
        remove.clicked.connect(self.removed)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 10, 12, 10)
        grid.setVerticalSpacing(6)
        grid.addWidget(self.name, 0, 0, 1, 3)
        grid.addWidget(remove, 0, 3, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self.bar, 1, 0, 1, 4)
        grid.addWidget(self.about, 2, 0, 1, 4)
        grid.addWidget(self.line, 3, 0)
        grid.addWidget(self.rows, 3, 1)
        grid.addWidget(self.variables, 3, 2)
        grid.setColumnStretch(0, 1)
        for edit in (self.rows, self.variables):
            edit.textChanged.connect(self.changed)
        self.line.currentIndexChanged.connect(self.changed)

    def show_read(self, read: Read) -> None:
        """The file has been read; what the program counted fills what nobody has typed."""
        if self._expected and read.sha256 != self._expected:
            self.show_trouble(
                Refused(f"Berkas {self.path.name} sudah berubah sejak disiapkan dulu; tidak dapat dipakai ulang.")
            )
            return
        self.bytes_read, self.sha256 = read.size, read.sha256
        self.bar.hide()
        said = [bytes_text(read.size), f"SHA-256 {read.sha256[:16]} …"]
        if read.counted is not None:
            said.append("baris dan peubah dihitung program")
            for edit, number in ((self.rows, read.counted.rows), (self.variables, read.counted.variables)):
                if not edit.text():
                    edit.setText(count_text(number))
        if self._expected:
            said.append("sama seperti saat disiapkan dulu")
        self.about.setText(" · ".join(said))
        self.about.setToolTip(read.sha256)
        self.changed.emit()

    def show_trouble(self, trouble: Refused | Unavailable) -> None:
        """The file cannot be used."""
        self.trouble = str(trouble)
        self.bar.hide()
        self.about.setText(self.trouble)
        set_look(self.about, role="error")
        self.changed.emit()

    def answer(self) -> PreparedFileInput:
        """The record of this file; raises Refused."""
        if self.trouble:
            raise Refused(f"{self.trouble} Keluarkan berkas ini dari daftar.")
        if not self.sha256:
            raise Refused(f"Berkas {self.path.name} masih dibaca. Tunggu sampai selesai.")
        return PreparedFileInput(
            name=self.path.name,
            path=str(self.path),
            size=self.bytes_read,
            sha256=self.sha256,
            rows=_count(self.rows, "Jumlah baris"),
            variables=_count(self.variables, "Jumlah peubah"),
            line_id=self.line_id(),
        )

    def line_id(self) -> UUID | None:
        """The data line that the file answers."""
        index = self.line.currentIndex()
        return self._lines[index - 1].id if index > 0 else None


def _count(edit: QLineEdit, what: str) -> int | None:
    return whole_number(edit.text(), what) if edit.text().strip() else None


class PreparedField(Field):
    """Files of any size, read once on the slow lane with progress."""

    wide = True

    def __init__(
        self,
        question: Question,
        lines: Sequence[LineFacts],
        background: Background,
        earlier: Sequence[EarlierFile] = (),
    ) -> None:
        super().__init__(question)
        self._lines = lines
        self._background = background
        self._tasks: dict[PreparedRow, Task] = {}
        self.rows: list[PreparedRow] = []
        editor = QWidget()
        whole = QVBoxLayout(editor)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.box = DropBox(question.label, many=True)
        self.box.hint.setText("atau seret ke sini; berkas tidak dipindahkan")
        self.box.paths_given.connect(self.take_paths)
        whole.addLayout(self._list)
        whole.addWidget(self.box)
        if earlier:
            whole.addWidget(self._build_earlier(earlier))
        self.add_editor(editor, focus=self.box.button)
        self.box.button.setAccessibleName(f"Pilih berkas untuk {question.label}")

    def _build_earlier(self, earlier: Sequence[EarlierFile]) -> QWidget:
        """What the office has prepared before for the same data, each with one button; nothing of who got it."""
        panel = QFrame()
        panel.setProperty("role", "panel")
        grid = QGridLayout(panel)
        grid.setContentsMargins(12, 10, 12, 10)
        title = QLabel("SUDAH PERNAH DISIAPKAN")
        title.setProperty("role", "section")
        grid.addWidget(title, 0, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        for row, file in enumerate(earlier, start=1):
            said = QLabel(f"{file.name} · {file.said}")
            said.setTextFormat(Qt.TextFormat.PlainText)
            said.setWordWrap(True)
            use = QPushButton("Pakai lagi")
            use.setAutoDefault(False)
            use.setAccessibleName(f"Pakai lagi {file.name}")
            use.clicked.connect(lambda _checked=False, file=file: self.reuse(file))
            grid.addWidget(said, row, 0)
            grid.addWidget(use, row, 1)
        return panel

    def reuse(self, file: EarlierFile) -> None:
        """Take a file that was prepared before, if it is still the same."""
        path = Path(file.path)
        if any(row.path == path for row in self.rows):
            return
        row = self._add(path, file.sha256)
        places = [line.id for line in self._lines]
        row.line.setCurrentIndex(places.index(file.line_id) + 1)
        for edit, number in ((row.rows, file.rows), (row.variables, file.variables)):
            if number is not None:
                edit.setText(count_text(number))
        self.announce()

    def take_paths(self, paths: Sequence[Path]) -> None:
        """Add files and start reading them; a file that is already in the list is not added again."""
        for path in paths:
            if all(row.path != path for row in self.rows):
                self._add(path)
        self.announce()

    def is_empty(self) -> bool:
        return not self.rows

    def read(self) -> tuple[PreparedFileInput, ...]:
        return tuple(row.answer() for row in self.rows)

    def empty_value(self) -> tuple[PreparedFileInput, ...]:
        return ()

    def set_value(self, value: Any) -> None:
        self.take_paths([Path(file.path) for file in value])

    def state(self) -> Json:
        return [
            {
                "path": str(row.path),
                "rows": row.rows.text(),
                "variables": row.variables.text(),
                "line": row.line.currentIndex(),
            }
            for row in self.rows
        ]

    def restore(self, state: Json) -> None:
        for entry in state:
            row = self._add(Path(entry["path"]))
            row.rows.setText(entry["rows"])
            row.variables.setText(entry["variables"])
            row.line.setCurrentIndex(min(entry["line"], row.line.count() - 1))
        self.announce()

    def missing_sentence(self) -> str:
        return "Berkas data belum ada. Pilih atau seret berkas yang disiapkan."

    def _add(self, path: Path, expected: str = "") -> PreparedRow:
        row = PreparedRow(path, self._lines, expected)
        row.changed.connect(lambda: self.announce())
        row.removed.connect(lambda: self._remove(row))
        self.rows.append(row)
        self._list.addWidget(row)
        self._tasks[row] = self._background.run_slow(
            row,
            lambda task: read_file(path, task),
            row.show_read,
            row.show_trouble,
            lambda at, _of: row.bar.setValue(at),
        )
        return row

    def _remove(self, row: PreparedRow) -> None:
        self._tasks.pop(row).cancel()
        self.rows.remove(row)
        self._list.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.announce()
