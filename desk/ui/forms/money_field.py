"""An amount in whole rupiah; the words under it show a missing or extra zero at once."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QLineEdit

from desk.errors import Refused
from desk.rules.inputs import Question
from desk.rules.rupiah import in_words, parse_amount, rupiah
from desk.ui.forms.field import Field, Json


class MoneyField(Field):
    """`70.000`, `Rp 70.000,00`, `70000`."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.edit = QLineEdit()
        self.edit.setPlaceholderText("Rp")
        self.edit.textChanged.connect(self._on_text_changed)
        self.edit.editingFinished.connect(self._tidy)
        self.add_editor(self.edit)

    def is_empty(self) -> bool:
        return not self.edit.text().strip()

    def read(self) -> int:
        return parse_amount(self.edit.text())

    def set_value(self, value: Any) -> None:
        self.edit.setText("" if value is None else rupiah(value))

    def state(self) -> Json:
        return self.edit.text()

    def restore(self, state: Json) -> None:
        self.edit.setText(str(state))

    def _on_text_changed(self) -> None:
        try:
            amount = self.read()
        except Refused:
            self.announce(echo="")
        else:
            self.announce(echo=f"{rupiah(amount)} · {in_words(amount)} rupiah")

    def _tidy(self) -> None:
        """Write what was understood the way the screens do, once the person has left the field."""
        try:
            tidy = rupiah(self.read())
        except Refused:
            return
        if self.edit.text() != tidy:
            self.edit.setText(tidy)
