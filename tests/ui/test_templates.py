"""The templates of the office at the window, on the real database and with the real paper process."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from desk import resources
from desk.rules.case import Money
from desk.rules.papers import PaperKind
from desk.rules.papers.palette import palette
from desk.services.template_check import examine
from desk.ui.desk_list import TEMPLATES
from desk.ui.template_compare import TemplateCompare
from desk.ui.template_upload import TemplateUpload
from desk.ui.templates import ActivationForm, TemplatePage
from tests.office import PALEMBANG, Office

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from desk.adapters.paper import PaperShop
    from desk.ui.main_window import MainWindow

HOSTILE = Path(__file__).parent.parent / "samples" / "hostile" / "templates"
INVOICE = resources.template("invoice.docx").read_bytes
PATIENCE = 30_000
"""Milliseconds; the paper process starts with the first file."""


def edited(old: str, new: str) -> bytes:
    """The shipped invoice after somebody changed a piece of its text in Word."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(INVOICE())) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "word/document.xml":
                assert old.encode() in data
                data = data.replace(old.encode(), new.encode())
            target.writestr(name, data)
    return out.getvalue()


def page_of(qtbot: QtBot, window: MainWindow) -> TemplatePage:
    place = window.findChild(QPushButton, "place.templates")
    assert place is not None
    place.click()
    page = cast("TemplatePage", window.places[TEMPLATES])
    qtbot.waitUntil(lambda: bool(page.list.table.rows))
    qtbot.waitUntil(lambda: page.list.select_key(f"{PALEMBANG}/invoice"))
    return page


def words(inside: QWidget) -> str:
    return "\n".join(label.text() for label in inside.findChildren(QLabel) if label.isVisibleTo(inside))


def button(inside: QWidget, name: str) -> QPushButton | None:
    found = inside.findChildren(QPushButton, name)
    return next((each for each in found if each.isVisibleTo(inside)), None)


def press(inside: QWidget, name: str) -> None:
    found = button(inside, name)
    assert found is not None, name
    assert found.isEnabled(), name
    found.click()


def opened(qtbot: QtBot, window: QWidget, kind: type[QWidget]) -> Any:
    found: list[QWidget] = []

    def there() -> bool:
        found[:] = [each for each in window.findChildren(kind) if each.isVisible()]
        return bool(found)

    qtbot.waitUntil(there)
    return found[-1]


def checked(qtbot: QtBot, window: MainWindow, page: TemplatePage, path: Path) -> TemplateUpload:
    press(page.panel, "templates.upload")
    upload: TemplateUpload = opened(qtbot, window, TemplateUpload)
    upload.take_file(path)
    qtbot.waitUntil(lambda: not upload.bar.isVisible(), timeout=PATIENCE)
    return upload


