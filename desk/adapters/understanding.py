"""What a mail or a conversation from outside says, ready for the registration form; nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from desk.rules.case import Abstract, Channel
from desk.rules.identifiers import read_phone
from desk.rules.inputs import IncomingFile, IncomingMessage, LineInput

if TYPE_CHECKING:
    from datetime import tzinfo
    from uuid import UUID

    from desk.adapters.attachments import Attachment
    from desk.adapters.chat_in import Chat, ChatMessage
    from desk.adapters.mail_in import Mail
    from desk.rules.catalogue import Catalogue

_SHORT = 200
"""Letters of a message that only accompanies its picture ("ini KTP saya"); a longer one talks of other things too."""
_OFFICE = re.compile(r"\b(?:PST|BPS)\b", re.IGNORECASE)

_HEADINGS: tuple[tuple[str, str], ...] = (
    ("title", r"judul(?:\s+(?:penelitian|kegiatan|skripsi|tesis|disertasi|kajian|abstraksi))?"),
    ("background", r"latar\s+belakang(?:\s+masalah)?|pendahuluan"),
    ("purpose", r"(?:maksud\s+dan\s+)?tujuan(?:\s+(?:penelitian|kegiatan|penggunaan(?:\s+data)?))?"),
    ("method", r"metode(?:\s+(?:penelitian|analisis))?|metodologi(?:\s+penelitian)?"),
    (
        "planned_output",
        r"(?:(?:rancangan|rencana)\s+)?(?:hasil|keluaran|luaran|output)(?:\s+yang\s+(?:diharapkan|direncanakan))?",
    ),
)
_NUMBERING = r"(?:[0-9]{1,2}[.)]|[a-eA-E][.)]|[-*•])?\s*"
_HEADING = re.compile(
    rf"^\s*{_NUMBERING}(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _HEADINGS)
    + r")\s*(?:(?P<sign>[:=]|\s[-–—]\s)\s*(?P<rest>.*)|)$",
    re.IGNORECASE,
)
_PHONE_LINE = re.compile(
    r"(?:(?:hp|telp?|telepon|wa|whatsapp|phone|mobile|no\.?\s*hp)\s*[.:]?\s*)?(\+?[0-9][0-9 ()./-]{8,18}[0-9])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Understood:
    """What came in: who writes, what is said, which files, and whether it may open a case."""

    heading: str
    channel: Channel
    key: str
    """What a draft of its form is kept under: the Message-ID, or a digest of the text."""
    name: str = ""
    email: str = ""
    phone: str = ""
    subject: str = ""
    text: str = ""
    messages: tuple[IncomingMessage, ...] = ()
    refusals: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    number: str = ""
    thread: tuple[str, ...] = ()
    mail_id: UUID | None = None
    """The mail of the tray that this is, if it is one."""
    no_case_because: str = ""
    """Why this opens no case of its own (an automatic reply, a bounce), as a sentence; empty when it may."""

    @property
    def files(self) -> tuple[IncomingFile, ...]:
        """All files, in the order of the messages."""
        return tuple(file for message in self.messages for file in message.files)

    def with_cards(self, cards: frozenset[int]) -> Understood:
        """The same with exactly these files (by place) protected as identity cards."""
        place = 0
        messages = []
        for message in self.messages:
            files = []
            for file in message.files:
                files.append(replace(file, protected=place in cards))
                place += 1
            messages.append(replace(message, files=tuple(files)))
        return replace(self, messages=tuple(messages))

    @property
    def said(self) -> str:
        """What the customer wrote, without the answers of the desk."""
        return "\n".join(message.text for message in self.messages if not message.from_office) or self.text

    def lines(self, catalogue: Catalogue) -> tuple[LineInput, ...]:
        """The items of the catalogue that the message names; looks at all of them, so not on the window's thread."""
        return lines_in(f"{self.subject}\n{self.said}", catalogue)

    def registration(self, lines: tuple[LineInput, ...] = ()) -> dict[str, Any]:
        """The answers of the registration form that the message itself gives."""
        return {
            "channel": self.channel,
            "name": self.name,
            "email": self.email,
            "phone": self.phone,
            "abstract": abstract_in(self.said),
            "lines": lines,
        }


