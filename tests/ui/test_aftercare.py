"""What is left after delivery, at the window: results owed to BPS, and corrections with their causes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QPushButton

from desk.rules.case import Data, Money, Original
from desk.rules.inputs import SentBy
from desk.ui.aftercare import AftercarePage
from desk.ui.desk_list import AFTERCARE
from tests import inputs
from tests.office import Office

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow

PATIENCE = 20_000


def test_owed_results_and_causes_of_corrections_stand_in_a_list(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot
) -> None:
    case = office.case_at(money=Money.RECEIPTED, original=Original.FILED, data=Data.DELIVERED)
    rina = office.as_("rina")
    line = office.facts(case).lines[0]
    rina.do("open_correction", case, inputs.correction(office.facts(case), wrong="Umur kosong", line_id=line.id))
    office.set_clock(datetime(2027, 12, 1, 2, tzinfo=UTC))
    rina.do("remind_results", case, SentBy(text="Mohon kirim hasilnya."))

    window = sit_down("rina")
    place = window.findChild(QPushButton, "place.aftercare")
    assert place is not None
    place.click()
    page = cast("AftercarePage", window.places[AFTERCARE])
    qtbot.waitUntil(lambda: bool(page.results.table.rows), timeout=PATIENCE)
    (owed,) = page.results.table.rows
    cells = [column.words(owed) for column in page.results.table.columns]
    assert cells[0] == "lewat 8 hari, 23 Nov 2027"
    assert cells[-1] == "diingatkan, 1 Des 2027"
    assert page.about.text().startswith("1 ditunggu, 1 lewat.")

    page.years.addItem("2026")
    page.which.setCurrentIndex(1)
    page.years.setCurrentText("2026")
    qtbot.waitUntil(lambda: bool(page.corrections.table.rows), timeout=PATIENCE)
    assert "Sebab: kesalahan penyiapan 1. Produk: Data mikro tanpa proses data 1." in page.about.text()
    page.corrections.select_key(page.corrections.table.rows[0].id)
    with qtbot.waitSignal(page.case_wanted, timeout=PATIENCE):
        page.corrections.row_opened.emit(page.corrections.current_row())
