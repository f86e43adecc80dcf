"""The administrator writes the office's requirements; the officer ticks them; who is cleared stays cleared."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtWidgets import QCheckBox, QPushButton
from sqlalchemy.exc import ProgrammingError

from desk.errors import Refused
from desk.services.requirements import requirement_lists, set_requirements
from desk.ui.desk_list import REQUIREMENTS
from desk.ui.forms import FormDialog, opening
from desk.ui.requirements_page import RequirementsForm, RequirementsPage
from tests.office import PALEMBANG, Office

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow

LONG = 20_000
SINCE = date(2026, 11, 23)


def test_the_list_is_written_at_the_window_and_ticked_at_the_desk(
    sit_down: Callable[[str], MainWindow],
    office: Office,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(opening, "drafts_folder", lambda **_: tmp_path)
    cleared = office.case_at()
    case = office.as_("rina").register(PALEMBANG)
    office.as_("rina").do("decide_fit", case)
    window = sit_down("tono")
    place = window.findChild(QPushButton, "place.requirements")
    assert place is not None
    place.click()
    page = cast("RequirementsPage", window.places[REQUIREMENTS])
    qtbot.waitUntil(lambda: len(page.list.table.rows) == 2, timeout=LONG)  # the published one, for both offices
    assert page.list.select_key(next(row.id for row in page.list.table.rows if row.office_id == PALEMBANG))
    assert "1. alamat surel yang masih aktif" in page.words.text()
    page.change.click()
    form = window.findChildren(RequirementsForm)[0]
    fields = cast("Any", form.fields)
    fields["needs"].set_value("alamat surel yang masih aktif\nsurat pengantar kampus")
    fields["basis"].set_value("Keputusan Kepala BPS No. 7")
    form.submit()
    qtbot.waitUntil(lambda: len(page.list.table.rows) == 3, timeout=LONG)
    assert office.facts(case).unmet() == ("alamat surel yang masih aktif", "surat pengantar kampus")
    assert office.facts(cleared).clear_on

    desk = sit_down("rina")
    desk._open_wide(case.office_id, case.id)
    qtbot.waitUntil(lambda: desk.case.facts is not None and desk.case.facts.id == case.id, timeout=LONG)
    desk.case.actions_bar.trigger("check_requirements")
    qtbot.waitUntil(lambda: any(each.fields for each in desk.findChildren(FormDialog)), timeout=LONG)
    asked = desk.findChildren(FormDialog)[0]
    boxes = asked.findChildren(QCheckBox)
    assert [box.text() for box in boxes] == ["Alamat surel yang masih aktif", "Surat pengantar kampus"]
    for box in boxes:
        box.setChecked(True)
    asked.submit()
    qtbot.waitUntil(lambda: office.facts(case).unmet() == (), timeout=LONG)


def test_a_list_that_cannot_hold_is_refused_with_a_sentence(office: Office) -> None:
    def put(*labels: str, basis: str = "Keputusan", since: date = SINCE) -> Any:
        with office.as_("tono").session() as session:
            return set_requirements(session, PALEMBANG, labels, since, basis)

    for labels, basis, sentence in (
        (("", " "), "Keputusan", "masih kosong"),
        (("Surat", "surat"), "Keputusan", "dua kali"),
        (("Surat",), " ", "Dasar belum diisi"),
        (tuple(f"Surat {at}" for at in range(21)), "Keputusan", "paling banyak 20"),
    ):
        with pytest.raises(Refused, match=sentence):
            put(*labels, basis=basis)
    assert [need.code for need in put("Surat pengantar", "alamat surel yang masih aktif")] == [
        "surat_pengantar",
        "email",
    ]
    with pytest.raises(Refused, match="tanggal itu"):
        put("Surat lain")
    with office.as_("tono").session() as session:
        assert [entry.own for entry in requirement_lists(session, PALEMBANG)] == [True, False]


def test_only_an_administrator_writes_the_list(office: Office) -> None:
    with office.as_("rina").session() as session, pytest.raises((Refused, ProgrammingError)):
        set_requirements(session, PALEMBANG, ["Surat"], SINCE, "Keputusan")
