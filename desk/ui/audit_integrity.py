"""Is the log whole? The auditor's key and signatures, and the check of chain, signed heads and facts."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desk.rules.audit_words import moment_text
from desk.ui import message
from desk.ui.list_view import ListView
from desk.ui.sealing import KeyState, sealing_of
from desk.ui.table import Column, TableModel
from desk.ui.theme import set_look

if TYPE_CHECKING:
    from desk.services.audit import Extent, Finding
    from desk.ui.background import Task, Trouble
    from desk.ui.workstation import Workstation


@dataclass(frozen=True, slots=True)
class Row:
    """A finding with its place in the list."""

    id: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class Verified:
    """The outcome of a check: what was found, how much was looked at, and the heads that were kept off the server."""

    found: tuple[Finding, ...]
    extent: Extent
    heads: int
    seconds: float


class IntegrityPane(QWidget):
    """Key, heads and the button that checks."""

    said = Signal(str)

    def __init__(self, workstation: Workstation) -> None:
        super().__init__()
        self._workstation = workstation
        self._zone = workstation.offices[0].zone
        self.sealing = sealing_of(workstation)
        self._task: Task | None = None
        self._more_heads: Path | None = None
        self._make_key_card()
        self._make_check_card()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self._key_card)
        layout.addWidget(self._check_card, 1)
        self.sealing.changed.connect(self._show_key)
        self._show_key()

    # Key and heads

    def _make_key_card(self) -> None:
        self._key_card, column = _card("Kunci dan kepala blok")
        self.about = _words("muted")
        self.about.setObjectName("seal.state")
        self.problem = _words()
        set_look(self.problem, tone="late")
        self.passphrase = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.passphrase.setMinimumWidth(210)
        self.passphrase.setPlaceholderText("Kata sandi kunci segel")
        self.passphrase.setAccessibleName("Kata sandi kunci segel")
        self.again = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.again.setPlaceholderText("Sekali lagi")
        self.again.setAccessibleName("Kata sandi kunci segel sekali lagi")
        self.in_keyring = _button(
            "Buat kunci di komputer ini", "seal.make_in_keyring", self._make_in_keyring, "primary"
        )
        self.in_file = _button("Buat kunci di berkas", "seal.make_in_file", self._make_in_file)
        self.open_key = _button("Buka kunci dan tandatangani", "seal.unlock", self._unlock, "primary")
        self.sign = _button("Tandatangani sekarang", "seal.sign", self._sign)
        self.sheet = _button("Lembar untuk dicetak", "seal.sheet", self._open_sheet)
        self.passphrase.returnPressed.connect(self._on_return)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (
            self.in_keyring, self.passphrase, self.again, self.in_file, self.open_key, self.sign, self.sheet,
        ):  # fmt: skip
            row.addWidget(widget)
        row.addStretch(1)
        column.addWidget(self.about)
        column.addWidget(self.problem)
        column.addLayout(row)

    def _show_key(self) -> None:
        sealing = self.sealing
        state, signed = sealing.state, sealing.signed
        none, locked, opened = (state is each for each in (KeyState.NONE, KeyState.LOCKED, KeyState.OPEN))
        self.about.setText(self._state_words())
        self.problem.setText(sealing.trouble)
        self.problem.setVisible(bool(sealing.trouble))
        for widget, shown in (
            (self.in_keyring, none and not self._workstation.training),
            (self.in_file, none),
            (self.passphrase, none or locked),
            (self.again, none),
            (self.open_key, locked),
            (self.sign, opened),
            (self.sheet, signed is not None),
        ):
            widget.setVisible(shown)
            widget.setEnabled(not sealing.busy)

    def _state_words(self) -> str:
        sealing = self.sealing
        if sealing.signed is not None:
            offices = len(sealing.signed.heads)
            return (
                f"Ditandatangani {moment_text(sealing.signed.at, self._zone)}: kepala blok {offices} kantor (termasuk "
                f"nasional). Salinannya di luar server: {sealing.signed.file}"
            )
        return {
            KeyState.UNKNOWN: "Mencari kunci segel Anda …",
            KeyState.NONE: (
                "Anda belum punya kunci segel. Buat sekali; sesudah itu kepala blok ditandatangani setiap kali Anda "
                "masuk, dan catatan yang dipotong atau dihitung ulang di server akan ketahuan. Kunci disimpan komputer "
                "ini, atau di berkas yang hanya terbuka dengan kata sandi."
            ),
            KeyState.LOCKED: f"Kepala blok belum ditandatangani. Kunci Anda terkunci di {sealing.key_file}.",
            KeyState.OPEN: "Kunci segel terbuka; kepala blok sedang ditandatangani …",
        }[sealing.state]

    def _make_in_keyring(self) -> None:
        self.sealing.make_key(None, self._show_trouble)

    def _make_in_file(self) -> None:
        if len(self.passphrase.text()) < 12:
            self._say_problem("Kata sandi kunci sedikitnya 12 karakter. Kalimat pendek mudah diingat.")
        elif self.passphrase.text() != self.again.text():
            self._say_problem("Kedua kata sandi kunci berbeda. Ketik ulang.")
        else:
            self.sealing.make_key(self.passphrase.text(), self._show_trouble)
            self._forget_typed()

    def _unlock(self) -> None:
        self.sealing.unlock(self.passphrase.text(), self._show_trouble)
        self._forget_typed()

    def _on_return(self) -> None:
        if self.sealing.state is KeyState.LOCKED:
            self._unlock()

    def _sign(self) -> None:
        self.sealing.sign(lambda _signed: self.said.emit("Kepala blok ditandatangani."), self._show_trouble)

    def _forget_typed(self) -> None:
        self.passphrase.clear()
        self.again.clear()

    def _show_trouble(self, trouble: Trouble) -> None:
        self._say_problem(str(trouble))

    def _say_problem(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.show()

    def _open_sheet(self) -> None:
        signed = self.sealing.signed
        if signed is None:
            return
        path = self.sealing.folder / f"kepala-blok-{self.sealing.login}-{signed.at:%Y-%m-%d}.pdf"

        def opened(_none: None) -> None:
            self.said.emit(f"Lembar kepala blok disimpan di {path}.")
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

        from desk.adapters import seals
        from desk.adapters.files import write_atomically

        pdf = sheet_pdf(seals.heads_text(signed.heads))
        self._workstation.background.run_slow(self, lambda _task: write_atomically(path, pdf), opened)

    # The check

    def _make_check_card(self) -> None:
        self._check_card, column = _card("Periksa keutuhan catatan")
        about = _words("muted")
        about.setText(
            "Membandingkan rantai blok, kepala blok yang disimpan di luar server, dan uang serta pengiriman dengan "
            "catatan terakhirnya. Tidak mengubah apa pun."
        )
        self.check = _button("Periksa sekarang", "audit.verify", self.verify, "primary")
        self.other = _button("Pakai juga berkas kepala blok lain …", "audit.other_heads", self._choose_heads)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Kemajuan pemeriksaan")
        self.bar.hide()
        self.cancel = _button("Batal", "audit.cancel", self._stop)
        self.cancel.hide()
        self.result = _words()
        self.result.setObjectName("audit.result")
        self.result.setProperty("tone", "done")  # its padding comes with the first polish only
        self.result.hide()
        self.findings = ListView("Temuan pemeriksaan")
        self.findings.setObjectName("audit.findings")
        self._model: TableModel[Any] = TableModel(
            (Column("Temuan", lambda row: row.finding.sentence, wrap=True, width=300, share=1),), parent=self
        )
        self.findings.set_table(self._model)
        self.findings.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self.check, self.other, self.bar, self.cancel):
            row.addWidget(widget)
        row.addStretch(1)
        column.addWidget(about)
        column.addLayout(row)
        column.addWidget(self.result)
        column.addWidget(self.findings, 20)
        column.addStretch(1)

    def _choose_heads(self) -> None:
        from desk.ui.forms.file_field import file_dialog

        dialog = file_dialog(self, "Berkas kepala blok", many=False)
        dialog.fileSelected.connect(self.use_heads)
        dialog.open()

    def use_heads(self, name: str) -> None:
        """Compare with the heads in this file too."""
        self._more_heads = Path(name)
        self.other.setText(f"Juga: {self._more_heads.name}")

    def verify(self) -> None:
        """Check everything, on the slow lane; the window stays free."""
        one_moment = self._workstation.link.one_moment
        if self._task is not None or one_moment is None:
            return
        files = [self.sealing.heads_file, *([self._more_heads] if self._more_heads else [])]

        def work(task: Task) -> Verified:
            from desk.adapters import seals
            from desk.services import audit

            began = time.monotonic()
            heads = [head for file in files if file.exists() for head in seals.read_heads(file)]
            with one_moment() as session:
                found = tuple(audit.verify(session, heads, task.progress))
                return Verified(found, audit.extent(session), len(heads), time.monotonic() - began)

        self._set_checking(True)
        self._task = self._workstation.background.run_slow(
            self, work, self._verified, self._not_verified, self._progressed
        )

    def _progressed(self, at: int, of: int) -> None:
        self.bar.setMaximum(of)
        self.bar.setValue(at)

    def _verified(self, outcome: Verified) -> None:
        self._set_checking(False)
        entries = f"{outcome.extent.entries:,}".replace(",", ".")
        looked = f"{entries} catatan dalam {outcome.extent.blocks} blok, {max(1, round(outcome.seconds))} detik"
        if outcome.found:
            said, tone = f"{len(outcome.found)} temuan. Jangan mengubah apa pun; laporkan. ({looked})", "late"
        elif outcome.heads:
            said = (
                f"Catatan audit utuh: rantai, {outcome.heads} kepala blok dari luar server, dan fakta cocok. ({looked})"
            )
            tone = "done"
        else:
            said = (
                f"Rantai dan fakta cocok ({looked}). Tanpa kepala blok dari luar server, catatan yang dipotong atau "
                "dihitung ulang tidak terlihat: tandatangani kepala blok."
            )
            tone = "soon"
        set_look(self.result, tone=tone)
        self.result.setText(said)
        self.result.show()
        self.findings.show_rows([Row(at, finding) for at, finding in enumerate(outcome.found)])
        self.findings.setVisible(bool(outcome.found))

    def _not_verified(self, trouble: Trouble) -> None:
        self._set_checking(False)
        message.show_trouble(self, trouble)

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._set_checking(False)
        set_look(self.result, tone="soon")
        self.result.setText("Pemeriksaan dihentikan; belum ada hasil.")
        self.result.show()

    def _set_checking(self, checking: bool) -> None:
        self._task = self._task if checking else None
        self.check.setEnabled(not checking)
        self.bar.setMaximum(0)
        self.bar.setVisible(checking)
        self.cancel.setVisible(checking)
        if checking:
            self.result.hide()
            self.findings.hide()

    def read(self) -> None:
        """Nothing to read again: the person presses the button."""

    def take_focus(self) -> None:
        """Give the focus to the check."""
        self.check.setFocus()


def sheet_pdf(words: str) -> bytes:
    """The heads as a page to print and keep in a drawer."""
    from html import escape

    from PySide6.QtCore import QBuffer, QIODevice
    from PySide6.QtGui import QFont, QPageSize, QPdfWriter, QTextDocument

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setCreator("Meja PST")
    document = QTextDocument()
    document.setDefaultFont(QFont("Arial", 10))  # in points: the screen's font is sized in pixels
    document.setHtml(
        '<h2 style="color:#000">Kepala blok catatan audit</h2>'
        '<p style="color:#000">Simpan lembar ini di luar server. Bila kelak sidik sebuah blok berbeda dengan yang '
        "tercetak di sini, catatan audit telah diganti.</p>"
        f'<pre style="color:#000; font-size:7pt; white-space:pre-wrap">{escape(words)}</pre>'
    )
    document.print_(writer)
    buffer.close()
    return bytes(buffer.data().data())


def _card(title: str) -> tuple[QFrame, QVBoxLayout]:
    card = QFrame()
    card.setProperty("role", "panel")
    column = QVBoxLayout(card)
    column.setContentsMargins(18, 14, 18, 14)
    column.setSpacing(10)
    heading = QLabel(title)
    heading.setProperty("role", "strong")
    column.addWidget(heading)
    return card, column


def _words(role: str = "") -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    return label


def _button(title: str, name: str, call: Any, role: str = "") -> QPushButton:
    button = QPushButton(title)
    button.setObjectName(name)
    if role:
        button.setProperty("role", role)
    button.clicked.connect(partial(_call, call))
    return button


def _call(call: Any, _checked: bool = False) -> None:
    call()
