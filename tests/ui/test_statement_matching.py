"""The treasurer works through the money that came in: one key per movement, nothing chosen between equals."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desk.rules.case import Money
from desk.ui import message
from desk.ui.statement_apart import SetApart
from tests.office import Office, Ref
from tests.statements.bank import bank_file, bring
from tests.ui.test_statements import page_of, sit_down, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow
    from desk.ui.statements import StatementPage

__all__ = ["sit_down"]
pytestmark = pytest.mark.usefixtures("themed")
DAY = date(2026, 11, 23)


def _invoice(office: Office, case: Ref) -> tuple[int, str]:
    invoice = office.facts(case).invoice
    assert invoice is not None
    return invoice.total, invoice.payment_code


def _open(qtbot: QtBot, window: MainWindow, count: int) -> StatementPage:
    page = page_of(qtbot, window)
    qtbot.waitUntil(lambda: len(page.free_model.live_rows) == count)
    return page


def test_enter_confirms_what_is_certain_and_goes_to_the_next(
    sit_down: Callable[[str], MainWindow], qtbot: QtBot, office: Office, tmp_path: Path
) -> None:
    proved, unproved = office.case_at(money=Money.PROOF), office.case_at(money=Money.INVOICED)
    (price, code), (other_price, other_code) = _invoice(office, proved), _invoice(office, unproved)
    movements = [(DAY, price, f"TRF SARI {code}"), (DAY, other_price, f"TRF ANI {other_code}"), (DAY, 18_437, "BUNGA")]
    bring(office, bank_file(tmp_path / "mutasi.csv", movements))
    page = _open(qtbot, sit_down("budi"), 3)
    assert page.free.current_row().row.amount_sen == price * 100
    seen = words(page.match)
    assert "Usulan: pasti" in seen
    assert f"Kode {code} lengkap dalam berita. Nominal sama persis." in seen
    page.match.receipt_too.setChecked(True)
    QTest.keyClick(page.free, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: office.facts(proved).money is Money.RECEIPTED)
    qtbot.waitUntil(lambda: len(page.free_model.live_rows) == 2)
    qtbot.waitUntil(page.match.go.isEnabled, timeout=30_000)  # the kuitansi of the first one is said
    assert page.free.current_row().row.amount_sen == other_price * 100, "the next one, without a click"
    page.match.receipt_too.setChecked(False)
    QTest.keyClick(page.free, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: office.facts(unproved).money is Money.CONFIRMED, timeout=30_000)
    qtbot.waitUntil(lambda: len(page.free_model.live_rows) == 1)

    page.match.apart.click()
    form = page.window().findChild(SetApart)
    assert form is not None
    form.fields["kind"].set_value("other")
    form.fields["note"].set_value("Jasa giro November")
    form.send.click()
    qtbot.waitUntil(lambda: not page.free_model.live_rows)
    used = office.rows("SELECT kind, amount_sen FROM desk.line_use ORDER BY at, kind")
    assert sum(row["amount_sen"] for row in used) == (price + other_price + 18_437) * 100


def test_nothing_is_chosen_between_equals_until_the_treasurer_picks(
    sit_down: Callable[[str], MainWindow], qtbot: QtBot, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = office.case_at(money=Money.INVOICED), office.case_at(money=Money.INVOICED)
    price, _ = _invoice(office, one)
    _, code = _invoice(office, two)
    bring(office, bank_file(tmp_path / "mutasi.csv", [(DAY, price, "SETOR TUNAI")]))
    page = _open(qtbot, sit_down("budi"), 1)
    assert "Usulan: perlu dipilih" in words(page.match)
    assert not page.match.go.isVisible()
    told: list[str] = []
    monkeypatch.setattr(message, "show", lambda _owner, _heading, text: told.append(text))
    QTest.keyClick(page.free, Qt.Key.Key_Return)
    assert told == ["Beberapa kemungkinan; pilih sendiri yang benar."]
    monkeypatch.setattr(message, "confirm", lambda *_: True)
    pick = page.match.findChild(QPushButton, f"match.pick.{code}")
    assert pick is not None
    pick.click()
    qtbot.waitUntil(lambda: office.facts(two).money is Money.CONFIRMED)
    assert office.facts(one).money is Money.INVOICED


def test_an_officer_sees_the_money_without_an_owner_and_cannot_touch_it(
    sit_down: Callable[[str], MainWindow], qtbot: QtBot, office: Office, tmp_path: Path
) -> None:
    case = office.case_at(money=Money.INVOICED)
    price, code = _invoice(office, case)
    bring(office, bank_file(tmp_path / "mutasi.csv", [(DAY, price, f"TRF {code}")]))
    page = _open(qtbot, sit_down("rina"), 1)
    assert not page.match.go.isVisible()
    assert not page.match.apart.isVisible()
    assert "Bendahara yang memastikan" in page.match.why.text()
    QTest.keyClick(page.free, Qt.Key.Key_Return)
    assert office.facts(case).money is Money.INVOICED


def test_money_confirmed_before_the_file_came_is_tied_to_its_movement(
    sit_down: Callable[[str], MainWindow], qtbot: QtBot, office: Office, tmp_path: Path
) -> None:
    case = office.case_at(money=Money.CONFIRMED)
    price, code = _invoice(office, case)
    bring(office, bank_file(tmp_path / "mutasi.csv", [(DAY, price, f"TRF {code}")]))
    page = _open(qtbot, sit_down("budi"), 1)
    QTest.keyClick(page.free, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not page.free_model.live_rows)
    assert len(office.rows("SELECT FROM desk.payment")) == 1
    assert office.facts(case).money is Money.CONFIRMED


def test_the_outcome_is_named_in_words_and_enter_prepares_its_letter(
    sit_down: Callable[[str], MainWindow], qtbot: QtBot, office: Office, tmp_path: Path
) -> None:
    case = office.case_at(money=Money.INVOICED)
    price, code = _invoice(office, case)
    bring(office, bank_file(tmp_path / "mutasi.csv", [(DAY, price - 50_000, f"TRF {code}")]))
    page = _open(qtbot, sit_down("budi"), 1)
    assert "Kurang bayar Rp50.000" in page.match.why.text()
    assert page.match.note.isVisible()
    assert not page.match.go.isVisible()
    QTest.keyClick(page.free, Qt.Key.Key_Return)
    form = page.window().findChild(SetApart)
    assert form is not None
    form.send.click()
    qtbot.waitUntil(lambda: not page.free_model.live_rows, timeout=20_000)
    assert "kurang bayar" in office.story(case)[-1]
    assert [row["kind"] for row in office.rows("SELECT kind FROM desk.letter")] == ["money_short"]


def test_too_much_is_confirmed_and_noted_with_one_key(
    sit_down: Callable[[str], MainWindow], qtbot: QtBot, office: Office, tmp_path: Path
) -> None:
    case = office.case_at(money=Money.PROOF)
    price, code = _invoice(office, case)
    bring(office, bank_file(tmp_path / "mutasi.csv", [(DAY, price + 2_500, f"TRF {code}")]))
    page = _open(qtbot, sit_down("budi"), 1)
    assert "Lebih bayar Rp2.500" in page.match.why.text()
    assert page.match.letter_too.isVisible()
    page.match.receipt_too.setChecked(False)
    QTest.keyClick(page.free, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not page.free_model.live_rows, timeout=20_000)
    assert office.facts(case).money is Money.CONFIRMED
    assert [row["kind"] for row in office.rows("SELECT kind FROM desk.line_use ORDER BY kind")] == ["over", "payment"]
