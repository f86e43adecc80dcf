from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QComboBox, QLabel, QLineEdit, QWidget

from desk.actions import ACTIONS
from desk.errors import Refused, Unavailable
from desk.rules.desks import Desk, Queue
from desk.rules.people import Actor, Duty
from desk.services.coming_in import ONLY_HERE
from desk.services.search import SearchHit
from desk.ui import message
from desk.ui.desk_list import ARCHIVE, sections
from desk.ui.keys import WINDOW_KEYS
from desk.ui.main_window import NEW_CASE_KEYS
from desk.ui.row_button import RowButton
from desk.ui.theme import Choice, theme
from tests.ui.conftest import open_window
from tests.ui.office import JAMBI, PALEMBANG, ROWS, FakeWorkstation, Step, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow


def action(window: MainWindow, action_id: str) -> RowButton:
    button = window.case.findChild(RowButton, f"action.{action_id}")
    assert button is not None
    return button


def case_is(window: MainWindow, number: str) -> Callable[[], bool]:
    return lambda: window.case.facts is not None and window.case.facts.number == number


def wait_for_case(qtbot: QtBot, window: MainWindow, at: int) -> None:
    qtbot.waitUntil(case_is(window, ROWS[at].number))


def actor(duty: Duty, *offices: Any) -> Actor:
    return Actor("sari", "Sari Contoh", "", {office.id: frozenset({duty}) for office in offices})


# what the person sees


def test_no_key_of_the_window_is_the_key_of_a_step() -> None:
    steps = {found.shortcut for found in ACTIONS.values()} - {NEW_CASE_KEYS}  # the window begins this step itself
    assert not steps & {key for key, _ in WINDOW_KEYS}


def test_the_window_says_whose_desk_it_is(window: MainWindow) -> None:
    assert window.windowTitle() == "Meja PST · BPS Provinsi Sumatera Selatan"
    counts = window.findChild(RowButton, "place.officer.review")
    assert counts is not None
    assert (counts.text(), counts.detail, counts.accessibleName()) == ("Diperiksa", "7", "Diperiksa, 7 permohonan")


def test_training_is_never_taken_for_the_real_thing(themed: QApplication, qtbot: QtBot) -> None:
    station = FakeWorkstation(training=True)
    window = open_window(qtbot, station)
    assert window.windowTitle().endswith("LATIHAN")
    badge = window.findChild(QWidget, "training")
    assert badge is not None
    assert badge.isVisible()
    station.close()


def test_a_server_without_a_copy_is_said_at_the_start_and_stays_visible(themed: QApplication, qtbot: QtBot) -> None:
    station = FakeWorkstation()
    station.warning = ONLY_HERE
    window = open_window(qtbot, station)
    said, connection = window.findChild(QLabel, "said"), window.findChild(QLabel, "connection")
    assert said is not None
    assert connection is not None
    assert said.text() == f"! {ONLY_HERE}"
    assert connection.text() == "Terhubung, tanpa salinan"
    assert connection.toolTip() == ONLY_HERE
    window._bottom.say("Kuitansi terbit.")
    assert said.text() == "✓ Kuitansi terbit."
    assert connection.text() == "Terhubung, tanpa salinan"
    station.close()


def test_the_first_case_is_open_with_its_next_steps(window: MainWindow, qtbot: QtBot) -> None:
    wait_for_case(qtbot, window, 0)
    primary = action(window, "accept_original")
    assert primary.isVisible()
    assert primary.property("role") == "primary"
    said = " ".join(label.text() for label in window.case.findChildren(QLabel) if label.isVisible())
    assert "Kirim data" in said
    assert "kuitansi belum terbit. Minta bendahara menerbitkannya dahulu." in said


def test_every_control_has_a_name_for_screen_readers(window: MainWindow, qtbot: QtBot) -> None:
    wait_for_case(qtbot, window, 0)
    kinds = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView)
    unnamed = []
    for widget in window.findChildren(QWidget):
        if isinstance(widget, kinds) and widget.isVisible() and widget.objectName() != "qt_scrollarea_viewport":
            interface = QAccessible.queryAccessibleInterface(widget)
            if not interface.text(QAccessible.Text.Name) and not isinstance(widget.parent(), QLineEdit):
                unnamed.append(f"{widget.metaObject().className()} {widget.objectName()}")
    assert unnamed == []


