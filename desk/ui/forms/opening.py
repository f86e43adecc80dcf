"""Opening a form from a screen: reads what its questions need, then shows it beside the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from desk.rules.case import CaseFacts
from desk.rules.inputs import OriginalCheck, OriginalRefusal, PaymentInput, RequestChange, questions
from desk.ui.forms.drafts import Drafts
from desk.ui.forms.form import FormDialog, OnInputs
from desk.ui.forms.surroundings import CatalogueChoice, Surroundings

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from desk.actions import Action
    from desk.rules.tariff import TariffTable
    from desk.ui.workstation import Workstation

BESIDE: dict[type, str] = {PaymentInput: "proof", OriginalCheck: "scan", OriginalRefusal: "scan"}
"""The kind of document that is seen beside the fields which confirm it."""

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
    catalogue: tuple[CatalogueChoice, ...] = ()
    known: Mapping[str, Any] | None = None
    shown: Shown | None = None


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
    form = FormDialog(parent, action, case, on_inputs)
    form.show()
    office_id = case.office_id if case is not None else workstation.office_ids[0]
    today = workstation.today(office_id)
    asks = action.asks
    assert asks is not None

    def ask(needed: Needed) -> None:
        from desk.ui.paper_preview import PaperPreview

        beside = None
        if needed.shown is not None:
            beside = PaperPreview(workstation)
            beside.show_file(needed.shown.name, needed.shown.content_type, needed.shown.data)
        around = Surroundings(
            today=today,
            login=workstation.actor.login,
            background=workstation.background,
            drafts=Drafts(drafts_folder()),
            tariff=needed.tariff,
            catalogue=needed.catalogue,
        )
        form.ask(
            around, known={**(needed.known or {}), **(known or {})}, carried=carried, subject=subject, beside=beside
        )

    if _asks_the_database(asks):
        case_id = None if case is None else case.id
        workstation.read(form, lambda s: read_needed(s, office_id, case_id, asks, today), ask, form.cannot_ask)
    else:
        ask(Needed())
    return form


def read_needed(session: Session, office_id: int, case_id: UUID | None, form: type, today: date) -> Needed:
    """What the questions of `form` need; runs on the database lane."""
    from desk.rules.rule_book import tariff_in_force
    from desk.services import case_file, documents, rule_book

    tariff: TariffTable | None = None
    catalogue: tuple[CatalogueChoice, ...] = ()
    known: dict[str, Any] = {}
    shown: Shown | None = None
    if _PRICED & _kinds(form):
        tariff = tariff_in_force(rule_book.rules(session, office_id), today, office_id)
        catalogue = tuple(
            CatalogueChoice(item.code, item.title, item.tariff, item.size)
            for item in rule_book.catalogue(session, office_id)
        )
    if case_id is not None and (form is RequestChange or form in BESIDE):
        view = case_file.case_view(session, office_id, case_id)
        if form is RequestChange:
            card = view.customer
            known = {"position": card.position, "id_number": card.id_number, "npwp": card.npwp}
        else:
            newest = [entry for entry in view.documents if entry.kind == BESIDE[form]][-1:]
            for entry in newest:
                data = documents.content(session, office_id, entry.id)
                shown = Shown(entry.name, entry.content_type, data)
    return Needed(tariff, catalogue, known, shown)


def _kinds(form: type) -> set[str]:
    return {question.kind for question in questions(form)}


def _asks_the_database(form: type) -> bool:
    return bool(_PRICED & _kinds(form)) or form is RequestChange or form in BESIDE


def drafts_folder() -> Path:
    """Where this Windows user's drafts are kept."""
    from platformdirs import user_data_path

    return user_data_path("Meja PST", appauthor=False) / "drafts"
