"""On the phone: the customer is found while typing; a request that is here already is shown before it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCompleter

from desk.rules.case import Channel
from desk.rules.inputs import MergeInput, SentBy
from desk.ui.forms import FormDialog, opening
from desk.ui.forms.register_help import RegisterHelp, SameStrip
from tests import inputs
from tests.office import PALEMBANG, Office
from tests.ui.test_desk_story import said

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest
    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow

LONG = 20_000


def new_form(window: MainWindow, qtbot: QtBot) -> FormDialog:
    window.top.new_case.click()
    qtbot.waitUntil(
        lambda: any(form.findChildren(RegisterHelp) for form in window.findChildren(FormDialog)), timeout=LONG
    )
    return next(form for form in window.findChildren(FormDialog) if form.findChildren(RegisterHelp))


def edit(form: FormDialog, name: str) -> Any:
    return cast("Any", form.fields[name]).edit


def test_a_request_on_the_phone_is_the_same_as_one_that_is_here(
    sit_down: Callable[[str], MainWindow],
    office: Office,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(opening, "drafts_folder", lambda **_: tmp_path)
    old = office.as_("rina").register(PALEMBANG)
    window = sit_down("rina")
    form = new_form(window, qtbot)
    channel = form.fields["channel"]
    qtbot.waitUntil(lambda: bool(form.focusWidget()) and channel.isAncestorOf(form.focusWidget()), timeout=LONG)
    channel.set_value(Channel.DESK)  # the form has settled: it moves the focus no more
    name = edit(form, "name")

    def in_front() -> bool:
        """The windows of other tests may stand in front of the form; whoever types stands before it."""
        form.activateWindow()
        name.setFocus()
        return bool(name.hasFocus())

    qtbot.waitUntil(in_front, timeout=LONG)
    QTest.keyClicks(name, "sari cont")
    helper = form.findChildren(RegisterHelp)[0]
    assert isinstance(helper.completer, QCompleter)
    popup = cast("Any", helper.completer.popup())
    qtbot.waitUntil(popup.isVisible, timeout=LONG)
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: edit(form, "email").text() == "sari@example.org", timeout=LONG)
    assert edit(form, "phone").text() == "+6281200000101"
    strip = form.findChildren(SameStrip)[0]
    qtbot.waitUntil(strip.isVisible, timeout=LONG)
    form.submit()
    qtbot.waitUntil(lambda: "mungkin sudah ada" in form.message.text(), timeout=LONG)
    strip.buttons[0].click()
    qtbot.waitUntil(lambda: window.case.facts is not None and window.case.facts.id == old.id, timeout=LONG)
    form.submit()
    qtbot.waitUntil(lambda: said(window).startswith("✓ Permohonan PST-1600-2026-000002"), timeout=LONG)


def test_nothing_is_held_back_for_somebody_new(
    sit_down: Callable[[str], MainWindow],
    office: Office,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(opening, "drafts_folder", lambda **_: tmp_path)
    office.as_("rina").register(PALEMBANG)
    window = sit_down("rina")
    form = new_form(window, qtbot)
    form.fill({"channel": Channel.WHATSAPP, "name": "Budi Lain", "phone": "0813 0000 0999"})
    form.submit()
    qtbot.waitUntil(lambda: said(window).startswith("✓ Permohonan PST-1600-2026-000002"), timeout=LONG)


def test_a_merged_case_opens_the_one_it_lives_on_in_and_shows_what_changed(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot
) -> None:
    rina = office.as_("rina")
    kept, gone = rina.register(PALEMBANG), rina.register(PALEMBANG)
    number = office.facts(kept).number
    rina.do("merge_case", gone, MergeInput(number=number, reason="Permohonan yang sama."))
    rina.do("return_request", kept, SentBy(text="Mohon lengkapi metodenya."))
    now = office.facts(kept)
    rina.do("change_request", kept, inputs.change(now, lines=inputs.LINES[:1]))
    window = sit_down("rina")
    window._open_wide(gone.office_id, gone.id)
    qtbot.waitUntil(lambda: window.case.facts is not None and window.case.facts.id == gone.id, timeout=LONG)
    page = window.case._summary
    assert f"Digabungkan ke {number}" in " ".join(page.toPlainText().split())
    page.anchorClicked.emit(f"case:{kept.id}")
    qtbot.waitUntil(lambda: window.case.facts is not None and window.case.facts.id == kept.id, timeout=LONG)
    text = " ".join(page.toPlainText().split())
    assert "PERUBAHAN SEJAK DIKEMBALIKAN" in text
    assert "Mohon lengkapi metodenya." in text
    assert "Memuat juga" in text


def test_the_text_for_a_section_follows_what_is_typed(
    sit_down: Callable[[str], MainWindow],
    office: Office,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    from desk.ui.forms.section_panel import SectionPanel

    monkeypatch.setattr(opening, "drafts_folder", lambda **_: tmp_path)
    case = office.as_("rina").register(PALEMBANG)
    window = sit_down("rina")
    window._open_wide(case.office_id, case.id)
    qtbot.waitUntil(lambda: window.case.facts is not None, timeout=LONG)
    window.case.actions_bar.trigger("ask_section")
    qtbot.waitUntil(lambda: bool(window.findChildren(SectionPanel)), timeout=LONG)
    panel = window.findChildren(SectionPanel)[0]
    form = next(form for form in window.findChildren(FormDialog) if form.isAncestorOf(panel))
    form.fill({"section": form.fields["section"].question.choices[0], "question": "Apakah cocok?"})
    panel.copy_text()
    copied = QGuiApplication.clipboard().text()
    assert "seksi Statistik Sosial" in copied
    assert "Apakah cocok?" in copied
    assert "26 November 2026" in copied
    assert "Sari" not in copied, "a section need not know who asks"
    form.submit()
    qtbot.waitUntil(lambda: "ditanya" in said(window), timeout=LONG)
