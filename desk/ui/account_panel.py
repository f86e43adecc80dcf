"""One mail account as a page shows it: how it stands, its password on this computer, and the steps about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from shiboken6 import isValid

from desk.rules.people import Duty
from desk.ui.row_button import RowButton
from desk.ui.theme import set_look

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.rules.mail import MailAccount
    from desk.ui.background import Trouble
    from desk.ui.people_forms import Answers
    from desk.ui.workstation import Workstation

T = TypeVar("T")
EVERYDAY = frozenset({Duty.OFFICER, Duty.TREASURER, Duty.SUPERVISOR})
_WORDS = {
    "smtp": ("PENGIRIMAN", "Belum diatur. Sampai diatur, surel dikirim lewat draf dan teks salinan.", "Kirim sekarang",
             "Coba kirim", "Atur pengiriman…", "lewat"),
    "imap": ("PENERIMAAN", "Belum diatur. Sampai diatur, seret surel dari program surel ke jendela ini.",
             "Ambil sekarang", "Coba baca", "Atur penerimaan…", "dari"),
}  # fmt: skip


class AccountPanel(QWidget):
    """Made anew with each reading of its page, which owns what is under way; `say` and `changed` are the page's."""

    def __init__(
        self,
        page: QWidget,
        workstation: Workstation,
        kind: str,
        office_id: int,
        account: MailAccount | None,
        *,
        waits: bool,
        say: Callable[[str], object],
        changed: Callable[[], object],
    ) -> None:
        super().__init__()
        self._page, self._say, self._changed = page, say, changed
        self._workstation, self._kind, self._office, self._account = workstation, kind, office_id, account
        title, nothing, now, try_it, set_up, by = _WORDS[kind]
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.setObjectName(f"account.{kind}.{office_id}")
        held = workstation.actor.duties_in(office_id)
        several = len(workstation.offices) > 1
        self._label(f"{title} · {workstation.office(office_id).code}" if several else title, "section")
        if account is None:
            self._label(nothing, "muted")
        else:
            words = "Aktif" if account.active else "Dimatikan"
            self._label(f"{words}: {account.address} {by} {account.host}:{account.port}.").setObjectName(
                f"{kind}.account"
            )
        if account is not None and account.username:
            self._password = self._label("", "small")
            self._look_for_password(account)
        if account is not None and account.active and held & EVERYDAY and waits:
            self._button("now", now, workstation.mail_wanted.emit)
        if account is not None and account.username and held & (EVERYDAY | {Duty.ADMINISTRATOR}):
            self._button("password", "Kata sandi di komputer ini…", self._ask_password)
        if Duty.ADMINISTRATOR in held:
            if account is not None:
                self._button("try", try_it, self._try)
            self._button("set", set_up, self._set_up)

    def _label(self, text: str, role: str = "") -> QLabel:
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        if role:
            label.setProperty("role", role)
        self._column.addWidget(label)
        return label

    def _button(self, name: str, label: str, clicked: Callable[[], Any]) -> None:
        button = RowButton(label)
        button.setObjectName(f"{self._kind}.{name}")
        button.clicked.connect(lambda: clicked())
        self._column.addWidget(button)

    # The password of this computer

    def _look_for_password(self, account: MailAccount) -> None:
        from desk import settings

        def show(kept: str | None) -> None:
            if not isValid(self):
                return
            self._password.setText(f"Kata sandi {'belum' if kept is None else 'sudah'} disimpan di komputer ini.")
            if account.active and kept is None:
                set_look(self._password, role=None, tone="soon")

        self._slow(lambda: settings.kept_secret(account.keyring_name), show)

    def _ask_password(self) -> None:
        from desk import settings
        from desk.ui.mail_settings import PasswordForm

        account = self._account
        assert account is not None
        form = PasswordForm(self._page.window(), account)

        def send(_answers: Answers, _form: object) -> None:
            typed = form.edit.text()

            def kept(_none: None) -> None:
                form.accept()
                self._say("Kata sandi kotak surel disimpan." if typed else "Kata sandi kotak surel dihapus.")
                self._changed()
                self._workstation.mail_wanted.emit()

            self._slow(lambda: settings.keep_secret(account.keyring_name, typed), kept, form.refused)

        form.on_send = send
        form.open()

    # The account

    def _set_up(self) -> None:
        def email(session: Session) -> str:
            from sqlalchemy import text

            asked = text("SELECT coalesce(profile->>'email', '') FROM desk.office WHERE id = :office")
            return str(session.execute(asked, {"office": self._office}).scalar_one())

        self._workstation.read(self._page, email, self._open_form)

    def _open_form(self, office_email: str) -> None:
        from desk.services import outbox
        from desk.ui.mail_settings import AccountForm

        station = self._workstation
        form = AccountForm(self._page.window(), self._kind, self._account, office_email)

        def send(answers: Answers, _form: object) -> None:
            chosen = form.account(self._office, answers)

            def deed() -> None:
                with station.link.transaction() as session:
                    outbox.set_account(session, chosen)

            def recorded(_none: None) -> None:
                form.accept()
                self._say("Pengaturan surel disimpan.")
                self._changed()

            station.background.run_work(self._page, deed, recorded, form.refused)

        form.on_send = send
        form.open()

    def _try(self) -> None:
        account = self._account
        assert account is not None
        self._say(f"Mencoba {account.host} …")

        def work() -> str:
            from desk import settings

            password = settings.kept_secret(account.keyring_name)
            if account.kind == "smtp":
                from desk import postman

                postman.try_account(account, password)
                return f"Surel percobaan diterima server; periksa {account.address}."
            from desk.adapters import imap

            with imap.opened(account, password):
                return f"Kotak surel {account.address} terbaca."

        self._slow(work, self._say)

    def _slow(
        self, work: Callable[[], T], done: Callable[[T], object], failed: Callable[[Trouble], object] | None = None
    ) -> None:
        self._workstation.background.run_slow(self._page, lambda _task: work(), done, failed)
