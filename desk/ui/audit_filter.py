"""The row of questions above an auditor's list: office, case, person, kind and days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desk.errors import Refused
from desk.rules.audit_names import Kind
from desk.rules.inputs import Question
from desk.ui.forms.date_field import DateField
from desk.ui.forms.plain_fields import PickField, TextField, sentence_case

if TYPE_CHECKING:
    from desk.ui.entering import Office
    from desk.ui.forms.field import Field


class Story(Enum):
    """Whose story a list tells; the value names its fields."""

    CASE = "case"
    PERSON = "person"
    SETTING = "setting"
    CARD = "card"


DID, ABOUT = "did", "about"
"""Of a person: what he or she did, or what was decided about him or her."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in the fields; `case_words` is a number as typed."""

    office_id: int
    case_words: str
    person: str
    about_person: bool
    kind: Kind | None
    since: date | None
    until: date | None


class AuditFilter(QWidget):
    """The fields of one story; `changed` follows each answer that can be read."""

    changed = Signal()

    def __init__(self, story: Story, offices: Sequence[Office], today: date) -> None:
        super().__init__()
        self._story = story
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(10)
        self.office = _pick("office", "Kantor", [(office.id, office.code) for office in offices])
        self.office.set_value(offices[0].id)
        self.case = TextField(_question("case", "Nomor permohonan"))
        self.case.edit.setPlaceholderText("PST-1600-2026-000123 atau 123")
        self.person = _pick("person", "Orang", [("", "Semua orang")])
        self.side = _pick("side", "Yang dilihat", [(DID, "Yang dilakukannya"), (ABOUT, "Tugas dan aksesnya")])
        self.side.set_value(DID)
        kinds = (Kind.SETTINGS, Kind.PEOPLE) if story is Story.SETTING else tuple(Kind)
        every: list[tuple[Any, str]] = [] if story is Story.SETTING else [(None, "Semua")]
        self.kind = _pick("kind", "Tentang", [*every, *((kind, sentence_case(kind.label)) for kind in kinds)])
        self.kind.combo.setCurrentIndex(0)
        self.since = DateField(_question("since", "Sejak"), today)
        self.until = DateField(_question("until", "Sampai"), today)
        shown = {
            Story.CASE: (self.case, self.kind),
            Story.PERSON: (self.person, self.side, self.kind),
            Story.SETTING: (self.kind,),
            Story.CARD: (self.case, self.person),
        }[story]
        for field in (*((self.office,) if len(offices) > 1 else ()), *shown, self.since, self.until):
            self._add(field)
        for day in (self.since, self.until):
            day.button.hide()  # F4 opens the calendar; five fields stand in one row
            day.edit.setToolTip("Tanggal, misalnya 21/11/2026. F4 membuka kalender.")
        self._row.addStretch(1)

    def show_people(self, people: Sequence[tuple[str, str]], *, all_of_them: bool) -> None:
        """Offer these people: login and name."""
        self.person.offer([*([("", "Semua orang")] if all_of_them else ()), *people])

    def asked(self) -> Asked | None:
        """The answers, or None where a day cannot be read; the field says why."""
        days = []
        for field in (self.since, self.until):
            field.judge()
            try:
                days.append(None if field.is_empty() else field.read())
            except Refused:
                return None
        return Asked(
            office_id=self.office.read(),
            case_words=self.case.read(),
            person="" if self.person.is_empty() else self.person.read(),
            about_person=self._story is Story.PERSON and self.side.read() == ABOUT,
            kind=self.kind.read(),
            since=days[0],
            until=days[1],
        )

    def _add(self, field: Field) -> None:
        narrow = {self.office: 90, self.since: 116, self.until: 116, self.side: 168}.get(field, 0)
        if narrow:
            field.setFixedWidth(narrow)
        else:
            field.setMaximumWidth(240)
        self._row.addWidget(field, 0 if narrow else 1, Qt.AlignmentFlag.AlignTop)
        if isinstance(field, PickField):
            field.combo.currentIndexChanged.connect(self.changed)
        elif isinstance(field, TextField | DateField):
            field.edit.returnPressed.connect(self.changed)
            field.edit.editingFinished.connect(self.changed)


def _question(name: str, label: str) -> Question:
    return Question(name, label, "text", "", False, ())


def _pick(name: str, label: str, options: list[tuple[Any, str]]) -> PickField:
    field = PickField(_question(name, label), options)
    if options:
        field.combo.setCurrentIndex(0)
    return field
