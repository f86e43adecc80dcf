"""The window's part of `desk drill hang`: the server vanishes under a form that is being sent (bar B14).

A real window in a process of its own, drawn in memory. What it must do: say within five seconds that nobody answers,
never stand still, keep what was typed, and do the deed once when the server is back.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import psutil
from sqlalchemy import make_url

from desk.adapters.database import engine_for
from desk.drills.crew import PROCESSES
from desk.drills.lines import CuttingProxy
from desk.drills.office import DrillOffice, DrillServer
from desk.drills.report import Report
from desk.drills.seats import OFFICE
from desk.drills.workstations import Draft, ask
from desk.rules.case import MessageKind
from desk.rules.inputs import MessageNote

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desk.ui.forms import FormDialog

LONGEST_STALL_MS = 100.0
SAID_WITHIN_SECONDS = 6.0
"""Five seconds of patience, a quarter of a second between two looks at the lane, and what a full machine adds."""
_PATIENCE_SECONDS = 60.0
_LOOK_MS = 20
_OF_THIS_WINDOW = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = :login "
    "AND application_name !~ 'dengar' AND pid <> pg_backend_pid()"
)


@dataclass
class Felt:
    """What the person at the window saw; it travels to the drill."""

    control_ms: float = 0.0  # the longest pause while the server answered
    longest_ms: float = 0.0
    said_seconds: dict[str, float] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def allowed_ms(self) -> float:
        """On a machine where the same window stood still before anything was wrong, twice that is allowed."""
        return max(LONGEST_STALL_MS, 2 * self.control_ms)

    def enter_in(self, report: Report) -> None:
        """The figures and the faults for the report."""
        report.figures |= {
            "window_said_seconds": self.said_seconds,
            "window_longest_stall_ms": round(self.longest_ms, 1),
            "window_control_stall_ms": round(self.control_ms, 1),
            "window_allowed_stall_ms": round(self.allowed_ms, 1),
        }
        report.blame(self.faults)
        for name, seconds in self.said_seconds.items():
            report.expect(seconds <= SAID_WITHIN_SECONDS, f"{name}: the window was silent for {seconds:.1f} s")
        report.expect(self.longest_ms <= self.allowed_ms, f"the window stood still for {self.longest_ms:.0f} ms")


@contextlib.contextmanager
def window_at_work(server: DrillServer, vanishings: int) -> Iterator[Callable[[], Felt]]:
    """Opens the window, which meets the first `vanishings` ways to lose a server; gives how to ask what it felt.

    It begins when the window is open and has been used, so that what else is measured has the processor.
    """
    folder = Path(tempfile.mkdtemp(prefix="meja-pst-jendela-"))
    with server.office() as office:
        ours, theirs = PROCESSES.Pipe(duplex=False)
        process = PROCESSES.Process(target=sit_down, args=(office, folder, vanishings, theirs))
        process.start()
        theirs.close()

        def felt() -> Felt:
            try:
                while (answer := ours.recv()) is None:
                    pass
            except EOFError:
                process.join(_PATIENCE_SECONDS)
                return Felt(faults=[f"the window ended with {process.exitcode}"])
            assert isinstance(answer, Felt)
            return answer

        try:
            ours.poll(_PATIENCE_SECONDS)
            yield felt
        finally:
            process.kill()
            process.join(_PATIENCE_SECONDS)
            shutil.rmtree(folder, ignore_errors=True)


class _Late(Exception):
    """What was waited for did not come."""


class Window:
    """Rina's window over a line that can be cut, with one case open."""

    def __init__(self, office: DrillOffice, proxy: CuttingProxy, folder: Path, case_id: UUID) -> None:
        from desk.ui.entering import enter
        from desk.ui.main_window import MainWindow
        from desk.ui.workstation import Workstation

        self.office, self.proxy, self._folder, self._case_id = office, proxy, folder, case_id
        entered = enter(make_url(office.seat("rina", through=proxy.url).url))
        self.login = entered.actor.login
        self._station = Workstation(
            entered.link, entered.actor, entered.offices, now=entered.now, clock=entered.clock, drafts=folder
        )
        self.window = MainWindow(self._station)
        self.window.resize(1366, 768)
        self.window.show()
        self._station.start()
        self.until(lambda: bool(self.window.queue.list.table.rows), "the list")
        self.window.case.open_case(OFFICE, case_id)
        self.until(lambda: self.window.case.facts is not None, "the case")

    def close(self) -> None:
        """Ends the window and its threads."""
        self.window.close()
        self._station.close()

    def until(self, holds: Callable[[], bool], what: str) -> float:
        """Lets the loop turn until it holds; gives the seconds, raises `_Late`."""
        from PySide6.QtCore import QEventLoop, QTimer

        begun = time.monotonic()
        loop = QEventLoop()
        while not holds() and time.monotonic() - begun < _PATIENCE_SECONDS:
            QTimer.singleShot(_LOOK_MS, loop.quit)
            loop.exec()
        if not holds():
            raise _Late(f"{what} did not come")
        return time.monotonic() - begun

    def type_message(self, words: str) -> FormDialog:
        """Opens the form of a note and types."""
        self.window.case.actions_bar.trigger("add_message")
        self.until(lambda: any(form.send.isEnabled() for form in self._forms()), "the form")
        (form,) = self._forms()
        note = MessageNote(kind=MessageKind.INCOMING, text=words)
        form.fill({"kind": note.kind, "text": note.text})
        return form

    def is_sent(self) -> bool:
        """Whether the form has gone, and nothing about the line is said any more."""
        return not self._forms() and not self.bar() and not list(self._folder.glob("*.json"))

    def bar(self) -> str:
        """What the bar about the line says; empty while there is none."""
        from PySide6.QtWidgets import QWidget

        found: QWidget | None = self.window.findChild(QWidget, "offline")
        return found.accessibleName() if found is not None and found.isVisible() else ""

    def has_draft(self) -> bool:
        """Whether what was typed lies on this computer."""
        return bool(list(self._folder.glob("*.json")))

    def recorded(self, words: str) -> int:
        """How often these words stand in the conversation."""
        asked = "SELECT count(*) FROM desk.message WHERE case_id = :case AND body = :words"
        return int(self.office.value(asked, case=self._case_id, words=words))

    def _forms(self) -> list[FormDialog]:
        from desk.ui.forms import FormDialog

        forms: list[FormDialog] = self.window.findChildren(FormDialog)
        return [form for form in forms if form.isVisible()]


