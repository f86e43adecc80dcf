"""The plain kinds of questions: text, paragraph, number, percent, choice, ticks, a copy of the SPPD, a data line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QSpinBox, QVBoxLayout, QWidget

from desk.errors import Refused
from desk.rules.case import AgreementFacts, BillingFacts, LineFacts, State
from desk.rules.custody import Custody
from desk.rules.dates import short_text
from desk.rules.inputs import Question
from desk.rules.rupiah import rupiah
from desk.ui.forms.field import Field, Json, NoWheel
from desk.ui.forms.surroundings import Colleague

_NEEDED, _NOT_NEEDED = (3, 8), (2, 8)
"""A paragraph starts with so many lines, fewer when it may stay empty, and grows with its text up to so many."""

Warn = Callable[[str], str | None]


class TextField(Field):
    """One line of text; `warn` says what looks odd about it."""

    def __init__(self, question: Question, warn: Warn | None = None) -> None:
        super().__init__(question)
        self._warn = warn
        self.edit = QLineEdit()
        self.edit.textChanged.connect(lambda: self.announce())
        self.add_editor(self.edit)

    def is_empty(self) -> bool:
        return not self.edit.text().strip()

    def read(self) -> str:
        return " ".join(self.edit.text().split())

    def empty_value(self) -> str:
        return ""

    def set_value(self, value: Any) -> None:
        self.edit.setText(str(value or ""))
        self.edit.setCursorPosition(0)

    def state(self) -> Json:
        return self.edit.text()

    def restore(self, state: Json) -> None:
        self.edit.setText(str(state))

    def warning(self) -> str | None:
        return None if self._warn is None or self.is_empty() else self._warn(self.read())


class GrowingEdit(QPlainTextEdit):
    """Several lines of plain text: Tab leaves it, and it grows with its text."""

    def __init__(self, lines: tuple[int, int]) -> None:
        super().__init__()
        self._lines = lines
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.textChanged.connect(self._fit)
        self._fit()

    def text(self) -> str:
        """The text without blanks around it."""
        return self.toPlainText().strip()

    def _fit(self) -> None:
        fewest, most = self._lines
        lines = min(most, max(fewest, int(self.document().size().height())))
        around = self.contentsMargins()
        extra = around.top() + around.bottom() + 2 * round(self.document().documentMargin()) + 14
        self.setFixedHeight(lines * QFontMetrics(self.font()).lineSpacing() + extra)


class ParagraphField(Field):
    """Several lines of text; Enter starts a new line, Ctrl+Enter sends the form."""

    wide = True

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.edit = GrowingEdit(_NEEDED if question.required else _NOT_NEEDED)
        self.edit.textChanged.connect(lambda: self.announce())
        self.add_editor(self.edit)

    def is_empty(self) -> bool:
        return not self.edit.text()

    def read(self) -> str:
        return self.edit.text()

    def empty_value(self) -> str:
        return ""

    def set_value(self, value: Any) -> None:
        self.edit.setPlainText(str(value or ""))

    def state(self) -> Json:
        return self.edit.toPlainText()

    def restore(self, state: Json) -> None:
        self.edit.setPlainText(str(state))


class NumberField(Field):
    """A whole number, thousands dots allowed."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.edit = QLineEdit()
        self.edit.textChanged.connect(lambda: self.announce())
        self.add_editor(self.edit)

    def is_empty(self) -> bool:
        return not self.edit.text().strip()

    def read(self) -> int:
        return whole_number(self.edit.text(), self.question.label)

    def set_value(self, value: Any) -> None:
        self.edit.setText("" if value is None else str(value))

    def state(self) -> Json:
        return self.edit.text()

    def restore(self, state: Json) -> None:
        self.edit.setText(str(state))


def whole_number(text: str, what: str) -> int:
    """The whole number a person typed, `1.234` or `1234`; raises Refused that names `what`."""
    typed = text.strip()
    groups = typed.split(".")
    grouped = len(groups) > 1 and 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    digits = "".join(groups) if grouped else typed
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 15:
        raise Refused(f"{what} “{typed[:40]}” bukan bilangan bulat. Tulis angka saja, misalnya 1.234.")
    return int(digits)


class PercentField(Field):
    """0 to 100."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.spin = QSpinBox(minimum=0, maximum=100, suffix=" %")
        self.spin.setMaximumWidth(120)
        self.spin.installEventFilter(NoWheel(self))
        self.spin.valueChanged.connect(lambda: self.announce())
        self.add_editor(self.spin)

    def is_empty(self) -> bool:
        return False

    def read(self) -> int:
        return self.spin.value()

    def set_value(self, value: Any) -> None:
        self.spin.setValue(int(value))

    def state(self) -> Json:
        return self.spin.value()

    def restore(self, state: Json) -> None:
        self.spin.setValue(int(state))


class Drop(QComboBox):
    """A drop-down list that shows its arrow and ignores the wheel while it does not have the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.installEventFilter(NoWheel(self))

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self.palette().placeholderText().color(), 1.6))
            x, y = self.width() - 18.0, self.height() / 2 - 2
            painter.drawPolyline([QPointF(x - 4, y), QPointF(x, y + 4), QPointF(x + 4, y)])


