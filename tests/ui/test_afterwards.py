"""A deed whose answer never came is settled by itself when the program starts again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtWidgets import QLabel

from desk.rules.inputs import Reason
from desk.ui.forms.drafts import Draft, DraftKey, Drafts
from tests.office import Office

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest
    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow


def test_what_was_done_is_said_and_its_draft_is_gone_what_was_not_is_still_offered(
    sit_down: Callable[[str], MainWindow],
    office: Office,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("desk.ui.forms.opening.drafts_folder", lambda **_: tmp_path)
    rina, case = office.as_("rina"), office.new_case()
    done, lost, foreign = uuid4(), uuid4(), uuid4()
    rina.do("cancel_case", case, Reason(reason="Tidak jadi."), key=done)
    office.as_("fajar").do("redirect_case", office.new_case(), key=foreign)
    drafts = Drafts(tmp_path)
    for number, key in enumerate((done, lost, foreign)):
        drafts.save(DraftKey(rina.login, "cancel_case", str(number)), Draft(key, datetime.now(UTC), {}))

    window = sit_down("rina")
    said = window.findChild(QLabel, "said")
    assert said is not None
    qtbot.waitUntil(lambda: "belum diketahui" in said.text())
    assert office.facts(case).number in said.text()
    assert set(drafts.keys()) == {lost, foreign}, "a key that this person did not record is nobody's proof"
