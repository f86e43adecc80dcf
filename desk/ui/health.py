"""The administrator's page about the database: backups with their age, and the doctor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desk.rules.audit_words import moment_text
from desk.ui import message
from desk.ui.list_view import ListView
from desk.ui.rereading import Rereading
from desk.ui.table import Column, TableModel
from desk.ui.theme import set_look

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from desk.services.audit import Finding
    from desk.services.health import Kept
    from desk.ui.background import Task, Trouble
    from desk.ui.workstation import Workstation


@dataclass(frozen=True, slots=True)
class Row:
    """A finding with its place in the list."""

    id: int
    finding: Finding
    office: str


class HealthPage(QWidget):
    """How old the last backup and its last proof are, and a button that examines the database."""

    said = Signal(str)

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._zone = workstation.offices[0].zone
        self._task: Task | None = None
        self._reading = Rereading(self._ask)
        self.setAccessibleName("Basis data")
        title = QLabel("Basis data")
        title.setProperty("role", "title")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(title)
        layout.addWidget(self._backups())
        layout.addWidget(self._doctor(), 1)

    def _backups(self) -> QFrame:
        card, column = _card("Cadangan")
        self.backup, self.proof = QLabel(), QLabel()
        for label, name in ((self.backup, "health.backup"), (self.proof, "health.proof")):
            label.setObjectName(name)
            label.setWordWrap(True)
            label.setProperty("tone", "done")  # its padding comes with the first polish only
            column.addWidget(label)
        return card

    def _doctor(self) -> QFrame:
        card, column = _card("Periksa basis data")
        about = QLabel(
            "Mencari yang tidak boleh ada: nomor yang melompat, kuitansi tanpa uang, permohonan tanpa meja, berkas "
            "yang hilang, penjaga yang mati. Tidak mengubah apa pun."
        )
        about.setProperty("role", "muted")
        about.setWordWrap(True)
        self.start = QPushButton("Periksa sekarang")
        self.start.setObjectName("health.examine")
        self.start.setProperty("role", "primary")
        self.start.clicked.connect(lambda: self.examine())
        self.files = QCheckBox("Juga sidik setiap berkas (lama)")
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Kemajuan pemeriksaan")
        self.bar.hide()
        self.cancel = QPushButton("Batal")
        self.cancel.setObjectName("health.cancel")
        self.cancel.clicked.connect(lambda: self.stop())
        self.cancel.hide()
        row = QHBoxLayout()
        row.setSpacing(10)
        for widget in (self.start, self.files, self.bar, self.cancel):
            row.addWidget(widget)
        row.addStretch(1)
        self.result = QLabel()
        self.result.setObjectName("health.result")
        self.result.setWordWrap(True)
        self.result.setProperty("tone", "done")
        self.result.hide()
        self.list = ListView("Temuan")
        self.list.setObjectName("health.findings")
        self._model: TableModel[Any] = TableModel(
            (
                Column("Kantor", lambda row: row.office, width=90),
                Column("Temuan dan langkahnya", lambda row: row.finding.sentence, wrap=True, width=300, share=1),
            ),
            parent=self,
        )
        self.list.set_table(self._model)
        self.list.hide()
        column.addWidget(about)
        column.addLayout(row)
        column.addWidget(self.result)
        column.addWidget(self.list, 20)
        column.addStretch(1)
        return card

    # Backups

    def read(self) -> None:
        """Read the ages again."""
        self._reading.read()

    def take_focus(self) -> None:
        """Give the focus to the doctor."""
        self.start.setFocus()

    def _ask(self, ended: Callable[[], None]) -> None:
        from desk.services import health

        def show(kept: Kept) -> None:
            self._show(kept)
            ended()

        self._workstation.read(self, health.kept, show, lambda _trouble: ended())

    def _show(self, kept: Kept) -> None:
        def when(moment: datetime) -> str:
            from desk.services.health import age_text

            return f"{age_text(kept.now - moment)} ({moment_text(moment, self._zone)})"

        if kept.backup_at is None:
            backup = "Belum pernah ada cadangan. Jadwalkan “desk backup” di server hari ini juga."
        else:
            backup = f"Cadangan terakhir {when(kept.backup_at)}."
            if kept.backup_late:
                backup += " Lebih dari 26 jam: periksa jadwal “desk backup” di server."
        if kept.faults:
            proof = f"Uji pemulihan terakhir gagal: {'; '.join(kept.faults[:3])}. Buat cadangan baru dan uji lagi."
        elif kept.proven_at is None:
            proof = "Belum ada cadangan yang terbukti dapat dipulihkan. Jalankan “desk restore-test” di server."
        else:
            proof = f"Pemulihan terbukti {when(kept.proven_at)}."
            if kept.proof_late:
                proof += " Lebih dari seminggu: periksa jadwal “desk restore-test” di server."
        for label, words, late in ((self.backup, backup, kept.backup_late), (self.proof, proof, kept.proof_late)):
            label.setText(words)
            set_look(label, tone="late" if late else "done")

    # The doctor

    def examine(self) -> None:
        """Ask every question on the slow lane."""
        one_moment, files = self._workstation.link.one_moment, self.files.isChecked()
        if self._task is not None or one_moment is None:
            return

        def work(task: Task) -> list[Finding]:
            from desk import actions, deeds
            from desk.services import doctor

            with one_moment() as session:
                rules = actions.as_stored()
                return list(doctor.examine_own(session, deeds.derived, rules, files=files, progress=task.progress))

        self._set_busy(True)
        self._task = self._workstation.background.run_slow(self, work, self._found, self._failed, self._progressed)

    def _progressed(self, at: int, of: int) -> None:
        self.bar.setRange(0, of)
        self.bar.setValue(at)

    def _found(self, findings: list[Finding]) -> None:
        self._set_busy(False)
        codes = {office.id: office.code for office in self._workstation.offices}
        whole = "semua"
        self.list.show_rows([Row(at, each, codes.get(each.office_id or 0, whole)) for at, each in enumerate(findings)])
        self.list.setVisible(bool(findings))
        self._say(f"{len(findings)} temuan." if findings else "Basis data sehat: tidak ada temuan.", not findings)

    def _failed(self, trouble: Trouble) -> None:
        self._set_busy(False)
        message.show_trouble(self, trouble)

    def stop(self) -> None:
        """Stop; what was found so far is not shown."""
        if self._task is not None:
            self._task.cancel()
        self._set_busy(False)
        self._say("Pemeriksaan dihentikan; belum ada hasil.", None)

    def _say(self, sentence: str, good: bool | None) -> None:
        set_look(self.result, tone={True: "done", False: "late", None: "soon"}[good])
        self.result.setText(sentence)
        self.result.show()

    def _set_busy(self, busy: bool) -> None:
        self._task = self._task if busy else None
        self.start.setEnabled(not busy)
        self.bar.setRange(0, 0)
        self.bar.setVisible(busy)
        self.cancel.setVisible(busy)
        if busy:
            self.result.hide()
            self.list.hide()


def _card(title: str) -> tuple[QFrame, QVBoxLayout]:
    card = QFrame()
    card.setProperty("role", "panel")
    column = QVBoxLayout(card)
    column.setContentsMargins(18, 14, 18, 14)
    column.setSpacing(10)
    heading = QLabel(title)
    heading.setProperty("role", "strong")
    column.addWidget(heading)
    return card, column
