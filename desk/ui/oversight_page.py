"""The supervisor's page: what is late and why, who has how much, what waits for a decision, pictures, the report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from desk.rules.dates import short_text
from desk.rules.people import Duty, duty_names
from desk.ui import message
from desk.ui.action_bar import Steps
from desk.ui.list_view import ListView
from desk.ui.report_page import ReportPage
from desk.ui.rereading import Rereading
from desk.ui.sheet_files import SheetFiles
from desk.ui.table import Column, Look, TableModel
from desk.ui.theme import Tone
from desk.ui.trend_page import TrendPage

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.rules.case import CaseFacts
    from desk.services.figures import Trend
    from desk.services.oversight import LateRow, LoadRow, Oversight, RequestRow
    from desk.ui.workstation import Workstation

TABS = ("Terlambat", "Beban kerja", "Permintaan", "Gambar", "Laporan bulanan")
LATE, LOAD, REQUESTS, PICTURES, REPORT = range(len(TABS))
MONTHS = 12
"""Of the pictures."""


_WHEN_EMPTY = {
    "Terlambat": "Tidak ada permohonan yang terlambat.",
    "Beban kerja": "Tidak ada permohonan yang dipegang.",
    "Permintaan putusan": "Tidak ada yang menunggu putusan.",
}


class OversightPage(QWidget):
    """Five tabs about the offices on the screen."""

    said = Signal(str)
    case_wanted = Signal(int, object)

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._steps = Steps(workstation)
        self._reading = Rereading(self._ask)
        self.found: Oversight | None = None
        self.files = SheetFiles(workstation, self)
        self.files.said.connect(self.said)
        self.setAccessibleName("Pantauan penyelia")
        self.late = self._list("Terlambat", _late_columns())
        self.load = self._list("Beban kerja", _load_columns(self._several))
        self.requests = self._list("Permintaan putusan", _request_columns())
        self.trends = TrendPage(workstation)
        self.report = ReportPage(workstation, self.files)
        self._build()

    def take_focus(self) -> None:
        """To the list of the tab."""
        page = self.stack.currentWidget()
        if page is not None:
            page.setFocus()

    def read(self) -> None:
        """Read again without moving the current row."""
        self._reading.read()

    @property
    def office_id(self) -> int:
        """The office that pictures and report are about."""
        chosen = self.office.currentData()
        return int(chosen if chosen is not None else self._workstation.office_ids[0])

    def show_tab(self, index: int) -> None:
        """Go to a tab."""
        self.tabs.setCurrentIndex(index)

    def decide(self, *, yes: bool) -> None:
        """Begin the deed that grants or refuses the chosen request; its form asks for the reason."""
        row: RequestRow | None = self.requests.current_row()
        if row is None or not (row.approve if yes else row.refuse):
            return
        action_id = row.approve if yes else row.refuse
        office_id, case_id = row.office_id, row.id

        def ask(session: Session) -> CaseFacts:
            from desk.services.case_file import facts

            return facts(session, office_id, case_id)

        def begin(case: CaseFacts) -> None:
            from desk.actions import ACTIONS, why_not

            action = ACTIONS[action_id]
            if reason := why_not(action, self._workstation.actor, case):
                message.show(self, action.label, reason)
                return
            self._steps.begin(
                self,
                action,
                case,
                lambda: None,
                lambda done: self.said.emit(done.sentence),
                lambda trouble: message.show_trouble(self, trouble),
            )

        self._workstation.read(self, ask, begin, lambda trouble: message.show_trouble(self, trouble))

    def save(self) -> None:
        """Ask where to, then write what the tab shows into an Excel file."""
        self.files.ask_where(
            f"{TABS[self.tabs.currentIndex()]} {self._workstation.today():%Y-%m-%d}", "xlsx", self.save_to
        )

    def save_to(self, path: Path) -> None:
        """Write what the tab shows into an Excel file."""
        at = self.tabs.currentIndex()
        if at == PICTURES:
            self.files.write(path, self.trends.write_to)
        elif at == REPORT:
            self.report.save_to(path)
        elif self.found is not None:
            from desk.ui.oversight_export import write_list

            found, title = self.found, TABS[at]
            self.files.write(path, lambda into: write_list(into, title, found, at))

    # Reading

    def _ask(self, ended: Callable[[], None]) -> None:
        offices = self._workstation.office_ids

        def ask(session: Session) -> Oversight:
            from desk.services import oversight

            return oversight.oversight(session, offices)

        def show(found: Oversight) -> None:
            self.found = found
            self.late.show_rows(found.late)
            self.load.show_rows(found.load)
            self.requests.show_rows(found.requests)
            self._show_buttons()
            counts = {
                LATE: len(found.late),
                REQUESTS: len(found.requests),
            }
            for at, title in enumerate(TABS):
                self.tabs.setTabText(at, f"{title} {counts[at]}" if counts.get(at) else title)
            self.free.setText(
                f"{found.free} permohonan perlu tindakan dan belum dipegang siapa pun." if found.free else ""
            )
            ended()

        self._workstation.read(self, ask, show, lambda _trouble: ended())
        if self.tabs.currentIndex() == PICTURES:
            self._read_pictures()
        elif self.tabs.currentIndex() == REPORT:
            self.report.read(self.office_id)

    def _read_pictures(self) -> None:
        office_id, today = self.office_id, self._workstation.today(self.office_id)

        def ask(session: Session) -> Trend:
            from desk.services import figures

            return figures.trend(session, office_id, today, MONTHS)

        self._workstation.read(self, ask, self.trends.show_trend, lambda _trouble: None)

    # Building

    def _build(self) -> None:
        title = QLabel("Pantauan")
        title.setProperty("role", "title")
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName("Bagian pantauan")
        for words in TABS:
            self.tabs.addTab(words)
        self.stack = QStackedWidget()
        for page in (self.late, self.load, self.requests, self.trends, self.report):
            self.stack.addWidget(page)
        self.tabs.currentChanged.connect(self._on_tab)
        self.office = QComboBox()
        self.office.setAccessibleName("Kantor")
        for each in self._workstation.offices:
            if each.id in self._workstation.office_ids:
                self.office.addItem(each.name, each.id)
        self.office.currentIndexChanged.connect(lambda _at: self.read())
        self.yes = _button("Setujui …", "oversight.approve", lambda: self.decide(yes=True))
        self.no = _button("Tolak …", "oversight.refuse", lambda: self.decide(yes=False))
        self.earlier = _button("‹", "report.earlier", lambda: self.report.turn(-1))
        self.later = _button("›", "report.later", lambda: self.report.turn(1))
        self.earlier.setAccessibleName("Bulan sebelumnya")
        self.later.setAccessibleName("Bulan berikutnya")
        self.report.turned.connect(self.later.setEnabled)
        self.word = _button("Simpan Word", "report.docx", lambda: self.report.save("docx"))
        self.pdf = _button("Simpan PDF", "report.pdf", lambda: self.report.save("pdf"))
        self.excel = _button("Simpan Excel", "oversight.xlsx", self.save)
        heading = QHBoxLayout()
        heading.addWidget(title)
        heading.addStretch(1)
        for widget in (self.office, self.yes, self.no, self.earlier, self.later, self.word, self.pdf, self.excel):
            heading.addWidget(widget)
        self.free = QLabel()
        self.free.setProperty("role", "muted")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addLayout(heading)
        rows.addWidget(self.tabs)
        rows.addWidget(self.stack, 1)
        rows.addWidget(self.free)
        self._show_buttons()

    def _list(self, name: str, columns: tuple[Column[Any], ...]) -> ListView:
        made = ListView(name)
        made.when_empty = _WHEN_EMPTY[name]
        made.set_table(TableModel[Any](columns, parent=self))
        made.row_selected.connect(lambda _row: self._show_buttons())
        if name != "Beban kerja":
            made.row_opened.connect(lambda row: self.case_wanted.emit(row.office_id, row.id))
        return made

    def _on_tab(self, index: int) -> None:
        self.stack.setCurrentIndex(index)
        self._show_buttons()
        self.read()

    def _show_buttons(self) -> None:
        if not hasattr(self, "yes"):
            return
        at = self.tabs.currentIndex()
        row: RequestRow | None = self.requests.current_row() if at == REQUESTS else None
        decides = row is not None and Duty.SUPERVISOR in self._workstation.actor.duties_in(row.office_id)
        self.yes.setVisible(decides and row is not None and bool(row.approve))
        self.no.setVisible(decides and row is not None and bool(row.refuse))
        for widget in (self.earlier, self.later, self.word, self.pdf):
            widget.setVisible(at == REPORT)
        self.office.setVisible(at in (PICTURES, REPORT) and self.office.count() > 1)
        self.free.setVisible(at in (LATE, LOAD))

    def _several(self) -> bool:
        return len(self._workstation.office_ids) > 1


def _late_columns() -> tuple[Column[LateRow], ...]:
    return (
        Column(
            "Lewat",
            lambda row: f"{row.days} hari",
            sort=lambda row: row.due_on,
            second=lambda row: row.due_of.label if row.due_of else "",
            look=Look.PILL,
            tone=lambda _row: Tone.LATE,
            width=118,
        ),
        Column("Jatuh tempo", lambda row: short_text(row.due_on), look=Look.MUTED, width=112),
        Column(
            "Permohonan", lambda row: row.customer_name, second=lambda row: row.number, look=Look.STRONG, width=180,
            share=1,
        ),
        Column("Mengapa", lambda row: row.why, wrap=True, width=260, share=2),
        Column("Dipegang", lambda row: row.holder or "–", look=Look.MUTED, width=150),
    )  # fmt: skip


def _load_columns(several: Callable[[], bool]) -> tuple[Column[LoadRow], ...]:
    def duties(row: LoadRow) -> str:
        words = duty_names(frozenset(Duty.of(code) for code in row.duties)).replace(" atau ", " dan ")
        return f"{row.office_code} · {words}" if several() else words

    def absent(row: LoadRow) -> str:
        return f"menggantikan {row.stands_in_for}" if row.stands_in_for else ""

    return (
        Column("Nama", lambda row: row.name, sort=lambda row: row.name.casefold(), second=absent, look=Look.STRONG,
               width=200, share=1),
        Column("Tugas", duties, look=Look.MUTED, width=180, share=1),
        Column("Dipegang", lambda row: str(row.held), sort=lambda row: row.held, width=104, right=True),
        Column(
            "Di antaranya lewat", lambda row: str(row.held_late) if row.held_late else "–",
            sort=lambda row: row.held_late, width=140, right=True,
        ),
        Column("Tindakan 7 hari", lambda row: str(row.deeds), sort=lambda row: row.deeds, width=140, right=True),
    )  # fmt: skip


def _request_columns() -> tuple[Column[RequestRow], ...]:
    return (
        Column("Permintaan", lambda row: row.what, sort=lambda row: row.what, look=Look.STRONG, width=180),
        Column("Permohonan", lambda row: row.customer_name, second=lambda row: row.number, width=200, share=1),
        Column("Keterangan", lambda row: row.why, wrap=True, width=260, share=2),
        Column("Dimohon oleh", lambda row: row.asked_by or "–", look=Look.MUTED, width=170),
    )


def _button(words: str, name: str, clicked: Callable[[], object]) -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(name)
    button.setAccessibleName(words)
    button.setAutoDefault(False)
    button.clicked.connect(lambda: clicked())
    return button
