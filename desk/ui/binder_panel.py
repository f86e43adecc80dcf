"""A binder opened by its label: what stands in it, sheet by sheet, and who holds what does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desk.rules.dates import short_text
from desk.ui.list_view import ListView
from desk.ui.table import Column, Look, TableModel
from desk.ui.theme import Tone

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.services.binders import BinderRow, PaperRow
    from desk.ui.workstation import Workstation


class BinderPanel(QWidget):
    """The papers of one binder; a paper opens its case."""

    closed = Signal()
    """The person goes back to the binders."""
    case_wanted = Signal(int, object)
    """A paper was opened: office id and case id."""
    stocktake_wanted = Signal()
    label_wanted = Signal()

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self.binder: BinderRow | None = None
        self.title = QLabel()
        self.title.setProperty("role", "title")
        self.count = QLabel()
        self.count.setObjectName("binder_count")
        self.count.setProperty("role", "muted")
        self.papers = ListView("Isi map")
        self.papers.setObjectName("binder_papers")
        self.papers.set_table(TableModel[Any](_columns(), parent=self))
        self.papers.when_empty = "Map ini masih kosong."
        self.papers.row_opened.connect(lambda row: self.case_wanted.emit(row.office_id, row.case_id))
        self.stock = _button("Stok opname", "binder.stocktake", self.stocktake_wanted.emit)
        self.label = _button("Cetak label map", "binder.label", self.label_wanted.emit)
        heading = QHBoxLayout()
        heading.addWidget(self.title)
        heading.addWidget(self.count, 1)
        for button in (self.label, self.stock, _button("Kembali", "binder.back", self.closed.emit)):
            heading.addWidget(button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addLayout(heading)
        rows.addWidget(self.papers, 1)

    def open(self, binder: BinderRow, *, may_take_stock: bool, may_print: bool) -> None:
        """Show what stands in this binder."""
        self.binder = binder
        self.stock.setVisible(may_take_stock)
        self.label.setVisible(may_print)
        self.title.setText(f"Map {binder.name}")
        lent = f", {binder.lent} dipinjam" if binder.lent else ""
        self.count.setText(f"{binder.papers} dari {binder.capacity} lembar{lent}")
        self.read()

    def read(self) -> None:
        """Read the papers again."""
        binder = self.binder
        if binder is None:
            return

        def ask(session: Session) -> list[PaperRow]:
            from desk.services import binders

            return binders.papers_of(session, binder.office_id, binder.id)

        self._workstation.read(self, ask, self.papers.show_rows)


def _columns() -> tuple[Column[Any], ...]:
    def holder(row: PaperRow) -> str:
        return row.borrower or "di map"

    def back(row: PaperRow) -> str:
        if not row.due_on:
            return ""
        late = f", terlambat {row.days_over} hari" if row.days_over > 0 else ""
        return f"kembali {short_text(row.due_on)}{late}"

    return (
        Column("Lembar", lambda row: str(row.sheet), sort=lambda row: row.sheet, width=84),
        Column("Naskah", lambda row: row.named, second=lambda row: row.case_number, look=Look.STRONG, width=262),
        Column("Pengguna data", lambda row: row.customer_name, look=Look.MUTED, width=180, share=1, spare=1),
        Column("Dipegang", holder, sort=holder, second=back, look=Look.PILL,
               tone=lambda row: Tone.PLAIN if not row.borrower else Tone.LATE if row.days_over > 0 else Tone.SOON,
               width=220, share=1),
        Column("Sejak", lambda row: short_text(row.since), sort=lambda row: row.since, look=Look.MUTED, width=120,
               spare=2),
    )  # fmt: skip


def _button(words: str, name: str, clicked: Callable[[], object]) -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(name)
    button.setAutoDefault(False)
    button.clicked.connect(lambda: clicked())
    return button
