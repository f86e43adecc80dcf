"""“Cetak semua kuitansi hari ini” at the treasurer's window, on the real database and into a queue of CUPS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtWidgets import QPushButton
from sqlalchemy import make_url, text

from desk.rules.case import Money
from desk.services.case_file import case_view
from desk.ui.desk_list import DAY
from desk.ui.entering import enter
from desk.ui.main_window import MainWindow
from desk.ui.printing import PrintDialog
from desk.ui.workstation import Workstation
from tests.office import JAMBI, Office, Ref
from tests.printing.cups import PrintServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from desk.ui.day_page import DayPage

pytestmark = pytest.mark.component("cups")


@pytest.fixture
def sit_down(
    qapp: QApplication, office: Office, loket: PrintServer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Any]]:
    """Lets somebody of the office sit down at a workstation with the printer Loket and no other."""
    monkeypatch.setattr("desk.ui.printing.pdf_printers", {})
    stations: list[Workstation] = []
    with office.owner() as owner:  # the NIP stands on the kuitansi
        owner.execute(text("UPDATE desk.person SET nip = '199001012012122001'"))

    def open_for(name: str) -> DayPage:
        person = office.as_(name)
        entered = enter(make_url(office.database_url(person.login, person.password)))
        station = Workstation(
            entered.link,
            entered.actor,
            entered.offices,
            now=entered.now,
            clock=entered.clock,
            paper_shop=entered.paper_shop,
        )
        stations.append(station)
        window = MainWindow(station)
        qtbot.addWidget(window)
        window.show()
        with qtbot.waitSignal(station.live.changed):
            station.start()
        place = window.findChild(QPushButton, "place.day")
        assert place is not None
        place.click()
        return cast("DayPage", window.places[DAY])

    yield open_for
    for station in stations:
        station.close()


def print_all(qtbot: QtBot, page: DayPage) -> PrintDialog:
    qtbot.waitUntil(page.print_button.isEnabled)  # the run before has ended
    page.print_button.click()
    dialog = page.findChildren(PrintDialog)[-1]
    assert dialog.printer.currentText() == "Loket"
    assert dialog.printer.count() == 1, "a PDF file is no original"
    dialog.go.click()
    return dialog


def words(page: DayPage) -> list[str]:
    return [column.text(row) for row in page.list.table.rows for column in page.list.table.columns[3:4]]


def story(office: Office, case: Ref) -> list[str]:
    with office.as_("budi").session() as session:
        told = [entry.sentence for entry in case_view(session, case.office_id, case.id).story]
    return sorted(sentence for sentence in told if "etak" in sentence)  # the clock stands still


def test_all_kuitansi_of_the_day_come_out_of_the_printer_once(
    office: Office, sit_down: Callable[[str], Any], loket: PrintServer, qtbot: QtBot
) -> None:
    cases = [office.case_at(money=Money.RECEIPTED) for _ in range(2)]
    void = office.case_at(money=Money.RECEIPTED)
    office.as_("budi").do("void_receipt", void)
    before = len(loket.sheets("Loket", 0))
    page: DayPage = sit_down("budi")
    qtbot.waitUntil(lambda: len(page.list.table.rows) == 3)
    assert page.print_button.text() == "Cetak semua kuitansi (2)"
    assert words(page) == ["Belum dicetak", "Belum dicetak", "Dibatalkan"]
    print_all(qtbot, page)
    qtbot.waitUntil(lambda: words(page) == ["ASLI 09.00", "ASLI 09.00", "Dibatalkan"], timeout=30_000)
    assert page.print_button.text() == "Semua kuitansi sudah tercetak"
    assert not page.print_button.isEnabled()
    assert len(loket.sheets("Loket", before + 2)) == before + 2
    number = office.facts(cases[0]).payment.receipt_number
    assert story(office, cases[0]) == [f"Kuitansi {number} dicetak di Loket: ASLI, 1 halaman."]
    assert page._workstation.printers.of("receipt").printer == "Loket"


def test_what_did_not_come_out_stays_with_its_reason_and_comes_out_later_as_asli(
    office: Office, sit_down: Callable[[str], Any], loket: PrintServer, qtbot: QtBot
) -> None:
    case = office.case_at(money=Money.RECEIPTED)
    page: DayPage = sit_down("budi")
    qtbot.waitUntil(lambda: words(page) == ["Belum dicetak"])
    loket.refuse("Loket")
    try:
        print_all(qtbot, page)
        qtbot.waitUntil(lambda: words(page) == ["Gagal"], timeout=30_000)
    finally:
        loket.accept("Loket")
    row = page.list.table.rows[0]
    assert page.list.table.columns[4].text(row).startswith("Pencetak Loket sedang tidak menerima cetakan")
    assert page.print_button.text() == "Cetak semua kuitansi (1)"
    print_all(qtbot, page)
    qtbot.waitUntil(lambda: words(page) == ["ASLI 09.00"], timeout=30_000)
    number = office.facts(case).payment.receipt_number
    assert story(office, case) == [
        f"Cetakan Kuitansi {number} di Loket (ASLI) tidak keluar.",
        f"Kuitansi {number} dicetak di Loket: ASLI, 1 halaman.",
        f"Kuitansi {number} dicetak di Loket: ASLI, 1 halaman.",
    ]


def test_a_run_can_be_stopped_and_what_was_not_printed_waits(
    office: Office, sit_down: Callable[[str], Any], qtbot: QtBot
) -> None:
    for _ in range(4):
        office.case_at(money=Money.RECEIPTED)
    page: DayPage = sit_down("budi")
    qtbot.waitUntil(lambda: len(page.waiting) == 4)
    print_all(qtbot, page)
    qtbot.waitUntil(lambda: page.bar.value() >= 1, timeout=30_000)
    page.stop.click()
    qtbot.waitUntil(lambda: page._run is None and 1 <= len(page.waiting) <= 3, timeout=30_000)
    assert page.print_button.isEnabled()


def test_an_auditor_sees_the_day_and_prints_nothing(
    office: Office, sit_down: Callable[[str], Any], qtbot: QtBot
) -> None:
    office.case_at(money=Money.RECEIPTED, office_id=JAMBI)
    page: DayPage = sit_down("wati")  # two offices; the first one is shown
    qtbot.waitUntil(lambda: words(page) == ["Belum dicetak"])
    assert not page.print_button.isVisible()
