"""Ctrl+K: one box for everything; a keyboard scanner types a code anywhere and lands here."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from desk.ui.list_view import ListView
from desk.ui.rereading import Rereading
from desk.ui.table import Column, Look, TableModel

if TYPE_CHECKING:
    from desk.services.search import SearchHit
    from desk.ui.mail_table import ScanBox
    from desk.ui.workstation import Workstation

PLACEHOLDER = "Cari nomor, nama, isi pesan, nominal, NTPN, kode …   Ctrl+K"
_LONGEST_LIST = 9


@dataclass(frozen=True, slots=True)
class Command:
    """Something the box can do: an action on the case on show, or a place to go."""

    id: str
    title: str
    detail: str
    run: Callable[[], object]


@dataclass(frozen=True, slots=True)
class _Line:
    id: str
    kind: str
    title: str
    detail: str
    chosen: Any


class SearchBox(QLineEdit):
    """The box and the list below it."""

    hit_chosen = Signal(object)
    """A case, paper or person was chosen; carries the `SearchHit`."""
    left = Signal()
    """Esc: the focus goes back to the list."""

    def __init__(
        self, workstation: Workstation, commands: Callable[[], Iterable[Command]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self._workstation = workstation
        self._commands = commands
        self._hits: list[SearchHit] = []
        self._asked = 0
        self._answered = 0
        self._enter_waits = False
        self._trouble = ""
        self.setPlaceholderText(PLACEHOLDER)
        self.setAccessibleName("Cari permohonan atau tindakan")
        self.setAccessibleDescription(
            "Nomor, nama, instansi, surel, telepon, nominal, NTPN, nama berkas, isi percakapan, kode pindaian, "
            "atau tindakan."
        )
        self.setClearButtonEnabled(True)
        self._asking = Rereading(self._ask)
        self.textEdited.connect(self._on_edited)
        self.popup = QFrame(parent)
        self.popup.setProperty("role", "panel")
        self.popup.setObjectName("search_popup")
        self.list = ListView("Hasil pencarian", row_height=44)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setObjectName("hits")
        self.list.horizontalHeader().hide()
        self._model: TableModel[_Line] = TableModel(
            (
                Column("Jenis", text=lambda line: line.kind, look=Look.MUTED, width=112),
                Column(
                    "Temuan", text=lambda line: line.title, second=lambda line: line.detail, look=Look.STRONG,
                    width=200, share=1,
                ),
            ),
            parent=self,
        )  # fmt: skip
        self.list.set_table(self._model)
        self.list.clicked.connect(lambda index: self._choose(self._model.row_at(index)))
        self._none = QLabel("Tidak ditemukan.")
        self._none.setProperty("role", "muted")
        self._none.setWordWrap(True)
        self._none.setContentsMargins(14, 10, 14, 10)
        column = QVBoxLayout(self.popup)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self.list)
        column.addWidget(self._none)
        self.popup.hide()

    @property
    def waiting(self) -> bool:
        """Whether an answer to what stands in the box is still on its way."""
        return self._answered != self._asked

    def begin(self, typed: str = "") -> None:
        """Take the focus; `typed` is what was typed elsewhere and belongs here."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if typed:
            self.setText(typed)
            self._on_edited(typed)
        else:
            self.selectAll()
            self._on_edited(self.text())

    def leave(self) -> None:
        """Close the list and forget what was typed."""
        self.clear()
        self._hits = []
        self._asked += 1  # an answer that is still on its way is for nobody
        self._enter_waits = False
        self.popup.hide()

    def _on_edited(self, text: str) -> None:
        self._asked += 1
        self._hits = []
        self._trouble = ""
        self._list_up()
        if text.strip():
            self._asking.read()

    def _ask(self, ended: Callable[[], None]) -> None:
        """Ask at once; what is typed meanwhile is asked when this answer is there, and only the last of it."""
        asked = self._asked

        def answered(hits: list[SearchHit], trouble: str = "") -> None:
            self._take(hits, asked, trouble)
            ended()

        self._workstation.hits(self, self.text().strip(), answered, lambda why: answered([], str(why)))

    def _take(self, hits: list[SearchHit], asked: int, trouble: str = "") -> None:
        if asked != self._asked:
            return
        self._trouble = trouble
        self._answered = asked
        self._hits = hits
        self._list_up()
        if self._enter_waits:
            self._enter_waits = False
            self._choose(self.list.current_row())

    def _list_up(self) -> None:
        text = self.text().strip()
        lines = [
            _Line(f"hit.{at}", hit.kind, hit.title, hit.detail, hit) for at, hit in enumerate(self._hits)
        ] + [
            _Line(command.id, "Tindakan", command.title, command.detail, command)
            for command in self._commands()
            if matches(text, command.title)
        ]  # fmt: skip
        self._model.show(lines[:40])
        waiting = bool(text) and self._answered != self._asked
        nothing = self._trouble or "Tidak ditemukan. Periksa ejaan atau coba sebagian saja."
        self._none.setText("Mencari …" if waiting else nothing)
        self._none.setVisible(not lines)
        self.list.setVisible(bool(lines))
        if lines:
            self.list.setCurrentIndex(self._model.index(0, 0))
            self.list.setFixedHeight(min(len(lines), _LONGEST_LIST) * 44 + 2)
        if self.hasFocus() and (text or lines):
            self._place_popup()
        else:
            self.popup.hide()

    def _place_popup(self) -> None:
        below = self.mapTo(self.window(), QPoint(0, self.height() + 4))
        width = max(self.width(), min(560, self.window().width() - 32))
        left = min(max(8, below.x() + (self.width() - width) // 2), self.window().width() - width - 8)
        self.popup.setFixedWidth(width)
        self.popup.adjustSize()
        self.popup.move(left, below.y())
        self.popup.show()
        self.popup.raise_()

    def _choose(self, line: _Line | None) -> None:
        if line is None:
            return
        self.leave()
        self.left.emit()
        if isinstance(line.chosen, Command):
            line.chosen.run()
        else:
            self.hit_chosen.emit(line.chosen)

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Down | Qt.Key.Key_Up | Qt.Key.Key_PageDown | Qt.Key.Key_PageUp:
                self.list.keyPressEvent(event)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if self.text().strip() and self._answered != self._asked:
                    self._enter_waits = True  # a scanner is faster than the answer
                else:
                    self._choose(self.list.current_row())
            case Qt.Key.Key_Escape:
                self.leave()
                self.left.emit()
            case _:
                super().keyPressEvent(event)

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self.popup.hide()


def matches(text: str, title: str) -> bool:
    """Whether every typed word begins a word of the title: `terb kuit` finds `Terbitkan kuitansi`."""
    words = title.casefold().split()
    return all(any(word.startswith(typed) for word in words) for typed in text.casefold().split())


class TypeAnywhere(QObject):
    """Sends what is typed outside a field to a box, so that a scan lands there wherever the focus is.

    It sees every key and click of the program, so it also knows how long nobody has touched it.
    """

    def __init__(self, box: SearchBox) -> None:
        super().__init__(box)
        self._box: SearchBox | ScanBox = box
        self._touched = time.monotonic()

    def idle_seconds(self) -> float:
        """For how long nobody has pressed a key or a button of the mouse."""
        return time.monotonic() - self._touched

    def turn_to(self, box: SearchBox | ScanBox) -> None:
        """From now on typing lands here: the mail table has a box of its own."""
        self._box = box

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.KeyPress or kind is QEvent.Type.MouseButtonPress:
            self._touched = time.monotonic()
        if (
            kind is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.text().isprintable()
            and event.text().strip()
            and not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
            and isinstance(watched, QWidget)
            and watched.window() is self._box.window()
            and not watched.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        ):
            self._box.begin(event.text())
            self._box.deselect()
            self._box.end(False)
            return True
        return False  # every event of the program comes by here
