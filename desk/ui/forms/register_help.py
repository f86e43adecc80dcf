"""Help while a request is written down on the phone: who the customer is, and whether the request is already here.

Nothing is asked of the server on the window's thread; the newest answer counts, older ones are dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QStringListModel, Qt, QTimer
from PySide6.QtWidgets import QCompleter, QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout

from desk.errors import Refused
from desk.rules.dates import short_text
from desk.rules.identifiers import read_phone
from desk.rules.same_request import Asked
from desk.ui.forms.plain_fields import TextField

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desk.rules.inputs import Registration
    from desk.services.same_requests import KnownCustomer, SameRequest
    from desk.ui.forms.form import FormDialog, OnInputs
    from desk.ui.workstation import Workstation

_FINDING = ("name", "institution", "email", "phone")
"""Typing into one of these looks for the customer."""
_CARD = ("name", "customer_class", "institution", "position", "email", "phone", "address", "id_number", "npwp")
_PAUSE_MS = 150
_SAME_PAUSE_MS = 500


class RegisterHelp(QObject):
    """Watches a registration form; holds the first sending back when the request seems to be here already."""

    def __init__(self, form: FormDialog, workstation: Workstation, office_ids: Sequence[int], send: OnInputs) -> None:
        super().__init__(form)
        self._form, self._workstation, self._offices, self._send = form, workstation, tuple(office_ids), send
        self._field: TextField | None = None
        self._known: list[KnownCustomer] = []
        self._turn = 0
        self._agreed: frozenset[object] = frozenset()
        self.same: Sequence[SameRequest] = ()
        self._names = QStringListModel(self)
        self.completer = QCompleter(self._names, self)
        self.completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.completer.activated.connect(self._take)
        self._find_soon = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._find_soon.timeout.connect(self.find)
        self._look_soon = QTimer(self, singleShot=True, interval=_SAME_PAUSE_MS)
        self._look_soon.timeout.connect(self.look)
        self.strip = SameStrip()
        self.strip.hide()
        form.put_above_buttons(self.strip)
        for name in _FINDING:
            field = form.fields.get(name)
            if isinstance(field, TextField):
                field.edit.textEdited.connect(lambda _text, field=field: self._typed(field))
        for field in form.fields.values():
            field.changed.connect(self._look_soon.start)
        self._look_soon.start()

    def find(self) -> None:
        """Look for the customer by what stands in the field that was typed into."""
        field = self._field
        if field is None:
            return
        from desk.services.same_requests import find_customers

        self._turn += 1
        turn, typed, offices = self._turn, field.edit.text(), self._offices

        def found(known: list[KnownCustomer]) -> None:
            if turn == self._turn and field.edit.hasFocus():
                self._offer(field.edit, known)

        self._workstation.read(self, lambda s: find_customers(s, offices, typed), found, lambda _trouble: None)

    def look(self, then: Callable[[], object] | None = None) -> None:
        """Ask whether the request is here already; `then` is called when the answer is on the screen."""
        from desk.services.same_requests import same_requests

        asked, offices = self._asked(), self._offices

        def seen(same: list[SameRequest]) -> None:
            self.same = same
            self.strip.show_cases(same, self._open)
            if then is not None:
                then()

        def failed(_trouble: object) -> None:
            if then is not None:
                then()  # the deed itself will say that the server is away

        self._workstation.read(self, lambda session: same_requests(session, offices, asked), seen, failed)

    def on_inputs(self, inputs: Registration, form: FormDialog) -> None:
        """The form was sent: look once more, and hold it back the first time a request seems to be the same."""

        def go() -> None:
            sure = frozenset(each.case_id for each in self.same if each.sure)
            if sure <= self._agreed:
                self._send(inputs, form)
                return
            self._agreed = sure
            form.refused(None)
            form.say(
                "Permohonan ini mungkin sudah ada (lihat di bawah). Buka permohonan itu, atau tekan sekali lagi untuk "
                "tetap mencatatnya sebagai permohonan baru."
            )

        self.look(go)

    def _typed(self, field: TextField) -> None:
        self._field = field
        self._find_soon.start()

    def _offer(self, edit: QLineEdit, known: list[KnownCustomer]) -> None:
        self._known = known
        self._names.setStringList([_words(customer) for customer in known])
        if not known:
            if (popup := self.completer.popup()) is not None:
                popup.hide()
            return
        self.completer.setWidget(edit)
        self.completer.complete()

    def _take(self, words: str) -> None:
        if words not in self._names.stringList():
            return
        row = self._names.stringList().index(words)
        self._turn += 1  # an answer on its way must not open the list again
        customer = self._known[row]
        self._form.fill({name: getattr(customer, name) for name in _CARD})
        self._look_soon.start()
        lines = self._form.fields.get("lines")
        if lines is not None:
            lines.setFocus()

    def _asked(self) -> Asked:
        from desk.ui.forms.lines_field import LinesField

        field = self._form.fields.get("lines")
        lines = field.named() if isinstance(field, LinesField) else ()
        phone = self._text("phone")
        abstract: Any = self._answer("abstract")
        return Asked(
            name=self._text("name"),
            email=self._text("email"),
            phone=(read_phone(phone).normalized or "") if phone else "",
            lines=lines,
            words=f"{abstract.title} {abstract.purpose}" if abstract is not None else "",
        )

    def _text(self, name: str) -> str:
        field = self._form.fields.get(name)
        return field.edit.text().strip() if isinstance(field, TextField) else ""

    def _answer(self, name: str) -> object:
        field = self._form.fields.get(name)
        try:
            return None if field is None else field.answer()
        except Refused:
            return None

    def _open(self, case: SameRequest) -> None:
        self._form.leave()
        self._workstation.case_wanted.emit(case.office_id, case.case_id)


class SameStrip(QFrame):
    """The cases that may be the same request, each with the way to open it instead."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("same_requests")
        self.setProperty("role", "panel")
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(12, 8, 12, 8)
        self._rows.setSpacing(4)
        self.buttons: list[QPushButton] = []

    def show_cases(self, cases: Sequence[SameRequest], opened: Callable[[SameRequest], object]) -> None:
        """Show these cases; without any the strip is not there."""
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.buttons = []
        sure = any(case.sure for case in cases)
        head = QLabel("Permohonan ini mungkin sudah ada:" if sure else "Pengguna data ini punya permohonan lain:")
        head.setProperty("tone" if sure else "role", "soon" if sure else "small")
        self._rows.addWidget(head)
        for case in cases:
            self._rows.addWidget(self._row(case, opened))
        self.setVisible(bool(cases))

    def _row(self, case: SameRequest, opened: Callable[[SameRequest], object]) -> QFrame:
        row = QFrame()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        words = QLabel(
            f"{case.number} · {case.customer_name} · {short_text(case.registered_on)} · {case.stage.label} "
            f"({', '.join(case.why)})"
        )
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        button = QPushButton("Buka permohonan itu")
        button.setProperty("role", "link")
        button.setAutoDefault(False)
        button.setAccessibleName(f"Buka permohonan {case.number}")
        button.clicked.connect(lambda: opened(case))
        line.addWidget(words, 1)
        line.addWidget(button)
        self.buttons.append(button)
        return row


def _words(customer: KnownCustomer) -> str:
    parts = (customer.name, customer.institution, customer.email or customer.phone)
    often = f"{customer.cases} permohonan, terakhir {short_text(customer.last_on)}"
    return " · ".join([*(part for part in parts if part), often])
