"""The auditor's window on the real database: what she reads, narrows, and takes along as an Excel file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keyring
import pytest
from pypdf import PdfReader
from PySide6.QtWidgets import QLabel, QPushButton
from python_calamine import CalamineWorkbook
from sqlalchemy import make_url, text

from desk.adapters import seals
from desk.rules.case import Money
from desk.services import documents
from desk.ui.audit import AuditPage
from desk.ui.audit_filter import Story
from desk.ui.audit_list import AuditList
from desk.ui.entering import enter
from desk.ui.main_window import MainWindow
from desk.ui.sealing import KeyState
from desk.ui.workstation import Workstation
from tests.audit.test_seals import Keyring
from tests.audit.test_story import id_card
from tests.office import JAMBI, PALEMBANG, Office

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

PATIENCE = 20_000
"""Milliseconds: a busy machine seals and signs slowly."""

pytestmark = pytest.mark.usefixtures("themed")


@pytest.fixture(autouse=True)
def own_computer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A keyring and a folder of documents of this test alone."""
    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())
    monkeypatch.setattr("desk.adapters.seals.own_folder", lambda **_: tmp_path / "Dokumen")
    yield tmp_path / "Dokumen"
    keyring.set_keyring(before)


@pytest.fixture
def sit_down(themed: QApplication, office: Office, qtbot: QtBot) -> Iterator[Callable[[str], MainWindow]]:
    """Lets somebody sit down at a workstation."""
    stations: list[Workstation] = []

    def open_for(name: str) -> MainWindow:
        person = office.as_(name)
        entered = enter(make_url(office.database_url(person.login, person.password)))
        station = Workstation(
            entered.link, entered.actor, entered.offices, now=entered.now, clock=entered.clock,
            paper_shop=entered.paper_shop,
        )  # fmt: skip
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


def audit_page(window: MainWindow) -> AuditPage:
    return next(page for page in window.places.values() if isinstance(page, AuditPage))


def story(qtbot: QtBot, page: AuditPage, wanted: Story) -> AuditList:
    """One of the stories of Palembang, read."""
    page.show_story(wanted)
    shown = page.lists[wanted]
    shown.filter.office.set_value(PALEMBANG)
    qtbot.waitUntil(lambda: bool(rows(shown)) and rows(shown)[0].office_id in (0, PALEMBANG), timeout=PATIENCE)
    return shown


def rows(shown: AuditList) -> tuple[Any, ...]:
    return shown.list.table.rows


def test_who_only_audits_comes_to_the_stories_and_reads_one_case(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot
) -> None:
    case = office.case_at(money=Money.RECEIPTED)
    office.new_case()
    window = sit_down("wati")
    shown = story(qtbot, audit_page(window), Story.CASE)
    shown.filter.case.edit.setText(office.facts(case).number)
    shown.filter.case.edit.returnPressed.emit()
    qtbot.waitUntil(
        lambda: {row.case_number for row in rows(shown) if row.table == "event"} == {case_number(office, case)}
    )
    said = [shown.list.table.columns[2].text(row) for row in rows(shown)]
    assert any("Kuitansi" in words and "terbit" in words for words in said)
    shown.filter.case.edit.setText("PST-1600-2026-999999")
    shown.filter.case.edit.returnPressed.emit()
    qtbot.waitUntil(lambda: "tidak ditemukan di kantor 1600" in shown._empty.text(), timeout=PATIENCE)
    assert rows(shown) == ()
    assert not shown.export.isEnabled()


def case_number(office: Office, case: Any) -> str:
    return office.facts(case).number


def test_days_that_cannot_be_read_are_said_and_change_nothing(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot
) -> None:
    office.new_case()
    shown = story(qtbot, audit_page(sit_down("wati")), Story.CASE)
    before = rows(shown)
    shown.filter.since.edit.setText("31/02/2026")
    shown.filter.since.edit.returnPressed.emit()
    assert "tidak ada" in shown.filter.since.under.text()
    assert rows(shown) == before
    shown.filter.since.edit.setText("1/1/2090")
    shown.filter.since.edit.returnPressed.emit()
    qtbot.waitUntil(lambda: rows(shown) == (), timeout=PATIENCE)


