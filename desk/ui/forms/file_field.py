"""Files that come into a case: chosen, dropped or pasted; read, recognised by content and refused on the slow lane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QImageWriter, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desk.errors import Refused, Unavailable
from desk.rules.inputs import IncomingFile, Question
from desk.ui.background import Background
from desk.ui.forms.field import Field, Json


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read: what goes into the case, what the officer should know, and where it was on disk."""

    file: IncomingFile
    notices: tuple[str, ...] = ()
    path: str = ""


def read_file(path: Path, *, protected: bool = False) -> ReadFile:
    """The file for a case, its name made safe and its type told by content; runs on the slow lane.

    Refused when it may not be attached or cannot be read.
    """
    from desk.adapters.attachments import ATTACHMENT_LIMIT
    from desk.adapters.files import read_limited

    return judge_file(path.name, read_limited(path, ATTACHMENT_LIMIT), path=str(path), protected=protected)


def judge_file(raw_name: str, data: bytes, *, path: str = "", protected: bool = False) -> ReadFile:
    """The file for a case from its bytes; raises Refused with the sentence when it may not be attached."""
    from desk.adapters.files import attachment_notices, safe_name, sniff, why_not_attach

    name = safe_name(raw_name)
    refusal = why_not_attach(name, data)
    if refusal is not None:
        raise Refused(refusal)
    return ReadFile(IncomingFile(name, sniff(data).media_type, data, protected), attachment_notices(name, data), path)


class DropBox(QFrame):
    """Where files are dropped, pasted (Ctrl+V) or chosen."""

    paths_given = Signal(list)
    picture_pasted = Signal(bytes)

    def __init__(self, what: str, *, many: bool) -> None:
        super().__init__()
        self._many = many
        self._what = what
        self.setProperty("role", "panel")
        self.setAcceptDrops(True)
        self.button = QPushButton("Pilih berkas …")
        self.button.setAutoDefault(False)
        self.button.setAccessibleName(f"Pilih berkas untuk {what}")
        self.button.clicked.connect(self.choose)
        self.hint = QLabel("atau seret ke sini, atau tempel (Ctrl+V)")
        self.hint.setProperty("role", "small")
        self.rows = QVBoxLayout()
        self.rows.setSpacing(6)
        ask = QHBoxLayout()
        ask.setSpacing(10)
        ask.addWidget(self.button)
        ask.addWidget(self.hint, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(10, 10, 10, 10)
        whole.setSpacing(8)
        whole.addLayout(self.rows)
        whole.addLayout(ask)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self.paste)

    def choose(self) -> None:
        """Open the file dialog."""
        dialog = file_dialog(self, f"Pilih berkas: {self._what}", many=self._many)
        dialog.filesSelected.connect(lambda names: self.paths_given.emit([Path(name) for name in names]))
        dialog.open()

    def paste(self) -> None:
        """Take files or a picture from the clipboard."""
        mime = QGuiApplication.clipboard().mimeData()
        paths = local_files(mime)
        if paths:
            self._give(paths)
        elif mime.hasImage():
            picture = QImage(mime.imageData())
            if not picture.isNull():
                self.picture_pasted.emit(png(picture))

    def _give(self, paths: list[Path]) -> None:
        self.paths_given.emit(paths if self._many else paths[:1])

    # Qt overrides

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self._give(local_files(event.mimeData()))


def local_files(mime: QMimeData) -> list[Path]:
    """The files on this computer that a drop or the clipboard carries."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


def png(picture: QImage) -> bytes:
    """A picture from the clipboard as a PNG file."""
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(picture)
    return bytes(kept.data())


def file_dialog(parent: QWidget, title: str, *, many: bool, save_as: str = "") -> QFileDialog:
    """A file dialog with Indonesian words; the system's own one on Windows."""
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if save_as:
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(save_as)
    else:
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles if many else QFileDialog.FileMode.ExistingFile)
    for label, words in (
        (QFileDialog.DialogLabel.LookIn, "Di dalam"),
        (QFileDialog.DialogLabel.FileName, "Nama berkas"),
        (QFileDialog.DialogLabel.FileType, "Jenis berkas"),
        (QFileDialog.DialogLabel.Accept, "Simpan" if save_as else "Pilih"),
        (QFileDialog.DialogLabel.Reject, "Batal"),
    ):
        dialog.setLabelText(label, words)
    dialog.setNameFilter("Semua berkas (*)")
    return dialog


