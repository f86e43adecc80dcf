"""The administrator's page of requirements: what a request must bring before it is clear, and since when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desk.rules.dates import short_text
from desk.rules.inputs import Question
from desk.rules.people import Duty
from desk.ui.forms.date_field import DateField
from desk.ui.forms.plain_fields import ParagraphField, TextField
from desk.ui.list_view import ListView
from desk.ui.people_forms import Answers, PeopleForm
from desk.ui.rereading import Rereading
from desk.ui.table import Column, Look, TableModel

if TYPE_CHECKING:
    from desk.services.requirements import RequirementList
    from desk.ui.workstation import Workstation


class RequirementsPage(QWidget):
    """The lists of the office, the one in force first, and the way to write the next one."""

    said = Signal(str)

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._reading = Rereading(self._ask)
        self.setAccessibleName("Persyaratan")
        title = QLabel("Persyaratan permohonan")
        title.setProperty("role", "title")
        about = QLabel("Dicentang petugas sebelum permintaan dinyatakan clear. Yang sudah clear tidak berubah.")
        about.setProperty("role", "muted")
        about.setWordWrap(True)
        self.list = ListView("Daftar persyaratan")
        self.list.setObjectName("requirements")
        self.list.set_table(TableModel["RequirementList"](self._columns(), parent=self))
        self.list.row_selected.connect(self._show)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setObjectName("requirements.words")
        self.change = QPushButton("Tulis daftar baru …")
        self.change.setObjectName("requirements.change")
        self.change.setProperty("role", "primary")
        self.change.clicked.connect(self._write)
        row = QHBoxLayout()
        row.addWidget(self.words, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(title)
        head.addWidget(about, 1)
        head.addWidget(self.change)
        layout.addLayout(head)
        layout.addWidget(self.list, 1)
        layout.addLayout(row)

    def read(self) -> None:
        """Read the lists again."""
        self._reading.read()

    def take_focus(self) -> None:
        """Give the focus to the list."""
        self.list.setFocus()

    def _offices(self) -> list[int]:
        station = self._workstation
        return [each for each in station.office_ids if Duty.ADMINISTRATOR in station.actor.duties_in(each)]

    def _ask(self, ended: Callable[[], None]) -> None:
        from desk.services.requirements import requirement_lists

        offices = self._offices()

        def show(rows: list[RequirementList]) -> None:
            self.list.show_rows(rows)
            if self.list.current_row() is None and rows:
                self.list.select_key(rows[0].id)
            ended()

        self._workstation.read(
            self,
            lambda session: [row for office_id in offices for row in requirement_lists(session, office_id)],
            show,
            lambda _trouble: ended(),
        )

    def _columns(self) -> tuple[Column[RequirementList], ...]:
        return (
            Column("Berlaku mulai", lambda row: short_text(row.since), lambda row: row.since, look=Look.STRONG,
                   width=150),
            Column("Persyaratan", lambda row: f"{len(row.needs)} persyaratan", second=self._code, width=150),
            Column("Dasar", lambda row: row.basis, second=lambda row: f"ditulis {row.by}" if row.own else "nasional",
                   width=240, share=3),
            Column("Keadaan", self._state, width=170),
        )  # fmt: skip

    def _code(self, row: RequirementList) -> str:
        return f"kantor {self._workstation.office(row.office_id).code}" if len(self._offices()) > 1 else ""

    def _state(self, row: RequirementList) -> str:
        today = self._workstation.today(row.office_id)
        if row.since > today:
            return "belum berlaku"
        rows: list[RequirementList] = list(self.list.table.live_rows)
        started = [each for each in rows if each.since <= today and each.office_id == row.office_id]
        return "berlaku" if started and started[0] == row else "sudah diganti"

    def _show(self, row: RequirementList | None) -> None:
        lines = [] if row is None else [f"{at}. {need.label}" for at, need in enumerate(row.needs, 1)]
        self.words.setText("\n".join(lines))

    def _write(self) -> None:
        current: RequirementList | None = self.list.current_row()
        office_id = current.office_id if current is not None else self._offices()[0]
        rows = [row for row in self.list.table.live_rows if row.office_id == office_id]
        today = self._workstation.today(office_id)
        known = tuple(need for row in rows for need in row.needs)
        form = RequirementsForm(self.window(), rows[0] if rows else None, today)
        link = self._workstation.link

        def send(answers: Answers, _form: PeopleForm) -> None:
            since: date = answers["since"]

            def deed() -> int:
                from desk.services.requirements import set_requirements

                with link.transaction() as session:
                    labels = answers["needs"].splitlines()
                    return len(set_requirements(session, office_id, labels, since, answers["basis"], known))

            def done(count: int) -> None:
                form.accept()
                self.said.emit(f"Daftar {count} persyaratan berlaku mulai {short_text(since)}.")
                self.read()

            self._workstation.background.run_work(self, deed, done, form.refused)

        form.on_send = send
        form.open()


class RequirementsForm(PeopleForm):
    """The new list, one requirement per line, with its day and its basis."""

    def __init__(self, parent: QWidget | None, now: RequirementList | None, today: date) -> None:
        super().__init__(
            parent,
            "set_requirements",
            "Daftar persyaratan baru",
            "Satu persyaratan satu baris. Kalimat yang tidak berubah tetap tercentang pada permohonan yang terbuka.",
            "Berlakukan",
        )
        needs = ParagraphField(Question("needs", "Persyaratan", "paragraph", "", required=True, choices=()))
        needs.set_value("\n".join(need.label for need in now.needs) if now else "")
        since = DateField(Question("since", "Berlaku mulai", "date", "", required=True, choices=()), today)
        since.set_value(today)
        help_ = "Misalnya nomor keputusan tentang standar pelayanan."
        basis = TextField(Question("basis", "Dasar", "text", help_, required=True, choices=()))
        for field in (needs, since, basis):
            self.add(field)
        needs.setFocus()
