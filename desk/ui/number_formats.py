"""The number formats of the offices: each series with its next number; an administrator lets another one begin."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desk.rules.dates import short_text
from desk.rules.letter_numbers import NumberSource, series_label
from desk.rules.people import Duty
from desk.ui.list_view import ListView
from desk.ui.people_forms import Answers, PeopleForm
from desk.ui.statement_facts import label
from desk.ui.table import Column, Look, TableModel

if TYPE_CHECKING:
    from desk.services.numbers import SeriesFormat
    from desk.ui.workstation import Workstation

_WIDTH, _HEIGHT = 880, 520


class NumberFormats(QDialog):
    """A list of the series; the button below is there for administrators only."""

    changed = Signal(str)
    """A format was set; carries the sentence that says so."""

    def __init__(self, parent: QWidget | None, workstation: Workstation, rows: list[SeriesFormat]) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self.setObjectName("number_formats")
        self.setWindowTitle("Format nomor")
        self.resize(_WIDTH, _HEIGHT)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(12)
        column.addWidget(label("Format nomor", role="title"))
        column.addWidget(
            label(
                "Setiap jenis naskah punya deret sendiri, mulai dari 1 setiap tahun. "
                "Nomor diberikan saat naskah terbit, tanpa lompatan.",
                role="muted",
            )
        )
        self.list = ListView("Format nomor")
        self.list.setObjectName("formats")
        self.list.set_table(TableModel(self._columns(), parent=self))
        self.list.row_selected.connect(self._show)
        self.list.row_opened.connect(lambda _row: self._change())
        column.addWidget(self.list, 1)
        buttons = QHBoxLayout()
        self.about = label("", role="small")
        buttons.addWidget(self.about, 1)
        self.edit = QPushButton("Ubah format …")
        self.edit.setObjectName("formats.change")
        self.edit.setProperty("role", "primary")
        self.edit.setAutoDefault(False)
        self.edit.clicked.connect(self._change)
        close = QPushButton("Selesai")
        close.setAutoDefault(False)
        close.clicked.connect(self.accept)
        buttons.addWidget(self.edit)
        buttons.addWidget(close)
        column.addLayout(buttons)
        self.list.show_rows(rows)
        if rows:
            self.list.select_key(rows[0].id)

    def _columns(self) -> tuple[Column[SeriesFormat], ...]:
        many = len(self._workstation.office_ids) > 1
        return (
            Column("Naskah", lambda row: series_label(row.series), lambda row: series_label(row.series),
                   lambda row: f"kantor {self._workstation.office(row.office_id).code}" if many else "",
                   Look.STRONG, width=210, share=2),
            Column("Format", lambda row: row.format.template, second=_since, width=270, share=2),
            Column("Nomor berikutnya", _next, width=230, share=1),
        )  # fmt: skip

    def _may(self, row: SeriesFormat | None) -> bool:
        return row is not None and Duty.ADMINISTRATOR in self._workstation.actor.duties_in(row.office_id)

    def _show(self, row: SeriesFormat | None) -> None:
        self.edit.setVisible(self._may(row))
        self.about.setText("" if self._may(row) else "Format diubah administrator kantor.")

    def _change(self) -> None:
        from desk.ui.number_forms import FormatForm

        row: SeriesFormat | None = self.list.current_row()
        if row is None or not self._may(row):
            return
        form, station = FormatForm(self, row), self._workstation

        def send(answers: Answers, form: PeopleForm) -> None:
            wanted = form.wanted()  # type: ignore[attr-defined]

            def work() -> tuple[str, list[SeriesFormat]]:
                from desk.services import numbers

                with station.link.transaction() as session:
                    said = numbers.set_format(
                        session, row.office_id, row.series, wanted, answers["starts_on"], answers["basis"]
                    )
                    return said, numbers.formats(session, station.office_ids)

            station.background.run_work(self, work, partial(self._on_set, form), form.refused)

        form.on_send = send
        form.open()

    def _on_set(self, form: PeopleForm, done: tuple[str, list[SeriesFormat]]) -> None:
        form.accept()
        self.list.show_rows(done[1])
        self.changed.emit(done[0])


def _next(row: SeriesFormat) -> str:
    return row.next_number or "dari buku surat kantor"


def _since(row: SeriesFormat) -> str:
    if row.coming is not None and row.coming_on is not None:
        return f"mulai {short_text(row.coming_on)}: {row.coming.template}"
    if row.format.source is NumberSource.BOOK:
        return f"dari buku surat kantor sejak {short_text(row.since)}"
    return f"klasifikasi {row.format.classification}" if row.format.classification else ""
