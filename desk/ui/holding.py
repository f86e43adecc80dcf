"""Taking the next free case, and keeping the one that this person works in: `Ambil berikutnya` (F4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut

from desk.rules.claims import RENEW_BELOW
from desk.ui import message

if TYPE_CHECKING:
    from uuid import UUID

    from desk.rules.deed import Done
    from desk.ui.background import Trouble
    from desk.ui.case_view import CaseView
    from desk.ui.main_window import MainWindow
    from desk.ui.queue import QueueView
    from desk.ui.workstation import Workstation

KEYS = "F4"
LOOK_EVERY_MS = 60_000
"""How often the program looks whether the person has worked in the case on show."""


class Holding(QObject):
    """The button of the officer's list, and the renewal of a claim while its holder types or clicks."""

    taken = Signal(object)
    """A case was taken; carries `Done`."""

    def __init__(
        self, window: MainWindow, workstation: Workstation, queue: QueueView, case: CaseView, idle: Callable[[], float]
    ) -> None:
        """`idle` tells for how many seconds the person has not touched keyboard or mouse."""
        super().__init__(window)
        self._workstation = workstation
        self._queue = queue
        self._case = case
        self._idle = idle
        self._busy = False
        queue.next.setToolTip(f"Ambil permohonan pertama di daftar ini yang belum dipegang siapa pun ({KEYS})")
        queue.next.clicked.connect(self.take_next)
        QShortcut(QKeySequence(KEYS), window).activated.connect(self.take_next)
        workstation.live.connected.connect(lambda: queue.next.setEnabled(True))
        workstation.live.disconnected.connect(lambda _since: queue.next.setEnabled(False))
        self._clock = QTimer(self, interval=LOOK_EVERY_MS)
        self._clock.timeout.connect(self.keep)
        self._clock.start()

    def take_next(self) -> None:
        """Take the next free case of the list on show; two people who ask at once get two cases."""
        if self._busy or not self._queue.next.isEnabled() or self._queue.next.isHidden():
            return

        def done(answer: Done) -> None:
            self._busy = False
            self.taken.emit(answer)

        def failed(trouble: Trouble) -> None:
            self._busy = False
            message.show_trouble(self._queue, trouble)

        self._busy = True
        self._workstation.take_next(self, self._queue.queue, done, failed)

    def keep(self) -> None:
        """Renew the claim of the case on show when it ends soon and the person has worked since the last look."""
        case = self._case.facts
        if case is None or case.holder is None or case.holder.login != self._workstation.actor.login:
            return
        left = case.holder.until - self._workstation.wall_clock(case.office_id)
        if left < RENEW_BELOW and self._case.isVisible() and self._idle() * 1000 < LOOK_EVERY_MS:
            self._renew(case.office_id, case.id)

    def _renew(self, office_id: int, case_id: UUID) -> None:
        def work() -> bool:
            from desk.services import claims

            with self._workstation.link.transaction() as session:
                return claims.renew(session, office_id, case_id)

        # A renewal that did not get through is tried at the next look; a lost line has its own bar.
        self._workstation.background.run_work(self, work, lambda _kept: None, lambda _trouble: None)
