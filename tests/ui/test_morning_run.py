"""The morning run: what is due on paper comes out in one go, each written down, with its envelopes or labels."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from desk.rules.case import Original
from desk.rules.codes import PaperCode, encode
from desk.rules.labels import LABEL_FORMATS, OPTIONAL, Recipient, label_rows
from desk.rules.papers import PaperKind
from desk.services import labels
from desk.ui import printing
from desk.ui.morning_run import MorningRun
from desk.ui.row_button import RowButton
from tests.office import PALEMBANG, Office

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow

LONG = 30_000


def test_refusal_letters_and_envelopes_come_out_in_one_go_and_only_once(
    sit_down: Callable[[str], MainWindow],
    office: Office,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office.set_rule(PALEMBANG, "binder_sheets", "1")
    cases = [office.case_at(original=Original.REFUSED), office.case_at(original=Original.REFUSED)]
    office.case_at(original=Original.FILED)  # fills a binder of one sheet
    monkeypatch.setattr(printing, "pdf_printers", {"Loket": tmp_path / "loket"})
    window = sit_down("rina")
    station = window.case._workstation
    for case in cases:
        station.link.papers(station.paper_shop(), case.office_id, case.id)
    place = window.findChild(RowButton, "place.mail.all")
    assert place is not None
    place.click()
    table = window.mail_desk.table
    assert table is not None
    table.morning.click()
    run = window.findChild(MorningRun)
    assert run is not None
    qtbot.waitUntil(lambda: run.tree.topLevelItemCount() > 0, timeout=LONG)
    kinds = {paper.kind for paper in run.chosen}
    assert PaperKind.ORIGINAL_REFUSAL in kinds
    for at in range(run.tree.topLevelItemCount()):
        group = run.tree.topLevelItem(at)
        assert group is not None
        if "pengembalian" not in group.text(0):
            group.setCheckState(0, Qt.CheckState.Unchecked)
    assert [paper.kind for paper in run.chosen] == [PaperKind.ORIGINAL_REFUSAL] * 2
    run.around.setCurrentIndex(run.around.findData("envelope_dl"))
    assert run.binders.isChecked()
    if folder := os.environ.get("DESK_PICTURES"):
        run.grab().save(f"{folder}/morning.png")
        window.grab().save(f"{folder}/mail_table.png")
    told: list[str] = []
    run.said.connect(told.append)
    run.go.click()
    qtbot.waitUntil(lambda: bool(told), timeout=LONG)
    assert told == ["2 naskah dicetak, 3 label atau amplop."]
    assert len(list((tmp_path / "loket").glob("*.pdf"))) == 4  # two letters, the envelopes, the binder's label
    marks = office.rows("SELECT mark FROM desk.print_entry")
    assert [row["mark"] for row in marks] == ["ASLI", "ASLI"]
    assert len(office.rows("SELECT FROM desk.binder_label")) == 1
    with office.as_("rina").session() as session:
        left = labels.papers_due(session, [PALEMBANG])
    assert PaperKind.ORIGINAL_REFUSAL not in {paper.kind for paper in left}


def test_a_letter_without_an_address_gets_no_label_and_the_reason(office: Office) -> None:
    nobody = Recipient("Sari", "", " ", "TLK-1", "BPS1")
    today = office.facts(office.new_case()).today
    with office.as_("rina").session() as session, pytest.raises(Exception, match="Alamat pos Sari belum diisi"):
        labels.label_sheet(session, PALEMBANG, "labels_3x8", [nobody], today)


@pytest.mark.parametrize("grid", LABEL_FORMATS, ids=lambda grid: grid.template)
def test_a_begun_sheet_is_filled_from_its_first_free_label_and_codes_are_read(grid: object) -> None:
    from desk import resources
    from desk.adapters.paper import PaperShop

    first = next(one for one in LABEL_FORMATS if one is grid)
    code = encode(PaperCode(PaperKind.SPPD, "1600", 2026, 123, 1, 2))
    one = Recipient("Sari Contohwati", "Universitas Contoh", "Jl. Umpama No. 1, Kota Contoh", "SPPD-123", code)
    rows = label_rows([one] * first.places, first, 2)
    assert rows[0]["nama1"] == ""
    assert rows[0]["nama2"] == "Sari Contohwati"
    shop = PaperShop()
    try:
        context = {"baris": labels._drawn(rows)}
        paper = shop.make(resources.template(f"{first.template}.docx").read_bytes(), context, optional=OPTIONAL)
        assert paper.pages == 2, "one label more than a sheet has places"
        picture = QImage.fromData(shop.preview(paper.pdf, 1, 200))
    finally:
        shop.close()
    import zxingcpp

    gray = picture.convertToFormat(QImage.Format.Format_Grayscale8)
    found = zxingcpp.read_barcodes(gray)
    assert len([each for each in found if each.text == code]) == first.places - 1