@pytest.mark.parametrize(
    ("duty", "first", "has"),
    [
        (Duty.OFFICER, "Butuh saya", "Meja surat"),
        (Duty.TREASURER, "Butuh saya", "Terbitkan kuitansi"),
        (Duty.SUPERVISOR, "Penyelia", "Perlu petugas"),
        (Duty.AUDITOR, "Butuh saya", "Perlu bendahara"),
    ],
)
def test_people_see_the_desks_of_their_duty(
    themed: QApplication, qtbot: QtBot, duty: Duty, first: str, has: str
) -> None:
    station = FakeWorkstation(actor(duty, PALEMBANG))
    window = open_window(qtbot, station)
    titles = [spot.title for spot in window.desks.spots]
    assert titles[0] == first
    assert has in titles
    assert titles[-1] == ARCHIVE.title
    assert ("Terbitkan kuitansi" in titles) is (duty is not Duty.OFFICER)
    station.close()


def test_every_queue_has_one_place() -> None:
    spots = [spot for _title, group in sections(tuple(Desk)) for spot in group]
    assert len(spots) == len(set(spots))
    shown = {spot.queue for spot in spots} | {Queue.ORIGINALS, Queue.APPROVAL}  # desks of one queue have one line
    assert shown >= set(Queue)


def test_a_person_of_several_offices_chooses_one(themed: QApplication, qtbot: QtBot) -> None:
    station = FakeWorkstation(actor(Duty.SUPERVISOR, PALEMBANG, JAMBI), PALEMBANG, JAMBI)
    window = open_window(qtbot, station)
    assert window.windowTitle() == "Meja PST · 2 kantor"
    assert window.queue.list.table.index(0, 1).data(Qt.ItemDataRole.ToolTipRole).startswith("Hasan Fiktif, 1600 ·")
    window.top.offices.setCurrentIndex(2)
    assert station.office_ids == (JAMBI.id,)
    assert window.windowTitle() == "Meja PST · BPS Kota Jambi"
    station.close()


# keys


def test_alt_and_a_digit_go_to_a_queue(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    button = window.findChild(RowButton, "place.officer.review")
    assert button is not None
    assert button.isChecked()


def test_enter_opens_the_case_wide_and_escape_goes_back(window: MainWindow, qtbot: QtBot) -> None:
    wait_for_case(qtbot, window, 0)
    QTest.keyClick(window.queue.list, Qt.Key.Key_Down)
    QTest.keyClick(window.queue.list, Qt.Key.Key_Return)
    wait_for_case(qtbot, window, 1)
    assert not window.queue.isVisible()
    assert window.case.width() > 900
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.queue.isVisible()
    assert window.queue.current_row().id == ROWS[1].id


def test_the_key_sheet_names_the_steps_of_the_case(window: MainWindow, qtbot: QtBot) -> None:
    wait_for_case(qtbot, window, 0)
    QTest.keyClick(window, Qt.Key.Key_F1)
    sheet = window.findChild(QWidget, "keys")
    assert sheet is not None
    words = [label.text() for label in sheet.findChildren(QLabel)]
    assert "Terima naskah asli" in words
    assert "Ctrl+T" in words
    sheet.close()


# lists that do not move


def test_a_refresh_moves_nothing(window: MainWindow, workstation: FakeWorkstation, qtbot: QtBot) -> None:
    wait_for_case(qtbot, window, 0)
    workstation.shelf.change(1, why="Naskah asli sudah diperiksa")
    del workstation.shelf.rows[3]
    workstation.shelf.rows.insert(0, row(140, "Orang Baru", "Kampus", "Baru: daftar data belum ada", None))
    workstation.live.read_again()
    waiting = window.findChild(QAbstractButton, "waiting")
    assert waiting is not None
    qtbot.waitUntil(waiting.isVisible)
    rows = window.queue.list.table.rows
    assert [each.customer_name for each in rows] == [each.customer_name for each in ROWS]
    assert rows[1].why == "Naskah asli sudah diperiksa"
    assert waiting.text() == "1 baru · 1 selesai di sini"
    waiting.click()
    assert window.queue.list.table.rows[0].customer_name == "Orang Baru"
    assert window.queue.current_row().id == ROWS[0].id
    assert not waiting.isVisible()


def test_going_to_a_queue_shows_its_rows_at_once(
    window: MainWindow, workstation: FakeWorkstation, qtbot: QtBot
) -> None:
    workstation.shelf.rows.insert(0, row(140, "Orang Baru", "Kampus", "Baru", None))
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: len(window.queue.list.table.rows) == len(ROWS) + 1)
    assert window.queue.list.table.rows[0].customer_name == "Orang Baru"


