"""The bank's movements: the list at the left, the chosen one at the right; files are dropped anywhere on the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desk.rules.dates import short_text
from desk.rules.people import Duty
from desk.rules.statement import sen_text
from desk.services.statement_lists import PAGE, LastImport, LineRow
from desk.ui import theme
from desk.ui.list_view import ListView
from desk.ui.rereading import Rereading
from desk.ui.table import Column, Look, TableModel

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.ui.workstation import Workstation

PANEL_WIDTH = 372


@dataclass(frozen=True, slots=True)
class Shown:
    """One reading of the page."""

    rows: tuple[LineRow, ...]
    last: LastImport | None


class StatementPage(QWidget):
    """All movements, the newest first."""

    said = Signal(str)
    """What was done, for the quiet line of the window."""

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._reading = Rereading(self._ask)
        self._more = False
        self.setAccessibleName("Mutasi rekening")
        self.setAcceptDrops(True)
        self._title = QLabel("Mutasi rekening")
        self._title.setProperty("role", "title")
        self._sub = QLabel()
        self._sub.setProperty("role", "muted")
        self.bring = QPushButton("Impor mutasi …")
        self.bring.setObjectName("statements.import")
        self.bring.setProperty("role", "primary")
        self.bring.clicked.connect(self.choose_files)
        self.layouts = QPushButton("Profil bank")
        self.layouts.setObjectName("statements.profiles")
        self.layouts.setMenu(QMenu(self.layouts))
        self.layouts.menu().aboutToShow.connect(self._fill_menu)
        self.list = ListView("Daftar mutasi rekening")
        self.list.setObjectName("statement_lines")
        self.model: TableModel[LineRow] = TableModel(_COLUMNS, parent=self)
        self.list.set_table(self.model)
        self.list.row_selected.connect(self._show)
        self.list.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self._empty = QLabel("", self.list.viewport())
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setProperty("role", "muted")
        self._empty.setWordWrap(True)
        QVBoxLayout(self.list.viewport()).addWidget(self._empty)
        heading = QHBoxLayout()
        heading.setSpacing(10)
        heading.addWidget(self._title)
        heading.addWidget(self._sub, 1)
        heading.addWidget(self.layouts)
        heading.addWidget(self.bring)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(heading)
        left.addWidget(self.list, 1)
        self._panel = QScrollArea()
        self._panel.setWidgetResizable(True)
        self._panel.setFrameShape(QFrame.Shape.NoFrame)
        self._panel.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._panel.setFixedWidth(PANEL_WIDTH)
        self._panel.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.GAP_WIDE)
        whole.addLayout(left, 1)
        whole.addWidget(self._panel)
        self._show(None)

    # Reading

    def read(self) -> None:
        """Read the newest movements again without moving the current row."""
        mine = self._treasury()
        self.bring.setVisible(bool(mine))
        self.layouts.setVisible(bool(mine))
        self._reading.read()

    def take_focus(self) -> None:
        """Give the focus to the list."""
        self.list.setFocus()

    def _treasury(self) -> tuple[int, ...]:
        """The offices on the screen in which this person is the treasurer."""
        station = self._workstation
        return tuple(office for office in station.office_ids if Duty.TREASURER in station.actor.duties_in(office))

    def _ask(self, ended: Callable[[], None]) -> None:
        from desk.services import statement_lists

        offices = self._workstation.office_ids

        def work(session: Session) -> Shown:
            return Shown(
                tuple(statement_lists.all_lines(session, offices)), statement_lists.last_import(session, offices)
            )

        def show(shown: Shown) -> None:
            self.list.show_rows(shown.rows)
            self._more = len(shown.rows) == PAGE
            self._say(shown.last)
            if self.list.current_row() is None and shown.rows:
                self.list.select_key(shown.rows[0].id)
            ended()

        self._workstation.read(self, work, show, lambda _trouble: ended())

    def _say(self, last: LastImport | None) -> None:
        self._sub.setText("" if last is None else f"sampai {short_text(last.last_on)}, diimpor oleh {last.by}")
        self._empty.setVisible(not self.model.rows)
        self._empty.setText(
            "Belum ada mutasi. Seret berkas dari bank ke sini, atau pilih lewat “Impor mutasi”."
            if self._treasury()
            else "Belum ada mutasi; bendahara mengimpornya dari berkas bank."
        )

    def _on_scrolled(self, value: int) -> None:
        from desk.services import statement_lists

        bar = self.list.verticalScrollBar()
        if not self._more or bar.maximum() - value >= 20 * theme.ROW_HEIGHT:
            return
        self._more = False
        last, offices = self.model.rows[-1], self._workstation.office_ids

        def append(rows: list[LineRow]) -> None:
            if self.model.rows and self.model.rows[-1].id == last.id:
                self.model.append(rows)
                self._more = len(rows) == PAGE

        self._workstation.read(
            self, lambda s: statement_lists.all_lines(s, offices, after=(last.booked_on, last.id)), append
        )

    # Bringing files in

    def choose_files(self) -> None:
        """Let the treasurer choose bank files."""
        from desk.ui.forms.file_field import file_dialog

        dialog = file_dialog(self, "Pilih berkas mutasi dari bank", many=True)
        dialog.filesSelected.connect(lambda names: self.take_files([Path(name) for name in names]))
        dialog.open()

    def take_files(self, paths: Sequence[Path]) -> None:
        """Open the import window for these files."""
        mine = self._treasury()
        if not mine or not paths:
            return
        from desk.ui.statement_import import StatementImport

        window = StatementImport(self.window(), self._workstation, mine[0], paths)
        window.imported.connect(self._on_imported)
        window.open()

    def _on_imported(self, sentence: str) -> None:
        self.said.emit(sentence)
        self.read()

    # Layouts

    def _fill_menu(self) -> None:
        from desk.ui.statement_layouts import fill_menu

        fill_menu(self.layouts.menu(), self, self._workstation, self._treasury()[0], self.said.emit)

    # The chosen movement

    def _show(self, row: LineRow | None) -> None:
        inside = QFrame()
        inside.setProperty("role", "panel")
        column = QVBoxLayout(inside)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(6)
        if row is None:
            column.addWidget(_label("Pilih satu mutasi di daftar.", "muted"))
        else:
            column.addWidget(_label(sen_text(row.amount_sen), "title"))
            clock = f" pukul {row.booked_at:%H.%M}" if row.booked_at else ""
            column.addWidget(_label(f"{short_text(row.booked_on)}{clock} · {row.account} {row.bank}", "muted"))
            column.addSpacing(6)
            for words, role in (
                ("KETERANGAN BANK", "section"), (row.description, ""), (row.counterparty, ""),
                (f"Referensi {row.reference}" if row.reference else "", "small"),
                ("BARIS ASLI", "section"), (row.raw.replace(",", ",\u200b"), "small"), (f"Berkas {row.file}", "small"),
            ):  # fmt: skip
                if words:
                    column.addWidget(_label(words, role))
        column.addStretch(1)
        self._panel.setWidget(inside)

    # Qt overrides

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        from desk.ui.forms.file_field import local_files

        if self._treasury() and local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        from desk.ui.forms.file_field import local_files

        event.acceptProposedAction()
        self.take_files(local_files(event.mimeData()))


_COLUMNS: tuple[Column[LineRow], ...] = (
    Column(
        "Tanggal",
        text=lambda row: short_text(row.booked_on),
        second=lambda row: f"{row.booked_at:%H.%M}" if row.booked_at else "",
        sort=lambda row: row.booked_on,
        width=112,
    ),
    Column(
        "Nominal",
        text=lambda row: sen_text(row.amount_sen),
        sort=lambda row: row.amount_sen,
        look=Look.STRONG,
        right=True,
        width=140,
    ),
    Column(
        "Keterangan bank",
        text=lambda row: " · ".join(part for part in (row.description, row.counterparty) if part),
        wrap=True,
        width=220,
        share=1,
    ),
)


def _label(text: str, role: str = "") -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    return label
