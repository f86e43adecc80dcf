"""One of several answers that stand open, each with its digit: the key chooses it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QRadioButton, QVBoxLayout, QWidget

from desk.errors import Refused
from desk.rules.case import State
from desk.rules.inputs import Question
from desk.ui.forms.field import Field, Json
from desk.ui.forms.plain_fields import sentence_case


class KeyedChoiceField(Field):
    """A choice among states; `refusal` says of a state why it does not do, so that the person reads it at once."""

    wide = True

    def __init__(self, question: Question, refusal: Callable[[State], str | None] | None = None) -> None:
        super().__init__(question)
        self._refusal = refusal or (lambda _state: None)
        box = QWidget()
        rows = QVBoxLayout(box)
        rows.setContentsMargins(0, 4, 0, 4)
        rows.setSpacing(10)
        self.buttons: dict[State, QRadioButton] = {}
        for digit, state in enumerate(question.choices, 1):
            button = QRadioButton(f"{digit}   {sentence_case(state.label)}")
            button.setObjectName(f"choice.{state.value}")
            button.toggled.connect(lambda _on: self.announce())
            rows.addWidget(button)
            self.buttons[state] = button
        self.add_editor(box, focus=next(iter(self.buttons.values())))
        for state, button in self.buttons.items():
            button.setAccessibleName(f"{question.label}: {state.label}")

    def press(self, digit: int) -> bool:
        """Choose by the digit of an answer; tells whether there is one."""
        states = list(self.buttons)
        if not 1 <= digit <= len(states):
            return False
        self.set_value(states[digit - 1])
        self.buttons[states[digit - 1]].setFocus()
        return True

    def chosen(self) -> State | None:
        """The answer, whether or not it will do."""
        return next((state for state, button in self.buttons.items() if button.isChecked()), None)

    def refused_because(self) -> str | None:
        """Why the chosen answer does not do; None when it does, or nothing is chosen."""
        chosen = self.chosen()
        return None if chosen is None else self._refusal(chosen)

    def is_empty(self) -> bool:
        return self.chosen() is None

    def read(self) -> State | None:
        if reason := self.refused_because():
            raise Refused(reason)
        return self.chosen()

    def set_value(self, value: Any) -> None:
        if value in self.buttons:
            self.buttons[value].setChecked(True)

    def state(self) -> Json:
        chosen = self.chosen()
        return None if chosen is None else chosen.value

    def restore(self, state: Json) -> None:
        for each, button in self.buttons.items():
            if each.value == state:
                button.setChecked(True)

    def missing_sentence(self) -> str:
        return f"{self.question.label} belum dipilih. Tekan angkanya."
