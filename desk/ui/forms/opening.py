"""Opening a form from a screen: reads what its questions need, then shows it beside the case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from desk.errors import Refused
from desk.rules.case import CaseFacts
from desk.rules.catalogue import Catalogue
from desk.rules.inputs import (
    Countersignature,
    CustomerChange,
    DataCheck,
    DataSent,
    FilingPlace,
    FitDecisions,
    IncomingFile,
    Loan,
    MergeInput,
    NewPlace,
    OriginalCheck,
    OriginalRefusal,
    PaymentInput,
    PreparedFiles,
    Registration,
    ReliefRequest,
    RequestChange,
    SectionAsk,
    SentBy,
    questions,
)
from desk.ui import message
from desk.ui.forms.drafts import Drafts
from desk.ui.forms.file_field import FilesField
from desk.ui.forms.form import FormDialog, OnInputs
from desk.ui.forms.prefill import known_answers
from desk.ui.forms.sending import SendingPanel
from desk.ui.forms.surroundings import Colleague, Surroundings

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from desk.actions import Action
    from desk.rules.deed import Done
    from desk.rules.package import PackageOrder
    from desk.rules.preparation import MadeFile
    from desk.rules.relief import ReliefRule
    from desk.rules.tariff import TariffTable
    from desk.services.case_file import CaseView
    from desk.services.fit import EarlierDecision
    from desk.services.preparation import EarlierFile
    from desk.services.replies import Outgoing
    from desk.services.same_requests import SameRequest
    from desk.ui.background import Trouble
    from desk.ui.forms.register_help import RegisterHelp
    from desk.ui.workstation import Workstation

BESIDE: dict[type, str] = {PaymentInput: "proof", OriginalCheck: "scan", OriginalRefusal: "scan"}
"""The kind of document that is seen beside the fields which confirm it."""

_READ_FROM_THE_CASE = (RequestChange, CustomerChange, SentBy, DataSent)
_LOOKED_UP = (PreparedFiles, DataCheck, MergeInput, ReliefRequest)
_OF_CUSTODY = (Countersignature, FilingPlace, NewPlace, Loan)
_WITH_LETTER = frozenset({"approve_relief", "reject_relief"})
"""Deeds that decide about a letter: it is seen beside the reason."""
_PRICED = frozenset({"lines", "fit"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A stored file to be seen beside the fields."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Needed:
    """What the questions of a form need from the database."""

    tariff: TariffTable | None = None
    catalogue: Catalogue = field(default_factory=Catalogue)
    known: Mapping[str, Any] | None = None
    shown: Shown | None = None
    outgoing: Outgoing | None = None
    package: PackageOrder | None = None
    earlier: Mapping[UUID, Sequence[EarlierDecision]] = field(default_factory=dict)
    earlier_files: Sequence[EarlierFile] = ()
    colleagues: tuple[Colleague, ...] = ()
    made_files: Sequence[MadeFile] = ()
    same: Sequence[SameRequest] = ()
    relief: ReliefRule | None = None


def open_form(
    parent: QWidget,
    action: Action,
    case: CaseFacts | None,
    workstation: Workstation,
    on_inputs: OnInputs,
    *,
    known: Mapping[str, Any] | None = None,
    carried: Mapping[str, Any] | None = None,
    subject: str = "",
) -> FormDialog:
    """The form of an action, already on the screen; `on_inputs(inputs, form)` is called when it is sent.

    The caller answers with `form.succeeded()` or `form.refused(trouble)`, and passes `form.request_id` on to the deed.
    """
    helped: list[RegisterHelp] = []

    def sent(inputs: Any, dialog: FormDialog) -> None:
        (helped[0].on_inputs if helped else on_inputs)(inputs, dialog)

    form = _dialog(action)(parent, action, case, sent)
    form.show()
    office_id = case.office_id if case is not None else workstation.office_ids[0]
    today = workstation.today(office_id)
    asks = action.asks
    assert asks is not None

    def ask(needed: Needed) -> None:
        around = Surroundings(
            today=today,
            login=workstation.actor.login,
            background=workstation.background,
            drafts=Drafts(workstation.drafts or drafts_folder(training=workstation.training)),
            tariff=needed.tariff,
            catalogue=needed.catalogue,
            package=needed.package,
            earlier=needed.earlier,
            earlier_files=needed.earlier_files,
            colleagues=needed.colleagues,
            made_files=needed.made_files,
            same=needed.same,
            relief=needed.relief,
        )
        about = subject or (str(case.id) if case is not None else "")
        form.ask(
            around, known={**(needed.known or {}), **(known or {})}, carried=carried, subject=f"{office_id}/{about}"
        )
        if asks is Registration:
            from desk.ui.forms.register_help import RegisterHelp

            helped.append(RegisterHelp(form, workstation, workstation.office_ids, on_inputs))
        if asks is SectionAsk and case is not None:
            from desk.ui.forms.section_panel import SectionPanel

            form.show_beside(SectionPanel(form, case, workstation.actor.name))
        _show_files_beside(form, workstation, needed.shown)
        if needed.outgoing is not None:
            form.show_beside(SendingPanel(workstation, form, needed.outgoing, office_id))

    def read_again() -> None:
        if case is None:
            return
        case_id = case.id

        def ask_again(session: Session) -> tuple[CaseFacts, Needed]:
            from desk.services import case_file

            fresh = case_file.facts(session, office_id, case_id)
            return fresh, read_needed(session, office_id, case_id, action, today, workstation.actor.name)

        def show(now: tuple[CaseFacts, Needed]) -> None:
            form.show_overtaken(now[0], {**known_answers(asks, now[0]), **(now[1].known or {})})

        workstation.read(form, ask_again, show, lambda trouble: form.say(str(trouble)))

    form.overtaken.connect(read_again)
    if _asks_the_database(asks) or action.id in _WITH_LETTER:
        case_id = None if case is None else case.id
        officer = workstation.actor.name
        workstation.read(
            form, lambda s: read_needed(s, office_id, case_id, action, today, officer), ask, form.cannot_ask
        )
    else:
        ask(Needed())
    return form


def deliver(
    workstation: Workstation,
    form: FormDialog,
    inputs: object,
    done: Callable[[Done], object],
    failed: Callable[[Trouble], object] | None = None,
) -> None:
    """Do what the form asked for, under the form's own key; the form closes when it is done, or says why not."""
    owner = form.parentWidget() or form

    def recorded(answer: Done) -> None:
        form.succeeded()
        done(answer)

    def refused(trouble: Trouble) -> None:
        form.refused(trouble)
        if failed is not None:
            failed(trouble)

    if form.action.confirm and not message.confirm(form, form.action.label, form.action.confirm, form.action.label):
        form.refused()
        return
    workstation.perform(owner, form.action, form.case, inputs, recorded, refused, request_id=form.request_id)


