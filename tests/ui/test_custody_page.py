"""Map & pinjaman: overdue loans first, binders with labels, and a stock-take by scanning, on the real database."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desk.rules.case import Original
from desk.rules.codes import BinderCode, PaperCode, binder_code, encode, encode_binder
from desk.rules.inputs import FilingPlace, Loan
from desk.rules.papers import PaperKind
from desk.rules.stocktake import Finding
from desk.services import stocktake
from desk.services.case_file import case_view
from desk.ui.custody_page import CustodyPage
from desk.ui.desk_list import CUSTODY
from tests.office import PALEMBANG, Office, Ref

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow

LONG = 20_000


def code(office: Office, case: Ref) -> str:
    now = office.facts(case)
    assert now.agreement is not None
    return encode(PaperCode(PaperKind.SPPD, now.office_code, now.agreement.year, now.agreement.sequence))


def page_of(window: MainWindow, qtbot: QtBot) -> CustodyPage:
    window._on_place(CUSTODY)
    page = window.places[CUSTODY]
    assert isinstance(page, CustodyPage)
    qtbot.waitUntil(lambda: bool(page.binders.table.rows), timeout=LONG)
    return page


def filed(office: Office, binder: str) -> Ref:
    case = office.case_at(original=Original.ACCEPTED)
    office.as_("rina").do("countersign_original", case)
    office.as_("rina").do("file_original", case, FilingPlace(binder=binder))
    return case


def test_a_stock_take_finds_what_is_missing_strange_or_in_another_binder(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot
) -> None:
    here, gone, lent = (filed(office, "Map A") for _ in range(3))
    elsewhere, waiting = filed(office, "Map B"), office.case_at(original=Original.RECEIVED)
    rina = office.as_("rina")
    now = office.set_clock(office.rows("SELECT desk.now() AS now")[0]["now"])
    rina.do("lend_original", lent, Loan(borrower="Tim Hukum", due_on=office.facts(lent).today))
    office.set_clock(now + timedelta(days=2))
    window = sit_down("rina")
    page = page_of(window, qtbot)
    assert [row.days_over for row in page.loans.table.rows] == [2]
    page.binders.select_key(next(row.id for row in page.binders.table.rows if row.name == "Map A"))
    page.take_stock()
    panel = page.stocktake
    assert panel.box.hasFocus()
    for typed in (code(office, here), code(office, elsewhere), code(office, waiting), "JNE0099"):
        QTest.keyClicks(panel.box, typed)
        QTest.keyClick(panel.box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(panel.list.table.rows) == 4, timeout=LONG)
    assert panel.count.text() == "1 dari 2 naskah dipindai"
    panel.finish.click()
    qtbot.waitUntil(lambda: panel.result is not None, timeout=LONG)
    assert panel.result is not None
    found = {line.finding for line in panel.result.lines}
    assert found == {
        Finding.PRESENT,
        Finding.MISSING,
        Finding.LENT,
        Finding.WRONG_BINDER,
        Finding.EXTRA,
        Finding.UNKNOWN,
    }
    assert "1 dari 3 naskah ada di tempatnya, 4 selisih" in panel.answer.text()
    with rina.session() as session:
        again = stocktake.record_stocktake(session, PALEMBANG, panel.result.id, page.binders.table.rows[0].id, [])
        assert again == panel.result, "the same key is the same stock-take"
        template, context = stocktake.stocktake_paper(session, again)
    assert template.startswith(b"PK")
    assert len(context["baris"]) == 4  # type: ignore[arg-type]
    with rina.session() as session:
        assert "tidak ditemukan pada stok opname" in case_view(session, gone.office_id, gone.id).held
    if folder := os.environ.get("DESK_PICTURES"):  # for whoever wants to look at the page
        window.grab().save(f"{folder}/stocktake.png")
        page.stocktake.back.click()
        QTest.qWait(500)
        window.grab().save(f"{folder}/custody.png")


def test_the_label_of_a_binder_has_a_code_of_its_own() -> None:
    wanted = BinderCode("1600", 2026, 3)
    text = encode_binder(wanted)
    assert binder_code(text.lower()) == wanted
    assert binder_code(text[:-1] + ("A" if text[-1] != "A" else "B")) is None
    assert binder_code(encode(PaperCode(PaperKind.SPPD, "1600", 2026, 3))) is None


@pytest.mark.parametrize("name", ["hendra", "doni"])
def test_a_stock_take_is_of_the_own_office(office: Office, name: str) -> None:
    filed(office, "Map A")
    binder = office.rows("SELECT id FROM desk.binder")[0]["id"]
    with office.as_(name).psql() as connection:
        statement = "SELECT desk.record_stocktake(%s, gen_random_uuid(), %s, '[]')"
        if name == "hendra":
            connection.execute(statement, (PALEMBANG, binder))
        else:
            with pytest.raises(Exception, match="bukan tugas Anda"):
                connection.execute(statement, (PALEMBANG, binder))