class PickField(Field):
    """One of several answers, picked by typing its first letters or with the arrow keys."""

    def __init__(
        self, question: Question, options: Sequence[tuple[Any, str]], *, may_be_empty: bool | None = None
    ) -> None:
        super().__init__(question, may_be_empty=may_be_empty)
        self._values = [value for value, _ in options]
        self.combo = Drop()
        self.combo.addItems([label for _, label in options])
        self.combo.setPlaceholderText("Pilih …")
        self.combo.setCurrentIndex(-1)
        self.combo.currentIndexChanged.connect(lambda: self.announce())
        self.add_editor(self.combo)

    def offer(self, options: Sequence[tuple[Any, str]]) -> None:
        """Offer other answers, keeping the one that is chosen where it is among them; says nothing to anybody."""
        kept = None if self.is_empty() else self.read()
        self.combo.blockSignals(True)
        self.combo.clear()
        self._values = [value for value, _ in options]
        self.combo.addItems([label for _, label in options])
        self.combo.setCurrentIndex(self._values.index(kept) if kept in self._values else 0)
        self.combo.blockSignals(False)

    def is_empty(self) -> bool:
        return self.combo.currentIndex() < 0

    def read(self) -> Any:
        return self._values[self.combo.currentIndex()]

    def set_value(self, value: Any) -> None:
        self.combo.setCurrentIndex(self._values.index(value) if value in self._values else -1)

    def state(self) -> Json:
        return self.combo.currentText()

    def restore(self, state: Json) -> None:
        self.combo.setCurrentIndex(self.combo.findText(str(state)) if state else -1)

    def missing_sentence(self) -> str:
        return f"{self.question.label} belum dipilih."


def choice_field(question: Question) -> PickField:
    """A choice among states."""
    return PickField(question, [(state, sentence_case(state.label)) for state in question.choices])


def copy_field(question: Question, agreement: AgreementFacts | None) -> PickField:
    """A choice among the copies of the SPPD in force, each with where it is."""
    copies = 1 if agreement is None else agreement.copies
    where = () if agreement is None else agreement.copy_states
    options = [
        (
            copy,
            f"Rangkap {copy} dari {copies}" + (f" · {Custody.of(where[copy - 1]).label}" if copy <= len(where) else ""),
        )
        for copy in range(1, copies + 1)
    ]
    return PickField(question, options)


def colleague_field(question: Question, colleagues: Sequence[Colleague]) -> PickField:
    """A choice among the officers of the office; typing the first letters of a name finds it."""
    return PickField(
        question, [(one.login, f"{one.name} · {one.words}" if one.words else one.name) for one in colleagues]
    )


def line_field(question: Question, lines: Sequence[LineFacts]) -> PickField:
    """A choice among the data lines of the case, or the whole request."""
    options: list[tuple[UUID | None, str]] = [(None, "Seluruh permohonan")]
    options += [(line.id, f"{line.position}. {line.title}") for line in lines]
    field = PickField(question, options)
    field.combo.setCurrentIndex(0)
    return field


def billing_field(question: Question, codes: Sequence[BillingFacts]) -> PickField:
    """A choice among the billing codes of the case, the newest first."""
    options = [
        (each.id, f"{each.code} · {rupiah(each.amount)} · sampai {short_text(each.expires_on)}") for each in codes
    ]
    return PickField(question, options)


class TicksField(Field):
    """Any number of answers; Space ticks."""

    wide = True

    def __init__(self, question: Question, *, may_be_empty: bool) -> None:
        super().__init__(question, may_be_empty=may_be_empty)
        box = QWidget()
        rows = QVBoxLayout(box)
        rows.setContentsMargins(0, 2, 0, 2)
        rows.setSpacing(8)
        self.boxes: dict[State, QCheckBox] = {}
        for state in question.choices:
            tick = QCheckBox(sentence_case(state.label))
            tick.setObjectName(f"tick.{state.value}")
            tick.setAccessibleName(f"{question.label}: {state.label}")
            tick.toggled.connect(lambda: self.announce())
            rows.addWidget(tick)
            self.boxes[state] = tick
        self.add_editor(box, focus=next(iter(self.boxes.values())))
        first = next(iter(self.boxes))
        self.boxes[first].setAccessibleName(f"{question.label}: {first.label}")

    def is_empty(self) -> bool:
        return not any(tick.isChecked() for tick in self.boxes.values())

    def read(self) -> frozenset[State]:
        return frozenset(state for state, tick in self.boxes.items() if tick.isChecked())

    def empty_value(self) -> frozenset[State]:
        return frozenset()

    def set_value(self, value: Any) -> None:
        for state, tick in self.boxes.items():
            tick.setChecked(state in value)

    def state(self) -> Json:
        return [state.value for state, tick in self.boxes.items() if tick.isChecked()]

    def restore(self, state: Json) -> None:
        for tickable, tick in self.boxes.items():
            tick.setChecked(tickable.value in state)

    def missing_sentence(self) -> str:
        return f"{self.question.label} belum ada yang dicentang. Centang sedikitnya satu."


def sentence_case(label: str) -> str:
    """A label at the start of a line: only its first letter is raised."""
    return label[:1].upper() + label[1:]
