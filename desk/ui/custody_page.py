"""Where the originals are: what is lent and overdue, the binders and their labels, the stock-take of one binder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desk.rules.dates import short_text
from desk.rules.people import Duty
from desk.ui.binder_panel import BinderPanel
from desk.ui.list_view import ListView
from desk.ui.mail_table import ScanBox
from desk.ui.rereading import Rereading
from desk.ui.scanner import ScannerEar
from desk.ui.sheet_printing import SheetPrinter
from desk.ui.stocktake_panel import StocktakePanel
from desk.ui.table import Column, Look, TableModel
from desk.ui.theme import Tone, set_look

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from desk.services.binders import BinderRow, PaperRow
    from desk.ui.background import Trouble
    from desk.ui.workstation import Workstation


@dataclass(frozen=True, slots=True)
class Read:
    """One reading of the page."""

    loans: tuple[PaperRow, ...]
    binders: tuple[BinderRow, ...]


class CustodyPage(QWidget):
    """Loans above, binders below; an opened binder or a stock-take takes the place of both.

    The label of a binder that is scanned anywhere on the page opens it; the code of a paper opens its case.
    """

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
        self.loans.setObjectName("loans")
        self.loans.set_table(TableModel[Any](_loan_columns(), parent=self))
        self.loans.when_empty = "Semua naskah asli ada di mapnya."
        self.loans.row_opened.connect(lambda row: self.case_wanted.emit(row.office_id, row.case_id))
        self.binders = ListView("Map naskah asli")
        self.binders.setObjectName("binders")
        self.binders.set_table(TableModel[Any](_binder_columns(), parent=self))
        self.binders.when_empty = "Belum ada naskah yang disimpan di map."
        self.binders.row_selected.connect(lambda _row: self._enable())
        self.binders.row_opened.connect(lambda _row: self._open_chosen())
        self.stocktake = StocktakePanel(workstation, self._sheets)
        self.stocktake.said.connect(self.said)
        self.stocktake.closed.connect(self._end_stocktake)
        self.binder = BinderPanel(workstation)
        self.binder.case_wanted.connect(self.case_wanted)
        self.binder.closed.connect(self._end_stocktake)
        self.binder.stocktake_wanted.connect(lambda: self._begin(self.binder.binder))
        self.binder.label_wanted.connect(lambda: self._print_label(self.binder.binder))
        self.box = ScanBox()
        self.box.setObjectName("custody_scan")
        self.box.setPlaceholderText("Pindai label map atau QR naskah, atau ketik nama map lalu Enter")
        self.box.setAccessibleDescription("Label map membuka isi map; kode naskah membuka permohonannya.")
        self.box.taken.connect(self.take)
        self._ear = ScannerEar(self)
        self._ear.leave_alone(self.box)
        self._ear.scanned.connect(self.take)
        self._build()
        self._enable()

    def read(self) -> None:
        """Read again without moving the current rows."""
        self._reading.read()
        if self._stack.currentWidget() is self.binder:
            self.binder.read()

    def take(self, typed: str) -> None:
        """Open the binder whose label was scanned or whose name was typed, or the case of a paper."""
        if self._stack.currentWidget() is self.stocktake:
            self.stocktake.take(typed)
            return
        offices = self._workstation.office_ids

        def ask(session: Session) -> BinderRow | tuple[int, UUID]:
            from desk.rules.codes import binder_code, looks_like_ours
            from desk.services import mail_table, stocktake

            if looks_like_ours(typed) and binder_code(typed) is None:
                case = mail_table.letter_of(session, offices, typed).case
                return case.office_id, case.id
            return stocktake.binder_of_code(session, offices, typed)

        def found(what: BinderRow | tuple[int, UUID]) -> None:
            self._say("")
            if isinstance(what, tuple):
                self.case_wanted.emit(*what)
            else:
                self.open_binder(what)

        def failed(trouble: Trouble) -> None:
            self._say(str(trouble))

        self._workstation.read(self, ask, found, failed)

    def open_binder(self, row: BinderRow) -> None:
        """Show what stands in a binder and who holds what is lent."""
        duties = self._workstation.actor.duties_in(row.office_id)
        self.binders.select_key(row.id)
        self.binder.open(
            row,
            may_take_stock=bool(duties & {Duty.OFFICER, Duty.SUPERVISOR}),
            may_print=Duty.OFFICER in duties,
        )
        self._stack.setCurrentWidget(self.binder)
        self.binder.papers.setFocus()

    def take_focus(self) -> None:
        """To the scan box, or to the papers of an opened binder."""
        if self._stack.currentWidget() is self.stocktake:
            self.stocktake.take_focus()
        elif self._stack.currentWidget() is self.binder:
            self.binder.papers.setFocus()
        else:
            self.box.setFocus()

    def take_stock(self) -> None:
        """Look through the chosen binder, paper by paper."""
        if self._may:
            self._begin(self.binders.current_row())

    def _begin(self, row: BinderRow | None) -> None:
        if row is not None:
            self.stocktake.begin(row)
            self._stack.setCurrentWidget(self.stocktake)
            self.stocktake.take_focus()

    def print_label(self) -> None:
        """Print the label of the chosen binder."""
        self._print_label(self.binders.current_row())

    def _print_label(self, row: BinderRow | None) -> None:
        if row is not None:
            self._sheets.print_binder_labels((row,), self.read)

    def _open_chosen(self) -> None:
        row = self.binders.current_row()
        if row is not None:
            self.open_binder(row)

    def _say(self, sentence: str) -> None:
        self._answer.setText(sentence)
        self._answer.setVisible(bool(sentence))

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
        self.contents.setEnabled(row is not None)

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
        self.contents = _button("Lihat isi", "custody.contents", "Naskah dalam map yang dipilih", self._open_chosen)
        self.label = _button("Cetak label map", "custody.label", "Label punggung map dengan kode QR", self.print_label)
        heading = QHBoxLayout()
        heading.addWidget(title)
        heading.addWidget(self._lent, 1)
        below = QHBoxLayout()
        binders = QLabel("Map")
        binders.setProperty("role", "title")
        below.addWidget(binders, 1)
        below.addWidget(self.contents)
        below.addWidget(self.label)
        below.addWidget(self.stock)
        self._answer = QLabel()
        self._answer.setObjectName("custody_answer")
        self._answer.setWordWrap(True)
        set_look(self._answer, tone="late")
        self._answer.hide()
        lists = QWidget()
        rows = QVBoxLayout(lists)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addLayout(heading)
        rows.addWidget(self.box)
        rows.addWidget(self._answer)
        rows.addWidget(self.loans, 2)
        rows.addSpacing(6)
        rows.addLayout(below)
        rows.addWidget(self.binders, 3)
        self._stack = QStackedWidget()
        self._stack.addWidget(lists)
        self._stack.addWidget(self.stocktake)
        self._stack.addWidget(self.binder)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)

    # Qt overrides

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        _app().installEventFilter(self._ear)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        _app().removeEventFilter(self._ear)


def _app() -> Any:
    app = QApplication.instance()
    assert app is not None
    return app


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
