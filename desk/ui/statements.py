"""The bank's movements: free money with what it may pay, or all of them; files are dropped anywhere on the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from desk.rules.dates import short_text
from desk.rules.outcomes import Named
from desk.rules.people import Duty
from desk.rules.settling import Candidate
from desk.rules.statement import sen_text
from desk.services.statement_lists import PAGE, LastImport, LineRow
from desk.services.statement_matching import Matched, Waiting
from desk.ui import theme
from desk.ui.list_view import ListView
from desk.ui.rereading import Rereading
from desk.ui.statement_line import LinePanel
from desk.ui.statement_match import TONES, MatchPanel
from desk.ui.table import Column, Look, TableModel

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.ui.background import Task
    from desk.ui.workstation import Workstation

FREE, ALL = 0, 1
LIST_WIDTH = 470


class StatementPage(QWidget):
    """Two lists: the money that has no owner yet, and every movement."""

    said = Signal(str)
    """What was done, for the quiet line of the window."""
    case_wanted = Signal(int, object)
    """The office and the id of a case to open."""

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._reading = Rereading(self._ask)
        self._matching = Rereading(self._ask_free)
        self._more = False
        self._matched = Matched((), {})
        self._place = 0
        self.setAccessibleName("Mutasi rekening")
        self.setAcceptDrops(True)
        self._make_head()
        self.free = ListView("Dana masuk yang belum bertuan")
        self.free.when_empty = "Semua uang masuk sudah bertuan."
        self.free.setObjectName("free_money")
        self.free_model: TableModel[Waiting] = TableModel(_FREE_COLUMNS, parent=self)
        self.free_model.gone_words = "Sudah bertuan."
        self.free.set_table(self.free_model)
        self.free.row_selected.connect(self._show_free)
        self.list = ListView("Daftar mutasi rekening")
        self.list.when_empty = "Belum ada mutasi yang diimpor."
        self.list.setObjectName("statement_lines")
        self.model: TableModel[LineRow] = TableModel(_COLUMNS, parent=self)
        self.list.set_table(self.model)
        self.list.row_selected.connect(self._show)
        self.list.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.match = MatchPanel(workstation)
        self.free.row_opened.connect(lambda _row: self.match.confirm())
        self.match.confirmed.connect(self._on_confirmed)
        self.match.case_wanted.connect(self.case_wanted)
        self.match.set_apart_wanted.connect(self._set_apart)
        self.match.letter_wanted.connect(self._ask_whose)
        self.match.note_wanted.connect(self._note)
        self.line = LinePanel(workstation)
        self.line.case_wanted.connect(self.case_wanted)
        self.line.said.connect(self._on_said)
        self._empties = [self._make_empty(each) for each in (self.free, self.list)]
        self._lists, self._panels = QStackedWidget(), QStackedWidget()
        for view, panel in ((self.free, self.match), (self.list, self.line)):
            self._lists.addWidget(view)
            self._panels.addWidget(panel)
        self._lists.setMinimumWidth(LIST_WIDTH)
        self._lay_out()

    def _make_head(self) -> None:
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
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Mutasi yang ditampilkan")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.addTab("Uang tak bertuan")
        self.tabs.addTab("Semua mutasi")
        self.tabs.currentChanged.connect(self._on_tab)

    def _make_empty(self, view: ListView) -> QLabel:
        empty = QLabel("Sedang membaca …", view.viewport())
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setProperty("role", "muted")
        empty.setWordWrap(True)
        QVBoxLayout(view.viewport()).addWidget(empty)
        return empty

    def _lay_out(self) -> None:
        heading = QHBoxLayout()
        heading.setSpacing(10)
        heading.addWidget(self._title)
        heading.addWidget(self._sub, 1)
        heading.addWidget(self.layouts)
        heading.addWidget(self.bring)
        beside = QHBoxLayout()
        beside.setSpacing(theme.GAP_WIDE)
        beside.addWidget(self._lists, 4)
        beside.addWidget(self._panels, 5)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        whole.addLayout(heading)
        whole.addWidget(self.tabs)
        whole.addLayout(beside, 1)

    # Reading

    def read(self) -> None:
        """Read both lists again without moving the current row."""
        mine = self._treasury()
        self.bring.setVisible(bool(mine))
        self.layouts.setVisible(bool(mine))
        self._reading.read()
        self._matching.read()

    def take_focus(self) -> None:
        """Give the focus to the list on show."""
        (self.free if self.tabs.currentIndex() == FREE else self.list).setFocus()

    def _treasury(self) -> tuple[int, ...]:
        """The offices on the screen in which this person is the treasurer."""
        station = self._workstation
        return tuple(office for office in station.office_ids if Duty.TREASURER in station.actor.duties_in(office))

    def _ask(self, ended: Callable[[], None]) -> None:
        from desk.services import statement_lists

        offices = self._workstation.office_ids

        def work(session: Session) -> tuple[list[LineRow], LastImport | None]:
            return statement_lists.all_lines(session, offices), statement_lists.last_import(session, offices)

        def show(answer: tuple[list[LineRow], LastImport | None]) -> None:
            rows, last = answer
            self.list.show_rows(rows)
            self._more = len(rows) == PAGE
            self._say(last)
            if self.list.current_row() is None and rows:
                self.list.select_key(rows[0].id)
            ended()

        self._workstation.read(self, work, show, lambda _trouble: ended())

    def _ask_free(self, ended: Callable[[], None]) -> None:
        """Read and match on the slow lane: it computes."""
        from desk.services import statement_matching

        offices, reading = self._workstation.office_ids, self._workstation.link.reading

        def work(_task: Task) -> Matched:
            with reading() as session:
                return statement_matching.free_money(session, offices)

        def show(matched: Matched) -> None:
            self._matched = matched
            self._place = max(0, self.free.currentIndex().row())
            self.free.show_rows(matched.waiting)
            if self.free.current_row() is None and matched.waiting:
                self.free.setCurrentIndex(self.free_model.index(min(self._place, len(matched.waiting) - 1), 0))
            self._show_free(self.free.current_row())
            count = len(matched.waiting)
            self.tabs.setTabText(FREE, f"Uang tak bertuan  {count}" if count else "Uang tak bertuan")
            self._empties[FREE].setVisible(not count)
            self._empties[FREE].setText("Semua dana masuk sudah bertuan." if self.model.rows else self._nothing())
            ended()

        self._workstation.background.run_slow(self, work, show, lambda _trouble: ended())

    def _say(self, last: LastImport | None) -> None:
        self._sub.setText("" if last is None else f"sampai {short_text(last.last_on)}, diimpor oleh {last.by}")
        self._empties[ALL].setVisible(not self.model.rows)
        self._empties[ALL].setText(self._nothing())

    def _nothing(self) -> str:
        if self._treasury():
            return "Belum ada mutasi. Seret berkas dari bank ke sini, atau pilih lewat “Impor mutasi”."
        return "Belum ada mutasi; bendahara mengimpornya dari berkas bank."

    def _on_tab(self, index: int) -> None:
        self._lists.setCurrentIndex(index)
        self._panels.setCurrentIndex(index)
        self.take_focus()

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
        self.line.show_line(row, may_withdraw=row is not None and row.office_id in self._treasury())

    def _show_free(self, waiting: Waiting | None) -> None:
        may = waiting is not None and waiting.row.office_id in self._treasury()
        self.match.show_money(waiting, self._matched.waiting, self._matched.candidates, may_confirm=may)

    def _on_confirmed(self, sentence: str) -> None:
        self._on_said(sentence)
        self.free.setFocus()

    def _on_said(self, sentence: str) -> None:
        if sentence:
            self.said.emit(sentence)
        self.read()

    def _set_apart(self, waiting: Waiting, candidate: Candidate | None) -> None:
        from desk.ui.statement_apart import ask_what_it_is

        ask_what_it_is(self, self._workstation, waiting, candidate, self._on_said)

    def _ask_whose(self, waiting: Waiting) -> None:
        from desk.ui.line_letter import ask_for_letter

        ask_for_letter(self, self._workstation, waiting.row, waiting.money.free_sen, self._on_said)

    def _note(self, waiting: Waiting, named: Named) -> None:
        from desk.ui.statement_apart import ask_for_a_word

        ask_for_a_word(self, self._workstation, waiting, named, self._on_said)

    # Qt overrides

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        from desk.ui.forms.file_field import local_files

        if self._treasury() and local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        from desk.ui.forms.file_field import local_files

        event.acceptProposedAction()
        self.take_files(local_files(event.mimeData()))


def _bank_words(row: LineRow) -> str:
    return " · ".join(part for part in (row.description, row.counterparty) if part)


_FREE_COLUMNS: tuple[Column[Waiting], ...] = (
    Column(
        "Tanggal",
        text=lambda each: short_text(each.row.booked_on),
        second=lambda each: f"surat {short_text(each.asked.issued_on).rpartition(' ')[0]}" if each.asked else "",
        sort=lambda each: each.row.booked_on,
        look=Look.MUTED,
        width=116,
    ),
    Column(
        "Nominal",
        text=lambda each: sen_text(each.money.free_sen),
        sort=lambda each: each.money.free_sen,
        look=Look.STRONG,
        right=True,
        width=118,
    ),
    Column(
        "Usulan",
        text=lambda each: each.money.proposal.match.label,
        tone=lambda each: TONES[each.money.proposal.match],
        sort=lambda each: list(TONES).index(each.money.proposal.match),
        look=Look.PILL,
        width=108,
    ),
    Column("Keterangan bank", text=lambda each: _bank_words(each.row), wrap=True, width=130, share=1),
)
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
        text=_bank_words,
        wrap=True,
        width=220,
        share=1,
    ),
)
