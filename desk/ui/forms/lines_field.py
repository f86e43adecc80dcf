"""The requested data: one row per item with its tariff row, its quantity and what it costs today."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import (
    QCompleter,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desk.errors import Refused
from desk.rules.inputs import LineInput, Question
from desk.rules.quantities import bytes_text, count_text, parse_bytes
from desk.rules.rupiah import rupiah
from desk.rules.tariff import ItemKind, Tariff, price
from desk.ui.forms.field import Field, Json
from desk.ui.forms.plain_fields import Drop, whole_number
from desk.ui.forms.surroundings import CatalogueChoice, Surroundings
from desk.ui.theme import set_look


class LineRow(QFrame):
    """One item; empty rows are left out of the answer."""

    changed = Signal()
    removed = Signal()

    def __init__(self, surroundings: Surroundings, titles: QStringListModel) -> None:
        super().__init__()
        self._tariffs = () if surroundings.tariff is None else tuple(surroundings.tariff.rows.values())
        self._by_title = {choice.title: choice for choice in surroundings.catalogue}
        self.setProperty("role", "panel")
        self.title = QLineEdit()
        self.title.setPlaceholderText("Nama data: ketik sebagian, misalnya Susenas Maret 2025")
        completer = QCompleter(titles, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(10)
        completer.activated.connect(self._on_picked)
        self.title.setCompleter(completer)
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
        code = self._by_title[title].code if title in self._by_title else ""
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

    def _on_picked(self, title: str) -> None:
        choice: CatalogueChoice | None = self._by_title.get(title)
        if choice is not None and choice.tariff:
            self._choose_tariff(choice.tariff)
            tariff = self.chosen_tariff()
            if choice.size and tariff is not None and not self.quantity.text().strip():
                self.quantity.setText(count_text(choice.size))
            self.quantity.setFocus()
            self.quantity.selectAll()

    def _on_tariff_changed(self) -> None:
        tariff = self.chosen_tariff()
        self.quantity.setPlaceholderText("Jumlah" if tariff is None else _wanted(tariff))
        self._on_changed()

    def _on_changed(self) -> None:
        tariff = self.chosen_tariff()
        told, wrong = "", False
        if tariff is not None and self.quantity.text().strip():
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


def _wanted(tariff: Tariff) -> str:
    return "misalnya 1,12 GiB" if counts_bytes(tariff) else f"jumlah {tariff.kind.counted_in}"


def counts_bytes(tariff: Tariff) -> bool:
    """Whether the quantity is a file size, typed as `1,12 GiB`."""
    return tariff.kind is ItemKind.MICRODATA


def quantity_text(tariff: Tariff, quantity: int) -> str:
    """How much is asked for: `1,12 GiB (1.202.590.843 byte)`, `3 peta`."""
    return bytes_text(quantity) if counts_bytes(tariff) else f"{count_text(quantity)} {tariff.kind.counted_in}"


class LinesField(Field):
    """The rows; the last one is always empty and waits for the next item."""

    wide = True

    def __init__(self, question: Question, surroundings: Surroundings) -> None:
        super().__init__(question)
        self._around = surroundings
        self._titles = QStringListModel([choice.title for choice in surroundings.catalogue], self)
        self.rows: list[LineRow] = []
        box = QWidget()
        whole = QVBoxLayout(box)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.total = QLabel()
        self.total.setProperty("role", "strong")
        whole.addLayout(self._list)
        whole.addWidget(self.total)
        self._settling = False
        self._settle()
        first = self.rows[0].title
        self.add_editor(box, focus=first)
        self._settle()

    def is_empty(self) -> bool:
        return all(row.is_empty() for row in self.rows)

    def read(self) -> tuple[LineInput, ...]:
        filled = [row for row in self.rows if not row.is_empty()]
        return tuple(row.line(position) for position, row in enumerate(filled, 1))

    def named(self) -> tuple[str, ...]:
        """What stands in the rows as names, finished or not."""
        return tuple(title for row in self.rows if (title := " ".join(row.title.text().split())))

    def empty_value(self) -> tuple[LineInput, ...]:
        return ()

    def set_value(self, value: Any) -> None:
        self._start_over()
        for line in value:
            self.rows[-1].show_line(line)
            self._settle()

    def state(self) -> Json:
        return [row.state() for row in self.rows if not row.is_empty()]

    def restore(self, state: Json) -> None:
        self._start_over()
        for entry in state:
            self.rows[-1].restore(entry)
            self._settle()

    def _start_over(self) -> None:
        for row in self.rows[:-1]:
            self._drop(row)
        if not self.rows[-1].is_empty():
            self.rows[-1].restore({"title": "", "detail": "", "tariff": "", "quantity": ""})

    def _drop(self, row: LineRow) -> None:
        self.rows.remove(row)
        self._list.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _remove(self, row: LineRow) -> None:
        if len(self.rows) > 1:
            self._drop(row)
        self._settle()
        self.rows[-1].title.setFocus()

    def _settle(self) -> None:
        """Keep one empty row at the end, number the rows, add up what they cost."""
        if self._settling:
            return
        self._settling = True
        if not self.rows or not self.rows[-1].is_empty():
            row = LineRow(self._around, self._titles)
            row.changed.connect(self._settle)
            row.removed.connect(lambda: self._remove(row))
            self.rows.append(row)
            self._list.addWidget(row)
        for position, row in enumerate(self.rows, 1):
            row.call(position)
            row.remove.setVisible(not row.is_empty())
        costs = [cost for row in self.rows if (cost := row.cost()) is not None]
        self.total.setText(f"Perkiraan biaya: {rupiah(sum(costs))} menurut tarif hari ini" if costs else "")
        self.total.setVisible(bool(costs))
        self._settling = False
        self.announce()