def test_a_story_becomes_an_excel_file_with_all_its_entries(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    office.case_at(money=Money.RECEIPTED)
    page = audit_page(sit_down("wati"))
    shown = story(qtbot, page, Story.PERSON)
    shown.filter.person.set_value(office.as_("rina").login)
    qtbot.waitUntil(
        lambda: bool(rows(shown)) and {row.name for row in rows(shown)} == {"Rina Umpama"}, timeout=PATIENCE
    )
    path = tmp_path / "rina.xlsx"
    with qtbot.waitSignal(page.said, timeout=PATIENCE) as said:
        shown.save_to(path)
    written = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert said.args == [f"{len(written) - 1} catatan disimpan di rina.xlsx."]
    assert len(written) - 1 == len(rows(shown))
    assert written[0][:3] == ["Waktu", "Siapa", "Nama pengguna"]
    assert {row[1] for row in written[1:]} == {"Rina Umpama"}
    assert hasattr(written[1][0], "year")


def test_who_opened_an_identity_card_is_listed_with_the_reason(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    case = office.new_case()
    card = id_card(office, case)
    with office.as_("rina").session() as session:
        documents.content(session, PALEMBANG, card, reason="=Memeriksa nama")
    page = audit_page(sit_down("wati"))
    shown = story(qtbot, page, Story.CARD)
    (row,) = rows(shown)
    assert (row.name, row.reason, row.customer) == ("Rina Umpama", "=Memeriksa nama", office.facts(case).customer_name)
    with qtbot.waitSignal(page.said, timeout=PATIENCE):
        shown.save_to(tmp_path / "kartu.xlsx")
    written = CalamineWorkbook.from_path(str(tmp_path / "kartu.xlsx")).get_sheet_by_index(0).to_python()
    assert written[1][6] == "=Memeriksa nama"


@pytest.mark.parametrize(("name", "there"), [("rina", False), ("budi", False), ("tono", False), ("wati", True)])
def test_the_place_is_there_for_auditors_only(sit_down: Callable[[str], MainWindow], name: str, there: bool) -> None:
    assert (sit_down(name).findChild(QPushButton, "place.audit") is not None) is there


# keys, heads and the check


def press(window: MainWindow, name: str) -> None:
    found = window.findChild(QPushButton, name)
    assert found is not None, name
    found.click()


def result(window: MainWindow) -> str:
    label = window.findChild(QLabel, "audit.result")
    assert label is not None
    return label.text()


def test_a_key_is_made_once_and_signs_at_every_login_by_itself(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot, own_computer: Path
) -> None:
    office.case_at(money=Money.RECEIPTED)
    window = sit_down("wati")
    page = audit_page(window)
    qtbot.waitUntil(lambda: page.seal.text() == "! Kepala blok belum ditandatangani", timeout=PATIENCE)
    press(window, "seal.make_in_keyring")
    qtbot.waitUntil(lambda: page.seal.text() == "✓ Kepala blok ditandatangani", timeout=PATIENCE)
    login = office.as_("wati").login
    window._workstation.close()  # a person has four connections, a window takes three
    heads = seals.read_heads(seals.heads_file(own_computer, login))
    assert {head.office_id for head in heads} == {0, PALEMBANG, JAMBI}
    assert all(head.is_genuine() and head.signed_by == login for head in heads)
    again = sit_down("wati")
    qtbot.waitUntil(lambda: audit_page(again).seal.text() == "✓ Kepala blok ditandatangani", timeout=PATIENCE)
    stored = office.rows("SELECT DISTINCT public_key, signed_by FROM audit.head")
    assert stored == [{"public_key": heads[0].public_key, "signed_by": login}]


def test_a_key_in_a_file_asks_for_its_passphrase_at_the_next_login(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot, own_computer: Path
) -> None:
    window = sit_down("wati")
    pane = audit_page(window).integrity
    qtbot.waitUntil(lambda: pane.sealing.state is KeyState.NONE and not pane.sealing.busy, timeout=PATIENCE)
    pane.passphrase.setText("pendek")
    pane.in_file.click()
    assert "sedikitnya 12" in pane.problem.text()
    pane.passphrase.setText("tujuh kursi biru")
    pane.again.setText("tujuh kursi hijau")
    pane.in_file.click()
    assert "berbeda" in pane.problem.text()
    pane.again.setText("tujuh kursi biru")
    pane.in_file.click()
    qtbot.waitUntil(lambda: pane.sealing.signed is not None, timeout=PATIENCE)
    window._workstation.close()
    hers = audit_page(sit_down("wati")).integrity
    qtbot.waitUntil(lambda: hers.sealing.state is KeyState.LOCKED and not hers.sealing.busy, timeout=PATIENCE)
    hers.passphrase.setText("salah semuanya")
    hers.open_key.click()
    qtbot.waitUntil(lambda: "kata sandinya salah" in hers.problem.text(), timeout=PATIENCE)
    hers.passphrase.setText("tujuh kursi biru")
    hers.open_key.click()
    qtbot.waitUntil(lambda: hers.sealing.signed is not None, timeout=PATIENCE)
    assert b"ENCRYPTED" in seals.key_file(own_computer, office.as_("wati").login).read_bytes()


def test_the_check_says_whole_and_finds_a_log_that_was_cut_and_a_fact_that_was_changed(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot
) -> None:
    case = office.case_at(money=Money.RECEIPTED)
    window = sit_down("wati")
    pane = audit_page(window).integrity
    qtbot.waitUntil(lambda: pane.sealing.state is KeyState.NONE and not pane.sealing.busy, timeout=PATIENCE)
    press(window, "audit.verify")
    qtbot.waitUntil(lambda: "Tanpa kepala blok dari luar server" in result(window), timeout=PATIENCE)
    press(window, "seal.make_in_keyring")
    qtbot.waitUntil(lambda: pane.sealing.signed is not None, timeout=PATIENCE)
    press(window, "audit.verify")
    qtbot.waitUntil(lambda: result(window).startswith("Catatan audit utuh"), timeout=PATIENCE)
    with office.owner() as owner:
        owner.execute(text("SET LOCAL session_replication_role = replica"))
        owner.execute(text("UPDATE desk.receipt SET amount = 1 WHERE case_id = :case"), {"case": case.id})
        for table in ("log", "block"):
            column = "block" if table == "log" else "no"
            cut = f"DELETE FROM audit.{table} WHERE office_id = 1571 AND {column} = 1"
            owner.execute(
                text(
                    cut.replace(
                        "DELETE FROM audit.block",
                        "DELETE FROM audit.head WHERE office_id = 1571; DELETE FROM audit.block",
                    )
                )
            )
    press(window, "audit.verify")
    qtbot.waitUntil(lambda: "temuan" in result(window), timeout=PATIENCE)
    found = [row.finding.sentence for row in pane.findings.table.rows]
    assert any("ditandatangani" in said and "tidak ada lagi" in said and "1571" in said for said in found)
    assert any("Kuitansi" in said and "diubah tanpa tercatat" in said for said in found)


def test_a_check_can_be_stopped(office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot) -> None:
    window = sit_down("wati")
    press(window, "audit.verify")
    press(window, "audit.cancel")
    assert result(window) == "Pemeriksaan dihentikan; belum ada hasil."
    press(window, "audit.verify")
    qtbot.waitUntil(lambda: "cocok" in result(window), timeout=PATIENCE)


def test_the_heads_become_a_sheet_of_paper(
    sit_down: Callable[[str], MainWindow], qtbot: QtBot, own_computer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        "desk.ui.audit_integrity.QDesktopServices.openUrl", lambda url: opened.append(url.toLocalFile())
    )
    window = sit_down("wati")
    pane = audit_page(window).integrity
    qtbot.waitUntil(lambda: pane.sealing.state is KeyState.NONE and not pane.sealing.busy, timeout=PATIENCE)
    press(window, "seal.make_in_keyring")
    qtbot.waitUntil(lambda: pane.sealing.signed is not None and not pane.sealing.busy, timeout=PATIENCE)
    press(window, "seal.sheet")
    qtbot.waitUntil(lambda: bool(opened), timeout=PATIENCE)
    words = "".join(page.extract_text() for page in PdfReader(opened[0]).pages)
    assert pane.sealing.signed is not None
    assert pane.sealing.signed.heads[0].hash[:8] in words
    assert str(own_computer.name) in opened[0]


def test_the_case_file_is_made_in_one_key_and_told_in_the_window(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    case = office.new_case()
    window = sit_down("wati")
    window.case.open_case(*case)
    window._set_wide(True)
    binding = window.case.binding
    qtbot.waitUntil(lambda: window.case.facts is not None and binding.isVisibleTo(window.case), timeout=PATIENCE)
    binding.make(tmp_path / "berkas.pdf")
    qtbot.waitUntil(lambda: "halaman" in binding.said.text(), timeout=60_000)
    assert len(PdfReader(tmp_path / "berkas.pdf").pages) >= 1
    page = audit_page(window)
    shown = story(qtbot, page, Story.CARD)
    assert [row.reason for row in rows(shown)] == ["Berkas kasus dibuat"]


def test_treasurers_are_not_offered_the_case_file(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot
) -> None:
    case = office.new_case()
    window = sit_down("budi")
    window.case.open_case(*case)
    window._set_wide(True)
    qtbot.waitUntil(lambda: window.case.facts is not None, timeout=PATIENCE)
    assert not window.case.binding.isVisibleTo(window.case)
