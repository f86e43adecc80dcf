"""The dialog of one action: its questions, a draft that survives a crash, and the way to the deed and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desk.errors import Overtaken, Refused, Unavailable
from desk.rules.case import CaseFacts
from desk.rules.inputs import questions
from desk.ui.forms.build import HIDDEN, build_field, defaults
from desk.ui.forms.drafts import Draft, DraftKey
from desk.ui.forms.field import Field
from desk.ui.forms.prefill import known_answers
from desk.ui.forms.surroundings import Surroundings
from desk.ui.theme import GAP, GAP_PAGE, GAP_WIDE, set_look

if TYPE_CHECKING:
    from desk.actions import Action

OnInputs = Callable[[Any, "FormDialog"], None]
"""Gets the finished input object and the form; answers later through `form.succeeded()` or `form.refused(trouble)`."""

_DRAFT_PAUSE = 400
"""Milliseconds without a change after which the draft is written."""
_TWO_COLUMNS_FROM = 560
_WIDTH, _WIDTH_OF_TABLES = 640, 980
_TABLES = frozenset({"fit", "lines", "prepared", "counted"})


class FormDialog(QDialog):
    """A short form beside the case. It stays open, with everything typed, until the deed is recorded."""

    sent = Signal()
    overtaken = Signal()
    """A colleague changed the same thing meanwhile: `show_overtaken` wants the values as they are now."""

    def __init__(
        self,
        parent: QWidget | None,
        action: Action,
        case: CaseFacts | None,
        on_inputs: OnInputs,
    ) -> None:
        super().__init__(parent)
        assert action.asks is not None, f"{action.id} asks nothing"
        self.action = action
        self.case = case
        self.request_id: UUID = uuid4()
        self.fields: dict[str, Field] = {}
        self._around: Surroundings
        self._draft_key: DraftKey
        self._on_inputs = on_inputs
        self._carried: dict[str, Any] = {}
        self._opened: dict[str, Any] = {}  # what stood in the fields when the questions were asked
        self._wide = self._tall = False
        self._found: Draft | None = None
        self._dirty = False
        self._sending = False
        self._done = False
        self.setObjectName(f"form.{action.id}")
        self.setWindowTitle(action.label)
        self.setAccessibleName(action.label)
        self.setAccessibleDescription(action.help)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self._columns = 0
        self._save_later = QTimer(self, singleShot=True, interval=_DRAFT_PAUSE)
        self._save_later.timeout.connect(self._save_draft)
        self._build()

    def ask(
        self,
        around: Surroundings,
        *,
        known: Mapping[str, Any] | None = None,
        carried: Mapping[str, Any] | None = None,
        subject: str = "",
    ) -> None:
        """Show the questions, once all they need has been read.

        `known` are answers to start with, `carried` answers that no question asks for, `subject` what the draft is
        about.
        """
        form = self.action.asks
        assert form is not None
        assert not self.fields, "a form asks once"
        self._around = around
        self._carried.update(carried or {})
        self._draft_key = DraftKey(around.login, self.action.id, subject)
        self.fields = {
            question.name: build_field(question, form, self.case, around)
            for question in questions(form)
            if question.name not in HIDDEN
        }
        self._build_fields()
        self.fill(defaults(form))
        if self.case is not None:
            self.fill(known_answers(form, self.case))
        self.fill(known or {})
        self._opened = self._looks()
        self._dirty = False
        for field in self.fields.values():
            field.changed.connect(self._on_changed)
        self.send.setEnabled(True)
        if self.isVisible():
            QTimer.singleShot(0, self, self._settle)  # the fields are shown, and take room, when this turn is over
        around.background.run_slow(self, lambda _task: around.drafts.load(self._draft_key), self._on_draft_found)

    def cannot_ask(self, trouble: Refused | Unavailable) -> None:
        """What the questions need could not be read: say so; the form can only be closed."""
        self.waiting.hide()
        self.say(str(trouble))

    def fill(self, answers: Mapping[str, Any]) -> None:
        """Show answers that are known already; None and questions of other forms are passed over."""
        for name, value in answers.items():
            if name in HIDDEN:
                self._carried[name] = value
            elif name in self.fields and value is not None:
                self.fields[name].set_value(value)

    def carry(self, **answers: Any) -> None:
        """Set answers that no question asks for."""
        self._carried.update(answers)

    def show_beside(self, picture: QWidget) -> None:
        """Put the paper that the fields confirm left of them."""
        picture.setMinimumWidth(320)
        self._middle.insertWidget(0, picture, 5)
        self._wide = self._tall = True
        if self.isVisible():
            QTimer.singleShot(0, self, self._settle)

    def put_above_buttons(self, part: QWidget) -> None:
        """Put a part above the buttons, below what the form says."""
        self._above_buttons.addWidget(part)

    # The way to the deed and back

    def submit(self) -> None:
        """Judge all answers; send them, or go to the first one that is wrong."""
        if self._sending or not self.fields:
            return
        wrong = [field for field in self.fields.values() if not field.judge(even_if_empty=True)]
        if wrong:
            self.say(f"{len(wrong)} isian perlu diperbaiki: {', '.join(field.question.label for field in wrong)}.")
            self._go_to(wrong[0])
            return
        answers = {name: field.answer() for name, field in self.fields.items()}
        assert self.action.asks is not None
        inputs = self.action.asks(**answers, **self._carried)
        self._set_sending(True)
        self._save_draft()
        self.sent.emit()
        self._on_inputs(inputs, self)

    def succeeded(self) -> None:
        """The deed is recorded: forget the draft and close."""
        self._done = True
        self._save_later.stop()
        self._forget(self.request_id)
        self.accept()

    def refused(self, trouble: Refused | Unavailable | None = None) -> None:
        """The deed is not recorded: say why and let the person go on; None when the person took it back."""
        self._set_sending(False)
        self.say("" if trouble is None else str(trouble))
        if isinstance(trouble, Overtaken):
            self.overtaken.emit()

    def show_overtaken(self, case: CaseFacts, answers: Mapping[str, Any]) -> None:
        """Go on with the values as they are now: both are shown where they differ from what was typed."""
        from desk.ui.forms.overtaken import compare

        self.case = case
        said = compare(self.fields, self._opened, answers)
        self._opened |= {name: state for name, state in self._looks().items() if name in answers}
        self.carry(**{name: answers[name] for name in ("version",) if name in answers})
        self._dirty = True
        self._save_draft()
        self.say(said)

    def say(self, sentence: str) -> None:
        """Show a sentence above the buttons."""
        self.message.setText(sentence)
        self.message.setVisible(bool(sentence))

    # Drafts

    def _looks(self) -> dict[str, Any]:
        return {name: field.state() for name, field in self.fields.items()}

    def use_draft(self) -> None:
        """Go on where the last form of this kind was left; the deed keeps its key, so it is recorded only once."""
        if self._found is None:
            return
        self.request_id = self._found.request_id
        before = self._found.opened
        for name, state in self._found.fields.items():
            if name in self.fields and state not in (None, "", [], {}):
                self.fields[name].restore(state)
        self._found = None
        self.offer.hide()
        if before and before.get("version") != self._carried.get("version"):
            self._opened = dict(before.get("fields") or {})  # the draft is older than what a colleague did since
            self.overtaken.emit()
        self._focus_first()

    def drop_draft(self) -> None:
        """Throw the found draft away and keep what is in the form."""
        if self._found is None:
            return
        self._forget(self._found.request_id)
        self._found = None
        self.offer.hide()
        self._focus_first()

    def _on_draft_found(self, draft: Draft | None) -> None:
        if draft is None or self._dirty or self._sending:
            return
        self._found = draft
        local = draft.saved_at.astimezone()
        self.offer_text.setText(f"Ada isian yang belum dikirim dari {local.day}/{local.month} pukul {local:%H.%M}.")
        self.offer.show()
        self.use.setFocus()

    def _save_draft(self) -> None:
        self._save_later.stop()
        if not self._dirty or self._done or self._around.background.stop.is_set():
            return
        draft = Draft(
            self.request_id,
            datetime.now(UTC),
            self._looks(),
            {"version": self._carried.get("version"), "fields": self._opened},
        )
        drafts, key = self._around.drafts, self._draft_key
        self._around.background.run_slow(
            self, lambda _task: drafts.save(key, draft), lambda _none: self._on_draft_saved(), self._on_draft_not_saved
        )

    def _forget(self, request_id: UUID) -> None:
        drafts, key, background = self._around.drafts, self._draft_key, self._around.background
        # The dialog is gone before the file is: the lanes themselves own the answer.
        background.run_slow(background, lambda _task: drafts.remove(key, request_id), lambda _none: None)

    def _on_draft_saved(self) -> None:
        self.kept.setText("Konsep tersimpan di komputer ini.")

    def _on_draft_not_saved(self, trouble: Refused | Unavailable) -> None:
        self.kept.setText(str(trouble))

    def _on_changed(self) -> None:
        self._dirty = True
        self.kept.setText("")
        if not self._sending:
            self._save_later.start()

    # Leaving

    def leave(self) -> None:
        """Close; input that would be lost is asked about first."""
        if self._sending:
            return
        if not self._dirty:
            self.reject()
        elif self.leaving.isVisible():
            self._stay()
        else:
            self.say("")
            self.buttons.hide()
            self.leaving.show()
            self.keep.setFocus()

    def _stay(self) -> None:
        self.leaving.hide()
        self.buttons.show()
        self._focus_first()

    def _keep_and_close(self) -> None:
        self._save_draft()
        self._dirty = False
        self.reject()

    def _throw_away(self) -> None:
        self._dirty = False
        self._done = True
        self._forget(self.request_id)
        self.reject()

    # Building

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(GAP_PAGE, GAP_PAGE, GAP_PAGE, GAP_WIDE)
        whole.setSpacing(GAP)
        whole.addWidget(_label(self.action.label, "title"))
        about = _about(self.case)
        if about:
            whole.addWidget(_label(about, "muted"))
        if self.action.help:
            whole.addWidget(_label(self.action.help, "small"))
        whole.addWidget(self._build_offer())
        self._middle = QHBoxLayout()
        self._middle.setSpacing(GAP_PAGE)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.inside = QWidget()
        self.inside.setObjectName("inside")
        room = QVBoxLayout(self.inside)
        room.setContentsMargins(2, GAP, GAP_WIDE, GAP)
        self._grid = QGridLayout()
        room.addLayout(self._grid)
        room.addStretch(1)  # what is left over stays below the fields
        self._grid.setHorizontalSpacing(GAP_PAGE)
        self._grid.setVerticalSpacing(GAP_WIDE)
        self.area.setWidget(self.inside)
        self.area.viewport().installEventFilter(self)
        self._middle.addWidget(self.area, 4)
        whole.addLayout(self._middle, 1)
        self.waiting = _label("Menyiapkan isian …", "muted")
        self._grid.addWidget(self.waiting, 0, 0)
        self.message = _label("", "")
        self.message.setProperty("tone", "late")
        self.message.setAccessibleName("Yang perlu diperbaiki")
        self.message.hide()
        whole.addWidget(self.message)
        self._above_buttons = QVBoxLayout()
        whole.addLayout(self._above_buttons)
        whole.addWidget(self._build_buttons())
        whole.addWidget(self._build_leaving())

    def _build_fields(self) -> None:
        self._grid.removeWidget(self.waiting)
        self.waiting.hide()
        kinds = {field.question.kind for field in self.fields.values()}
        self._wide = bool(kinds & _TABLES)
        self._arrange(1)
        self._arrange(2 if self.area.viewport().width() >= _TWO_COLUMNS_FROM and len(self.fields) > 3 else 1)
        for field in self.fields.values():
            for edit in field.findChildren(QPlainTextEdit):
                edit.installEventFilter(self)

    def _build_offer(self) -> QWidget:
        self.offer = QFrame()
        self.offer.setProperty("role", "panel")
        row = QHBoxLayout(self.offer)
        row.setContentsMargins(12, 8, 12, 8)
        self.offer_text = _label("", "")
        self.use = _button("Lanjutkan isian itu", self.use_draft)
        self.drop = _button("Buang", self.drop_draft, role="quiet")
        row.addWidget(self.offer_text, 1)
        row.addWidget(self.use)
        row.addWidget(self.drop)
        self.offer.hide()
        return self.offer

    def _build_buttons(self) -> QWidget:
        self.buttons = QWidget()
        row = QHBoxLayout(self.buttons)
        row.setContentsMargins(0, 4, 0, 0)
        self.kept = _label("* wajib diisi", "small")
        self.cancel = _button("Batal  Esc", self.leave)
        self.cancel.setObjectName("form.cancel")
        self.send = _button(f"{self.action.label}  Ctrl+Enter", self.submit, role="primary")
        self.send.setObjectName("form.submit")
        self.send.setEnabled(False)
        self.send.setAccessibleName(self.action.label)
        self.cancel.setAccessibleName("Batal")
        row.addWidget(self.kept, 1)
        row.addWidget(self.cancel)
        row.addWidget(self.send)
        return self.buttons

    def _build_leaving(self) -> QWidget:
        self.leaving = QWidget()
        row = QHBoxLayout(self.leaving)
        row.setContentsMargins(0, 4, 0, 0)
        self.keep = _button("Simpan konsep", self._keep_and_close, role="primary")
        self.throw = _button("Buang isian", self._throw_away)
        self.stay = _button("Lanjut mengisi", self._stay)
        row.addWidget(_label("Isian ini belum dikirim.", "strong"), 1)
        for button in (self.throw, self.stay, self.keep):
            row.addWidget(button)
        self.leaving.hide()
        return self.leaving

    def _arrange(self, columns: int) -> None:
        """Short fields side by side where there is room, the others over the full width."""
        if columns == self._columns or not self.fields:  # resized before the questions are there
            return
        self._columns = columns
        row = column = 0
        for field in self.fields.values():
            if field.wide or columns == 1:
                row += 1 if column else 0
                self._grid.addWidget(field, row, 0, 1, 2)
                row, column = row + 1, 0
                continue
            self._grid.addWidget(field, row, column, Qt.AlignmentFlag.AlignTop)
            row, column = (row + 1, 0) if column else (row, 1)
        for index in range(2):
            self._grid.setColumnStretch(index, 1)

    def _set_sending(self, sending: bool) -> None:
        self._sending = sending
        self.inside.setEnabled(not sending)
        self.cancel.setEnabled(not sending)
        self.send.setEnabled(not sending)
        self.send.setText("Mengirim …" if sending else f"{self.action.label}  Ctrl+Enter")

    def _settle(self) -> None:
        self._place()
        self._focus_first()

    def _focus_first(self) -> None:
        for field in self.fields.values():
            if field.is_empty():
                field.setFocus()
                return
        if self.fields:
            next(iter(self.fields.values())).setFocus()

    def _go_to(self, field: Field) -> None:
        field.setFocus()
        self.area.ensureWidgetVisible(field)

    def _place(self) -> None:
        """Beside the case where there is room: left of the panel that the form was opened from, inside the screen."""
        anchor = self.parentWidget()
        room = self.screen().availableGeometry()
        width = min(_WIDTH_OF_TABLES if self._wide else _WIDTH, room.width() - 24)
        asked = self.inside.sizeHint().height() + self.sizeHint().height() - self.area.sizeHint().height()
        least = room.height() if self._tall else 520 if self._wide else 220
        self.resize(width, min(max(asked + GAP, least), room.height() - 64))
        if anchor is None:
            return
        window = anchor.window()
        corner = window.mapToGlobal(QPoint(0, 0))
        left = corner.x() + max(0, (window.width() - 388 - width) // 2)
        top = corner.y() + max(0, (window.height() - self.height()) // 2)
        self.move(
            max(room.left(), min(left, room.right() - width)), max(room.top(), min(top, room.bottom() - self.height()))
        )

    # Qt overrides

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self._place()
            self._focus_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QResizeEvent) and watched is self.area.viewport():
            roomy = event.size().width() >= _TWO_COLUMNS_FROM
            self._arrange(2 if roomy and len(self.fields) > 3 else 1)
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            with_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if enter and isinstance(watched, QPlainTextEdit) and with_control:
                self.submit()
                return True
        return super().eventFilter(watched, event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._done or (not self._dirty and not self._sending):
            super().closeEvent(event)
            return
        event.ignore()
        if not self.leaving.isVisible():
            self.leave()


def _about(case: CaseFacts | None) -> str:
    if case is None:
        return ""
    return " · ".join(part for part in (case.number, case.customer_name, case.institution) if part)


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)  # names of customers stand here
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    return label


def _button(text: str, clicked: Callable[[], None], *, role: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    if role:
        set_look(button, role=role)
    button.clicked.connect(lambda: clicked())
    return button
