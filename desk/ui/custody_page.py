"""Where the originals are: what is lent and overdue, the binders and their labels, the stock-take of one binder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desk.rules.dates import short_text
from desk.rules.people import Duty
from desk.ui.list_view import ListView
from desk.ui.rereading import Rereading
from desk.ui.sheet_printing import SheetPrinter
from desk.ui.stocktake_panel import StocktakePanel
from desk.ui.table import Column, Look, TableModel
from desk.ui.theme import Tone

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.services.binders import BinderRow, PaperRow
    from desk.ui.workstation import Workstation


@dataclass(frozen=True, slots=True)
class Read:
    """One reading of the page."""

    loans: tuple[PaperRow, ...]
    binders: tuple[BinderRow, ...]


class CustodyPage(QWidget):
    """Loans above, binders below; a stock-take takes the place of both."""

    said = Signal(str)
    """What was done, for the quiet line of the window."""
    case_wanted = Signal(int, object)
    """A paper was opened: office id and case id."""

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._reading = Rereading(self._ask)
        self._sheets = SheetPrinter(self, workstation, self.said.emit)
        self.setAccessibleName("Map dan pinjaman naskah asli")
        self.loans = ListView("Naskah yang dipinjam")
        self.loans.when_empty = "Semua naskah asli ada di mapnya."
        self.loans.setObjectName("loans")
        self.loans.set_table(TableModel[Any](_loan_columns(), parent=self))
        self.loans.row_opened.connect(lambda row: self.case_wanted.emit(row.office_id, row.case_id))
        self.binders = ListView("Map naskah asli")
        self.binders.when_empty = "Belum ada naskah yang disimpan di map."
        self.binders.setObjectName("binders")
        self.binders.set_table(TableModel[Any](_binder_columns(), parent=self))
        self.binders.row_selected.connect(lambda _row: self._enable())
        self.binders.row_opened.connect(lambda _row: self.take_stock())
        self.stocktake = StocktakePanel(workstation, self._sheets)
        self.stocktake.said.connect(self.said)
        self.stocktake.closed.connect(self._end_stocktake)
        self._build()
        self._enable()

    def read(self) -> None:
        """Read again without moving the current rows."""
        self._reading.read()

    def take_focus(self) -> None:
        """To the scan box during a stock-take, else to the loans, or the binders where nothing is lent."""
        if self._stack.currentWidget() is self.stocktake:
            self.stocktake.take_focus()
        else:
            (self.loans if self.loans.table.rows else self.binders).setFocus()

    def take_stock(self) -> None:
        """Look through the chosen binder, paper by paper."""
        row = self.binders.current_row()
        if row is not None and self._may:
            self.stocktake.begin(row)
            self._stack.setCurrentWidget(self.stocktake)
            self.stocktake.take_focus()

    def print_label(self) -> None:
        """Print the label of the chosen binder."""
        row = self.binders.current_row()
        if row is not None:
            self._sheets.print_binder_labels((row,), self.read)

    # Reading and showing

    @property
    def _may(self) -> bool:
        row = self.binders.current_row()
        duties = frozenset() if row is None else self._workstation.actor.duties_in(row.office_id)
        return bool(duties & {Duty.OFFICER, Duty.SUPERVISOR})

    def _ask(self, ended: Callable[[], None]) -> None:
        offices = self._workstation.office_ids

        def ask(session: Session) -> Read:
            from desk.services import binders

            return Read(tuple(binders.loans(session, offices)), tuple(binders.binders(session, offices)))

        def show(found: Read) -> None:
            self.loans.show_rows(found.loans)
            self.binders.show_rows(found.binders)
            late = sum(1 for row in found.loans if row.days_over > 0)
            self._lent.setText(
                f"{len(found.loans)} naskah dipinjam" + (f", {late} terlambat" if late else "")
                if found.loans
                else "Tidak ada naskah yang dipinjam"
            )
            self._enable()
            ended()

        self._workstation.read(self, ask, show, lambda _trouble: ended())

    def _enable(self) -> None:
        row = self.binders.current_row()
        officer = row is not None and Duty.OFFICER in self._workstation.actor.duties_in(row.office_id)
        self.stock.setEnabled(row is not None and self._may)
        self.label.setEnabled(row is not None and officer)

    def _end_stocktake(self) -> None:
        self._stack.setCurrentIndex(0)
        self.read()
        self.binders.setFocus()

    def _build(self) -> None:
        title = QLabel("Map & pinjaman")
        title.setProperty("role", "title")
        self._lent = QLabel()
        self._lent.setProperty("role", "muted")
        self.stock = _button("Stok opname", "custody.stocktake", "Periksa isi map yang dipilih", self.take_stock)
        self.label = _button("Cetak label map", "custody.label", "Label punggung map dengan kode QR", self.print_label)
        heading = QHBoxLayout()
        heading.addWidget(title)
        heading.addWidget(self._lent, 1)
        below = QHBoxLayout()
        binders = QLabel("Map")
        binders.setProperty("role", "title")
        below.addWidget(binders, 1)
        below.addWidget(self.label)
        below.addWidget(self.stock)
        lists = QWidget()
        rows = QVBoxLayout(lists)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addLayout(heading)
        rows.addWidget(self.loans, 2)
        rows.addSpacing(6)
        rows.addLayout(below)
        rows.addWidget(self.binders, 3)
        self._stack = QStackedWidget()
        self._stack.addWidget(lists)
        self._stack.addWidget(self.stocktake)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)


def _loan_columns() -> tuple[Column[Any], ...]:
    def late(row: PaperRow) -> str:
        return f"terlambat {row.days_over} hari" if row.days_over > 0 else ""

    def back(row: PaperRow) -> str:
        return short_text(row.due_on) if row.due_on else ""

    return (
        Column(
            "Kembali",
            back,
            sort=lambda row: row.due_on,
            second=late,
            look=Look.PILL,
            tone=lambda row: Tone.LATE if row.days_over > 0 else Tone.PLAIN,
            width=132,
        ),
        Column("Naskah", lambda row: row.named, second=lambda row: row.case_number, look=Look.STRONG, width=262),
        Column("Peminjam", lambda row: row.borrower, width=170, share=1),
        Column("Pengguna data", lambda row: row.customer_name, look=Look.MUTED, width=150, share=1, spare=1),
        Column("Tempat", lambda row: f"{row.binder}, lembar {row.sheet}", look=Look.MUTED, width=190, spare=2),
    )


def _binder_columns() -> tuple[Column[Any], ...]:
    def contents(row: BinderRow) -> str:
        return "penuh" if row.full else ""

    def label(row: BinderRow) -> str:
        return "sudah dicetak" if row.labelled else "perlu dicetak" if row.full else "belum dicetak"

    return (
        Column("Map", lambda row: row.name, look=Look.STRONG, width=210, share=1),
        Column(
            "Isi",
            lambda row: f"{row.papers} dari {row.capacity}",
            sort=lambda row: row.papers,
            second=contents,
            width=120,
        ),
        Column("Dipinjam", lambda row: str(row.lent) if row.lent else "–", sort=lambda row: row.lent, width=90),
        Column(
            "Label",
            label,
            tone=lambda row: Tone.SOON if row.full and not row.labelled else Tone.PLAIN,
            width=130,
        ),
        Column(
            "Stok opname",
            lambda row: short_text(row.taken_on) if row.taken_on else "belum pernah",
            sort=lambda row: str(row.taken_on or ""),
            look=Look.MUTED,
            width=130,
        ),
    )


def _button(words: str, name: str, told: str, clicked: Callable[[], None]) -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(name)
    button.setToolTip(told)
    button.setAutoDefault(False)
    button.clicked.connect(lambda: clicked())
    return button
