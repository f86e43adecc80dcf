"""The treasurer's day at the window, on the real database: figures, deposits, the close, and what it then refuses."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from sqlalchemy import make_url

from desk.adapters import seals
from desk.rules.case import Money
from desk.ui import message
from desk.ui.day_seal import PassphraseForm
from desk.ui.deposit_form import DepositForm, VoidDepositForm
from desk.ui.desk_list import DAY, REGISTER
from desk.ui.entering import enter
from desk.ui.main_window import MainWindow
from desk.ui.people_forms import PeopleForm
from desk.ui.theme import Tone
from desk.ui.workstation import Workstation
from tests.office import JAMBI, MORNING, Office
from tests.services.test_register import MONDAY, deposit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from desk.ui.day_page import DayPage
    from desk.ui.register_page import RegisterPage


@pytest.fixture
def sit_down(themed: QApplication, office: Office, qtbot: QtBot) -> Iterator[Callable[[str], DayPage]]:
    """Lets somebody sit down at the day of the office."""
    stations: list[Workstation] = []

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
        page = cast("DayPage", window.places[DAY])
        qtbot.waitUntil(lambda: bool(words(page)))
        return page

    yield open_for
    for station in stations:
        station.close()


def words(page: DayPage) -> str:
    return "\n".join(label.text() for label in page.panel.findChildren(QLabel) if label.isVisibleTo(page.panel))


def button(page: DayPage, name: str) -> QPushButton | None:
    return next((found for found in page.panel.findChildren(QPushButton, name) if found.isVisibleTo(page.panel)), None)


def test_the_treasurer_deposits_the_money_and_closes_the_day(
    office: Office,
    sit_down: Callable[[str], DayPage],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    asked: list[str] = []

    def confirm(_owner: object, _heading: str, text: str, _yes: str) -> bool:
        asked.append(text)
        return True

    monkeypatch.setattr(message, "confirm", confirm)
    monkeypatch.setattr(seals, "own_folder", lambda **_: tmp_path)
    monkeypatch.setattr(seals, "remembered_key", lambda _login: None)
    proof = office.case_at(money=Money.PROOF)
    for _ in range(2):
        office.case_at(money=Money.RECEIPTED)
    page = sit_down("budi")
    assert "Uang dan kuitansi cocok." in words(page)
    assert "2 kuitansi, Rp240.000, belum disetor" in words(page)
    deposit = button(page, "day.deposit")
    assert deposit is not None
    deposit.click()
    form = page.panel.findChildren(DepositForm)[-1]
    for name, value in (("billing_code", "8202 6112 3456 78"), ("ntpn", "a1b2c3d4 e5f6g7h8")):
        field: Any = form.fields[name]
        field.edit.setText(value)
    form.submit()
    assert "15 angka; yang ditulis 14" in "".join(label.text() for label in form.findChildren(QLabel))
    cast("Any", form.fields["billing_code"]).edit.setText("820261123456789")
    form.submit()
    qtbot.waitUntil(lambda: "Semua uang berkuitansi sudah disetor." in words(page))
    row = office.rows("SELECT billing_code, ntpn, amount FROM desk.deposit")[0]
    assert row == {"billing_code": "820261123456789", "ntpn": "A1B2C3D4E5F6G7H8", "amount": 240_000}
    close = button(page, "day.close")
    assert close is not None
    assert close.text() == "Tutup hari Sen 23 Nov 2026"
    close.click()
    qtbot.waitUntil(lambda: "Ditutup oleh Budi Contoh pukul 09.00" in words(page))
    assert "2 kuitansi, Rp240.000" in asked[0]
    assert button(page, "day.close") is None
    qtbot.waitUntil(lambda: (key := button(page, "day.seal")) is not None and key.text() == "Buat kunci segel")
    make = button(page, "day.seal")
    assert make is not None
    make.click()
    asked_for: Any = page.panel.findChildren(PassphraseForm)[-1]
    for name in ("passphrase", "again"):
        asked_for.fields[name].edit.setText("empat kuda hijau")
    asked_for.submit()
    qtbot.waitUntil(lambda: "Log audit ditandatangani pukul" in words(page))
    assert office.rows("SELECT signed_by FROM audit.head")[0]["signed_by"] == office.as_("budi").login
    assert "sudah ditutup" in office.as_("budi").refusal("confirm_payment", proof)


def test_money_without_kuitansi_is_named_with_what_to_do(
    office: Office, sit_down: Callable[[str], DayPage], qtbot: QtBot
) -> None:
    case = office.case_at(money=Money.CONFIRMED)
    page = sit_down("budi")
    number = office.facts(case).number
    assert f"{number}: Rp120.000 sudah dipastikan. Terbitkan kuitansinya." in words(page)
    close = button(page, "day.close")
    assert close is not None
    assert not close.isEnabled()
    office.as_("budi").do("issue_receipt", case)
    qtbot.waitUntil(lambda: (found := button(page, "day.close")) is not None and found.isEnabled())


def test_a_day_that_was_left_open_is_closed_first_and_late_money_is_told(
    office: Office, sit_down: Callable[[str], DayPage], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message, "confirm", lambda *_: True)
    with office.as_("budi").psql() as budi:  # the office has closed its days until now
        budi.execute("INSERT INTO desk.day_close (office_id, id, day) VALUES (1600, gen_random_uuid(), '2026-11-22')")
        budi.commit()
    office.case_at(money=Money.RECEIPTED)
    office.set_clock(MORNING + timedelta(2))
    page = sit_down("sri")
    close = button(page, "day.close")
    assert close is not None
    assert close.text() == "Tutup hari Sen 23 Nov 2026"
    assert "sudah lewat waktunya" in words(page)
    close.click()
    qtbot.waitUntil(lambda: (now := button(page, "day.close")) is not None and "Rab 25" in now.text())


def test_who_oversees_reads_the_day_and_does_nothing(office: Office, sit_down: Callable[[str], DayPage]) -> None:
    office.case_at(money=Money.RECEIPTED)
    for name in ("hendra", "wati"):
        page = sit_down(name)
        assert "Uang dan kuitansi cocok." in words(page)
        assert button(page, "day.close") is None
        assert button(page, "day.deposit") is None


def test_an_officer_has_no_such_place(office: Office, themed: QApplication, qtbot: QtBot) -> None:
    person = office.as_("rina")
    entered = enter(make_url(office.database_url(person.login, person.password)))
    station = Workstation(entered.link, entered.actor, entered.offices, now=entered.now, clock=entered.clock)
    window = MainWindow(station)
    qtbot.addWidget(window)
    assert window.findChild(QPushButton, "place.day") is None
    station.close()


def test_the_register_is_read_and_saved_in_three_forms(
    office: Office, sit_down: Callable[[str], DayPage], qtbot: QtBot, tmp_path: Path
) -> None:
    with office.owner() as owner:  # the NIP stands under the register
        owner.exec_driver_sql("UPDATE desk.person SET nip = '199001012012122001'")
    office.case_at(money=Money.RECEIPTED)
    window = cast("MainWindow", sit_down("budi").window())
    place = window.findChild(QPushButton, "place.register")
    assert place is not None
    place.click()
    page = cast("RegisterPage", window.places[REGISTER])
    qtbot.waitUntil(lambda: len(page.list.table.rows) == 1)
    assert "Saldo akhir Rp120.000" in page.sums.text()
    assert page.due.text().startswith("Bahan bulan ini paling lambat Kam 10 Des 2026.")
    assert not page.later.isEnabled()
    for ending in ("xlsx", "docx", "pdf"):
        path = tmp_path / f"Register.{ending}"
        page.save_to(path, ending)
        qtbot.waitUntil(path.is_file, timeout=30_000)
    page.earlier.click()
    qtbot.waitUntil(lambda: page.list.table.rows == ())
    assert page._title.text() == "Register · Oktober 2026"


def test_a_wrong_deposit_is_withdrawn_in_the_register_with_its_reason(
    office: Office, sit_down: Callable[[str], DayPage], qtbot: QtBot
) -> None:
    deposit(office, office.case_at(money=Money.RECEIPTED), MONDAY)
    window = cast("MainWindow", sit_down("budi").window())
    place = window.findChild(QPushButton, "place.register")
    assert place is not None
    place.click()
    page = cast("RegisterPage", window.places[REGISTER])
    qtbot.waitUntil(lambda: len(page.list.table.rows) == 2)
    page.list.select_key(1)
    assert not page.undo.isVisibleTo(page), "a kuitansi is withdrawn at its case"
    page.list.select_key(2)
    assert page.undo.isVisibleTo(page)
    page.undo.click()
    form: Any = page.findChildren(VoidDepositForm)[-1]
    form.fields["reason"].edit.setText("NTPN salah ketik")
    form.submit()
    qtbot.waitUntil(lambda: len(page.list.table.rows) == 3)
    assert page.list.table.rows[2].text == "Catatan setoran dibatalkan: NTPN salah ketik"
    assert page.list.table.rows[2].balance == 120_000
    page.list.select_key(2)
    assert not page.undo.isVisibleTo(page)


def test_who_reads_several_offices_chooses_the_office_of_day_and_register(
    office: Office, sit_down: Callable[[str], DayPage], qtbot: QtBot
) -> None:
    here, there = office.case_at(money=Money.RECEIPTED), office.case_at(office_id=JAMBI, money=Money.RECEIPTED)
    page = sit_down("wati")
    assert page.office.isVisibleTo(page)
    assert not sit_down("budi").office.isVisible()
    seen = {}
    for at, name in enumerate(page.office.itemText(at) for at in range(page.office.count())):
        page.office.setCurrentIndex(at)
        page.office.activated.emit(at)
        number = office.facts(there if "Jambi" in name else here).payment.receipt_number
        qtbot.waitUntil(lambda number=number: [row.number for row in page.list.table.live_rows] == [number])  # type: ignore[misc]
        seen[name] = number
    assert len(seen) == 2


def test_an_earlier_kuitansi_that_was_never_printed_has_not_failed(
    office: Office, sit_down: Callable[[str], DayPage], qtbot: QtBot
) -> None:
    office.case_at(money=Money.RECEIPTED)
    office.set_clock(MORNING + timedelta(1))
    page = sit_down("budi")
    qtbot.waitUntil(lambda: len(page.list.table.live_rows) == 1)
    row = page.list.table.live_rows[0]
    assert page._print_words(row) == "Belum dicetak"
    assert page._tone(row) is Tone.SOON
    assert page._why(row).startswith("terbit 23 Nov")


def test_the_material_of_a_month_is_due_until_it_was_handed_in(
    office: Office, sit_down: Callable[[str], DayPage], qtbot: QtBot, tmp_path: Path
) -> None:
    office.case_at(money=Money.RECEIPTED)
    office.set_clock(MORNING + timedelta(10))
    page = sit_down("budi")
    assert "Bahan November 2026 belum diserahkan, paling lambat Kam 10 Des 2026" in words(page)
    window = cast("MainWindow", page.window())
    place = window.findChild(QPushButton, "place.register")
    assert place is not None
    place.click()
    month = cast("RegisterPage", window.places[REGISTER])
    qtbot.waitUntil(lambda: month.register is not None)
    assert not month.hand_in_button.isVisibleTo(month), "December is not over"
    month.turn(-1)
    qtbot.waitUntil(lambda: month.hand_in_button.isVisibleTo(month))
    handed = tmp_path / "Register November 2026.xlsx"
    handed.write_bytes(b"isi berkas")
    month.ask_handed_in(handed)
    form: Any = window.findChild(PeopleForm)
    form.fields["note"].edit.setText("Subbagian keuangan, tanda terima 12")
    form.submit()
    qtbot.waitUntil(lambda: "Diserahkan" in month.due.text(), timeout=20_000)
    assert "oleh Budi Contoh: Register November 2026.xlsx" in month.due.text()
    kept = office.rows("SELECT month, sha256, by, note FROM desk.month_handover")[0]
    assert kept["sha256"] == hashlib.sha256(b"isi berkas").hexdigest()
    assert (kept["month"], kept["by"]) == (date(2026, 11, 1), office.as_("budi").login)
    day = window.findChild(QPushButton, "place.day")
    assert day is not None
    day.click()
    qtbot.waitUntil(lambda: "belum diserahkan" not in words(page), timeout=20_000)
