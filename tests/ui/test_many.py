"""One deed for many cases: chosen by keyboard, previewed, each done on its own, told and kept as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from python_calamine import CalamineWorkbook

from desk.many import Standing
from desk.rules.case import Channel
from desk.rules.claims import held_sentence
from desk.ui.forms import opening
from desk.ui.many_run import ManyRun, broken_off
from tests.inputs import registration
from tests.mail.post_office import set_up
from tests.office import PALEMBANG, Office

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow
    from desk.ui.many import ManyDialog

LONG = 20_000


@pytest.fixture(autouse=True)
def own_drafts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(opening, "drafts_folder", lambda **_: tmp_path / "drafts")


def many_of(window: MainWindow, qtbot: QtBot) -> ManyDialog:
    """The window of one deed for all rows of the list."""
    window.queue.list.setFocus()
    QTest.keyClick(window.queue.list, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert window.queue.chosen.isVisible()
    QTest.keyClick(window.queue.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert window.queue.many is not None
    assert window.queue.many.dialog is not None
    return window.queue.many.dialog


def looked(dialog: ManyDialog, action_id: str, qtbot: QtBot) -> ManyRun:
    dialog.choose(action_id)
    run = dialog.run
    assert run is not None
    qtbot.waitUntil(lambda: run.judged, timeout=LONG)
    return run


def test_space_and_arrows_choose_rows_and_the_frame_stays_on_the_current_one(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot
) -> None:
    for _ in range(4):
        office.new_case()
    window = sit_down("rina")
    cases = window.queue.list
    qtbot.waitUntil(lambda: len(cases.table.rows) == 4, timeout=LONG)
    cases.setFocus()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Space):
        QTest.keyClick(cases, key)
    assert cases.chosen_rows() == [cases.table.rows[0], cases.table.rows[2]]
    assert cases.current_row() == cases.table.rows[2], "the case beside the list is the one under the frame"
    assert window.queue.chosen.text() == "2 dipilih: kerjakan …"
    office.new_case()
    qtbot.waitUntil(lambda: cases.table.waiting == 1, timeout=LONG)
    window.queue.settle()
    assert len(cases.chosen_rows()) == 2, "what was chosen stays chosen when the list is renewed"
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert len(cases.chosen_rows()) == 1
    assert not window.queue.chosen.isVisible()


def test_what_a_colleague_holds_is_passed_over_and_the_rest_is_taken_each_in_its_own_story(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    cases = [office.new_case() for _ in range(3)]
    office.as_("fajar").do("claim_case", cases[1])
    window = sit_down("rina")
    qtbot.waitUntil(lambda: len(window.queue.list.table.rows) == 3, timeout=LONG)
    dialog = many_of(window, qtbot)
    run = looked(dialog, "claim_case", qtbot)
    assert dialog.summary.text() == "2 dari 3 permohonan dapat dikerjakan; 1 dilewati, alasannya di bawah."
    held = {row.id: row for row in run.rows}[cases[1].id]
    assert held.standing is Standing.SKIPPED
    assert held.said.startswith("Fajar Rekaan memegang permohonan ini")
    with qtbot.waitSignal(run.ended, timeout=LONG):
        dialog.do.click()
    assert dialog.summary.text() == "2 selesai, 1 dilewati."
    for case in (cases[0], cases[2]):
        assert office.story(case)[-1].startswith("Diambil, dipegang sampai")
        holder = office.facts(case).holder
        assert holder is not None
        assert held_sentence(holder, office.as_("rina").login, office.facts(case).today).startswith("Anda")
    path = tmp_path / "hasil.xlsx"
    with qtbot.waitSignal(dialog.files.said, timeout=LONG):
        dialog.save_to(path)
    kept = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert kept[0][0] == "Ambil permohonan"
    assert {row[0]: row[3] for row in kept[-3:]} == {row.case.number: row.standing.value for row in run.rows}


def test_a_run_that_broke_off_goes_on_with_its_keys_and_doubles_nothing(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot
) -> None:
    cases = [office.new_case() for _ in range(3)]
    window = sit_down("rina")
    qtbot.waitUntil(lambda: len(window.queue.list.table.rows) == 3, timeout=LONG)
    dialog = many_of(window, qtbot)
    run = looked(dialog, "hand_over", qtbot)
    qtbot.waitUntil(lambda: set(dialog.fields) == {"login", "note"}, timeout=LONG)
    dialog.do.click()
    assert not run.running, "the note is missing"
    dialog.fields["login"].set_value(office.as_("maya").login)
    dialog.fields["note"].set_value("Saya dinas luar sampai Jumat.")
    run.changed.connect(run.stop)  # between the first and the second
    run.forget = lambda: None  # type: ignore[method-assign]  # a crash does not tidy up
    with qtbot.waitSignal(run.ended, timeout=LONG):
        dialog.do.click()
    assert [row.standing for row in run.rows].count(Standing.DONE) == 1
    dialog.close()

    found: list[ManyRun] = []
    window.queue.many_of_window()
    broken_off(window, window.queue._workstation, found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=LONG)
    again = window.queue.many_of_window()
    again.go_on(found[0])
    assert again.dialog is not None
    qtbot.waitUntil(lambda: found[0].judged, timeout=LONG)
    assert again.dialog.summary.text() == "1 selesai, 2 belum dikerjakan."
    with qtbot.waitSignal(found[0].ended, timeout=LONG):
        again.dialog.do.click()
    assert again.dialog.summary.text() == "3 selesai."
    for case in cases:
        assert office.story(case).count("Diserahkan kepada Maya Khayal.") == 1


def test_texts_leave_only_by_the_offices_mail_and_are_seen_before(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(office, port=1)
    mail = office.new_case()
    chat = office.new_case(asked=registration(channel=Channel.WHATSAPP))
    for case in (mail, chat):
        for action_id in ("decide_fit", "check_requirements", "declare_clear", "issue_invoice"):
            office.as_("rina").do(action_id, case)
        office.make_papers(case)
    monkeypatch.setattr("desk.ui.message.confirm", lambda *_: True)
    window = sit_down("rina")
    qtbot.waitUntil(lambda: len(window.queue.list.table.rows) == 2, timeout=LONG)
    dialog = many_of(window, qtbot)
    run = looked(dialog, "send_offer", qtbot)
    rows = {row.id: row for row in run.rows}
    assert "Buka permohonannya" in rows[chat.id].said
    assert rows[chat.id].standing is Standing.SKIPPED
    dialog.list.select_key(mail.id)
    facts = office.facts(mail)
    assert facts.invoice is not None
    assert facts.invoice.number in dialog.text.toPlainText()
    with qtbot.waitSignal(run.ended, timeout=LONG):
        dialog.do.click()
    [sent] = office.rows(
        "SELECT o.recipients, (SELECT count(*) FROM desk.outgoing_file f WHERE f.outgoing_id = o.id) AS files "
        "FROM desk.outgoing_mail o WHERE o.office_id = :o",
        o=PALEMBANG,
    )
    assert (sent["recipients"], sent["files"]) == ([facts.email], 2)
    assert office.facts(chat).original.value == "issued"
