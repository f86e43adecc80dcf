"""Reads a mail that Outlook saved (.msg, MS-OXMSG) by writing it down as an ordinary mail, which the desk can read.

A .msg file is a compound file: a folder for the message, one for each recipient and attachment, a stream for each
property. The rewritten mail carries the headers it came with, the text, the files and the mails inside it, so every
rule about mails (who asks, which case, bounces, dangerous files) is decided in one place, for both forms.
"""

from __future__ import annotations

import base64
import io
import struct
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from desk.adapters.mail_headers import clean_line, clean_text, decode_text
from desk.errors import Refused

if TYPE_CHECKING:
    from oxmsg.storage import Storage

_TROUBLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)
"""What olefile and oxmsg raise on damaged files; seen from outside these all mean "the file is damaged"."""

_DAMAGED = (
    "Surel Outlook (.msg) ini rusak atau terpotong. Buka di Outlook, simpan sekali lagi, atau simpan sebagai .eml."
)
_PROPERTIES_LIMIT = 1024 * 1024
_NUMBERS, _TIME = (0x0002, 0x0003, 0x000B), 0x0040
_FIRST_DAY = datetime(1601, 1, 1, tzinfo=UTC)
_BY_VALUE, _EMBEDDED = 1, 5
_SHOWN_INSIDE = 4
_TOP, _INSIDE, _PART = 32, 24, 8  # where the properties of a mail, of a mail within a mail, and of its parts begin
_OWN_HEADERS = ("content-", "mime-version")
_REPRESENTED_ADDRESS = 0x5D02  # PidTagSentRepresentingSmtpAddress
_RECIPIENT_HEADERS = {1: "To", 2: "Cc"}


def as_mail(data: bytes, warnings: list[str], *, depth: int) -> bytes:
    """The same mail in the form of an .eml file; `warnings` gets a sentence for what could not be taken along.

    At most `depth` mails within one another are followed. Refused when the file is damaged.
    """
    from olefile import OleFileIO
    from oxmsg.storage import Storage

    try:
        with OleFileIO(io.BytesIO(data)) as ole:
            if sum(entry.size for entry in ole.direntries if entry) > 2 * len(data):
                raise Refused(_DAMAGED)  # streams that share their bytes: a small file that unfolds into a huge one
            root = Storage.from_ole(ole)
        return _Writer(warnings).mail(_Item(root, _TOP), depth)
    except _TROUBLE:
        raise Refused(_DAMAGED) from None


