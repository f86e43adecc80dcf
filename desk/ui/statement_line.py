"""One movement as the bank wrote it, and what its money was used for; notes about it can be withdrawn with a reason."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout

from desk.rules.dates import local_date, short_text
from desk.rules.inputs import Question
from desk.rules.statement import sen_text
from desk.ui.forms.plain_fields import TextField
from desk.ui.line_letter import letter_button, letter_words
from desk.ui.people_forms import Answers, PeopleForm
from desk.ui.row_button import RowButton
from desk.ui.statement_apart import KINDS

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.rules.case import CaseFacts
    from desk.rules.deed import Done
    from desk.services.statement_lists import LineRow, UseEntry
    from desk.services.unknown_money import Asked
    from desk.ui.workstation import Workstation


class LinePanel(QScrollArea):
    """The chosen movement of the list of all."""

    said = Signal(str)
    case_wanted = Signal(int, object)

    def __init__(self, workstation: Workstation) -> None:
        super().__init__()
        self._workstation = workstation
        self._row: LineRow | None = None
        self._may = False
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_line(self, row: LineRow | None, *, may_withdraw: bool) -> None:
        """Show a movement, then what it was used for as soon as that is read."""
        from desk.services import statement_lists, unknown_money

        self._row, self._may = row, may_withdraw
        self._show((), ())
        if row is None or row.amount_sen <= 0:
            return
        office_id, line_id = row.office_id, row.id

        def work(session: Session) -> tuple[list[UseEntry], list[Asked]]:
            uses = statement_lists.uses_of_line(session, office_id, line_id)
            return uses, unknown_money.letters_of_line(session, office_id, line_id)

        def used(answer: tuple[list[UseEntry], list[Asked]]) -> None:
            if self._row is not None and self._row.id == line_id:
                self._show(tuple(answer[0]), tuple(answer[1]))

        self._workstation.read(self, work, used)

    def _show(self, uses: tuple[UseEntry, ...], letters: tuple[Asked, ...]) -> None:
        row = self._row
        inside = QFrame()
        inside.setProperty("role", "panel")
        column = QVBoxLayout(inside)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(6)
        if row is None:
            column.addWidget(_label("Pilih satu mutasi di daftar.", "muted"))
        else:
            clock = f" pukul {row.booked_at:%H.%M}" if row.booked_at else ""
            for words, role in (
                (sen_text(row.amount_sen), "title"),
                (f"{short_text(row.booked_on)}{clock} · {row.account} {row.bank}", "muted"),
                ("KETERANGAN BANK", "section"),
                (row.description, ""),
                (row.counterparty, ""),
                (f"Referensi {row.reference}" if row.reference else "", "small"),
            ):
                if words:
                    column.addWidget(_label(words, role))
            if uses:
                column.addWidget(_label("PERUNTUKAN", "section"))
            for use in uses:
                self._add_use(column, use)
            if letters:
                column.addWidget(_label("SURAT", "section"))
            for asked in letters:
                column.addWidget(_label(letter_words(asked), "small"))
                column.addWidget(letter_button(self, self._workstation, row.office_id, asked))
            column.addWidget(_label("BARIS ASLI", "section"))
            column.addWidget(_label(row.raw.replace(",", ",\u200b").replace(";", ";\u200b"), "small"))
            column.addWidget(_label(f"Berkas {row.file}", "small"))
        column.addStretch(1)
        self.setWidget(inside)

    def _add_use(self, column: QVBoxLayout, use: UseEntry) -> None:
        assert self._row is not None
        office_id = self._row.office_id
        what = f"pembayaran {use.invoice_number}" if use.kind == "payment" else KINDS[use.kind]
        column.addWidget(_label(f"{sen_text(use.amount_sen)} · {what}", "strong"))
        day = short_text(local_date(use.at, self._workstation.office(office_id).zone))
        about = " · ".join(part for part in (use.case_number, use.note, f"{use.by}, {day}") if part)
        column.addWidget(_label(about, "small"))
        if use.ended:
            column.addWidget(_label(f"Ditarik: {use.ended}", "small"))
        if use.case_id is not None:
            look = RowButton("Buka permohonan")
            look.clicked.connect(partial(self._open, office_id, use))
            column.addWidget(look)
        if self._may and not use.ended and use.kind != "payment":
            withdraw = RowButton("Tarik catatan ini …")
            withdraw.setObjectName("use.withdraw")
            withdraw.clicked.connect(partial(self._withdraw, office_id, use))
            column.addWidget(withdraw)

    def _open(self, office_id: int, use: UseEntry, _checked: bool = False) -> None:
        self.case_wanted.emit(office_id, use.case_id)

    def _withdraw(self, office_id: int, use: UseEntry, _checked: bool = False) -> None:
        from desk.services import statement_uses

        station, link, key = self._workstation, self._workstation.link, uuid4()
        form = PeopleForm(
            self.window(), "withdraw_use", "Tarik catatan", f"{sen_text(use.amount_sen)} · {KINDS[use.kind]}", "Tarik"
        )
        form.add(TextField(Question("reason", "Alasan", "text", "Uangnya kembali tak bertuan.", True, ())))

        def withdraw_note(reason: str, sent: PeopleForm) -> None:
            """Money of a case: told in its story, and its letter ends."""
            from desk.actions import ACTIONS
            from desk.rules.inputs import MoneyNoteEnd
            from desk.services import case_file

            def done(told: Done) -> None:
                sent.accept()
                self.said.emit(told.sentence)

            def withdraw(case: CaseFacts) -> None:
                asked = MoneyNoteEnd(use.id, reason)
                station.perform(self, ACTIONS["withdraw_money_note"], case, asked, done, sent.refused, request_id=key)

            def facts(session: Session) -> CaseFacts:
                assert use.case_id is not None
                return case_file.facts(session, office_id, use.case_id)

            station.read(self, facts, withdraw, sent.refused)

        def send(answers: Answers, sent: PeopleForm) -> None:
            if use.case_id is not None:
                withdraw_note(str(answers["reason"]), sent)
                return

            def deed() -> None:
                with link.transaction() as session:
                    statement_uses.withdraw_use(session, office_id, use.id, key=key, reason=str(answers["reason"]))

            def done(_none: None) -> None:
                sent.accept()
                self.said.emit(f"Catatan {sen_text(use.amount_sen)} ditarik; uangnya kembali tak bertuan.")

            self._workstation.background.run_work(self, deed, done, sent.refused)

        form.on_send = send
        form.open()


def _label(text: str, role: str = "") -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    return label