class FilesField(Field):
    """One file or several; each row says name, size, what it is and what looks odd about it."""

    file_taken = Signal(object)
    """A file was read and added; carries the `IncomingFile`."""

    wide = True

    def __init__(self, question: Question, background: Background) -> None:
        super().__init__(question)
        self._many = question.kind == "files"
        self._background = background
        self._files: list[ReadFile] = []
        self._reading = 0
        self._refusals: list[str] = []
        self.box = DropBox(question.label, many=self._many)
        self.box.paths_given.connect(self.take_paths)
        self.box.picture_pasted.connect(lambda data: self.take_bytes("tempelan.png", data))
        self.add_editor(self.box, focus=self.box.button)
        self.box.button.setAccessibleName(f"Pilih berkas untuk {question.label}")

    def take_paths(self, paths: Sequence[Path]) -> None:
        """Read these files on the slow lane and add them, or say why one is refused."""
        for path in paths:
            self._take(lambda path=path: read_file(path))  # type: ignore[misc]

    def take_bytes(self, name: str, data: bytes) -> None:
        """Add a file that is no file on disk (a pasted picture)."""
        self._take(lambda: judge_file(name, data))

    def is_empty(self) -> bool:
        return not self._files and not self._reading and not self._refusals

    def read(self) -> IncomingFile | tuple[IncomingFile, ...] | None:
        if self._reading:
            raise Refused("Berkas masih dibaca. Tunggu sebentar.")
        if self._refusals:
            raise Refused(" ".join(self._refusals))
        files = tuple(read.file for read in self._files)
        return files if self._many else files[0]

    def empty_value(self) -> IncomingFile | tuple[IncomingFile, ...] | None:
        return () if self._many else None

    def answer(self) -> object:
        if self._refusals and not self._files and self.may_be_empty:
            # The refusal was read; a file that is not needed does not hold up the form.
            return self.empty_value()
        return super().answer()

    def set_value(self, value: Any) -> None:
        files = value if isinstance(value, tuple) else () if value is None else (value,)
        self._files = [ReadFile(file) for file in files]
        self._show_files()

    def state(self) -> Json:
        return [read.path for read in self._files if read.path and not read.file.protected]

    def restore(self, state: Json) -> None:
        self.take_paths([Path(path) for path in state])

    def missing_sentence(self) -> str:
        return f"{self.question.label} belum ada. Pilih atau seret berkasnya ke sini."

    def warning(self) -> str | None:
        return " ".join(notice for read in self._files for notice in read.notices) or None

    def _take(self, work: Callable[[], ReadFile]) -> None:
        if not self._many:
            self._files.clear()
        self._refusals.clear()
        self._reading += 1
        self._show_files()
        self._background.run_slow(self, lambda _task: work(), self._on_read, self._on_refused)

    def _on_read(self, read: ReadFile) -> None:
        self._reading -= 1
        self._files.append(read)
        self._show_files()
        self.file_taken.emit(read.file)

    def _on_refused(self, trouble: Refused | Unavailable) -> None:
        self._reading -= 1
        self._refusals.append(str(trouble))
        self._show_files()

    def _remove(self, read: ReadFile) -> None:
        self._files.remove(read)
        self._show_files()
        self.box.button.setFocus()

    def _show_files(self) -> None:
        from desk.adapters.files import size_text

        clear(self.box.rows)
        for read in self._files:
            told = f"{read.file.name} · {size_text(len(read.file.data))}"
            if read.file.protected:
                told += " · dilindungi"
            self.box.rows.addWidget(removable_row(told, read.file.name, lambda read=read: self._remove(read)))  # type: ignore[misc]
        self.box.hint.setText("Membaca berkas …" if self._reading else "atau seret ke sini, atau tempel (Ctrl+V)")
        self.box.button.setText("Ganti berkas …" if self._files and not self._many else "Pilih berkas …")
        self.announce()
        if not self._reading and (self._refusals or self._files):
            self.judge()
            if self._refusals:
                self.show_problem(" ".join(self._refusals))


def removable_row(text: str, name: str, remove: Callable[[], None]) -> QWidget:
    """A line with what was taken and a button that takes it out again."""
    row = QWidget()
    columns = QHBoxLayout(row)
    columns.setContentsMargins(0, 0, 0, 0)
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    button = QPushButton("Keluarkan")
    button.setProperty("role", "link")
    button.setAutoDefault(False)
    button.setAccessibleName(f"Keluarkan {name}")
    button.clicked.connect(remove)
    columns.addWidget(label, 1)
    columns.addWidget(button)
    return row


def clear(rows: QVBoxLayout) -> None:
    """Take all widgets out of a layout."""
    while (item := rows.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
