"""Data lines by keyboard: offered while typing, pasted as a list, priced at once; unknown ones are to be put right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from desk.rules.inputs import Registration
from desk.ui.background import Background
from desk.ui.forms import FormDialog
from desk.ui.forms.lines_field import LinesField
from tests.ui.form_desk import Asking, around, no_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk.actions import Action


@pytest.fixture
def lines(qtbot: QtBot, tmp_path: Path) -> Iterator[LinesField]:
    """The lines of an open registration."""
    lanes = Background(no_database, lambda _owner, trouble: pytest.fail(str(trouble)))
    form = FormDialog(None, cast("Action", Asking("try_it", "Coba", Registration)), None, lambda *_: None)
    qtbot.addWidget(form)
    form.show()
    form.ask(around(tmp_path, lanes))
    field = form.fields["lines"]
    assert isinstance(field, LinesField)
    yield field
    lanes.close()


def test_typing_parts_of_a_name_offers_the_item_and_two_keys_take_it(lines: LinesField, qtbot: QtBot) -> None:
    row = lines.rows[0]
    row.title.setFocus()
    QTest.keyClicks(row.title, "kor susenas 2025")
    popup = cast("Any", row.title.completer()).popup()
    qtbot.waitUntil(popup.isVisible)
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: row.title.text() == "Susenas Maret 2025 KOR")
    assert row.chosen_tariff() is not None
    row.quantity.setText("1,12 GiB")
    [line] = lines.read()
    assert line.catalogue_code == "susenas-2025-03-kor"
    assert "Rp24.051.817" in lines.total.text()


def test_a_pasted_list_becomes_rows_and_names_what_it_does_not_know(lines: LinesField) -> None:
    QGuiApplication.clipboard().setText(
        "Nama data\tUkuran\nPotensi Desa 2024\t2 MB\nData hujan\t1 MB\nSusenas 2025\t3 MB"
    )
    lines.rows[0].title.setFocus()
    QTest.keyClick(lines.rows[0].title, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert [row.title.text() for row in lines.rows] == ["Potensi Desa 2024", "Data hujan", "Susenas Maret 2025 KOR", ""]
    assert "3 baris ditempel; 1 tidak ada di katalog, perlu diperbaiki: baris 2." in lines.told.text()
    assert lines.rows[1].quantity.text() == "1 MB", "nothing of it is lost"
    assert "Tidak ada di katalog" in lines.rows[1].price.text()
    assert lines.problem() == "Tarif baris 2 belum dipilih."


def test_one_name_is_pasted_as_it_is(lines: LinesField) -> None:
    QGuiApplication.clipboard().setText("Potensi Desa 2024")
    QTest.keyClick(lines.rows[0].title, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert lines.rows[0].title.text() == "Potensi Desa 2024"
    lines.take_list("")
    assert "tidak memuat daftar" in lines.told.text()