def test_a_new_invoice_is_uploaded_by_one_tried_and_activated_by_another(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    case = office.case_at(money=Money.INVOICED)
    path = tmp_path / "invoice baru.docx"
    path.write_bytes(edited("Penjualan Data Mikro dan Peta Digital", "Penjualan Data Mikro dan Peta Sumatera Selatan"))

    window = sit_down("tono")
    page = page_of(qtbot, window)
    upload = checked(qtbot, window, page, path)
    assert "dapat dipakai" in upload.said.text()
    press(upload, "upload.keep")
    qtbot.waitUntil(lambda: "MENUNGGU" in words(page.panel))
    assert "administrator lain atau penyelia yang mengaktifkan" in words(page.panel)
    assert button(page.panel, "templates.activate") is None

    window = sit_down("hendra")
    page = page_of(qtbot, window)
    assert button(page.panel, "templates.upload") is None
    press(page.panel, "templates.compare")
    compare: TemplateCompare = opened(qtbot, window, TemplateCompare)
    qtbot.waitUntil(lambda: compare.before.page == 1 and compare.after.page == 1, timeout=PATIENCE)
    assert office.facts(case).number in compare.papers.currentText()
    qtbot.waitUntil(lambda: compare.tabs.tabText(1) == "Perbedaan (1)", timeout=PATIENCE)
    compare.tabs.setCurrentIndex(1)
    assert "“Digital” menjadi “Sumatera Selatan”" in words(compare.words)
    assert "“Penjualan Data Mikro dan Peta Sumatera Selatan”" in words(compare.words)
    compare.accept()
    before = office.rows("SELECT count(*) AS n FROM desk.document")[0]["n"]

    press(page.panel, "templates.activate")
    form: ActivationForm = opened(qtbot, window, ActivationForm)
    on: Any = form.fields["starts_on"]
    on.edit.setText("1/1/2020")
    form.submit()
    assert "sudah lewat" in form.message.text()
    on.edit.setText("23/11/2026")
    form.submit()
    qtbot.waitUntil(lambda: "diaktifkan Hendra Umpama" in words(page.panel))
    assert page.list.current_row().in_force.title == "Versi 1 kantor"
    assert office.rows("SELECT count(*) AS n FROM desk.document")[0]["n"] == before
    assert (
        office.rows("SELECT desk.template_on(1600, 'invoice', '2026-11-23') AS id")[0]["id"]
        == (office.rows("SELECT id FROM desk.template WHERE office_id = 1600")[0]["id"])
    )


def test_a_bad_file_is_told_in_words_and_not_stored(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot
) -> None:
    window = sit_down("tono")
    upload = checked(qtbot, window, page_of(qtbot, window), HOSTILE / "unknown_field.docx")
    assert "tidak dapat dipakai" in upload.said.text()
    assert "Perbaiki: " in words(upload.remarks)
    assert button(upload, "upload.keep") is None
    assert not office.rows("SELECT FROM desk.template WHERE office_id <> 0")


def test_a_click_copies_a_field_for_word(office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot) -> None:
    window = sit_down("tono")
    press(page_of(qtbot, window).panel, "templates.upload")
    upload: TemplateUpload = opened(qtbot, window, TemplateUpload)
    fields = upload.palette_list
    fields.search.setText("terbilang")
    (line,) = fields.list.table.rows
    with qtbot.waitSignal(fields.copied):
        fields.list.clicked.emit(fields.list.table.index(0, 0))
    assert QGuiApplication.clipboard().text() == line.tag == "{{ total_terbilang }}"


def test_the_template_in_force_is_saved_for_word(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    page = page_of(qtbot, sit_down("tono"))
    entry = page.list.current_row()
    with qtbot.waitSignal(page.said):
        page._write(entry.in_force, tmp_path / "invoice.docx")
    assert (tmp_path / "invoice.docx").read_bytes() == INVOICE()


# the check


@pytest.fixture(scope="module")
def shop() -> Iterator[PaperShop]:
    from desk.adapters.paper import PaperShop

    made = PaperShop()
    yield made
    made.close()


@pytest.mark.parametrize("kind", list(PaperKind), ids=lambda kind: kind.value)
def test_every_shipped_template_passes_the_check_without_a_remark(shop: PaperShop, kind: PaperKind) -> None:
    data = resources.template(kind.template_name).read_bytes()
    examined = examine(shop, kind, kind.template_name, data, data)
    assert (examined.usable, examined.remarks) == (True, ())


@pytest.mark.parametrize("path", sorted(HOSTILE.glob("*.docx")), ids=lambda path: path.stem)
def test_no_foreign_or_hostile_file_becomes_a_template(shop: PaperShop, path: Path) -> None:
    examined = examine(shop, PaperKind.SPPD, path.name, path.read_bytes(), None)
    assert not examined.usable
    assert examined.remarks[0].stops
    assert all(remark.sentence.endswith(".") for remark in examined.remarks)


def test_a_misspelt_field_is_named_with_its_place_and_the_nearest_field(shop: PaperShop) -> None:
    examined = examine(shop, PaperKind.INVOICE, "a.docx", edited("{{ pengguna_nama }}", "{{ pengguna_nma }}"), None)
    (remark,) = examined.remarks
    assert (remark.stops, remark.field, remark.near) == (True, "pengguna_nma", "pengguna_nama")
    assert remark.place.startswith("tabel ")
    assert not examined.usable


def test_a_field_that_is_left_out_is_a_remark_and_no_obstacle(shop: PaperShop) -> None:
    examined = examine(shop, PaperKind.INVOICE, "a.docx", edited("{{ total_terbilang }}", "-"), INVOICE())
    assert examined.usable
    assert [remark.field for remark in examined.remarks] == ["total_terbilang"]


@pytest.mark.parametrize("kind", list(PaperKind), ids=lambda kind: kind.value)
def test_the_palette_offers_every_field_once(kind: PaperKind) -> None:
    lines = palette(kind)
    assert len({line.id for line in lines}) == len(lines)
    assert all(line.meaning for line in lines)