def read_needed(
    session: Session, office_id: int, case_id: UUID | None, action: Action, today: date, officer: str
) -> Needed:
    """What the questions of an action need; `officer` is the name below a ready text. Runs on the database lane."""
    from desk.rules.rule_book import relief_in_force, tariff_in_force
    from desk.services import binders, case_file, documents, fit, package, preparation, rule_book

    form, action_id = action.asks, action.id
    assert form is not None
    tariff: TariffTable | None = None
    catalogue = Catalogue()
    known: dict[str, Any] = {}
    shown: Shown | None = None
    outgoing: Outgoing | None = None
    packed: PackageOrder | None = None
    earlier: Mapping[UUID, Sequence[EarlierDecision]] = {}
    same: Sequence[SameRequest] = ()
    if _PRICED & _kinds(form):
        tariff = tariff_in_force(rule_book.rules(session, office_id), today, office_id)
        catalogue = rule_book.catalogue(session, office_id)
    if case_id is not None and form is FitDecisions:
        earlier = fit.earlier_decisions(session, office_id, case_id)
    prepared = preparation.earlier_files(session, office_id, case_id) if case_id and form is PreparedFiles else ()
    if form in _OF_CUSTODY:
        known = binders.known_answers(session, office_id, form, today)
    made = preparation.made_files(session, office_id, case_id) if case_id and form is DataCheck else ()
    if case_id is not None and (form in _READ_FROM_THE_CASE or form in BESIDE or action_id in _WITH_LETTER):
        view = case_file.case_view(session, office_id, case_id)
        if form in (RequestChange, CustomerChange):
            card = view.customer
            known = {"position": card.position, "id_number": card.id_number, "npwp": card.npwp}
        elif form in (SentBy, DataSent):
            if form is DataSent:
                packed = package.package_order(session, view, officer)
            outgoing = _ready_text(session, view, action_id, officer)
            known = {} if outgoing is None else {"text": outgoing.body, "note": outgoing.address}
        else:
            letter = view.facts.relief.id if action_id in _WITH_LETTER and view.facts.relief else None
            wanted = [
                entry
                for entry in view.documents
                if (entry.subject_id == letter if letter else entry.kind == BESIDE.get(form))
            ]
            newest = wanted[-1:]
            for entry in newest:
                data = documents.content(session, office_id, entry.id)
                shown = Shown(entry.name, entry.content_type, data)
    if case_id is not None and form is MergeInput:
        same = _same_as(session, office_id, case_id)
    colleagues = colleagues_of(session, office_id) if "colleague" in _kinds(form) else ()
    relief = None
    if form is ReliefRequest:
        relief = relief_in_force(rule_book.rules(session, office_id), today, office_id)
    return Needed(tariff, catalogue, known, shown, outgoing, packed, earlier, prepared, colleagues, made, same, relief)


