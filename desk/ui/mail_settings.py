"""The office's mail account: an administrator sets it up, each computer keeps its own copy of the password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from desk.errors import Refused
from desk.rules.inputs import Question
from desk.rules.mail import MailAccount, MailSecurity
from desk.ui.forms.plain_fields import NumberField, TextField, choice_field
from desk.ui.people_forms import PeopleForm

if TYPE_CHECKING:
    from desk.ui.people_forms import Answers

_USUAL_PORTS = {"smtp": {"tls": 465, "starttls": 587, "plain": 25}, "imap": {"tls": 993, "starttls": 143, "plain": 143}}
_TITLES = {"smtp": "Atur pengiriman surel", "imap": "Atur penerimaan surel"}
_ABOUT = {
    "smtp": "Surel permohonan dikirim langsung dari program lewat server ini. Kata sandi disimpan di komputer, "
    "tidak di basis data.",
    "imap": "Surel yang masuk ke kotak ini dibaca program. Tidak ada surel yang dihapus atau dipindahkan.",
}


def _question(
    name: str, label: str, kind: Any = "text", *, help_: str = "", required: bool = True, choices: Any = ()
) -> Question:
    return Question(name, label, kind, help_, required, tuple(choices))


class AccountForm(PeopleForm):
    """Server, port, encryption, user and address of the mail account; switched on or off."""

    def __init__(self, parent: QWidget | None, kind: str, now: MailAccount | None, office_email: str) -> None:
        super().__init__(parent, f"mail_account.{kind}", _TITLES[kind], _ABOUT[kind], "Simpan")
        self._kind = kind
        host = TextField(_question("host", "Server surel", help_="Misalnya smtp.bps.go.id."))
        port = NumberField(_question("port", "Porta", "number"))
        security = choice_field(_question("security", "Keamanan sambungan", "choice", choices=MailSecurity))
        username = TextField(
            _question("username", "Nama pengguna", required=False, help_="Kosong bila server tidak memintanya.")
        )
        address = TextField(_question("address", "Alamat surel kantor"))
        for field in (host, security, port, username, address):
            self.add(field)
        if kind == "smtp":
            self.add(TextField(_question("name", "Nama pengirim", required=False)))
        else:
            self.add(TextField(_question("folder", "Folder yang dibaca")))
        self.active = QCheckBox("Pengiriman aktif" if kind == "smtp" else "Penerimaan aktif")
        self.active.setObjectName("mail_account.active")
        self._column.insertWidget(self._column.count() - 2, self.active)
        self._fill(now, office_email)
        self.setMinimumHeight(self._column.totalHeightForWidth(self.width()))  # Qt stops at 2/3 of a screen
        security.changed.connect(self._offer_port)

    def account(self, office_id: int, answers: Answers) -> MailAccount:
        """The account as it was filled in."""
        return MailAccount(
            office_id=office_id,
            kind=self._kind,
            active=self.active.isChecked(),
            host=answers["host"],
            port=answers["port"],
            security=answers["security"],
            username=answers["username"],
            address=answers["address"],
            name=answers.get("name", ""),
            folder=answers.get("folder", ""),
        )

    def judge_together(self, answers: Answers) -> None:
        """The port is a port."""
        if not 0 < answers["port"] < 65536:
            raise Refused("Porta server surel antara 1 dan 65535.")

    def _fill(self, now: MailAccount | None, office_email: str) -> None:
        values: Mapping[str, Any]
        if now is None:
            values = {"security": MailSecurity.TLS, "port": _USUAL_PORTS[self._kind]["tls"], "address": office_email,
                      "username": office_email, "folder": "INBOX"}  # fmt: skip
        else:
            values = {name: getattr(now, name) for name in self.fields}
        for name, value in values.items():
            if name in self.fields:
                self.fields[name].set_value(value)
        self.active.setChecked(now is None or now.active)

    def _offer_port(self) -> None:
        """The usual port of the chosen encryption, unless the office has typed one of its own."""
        port, security = self.fields["port"], self.fields["security"]
        usual = _USUAL_PORTS[self._kind]
        chosen = security.answer() if security.judge() else None
        if isinstance(chosen, MailSecurity) and port.answer() in (None, *usual.values()):
            port.set_value(usual[chosen.value])


class PasswordForm(PeopleForm):
    """The password of the mailbox, for the keyring of this computer."""

    def __init__(self, parent: QWidget | None, account: MailAccount) -> None:
        super().__init__(
            parent,
            "mail_password",
            "Kata sandi kotak surel",
            f"Untuk {account.username} di {account.host}. Disimpan di penyimpan kata sandi komputer ini saja; "
            "kosongkan untuk menghapusnya.",
            "Simpan",
        )
        field = TextField(_question("password", "Kata sandi", required=False))
        field.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit = field.edit
        self.add(field)
