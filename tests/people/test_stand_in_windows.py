"""A stand-in with dates, through the windows: queues and powers come on the day and go after it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtWidgets import QPushButton

from desk import deeds
from desk.rules.inputs import Reason
from desk.rules.people import Duty
from desk.ui.desk_list import PEOPLE, READY_TEXTS
from desk.ui.people import PeoplePage
from desk.ui.people_forms import StandInForm
from desk.ui.row_button import RowButton
from tests import inputs
from tests.office import MORNING, PALEMBANG, Office
from tests.ui.conftest import sit_down, themed

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow

__all__ = ["sit_down", "themed"]
LONG = 20_000


def places(window: MainWindow) -> set[str]:
    return {button.objectName() for button in window.desks.findChildren(RowButton) if button.isEnabled()}


def appoint(window: MainWindow, office: Office, qtbot: QtBot, *, absent: str, deputy: str) -> None:
    """The administrator appoints a deputy from tomorrow to the day after."""
    window.desks.choose(PEOPLE)
    page = window.places[PEOPLE]
    assert isinstance(page, PeoplePage)
    qtbot.waitUntil(lambda: page.list.select_key(office.as_(absent).login), timeout=LONG)
    qtbot.waitUntil(lambda: window.findChild(QPushButton, "people.stand_in") is not None, timeout=LONG)
    button = window.findChild(QPushButton, "people.stand_in")
    assert button is not None
    button.click()
    qtbot.waitUntil(lambda: window.findChild(StandInForm) is not None, timeout=LONG)
    form = window.findChild(StandInForm)
    assert form is not None
    form.fields["login"].set_value(office.as_(deputy).login)
    form.fields["starts_on"].set_value((MORNING + timedelta(days=1)).date())
    form.fields["ends_on"].set_value((MORNING + timedelta(days=2)).date())
    with qtbot.waitSignal(page.said, timeout=LONG):
        form.submit()


def test_the_deputys_queues_and_powers_come_on_the_day_and_go_after_it(
    sit_down: Callable[[str], MainWindow],
    office: Office,
    qtbot: QtBot,
) -> None:
    case = office.clear_case()
    rina = office.as_("rina")
    office.as_("fajar").do("request_relief", case, inputs.relief(office.facts(case).today))
    window = sit_down("rina")
    station = window.queue._workstation
    appoint(sit_down("tono"), office, qtbot, absent="hendra", deputy="rina")

    window.duties.read()
    qtbot.wait(0)
    assert "place.supervisor.all" not in places(window), "it begins tomorrow"
    assert "Hanya penyelia" in rina.refusal("approve_relief", case, Reason(reason="Ya."))
    held = office.new_case()
    office.as_("fajar").do("claim_case", held)
    assert "memegang permohonan ini" in rina.refusal("release_case", held)
    office.as_("fajar").do("release_case", held)

    office.set_clock(MORNING + timedelta(days=1))
    window.duties.read()
    qtbot.waitUntil(lambda: "place.supervisor.all" in places(window), timeout=LONG)
    assert READY_TEXTS in window.desks.spots
    assert Duty.SUPERVISOR in station.actor.duties_in(PALEMBANG)
    window.desks.choose(next(spot for spot in window.desks.spots if spot.name == "place.supervisor.all"))
    qtbot.waitUntil(lambda: [row.id for row in window.queue.list.table.rows] == [case.id], timeout=LONG)
    qtbot.waitUntil(lambda: window.case.facts is not None, timeout=LONG)
    assert "approve_relief" in {action.id for action in window.case.actions_bar.possible}
    office.as_("fajar").do("claim_case", held)
    with rina.session() as session:  # what a colleague holds, only a supervisor lets go
        deeds.perform(
            session, station.actor, "release_case", held.id, office_id=held.office_id, request_id=uuid4(), inputs=None
        )
    assert office.facts(held).holder is None

    office.set_clock(MORNING + timedelta(days=3))
    window.duties.read()
    qtbot.waitUntil(lambda: "place.supervisor.all" not in places(window), timeout=LONG)
    assert READY_TEXTS not in window.desks.spots
    assert station.actor.duties_in(PALEMBANG) == {Duty.OFFICER}
    assert "Hanya penyelia" in rina.refusal("approve_relief", case, Reason(reason="Ya."))
