"""The page of ready texts: which text each step offers on which channels, since when, and how it is changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from desk.rules.dates import short_text
from desk.rules.people import Duty
from desk.ui import theme
from desk.ui.forms.plain_fields import sentence_case
from desk.ui.list_view import ListView
from desk.ui.rereading import Rereading
from desk.ui.row_button import RowButton
from desk.ui.statement_facts import label
from desk.ui.table import Column, Look, TableModel

if TYPE_CHECKING:
    from desk.services.ready_texts import TextEntry, TextVersion
    from desk.ui.ready_text_editor import ReadyTextEditor
    from desk.ui.workstation import Workstation

PANEL_WIDTH = 420


class ReadyTextsPage(QWidget):
    """Every text at the left; the one in force, the versions and the next step at the right."""

    said = Signal(str)

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._reading = Rereading(self._ask)
        self.editor: ReadyTextEditor | None = None
        self.setAccessibleName("Teks siap pakai")
        title = QLabel("Teks siap pakai")
        title.setProperty("role", "title")
        about = label("Ditawarkan saat menjawab pengguna data. Pesan yang sudah terkirim tidak berubah.", role="muted")
        self.list = ListView("Daftar teks siap pakai")
        self.list.setObjectName("ready_texts")
        self.list.set_table(TableModel["TextEntry"](self._columns(), parent=self))
        self.list.row_selected.connect(self._show)
        self.list.row_opened.connect(self.change)
        heading = QHBoxLayout()
        heading.setSpacing(10)
        heading.addWidget(title)
        heading.addWidget(about, 1)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(heading)
        left.addWidget(self.list, 1)
        self.panel = QScrollArea()
        self.panel.setWidgetResizable(True)
        self.panel.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.panel.setFrameShape(QFrame.Shape.NoFrame)
        self.panel.setFixedWidth(PANEL_WIDTH)
        self.panel.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.GAP_WIDE)
        whole.addLayout(left, 1)
        whole.addWidget(self.panel)
        self._shown: TextEntry | None = None
        self._show(None)

    def read(self) -> None:
        """Read the texts again without moving the current row."""
        self._reading.read()

    def take_focus(self) -> None:
        """Give the focus to the list."""
        self.list.setFocus()

    def _offices(self) -> tuple[int, ...]:
        station = self._workstation
        wanted = {Duty.ADMINISTRATOR, Duty.SUPERVISOR}
        return tuple(office for office in station.office_ids if station.actor.duties_in(office) & wanted)

    def _ask(self, ended: Callable[[], None]) -> None:
        from desk.services.ready_texts import text_entries

        offices = self._offices()

        def show(rows: list[TextEntry]) -> None:
            self.list.show_rows(rows)
            if self.list.current_row() is None and rows:
                self.list.select_key(rows[0].id)
            else:
                self._show(self.list.current_row())
            ended()

        self._workstation.read(self, lambda session: text_entries(session, offices), show, lambda _trouble: ended())

    def _columns(self) -> tuple[Column[TextEntry], ...]:
        return (
            Column("Langkah", lambda row: sentence_case(row.shipped.step.label), lambda row: row.shipped.step.label,
                   self._code, Look.STRONG, width=220, share=2),
            Column("Kanal", channels_text, wrap=True, width=150, share=1),
            Column("Yang berlaku", _state, second=_since, width=170, share=1),
        )  # fmt: skip

    def _code(self, row: TextEntry) -> str:
        return f"kantor {self._workstation.office(row.office_id).code}" if len(self._offices()) > 1 else ""

    # The chosen text

    def _show(self, row: TextEntry | None) -> None:
        if row is not None and row == self._shown:
            return
        self._shown = row
        inside = QFrame()
        inside.setProperty("role", "panel")
        column = QVBoxLayout(inside)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(8)
        if row is None:
            column.addWidget(label("Pilih satu teks di daftar.", role="muted"))
            column.addStretch(1)
        else:
            self._fill(column, row)
        self.panel.setWidget(inside)

    def _fill(self, column: QVBoxLayout, row: TextEntry) -> None:
        column.addWidget(label(sentence_case(row.shipped.step.label), role="title"))
        column.addWidget(label(channels_text(row), role="muted"))
        self._step(column, "ready_texts.change", "Ubah teks …", lambda: self.change(row), "primary")
        if row.in_force is not None:
            self._step(column, "ready_texts.shipped", "Kembali ke teks bawaan …", lambda: self.change(row, back=True))
        column.addWidget(label("YANG BERLAKU", role="section"))
        if row.text.subject:
            column.addWidget(label(row.text.subject, role="strong"))
        body = QPlainTextEdit(row.text.body)
        body.setReadOnly(True)
        body.setObjectName("ready_texts.body")
        body.setAccessibleName("Teks yang berlaku")
        body.setMinimumHeight(220)
        column.addWidget(body, 1)
        if row.versions:
            column.addWidget(label("VERSI KANTOR", role="section"))
        for version in row.versions:
            column.addWidget(label(_told(version, in_force=version == row.in_force), role="small"))

    def _step(self, column: QVBoxLayout, name: str, words: str, call: Callable[[], None], role: str = "") -> None:
        button = RowButton(words, role=role)
        button.setObjectName(name)
        button.clicked.connect(lambda: call())
        column.addWidget(button)

    def change(self, row: TextEntry, *, back: bool = False) -> None:
        """Open the editor on what holds now, or on going back to the shipped text."""
        from desk.ui.ready_text_editor import ReadyTextEditor

        self.editor = ReadyTextEditor(self.window(), self._workstation, row, back=back)
        self.editor.activated.connect(self._on_activated)
        self.editor.open()

    def _on_activated(self, sentence: str) -> None:
        self.said.emit(sentence)
        self.read()


def channels_text(row: TextEntry) -> str:
    """The channels that share a text: `surel, Forum Silastik, loket`."""
    return ", ".join(channel.label for channel in row.shipped.channels)


def _state(row: TextEntry) -> str:
    return "bawaan program" if row.in_force is None else f"versi {row.in_force.version} kantor"


def _since(row: TextEntry) -> str:
    if row.coming is not None:
        return f"berganti {short_text(row.coming.starts_on)}"
    return "" if row.in_force is None else f"sejak {short_text(row.in_force.starts_on)}, oleh {row.in_force.name}"


def _told(version: TextVersion, *, in_force: bool) -> str:
    what = "kembali ke teks bawaan" if version.shipped_again else f"dipakai {version.used} kali"
    mark = "berlaku, " if in_force else ""
    return f"Versi {version.version}: {mark}mulai {short_text(version.starts_on)}, oleh {version.name}, {what}"
