"""The next steps of a case: the recommended one on top, further ones below, refused ones with their reason."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from shiboken6 import isValid

from desk.ui import message
from desk.ui.row_button import RowButton

if TYPE_CHECKING:
    from desk.actions import Action
    from desk.rules.case import CaseFacts
    from desk.rules.deed import Done
    from desk.ui.background import Trouble
    from desk.ui.forms import FormDialog
    from desk.ui.workstation import Workstation

FURTHER = 2
"""How many further steps stand open below the recommended one."""
REASONS = 2
"""How many refused steps stand open with their reason."""


class Steps:
    """Carries one action from the click to its deed: form, confirmation, deed."""

    def __init__(self, workstation: Workstation) -> None:
        self._workstation = workstation
        self._form: FormDialog | None = None

    def begin(
        self,
        owner: QWidget,
        action: Action,
        case: CaseFacts | None,
        started: Callable[[], object],
        done: Callable[[Done], object],
        failed: Callable[[Trouble], object],
    ) -> None:
        """Ask what the action asks, then do it; `started` is called when the deed is on its way.

        A form stays open until its deed is recorded and shows a refusal itself.
        """
        if action.asks is None:
            if self._agreed(owner, action, case):
                started()
                self._workstation.perform(owner, action, case, None, done, failed)
            return
        if self._form_is_open():
            return

        def sent(inputs: object, form: FormDialog) -> None:
            def recorded(answer: Done) -> None:
                if isValid(form):
                    form.succeeded()
                done(answer)

            if not self._agreed(form, action, case):
                form.refused(None)
                return
            self._workstation.perform(owner, action, case, inputs, recorded, form.refused, request_id=form.request_id)

        from desk.ui import forms

        self._form = forms.open_form(owner.window(), action, case, self._workstation, sent)
        if case is not None:
            self._workstation.fill_in(action.id)
            self._form.finished.connect(lambda _how: self._workstation.fill_in(""))

    def _agreed(self, owner: QWidget, action: Action, case: CaseFacts | None) -> bool:
        if not action.confirm:
            return True
        asked = action.confirm.format(signer=case.signer if case is not None else "")
        return message.confirm(owner, action.label, asked, action.label)

    def _form_is_open(self) -> bool:
        """Whether a form is open already; it comes to the front, so that nobody fills in two at once."""
        if self._form is None or not isValid(self._form) or not self._form.isVisible():
            return False
        self._form.raise_()
        self._form.activateWindow()
        return True


class ActionBar(QWidget):
    """Buttons for one case; a click switches them off until the case has been read again."""

    performed = Signal(object)
    """A deed was recorded; carries `Done`."""
    refused = Signal()
    """A deed was refused or the server was away: the case should be read again."""

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._steps = Steps(workstation)
        self._case: CaseFacts | None = None
        self._offline = ""
        self._all_open = False
        self._shown: list[tuple[Action, str | None]] = []
        self._shortcuts: list[QShortcut] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self._busy = False
        self._built: object = None  # what the buttons were made from; a case that was read again has the same ones

    def show_case(self, case: CaseFacts | None) -> None:
        """Show the steps of this case as it is now."""
        if case is None or self._case is None or case.id != self._case.id:
            self._all_open = False
        self._case = case
        self._busy = False
        self._shown = [] if case is None else self._workstation.next_steps(case)
        self._build()

    def set_offline(self, sentence: str) -> None:
        """Say why nothing can be done while the server is away; empty when it is back."""
        if sentence != self._offline:
            self._offline = sentence
            self._build()

    def trigger(self, action_id: str) -> None:
        """Begin a step as if its button had been clicked; says why not when it is refused now."""
        for action, reason in self._shown:
            if action.id == action_id:
                if reason or self._offline:
                    message.show(self, action.label, reason or self._offline)
                elif not self._busy:
                    self._begin(action)
                return

    @property
    def possible(self) -> tuple[Action, ...]:
        """The steps that can be done now, the recommended one first."""
        return () if self._offline else tuple(action for action, reason in self._shown if reason is None)

    @property
    def has_steps(self) -> bool:
        """Whether there is anything to do or to say about this case."""
        return bool(self._shown)

    def focus_first(self) -> bool:
        """Give the focus to the recommended step; tells whether there is one."""
        for at in range(self._layout.count()):
            item = self._layout.itemAt(at)
            button = item.widget() if item else None
            if isinstance(button, RowButton) and button.isEnabled():
                button.setFocus()
                return True
        return False

    def _begin(self, action: Action) -> None:
        self._steps.begin(self, action, self._case, self._started, self._done, self._failed)

    def _started(self) -> None:
        self._busy = True
        self._built = None
        for button in self.findChildren(RowButton):
            button.setEnabled(False)

    def _done(self, done: Done) -> None:
        self.performed.emit(done)

    def _failed(self, trouble: Trouble) -> None:
        message.show_trouble(self, trouble)
        self._busy = False
        self._build()
        self.refused.emit()

    def _build(self) -> None:
        case_id = None if self._case is None else self._case.id
        steps = tuple((action.id, reason) for action, reason in self._shown)
        wanted = (case_id, steps, self._offline, self._all_open, self._busy)
        if wanted == self._built:
            return
        self._built = wanted
        had_focus = self._focused_action()
        for shortcut in self._shortcuts:
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        self._shortcuts.clear()
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.setObjectName("")
                widget.deleteLater()
        possible = [action for action, reason in self._shown if reason is None]
        refused = [(action, reason) for action, reason in self._shown if reason is not None]
        if self._offline and self._shown:
            self._add_note(self._offline, tone="soon")
        if not possible and self._shown and not self._offline:
            self._add_note("Tidak ada langkah untuk Anda saat ini.")
        for at, action in enumerate(possible):
            self._add_button(action, at)
        for action, reason in refused if self._all_open else refused[:REASONS]:
            self._add_note(_refusal(action.label, reason or ""), rich=True)
        hidden = max(0, len(possible) - 1 - FURTHER) + max(0, len(refused) - REASONS)
        if hidden:
            self._add_toggle(hidden)
        if had_focus and (button := self.findChild(RowButton, had_focus)) is not None and button.isVisibleTo(self):
            button.setFocus()

    def _add_button(self, action: Action, at: int) -> None:
        button = RowButton(action.label, _key_text(action.shortcut), "primary" if at == 0 else "", self)
        button.setObjectName(f"action.{action.id}")
        button.setToolTip(action.help)
        button.setAccessibleName(action.label)
        button.setAccessibleDescription(". ".join(part for part in (action.help, _key_text(action.shortcut)) if part))
        button.setEnabled(not self._offline and not self._busy)
        button.clicked.connect(lambda: self.trigger(action.id))
        self._layout.addWidget(button)
        button.setVisible(at <= FURTHER or self._all_open)
        if action.shortcut and not self._offline:
            shortcut = QShortcut(QKeySequence(action.shortcut), self)
            shortcut.activated.connect(lambda: self.trigger(action.id))
            self._shortcuts.append(shortcut)

    def _add_note(self, text: str, *, rich: bool = False, tone: str = "") -> None:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.RichText if rich else Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setProperty("tone" if tone else "role", tone or "muted")
        self._layout.addWidget(label)
        label.show()

    def _add_toggle(self, hidden: int) -> None:
        words = "Ringkas" if self._all_open else f"{hidden} langkah lain"
        toggle = RowButton(words, "▴" if self._all_open else "▾", "quiet", self)
        toggle.setObjectName("more_steps")
        toggle.setAccessibleName(words)
        toggle.clicked.connect(self._toggle)
        self._layout.addWidget(toggle)
        toggle.show()

    def _toggle(self) -> None:
        self._all_open = not self._all_open
        self._build()
        toggle = self.findChild(RowButton, "more_steps")
        if toggle is not None:
            toggle.setFocus()

    def _focused_action(self) -> str:
        focus = self.focusWidget()
        return focus.objectName() if focus is not None and focus.hasFocus() else ""


def _refusal(label: str, reason: str) -> str:
    return f'<span style="font-weight:600">{escape(label)}</span> belum bisa: {escape(_lower_first(reason))}'


def _lower_first(sentence: str) -> str:
    """The sentence as it goes on after a colon; abbreviations keep their capitals."""
    return sentence[:1].lower() + sentence[1:] if sentence[1:2].islower() else sentence


def _key_text(shortcut: str) -> str:
    return shortcut
