"""Two real windows of two colleagues: each sees where the other one is, and what is new in a case."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel
from sqlalchemy import text

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow
    from tests.office import Office

WAIT_MS = 30_000


def others(window: MainWindow) -> str:
    label = window.case.findChild(QLabel, "others")
    assert isinstance(label, QLabel)
    return "" if label.isHidden() else label.text()


def test_a_colleague_in_the_same_case_is_seen_in_list_and_case_until_the_program_ends(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot
) -> None:
    case = office.new_case()
    rina, fajar = sit_down("rina"), sit_down("fajar")

    def row_words() -> str:
        model = fajar.queue.list.table
        at = model.row_of(case.id)
        return " ".join(column.words(model.rows[at]) for column in model.columns)

    fajar.search.hit_chosen.emit(type("Hit", (), {"office_id": case.office_id, "case_id": case.id}))
    qtbot.waitUntil(lambda: fajar.case.facts is not None, timeout=WAIT_MS)
    rina._workstation.look_at(case.office_id, case.id)
    qtbot.waitUntil(lambda: "Rina Umpama juga membuka permohonan ini sejak" in others(fajar), timeout=WAIT_MS)
    assert "◉ Rina Umpama" in row_words()

    rina._workstation.filling = "change_request"
    rina._workstation.look_at(case.office_id, case.id)
    qtbot.waitUntil(lambda: "Rina Umpama sedang mengisi “Ubah permohonan”" in others(fajar), timeout=WAIT_MS)

    with office.owner() as owner:  # her program is killed: nobody says goodbye
        owner.execute(
            text("SELECT pg_terminate_backend(CAST(pid AS int), 20000) FROM desk.presence WHERE login = :login"),
            {"login": office.as_("rina").login},
        )
        rina._workstation.look_away()  # what her program would say when it came back
    fajar.looking._again.timeout.emit()
    qtbot.waitUntil(lambda: others(fajar) == "", timeout=WAIT_MS)


def test_a_row_is_marked_until_it_was_looked_at(
    office: Office, sit_down: Callable[[str], MainWindow], qtbot: QtBot
) -> None:
    case = office.new_case()
    window = sit_down("rina")
    model = window.queue.list.table
    qtbot.waitUntil(lambda: model.row_of(case.id) >= 0, timeout=WAIT_MS)

    def mark() -> str:
        return model.columns[1].mark(model.rows[model.row_of(case.id)])

    assert mark() == "ada yang baru sejak Anda lihat"
    window.queue.note_looked(case.id)
    assert mark() == ""
