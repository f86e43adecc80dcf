"""What was typed survives: a crash, an Escape, a server that is away; identity numbers are never written down."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desk.errors import Unavailable
from desk.rules.case import Channel, Fit
from desk.rules.inputs import FitDecisions, Reason, Registration
from desk.ui.background import Background
from desk.ui.forms import FormDialog
from desk.ui.forms.drafts import Draft, DraftKey, Drafts
from tests.ui.form_desk import Asking, around, case, keys_of, no_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pytestqt.qtbot import QtBot

    from desk.actions import Action

KEY = DraftKey("rina", "register_case", "1/")


@pytest.fixture
def background(qapp: object) -> Iterator[Background]:
    lanes = Background(no_database, lambda _owner, trouble: pytest.fail(str(trouble)))
    yield lanes
    lanes.close()


class Desk:
    """Opens forms on one folder of drafts, as one person does over a day."""

    def __init__(self, qtbot: QtBot, folder: Path, background: Background) -> None:
        self.qtbot, self.folder, self.background = qtbot, folder, background
        self.sent: list[tuple[Any, FormDialog]] = []

    def open(self, asks: type = Reason, of_case: Any = None, subject: str = "1/") -> FormDialog:
        action = cast("Action", Asking("register_case", "Coba", asks))
        form = FormDialog(None, action, of_case, lambda given, dialog: self.sent.append((given, dialog)))
        form.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # the test takes it away
        self.qtbot.addWidget(form)
        form.show()
        form.ask(around(self.folder, self.background), subject=subject)
        return form

    def type(self, form: FormDialog, text: str) -> None:
        """Type a reason and wait until it is kept."""
        QTest.keyClicks(keys_of(form, "reason"), text)
        self.qtbot.waitUntil(lambda: form.kept.text() == "Konsep tersimpan di komputer ini.")

    def files(self) -> list[Path]:
        return sorted(self.folder.glob("*.json"))


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, background: Background) -> Desk:
    return Desk(qtbot, tmp_path / "konsep", background)


def test_what_was_typed_is_offered_again_after_a_crash_with_the_key_of_the_deed(desk: Desk, qtbot: QtBot) -> None:
    first = desk.open()
    desk.type(first, "Salah alamat")
    key = first.request_id
    first._dirty = False
    first.hide()  # the program is gone; nothing more is saved

    second = desk.open()
    qtbot.waitUntil(lambda: second.offer.isVisible())
    assert second.offer_text.text().startswith("Ada isian yang belum dikirim dari ")
    assert second.fields["reason"].is_empty(), "nothing is filled in before the person says so"
    QTest.mouseClick(second.use, Qt.MouseButton.LeftButton)
    second.submit()
    assert desk.sent[-1][0] == Reason(reason="Salah alamat")
    assert second.request_id == key, "asked again, the deed is recorded once"


def test_a_draft_is_removed_when_its_deed_is_recorded(desk: Desk, qtbot: QtBot) -> None:
    form = desk.open()
    desk.type(form, "Salah alamat")
    assert len(desk.files()) == 1
    form.submit()
    form.succeeded()
    qtbot.waitUntil(lambda: desk.files() == [])


def test_a_draft_stays_when_the_server_was_away(desk: Desk) -> None:
    form = desk.open()
    desk.type(form, "Salah alamat")
    form.submit()
    form.refused(Unavailable("Server tidak dapat dijangkau."))
    assert len(desk.files()) == 1
    assert form.isVisible()


def test_another_case_is_not_offered_the_draft(desk: Desk, qtbot: QtBot) -> None:
    desk.type(desk.open(subject="1/a"), "Salah alamat")
    other = desk.open(subject="1/b")
    qtbot.wait(50)
    assert not other.offer.isVisible()


def test_escape_asks_before_input_is_lost(desk: Desk, qtbot: QtBot) -> None:
    form = desk.open()
    desk.type(form, "Salah alamat")
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert form.isVisible()
    assert form.leaving.isVisible()
    QTest.mouseClick(form.stay, Qt.MouseButton.LeftButton)
    assert form.fields["reason"].answer() == "Salah alamat"
    QTest.keyClick(form, Qt.Key.Key_Escape)
    QTest.mouseClick(form.throw, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: desk.files() == [])


def test_escape_closes_an_untouched_form_at_once(desk: Desk) -> None:
    form = desk.open()
    closed: list[int] = []
    form.finished.connect(closed.append)
    QTest.keyClick(form, Qt.Key.Key_Escape)
    assert closed == [0]


def test_the_window_cannot_be_closed_over_unsent_input(desk: Desk) -> None:
    form = desk.open()
    desk.type(form, "Salah alamat")
    form.close()
    assert form.isVisible()
    assert form.leaving.isVisible()


def test_identity_numbers_are_not_written_down(desk: Desk, qtbot: QtBot) -> None:
    form = desk.open(Registration)
    form.fields["channel"].set_value(Channel.DESK)
    form.fields["name"].set_value("Siti Contoh")
    form.fields["id_number"].set_value("9901014508900001")
    form.fields["npwp"].set_value("09.999.999.9-999.000")
    qtbot.waitUntil(lambda: len(desk.files()) == 1)
    [kept] = desk.files()
    text = kept.read_text("utf-8")
    assert "Siti Contoh" in text
    assert "9901014508900001" not in text
    assert "999.999" not in text
    assert "Siti" not in kept.name


def test_half_typed_answers_come_back_as_they_were(desk: Desk, qtbot: QtBot) -> None:
    form = desk.open(Registration)
    form.fields["channel"].set_value(Channel.WHATSAPP)
    lines = cast("Any", form.fields["lines"])
    lines.rows[0].title.setText("Susenas")
    lines.rows[0].quantity.setText("1,12 Gi")
    cast("Any", form.fields["abstract"]).parts["purpose"].setPlainText("Mengukur")
    qtbot.waitUntil(lambda: len(desk.files()) == 1)
    again = desk.open(Registration)
    qtbot.waitUntil(lambda: again.offer.isVisible())
    again.use_draft()
    row = cast("Any", again.fields["lines"]).rows[0]
    assert (row.title.text(), row.quantity.text()) == ("Susenas", "1,12 Gi")
    assert again.fields["channel"].answer() is Channel.WHATSAPP
    assert cast("Any", again.fields["abstract"]).abstract().purpose == "Mengukur"


def test_fit_decisions_come_back_by_line(desk: Desk, qtbot: QtBot) -> None:
    form = desk.open(FitDecisions, case())
    row = cast("Any", form.fields["decisions"]).lines[1]
    row.buttons[Fit.DOES_NOT].setChecked(True)
    row.reason.setPlainText("Peta tidak disebut.")
    qtbot.waitUntil(lambda: len(desk.files()) == 1)
    again = desk.open(FitDecisions, case())
    qtbot.waitUntil(lambda: again.offer.isVisible())
    again.use_draft()
    rows = cast("Any", again.fields["decisions"]).lines
    assert [line.fit() for line in rows] == [None, Fit.DOES_NOT]
    assert rows[1].reason.text() == "Peta tidak disebut."


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 99}', '{"format": 1, "request_id": "x"}'])
def test_a_damaged_draft_is_passed_over(tmp_path: Path, content: str) -> None:
    (tmp_path / KEY.file_name()).write_text(content)
    assert Drafts(tmp_path).load(KEY) is None


def test_a_draft_comes_back_whole(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "baru")
    draft = Draft(uuid4(), datetime(2026, 11, 21, 3, 0, tzinfo=UTC), {"name": "Siti “Contoh”", "id_number": "99"})
    drafts.save(KEY, draft)
    assert drafts.load(KEY) == Draft(draft.request_id, draft.saved_at, {"name": "Siti “Contoh”"})
    drafts.remove(KEY, draft.request_id)
    drafts.remove(KEY, draft.request_id)
    assert drafts.load(KEY) is None


def test_a_save_that_comes_late_brings_nothing_back(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path)
    key = uuid4()
    newer = Draft(key, datetime(2026, 11, 21, 3, 1, tzinfo=UTC), {"name": "Siti Contoh"})
    older = Draft(key, datetime(2026, 11, 21, 3, 0, tzinfo=UTC), {"name": "Siti"})
    drafts.save(KEY, newer)
    drafts.save(KEY, older)
    assert drafts.load(KEY) == newer
    drafts.remove(KEY, key)
    drafts.save(KEY, newer)
    assert drafts.load(KEY) is None


@pytest.mark.skipif(sys.platform == "win32", reason="on Windows the profile's access list guards the folder")
def test_a_draft_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path / "baru")
    drafts.save(KEY, Draft(uuid4(), datetime(2026, 11, 21, tzinfo=UTC), {}))
    [kept] = (tmp_path / "baru").iterdir()
    assert kept.stat().st_mode & 0o077 == 0
    assert (tmp_path / "baru").stat().st_mode & 0o077 == 0
    assert json.loads(kept.read_text())["fields"] == {}


def test_a_full_disk_is_said_and_does_not_stop_the_work(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "konsep").write_text("a file where the folder should be")
    form = desk.open()
    QTest.keyClicks(keys_of(form, "reason"), "Salah alamat")
    qtbot.waitUntil(lambda: "tidak dapat" in form.kept.text())
    form.submit()
    assert desk.sent
