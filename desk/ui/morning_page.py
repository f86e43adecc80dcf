"""The morning sheet on the screen: what is due and to be done today; Enter opens the case."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desk.rules.dates import day_text
from desk.rules.morning import OPTIONAL, MorningPart, MorningRow, MorningSheet, due_words
from desk.rules.people import Duty
from desk.ui.list_view import ListView
from desk.ui.rereading import Rereading
from desk.ui.sheet_files import SheetFiles
from desk.ui.table import Column, Look, TableModel
from desk.ui.theme import Tone

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from desk.ui.workstation import Workstation

_TONES = {
    MorningPart.LATE: Tone.LATE,
    MorningPart.TODAY: Tone.LATE,
    MorningPart.NEXT: Tone.SOON,
    MorningPart.REMIND: Tone.ACCENT,
    MorningPart.DECIDE: Tone.ACCENT,
}
_SHORT = {
    MorningPart.LATE: "lewat",
    MorningPart.TODAY: "hari ini",
    MorningPart.NEXT: "berikutnya",
    MorningPart.LOAN: "pinjaman",
    MorningPart.REMIND: "ingatkan",
    MorningPart.DECIDE: "putuskan",
    MorningPart.MINE: "saya",
}


class MorningPage(QWidget):
    """One list, the most pressing part first."""

    said = Signal(str)
    case_wanted = Signal(int, object)

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._reading = Rereading(self._ask)
        self.sheet: MorningSheet | None = None
        self.files = SheetFiles(workstation, self)
        self.files.said.connect(self.said)
        self.setAccessibleName("Lembar pagi")
        self.list = ListView("Lembar pagi")
        self.list.when_empty = "Tidak ada yang jatuh tempo atau perlu diingatkan hari ini."
        self.list.setObjectName("morning")
        self.list.set_table(TableModel[Any](_columns(self._today), _key, parent=self))
        self.list.row_opened.connect(lambda row: self.case_wanted.emit(row.office_id, row.id))
        self._title = QLabel("Lembar pagi")
        self._title.setProperty("role", "title")
        self.summary = QLabel()
        self.summary.setProperty("role", "muted")
        self.summary.setObjectName("morning.summary")
        heading = QHBoxLayout()
        heading.addWidget(self._title)
        heading.addWidget(self.summary, 1)
        for words, name, clicked in (
            ("Cetak", "morning.print", self.print_sheet),
            ("Simpan PDF", "morning.pdf", lambda: self.save("pdf")),
            ("Simpan Word", "morning.docx", lambda: self.save("docx")),
        ):
            button = QPushButton(words)
            button.setObjectName(name)
            button.setAutoDefault(False)
            button.setAccessibleName(f"{words}: lembar pagi")
            button.clicked.connect(lambda _on=False, clicked=clicked: clicked())
            heading.addWidget(button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addLayout(heading)
        rows.addWidget(self.list, 1)

    def take_focus(self) -> None:
        """To the list."""
        self.list.setFocus()

    def read(self) -> None:
        """Read again without moving the current row."""
        self._reading.read()

    def save(self, ending: str) -> None:
        """Ask where to, then keep the sheet as `pdf` or `docx`."""
        self.files.ask_where(self._name(), ending, self.save_to)

    def save_to(self, path: Path) -> None:
        """Keep the sheet as the ending of the name says."""
        self.files.write_paper(path, self._filled, OPTIONAL)

    def print_sheet(self) -> None:
        """Open the pages to be printed."""
        self.files.open_paper(self._name(), self._filled, OPTIONAL)

    def _filled(self, session: Session) -> tuple[bytes, dict[str, object]]:
        from desk.services import morning

        return morning.morning_paper(
            session, self._workstation.office_ids, self._today(), **morning_tasks(self._workstation)
        )

    def _ask(self, ended: Callable[[], None]) -> None:
        offices, today, tasks = self._workstation.office_ids, self._today(), morning_tasks(self._workstation)

        def ask(session: Session) -> MorningSheet:
            from desk.services import morning

            return morning.morning_sheet(session, offices, today, **tasks)

        def show(found: MorningSheet) -> None:
            self.sheet = found
            self.list.show_rows(found.rows)
            self._title.setText(f"Lembar pagi · {day_text(found.day)}")
            self.summary.setText(found.summary)
            ended()

        self._workstation.read(self, ask, show, lambda _trouble: ended())

    def _today(self) -> date:
        return self._workstation.today(self._workstation.office_ids[0])

    def _name(self) -> str:
        return f"Lembar pagi {self._today():%Y-%m-%d}"


class MorningTasks(TypedDict):
    """What a person's sheet holds beside the cases: decisions, lent originals."""

    decides: bool
    keeps: bool


def morning_tasks(workstation: Workstation) -> MorningTasks:
    """What the sheet of the person at this workstation holds."""
    held = {duty for office in workstation.office_ids for duty in workstation.actor.duties_in(office)}
    return {"decides": Duty.SUPERVISOR in held, "keeps": bool(held & {Duty.OFFICER, Duty.SUPERVISOR})}


def _key(row: MorningRow) -> tuple[UUID, str]:
    return row.id, row.paper


def _tone(row: MorningRow, today: date) -> Tone:
    if row.part is MorningPart.LOAN and row.due_on is not None:
        return Tone.LATE if row.due_on <= today else Tone.SOON
    return _TONES.get(row.part, Tone.PLAIN)


def _columns(today: Callable[[], date]) -> tuple[Column[MorningRow], ...]:
    order = list(MorningPart)
    return (
        Column(
            "Bagian",
            lambda row: _SHORT[row.part],
            sort=lambda row: order.index(row.part),
            look=Look.PILL,
            tone=lambda row: _tone(row, today()),
            width=112,
        ),
        Column("Jatuh tempo", lambda row: due_words(row, today()), sort=lambda row: row.due_on, wrap=True, width=170),
        Column(
            "Permohonan", lambda row: row.customer_name, second=lambda row: row.number, look=Look.STRONG, width=190,
            share=1,
        ),
        Column("Yang perlu dilakukan", lambda row: row.why, wrap=True, width=260, share=2),
        Column("Dipegang", lambda row: row.holder, look=Look.MUTED, width=150),
    )  # fmt: skip
