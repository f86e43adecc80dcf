"""The tray: mails from the office's mailbox that wait for somebody; one key makes a request of the one on show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desk.rules.dates import local_moment, short_text
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

    from desk.adapters.understanding import Understood
    from desk.rules.mail import MailAccount
    from desk.services.inbox import TrayEntry
    from desk.services.incoming import Suggestion
    from desk.ui.intake import Intake
    from desk.ui.workstation import Workstation

PANEL_WIDTH = 440
NARROW = 980
_KINDS = {
    "new_request": "Surel baru",
    "reply": "Balasan",
    "auto_reply": "Balasan otomatis",
    "bounce": "Tidak sampai",
    "list": "Edaran",
    "sent": "Dari kantor sendiri",
    "unreadable": "Tidak terbaca",
}
_TONES = {"new_request": Tone.ACCENT, "reply": Tone.ACCENT, "bounce": Tone.LATE, "unreadable": Tone.SOON}


@dataclass(frozen=True, slots=True)
class Read:
    """One reading of the page."""

    entries: tuple[TrayEntry, ...]
    account: MailAccount | None


class InboxPage(QWidget):
    """The mails at the left, the chosen one with its suggestions at the right."""

    said = Signal(str)
    """What was done, for the quiet line of the window."""

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._reading = Rereading(self._ask)
        self._read = Read((), None)
        self._intake: Intake | None = None
        self._shown: object = None
        self.office = OfficeChoice(workstation)
        self.office.chosen.connect(self.read)
        self.setAccessibleName("Surel masuk")
        title = QLabel("Surel masuk")
        title.setProperty("role", "title")
        self._count = QLabel()
        self._count.setProperty("role", "muted")
        self.aside = QCheckBox("Tampilkan yang disisihkan")
        self.aside.setObjectName("inbox.aside")
        self.aside.toggled.connect(lambda _on: self.read())
        self.list = ListView("Daftar surel masuk")
        self.list.when_empty = "Tidak ada surel yang menunggu."
        self.list.setObjectName("inbox")
        self.list.set_table(TableModel[Any](self._columns(), parent=self))
        self.list.row_selected.connect(lambda _row: self._show())
        self.list.row_opened.connect(self._as_new)
        QShortcut(QKeySequence("Del"), self.list).activated.connect(lambda: self._set_aside(self.list.current_row()))
        heading = QHBoxLayout()
        heading.addWidget(title)
        heading.addWidget(self._count, 1)
        heading.addWidget(self.office)
        heading.addWidget(self.aside)
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
        office, aside = self._office, self.aside.isChecked()

        def work(session: Session) -> Read:
            from desk.services import inbox, outbox

            return Read(tuple(inbox.tray(session, (office,), aside=aside)), outbox.account(session, office, "imap"))

        def show(found: Read) -> None:
            ended()
            self._take(found)

        self._workstation.read(self, work, show, lambda _trouble: ended())

    def _take(self, found: Read) -> None:
        changed = found.account != self._read.account
        self._read = found
        waiting = sum(1 for entry in found.entries if not entry.aside)
        self._count.setText(f"{waiting} menunggu" if waiting else "tidak ada yang menunggu")
        self.list.show_rows(found.entries)
        if self.list.current_row() is None and found.entries:
            self.list.select_key(found.entries[0].id)
        elif changed or self.list.current_row() != self._shown:
            self._show()

    # The list

    def _columns(self) -> tuple[Column[Any], ...]:
        return (
            Column("Jenis", lambda row: _KINDS[row.kind], lambda row: row.kind, lambda row: row.aside,
                   look=Look.PILL, tone=lambda row: _TONES.get(row.kind, Tone.PLAIN), width=140),
            Column("Dari", lambda row: row.sender_name or row.sender_address or "tanpa pengirim",
                   lambda row: row.sender_name.casefold(), lambda row: row.sender_address, Look.STRONG,
                   width=150, share=2),
            Column("Perihal", lambda row: row.subject, lambda row: row.subject.casefold(), _about_files,
                   width=170, share=3),
            Column("Waktu", lambda row: self._moment(row.moment), lambda row: row.moment, look=Look.MUTED,
                   width=100, spare=1),
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
        row: TrayEntry | None = self.list.current_row()
        self._shown = row
        if row is not None:
            self._fill(column, row)
            column.addSpacing(14)
        column.addWidget(
            AccountPanel(
                self,
                self._workstation,
                "imap",
                self._office,
                self._read.account,
                waits=True,
                say=self.said.emit,
                changed=self.read,
            )
        )
        column.addStretch(1)
        self._panel.setWidget(inside)

    def _fill(self, column: QVBoxLayout, row: TrayEntry) -> None:
        from desk.adapters.files import size_text

        column.addWidget(_label(row.subject or "(tanpa perihal)", "strong"))
        who = f"{row.sender_name} · {row.sender_address}".strip(" ·")
        column.addWidget(_label(f"{who or 'tanpa pengirim'} · {self._moment(row.moment)}", "muted"))
        text = QPlainTextEdit(row.body)
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.setAccessibleName("Isi surel")
        text.setFixedHeight(190)
        column.addWidget(text)
        for name, size, card in row.files:
            words = f"{name} · {size_text(size)}"
            column.addWidget(_label(f"{words} · mungkin kartu identitas, dilindungi" if card else words, "small"))
        if row.notices:
            notice = _label(" ".join(row.notices))
            notice.setProperty("tone", "soon")
            column.addWidget(notice)
        if row.opens_case:
            self._button(column, "inbox.new", "Permohonan baru  Enter", partial(self._as_new, row), "primary")
        self._suggestions = QVBoxLayout()
        self._suggestions.setSpacing(8)
        column.addLayout(self._suggestions)
        if row.kind != "unreadable":
            self._button(column, "inbox.look", "Pilih permohonan atau periksa berkas…", partial(self._choose, row))
        if not row.aside:
            self._button(column, "inbox.set_aside", "Sisihkan  Del", partial(self._set_aside, row))
        self._suggest(row, self._suggestions)

    def _suggest(self, row: TrayEntry, column: QVBoxLayout) -> None:
        """The cases it may belong to, each one key: the number is named, it is an answer, or the sender is known."""

        def work(session: Session) -> list[Suggestion]:
            from desk.services import incoming

            spellings = [form for each in row.thread for form in (each, each.strip("<>"), f"<{each.strip('<>')}>")]
            return incoming.cases_of_message(
                session, [row.office_id], number=row.number, thread=spellings, email=row.sender_address
            )

        def show(found: list[Suggestion]) -> None:
            if self._shown is not row:
                return
            for place, case in enumerate(found[:4], 1):
                words = f"Masuk ke {case.number} · {case.customer_name} ({case.why})"
                self._button(column, f"inbox.case.{place}", words, partial(self._join, row, case))

        self._workstation.read(self, work, show, lambda _trouble: None)

    def _button(self, column: QVBoxLayout, name: str, label: str, clicked: Callable[[], Any], role: str = "") -> None:
        button = RowButton(label, role=role)
        button.setObjectName(name)
        button.setToolTip(label)
        button.clicked.connect(lambda: clicked())
        column.addWidget(button)

    # What may become of a mail

    def _as_new(self, row: TrayEntry | None) -> None:
        """One key: the registration form, filled in with what the mail says."""
        if row is not None and row.opens_case:
            self._understood(row, lambda seen: self._take_in().register_with_catalogue(seen))

    def _choose(self, row: TrayEntry) -> None:
        self._understood(row, lambda seen: self._take_in().show(seen))

    def _join(self, row: TrayEntry, case: Suggestion) -> None:
        self._understood(row, lambda seen: self._take_in().join(seen, case.office_id, case.case_id))

    def _set_aside(self, row: TrayEntry | None) -> None:
        if row is None or row.aside:
            return
        station = self._workstation

        def deed() -> None:
            from desk.services import inbox

            with station.link.transaction() as session:
                inbox.answer(session, row.office_id, row.id, "set_aside", reason="disisihkan")

        def done(_none: None) -> None:
            self.said.emit(f"Surel “{row.subject}” disisihkan; tetap ada di kotak surel.")
            self.read()

        station.background.run_work(self, deed, done)

    def _understood(self, row: TrayEntry, then: Callable[[Understood], object]) -> None:
        """Read the bytes on the database lane, understand them on the slow lane, then go on here."""

        def understand(data: bytes) -> None:
            from desk.adapters.understanding import understand_mail

            self._workstation.background.run_slow(
                self, lambda _task: understand_mail(data, mail_id=row.id), then, self._take_in().on_trouble
            )

        def content(session: Session) -> bytes:
            from desk.services import inbox

            return inbox.content(session, row.office_id, row.id)

        self._workstation.read(self, content, understand)

    def _take_in(self) -> Intake:
        if self._intake is None:
            from desk.ui.intake import Intake

            self._intake = Intake(self._workstation, self)
            self._intake.performed.connect(self._on_done)
        return self._intake

    def _on_done(self, done: Any) -> None:
        self.said.emit(done.sentence)
        self.read()

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


def _about_files(row: TrayEntry) -> str:
    return f"{len(row.files)} lampiran" if row.files else ""


def _label(text: str, role: str = "") -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)  # strangers wrote this
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    return label
