"""Writes a mail: as a draft that the office's own mail program opens, or as it leaves over SMTP."""

from __future__ import annotations

import re
import secrets
from email.errors import HeaderParseError, MessageError
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from desk.adapters.mail_headers import Address, clean_line, clean_text
from desk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from desk.adapters.attachments import Attachment


def new_message_id(office: str, *, domain: str = "pst.bps.go.id") -> str:
    """A Message-ID nobody else gives, such as `<1600.3f…@pst.bps.go.id>`: replies to it find their case again.

    `office` is the office code; `domain` the part behind the @ of the office's own address.
    """
    code = re.sub(r"[^A-Za-z0-9.-]", "", office) or "pst"
    host = re.sub(r"[^A-Za-z0-9.-]", "", domain) or "localhost"
    return f"<{code}.{secrets.token_hex(12)}@{host}>"


def draft_eml(
    *,
    sender: Address,
    to: Sequence[Address],
    subject: str,
    body: str,
    message_id: str,
    attachments: Sequence[Attachment] = (),
    in_reply_to: str | None = None,
    references: Sequence[str] = (),
) -> bytes:
    """The bytes of an .eml file that mail programs open as an unsent draft (`X-Unsent: 1`), in the right thread.

    `attachments` go out under their safe names, byte for byte. Refused when an address cannot be written.
    """
    draft = EmailMessage(policy=SMTP)
    draft["X-Unsent"] = "1"
    return _complete(draft, sender, to, subject, body, message_id, attachments, in_reply_to, references)


def mail_eml(
    *,
    sender: Address,
    to: Sequence[Address],
    subject: str,
    body: str,
    message_id: str,
    date: datetime,
    attachments: Sequence[Attachment] = (),
    references: Sequence[str] = (),
) -> bytes:
    """The bytes of a mail as they are handed to the server; the last of `references` is answered."""
    mail = EmailMessage(policy=SMTP)
    mail["Date"] = date
    answered = references[-1] if references else None
    return _complete(mail, sender, to, subject, body, message_id, attachments, answered, references)


def _complete(
    draft: EmailMessage,
    sender: Address,
    to: Sequence[Address],
    subject: str,
    body: str,
    message_id: str,
    attachments: Sequence[Attachment],
    in_reply_to: str | None,
    references: Sequence[str],
) -> bytes:
    draft["From"] = _written(sender)
    draft["To"] = tuple(_written(person) for person in to)
    draft["Subject"] = clean_line(subject)
    draft["Message-ID"] = _only_id(message_id)
    if in_reply_to:
        draft["In-Reply-To"] = _only_id(in_reply_to)
        thread = dict.fromkeys([_only_id(item) for item in references] + [_only_id(in_reply_to)])
        # RFC 5322 wants the first message and the last ones; twenty keep the header short.
        known = list(thread)
        draft["References"] = " ".join(known[:1] + known[1:][-19:])
    draft.set_content(clean_text(body), cte="quoted-printable")
    for item in attachments:
        main, _, kind = item.file_type.media_type.partition("/")
        # A media type of text/* would be re-encoded by some programs on the way; bytes stay bytes.
        if main in {"text", "message"}:
            main, kind = "application", "octet-stream"
        draft.add_attachment(item.data, maintype=main, subtype=kind, filename=item.safe_name)
    try:
        return draft.as_bytes()
    except (MessageError, UnicodeError):
        raise Refused("Surel ini tidak dapat ditulis. Periksa perihal dan alamatnya, lalu coba lagi.") from None


def _written(person: Address) -> HeaderAddress:
    try:
        return HeaderAddress(clean_line(person.name), addr_spec=clean_line(person.address))
    except (ValueError, IndexError, HeaderParseError, MessageError):
        raise Refused(
            f"Alamat surel {clean_line(person.address)} tidak benar. Perbaiki alamatnya, lalu coba lagi."
        ) from None


def _only_id(value: str) -> str:
    """One Message-ID and nothing else: what came from outside never adds a header of its own."""
    return "<" + re.sub(r"[<>\s]", "", value) + ">"
