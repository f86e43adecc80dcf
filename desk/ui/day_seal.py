"""The treasurer's signature under a closed day: the heads of the audit log, signed and kept off the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desk.errors import Refused
from desk.rules.inputs import Question
from desk.ui.forms.plain_fields import TextField
from desk.ui.people_forms import Answers, PeopleForm
from desk.ui.sealing import KeyState, sealing_of
from desk.ui.theme import set_look

if TYPE_CHECKING:
    from desk.ui.sealing import Sealing
    from desk.ui.workstation import Workstation

SHORTEST = 12
"""Characters of a passphrase."""


class PassphraseForm(PeopleForm):
    """Asks for the passphrase of the seal key; twice when the key is new."""

    def __init__(self, parent: QWidget | None, sealing: Sealing, *, new: bool) -> None:
        super().__init__(
            parent,
            "seal_key",
            "Buat kunci segel" if new else "Buka kunci segel",
            "Kunci segel menandatangani log audit setelah hari ditutup. Hanya kata sandi ini yang membukanya; "
            "tidak ada yang dapat menggantinya.",
            "Buat dan tandatangani" if new else "Buka dan tandatangani",
        )
        names = [("passphrase", "Kata sandi kunci segel")] + ([("again", "Sekali lagi")] if new else [])
        for name, label in names:
            field = TextField(Question(name, label, "text", "", True, ()))
            field.edit.setEchoMode(QLineEdit.EchoMode.Password)
            self.add(field)
        self._sealing = sealing
        sealing.changed.connect(self._on_sealing_changed)

    def _on_sealing_changed(self) -> None:
        if self._sealing.state is KeyState.OPEN:
            self.accept()

    def judge_together(self, answers: Answers) -> None:
        """Raise Refused for a new passphrase that is short, or typed differently the second time."""
        if "again" not in answers:
            return
        if len(answers["passphrase"]) < SHORTEST:
            raise Refused(f"Kata sandi kunci segel paling sedikit {SHORTEST} huruf.")
        if answers["passphrase"] != answers["again"]:
            raise Refused("Kedua kata sandi berbeda. Ketik sekali lagi.")


class DaySeal(QWidget):
    """Says whether the log is signed, and asks for the key where it is not."""

    def __init__(self, workstation: Workstation) -> None:
        super().__init__()
        self._workstation = workstation
        self._sealing = sealing_of(workstation)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.key = QPushButton()
        self.key.setObjectName("day.seal")
        self.key.setAutoDefault(False)
        self.key.clicked.connect(self._ask)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addWidget(self.words)
        rows.addWidget(self.key)
        self._sealing.changed.connect(self._show)
        self._show()

    def sign(self, *, again: bool) -> None:
        """Sign with the key that is open, or look whether this computer keeps one.

        `again` after a close: what was signed before does not have it.
        """
        if self._sealing.busy or (self._sealing.signed is not None and not again):
            return
        if self._sealing.state is KeyState.OPEN:
            self._sealing.sign()
        elif self._sealing.state is KeyState.UNKNOWN:
            self._sealing.begin()

    def _show(self) -> None:
        sealing = self._sealing
        missing = sealing.state in (KeyState.NONE, KeyState.LOCKED)
        if sealing.signed is not None:
            at = self._workstation.clock_text(sealing.signed.at)
            told, tone = f"Log audit ditandatangani pukul {at}; salinannya di {sealing.signed.file}.", "done"
        elif sealing.trouble:
            told, tone = f"Log audit belum ditandatangani. {sealing.trouble}", "late"
        elif missing:
            told, tone = "Log audit belum ditandatangani: kunci segel Anda belum dibuka.", "soon"
        else:
            told, tone = "Log audit sedang ditandatangani …", "soon"
        self.words.setText(told)
        set_look(self.words, tone=tone)
        self.key.setText("Buat kunci segel" if sealing.state is KeyState.NONE else "Buka kunci segel")
        self.key.setVisible(missing and sealing.signed is None)
        self.key.setEnabled(not sealing.busy)

    def _ask(self) -> None:
        new = self._sealing.state is KeyState.NONE
        form = PassphraseForm(self, self._sealing, new=new)

        def send(answers: Answers, form: PeopleForm) -> None:
            give = self._sealing.make_key if new else self._sealing.unlock
            give(answers["passphrase"], form.refused)

        form.on_send = send
        form.show()
