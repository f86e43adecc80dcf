"""`desk demo`: the training office made ready behind a small window, then one workstation in it per program.

The first program starts the private server and fills the office; a second one joins and sees what the first one does.
The last one out stops the server.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desk import settings
from desk.adapters.binaries import lock_file, unlock_file
from desk.demo.office import PRINTER, TrainingOffice, staff, training_office
from desk.errors import Refused, Unavailable
from desk.rules.people import Duty
from desk.ui import message
from desk.ui.background import Background, Task
from desk.ui.login import Door, Person
from desk.ui.theme import Choice, theme

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sqlalchemy import URL
    from sqlalchemy.orm import Session

    from desk.ui.app import Desk
    from desk.ui.entering import Entered

FOLDER = "latihan"

_LOCK = "persiapan.lock"
_UNFINISHED = "belum-lengkap"
_SEVERAL = "Semua kantor"

Say = Callable[[str], None]


class _Given(Exception):
    """The person closed the window while the office was being prepared."""


def open_demo(person: str | None = None, *, fresh: bool = False) -> int:
    """Runs the training office until its window is closed; gives the exit status.

    `person` comes in without being asked who it is: a login or a part of a name. `fresh` begins with a new office.
    Raises Refused for a person who does not work there, and Unavailable when the server cannot be started.
    """
    from desk.ui.app import make_application

    chosen = login_of(person) if person is not None else None
    kept = settings.load()
    app = make_application(sys.argv[:1])
    theme.apply(app, Choice(kept.theme))
    # The office's own database in the settings is never touched: only the variable names a server for the training.
    opening = Opening(kept.data_folder / FOLDER, settings.database_url(settings.Settings()), fresh=fresh, person=chosen)
    app.lastWindowClosed.connect(opening.on_last_window_closed)
    app.setQuitOnLastWindowClosed(False)
    opening.finished.connect(app.quit)
    opening.start()
    app.exec()
    opening.close()
    if opening.trouble is not None:
        raise opening.trouble
    return 0


def login_of(person: str) -> str:
    """The training login of somebody named by login or by a part of the name; Refused with the names there are."""
    wanted = person.casefold().strip()
    found = [
        entry for entry in staff() if wanted == entry["login"] or (wanted and wanted in str(entry["name"]).casefold())
    ]
    if len(found) != 1:
        names = "; ".join(f"{entry['login']} ({entry['name']})" for entry in staff())
        many = "lebih dari satu orang" if found else "tidak ada"
        raise Refused(f"“{person}” di kantor latihan {many}. Pilih salah satu: {names}.")
    return f"latihan_{found[0]['login']}"


@contextlib.contextmanager
def filled_office(
    folder: Path, server_url: URL | None, say: Say, *, fresh: bool = False
) -> Iterator[tuple[TrainingOffice, str]]:
    """A training office with its sample cases, filled now where it is empty, and what was said about it.

    Programs that start at the same moment wait for one another here; one that was killed while filling leaves a mark,
    and the next one begins anew.
    """
    from sqlalchemy.exc import OperationalError

    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / _UNFINISHED
    with contextlib.ExitStack() as leaving:
        with (folder / _LOCK).open("a+b") as lock:
            lock_file(lock)
            try:
                say("Menyalakan server latihan …")
                again = fresh or unfinished.is_file()
                try:
                    office = leaving.enter_context(training_office(folder, server_url=server_url, fresh=again))
                except OperationalError as error:
                    raise Unavailable(
                        "Server untuk kantor latihan tidak dapat dijangkau. "
                        f"Periksa {settings.DATABASE_VARIABLE}, atau kosongkan untuk memakai server bawaan."
                    ) from error
                leaving.callback(office.owner.dispose)
                told = "Kantor latihan siap."
                if not office.is_filled():
                    from desk.demo.filling import fill

                    unfinished.touch()
                    told = f"Kantor latihan siap dengan {fill(office, say=say)} contoh permohonan."
                    unfinished.unlink()
            finally:
                unlock_file(lock)
        say(told)
        yield office, told


def door_of(office: TrainingOffice) -> Door:
    """The way into a training office: one card per person, the offices one after another."""
    return Door(enter=partial(_enter, office), people=people_of(office), training=True)


def people_of(office: TrainingOffice) -> tuple[Person, ...]:
    """The people to choose from, by office; those who belong to several stand at the end."""
    from sqlalchemy import text

    with office.owner.connect() as connection:
        names = {row.id: row.name for row in connection.execute(text("SELECT id, name FROM desk.office"))}
    people = []
    for trainee in office.people.values():
        held = {duty for duties in trainee.duties.values() for duty in duties}
        words = ", ".join(duty.label for duty in Duty if duty in held)
        where = names[next(iter(trainee.duties))] if len(trainee.duties) == 1 else _SEVERAL
        people.append(Person(trainee.login, trainee.password, trainee.name, words[:1].upper() + words[1:], where))
    order = list(dict.fromkeys(person.office for person in people if person.office != _SEVERAL))
    return tuple(sorted(people, key=lambda person: [*order, _SEVERAL].index(person.office)))


def _enter(office: TrainingOffice, login: str, _password: str) -> Entered:
    from desk.ui.entering import enter

    return enter(office.url_of(login), training=True)


class Preparing(QWidget):
    """The small window of the first start: what is being done, and a way out."""

    given_up = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setWindowTitle("Meja PST · LATIHAN")
        title = QLabel("Kantor latihan")
        title.setProperty("role", "title")
        self.told = QLabel("Menyiapkan kantor latihan …")
        self.told.setAccessibleName("Yang sedang dikerjakan")
        about = QLabel("Hanya pada pembukaan pertama. Semua nama dan permohonan di sini adalah contoh.")
        about.setProperty("role", "muted")
        self.bar = QProgressBar(minimum=0, maximum=0, textVisible=False)
        self.bar.setAccessibleName("Kemajuan penyiapan")
        cancel = QPushButton("Batal")
        cancel.setObjectName("cancel")
        cancel.clicked.connect(self.close)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(28, 24, 28, 22)
        rows.setSpacing(12)
        for widget in (title, self.told, self.bar, about):
            rows.addWidget(widget)
        row_of_button = QVBoxLayout()
        row_of_button.setContentsMargins(0, 6, 0, 0)
        rows.addLayout(row_of_button)
        row_of_button.addWidget(cancel)
        self.setFixedWidth(460)

    def show_told(self, sentence: str) -> None:
        """Show what is being done; a percentage in it moves the bar."""
        self.told.setText(sentence)
        words = sentence.rsplit(" ", 1)[-1]
        if words.endswith("%") and words[:-1].isdigit():
            self.bar.setMaximum(100)
            self.bar.setValue(int(words[:-1]))

    # Qt overrides

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        self.given_up.emit()
        event.accept()


@dataclass
class _Prepared:
    office: TrainingOffice
    leaving: contextlib.ExitStack


class Opening(QObject):
    """From the first sentence to the last window: prepares the office on a worker, then opens the login."""

    opened = Signal(object)
    """The login is there; carries the `Desk`."""
    finished = Signal()
    """Nothing is left to do: the window is closed, the preparation was given up, or it failed."""

    def __init__(self, folder: Path, server_url: URL | None, *, fresh: bool = False, person: str | None = None) -> None:
        super().__init__()
        self._folder, self._server_url, self._fresh, self._person = folder, server_url, fresh, person
        self._background = Background(_no_server, message.show_trouble)
        self._preparing = Preparing()
        self._preparing.given_up.connect(self._on_given_up)
        self._task: Task | None = None
        self._given_up = False
        self._prepared: _Prepared | None = None
        self.trouble: Refused | Unavailable | None = None
        self.desk: Desk | None = None

    def start(self) -> None:
        """Begin; the window appears only when it takes longer than a moment."""
        QTimer.singleShot(400, self, self._show_preparing)
        self._task = self._background.run_slow(self, self._prepare, self._on_prepared, self._on_trouble)

    def close(self) -> None:
        """End the threads and let go of the server; the last program out stops it."""
        if self.desk is not None:
            self.desk.close()
        self._background.close()
        if self._prepared is not None:
            self._prepared.leaving.close()

    def on_last_window_closed(self) -> None:
        """The program ends with the desk's window; the login and the preparation only make room for the next one."""
        if self.desk is not None and not self.desk.login.isVisible():
            self.finished.emit()

    def _show_preparing(self) -> None:
        if self.desk is None and self.trouble is None:
            self._preparing.show()

    def _prepare(self, _task: Task) -> _Prepared | None:
        """Runs on the slow lane; None when the person has given up meanwhile."""

        def say(sentence: str) -> None:
            if self._given_up:
                raise _Given
            if sys.stderr is not None:
                print(sentence, file=sys.stderr, flush=True)
            self._background.post(self, self._preparing.show_told, sentence)

        leaving = contextlib.ExitStack()
        try:
            office, _ = leaving.enter_context(filled_office(self._folder, self._server_url, say, fresh=self._fresh))
        except _Given:
            leaving.close()
            return None
        return _Prepared(office, leaving)

    def _on_prepared(self, prepared: _Prepared | None) -> None:
        self._prepared = prepared
        if prepared is None or self._given_up:
            self.finished.emit()
            return
        from desk.ui.app import Desk
        from desk.ui.printing import pdf_printers

        pdf_printers[PRINTER] = prepared.office.folder / "cetakan"
        kept = settings.load()
        self.desk = Desk(door_of(prepared.office), lambda look: settings.save(_with_look(kept, look)))
        self.desk.start()
        self._preparing.given_up.disconnect(self._on_given_up)
        self._preparing.close()
        self.opened.emit(self.desk)
        if self._person is not None:
            card = self.desk.login.findChild(QPushButton, f"person.{self._person}")
            assert card is not None, "login_of has found this person"
            card.click()

    def _on_trouble(self, trouble: Refused | Unavailable) -> None:
        self.trouble = trouble
        self._preparing.given_up.disconnect(self._on_given_up)
        self._preparing.close()
        self.finished.emit()

    def _on_given_up(self) -> None:
        self._given_up = True
        self._preparing.show_told("Menghentikan penyiapan …")


def _with_look(kept: settings.Settings, look: Choice) -> settings.Settings:
    from dataclasses import replace

    return replace(kept, theme=look.value)


def _no_server() -> AbstractContextManager[Session]:
    raise AssertionError("nobody reads before coming in")