def colleagues_of(session: Session, office_id: int) -> tuple[Colleague, ...]:
    """Who may get a case of this office, with what each has on the desk already."""
    from desk.services import people

    return tuple(
        Colleague(
            one.login,
            one.name,
            (f"menggantikan {one.stands_in_for}, " if one.stands_in_for else "") + f"memegang {one.held} permohonan",
        )
        for one in people.colleagues(session, office_id)
    )


def _same_as(session: Session, office_id: int, case_id: UUID) -> Sequence[SameRequest]:
    """The cases of the same customer, whatever the data."""
    from desk.rules.same_request import Asked
    from desk.services import case_file, same_requests

    case = case_file.facts(session, office_id, case_id)
    words = f"{case.abstract.title} {case.abstract.purpose}"
    asked = Asked(case.customer_name, case.email, case.phone, tuple(line.title for line in case.lines), words)
    return same_requests.same_requests(session, [office_id], asked, but=case_id)


def _ready_text(session: Session, view: CaseView, action_id: str, officer: str) -> Outgoing | None:
    """The ready text of the step with its files; where a field of it is still empty, the person writes it."""
    from desk.services import replies

    if action_id == "send_message":
        return replies.answer(session, view, officer)
    step = replies.STEP_OF_ACTION.get(action_id)
    if step is None:
        return None
    try:
        return replies.outgoing(session, view, step, officer)
    except Refused:
        return None


def _dialog(action: Action) -> type[FormDialog]:
    """Nol rupiah is asked page by page; every other form is one page."""
    if action.asks is ReliefRequest:
        from desk.ui.forms.relief_wizard import ReliefWizard

        return ReliefWizard
    return FormDialog


def _kinds(form: type) -> set[str]:
    return {question.kind for question in questions(form)}


def _asks_the_database(form: type) -> bool:
    read = form in (*_READ_FROM_THE_CASE, *BESIDE, *_LOOKED_UP, *_OF_CUSTODY)
    return bool((_PRICED | {"colleague"}) & _kinds(form)) or read


def _show_files_beside(form: FormDialog, workstation: Workstation, shown: Shown | None) -> None:
    """The stored proof or scan stands beside the fields; so does a file as soon as it is chosen in the form."""
    from desk.ui.paper_preview import PaperPreview

    previews: list[PaperPreview] = []

    def show(name: str, content_type: str, data: bytes) -> None:
        if not previews:
            previews.append(PaperPreview(workstation, with_actions=False))
            form.show_beside(previews[0])
        previews[0].show_file(name, content_type, data)

    def taken(file: IncomingFile) -> None:
        show(file.name, file.content_type, file.data)

    if shown is not None:
        show(shown.name, shown.content_type, shown.data)
    for asked in form.fields.values():
        if isinstance(asked, FilesField) and asked.question.kind == "file":
            asked.file_taken.connect(taken)


def drafts_folder(*, training: bool = False) -> Path:
    """Where this Windows user's drafts are kept; those of the training office stand apart."""
    import platformdirs

    from desk.settings import APPLICATION

    return platformdirs.user_data_path(APPLICATION, appauthor=False) / ("drafts-training" if training else "drafts")
