from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from desk.adapters.listening import Line
from desk.ui.background import Background, StopSign
from desk.ui.live import Live

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

SINCE = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)


@dataclass
class Ear:
    """A listener that hears what the test says."""

    change: Callable[[object], None] | None = None
    catch_up: Callable[[], None] | None = None
    state: Callable[[Line], None] | None = None

    def listen(self, stop: StopSign, change: Any, catch_up: Any, state: Any, _woken: Any) -> None:
        self.change, self.catch_up, self.state = change, catch_up, state
        stop.wait()


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def live(qtbot: QtBot, ear: Ear) -> Iterator[Live]:
    background = Background(lambda: pytest.fail("nobody reads here"), lambda _owner, _trouble: None)
    made = Live(background, ear.listen, lambda: SINCE)
    made.start()
    qtbot.waitUntil(lambda: ear.state is not None)
    yield made
    background.close()


def test_the_first_read_comes_when_the_listener_has_caught_up(live: Live, ear: Ear, qtbot: QtBot) -> None:
    with qtbot.waitSignal(live.changed):
        assert ear.catch_up
        ear.catch_up()


def test_several_changes_give_one_read(live: Live, ear: Ear, qtbot: QtBot) -> None:
    reads: list[int] = []
    live.changed.connect(lambda: reads.append(1))
    with qtbot.waitSignal(live.changed):
        assert ear.change
        for _ in range(20):
            ear.change([])
    qtbot.wait(150)
    assert reads == [1]


def test_a_broken_line_is_told_once_with_its_moment(live: Live, ear: Ear, qtbot: QtBot) -> None:
    told: list[datetime] = []
    live.disconnected.connect(told.append)
    with qtbot.waitSignal(live.disconnected):
        assert ear.state
        ear.state(Line(connected=False, since=SINCE, sentence="Server tidak menjawab."))
        ear.state(Line(connected=False, since=SINCE, sentence="Server tidak menjawab."))
    live.note_lost()
    assert told == [SINCE]


def test_when_the_line_is_back_everything_is_read_again(live: Live, ear: Ear, qtbot: QtBot) -> None:
    live.note_lost()
    assert ear.state
    with qtbot.waitSignals([live.connected, live.changed]):
        ear.state(Line(connected=True, since=SINCE))
    assert live.lost_at is None
