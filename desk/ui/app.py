"""The application: crash door, look, login, window, and a quiet end. The log is opened before, by the command."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from desk.ui import message
from desk.ui.background import Background
from desk.ui.login import Door, LoginWindow
from desk.ui.qt_words import QtWords
from desk.ui.theme import LIGHT, Choice, theme

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.ui.entering import Entered
    from desk.ui.main_window import MainWindow
    from desk.ui.workstation import Workstation

APPLICATION = "Meja PST"
_SWEEP_MS = 20_000
log = logging.getLogger("desk")


def make_application(arguments: list[str] | None = None) -> QApplication:
    """The one QApplication, with its crash door open before the first window."""
    message.install_crash_door()
    qInstallMessageHandler(_on_qt_message)
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication(arguments or [APPLICATION])
    app.setApplicationName(APPLICATION)
    app.setApplicationDisplayName("")  # the window titles carry the name themselves
    _name_for_taskbar()
    words = QtWords(app)
    app.installTranslator(words)
    app.setWindowIcon(_icon())
    _sweep_on_this_thread(app)
    return app


def _sweep_on_this_thread(app: QApplication) -> None:
    """Leaves the garbage collector to a timer of the window's thread.

    Left to itself it runs on whatever thread allocates next; a widget or timer that ends on a worker crashes Qt. What
    is loaded when the first sweep is due is set apart for good: walking through all of it, even once, holds the window
    for a tenth of a second.
    """
    gc.disable()

    def sweep() -> None:
        if gc.get_freeze_count():
            gc.collect()
        else:
            gc.freeze()

    timer = QTimer(app, interval=_SWEEP_MS)
    timer.timeout.connect(sweep)
    timer.start()


class Desk(QObject):
    """From the login to the end: one login window, then one main window."""

    def __init__(self, door: Door, remember_look: Callable[[Choice], object] | None = None) -> None:
        super().__init__()
        self._door = door
        self._remember_look = remember_look
        self._coming_in = Background(_no_server, message.show_trouble)
        self.workstation: Workstation | None = None
        self.window: MainWindow | None = None
        self.login = LoginWindow(door, self._coming_in)
        self.login.entered.connect(self.open)

    def start(self) -> None:
        """Show the login, and fetch what the first list needs while the person types."""
        self.login.show()
        self._coming_in.run_slow(self.login, _preload, lambda _none: None)

    def open(self, entered: Entered) -> None:
        """Open the desk of the person who came in."""
        from desk.ui.main_window import MainWindow
        from desk.ui.workstation import Workstation

        workstation = Workstation(
            entered.link,
            entered.actor,
            entered.offices,
            now=entered.now,
            clock=entered.clock,
            training=entered.training or self._door.training,
            paper_shop=entered.paper_shop,
            drafts=entered.drafts,
            printers=entered.printers,
            keep_printers=entered.keep_printers,
            warning=entered.warning,
        )
        self.workstation = workstation
        self.window = MainWindow(workstation)
        if self._remember_look is not None:
            self.window.top.look_chosen.connect(self._remember_look)
        workstation.password_changed.connect(self._keep_password)
        self.window.show()
        workstation.start()
        self.window.password.remind()
        self.login.close()

    def _keep_password(self, new: str) -> None:
        """Put the new password where this computer keeps the old one; where it keeps none, it goes on keeping none."""
        door, workstation = self._door, self.workstation
        if workstation is None or door.remembered is None or door.remember is None:
            return
        if not workstation.actor.may_keep_password():
            return
        remembered, remember, login = door.remembered, door.remember, workstation.actor.login

        def work(_task: object) -> None:
            if remembered(login):
                remember(login, new)

        workstation.background.run_slow(self, work, lambda _none: None)

    def close(self) -> None:
        """Finish what is being written and end the threads; the windows are gone by now."""
        if self.workstation is not None:
            self.workstation.close()
        self._coming_in.close()


def run(door: Door, look: Choice = Choice.SYSTEM, remember_look: Callable[[Choice], object] | None = None) -> int:
    """Run the program until its last window is closed; gives the exit status."""
    app = make_application(sys.argv)
    theme.apply(app, look)
    desk = Desk(door, remember_look)
    desk.start()
    status = app.exec()
    desk.close()
    return status


def _preload(_task: object) -> None:
    import desk.actions
    import desk.adapters.listening
    import desk.services.queues  # noqa: F401 - imported for the time it saves later


def _no_server() -> AbstractContextManager[Session]:
    raise AssertionError("nobody reads before coming in")


def _on_qt_message(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    levels: dict[Any, int] = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
    }
    log.log(levels.get(kind, logging.ERROR), "Qt: %s", text)


def _name_for_taskbar() -> None:
    if sys.platform == "win32":  # without it the taskbar shows Python's icon and groups other programs with this one
        import ctypes

        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID("BPS.MejaPST")


def _icon() -> QIcon:
    """The icon of the window: an M on the accent colour, in the sizes Windows asks for."""
    icon = QIcon()
    for size in (16, 24, 32, 48, 64, 256):
        picture = QPixmap(size, size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(LIGHT.accent))
        painter.drawRoundedRect(0, 0, size, size, size * 0.22, size * 0.22)
        font = QFont("Inter")
        font.setPixelSize(max(8, int(size * 0.62)))
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(LIGHT.on_accent))
        painter.drawText(picture.rect(), Qt.AlignmentFlag.AlignCenter, "M")
        painter.end()
        icon.addPixmap(picture)
    return icon
