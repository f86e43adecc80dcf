"""Retention: which files with personal data are due to be erased, the erasing, and the records of earlier ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desk.rules.dates import short_text
from desk.rules.inputs import Question
from desk.rules.people import Duty
from desk.rules.quantities import bytes_text
from desk.ui import message
from desk.ui.forms.plain_fields import TextField
from desk.ui.list_view import ListView
from desk.ui.people_forms import Answers, PeopleForm
from desk.ui.rereading import Rereading
from desk.ui.statement_facts import label
from desk.ui.table import Column, Look, TableModel

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.services.retention import DestructionRecord, DueFile
    from desk.ui.workstation import Workstation

_RECORDS_HEIGHT = 210


class RetentionPage(QWidget):
    """Above what would be erased today, below what was erased; nothing goes without a person who says so."""

    said = Signal(str)
    case_wanted = Signal(int, object)
    """The case of a row should be shown: office and id."""

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._reading = Rereading(self._ask)
        self.setAccessibleName("Retensi")
        title = QLabel("Retensi data pribadi")
        title.setProperty("role", "title")
        self.erase = _button("Musnahkan semua yang jatuh tempo …", "retention.erase", self._erase, role="primary")
        heading = QHBoxLayout()
        heading.setSpacing(10)
        heading.addWidget(title)
        heading.addStretch(1)
        heading.addWidget(self.erase)
        self.about = label("", role="muted")
        self.about.setObjectName("retention.about")
        self.due = ListView("Berkas yang jatuh tempo dimusnahkan")
        self.due.when_empty = "Tidak ada berkas yang melewati masa simpannya."
        self.due.setObjectName("retention.due")
        self.due.set_table(TableModel(_due_columns(), parent=self))
        self.due.row_opened.connect(lambda row: self.case_wanted.emit(row.office_id, row.case_id))
        past = QHBoxLayout()
        past.setSpacing(8)
        heading_below = label("BERITA ACARA PEMUSNAHAN", role="section")
        heading_below.setWordWrap(False)
        past.addWidget(heading_below)
        past.addStretch(1)
        self.save_buttons = [
            _button(f"Simpan {words}", f"retention.{ending}", lambda ending=ending: self._save(ending))  # type: ignore[misc]
            for words, ending in (("Word", "docx"), ("PDF", "pdf"))
        ]
        for button in self.save_buttons:
            past.addWidget(button)
        self.records = ListView("Berita acara pemusnahan")
        self.records.when_empty = "Belum ada pemusnahan."
        self.records.setObjectName("retention.records")
        self.records.set_table(TableModel(_record_columns(), parent=self))
        self.records.setFixedHeight(_RECORDS_HEIGHT)
        self.records.row_selected.connect(self._show_record)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addLayout(heading)
        rows.addWidget(self.about)
        rows.addWidget(self.due, 1)
        rows.addLayout(past)
        rows.addWidget(self.records)
        self._show_record(None)

    # Reading

    def read(self) -> None:
        """Read both lists again without moving the current rows."""
        self._reading.read()

    def take_focus(self) -> None:
        """Give the focus to what is due."""
        self.due.setFocus()

    def _offices(self) -> tuple[int, ...]:
        station = self._workstation
        wanted = {Duty.SUPERVISOR, Duty.ADMINISTRATOR, Duty.AUDITOR}
        return tuple(office for office in station.office_ids if station.actor.duties_in(office) & wanted)

    def _may_erase(self, office: int) -> bool:
        return bool(self._workstation.actor.duties_in(office) & {Duty.SUPERVISOR, Duty.ADMINISTRATOR})

    def _ask(self, ended: Callable[[], None]) -> None:
        offices = self._offices()

        def ask(session: Session) -> tuple[list[DueFile], list[DestructionRecord]]:
            from desk.services import retention

            return retention.due_files(session, offices), retention.records(session, offices)

        def show(found: tuple[list[DueFile], list[DestructionRecord]]) -> None:
            due, records = found
            self.due.show_rows(due)
            self.records.show_rows(records)
            if self.records.current_row() is None and records:
                self.records.select_key(records[0].id)
            cases = len({row.case_id for row in due})
            self.about.setText(
                f"{len(due)} berkas dari {cases} permohonan melewati masa simpannya. Naskah, kuitansi, dan catatan "
                "penjualan tetap tersimpan."
                if due
                else "Tidak ada berkas yang melewati masa simpannya."
            )
            self.erase.setVisible(any(self._may_erase(row.office_id) for row in due))
            ended()

        self._workstation.read(self, ask, show, lambda _trouble: ended())

    # Erasing

    def _erase(self) -> None:
        rows: list[DueFile] = [row for row in self.due.table.live_rows if self._may_erase(row.office_id)]
        if not rows:
            return
        office = rows[0].office_id
        mine = [row for row in rows if row.office_id == office]
        station, key = self._workstation, uuid4()
        form = DestructionForm(self.window(), mine, station.office(office).name)

        def send(answers: Answers, form: PeopleForm) -> None:
            def work() -> str:
                from desk.services import retention

                with station.link.transaction() as session:
                    return retention.erase(session, office, mine, answers["witness"], answers["note"] or "", key=key)

            def done(number: str) -> None:
                form.accept()
                self.said.emit(f"{len(mine)} berkas dimusnahkan dengan berita acara {number}. Cetak dan tanda tangani.")
                self.read()

            station.background.run_work(self, work, done, form.refused)

        form.on_send = send
        form.open()

    # The record

    def _show_record(self, row: DestructionRecord | None) -> None:
        for button in self.save_buttons:
            button.setVisible(row is not None)

    def _save(self, ending: str) -> None:
        row: DestructionRecord | None = self.records.current_row()
        if row is None:
            return
        from desk.adapters.files import safe_name
        from desk.ui.forms.file_field import file_dialog

        name = safe_name(f"Berita acara pemusnahan {row.number}.{ending}".replace("/", "-"))
        dialog = file_dialog(self, "Simpan berita acara", many=False, save_as=name)
        dialog.fileSelected.connect(lambda chosen: self.save_to(Path(chosen), ending))
        dialog.open()

    def save_to(self, path: Path, ending: str) -> None:
        """Save the record on which the list stands as `docx` or `pdf`."""
        row: DestructionRecord | None = self.records.current_row()
        if row is None:
            return
        path = path if path.suffix.lower() == f".{ending}" else path.with_name(f"{path.name}.{ending}")
        shop = self._workstation.paper_shop

        def fill(made: tuple[bytes, dict[str, object]]) -> None:
            from desk.adapters.files import write_atomically
            from desk.services.retention import OPTIONAL

            def write(_task: object) -> None:
                paper = shop().make(*made, optional=OPTIONAL)
                write_atomically(path, paper.pdf if ending == "pdf" else paper.docx)

            self._workstation.background.run_slow(self, write, lambda _none: self.said.emit(f"Tersimpan: {path.name}."))

        def ask(session: Session) -> tuple[bytes, dict[str, object]]:
            from desk.services import retention

            return retention.record_paper(session, row)

        self._workstation.background.run(self, ask, fill, lambda trouble: message.show_trouble(self, trouble))


class DestructionForm(PeopleForm):
    """The last look before bytes are gone for good."""

    def __init__(self, parent: QWidget | None, rows: list[DueFile], office: str) -> None:
        kinds = {row.label for row in rows}
        counted = ", ".join(f"{sum(1 for row in rows if row.label == kind)} {kind}" for kind in sorted(kinds))
        super().__init__(
            parent,
            "destroy_files",
            f"Musnahkan {len(rows)} berkas",
            f"{office}: {counted}. Isinya hilang untuk selamanya dan tidak dapat dibuka lagi; yang tersisa nama, "
            "sidik, dan berita acara.",
            f"Musnahkan {len(rows)} berkas",
        )
        hint = "Orang kedua yang melihat pemusnahan dan ikut menandatangani berita acara."
        self.add(TextField(Question("witness", "Nama saksi", "text", hint, True, ())))
        self.add(TextField(Question("note", "Keterangan", "text", "Tercetak di berita acara.", False, ())))


def _due_columns() -> tuple[Column[Any], ...]:
    return (
        Column("Berkas", lambda row: row.label[:1].upper() + row.label[1:], lambda row: row.label,
               lambda row: f"{row.name} · {bytes_text(row.size)}", Look.STRONG, width=240, share=2),
        Column("Permohonan", lambda row: row.case_number, lambda row: row.case_number, lambda row: row.customer,
               width=200, share=2),
        Column("Selesai", lambda row: short_text(row.ended_on), lambda row: row.ended_on, look=Look.MUTED, width=120),
        Column("Disimpan sampai", lambda row: short_text(row.kept_until), lambda row: row.kept_until, width=140),
    )  # fmt: skip


def _record_columns() -> tuple[Column[Any], ...]:
    return (
        Column("Nomor", lambda row: row.number, lambda row: row.number, look=Look.STRONG, width=180),
        Column("Tanggal", lambda row: short_text(row.erased_on), lambda row: row.erased_on, width=120),
        Column("Berkas", lambda row: str(row.files), lambda row: row.files, width=80, right=True),
        Column("Pelaksana", lambda row: row.name, lambda row: row.name, lambda row: f"saksi {row.witness}", width=200,
               share=1),
        Column("Dasar", lambda row: row.basis, look=Look.MUTED, wrap=True, width=220, share=2, spare=1),
    )  # fmt: skip


def _button(words: str, name: str, clicked: Callable[[], None], role: str = "") -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(name)
    button.setAutoDefault(False)
    if role:
        button.setProperty("role", role)
    button.clicked.connect(lambda: clicked())
    return button
