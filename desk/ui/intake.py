"""Intake by drop: a mail, a WhatsApp export or a pasted conversation opens a case or joins the one it belongs to.

The forms are imported where they are opened: the window must not wait for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, QPoint, Signal
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QWidget

from desk.errors import Refused, Unavailable
from desk.rules.case import CaseFacts, MessageKind
from desk.rules.dates import zone_of
from desk.rules.identifiers import read_phone
from desk.ui import message
from desk.ui.intake_dialog import IntakeDialog

if TYPE_CHECKING:
    from datetime import tzinfo

    from sqlalchemy.orm import Session

    from desk.adapters.understanding import Understood
    from desk.rules.deed import Done
    from desk.rules.inputs import IncomingFile, LineInput
    from desk.services.incoming import Suggestion
    from desk.ui.workstation import Workstation


@dataclass(frozen=True, slots=True)
class Matched:
    """What the database adds to a message: the cases it may belong to, and the items of the catalogue it names."""

    suggestions: tuple[Suggestion, ...]
    lines: tuple[LineInput, ...] = ()


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


@dataclass(frozen=True, slots=True)
class ReadFiles:
    """What several files turned out to be: messages, files as they are, and a sentence for each that was refused."""

    messages: tuple[Understood, ...]
    files: tuple[IncomingFile, ...]
    refusals: tuple[str, ...]


def understand_files(paths: Sequence[Path], zone: tzinfo | None) -> ReadFiles:
    """Every file understood, one refused file keeps none of the others away; runs on the slow lane."""
    from desk.rules.inputs import IncomingFile

    messages, files, refusals = [], [], []
    for path in paths:
        try:
            found = understand_file(path, zone)
        except (Refused, Unavailable) as trouble:
            refusals.append(str(trouble))
        else:
            if isinstance(found, IncomingFile):
                files.append(found)
            else:
                messages.append(found)
    return ReadFiles(tuple(messages), tuple(files), tuple(refusals))


def match(session: Session, office_ids: Sequence[int], seen: Understood) -> Matched:
    """What the database knows about a message; runs on the database lane."""
    from desk.services import incoming, rule_book

    phone = read_phone(seen.phone).normalized if seen.phone else None
    found = incoming.cases_of_message(
        session, office_ids, number=seen.number, thread=seen.thread, email=seen.email, phone=phone or ""
    )
    return Matched(tuple(found), seen.lines(rule_book.catalogue(session, office_ids[0])))


class Intake(QObject):
    """Takes what is dropped or pasted onto the window; `case_opened` names the case that was made or added to."""

    case_opened = Signal(int, object)
    performed = Signal(object)
    """A deed was recorded; carries `Done`."""

    def __init__(
        self,
        workstation: Workstation,
        window: QWidget,
        case_on_screen: Callable[[], CaseFacts | None] = lambda: None,
        case_under: Callable[[QPoint | None], Suggestion | None] = lambda _point: None,
    ) -> None:
        """`case_under` answers which row of a list lies under a point of the window (None: the mouse went away)."""
        super().__init__(window)
        self._workstation = workstation
        self._window = window
        self._case_on_screen = case_on_screen
        self._case_under = case_under
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def choose(self) -> None:
        """Let the person choose a mail or an exported conversation."""
        from desk.ui.forms.file_field import file_dialog

        dialog = file_dialog(self._window, "Impor surel (.eml, .msg) atau percakapan WhatsApp (.txt, .zip)", many=True)
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

    def take_files(self, paths: Sequence[Path], target: Suggestion | None = None) -> None:
        """Understand the files; mails and conversations are shown, the others join a case together.

        `target` is the case on whose row they were dropped; without it the others join the case on the screen.
        """
        zone = self._zone()
        self._workstation.background.run_slow(
            self,
            lambda _task: understand_files(paths, zone),
            lambda found: self._on_read(found, target),
            self.on_trouble,
        )

    def take_text(self, text: str, target: Suggestion | None = None) -> None:
        """Understand a pasted or dropped conversation."""
        from desk.adapters.understanding import understand_chat

        zone = self._zone()
        self._workstation.background.run_slow(
            self,
            lambda _task: understand_chat(text, zone),
            lambda seen: self._show_message(seen, target),
            self.on_trouble,
        )

    def register(self, seen: Understood, lines: tuple[LineInput, ...] = ()) -> None:
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
            known=seen.registration(lines),
            carried={"messages": seen.messages, "mail_id": seen.mail_id},
            subject=seen.key,
        )

    def register_with_catalogue(self, seen: Understood) -> None:
        """The same, with the catalogue read first: what the message names is found in it."""
        offices = self._workstation.office_ids
        self._workstation.read(
            self,
            lambda session: match(session, offices, seen),
            lambda known: self.register(seen, known.lines),
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
        self._show_message(seen, None)

    def _on_read(self, found: ReadFiles, target: Suggestion | None) -> None:
        for seen in found.messages:
            self._show_message(seen, target)
        case = self._case_on_screen()
        if found.files and target is not None:
            self._add_files(target.office_id, target.case_id, found.files)
        elif found.files and case is not None:
            self._add_files(case.office_id, case.id, found.files)
        elif found.files:
            names = ", ".join(file.name for file in found.files)
            message.show(
                self._window,
                "Berkas belum diterima",
                f"{names} bukan surel atau percakapan. Pilih permohonannya di daftar, lalu seret lagi.",
            )
        if found.refusals:
            message.show(self._window, "Tidak dapat diterima", "\n\n".join(found.refusals))

    def _add_files(self, office_id: int, case_id: UUID, files: tuple[IncomingFile, ...]) -> None:
        self.add_to_case(office_id, case_id, ", ".join(file.name for file in files), files)

    def _show_message(self, seen: Understood, target: Suggestion | None) -> None:
        offices = self._workstation.office_ids

        def matched(known: Matched) -> None:
            others = [case for case in known.suggestions if target is None or case.case_id != target.case_id]
            dialog = IntakeDialog(self._window, seen, others if target is None else [target, *others])
            dialog.as_new.connect(lambda kept: self.register(kept, known.lines))
            dialog.into_case.connect(lambda kept, case: self.join(kept, case.office_id, case.case_id))
            dialog.show()

        self._workstation.read(self, lambda session: match(session, offices, seen), matched, self.on_trouble)

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
        if event.type() is QEvent.Type.DragLeave:
            self._case_under(None)
        if isinstance(event, QDropEvent):  # entering and moving are kinds of it
            from desk.ui.forms.file_field import local_files

            paths, text = local_files(event.mimeData()), event.mimeData().text().strip()
            if paths or text:
                event.acceptProposedAction()
                target = self._case_under(event.position().toPoint())
                if event.type() is QEvent.Type.Drop:
                    self._case_under(None)
                    if paths:
                        self.take_files(paths, target)
                    else:
                        self.take_text(text, target)
                return True
        return super().eventFilter(watched, event)
