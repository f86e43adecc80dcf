"""Map & pinjaman: overdue loans first, binders with labels, and a stock-take by scanning, on the real database."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from desk.rules.case import Original
from desk.rules.codes import BinderCode, PaperCode, binder_code, encode, encode_binder
from desk.rules.inputs import FilingPlace, Loan
from desk.rules.papers import PaperKind
from desk.rules.stocktake import Finding
from desk.services import stocktake
from desk.services.case_file import case_view
from desk.services.search import search
from desk.ui import message
from desk.ui.custody_page import CustodyPage
from desk.ui.desk_list import CUSTODY
from desk.ui.forms import opening
from desk.ui.stocktake_panel import StocktakePanel
from tests.office import PALEMBANG, Office, Ref

if TYPE_CHECKING:
    from pathlib import Path

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


def scan(page: CustodyPage, typed: str) -> None:
    QTest.keyClicks(page.box, typed)
    QTest.keyClick(page.box, Qt.Key.Key_Return)


def test_the_label_of_a_binder_opens_it_and_says_who_holds_what(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot
) -> None:
    here, lent = filed(office, "Map A"), filed(office, "Map A")
    filed(office, "Map B")
    rina = office.as_("rina")
    rina.do("lend_original", lent, Loan(borrower="Tim Hukum", due_on=office.facts(lent).today))
    window = sit_down("rina")
    page = page_of(window, qtbot)
    assert page.box.hasFocus()
    [row] = [row for row in page.binders.table.rows if row.name == "Map A"]
    label = encode_binder(BinderCode(row.office_code, row.year, row.sequence))
    scan(page, label.lower())
    qtbot.waitUntil(lambda: len(page.binder.papers.table.rows) == 2, timeout=LONG)
    assert page.binder.title.text() == "Map Map A"
    assert page.binder.count.text() == "2 dari 100 lembar, 1 dipinjam"
    assert [(each.sheet, each.borrower) for each in page.binder.papers.table.rows] == [(1, ""), (2, "Tim Hukum")]
    with qtbot.waitSignal(page.case_wanted, timeout=LONG) as opened:
        page.binder.papers.row_opened.emit(page.binder.papers.table.rows[0])
    assert opened.args == [PALEMBANG, here.id]
    with rina.session() as session:
        hits = search(session, [PALEMBANG], label)
    assert [hit.detail for hit in hits] == ["Map A, lembar 1, di map", "Map A, lembar 2, dipegang Tim Hukum"]

    window._on_place(CUSTODY)
    page.binder.closed.emit()
    scan(page, "BPS1.MAP.1600.2026.000001.1.1.ZZ")
    answer = page.findChild(QLabel, "custody_answer")
    assert answer is not None
    qtbot.waitUntil(lambda: "salah ketik atau rusak" in answer.text(), timeout=LONG)
    with qtbot.waitSignal(page.case_wanted, timeout=LONG) as opened:
        scan(page, code(office, lent))
    assert opened.args == [PALEMBANG, lent.id]


def test_a_stock_take_under_way_survives_a_crash(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(opening, "drafts_folder", lambda **_: tmp_path)
    monkeypatch.setattr(message, "confirm", lambda *_: True)
    first, second = filed(office, "Map A"), filed(office, "Map A")

    def begun() -> StocktakePanel:
        page = page_of(sit_down("rina"), qtbot)
        page.binders.select_key(page.binders.table.rows[0].id)
        page.take_stock()
        return page.stocktake

    panel = begun()
    panel.take(code(office, first))
    panel.take("JNE0099")
    qtbot.waitUntil(lambda: len(panel.list.table.rows) == 2, timeout=LONG)
    [kept] = _drafts(qtbot, tmp_path, scans=2)

    again = begun()  # another window of the same person, as after a crash
    qtbot.waitUntil(lambda: len(again.list.table.rows) == 2, timeout=LONG)
    assert "Dilanjutkan: 2 naskah sudah dipindai" in again.answer.text()
    again.take(code(office, second))
    qtbot.waitUntil(lambda: again.count.text() == "2 dari 2 naskah dipindai", timeout=LONG)
    again.finish.click()
    qtbot.waitUntil(lambda: again.result is not None, timeout=LONG)
    assert again.result is not None
    assert again.result.id == UUID(kept["request_id"]), "the key of the draft: written down once only"
    qtbot.waitUntil(lambda: not list(tmp_path.glob("*.json")), timeout=LONG)

    anew = begun()
    anew.take("JNE0099")
    _drafts(qtbot, tmp_path, scans=1)
    anew.drop.click()
    qtbot.waitUntil(lambda: not list(tmp_path.glob("*.json")), timeout=LONG)
    assert not anew.list.table.rows


def _drafts(qtbot: QtBot, folder: Path, *, scans: int) -> list[dict[str, Any]]:
    """What lies in the folder, once so many scans have been written there."""

    def read() -> list[dict[str, Any]]:
        return [json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")]

    qtbot.waitUntil(lambda: [len(each["fields"]["scans"]) for each in read()] == [scans], timeout=LONG)
    return read()
