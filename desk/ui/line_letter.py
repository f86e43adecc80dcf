"""The letter that asks whose money it is: its form, and its pages to read, print and save."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from desk.rules.dates import short_text
from desk.rules.inputs import Question
from desk.rules.statement import sen_text
from desk.services.unknown_money import Addressee, Asked, sheet_of_letter, write_letter
from desk.ui import message
from desk.ui.forms.plain_fields import PickField, TextField
from desk.ui.people_forms import Answers, PeopleForm
from desk.ui.row_button import RowButton

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.services.case_file import DocumentEntry
    from desk.services.statement_lists import LineRow
    from desk.ui.background import Task
    from desk.ui.workstation import Workstation

BANK, SENDER = "bank", "sender"


class LetterForm(PeopleForm):
    """Whom the office asks; the bank of the account is offered, the sender's name where the bank told it."""

    def __init__(self, parent: QWidget | None, row: LineRow, amount_sen: int) -> None:
        about = f"{sen_text(amount_sen)} · {short_text(row.booked_on)} · {row.description}"
        super().__init__(parent, "unknown_letter", "Surat tanya asal uang", about, "Terbitkan suratnya")
        self._row = row
        self._whom = PickField(
            Question("to", "Kepada", "choice", "", True, ()), [(BANK, "bank penerima"), (SENDER, "pengirim uang")]
        )
        self._name = TextField(Question("name", "Tujuan surat", "text", "Tercetak setelah “Yth.”.", True, ()))
        self.add(self._whom)
        self.add(self._name)
        self.add(TextField(Question("address", "Alamat", "text", "Boleh dikosongkan.", False, ())))
        self.add(TextField(Question("note", "Keterangan", "text", "Tercetak pada suratnya.", False, ())))
        self._whom.changed.connect(self._offer_name)
        self._offered = ""
        self._whom.combo.setCurrentIndex(0)
        self._offer_name()

    def _offer_name(self) -> None:
        """Offer a name until the person has written another one."""
        if self._whom.is_empty() or self._name.edit.text().strip() != self._offered:
            return
        self._offered = (
            f"Pimpinan {self._row.bank}".strip() if self._whom.answer() == BANK else self._row.counterparty.strip()
        )
        self._name.set_value(self._offered)


class LetterWindow(QDialog):
    """The pages of one letter, with print, Word and save."""

    def __init__(self, parent: QWidget, station: Workstation, office_id: int, entry: DocumentEntry) -> None:
        from desk.ui.paper_preview import PaperPreview

        super().__init__(parent)
        self.setObjectName("letter")
        self.setWindowTitle(entry.title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.preview = PaperPreview(station)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(18, 16, 18, 14)
        rows.addWidget(self.preview)
        self.resize(760, 690)
        self.preview.show_document(office_id, entry)


def ask_for_letter(
    page: QWidget, station: Workstation, row: LineRow, amount_sen: int, said: Callable[[str], object]
) -> None:
    """Ask whom the letter goes to, issue it, and show its pages."""
    form, key = LetterForm(page.window(), row, amount_sen), uuid4()

    def send(answers: Answers, sent: PeopleForm) -> None:
        to = Addressee(answers["to"] == BANK, str(answers["name"]), str(answers["address"] or ""))

        def deed() -> str:
            with station.link.transaction() as session:
                return write_letter(session, row.office_id, row.id, to, str(answers["note"] or ""), key=key)

        def done(sentence: str) -> None:
            sent.accept()
            said(sentence)
            show_letter(page, station, row.office_id, key)

        station.background.run_work(page, deed, done, sent.refused)

    form.on_send = send
    form.open()


def show_letter(page: QWidget, station: Workstation, office_id: int, letter_id: UUID) -> None:
    """Show the pages of a letter; they are made first where they are missing."""
    make, shop = station.link.letter, station.paper_shop

    def read(session: Session) -> DocumentEntry | None:
        return sheet_of_letter(session, office_id, letter_id)

    def show(entry: DocumentEntry | None) -> None:
        if entry is not None:
            LetterWindow(page.window(), station, office_id, entry).open()
        elif make is not None:
            work: Callable[[Task], UUID] = lambda _task: make(shop(), office_id, letter_id)  # noqa: E731
            station.background.run_slow(page, work, made, failed)

    def made(_sheet: UUID) -> None:
        station.read(page, read, show)

    def failed(trouble: Exception) -> None:
        message.show(
            page,
            "Lembar surat belum jadi",
            f"Suratnya sudah bernomor, tetapi lembarnya belum jadi. {trouble} Buka lagi suratnya untuk mencoba.",
        )

    station.read(page, read, show)


def letter_button(page: QWidget, station: Workstation, office_id: int, asked: Asked) -> RowButton:
    """The button that opens one letter."""
    button = RowButton("Lihat suratnya")
    button.setObjectName("letter.show")
    button.setToolTip(f"Surat {asked.number} kepada {asked.addressee}")
    button.clicked.connect(partial(_show, page, station, office_id, asked.id))
    return button


def letter_words(asked: Asked) -> str:
    """A letter in one line: `Surat UB-001/… kepada Bank Contoh, 23 Nov 2026 oleh Budi`."""
    return f"Surat {asked.number} kepada {asked.addressee}, {short_text(asked.issued_on)} oleh {asked.by}"


def _show(page: QWidget, station: Workstation, office_id: int, letter_id: UUID, _checked: bool = False) -> None:
    show_letter(page, station, office_id, letter_id)
