"""The mail table in the window: made when somebody goes there, above the list; typing and scans land in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from desk.rules.people import Duty

if TYPE_CHECKING:
    from pathlib import Path

    from desk.ui.mail_table import MailTable
    from desk.ui.palette import SearchBox, TypeAnywhere
    from desk.ui.queue import QueueView
    from desk.ui.scan_tray import ScanTray
    from desk.ui.scanner import ScannerEar
    from desk.ui.scanning import Scanning
    from desk.ui.workstation import Workstation

_WATCH_AFTER_MS = 6_000
"""After the window's own first reading."""


class MailDesk(QObject):
    """Puts the scan box above the list of the mail table and takes it away elsewhere."""

    case_wanted = Signal(int, object)
    performed = Signal(object)

    def __init__(self, workstation: Workstation, queue: QueueView, anywhere: TypeAnywhere, search: SearchBox) -> None:
        super().__init__(queue)
        self._workstation = workstation
        self._queue = queue
        self._anywhere = anywhere
        self._search = search
        self._ear: ScannerEar | None = None
        self.table: MailTable | None = None
        self.scanning: Scanning | None = None
        self.tray: ScanTray | None = None
        if not workstation.training:  # the folder of the setting holds the office's own scans
            QTimer.singleShot(_WATCH_AFTER_MS, self, self._watch)

    def show_at(self, here: bool) -> None:
        """Show the scan box when the person is at the mail table, else hide it."""
        if here and self.table is None:
            self._make()
        if self.table is None or self._ear is None:
            return
        self.table.setVisible(here)
        if here:
            self.table.count_tray()
        self._anywhere.turn_to(self.table.box if here else self._search)
        app = QApplication.instance()
        assert app is not None
        app.removeEventFilter(self._ear)
        if here:
            app.installEventFilter(self._ear)

    def take_focus(self) -> bool:
        """Give the focus to the scan box; False when the person is elsewhere."""
        if self.table is None or not self.table.isVisible():
            return False
        self.table.focus_box()
        return True

    def open_tray(self) -> None:
        """Show the tray of scanned pages that have no place yet."""
        if self.tray is None:
            from desk.ui.scan_tray import ScanTray

            self.tray = ScanTray(self._workstation, self._scans(), self._queue.window())
            self.tray.performed.connect(self.performed)
            if self.table is not None:
                self.tray.counted.connect(self.table.show_tray_count)
        self.tray.show()
        self.tray.raise_()
        self.tray.activateWindow()
        self.tray.read()
        self._scans().settle()

    def _take_scans(self, paths: list[Path]) -> None:
        self.open_tray()
        self._scans().take(paths)

    def _scans(self) -> Scanning:
        if self.scanning is None:
            from desk.ui.scanning import Scanning

            self.scanning = Scanning(self._workstation, self)
        return self.scanning

    def _watch(self) -> None:
        if any(Duty.OFFICER in duties for duties in self._workstation.actor.duties.values()):
            self._scans().watch()

    def _make(self) -> None:
        from desk.ui.mail_table import MailTable
        from desk.ui.scanner import ScannerEar

        self.table = MailTable(self._workstation)
        self.table.tray_wanted.connect(self.open_tray)
        self.table.scans_dropped.connect(self._take_scans)
        self.table.performed.connect(self.performed)
        self.table.case_wanted.connect(self.case_wanted)
        self._queue.put_above(self.table)
        self._ear = ScannerEar(self.table)
        self._ear.leave_alone(self.table.box)
        self._ear.scanned.connect(self.table.take)
