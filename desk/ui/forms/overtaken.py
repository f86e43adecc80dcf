"""A colleague changed what a form was about while it was being filled in: both are shown, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from desk.rules.case import Abstract, State
from desk.rules.dates import date_text

if TYPE_CHECKING:
    from desk.ui.forms.field import Field

Looks = Mapping[str, Any]
"""What stands in each field, by the name of its question (`Field.state`)."""


class Both(QFrame):
    """Below a field: what the colleague wrote, and a button that exchanges it with what stands in the field."""

    def __init__(self, field: Field, theirs: Any, words: str) -> None:
        super().__init__(field)
        self._field, self._theirs = field, theirs
        self._mine = field.state()
        self._shows_theirs = False
        self.setObjectName(f"both.{field.question.name}")
        self.setProperty("role", "panel")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 10, 6)
        text = QLabel(f"Rekan menulis: {words or '(kosong)'}")
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        self.exchange = QPushButton()
        self.exchange.setAutoDefault(False)
        self.exchange.clicked.connect(self._exchange)
        row.addWidget(text, 1)
        row.addWidget(self.exchange, 0, Qt.AlignmentFlag.AlignTop)
        self._say()

    def _exchange(self) -> None:
        if self._shows_theirs:
            self._field.restore(self._mine)
        else:
            self._mine = self._field.state()
            self._field.restore(self._theirs)
        self._shows_theirs = not self._shows_theirs
        self._say()

    def _say(self) -> None:
        words = "Kembalikan isian saya" if self._shows_theirs else "Pakai isian rekan"
        self.exchange.setText(words)
        self.exchange.setAccessibleName(f"{words}: {self._field.question.label}")


def compare(asked: Mapping[str, Field], opened: Looks, answers: Mapping[str, Any]) -> str:
    """Brings a form up to date with `answers`, the values as they are now; gives the sentence for the person.

    A field that only the colleague changed takes the new value, one that only this person changed stays; where both
    did, this person's stays and the colleague's stands below it. `opened` is what stood in the fields at first.
    """
    taken, both = [], []
    for name, field in asked.items():
        if name not in answers or name not in opened:
            continue
        mine = field.state()
        theirs = _look_of(field, answers[name])
        if theirs == opened[name] or theirs == mine:
            field.restore(mine)
        elif mine == opened[name]:
            field.restore(theirs)
            taken.append(field.question.label)
        else:
            field.restore(mine)
            for old in field.findChildren(Both):
                old.hide()
                old.deleteLater()
            cast("Any", field.layout()).addWidget(Both(field, theirs, in_words(answers[name])))
            both.append(field.question.label)
    said = ["Rekan mengubah permohonan ini sejak formulir dibuka; isian Anda tetap ada."]
    if taken:
        said.append(f"Diambil dari rekan: {', '.join(taken)}.")
    if both:
        said.append(f"Berbeda, pilih di bawah isiannya: {', '.join(both)}.")
    return " ".join([*said, "Periksa, lalu kirim lagi."])


def _look_of(field: Field, value: Any) -> Any:
    field.set_value(value)
    return field.state()


def in_words(value: Any) -> str:
    """An answer as a person reads it."""
    match value:
        case None:
            return ""
        case State():
            return value.label
        case date():
            return date_text(value)
        case Abstract():
            parts: list[tuple[str, Callable[[Abstract], str]]] = [
                ("Judul", lambda a: a.title),
                ("Latar belakang", lambda a: a.background),
                ("Tujuan", lambda a: a.purpose),
                ("Metode", lambda a: a.method),
                ("Rancangan hasil", lambda a: a.planned_output),
            ]
            return "\n".join(f"{label}: {read(value)}" for label, read in parts if read(value))
        case tuple() | list() | frozenset():
            return "\n".join(in_words(each) for each in value)
        case _ if is_dataclass(value):
            return " · ".join(text for each in fields(value) if (text := in_words(getattr(value, each.name))))
    return str(value)
