"""A Word file becomes a template of the office: dropped or chosen, checked on the slow lane, kept when it is sound."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QProgressBar, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desk.ui import theme
from desk.ui.field_palette import FieldPalette
from desk.ui.statement_facts import label, set_tone

if TYPE_CHECKING:
    from desk.services.template_check import Examined, Remark
    from desk.services.templates import FormEntry
    from desk.ui.background import Task, Trouble
    from desk.ui.workstation import Workstation

_WIDTH, _HEIGHT, _PALETTE_WIDTH = 960, 620, 400


class TemplateUpload(QDialog):
    """What is wrong with the file stands at the left, in words; the fields to choose from at the right."""

    stored = Signal(str)
    """A version is kept; carries the sentence that says so."""

    def __init__(self, parent: QWidget | None, workstation: Workstation, entry: FormEntry) -> None:
        super().__init__(parent)
        self._workstation, self._entry = workstation, entry
        self._examined: Examined | None = None
        self._task: Task | None = None
        self._key = uuid4()
        self.setObjectName("template_upload")
        self.setWindowTitle("Unggah templat")
        self.setAcceptDrops(True)
        self._build()
        self.resize(_WIDTH, _HEIGHT)
        self._say(
            "Buka templat yang berlaku di Word, ubah, simpan sebagai .docx, lalu seret ke sini. "
            "Berkasnya diperiksa dahulu; yang bermasalah tidak disimpan."
        )

    def take_file(self, path: Path) -> None:
        """Check this file; the answer stands in the window."""
        if self._task is not None:
            self._task.cancel()
        self._examined = None
        self._key = uuid4()
        self._show_remarks(())
        self._say(f"{path.name} diperiksa …")
        self.bar.show()
        self._show_buttons()
        workstation, entry = self._workstation, self._entry

        def work(_task: object) -> Examined:
            from desk.services import template_check, templates

            data = template_check.read_file(path)
            in_force = None
            if entry.in_force is not None:
                with workstation.link.reading() as session:
                    in_force = templates.content(session, entry.in_force)
            return template_check.examine(workstation.paper_shop(), entry.form.paper, path.name, data, in_force)

        self._task = workstation.background.run_slow(self, work, self._on_examined, self._on_trouble)

    # What became of the file

    def _on_examined(self, examined: Examined) -> None:
        self.bar.hide()
        self._examined = examined
        stops = sum(1 for remark in examined.remarks if remark.stops)
        if not examined.usable:
            self._say(f"{examined.name} tidak dapat dipakai: {stops} hal harus diperbaiki di Word.", "late")
        elif examined.remarks:
            self._say(f"{examined.name} dapat dipakai. Baca dahulu {len(examined.remarks)} catatan ini.", "soon")
        else:
            self._say(f"{examined.name} dapat dipakai; semua kolomnya dikenal.", "done")
        self._show_remarks(examined.remarks)
        self._show_buttons()

    def _on_trouble(self, trouble: Trouble) -> None:
        self.bar.hide()
        self._say(str(trouble), "late")
        self._show_buttons()

    def _show_remarks(self, remarks: tuple[Remark, ...]) -> None:
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 6, 0)
        rows.setSpacing(10)
        for remark in remarks:
            words = label(f"{'Perbaiki' if remark.stops else 'Catatan'}: {remark.sentence}")
            words.setObjectName("remark")
            set_tone(words, "late" if remark.stops else "soon")
            rows.addWidget(words)
        rows.addStretch(1)
        self.remarks.setWidget(inside)

    def _show_buttons(self) -> None:
        usable = self._examined is not None and self._examined.usable
        self.compare.setVisible(usable)
        self.keep.setVisible(usable)

    # Deeds

    def _choose(self) -> None:
        from desk.ui.forms.file_field import file_dialog

        dialog = file_dialog(self, "Pilih templat Word", many=False)
        dialog.setNameFilter("Dokumen Word (*.docx)")
        dialog.fileSelected.connect(lambda name: self.take_file(Path(name)))
        dialog.open()

    def _compare(self) -> None:
        from desk.ui.template_compare import Candidate, TemplateCompare

        if self._examined is not None:
            candidate = Candidate(self._examined.name, self._examined.data)
            TemplateCompare(self, self._workstation, self._entry, candidate).open()

    def _keep(self) -> None:
        examined, entry, key = self._examined, self._entry, self._key
        if examined is None:
            return
        self.keep.setEnabled(False)
        link = self._workstation.link

        def deed() -> int:
            from desk.services import templates

            with link.transaction() as session:
                return templates.store(session, entry.office_id, entry.form, examined.data, key=key)

        def done(version: int) -> None:
            self.stored.emit(
                f"{entry.form.label}: versi {version} disimpan. Berlaku setelah administrator lain atau penyelia "
                "mengaktifkannya."
            )
            self.accept()

        def refused(trouble: Trouble) -> None:
            self.keep.setEnabled(True)
            self._say(str(trouble), "late")

        self._workstation.background.run_work(self, deed, done, refused)

    # What the window is made of

    def _build(self) -> None:
        self.said = label("")
        self.said.setObjectName("upload.said")
        self.bar = QProgressBar(minimum=0, maximum=0, textVisible=False)
        self.bar.setAccessibleName("Pemeriksaan berjalan")
        self.bar.hide()
        self.remarks = QScrollArea()
        self.remarks.setWidgetResizable(True)
        self.remarks.setFrameShape(QFrame.Shape.NoFrame)
        self.choose = _button("Pilih berkas …", "upload.choose", self._choose)
        self.compare = _button("Bandingkan …", "upload.compare", self._compare)
        cancel = _button("Batal", "upload.cancel", self.reject)
        self.keep = _button("Simpan versi ini", "upload.keep", self._keep)
        self.keep.setProperty("role", "primary")
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(label(f"Versi baru: {self._entry.form.label}", role="title"))
        left.addWidget(self.said)
        left.addWidget(self.bar)
        left.addWidget(self.remarks, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.choose)
        buttons.addStretch(1)
        for button in (self.compare, cancel, self.keep):
            buttons.addWidget(button)
        left.addLayout(buttons)
        self.palette_list = FieldPalette(self._entry.form.paper)
        self.palette_list.setFixedWidth(_PALETTE_WIDTH)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 18)
        whole.setSpacing(theme.GAP_WIDE + 6)
        whole.addLayout(left, 1)
        whole.addWidget(self.palette_list)
        self._show_buttons()

    def _say(self, sentence: str, tone: str = "") -> None:
        self.said.setText(sentence)
        set_tone(self.said, tone)

    # Qt overrides

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        from desk.ui.forms.file_field import local_files

        if len(local_files(event.mimeData())) == 1:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        from desk.ui.forms.file_field import local_files

        event.acceptProposedAction()
        self.take_file(local_files(event.mimeData())[0])

    def done(self, result: int) -> None:
        if self._task is not None:
            self._task.cancel()
        super().done(result)
        self.deleteLater()


def _button(text: str, name: str, clicked: object) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAutoDefault(False)
    button.clicked.connect(lambda: clicked())  # type: ignore[operator]
    return button
