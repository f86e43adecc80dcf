"""What other workstations did is heard, also when notifications are lost and lines break."""

from __future__ import annotations

import queue
import threading
import uuid
from typing import TYPE_CHECKING, Any, Self

import pytest
from sqlalchemy import Engine, text

from desk.adapters import listening
from desk.adapters.listening import Change, Line, channel, listen
from desk.drills.lines import CuttingProxy

if TYPE_CHECKING:
    from sqlalchemy import URL

    from tests.conftest import Database

_WAIT = 20.0


class Listener:
    """A listener in its thread; what it tells is read from queues."""

    def __init__(self, url: URL, *offices: int) -> None:
        self.changes: queue.Queue[Change] = queue.Queue()
        self.caught_up: queue.Queue[None] = queue.Queue()
        self.lines: queue.Queue[Line] = queue.Queue()
        self.stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(url, offices))

    def _run(self, url: URL, offices: tuple[int, ...]) -> None:
        listen(url, offices, self.stop, self._changed, lambda: self.caught_up.put(None), self.lines.put)

    def _changed(self, changes: list[Change]) -> None:
        for change in changes:
            self.changes.put(change)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self._thread.join(_WAIT)
        assert not self._thread.is_alive()

    def heard(self, number: int) -> list[int]:
        """Gives the next ``number`` change numbers."""
        return [self.changes.get(timeout=_WAIT).version for _ in range(number)]


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "_FIRST_PAUSE", 0.01)


@pytest.fixture
def office(bare: Database) -> Engine:
    return bare.engine()


def _change(engine: Engine, *, office_id: int = 1600, notify: bool = True) -> None:
    """Does what the office's trigger does: the next change number, in the deed's own transaction."""
    with engine.begin() as connection:
        clock: dict[str, Any] = {"office_id": office_id, "case_id": uuid.uuid4()}
        connection.execute(
            text(
                "WITH k AS (UPDATE desk.office_clock SET version = version + 1 WHERE office_id = :office_id"
                " RETURNING version) INSERT INTO desk.change SELECT :office_id, version, :case_id FROM k"
            ),
            clock,
        )
        if notify:
            connection.execute(text("SELECT pg_notify(:channel, '')"), {"channel": channel(office_id)})


def test_a_change_is_heard_with_what_a_list_needs(bare: Database, office: Engine) -> None:
    _change(office)  # a screen reads this one itself, on "caught up"
    with Listener(bare.url, 1600) as listener:
        listener.caught_up.get(timeout=_WAIT)
        assert listener.lines.get(timeout=_WAIT).connected
        _change(office)
        change = listener.changes.get(timeout=_WAIT)
    assert (change.office_id, change.version) == (1600, 2)
    assert isinstance(change.case_id, uuid.UUID)
    assert change.at.tzinfo is not None
    assert listener.changes.empty()


def test_only_the_own_offices_are_heard(bare: Database, office: Engine) -> None:
    with Listener(bare.url, 1571) as listener:
        listener.caught_up.get(timeout=_WAIT)
        _change(office, office_id=1600)
        _change(office, office_id=1571)
        assert listener.changes.get(timeout=_WAIT).office_id == 1571
    assert listener.changes.empty()


def test_a_false_notification_changes_nothing(bare: Database, office: Engine) -> None:
    with Listener(bare.url, 1600) as listener:
        listener.caught_up.get(timeout=_WAIT)
        with office.begin() as connection:
            connection.execute(text("SELECT pg_notify(:channel, 'drop everything')"), {"channel": channel(1600)})
        _change(office)
        assert listener.heard(1) == [1]
    assert listener.changes.empty()


def test_a_lost_notification_is_made_up_for_in_silence(
    bare: Database, office: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "_SILENCE_SECONDS", 0.0)
    with Listener(bare.url, 1600) as listener:
        listener.caught_up.get(timeout=_WAIT)
        _change(office, notify=False)
        assert listener.heard(1) == [1]


def test_a_killed_listener_catches_up_and_hears_nothing_twice(bare: Database, office: Engine) -> None:
    with Listener(bare.url, 1600) as listener:
        for turn in range(5):
            listener.caught_up.get(timeout=_WAIT)
            assert listener.lines.get(timeout=_WAIT).connected
            _change(office)
            assert listener.heard(1) == [3 * turn + 1]
            with office.connect() as connection:
                killed = connection.execute(
                    text(
                        "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
                        " WHERE application_name = 'Meja PST (dengar)' AND datname = current_database()"
                    )
                ).scalar_one()
            assert killed == 1
            _change(office)
            _change(office)
            assert listener.heard(2) == [3 * turn + 2, 3 * turn + 3]
            assert not listener.lines.get(timeout=_WAIT).connected
    assert listener.changes.empty()


def test_what_happened_while_the_line_was_down_is_told_when_it_is_back(bare: Database, office: Engine) -> None:
    with CuttingProxy(bare.url) as proxy, Listener(proxy.url, 1600) as listener:
        listener.caught_up.get(timeout=_WAIT)
        assert listener.lines.get(timeout=_WAIT).connected
        proxy.away.set()
        proxy.cut_all()
        assert not listener.lines.get(timeout=_WAIT).connected
        _change(office)
        _change(office)
        assert listener.changes.empty()
        proxy.away.clear()
        assert listener.heard(2) == [1, 2]
        listener.caught_up.get(timeout=_WAIT)


def test_a_broken_line_is_told_once_with_its_time_and_a_sentence(bare: Database) -> None:
    with CuttingProxy(bare.url) as proxy, Listener(proxy.url, 1600) as listener:
        listener.caught_up.get(timeout=_WAIT)
        assert listener.lines.get(timeout=_WAIT).connected
        proxy.cut_all()
        broken = listener.lines.get(timeout=_WAIT)
        assert not broken.connected
        assert broken.sentence.startswith("Basis data tidak terhubung")
        listener.caught_up.get(timeout=_WAIT)


def test_who_slept_longer_than_changes_are_kept_reads_everything_anew(bare: Database, office: Engine) -> None:
    with CuttingProxy(bare.url) as proxy, Listener(proxy.url, 1600) as listener:
        listener.caught_up.get(timeout=_WAIT)
        listener.lines.get(timeout=_WAIT)
        _change(office)
        assert listener.heard(1) == [1]
        with office.begin() as connection:  # numbers 2 to 4 come and are cleared away unheard
            connection.execute(text("UPDATE desk.office_clock SET version = 4 WHERE office_id = 1600"))
        _change(office)
        assert listener.heard(1) == [5]
        listener.caught_up.get(timeout=_WAIT)


def test_a_long_absence_is_read_in_pages(bare: Database, office: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "_PAGE", 2)
    with Listener(bare.url, 1600) as listener:
        listener.caught_up.get(timeout=_WAIT)
        for _ in range(4):
            _change(office, notify=False)
        _change(office)
        assert listener.heard(5) == [1, 2, 3, 4, 5]
