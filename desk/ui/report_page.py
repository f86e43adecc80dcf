"""The service report of a month on the screen, and as Word, PDF and Excel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desk.rules.dates import add_months, month_text
from desk.rules.service_report import OPTIONAL, report_parts
from desk.ui import theme
from desk.ui.list_view import ListView
from desk.ui.table import Column, Look, TableModel

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from desk.rules.figures import MonthFigures
    from desk.ui.sheet_files import SheetFiles
    from desk.ui.workstation import Workstation


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report on the screen; a heading has no number."""

    id: int
    part: str
    name: str
    value: str
    remark: str


class ReportPage(QWidget):
    """One month of one office; it is counted anew from the story whenever it is read."""

    turned = Signal(bool)
    """Another month is on show; whether there is a later one."""

    def __init__(self, workstation: Workstation, files: SheetFiles, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation, self._files = workstation, files
        self._office_id = workstation.office_ids[0]
        self._month: date | None = None
        self.figures: MonthFigures | None = None
        self.title = QLabel()
        self.title.setProperty("role", "strong")
        self.list = ListView("Laporan bulanan", theme.LINE_HEIGHT)
        self.list.set_table(TableModel[Any](_columns(), parent=self))
        self.setFocusProxy(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.title)
        column.addWidget(self.list, 1)

    @property
    def month(self) -> date:
        """The first day of the month on the screen; to begin with the last one that is over."""
        today = self._workstation.today(self._office_id)
        return (self._month or add_months(today.replace(day=1), -1)).replace(day=1)

    def turn(self, months: int) -> None:
        """Go to an earlier or later month, at most to this one."""
        wanted = add_months(self.month, months)
        if wanted <= self._workstation.today(self._office_id):
            self._month = wanted
            self.read(self._office_id)

    def read(self, office_id: int) -> None:
        """Count the month of this office again."""
        self._office_id = office_id
        month = self.month

        def ask(session: Session) -> MonthFigures:
            from desk.services import figures

            return figures.figures(session, office_id, month)

        def show(found: MonthFigures) -> None:
            self.figures = found
            office = self._workstation.office(office_id).name
            self.title.setText(f"Laporan layanan {month_text(found.month)} · {office}")
            self.list.show_rows(_lines(found))
            self.turned.emit(add_months(found.month, 1) <= self._workstation.today(office_id))

        self._workstation.read(self, ask, show, lambda _trouble: None)

    def save(self, ending: str) -> None:
        """Ask where to, then keep the month as `docx`, `pdf` or `xlsx`."""
        self._files.ask_where(f"Laporan layanan {month_text(self.month)}", ending, self.save_to)

    def save_to(self, path: Path) -> None:
        """Keep the month on the screen as the ending of the name says."""
        office_id, month, today = self._office_id, self.month, self._workstation.today(self._office_id)
        if path.suffix.lower() == ".xlsx":
            found = self.figures
            if found is not None:
                title = self.title.text()
                self._files.write(path, lambda into: _write(into, title, found))
            return

        def filled(session: Session) -> tuple[bytes, dict[str, object]]:
            from desk.services import figures

            return figures.report_paper(session, office_id, month, today)

        self._files.write_paper(path, filled, OPTIONAL)


def _lines(found: MonthFigures) -> list[Line]:
    lines: list[Line] = []
    for part in report_parts(found):
        rows = [(row.name, row.value, row.remark) for row in part.rows] or [(part.empty, "", "")]
        lines += [Line(len(lines) + at, part.title if at == 0 else "", *row) for at, row in enumerate(rows)]
    return lines


def _write(path: Path, title: str, found: MonthFigures) -> None:
    from desk.adapters.workbook import Cell, SheetColumn, write_workbook

    columns = (
        SheetColumn("Bagian", 34), SheetColumn("Uraian", 52), SheetColumn("Banyaknya", 22),
        SheetColumn("Angka", 18, "#,##0"), SheetColumn("Keterangan", 34),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (part.title, row.name, row.value, row.number, row.remark) for part in report_parts(found) for row in part.rows
    ]
    write_workbook(path, "Laporan layanan", columns, rows, above=(title,))


def _columns() -> tuple[Column[Line], ...]:
    return (
        Column("Bagian", lambda line: line.part, look=Look.STRONG, width=270),
        Column("Uraian", lambda line: line.name, width=260, share=2),
        Column("Banyaknya", lambda line: line.value, width=170, right=True),
        Column("Keterangan", lambda line: line.remark, look=Look.MUTED, width=190, share=1),
    )
