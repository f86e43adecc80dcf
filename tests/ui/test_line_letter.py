"""From the list of money that nobody claims to the pages of the letter that asks whose it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from sqlalchemy import text

from desk.ui.desk_list import STATEMENTS
from desk.ui.line_letter import LetterForm, LetterWindow
from desk.ui.statements import StatementPage
from tests.office import Office
from tests.statements.bank import bank_file, bring

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow

pytestmark = pytest.mark.usefixtures("themed")
LONG = 30_000


@pytest.fixture
def money(office: Office, tmp_path: Path) -> None:
    """A credit that says nothing, and a treasurer whose NIP stands on letters."""
    with office.owner() as owner:
        owner.execute(text("UPDATE desk.person SET nip = '199001012012122001'"))
    bring(office, bank_file(tmp_path / "m.csv", [(date(2026, 11, 23), 350_000, "SETORAN TUNAI")]))


def page_of(qtbot: QtBot, window: MainWindow) -> StatementPage:
    window.desks.choose(STATEMENTS)
    page = window.places[STATEMENTS]
    assert isinstance(page, StatementPage)
    qtbot.waitUntil(lambda: page.free.current_row() is not None, timeout=LONG)
    return page


def words(page: StatementPage) -> str:
    return "\n".join(label.text() for label in page.match.findChildren(QLabel) if label.isVisible())


@pytest.mark.usefixtures("money")
def test_the_treasurer_asks_whose_money_it_is_and_prints_the_letter(
    sit_down: Callable[[str], MainWindow], qtbot: QtBot, office: Office
) -> None:
    window = sit_down("budi")
    page = page_of(qtbot, window)
    page.match.ask.click()
    form = window.findChild(LetterForm)
    assert form is not None
    assert form.fields["name"].answer() == "Pimpinan BRI"
    form.fields["note"].set_value("Mohon salinan slip setoran.")
    form.send.click()
    qtbot.waitUntil(lambda: window.findChild(LetterWindow) is not None, timeout=LONG)
    shown = window.findChild(LetterWindow)
    assert shown is not None
    qtbot.waitUntil(lambda: shown.preview.pages == 1, timeout=LONG)
    assert shown.preview.printing.isEnabled()
    assert office.rows("SELECT paper, case_id FROM desk.document WHERE content_type = 'application/pdf'") == [
        {"paper": "money_unknown", "case_id": None}
    ]
    qtbot.waitUntil(lambda: "Surat UB-001/" in words(page), timeout=LONG)
    assert "kepada Pimpinan BRI, 23 Nov 2026 oleh Budi Contoh" in words(page)
    shown.reject()


@pytest.mark.usefixtures("money")
def test_an_officer_sees_the_money_and_writes_no_letter(sit_down: Callable[[str], MainWindow], qtbot: QtBot) -> None:
    page = page_of(qtbot, sit_down("rina"))
    assert "Bendahara yang memastikan uang ini." in words(page)
    ask = page.match.findChild(QPushButton, "match.ask")
    assert ask is not None
    assert not ask.isVisible()
