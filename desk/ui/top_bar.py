"""The top of the window: where we are, the search box, whether the server is there, and who works here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from desk.rules.people import Duty
from desk.ui import theme
from desk.ui.theme import Choice

if TYPE_CHECKING:
    from desk.ui.palette import SearchBox
    from desk.ui.workstation import Workstation

_CHOICES = {Choice.SYSTEM: "Ikuti Windows", Choice.LIGHT: "Terang", Choice.DARK: "Gelap"}


class Lamp(QWidget):
    """A dot that is full when the server is there and hollow when it is away; the words stand beside it."""

    def __init__(self) -> None:
        super().__init__()
        self._on = False
        self.setFixedSize(12, 12)

    def set_on(self, on: bool) -> None:
        """Show whether the server is there."""
        self._on = on
        self.update()

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = QColor(theme.theme.tokens.done if self._on else theme.theme.tokens.late)
        painter.setPen(ink)
        painter.setBrush(ink if self._on else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(1, 1, 9, 9)


class TopBar(QWidget):
    """One line above everything."""

    keys_wanted = Signal()
    new_case_wanted = Signal()
    quit_wanted = Signal()
    password_wanted = Signal()
    look_chosen = Signal(object)

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._title = QLabel("Meja PST")
        self._title.setProperty("role", "strong")
        self._office = QLabel()
        self._office.setProperty("role", "muted")
        self._office.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.offices = QComboBox()
        self.offices.setObjectName("office")
        self.offices.setAccessibleName("Kantor yang ditampilkan")
        self._training = QLabel("LATIHAN")
        self._training.setObjectName("training")
        self._training.setToolTip(
            "Ini pangkalan data latihan: tidak ada yang dikirim dan tidak ada nomor yang berlaku."
        )
        self._training.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._training.setVisible(workstation.training)
        self.new_case = QPushButton("Permohonan baru")
        self.new_case.setObjectName("action.register_case")
        self.new_case.hide()
        self.new_case.clicked.connect(self.new_case_wanted)
        self._lamp = Lamp()
        self._state = QLabel("Menghubungkan …")
        self._state.setObjectName("connection")
        self._person = QPushButton()
        self._person.setObjectName("person")
        self._person.setProperty("role", "quiet")
        self._person.setMenu(self._make_menu())
        self._fill_offices()
        self._say_person()
        workstation.offices_chosen.connect(self._say_person)

    def lay_out(self, box: SearchBox) -> None:
        """Put the search box in the middle of the line."""
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        left = QHBoxLayout()
        left.setSpacing(8)
        left.addWidget(self._title)
        left.addWidget(self._training)
        left.addWidget(self._office, 1)
        left.addWidget(self.offices, 1)
        box.setMinimumWidth(180)
        box.setMaximumWidth(460)
        box.setMinimumHeight(34)
        right = QHBoxLayout()
        right.setSpacing(8)
        right.addStretch(1)
        right.addWidget(self.new_case)
        right.addWidget(self._lamp)
        right.addWidget(self._state)
        right.addWidget(self._person)
        layout.addLayout(left, 3)
        layout.addWidget(box, 4)
        layout.addLayout(right, 3)

    def show_connected(self) -> None:
        """The server is there."""
        self._lamp.set_on(True)
        self._state.setText("Terhubung, tanpa salinan" if self._workstation.warning else "Terhubung")
        self._state.setToolTip(self._workstation.warning)

    def show_away(self) -> None:
        """The server is away."""
        self._lamp.set_on(False)
        self._state.setText("Tidak terhubung")
        self._state.setToolTip("")

    def set_narrow(self, narrow: bool) -> None:
        """Leave out what a narrow window has no room for."""
        several = len(self._workstation.offices) > 1
        self._office.setVisible(not narrow and not several)
        self.offices.setVisible(several)
        self._state.setVisible(not narrow)
        self._title.setVisible(not narrow)

    def _fill_offices(self) -> None:
        offices = self._workstation.offices
        self._office.setText(offices[0].name if offices else "")
        self._office.setToolTip(self._office.text())
        if len(offices) > 1:
            self.offices.addItem(f"Semua kantor ({len(offices)})", None)
            for office in offices:
                self.offices.addItem(f"{office.code} · {office.name}", office.id)
        self.offices.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.offices.currentIndexChanged.connect(
            lambda _index: self._workstation.choose_office(self.offices.currentData())
        )
        self.set_narrow(False)

    def _say_person(self) -> None:
        actor = self._workstation.actor
        held = {duty for duties in actor.duties.values() for duty in duties}
        duties = ", ".join(duty.label for duty in Duty if duty in held)
        first = actor.name.split(",")[0].split()[0] if actor.name.strip() else actor.login
        self._person.setText(f"{first} · {duties}")
        self._person.setToolTip(f"{actor.name} ({duties})")
        self._person.setAccessibleName(f"Pengguna program: {actor.name}, {duties}")

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        looks = menu.addMenu("Tampilan")
        for choice, words in _CHOICES.items():
            entry = looks.addAction(words)
            entry.setCheckable(True)
            entry.setChecked(choice is theme.theme.choice)
            entry.triggered.connect(lambda _checked=False, chosen=choice: self._choose_look(looks, chosen))
        menu.addAction("Tombol papan ketik (F1)").triggered.connect(self.keys_wanted)
        if self._workstation.link.change_password is not None:
            menu.addAction("Ubah kata sandi …").triggered.connect(self.password_wanted)
        menu.addSeparator()
        menu.addAction("Keluar").triggered.connect(self.quit_wanted)
        return menu

    def _choose_look(self, looks: QMenu, choice: Choice) -> None:
        for entry, known in zip(looks.actions(), _CHOICES, strict=True):
            entry.setChecked(known is choice)
        theme.theme.choose(choice)
        self.look_chosen.emit(choice)

    # Qt overrides

    def sizeHint(self) -> QSize:
        return QSize(900, 38)
