"""The supervisor's page: late and why, load, requests decided on it, pictures with their figures, the report."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtWidgets import QPushButton
from python_calamine import CalamineWorkbook

from desk.adapters.word import text_of
from desk.rules.case import Data, Money, Original
from desk.ui.desk_list import OVERSIGHT
from desk.ui.forms import FormDialog
from desk.ui.oversight_page import LATE, LOAD, PICTURES, REPORT, REQUESTS, OversightPage
from desk.ui.pictures import Picture
from tests import inputs
from tests.office import MORNING, Office

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow

SLOW = 60_000


def opened(qtbot: QtBot, window: MainWindow) -> OversightPage:
    window.desks.choose(OVERSIGHT)
    page = cast("OversightPage", window.places[OVERSIGHT])
    qtbot.waitUntil(lambda: page.found is not None, timeout=SLOW)
    return page


def test_the_supervisor_sees_what_is_late_who_has_what_and_decides_a_request(
    qtbot: QtBot, office: Office, sit_down: Callable[[str], MainWindow], tmp_path: Path
) -> None:
    rina = office.as_("rina")
    late = office.case_at(money=Money.RECEIPTED, original=Original.FILED, data=Data.CORRECTING)
    asking = office.clear_case()
    rina.do("request_relief", asking, inputs.relief(office.facts(asking).today))
    office.set_clock(MORNING + timedelta(days=9))
    rina.do("claim_case", late)
    window = sit_down("hendra")
    page = opened(qtbot, window)
    assert page.found is not None
    assert [(row.id, row.days, row.holder) for row in page.found.late] == [(late.id, 2, "Rina Umpama")]
    load = {row.name: row for row in page.found.load}
    assert (load["Rina Umpama"].held, load["Rina Umpama"].held_late, load["Maya Khayal"].held) == (1, 1, 0)
    page.show_tab(LATE)
    page.save_to(tmp_path / "lewat.xlsx")
    qtbot.waitUntil((tmp_path / "lewat.xlsx").exists, timeout=SLOW)
    page.show_tab(LOAD)
    page.save_to(tmp_path / "beban.xlsx")
    qtbot.waitUntil((tmp_path / "beban.xlsx").exists, timeout=SLOW)
    cells: list[list[Any]] = CalamineWorkbook.from_path(tmp_path / "lewat.xlsx").get_sheet_by_index(0).to_python()
    assert next(row for row in cells if row[0] == office.facts(late).number)[2:4] == [date(2026, 11, 30), 2.0]

    page.show_tab(REQUESTS)
    qtbot.waitUntil(lambda: page.requests.select_key(asking.id), timeout=SLOW)
    button = page.findChild(QPushButton, "oversight.approve")
    assert isinstance(button, QPushButton)
    assert button.isVisible()
    button.click()

    def form() -> FormDialog | None:
        return window.findChild(FormDialog, "form.approve_relief")

    qtbot.waitUntil(lambda: (shown := form()) is not None and bool(shown.fields), timeout=SLOW)
    shown = form()
    assert shown is not None
    shown.fields["reason"].set_value("Penelitian mahasiswa, surat lengkap.")
    shown.submit()
    qtbot.waitUntil(lambda: not page.found or not page.found.requests, timeout=SLOW)
    relief = office.facts(asking).relief
    assert relief is not None
    assert relief.approved is True


def test_figures_are_pictures_with_a_table_beside_and_a_month_is_a_signed_report(
    qtbot: QtBot, office: Office, sit_down: Callable[[str], MainWindow], tmp_path: Path
) -> None:
    office.case_at(money=Money.RECEIPTED, original=Original.FILED, data=Data.CORRECTING)
    office.case_at(original=Original.REFUSED)
    window = sit_down("hendra")
    page = opened(qtbot, window)
    page.show_tab(PICTURES)
    qtbot.waitUntil(lambda: bool(page.trends.shown), timeout=SLOW)
    requests, steps, reasons, money = page.trends.shown
    assert requests.values["surel"][-1] == 2
    assert len(requests.names) == 12
    assert "Data disiapkan dan diperiksa" in steps.names
    assert {kind for _, kind, _, _ in reasons.lines} == {"naskah dikembalikan", "perbaikan"}
    assert money.lines[0][1] == "1 kuitansi"
    (first, *_) = page.trends.findChildren(Picture)
    assert (first.accessibleName(), "surel 2" in first.accessibleDescription()) == (requests.title, True)
    page.save_to(tmp_path / "angka.xlsx")
    qtbot.waitUntil((tmp_path / "angka.xlsx").exists, timeout=SLOW)

    page.show_tab(REPORT)
    qtbot.waitUntil(lambda: page.report.figures is not None, timeout=SLOW)
    assert page.report.month == date(2026, 10, 1)  # the last month that is over
    page.report.turn(1)
    qtbot.waitUntil(lambda: page.report.figures is not None and page.report.figures.registered == 2, timeout=SLOW)
    page.report.turn(1)  # December has not begun
    assert page.report.month == date(2026, 11, 1)
    for ending in ("docx", "pdf", "xlsx"):
        page.report.save_to(tmp_path / f"laporan.{ending}")
        qtbot.waitUntil((tmp_path / f"laporan.{ending}").exists, timeout=SLOW)
    words = text_of((tmp_path / "laporan.docx").read_bytes())
    head = office.rows("SELECT profile#>>'{head,name}' AS name FROM desk.office WHERE id = 1600")[0]["name"]
    for said in (
        "Bulan November 2026",
        "Layanan, 10 hari kerja sejak clear",
        "1 dari 1 (100%)",
        "tidak bermaterai",
        head,
    ):
        assert said in words, said
    assert (tmp_path / "laporan.pdf").read_bytes().startswith(b"%PDF")