def understand_mail(data: bytes, *, mail_id: UUID | None = None) -> Understood:
    """What a mail (.eml) says; runs on the slow lane. Refused when it is no mail."""
    from desk.adapters.mail_in import read_mail

    return understood(read_mail(data), _digest(data), mail_id=mail_id)


def understood(mail: Mail, digest: str, *, mail_id: UUID | None = None) -> Understood:
    """What a mail that was read says; `digest` names it where it has no Message-ID."""
    from desk.adapters.mail_kind import MailKind

    asks = mail.asks
    files, refusals, notices = _take(mail.files)
    text = mail.new_text or mail.text
    who = (asks.name or asks.address) if asks else ""
    message = IncomingMessage(
        sender=who or "pengirim tidak diketahui",
        text=text,
        at=mail.moment.isoformat() if mail.moment else "",
        subject=mail.subject,
        message_id=mail.message_id or "",
        from_office=mail.kind is MailKind.SENT,
        files=files,
    )
    because = {
        MailKind.AUTO_REPLY: "Ini balasan otomatis: tidak membuka permohonan dan tidak perlu dijawab.",
        MailKind.BOUNCE: "Ini pemberitahuan surel tidak sampai: tidak membuka permohonan. "
        f"Periksa alamat {mail.failed_recipient or 'penerima'} dengan pengguna data.",
        MailKind.LIST: "Ini surel edaran: tidak membuka permohonan.",
        MailKind.SENT: "Surel ini dikirim dari kantor sendiri: tidak membuka permohonan.",
    }
    return Understood(
        heading=f"Surel: {mail.kind.label}",
        channel=Channel.EMAIL,
        key=mail.message_id or digest,
        name=asks.name if asks else "",
        email=asks.address if asks else "",
        phone=_phone_in(text),
        subject=mail.subject,
        text=text,
        messages=(message,),
        refusals=refusals,
        notices=(*mail.warnings, *mail.notices, *notices),
        number=mail.case_number or "",
        thread=_both_spellings((mail.in_reply_to or "", *mail.references)),
        mail_id=mail_id,
        no_case_because=because.get(mail.kind, ""),
    )


def understand_chat(data: bytes | str, zone: tzinfo | None = None) -> Understood:
    """What an exported or pasted conversation says; runs on the slow lane. Refused when the file is none.

    Exports carry no time zone: `zone` is the office's.
    """
    from desk.adapters.chat_in import read_chat, read_pasted

    chat = read_pasted(data, zone=zone) if isinstance(data, str) else read_chat(data, zone=zone)
    messages: list[IncomingMessage] = []
    refusals: list[str] = []
    notices: list[str] = []
    for said in chat.messages:
        files, refused, noticed = _take(chat.files_of(said), said=said.text)
        refusals += refused
        notices += noticed
        from_office = is_office(said)
        messages.append(
            IncomingMessage(
                sender=said.sender or "tanpa nama",
                text=_words_of(said),
                at=said.time.isoformat() if said.time and said.time.tzinfo else "",
                from_office=from_office,
                files=files,
            )
        )
    customer = next((said.sender for said in chat.messages if said.sender and not is_office(said)), "")
    phone = read_phone(customer).normalized if customer and not re.search(r"[^\W\d_]", customer) else None
    whole = "\n\n".join(f"{said.sender}: {said.text}".strip(": ") for said in messages)
    raw = data.encode() if isinstance(data, str) else data
    return Understood(
        heading=_chat_heading(chat),
        channel=Channel.FORUM if chat.source.startswith("forum") else Channel.WHATSAPP,
        key=_digest(raw),
        name="" if phone else customer,
        phone=phone or "",
        subject=chat.topic or "",
        text=whole,
        messages=tuple(messages),
        refusals=tuple(refusals),
        notices=(*chat.warnings, *notices),
        number=_number_in(whole),
    )


