"""Retention at the window: the preview, the erasing with a witness, and the berita acara as a file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QPushButton

from desk.ui.desk_list import RETENTION
from desk.ui.retention import DestructionForm, RetentionPage
from tests.office import MORNING, Office
from tests.security.test_retention import attach
from tests.ui.test_templates import opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow

PATIENCE = 30_000


def page_of(qtbot: QtBot, window: MainWindow) -> RetentionPage:
    place = window.findChild(QPushButton, "place.retention")
    assert place is not None
    place.click()
    page = cast("RetentionPage", window.places[RETENTION])
    qtbot.waitUntil(lambda: bool(page.about.text()), timeout=PATIENCE)
    return page


def test_the_supervisor_sees_what_is_due_erases_it_and_saves_the_record(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    case = office.new_case()
    attach(office, case)
    office.as_("rina").do("cancel_case", case)
    office.set_clock(MORNING + timedelta(days=31))
    window = sit_down("hendra")
    page = page_of(qtbot, window)
    qtbot.waitUntil(lambda: bool(page.due.table.rows), timeout=PATIENCE)
    assert page.about.text().startswith("1 berkas dari 1 permohonan")
    page.erase.click()
    form = cast("DestructionForm", opened(qtbot, window, DestructionForm))
    form.submit()
    assert form.isVisible(), "a witness is asked for"
    form.fields["witness"].set_value("Maya Khayal")
    with qtbot.waitSignal(page.said, timeout=PATIENCE):
        form.submit()
    qtbot.waitUntil(lambda: bool(page.records.table.rows) and not page.due.table.live_rows, timeout=PATIENCE)
    assert not page.erase.isVisible()
    page.records.select_key(page.records.table.rows[0].id)
    target = tmp_path / "berita acara.pdf"
    with qtbot.waitSignal(page.said, timeout=PATIENCE):
        page.save_to(target, "pdf")
    assert target.read_bytes().startswith(b"%PDF")


def test_an_auditor_reads_and_erases_nothing_and_an_officer_has_no_such_place(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot
) -> None:
    case = office.new_case()
    attach(office, case)
    office.as_("rina").do("cancel_case", case)
    office.set_clock(MORNING + timedelta(days=31))
    page = page_of(qtbot, sit_down("wati"))
    qtbot.waitUntil(lambda: bool(page.due.table.rows), timeout=PATIENCE)
    assert not page.erase.isVisible()
    assert sit_down("rina").findChild(QPushButton, "place.retention") is None
