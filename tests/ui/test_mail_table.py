"""The mail table on the real database: one scan per letter, and no letter stops the next one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from desk.rules.case import Money, Original
from desk.rules.codes import PaperCode, encode
from desk.rules.custody import Custody
from desk.rules.inputs import FilingPlace, Tick
from desk.rules.papers import PaperKind
from desk.ui import scanner
from desk.ui.forms import FormDialog
from desk.ui.mail_table import READY, MailTable
from desk.ui.row_button import RowButton
from tests.office import JAMBI, Office, Ref

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow


def sppd_code(office: Office, case: Ref, copy: int = 1) -> str:
    now = office.facts(case)
    assert now.agreement is not None
    number = now.agreement.sequence
    return encode(PaperCode(PaperKind.SPPD, now.office_code, now.agreement.year, number, copy, now.agreement.copies))


def invoice_code(office: Office, case: Ref) -> str:
    row = office.rows(
        "SELECT year, sequence FROM desk.invoice WHERE case_id = :c ORDER BY sequence LIMIT 1", c=case.id
    )[0]
    return encode(PaperCode(PaperKind.INVOICE, office.facts(case).office_code, row["year"], row["sequence"]))


@pytest.fixture
def mail_table(sit_down: Callable[[str], MainWindow], qtbot: QtBot) -> Callable[[str], MainWindow]:
    """Lets somebody sit down at the mail table."""

    def open_for(name: str) -> MainWindow:
        window = sit_down(name)
        place = window.findChild(RowButton, "place.mail.all")
        assert place is not None
        place.click()
        qtbot.waitUntil(lambda: table(window).box.hasFocus())
        return window

    return open_for


def table(window: MainWindow) -> MailTable:
    assert window.mail_desk.table is not None
    return window.mail_desk.table


def answer(window: MainWindow) -> str:
    return table(window).answer.text()


def press(target: QWidget, text: str, key: int = 0) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, key or Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, text)
        QApplication.sendEvent(QApplication.focusWidget() or target, event)


def scan(window: MainWindow, code: str) -> None:
    """What a hand scanner does: it types and ends with Enter, wherever the focus is."""
    for sign in code:
        press(window, sign)
    press(window, "\r", Qt.Key.Key_Return)


def form(window: MainWindow) -> FormDialog | None:
    return next((one for one in window.findChildren(FormDialog) if one.isVisible() and one.fields), None)


def waits_for_form(qtbot: QtBot, window: MainWindow, action: str) -> FormDialog:
    qtbot.waitUntil(lambda: (shown := form(window)) is not None and shown.action.id == action)
    shown = form(window)
    assert shown is not None
    return shown


def close(qtbot: QtBot, window: MainWindow, shown: FormDialog) -> None:
    with qtbot.waitSignal(shown.finished):
        shown.reject()
    qtbot.waitUntil(lambda: table(window).box.hasFocus())


def test_one_scan_receives_the_copy_and_asks_the_five_ticks(
    mail_table: Callable[[str], MainWindow], office: Office, qtbot: QtBot
) -> None:
    office.set_rule(1600, "sppd_copies", "2")
    case = office.case_at(original=Original.AWAITED)
    window = mail_table("rina")
    assert answer(window) == READY
    scan(window, sppd_code(office, case, copy=2))
    asked = waits_for_form(qtbot, window, "accept_original")
    assert asked.fields["copy"].read() == 2
    assert office.facts(case).agreement.copy_states == ("sent", "received")  # type: ignore[union-attr]
    assert "rangkap 2 diterima di meja surat" in answer(window)
    assert window.case.facts is not None
    assert window.case.facts.id == case.id
    asked.fields["ticks"].set_value(frozenset(Tick))
    asked.fields["signed_on"].set_value(office.facts(case).today)
    asked.submit()
    qtbot.waitUntil(lambda: Custody.ACCEPTED.value in office.facts(case).agreement.copy_states)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: table(window).box.hasFocus())
    scan(window, sppd_code(office, case, copy=2))
    signed = waits_for_form(qtbot, window, "countersign_original")
    assert "sudah diperiksa dan diterima" in answer(window)
    qtbot.waitUntil(lambda: signed.fields["signer"].read() != "", timeout=20_000)
    signed.submit()
    qtbot.waitUntil(lambda: office.facts(case).agreement.copy_states[1] == "countersigned", timeout=20_000)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: table(window).box.hasFocus())
    scan(window, sppd_code(office, case, copy=2))
    waits_for_form(qtbot, window, "file_original")


def test_an_under_stamped_original_is_not_accepted_and_the_reason_is_seen(
    mail_table: Callable[[str], MainWindow], office: Office, qtbot: QtBot
) -> None:
    case = office.case_at(original=Original.AWAITED)
    window = mail_table("rina")
    scan(window, sppd_code(office, case))
    asked = waits_for_form(qtbot, window, "accept_original")
    asked.fields["ticks"].set_value(frozenset(Tick))
    asked.fields["signed_on"].set_value(office.facts(case).today)
    asked.fields["stamp_value"].set_value(6_000)
    asked.submit()
    qtbot.waitUntil(lambda: any("Rp10.000" in label.text() for label in asked.findChildren(QLabel)))
    assert office.facts(case).original is Original.RECEIVED


def test_wrong_letters_are_said_and_the_next_one_is_scanned(
    mail_table: Callable[[str], MainWindow], office: Office, qtbot: QtBot
) -> None:
    awaited = office.case_at(original=Original.AWAITED)
    filed = office.case_at(original=Original.ACCEPTED)
    office.as_("rina").do("countersign_original", filed)
    office.as_("rina").do("file_original", filed, FilingPlace(binder="SPPD 2026", sheet="7"))
    elsewhere = office.case_at(original=Original.AWAITED, office_id=JAMBI)
    code = sppd_code(office, awaited)
    window = mail_table("rina")
    letters = {
        "https://lacak.example.invalid/1": "bukan kode surat dari Meja PST",
        code[:-1] + ("A" if code[-1] != "A" else "B"): "salah ketik atau rusak",
        sppd_code(office, elsewhere): "Teruskan kepada kantor tersebut",
        encode(PaperCode(PaperKind.SPPD, "1600", 2026, 999)): "Cocokkan dengan nomor yang tercetak",
        invoice_code(office, awaited): "bukan naskah asli SPPD",
        sppd_code(office, filed): "map SPPD 2026, lembar 7",
    }
    for typed, said in letters.items():
        scan(window, typed)
        qtbot.waitUntil(lambda said=said: said in answer(window))  # type: ignore[misc]
        assert form(window) is None
    scan(window, code)
    close(qtbot, window, waits_for_form(qtbot, window, "accept_original"))
    scan(window, code)
    qtbot.waitUntil(lambda: "sudah diterima, belum diperiksa" in answer(window))
    assert "oleh Rina Umpama" in answer(window)


def test_the_agreement_of_a_void_invoice_is_not_received(
    mail_table: Callable[[str], MainWindow], office: Office, qtbot: QtBot
) -> None:
    case = office.case_at(original=Original.AWAITED)
    code, invoice = sppd_code(office, case), invoice_code(office, case)
    office.as_("rina").do("void_invoice", case)
    window = mail_table("rina")
    scan(window, code)
    qtbot.waitUntil(lambda: "sudah ditarik bersama invoice-nya" in answer(window))
    scan(window, invoice)
    qtbot.waitUntil(lambda: "sudah dibatalkan" in answer(window))
    assert not office.rows("SELECT FROM desk.custody WHERE step = 'received'")


def test_the_agreement_of_a_renewed_invoice_still_counts(
    mail_table: Callable[[str], MainWindow], office: Office, qtbot: QtBot
) -> None:
    case = office.case_at(original=Original.AWAITED, money=Money.EXPIRED)
    invoice = invoice_code(office, case)
    office.as_("rina").do("renew_invoice", case)
    window = mail_table("rina")
    scan(window, invoice)
    qtbot.waitUntil(lambda: "sudah diganti" in answer(window))
    scan(window, sppd_code(office, case))
    qtbot.waitUntil(lambda: "SPPD ini tetap berlaku" in answer(window))
    assert office.facts(case).original is Original.RECEIVED


def test_a_scan_into_an_open_form_waits_its_turn_and_leaves_the_field_as_it_was(
    mail_table: Callable[[str], MainWindow], office: Office, qtbot: QtBot
) -> None:
    first, second = office.case_at(original=Original.AWAITED), office.case_at(original=Original.AWAITED)
    window = mail_table("rina")
    scan(window, sppd_code(office, first))
    asked = waits_for_form(qtbot, window, "accept_original")
    assert window.findChild(QPushButton, "scan.refuse_original") is not None
    field = asked.fields["stamp_reference"].findChild(QLineEdit) or asked.fields["stamp_reference"]
    assert isinstance(field, QWidget)
    field.setFocus()
    for sign in "SN 12":
        press(window, sign)
    qtbot.wait(round(scanner.PAUSE * 1000) + 30)
    scan(window, sppd_code(office, second))
    qtbot.waitUntil(lambda: office.facts(second).original is Original.RECEIVED)
    assert asked.fields["stamp_reference"].read() == "SN 12"
    waiting = window.findChild(QLabel, "scan_waiting")
    assert waiting is not None
    qtbot.waitUntil(waiting.isVisible)
    asked.reject()
    qtbot.waitUntil(
        lambda: (shown := form(window)) is not None and shown.case is not None and shown.case.id == second.id
    )


def test_typing_slowly_in_a_field_is_typing(themed: QApplication, qtbot: QtBot) -> None:
    now = [0.0]
    ear = scanner.ScannerEar(themed, clock=lambda: now[0])
    heard: list[str] = []
    ear.scanned.connect(heard.append)
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    themed.installEventFilter(ear)
    code = encode(PaperCode(PaperKind.SPPD, "1600", 2026, 1))
    for pause, typed in ((0.2, code), (0.01, "JP0012345678"), (0.01, code)):
        field.clear()
        now[0] += 10
        for sign in code if typed == code else typed:
            now[0] += pause
            press(field, sign)
        press(field, "\r", Qt.Key.Key_Return)
        assert field.text() == ("" if heard else typed)
    themed.removeEventFilter(ear)
    assert heard == [code]