def test_the_list_says_when_it_was_read(window: MainWindow) -> None:
    stamp = window.findChild(QLabel, "updated_at")
    assert stamp is not None
    assert stamp.text() == "terakhir diperbarui 10.42"


# deeds


def test_a_click_does_one_deed_and_says_so(window: MainWindow, workstation: FakeWorkstation, qtbot: QtBot) -> None:
    wait_for_case(qtbot, window, 0)
    action(window, "accept_original").click()
    assert not action(window, "accept_original").isEnabled()  # until the case has been read again
    action(window, "accept_original").click()
    qtbot.waitUntil(lambda: action(window, "accept_original").isEnabled())
    assert [deed[0] for deed in workstation.shelf.deeds] == ["accept_original"]
    said = window.findChild(QLabel, "said")
    assert said is not None
    assert said.text() == "✓ Terima naskah asli: selesai."


def test_a_shortcut_does_the_deed_of_its_button(window: MainWindow, workstation: FakeWorkstation, qtbot: QtBot) -> None:
    wait_for_case(qtbot, window, 0)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert [deed[0] for deed in workstation.shelf.deeds] == ["accept_original"]


@pytest.mark.parametrize("agreed", [True, False])
def test_what_cannot_be_undone_is_confirmed_first(
    window: MainWindow, workstation: FakeWorkstation, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, agreed: bool
) -> None:
    asked: list[str] = []

    def confirm(_owner: object, _heading: str, text: str, _yes: str) -> bool:
        asked.append(text)
        return agreed

    monkeypatch.setattr(message, "confirm", confirm)
    wait_for_case(qtbot, window, 0)
    action(window, "cancel_case").click()
    assert asked == ["Permohonan yang dibatalkan tidak dapat dibuka lagi."]
    assert bool(workstation.shelf.deeds) is agreed


@pytest.mark.parametrize("trouble", [Refused("Rekan Anda lebih dulu."), Unavailable("Server tidak menjawab.")])
def test_a_refused_deed_is_told_and_can_be_tried_again(
    window: MainWindow,
    workstation: FakeWorkstation,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Refused | Unavailable,
) -> None:
    told: list[str] = []
    monkeypatch.setattr(message, "show_trouble", lambda _owner, why: told.append(str(why)))

    def perform(_owner: Any, _action: Any, _case: Any, _inputs: Any, _done: Any, failed: Any, **_: Any) -> None:
        failed(trouble)

    monkeypatch.setattr(workstation, "perform", perform)
    wait_for_case(qtbot, window, 0)
    action(window, "accept_original").click()
    assert told == [str(trouble)]
    assert action(window, "accept_original").isEnabled()


def test_further_steps_open_in_place(window: MainWindow, qtbot: QtBot) -> None:
    wait_for_case(qtbot, window, 0)
    assert not action(window, "cancel_case").isVisible()
    toggle = window.case.findChild(RowButton, "more_steps")
    assert toggle is not None
    toggle.click()
    assert action(window, "cancel_case").isVisible()


# a server that is away


def test_a_server_that_is_away_leaves_the_lists_and_says_why_nothing_can_be_done(
    window: MainWindow, workstation: FakeWorkstation, qtbot: QtBot
) -> None:
    wait_for_case(qtbot, window, 0)
    workstation.live.note_lost()
    bar = window.findChild(QWidget, "offline")
    assert bar is not None
    assert bar.isVisible()
    words = [label.text() for label in bar.findChildren(QLabel)]
    assert words == ["Tidak terhubung sejak 10.42. Daftar di layar bisa usang."]
    assert len(window.queue.list.table.rows) == len(ROWS)
    assert not action(window, "accept_original").isEnabled()
    said = " ".join(label.text() for label in window.case.findChildren(QLabel) if label.isVisible())
    assert "Tindakan mati karena server tidak terhubung sejak 10.42." in said
    workstation.live.note_reached()
    assert not bar.isVisible()
    assert action(window, "accept_original").isEnabled()


