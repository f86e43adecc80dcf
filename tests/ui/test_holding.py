"""Ambil berikutnya (F4): the next free case is taken and opened, colleagues see who holds it, work keeps it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from desk.rules.desks import Desk
from desk.ui import message
from desk.ui.desk_list import ARCHIVE
from tests.office import MORNING, Office

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow

WAIT = 20_000


def held(window: MainWindow) -> str:
    label = window.case.findChild(QLabel, "held")
    assert label is not None
    return label.text() if label.isVisibleTo(window) else ""


def why(window: MainWindow) -> str:
    table = window.queue.list.table
    return str(table.index(0, 2).data())


def test_the_next_case_is_taken_with_one_key_and_everybody_sees_until_when(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.new_case()
    other, mine = sit_down("fajar"), sit_down("rina")
    assert mine.queue.next.isVisible()
    qtbot.waitUntil(lambda: bool(other.queue.list.table.rows), timeout=WAIT)
    QTest.keyClick(mine, Qt.Key.Key_F4)
    qtbot.waitUntil(lambda: held(mine) == "Anda memegang permohonan ini sampai 09.30.", timeout=WAIT)
    qtbot.waitUntil(lambda: mine.case.facts is not None and mine.case.facts.id == case.id, timeout=WAIT)
    qtbot.waitUntil(lambda: why(other).startswith("Rina Umpama s.d. 09.30 · "), timeout=WAIT)

    told: list[str] = []
    monkeypatch.setattr(message, "show_trouble", lambda _owner, trouble: told.append(str(trouble)))
    other.queue.next.click()
    qtbot.waitUntil(lambda: bool(told), timeout=WAIT)
    assert told[0].startswith("Tidak ada permohonan yang bebas di antrean ini.")


def test_working_in_the_case_keeps_it_and_looking_away_does_not(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.new_case()
    office.as_("rina").do("claim_case", case)
    window = sit_down("rina")
    qtbot.waitUntil(lambda: window.case.facts is not None and held(window) != "", timeout=WAIT)
    later = office.set_clock(MORNING + timedelta(minutes=15))
    monkeypatch.setattr(window._workstation, "_clock", later)

    monkeypatch.setattr(window.holding, "_idle", lambda: 300.0)
    asked: list[object] = []
    with monkeypatch.context() as patch:
        patch.setattr(window.holding, "_renew", lambda *case: asked.append(case))
        window.holding.keep()
    assert not asked, "nobody has touched the program for five minutes"

    monkeypatch.setattr(window.holding, "_idle", lambda: 3.0)
    window.holding.keep()
    qtbot.waitUntil(lambda: held(window) == "Anda memegang permohonan ini sampai 09.45.", timeout=WAIT)


def test_the_button_stands_at_the_officers_list_alone(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot
) -> None:
    office.new_case()
    rina, budi = sit_down("rina"), sit_down("budi")
    assert not budi.queue.next.isVisible()
    rina.queue.show_queue(Desk.MAIL, None, "Meja surat")
    assert not rina.queue.next.isVisible()
    rina.desks.choose(ARCHIVE)
    assert not rina.queue.next.isVisible()
