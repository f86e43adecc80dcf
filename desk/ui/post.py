"""The mail of this workstation: sends when something has changed, and once a minute sends and fetches."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desk.rules.people import Duty

if TYPE_CHECKING:
    from desk.postman import Round
    from desk.ui.background import Trouble
    from desk.ui.workstation import Workstation

EVERY_MS = 60_000
SOON_MS = 800
AT_MOST_EVERY = 5.0
"""Seconds between two looks, however much changes in the office."""
FETCH_EVERY = 45.0
"""Seconds between two looks into the mailbox; a person who asks for it does not wait."""
_SENDERS = frozenset({Duty.OFFICER, Duty.TREASURER, Duty.SUPERVISOR})


class Post(QObject):
    """Sends for the offices of this person, one round at a time, on the slow lane."""

    rounds = Signal(object, object)
    """A round is over: the office id and the `Round`."""

    def __init__(self, workstation: Workstation, parent: QObject) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._busy = False
        self._again = False
        self._last = self._fetched = -FETCH_EVERY
        self._every = QTimer(self, interval=EVERY_MS)
        self._every.timeout.connect(self.look)
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self.look)
        if workstation.link.send_mail is not None:
            workstation.live.changed.connect(self._look_soon)
            workstation.mail_wanted.connect(self.look_now)
            self._every.start()

    def look(self) -> None:
        """Send what waits now; while a round is running, one more follows it."""
        if self._busy:
            self._again = True
            return
        station, send, fetch = self._workstation, self._workstation.link.send_mail, self._workstation.link.fetch_mail
        offices = [office.id for office in station.offices if station.actor.duties_in(office.id) & _SENDERS]
        if send is None or not offices or station.live.lost_at is not None:
            return
        self._busy = True
        self._last = time.monotonic()
        fetches = fetch is not None and self._last - self._fetched >= FETCH_EVERY
        if fetches:
            self._fetched = self._last
        actor, stop = station.actor, station.background.stop

        def work(_task: object) -> list[tuple[int, Round]]:
            if fetches and fetch is not None:
                for office in offices:
                    fetch(actor, office, stop)
            return [(office, send(actor, office, stop)) for office in offices]

        station.background.run_slow(self, work, self._done, self._failed)

    def look_now(self) -> None:
        """A person wants it now: fetch as well."""
        self._fetched = -FETCH_EVERY
        self.look()

    def _look_soon(self) -> None:
        if not self._soon.isActive():
            since = time.monotonic() - self._last
            self._soon.start(max(SOON_MS, int((AT_MOST_EVERY - since) * 1000)))

    def _done(self, rounds: list[tuple[int, Round]]) -> None:
        self._busy = False
        for office, done in rounds:
            self.rounds.emit(office, done)
        if self._again:
            self._again = False
            self._look_soon()

    def _failed(self, _trouble: Trouble) -> None:
        self._busy = False  # the bar of the window tells that the server is away; the next look comes by itself
