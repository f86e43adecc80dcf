"""One row of a form: its label, its editor, and under it what is wrong, what looks odd, or how to fill it in."""

from __future__ import annotations

from enum import Enum
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desk.errors import Refused
from desk.rules.inputs import Question
from desk.ui.theme import set_look

Json = Any
"""What `json` can write: the untouched text of an editor, a list of them, or None."""

_TYPING_PAUSE = 600
"""Milliseconds without a key after which a half-typed answer is judged; leaving the field judges it at once."""


class Note(Enum):
    """What the line under a field says."""

    HINT = "hint"
    WARNING = "warning"
    PROBLEM = "problem"


class Field(QWidget):
    """The common part of all fields; a subclass supplies the editor and the methods that raise NotImplementedError."""

    changed = Signal()

    wide = False
    """Whether the field takes the full width of the form."""

    def __init__(self, question: Question, *, may_be_empty: bool | None = None) -> None:
        super().__init__()
        self.question = question
        self.may_be_empty = not question.required if may_be_empty is None else may_be_empty
        self.setObjectName(f"field.{question.name}")
        self._echo = ""
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(4)
        self.label = QLabel(question.label if self.may_be_empty else f"{question.label} *")
        self.under = QLabel()
        self.under.setObjectName("under")
        self.under.setWordWrap(True)
        self._rows.addWidget(self.label)
        self._rows.addWidget(self.under)
        self._pause = QTimer(self, singleShot=True, interval=_TYPING_PAUSE)
        self._pause.timeout.connect(self.judge)
        self.note: Note | None = None
        self._target: QWidget | None = None
        self._show_under(Note.HINT, question.help)

    def is_empty(self) -> bool:
        """Whether nothing has been filled in."""
        raise NotImplementedError

    def read(self) -> object:
        """The typed answer of a field that is not empty; raises Refused with the sentence to show under the field."""
        raise NotImplementedError

    def empty_value(self) -> object:
        """The answer of a field that may be empty and is."""
        return None

    def set_value(self, value: Any) -> None:
        """Show a known answer."""
        raise NotImplementedError

    def state(self) -> Json:
        """What stands in the editor now, for the draft."""
        raise NotImplementedError

    def restore(self, state: Json) -> None:
        """Put back what `state` gave."""
        raise NotImplementedError

    def warning(self) -> str | None:
        """What looks odd but is allowed."""
        return None

    def missing_sentence(self) -> str:
        """The sentence under a field that has to be filled in."""
        return f"{self.question.label} belum diisi."

    def answer(self) -> object:
        """The answer for the deed; raises Refused when the field is empty but required, or cannot be read."""
        if self.is_empty():
            if self.may_be_empty:
                return self.empty_value()
            raise Refused(self.missing_sentence())
        return self.read()

    def problem(self) -> str | None:
        """What is wrong with the answer, or None."""
        try:
            self.answer()
        except Refused as refused:
            return str(refused)
        return None

    def judge(self, *, even_if_empty: bool = False) -> bool:
        """Show under the field what is wrong with it or looks odd; tells whether it may be sent."""
        self._pause.stop()
        problem = self.problem()
        shown = problem if even_if_empty or not self.is_empty() else None
        if shown is not None:
            self._show_under(Note.PROBLEM, shown)
        elif (odd := self.warning()) is not None:
            self._show_under(Note.WARNING, odd)
        else:
            self._show_under(Note.HINT, self._echo or self.question.help)
        return problem is None

    def show_problem(self, sentence: str) -> None:
        """Show a sentence under the field that something else than its answer gave."""
        self._show_under(Note.PROBLEM, sentence)

    def add_editor(self, editor: QWidget, *, focus: QWidget | None = None) -> None:
        """Put the editor between label and note; `focus` is the widget that takes the keys."""
        target = focus or editor
        self._rows.insertWidget(1, editor)
        self._target = target
        self.label.setBuddy(target)
        self.setFocusProxy(target)
        self.name_for_screen_readers(target)
        target.installEventFilter(self)

    def name_for_screen_readers(self, editor: QWidget) -> None:
        """Give the editor its spoken name and description."""
        editor.setAccessibleName(self.question.label)
        spoken = ("" if self.may_be_empty else "wajib diisi", self.question.help)
        editor.setAccessibleDescription(". ".join(part for part in spoken if part))

    def announce(self, *, echo: str | None = None) -> None:
        """Tell the form that the answer changed; it is judged after a pause. `echo` repeats what was understood."""
        if echo is not None:
            self._echo = echo
        if self.note is Note.HINT:
            self._show_under(Note.HINT, self._echo or self.question.help)
        if self.isVisible():
            self._pause.start()
        self.changed.emit()

    def _show_under(self, note: Note, text: str) -> None:
        self.under.setText(text)
        self.under.setVisible(bool(text))
        if self.note is note:
            return
        self.note = note
        set_look(
            self.under, role="error" if note is Note.PROBLEM else "small", tone="soon" if note is Note.WARNING else None
        )
        if self._target is not None:
            set_look(self._target, wrong="true" if note is Note.PROBLEM else None)

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusOut and self._pause.isActive():
            self.judge()
        return super().eventFilter(watched, event)


class NoWheel(QObject):
    """Keeps the mouse wheel from changing an answer while a person only scrolls the form."""

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QWheelEvent) and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)
