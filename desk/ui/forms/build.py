"""One field for every kind of question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from datetime import date

from desk.rules.case import STANDARD_NEEDS, Abstract, CaseFacts, LineFacts
from desk.rules.identifiers import read_billing_code, read_email, read_nik, read_npwp, read_ntpn, read_phone
from desk.rules.inputs import Question
from desk.rules.quantities import count_text
from desk.ui.forms.abstract_field import AbstractField
from desk.ui.forms.counted_field import CountedField
from desk.ui.forms.date_field import DateField
from desk.ui.forms.field import Field
from desk.ui.forms.file_field import FilesField
from desk.ui.forms.fit_field import FitField
from desk.ui.forms.keyed_choice import KeyedChoiceField
from desk.ui.forms.line_row import quantity_text
from desk.ui.forms.lines_field import LinesField
from desk.ui.forms.money_field import MoneyField
from desk.ui.forms.package_field import PackageField
from desk.ui.forms.picking_fields import CaseNumberField, PicksField, question_field
from desk.ui.forms.plain_fields import (
    NumberField,
    ParagraphField,
    PercentField,
    TextField,
    TicksField,
    billing_field,
    choice_field,
    colleague_field,
    copy_field,
    line_field,
)
from desk.ui.forms.prepared_field import PreparedField
from desk.ui.forms.surroundings import Surroundings

HIDDEN = frozenset({"version", "subject", "message_id", "mail"})
"""Questions that the form answers itself: the version it was opened on."""


def build_field(question: Question, form: type, case: CaseFacts | None, around: Surroundings) -> Field:
    """The field for a question of `form`; a new kind of question without a field is a KeyError."""
    lines = () if case is None else case.lines
    abstract = Abstract() if case is None else case.abstract
    needs = STANDARD_NEEDS if case is None else case.needs
    makers: dict[str, Callable[[], Field]] = {
        "text": lambda: TextField(question, _identifier_warning(question.name, around.today)),
        "paragraph": lambda: ParagraphField(question),
        "date": lambda: DateField(question, around.today),
        "rupiah": lambda: MoneyField(question),
        "number": lambda: NumberField(question),
        "percent": lambda: PercentField(question),
        "choice": lambda: choice_field(question),
        "relief": lambda: KeyedChoiceField(question, around.relief.why_not if around.relief else None),
        "ticks": lambda: TicksField(question, may_be_empty=question.name in defaults(form)),
        "file": lambda: FilesField(question, around.background),
        "files": lambda: FilesField(question, around.background),
        "abstract": lambda: AbstractField(question),
        "lines": lambda: LinesField(question, around),
        "fit": lambda: FitField(
            question, [(line, _amount_of(line, around)) for line in lines], abstract, around.earlier
        ),
        "package": lambda: PackageField(question, case, around.package, around.background),
        "prepared": lambda: PreparedField(question, lines, around.background, around.earlier_files),
        "counted": lambda: CountedField(question, lines, around.made_files, around.background),
        "copy": lambda: copy_field(question, None if case is None else case.agreement),
        "colleague": lambda: colleague_field(question, around.colleagues),
        "line": lambda: line_field(question, lines),
        "billing": lambda: billing_field(question, () if case is None else case.billing),
        "some_lines": lambda: PicksField(question, [(line.id, f"{line.position}. {line.title}") for line in lines]),
        "needs": lambda: PicksField(question, [(need.code, need.label) for need in needs]),
        "tasks": lambda: PicksField(question, [] if case is None else _open_tasks(case)),
        "section_question": lambda: question_field(question, () if case is None else case.questions),
        "case_number": lambda: CaseNumberField(question, around.same),
    }
    return makers[question.kind]()


def _open_tasks(case: CaseFacts) -> list[tuple[str, str]]:
    """The tasks that are left, with their product where the order has several."""
    several = len({task.product for task in case.tasks}) > 1
    return [(task.key, f"{task.product.label}: {task.label}" if several else task.label) for task in case.open_tasks()]


def defaults(form: type) -> dict[str, object]:
    """The answers that an input class supplies itself, by name."""
    found: dict[str, object] = {}
    for entry in fields(form):
        if entry.default is not MISSING:
            found[entry.name] = entry.default
        elif entry.default_factory is not MISSING:
            found[entry.name] = entry.default_factory()
    return found


def _amount_of(line: LineFacts, around: Surroundings) -> str:
    """How much of a line is asked for; the bare number where the tariff of today has no such row any more."""
    tariff = None if around.tariff is None else around.tariff.rows.get(line.tariff)
    return count_text(line.quantity) if tariff is None else quantity_text(tariff, line.quantity)


def _identifier_warning(name: str, today: date) -> Callable[[str], str | None] | None:
    """Identifiers are checked softly: foreigners have passports, and cards are misprinted."""
    checks: dict[str, Callable[[str], str | None]] = {
        "id_number": lambda text: read_nik(text, today).warning if text.isdigit() else None,
        "npwp": lambda text: read_npwp(text).warning,
        "phone": lambda text: read_phone(text).warning,
        "email": lambda text: read_email(text).warning,
        "billing_code": lambda text: read_billing_code(text).warning,
        "ntpn": lambda text: read_ntpn(text).warning,
    }
    return checks.get(name)
