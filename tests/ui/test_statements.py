"""The treasurer's statement window: files are understood before they come in; refused ones say why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from sqlalchemy import make_url

from desk.ui.desk_list import STATEMENTS
from desk.ui.entering import enter
from desk.ui.main_window import MainWindow
from desk.ui.statement_import import StatementImport
from desk.ui.statement_profile import ProfileForm
from desk.ui.statements import StatementPage
from desk.ui.workstation import Workstation
from tests.office import Office
from tests.statements.samples import STATEMENTS as SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("themed")
BRI = SAMPLES / "bri_cms_2026-10.csv"


@pytest.fixture
def sit_down(themed: QApplication, office: Office, qtbot: QtBot) -> Iterator[Callable[[str], MainWindow]]:
    """Lets somebody of the office sit down at a workstation."""
    stations: list[Workstation] = []

    def open_for(name: str) -> MainWindow:
        person = office.as_(name)
        entered = enter(make_url(office.database_url(person.login, person.password)))
        station = Workstation(entered.link, entered.actor, entered.offices, now=entered.now, clock=entered.clock)
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


def page_of(qtbot: QtBot, window: MainWindow) -> StatementPage:
    window.desks.choose(STATEMENTS)
    page = window.places[STATEMENTS]
    assert isinstance(page, StatementPage)
    qtbot.waitUntil(lambda: page._empties[1].text() != "Sedang membaca …")
    return page


def bring(qtbot: QtBot, page: StatementPage, *paths: Path) -> StatementImport:
    page.take_files(paths)
    dialog = page.window().findChildren(StatementImport)[-1]
    qtbot.waitUntil(lambda: not dialog.bar.isVisible())
    return dialog


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def test_the_treasurer_sees_what_a_file_is_before_it_comes_in(
    sit_down: Callable[[str], MainWindow], qtbot: QtBot, office: Office
) -> None:
    window = sit_down("budi")
    page = page_of(qtbot, window)
    dialog = bring(qtbot, page, BRI)
    seen = words(dialog)
    for part in ("BRI", "009901000123304", "1 Okt 2026", "(cocok)", "baru, 0 sudah ada"):
        assert part in seen, part
    with qtbot.waitSignal(page.said) as said:
        dialog.go.click()
    assert "mutasi diimpor dari bri_cms_2026-10.csv" in said.args[0]
    qtbot.waitUntil(lambda: len(page.model.rows) > 10)
    assert office.rows("SELECT count(*) AS n FROM desk.statement_line")[0]["n"] == len(page.model.rows)

    again = bring(qtbot, page, BRI)
    assert "sudah diimpor; tidak ada yang perlu dikerjakan" in again.said.text()
    assert not again.go.isVisible()
    again.reject()


def test_an_account_nobody_knows_is_not_imported_unseen(
    sit_down: Callable[[str], MainWindow], qtbot: QtBot, office: Office
) -> None:
    page = page_of(qtbot, sit_down("budi"))
    dialog = bring(qtbot, page, SAMPLES / "mandiri_mcm_2026-10.csv")
    assert not dialog.go.isEnabled()
    assert "belum pernah diimpor" in dialog.notices.text()
    dialog.own.setChecked(True)
    with qtbot.waitSignal(page.said):
        dialog.go.click()
    assert len(office.rows("SELECT FROM desk.bank_account")) == 1


def test_a_refused_file_says_why_and_the_next_one_comes_in(
    sit_down: Callable[[str], MainWindow], qtbot: QtBot, office: Office, tmp_path: Path
) -> None:
    page = page_of(qtbot, sit_down("budi"))
    cut = tmp_path / "potong.csv"
    cut.write_bytes(BRI.read_bytes()[:2500])
    dialog = bring(qtbot, page, cut, BRI)
    assert "Tidak ada yang diimpor" in dialog.said.text()
    assert not dialog.go.isVisible()
    dialog.skip.click()
    qtbot.waitUntil(lambda: dialog.go.isVisible())
    assert BRI.name in dialog.heading.text()
    assert office.rows("SELECT count(*) AS n FROM desk.statement_line")[0]["n"] == 0
    dialog.reject()


def test_an_unknown_layout_is_described_once_and_known_from_then_on(
    sit_down: Callable[[str], MainWindow], qtbot: QtBot, office: Office, tmp_path: Path
) -> None:
    table = tmp_path / "bank_daerah.csv"
    table.write_text(
        "Waktu Posting#Catatan#Uang Keluar#Uang Masuk\n".replace("#", ";")
        + "01/10/2026;SETORAN ANI REKAAN INV-1600-26-0001;;70.000,00\n"
        + "02/10/2026;BIAYA ADMIN;5.000,00;\n",
        "utf-8",
    )
    page = page_of(qtbot, sit_down("budi"))
    dialog = bring(qtbot, page, table)
    assert "belum dikenal" in dialog.said.text()
    qtbot.waitUntil(lambda: dialog.describe.isVisible())
    dialog.describe.click()
    form = dialog.findChild(ProfileForm)
    assert form is not None
    form.bank.setText("Bank Daerah Contoh")
    form.name.setText("Bank Daerah CSV")
    for role, column in (
        ("date", "Waktu Posting"),
        ("text", "Catatan"),
        ("debit", "Uang Keluar"),
        ("credit", "Uang Masuk"),
    ):
        form.roles[role].setCurrentText(column)
    qtbot.waitUntil(lambda: form.save.isEnabled())
    assert "1 Okt 2026   Rp70.000   SETORAN ANI REKAAN" in form.verdict.text()
    form.save.click()
    qtbot.waitUntil(lambda: dialog.go.isVisible())
    assert dialog.account.isVisible(), "the file names no account; the office has one, the treasurer sees which"
    dialog.reject()

    dialog = bring(qtbot, page, table)
    assert "Bank Daerah CSV" in words(dialog), "known without being asked again"
    dialog.reject()


def test_an_officer_reads_the_movements_and_imports_nothing(
    sit_down: Callable[[str], MainWindow], qtbot: QtBot, office: Office
) -> None:
    window = sit_down("rina")
    page = page_of(qtbot, window)
    assert not page.bring.isVisible()
    page.take_files([BRI])
    assert window.findChild(StatementImport) is None


def test_who_has_nothing_to_do_with_money_does_not_find_the_page(
    sit_down: Callable[[str], MainWindow], office: Office
) -> None:
    assert sit_down("tono").findChild(QPushButton, STATEMENTS.name) is None
