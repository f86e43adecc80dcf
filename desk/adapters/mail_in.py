"""Reads a mail that was dropped on the desk (.eml, .msg): who writes, what is new in it, which case it belongs to.

A mail is evidence and hostile input at once: nothing is fetched, run or written, and a damaged mail gives what could
be read together with sentences about the damage. Only a file that is no mail at all, or is too large, is Refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.adapters import mail_text, msg_in, tnef
from desk.adapters.attachments import Attachment, attachment
from desk.adapters.file_names import size_text, unique_names
from desk.adapters.file_types import FileType, sniff
from desk.adapters.html_text import html_to_text
from desk.adapters.mail_case import (
    CaseMatch,
    Known,
    bare_id,
    case_number_pattern,
    first_message_id,
    message_ids,
    tidy_number,
)
from desk.adapters.mail_headers import Address, addresses, clean_line, clean_text, decode_text, read_date
from desk.adapters.mail_kind import MailKind, automatic_kind, failed_recipient, returned_address
from desk.adapters.mime import Part, parse
from desk.errors import Refused


@dataclass(frozen=True)
class Limits:
    """How much of a mail is read; sizes in bytes."""

    mail: int = 25 * 1024 * 1024
    depth: int = 20
    attachments: int = 200


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Mail:
    """One mail as the desk needs it. Texts are clean for screen and database; `attachments` carry their bytes."""

    kind: MailKind
    opens_case: bool
    sender: Address | None
    reply_to: Address | None
    to: tuple[Address, ...]
    subject: str
    date: datetime | None
    """When it was written, with its time zone; None when missing or unreadable."""
    received: datetime | None
    """When the last mail server took it in (Received); with its time zone."""
    message_id: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    text: str
    new_text: str
    attachments: tuple[Attachment, ...]
    nested: tuple[Mail, ...]
    """Mails attached to this one (forwarded as attachment, or returned by a mail server)."""
    forwarded_from: Address | None
    """A suggestion: who wrote the message that `sender` passed on."""
    failed_recipient: str | None
    """Of a bounce: the address that could not be reached."""
    case: CaseMatch | None
    warnings: tuple[str, ...]
    """What could not be read; sentences."""
    notices: tuple[str, ...]
    """What the officer should look at although all was read; sentences."""

    @property
    def case_number(self) -> str | None:
        """The number of the case it belongs to, or None."""
        return self.case.case_number if self.case else None

    @property
    def asks(self) -> Address | None:
        """Who should become the customer: the original sender of a forward, else the sender."""
        return self.forwarded_from or self.reply_to or self.sender

    @property
    def moment(self) -> datetime | None:
        """When it came: the date of the mail, else of its arrival."""
        return self.date or self.received

    @property
    def files(self) -> tuple[Attachment, ...]:
        """Every real file: attachments, contents of winmail.dat in its place, files of attached mails."""
        found: list[Attachment] = []
        for item in self.attachments:
            found.extend(item.contains or (item,))
        for mail in self.nested:
            found.extend(mail.files)
        return tuple(found)


def read_mail(data: bytes, known: Known | None = None, *, limits: Limits = DEFAULT_LIMITS) -> Mail:
    """The mail in `data` (an .eml file, or Outlook's .msg), judged against what is `known`.

    Refused: empty, larger than `limits.mail`, a damaged .msg file, or no mail at all. Everything else is read.
    """
    if len(data) > limits.mail:
        raise Refused(
            f"Surel ini berukuran {size_text(len(data))}, melebihi batas {size_text(limits.mail)}. "
            "Simpan lampirannya satu per satu, lalu masukkan ke permohonan."
        )
    warnings: list[str] = []
    outlook = sniff(data) is FileType.MSG
    source = msg_in.as_mail(data, warnings, depth=limits.depth) if outlook else _without_envelope(data)
    root = parse(source, warnings, depth=limits.depth)
    _refuse_what_is_no_mail(data, root)
    return _Reader(known or Known.of(), limits, trusting=known is None).read(root, limits.depth, warnings)


def _without_envelope(data: bytes) -> bytes:
    source = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if source.startswith((b"From ", b">From ")) and b":" not in source.split(b" ", 2)[1][:1]:
        source = source.partition(b"\n")[2]  # the separator line of a mailbox file
    if b"\n" not in source[:65536] and b"\r" in source[:65536]:
        source = source.replace(b"\r", b"\n")
    return source


_MAIL_HEADERS = frozenset({
    "from", "to", "cc", "subject", "date", "message-id", "mime-version", "received", "return-path", "delivered-to",
    "reply-to", "sender", "content-type", "in-reply-to", "references",
})  # fmt: skip


def _refuse_what_is_no_mail(data: bytes, root: Part) -> None:
    if not data.strip():
        raise Refused("Berkas surel ini kosong. Simpan ulang surelnya dari program surel, lalu coba lagi.")
    if any(name in _MAIL_HEADERS for name, _ in root.headers):
        return
    raise Refused(
        f"Berkas ini bukan surel (.eml atau .msg), melainkan {sniff(data).label}. "
        "Pilih berkas yang disimpan dari program surel."
    )


class _Reader:
    """Turns a tree of parts into a Mail; one per file, so that limits count over nested mails too."""

    def __init__(self, known: Known, limits: Limits, *, trusting: bool) -> None:
        self._known = known
        self._trusting = trusting  # nothing is known: a well-formed number is taken at its word
        self._limits = limits
        self._left = limits.attachments

    def read(self, root: Part, depth: int, warnings: list[str]) -> Mail:
        gathered = _Gathered(warnings)
        self._gather(root, depth, gathered)
        notices: list[str] = []
        subject = root.header("subject")
        sender = next(iter(addresses(root.raw_header("from"))), None)
        reply_to = next(iter(addresses(root.raw_header("reply-to"))), None)
        text = gathered.body()
        passed_on = mail_text.forwarded(text, subject)
        forwarded_from = passed_on.sender if passed_on else None
        kind = automatic_kind(root, subject, sender, self._known.office_address)
        if forwarded_from is None and gathered.nested and kind is None and not mail_text.is_reply(subject):
            forwarded_from = gathered.nested[0].sender
        case = self._case_of(root, subject, text, gathered, notices)
        if (kind is MailKind.SENT and forwarded_from and case is None) or (kind is MailKind.LIST and case):
            kind = None  # the office passes a request on to itself; a customer answers through a list
        if kind is None:
            kind = MailKind.REPLY if case else MailKind.NEW_REQUEST
        self._remark(kind, root, sender, case, notices)
        date = read_date(root.header("date"))
        if root.header("date") and date is None:
            notices.append("Tanggal surel ini tidak terbaca. Isi tanggalnya sendiri.")
        failed = None
        if kind is MailKind.BOUNCE:
            failed = gathered.failed_recipient or returned_address(root, text)
        return Mail(
            kind=kind,
            opens_case=kind is MailKind.NEW_REQUEST,
            sender=sender,
            reply_to=reply_to,
            to=tuple(addresses(root.raw_header("to"))),
            subject=subject,
            date=date,
            received=_received(root),
            message_id=first_message_id(root.header("message-id")),
            in_reply_to=first_message_id(root.header("in-reply-to")),
            references=tuple(message_ids(root.header("references"))),
            text=text,
            new_text=mail_text.new_text(text),
            attachments=_with_unique_names(gathered.attachments),
            nested=tuple(gathered.nested),
            forwarded_from=forwarded_from,
            failed_recipient=failed,
            case=case,
            warnings=tuple(dict.fromkeys(warnings)),
            notices=tuple(dict.fromkeys(notices)),
        )

    def _gather(self, part: Part, depth: int, into: _Gathered) -> None:
        """Sorts the leaves of the tree into text, attachments, nested mails and delivery reports."""
        kind = part.content_type
        if kind == "multipart/alternative" and part.children:
            self._gather_alternative(part, depth, into)
        elif part.children:
            related = kind == "multipart/related"
            for child in part.children:
                child_is_body = child is part.children[0] or not related
                self._gather_one(child, depth, into, inside=related and not child_is_body)
        else:
            self._gather_one(part, depth, into, inside=False)

    def _gather_alternative(self, part: Part, depth: int, into: _Gathered) -> None:
        """Of several forms of one text the plain one, unless it is empty; what is no text is a file."""
        plain, rich = [], []
        for child in part.children:
            if child.content_type == "text/plain" and child.disposition != "attachment":
                plain.append(child)
            elif child.content_type == "text/html" or child.content_type.startswith("multipart/"):
                rich.append(child)
            else:
                self._gather_one(child, depth, into, inside=True)
        before = into.texts[:]
        into.texts.clear()
        for child in plain:
            self._gather_one(child, depth, into, inside=True)
        read_plain = any(text.strip() for text in into.texts)
        for child in rich:
            taken = into.texts[:]
            self._gather(child, depth, into)
            if read_plain:
                into.texts[:] = taken
        into.texts[:0] = before

    def _gather_one(self, part: Part, depth: int, into: _Gathered, *, inside: bool) -> None:
        kind = part.content_type
        if part.children:
            self._gather(part, depth, into)
        elif kind in {"message/delivery-status", "message/disposition-notification"}:
            into.add_report(part.text(into.warnings))
        elif kind in {"message/rfc822", "message/global", "text/rfc822-headers"} and depth > 0:
            self._gather_nested(part, depth, into)
        elif kind in {"text/plain", "text/html"} and part.disposition != "attachment" and not part.file_name:
            text = part.text(into.warnings)
            into.texts.append(html_to_text(text) if kind == "text/html" else text)
        else:
            self._gather_file(part, depth, into, inside=inside)

    def _gather_nested(self, part: Part, depth: int, into: _Gathered) -> None:
        content = part.content(into.warnings)
        inner = parse(_without_envelope(content), into.warnings, depth=depth - 1)
        if not inner.headers:
            self._gather_file(part, 0, into, inside=False)
            return
        nested = self.read(inner, depth - 1, [])
        into.warnings.extend(nested.warnings)
        into.nested.append(nested)
        if part.content_type != "text/rfc822-headers" and not into.is_report:
            name = part.file_name or f"{nested.subject or 'pesan'}.eml"
            into.attachments.append(attachment(name, content, declared_type=part.content_type))

    def _gather_file(self, part: Part, depth: int, into: _Gathered, *, inside: bool) -> None:
        if self._left <= 0:
            into.warnings.append(
                f"Surel ini memuat lebih dari {self._limits.attachments} lampiran; lampiran selebihnya tidak dibaca."
            )
            return
        self._left -= 1
        content = part.content(into.warnings)
        declared = part.content_type
        packed: list[Attachment] = []
        if content.startswith(tnef.SIGNATURE):
            packed = self._unpack(content, into)
        elif declared == "application/ms-tnef":
            into.warnings.append(
                "Lampiran winmail.dat rusak. Minta pengirim mengirim lampirannya sebagai berkas biasa."
            )
        name = part.file_name or _name_for(part, content)
        if depth > 0 and sniff(content) is FileType.MSG:
            self._gather_outlook(name, content, depth, into)
        if not content:
            into.warnings.append(f"Lampiran {clean_line(name)} kosong. Minta pengirim mengirim ulang.")
        inline = part.disposition == "inline" or (part.disposition != "attachment" and inside)
        into.attachments.append(attachment(name, content, declared_type=declared, inline=inline, contains=packed))

    def _gather_outlook(self, name: str, content: bytes, depth: int, into: _Gathered) -> None:
        """A mail that Outlook saved, attached as a file: read as a mail inside this one; the file itself stays."""
        try:
            inner = parse(msg_in.as_mail(content, into.warnings, depth=depth - 1), into.warnings, depth=depth - 1)
        except Refused:
            into.warnings.append(f"Lampiran {clean_line(name)} adalah surel Outlook yang rusak; isinya tidak terbaca.")
            return
        nested = self.read(inner, depth - 1, [])
        into.warnings.extend(nested.warnings)
        into.nested.append(nested)

    def _unpack(self, content: bytes, into: _Gathered) -> list[Attachment]:
        package = tnef.unpack(content)
        if not package.complete:
            into.warnings.append("Lampiran winmail.dat terpotong; yang terbaca hanya sebagian isinya.")
        into.spare_text = clean_text(package.text) or html_to_text(decode_text(package.html, "utf-8"))
        names = unique_names(clean_text(file.name) for file in package.files)
        return [
            _renamed(attachment(clean_line(file.name), file.data, declared_type=file.media_type), name)
            for name, file in zip(names, package.files, strict=True)
        ]

    def _case_of(
        self, root: Part, subject: str, text: str, gathered: _Gathered, notices: list[str]
    ) -> CaseMatch | None:
        """The case, from the surest sign to the weakest; a number that no case has is only mentioned."""
        thread = self._thread_case(root)
        for place, words in (("subject", subject), ("", ""), ("body", text)):
            surer = thread or self._nested_case(gathered) if gathered.is_report else thread
            if not place and surer:
                return surer
            for number in self._numbers(words):
                if self._trusting or number in self._known.cases:
                    if thread and thread.case_number != number:
                        notices.append(
                            f"Surel ini menyebut {number}, tetapi membalas {thread.case_number}. "
                            "Pastikan permohonannya."
                        )
                    return CaseMatch(number, place)
                notices.append(f"Nomor {number} tidak dikenal di kantor ini. Pastikan permohonannya.")
        return self._nested_case(gathered)

    def _nested_case(self, gathered: _Gathered) -> CaseMatch | None:
        for nested in gathered.nested:
            # In a report the nested mail is the office's own, so its Message-ID is the surest sign.
            own = self._known.sent.get(bare_id(nested.message_id or ""))
            number = own or nested.case_number
            if number:
                return CaseMatch(number, "returned message" if gathered.is_report else "forwarded message")
        return None

    def _thread_case(self, root: Part) -> CaseMatch | None:
        answered = message_ids(root.header("in-reply-to"))
        for place, ids in (("in-reply-to", answered), ("references", message_ids(root.header("references"))[::-1])):
            for item in ids:
                number = self._known.sent.get(bare_id(item))
                if number:
                    return CaseMatch(number, place)
        return None

    def _numbers(self, text: str) -> list[str]:
        pattern = case_number_pattern(self._known.case_pattern)
        return list(dict.fromkeys(tidy_number(match.group()) for match in pattern.finditer(text)))

    def _remark(
        self, kind: MailKind, root: Part, sender: Address | None, case: CaseMatch | None, notices: list[str]
    ) -> None:
        if sender is None:
            notices.append("Surel ini tanpa pengirim. Isi nama dan alamat pengguna data sendiri.")
        if kind is MailKind.NEW_REQUEST and root.header("in-reply-to") and case is None:
            notices.append("Surel ini membalas pesan yang tidak dikenal. Periksa apakah permohonannya sudah ada.")
        if kind is MailKind.REPLY and case and sender:
            owner = self._known.cases.get(case.case_number)
            if owner and owner.address and owner.address.casefold() != sender.address.casefold():
                notices.append(
                    f"Pengirim {sender.address} bukan alamat pengguna data permohonan {case.case_number} "
                    f"({owner.address}). Pastikan orangnya."
                )


class _Gathered:
    """What the walk over one mail collects."""

    def __init__(self, warnings: list[str]) -> None:
        self.warnings = warnings
        self.texts: list[str] = []
        self.spare_text = ""
        self.attachments: list[Attachment] = []
        self.nested: list[Mail] = []
        self.failed_recipient: str | None = None
        self.is_report = False

    def body(self) -> str:
        text = "\n".join(text.rstrip("\n") + "\n" for text in self.texts if text.strip())
        return text or self.spare_text

    def add_report(self, text: str) -> None:
        self.is_report = True
        self.failed_recipient = self.failed_recipient or failed_recipient(text)


def _with_unique_names(items: list[Attachment]) -> tuple[Attachment, ...]:
    names = unique_names(item.raw_name for item in items)
    return tuple(_renamed(item, name) for item, name in zip(items, names, strict=True))


def _renamed(item: Attachment, name: str) -> Attachment:
    if item.safe_name == name:
        return item
    return Attachment(
        raw_name=item.raw_name,
        safe_name=name,
        file_type=item.file_type,
        declared_type=item.declared_type,
        size=item.size,
        sha256=item.sha256,
        data=item.data,
        inline=item.inline,
        contains=item.contains,
    )


def _name_for(part: Part, content: bytes) -> str:
    """A name for a part that carries none, with the ending of its content."""
    endings = sniff(content).endings
    stem = {"text/calendar": "undangan", "message/rfc822": "pesan"}.get(part.content_type, "lampiran")
    return stem + (endings[0] if endings else "")


def _received(root: Part) -> datetime | None:
    return next((read_date(value.rpartition(";")[2]) for value in root.headers_of("received")[:1]), None)
