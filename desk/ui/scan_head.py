"""The head of the tray: where scans come from, how far the present one is, and what was said last."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desk.ui import theme
from desk.ui.theme import set_look

if TYPE_CHECKING:
    from desk.ui.scanning import Scanning


class ScanHead(QWidget):
    """Buttons for files and folder, a bar with "Batalkan" while a stack is read, and one sentence."""

    def __init__(self, scanning: Scanning, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scanning = scanning
        title = QLabel("Baki pindaian")
        title.setProperty("role", "title")
        self._folder = QLabel()
        self._folder.setProperty("role", "muted")
        self.choose = QPushButton("Ambil pindaian …")
        self.choose.setObjectName("tray.choose")
        self.choose.setProperty("role", "primary")
        self.choose.clicked.connect(self._choose_files)
        self.watch = QPushButton("Folder pemindai …")
        self.watch.setObjectName("tray.folder")
        self.watch.clicked.connect(self._choose_folder)
        self.leave = QPushButton("Berhenti memantau")
        self.leave.setObjectName("tray.leave_folder")
        self.leave.clicked.connect(lambda: scanning.choose_folder(""))
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Halaman yang sudah dibaca")
        self.bar.setFormat("%v dari %m halaman")
        self.stop = QPushButton("Batalkan")
        self.stop.clicked.connect(scanning.cancel)
        for button in (self.choose, self.watch, self.leave, self.stop):
            button.setAutoDefault(False)
        self.said = QLabel()
        self.said.setObjectName("tray.said")
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setProperty("tone", "accent")
        self.said.hide()
        first = QHBoxLayout()
        first.setSpacing(theme.GAP_WIDE)
        first.addWidget(title)
        first.addWidget(self._folder, 1)
        first.addWidget(self.leave)
        first.addWidget(self.watch)
        first.addWidget(self.choose)
        self._busy = QWidget()
        busy = QHBoxLayout(self._busy)
        busy.setContentsMargins(0, 0, 0, 0)
        busy.addWidget(self.bar, 1)
        busy.addWidget(self.stop)
        self._busy.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(first)
        column.addWidget(self._busy)
        column.addWidget(self.said)
        scanning.began.connect(self._on_began)
        scanning.progressed.connect(self._on_progress)
        scanning.ended.connect(self._on_ended)
        scanning.folder_known.connect(self._say_folder)
        self._say_folder(scanning.folder)

    def tell(self, sentence: str, tone: str) -> None:
        """Show one sentence; `tone` is done, late, soon or accent."""
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))
        set_look(self.said, tone=tone)

    def _on_began(self, name: str) -> None:
        self.bar.setRange(0, 0)
        self._busy.show()
        self.tell(f"Membaca {name} …", "accent")

    def _on_progress(self, at: int, of: int) -> None:
        self.bar.setRange(0, of)
        self.bar.setValue(at)

    def _on_ended(self, sentence: str, came_in: bool) -> None:
        self._busy.setVisible(self._scanning.busy)
        self.tell(sentence, "done" if came_in else "late")

    def _say_folder(self, folder: str) -> None:
        self._folder.setText(f"Memantau {folder}" if folder else "Tidak ada folder yang dipantau")
        self.leave.setVisible(bool(folder))

    def _choose_files(self) -> None:
        from desk.ui.forms.file_field import file_dialog

        dialog = file_dialog(self, "Ambil pindaian (PDF atau gambar)", many=True)
        dialog.filesSelected.connect(lambda names: self._scanning.take([Path(name) for name in names]))
        dialog.open()

    def _choose_folder(self) -> None:
        from desk.ui.forms.file_field import file_dialog

        dialog = file_dialog(self, "Folder tempat pemindai menyimpan", many=False)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._scanning.choose_folder)
        dialog.open()
