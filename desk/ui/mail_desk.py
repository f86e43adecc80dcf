"""The mail table in the window: made when somebody goes there, above the list; typing and scans land in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from desk.ui.mail_table import MailTable
    from desk.ui.palette import SearchBox, TypeAnywhere
    from desk.ui.queue import QueueView
    from desk.ui.scanner import ScannerEar
    from desk.ui.workstation import Workstation


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

    def show_at(self, here: bool) -> None:
        """Show the scan box when the person is at the mail table, else hide it."""
        if here and self.table is None:
            self._make()
        if self.table is None or self._ear is None:
            return
        self.table.setVisible(here)
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

    def _make(self) -> None:
        from desk.ui.mail_table import MailTable
        from desk.ui.scanner import ScannerEar

        self.table = MailTable(self._workstation)
        self.table.performed.connect(self.performed)
        self.table.case_wanted.connect(self.case_wanted)
        self._queue.put_above(self.table)
        self._ear = ScannerEar(self.table)
        self._ear.leave_alone(self.table.box)
        self._ear.scanned.connect(self.table.take)
