"""Once a working day, when the office is open: what the morning sheet holds, and the way to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desk.ui.desk_list import MORNING
from desk.ui.places import spots_of

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from desk.rules.morning import MorningSheet
    from desk.ui.desk_list import DeskList
    from desk.ui.said_line import SaidLine
    from desk.ui.workstation import Workstation


class MorningNotice(QObject):
    """Asks with the other readings of the window until the day's notice was given or the sheet was opened."""

    def __init__(self, parent: QObject, workstation: Workstation, line: SaidLine, desks: DeskList) -> None:
        super().__init__(parent)
        self._workstation, self._line, self._desks = workstation, line, desks
        self._told: date | None = None
        desks.chosen.connect(lambda spot: self.seen() if spot is MORNING else None)
        workstation.live.changed.connect(self.look)

    def seen(self) -> None:
        """The person has opened the sheet: nothing is left to tell today."""
        self._told = self._workstation.today()

    def look(self) -> None:
        """Tell what the day asks for, when the office is open and nothing else stands in the line."""
        station = self._workstation
        if self._told == station.today() or not self._line.is_free or MORNING not in spots_of(station):
            return
        from desk.ui.morning_page import morning_tasks

        offices, tasks = station.office_ids, morning_tasks(station)
        moment = station.wall_clock(offices[0])

        def ask(session: Session) -> MorningSheet | None:
            from desk.services.morning import morning_notice

            return morning_notice(session, offices, moment, **tasks)

        station.read(self, ask, self._tell, lambda _trouble: None)

    def _tell(self, sheet: MorningSheet | None) -> None:
        if sheet is None or self._told == sheet.day or not self._line.is_free:
            return
        self._told = sheet.day
        if sheet.rows:
            self._line.offer(f"Lembar pagi hari ini: {sheet.summary}", "Buka", lambda: self._desks.choose(MORNING))
