from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QModelIndex, Qt

from desk.rules.case import Data, Money, Original
from desk.rules.office_hours import Warned, always_open
from desk.ui.due import due_text, due_tone
from desk.ui.list_view import ListView
from desk.ui.table import GONE_ROLE, Column, Look, TableModel
from desk.ui.theme import Tone
from desk.ui.tracks import STEPS, bars, spoken

if TYPE_CHECKING:
    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot


@dataclass(frozen=True)
class Line:
    id: int
    name: str
    due: date | None = None


COLUMNS: tuple[Column[Line], ...] = (
    Column("Nama", text=lambda line: line.name, sort=lambda line: line.name.casefold(), look=Look.STRONG, share=1),
    Column("Jatuh tempo", text=lambda line: str(line.due or ""), sort=lambda line: line.due, spare=1),
)
LINES = [Line(1, "Siti", date(2026, 12, 3)), Line(2, "budi"), Line(3, "Andi", date(2026, 11, 30))]


@pytest.fixture
def model() -> TableModel[Line]:
    made = TableModel(COLUMNS)
    made.show(LINES)
    return made


def names(model: TableModel[Line]) -> list[str]:
    return [line.name for line in model.rows]


def test_the_model_keeps_qts_rules(model: TableModel[Line], qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # pytest-qt is typed in parts
    model.refresh([replace(LINES[0], name="Sita"), *LINES[1:]])
    model.sort(0)
    model.append([Line(9, "Zaki")])
    model.settle()


def test_a_colleagues_change_appears_in_place(model: TableModel[Line], qtbot: QtBot) -> None:
    changed: list[int] = []
    model.dataChanged.connect(lambda first, _last: changed.append(first.row()))
    model.refresh([LINES[2], replace(LINES[1], name="Budi Rekaan"), LINES[0]])
    assert names(model) == ["Siti", "Budi Rekaan", "Andi"]
    assert changed == [1]


def test_new_rows_wait_until_they_are_asked_for(model: TableModel[Line]) -> None:
    model.refresh([Line(4, "Baru"), *LINES])
    assert names(model) == ["Siti", "budi", "Andi"]
    assert model.waiting == 1
    model.settle()
    assert names(model) == ["Baru", "Siti", "budi", "Andi"]
    assert model.waiting == 0


def test_a_row_that_left_stays_where_it_is_and_says_so(model: TableModel[Line]) -> None:
    model.gone_words = "Sudah tidak di antrean ini."
    model.refresh([LINES[0], LINES[2]])
    index = model.index(1, 0)
    assert names(model) == ["Siti", "budi", "Andi"]
    assert index.data(GONE_ROLE) is True
    assert index.data(Qt.ItemDataRole.AccessibleTextRole).startswith("Sudah tidak di antrean ini.")
    model.refresh(LINES)
    assert index.data(GONE_ROLE) is False
    model.refresh([LINES[0], LINES[2]])
    model.settle()
    assert names(model) == ["Siti", "Andi"]


def test_the_first_rows_of_an_empty_list_appear_at_once() -> None:
    model = TableModel(COLUMNS)
    model.show([])
    model.refresh(LINES)
    assert names(model) == ["Siti", "budi", "Andi"]
    assert model.waiting == 0


def test_sorting_is_typed_and_leaves_the_unknown_at_the_end(model: TableModel[Line]) -> None:
    model.sort(1, Qt.SortOrder.AscendingOrder)
    assert names(model) == ["Andi", "Siti", "budi"]
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert names(model) == ["Siti", "Andi", "budi"]
    model.sort(0, Qt.SortOrder.AscendingOrder)
    assert names(model) == ["Andi", "budi", "Siti"]
    model.sort(-1)
    assert names(model) == ["Siti", "budi", "Andi"]


def test_a_list_begins_in_the_order_it_was_given(qtbot: QtBot) -> None:
    view = ListView("Uji")
    qtbot.addWidget(view)
    model = TableModel(COLUMNS, parent=view)
    model.show(LINES)
    view.set_table(model)
    assert names(model) == ["Siti", "budi", "Andi"]


def test_the_current_row_and_the_scroll_stay(qtbot: QtBot) -> None:
    view = ListView("Uji")
    qtbot.addWidget(view)
    model = TableModel(COLUMNS, parent=view)
    view.set_table(model)
    view.resize(400, 300)
    view.show()
    qtbot.waitExposed(view)
    many = [Line(number, f"Nama {number:03}") for number in range(60)]
    view.show_rows(many)
    view.select_key(40)
    at = view.verticalScrollBar().value()
    assert at > 0
    model.refresh([replace(many[3], name="lain"), *many[4:], Line(99, "baru")])
    assert (view.current_row().id, view.verticalScrollBar().value()) == (40, at)
    view.verticalScrollBar().setValue(at // 2)  # reading elsewhere, the current row is out of sight
    view.settle()
    assert (view.current_row().id, view.verticalScrollBar().value()) == (40, at // 2)


def test_a_narrow_list_gives_up_spare_columns(qtbot: QtBot) -> None:
    view = ListView("Uji")
    qtbot.addWidget(view)
    view.set_table(TableModel(COLUMNS, parent=view))
    view.resize(400, 200)
    view.show()
    assert not view.isColumnHidden(1)
    view.resize(150, 200)
    assert view.isColumnHidden(1)


def test_an_empty_list_says_so_once_it_was_read(qtbot: QtBot) -> None:
    view = ListView("Lembar pagi")
    qtbot.addWidget(view)
    view.when_empty = "Tidak ada yang jatuh tempo hari ini."
    view.set_table(TableModel(COLUMNS))
    view.resize(500, 300)
    unread = view.viewport().grab().toImage()
    view.show_rows([])
    empty = view.viewport().grab().toImage()
    assert empty != unread
    view.show_rows([LINES[0]])
    view.when_empty = ""
    without = view.viewport().grab().toImage()
    view.when_empty = "Tidak ada yang jatuh tempo hari ini."
    assert view.viewport().grab().toImage() == without


def test_a_row_is_spoken_whole(model: TableModel[Line]) -> None:
    spoken_row = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken_row == "Nama: Siti. Jatuh tempo: 2026-12-03"


def test_an_index_without_place_has_no_data(model: TableModel[Line]) -> None:
    assert model.data(QModelIndex()) is None


@pytest.mark.parametrize(
    ("due_on", "text", "tone"),
    [
        (date(2026, 11, 17), "lewat 3 hari", Tone.LATE),
        (date(2026, 11, 20), "hari ini", Tone.LATE),
        (date(2026, 11, 21), "besok", Tone.SOON),
        (date(2026, 11, 22), "Min 22 Nov", Tone.SOON),
        (date(2026, 11, 24), "Sel 24 Nov", Tone.PLAIN),
        (date(2027, 1, 4), "Sen 4 Jan 2027", Tone.PLAIN),
        (None, "", Tone.PLAIN),
    ],
)
def test_due_days_are_said_as_people_say_them(due_on: date | None, text: str, tone: Tone) -> None:
    today = date(2026, 11, 20)
    assert (due_text(due_on, today), due_tone(due_on, always_open(today))) == (text, tone)


def test_what_became_late_over_the_weekend_is_marked_when_the_office_opens() -> None:
    friday, saturday, monday = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 23)
    assert due_tone(saturday, Warned(friday, date(2026, 11, 24))) is Tone.SOON
    assert due_tone(monday, Warned(friday, date(2026, 11, 24))) is Tone.SOON, "Friday shows what is due on Monday"
    assert due_tone(monday, Warned(monday, date(2026, 11, 25))) is Tone.LATE


def test_every_state_of_a_track_has_a_bar_and_words() -> None:
    for money in Money:
        for original in Original:
            for data in Data:
                shown = bars(money, original, data)
                assert [bar.words for bar in shown] == [money.label, original.label, data.label]
                assert all(0 <= bar.filled <= STEPS for bar in shown)


def test_trouble_and_completion_are_not_told_by_colour_alone() -> None:
    troubled, returned, done = bars(Money.EXPIRED, Original.REFUSED, Data.CHECKED)
    assert troubled.troubled
    assert returned.troubled
    assert (done.filled, done.troubled) == (STEPS, False)
    assert spoken((troubled,)) == "Uang: invoice kedaluwarsa."
