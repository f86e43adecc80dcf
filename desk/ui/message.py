"""The one door through which the program speaks to a person in sentences.

Three kinds of trouble: `Refused` (the rules say no), `Unavailable` (something outside failed) and bugs. Qt brings no
Indonesian words, so every button is named here.
"""

from __future__ import annotations

import logging
import secrets
import sys
import threading
import traceback
from types import TracebackType
from typing import cast

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desk.errors import Refused, Unavailable

log = logging.getLogger(__name__)


class Message(QDialog):
    """A sentence with named buttons; the answer is the index of the button, or -1 when it was closed."""

    def __init__(
        self, parent: QWidget | None, heading: str, text: str, buttons: tuple[str, ...], *, detail: str = ""
    ) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self.setWindowTitle(heading)
        self.setAccessibleName(heading)
        self.setAccessibleDescription(text)
        self.answer = -1
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(_label(heading, "title"))
        layout.addWidget(_label(text))
        if detail:
            layout.addWidget(_label(detail, "small"))
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, 0, 0)
        row.addStretch(1)
        self.buttons = [QPushButton(name) for name in buttons]
        for index, button in enumerate(self.buttons):
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, chosen=index: self._choose(chosen))
            row.addWidget(button)
        self.buttons[-1].setProperty("role", "primary")
        self.buttons[-1].setDefault(True)
        self.buttons[-1].setFocus()
        layout.addLayout(row)
        self.setFixedWidth(460)

    def _choose(self, chosen: int) -> None:
        self.answer = chosen
        self.accept()


def _label(text: str, role: str = "") -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)  # names of customers stand in these sentences
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    return label


def show_trouble(owner: QObject | None, trouble: Refused | Unavailable) -> None:
    """Show the sentence of a refusal or of an outside failure, without stopping the rest of the window."""
    heading = "Belum dapat dilakukan" if isinstance(trouble, Refused) else "Tidak dapat dijangkau"
    show(owner, heading, str(trouble))


def show(owner: QObject | None, heading: str, text: str) -> None:
    """Show a sentence with the one button "Mengerti"; the window behind stays usable."""
    dialog = Message(_window_of(owner), heading, text, ("Mengerti",))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.show()


def confirm(owner: QObject | None, heading: str, text: str, yes: str) -> bool:
    """Whether the person agrees to what cannot be undone; the buttons are "Batal" and the deed itself."""
    dialog = Message(_window_of(owner), heading, text, ("Batal", yes))
    dialog.exec()
    agreed = dialog.answer == 1
    dialog.deleteLater()
    return agreed


def _window_of(owner: QObject | None) -> QWidget | None:
    if isinstance(owner, QWidget):
        return owner.window()
    return QApplication.activeWindow()


class CrashDialog(QDialog):
    """A bug, told with a number under which the log has the rest."""

    def __init__(self, parent: QWidget | None, reference: str, details: str) -> None:
        super().__init__(parent)
        self.setObjectName("crash")
        self.setWindowTitle("Kesalahan program")
        self._report = f"Meja PST, nomor rujukan {reference}\n\n{details}"
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(_label("Kesalahan program", "title"))
        layout.addWidget(
            _label(
                f"Program menemui kesalahan yang tidak terduga. Nomor rujukan: {reference}. "
                "Sampaikan nomor ini kepada administrator; pekerjaan yang sudah tersimpan tetap aman."
            )
        )
        rule = QFrame()
        rule.setProperty("role", "rule")
        layout.addWidget(rule)
        row = QHBoxLayout()
        copy = QPushButton("Salin untuk administrator")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._report))
        close = QPushButton("Tutup")
        close.setProperty("role", "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(close)
        layout.addLayout(row)
        self.setFixedWidth(480)


_shown: list[CrashDialog] = []
"""Open crash dialogs; one is enough for a person, the log keeps all."""


def on_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log a bug under a new reference number and show it; put into `sys.excepthook` before the first window."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    reference = secrets.token_hex(4).upper()
    details = "".join(traceback.format_exception(kind, error, trace))
    log.error("bug %s\n%s", reference, details)
    app = QApplication.instance()
    if app is None or app.thread().isCurrentThread() is False or _shown:
        return
    dialog = CrashDialog(QApplication.activeWindow(), reference, details)
    _shown.append(dialog)
    dialog.finished.connect(lambda _result: _shown.remove(dialog))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.show()


def install_crash_door() -> None:
    """Let every bug, also one in a slot or a thread, reach `on_crash`."""
    sys.excepthook = on_crash
    threading.excepthook = lambda args: on_crash(
        args.exc_type, cast("BaseException", args.exc_value), args.exc_traceback
    )
