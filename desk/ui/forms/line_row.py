"""One requested item: found in the catalogue while typing, with its tariff row, quantity and today's price."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QCompleter, QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from desk.errors import Refused
from desk.rules.catalogue import CatalogueChoice
from desk.rules.inputs import LineInput
from desk.rules.pasted_list import PastedLine, looks_like_list
from desk.rules.quantities import bytes_text, count_text, parse_bytes
from desk.rules.rupiah import rupiah
from desk.rules.tariff import ItemKind, Tariff, price
from desk.ui.forms.plain_fields import Drop, whole_number
from desk.ui.forms.surroundings import Surroundings
from desk.ui.theme import set_look

FOUND = 12
"""Items that are offered while typing."""


class LineRow(QFrame):
    """One item; empty rows are left out of the answer."""

    changed = Signal()
    removed = Signal()
    list_pasted = Signal(str)
    """Several rows were pasted into the name: they become rows of their own."""

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__()
        self._tariffs = () if surroundings.tariff is None else tuple(surroundings.tariff.rows.values())
        self._catalogue = surroundings.catalogue
        self._offered: dict[str, CatalogueChoice] = {}
        self._picked: CatalogueChoice | None = None
        self.unknown = False  # pasted, and not found in the catalogue: to be put right
        self.setProperty("role", "panel")
        self.title = TitleEdit()
        self.title.setPlaceholderText("Nama data: ketik sebagian, misalnya susenas 2025 maret, atau peta 1671")
        self.title.list_pasted.connect(self.list_pasted)
        self._titles = QStringListModel(self)
        completer = QCompleter(self._titles, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(FOUND)
        completer.activated.connect(self._on_picked)
        self.title.setCompleter(completer)
        self.title.textEdited.connect(self._offer)
        self.detail = QLineEdit()
        self.detail.setPlaceholderText("Rincian: wilayah, peubah, tahun")
        self.tariff = Drop()
        self.tariff.setPlaceholderText("Tarif …")
        self.tariff.addItems([row.name for row in self._tariffs])
        self.tariff.setCurrentIndex(-1)
        self.quantity = QLineEdit()
        self.quantity.setFixedWidth(130)
        self.price = QLabel()
        self.price.setProperty("role", "small")
        self.price.setWordWrap(True)
        self.remove = QPushButton("Hapus")
        self.remove.setProperty("role", "link")
        self.remove.setAutoDefault(False)
        self.remove.clicked.connect(self.removed)
        grid = QGridLayout(self)
        grid.setContentsMargins(10, 10, 10, 10)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.addWidget(self.title, 0, 0)
        grid.addWidget(self.tariff, 0, 1)
        grid.addWidget(self.quantity, 0, 2)
        grid.addWidget(self.detail, 1, 0)
        under = QHBoxLayout()
        under.addWidget(self.price, 1)
        under.addWidget(self.remove)
        grid.addLayout(under, 1, 1, 1, 2)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        QWidget.setTabOrder(self.title, self.tariff)
        QWidget.setTabOrder(self.tariff, self.quantity)
        QWidget.setTabOrder(self.quantity, self.detail)
        QWidget.setTabOrder(self.detail, self.remove)
        for edit in (self.title, self.detail, self.quantity):
            edit.textChanged.connect(self._on_changed)
        self.tariff.currentIndexChanged.connect(self._on_tariff_changed)
        self._on_tariff_changed()

    def call(self, position: int) -> None:
        """Name the editors for screen readers by the row's place."""
        for edit, name in (
            (self.title, "nama data"),
            (self.detail, "rincian"),
            (self.tariff, "tarif"),
            (self.quantity, "jumlah"),
            (self.remove, "hapus"),
        ):
            edit.setAccessibleName(f"Baris {position}, {name}")

    def is_empty(self) -> bool:
        """Whether nothing has been written into this row."""
        return not any(edit.text().strip() for edit in (self.title, self.detail, self.quantity))

    def chosen_tariff(self) -> Tariff | None:
        """The tariff row in the box."""
        index = self.tariff.currentIndex()
        return self._tariffs[index] if index >= 0 else None

    def line(self, position: int) -> LineInput:
        """The item; raises Refused with the sentence that names the row."""
        title = " ".join(self.title.text().split())
        if not title:
            raise Refused(f"Baris {position} belum bernama. Tulis nama datanya atau hapus barisnya.")
        tariff = self.chosen_tariff()
        if tariff is None:
            raise Refused(f"Tarif baris {position} belum dipilih.")
        if not self.quantity.text().strip():
            raise Refused(f"Jumlah baris {position} belum diisi: {_wanted(tariff)}.")
        choice = self._choice(title)
        code = choice.code if choice is not None else ""
        return LineInput(title, tariff.code, self.count(tariff), " ".join(self.detail.text().split()), code)

    def count(self, tariff: Tariff) -> int:
        """The quantity in the tariff's unit; raises Refused."""
        if counts_bytes(tariff):
            return parse_bytes(self.quantity.text())
        number = whole_number(self.quantity.text(), "Jumlah")
        if number < 1:
            raise Refused("Jumlah sedikitnya 1.")
        return number

    def cost(self) -> int | None:
        """What the row costs at today's tariff, whole rupiah; None while it is incomplete."""
        tariff = self.chosen_tariff()
        if tariff is None or not self.quantity.text().strip():
            return None
        try:
            return price(tariff, self.count(tariff)).amount
        except Refused:
            return None

    def show_pasted(self, pasted: PastedLine) -> None:
        """Show a row of a pasted list; what is not in the catalogue is marked and keeps all that was written."""
        self.title.setText(pasted.title)
        self.title.setCursorPosition(0)
        self.detail.setText(pasted.detail)
        if pasted.choice is not None:
            self._fill_from(pasted.choice)
        if pasted.quantity:
            self.quantity.setText(pasted.quantity)
        self.unknown = pasted.choice is None
        self._on_changed()

    def show_line(self, line: LineInput) -> None:
        """Show a known item."""
        self.title.setText(line.title)
        self.title.setCursorPosition(0)
        self.detail.setText(line.detail)
        self._choose_tariff(line.tariff)
        self.quantity.setText(count_text(line.quantity) if line.quantity else "")

    def state(self) -> dict[str, str]:
        """What stands in the editors."""
        tariff = self.chosen_tariff()
        return {
            "title": self.title.text(),
            "detail": self.detail.text(),
            "tariff": tariff.code if tariff else "",
            "quantity": self.quantity.text(),
        }

    def restore(self, state: dict[str, str]) -> None:
        """Put back what `state` gave."""
        self.title.setText(state["title"])
        self.detail.setText(state["detail"])
        self._choose_tariff(state["tariff"])
        self.quantity.setText(state["quantity"])

    def _choose_tariff(self, code: str) -> None:
        codes = [row.code for row in self._tariffs]
        self.tariff.setCurrentIndex(codes.index(code) if code in codes else -1)

    def _offer(self, typed: str) -> None:
        """The items for what has been typed: the catalogue lies ready in memory, nobody is asked."""
        self._offered = {choice.shown: choice for choice in self._catalogue.find(typed, FOUND)}
        self._titles.setStringList(list(self._offered))

    def _on_picked(self, shown: str) -> None:
        choice = self._offered.get(shown)
        if choice is None:
            return
        self._picked = choice
        self.unknown = False
        if choice.shown != choice.title:  # after the editor itself has taken what the list shows
            QTimer.singleShot(0, self, lambda: self.title.setText(choice.title))
            if not self.detail.text().strip():
                self.detail.setText(choice.area)
        self._fill_from(choice)
        if choice.tariff:
            self.quantity.setFocus()
            self.quantity.selectAll()

    def _fill_from(self, choice: CatalogueChoice) -> None:
        """The tariff of an item and, where nothing is written yet, how much of it there is."""
        self._picked = choice
        if choice.tariff:
            self._choose_tariff(choice.tariff)
            if choice.size and self.chosen_tariff() is not None and not self.quantity.text().strip():
                self.quantity.setText(count_text(choice.size))

    def _choice(self, title: str) -> CatalogueChoice | None:
        """The item of the catalogue that the name means; the picked one of several with the same name."""
        if self._picked is not None and self._picked.title == title:
            return self._picked
        return self._catalogue.by_title.get(title)

    def _on_tariff_changed(self) -> None:
        tariff = self.chosen_tariff()
        self.quantity.setPlaceholderText("Jumlah" if tariff is None else _wanted(tariff))
        self._on_changed()

    def _on_changed(self) -> None:
        tariff = self.chosen_tariff()
        told, wrong = "", False
        if self.unknown and tariff is None:
            told, wrong = "Tidak ada di katalog. Ketik ulang namanya, atau pilih tarif dan isi jumlahnya.", True
        elif tariff is not None and self.quantity.text().strip():
            try:
                count = self.count(tariff)
            except Refused as refused:
                told, wrong = str(refused), True
            else:
                amount = quantity_text(tariff, count)
                cost = self.cost()
                told = amount if cost is None else f"{amount} · {rupiah(cost)}"
        self.price.setText(told)
        set_look(self.price, role="error" if wrong else "small")
        self.changed.emit()


class TitleEdit(QLineEdit):
    """The name of an item; several rows pasted into it are a list."""

    list_pasted = Signal(str)

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            text = QGuiApplication.clipboard().text()
            if looks_like_list(text):
                self.list_pasted.emit(text)
                return
        super().keyPressEvent(event)


def _wanted(tariff: Tariff) -> str:
    return "misalnya 1,12 GiB" if counts_bytes(tariff) else f"jumlah {tariff.kind.counted_in}"


def counts_bytes(tariff: Tariff) -> bool:
    """Whether the quantity is a file size, typed as `1,12 GiB`."""
    return tariff.kind is ItemKind.MICRODATA


def quantity_text(tariff: Tariff, quantity: int) -> str:
    """How much is asked for: `1,12 GiB (1.202.590.843 byte)`, `3 peta`."""
    return bytes_text(quantity) if counts_bytes(tariff) else f"{count_text(quantity)} {tariff.kind.counted_in}"
