"""Reads the office's mailbox without changing it: opened read-only, nothing is flagged, moved or deleted."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from desk.errors import Unavailable
from desk.rules.mail import MailAccount, MailSecurity

if TYPE_CHECKING:
    from imap_tools import BaseMailBox

_SECONDS = 60.0
_BATCH = 200


class NoMailbox(Unavailable):
    """The mailbox could not be reached, or the line to it broke; what was taken before stays taken."""


@dataclass(frozen=True, slots=True)
class Found:
    """A mail on the server: its number in the folder and its size in bytes."""

    uid: int
    size: int


class Mailbox:
    """An open folder of the mailbox; `uid_validity` says for how long its numbers hold."""

    def __init__(self, box: BaseMailBox, folder: str) -> None:
        self._box = box
        self.uid_validity = int(box.folder.status(folder, ["UIDVALIDITY"])["UIDVALIDITY"])

    def newer_than(self, uid: int, since: date) -> list[Found]:
        """The mails above this number, oldest first; without a number (0) those that came since a day."""
        from imap_tools import A, U

        criteria = A(uid=U(str(uid + 1), "*")) if uid else A(date_gte=since)
        with _spoken():
            uids = sorted(int(text) for text in self._box.uids(criteria))
            found = []
            for at in range(0, len(uids), _BATCH):
                part = ",".join(str(each) for each in uids[at : at + _BATCH] if each > uid)
                found += self._sizes(part) if part else []
        return sorted(found, key=lambda each: each.uid)

    def _sizes(self, uids: str) -> list[Found]:
        import re

        _, answers = self._box.client.uid("fetch", uids, "(UID RFC822.SIZE)")
        found = []
        for answer in answers:
            line = answer[0] if isinstance(answer, tuple) else answer
            words = line.decode("ascii", "replace") if isinstance(line, bytes) else ""
            number, size = re.search(r"UID (\d+)", words), re.search(r"RFC822\.SIZE (\d+)", words)
            if number and size:
                found.append(Found(int(number[1]), int(size[1])))
        return found

    def fetch(self, uid: int, *, headers_only: bool = False) -> bytes | None:
        """The bytes of a mail, or of its headers; None when it has gone meanwhile. Leaves it unread."""
        what = "BODY.PEEK[HEADER]" if headers_only else "BODY.PEEK[]"
        with _spoken():
            _, answers = self._box.client.uid("fetch", str(uid), f"({what})")
        return next((answer[1] for answer in answers if isinstance(answer, tuple)), None)


@contextlib.contextmanager
def opened(account: MailAccount, password: str | None, *, timeout: float = _SECONDS) -> Iterator[Mailbox]:
    """The folder of the account, read-only. Raises NoMailbox with the reason; `timeout` in seconds per answer."""
    import imaplib

    from imap_tools import ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted

    where = f"{account.host}:{account.port}"
    folder = account.folder or "INBOX"
    with _spoken(where, folder):
        context = ssl.create_default_context()
        box: BaseMailBox
        if account.security is MailSecurity.TLS:
            box = MailBox(account.host, account.port, timeout=timeout, ssl_context=context)
        elif account.security is MailSecurity.STARTTLS:
            box = MailBoxStartTls(account.host, account.port, timeout=timeout, ssl_context=context)
        else:
            box = MailBoxUnencrypted(account.host, account.port, timeout=timeout)
    try:
        with _spoken(where, folder):
            box.login(account.username, password or "", initial_folder=None)
            box.folder.set(folder, readonly=True)
            mailbox = Mailbox(box, folder)
        yield mailbox
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error, ImapToolsError):
            box.logout()
        with contextlib.suppress(OSError):
            box.client.shutdown()  # a line that broke is not closed by logging out


@contextlib.contextmanager
def _spoken(where: str = "", folder: str = "") -> Iterator[None]:
    """What imaplib and imap_tools raise, as sentences."""
    import imaplib

    from imap_tools import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

    try:
        yield
    except MailboxLoginError as error:
        raise NoMailbox(
            f"Server surel {where} menolak nama pengguna atau kata sandinya. Periksa pengaturan surel."
        ) from error
    except MailboxFolderSelectError as error:
        raise NoMailbox(f"Folder {folder} tidak ada di kotak surel. Periksa pengaturan surel.") from error
    except ssl.SSLCertVerificationError as error:
        raise NoMailbox(
            f"Sertifikat server surel {where} tidak dapat dipercaya; tidak ada yang dikirim ke sana. "
            "Minta administrator memasang sertifikat kantor di komputer ini, atau memeriksa nama servernya."
        ) from error
    except ssl.SSLError as error:
        raise NoMailbox(f"Sambungan aman ke server surel {where} gagal. Periksa keamanan dan portanya.") from error
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
        raise NoMailbox(
            f"Kotak surel {where} tidak dapat dibaca sekarang. Periksa jaringan, nama server, dan portanya."
            if where
            else "Sambungan ke kotak surel putus; yang sudah diambil tetap tersimpan dan sisanya menyusul."
        ) from error
