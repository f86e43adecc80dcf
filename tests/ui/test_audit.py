"""The auditor's window on the real database: what she reads, narrows, and takes along as an Excel file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QPushButton
from python_calamine import CalamineWorkbook
from sqlalchemy import make_url

from desk.rules.case import Money
from desk.services import documents
from desk.ui.audit import AuditPage
from desk.ui.audit_filter import Story
from desk.ui.audit_list import AuditList
from desk.ui.main_window import MainWindow
from desk.ui.workstation import Workstation, enter
from tests.audit.test_story import id_card
from tests.office import PALEMBANG, Office

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("themed")


@pytest.fixture
def sit_down(themed: QApplication, office: Office, qtbot: QtBot) -> Iterator[Callable[[str], MainWindow]]:
    """Lets somebody sit down at a workstation."""
    stations: list[Workstation] = []

    def open_for(name: str) -> MainWindow:
        person = office.as_(name)
        entered = enter(make_url(office.database_url(person.login, person.password)))
        station = Workstation(
            entered.link, entered.actor, entered.offices, now=entered.now, clock=entered.clock,
            paper_shop=entered.paper_shop,
        )  # fmt: skip
        stations.append(station)
        window = MainWindow(station)
        qtbot.addWidget(window)
        window.show()
        with qtbot.waitSignal(station.live.changed):
            station.start()
        return window

    yield open_for
    for station in stations:
        station.close()


def audit_page(window: MainWindow) -> AuditPage:
    return next(page for page in window.places.values() if isinstance(page, AuditPage))


def story(qtbot: QtBot, page: AuditPage, wanted: Story) -> AuditList:
    """One of the stories of Palembang, read."""
    page.show_story(wanted)
    shown = page.lists[wanted]
    shown.filter.office.set_value(PALEMBANG)
    qtbot.waitUntil(lambda: bool(rows(shown)) and rows(shown)[0].office_id in (0, PALEMBANG))
    return shown


def rows(shown: AuditList) -> tuple[Any, ...]:
    return shown.list.table.rows


def test_who_only_audits_comes_to_the_stories_and_reads_one_case(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot
) -> None:
    case = office.case_at(money=Money.RECEIPTED)
    office.new_case()
    window = sit_down("wati")
    shown = story(qtbot, audit_page(window), Story.CASE)
    shown.filter.case.edit.setText(office.facts(case).number)
    shown.filter.case.edit.returnPressed.emit()
    qtbot.waitUntil(
        lambda: {row.case_number for row in rows(shown) if row.table == "event"} == {case_number(office, case)}
    )
    said = [shown.list.table.columns[2].text(row) for row in rows(shown)]
    assert any("Kuitansi" in words and "terbit" in words for words in said)
    shown.filter.case.edit.setText("PST-1600-2026-999999")
    shown.filter.case.edit.returnPressed.emit()
    qtbot.waitUntil(lambda: "tidak ditemukan di kantor 1600" in shown._empty.text())
    assert rows(shown) == ()
    assert not shown.export.isEnabled()


def case_number(office: Office, case: Any) -> str:
    return office.facts(case).number


def test_days_that_cannot_be_read_are_said_and_change_nothing(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot
) -> None:
    office.new_case()
    shown = story(qtbot, audit_page(sit_down("wati")), Story.CASE)
    before = rows(shown)
    shown.filter.since.edit.setText("31/02/2026")
    shown.filter.since.edit.returnPressed.emit()
    assert "tidak ada" in shown.filter.since.under.text()
    assert rows(shown) == before
    shown.filter.since.edit.setText("1/1/2090")
    shown.filter.since.edit.returnPressed.emit()
    qtbot.waitUntil(lambda: rows(shown) == ())


def test_a_story_becomes_an_excel_file_with_all_its_entries(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    office.case_at(money=Money.RECEIPTED)
    page = audit_page(sit_down("wati"))
    shown = story(qtbot, page, Story.PERSON)
    shown.filter.person.set_value(office.as_("rina").login)
    qtbot.waitUntil(lambda: bool(rows(shown)) and {row.name for row in rows(shown)} == {"Rina Umpama"})
    path = tmp_path / "rina.xlsx"
    with qtbot.waitSignal(page.said, timeout=10_000) as said:
        shown.save_to(path)
    written = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert said.args == [f"{len(written) - 1} catatan disimpan di rina.xlsx."]
    assert len(written) - 1 == len(rows(shown))
    assert written[0][:3] == ["Waktu", "Siapa", "Nama pengguna"]
    assert {row[1] for row in written[1:]} == {"Rina Umpama"}
    assert hasattr(written[1][0], "year")


def test_who_opened_an_identity_card_is_listed_with_the_reason(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    case = office.new_case()
    card = id_card(office, case)
    with office.as_("rina").session() as session:
        documents.content(session, PALEMBANG, card, reason="=Memeriksa nama")
    page = audit_page(sit_down("wati"))
    shown = story(qtbot, page, Story.CARD)
    (row,) = rows(shown)
    assert (row.name, row.reason, row.customer) == ("Rina Umpama", "=Memeriksa nama", office.facts(case).customer_name)
    with qtbot.waitSignal(page.said, timeout=10_000):
        shown.save_to(tmp_path / "kartu.xlsx")
    written = CalamineWorkbook.from_path(str(tmp_path / "kartu.xlsx")).get_sheet_by_index(0).to_python()
    assert written[1][6] == "=Memeriksa nama"


@pytest.mark.parametrize(("name", "there"), [("rina", False), ("budi", False), ("tono", False), ("wati", True)])
def test_the_place_is_there_for_auditors_only(sit_down: Callable[[str], MainWindow], name: str, there: bool) -> None:
    assert (sit_down(name).findChild(QPushButton, "place.audit") is not None) is there
