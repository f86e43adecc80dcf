"""The outbox: every mail that left or should leave, what became of it and why; and the account it leaves by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desk.rules.dates import local_moment, short_text
from desk.rules.mail import IN_TROUBLE, UNDER_WAY, OutgoingState
from desk.rules.people import Duty
from desk.ui import theme
from desk.ui.account_panel import AccountPanel
from desk.ui.list_view import ListView
from desk.ui.office_choice import OfficeChoice
from desk.ui.rereading import Rereading
from desk.ui.row_button import RowButton
from desk.ui.table import Column, Look, TableModel
from desk.ui.theme import Tone

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from desk.rules.mail import MailAccount
    from desk.services.outbox import OutgoingEntry
    from desk.ui.workstation import Workstation

T = TypeVar("T")
PANEL_WIDTH = 372
NARROW = 930
_SENDERS = frozenset({Duty.OFFICER, Duty.TREASURER, Duty.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Read:
    """One reading of the page: the mails, and the account of the office."""

    entries: tuple[OutgoingEntry, ...]
    account: MailAccount | None


class OutboxPage(QWidget):
    """The mails at the left, the chosen one and the account at the right."""

    said = Signal(str)
    """What was done, for the quiet line of the window."""

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._reading = Rereading(self._ask)
        self._read = Read((), None)
        self.office = OfficeChoice(workstation)
        self.office.chosen.connect(self.read)
        self.setAccessibleName("Surel keluar")
        title = QLabel("Surel keluar")
        title.setProperty("role", "title")
        self._count = QLabel()
        self._count.setProperty("role", "muted")
        self.list = ListView("Daftar surel keluar")
        self.list.when_empty = "Belum ada surel yang dikirim dari sini."
        self.list.setObjectName("outbox")
        self.list.set_table(TableModel[Any](self._columns(), parent=self))
        self.list.row_selected.connect(lambda _row: self._show())
        self.list.row_opened.connect(lambda row: self._workstation.case_wanted.emit(row.office_id, row.case_id))
        heading = QHBoxLayout()
        heading.addWidget(title)
        heading.addWidget(self._count, 1)
        heading.addWidget(self.office)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(heading)
        left.addWidget(self.list, 1)
        self._panel = QScrollArea()
        self._panel.setWidgetResizable(True)
        self._panel.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._panel.setFrameShape(QFrame.Shape.NoFrame)
        self._whole = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(theme.GAP_WIDE)
        self._whole.addLayout(left, 1)
        self._whole.addWidget(self._panel)
        self._arrange()
        self._show()

    def read(self) -> None:
        """Read the list again without moving the current row."""
        self._reading.read()

    def take_focus(self) -> None:
        """Give the focus to the list."""
        self.list.setFocus()

    # Reading

    @property
    def _office(self) -> int:
        return self.office.office_id

    def _ask(self, ended: Callable[[], None]) -> None:
        office = self._office

        def work(session: Session) -> Read:
            from desk.services import outbox

            return Read(tuple(outbox.entries(session, (office,))), outbox.account(session, office))

        def show(found: Read) -> None:
            ended()
            self._take(found)

        self._workstation.read(self, work, show, lambda _trouble: ended())

    def _take(self, found: Read) -> None:
        self._read = found
        waiting = sum(1 for entry in found.entries if entry.state in UNDER_WAY)
        trouble = sum(1 for entry in found.entries if entry.state in IN_TROUBLE)
        words = [f"{waiting} menunggu" if waiting else "", f"{trouble} perlu diputuskan" if trouble else ""]
        self._count.setText(", ".join(word for word in words if word))
        self.list.show_rows(found.entries)
        if self.list.current_row() is None and found.entries:
            self.list.select_key(found.entries[0].id)
        else:
            self._show()

    # The list

    def _columns(self) -> tuple[Column[Any], ...]:
        return (
            Column("Keadaan", lambda row: _sentence_case(row.state.label), lambda row: row.state.label,
                   look=Look.PILL, tone=_tone, width=150),
            Column("Perihal", lambda row: row.subject, lambda row: row.subject.casefold(),
                   lambda row: f"ke {row.to}", Look.STRONG, width=210, share=4),
            Column("Permohonan", lambda row: row.customer_name, lambda row: row.number, lambda row: row.number,
                   width=150, share=2, spare=1),
            Column("Ditulis", lambda row: self._moment(row.at), lambda row: row.at, lambda row: row.writer,
                   look=Look.MUTED, width=120, spare=2),
        )  # fmt: skip

    def _moment(self, moment: datetime) -> str:
        local = local_moment(moment, self._workstation.office(self._office).zone)
        return f"{short_text(local.date()).rsplit(' ', 1)[0]} {local:%H.%M}"

    # The panel

    def _show(self) -> None:
        inside = QFrame()
        inside.setProperty("role", "panel")
        column = QVBoxLayout(inside)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(8)
        row: OutgoingEntry | None = self.list.current_row()
        if row is not None:
            self._fill(column, row)
            column.addSpacing(14)
        self._fill_account(column)
        column.addStretch(1)
        self._panel.setWidget(inside)

    def _fill(self, column: QVBoxLayout, row: OutgoingEntry) -> None:
        column.addWidget(_label(row.subject, "strong"))
        files = f" · {row.files} lampiran" if row.files else ""
        column.addWidget(_label(f"ke {row.to}{files}", "muted"))
        column.addWidget(_label(f"{row.number} · {row.customer_name}", "muted"))
        state = _label(_sentence_case(row.state.label) + (f": {row.reason}" if row.reason else "."))
        state.setObjectName("outbox.state")
        if _tone(row) is not Tone.PLAIN:
            state.setProperty("tone", _tone(row).value)
        column.addWidget(state)
        if row.state is OutgoingState.LATER and row.until is not None:
            column.addWidget(_label(f"Dicoba lagi {self._moment(row.until)}.", "small"))
        if row.state in IN_TROUBLE:
            column.addWidget(_label("Buka permohonannya, lalu tekan “Putuskan surel bermasalah”.", "small"))
        self._button(
            column,
            "outbox.open",
            "Buka permohonan",
            lambda: self._workstation.case_wanted.emit(row.office_id, row.case_id),
        )

    def _fill_account(self, column: QVBoxLayout) -> None:
        waits = any(entry.state in UNDER_WAY for entry in self._read.entries)
        column.addWidget(
            AccountPanel(
                self,
                self._workstation,
                "smtp",
                self._office,
                self._read.account,
                waits=waits,
                say=self.said.emit,
                changed=self.read,
            )
        )

    def _button(self, column: QVBoxLayout, name: str, label: str, clicked: Callable[[], Any]) -> None:
        button: QPushButton = RowButton(label)
        button.setObjectName(name)
        button.clicked.connect(lambda: clicked())
        column.addWidget(button)

    def _arrange(self) -> None:
        """The chosen mail stands beside the list; in a narrow window, as at 200 % scaling, below it."""
        narrow = self.width() < NARROW
        across = QBoxLayout.Direction.LeftToRight
        self._whole.setDirection(QBoxLayout.Direction.TopToBottom if narrow else across)
        self._whole.setStretch(1, int(narrow))
        self._panel.setMinimumWidth(0 if narrow else PANEL_WIDTH)
        self._panel.setMaximumWidth(16_777_215 if narrow else PANEL_WIDTH)

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


def _tone(row: OutgoingEntry) -> Tone:
    if row.state in IN_TROUBLE:
        return Tone.LATE
    if row.state is OutgoingState.LATER:
        return Tone.SOON
    if row.state in (OutgoingState.SENT, OutgoingState.ARRIVED):
        return Tone.DONE
    return Tone.PLAIN if row.state is OutgoingState.DROPPED else Tone.ACCENT


def _sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]


def _label(text: str, role: str = "") -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)  # subjects and the words of mail servers stand here
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    return label
