"""The whole case as one PDF: one key, made on the slow lane with progress, for officer, supervisor and auditor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from desk.rules.people import Duty
from desk.ui import message

if TYPE_CHECKING:
    from desk.paperwork import CaseFile
    from desk.rules.case import CaseFacts
    from desk.ui.background import Task, Trouble
    from desk.ui.workstation import Workstation

KEYS = "F8"
_MAY = frozenset({Duty.OFFICER, Duty.SUPERVISOR, Duty.AUDITOR})


class CaseBinding(QWidget):
    """The button “Berkas kasus”, and how far the making is."""

    def __init__(self, workstation: Workstation) -> None:
        super().__init__()
        self._workstation = workstation
        self._case: CaseFacts | None = None
        self._task: Task | None = None
        self._made: Path | None = None
        self.button = QPushButton("Berkas kasus (PDF) …")
        self.button.setObjectName("case.bind")
        self.button.setProperty("role", "link")
        self.button.setToolTip(f"Seluruh permohonan sebagai satu PDF: cerita, keputusan, naskah, sidik ({KEYS})")
        self.button.clicked.connect(self.ask)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Membuat berkas kasus")
        self.bar.setMaximumHeight(14)
        self.cancel = QPushButton("Batal")
        self.cancel.setProperty("role", "link")
        self.cancel.clicked.connect(self.stop)
        self.said = QLabel()
        self.said.setProperty("role", "small")
        self.said.setWordWrap(True)
        self.open = QPushButton("Buka")
        self.open.setProperty("role", "link")
        self.open.clicked.connect(self._open)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.button)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        row.addWidget(self.said, 1)
        row.addWidget(self.open)
        row.addStretch(0)
        QShortcut(QKeySequence(KEYS), self).activated.connect(self.ask)
        self._show()

    def show_case(self, case: CaseFacts | None) -> None:
        """Offer the case file of this case to whom it is given."""
        if case is None or self._case is None or case.id != self._case.id:
            self.said.setText("")
            self._made = None
        self._case = case
        self._show()

    def ask(self) -> None:
        """Ask where to keep it, then make it."""
        case = self._case
        if case is None or self._task is not None or not self._may():
            return
        from desk.adapters.files import safe_name
        from desk.ui.forms.file_field import file_dialog

        dialog = file_dialog(
            self, "Simpan berkas kasus", many=False, save_as=safe_name(f"Berkas kasus {case.number}.pdf")
        )
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(lambda name: self.make(Path(name)))
        dialog.open()

    def make(self, target: Path) -> None:
        """Make the case file on the slow lane."""
        case, bind, station = self._case, self._workstation.link.case_file, self._workstation
        if case is None or bind is None or self._task is not None:
            return
        name = station.actor.name

        def work(task: Task) -> CaseFile:
            return bind(station.paper_shop(), case.office_id, case.id, name, target, task.progress)

        self.said.setText("")
        self._task = station.background.run_slow(self, work, self._done, self._failed, self._progressed)
        self.bar.setRange(0, 0)
        self._show()

    def stop(self) -> None:
        """Stop the making; nothing is left behind."""
        if self._task is not None:
            self._task.cancel()
            self._end("Pembuatan berkas kasus dihentikan.")

    def _progressed(self, at: int, of: int) -> None:
        self.bar.setRange(0, of)
        self.bar.setValue(at)

    def _done(self, made: CaseFile) -> None:
        self._made = made.files[0]
        parts = f" dalam {len(made.files)} berkas" if len(made.files) > 1 else ""
        left = f", {made.not_shown} berkas hanya didaftar" if made.not_shown else ""
        self._end(f"{made.files[0].name}: {made.pages} halaman{parts}{left}.")

    def _failed(self, trouble: Trouble) -> None:
        self._end("")
        message.show_trouble(self, trouble)

    def _end(self, sentence: str) -> None:
        self._task = None
        self.said.setText(sentence)
        self._show()

    def _open(self) -> None:
        if self._made is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._made)))

    def _may(self) -> bool:
        case = self._case
        return case is not None and bool(self._workstation.actor.duties_in(case.office_id) & _MAY)

    def _show(self) -> None:
        busy = self._task is not None
        self.setVisible(self._may() and self._workstation.link.case_file is not None)
        self.button.setVisible(not busy)
        self.bar.setVisible(busy)
        self.cancel.setVisible(busy)
        self.said.setVisible(bool(self.said.text()) and not busy)
        self.open.setVisible(self._made is not None and not busy)
