"""Nol rupiah asked page by page: who, what for, the letter, and the summary with the regulation that allows it.

A digit answers the first two pages and goes on; Enter goes on elsewhere. Who or what does not qualify is told at once,
with the way to the ordinary tariff.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from desk.rules.dates import date_text
from desk.rules.inputs import IncomingFile
from desk.ui import theme
from desk.ui.forms.form import FormDialog
from desk.ui.forms.keyed_choice import KeyedChoiceField

if TYPE_CHECKING:
    from desk.ui.forms.field import Field

PAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Siapa penerimanya?", ("recipient",)),
    ("Untuk apa datanya?", ("purpose",)),
    ("Surat permohonan", ("letter", "letter_number", "letter_date")),
    ("Ringkasan", ("percent",)),
)
_LAST = len(PAGES) - 1
_KEYS = "Enter"


class ReliefWizard(FormDialog):
    """The same form as every other one, a page at a time; its draft holds all pages."""

    page = 0

    def forward(self) -> None:
        """Go on when this page is right, else say what is missing; send from the last page."""
        if self._sending or not self.fields:
            return
        if self.page == _LAST:
            self.submit()
            return
        wrong = [field for field in self._of_page() if not field.judge(even_if_empty=True)]
        self._offer_paid()
        if wrong:
            self._focus_first()
            return
        self.show_page(self.page + 1)

    def back(self) -> None:
        """Go back one page; nothing that was answered is lost."""
        if self.page and not self._sending:
            self.show_page(self.page - 1)

    def show_page(self, page: int) -> None:
        """Show one page."""
        self.page = page
        self.say("")
        shown = set(PAGES[page][1])
        for name, field in self.fields.items():
            field.setVisible(name in shown)
        self.step.setText(f"Langkah {page + 1} dari {len(PAGES)} · {PAGES[page][0]}")
        self.summary.setVisible(page == _LAST)
        if page == _LAST:
            self.summary.setText(self._told())
        self.previous.setVisible(page > 0)
        self.next.setVisible(page < _LAST)
        self.send.setVisible(page == _LAST)
        self._offer_paid()
        self._focus_first()

    def _of_page(self) -> list[Field]:
        return [field for name, field in self.fields.items() if name in PAGES[self.page][1]]

    def _offer_paid(self) -> None:
        """Who does not qualify is served at the ordinary tariff: one button away."""
        refused = any(isinstance(field, KeyedChoiceField) and field.refused_because() for field in self._of_page())
        self.paid.setVisible(refused)

    def _told(self) -> str:
        """The application as the supervisor will read it, with its basis."""
        answers = {name: field.answer() for name, field in self.fields.items() if field.problem() is None}
        recipient, purpose = answers.get("recipient"), answers.get("purpose")
        letter, written = answers.get("letter"), answers.get("letter_date")
        relief = self._around.relief
        rows = (
            ("Penerima", getattr(recipient, "label", "")),
            ("Tujuan", getattr(purpose, "label", "")),
            ("Surat", f"{answers.get('letter_number', '')}, {date_text(written) if written else ''}"),  # type: ignore[arg-type]
            ("Berkas surat", letter.name if isinstance(letter, IncomingFile) else ""),
            ("Dasar", relief.basis if relief is not None else ""),
            ("Diputus oleh", "penyelia yang bukan pemohonnya; SPPD tetap ditandatangani"),
        )
        muted = theme.theme.tokens.muted
        body = "".join(
            f'<tr><td width="110" style="color:{muted}">{escape(name)}</td><td>{escape(str(text))}</td></tr>'
            for name, text in rows
        )
        return f'<table cellspacing="0" cellpadding="4">{body}</table>'

    # What the form is made of

    def _build_buttons(self) -> QWidget:
        row = super()._build_buttons()
        self.previous = QPushButton("‹ Kembali  Alt+←")
        self.previous.setObjectName("form.previous")
        self.previous.setAccessibleName("Langkah sebelumnya")
        self.previous.clicked.connect(self.back)
        self.paid = QPushButton("Layani dengan tarif biasa")
        self.paid.setObjectName("form.paid")
        self.paid.clicked.connect(self._throw_away)
        self.next = QPushButton(f"Lanjut  {_KEYS}")
        self.next.setObjectName("form.next")
        self.next.setAccessibleName("Langkah berikutnya")
        self.next.setProperty("role", "primary")
        self.next.clicked.connect(self.forward)
        layout = row.layout()
        assert layout is not None
        for button in (self.previous, self.paid, self.next):
            button.setAutoDefault(False)
            button.hide()
            layout.addWidget(button)
        layout.removeWidget(self.send)
        layout.addWidget(self.send)  # the way on stands at the right, on every page
        self.send.hide()
        return row

    def _build_fields(self) -> None:
        super()._build_fields()
        room = self.inside.layout()
        assert isinstance(room, QVBoxLayout)
        self.step = QLabel()
        self.step.setObjectName("form.step")
        self.step.setProperty("role", "strong")
        self.summary = QLabel()
        self.summary.setObjectName("form.summary")
        self.summary.setTextFormat(Qt.TextFormat.RichText)
        self.summary.setWordWrap(True)
        room.insertWidget(0, self.step)
        room.insertWidget(1, self.summary)
        for field in self.fields.values():
            if isinstance(field, KeyedChoiceField):
                field.changed.connect(self._offer_paid)
        self.show_page(0)

    def _focus_first(self) -> None:
        page = self._of_page()
        for field in page:
            if field.is_empty():
                field.setFocus()
                return
        if page and isinstance(page[0], KeyedChoiceField) and (chosen := page[0].chosen()) is not None:
            page[0].buttons[chosen].setFocus()
        elif page:
            page[0].setFocus()

    def _go_to(self, field: Field) -> None:
        for at, (_, names) in enumerate(PAGES):
            if field.question.name in names and at != self.page:
                said = self.message.text()
                self.show_page(at)
                self.say(said)
        super()._go_to(field)

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        with_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        choice = next((field for field in self._of_page() if isinstance(field, KeyedChoiceField)), None)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not with_control:
            self.forward()
        elif event.key() == Qt.Key.Key_Left and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.back()
        elif choice is not None and not with_control and choice.press(event.key() - Qt.Key.Key_0.value):
            self.forward()
        else:
            super().keyPressEvent(event)
