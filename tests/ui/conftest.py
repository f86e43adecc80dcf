"""A themed application, an office that answers at once, and its window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk.ui.theme import Choice, theme
from tests.ui.office import FakeWorkstation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow
    from desk.ui.workstation import Workstation
    from tests.office import Office


@pytest.fixture
def themed(qapp: QApplication) -> QApplication:
    """The application with the program's own look."""
    theme.apply(qapp, Choice.LIGHT)
    return qapp


@pytest.fixture
def workstation(themed: QApplication) -> Iterator[FakeWorkstation]:
    """Rina's workstation in an office that answers at once."""
    station = FakeWorkstation()
    yield station
    station.close()


@pytest.fixture
def window(qtbot: QtBot, workstation: FakeWorkstation) -> MainWindow:
    """Rina's window, its first list already read."""
    return open_window(qtbot, workstation)


def open_window(qtbot: QtBot, workstation: FakeWorkstation) -> MainWindow:
    """A shown window whose list and first case have been read."""
    from desk.ui.main_window import MainWindow

    window = MainWindow(workstation)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: bool(window.queue.list.table.rows))
    workstation.live.note_reached()
    window.top.show_connected()
    return window


@pytest.fixture
def sit_down(themed: QApplication, office: Office, qtbot: QtBot) -> Iterator[Callable[[str], MainWindow]]:
    """Lets somebody of the office sit down at a workstation of his or her own."""
    from PySide6.QtWidgets import QLabel
    from sqlalchemy import make_url

    from desk.ui.entering import enter
    from desk.ui.main_window import MainWindow
    from desk.ui.workstation import Workstation

    stations: list[Workstation] = []

    def open_for(name: str) -> MainWindow:
        person = office.as_(name)
        entered = enter(make_url(office.database_url(person.login, person.password)))
        station = Workstation(
            entered.link,
            entered.actor,
            entered.offices,
            now=entered.now,
            clock=entered.clock,
            training=entered.training,
            paper_shop=entered.paper_shop,
        )
        stations.append(station)
        window = MainWindow(station)
        qtbot.addWidget(window)
        window.show()
        with qtbot.waitSignal(station.live.changed):
            station.start()
        qtbot.waitUntil(lambda: bool(window.queue.findChild(QLabel, "updated_at").text()))  # type: ignore[union-attr]
        return window

    yield open_for
    for station in stations:
        station.close()
