"""Coming in: in training one card per person, in the office a name and a password."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtGui import QFont as Font
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from desk.errors import Unavailable
from desk.ui import theme
from desk.ui.theme import set_look

if TYPE_CHECKING:
    from desk.adapters.line import LineState
    from desk.ui.background import Background, Trouble
    from desk.ui.entering import Entered

_CARDS_IN_A_ROW = 3
_CARD_WIDTH = 248


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be in training: the login with its password, and what the card says."""

    login: str
    password: str
    name: str
    duties: str
    office: str


@dataclass(frozen=True)
class Door:
    """How people come in: `enter(login, password)` runs on a worker and raises Refused or Unavailable.

    `people` are the cards of the training; without them a name and a password are asked for. `remembered(login)` gives
    a password that was kept, `remember(login, password)` keeps one, `forget(login)`
    takes it out; they run on a worker too. `line(login)` tells what
    the line to the server is like before a password is sent into it.
    """

    enter: Callable[[str, str], Entered]
    people: tuple[Person, ...] = ()
    training: bool = False
    server: str = ""
    login: str = ""
    remembered: Callable[[str], str | None] | None = None
    remember: Callable[[str, str], None] | None = None
    forget: Callable[[str], None] | None = None
    line: Callable[[str], LineState] | None = None


class PersonCard(QPushButton):
    """A name over the duties."""

    def __init__(self, person: Person) -> None:
        super().__init__(person.name)
        self._duties = person.duties
        self.setProperty("role", "card")
        self.setFixedWidth(_CARD_WIDTH)
        self.setObjectName(f"person.{person.login}")
        self.setAccessibleName(f"{person.name}, {person.duties}, {person.office}")
        self.setAutoDefault(True)

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        tokens = theme.theme.tokens
        area = self.rect().adjusted(16, 11, -12, -11)
        painter.setFont(theme.font(weight=Font.Weight.DemiBold))
        painter.setPen(QColor(tokens.text))
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, self.text())
        painter.setFont(theme.font(theme.SMALL_SIZE))
        painter.setPen(QColor(tokens.muted))
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, self._duties)


