"""Which office a page shows, for whoever works in or reads several; hidden where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from desk.ui.forms.plain_fields import Drop

if TYPE_CHECKING:
    from desk.rules.people import Duty
    from desk.ui.workstation import Workstation


class OfficeChoice(Drop):
    """The offices on the screen; begins with the first one in which the person has the duty of the page."""

    chosen = Signal()
    """The person went to another office."""

    def __init__(self, workstation: Workstation, duty: Duty | None = None) -> None:
        super().__init__()
        self._workstation = workstation
        self._duty = duty
        self._known: tuple[int, ...] = ()
        self._office = 0
        self.setObjectName("office_choice")
        self.setAccessibleName("Kantor")
        self.setMinimumWidth(240)
        self.activated.connect(self._on_activated)
        self.offer()

    @property
    def office_id(self) -> int:
        """The office that is shown."""
        self.offer()
        return self._office

    def offer(self) -> None:
        """Follow the offices on the screen; the choice stays while its office is among them."""
        offices = tuple(self._workstation.office_ids)
        if offices == self._known:
            return
        self._known = offices
        if self._office not in offices:
            duties = self._workstation.actor.duties_in
            own = [office for office in offices if self._duty is not None and self._duty in duties(office)]
            self._office = (own or list(offices))[0]
        self.clear()
        self.addItems([self._workstation.office(office).name for office in offices])
        self.setCurrentIndex(offices.index(self._office))
        self.setVisible(len(offices) > 1)

    def _on_activated(self, place: int) -> None:
        if self._known[place] != self._office:
            self._office = self._known[place]
            self.chosen.emit()
