"""Bank files come in: what each was understood to be, what of it is new, and its import with progress and cancel.

Files are taken one after another. Reading and importing run on the slow lane, line by line; nothing is kept of a file
that is refused or given up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desk.errors import Unavailable
from desk.rules.rupiah import grouped
from desk.ui.statement_facts import FileFacts, label, set_tone

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.adapters.bank_files import Preview, Profile
    from desk.services.statements import Account, Compared, FileRead, Imported
    from desk.ui.background import Task, Trouble
    from desk.ui.workstation import Workstation

_WIDTH, _HEIGHT = 760, 600


@dataclass(frozen=True, slots=True)
class Known:
    """What the office has: its accounts and the layouts it described."""

    accounts: tuple[Account, ...]
    profiles: tuple[Profile, ...]


class StatementImport(QDialog):
    """One bank file at a time: read, shown, confirmed, imported; then the next."""

    imported = Signal(str)
    """A file is in; carries the sentence that says so."""

    def __init__(self, parent: QWidget | None, workstation: Workstation, office_id: int, paths: Sequence[Path]) -> None:
        super().__init__(parent)
        self._workstation, self._office_id = workstation, office_id
        self._paths = list(paths)
        self._count = len(self._paths)
        self._known = Known((), ())
        self._read: FileRead | None = None
        self._compared: Compared | None = None
        self._preview: Preview | None = None
        self._profile: Profile | None = None
        self._account: Account | None = None
        self._task: Task | None = None
        self._turn = 0
        self._key = uuid4()
        self.setObjectName("statement_import")
        self.setWindowTitle("Impor mutasi rekening")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build()
        self.resize(_WIDTH, _HEIGHT)
        self._learn()

    # What the dialog is made of

    def _build(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(24, 20, 24, 18)
        rows.setSpacing(10)
        self.heading = label("", role="title")
        self.said = label("")
        self.said.setObjectName("said")
        self.said.setContentsMargins(0, 4, 0, 4)
        self.bar = QProgressBar(minimum=0, maximum=0, textVisible=False)
        self.bar.setAccessibleName("Kemajuan")
        for widget in (self.heading, self.said, self.bar):
            rows.addWidget(widget)
        self.facts = FileFacts()
        self.account, self.own, self.notices = self.facts.account, self.facts.own, self.facts.notices
        self.account.currentIndexChanged.connect(self._on_account)
        self.own.toggled.connect(self._show_buttons)
        rows.addWidget(self.facts, 1)
        rows.addStretch(0)
        rows.addLayout(self._build_buttons())

    def _build_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.describe = _button("Jelaskan susunan kolomnya …", "describe", self._describe)
        self.again = _button("Coba lagi", "again", self._import)
        self.skip = _button("Lewati berkas ini", "skip", self._next)
        self.cancel = _button("Batal", "cancel", self.reject)
        self.go = _button("Impor", "go", self._import)
        self.go.setProperty("role", "primary")
        self.go.setDefault(True)
        row.addWidget(self.describe)
        row.addStretch(1)
        for button in (self.skip, self.cancel, self.again, self.go):
            row.addWidget(button)
        return row

    # One file after another

    def _learn(self) -> None:
        from desk.services import statements

        office = self._office_id

        def work(session: Session) -> Known:
            return Known(tuple(statements.accounts(session, [office])), tuple(statements.profiles(session, office)))

        def learned(known: Known) -> None:
            self._known = known
            self._next()

        self._waiting("Menyiapkan …")
        self._workstation.read(self, work, learned, lambda trouble: self._refuse(trouble, final=True))

    def _next(self) -> None:
        if not self._paths:
            self.accept()
            return
        self._path = self._paths.pop(0)
        self._key = uuid4()
        self._profile = self._preview = None
        self._look()

    def _look(self) -> None:
        """Read the file from beginning to end, without keeping it."""
        from desk.services import statements

        self._read = self._compared = None
        path, profile, own = self._path, self._profile, self._known.profiles

        def work(task: Task) -> FileRead:
            return statements.read_file(path, own, profile=profile, progress=task.progress)

        at = self._count - len(self._paths)
        several = f" ({at} dari {self._count})" if self._count > 1 else ""
        self.heading.setText(f"{path.name}{several}")
        self._waiting("Membaca berkas …")
        self._start(work, self._on_read, self._refuse)

    def _on_read(self, read: FileRead) -> None:
        self._read = read
        self._offer_accounts(read)
        self._compare()

    def _offer_accounts(self, read: FileRead) -> None:
        """The account the file names; where it names none, the person says which one it is."""
        accounts = self._known.accounts
        self._account = next((each for each in accounts if each.number == read.account), None)
        if not read.account and len(accounts) == 1:
            self._account = accounts[0]
        self.facts.offer(() if read.account else accounts)

    def _on_account(self, at: int) -> None:
        self._account = self._known.accounts[at] if at >= 0 else None
        self._compare()

    def _compare(self) -> None:
        from desk.services import statements

        read, office = self._read, self._office_id
        assert read is not None
        account_id = self._account.id if self._account else None
        self._waiting("Membandingkan dengan mutasi yang sudah ada …")
        turn = self._turn

        def compared(found: Compared) -> None:
            if turn == self._turn:
                self._compared = found
                self._show()

        self._workstation.read(
            self, lambda session: statements.compare(session, office, account_id, read), compared, self._refuse
        )

    def _import(self) -> None:
        from desk.services import statements

        read, account, office, key = self._read, self._account, self._office_id, self._key
        own, profile = self._known.profiles, self._profile
        bulk = self._workstation.link.bulk
        if read is None or bulk is None:
            return
        number, bank = (account.number, account.bank) if account else (read.account, read.bank)
        account_id, holder = (account.id, account.holder) if account else (None, "")

        def work(task: Task) -> tuple[Imported, UUID]:
            with bulk() as session:
                into = account_id or statements.add_account(session, office, number=number, bank=bank, holder=holder)
                told = statements.import_file(
                    session, office, into, read, own, key=key, profile=profile, progress=task.progress
                )
                return told, into

        def done(answer: tuple[Imported, UUID]) -> None:
            told, _into = answer
            again = f", {grouped(told.known)} sudah ada" if told.known else ""
            self.imported.emit(f"{grouped(told.added)} mutasi diimpor dari {read.path.name}{again}.")
            self._learn()

        self._waiting("Mengimpor …")
        self._start(work, done, self._failed)

    def _start(self, work: Any, done: Any, failed: Any) -> None:
        turn = self._turn

        def mine(call: Any) -> Any:
            return lambda answer: call(answer) if turn == self._turn else None

        def progressed(at: int, of: int) -> None:
            if turn == self._turn and of:
                self.bar.setMaximum(1000)
                self.bar.setValue(at * 1000 // of)

        self._task = self._workstation.background.run_slow(self, work, mine(done), mine(failed), progressed)

    # What is on the screen

    def _waiting(self, words: str) -> None:
        self._turn += 1
        self.said.setText(words)
        set_tone(self.said, "")
        self.bar.setRange(0, 0)
        self.facts.hide()
        for button in (self.describe, self.again, self.skip, self.go):
            button.hide()
        self.bar.show()
        self.cancel.setText("Batal")

    def _show(self) -> None:
        read, compared = self._read, self._compared
        assert read is not None
        assert compared is not None
        self.bar.hide()
        self.said.setText(self._verdict(read, compared))
        set_tone(self.said, "late" if compared.refusal else "")
        self.facts.show_file(read, compared, self._account)
        self._show_buttons()

    def _verdict(self, read: FileRead, compared: Compared) -> str:
        if compared.refusal:
            return f"{compared.refusal} Tidak ada yang diimpor."
        if not compared.new:
            return f"Semua {grouped(read.count)} mutasi pada berkas ini sudah diimpor; tidak ada yang perlu dikerjakan."
        return "Periksa apa yang terbaca, lalu impor."

    def _show_buttons(self) -> None:
        read, compared = self._read, self._compared
        if read is None or compared is None:
            return
        strange = bool(read.account) and self._account is None
        useful = bool(compared.new) and not compared.refusal
        self.go.setText(f"Impor {grouped(compared.new)} mutasi")
        self.go.setVisible(useful)
        self.go.setEnabled(self._account is not None or (strange and self.own.isChecked()))
        self.skip.setVisible(bool(self._paths))
        self.cancel.setText("Batal" if useful else "Tutup")
        (self.go if useful else self.cancel).setFocus()

    def _refuse(self, trouble: Trouble, *, final: bool = False) -> None:
        """The file is not taken: its sentence stays; a table that nobody described yet can be described."""
        self.bar.hide()
        self.said.setText(str(trouble))
        set_tone(self.said, "late")
        self.skip.setVisible(bool(self._paths) and not final)
        self.cancel.setText("Tutup")
        self.cancel.setFocus()
        if final or self._profile is not None:
            self.describe.setVisible(self._preview is not None)
            return
        from desk.adapters.bank_files import preview

        path, own = self._path, self._known.profiles

        def seen(found: Preview) -> None:
            self._preview = found
            self.describe.setVisible(not found.is_known)

        turn = self._turn
        self._workstation.background.run_slow(
            self,
            lambda _task: preview(path, own),
            lambda found: seen(found) if turn == self._turn else None,
            lambda _trouble: None,
        )

    def _failed(self, trouble: Trouble) -> None:
        """The import did not go through; asked again it is done once."""
        self._refuse(trouble, final=True)
        self.again.setVisible(isinstance(trouble, Unavailable))

    def _describe(self) -> None:
        from desk.ui.statement_profile import ProfileForm

        assert self._preview is not None
        form = ProfileForm(self, self._workstation, self._office_id, self._path, self._preview)
        form.kept.connect(self._on_described)
        form.open()

    def _on_described(self, profile: Profile) -> None:
        self._profile = profile
        self._look()

    # Qt overrides

    def reject(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._turn += 1
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._task is not None:
            self._task.cancel()
        super().closeEvent(event)


def _button(words: str, name: str, call: Any) -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(f"import.{name}")
    button.setAutoDefault(False)
    button.clicked.connect(lambda: call())
    return button
