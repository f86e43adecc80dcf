from __future__ import annotations

import logging
import re
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from desk.errors import Refused, Unavailable
from desk.ui import message

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.mark.parametrize("trouble", [Refused("Kuitansi sudah terbit."), Unavailable("Server tidak menjawab.")])
def test_trouble_is_shown_with_its_own_sentence(themed: QApplication, qtbot: QtBot, trouble: Refused) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    message.show_trouble(owner, trouble)
    dialog = owner.findChild(message.Message)
    assert dialog is not None
    assert not dialog.isModal()
    assert dialog.accessibleDescription() == str(trouble)
    assert [button.text() for button in dialog.buttons] == ["Mengerti"]


@pytest.mark.parametrize(("pressed", "agreed"), [(0, False), (1, True)])
def test_what_cannot_be_undone_is_asked_by_its_name(
    themed: QApplication, qtbot: QtBot, pressed: int, agreed: bool
) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)

    def press() -> None:
        dialog = owner.findChild(message.Message)
        assert dialog is not None
        assert [button.text() for button in dialog.buttons] == ["Batal", "Terbitkan kuitansi"]
        dialog.buttons[pressed].click()

    QTimer.singleShot(0, press)
    sentence = "Kuitansi yang sudah terbit tidak dapat dihapus."
    assert message.confirm(owner, "Terbitkan kuitansi", sentence, "Terbitkan kuitansi") is agreed


def test_names_of_customers_are_never_markup(themed: QApplication, qtbot: QtBot) -> None:
    dialog = message.Message(None, "Judul", "<b>CV Contoh</b> & Rekan", ("Mengerti",))
    qtbot.addWidget(dialog)
    dialog.show()
    texts = [label.textFormat().name for label in dialog.findChildren(QLabel)]
    assert set(texts) == {"PlainText"}


def test_a_bug_is_logged_and_shown_with_one_reference_number(
    themed: QApplication, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    try:
        raise ZeroDivisionError("bug")
    except ZeroDivisionError as error:
        with caplog.at_level(logging.ERROR):
            message.on_crash(type(error), error, error.__traceback__)
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, message.CrashDialog) and w.isVisible())
    qtbot.addWidget(dialog)
    text = " ".join(label.text() for label in dialog.findChildren(QLabel))
    found = re.search(r"Nomor rujukan: ([0-9A-F]{8})", text)
    assert found
    assert f"bug {found[1]}" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    copy = next(b for b in dialog.findChildren(QPushButton) if b.text().startswith("Salin"))
    copy.click()
    assert found[1] in QApplication.clipboard().text()
    dialog.close()


def test_a_program_without_window_still_logs_a_bug(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        message.on_crash(KeyError, KeyError("x"), None)
    assert "KeyError" in caplog.text
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, message.CrashDialog):
            widget.close()


def test_the_crash_door_is_the_programs_hook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    monkeypatch.setattr("threading.excepthook", lambda _args: None)
    message.install_crash_door()
    assert sys.excepthook is message.on_crash