class LoginWindow(QWidget):
    """Asks who is there, connects on a worker, and says what came of it."""

    entered = Signal(object)
    """Somebody came in; carries what `Door.enter` gave."""

    def __init__(self, door: Door, background: Background) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setWindowTitle("Meja PST · LATIHAN" if door.training else "Meja PST")
        self._door = door
        self._background = background
        self._busy = False
        self._trouble = QLabel()
        self._trouble.setObjectName("trouble")
        self._trouble.setWordWrap(True)
        self._trouble.setProperty("tone", "late")
        self._trouble.hide()
        self._state = QLabel()
        self._state.setProperty("role", "muted")
        panel = QFrame()
        panel.setProperty("role", "panel")
        self._inside = QVBoxLayout(panel)
        self._inside.setContentsMargins(34, 28, 34, 26)
        self._inside.setSpacing(10)
        self._add_heading()
        if door.people:
            self._add_people()
        else:
            self._add_fields()
        self._inside.addWidget(self._trouble)
        self._inside.addWidget(self._state)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(panel)
        row.addStretch(1)
        centred = QWidget()
        centred.setObjectName("inside")
        whole = QVBoxLayout(centred)
        whole.addStretch(2)
        whole.addLayout(row)
        whole.addStretch(3)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(centred)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        self.resize(1000, 640)
        if not door.people:  # now: putting the fields into the scroll area took the focus away
            (self.password if door.login else self.name).setFocus()

    def _add_heading(self) -> None:
        row = QHBoxLayout()
        title = QLabel("Meja PST")
        title.setProperty("role", "headline")
        row.addWidget(title)
        if self._door.training:
            badge = QLabel("LATIHAN")
            badge.setObjectName("training")
            badge.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            row.addWidget(badge)
        row.addStretch(1)
        self._inside.addLayout(row)

    def _add_people(self) -> None:
        words = QLabel("Pilih peran Anda. Semua nama dan permohonan di sini adalah contoh untuk berlatih.")
        words.setProperty("role", "muted")
        self._inside.addWidget(words)
        self.cards: list[PersonCard] = []
        for office, people in groupby(self._door.people, key=lambda person: person.office):
            heading = QLabel(office.upper())
            heading.setProperty("role", "section")
            heading.setContentsMargins(0, 10, 0, 0)
            self._inside.addWidget(heading)
            grid = QGridLayout()
            grid.setSpacing(10)
            for at, person in enumerate(people):
                card = PersonCard(person)
                card.clicked.connect(lambda _checked=False, who=person: self._enter(who.login, who.password))
                grid.addWidget(card, at // _CARDS_IN_A_ROW, at % _CARDS_IN_A_ROW)
                self.cards.append(card)
            grid.setColumnStretch(_CARDS_IN_A_ROW, 1)
            self._inside.addLayout(grid)
        if self.cards:
            self.cards[0].setFocus()

    def _add_fields(self) -> None:
        if self._door.server:
            server = QLabel(f"Server: {self._door.server}")
            server.setProperty("role", "muted")
            server.setTextFormat(Qt.TextFormat.PlainText)
            self._inside.addWidget(server)
        self._line = QLabel()
        self._line.setObjectName("line")
        self._line.setFixedWidth(320)
        self._line.setWordWrap(True)
        self._line.hide()
        self._inside.addWidget(self._line)
        self.name = QLineEdit(self._door.login)
        self.name.setAccessibleName("Nama pengguna")
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setAccessibleName("Kata sandi")
        for words, field in (("Nama pengguna", self.name), ("Kata sandi", self.password)):
            label = QLabel(words)
            label.setBuddy(field)
            field.setFixedWidth(320)
            field.returnPressed.connect(self._on_enter)
            self._inside.addWidget(label)
            self._inside.addWidget(field)
        self.keep = QCheckBox("Ingat kata sandi di komputer ini (hanya petugas layanan)")
        self.keep.setVisible(self._door.remember is not None)
        self._inside.addWidget(self.keep)
        self.go = QPushButton("Masuk")
        self.go.setProperty("role", "primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self._on_enter)
        self._inside.addWidget(self.go)
        if self._door.login and self._door.remembered is not None:
            remembered, login = self._door.remembered, self._door.login
            self._background.run_slow(self, lambda _task: remembered(login), self._on_remembered, lambda _no: None)
        if self._door.line is not None:
            look, asked_as = self._door.line, self._door.login
            self._show_line("Memeriksa sambungan ke server …", "muted")
            self._background.run_slow(self, lambda _task: look(asked_as), self._on_line, lambda _no: None)

    def _on_line(self, state: LineState) -> None:
        if state.refused:
            self._show_line(f"Ditolak. {state.sentence}", "", "late")
        elif state.safe:
            self._show_line(f"✓ {state.sentence}", "small")
        else:
            self._show_line(f"! {state.sentence}", "", "soon")

    def _show_line(self, sentence: str, role: str, tone: str | None = None) -> None:
        self._line.setMargin(theme.GAP if tone else 0)  # a label that is seen keeps the padding of its look before
        set_look(self._line, role=role, tone=tone)
        self._line.setText(sentence)
        self._line.setAccessibleName(f"Sambungan: {sentence}")
        self._line.show()

    def _on_remembered(self, password: str | None) -> None:
        if password and not self.password.text():
            self.password.setText(password)
            self.keep.setChecked(True)
            self.go.setFocus()

    def _on_enter(self) -> None:
        name, password = self.name.text().strip(), self.password.text()
        if not name or not password:
            self._show_trouble("Isi nama pengguna dan kata sandi, lalu tekan Masuk.")
            (self.password if name else self.name).setFocus()
            return
        self._enter(name, password)

    def _enter(self, login: str, password: str) -> None:
        if self._busy:
            return
        self._set_busy(True)
        door = self._door
        keep = not door.people and self.keep.isChecked()

        def work(_task: object) -> Entered:
            if door.line is not None:  # again, for the line of a minute ago may be another one now
                state = door.line(login)
                if state.refused:
                    raise Unavailable(state.sentence)
            inside = door.enter(login, password)
            if keep and door.remember is not None and inside.actor.may_keep_password():
                door.remember(login, password)
            elif not door.people and door.forget is not None:
                door.forget(login)
            return inside

        self._background.run_slow(self, work, self._on_entered, self._on_trouble)

    def _on_entered(self, inside: Entered) -> None:
        self._state.setText("Membuka meja …")
        self.entered.emit(inside)

    def _on_trouble(self, trouble: Trouble) -> None:
        self._set_busy(False)
        self._show_trouble(str(trouble))
        if not self._door.people:
            self.password.selectAll()
            self.password.setFocus()

    def _show_trouble(self, sentence: str) -> None:
        self._trouble.setText(sentence)
        self._trouble.setAccessibleName(sentence)
        self._trouble.show()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self._trouble.hide()
        self._state.setText("Menghubungkan …" if busy else "")
        for button in self.findChildren(QPushButton):
            button.setEnabled(not busy)
