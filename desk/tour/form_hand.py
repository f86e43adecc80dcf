"""Filling in a form the way a person does: by the fields' names, with the values that stand on the desk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QPushButton, QRadioButton, QSpinBox

from desk.rules.case import Fit, State
from desk.tour.hands import Hands, child
from desk.tour.pace import Pace, TourStopped
from desk.ui.forms.counted_field import CountedField
from desk.ui.forms.field import Field
from desk.ui.forms.file_field import DropBox, FilesField
from desk.ui.forms.fit_field import FitField
from desk.ui.forms.package_field import PackageField
from desk.ui.forms.plain_fields import Drop
from desk.ui.forms.prepared_field import PreparedField
from desk.ui.paper_preview import PaperPreview

if TYPE_CHECKING:
    from desk.ui.forms import FormDialog


class FormHand:
    """One open form."""

    def __init__(self, pace: Pace, hands: Hands, dialog: FormDialog) -> None:
        self.dialog = dialog
        self._pace = pace
        self._hands = hands

    def write(self, **texts: str) -> FormHand:
        """Writes into fields by their names: a line is typed, a paragraph pasted."""
        for name, text in texts.items():
            field = self._field(name)
            lines = field.findChildren(QLineEdit)
            if lines:
                self._hands.type(lines[0], text)
            else:
                self._hands.paste(field.findChildren(QPlainTextEdit)[0], text)
            self._hands_off(field)
        return self

    def choose(self, name: str, label: str) -> FormHand:
        """Chooses an answer by its words."""
        self._hands.pick(self._field(name).findChildren(Drop)[0], label)
        return self

    def digit(self, digit: int) -> FormHand:
        """Answers the page on show by the digit of an answer."""
        self._hands.key(self.dialog, Qt.Key(Qt.Key.Key_0.value + digit))
        return self

    def go_on(self) -> FormHand:
        """Goes to the next page with Enter."""
        self._hands.key(self.dialog, Qt.Key.Key_Return)
        return self

    def percent(self, name: str, value: int) -> FormHand:
        """Sets a percentage."""
        spin = self._field(name).findChildren(QSpinBox)[0]
        self._pace.act(lambda: spin.setValue(value))
        return self

    def tick(self, name: str, *states: State) -> FormHand:
        """Ticks these boxes."""
        for state in states:
            box = child(self._field(name), QCheckBox, f"tick.{state.value}")
            if not box.isChecked():
                self._hands.press(box)
        return self

    def tick_all(self, name: str) -> FormHand:
        """Ticks every box."""
        for box in self._field(name).findChildren(QCheckBox):
            if not box.isChecked():
                self._hands.press(box)
        return self

    def abstract(self, title: str, **parts: str) -> FormHand:
        """Fills in the abstraksi."""
        field = self._field("abstract")
        self._hands.type(child(field, QLineEdit, "Judul abstraksi"), title)
        for name, text in parts.items():
            self._hands.paste(child(field, QPlainTextEdit, f"abstract.{name}"), text)
        return self

    def line(self, position: int, part_of_title: str, quantity: str = "", detail: str = "") -> FormHand:
        """Adds a data line from the catalogue: types a part of its title and takes the first proposal."""
        field = self._field("lines")
        title = child(field, QLineEdit, f"Baris {position}, nama data")
        self._hands.type(title, part_of_title)
        proposals = title.completer().popup()
        if proposals is None or not proposals.isVisible():
            raise TourStopped(f"Katalog tidak mengenal “{part_of_title}”.")
        self._hands.key(proposals, Qt.Key.Key_Down)
        self._hands.key(proposals, Qt.Key.Key_Return)
        if quantity:
            self._hands.type(child(field, QLineEdit, f"Baris {position}, jumlah"), quantity)
        if detail:
            self._hands.type(child(field, QLineEdit, f"Baris {position}, rincian"), detail)
        return self

    def decide(self, position: int, fit: Fit, reason: str = "", *, sentence_with: str = "") -> FormHand:
        """Decides about a line; the reason is typed, or taken from the sentence of the abstraksi with these words."""
        field = self._field("decisions")
        assert isinstance(field, FitField)
        self._hands.press(child(field, QRadioButton, f"fit.{position}.{fit.value}"))
        if reason:
            self._hands.paste(child(field, QPlainTextEdit, f"fit.{position}.reason"), reason)
            self._hands_off(field)
            return self
        at = field.abstract.toPlainText().find(sentence_with)
        if at < 0:
            raise TourStopped(f"Abstraksi tidak memuat “{sentence_with}”.")
        cursor = field.abstract.textCursor()
        cursor.setPosition(at)
        field.abstract.setTextCursor(cursor)
        self._hands.press(field.take)
        self._hands_off(field)
        return self

    def attach(self, name: str, *paths: Path) -> FormHand:
        """Drops files onto a field and waits until they have been read."""
        field = self._field(name)
        self._hands.drop(field.findChildren(DropBox)[0], paths)
        if isinstance(field, PreparedField):
            self._pace.until(lambda: all(row.sha256 or row.trouble for row in field.rows), "sidik jari berkas data")
        else:
            assert isinstance(field, FilesField)
            self._pace.until(lambda: not field.is_empty() and field.problem() is None, f"berkas {paths[0].name}")
        return self

    def pack(self, folder: Path) -> FormHand:
        """Waits until the files have been compared, then locks them into a package in this folder."""
        field = self._field("package")
        assert isinstance(field, PackageField)
        self._pace.until(field.make.isEnabled, "berkas data sama seperti saat diperiksa")
        folder.mkdir(parents=True, exist_ok=True)
        self._pace.act(lambda: field.pack_into(folder))
        self._pace.until(lambda: not field.is_empty(), "paket terkunci")
        return self

    def counted(self) -> FormHand:
        """Waits until the second officer's counts of all files stand there, then ticks what agrees with the order."""
        field = self._field("files")
        assert isinstance(field, CountedField)
        self._pace.until(field.all_read, "hitungan berkas data")
        return self.tick_all("ticks")

    def count(self, file: str, rows: str, variables: str) -> FormHand:
        """Notes rows and variables of a prepared file."""
        field = self._field("files")
        self._hands.type(child(field, QLineEdit, f"Jumlah baris dalam {file}"), rows)
        self._hands.type(child(field, QLineEdit, f"Jumlah peubah dalam {file}"), variables)
        return self

    def seen_beside(self) -> FormHand:
        """Waits until the paper beside the fields is drawn."""
        self._pace.until(
            lambda: any(not view.sheet.pixmap().isNull() for view in self.dialog.findChildren(PaperPreview)),
            "berkas di samping isian",
        )
        return self

    def text_of(self, name: str) -> str:
        """What stands in a field."""
        field = self._field(name)
        lines, paragraphs = field.findChildren(QLineEdit), field.findChildren(QPlainTextEdit)
        return lines[0].text() if lines else paragraphs[0].toPlainText()

    def note_under(self, name: str) -> str:
        """The sentence under a field."""
        return self._field(name).under.text()

    def send(self) -> None:
        """Presses the button of the form."""
        self._hands.press(child(self.dialog, QPushButton, "form.submit"))

    def send_and_be_refused(self, words: str) -> FormHand:
        """Presses the button and waits for the sentence above it, which must contain these words."""
        self.send()
        self._pace.until(lambda: words in self.dialog.message.text(), f"penolakan “{words}”")
        return self

    def _field(self, name: str) -> Field:
        return child(self.dialog, Field, f"field.{name}")

    def _hands_off(self, field: Field) -> None:
        """Lets the field tidy up and judge what was written, as when the person goes on to the next one."""
        self._pace.act(lambda: field.judge())
