from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from desk.errors import Refused
from desk.rules.people import Actor, Duty
from desk.ui.background import Background
from desk.ui.login import Door, LoginWindow, Person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

PEOPLE = (
    Person("rina", "rahasia", "Rina Contoh", "petugas", "BPS Provinsi Sumatera Selatan"),
    Person("yuni", "rahasia", "Yuni Rekaan", "bendahara", "BPS Kota Jambi"),
)


@pytest.fixture
def background(themed: QApplication) -> Iterator[Background]:
    made = Background(lambda: pytest.fail("nobody reads before coming in"), lambda _owner, _trouble: None)
    yield made
    made.close()


def opened(qtbot: QtBot, background: Background, door: Door) -> LoginWindow:
    window = LoginWindow(door, background)
    qtbot.addWidget(window)
    window.show()
    return window


def trouble(window: LoginWindow) -> QLabel:
    label = window.findChild(QLabel, "trouble")
    assert label is not None
    return label


def test_in_training_a_card_lets_its_person_in(background: Background, qtbot: QtBot) -> None:
    asked: list[tuple[str, str, bool]] = []

    def enter(login: str, password: str) -> Any:
        asked.append((login, password, threading.current_thread() is threading.main_thread()))
        return "workstation"

    window = opened(qtbot, background, Door(enter, PEOPLE, training=True))
    assert "LATIHAN" in window.windowTitle()
    card = window.findChild(QPushButton, "person.yuni")
    assert card is not None
    assert card.accessibleName() == "Yuni Rekaan, bendahara, BPS Kota Jambi"
    with qtbot.waitSignal(window.entered) as came_in:
        card.click()
        card.click()  # an impatient second click
    assert came_in.args == ["workstation"]
    assert asked == [("yuni", "rahasia", False)]


def test_a_wrong_password_is_said_and_can_be_typed_again(background: Background, qtbot: QtBot) -> None:
    def enter(_login: str, _password: str) -> Any:
        raise Refused("Nama pengguna atau kata sandi tidak cocok.")

    window = opened(qtbot, background, Door(enter, server="db.contoh", login="rina"))
    QTest.keyClicks(window.password, "salah")
    QTest.keyClick(window.password, Qt.Key.Key_Return)
    qtbot.waitUntil(trouble(window).isVisible)
    assert trouble(window).text() == "Nama pengguna atau kata sandi tidak cocok."
    assert window.go.isEnabled()
    assert window.password.selectedText()


def test_an_impatient_enter_connects_once(background: Background, qtbot: QtBot) -> None:
    asked: list[str] = []
    window = opened(qtbot, background, Door(lambda login, _password: asked.append(login), login="rina"))  # type: ignore[arg-type,return-value]
    QTest.keyClicks(window.password, "rahasia")
    with qtbot.waitSignal(window.entered):
        QTest.keyClick(window.password, Qt.Key.Key_Return)
        QTest.keyClick(window.password, Qt.Key.Key_Return)
    assert asked == ["rina"]


def test_an_empty_password_is_not_sent(background: Background, qtbot: QtBot) -> None:
    window = opened(qtbot, background, Door(lambda *_: pytest.fail("sent"), login="rina"))
    window.go.click()
    assert trouble(window).text() == "Isi nama pengguna dan kata sandi, lalu tekan Masuk."


def test_a_password_is_kept_only_when_it_opened_the_door(background: Background, qtbot: QtBot) -> None:
    kept: list[tuple[str, str]] = []
    door = Door(
        lambda _login, _password: somebody(Duty.OFFICER),
        login="rina",
        remembered=lambda _login: "lama",
        remember=lambda login, password: kept.append((login, password)),
    )
    window = opened(qtbot, background, door)
    qtbot.waitUntil(lambda: window.password.text() == "lama")
    assert window.keep.isChecked()
    with qtbot.waitSignal(window.entered):
        window.go.click()
    assert kept == [("rina", "lama")]


def somebody(*duties: Duty) -> Any:
    return SimpleNamespace(actor=Actor("rina", "Rina Umpama", "", {1600: frozenset(duties)}))


@pytest.mark.parametrize("duties", [(Duty.TREASURER,), (Duty.OFFICER, Duty.TREASURER), (Duty.ADMINISTRATOR,)])
def test_only_the_password_of_an_officer_stays_on_a_computer(
    background: Background, qtbot: QtBot, duties: tuple[Duty, ...]
) -> None:
    forgotten: list[str] = []
    door = Door(
        lambda _login, _password: somebody(*duties),
        login="rina",
        remembered=lambda _login: "dari waktu masih petugas",
        remember=lambda _login, _password: pytest.fail("kept"),
        forget=forgotten.append,
    )
    window = opened(qtbot, background, door)
    qtbot.waitUntil(lambda: bool(window.password.text()))
    with qtbot.waitSignal(window.entered):
        window.go.click()
    assert forgotten == ["rina"]


def test_whoever_takes_the_tick_away_is_forgotten(background: Background, qtbot: QtBot) -> None:
    forgotten: list[str] = []
    door = Door(
        lambda _login, _password: somebody(Duty.OFFICER),
        login="rina",
        remembered=lambda _login: "lama",
        remember=lambda _login, _password: pytest.fail("kept"),
        forget=forgotten.append,
    )
    window = opened(qtbot, background, door)
    qtbot.waitUntil(window.keep.isChecked)
    window.keep.setChecked(False)
    with qtbot.waitSignal(window.entered):
        window.go.click()
    assert forgotten == ["rina"]
