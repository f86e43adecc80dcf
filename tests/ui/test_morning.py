"""The morning sheet: what is late, due and to be asked again, on the screen and as one page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QLabel, QPushButton

from desk.rules.case import Data, Money, Original
from desk.rules.inputs import Loan
from desk.rules.morning import MorningPart
from desk.ui.desk_list import MORNING
from desk.ui.morning_page import MorningPage
from tests.office import MORNING as MONDAY
from tests.office import Office

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow


def test_the_sheet_tells_each_person_what_the_day_asks_for(
    qtbot: QtBot, office: Office, sit_down: Callable[[str], MainWindow], tmp_path: Path
) -> None:
    rina, fajar, _budi, _hendra = office.team()
    late = office.case_at(money=Money.RECEIPTED, original=Original.FILED, data=Data.CORRECTING)
    asked = office.case_at(data=Data.CHECKED)
    held = office.new_case()
    fajar.do("claim_case", held)
    office.set_clock(MONDAY + timedelta(days=8))  # the correction was due on Monday, a week after it was asked for
    mine = office.new_case()
    rina.do("claim_case", mine)
    window = sit_down("rina")
    window.desks.choose(MORNING)
    page = cast("MorningPage", window.places[MORNING])
    qtbot.waitUntil(lambda: page.sheet is not None, timeout=20_000)
    assert page.sheet is not None
    stands = {row.id: row.part for row in page.sheet.rows}
    assert stands == {late.id: MorningPart.LATE, asked.id: MorningPart.REMIND, mine.id: MorningPart.MINE}
    assert page.summary.text() == "1 lewat · 1 pengingat · 1 dipegang saya"
    assert [row.why for row in page.sheet.of(MorningPart.REMIND)] == ["Ingatkan ke-1: bukti bayar dan naskah asli"]
    page.save_to(tmp_path / "lembar.pdf")
    qtbot.waitUntil(lambda: (tmp_path / "lembar.pdf").exists(), timeout=60_000)
    assert (tmp_path / "lembar.pdf").read_bytes().startswith(b"%PDF")
    page.save_to(tmp_path / "lembar.docx")
    qtbot.waitUntil(lambda: (tmp_path / "lembar.docx").exists(), timeout=60_000)
    from desk.adapters.word import text_of

    words = text_of((tmp_path / "lembar.docx").read_bytes())
    assert office.facts(late).number in words
    assert "Lewat jatuh tempo (1)" in words
    page.list.row_opened.emit(page.sheet.rows[0])
    qtbot.waitUntil(lambda: window.case.facts is not None and window.case.facts.id == late.id, timeout=20_000)


def test_the_window_tells_of_the_sheet_once_when_the_office_opens_and_names_lent_originals(
    qtbot: QtBot, office: Office, sit_down: Callable[[str], MainWindow]
) -> None:
    closed = office.case_at(money=Money.FREE, original=Original.FILED, data=Data.CONFIRMED)
    rina = office.as_("rina")
    rina.do("close_case", closed)
    rina.do("lend_original", closed, Loan(borrower="Tim Hukum", due_on=date(2026, 11, 24)))
    office.set_clock(MONDAY - timedelta(hours=2))  # 07.00: the office opens at half past seven
    early = sit_down("rina")
    assert said_in(early) == ""
    office.set_clock(MONDAY + timedelta(days=2))
    window = sit_down("rina")
    qtbot.waitUntil(lambda: said_in(window) == "\u2713 Lembar pagi hari ini: 1 pinjaman", timeout=20_000)
    window.findChild(QLabel, "said").parent().findChild(QPushButton).click()  # type: ignore[union-attr]
    page = cast("MorningPage", window.places[MORNING])
    qtbot.waitUntil(lambda: page.sheet is not None, timeout=20_000)
    assert page.sheet is not None
    [loan] = page.sheet.rows
    assert (loan.part, loan.id, loan.holder) == (MorningPart.LOAN, closed.id, "Tim Hukum")
    assert loan.why.endswith("harus kembali ke map SPPD 2026, lembar 1")
    assert page.list.table.data(page.list.table.index(0, 1)) == "lewat 1 hari, pinjaman"


def said_in(window: MainWindow) -> str:
    """The quiet line of the window."""
    line = window.findChild(QLabel, "said")
    assert isinstance(line, QLabel)
    return line.text()
