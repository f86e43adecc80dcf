"""The duties of the person at the screen, read again while the window stands open.

A stand-in begins and ends with a day, and an administrator gives and takes duties during one: desks, queues and places
follow without a new login. What the database allows has followed already.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desk.rules.people import Duty
from desk.ui.rereading import Rereading

if TYPE_CHECKING:
    from desk.ui.workstation import Workstation

EVERY_SECONDS = 45.0
"""The lists are read again at least once a minute, and the duties with them."""
NONE_LEFT = "Tugas Anda di kantor ini sudah berakhir. Daftar masih terbaca; tindakan ditolak server."

Duties = Mapping[int, frozenset[Duty]]


class OwnDuties(QObject):
    """Asks now and then, and tells the workstation when something is different."""

    def __init__(self, owner: QObject, workstation: Workstation, say: Callable[[str], object]) -> None:
        super().__init__(owner)
        self._workstation, self._say = workstation, say
        self._asked_at = time.monotonic()
        self._reading = Rereading(self._ask)
        workstation.live.changed.connect(self._on_changed)

    def read(self) -> None:
        """Read them now."""
        self._asked_at = time.monotonic()
        self._reading.read()

    def _on_changed(self) -> None:
        if time.monotonic() - self._asked_at > EVERY_SECONDS:
            self.read()

    def _ask(self, ended: Callable[[], None]) -> None:
        from desk.services.coming_in import duties_today

        def take(found: Duties) -> None:
            self._take(found)
            ended()

        self._workstation.read(self, duties_today, take, lambda _trouble: ended())

    def _take(self, found: Duties) -> None:
        station = self._workstation
        known = {office.id for office in station.offices}
        mine = {office_id: duties for office_id, duties in found.items() if office_id in known}
        if mine == dict(station.actor.duties):
            return
        if not mine:
            self._say(NONE_LEFT)
            return
        station.take_duties(mine)
        held = {duty for duties in mine.values() for duty in duties}
        self._say(f"Tugas Anda berubah; sekarang {', '.join(duty.label for duty in Duty if duty in held)}.")
