"""The treasurer's day: today's kuitansi, their originals on paper, and the earlier ones that never came out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desk.rules.dates import day_text, short_text
from desk.rules.people import Duty
from desk.rules.rupiah import rupiah
from desk.ui import message, theme
from desk.ui.day_panel import DayPanel
from desk.ui.list_view import ListView
from desk.ui.office_choice import OfficeChoice
from desk.ui.rereading import Rereading
from desk.ui.table import Column, Look, TableModel
from desk.ui.theme import Tone

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from desk.services.day import DayView
    from desk.services.prints import ReceiptToPrint
    from desk.ui.background import Task, Trouble
    from desk.ui.print_run import PrintOutcome
    from desk.ui.printing import PrintOrder
    from desk.ui.workstation import Workstation

PANEL_WIDTH = 372
NARROW = 930
"""Below this width (px) list and panel stand under each other."""
RECEIPT = "receipt"


class DayPage(QWidget):
    """The kuitansi of the day at the left; at the right what is still to do with them."""

    said = Signal(str)
    """What was done, for the quiet line of the window."""

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._reading = Rereading(self._ask)
        self._run: Task | None = None
        self._troubles: dict[UUID, str] = {}
        """Why a kuitansi did not come out in the last run, until it does."""
        self.office = OfficeChoice(workstation, Duty.TREASURER)
        self.office.chosen.connect(self.read)
        self.setAccessibleName("Tutup hari")
        self._title = QLabel("Tutup hari")
        self._title.setProperty("role", "title")
        self._about = QLabel()
        self._about.setProperty("role", "muted")
        self.list = ListView("Kuitansi hari ini")
        self.list.when_empty = "Belum ada kuitansi hari ini."
        self.list.setObjectName("receipts")
        self.list.set_table(TableModel[Any](self._columns(), parent=self))
        self._build()

    def take_focus(self) -> None:
        """To the list."""
        self.list.setFocus()

    # Reading

    def read(self) -> None:
        """Read again without moving the current row."""
        self._reading.read()

    def _ask(self, ended: Callable[[], None]) -> None:
        station = self._workstation
        office_id = self._office_id()
        today = station.today(office_id)

        def ask(session: Session) -> tuple[list[ReceiptToPrint], DayView]:
            from desk.services import day, prints

            return prints.receipts_to_print(session, (office_id,), today), day.day_view(session, office_id, today)

        def show(answer: tuple[list[ReceiptToPrint], DayView]) -> None:
            rows, view = answer
            self.panel.show_day(view)
            self._troubles = {row.id: self._troubles[row.id] for row in rows if row.waits and row.id in self._troubles}
            self.list.show_rows(rows)
            self._show_state()
            ended()

        station.read(self, ask, show, lambda _trouble: ended())

    @property
    def waiting(self) -> list[ReceiptToPrint]:
        """The kuitansi whose original is still to be printed."""
        return [row for row in self.list.table.live_rows if row.waits]

    # Printing

    def print_all(self) -> None:
        """Ask for the printer, then print every original that is still missing."""
        from desk.ui.printing import PrintDialog

        waiting, kept = self.waiting, self._workstation.printers
        if not waiting:
            return
        stamped = [row for row in waiting if row.stamp is not None]
        note = ""
        if stamped:
            value = rupiah(stamped[0].stamp.value) if stamped[0].stamp else ""
            note = f"{len(stamped)} di antaranya perlu materai {value}: {', '.join(row.number for row in stamped)}."

        def ordered(order: PrintOrder) -> None:
            kept.remember(RECEIPT, order)
            self._start(waiting, order)

        PrintDialog(
            self,
            f"{len(waiting)} kuitansi",
            1,
            ordered,
            remembered=kept.of(RECEIPT),
            issued=True,
            into_file=False,
            note=note,
            must_confirm="Materai untuk semuanya tersedia"
            if any(row.stamp is not None and row.stamp.required for row in stamped)
            else "",
        ).show()

    def _start(self, receipts: list[ReceiptToPrint], order: PrintOrder) -> None:
        from desk.ui.print_run import print_receipts

        outcomes: list[PrintOutcome] = []

        def each(outcome: PrintOutcome) -> None:
            outcomes.append(outcome)
            self._troubles.pop(outcome.receipt_id, None)
            if outcome.trouble:
                self._troubles[outcome.receipt_id] = outcome.trouble

        def ended(said: str) -> None:
            self._run = None
            self._show_state()
            self.read()
            self.said.emit(said)

        def done(_none: None) -> None:
            lost = sum(1 for outcome in outcomes if outcome.trouble)
            told = f"{len(outcomes) - lost} kuitansi dikirim ke {order.printer}."
            ended(f"{told} {lost} gagal; alasannya di daftar." if lost else told)

        def failed(trouble: Trouble) -> None:
            ended(f"Pencetakan berhenti setelah {len(outcomes)} kuitansi.")
            message.show_trouble(self, trouble)

        self.bar.setRange(0, len(receipts))
        self.bar.setValue(0)
        self._run = print_receipts(
            self._workstation,
            self,
            receipts,
            order,
            each=each,
            done=done,
            failed=failed,
            progressed=lambda at, _of: self.bar.setValue(at),
        )
        self._show_state()

    def cancel(self) -> None:
        """Stop after the sheet that is at the printer."""
        if self._run is not None:
            self._run.cancel()
            self._run = None
            self._show_state()
            self.said.emit("Pencetakan dihentikan; yang belum tercetak tetap di daftar.")
            self.read()

    # Showing

    def _show_state(self) -> None:
        rows, waiting = self.list.table.live_rows, self.waiting
        today = self._workstation.today(self._office_id())
        fresh = [row for row in rows if row.issued_on == today]
        self._title.setText(f"Tutup hari · {day_text(today)}")
        old = len(rows) - len(fresh)
        told = f"{len(fresh)} kuitansi hari ini"
        self._about.setText(f"{told}, {old} dari hari sebelumnya belum tercetak" if old else told)
        running = self._run is not None
        self.print_button.setText(
            f"Cetak semua kuitansi ({len(waiting)})" if waiting else "Semua kuitansi sudah tercetak"
        )
        self.print_button.setEnabled(bool(waiting) and not running)
        self.print_button.setVisible(self._is_treasurer())
        self.bar.setVisible(running)
        self.stop.setVisible(running)
        self.scans.setText(self._scan_words(rows))
        self.scans.setVisible(bool(self.scans.text()))

    def _scan_words(self, rows: tuple[ReceiptToPrint, ...]) -> str:
        missing = sum(1 for row in rows if row.printed_at and not row.scanned and row.void_reason is None)
        if not missing:
            return ""
        return (
            f"{missing} kuitansi bertanda tangan belum dipindai. Tarik berkas pindaian ke permohonannya: "
            "pindaian itulah yang dikirim kepada pengguna data."
        )

    def _office_id(self) -> int:
        """The office whose day is shown."""
        return self.office.office_id

    def _is_treasurer(self) -> bool:
        return Duty.TREASURER in self._workstation.actor.duties_in(self._office_id())

    def _columns(self) -> tuple[Column[Any], ...]:
        return (
            Column("Kuitansi", lambda row: row.number, lambda row: row.number, lambda row: row.case_number,
                   Look.STRONG, width=236, share=1),
            Column("Diterima dari", lambda row: row.payer, lambda row: row.payer.casefold(), wrap=True, width=110,
                   share=2),
            Column("Jumlah", lambda row: rupiah(row.amount), lambda row: row.amount, self._stamp_words, width=130,
                   right=True),
            Column("Lembar asli", self._print_words, self._print_words, look=Look.PILL, tone=self._tone, width=124),
            Column("Keterangan", self._why, self._why, look=Look.MUTED, wrap=True, width=100, share=3),
            Column("Pindaian", lambda row: "ada" if row.scanned else "belum", lambda row: row.scanned,
                   look=Look.MUTED, width=80, spare=1),
        )  # fmt: skip

    def _stamp_words(self, row: ReceiptToPrint) -> str:
        return f"materai {rupiah(row.stamp.value)}" if row.stamp is not None else ""

    def _print_words(self, row: ReceiptToPrint) -> str:
        if row.void_reason is not None:
            return "Dibatalkan"
        if row.printed_at is not None:
            return f"ASLI {self._workstation.clock_text(row.printed_at)}"
        return "Gagal" if self._failed(row) else "Belum dicetak"

    def _failed(self, row: ReceiptToPrint) -> bool:
        return bool(self._troubles.get(row.id) or row.failure)

    def _why(self, row: ReceiptToPrint) -> str:
        if row.void_reason is not None:
            return row.void_reason
        if not row.waits:
            return ""
        late = f"terbit {short_text(row.issued_on)}" if row.issued_on < self._workstation.today() else ""
        return self._troubles.get(row.id) or row.failure or late

    def _tone(self, row: ReceiptToPrint) -> Tone:
        if row.void_reason is not None:
            return Tone.PLAIN
        if not row.waits:
            return Tone.DONE
        return Tone.LATE if self._failed(row) else Tone.SOON

    def _build(self) -> None:
        self.print_button = QPushButton()
        self.print_button.setObjectName("day.print_all")
        self.print_button.setProperty("role", "primary")
        self.print_button.clicked.connect(self.print_all)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Kuitansi yang sudah dicetak")
        self.bar.setFormat("%v dari %m")
        self.stop = QPushButton("Hentikan")
        self.stop.setObjectName("day.stop")
        self.stop.clicked.connect(self.cancel)
        self.scans = QLabel()
        self.scans.setProperty("role", "muted")
        self.scans.setWordWrap(True)
        self.panel = DayPanel(self._workstation, may_act=self._is_treasurer)
        self.panel.said.connect(self.said)
        self.panel.done.connect(self.read)
        inside = QFrame()
        inside.setProperty("role", "panel")
        column = QVBoxLayout(inside)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(10)
        section = QLabel("CETAK KUITANSI")
        section.setProperty("role", "section")
        for widget in (section, self.print_button, self.bar, self.stop, self.scans, self.panel):
            column.addWidget(widget)
        column.addStretch(1)
        panel = QScrollArea()
        panel.setWidget(inside)
        panel.setWidgetResizable(True)
        panel.setFrameShape(QFrame.Shape.NoFrame)
        panel.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        panel.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        heading = QHBoxLayout()
        heading.addWidget(self._title)
        heading.addWidget(self._about, 1)
        heading.addWidget(self.office)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(heading)
        left.addWidget(self.list, 1)
        self._panel = panel
        self._whole = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(theme.GAP_WIDE)
        self._whole.addLayout(left, 1)
        self._whole.addWidget(panel)
        self._arrange()
        self._show_state()

    def _arrange(self) -> None:
        """The panel stands beside the list; in a narrow window, as at 200 % scaling, below it."""
        narrow = self.width() < NARROW
        across = QBoxLayout.Direction.LeftToRight
        self._whole.setDirection(QBoxLayout.Direction.TopToBottom if narrow else across)
        self._panel.setMinimumWidth(0 if narrow else PANEL_WIDTH)
        self._panel.setMaximumWidth(16_777_215 if narrow else PANEL_WIDTH)

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
