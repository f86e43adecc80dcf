"""The mail table: a scan box that always has the focus, above the list of what lies on the table.

A letter is opened, its code is scanned, and the copy stands on the screen at its next step: an arriving one is received
at once and its five ticks are asked. Whatever is wrong with a code is said in one line; the next letter can be scanned.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from desk.errors import Refused
from desk.rules.inputs import LoanReturn, ReceivedInput
from desk.ui import theme
from desk.ui.sheet_printing import SheetPrinter
from desk.ui.theme import set_look

if TYPE_CHECKING:
    from desk.rules.case import CaseFacts
    from desk.rules.deed import Done
    from desk.services.binders import BinderRow
    from desk.services.mail_table import Letter
    from desk.ui.background import Trouble
    from desk.ui.forms import FormDialog
    from desk.ui.workstation import Workstation

PLACEHOLDER = "Pindai kode QR pada naskah, atau ketik kodenya lalu Enter"
READY = "Siap memindai. Satu pindaian untuk setiap naskah."
_SHOWN = 3
"""How many of the last letters stay in sight."""


class ScanBox(QLineEdit):
    """Where codes land."""

    taken = Signal(str)
    nothing_typed = Signal()
    """Enter in the empty box."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scan")
        self.setPlaceholderText(PLACEHOLDER)
        self.setAccessibleName("Kode naskah")
        self.setAccessibleDescription("Pindai kode QR pada naskah asli; kasusnya terbuka pada langkah berikutnya.")
        self.setMinimumHeight(44)
        self.setClearButtonEnabled(True)
        self.returnPressed.connect(self._on_enter)

    def begin(self, typed: str = "") -> None:
        """Take the focus and what was typed elsewhere."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if typed:
            self.setText(typed)

    def _on_enter(self) -> None:
        typed = self.text().strip()
        self.clear()
        if typed:
            self.taken.emit(typed)
        else:
            self.nothing_typed.emit()


class MailTable(QFrame):
    """The scan box, what was said about the last letters, and the forms that are opened one after another."""

    case_wanted = Signal(int, object)
    """A case belongs to the scanned code: office id and case id."""
    performed = Signal(object)
    """A deed was recorded; carries `Done`."""
    tray_wanted = Signal()
    scans_dropped = Signal(object)
    """Scanned files were dropped here; carries their paths."""

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self.setAcceptDrops(True)
        self._form: FormDialog | None = None
        self._pending: deque[tuple[int, UUID, int]] = deque()
        self._told: deque[str] = deque(maxlen=_SHOWN)
        self._sheets = SheetPrinter(self, workstation, lambda sentence: self._say(sentence, "done"))
        self.setObjectName("mail_table")
        self.setAccessibleName("Meja surat")
        self.setProperty("role", "panel")
        self.box = ScanBox()
        self.box.taken.connect(self.take)
        self.box.nothing_typed.connect(self._take_first_offer)
        self.answer = QLabel()
        self.answer.setObjectName("scan_answer")
        self.answer.setWordWrap(True)
        self.answer.setTextFormat(Qt.TextFormat.PlainText)
        self._before = QLabel()
        self._before.setObjectName("scan_before")
        self._before.setProperty("role", "small")
        self._before.setContentsMargins(12, 0, 12, 0)
        self._before.setTextFormat(Qt.TextFormat.PlainText)
        self._before.setWordWrap(True)
        self.offers = QWidget()
        self.offers.setObjectName("scan_offers")
        self._offered = QHBoxLayout(self.offers)
        self._offered.setContentsMargins(12, 0, 12, 0)
        self._offered.setSpacing(8)
        self.offers.hide()
        self._waiting = QLabel()
        self._waiting.setObjectName("scan_waiting")
        self._waiting.setProperty("tone", "soon")
        self._waiting.hide()
        first = QHBoxLayout()
        first.setSpacing(theme.GAP_WIDE)
        first.addWidget(self.box, 1)
        first.addWidget(self._waiting)
        self.tray = QPushButton("Baki pindaian")
        self.tray.setObjectName("mail.tray")
        self.tray.setToolTip("Pindaian setumpuk naskah: seret PDF ke sini, atau buka baki")
        self.tray.clicked.connect(self.tray_wanted)
        self.morning = QPushButton("Cetak pagi")
        self.morning.setObjectName("mail.morning")
        self.morning.setToolTip("Mencetak sekaligus naskah yang belum dicetak, dengan label atau amplopnya")
        self.morning.clicked.connect(self._open_morning_run)
        first.addWidget(self.morning)
        first.addWidget(self.tray)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 12)
        column.setSpacing(10)
        column.addLayout(first)
        column.addWidget(self.answer)
        column.addWidget(self.offers)
        column.addWidget(self._before)
        self._say(READY, "accent")

    def focus_box(self) -> None:
        """The scan box takes the focus, unless a form is being filled in."""
        if self.isVisible() and not self._form_is_open():
            self.box.setFocus()

    def count_tray(self) -> None:
        """Read how many scanned parts wait in the tray."""
        from desk.services import scans

        offices = self._workstation.office_ids
        self._workstation.read(
            self, lambda session: len(scans.tray(session, offices)), self.show_tray_count, lambda _trouble: None
        )

    def show_tray_count(self, count: int) -> None:
        """Say on the button how many parts wait."""
        self.tray.setText(f"Baki pindaian · {count}" if count else "Baki pindaian")

    def take(self, typed: str) -> None:
        """Look up what was scanned; a trouble is said and stops nothing."""
        from desk.services import mail_table

        offices = self._workstation.office_ids
        self._workstation.read(
            self, lambda session: mail_table.letter_of(session, offices, typed), self._on_letter, self._on_trouble
        )

    # What was found

    def _on_letter(self, letter: Letter) -> None:
        from desk import actions

        case, step = letter.case, letter.step
        self.case_wanted.emit(case.office_id, case.id)
        if step.action_id is None:
            self._say(step.sentence, "accent" if step.offers else "late")
            self._offer(letter)
            return
        action = actions.ACTIONS[step.action_id]
        reason = actions.why_not(action, self._workstation.actor, case)
        if reason is not None:
            self._say(f"{step.sentence} {reason}", "late")
        elif step.action_id == "receive_original":
            received = ReceivedInput(copy=letter.copy, received_on=case.today, code=letter.code)
            self._workstation.perform(
                self, action, case, received, partial(self._on_received, letter), self._on_trouble
            )
        elif step.action_id == "return_original":
            back = LoanReturn(copy=letter.copy)
            self._workstation.perform(self, action, case, back, self._on_returned, self._on_trouble)
        else:
            self._say(step.sentence, "soon")
            self._offer(letter)
            self._next(case.office_id, case.id, letter.copy)

    def _on_returned(self, done: Done) -> None:
        self._say(done.sentence, "done")
        self.performed.emit(done)
        self.focus_box()

    def _on_received(self, letter: Letter, done: Done) -> None:
        self._say(letter.step.sentence, "done")
        self._offer(letter, just_received=True)
        self.performed.emit(done)
        self._next(done.office_id, done.case_id, letter.copy)

    def _on_trouble(self, trouble: Trouble) -> None:
        self._say(str(trouble), "late" if isinstance(trouble, Refused) else "soon")
        self.focus_box()

    def _say(self, sentence: str, tone: str) -> None:
        if self.answer.text() not in ("", READY):
            self._told.appendleft(self.answer.text())
        self._before.setText("\n".join(self._told))
        self._before.setVisible(bool(self._before.text()))
        self.answer.setText(sentence)
        self._take_offers_away()
        set_look(self.answer, tone=tone)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.answer, sentence))

    # The rarer deeds of the copy that was scanned last

    def _offer(self, letter: Letter, *, just_received: bool = False) -> None:
        """Show what else this copy allows; Enter in the empty box takes the first."""
        from desk import actions

        case = letter.case
        for action_id in letter.step.offers:
            action = actions.ACTIONS[action_id]
            if not just_received and actions.why_not(action, self._workstation.actor, case) is not None:
                continue
            button = QPushButton(action.label)
            button.setObjectName(f"scan.{action_id}")
            button.setToolTip(action.help)
            button.setAutoDefault(False)
            button.clicked.connect(partial(self._open, case.office_id, case.id, letter.copy, action_id))
            self._offered.addWidget(button)
        if self._offered.count():
            self._offered.addStretch(1)
            self.offers.show()

    def _take_offers_away(self) -> None:
        while (entry := self._offered.takeAt(0)) is not None:
            if (button := entry.widget()) is not None:
                button.deleteLater()
        self.offers.hide()

    def _take_first_offer(self) -> None:
        entry = self._offered.itemAt(0)
        button = entry.widget() if entry is not None else None
        if isinstance(button, QPushButton):
            button.click()

    # The forms, one after another

    def _next(self, office_id: int, case_id: UUID, copy: int) -> None:
        """Put a copy at the end of the row of those whose form is to be opened."""
        entry = (office_id, case_id, copy)
        if entry not in self._pending:
            self._pending.append(entry)
        self._open_next()

    def _open_next(self) -> None:
        open_now = self._form_is_open()
        if not open_now and self._pending:
            office_id, case_id, copy = self._pending.popleft()
            self._open(office_id, case_id, copy)
        waiting = len(self._pending)
        self._waiting.setText(f"{waiting} naskah menunggu formulir yang terbuka")
        self._waiting.setVisible(waiting > 0)

    def _open(self, office_id: int, case_id: UUID, copy: int, action_id: str = "") -> None:
        """Open the form of a deed for a copy; without a deed, the one that takes it further now."""
        from desk.services import case_file

        def opened(case: CaseFacts) -> None:
            from desk import actions
            from desk.ui.forms.opening import deliver, open_form

            step = action_id or _form_for(case, copy)
            if step is None or self._form_is_open():
                return
            action = actions.ACTIONS[step]
            self.case_wanted.emit(office_id, case_id)
            if actions.why_not(action, self._workstation.actor, case) is not None:
                return
            self._form = open_form(
                self.window(),
                action,
                case,
                self._workstation,
                lambda inputs, form: deliver(self._workstation, form, inputs, self._on_form_done),
                known={"copy": copy},
            )
            self._form.finished.connect(lambda _result: QTimer.singleShot(0, self, self._on_form_closed))

        self._workstation.read(
            self, lambda session: case_file.facts(session, office_id, case_id), opened, self._on_trouble
        )

    def _on_form_done(self, done: Done) -> None:
        self.performed.emit(done)
        self._say(done.sentence, "done")
        if self._form is not None and self._form.action.id in ("file_original", "move_original"):
            self._look_for_full_binders(done.office_id)

    def _look_for_full_binders(self, office_id: int) -> None:
        """A binder that is full gets its label now."""
        from desk.services import binders

        def show(rows: list[BinderRow]) -> None:
            full = [row for row in rows if row.full and not row.labelled]
            if not full:
                return
            self._say(f"Map {full[0].name} penuh. Cetak labelnya, lalu buka map baru.", "soon")
            button = QPushButton("Cetak label map")
            button.setObjectName("scan.label")
            button.setAutoDefault(False)
            button.clicked.connect(lambda: self._sheets.print_binder_labels(full, self._take_offers_away))
            self._offered.addWidget(button)
            self._offered.addStretch(1)
            self.offers.show()

        self._workstation.read(self, lambda session: binders.binders(session, [office_id]), show)

    def _open_morning_run(self) -> None:
        from desk.ui.morning_run import MorningRun, may_run

        office_id = may_run(self._workstation)
        if office_id is None:
            self._say("Hanya petugas layanan yang mencetak naskah pagi hari.", "late")
            return
        run = MorningRun(self.window(), self._workstation, office_id)
        run.said.connect(lambda sentence: self._say(sentence, "done"))
        run.show()

    def _on_form_closed(self) -> None:
        self._form = None
        self._open_next()
        if not self._form_is_open():
            self.window().activateWindow()
        self.focus_box()

    def _form_is_open(self) -> bool:
        return self._form is not None and isValid(self._form) and self._form.isVisible()

    # Qt overrides

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        from desk.ui.forms.file_field import local_files

        self.scans_dropped.emit(local_files(event.mimeData()))
        event.acceptProposedAction()


def _form_for(case: CaseFacts, copy: int) -> str | None:
    """The form that takes this copy further now: five ticks, signature of the office, or place in a binder."""
    from desk.rules.custody import Custody
    from desk.rules.originals import copies_at, ready_to_file

    if copy in copies_at(case, Custody.RECEIVED):
        return "accept_original"
    if copy in copies_at(case, *ready_to_file(case)):
        return "file_original"
    return "countersign_original" if copy in copies_at(case, Custody.ACCEPTED) else None
