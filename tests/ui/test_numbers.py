"""The letter register at the window, on the real database."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from uuid import uuid4

import pytest
from PySide6.QtWidgets import QPushButton

from desk.rules.letter_numbers import NumberSource
from desk.services import numbers
from desk.ui.desk_list import NUMBERS
from desk.ui.number_formats import NumberFormats
from desk.ui.number_forms import BookForm, EndForm, FormatForm, InsertForm, ReserveForm
from desk.ui.numbers import NumbersPage
from tests.office import PALEMBANG, Office
from tests.ui.test_templates import opened, press, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow
    from desk.ui.people_forms import PeopleForm

PATIENCE = 20_000
LETTER = "KL-{:03d}/16000/KS.200/11/2026"


def page_of(qtbot: QtBot, window: MainWindow) -> NumbersPage:
    place = window.findChild(QPushButton, "place.numbers")
    assert place is not None
    place.click()
    page = cast("NumbersPage", window.places[NUMBERS])
    qtbot.waitUntil(lambda: page.series.count() > 1, timeout=PATIENCE)
    return page


def form_of(qtbot: QtBot, window: MainWindow, kind: type[PeopleForm]) -> PeopleForm:
    return cast("PeopleForm", opened(qtbot, window, kind))


def pick_series(form: PeopleForm, series: str) -> None:
    field = form.fields["series"]
    field.set_value(next(each for each in field._values if each.series == series))  # type: ignore[attr-defined]


def sent(qtbot: QtBot, page: NumbersPage, form: PeopleForm) -> None:
    with qtbot.waitSignal(page.said, timeout=PATIENCE):
        form.submit()


def shows(qtbot: QtBot, page: NumbersPage, number: str, state: str) -> None:
    def there() -> bool:
        return any((row.number, row.state) == (number, state) for row in page.list.table.live_rows)

    qtbot.waitUntil(there, timeout=PATIENCE)
    qtbot.waitUntil(lambda: page.list.select_key(next(r.id for r in page.list.table.rows if r.number == number)))


def test_an_officer_reserves_copies_inserts_and_ends_numbers(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot
) -> None:
    case = office.new_case()
    office.as_("rina").do("redirect_case", case)
    window = sit_down("rina")
    page = page_of(qtbot, window)
    shows(qtbot, page, LETTER.format(1), "terbit")
    assert "Surat pengalihan" in words(page.panel)

    press(page.panel, "numbers.reserve")
    form = form_of(qtbot, window, ReserveForm)
    pick_series(form, "redirect")
    form.submit()
    assert "Tulis permohonannya" in form.message.text()  # nothing typed is lost, nothing counted
    form.fields["note"].set_value("Undangan ke Bappeda")
    sent(qtbot, page, form)
    shows(qtbot, page, LETTER.format(2), "dipesan")

    press(page.panel, "numbers.outside")
    form = form_of(qtbot, window, EndForm)
    form.fields["reason"].set_value("Undangan rapat ke Bappeda")
    sent(qtbot, page, form)
    shows(qtbot, page, LETTER.format(2), "dipakai di luar program")
    assert "Undangan rapat ke Bappeda" in words(page.panel)

    press(page.panel, "numbers.insert")
    form = form_of(qtbot, window, InsertForm)
    form.fields["note"].set_value("Surat susulan")
    sent(qtbot, page, form)
    shows(qtbot, page, "KL-002.01/16000/KS.200/11/2026", "sisipan")
    press(page.panel, "numbers.void")
    form = form_of(qtbot, window, EndForm)
    form.fields["reason"].set_value("Tidak jadi")
    sent(qtbot, page, form)
    shows(qtbot, page, "KL-002.01/16000/KS.200/11/2026", "batal")

    press(page.panel, "numbers.enter")
    form = form_of(qtbot, window, BookForm)
    pick_series(form, "redirect")
    form.fields["number"].set_value(LETTER.format(9))
    form.fields["case"].set_value(office.facts(case).number)
    form.submit()
    qtbot.waitUntil(lambda: "dihitung program" in form.message.text(), timeout=PATIENCE)
    form.fields["number"].set_value("B-17/BPS/2026")
    form.fields["case"].set_value("PST-1600-2026-999999")
    form.submit()
    qtbot.waitUntil(lambda: "tidak ada di kantor ini" in form.message.text(), timeout=PATIENCE)
    form.fields["case"].set_value(office.facts(case).number.lower())
    sent(qtbot, page, form)
    shows(qtbot, page, "B-17/BPS/2026", "dari buku kantor")

    page.search.setText("bappeda")
    qtbot.waitUntil(lambda: [row.number for row in page.list.table.rows] == [LETTER.format(2)], timeout=PATIENCE)


def test_older_numbers_follow_when_somebody_comes_to_the_end_of_the_page(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.ui.numbers.PAGE", 20)
    with office.as_("rina").session() as session:
        numbers.reserve(session, PALEMBANG, "redirect", key=uuid4(), count=50, note="Undangan rapat")
    page = page_of(qtbot, sit_down("rina"))
    qtbot.waitUntil(lambda: len(page.list.table.rows) == 20, timeout=PATIENCE)
    bar = page.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: len(page.list.table.live_rows) >= 40, timeout=PATIENCE)
    page.list.settle()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: len(page.list.table.live_rows) == 50, timeout=PATIENCE)


def test_the_administrator_sees_the_next_number_while_typing_a_format(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot
) -> None:
    office.as_("rina").do("redirect_case", office.new_case())
    window = sit_down("tono")
    window._workstation.choose_office(PALEMBANG)
    page = page_of(qtbot, window)
    assert page.findChild(QPushButton, "numbers.reserve") is None
    press(page.panel, "numbers.formats")
    formats = cast("NumberFormats", opened(qtbot, window, NumberFormats))
    assert formats.list.select_key(f"{PALEMBANG}/redirect")
    assert formats.list.current_row().next_number == LETTER.format(2)
    formats.edit.click()
    form = cast("FormatForm", opened(qtbot, window, FormatForm))
    form.fields["template"].set_value("B-{nomor:4}/{unit}/{bulan_romawi}")
    assert "harus memuat {tahun}" in form.preview.text()
    form.fields["template"].set_value("B-{nomor:4}/{unit}/{bulan_romawi}/{tahun}")
    assert form.preview.text() == "Nomor berikutnya: B-0002/16000/XI/2026"
    form.fields["source"].set_value(NumberSource.BOOK)
    assert "buku surat kantor" in form.preview.text()
    form.fields["source"].set_value(NumberSource.COUNTED)
    form.fields["basis"].set_value("Tata naskah dinas 2026")
    with qtbot.waitSignal(formats.changed, timeout=PATIENCE):
        form.submit()
    qtbot.waitUntil(lambda: formats.list.current_row().next_number == "B-0002/16000/XI/2026", timeout=PATIENCE)


def test_an_officer_reads_the_formats_and_changes_none(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot
) -> None:
    window = sit_down("rina")
    press(page_of(qtbot, window).panel, "numbers.formats")
    formats = cast("NumberFormats", opened(qtbot, window, NumberFormats))
    assert not formats.edit.isVisible()
    assert "administrator" in formats.about.text()
