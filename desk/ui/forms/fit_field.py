"""The fit matrix: each line fits, does not, or is asked; beside it the abstraksi and what was decided earlier."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desk.errors import Refused
from desk.rules.case import Abstract, Fit, LineFacts
from desk.rules.dates import short_text
from desk.rules.inputs import FitInput, Question
from desk.ui.forms.field import Field, Json
from desk.ui.forms.plain_fields import GrowingEdit

if TYPE_CHECKING:
    from desk.services.fit import EarlierDecision

_ANSWERS = ((Fit.FITS, "Sesuai"), (Fit.DOES_NOT, "Tidak sesuai"), (Fit.ASK, "Tanyakan"))
_PARTS = (
    ("title", "Judul"),
    ("background", "Latar belakang"),
    ("purpose", "Tujuan"),
    ("method", "Metode"),
    ("planned_output", "Rancangan hasil"),
)


class FitLine(QFrame):
    """One data line: three answers and the reason."""

    changed = Signal()
    entered = Signal()

    def __init__(self, line: LineFacts, quantity: str, earlier: Sequence[EarlierDecision] = ()) -> None:
        super().__init__()
        self.line = line
        self.setProperty("role", "panel")
        title = QLabel(f"{line.position}. {line.title}")
        title.setProperty("role", "strong")
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setWordWrap(True)
        about = QLabel(" · ".join(part for part in (line.detail, quantity) if part))
        about.setProperty("role", "small")
        about.setTextFormat(Qt.TextFormat.PlainText)
        about.setWordWrap(True)
        self.group = QButtonGroup(self)
        self.buttons: dict[Fit, QRadioButton] = {}
        answers = QHBoxLayout()
        answers.setSpacing(18)
        for fit, label in _ANSWERS:
            button = QRadioButton(label)
            button.setObjectName(f"fit.{line.position}.{fit.value}")
            button.setAccessibleName(f"Baris {line.position}, {line.title}: {label}")
            button.toggled.connect(lambda _checked: self._on_chosen())
            self.group.addButton(button)
            self.buttons[fit] = button
            answers.addWidget(button)
        answers.addStretch(1)
        self.reason = _ReasonEdit(self)
        self.reason.setObjectName(f"fit.{line.position}.reason")
        self.reason.setAccessibleName(f"Alasan untuk baris {line.position}")
        self.reason.textChanged.connect(self.changed)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 10, 12, 10)
        rows.setSpacing(6)
        rows.addWidget(title)
        rows.addWidget(about)
        rows.addLayout(answers)
        rows.addWidget(self.reason)
        for decision in earlier:
            rows.addWidget(_earlier_label(decision))
        self._on_chosen()

    def fit(self) -> Fit | None:
        """The answer so far."""
        return next((fit for fit, button in self.buttons.items() if button.isChecked()), None)

    def decide(self, fit: Fit) -> None:
        """Choose an answer."""
        if fit in self.buttons:
            self.buttons[fit].setChecked(True)

    def _on_chosen(self) -> None:
        words = {
            Fit.FITS: "Kalimat abstraksi yang mendukung",
            Fit.DOES_NOT: "Mengapa tidak sesuai dengan abstraksi",
            Fit.ASK: "Apa yang ditanyakan kepada pengguna data",
        }
        fit = self.fit()
        self.reason.setPlaceholderText("Alasan, atau kalimat abstraksi yang mendukung" if fit is None else words[fit])
        self.changed.emit()


def _earlier_label(decision: EarlierDecision) -> QLabel:
    sign = "✓" if decision.fit is Fit.FITS else "✗"
    label = QLabel(f"{sign} {decision.fit.label} · {decision.number} · {short_text(decision.day)} · {decision.reason}")
    label.setProperty("role", "small")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setToolTip(f"Keputusan terdahulu: {decision.title}")
    label.setAccessibleName(f"Keputusan terdahulu tentang {decision.title}: {label.text()}")
    return label


class _ReasonEdit(GrowingEdit):
    def __init__(self, line: FitLine) -> None:
        super().__init__((1, 4))
        self._line = line

    # Qt overrides

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._line.entered.emit()


class FitField(Field):
    """All data lines left, the abstraksi right; Ctrl+I takes the marked sentence over as the reason."""

    wide = True

    def __init__(
        self,
        question: Question,
        lines: Sequence[tuple[LineFacts, str]],
        abstract: Abstract,
        earlier: Mapping[UUID, Sequence[EarlierDecision]],
    ) -> None:
        super().__init__(question)
        self.lines = [FitLine(line, quantity, earlier.get(line.id, ())) for line, quantity in lines]
        self._current = 0
        left = QWidget()
        rows = QVBoxLayout(left)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        self.all_fit = QPushButton("Semua baris sesuai")
        self.all_fit.setProperty("role", "link")
        self.all_fit.setAutoDefault(False)
        self.all_fit.clicked.connect(self._decide_rest)
        rows.addWidget(self.all_fit, 0, Qt.AlignmentFlag.AlignLeft)
        for position, row in enumerate(self.lines):
            rows.addWidget(row)
            row.changed.connect(self.announce)
            row.entered.connect(lambda position=position: self._enter(position))
            for button in row.buttons.values():
                button.toggled.connect(lambda _on, position=position: self._enter(position))
        rows.addStretch(1)
        self.abstract = QPlainTextEdit(abstract_text(abstract))
        self.abstract.setReadOnly(True)
        self.abstract.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.abstract.setTabChangesFocus(True)
        self.abstract.setAccessibleName("Abstraksi pengguna data")
        self.abstract.setMinimumWidth(240)
        self.take = QPushButton("Ambil kalimat sebagai alasan  Ctrl+I")
        self.take.setAutoDefault(False)
        self.take.setToolTip("Kalimat yang ditandai, atau kalimat tempat kursor berada")
        self.take.clicked.connect(self.take_sentence)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        head = QLabel("ABSTRAKSI")
        head.setProperty("role", "section")
        column.addWidget(head)
        column.addWidget(self.abstract, 1)
        column.addWidget(self.take)
        box = QSplitter()
        box.setChildrenCollapsible(False)
        box.setHandleWidth(14)
        box.addWidget(left)
        box.addWidget(right)
        box.setSizes([560, 380])
        focus = self.lines[0].buttons[Fit.FITS] if self.lines else self.abstract
        spoken = focus.accessibleName()
        self.add_editor(box, focus=focus)
        focus.setAccessibleName(spoken)
        shortcut = QShortcut(QKeySequence("Ctrl+I"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.take_sentence)

    def take_sentence(self) -> None:
        """Write the marked text, or the sentence at the cursor, into the reason of the line in hand."""
        if not self.lines:
            return
        cursor = self.abstract.textCursor()
        text = cursor.selectedText().replace("\u2029", " ").strip()
        if not text:
            text = sentence_at(self.abstract.toPlainText(), cursor.position())
        row = self.lines[self._current]
        row.reason.setPlainText(text)
        row.reason.setFocus()

    def is_empty(self) -> bool:
        return not self.lines or all(row.fit() is None and not row.reason.text() for row in self.lines)

    def read(self) -> tuple[FitInput, ...]:
        decided = []
        for row in self.lines:
            fit, reason = row.fit(), row.reason.text()
            if fit is None:
                raise Refused(f"Baris {row.line.position} belum diputuskan. Pilih sesuai, tidak sesuai, atau tanyakan.")
            if not reason:
                raise Refused(
                    f"Alasan baris {row.line.position} belum ada. Ambil kalimat abstraksi (Ctrl+I) atau tulis."
                )
            decided.append(FitInput(row.line.id, fit, reason))
        return tuple(decided)

    def set_value(self, value: Any) -> None:
        by_line = {decision.line_id: decision for decision in value}
        for row in self.lines:
            decision = by_line.get(row.line.id)
            if decision is not None:
                row.decide(decision.fit)
                row.reason.setPlainText(decision.reason)

    def state(self) -> Json:
        return [
            {
                "line": str(row.line.id),
                "fit": fit.value if (fit := row.fit()) else None,
                "reason": row.reason.toPlainText(),
            }
            for row in self.lines
        ]

    def restore(self, state: Json) -> None:
        by_line = {entry["line"]: entry for entry in state}
        for row in self.lines:
            entry = by_line.get(str(row.line.id))
            if entry is not None:
                if entry["fit"]:
                    row.decide(Fit.of(entry["fit"]))
                row.reason.setPlainText(entry["reason"])

    def missing_sentence(self) -> str:
        if not self.lines:
            return "Permohonan ini belum memuat baris data. Lengkapi permohonan lebih dahulu."
        return "Belum ada baris yang diputuskan. Pilih sesuai, tidak sesuai, atau tanyakan pada setiap baris."

    def _decide_rest(self) -> None:
        for row in self.lines:
            if row.fit() is None:
                row.decide(Fit.FITS)

    def _enter(self, position: int) -> None:
        self._current = position


def abstract_text(abstract: Abstract) -> str:
    """The abstraksi as one text, each part under its name; a missing part says so."""
    parts = []
    for name, label in _PARTS:
        text = getattr(abstract, name).strip()
        parts.append(f"{label}\n{text or '(belum ada)'}")
    return "\n\n".join(parts)


def sentence_at(text: str, position: int) -> str:
    """The sentence around a position of the text; a line is never left."""
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    line = text[start : end if end >= 0 else len(text)]
    at = position - start
    for found in re.finditer(r"\S.*?(?:[.!?](?=\s|$)|$)", line):
        if at <= found.end():
            return found.group().strip()
    return line.strip()
