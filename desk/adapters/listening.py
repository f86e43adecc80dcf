"""Hearing what other workstations did: LISTEN wakes up, the change numbers of the office are the truth.

Anybody may send a notification and any of them may be lost, so its content is never looked at: after every wake-up,
every 20 s of silence and every reconnect the table ``desk.change`` is read above the cursor.
"""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psycopg

from desk.adapters.database import connect_alone
from desk.adapters.refusals import why_no_connection
from desk.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from threading import Event
    from uuid import UUID

    from sqlalchemy import URL

_SILENCE_SECONDS = 20.0
_TICK_SECONDS = 0.2  # how soon the end of the program is noticed
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 15.0
_PAGE = 1000

_BASELINE = "SELECT office_id, version FROM desk.office_clock WHERE office_id = ANY(%s)"
_ABOVE = """
    SELECT c.office_id, c.version, c.case_id, c.at
    FROM unnest(%s::int[], %s::bigint[]) AS seen (office_id, version)
    JOIN desk.change AS c ON c.office_id = seen.office_id AND c.version > seen.version
    ORDER BY c.office_id, c.version
    LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One change in an office: its number there, the case it belongs to, and when."""

    office_id: int
    version: int
    case_id: UUID
    at: datetime


class Here:
    """Where this workstation is, for colleagues: set on any thread, said by the listener on its own connection.

    The end of that connection is the end of being there.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._place: tuple[int, UUID, str] | None = None
        self._changed = False

    def put(self, office_id: int, case_id: UUID, doing: str = "") -> None:
        """A case is on show; `doing` is the action whose form is open."""
        self._put((office_id, case_id, doing))

    def leave(self) -> None:
        """No case is on show."""
        self._put(None)

    def say(self, connection: psycopg.Connection[Any], *, anew: bool = False) -> None:
        """Tells the server when it has changed, or in any case on a new connection."""
        with self._lock:
            place, changed = self._place, self._changed
            self._changed = False
        if place is not None and (changed or anew):
            connection.execute("SELECT desk.look_at(%s, %s, %s)", place)
        elif changed:
            connection.execute("SELECT desk.look_away()")

    def _put(self, place: tuple[int, UUID, str] | None) -> None:
        with self._lock:
            self._changed = self._changed or place != self._place
            self._place = place

    def look_again(self) -> None:
        """What is on show was read anew: it counts as looked at up to now."""
        with self._lock:
            self._changed = self._changed or self._place is not None


@dataclass(frozen=True, slots=True)
class Line:
    """Whether the line to the database stands, since when, and the sentence to show when it does not."""

    connected: bool
    since: datetime
    sentence: str = ""


def channel(office_id: int) -> str:
    """Gives the name of the notification channel of an office."""
    return f"desk_office_{office_id:d}"


def listen(
    url: str | URL | Callable[[], URL],
    office_ids: Collection[int],
    stop_event: Event,
    on_change: Callable[[list[Change]], None],
    on_caught_up: Callable[[], None],
    on_state: Callable[[Line], None],
    *,
    here: Here | None = None,
    on_woken: Callable[[], None] = lambda: None,
    application_name: str = "Meja PST (dengar)",
    zone: str = "Asia/Jakarta",
) -> None:
    """Runs until ``stop_event``; to be run in a thread of its own, for it waits.

    ``on_caught_up`` is called after every (re)connect, when nothing can fall between reading and listening any more:
    screens read their lists anew there. ``on_change`` brings what was committed since, in order, nothing twice and
    nothing left out. ``on_state`` tells when the line breaks and when it is back. A function as ``url`` is asked
    before each connect: the password may have been changed meanwhile. ``here`` is told to colleagues; ``on_woken`` is
    called after every notification, also when nothing was committed: a colleague came or went.
    """
    ear = _Ear(sorted(office_ids), on_change, on_caught_up, here, on_woken)
    down_since: datetime | None = None
    pause = _FIRST_PAUSE
    while not stop_event.is_set():
        try:
            address = url() if callable(url) else url
            with connect_alone(address, application_name=application_name, zone=zone) as connection:
                ear.catch_up(connection)
                on_state(Line(connected=True, since=datetime.now(UTC)))
                down_since, pause = None, _FIRST_PAUSE
                ear.follow(connection, stop_event)
        except (psycopg.OperationalError, Unavailable) as error:
            if stop_event.is_set():
                return
            down_since = down_since or datetime.now(UTC)
            sentence = why_no_connection(error) if isinstance(error, psycopg.Error) else str(error)
            on_state(Line(connected=False, since=down_since, sentence=sentence))
            # All workstations lose a server at the same moment; they must not all come back at the same moment.
            stop_event.wait(pause * random.uniform(0.5, 1.5))  # noqa: S311
            pause = min(pause * 2, _LONGEST_PAUSE)


class _Ear:
    """The cursor of one listener: the highest change number it has told about, per office."""

    def __init__(
        self,
        office_ids: list[int],
        on_change: Callable[[list[Change]], None],
        on_caught_up: Callable[[], None],
        here: Here | None,
        on_woken: Callable[[], None],
    ) -> None:
        self._here = here
        self._on_woken = on_woken
        self._office_ids = office_ids
        self._on_change = on_change
        self._on_caught_up = on_caught_up
        self._seen: dict[int, int] = {}

    def catch_up(self, connection: psycopg.Connection[Any]) -> None:
        """Listens first and reads then: what is committed between the two is heard as well."""
        for office_id in self._office_ids:
            connection.execute(f"LISTEN {channel(office_id)}")
        if self._seen:
            self._tell(connection)
        else:
            clocks = dict(connection.execute(_BASELINE, (self._office_ids,)).fetchall())
            self._seen = {office_id: clocks.get(office_id, 0) for office_id in self._office_ids}
        self._on_caught_up()
        if self._here is not None:
            connection.execute("SET synchronous_commit = off")  # being there waits for no disk and holds up no NOTIFY
            self._here.say(connection, anew=True)

    def follow(self, connection: psycopg.Connection[Any], stop_event: Event) -> None:
        """Tells about changes until the program ends or the line breaks."""
        asked = time.monotonic()
        while not stop_event.is_set():
            woken = bool(list(connection.notifies(timeout=_TICK_SECONDS, stop_after=1)))
            # The question also finds out that the line is dead, and what a lost notification was about.
            if woken or time.monotonic() - asked > _SILENCE_SECONDS:
                self._tell(connection)
                asked = time.monotonic()
            if woken:
                self._on_woken()
            if self._here is not None:
                self._here.say(connection)

    def _tell(self, connection: psycopg.Connection[Any]) -> None:
        for page, complete in self._pages(connection):
            self._on_change(page)
            if not complete:  # old change numbers are cleared away; whoever slept longer reads everything anew
                self._on_caught_up()

    def _pages(self, connection: psycopg.Connection[Any]) -> Iterator[tuple[list[Change], bool]]:
        while True:
            seen = (list(self._seen), list(self._seen.values()), _PAGE)
            page = [Change(*row) for row in connection.execute(_ABOVE, seen).fetchall()]
            if not page:
                return
            complete = True
            for change in page:
                complete = complete and change.version == self._seen[change.office_id] + 1
                self._seen[change.office_id] = change.version
            yield page, complete
            if len(page) < _PAGE:
                return
