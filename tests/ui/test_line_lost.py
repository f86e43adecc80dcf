"""The server vanishes under a window with a form that is being sent: said soon, nothing lost, nothing done twice."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from sqlalchemy import make_url

from desk.adapters import database
from desk.drills.lines import CuttingProxy
from desk.ui import background, line_bar
from desk.ui.entering import enter
from desk.ui.forms import FormDialog
from desk.ui.main_window import MainWindow
from desk.ui.workstation import Workstation
from tests.office import Office, Ref

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

NOT_FROZEN_SECONDS = 1.5
"""A call to the server on the window's thread would hold it for as long as nobody answers: three seconds here.

The figure of 100 ms is for a machine that does nothing else; `desk drill hang` measures it.
"""
WORDS = "Pengguna menelepon, data dipakai untuk disertasi."


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same course of events, with a tenth of the patience."""
    monkeypatch.setattr(background, "SLOW_AFTER_SECONDS", 0.5)
    monkeypatch.setattr(line_bar, "SLOW_AFTER_SECONDS", 0.5)
    monkeypatch.setattr(database, "_ANSWER_SECONDS", 3.0)
    monkeypatch.setitem(database._LINE, "connect_timeout", 2)
    defaults = database.run_deed.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "deadline", 0.1)


class Seat:
    """Rina's window over a line that can be cut, with a message typed and ready to be sent."""

    def __init__(self, qtbot: QtBot, office: Office, case: Ref, drafts: Path) -> None:
        self.qtbot, self.office, self.case, self.drafts = qtbot, office, case, drafts
        person = office.as_("rina")
        self.proxy = CuttingProxy(office.database.url)
        self.proxy.__enter__()
        url = make_url(office.database_url(person.login, person.password))
        entered = enter(url.set(host=self.proxy.url.host, port=self.proxy.url.port))
        self.station = Workstation(
            entered.link, entered.actor, entered.offices, now=entered.now, clock=entered.clock, drafts=drafts
        )
        self.window = MainWindow(self.station)
        qtbot.addWidget(self.window)
        self.window.show()
        self.station.start()
        self.until(lambda: bool(self.window.queue.list.table.rows))
        self.window.case.open_case(case.office_id, case.id)
        self.until(lambda: self.window.case.facts is not None)
        self.form = self.open_form()

    def until(self, true: Callable[[], bool]) -> None:
        """Waits as long as a machine may take that does other things as well."""
        self.qtbot.waitUntil(true, timeout=30_000)

    def open_form(self) -> FormDialog:
        """The form of a message, filled in as far as its text."""
        self.window.case.actions_bar.trigger("add_message")
        self.until(lambda: self.found() is not None and self.found().send.isEnabled())  # type: ignore[union-attr]
        form = self.found()
        assert form is not None
        given = self.office.answer("add_message", self.case)
        form.fill({entry.name: getattr(given, entry.name) for entry in fields(given)})  # type: ignore[arg-type]
        form.fill({"text": WORDS})
        return form

    def found(self) -> FormDialog | None:
        return next((form for form in self.window.findChildren(FormDialog) if form.isVisible()), None)

    @property
    def bar(self) -> str:
        """What the bar says; empty while there is none."""
        bar = self.window.findChild(QWidget, "offline")
        assert bar is not None
        return bar.accessibleName() if bar.isVisible() else ""

    def messages(self) -> int:
        asked = "SELECT count(*) AS n FROM desk.message WHERE case_id = :c AND body = :b"
        return int(self.office.rows(asked, c=self.case.id, b=WORDS)[0]["n"])

    @contextlib.contextmanager
    def never_frozen(self) -> Iterator[None]:
        """The window's thread turns all the time."""
        ticks: list[float] = []
        timer = QTimer(self.window, interval=10)
        timer.timeout.connect(lambda: ticks.append(time.monotonic()))
        timer.start()
        yield
        timer.stop()
        pauses = [later - earlier for earlier, later in itertools.pairwise(ticks)]
        assert pauses
        assert max(pauses) < NOT_FROZEN_SECONDS

    def close(self) -> None:
        self.proxy.silent.clear()
        self.proxy.cut_all()
        self.station.close()
        self.proxy.__exit__()


