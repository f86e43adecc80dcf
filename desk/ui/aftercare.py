"""What is left after delivery: results that customers owe to BPS, and the corrections of a year with their causes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from desk.rules.dates import short_text
from desk.rules.deadlines import Urgency, urgency, urgency_text
from desk.ui.forms.plain_fields import Drop
from desk.ui.list_view import ListView
from desk.ui.rereading import Rereading
from desk.ui.statement_facts import label
from desk.ui.table import Column, Look, TableModel
from desk.ui.theme import Tone

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.services.aftercare import CorrectionRow, OwedResults
    from desk.ui.workstation import Workstation

_RESULTS, _CORRECTIONS = 0, 1
_TONES = {Urgency.LATE: Tone.LATE, Urgency.TODAY: Tone.SOON, Urgency.SOON: Tone.SOON, Urgency.LATER: Tone.PLAIN}


class AftercarePage(QWidget):
    """Two lists, one at a time; Enter opens the case, where the steps are."""

    said = Signal(str)
    case_wanted = Signal(int, object)
    """The case of a row should be shown: office and id."""

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._reading = Rereading(self._ask)
        self.setAccessibleName("Setelah kirim")
        title = QLabel("Setelah kirim")
        title.setProperty("role", "title")
        self.which = Drop()
        self.which.setObjectName("aftercare.which")
        self.which.setAccessibleName("Daftar")
        self.which.addItems(["Hasil penggunaan data untuk BPS", "Perbaikan dan sebabnya"])
        self.which.setFixedWidth(270)
        self.ended = QCheckBox("Tampilkan yang sudah selesai")
        self.ended.setObjectName("aftercare.ended")
        self.years = Drop()
        self.years.setObjectName("aftercare.year")
        self.years.setAccessibleName("Tahun")
        self.years.setMinimumContentsLength(4)
        self.years.setFixedWidth(90)
        year = workstation.today().year
        self.years.addItems([str(year - back) for back in range(6)])
        heading = QHBoxLayout()
        heading.setSpacing(10)
        for widget in (title, self.which, self.ended, self.years):
            heading.addWidget(widget)
        heading.addStretch(1)
        self.about = label("", role="muted")
        self.about.setObjectName("aftercare.about")
        self.results = self._list("Hasil yang ditunggu", _result_columns())
        self.corrections = self._list("Perbaikan", _correction_columns())
        self.results.row_opened.connect(lambda row: self.case_wanted.emit(row.office_id, row.id))
        self.corrections.row_opened.connect(lambda row: self.case_wanted.emit(row.office_id, row.case_id))
        self.lists = QStackedWidget()
        self.lists.addWidget(self.results)
        self.lists.addWidget(self.corrections)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addLayout(heading)
        rows.addWidget(self.about)
        rows.addWidget(self.lists, 1)
        self.which.currentIndexChanged.connect(self._turn)
        self.ended.toggled.connect(lambda: self.read())
        self.years.currentIndexChanged.connect(lambda: self.read())
        self._turn(_RESULTS)

    def read(self) -> None:
        """Read the list on show again without moving the current row."""
        self._reading.read()

    def take_focus(self) -> None:
        """Give the focus to the list on show."""
        (self.results if self.lists.currentIndex() == _RESULTS else self.corrections).setFocus()

    def _list(self, name: str, columns: tuple[Column[Any], ...]) -> ListView:
        view = ListView(name)
        view.when_empty = "Tidak ada yang ditunggu."
        view.set_table(TableModel(columns, parent=self))
        return view

    def _turn(self, which: int) -> None:
        self.lists.setCurrentIndex(which)
        self.ended.setVisible(which == _RESULTS)
        self.years.setVisible(which == _CORRECTIONS)
        self.read()

    def _ask(self, ended: Callable[[], None]) -> None:
        offices, done, year = self._workstation.office_ids, self.ended.isChecked(), int(self.years.currentText())
        if self.lists.currentIndex() == _RESULTS:

            def owed(session: Session) -> list[OwedResults]:
                from desk.services import aftercare

                return aftercare.owed_results(session, offices, all_of_them=done)

            def show_owed(rows: list[OwedResults]) -> None:
                self.results.show_rows(rows)
                late = sum(1 for row in rows if row.open and row.due_on < row.today)
                still = sum(1 for row in rows if row.open)
                self.about.setText(
                    f"{still} ditunggu, {late} lewat. Enter membuka permohonannya: ingatkan, terima, atau bebaskan."
                )
                ended()

            self._workstation.read(self, owed, show_owed, lambda _trouble: ended())
            return

        def asked(session: Session) -> list[CorrectionRow]:
            from desk.services import aftercare

            return aftercare.corrections(session, offices, year)

        def show_asked(rows: list[CorrectionRow]) -> None:
            from desk.services import aftercare

            self.corrections.show_rows(rows)
            self.about.setText(_counted(rows, *aftercare.causes(rows)))
            ended()

        self._workstation.read(self, asked, show_asked, lambda _trouble: ended())


def _counted(rows: list[CorrectionRow], by_origin: list[tuple[str, int]], by_product: list[tuple[str, int]]) -> str:
    if not rows:
        return "Tidak ada permintaan perbaikan pada tahun ini."
    late = sum(1 for row in rows if row.late)
    parts = [f"{len(rows)} permintaan, {late} setelah masa pemeriksaan"]
    parts.append("Sebab: " + ", ".join(f"{name} {count}" for name, count in by_origin))
    parts.append("Produk: " + ", ".join(f"{name} {count}" for name, count in by_product))
    return ". ".join(parts) + "."


def _result_columns() -> tuple[Column[OwedResults], ...]:
    return (
        Column("Jatuh tempo", _due, lambda row: row.due_on, lambda row: short_text(row.due_on) if row.open else "",
               Look.PILL, _result_tone, width=150),
        Column("Pengguna data", lambda row: row.customer, lambda row: row.customer.casefold(), look=Look.STRONG,
               width=220, share=2),
        Column("Permohonan", lambda row: row.number, lambda row: row.number, width=180),
        Column("Data dikirim", lambda row: short_text(row.delivered_on), lambda row: row.delivered_on,
               look=Look.MUTED, width=120, spare=1),
        Column("Keadaan", _result_state, width=200, share=1, second=lambda row: row.note if not row.open else ""),
    )  # fmt: skip


def _due(row: OwedResults) -> str:
    return urgency_text(row.due_on, row.today) if row.open else short_text(row.due_on)


def _result_tone(row: OwedResults) -> Tone:
    return _TONES[urgency(row.due_on, row.today)] if row.open else Tone.PLAIN


def _result_state(row: OwedResults) -> str:
    if row.word is None:
        return "belum diingatkan"
    when = f", {short_text(row.on)}" if row.on else ""
    times = f" ({row.reminders} kali)" if row.open and row.reminders > 1 else ""
    return f"{row.word.label}{times}{when}"


def _correction_columns() -> tuple[Column[CorrectionRow], ...]:
    return (
        Column("Diminta", lambda row: short_text(row.asked_on), lambda row: row.asked_on, width=120),
        Column("Kesalahan", lambda row: row.wrong, second=lambda row: f"{row.number} · {row.customer}",
               width=220, share=3),
        Column("Sebab", lambda row: row.origin.label, lambda row: row.origin.label, lambda row: row.product,
               width=210, share=1),
        Column("Keadaan", _correction_state, _correction_state, look=Look.PILL, tone=_correction_tone, width=210),
    )  # fmt: skip


def _correction_state(row: CorrectionRow) -> str:
    if row.allowed is None:
        return "terlambat, menunggu putusan"
    if not row.allowed:
        return "terlambat, ditolak"
    if row.repaired_on is None:
        return f"sampai {short_text(row.due_on)}" if row.due_on else "sedang diperbaiki"
    late = " (lewat)" if row.due_on and row.repaired_on > row.due_on else ""
    return f"selesai {short_text(row.repaired_on)}{late}"


def _correction_tone(row: CorrectionRow) -> Tone:
    if row.allowed is None or (row.allowed and row.repaired_on is None):
        return Tone.SOON
    if not row.allowed or (row.due_on and row.repaired_on and row.repaired_on > row.due_on):
        return Tone.LATE
    return Tone.DONE
