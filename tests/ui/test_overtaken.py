"""Two officers change one request at the same time: both texts are seen, field by field, and nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFrame, QPushButton
from sqlalchemy import make_url

from desk.actions import ACTIONS
from desk.ui import forms
from desk.ui.entering import enter
from desk.ui.forms.drafts import Drafts
from desk.ui.workstation import Workstation
from tests import inputs as answers
from tests.office import Office, Ref

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

import pytest

WAIT_MS = 30_000
CHANGE = ACTIONS["change_request"]
PARENTS: list[Any] = []  # Qt keeps a form only as long as what it stands beside


@pytest.fixture
def rina(office: Office, qapp: object, tmp_path: Path) -> Iterator[Workstation]:
    person = office.as_("rina")
    entered = enter(make_url(office.database_url(person.login, person.password)))
    station = Workstation(
        entered.link, entered.actor, entered.offices, now=entered.now, clock=entered.clock, drafts=tmp_path
    )
    yield station
    station.close()


def opened(office: Office, rina: Workstation, case: Ref, qtbot: QtBot, done: Callable[[Any], object]) -> Any:
    from PySide6.QtWidgets import QWidget

    parent = QWidget()
    PARENTS.append(parent)
    parent.show()
    form = forms.open_form(
        parent, CHANGE, office.facts(case), rina, lambda inputs, form: forms.deliver(rina, form, inputs, done)
    )
    qtbot.waitUntil(lambda: bool(form.fields), timeout=WAIT_MS)
    return form


def text_of(form: Any, name: str) -> str:
    return str(form.fields[name].answer())


def test_both_texts_are_shown_and_the_one_that_is_chosen_is_kept(
    office: Office, rina: Workstation, qtbot: QtBot
) -> None:
    case = office.new_case()
    done: list[Any] = []
    form = opened(office, rina, case, qtbot, done.append)
    form.fill({"institution": "Universitas Rina", "address": "Jl. Rina No. 1"})
    theirs = answers.change(office.facts(case), institution="Universitas Fajar", phone="081200000999")
    office.as_("fajar").do("change_request", case, theirs)
    form.submit()
    qtbot.waitUntil(lambda: "isian Anda tetap ada" in form.message.text(), timeout=WAIT_MS)

    assert text_of(form, "institution") == "Universitas Rina"  # what was typed stays
    assert text_of(form, "address") == "Jl. Rina No. 1"
    assert "999" in text_of(form, "phone")  # only the colleague changed it
    both = form.findChildren(QFrame, "both.institution")
    assert len(both) == 1
    exchange = both[0].findChild(QPushButton)
    exchange.click()
    assert text_of(form, "institution") == "Universitas Fajar"
    exchange.click()
    assert text_of(form, "institution") == "Universitas Rina"
    form.submit()
    qtbot.waitUntil(lambda: bool(done), timeout=WAIT_MS)
    facts = office.facts(case)
    assert (facts.institution, facts.address) == ("Universitas Rina", "Jl. Rina No. 1")
    assert facts.phone.endswith("999")


def test_a_draft_from_before_a_colleagues_change_does_not_undo_it(
    office: Office, rina: Workstation, qtbot: QtBot
) -> None:
    case = office.new_case()
    form = opened(office, rina, case, qtbot, lambda _done: None)
    form.fill({"institution": "Universitas Rina"})
    form._dirty = True
    form._save_draft()
    qtbot.waitUntil(lambda: bool(Drafts(rina.drafts).keys()), timeout=WAIT_MS)  # type: ignore[arg-type]
    form._done = True  # the program crashes
    form.close()
    theirs = answers.change(office.facts(case), institution="Universitas Fajar", phone="081200000999")
    office.as_("fajar").do("change_request", case, theirs)

    again = opened(office, rina, case, qtbot, lambda _done: None)
    qtbot.waitUntil(lambda: again.offer.isVisible(), timeout=WAIT_MS)
    again.use_draft()
    qtbot.waitUntil(lambda: "isian Anda tetap ada" in again.message.text(), timeout=WAIT_MS)
    assert text_of(again, "institution") == "Universitas Rina"
    assert len(again.findChildren(QFrame, "both.institution")) == 1
    assert "999" in text_of(again, "phone")
    again._dirty = False
    again._done = True
    again.close()