def is_office(said: ChatMessage) -> bool:
    """Whether the desk itself wrote this: told by the forum's role, else by a name with PST or BPS in it."""
    return bool(said.from_office) or (said.from_office is None and bool(_OFFICE.search(said.sender)))


def abstract_in(text: str) -> Abstract:
    """The parts of an abstraksi that stand under their own headings; a text without headings gives none."""
    parts: dict[str, list[str]] = {}
    current = ""
    for line in text.splitlines():
        found = _HEADING.match(line)
        if found:
            current = _heading_of(found)
            parts.setdefault(current, [])
            if found["rest"]:
                parts[current].append(found["rest"].strip())
        elif current == "title" and not line.strip() and parts["title"]:
            current = ""
        elif current:
            parts[current].append(line.rstrip())
    return Abstract(**{name: "\n".join(lines).strip() for name, lines in parts.items()})


def lines_in(text: str, catalogue: Catalogue) -> tuple[LineInput, ...]:
    """The items of the catalogue that the text names in full."""
    return tuple(
        LineInput(choice.title, choice.tariff, choice.size, catalogue_code=choice.code)
        for choice in catalogue.named_in(text)
    )


def _take(
    attachments: Iterable[Attachment], said: str = ""
) -> tuple[tuple[IncomingFile, ...], tuple[str, ...], tuple[str, ...]]:
    """The files that may join a case, the sentences for those that may not, and what looks odd about the others."""
    from desk.adapters.attachments import Purpose, guess_purpose

    files: list[IncomingFile] = []
    refusals: list[str] = []
    notices: list[str] = []
    for attachment in attachments:
        if attachment.refusal:
            refusals.append(attachment.refusal)
            continue
        said_so = attachment.is_picture and len(said) < _SHORT and guess_purpose(said) is Purpose.IDENTITY_CARD
        card = said_so or attachment.purpose is Purpose.IDENTITY_CARD
        files.append(IncomingFile(attachment.safe_name, attachment.file_type.media_type, attachment.data, card))
        notices += attachment.notices()
    return tuple(files), tuple(refusals), tuple(notices)


def _heading_of(found: re.Match[str]) -> str:
    return next(name for name, _ in _HEADINGS if found[name])


def _words_of(said: ChatMessage) -> str:
    if said.deleted:
        return "(pesan dihapus pengirim)"
    missing = "(berkas tidak ikut diekspor)" if said.omitted else ""
    named = "" if not said.attachments else f"({', '.join(said.attachments)})"
    return "\n".join(part for part in (said.text, named, missing) if part)


def _chat_heading(chat: Chat) -> str:
    if chat.source.startswith("whatsapp"):
        return "Percakapan WhatsApp"
    return "Utas Forum Silastik" if chat.source.startswith("forum") else "Teks tempelan"


def _phone_in(text: str) -> str:
    """The telephone number that stands alone on one of the last lines, as in a signature."""
    last = [line.strip() for line in text.splitlines() if line.strip()][-8:]
    for line in reversed(last):
        found = _PHONE_LINE.fullmatch(line)
        if found and (number := read_phone(found[1]).normalized):
            return number
    return ""


def _number_in(text: str) -> str:
    from desk.adapters.mail_case import DEFAULT_CASE_PATTERN, case_number_pattern, tidy_number

    found = {tidy_number(match.group()) for match in case_number_pattern(DEFAULT_CASE_PATTERN).finditer(text)}
    return found.pop() if len(found) == 1 else ""


def _both_spellings(ids: Iterable[str]) -> tuple[str, ...]:
    bare = [value.strip().strip("<>") for value in ids if value]
    return tuple(dict.fromkeys(spelling for value in bare for spelling in (value, f"<{value}>")))


def _digest(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()
