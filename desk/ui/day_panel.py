"""The right of the treasurer's day: its figures, what is open and what to do, the deposits, and the close."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desk.rules.dates import day_text, month_text
from desk.rules.rupiah import rupiah
from desk.ui import message
from desk.ui.deposit_form import DepositForm, deposit_of
from desk.ui.theme import set_look

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from desk.rules.day import DayFigures, Undeposited
    from desk.services.day import DayView
    from desk.ui.day_seal import DaySeal
    from desk.ui.people_forms import Answers, PeopleForm
    from desk.ui.workstation import Workstation

_SHOWN = 4
"""Lines of one kind; the rest is counted."""


class DayPanel(QWidget):
    """Shows one day and does what closes it."""

    said = Signal(str)
    done = Signal()
    """Something was recorded: the page reads again."""

    def __init__(self, workstation: Workstation, *, may_act: Callable[[], bool]) -> None:
        super().__init__()
        self._workstation = workstation
        self._may_act = may_act
        self.view: DayView | None = None
        self._key = uuid4()
        """Of the close under way: asked again, the day is closed once."""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self._inside: QWidget | None = None
        self._seal: DaySeal | None = None
        self._just_closed = False

    def show_day(self, view: DayView) -> None:
        """Show the figures of a day and what is still to do."""
        self.view = view
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        today = self._workstation.today(view.office_id)
        self._add_figures(rows, view.figures)
        self._add_deposits(rows, view.undeposited, today)
        self._add_material(rows, view, today)
        self._add_close(rows, view, today)
        if self._inside is not None:
            self._column.removeWidget(self._inside)
            self._inside.hide()
            self._inside.deleteLater()
        self._inside = inside
        self._column.insertWidget(0, inside)
        self._show_seal(view)

    def _show_seal(self, view: DayView) -> None:
        """Under a closed day the treasurer's signature: made with the close, or when the day is first seen closed."""
        signs = view.closed is not None and self._may_act()
        if signs and self._seal is None:
            from desk.ui.day_seal import DaySeal

            self._seal = DaySeal(self._workstation)
            self._column.addWidget(self._seal)
        if self._seal is not None:
            self._seal.setVisible(signs)
            if signs:
                self._seal.sign(again=self._just_closed)
                self._just_closed = False

    # What stands there

    def _add_figures(self, rows: QVBoxLayout, figures: DayFigures) -> None:
        rows.addWidget(_label(f"UANG DAN KUITANSI · {day_text(figures.day).upper()}", "section"))
        grid = QGridLayout()
        grid.setVerticalSpacing(4)
        lines = [
            ("Uang dipastikan", figures.payments, figures.payments_amount),
            ("Kuitansi terbit", figures.receipts, figures.receipts_amount),
        ]
        if figures.voids:
            lines.append(("Kuitansi dibatalkan", figures.voids, figures.voids_amount))
        for at, (name, count, amount) in enumerate(lines):
            for column, words in enumerate((name, str(count), rupiah(amount))):
                told = _label(words, "strong" if column == 2 else "")
                told.setAlignment(Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft)
                grid.addWidget(told, at, column)
        grid.setColumnStretch(0, 1)
        rows.addLayout(grid)
        if not figures.difference and not figures.differences:
            told = _label("Uang dan kuitansi cocok.")
            set_look(told, tone="done")
        else:
            told = _label(f"Selisih {rupiah(figures.difference)}, semua ada alasannya:")
            set_look(told, tone="soon")
        if not figures.explained:
            told = _label(f"Selisih {rupiah(figures.difference)} tanpa alasan. Laporkan kepada pemeriksa.")
            set_look(told, tone="late")
        rows.addWidget(told)
        _add_some(rows, [each.sentence() for each in figures.differences])
        if figures.open:
            rows.addWidget(_label("MASIH TERBUKA", "section"))
            _add_some(rows, [each.sentence() for each in figures.open])

    def _add_deposits(self, rows: QVBoxLayout, money: tuple[Undeposited, ...], today: date) -> None:
        rows.addSpacing(4)
        rows.addWidget(_label("SETORAN KE KAS NEGARA", "section"))
        if not money:
            rows.addWidget(_label("Semua uang berkuitansi sudah disetor.", "muted"))
            return
        total, late = rupiah(sum(each.amount for each in money)), [each for each in money if each.late(today)]
        told = _label(f"{len(money)} kuitansi, {total}, belum disetor. {money[0].due.sentence}")
        if late:
            told = _label(f"{len(money)} kuitansi, {total}, belum disetor; {len(late)} sudah lewat waktunya.")
        set_look(told, tone="late" if late else "soon")
        rows.addWidget(told)
        _add_some(rows, [f"{each.receipt_number}: jatuh tempo {day_text(each.due.on)}." for each in late])
        if self._may_act():
            rows.addWidget(_button("day.deposit", "Catat setoran", self.deposit))

    def _add_material(self, rows: QVBoxLayout, view: DayView, today: date) -> None:
        """The material of last month until it was handed in; it is written down in the register."""
        if view.material is None:
            return
        month, due = view.material
        rows.addSpacing(4)
        rows.addWidget(_label("BAHAN BULANAN", "section"))
        late = today > due.on
        words = "sudah lewat waktunya" if late else f"paling lambat {day_text(due.on)}"
        told = _label(f"Bahan {month_text(month)} belum diserahkan, {words}. Catat penyerahannya di register.")
        set_look(told, tone="late" if late else "soon")
        rows.addWidget(told)

    def _add_close(self, rows: QVBoxLayout, view: DayView, today: date) -> None:
        rows.addSpacing(4)
        rows.addWidget(_label("TUTUP HARI", "section"))
        if view.closed is not None:
            at = self._workstation.clock_text(view.closed.at)
            told = _label(f"Ditutup oleh {view.closed.by} pukul {at}. Uang dan kuitansi dicatat lagi mulai besok.")
            set_look(told, tone="done")
            rows.addWidget(told)
            return
        reason = view.why_not_close(today)
        if self._may_act():
            close = _button("day.close", f"Tutup hari {day_text(view.figures.day)}", self.close_day)
            close.setEnabled(reason is None)
            rows.addWidget(close)
        if reason is not None:
            rows.addWidget(_label(reason, "small"))
        elif view.figures.day < today:
            rows.addWidget(_label("Hari ini ditutup setelah hari itu.", "small"))

    # What is done there

    def close_day(self) -> None:
        """Ask, then close the day with the figures the database takes."""
        view = self.view
        if view is None:
            return
        figures = view.figures
        told = (
            f"{figures.receipts} kuitansi, {rupiah(figures.receipts_amount)}. Setelah ditutup, uang dan kuitansi tidak "
            "dapat lagi dicatat pada hari itu, dan penutupan tidak dapat dibatalkan."
        )
        if message.confirm(self, f"Tutup {day_text(figures.day)}?", told, "Tutup hari"):
            office_id, day, key = view.office_id, figures.day, self._key
            self._just_closed = True
            self._do(lambda session: _close(session, office_id, day, key))

    def deposit(self) -> None:
        """Ask for a deposit and write it down."""
        view = self.view
        if view is None or not view.undeposited:
            return
        today, key = self._workstation.today(view.office_id), uuid4()
        form = DepositForm(self, view.undeposited, today)

        def send(answers: Answers, form: PeopleForm) -> None:
            from desk.services import day

            given, office_id = deposit_of(answers), view.office_id
            self._do(lambda session: day.record_deposit(session, office_id, given, today, key), form)

        form.on_send = send
        form.show()

    def _do(self, work: Callable[[Session], str], form: PeopleForm | None = None) -> None:
        station = self._workstation

        def in_transaction() -> str:
            with station.link.transaction() as session:
                return work(session)

        def done(said: str) -> None:
            if form is not None:
                form.accept()
            self._key = uuid4()
            self.said.emit(said)
            self.done.emit()

        if form is None:
            station.background.run_work(self, in_transaction, done)
        else:
            station.background.run_work(self, in_transaction, done, form.refused)


def _close(session: Session, office_id: int, day: date, key: UUID) -> str:
    from desk.services import day as days

    return days.close_day(session, office_id, day, key)


def _add_some(rows: QVBoxLayout, sentences: list[str]) -> None:
    """The first few, and how many more there are."""
    for sentence in sentences[:_SHOWN]:
        rows.addWidget(_label(sentence, "small"))
    if len(sentences) > _SHOWN:
        rows.addWidget(_label(f"dan {len(sentences) - _SHOWN} lagi", "small"))


def _button(name: str, words: str, clicked: Callable[[], None]) -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(name)
    button.setAutoDefault(False)
    button.clicked.connect(lambda: clicked())
    return button


def _label(words: str, role: str = "") -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    return label
