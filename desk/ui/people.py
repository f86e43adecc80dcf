"""The people of the offices: for administrators to change, for supervisors to agree to a treasurer's stand-in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desk.rules.dates import short_text
from desk.rules.people import Duty
from desk.rules.staffing import HeldDuty, changed_duties, why_not_change
from desk.ui import message, theme
from desk.ui.list_view import ListView
from desk.ui.password import PasswordOnce
from desk.ui.people_forms import (
    Answers,
    ChangePersonForm,
    DutiesForm,
    NewPersonForm,
    PeopleForm,
    StandInForm,
    duty_label,
)
from desk.ui.people_forms import words_label as _label
from desk.ui.people_list import PeopleWords
from desk.ui.rereading import Rereading
from desk.ui.row_button import RowButton
from desk.ui.table import TableModel
from desk.ui.theme import set_look

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.services.people import Asked, PersonEntry
    from desk.ui.background import Trouble
    from desk.ui.workstation import Workstation

T = TypeVar("T")
PANEL_WIDTH = 372
NARROW = 930
"""Below this width (px) list and person stand under each other."""


class PeoplePage(QWidget):
    """The list at the left, the chosen person with the possible steps at the right."""

    said = Signal(str)
    """What was done, for the quiet line of the window."""

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._reading = Rereading(self._ask)
        self._words = PeopleWords(workstation)
        self.setAccessibleName("Orang")
        self._title = QLabel("Orang")
        self._title.setProperty("role", "title")
        self._count = QLabel()
        self._count.setProperty("role", "muted")
        self.add = QPushButton("Tambah orang")
        self.add.setObjectName("people.add")
        self.add.setProperty("role", "primary")
        self.add.clicked.connect(self._add_person)
        self.list = ListView("Daftar orang")
        self.list.setObjectName("people")
        self.list.set_table(TableModel[Any](self._words.columns(), parent=self))
        self.list.row_selected.connect(self._show)
        heading = QHBoxLayout()
        heading.addWidget(self._title)
        heading.addWidget(self._count, 1)
        heading.addWidget(self.add)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(heading)
        left.addWidget(self.list, 1)
        self._panel = QScrollArea()
        self._panel.setWidgetResizable(True)
        self._panel.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._panel.setFrameShape(QFrame.Shape.NoFrame)
        self._whole = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(theme.GAP_WIDE)
        self._whole.addLayout(left, 1)
        self._whole.addWidget(self._panel)
        self._arrange()
        self._show(None)

    def _arrange(self) -> None:
        """The chosen person stands beside the list; in a narrow window, as at 200 % scaling, below it."""
        narrow = self.width() < NARROW
        across = QBoxLayout.Direction.LeftToRight
        self._whole.setDirection(QBoxLayout.Direction.TopToBottom if narrow else across)
        self._whole.setStretch(1, int(narrow))
        self._panel.setMinimumWidth(0 if narrow else PANEL_WIDTH)
        self._panel.setMaximumWidth(16_777_215 if narrow else PANEL_WIDTH)

    # Reading

    def read(self) -> None:
        """Read the list again without moving the current row."""
        self._reading.read()

    def take_focus(self) -> None:
        """Give the focus to the list."""
        self.list.setFocus()

    def _ask(self, ended: Callable[[], None]) -> None:
        from desk.services import people

        offices = tuple(office.id for office in self._words.offices(Duty.ADMINISTRATOR, Duty.SUPERVISOR))

        def show(rows: list[PersonEntry]) -> None:
            self.add.setVisible(bool(self._words.offices(Duty.ADMINISTRATOR)))
            active = sum(1 for row in rows if row.active)
            self._count.setText(f"{active} aktif" + (f", {len(rows) - active} berhenti" if active < len(rows) else ""))
            self.list.show_rows(rows)
            if self.list.current_row() is None and rows:
                self.list.select_key(rows[0].login)
            else:
                self._show(self.list.current_row())
            ended()

        self._workstation.read(self, lambda session: people.people(session, offices), show, lambda _no: ended())

    # The chosen person

    def _show(self, row: PersonEntry | None) -> None:
        inside = QFrame()
        inside.setProperty("role", "panel")
        column = QVBoxLayout(inside)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(8)
        if row is None:
            column.addWidget(_label("Pilih seseorang di daftar.", "muted"))
        else:
            self._fill(column, row)
        column.addStretch(1)
        self._panel.setWidget(inside)

    def _fill(self, column: QVBoxLayout, row: PersonEntry) -> None:
        column.addWidget(_label(row.name, "title"))
        about = " · ".join(part for part in (row.login, row.nip and f"NIP {row.nip}", row.position) if part)
        column.addWidget(_label(about, "muted"))
        column.addSpacing(6)
        column.addWidget(_label("TUGAS", "section"))
        for held in row.duties:
            column.addWidget(self._duty_line(row, held))
        if not row.duties:
            column.addWidget(_label("Belum ada tugas.", "muted"))
        for asked in row.asked:
            self._add_asked(column, asked)
        managed = self._words.offices(Duty.ADMINISTRATOR)
        if managed:
            column.addSpacing(6)
            column.addWidget(_label("LANGKAH", "section"))
            self._add_steps(column, row)

    def _duty_line(self, row: PersonEntry, held: HeldDuty) -> QWidget:
        over = not (row.active and held.lies_ahead(self._words.today(held.office_id)))
        since = f"sejak {short_text(held.starts_on)}"
        until = f" sampai {short_text(held.ends_on)}" if held.ends_on else ""
        instead = f", menggantikan {self._name_of(held.stands_in_for)}" if held.stands_in_for else ""
        line = QWidget()
        rows = QVBoxLayout(line)
        rows.setContentsMargins(0, 0, 0, 2)
        rows.setSpacing(1)
        code = self._workstation.office(held.office_id).code
        rows.addWidget(_label(f"{duty_label(held.duty)} · {code}", "muted" if over else "strong"))
        rows.addWidget(_label(("selesai, " if over else "") + since + until + instead, "small"))
        return line

    def _name_of(self, login: str) -> str:
        return next((row.name for row in self.list.table.rows if row.login == login), login)

    def _add_asked(self, column: QVBoxLayout, asked: Asked) -> None:
        days = f"{short_text(asked.starts_on)} sampai {short_text(asked.ends_on)}"
        words = _label(
            f"Diusulkan menjadi bendahara {days}, menggantikan {self._name_of(asked.stands_in_for)}. "
            "Menunggu persetujuan penyelia."
        )
        set_look(words, tone="soon")
        column.addWidget(words)
        actor = self._workstation.actor
        if Duty.SUPERVISOR not in actor.duties_in(asked.office_id) or actor.login in (asked.asked_by, asked.login):
            return
        for name, label, agreed in (
            ("people.agree", "Setujui pengganti", True),
            ("people.disagree", "Tolak pengganti", False),
        ):
            button = RowButton(label, role="primary" if agreed else "")
            button.setObjectName(name)
            button.clicked.connect(partial(self._decide, asked, agreed))
            column.addWidget(button)

    def _add_steps(self, column: QVBoxLayout, row: PersonEntry) -> None:
        reason = why_not_change(self._workstation.actor.login, row.login)
        steps: list[tuple[str, str, Callable[[PersonEntry], None]]]
        if row.active:
            steps = [("people.duties", "Ubah tugas", self._change_duties)]
            if self._replaceable(row):
                steps.append(("people.stand_in", "Pengganti sementara", self._stand_in))
            steps.append(("people.change", "Ubah data diri", self._change_person))
            steps.append(("people.password", "Sandi baru", self._give_password))
            steps.append(("people.let_go", "Orang berhenti", self._let_go))
        else:
            steps = [("people.take_back", "Aktifkan kembali", self._take_back)]
        for name, label, call in steps:
            button = RowButton(label)
            button.setObjectName(name)
            own_stand_in = name == "people.stand_in"  # naming who takes over the own duty changes no own right
            button.setEnabled(reason is None or own_stand_in)
            button.clicked.connect(partial(call, row))
            column.addWidget(button)
        if reason is not None:
            column.addWidget(_label(reason, "small"))

    def _replaceable(self, row: PersonEntry) -> tuple[tuple[HeldDuty, str], ...]:
        mine = {office.id for office in self._words.offices(Duty.ADMINISTRATOR)}
        return tuple(
            (held, f"{duty_label(held.duty)} · {self._workstation.office(held.office_id).code}")
            for held in self._words.ahead(row)
            if held.office_id in mine and not held.stands_in_for
        )

    # Deeds

    def _do(
        self,
        work: Callable[[Session], T],
        done: Callable[[T], object],
        failed: Callable[[Trouble], object] | None = None,
    ) -> None:
        link = self._workstation.link

        def deed() -> T:
            with link.transaction() as session:
                return work(session)

        def recorded(answer: T) -> None:
            self.read()
            done(answer)

        def refused(trouble: Trouble) -> None:
            self.read()
            (failed or partial(message.show_trouble, self))(trouble)

        self._workstation.background.run_work(self, deed, recorded, refused)

    def _send(self, form: PeopleForm, work: Callable[[Session, Answers], T], done: Callable[[T, Answers], Any]) -> None:
        def send(answers: Answers, _form: PeopleForm) -> None:
            def recorded(answer: T) -> None:
                form.accept()
                done(answer, answers)

            self._do(lambda session: work(session, answers), recorded, form.refused)

        form.on_send = send
        form.open()

    def _add_person(self) -> None:
        from desk.services import people

        offices = self._words.offices(Duty.ADMINISTRATOR)
        today = self._words.today(offices[0].id)

        def work(session: Session, answers: Answers) -> str:
            office, login = answers["office"], answers["login"]
            password = people.add_person(
                session,
                office,
                login=login,
                name=answers["name"],
                nip=answers["nip"] or "",
                position=answers["position"] or "",
            )
            for duty in sorted(answers["duties"], key=lambda duty: duty.value):
                people.set_duty(session, office, login=login, duty=duty, starts_on=today, ends_on=None)
            return password

        def done(password: str, answers: Answers) -> None:
            self.said.emit(f"{answers['name']} ditambahkan.")
            PasswordOnce(self.window(), answers["name"], answers["login"], password).open()

        self._send(NewPersonForm(self.window(), offices, today), work, done)

    def _change_duties(self, row: PersonEntry) -> None:
        from desk.services import people

        offices = self._words.offices(Duty.ADMINISTRATOR)
        form = DutiesForm(self.window(), row, offices, self._words.today(offices[0].id))

        def work(session: Session, answers: Answers) -> None:
            office, starts_on = answers["office"], answers["starts_on"]
            begun, ended = changed_duties(form.held(), answers["duties"])
            for duty in ended:
                people.end_duty(session, office, login=row.login, duty=duty, last_day=starts_on - timedelta(days=1))
            for duty in begun:
                people.set_duty(
                    session, office, login=row.login, duty=duty, starts_on=starts_on, ends_on=answers["ends_on"]
                )

        self._send(form, work, lambda _none, _answers: self.said.emit(f"Tugas {row.name} diubah."))

    def _stand_in(self, row: PersonEntry) -> None:
        from desk.services import people

        others = tuple(each for each in self.list.table.live_rows if each.active and each.login != row.login)
        others = tuple(each for each in others if each.login != self._workstation.actor.login)
        duties = self._replaceable(row)
        form = StandInForm(self.window(), row, duties, others, self._words.today(duties[0][0].office_id))

        def work(session: Session, answers: Answers) -> object:
            held: HeldDuty = answers["held"]
            return people.set_duty(
                session,
                held.office_id,
                login=answers["login"],
                duty=held.duty,
                starts_on=answers["starts_on"],
                ends_on=answers["ends_on"],
                stands_in_for=row.login,
            )

        def done(asked: object, answers: Answers) -> None:
            name = self._name_of(answers["login"])
            waits = " Bekerja setelah penyelia menyetujui." if asked else ""
            self.said.emit(f"{name} ditunjuk menggantikan {row.name}.{waits}")

        self._send(form, work, done)

    def _decide(self, asked: Asked, agreed: bool, _checked: bool = False) -> None:
        from desk.services import people

        words = "disetujui" if agreed else "ditolak"
        self._do(
            lambda session: people.approve_stand_in(session, asked, agreed=agreed),
            lambda _none: self.said.emit(f"{asked.name} sebagai pengganti bendahara {words}."),
        )

    def _change_person(self, row: PersonEntry) -> None:
        form, office = ChangePersonForm(self.window(), row), self._home(row)
        self._send(
            form, partial(form.write, office), lambda _, said: self.said.emit(f"Data diri {said['name']} disimpan.")
        )

    def _give_password(self, row: PersonEntry) -> None:
        from desk.services import people

        text = f"Kata sandi {row.name} yang lama tidak berlaku lagi. Kata sandi sementara tampil sekali."
        if message.confirm(self, "Sandi baru", text, "Buat sandi baru"):
            office = self._home(row)
            self._do(
                lambda session: people.give_password(session, office, login=row.login),
                lambda password: PasswordOnce(self.window(), row.name, row.login, password).open(),
            )

    def _let_go(self, row: PersonEntry) -> None:
        from desk.services import people

        text = (
            f"Semua akses {row.name} berakhir sekarang: sambungan yang terbuka diputus dan tugasnya selesai hari ini. "
            "Pekerjaan yang sudah tercatat tetap atas namanya."
        )
        if message.confirm(self, f"{row.name} berhenti", text, "Akhiri akses"):
            office = self._home(row)
            self._do(
                lambda session: people.let_go(session, office, login=row.login),
                lambda _none: self.said.emit(f"{row.name} berhenti; aksesnya sudah berakhir."),
            )

    def _take_back(self, row: PersonEntry) -> None:
        from desk.services import people

        office = self._home(row)

        def done(password: str) -> None:
            self.said.emit(f"{row.name} aktif kembali tanpa tugas.")
            PasswordOnce(self.window(), row.name, row.login, password).open()

        self._do(lambda session: people.take_back(session, office, login=row.login), done)

    def _home(self, row: PersonEntry) -> int:
        """An office of the person that this administrator looks after."""
        mine = [office.id for office in self._words.offices(Duty.ADMINISTRATOR)]
        return next((held.office_id for held in row.duties if held.office_id in mine), mine[0])

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