@pytest.fixture
def seat(themed: QApplication, office: Office, qtbot: QtBot, tmp_path: Path) -> Iterator[Seat]:
    case = office.new_case()
    made = Seat(qtbot, office, case, tmp_path / "konsep")
    yield made
    made.close()


def sent_again_and_done_once(seat: Seat) -> None:
    """The server is back: the bar goes by itself, the lists are read anew, and the form is sent as it stands."""
    seat.until(lambda: seat.station.live.lost_at is None)
    seat.until(lambda: seat.bar == "")
    seat.form.submit()
    seat.until(lambda: seat.found() is None)
    assert seat.messages() == 1
    seat.until(lambda: list(seat.drafts.glob("*.json")) == [])


def _each(pids: list[int], change: Callable[[psutil.Process], None]) -> None:
    for pid in pids:
        with contextlib.suppress(psutil.NoSuchProcess):  # a connection that was just put down
            change(psutil.Process(pid))


@pytest.mark.parametrize("how", ["cable cut", "server killed"])
def test_a_server_that_vanishes_is_said_and_the_deed_is_done_once_when_it_is_back(seat: Seat, how: str) -> None:
    silent = how == "cable cut"
    with seat.never_frozen():
        if silent:
            seat.proxy.silent.set()
        else:
            seat.proxy.away.set()
            seat.proxy.cut_all()
        seat.form.submit()
        if silent:
            seat.until(lambda: seat.bar.startswith("Server belum menjawab"))
        seat.until(lambda: seat.form.message.isVisible())
        seat.until(lambda: seat.bar.startswith("Tidak terhubung sejak"))
    assert "belum disimpan" in seat.form.message.text()
    assert seat.form.fields["text"].answer() == WORDS
    seat.until(lambda: len(list(seat.drafts.glob("*.json"))) == 1)
    assert len(seat.window.queue.list.table.rows) == 1, "the list stays readable"
    assert seat.window.case.actions_bar.possible == ()
    assert seat.messages() == 0
    seat.proxy.away.clear()
    seat.proxy.silent.clear()
    if silent:
        seat.proxy.cut_all()  # what a network does to lines it has forgotten
    sent_again_and_done_once(seat)


def test_an_answer_that_is_lost_after_the_commit_is_asked_for_again(seat: Seat) -> None:
    with seat.never_frozen():
        seat.proxy.cuts = ["after"]
        seat.proxy.away.set()  # and nobody can be asked for a while
        seat.form.submit()
        seat.until(lambda: seat.form.message.isVisible())
    assert seat.form.message.text().startswith("Sambungan terputus saat menyimpan; belum pasti")
    assert seat.messages() == 1, "it was done, and nobody can know yet"
    seat.proxy.away.clear()
    sent_again_and_done_once(seat)


def test_a_server_process_that_hangs_is_given_up_and_the_deed_asked_again_by_itself(
    seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    defaults = database.run_deed.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "deadline", 20.0)
    login = seat.office.as_("rina").login
    seat.office.as_("rina").engine.dispose()  # only the processes of the window shall hang
    asked = "SELECT pid FROM pg_stat_activity WHERE usename = :l AND application_name !~ 'dengar'"
    pids = [row["pid"] for row in seat.office.rows(asked, l=login)]
    assert pids
    try:
        _each(pids, psutil.Process.suspend)
        with seat.never_frozen():
            seat.form.submit()
            seat.until(lambda: seat.bar.startswith("Server belum menjawab"))
            seat.until(lambda: seat.found() is None or seat.form.message.isVisible())
            assert seat.found() is None, seat.form.message.text()
            seat.until(lambda: seat.bar == "")
    finally:
        _each(pids, psutil.Process.resume)
    assert seat.messages() == 1


def test_a_line_that_only_the_deeds_lost_comes_back_by_itself(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    """The listener heard nothing of it, so nobody else says that the server is there again."""
    seat.station.live._lost.setInterval(50)
    seat.station.live.note_lost()
    assert seat.window.case.actions_bar.possible == ()
    seat.until(lambda: seat.bar == "" and seat.window.case.actions_bar.possible != ())
