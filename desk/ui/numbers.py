"""The letter register: every number of the office with what it stands for, and the numbers that people keep or end."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from desk.rules.dates import short_text
from desk.rules.letter_numbers import COUNTED_ONLY, NumberEnd, NumberOrigin, series_label
from desk.rules.people import Duty
from desk.ui import theme
from desk.ui.forms.plain_fields import Drop
from desk.ui.list_view import ListView
from desk.ui.people_forms import Answers, PeopleForm
from desk.ui.rereading import Rereading
from desk.ui.row_button import RowButton
from desk.ui.statement_facts import label
from desk.ui.table import Column, Look, TableModel
from desk.ui.theme import Tone
from desk.ui.workstation import PAGE

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.services.numbers import NumberRow, SeriesFormat
    from desk.ui.workstation import Workstation

PANEL_WIDTH = 340
_TYPING_MS = 250


class NumbersPage(QWidget):
    """The numbers of a year at the left, the chosen one and what can be done at the right."""

    said = Signal(str)
    """What was done, for the quiet line of the window."""
    case_wanted = Signal(int, object)
    """The case of a number should be shown: office and id."""

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._reading = Rereading(self._ask)
        self._years: list[int] = []
        self._wanted = PAGE
        self._more = False
        self._formats: list[SeriesFormat] = []
        self.setAccessibleName("Register surat")
        self._build()
        self._show(None)

    # Reading

    def read(self) -> None:
        """Read again without moving the current row."""
        self._reading.read()

    def take_focus(self) -> None:
        """Give the focus to the list."""
        self.list.setFocus()

    def _ask(self, ended: Callable[[], None]) -> None:
        offices, chosen_year = self._workstation.office_ids, self._year()
        series, words, wanted = self._series(), self.search.text(), self._wanted

        def ask(session: Session) -> tuple[list[int], list[SeriesFormat], list[NumberRow]]:
            from desk.services import numbers

            years = numbers.years(session, offices)
            year = chosen_year if chosen_year in years else years[0]
            formats = numbers.formats(session, offices)
            return years, formats, numbers.register(session, offices, year, series=series, words=words, limit=wanted)

        def show(found: tuple[list[int], list[SeriesFormat], list[NumberRow]]) -> None:
            years, self._formats, rows = found
            self._offer(years)
            self._more = len(rows) == wanted
            self.list.show_rows(rows)
            if self.list.current_row() is None and rows:
                self.list.select_key(rows[0].id)
            else:
                self._show(self.list.current_row())
            ended()

        self._workstation.read(self, ask, show, lambda _trouble: ended())

    def _on_scrolled(self, value: int) -> None:
        bar = self.list.verticalScrollBar()
        if self._more and value >= bar.maximum() - theme.ROW_HEIGHT * 10:
            self._more = False
            self._wanted += PAGE
            self.read()

    def _offer(self, years: list[int]) -> None:
        if years != self._years:
            self._years = years
            self.years.blockSignals(True)
            kept = self.years.currentText()
            self.years.clear()
            self.years.addItems([str(year) for year in years])
            self.years.setCurrentIndex(max(0, self.years.findText(kept)))
            self.years.blockSignals(False)
        known = list(dict.fromkeys(each.series for each in self._formats))
        if [self.series.itemData(at) for at in range(1, self.series.count())] != known:
            kept = self._series()
            self.series.blockSignals(True)
            self.series.clear()
            self.series.addItem("Semua jenis", "")
            for each in known:
                self.series.addItem(series_label(each), each)
            self.series.setCurrentIndex(max(0, self.series.findData(kept)))
            self.series.blockSignals(False)

    def _year(self) -> int:
        return int(self.years.currentText() or 0)

    def _series(self) -> str:
        return str(self.series.currentData() or "")

    # Building

    def _build(self) -> None:
        title = QLabel("Register surat")
        title.setProperty("role", "title")
        self.series = Drop()
        self.series.setObjectName("numbers.series")
        self.series.setAccessibleName("Jenis naskah")
        self.series.addItem("Semua jenis", "")
        self.series.setFixedWidth(230)
        self.years = Drop()
        self.years.setObjectName("numbers.year")
        self.years.setAccessibleName("Tahun")
        self.years.setMinimumContentsLength(4)
        self.years.setFixedWidth(90)
        self.search = QLineEdit()
        self.search.setObjectName("numbers.find")
        self.search.setAccessibleName("Cari di register surat")
        self.search.setPlaceholderText("Cari nomor, permohonan, nama, keterangan")
        self.search.setClearButtonEnabled(True)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self.read)
        self.search.textChanged.connect(lambda: self._typing.start())
        self.series.currentIndexChanged.connect(lambda: self.read())
        self.years.currentIndexChanged.connect(lambda: self.read())
        heading = QHBoxLayout()
        heading.setSpacing(10)
        heading.addWidget(title)
        heading.addWidget(self.series)
        heading.addWidget(self.years)
        heading.addWidget(self.search, 1)
        self.list = ListView("Nomor surat")
        self.list.when_empty = "Tidak ada nomor surat yang cocok."
        self.list.setObjectName("numbers")
        self.list.set_table(TableModel(self._columns(), parent=self))
        self.list.row_selected.connect(self._show)
        self.list.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(heading)
        left.addWidget(self.list, 1)
        self.panel = QScrollArea()
        self.panel.setWidgetResizable(True)
        self.panel.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.panel.setFrameShape(QFrame.Shape.NoFrame)
        self.panel.setFixedWidth(PANEL_WIDTH)
        self.panel.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.GAP_WIDE)
        whole.addLayout(left, 1)
        whole.addWidget(self.panel)

    def _columns(self) -> tuple[Column[NumberRow], ...]:
        return (
            Column("Nomor", lambda row: row.number, _place, self._code, Look.STRONG, width=246, share=1),
            Column("Untuk", lambda row: row.about, lambda row: row.stands_for.casefold(), lambda row: row.of_case,
                   width=210, share=3),
            Column("Tanggal", lambda row: short_text(row.dated), lambda row: row.dated, look=Look.MUTED, width=110,
                   spare=1),
            Column("Keadaan", lambda row: row.state, lambda row: row.state, look=Look.PILL, tone=_tone, width=150),
        )  # fmt: skip

    def _code(self, row: NumberRow) -> str:
        many = len(self._workstation.office_ids) > 1
        return f"kantor {self._workstation.office(row.office_id).code}" if many else ""

    # The chosen number

    def _own(self, *duties: Duty) -> tuple[int, ...]:
        station = self._workstation
        return tuple(office for office in station.office_ids if station.actor.duties_in(office) & set(duties))

    def _show(self, row: NumberRow | None) -> None:
        inside = QFrame()
        inside.setProperty("role", "panel")
        column = QVBoxLayout(inside)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(8)
        keeps = self._own(Duty.OFFICER, Duty.SUPERVISOR)
        if row is not None:
            self._fill(column, row, may=row.office_id in keeps)
            column.addSpacing(8)
        column.addWidget(label("REGISTER", role="section"))
        if keeps:
            self._step(column, "numbers.reserve", "Pesan nomor berikutnya …", self._reserve)
            self._step(column, "numbers.enter", "Catat nomor dari buku kantor …", self._enter)
        self._step(column, "numbers.formats", "Format nomor …", self._open_formats)
        column.addStretch(1)
        self.panel.setWidget(inside)

    def _fill(self, column: QVBoxLayout, row: NumberRow, *, may: bool) -> None:
        column.addWidget(label(row.number, role="title"))
        column.addWidget(label(row.label, role="strong"))
        for words in (row.about if row.about != row.label else "", row.of_case):
            if words:
                column.addWidget(label(words))
        origin = "" if row.origin is NumberOrigin.ISSUED else f"{row.origin.label}, "
        column.addWidget(label(f"{origin}{short_text(row.dated)}, oleh {row.name}", role="small"))
        if row.case_id is not None:
            open_case = partial(self.case_wanted.emit, row.office_id, row.case_id)
            self._step(column, "numbers.case", "Buka permohonan", open_case)
        if not may:
            return
        if row.open:
            self._step(
                column, "numbers.outside", "Dipakai di luar program …", partial(self._end, row, NumberEnd.OUTSIDE)
            )
            self._step(column, "numbers.void", "Batalkan nomor …", partial(self._end, row, NumberEnd.VOID))
        if row.sequence is not None and row.insertion == 0 and row.series not in COUNTED_ONLY:
            self._step(column, "numbers.insert", "Sisipkan setelah nomor ini …", partial(self._insert, row))

    def _step(self, column: QVBoxLayout, name: str, words: str, call: Callable[[], object]) -> None:
        button = RowButton(words)
        button.setObjectName(name)
        button.clicked.connect(lambda: call())
        column.addWidget(button)

    # Deeds

    def _send(self, form: PeopleForm, deed: Callable[[Session, Answers], str]) -> None:
        """Does what the form asks in one transaction; it stays open, with everything typed, until that is recorded."""
        station = self._workstation

        def send(answers: Answers, form: PeopleForm) -> None:
            def work() -> str:
                with station.link.transaction() as session:
                    return deed(session, answers)

            def done(sentence: str) -> None:
                form.accept()
                self.said.emit(sentence)
                self.read()

            station.background.run_work(self, work, done, form.refused)

        form.on_send = send
        form.open()

    def _kept_formats(self) -> list[SeriesFormat]:
        keeps = self._own(Duty.OFFICER, Duty.SUPERVISOR)
        return [each for each in self._formats if each.office_id in keeps]

    def _reserve(self) -> None:
        from desk.ui.number_forms import ReserveForm, case_of

        key = uuid4()

        def deed(session: Session, answers: Answers) -> str:
            from desk.services import numbers

            series: SeriesFormat = answers["series"]
            case_id = case_of(session, series.office_id, answers["case"])
            return numbers.reserve(
                session, series.office_id, series.series, key=key, count=answers["count"], case_id=case_id,
                note=answers["note"] or "",
            )  # fmt: skip

        self._send(ReserveForm(self.window(), self._kept_formats()), deed)

    def _enter(self) -> None:
        from desk.ui.number_forms import BookForm, case_of

        key = uuid4()

        def deed(session: Session, answers: Answers) -> str:
            from desk.services import numbers

            series: SeriesFormat = answers["series"]
            case_id = case_of(session, series.office_id, answers["case"])
            return numbers.enter(
                session, series.office_id, series.series, answers["number"], answers["dated"], key=key,
                case_id=case_id, note=answers["note"] or "",
            )  # fmt: skip

        today = self._workstation.today(self._own(Duty.OFFICER, Duty.SUPERVISOR)[0])
        self._send(BookForm(self.window(), self._kept_formats(), today), deed)

    def _insert(self, row: NumberRow) -> None:
        from desk.ui.number_forms import InsertForm, case_of

        key = uuid4()

        def deed(session: Session, answers: Answers) -> str:
            from desk.services import numbers

            case_id = case_of(session, row.office_id, answers["case"])
            return numbers.insert_after(session, row, key=key, case_id=case_id, note=answers["note"] or "")

        self._send(InsertForm(self.window(), row), deed)

    def _end(self, row: NumberRow, kind: NumberEnd) -> None:
        from desk.ui.number_forms import EndForm

        key = uuid4()

        def deed(session: Session, answers: Answers) -> str:
            from desk.services import numbers

            return numbers.end(session, row, kind, answers["on"], answers["reason"], key=key)

        self._send(EndForm(self.window(), row, kind, self._workstation.today(row.office_id)), deed)

    def _open_formats(self) -> None:
        from desk.ui.number_formats import NumberFormats

        window = NumberFormats(self.window(), self._workstation, self._formats)
        window.changed.connect(self.said.emit)
        window.changed.connect(lambda _said: self.read())
        window.open()


def _place(row: NumberRow) -> tuple[str, int, int, int]:
    return row.series, row.year, row.sequence or 0, row.insertion


def _tone(row: NumberRow) -> Tone:
    if row.open:
        return Tone.SOON
    return Tone.PLAIN if row.state in ("terbit", "dipakai di luar program") else Tone.LATE