class _Item:
    """One folder of the compound file: a mail, a recipient or an attachment, with its properties."""

    def __init__(self, storage: Storage, offset: int) -> None:
        self.storage = storage
        self._streams = {stream.name: stream.bytes_ for stream in storage.streams}
        listed = storage.properties_stream_bytes[offset:_PROPERTIES_LIMIT]
        # One row each: kind, id, flags, value. Values that do not fit into eight bytes stand in a stream of their own.
        self._values = {
            pid: (kind, value)
            for kind, pid, _flags, value in struct.iter_unpack("<HHIQ", listed[: len(listed) // 16 * 16])
        }

    def text(self, pid: int) -> str:
        """A text of either width; empty when there is none. Narrow ones are in the code page of the mail."""
        wide = self._streams.get(f"__substg1.0_{pid:04X}001F")
        if wide is not None:
            return clean_text(wide.decode("utf-16-le", "replace")).rstrip()
        narrow = self._streams.get(f"__substg1.0_{pid:04X}001E", b"")
        return decode_text(narrow.rstrip(b"\0"), self._charset()).rstrip()

    def raw(self, pid: int) -> bytes:
        """The bytes of a property; empty when there are none."""
        return self._streams.get(f"__substg1.0_{pid:04X}0102", b"")

    def number(self, pid: int) -> int | None:
        """A whole number or a yes (1) or no (0)."""
        kind, value = self._values.get(pid, (0, 0))
        return int(value & 0xFFFFFFFF) if kind in _NUMBERS else None

    def moment(self, pid: int) -> datetime | None:
        """A moment with its zone (UTC), whole seconds."""
        kind, value = self._values.get(pid, (0, 0))
        with suppress(OverflowError):
            return _FIRST_DAY + timedelta(seconds=value // 10_000_000) if kind == _TIME else None
        return None

    def first_text(self, *pids: int) -> str:
        """The first of these texts that says something, on one line."""
        return next((line for pid in pids if (line := clean_line(self.text(pid)))), "")

    def folders(self, name: str) -> list[Storage]:
        """The folders whose names begin so, in the order of their numbers."""
        return sorted(
            (part for part in self.storage.storages if part.name.startswith(name)), key=lambda part: part.name
        )

    def _charset(self) -> str:
        from oxmsg.domain import constants as known

        page = self.number(known.PID_MESSAGE_CODEPAGE) or self.number(known.PID_INTERNET_CODEPAGE)
        return {None: "", 65001: "utf-8"}.get(page, f"cp{page}")


@dataclass
class _Writer:
    """Writes mails; every boundary it uses is another one."""

    warnings: list[str]
    boundaries: int = 0

    def mail(self, item: _Item, depth: int) -> bytes:
        """The headers, the text and the parts of a mail."""
        parts = [self._body(item)]
        for folder in item.folders("__attach_version1.0_#"):
            part = self._attachment(_Item(folder, _PART), depth)
            if part is not None:
                parts.append(part)
        headers = "\r\n".join(_headers(item))
        self.boundaries += 1
        boundary = f"=_outlook_{self.boundaries}_{len(b''.join(parts)):x}"
        head = f'{headers}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n'
        between = f"--{boundary}\r\n".encode()
        return b"".join(
            [head.encode("utf-8", "replace"), *(between + part + b"\r\n" for part in parts), f"--{boundary}--".encode()]
        )

    def _body(self, item: _Item) -> bytes:
        from oxmsg.domain import constants as known

        plain = item.text(known.PID_BODY)
        html = item.raw(known.PID_HTML)
        if plain.strip():
            return _encoded("text/plain; charset=utf-8", plain.encode("utf-8", "replace"))
        if html:
            page = item.number(known.PID_INTERNET_CODEPAGE)
            text = decode_text(html, {None: "", 65001: "utf-8"}.get(page, f"cp{page}"))
        else:
            text = item.text(known.PID_BODY_HTML)
        if not text and item.raw(known.PID_RTF_COMPRESSED):
            self.warnings.append(
                "Teks surel Outlook ini hanya dalam bentuk RTF. Buka di Outlook, lalu salin teksnya ke percakapan."
            )
        return _encoded("text/html; charset=utf-8", text.encode("utf-8", "replace"))

    def _attachment(self, item: _Item, depth: int) -> bytes | None:
        from oxmsg.domain import constants as known

        name = item.first_text(known.PID_ATTACH_LONG_FILENAME, known.PID_ATTACH_FILENAME, known.PID_DISPLAY_NAME)
        method = item.number(known.PID_ATTACH_METHOD) or _BY_VALUE
        if method == _EMBEDDED:
            return self._embedded(item, name, depth)
        content = item.raw(known.PID_ATTACH_DATA_BINARY)
        if method != _BY_VALUE and not content:
            self.warnings.append(
                f"Lampiran {name or 'tanpa nama'} hanya tautan, isinya tidak ikut tersimpan. Minta pengirim "
                "melampirkan berkasnya."
            )
            return None
        flags = item.number(known.PID_ATTACH_FLAGS) or 0
        inside = bool(flags & _SHOWN_INSIDE or item.number(known.PID_ATTACHMENT_HIDDEN))
        declared = item.first_text(known.PID_ATTACH_MIME_TAG) or "application/octet-stream"
        return _encoded(declared, content, name, "inline" if inside else "attachment")

    def _embedded(self, item: _Item, name: str, depth: int) -> bytes | None:
        inner = item.folders("__substg1.0_3701000D")
        if not inner or depth <= 0:
            self.warnings.append(f"Surel terlampir {name or 'tanpa nama'} tidak terbaca. Minta dikirim tersendiri.")
            return None
        mail = self.mail(_Item(inner[0], _INSIDE), depth - 1)
        named = _named("attachment", f"{name or 'pesan'}.eml")
        return f"Content-Type: message/rfc822\r\n{named}\r\n\r\n".encode() + mail


def _headers(item: _Item) -> list[str]:
    """The headers the mail travelled with; what they lack, or a mail that never travelled, from its properties."""
    from oxmsg.domain import constants as known

    lines: list[str] = []
    keep = False
    for line in item.text(known.PID_TRANSPORT_MESSAGE_HEADERS).split("\n"):
        if line[:1] in (" ", "\t"):
            if keep and line.strip():
                lines.append(line)
            continue
        name = line.partition(":")[0].strip().lower()
        keep = ":" in line and bool(name) and not name.startswith(_OWN_HEADERS)
        if keep:
            lines.append(line)
    there = {line.partition(":")[0].strip().lower() for line in lines if line[:1] not in (" ", "\t")}
    return lines + [f"{name}: {value}" for name, value in _from_properties(item) if value and name.lower() not in there]


def _from_properties(item: _Item) -> list[tuple[str, str]]:
    from oxmsg.domain import constants as known

    sent = item.moment(known.PID_CLIENT_SUBMIT_TIME) or item.moment(known.PID_MESSAGE_DELIVERY_TIME)
    recipients: dict[str, list[str]] = {}
    for folder in item.folders("__recip_version1.0_#"):
        person = _Item(folder, _PART)
        header = _RECIPIENT_HEADERS.get(person.number(known.PID_RECIPIENT_TYPE) or 1, "")
        if header and (
            named := _person(person, known.PID_DISPLAY_NAME, known.PID_SMTP_ADDRESS, known.PID_EMAIL_ADDRESS)
        ):
            recipients.setdefault(header, []).append(named)
    kind = item.first_text(known.PID_MESSAGE_CLASS).upper()
    automatic = kind.startswith(("REPORT.", "IPM.NOTE.RULES."))
    undelivered = kind.startswith("REPORT.") and kind.endswith(".NDR")
    return [
        (
            "From",
            _person(item, known.PID_SENDER_NAME, known.PID_SENDER_SMTP_ADDRESS, known.PID_SENDER_EMAIL_ADDRESS)
            or _person(
                item, known.PID_SENT_REPRESENTING_NAME, _REPRESENTED_ADDRESS, known.PID_SENT_REPRESENTING_EMAIL_ADDRESS
            ),
        ),
        *((header, ", ".join(named)) for header, named in recipients.items()),
        ("Subject", item.first_text(known.PID_SUBJECT, known.PID_CONVERSATION_TOPIC)),
        ("Date", format_datetime(sent) if sent else ""),
        ("Message-ID", item.first_text(known.PID_INTERNET_MESSAGE_ID)),
        ("In-Reply-To", item.first_text(known.PID_IN_REPLY_TO_ID)),
        ("References", item.first_text(known.PID_INTERNET_REFERENCES)),
        ("X-Failed-Recipients", ", ".join(recipients.get("To", ())) if undelivered else ""),
        ("Auto-Submitted", "auto-replied" if automatic and not undelivered else ""),
    ]


def _person(item: _Item, name: int, *addresses: int) -> str:
    """`"Name" <address>`; empty without an Internet address (a name in the office's own directory has none)."""
    address = next((text for pid in addresses if "@" in (text := item.first_text(pid))), "")
    if not address:
        return ""
    words = item.first_text(name).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{words}" <{address}>' if words and words != address else f"<{address}>"


def _encoded(declared: str, content: bytes, name: str = "", disposition: str = "") -> bytes:
    head = f"Content-Type: {declared}\r\nContent-Transfer-Encoding: base64\r\n"
    if disposition:
        head += _named(disposition, name) + "\r\n"
    return (head + "\r\n").encode("utf-8", "replace") + base64.encodebytes(content).replace(b"\n", b"\r\n")


def _named(disposition: str, name: str) -> str:
    words = f"; filename*=UTF-8''{quote(name, safe='')}" if name else ""
    return f"Content-Disposition: {disposition}{words}"
