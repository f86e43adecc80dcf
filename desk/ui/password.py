"""Passwords on the screen: the own one changed by its owner, a temporary one shown once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desk.rules.dates import day_text, local_date
from desk.rules.staffing import TEMPORARY_DAYS, why_not_password
from desk.ui import theme
from desk.ui.theme import set_look

if TYPE_CHECKING:
    from desk.ui.background import Trouble
    from desk.ui.workstation import Workstation

_WIDTH = 440


class ChangePassword(QDialog):
    """Asks for the password in force and twice for the new one; says under the fields what is wrong with it."""

    def __init__(self, parent: QWidget | None, workstation: Workstation, until: datetime | None = None) -> None:
        super().__init__(parent)
        assert workstation.link.change_password is not None
        self._change = workstation.link.change_password
        self._workstation = workstation
        self._sending = False
        self.setObjectName("change_password")
        self.setWindowTitle("Ubah kata sandi")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 20)
        layout.setSpacing(8)
        layout.addWidget(_label("Ubah kata sandi", "title"))
        if until is not None:
            day = day_text(local_date(until, workstation.office(workstation.office_ids[0]).zone))
            warning = _label(
                f"Kata sandi Anda sementara dan berlaku sampai {day}. Ganti sekarang dengan milik sendiri."
            )
            set_look(warning, tone="soon")
            layout.addWidget(warning)
        self.old, self.new, self.again = QLineEdit(), QLineEdit(), QLineEdit()
        for words, edit in (
            ("Kata sandi sekarang", self.old),
            ("Kata sandi baru", self.new),
            ("Ulangi kata sandi baru", self.again),
        ):
            label = QLabel(words)
            label.setBuddy(edit)
            edit.setEchoMode(QLineEdit.EchoMode.Password)
            edit.setAccessibleName(words)
            edit.textEdited.connect(lambda: self._say(""))
            layout.addWidget(label)
            layout.addWidget(edit)
        layout.addWidget(_label("Sedikitnya 12 karakter. Kalimat pendek lebih kuat dan lebih mudah diingat.", "small"))
        self._trouble = _label("")
        self._trouble.setObjectName("trouble")
        set_look(self._trouble, tone="late")
        self._trouble.hide()
        layout.addWidget(self._trouble)
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, 0, 0)
        row.addStretch(1)
        cancel = QPushButton("Batal" if until is None else "Nanti")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.send = QPushButton("Ubah kata sandi")
        self.send.setProperty("role", "primary")
        self.send.setDefault(True)
        self.send.clicked.connect(self._on_send)
        row.addWidget(cancel)
        row.addWidget(self.send)
        layout.addLayout(row)
        self.old.setFocus()

    def _on_send(self) -> None:
        if self._sending:
            return
        old, new = self.old.text(), self.new.text()
        if not old:
            self._say("Kata sandi sekarang belum diisi.")
            self.old.setFocus()
            return
        problem = why_not_password(self._workstation.actor.login, old, new, self.again.text())
        if problem is not None:
            self._say(problem)
            self.new.setFocus()
            return
        self._set_sending(True)
        change = self._change
        self._workstation.background.run_work(self, lambda: change(old, new), self._on_changed, self._on_trouble)

    def _on_changed(self, _nothing: None) -> None:
        self._workstation.password_changed.emit(self.new.text())
        for edit in (self.old, self.new, self.again):
            edit.clear()
        self.accept()

    def _on_trouble(self, trouble: Trouble) -> None:
        self._set_sending(False)
        self._say(str(trouble))
        self.old.setFocus()

    def _set_sending(self, sending: bool) -> None:
        self._sending = sending
        self.send.setEnabled(not sending)

    def _say(self, sentence: str) -> None:
        self._trouble.setText(sentence)
        self._trouble.setVisible(bool(sentence))


class OwnPassword(QObject):
    """Lets the person of a window change the own password: when asked for, and when it is a temporary one."""

    def __init__(self, window: QWidget, workstation: Workstation, say: Callable[[str], object]) -> None:
        super().__init__(window)
        self._window = window
        self._workstation = workstation
        self._say = say

    def ask(self, until: datetime | None = None) -> None:
        """Open the dialog; `until` is when a temporary password stops to work."""
        dialog = ChangePassword(self._window, self._workstation, until)
        dialog.accepted.connect(lambda: self._say("Kata sandi Anda sudah diubah."))
        dialog.open()

    def remind(self) -> None:
        """Ask who came in with a temporary password for an own one, before the temporary one stops to work."""
        if self._workstation.link.change_password is None:
            return
        from desk.services import people

        def ask(until: datetime | None) -> None:
            if until is not None:
                self.ask(until)

        self._workstation.read(self, people.password_until, ask, lambda _trouble: None)


class PasswordOnce(QDialog):
    """Shows a temporary password that nobody can see again."""

    def __init__(self, parent: QWidget | None, name: str, login: str, password: str) -> None:
        super().__init__(parent)
        self.password = password
        self.setObjectName("password_once")
        self.setWindowTitle("Kata sandi sementara")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(_label(f"Kata sandi sementara untuk {name}", "title"))
        layout.addWidget(_label(f"Nama pengguna: {login}", "muted"))
        shown = _label(password)
        shown.setObjectName("password")
        shown.setAccessibleName(f"Kata sandi sementara: {password}")
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_look(shown, tone="accent")
        shown.setStyleSheet("font-size: 20px; font-weight: 600; letter-spacing: 1px; padding: 14px;")
        shown.setFont(theme.font(20, QFont.Weight.DemiBold))
        layout.addWidget(shown)
        layout.addWidget(
            _label(
                f"Hanya tampil sekali. Sampaikan langsung kepada orangnya; berlaku {TEMPORARY_DAYS} hari dan diganti "
                "sendiri saat pertama masuk."
            )
        )
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, 0, 0)
        copy = QPushButton("Salin")
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(password))
        done = QPushButton("Sudah disampaikan")
        done.setProperty("role", "primary")
        done.setDefault(True)
        done.clicked.connect(self.accept)
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(done)
        layout.addLayout(row)


def _label(text: str, role: str = "") -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    return label
