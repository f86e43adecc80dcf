"""One credit that has no owner: what it may pay and why, the proof beside it, and the one key that confirms it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desk.rules.dates import short_text
from desk.rules.inputs import MoneyOutcome
from desk.rules.matching import MatchClass
from desk.rules.outcomes import Named, named_outcome, outcome_for
from desk.rules.rupiah import rupiah
from desk.rules.settling import Candidate, Plan, plan
from desk.rules.statement import sen_text
from desk.ui import message, theme
from desk.ui.line_letter import letter_button, letter_words
from desk.ui.row_button import RowButton
from desk.ui.statement_apart import note_outcome
from desk.ui.theme import set_look

if TYPE_CHECKING:
    from uuid import UUID

    from desk.rules.case import CaseFacts
    from desk.rules.deed import Done
    from desk.rules.settling import Settlement
    from desk.services.case_file import DocumentEntry
    from desk.services.statement_matching import Waiting
    from desk.ui.background import Trouble
    from desk.ui.paper_preview import PaperPreview
    from desk.ui.workstation import Workstation

TONES = {
    MatchClass.CERTAIN: theme.Tone.DONE,
    MatchClass.LIKELY: theme.Tone.ACCENT,
    MatchClass.AMBIGUOUS: theme.Tone.SOON,
    MatchClass.NONE: theme.Tone.PLAIN,
}
_SHOWN = 6
"""Candidates that are shown as cards; of more the treasurer searches the case."""


class MatchPanel(QWidget):
    """At the left of the panel the movement and its candidates, at the right the proof."""

    confirmed = Signal(str)
    """The money is confirmed; carries the sentence."""
    case_wanted = Signal(int, object)
    set_apart_wanted = Signal(object, object)
    """The `Waiting` and the candidate it may concern, or None."""
    letter_wanted = Signal(object)
    """The `Waiting` about which the bank or the sender is asked."""
    note_wanted = Signal(object, object)
    """The `Waiting` and the `Named` outcome that is noted with its letter."""

    def __init__(self, workstation: Workstation) -> None:
        super().__init__()
        self._workstation = workstation
        self._waiting: Waiting | None = None
        self._others: Sequence[Waiting] = ()
        self._candidates: Mapping[str, Candidate] = {}
        self._plan: Plan | str = ""
        self._busy = False
        self._may = False
        self._preview: PaperPreview | None = None
        self._shown_proof: UUID | None = None
        self._named: Named | None = None
        self.receipt_too = QCheckBox("Terbitkan kuitansi sekaligus")
        self.receipt_too.setObjectName("receipt_too")
        self.letter_too = QCheckBox("Catat kelebihannya dan siapkan suratnya")
        self.letter_too.setObjectName("letter_too")
        self.letter_too.setChecked(True)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.go = RowButton("Pastikan uang diterima", "Enter", "primary")
        self.go.setObjectName("match.confirm")
        self.go.clicked.connect(lambda: self.confirm())
        self.note = RowButton("Catat dan siapkan suratnya", "Enter", "primary")
        self.note.setObjectName("match.note")
        self.note.clicked.connect(lambda: self.confirm())
        self.why = _label("", "small")
        self.apart = RowButton("Bukan untuk invoice …")
        self.apart.setObjectName("match.apart")
        self.apart.clicked.connect(self._ask_apart)
        self.ask = RowButton("Surat tanya asal uang …")
        self.ask.setObjectName("match.ask")
        self.ask.clicked.connect(lambda: self.letter_wanted.emit(self._waiting))
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self._scroll, 1)
        for widget in self._deeds():
            left.addWidget(widget)
        self._whole = QHBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(theme.GAP_WIDE)
        self._whole.addLayout(left, 1)
        for widget in self._deeds():
            widget.hide()  # until the first movement is there

    def _deeds(self) -> tuple[QWidget, ...]:
        return (self.why, self.go, self.note, self.receipt_too, self.letter_too, self.apart, self.ask)

    # What is shown

    def show_money(
        self,
        waiting: Waiting | None,
        others: Sequence[Waiting],
        candidates: Mapping[str, Candidate],
        *,
        may_confirm: bool,
    ) -> None:
        """Show a free credit with what matching says of it."""
        self._waiting, self._others, self._candidates, self._may = waiting, others, candidates, may_confirm
        inside = QFrame()
        inside.setProperty("role", "panel")
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(6)
        named: list[Candidate] = []
        if waiting is None:
            column.addWidget(_label("Semua dana masuk sudah bertuan.", "muted"))
        else:
            named = self._fill(column, waiting)
        column.addStretch(1)
        self._scroll.setWidget(inside)
        self._judge()
        self._show_proof(next((each for each in named if each.proof_document), None))

    def _fill(self, column: QVBoxLayout, waiting: Waiting) -> list[Candidate]:
        row, proposal = waiting.row, waiting.money.proposal
        column.addWidget(_label(sen_text(waiting.money.free_sen), "title"))
        clock = f" {row.booked_at:%H.%M}" if row.booked_at else ""
        part = "" if waiting.money.free_sen == row.amount_sen else f" · sisa dari {sen_text(row.amount_sen)}"
        column.addWidget(_label(f"{short_text(row.booked_on)}{clock} · {row.bank} {row.account}{part}", "small"))
        column.addWidget(_label(" · ".join(words for words in (row.description, row.counterparty) if words)))
        if waiting.asked is not None:
            column.addWidget(_label(letter_words(waiting.asked), "small"))
            column.addWidget(letter_button(self, self._workstation, row.office_id, waiting.asked))
        column.addSpacing(4)
        pill = _label(f"Usulan: {proposal.match.label}", "strong")
        tone = TONES[proposal.match]
        set_look(pill, tone=None if tone is theme.Tone.PLAIN else tone.value)
        column.addWidget(pill)
        column.addWidget(_label(" ".join(proposal.reasons)))
        keys = proposal.invoices or proposal.related
        named = [self._candidates[key] for key in keys if key in self._candidates]
        for candidate in named[:_SHOWN]:
            column.addWidget(self._card(candidate, chosen=candidate.key in proposal.invoices))
        if len(named) > _SHOWN:
            column.addWidget(_label(f"… dan {len(named) - _SHOWN} invoice lain.", "small"))
        return named

    def _card(self, candidate: Candidate, *, chosen: bool) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        rows = QVBoxLayout(card)
        rows.setContentsMargins(0, 6, 0, 2)
        rows.setSpacing(2)
        who = " · ".join(part for part in (candidate.customer, candidate.institution) if part)
        rows.addWidget(_label(f"{who}", "strong"))
        rows.addWidget(_label(f"{candidate.invoice_number} · {candidate.key}", "small"))
        proof = f" · bukti {rupiah(candidate.proof_amount)}" if candidate.proof_amount else " · belum ada bukti"
        rows.addWidget(
            _label(f"{rupiah(candidate.total)} · berlaku sampai {short_text(candidate.valid_until)}{proof}", "small")
        )
        buttons = QHBoxLayout()
        if self._may and not chosen:
            pick = RowButton("Pilih invoice ini")
            pick.setObjectName(f"match.pick.{candidate.key}")
            pick.clicked.connect(partial(self._pick, candidate))
            buttons.addWidget(pick, 1)
        look = RowButton("Buka permohonan")
        look.clicked.connect(partial(self._open, candidate))
        buttons.addWidget(look, 1)
        rows.addLayout(buttons)
        return card

    def _judge(self) -> None:
        """What one key would do, or why it does nothing."""
        waiting = self._waiting
        self._plan, self._named = "", None
        if waiting is not None:
            others = [each.money for each in self._others if each.id != waiting.id]
            self._plan = plan(waiting.money, others, self._candidates, self._workstation.actor.login)
            self._named = named_outcome(waiting.money, self._candidates)
        ready = isinstance(self._plan, Plan)
        known = isinstance(self._plan, Plan) and all(each.candidate.payment_id for each in self._plan.deeds)
        over = isinstance(self._plan, Plan) and bool(self._over(self._plan))
        if ready and not over:
            self._named = None
        words = self._plan if isinstance(self._plan, str) else ""
        if isinstance(self._plan, Plan) and self._plan.left_sen and not over:
            words = f"Sisa {sen_text(self._plan.left_sen)} tetap tercatat sebagai uang tak bertuan."
        if self._named is not None:
            rest = "" if ready else " " + _NEXT[self._named.outcome]
            words = self._named.sentence + rest
        if known:
            words = "Uangnya sudah dipastikan sebelum mutasinya ada; mutasi ini menjadi dasarnya."
        if not self._may:
            words = "Bendahara yang memastikan uang ini." if waiting is not None else ""
        self.why.setText(words)
        self.why.setVisible(bool(words))
        self.go.setVisible(self._may and waiting is not None and ready)
        self.note.setVisible(self._may and not ready and self._named is not None)
        self.go.setText("Kaitkan dengan pembayarannya" if known else "Pastikan uang diterima")
        choice = waiting is not None and bool(waiting.money.proposal.invoices or waiting.money.proposal.related)
        self.receipt_too.setVisible(self._may and choice and not known and not self.note.isVisibleTo(self))
        self.letter_too.setVisible(self._may and over)
        self.apart.setVisible(self._may and waiting is not None)
        self.ask.setVisible(self._may and waiting is not None and not ready)

    def _show_proof(self, candidate: Candidate | None) -> None:
        wanted = candidate.proof_document if candidate else None
        if wanted is None or candidate is None:
            self._shown_proof = None
            if self._preview is not None:
                self._preview.hide()
            return
        if wanted == self._shown_proof:
            return
        self._shown_proof = wanted
        from desk.services import statement_matching

        office = candidate.office_id

        def found(entry: DocumentEntry | None) -> None:
            if entry is None or self._shown_proof != wanted:
                return
            if self._preview is None:
                from desk.ui.paper_preview import PaperPreview

                self._preview = PaperPreview(self._workstation, with_actions=False)
                self._whole.addWidget(self._preview, 1)
            self._preview.show()
            self._preview.show_document(office, entry)

        self._workstation.read(self, lambda s: statement_matching.proof_entry(s, office, wanted), found)

    # What is done

    def confirm(self) -> None:
        """Confirm what is proposed; says why when nothing can be confirmed with one key."""
        if not self._may or self._waiting is None or self._busy:
            return
        if isinstance(self._plan, Plan):
            self._carry_out(self._plan)
        elif self._named is not None:
            self.note_wanted.emit(self._waiting, self._named)
        else:
            message.show(self, "Belum dapat dipastikan", self._plan)

    def _over(self, made: Plan) -> Named | None:
        """What is over when one invoice is paid with more than its amount."""
        if self._waiting is None or len(made.deeds) != 1 or not made.left_sen:
            return None
        named = outcome_for(self._waiting.money, made.deeds[0].candidate)
        return named if named is not None and named.outcome is MoneyOutcome.OVER else None

    def _pick(self, candidate: Candidate, _checked: bool = False) -> None:
        waiting = self._waiting
        if waiting is None or self._busy:
            return
        made = plan(waiting.money, (), self._candidates, self._workstation.actor.login, (candidate.key,))
        if isinstance(made, str):
            named = outcome_for(waiting.money, candidate)
            if named is None:
                message.show(self, "Belum dapat dipastikan", made)
            else:
                self.note_wanted.emit(waiting, named)
            return
        left = f" Kelebihannya {sen_text(made.left_sen)} dicatat dengan suratnya." if made.left_sen else ""
        text = (
            f"{sen_text(waiting.money.free_sen)} pada {short_text(waiting.row.booked_on)} untuk "
            f"{candidate.invoice_number}, {candidate.customer}, {rupiah(candidate.total)}.{left}"
        )
        if message.confirm(self, "Pastikan uang ini", text, "Pastikan"):
            self._carry_out(made)

    def _carry_out(self, made: Plan) -> None:
        """Each invoice is a deed of its own; the first refusal ends it, what is recorded stays recorded."""
        self._busy = True
        self.go.setEnabled(False)
        said: list[str] = []
        over = self._over(made) if self.letter_too.isChecked() else None
        line_id = self._waiting.id if self._waiting else None

        def ended(trouble: Trouble | None = None) -> None:
            self._busy = False
            self.go.setEnabled(True)
            if trouble is not None:
                message.show_trouble(self, trouble)
            self.confirmed.emit(" ".join(said))

        def noted(told: str) -> None:
            said.append(told)
            ended()

        def go_on(at: int) -> None:
            if at == len(made.deeds):
                if over is None or line_id is None:
                    ended()
                else:
                    note_outcome(self._workstation, self, line_id, over, "", noted, ended)
                return
            self._settle(made.deeds[at], said.append, lambda: go_on(at + 1), ended)

        go_on(0)

    def _settle(
        self,
        deed: Settlement,
        say: Callable[[str], object],
        done: Callable[[], object],
        failed: Callable[[Trouble], object],
    ) -> None:
        from desk.actions import ACTIONS
        from desk.services import case_file, statement_uses

        station, candidate = self._workstation, deed.candidate
        if candidate.payment_id is not None:
            payment_id = candidate.payment_id

            def tie() -> None:
                with station.link.transaction() as session:
                    statement_uses.tie_payment(
                        session, candidate.office_id, candidate.case_id, payment_id, deed.inputs.parts
                    )

            def tied(_none: None) -> None:
                say(f"Mutasi dikaitkan dengan pembayaran {candidate.invoice_number}.")
                done()

            station.background.run_work(self, tie, tied, failed)
            return
        receipt_too = self.receipt_too.isChecked()

        def receipt() -> None:
            station.read(self, facts, issue, failed)

        def issue(case: CaseFacts) -> None:
            if case.needs_second_person():
                say(f"Kuitansi {candidate.invoice_number} menunggu persetujuan orang kedua.")
                done()
                return
            station.perform(
                self, ACTIONS["issue_receipt"], case, None, lambda told: (say(told.sentence), done()), failed
            )

        def confirmed(told: Done) -> None:
            say(told.sentence)
            if receipt_too:
                receipt()
            else:
                done()

        def confirm(case: CaseFacts) -> None:
            station.perform(self, ACTIONS["confirm_payment"], case, deed.inputs, confirmed, failed)

        def facts(session: object) -> CaseFacts:
            return case_file.facts(session, candidate.office_id, candidate.case_id)  # type: ignore[arg-type]

        station.read(self, facts, confirm, failed)

    def _open(self, candidate: Candidate, _checked: bool = False) -> None:
        self.case_wanted.emit(candidate.office_id, candidate.case_id)

    def _ask_apart(self) -> None:
        waiting = self._waiting
        if waiting is None:
            return
        keys = waiting.money.proposal.invoices or waiting.money.proposal.related
        named = [self._candidates[key] for key in keys if key in self._candidates]
        self.set_apart_wanted.emit(waiting, named[0] if len(named) == 1 else None)


_NEXT = {
    MoneyOutcome.PART: "Suratnya meminta kekurangannya; uang ini menunggu sampai kekurangan itu masuk.",
    MoneyOutcome.OVER: "Pastikan dahulu sejumlah invoicenya.",
    MoneyOutcome.DOUBLE: "Suratnya menerangkan cara memintanya kembali.",
    MoneyOutcome.LATE: "Suratnya menawarkan invoice baru atau pengembalian.",
}
"""What follows an outcome, for the treasurer."""


def _label(text: str, role: str = "") -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    return label
