"""Hands one mail to the office's mail server, and says exactly what is certain afterwards.

The text of a mail is handed over in one step (DATA). What fails before it has surely not been sent; when the line
breaks inside it nobody can know, and the caller must not try again by itself.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from desk.errors import Unavailable
from desk.rules.mail import MailAccount, MailSecurity

_SECONDS = 60.0


class NotSent(Exception):
    """The mail surely was not sent; `permanent`: the server will never take it as it is."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


class NoServer(Unavailable):
    """The server could not be reached or let nobody in: no mail of this account can leave now."""


class Unsure(Exception):
    """The line broke after the text was handed over and before the server answered."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends to whom, and the bytes of the mail."""

    sender: str
    recipients: Sequence[str]
    data: bytes


def deliver(
    account: MailAccount,
    password: str | None,
    envelope: Envelope,
    before_text: Callable[[], object],
    *,
    timeout: float = _SECONDS,
) -> None:
    """Hands the mail over; returns when the server has taken it for every recipient.

    `before_text` is called when all is agreed and only the text is missing; what it raises ends the conversation
    without a mail. Raises NoServer, NotSent or Unsure. `timeout` in seconds per answer.
    """
    server = _connected(account, password, timeout)
    try:
        _agree(server, envelope)
        before_text()
        _hand_over(server, envelope.data)
    finally:
        _say_goodbye(server)


def _connected(account: MailAccount, password: str | None, timeout: float) -> smtplib.SMTP:
    where = f"{account.host}:{account.port}"
    server: smtplib.SMTP | None = None
    try:
        context = ssl.create_default_context()
        if account.security is MailSecurity.TLS:
            server = smtplib.SMTP_SSL(account.host, account.port, timeout=timeout, context=context)
        else:
            server = smtplib.SMTP(account.host, account.port, timeout=timeout)
            if account.security is MailSecurity.STARTTLS:
                server.starttls(context=context)
        if account.username:
            server.login(account.username, password or "")
    except ssl.SSLError as error:
        raise _let_go(server, f"Sambungan aman ke server surel {where} gagal ({_tls_words(error)}).") from error
    except smtplib.SMTPAuthenticationError as error:
        raise _let_go(
            server, f"Server surel {where} menolak nama pengguna atau kata sandinya. Periksa pengaturan surel."
        ) from error
    except smtplib.SMTPNotSupportedError as error:
        raise _let_go(
            server, f"Server surel {where} tidak mendukung cara sambungan ini. Periksa keamanan dan portanya."
        ) from error
    except (OSError, smtplib.SMTPException) as error:
        raise _let_go(
            server, f"Server surel {where} tidak dapat dihubungi. Periksa jaringan, nama server, dan portanya."
        ) from error
    return server


def _let_go(server: smtplib.SMTP | None, sentence: str) -> NoServer:
    if server is not None:
        server.close()
    return NoServer(sentence)


def _agree(server: smtplib.SMTP, envelope: Envelope) -> None:
    try:
        server.ehlo_or_helo_if_needed()
        options = [f"size={len(envelope.data)}"] if server.has_extn("size") else []
        _expect(server.mail(envelope.sender, options), "alamat pengirim ditolak")
        for recipient in envelope.recipients:
            _expect(server.rcpt(recipient), f"alamat {recipient} ditolak")
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        raise NotSent("Sambungan ke server surel putus sebelum surel diserahkan.", permanent=False) from error


def _expect(answer: tuple[int, bytes], what: str) -> None:
    code, said = answer
    if code >= 300 or code < 200:
        raise NotSent(f"Server surel: {what} ({code} {_words(said)}).", permanent=500 <= code < 600)


def _hand_over(server: smtplib.SMTP, data: bytes) -> None:
    try:
        code, said = server.data(data)
    except smtplib.SMTPDataError as error:
        raise NotSent(
            f"Server surel menolak isinya ({error.smtp_code} {_words(error.smtp_error)}).",
            permanent=500 <= error.smtp_code < 600,
        ) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Unsure(
            "Sambungan putus setelah isi surel diserahkan; server belum menjawab, jadi mungkin sudah terkirim."
        ) from error
    if code != 250:
        raise NotSent(f"Server surel menolak isinya ({code} {_words(said)}).", permanent=500 <= code < 600)


def _say_goodbye(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


def _words(said: bytes | str) -> str:
    """What the server said, on one short line."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:200]


def _tls_words(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return "sertifikat server tidak dapat dipercaya"
    return "server tidak berbicara TLS di porta itu"
