"""The tray in the window: a dropped stack files itself, the rest is filed by hand with its pages in sight."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from desk.rules.case import Original
from desk.ui.main_window import MainWindow
from desk.ui.row_button import RowButton
from desk.ui.scan_tray import ScanTray
from desk.ui.scanning import READ_FOLDER, FolderSetting, Scanning
from tests.office import Office
from tests.scans.stacks import Sheet, stack
from tests.scans.test_tray import accepted, code, scanned

if TYPE_CHECKING:
    from desk.ui.mail_table import MailTable

SECONDS = 30_000


@pytest.fixture
def mail_table(sit_down: Callable[[str], MainWindow], qtbot: QtBot) -> Iterator[Callable[[str], MainWindow]]:
    """Lets somebody sit down at the mail table."""
    windows: list[MainWindow] = []

    def open_for(name: str) -> MainWindow:
        window = sit_down(name)
        windows.append(window)
        place = window.findChild(RowButton, "place.mail.all")
        assert place is not None
        place.click()
        qtbot.waitUntil(lambda: window.mail_desk.table is not None)
        return window

    yield open_for
    for window in windows:
        if window.mail_desk.tray is not None:
            window.mail_desk.tray.close()


def drop(table: MailTable, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, mime, buttons, keys)
    QApplication.sendEvent(table, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(table, QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, mime, buttons, keys))


def dropped(qtbot: QtBot, window: MainWindow, path: Path) -> ScanTray:
    table = window.mail_desk.table
    assert table is not None
    drop(table, path)
    tray = window.mail_desk.tray
    assert tray is not None
    qtbot.waitUntil(
        lambda: path.name in tray.head.said.text() and "Membaca" not in tray.head.said.text(), timeout=SECONDS
    )
    return tray


def choice(tray: ScanTray, at: int = 0) -> RowButton | None:
    return next((one for one in tray.findChildren(RowButton, f"tray.choice.{at}") if one.isVisible()), None)


def test_a_dropped_stack_files_itself_and_the_rest_is_filed_in_two_keys(
    mail_table: Callable[[str], MainWindow], office: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    sheets = stack([Sheet(), Sheet()])
    known, damaged = accepted(office, sheets), accepted(office, sheets)
    path = tmp_path / "pagi.pdf"
    path.write_bytes(
        stack([Sheet((code(office, known),)), Sheet(), Sheet((code(office, damaged),), damaged=True), Sheet()])
    )
    window = mail_table("rina")
    tray = dropped(qtbot, window, path)
    assert "1 naskah disimpan, 1 bagian menunggu di baki" in tray.head.said.text()
    qtbot.waitUntil(lambda: len(tray.list.table.rows) == 1)
    assert "tidak terbaca" in tray.list.table.rows[0].why
    qtbot.waitUntil(lambda: tray.pages.pages == 2, timeout=SECONDS)
    tray.wanted.setText(office.facts(damaged).number)
    QTest.keyClick(tray.wanted, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: (first := choice(tray)) is not None and first.hasFocus())
    first = choice(tray)
    assert first is not None
    assert first.text().startswith("Naskah asli SPPD")
    QTest.keyClick(first, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(scanned(office)) == 2)
    qtbot.waitUntil(lambda: not tray.list.table.rows)
    button = window.findChild(QPushButton, "mail.tray")
    assert button is not None
    qtbot.waitUntil(lambda: button.text() == "Baki pindaian")


def test_a_scan_waits_for_the_five_ticks_and_is_filed_when_they_are_made(
    mail_table: Callable[[str], MainWindow], office: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    case = accepted(office, stack([Sheet()]), accept=False)
    path = tmp_path / "belum.pdf"
    path.write_bytes(stack([Sheet((code(office, case),))]))
    window = mail_table("rina")
    tray = dropped(qtbot, window, path)
    qtbot.waitUntil(lambda: len(tray.list.table.rows) == 1)
    assert "lima hal" in tray.list.table.rows[0].why
    office.as_("fajar").do("accept_original", case)
    assert office.facts(case).original is Original.ACCEPTED
    window.mail_desk.open_tray()
    qtbot.waitUntil(lambda: len(scanned(office)) == 1, timeout=SECONDS)
    qtbot.waitUntil(lambda: not tray.list.table.rows, timeout=SECONDS)


def test_a_part_is_split_and_put_aside_by_hand(
    mail_table: Callable[[str], MainWindow], office: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "label.pdf"
    path.write_bytes(stack([Sheet(("https://lacak.example.invalid/1",)), Sheet()]))
    tray = dropped(qtbot, mail_table("rina"), path)
    qtbot.waitUntil(lambda: tray.pages.pages == 2, timeout=SECONDS)
    tray.cut.click()
    qtbot.waitUntil(lambda: [row.where for row in tray.list.table.rows] == ["halaman 1", "halaman 2"], timeout=SECONDS)
    aside = tray.findChild(RowButton, "tray.aside.0")
    assert aside is not None
    aside.click()
    qtbot.waitUntil(lambda: [row.where for row in tray.list.table.rows] == ["halaman 2"])
    assert office.rows("SELECT reason FROM desk.scan_placement WHERE outcome = 'put_aside'") == [
        {"reason": "Label atau amplop kurir"}
    ]


def test_the_folder_of_the_scanner_is_watched_once_it_is_chosen(
    mail_table: Callable[[str], MainWindow], office: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "Pemindai"
    folder.mkdir()
    kept = [""]
    window = mail_table("rina")
    setting = FolderSetting(load=lambda: kept[0], save=lambda chosen: kept.__setitem__(0, chosen))
    scanning = Scanning(window.mail_desk._workstation, window, setting)
    ended: list[str] = []
    scanning.ended.connect(lambda sentence, _came_in: ended.append(sentence))
    with qtbot.waitSignal(scanning.folder_known):
        scanning.watch()
    assert scanning.folder == ""
    with qtbot.waitSignal(scanning.folder_known):
        scanning.choose_folder(str(folder))
    assert kept == [str(folder)]
    (folder / "satu.pdf").write_bytes(stack([Sheet(("https://lacak.example.invalid/1",))]))
    (folder / "rusak.pdf").write_bytes(b"%PDF-1.7 terpotong")
    (folder / "catatan.txt").write_text("bukan pindaian", "utf-8")
    for _ in range(2):  # a file is read when it has stayed the same between two looks
        scanning.look()
        qtbot.wait(200)
    qtbot.waitUntil(lambda: len(ended) == 2, timeout=SECONDS)
    assert sorted(path.name for path in folder.iterdir()) == [READ_FOLDER, "catatan.txt", "rusak.pdf"]
    assert [path.name for path in (folder / READ_FOLDER).iterdir()] == ["satu.pdf"]
    assert any("rusak.pdf" in sentence for sentence in ended)
    assert office.rows("SELECT name FROM desk.scan_stack") == [{"name": "satu.pdf"}]


def test_a_stack_that_is_cancelled_leaves_nothing(
    mail_table: Callable[[str], MainWindow], office: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "panjang.pdf"
    path.write_bytes(stack([Sheet() for _ in range(12)]))
    window = mail_table("rina")
    table = window.mail_desk.table
    assert table is not None
    drop(table, path)
    tray = window.mail_desk.tray
    assert tray is not None
    qtbot.waitUntil(lambda: tray.head.bar.value() >= 1, timeout=SECONDS)
    tray.head.stop.click()
    assert "dibatalkan" in tray.head.said.text()
    window.mail_desk._workstation.close()
    assert office.rows("SELECT FROM desk.scan_stack") == []
