"""The templates of the offices: which version each paper is made from, and how the next one comes into force."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desk.errors import Refused
from desk.rules.dates import local_date, short_text
from desk.rules.inputs import Question
from desk.rules.people import Duty
from desk.services.templates import FormEntry, Standing, Version
from desk.ui import message, theme
from desk.ui.forms.date_field import DateField
from desk.ui.list_view import ListView
from desk.ui.people_forms import Answers, PeopleForm
from desk.ui.rereading import Rereading
from desk.ui.row_button import RowButton
from desk.ui.statement_facts import label
from desk.ui.table import Column, Look, TableModel
from desk.ui.theme import Tone, set_look

if TYPE_CHECKING:
    from desk.ui.workstation import Workstation

PANEL_WIDTH = 372


class TemplatePage(QWidget):
    """Every paper of the office at the left; the versions of the chosen one and the next step at the right."""

    said = Signal(str)
    """What was done, for the quiet line of the window."""

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._reading = Rereading(self._ask)
        self.setAccessibleName("Templat")
        title = QLabel("Templat naskah")
        title.setProperty("role", "title")
        about = label("Naskah yang sudah terbit tetap memakai templat saat terbit.", role="muted")
        self.list = ListView("Daftar templat")
        self.list.setObjectName("templates")
        self.list.set_table(TableModel[FormEntry](self._columns(), parent=self))
        self.list.row_selected.connect(self._show)
        heading = QHBoxLayout()
        heading.setSpacing(10)
        heading.addWidget(title)
        heading.addWidget(about, 1)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(heading)
        left.addWidget(self.list, 1)
        self.panel = QScrollArea()
        self.panel.setWidgetResizable(True)
        self.panel.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.panel.setFrameShape(QFrame.Shape.NoFrame)
        self.panel.setFixedWidth(PANEL_WIDTH)
        self.panel.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.GAP_WIDE)
        whole.addLayout(left, 1)
        whole.addWidget(self.panel)
        self._show(None)

    # Reading

    def read(self) -> None:
        """Read the list again without moving the current row."""
        self._reading.read()

    def take_focus(self) -> None:
        """Give the focus to the list."""
        self.list.setFocus()

    def _offices(self) -> tuple[int, ...]:
        station = self._workstation
        wanted = {Duty.ADMINISTRATOR, Duty.SUPERVISOR}
        return tuple(office for office in station.office_ids if station.actor.duties_in(office) & wanted)

    def _ask(self, ended: Callable[[], None]) -> None:
        from desk.services import templates

        offices = self._offices()

        def show(rows: list[FormEntry]) -> None:
            self.list.show_rows(rows)
            if self.list.current_row() is None and rows:
                self.list.select_key(rows[0].id)
            else:
                self._show(self.list.current_row())
            ended()

        self._workstation.read(self, lambda s: templates.forms(s, offices), show, lambda _trouble: ended())

    # The list

    def _columns(self) -> tuple[Column[FormEntry], ...]:
        return (
            Column("Naskah", lambda row: row.form.label, lambda row: row.form.label.casefold(), self._code,
                   Look.STRONG, width=210, share=3),
            Column("Dibuat dari", lambda row: row.in_force.title if row.in_force else "belum ada",
                   lambda row: row.in_force.title if row.in_force else "", self._since, width=190, share=2),
            Column("Keadaan", _state, _state, look=Look.PILL, tone=_tone, width=170),
        )  # fmt: skip

    def _code(self, row: FormEntry) -> str:
        return f"kantor {self._workstation.office(row.office_id).code}" if len(self._offices()) > 1 else ""

    def _since(self, row: FormEntry) -> str:
        version = row.in_force
        if version is None or version.since is None or version.national:
            return ""
        by = version.activated.name if version.activated else ""
        return f"sejak {short_text(version.since)}" + (f", oleh {by}" if by else "")

    # The chosen template

    def _show(self, row: FormEntry | None) -> None:
        inside = QFrame()
        inside.setProperty("role", "panel")
        column = QVBoxLayout(inside)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(8)
        if row is None:
            column.addWidget(label("Pilih satu naskah di daftar.", role="muted"))
        else:
            self._fill(column, row)
        column.addStretch(1)
        self.panel.setWidget(inside)

    def _fill(self, column: QVBoxLayout, row: FormEntry) -> None:
        column.addWidget(label(row.form.label, role="title"))
        column.addWidget(label("LANGKAH", role="section"))
        if Duty.ADMINISTRATOR in self._workstation.actor.duties_in(row.office_id):
            self._step(column, "templates.upload", "Unggah versi baru …", partial(self._upload, row), role="primary")
        if row.in_force is not None:
            self._step(
                column, "templates.save", "Simpan yang berlaku ke berkas …", partial(self._save, row, row.in_force)
            )
        for heading, versions in (
            ("MENUNGGU", row.of(Standing.WAITING)),
            ("AKAN BERLAKU", row.of(Standing.COMING)),
            ("BERLAKU", row.of(Standing.IN_FORCE)),
            ("LAINNYA", row.of(Standing.PAST)),
        ):
            if versions:
                column.addSpacing(6)
                column.addWidget(label(heading, role="section"))
            for version in versions:
                self._add_version(column, row, version)

    def _add_version(self, column: QVBoxLayout, row: FormEntry, version: Version) -> None:
        zone = self._workstation.office(row.office_id).zone
        column.addWidget(label(version.title, role="strong"))
        if not version.national:
            column.addWidget(
                label(
                    f"diunggah {version.name or version.by}, {short_text(local_date(version.at, zone))}", role="small"
                )
            )
        if version.activated is not None:
            since = f"berlaku mulai {short_text(version.activated.starts_on)}"
            by = f", diaktifkan {version.activated.name}" if version.activated.name else ""
            column.addWidget(label(since + by, role="small"))
        if version.papers:
            column.addWidget(label(f"{version.papers} lembar dibuat dari versi ini", role="small"))
        if version.standing is Standing.IN_FORCE:
            return
        if row.in_force is not None:
            self._step(column, "templates.compare", "Bandingkan dengan yang berlaku …",
                       partial(self._compare, row, version))  # fmt: skip
        self._step(column, "templates.save_other", "Simpan ke berkas …", partial(self._save, row, version))
        if version.national:
            return
        if version.by == self._workstation.actor.login:
            if version.standing is Standing.WAITING:
                words = label("Anda yang mengunggahnya; administrator lain atau penyelia yang mengaktifkan.")
                set_look(words, tone="soon")
                column.addWidget(words)
            return
        waits = version.standing is Standing.WAITING
        self._step(column, "templates.activate", "Aktifkan …" if waits else "Aktifkan lagi …",
                   partial(self._activate, row, version), role="primary" if waits else "")  # fmt: skip

    def _step(self, column: QVBoxLayout, name: str, words: str, call: Callable[[], None], role: str = "") -> None:
        button = RowButton(words, role=role)
        button.setObjectName(name)
        button.clicked.connect(lambda: call())
        column.addWidget(button)

    # Deeds

    def _upload(self, row: FormEntry) -> None:
        from desk.ui.template_upload import TemplateUpload

        window = TemplateUpload(self.window(), self._workstation, row)
        window.stored.connect(self._on_stored)
        window.open()

    def _on_stored(self, sentence: str) -> None:
        self.said.emit(sentence)
        self.read()

    def _compare(self, row: FormEntry, version: Version) -> None:
        from desk.ui.template_compare import Candidate, TemplateCompare

        TemplateCompare(self.window(), self._workstation, row, Candidate(version.title, version=version)).open()

    def _save(self, row: FormEntry, version: Version) -> None:
        from desk.adapters.files import safe_name
        from desk.ui.forms.file_field import file_dialog

        name = safe_name(f"{row.form.label} - {version.title}.docx")
        dialog = file_dialog(self, "Simpan templat", many=False, save_as=name)
        dialog.fileSelected.connect(lambda chosen: self._write(version, Path(chosen)))
        dialog.open()

    def _write(self, version: Version, path: Path) -> None:
        from desk.services import templates

        workstation = self._workstation

        def write(data: bytes) -> None:
            from desk.adapters.files import write_atomically

            workstation.background.run_slow(
                self,
                lambda _task: write_atomically(path, data),
                lambda _none: self.said.emit(f"{version.title} disimpan sebagai {path.name}."),
                partial(message.show_trouble, self),
            )

        workstation.read(self, lambda session: templates.content(session, version), write)

    def _activate(self, row: FormEntry, version: Version) -> None:
        form = ActivationForm(self.window(), row, version, self._workstation.today(row.office_id))
        link, key = self._workstation.link, uuid4()

        def send(answers: Answers, _form: PeopleForm) -> None:
            starts_on: date = answers["starts_on"]

            def deed() -> None:
                from desk.services import templates

                with link.transaction() as session:
                    templates.activate(session, row.office_id, version.id, starts_on, key=key)

            def done(_none: None) -> None:
                form.accept()
                self.said.emit(f"{row.form.label}: {version.title} berlaku mulai {short_text(starts_on)}.")
                self.read()

            self._workstation.background.run_work(self, deed, done, form.refused)

        form.on_send = send
        form.open()


class ActivationForm(PeopleForm):
    """The day from which papers are made from a version."""

    def __init__(self, parent: QWidget | None, row: FormEntry, version: Version, today: date) -> None:
        super().__init__(
            parent,
            "activate_template",
            f"Aktifkan {version.title}",
            f"{row.form.label} yang terbit mulai tanggal ini dibuat dari versi yang diunggah "
            f"{version.name or version.by}. Yang terbit sebelumnya tidak berubah.",
            "Aktifkan",
        )
        self._today = today
        on = DateField(Question("starts_on", "Berlaku mulai", "date", "", True, ()), today)
        on.set_value(today)
        self.add(on)

    def judge_together(self, answers: Answers) -> None:
        """Raise Refused for a day that is over."""
        if answers["starts_on"] < self._today:
            raise Refused("Tanggal mulai sudah lewat. Pilih hari ini atau sesudahnya.")


def _state(row: FormEntry) -> str:
    waiting, coming = row.of(Standing.WAITING), row.of(Standing.COMING)
    if waiting:
        return "Menunggu pengaktifan"
    if coming and coming[0].since:
        return f"Baru mulai {short_text(coming[0].since)}"
    return ""


def _tone(row: FormEntry) -> Tone:
    return Tone.SOON if row.of(Standing.WAITING) else Tone.PLAIN
