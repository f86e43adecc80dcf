"""Intake by drop: a mail, a WhatsApp export or a pasted conversation opens a case or joins the one it belongs to.

The forms are imported where they are opened: the window must not wait for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desk.errors import Refused, Unavailable
from desk.rules.case import CaseFacts, MessageKind
from desk.rules.dates import zone_of
from desk.rules.identifiers import read_phone
from desk.ui import message

if TYPE_CHECKING:
    from datetime import tzinfo

    from sqlalchemy.orm import Session

    from desk.adapters.understanding import Understood
    from desk.rules.deed import Done
    from desk.rules.inputs import IncomingFile
    from desk.services.incoming import Suggestion
    from desk.ui.forms.surroundings import CatalogueChoice
    from desk.ui.workstation import Workstation


@dataclass(frozen=True, slots=True)
class Matched:
    """What the database adds to a message: the cases it may belong to, and the catalogue."""

    suggestions: tuple[Suggestion, ...]
    catalogue: tuple[CatalogueChoice, ...]


def understand_file(path: Path, zone: tzinfo | None) -> Understood | IncomingFile:
    """A mail or a conversation understood, any other file as it is; runs on the slow lane. Refused with a sentence."""
    from desk.adapters.chat_in import CHAT_LIMIT, read_chat
    from desk.adapters.files import FileType, read_limited, sniff
    from desk.adapters.understanding import understand_chat, understand_mail
    from desk.ui.forms.file_field import judge_file

    data = read_limited(path, CHAT_LIMIT)
    kind = sniff(data)
    ending = path.suffix.lower()
    if kind in (FileType.EML, FileType.MSG) or ending in (".eml", ".msg"):
        return understand_mail(data)
    if kind is FileType.ZIP or ending == ".txt":
        try:
            read_chat(data, zone=zone)
        except Refused:
            return judge_file(path.name, data).file
        return understand_chat(data, zone)
    return judge_file(path.name, data).file


def match(session: Session, office_ids: Sequence[int], seen: Understood) -> Matched:
    """What the database knows about a message; runs on the database lane."""
    from desk.services import incoming, rule_book
    from desk.ui.forms.surroundings import CatalogueChoice

    phone = read_phone(seen.phone).normalized if seen.phone else None
    found = incoming.cases_of_message(
        session, office_ids, number=seen.number, thread=seen.thread, email=seen.email, phone=phone or ""
    )
    items = rule_book.catalogue(session, office_ids[0])
    return Matched(
        tuple(found), tuple(CatalogueChoice(item.code, item.title, item.tariff, item.size) for item in items)
    )


class Intake(QObject):
    """Takes what is dropped or pasted onto the window; `case_opened` names the case that was made or added to."""

    case_opened = Signal(int, object)
    performed = Signal(object)
    """A deed was recorded; carries `Done`."""

    def __init__(
        self, workstation: Workstation, window: QWidget, case_on_screen: Callable[[], CaseFacts | None] = lambda: None
    ) -> None:
        super().__init__(window)
        self._workstation = workstation
        self._window = window
        self._case_on_screen = case_on_screen
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def choose(self) -> None:
        """Let the person choose a mail or an exported conversation."""
        from desk.ui.forms.file_field import file_dialog

        dialog = file_dialog(self._window, "Impor surel (.eml) atau percakapan WhatsApp (.txt, .zip)", many=True)
        dialog.filesSelected.connect(lambda names: self.take_files([Path(name) for name in names]))
        dialog.open()

    def paste(self) -> None:
        """Take files or a conversation from the clipboard."""
        mime = QGuiApplication.clipboard().mimeData()
        from desk.ui.forms.file_field import local_files

        if paths := local_files(mime):
            self.take_files(paths)
        elif mime.hasText() and mime.text().strip():
            self.take_text(mime.text())

    def take_files(self, paths: Sequence[Path]) -> None:
        """Understand each file; mails and conversations are shown, other files join the case on the screen."""
        zone = self._zone()
        for path in paths:
            self._workstation.background.run_slow(
                self,
                lambda _task, path=path: understand_file(path, zone),  # type: ignore[misc]
                self._on_understood,
                self.on_trouble,
            )

    def take_text(self, text: str) -> None:
        """Understand a pasted conversation."""
        from desk.adapters.understanding import understand_chat

        zone = self._zone()
        self._workstation.background.run_slow(
            self, lambda _task: understand_chat(text, zone), self._on_understood, self.on_trouble
        )

    def register(self, seen: Understood, catalogue: Sequence[CatalogueChoice] = ()) -> None:
        """Open the registration form with what the message says."""
        action = self._workstation.new_case_action()
        if action is None:
            message.show(self._window, "Permohonan baru", "Permohonan baru hanya dapat dicatat oleh petugas layanan.")
            return
        from desk.ui.forms.opening import deliver, open_form

        open_form(
            self._window,
            action,
            None,
            self._workstation,
            lambda inputs, form: deliver(self._workstation, form, inputs, self._on_done),
            known=seen.registration(catalogue),
            carried={"messages": seen.messages, "mail_id": seen.mail_id},
            subject=seen.key,
        )

    def register_with_catalogue(self, seen: Understood) -> None:
        """The same, with the catalogue read first: what the message names is found in it."""
        offices = self._workstation.office_ids
        self._workstation.read(
            self,
            lambda session: match(session, offices, seen),
            lambda known: self.register(seen, known.catalogue),
            self.on_trouble,
        )

    def join(self, seen: Understood, office_id: int, case_id: UUID) -> None:
        """Put the messages into the conversation of a case, each as it was said, with its files."""
        from desk import actions
        from desk.rules.inputs import TakenMessages
        from desk.services import case_file

        taken = TakenMessages(seen.messages, seen.channel, seen.mail_id)
        action = actions.ACTIONS["take_messages"]
        self._workstation.read(
            self,
            lambda session: case_file.facts(session, office_id, case_id),
            lambda case: self._workstation.perform(
                self, action, case, taken, self._on_done, lambda trouble: self.on_trouble(trouble)
            ),
            self.on_trouble,
        )

    def add_to_case(self, office_id: int, case_id: UUID, text: str, files: tuple[IncomingFile, ...]) -> None:
        """Open the message form of a case with text and files."""
        from desk.services import case_file
        from desk.ui.forms.opening import deliver, open_form

        def opened(case: CaseFacts) -> None:
            from desk import actions

            action = actions.ACTIONS["add_message"]
            reason = actions.why_not(action, self._workstation.actor, case)
            if reason is not None:
                message.show(self._window, action.label, reason)
                return
            open_form(
                self._window,
                action,
                case,
                self._workstation,
                lambda inputs, form: deliver(self._workstation, form, inputs, self._on_done),
                known={"kind": MessageKind.INCOMING, "text": text, "files": files},
            )

        self._workstation.read(self, lambda session: case_file.facts(session, office_id, case_id), opened)

    def show(self, seen: Understood) -> None:
        """Show what was understood, with the cases it may belong to; the person says what becomes of it."""
        self._on_understood(seen)

    def _on_understood(self, found: Understood | IncomingFile) -> None:
        from desk.rules.inputs import IncomingFile

        if isinstance(found, IncomingFile):
            case = self._case_on_screen()
            if case is None:
                message.show(
                    self._window,
                    "Berkas belum diterima",
                    f"{found.name} bukan surel atau percakapan. Pilih permohonannya di daftar, lalu seret lagi.",
                )
            else:
                self.add_to_case(case.office_id, case.id, found.name, (found,))
            return
        offices = self._workstation.office_ids

        def matched(known: Matched) -> None:
            dialog = IntakeDialog(self._window, found, known.suggestions)
            dialog.as_new.connect(lambda seen: self.register(seen, known.catalogue))
            dialog.into_case.connect(lambda seen, case: self.join(seen, case.office_id, case.case_id))
            dialog.show()

        self._workstation.read(self, lambda session: match(session, offices, found), matched, self.on_trouble)

    def on_trouble(self, trouble: Refused | Unavailable) -> None:
        """Tell the person what went wrong."""
        message.show_trouble(self._window, trouble)

    def _on_done(self, done: Done) -> None:
        self.case_opened.emit(done.office_id, done.case_id)
        self.performed.emit(done)

    def _zone(self) -> tzinfo:
        return zone_of(self._workstation.office(self._workstation.office_ids[0]).zone)

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDropEvent) and event.type() in (QEvent.Type.DragEnter, QEvent.Type.Drop):
            from desk.ui.forms.file_field import local_files

            paths, text = local_files(event.mimeData()), event.mimeData().text().strip()
            if paths or text:
                event.acceptProposedAction()
                if not isinstance(event, QDragEnterEvent):
                    if paths:
                        self.take_files(paths)
                    else:
                        self.take_text(text)
                return True
        return super().eventFilter(watched, event)


class IntakeDialog(QDialog):
    """What was understood: sender, text, files; a new request, or the case it belongs to."""

    as_new = Signal(object)
    into_case = Signal(object, object)

    def __init__(self, parent: QWidget | None, seen: Understood, suggestions: Sequence[Suggestion]) -> None:
        super().__init__(parent)
        self._seen = seen
        self._suggestions = tuple(suggestions)
        self.cards: list[QCheckBox] = []
        self.setObjectName("intake")
        self.setWindowTitle(seen.heading)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(18, 18, 18, 14)
        rows.setSpacing(8)
        rows.addWidget(_label(seen.heading, role="title"))
        who = " · ".join(part for part in (seen.name, seen.email, seen.phone) if part)
        rows.addWidget(_label(who or "Pengirim tidak diketahui", role="strong"))
        if seen.subject:
            rows.addWidget(_label(seen.subject, role="muted"))
        text = QPlainTextEdit(seen.text)
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.setAccessibleName("Isi pesan")
        text.setMinimumHeight(120)
        rows.addWidget(text, 1)
        if seen.files:
            rows.addWidget(self._build_files())
        for sentence in seen.refusals:
            rows.addWidget(_label(f"Tidak diterima: {sentence}", tone="late"))
        if seen.notices:
            rows.addWidget(_label(" ".join(dict.fromkeys(seen.notices)), tone="soon"))
        rows.addWidget(self._build_choice())
        rows.addLayout(self._build_buttons())
        self.resize(640, 560)
        self.go.setFocus()

    def choose(self) -> None:
        """Go on with what is marked."""
        seen = self._seen.with_cards(frozenset(place for place, card in enumerate(self.cards) if card.isChecked()))
        chosen = self.group.checkedId()
        if chosen < 0:
            return
        self.accept()
        if chosen == 0:
            self.as_new.emit(seen)
        else:
            self.into_case.emit(seen, self._suggestions[chosen - 1])

    def _build_files(self) -> QWidget:
        from desk.adapters.files import size_text

        box = QFrame()
        box.setProperty("role", "panel")
        rows = QVBoxLayout(box)
        rows.setContentsMargins(12, 8, 12, 8)
        rows.setSpacing(6)
        for file in self._seen.files:
            row = QHBoxLayout()
            row.addWidget(_label(f"{file.name} · {size_text(len(file.data))}"), 1)
            card = QCheckBox("Kartu identitas (dilindungi)")
            card.setChecked(file.protected)
            card.setAccessibleName(f"{file.name} adalah kartu identitas")
            card.setToolTip("Disimpan terpisah; setiap kali dilihat, nama dan alasannya dicatat (UU 27/2022).")
            row.addWidget(card)
            self.cards.append(card)
            rows.addLayout(row)
        return box

    def _build_choice(self) -> QWidget:
        box = QWidget()
        rows = QVBoxLayout(box)
        rows.setContentsMargins(0, 4, 0, 0)
        rows.setSpacing(6)
        self.group = QButtonGroup(self)
        new = QRadioButton("Permohonan baru")
        new.setObjectName("intake.new")
        self.group.addButton(new, 0)
        rows.addWidget(new)
        if self._seen.no_case_because:
            new.setEnabled(False)
            rows.addWidget(_label(self._seen.no_case_because, tone="soon"))
        for place, case in enumerate(self._suggestions, 1):
            button = QRadioButton(f"Masuk ke {case.number} · {case.customer_name} ({case.why})")
            button.setObjectName(f"intake.case.{place}")
            self.group.addButton(button, place)
            rows.addWidget(button)
        certain = [place for place, case in enumerate(self._suggestions, 1) if case.why != "pengirim yang sama"]
        if certain:
            self.group.button(certain[0]).setChecked(True)
        elif not self._seen.no_case_because:
            new.setChecked(True)
        return box

    def _build_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        cancel = QPushButton("Batal")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.go = QPushButton("Lanjut")
        self.go.setObjectName("intake.go")
        self.go.setProperty("role", "primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self.choose)
        self.go.setEnabled(self.group.checkedId() >= 0)
        self.group.idToggled.connect(lambda: self.go.setEnabled(self.group.checkedId() >= 0))
        row.addWidget(cancel)
        row.addWidget(self.go)
        return row


def _label(text: str, **look: Any) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)  # strangers wrote this
    label.setWordWrap(True)
    for name, value in look.items():
        label.setProperty(name, value)
    return label
