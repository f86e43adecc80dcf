from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import QObject, QThread
from shiboken6 import delete

from desk.errors import Refused, Unavailable
from desk.ui.background import Background, Once, StopSign, Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot
    from sqlalchemy.orm import Session


class Told:
    def __init__(self) -> None:
        self.troubles: list[str] = []
        self.open_sessions = 0

    @contextmanager
    def reading(self) -> Iterator[Session]:
        self.open_sessions += 1
        yield cast("Session", "a session")
        self.open_sessions -= 1


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def background(qapp: Any, told: Told) -> Iterator[Background]:
    made = Background(told.reading, lambda _owner, trouble: told.troubles.append(str(trouble)))
    yield made
    made.close()


def test_work_runs_elsewhere_and_answers_here(background: Background, qtbot: QtBot, told: Told) -> None:
    here = threading.get_ident()
    seen: list[tuple[object, int]] = []
    background.run(background, lambda session: (session, threading.get_ident()), seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    session, there = seen[0]
    assert session == "a session"
    assert there != here
    assert told.open_sessions == 0
    assert QThread.currentThread().isMainThread()


def test_an_older_answer_never_overtakes_a_newer_one(background: Background, qtbot: QtBot) -> None:
    gate = threading.Event()
    seen: list[object] = []
    background.run(background, lambda _s: gate.wait(5) and "first", seen.append)
    background.run(background, lambda _s: "second", seen.append)
    gate.set()
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen == ["first", "second"]


def test_an_answer_for_a_closed_screen_is_dropped(background: Background, qtbot: QtBot, told: Told) -> None:
    gate = threading.Event()
    seen: list[bool] = []
    after: list[int] = []
    owner = QObject()
    background.run(owner, lambda _s: gate.wait(5), seen.append)
    delete(owner)
    background.run(background, lambda _s: 1, after.append)
    gate.set()
    qtbot.waitUntil(lambda: bool(after))
    assert seen == []
    assert told.troubles == []


@pytest.mark.parametrize("trouble", [Refused("Belum bisa."), Unavailable("Server tidak ada.")])
def test_trouble_reaches_the_person_or_the_screen_that_asked(
    background: Background, qtbot: QtBot, told: Told, trouble: Exception
) -> None:
    def work(_session: Session) -> None:
        raise trouble

    caught: list[str] = []
    background.run(background, work, lambda _r: None, lambda t: caught.append(str(t)))
    background.run(background, work, lambda _r: None)
    qtbot.waitUntil(lambda: bool(told.troubles))
    assert caught == told.troubles == [str(trouble)]


def test_a_bug_in_a_worker_reaches_the_crash_door(background: Background, qtbot: QtBot, told: Told) -> None:
    with qtbot.captureExceptions() as bugs:
        background.run(background, lambda _s: 1 // 0, lambda _r: None)
        done: list[int] = []
        background.run(background, lambda _s: 1, done.append)
        qtbot.waitUntil(lambda: bool(done))
    assert [kind for kind, _error, _trace in bugs] == [ZeroDivisionError]
    assert told.troubles == []


def test_slow_work_tells_how_far_it_is_and_can_be_cancelled(background: Background, qtbot: QtBot) -> None:
    gate = threading.Event()
    steps: list[tuple[int, int]] = []
    done: list[str] = []

    def work(task: Task) -> str:
        task.progress(1, 3)
        gate.wait(5)
        task.progress(2, 3)
        return "made"

    task = background.run_slow(background, work, done.append, progressed=lambda at, of: steps.append((at, of)))
    qtbot.waitUntil(lambda: bool(steps))
    task.cancel()
    gate.set()
    seen: list[int] = []
    background.run_slow(background, lambda _task: 1, seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert (steps, done) == ([(1, 3)], [])


def test_closing_waits_for_the_deed_that_is_being_written(qapp: Any, told: Told) -> None:
    background = Background(told.reading, lambda _owner, _trouble: None)
    started, gate, written = threading.Event(), threading.Event(), []

    def deed() -> None:
        started.set()
        gate.wait(5)
        written.append("yes")

    background.run_work(background, deed, lambda _r: None)
    started.wait(5)
    threading.Timer(0.05, gate.set).start()
    background.close()
    assert written == ["yes"]


def test_a_kept_thread_ends_with_the_program(qapp: Any, told: Told) -> None:
    background = Background(told.reading, lambda _owner, _trouble: None)
    ended: list[bool] = []

    def listen(stop: StopSign) -> None:
        ended.append(stop.wait(5))

    background.keep("listener", listen)
    background.close()
    assert ended == [True]


def test_a_thing_made_once_is_made_once() -> None:
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return len(made)

    once = Once(make)
    threads = [threading.Thread(target=once.get) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (once.get(), made) == (1, [1])
