"""F3: the filter of a list of cases, its columns, and the way to keep both under a name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from desk.rules.case import State
    from desk.rules.desks import Desk, Queue
    from desk.rules.views import CaseFilter, ViewSettings
    from desk.services.queues import QueueRow
    from desk.ui.forms.plain_fields import Drop
    from desk.ui.list_view import ListView
    from desk.ui.workstation import Workstation

KEYS = "F3"
_TYPING_MS = 150
_ALWAYS = ("Jatuh tempo", "Pengguna data")
"""Columns without which a row says nothing."""


class FilterBar(QWidget):
    """Two short lines above the list; the drops are made when somebody opens them for the first time."""

    changed = Signal()
    """Other rows are wanted."""

    def __init__(self, view: ListView, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from desk.rules.views import CaseFilter

        self._view, self._workstation = view, workstation
        self.filter: CaseFilter = CaseFilter()
        self._drops: dict[str, tuple[Drop, list[State | None]]] = {}
        self.opener = _link("Saring", "filter.open", f"Saring daftar, pilih kolom, simpan tampilan ({KEYS})")
        self.opener.clicked.connect(self.toggle)
        self.words = QLineEdit()
        self.keep = _link("Simpan tampilan …", "filter.keep", "Simpan saringan, urutan, dan kolom dengan nama")
        self.clear = _link("Hapus saringan", "filter.clear", "Tampilkan semua baris")
        self.columns = _link("Kolom", "filter.columns", "Kolom yang tampil")
        self._later = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._later.timeout.connect(self._read)
        self.hide()

    def toggle(self) -> None:
        """Open the bar and go to its words, or close it; what is filtered keeps it open."""
        if self.isVisible() and self.filter.empty:
            self.hide()
            self._view.setFocus()
            return
        self._make()
        self.show()
        self.words.setFocus()

    def admitted(self, rows: Sequence[QueueRow]) -> list[QueueRow]:
        """The rows that the filter wants."""
        if self.filter.empty:
            return list(rows)
        station = self._workstation
        login, wanted = station.actor.login, self.filter
        return [row for row in rows if wanted.admits(row, station.today(row.office_id), login)]

    def reset(self) -> None:
        """The usual list: no filter, the order of the office, the usual columns."""
        self._set_filter(type(self.filter)())
        self._view.sort_by(None)
        self._view.show_columns(())
        self.hide()

    def take(self, view: ViewSettings) -> None:
        """Show the filter, order and columns of a view."""
        self._set_filter(view.filter)
        self._view.sort_by(view.sort)
        self._view.show_columns(view.columns)
        self.hide()
        if not view.filter.empty:
            self._make()
            self.show()

    def settings(self, desk: Desk, queue: Queue | None) -> ViewSettings:
        """The list on show, to be kept."""
        from desk.rules.views import ViewSettings

        return ViewSettings(desk, queue, self.filter, self._view.table.sorted_by, self._view.columns_on_show())

    # Building

    def _make(self) -> None:
        if self._drops:
            return
        from desk.rules.views import FILTERS
        from desk.ui.forms.plain_fields import Drop

        self.words.setObjectName("filter.words")
        self.words.setPlaceholderText("Kata dalam nama, instansi, nomor, atau alasan")
        self.words.setAccessibleName("Saring menurut kata")
        self.words.setClearButtonEnabled(True)
        self.words.textEdited.connect(lambda: self._later.start())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(6)
        above, below = QHBoxLayout(), QHBoxLayout()
        above.addWidget(self.words, 1)
        for button in (self.columns, self.clear, self.keep):
            above.addWidget(button)
        for name, (label, states) in FILTERS.items():
            drop = Drop()
            drop.setMinimumContentsLength(8)
            drop.setObjectName(f"filter.{name}")
            drop.setAccessibleName(f"Saring menurut {label.lower()}")
            drop.setToolTip(label)
            options: list[State | None] = [None, *states]
            drop.addItems([label if label != "Jatuh tempo" else "Tempo", *(each.label for each in states)])
            drop.view().setMinimumWidth(260)
            drop.activated.connect(lambda _at: self._read())
            self._drops[name] = (drop, options)
            below.addWidget(drop, 1)
        column.addLayout(above)
        column.addLayout(below)
        self.clear.clicked.connect(lambda: self._set_filter(type(self.filter)(), tell=True))
        menu = QMenu(self.columns)
        self.columns.setMenu(menu)
        menu.aboutToShow.connect(lambda: self._list_columns(menu))
        self._show_filter()

    def _list_columns(self, menu: QMenu) -> None:
        menu.clear()
        shown = self._view.columns_on_show()
        usual = tuple(column.title for column in self._view.table.columns if not column.extra)
        for column in self._view.table.columns:
            entry = menu.addAction(column.title)
            entry.setCheckable(True)
            entry.setChecked(column.title in (shown or usual))
            entry.setEnabled(column.title not in _ALWAYS)
            entry.toggled.connect(lambda on, title=column.title: self.show_column(title, on=on))
        menu.addSeparator()
        menu.addAction("Kolom biasa").triggered.connect(lambda: self._view.show_columns(()))

    def show_column(self, title: str, *, on: bool) -> None:
        """Show or hide one column."""
        columns = self._view.table.columns
        shown = set(self._view.columns_on_show()) or {column.title for column in columns if not column.extra}
        shown = shown | {title} if on else shown - {title}
        usual = shown == {column.title for column in columns if not column.extra}
        self._view.show_columns(() if usual else tuple(shown))

    # The filter

    def _read(self) -> None:
        """Take what stands in the bar as the filter."""
        self._later.stop()
        chosen: dict[str, Any] = {name: options[drop.currentIndex()] for name, (drop, options) in self._drops.items()}
        self._set_filter(type(self.filter)(words=self.words.text().strip(), **chosen), tell=True, typed=True)

    def _set_filter(self, wanted: CaseFilter, *, tell: bool = False, typed: bool = False) -> None:
        differs = wanted != self.filter
        self.filter = wanted
        if not typed:
            self._show_filter()
        if self._drops:
            self.clear.setVisible(not wanted.empty)
        if differs and tell:
            self.changed.emit()

    def _show_filter(self) -> None:
        self._later.stop()
        self.words.setText(self.filter.words)
        for name, (drop, options) in self._drops.items():
            drop.setCurrentIndex(options.index(getattr(self.filter, name)))
        if self._drops:
            self.clear.setVisible(not self.filter.empty)

    # Qt overrides

    def keyPressEvent(self, event: Any) -> None:
        if event.key() == Qt.Key.Key_Down and self.words.hasFocus():
            self._view.setFocus()
            return
        super().keyPressEvent(event)


def _link(words: str, name: str, help_: str) -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(name)
    button.setProperty("role", "link")
    button.setToolTip(help_)
    button.setAccessibleName(words.removesuffix(" …"))
    return button
