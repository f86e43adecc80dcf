"""Questions whose answers come from the case or the office: its requirements, some of its lines, another case."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desk.rules.dates import short_text
from desk.rules.inputs import Question
from desk.rules.numbering import find_case_number
from desk.ui.forms.field import Field, Json
from desk.ui.forms.plain_fields import PickField

if TYPE_CHECKING:
    from desk.rules.case import SectionQuestion
    from desk.services.same_requests import SameRequest


class PicksField(Field):
    """Any number of answers that are known only here; each is (value, label)."""

    wide = True

    def __init__(self, question: Question, options: Sequence[tuple[Hashable, str]]) -> None:
        super().__init__(question)
        box = QWidget()
        rows = QVBoxLayout(box)
        rows.setContentsMargins(0, 2, 0, 2)
        rows.setSpacing(8)
        self.boxes: dict[Hashable, QCheckBox] = {}
        for value, label in options:
            tick = QCheckBox(label[:1].upper() + label[1:])
            tick.setObjectName(f"tick.{value}")
            tick.toggled.connect(lambda: self.announce())
            rows.addWidget(tick)
            self.boxes[value] = tick
        if not options:
            rows.addWidget(QLabel("Tidak ada yang dapat dipilih."))
        self.add_editor(box, focus=next(iter(self.boxes.values()), box))
        for tick in self.boxes.values():
            tick.setAccessibleName(f"{question.label}: {tick.text()}")

    def is_empty(self) -> bool:
        return not any(tick.isChecked() for tick in self.boxes.values())

    def read(self) -> frozenset[Any]:
        return frozenset(value for value, tick in self.boxes.items() if tick.isChecked())

    def empty_value(self) -> frozenset[Any]:
        return frozenset()

    def set_value(self, value: Any) -> None:
        for option, tick in self.boxes.items():
            tick.setChecked(option in value)

    def state(self) -> Json:
        return [str(value) for value, tick in self.boxes.items() if tick.isChecked()]

    def restore(self, state: Json) -> None:
        for value, tick in self.boxes.items():
            tick.setChecked(str(value) in state)

    def missing_sentence(self) -> str:
        return f"{self.question.label} belum ada yang dicentang. Centang sedikitnya satu."


def question_field(question: Question, questions: Sequence[SectionQuestion]) -> PickField:
    """A choice among the questions that wait for an answer; the only one is chosen already."""
    options = [
        (
            one.id,
            f"{one.section.label}, {short_text(one.due_on)}: {one.line_title or one.question}"[:90],
        )
        for one in questions
    ]
    field = PickField(question, options)
    if len(options) == 1:
        field.combo.setCurrentIndex(0)
    return field


class CaseNumberField(Field):
    """The number of another case: typed, or taken from those that look like the same request."""

    wide = True

    def __init__(self, question: Question, candidates: Sequence[SameRequest]) -> None:
        super().__init__(question)
        box = QWidget()
        rows = QVBoxLayout(box)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        self.edit = QLineEdit()
        self.edit.setPlaceholderText("Nomor permohonan tujuan, misalnya PST-1600-2026-000123")
        self.edit.textChanged.connect(lambda: self.announce())
        rows.addWidget(self.edit)
        self.offers: list[QPushButton] = []
        for each in candidates:
            button = QPushButton(f"{each.number} · {each.customer_name} · {each.stage.label} ({', '.join(each.why)})")
            button.setProperty("role", "link")
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, number=each.number: self.edit.setText(number))
            rows.addWidget(button)
            self.offers.append(button)
        self.add_editor(box, focus=self.edit)

    def is_empty(self) -> bool:
        return not self.edit.text().strip()

    def read(self) -> str:
        typed = self.edit.text().strip()
        return find_case_number(typed) or typed

    def set_value(self, value: Any) -> None:
        self.edit.setText(str(value or ""))

    def state(self) -> Json:
        return self.edit.text()

    def restore(self, state: Json) -> None:
        self.edit.setText(str(state))
