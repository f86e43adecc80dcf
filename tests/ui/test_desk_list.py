"""The left of the window: own work first, the desks of others folded until they are opened."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desk.rules.desks import Desk, Queue
from desk.rules.people import Duty
from desk.services.queues import QueueCount
from desk.ui.desk_list import ARCHIVE, DAY, OUTBOX, PEOPLE, REGISTER, DeskList, Spot
from desk.ui.row_button import RowButton
from desk.ui.workstation import _DESKS_OF

PAGES = (DAY, REGISTER, OUTBOX, PEOPLE)


@pytest.fixture
def desks(themed: QApplication, qtbot: QtBot) -> DeskList:
    shown = DeskList()
    qtbot.addWidget(shown)
    shown.resize(206, 660)
    shown.show()
    return shown


def part(desks: DeskList, name: str) -> RowButton:
    found = desks.findChild(RowButton, name)
    assert found is not None, name
    return found


def test_who_supervises_sees_everything_of_the_own_work_without_scrolling(desks: DeskList) -> None:
    desks.show_desks(_DESKS_OF[Duty.SUPERVISOR], PAGES)
    assert part(desks, "place.supervisor.all").isVisible()
    assert part(desks, "place.archive").isVisible()
    assert not part(desks, "place.officer.review").isVisible()
    shown = [button for button in desks.findChildren(RowButton) if button.isVisible()]
    assert sum(button.height() for button in shown) < 660


def test_a_folded_desk_still_says_how_many_cases_need_it(desks: DeskList) -> None:
    desks.show_desks(_DESKS_OF[Duty.SUPERVISOR], PAGES)
    desks.show_counts([QueueCount(Desk.OFFICER, Queue.REVIEW, 7, 4), QueueCount(Desk.OFFICER, Queue.WAITING, 9, 0)])
    heading = part(desks, "fold.officer")
    assert heading.detail == "4"
    heading.click()
    assert heading.detail == ""
    assert part(desks, "place.officer.review").isVisible()
    heading.click()
    assert not part(desks, "place.officer.review").isVisible()


def test_going_to_a_queue_of_a_folded_desk_opens_it(desks: DeskList) -> None:
    desks.show_desks(_DESKS_OF[Duty.SUPERVISOR], PAGES)
    desks.choose(Spot(Desk.TREASURER, Queue.CONFIRM, Queue.CONFIRM.label))
    assert part(desks, "place.treasurer.confirm").isVisible()
    assert part(desks, "place.treasurer.confirm").isChecked()
    assert not part(desks, "place.officer.review").isVisible()


def test_an_officer_finds_every_queue_open(desks: DeskList) -> None:
    desks.show_desks(_DESKS_OF[Duty.OFFICER], (OUTBOX,))
    assert all(part(desks, spot.name).isVisible() for spot in desks.spots)
    assert desks.spots[-1] == ARCHIVE
