"""Lists of cases as Excel files."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from python_calamine import CalamineWorkbook

from desk.rules.desks import Desk, Queue
from tests.inputs import registration
from tests.office import PALEMBANG, Office

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow


def written(path: Path) -> list[dict[str, object]]:
    heading, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return [dict(zip(map(str, heading), row, strict=True)) for row in rows]


def test_a_queue_is_saved_with_real_dates_and_no_formula(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    clear = office.clear_case()
    office.as_("rina").register(PALEMBANG, registration(name="=1+1"))
    window = sit_down("rina")
    qtbot.waitUntil(lambda: len(window.queue.list.table.rows) == 2)
    path = tmp_path / "butuh saya.xlsx"
    with qtbot.waitSignal(window.queue.exporting.said) as said:
        window.queue.exporting.save_to(path, "Butuh saya", Desk.OFFICER, None, archive=False)
    assert said.args == ["2 permohonan disimpan di butuh saya.xlsx."]
    rows = {str(row["Nomor permohonan"]): row for row in written(path)}
    facts = office.facts(clear)
    row = rows.pop(facts.number)
    assert row["Jatuh tempo"] == facts.service_due
    assert isinstance(row["Jatuh tempo"], date)
    assert isinstance(row["Terakhir berubah"], datetime)
    assert row["Mengapa di sini"] == "Permintaan clear, buat invoice dan SPPD"
    [other] = rows.values()
    assert other["Pengguna data"] == "=1+1", "a text, not a sum"


def test_the_archive_is_saved_whole_and_another_office_is_not_in_it(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    mine = {office.facts(office.new_case()).number for _ in range(3)}
    office.as_("doni").register(1571)
    window = sit_down("rina")
    path = tmp_path / "arsip.xlsx"
    with qtbot.waitSignal(window.queue.exporting.said):
        window.queue.exporting.save_to(path, "Arsip", Desk.OFFICER, Queue.NEW, archive=True)
    assert {row["Nomor permohonan"] for row in written(path)} == mine
