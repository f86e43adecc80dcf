"""The line to a mail server is believed only when somebody whom this computer trusts signed its certificate."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from desk.adapters import certificates, imap, smtp
from desk.rules.mail import MailAccount, MailSecurity
from tests.mail.dovecot import PASSWORD, USER, imap_server
from tests.mail.post_office import Letterbox, account, mail_server

ENVELOPE = smtp.Envelope("pst1600@example.org", ["siti@example.com"], b"Subject: Halo\r\n\r\nIsi.\r\n")


@pytest.fixture(scope="module")
def office_ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The office's own authority and a certificate for this computer's name, signed by it."""
    folder = tmp_path_factory.mktemp("ca")
    certificates.make_certificates(folder, ["localhost"], datetime.now(UTC))
    return folder


def trust(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """What an administrator does by putting the authority into the store of the computer."""
    patch.setenv("SSL_CERT_FILE", str(folder / certificates.AUTHORITY))


def serving(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / certificates.SERVER, folder / certificates.SERVER_KEY)
    return context


def send(port: int, security: MailSecurity, host: str = "localhost") -> None:
    asked = account(port, host=host, security=security)
    smtp.deliver(asked, None, ENVELOPE, lambda: None, timeout=20)


@pytest.mark.parametrize("security", [MailSecurity.TLS, MailSecurity.STARTTLS])
def test_mail_leaves_over_an_encrypted_line_that_is_trusted_and_over_no_other(
    office_ca: Path, monkeypatch: pytest.MonkeyPatch, security: MailSecurity
) -> None:
    box = Letterbox()
    context = serving(office_ca)
    options: dict[str, Any] = {"tls_context": context, "require_starttls": True}
    if security is MailSecurity.TLS:
        options = {"ssl_context": context, "server_hostname": "localhost"}
        trust(monkeypatch, office_ca)  # aiosmtpd itself looks whether its server has started, over TLS
    with mail_server(box, **options) as port:
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        with pytest.raises(smtp.NoServer, match="sertifikat server tidak dapat dipercaya"):
            send(port, security)
        trust(monkeypatch, office_ca)
        with pytest.raises(smtp.NoServer, match="sertifikat server tidak dapat dipercaya"):
            send(port, security, host="127.0.0.1")  # a certificate for another name
        assert not box.mails
        send(port, security)
        assert [mail["subject"] for mail in box.mails] == ["Halo"]


def test_a_server_without_encryption_gets_no_mail_and_no_password() -> None:
    box = Letterbox()
    with mail_server(box) as port:
        with pytest.raises(smtp.NoServer, match="tidak mendukung cara sambungan ini"):
            send(port, MailSecurity.STARTTLS)
        with pytest.raises(smtp.NoServer, match="Sambungan aman"):
            send(port, MailSecurity.TLS)
    assert not box.mails


@pytest.mark.component("dovecot")
def test_the_mailbox_is_read_over_an_encrypted_line_that_is_trusted_and_over_no_other(
    office_ca: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with imap_server(office_ca) as server:
        server.put(b"Subject: Halo\r\nFrom: a@example.com\r\n\r\nIsi.\r\n")

        def read(security: MailSecurity, host: str = "localhost") -> bool:
            port = server.secure_port if security is MailSecurity.TLS else server.port
            asked = MailAccount(
                office_id=1600, kind="imap", active=True, host=host, port=port, security=security, username=USER,
                address=USER, name="", folder="INBOX",
            )  # fmt: skip
            with imap.opened(asked, PASSWORD, timeout=20) as box:
                return box.fetch(1) is not None

        for security in (MailSecurity.TLS, MailSecurity.STARTTLS):
            monkeypatch.delenv("SSL_CERT_FILE", raising=False)
            with pytest.raises(imap.NoMailbox, match=r"Sertifikat server surel .* tidak dapat dipercaya"):
                read(security)
            trust(monkeypatch, office_ca)
            with pytest.raises(imap.NoMailbox, match="tidak dapat dipercaya"):
                read(security, host="127.0.0.1")
            assert read(security)
