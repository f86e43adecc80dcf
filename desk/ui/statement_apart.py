"""Money on the account that pays no invoice as it is: noted for what it is, with a word about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from PySide6.QtWidgets import QWidget

from desk.errors import Refused
from desk.rules.inputs import MoneyOutcome, Question
from desk.rules.outcomes import Named
from desk.rules.settling import Candidate
from desk.rules.statement import SEN, sen_text
from desk.ui.forms.plain_fields import PickField, TextField
from desk.ui.people_forms import Answers, PeopleForm

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.rules.case import CaseFacts
    from desk.services.statement_matching import Waiting
    from desk.ui.background import Trouble
    from desk.ui.workstation import Workstation

KINDS: dict[str, str] = {
    **{outcome.value: outcome.label for outcome in MoneyOutcome},
    "returned": "sudah dikembalikan",
    "reversed": "ditarik kembali oleh bank",
    "other": "bukan pembayaran (bunga, koreksi bank, setoran lain)",
}
OF_CASE = tuple(outcome.value for outcome in MoneyOutcome)
"""Kinds that are money of a known customer: they need the case it belongs to."""


class SetApart(PeopleForm):
    """What the money is; with a known customer also what his or her case has to do with it."""

    def __init__(
        self, parent: QWidget | None, waiting: Waiting, candidate: Candidate | None, *, named: Named | None = None
    ) -> None:
        if named is not None:
            self._ask_word(parent, waiting, named)
            return
        about = f"{sen_text(waiting.money.free_sen)} · {waiting.row.description}"
        super().__init__(parent, "set_apart", "Bukan untuk invoice", about, "Catat")
        kinds = [(kind, words) for kind, words in KINDS.items() if candidate is not None or kind not in OF_CASE]
        of = f" Tercatat pada {candidate.case_number}, {candidate.customer}." if candidate else ""
        self.add(PickField(Question("kind", "Uang apa ini", "choice", "", True, ()), kinds))
        help_ = "Nomor surat, tanggal pengembalian, atau asal uangnya." + of
        self.add(TextField(Question("note", "Keterangan", "text", help_, False, ())))

    def _ask_word(self, parent: QWidget | None, waiting: Waiting, named: Named) -> None:
        """Only a word for the letter is asked where the outcome is known already."""
        about = f"{named.sentence} {waiting.row.description}"
        super().__init__(parent, "note_money", named.outcome.label.capitalize(), about, "Catat dan siapkan suratnya")
        help_ = "Tercetak pada suratnya, misalnya sebab yang disampaikan pembayar. Boleh dikosongkan."
        self.add(TextField(Question("note", "Keterangan", "text", help_, False, ())))

    def judge_together(self, answers: Answers) -> None:
        if "kind" not in answers:
            return
        if answers["kind"] not in OF_CASE and not answers["note"]:
            raise Refused("Keterangan belum ditulis: uang apa ini, atau ke mana dan dengan surat apa dikembalikan.")


def ask_what_it_is(
    page: QWidget, station: Workstation, waiting: Waiting, candidate: Candidate | None, said: Callable[[str], object]
) -> None:
    """Ask what the money of a movement is, and note it: on the movement, or with a letter in the case it belongs to."""
    from desk.services import statement_uses

    form, key = SetApart(page.window(), waiting, candidate), uuid4()

    def send(answers: Answers, sent: PeopleForm) -> None:
        kind = str(answers["kind"])
        if candidate is not None and kind in OF_CASE:
            amount, outcome = waiting.money.free_sen, MoneyOutcome.of(kind)
            missing = candidate.total * SEN - amount
            named = Named(outcome, candidate, amount, missing if outcome is MoneyOutcome.PART else amount)
            _send_note(page, station, waiting, named, answers, sent, key, said)
            return

        def deed() -> None:
            with station.link.transaction() as session:
                statement_uses.set_apart(
                    session,
                    waiting.row.office_id,
                    waiting.row.id,
                    key=key,
                    kind=kind,
                    amount_sen=waiting.money.free_sen,
                    note=str(answers["note"] or ""),
                )

        def done(_none: None) -> None:
            sent.accept()
            said(f"{sen_text(waiting.money.free_sen)} dicatat: {KINDS[kind]}.")

        station.background.run_work(page, deed, done, sent.refused)

    form.on_send = send
    form.open()


def ask_for_a_word(
    page: QWidget, station: Workstation, waiting: Waiting, named: Named, said: Callable[[str], object]
) -> None:
    """Ask for a word about a known outcome, then note it; its letter follows."""
    form, key = SetApart(page.window(), waiting, None, named=named), uuid4()
    form.on_send = lambda answers, sent: _send_note(page, station, waiting, named, answers, sent, key, said)
    form.open()


def _send_note(
    page: QWidget,
    station: Workstation,
    waiting: Waiting,
    named: Named,
    answers: Answers,
    form: PeopleForm,
    key: UUID,
    said: Callable[[str], object],
) -> None:
    def done(sentence: str) -> None:
        form.accept()
        said(sentence)

    note_outcome(station, page, waiting.id, named, str(answers["note"] or ""), done, form.refused, key=key)


def note_outcome(
    station: Workstation,
    owner: QWidget,
    line_id: UUID,
    named: Named,
    note: str,
    done: Callable[[str], object],
    failed: Callable[[Trouble], object],
    *,
    key: UUID | None = None,
) -> None:
    """Note an outcome as a deed of its case; its letter is made afterwards like every paper."""
    from desk.actions import ACTIONS
    from desk.rules.inputs import MoneyNote
    from desk.services import case_file

    candidate, asked = named.candidate, MoneyNote(line_id, named.outcome, named.amount_sen, note)

    def facts(session: Session) -> CaseFacts:
        return case_file.facts(session, candidate.office_id, candidate.case_id)

    def write(case: CaseFacts) -> None:
        station.perform(
            owner, ACTIONS["note_money"], case, asked, lambda told: done(told.sentence), failed, request_id=key
        )

    station.read(owner, facts, write, failed)
