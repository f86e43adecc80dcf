"""The text to the section beside its question: it follows what is typed, and is copied with one button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from desk.errors import Refused
from desk.rules.section_text import section_text

if TYPE_CHECKING:
    from desk.rules.case import CaseFacts
    from desk.ui.forms.form import FormDialog


class SectionPanel(QWidget):
    """What the section reads; the program sends nothing, the office's own mail or chat does."""

    def __init__(self, form: FormDialog, case: CaseFacts, officer: str) -> None:
        super().__init__(form)
        self._form, self._case, self._officer = form, case, officer
        self.setObjectName("section_text")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 14, 0)
        column.setSpacing(8)
        head = QLabel("TEKS UNTUK SEKSI")
        head.setProperty("role", "section")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("Teks untuk seksi")
        self.copy = QPushButton("Salin teks")
        self.copy.setObjectName("section_text.copy")
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(self.copy_text)
        self.said = QLabel("Kirim lewat surel atau percakapan kantor, lalu catat pertanyaannya di sini.")
        self.said.setProperty("role", "small")
        self.said.setWordWrap(True)
        for widget in (head, self.text, self.copy, self.said):
            column.addWidget(widget, 1 if widget is self.text else 0)
        for field in form.fields.values():
            field.changed.connect(self._write)
        self._write()

    def copy_text(self) -> None:
        """The text as it stands, for the mail or the chat."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.said.setText("Teks disalin.")

    def _write(self) -> None:
        line_id = self._answer("line_id")
        line = next((each for each in self._case.lines if each.id == line_id), None)
        self.text.setPlainText(
            section_text(
                self._case,
                self._answer("section"),
                line,
                self._answer("question") or "",
                self._answer("due_on"),
                self._officer,
            )
        )

    def _answer(self, name: str) -> Any:
        """What stands in a field, None while it cannot be read."""
        try:
            return self._form.fields[name].answer()
        except Refused:
            return None