@dataclass(frozen=True, slots=True)
class Vanishing:
    """A way in which the server is lost, and how it comes back."""

    name: str
    begin: Callable[[Window], object]
    end: Callable[[Window], object]


def _cable_out(window: Window) -> None:
    window.proxy.silent.set()


def _cable_in(window: Window) -> None:
    window.proxy.silent.clear()
    window.proxy.cut_all()  # what a network does to lines it has forgotten


def _server_gone(window: Window) -> None:
    window.proxy.away.set()
    window.proxy.cut_all()


def _server_back(window: Window) -> None:
    window.proxy.cuts.clear()
    window.proxy.away.clear()


def _answer_lost(window: Window) -> None:
    window.proxy.cuts.append("after")
    window.proxy.away.set()


def _each_process(window: Window, change: Callable[[psutil.Process], None]) -> None:
    for row in window.office.rows(_OF_THIS_WINDOW, login=window.login):
        with contextlib.suppress(psutil.NoSuchProcess):  # a line that was just put down
            change(psutil.Process(row["pid"]))


VANISHINGS = (
    Vanishing("the cable is out", _cable_out, _cable_in),
    Vanishing(
        "the processes of the server hang",
        lambda window: _each_process(window, psutil.Process.suspend),
        lambda window: _each_process(window, psutil.Process.resume),
    ),
    Vanishing("the server is gone", _server_gone, _server_back),
    Vanishing("the answer to COMMIT is lost", _answer_lost, _server_back),
)


def sit_down(office: DrillOffice, folder: Path, vanishings: int, answers_to: Connection) -> None:
    """The process of the window: two notes are sent undisturbed, then one in each of so many troubles."""
    from desk.commands import screen

    screen.draw_nowhere()
    from desk.ui.app import make_application
    from desk.ui.theme import Choice, theme

    theme.apply(make_application([]), Choice.LIGHT)
    felt = Felt()
    with CuttingProxy(office.url) as proxy:
        window = Window(office, proxy, folder, _registered(office))
        try:
            _send_notes_undisturbed(window, felt)
            answers_to.send(None)
            _send_notes(window, VANISHINGS[:vanishings], felt)
        except _Late as late:
            felt.faults.append(f"{late} within {_PATIENCE_SECONDS:.0f} s; the bar says “{window.bar()}”")
        answers_to.send(felt)
        proxy.silent.clear()
        proxy.away.clear()
        proxy.cut_all()
        window.close()


def _registered(office: DrillOffice) -> UUID:
    seat, key = office.seat("rina"), uuid4()
    engine = engine_for(seat.url)
    done = ask(engine, seat, OFFICE, Draft(key, "register_case", key))
    engine.dispose()
    return done.case_id


def _send_notes_undisturbed(window: Window, felt: Felt) -> None:
    from desk.drills.pauses import Pauses

    for words in ("Semua berjalan.", "Semua masih berjalan."):  # the first form of the day loads what all need
        with Pauses(window.window) as undisturbed:
            window.type_message(words).submit()
            window.until(window.is_sent, "a note")
    felt.control_ms = undisturbed.longest_ms


def _send_notes(window: Window, vanishings: Sequence[Vanishing], felt: Felt) -> None:
    from desk.drills.pauses import Pauses

    for number, vanishing in enumerate(vanishings, 1):
        words = f"Catatan {number}, {vanishing.name}."
        form = window.type_message(words)
        with Pauses(window.window) as pauses:
            try:
                vanishing.begin(window)
                form.submit()
                felt.said_seconds[vanishing.name] = round(window.until(lambda: bool(window.bar()), "a word"), 2)
                window.until(window.has_draft, "the draft")
            finally:
                vanishing.end(window)
            window.until(window.is_sent, f"the note sent while {vanishing.name}")
        felt.longest_ms = max(felt.longest_ms, pauses.longest_ms)
        if (times := window.recorded(words)) != 1:
            felt.faults.append(f"{vanishing.name}: the note stands {times} times in the conversation")