def test_papers_that_failed_can_be_tried_again(window: MainWindow, workstation: FakeWorkstation) -> None:
    tries: list[int] = []
    workstation.papers_failed.emit("Kuitansi 0017 terbit. Lembar cetaknya belum jadi.", lambda: tries.append(1))
    said = window.findChild(QLabel, "said")
    assert said is not None
    assert said.text() == "! Kuitansi 0017 terbit. Lembar cetaknya belum jadi."
    again = next(b for b in window.findChildren(QAbstractButton) if b.text() == "Coba lagi")
    again.click()
    assert tries == [1]
    assert not again.isVisible()


# the search box


def test_a_scan_lands_in_the_box_and_opens_its_case(
    window: MainWindow, workstation: FakeWorkstation, qtbot: QtBot
) -> None:
    wait_for_case(qtbot, window, 0)
    workstation.shelf.hits = [SearchHit("SPPD", ROWS[2].number, ROWS[2].customer_name, 1, ROWS[2].id)]
    window.activateWindow()
    window.queue.list.setFocus()
    qtbot.waitUntil(window.queue.list.hasFocus)
    for key in "BPS1.SPPD.1600":
        QTest.keyClicks(QApplication.focusWidget() or window, key)
    assert window.search.text() == "BPS1.SPPD.1600"
    QTest.keyClick(window.search, Qt.Key.Key_Return)  # the scanner's Enter comes before the answer
    wait_for_case(qtbot, window, 2)
    assert window.search.text() == ""


def test_the_box_runs_a_step_of_the_case(window: MainWindow, workstation: FakeWorkstation, qtbot: QtBot) -> None:
    wait_for_case(qtbot, window, 0)
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.search.hasFocus)
    QTest.keyClicks(window.search, "ter nas")
    qtbot.waitUntil(lambda: window.search.popup.isVisible() and bool(window.search.list.table.rows))
    assert [line.title for line in window.search.list.table.rows] == ["Terima naskah asli"]
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(workstation.shelf.deeds))
    assert workstation.shelf.deeds[0][0] == "accept_original"


def test_what_is_not_found_is_said(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    window.search.begin()
    qtbot.waitUntil(window.search.hasFocus)
    QTest.keyClicks(window.search, "qqqq")
    said = window.search.popup.findChild(QLabel)
    assert said is not None
    qtbot.waitUntil(lambda: said.text().startswith("Tidak ditemukan"))
    QTest.keyClick(window.search, Qt.Key.Key_Escape)
    assert not window.search.popup.isVisible()
    assert window.queue.list.hasFocus()


# room


@pytest.mark.parametrize(("width", "panel", "column"), [(1366, True, True), (960, False, True), (683, False, False)])
def test_the_window_fits_large_scaling(window: MainWindow, width: int, panel: bool, column: bool) -> None:
    window.resize(width, 384)
    assert window.width() == width
    assert window.case.isVisible() is panel
    place = window.findChild(RowButton, "place.officer.all")
    assert place is not None
    assert place.isVisible() is column
    assert window.queue.list.isVisible()
    window.case.wide_wanted.emit()
    assert window.case.isVisible()
    assert not window.queue.isVisible()


def test_a_long_case_list_is_painted_in_both_looks(window: MainWindow) -> None:
    for look in (Choice.LIGHT, Choice.DARK):
        theme.choose(look)
        picture = window.grab().toImage()
        assert picture.pixelColor(3, 300).name().upper() == theme.tokens.background
    theme.choose(Choice.LIGHT)


def test_closing_while_an_answer_is_on_its_way_is_safe(themed: QApplication, qtbot: QtBot) -> None:
    station = FakeWorkstation()
    window = open_window(qtbot, station)
    station.live.read_again()
    window.close()
    station.close()
    qtbot.wait(200)


def test_the_clock_is_the_offices(workstation: FakeWorkstation) -> None:
    assert workstation.clock_text(datetime(2026, 12, 31, 18, 30, tzinfo=UTC)) == "01.30"
    assert workstation.today().isoformat() == "2026-11-20"
    assert isinstance(workstation.shelf.steps[0][0], Step)
