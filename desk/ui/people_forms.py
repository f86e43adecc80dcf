"""The short forms of the administrator: a new person, duties, a stand-in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desk.errors import Refused
from desk.rules.inputs import Question
from desk.rules.people import Duty
from desk.rules.staffing import HeldDuty, suggested_login, why_not_login, why_not_period
from desk.ui.forms.date_field import DateField
from desk.ui.forms.field import Field
from desk.ui.forms.plain_fields import PickField, TextField, TicksField, sentence_case
from desk.ui.theme import GAP_WIDE, set_look

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent
    from sqlalchemy.orm import Session

    from desk.rules.case import State
    from desk.services.people import PersonEntry
    from desk.ui.background import Trouble
    from desk.ui.entering import Office

Answers = Mapping[str, Any]
_WIDTH = 520


class PeopleForm(QDialog):
    """Fields under each other; it stays open, with everything typed, until the deed is recorded."""

    def __init__(self, parent: QWidget | None, name: str, title: str, about: str, deed: str) -> None:
        super().__init__(parent)
        self.fields: dict[str, Field] = {}
        self.on_send: Callable[[Answers, PeopleForm], None] = lambda _answers, _form: None
        self.setObjectName(f"form.{name}")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(_WIDTH)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 22, 24, 20)
        self._column.setSpacing(GAP_WIDE)
        for text, role in ((title, "title"), (about, "muted")):
            label = QLabel(text)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setProperty("role", role)
            self._column.addWidget(label)
        self.message = QLabel()
        self.message.setObjectName("trouble")
        self.message.setWordWrap(True)
        set_look(self.message, tone="late")
        self.message.hide()
        self._column.addWidget(self.message)
        row = QHBoxLayout()
        row.addStretch(1)
        cancel = QPushButton("Batal")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.send = QPushButton(deed)
        self.send.setObjectName("form.submit")
        self.send.setProperty("role", "primary")
        self.send.setDefault(True)
        self.send.clicked.connect(self.submit)
        row.addWidget(cancel)
        row.addWidget(self.send)
        self._column.addLayout(row)

    def add(self, field: Field) -> None:
        """Put a field below the others."""
        self.fields[field.question.name] = field
        self._column.insertWidget(self._column.count() - 2, field)

    def add_part(self, part: QWidget) -> None:
        """Put something that is no question below the fields."""
        self._column.insertWidget(self._column.count() - 2, part)

    def submit(self) -> None:
        """Judge all answers; send them, or go to the first one that is wrong."""
        wrong = [field for field in self.fields.values() if not field.judge(even_if_empty=True)]
        if wrong:
            wrong[0].setFocus()
            return
        try:
            answers = {name: field.answer() for name, field in self.fields.items()}
            self.judge_together(answers)
        except Refused as refused:
            self.say(str(refused))
            return
        self.say("")
        self.send.setEnabled(False)
        self.on_send(answers, self)

    def judge_together(self, answers: Answers) -> None:
        """Raise Refused for answers that are right alone and wrong together."""

    def refused(self, trouble: Trouble) -> None:
        """The deed is not recorded: say why and let the person go on."""
        self.send.setEnabled(True)
        self.say(str(trouble))

    def say(self, sentence: str) -> None:
        """Show a sentence above the buttons."""
        self.message.setText(sentence)
        self.message.setVisible(bool(sentence))
        self._grow()

    def _grow(self) -> None:
        """As high as all of it needs; by itself Qt gives a window two thirds of the screen and squeezes the fields."""
        self.resize(_WIDTH, max(self.height(), self._column.totalHeightForWidth(_WIDTH)))

    # Qt overrides

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._grow()


class NewPersonForm(PeopleForm):
    """Name, login, NIP and position of somebody new, and the first duties."""

    def __init__(self, parent: QWidget | None, offices: tuple[Office, ...], today: date) -> None:
        super().__init__(
            parent,
            "add_person",
            "Tambah orang",
            "Kata sandi sementara dibuat sendiri oleh program dan tampil sekali.",
            "Tambah orang",
        )
        self._login = _LoginField(
            _question("login", "Nama pengguna", "Huruf kecil, angka, titik; tidak dapat diganti.")
        )
        name = TextField(_question("name", "Nama lengkap dan gelar"))
        name.edit.editingFinished.connect(lambda: self._suggest(name.edit.text()))
        self.add(_office_field(offices))
        self.add(name)
        self.add(self._login)
        self.add(TextField(_question("nip", "NIP", required=False)))
        self.add(TextField(_question("position", "Jabatan", required=False)))
        self.add(_duties_field("Tugas, berlaku mulai hari ini", may_be_empty=True))
        self._today = today

    def _suggest(self, name: str) -> None:
        if self._login.is_empty():
            self._login.set_value(suggested_login(name))


class ChangePersonForm(PeopleForm):
    """Name, NIP and position of somebody who is here already."""

    def __init__(self, parent: QWidget | None, person: PersonEntry) -> None:
        super().__init__(
            parent,
            "change_person",
            "Ubah data diri",
            f"{person.login} · naskah yang sudah terbit tidak berubah",
            "Simpan data diri",
        )
        for name, label, value, required in (
            ("name", "Nama lengkap dan gelar", person.name, True),
            ("nip", "NIP", person.nip, False),
            ("position", "Jabatan", person.position, False),
        ):
            field = TextField(
                _question(name, label, "18 angka; kosong bila tidak ada." if name == "nip" else "", required=required)
            )
            field.set_value(value)
            self.add(field)
        self._login = person.login

    def write(self, office: int, session: Session, answers: Answers) -> None:
        """The deed, as an administrator of this office."""
        from desk.services import people

        people.change_person(
            session,
            office,
            login=self._login,
            name=answers["name"],
            nip="".join((answers["nip"] or "").split()),
            position=answers["position"] or "",
        )


class DutiesForm(PeopleForm):
    """Exactly which duties somebody has in one office from a day on."""

    def __init__(self, parent: QWidget | None, person: PersonEntry, offices: tuple[Office, ...], today: date) -> None:
        super().__init__(
            parent, "change_duties", "Ubah tugas", f"{person.name} · {person.login}", "Simpan perubahan tugas"
        )
        self._person, self._today = person, today
        self._duties = _duties_field("Tugas", may_be_empty=True)
        office = _office_field(offices)
        office.changed.connect(self._show_held)
        self.add(office)
        self.add(self._duties)
        self.add(
            _date_field("starts_on", "Berlaku mulai", today, "Tugas yang tidak dicentang berakhir sehari sebelumnya.")
        )
        self.add(
            _date_field("ends_on", "Sampai", today, "Hari terakhir tugas yang baru; kosong bila tetap.", required=False)
        )
        self.fields["starts_on"].set_value(today)
        self._show_held()

    def held(self) -> frozenset[Duty]:
        """The duties that run or still begin in the chosen office."""
        office = self.fields["office"].answer()
        mine = (each for each in self._person.duties if each.office_id == office and each.lies_ahead(self._today))
        return frozenset(each.duty for each in mine)

    def judge_together(self, answers: Answers) -> None:
        if answers["duties"] == self.held():
            raise Refused("Tidak ada tugas yang berubah. Centang atau lepas satu tugas.")
        problem = why_not_period(answers["starts_on"], answers["ends_on"], self._today)
        if problem is not None:
            raise Refused(problem)

    def _show_held(self) -> None:
        if not self.fields["office"].is_empty():
            self._duties.set_value(self.held())


class StandInForm(PeopleForm):
    """Somebody takes over one duty of a person who is away, from a day to a day."""

    def __init__(
        self,
        parent: QWidget | None,
        absent: PersonEntry,
        duties: tuple[tuple[HeldDuty, str], ...],
        others: tuple[PersonEntry, ...],
        today: date,
    ) -> None:
        super().__init__(
            parent,
            "stand_in",
            "Pengganti sementara",
            f"Menggantikan {absent.name} · {absent.login}",
            "Tunjuk pengganti",
        )
        self._today = today
        duty = PickField(
            _question("held", "Tugas", "Pengganti bendahara bekerja setelah penyelia menyetujui."), list(duties)
        )
        if len(duties) == 1:
            duty.combo.setCurrentIndex(0)
        self.add(duty)
        self.add(PickField(_question("login", "Pengganti"), [(each.login, each.name) for each in others]))
        self.add(_date_field("starts_on", "Mulai", today))
        self.add(_date_field("ends_on", "Sampai", today, "Hari terakhir; sesudahnya akses berakhir sendiri."))
        self.fields["starts_on"].set_value(today)

    def judge_together(self, answers: Answers) -> None:
        problem = why_not_period(answers["starts_on"], answers["ends_on"], self._today)
        if problem is not None:
            raise Refused(problem)


class _LoginField(TextField):
    def read(self) -> str:
        login = super().read()
        problem = why_not_login(login)
        if problem is not None:
            raise Refused(problem)
        return login


def _question(name: str, label: str, hint: str = "", *, required: bool = True) -> Question:
    return Question(name, label, "text", hint, required, ())


def _office_field(offices: tuple[Office, ...]) -> PickField:
    field = PickField(_question("office", "Kantor"), [(each.id, f"{each.code} · {each.name}") for each in offices])
    if len(offices) == 1:
        field.combo.setCurrentIndex(0)
        field.combo.setEnabled(False)
    return field


def _duties_field(label: str, *, may_be_empty: bool) -> TicksField:
    duties = cast("tuple[State, ...]", tuple(Duty))  # a duty has a code and a label like every state
    return TicksField(Question("duties", label, "ticks", "", not may_be_empty, duties), may_be_empty=may_be_empty)


def _date_field(name: str, label: str, today: date, hint: str = "", *, required: bool = True) -> DateField:
    return DateField(Question(name, label, "date", hint, required, ()), today)


def words_label(text: str, role: str = "") -> QLabel:
    """Words on the page of people, names among them."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    return label


def duty_label(duty: Duty) -> str:
    """The duty at the start of a line: `Bendahara`."""
    return sentence_case(duty.label)
