"""Reads conversations: WhatsApp exports (text or zip with media) and threads pasted from the forum."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from desk.adapters.archives import list_zip_safely, read_zip_entry
from desk.adapters.attachments import Attachment, attachment
from desk.adapters.file_types import FileType, sniff
from desk.adapters.forum_in import Thread, read_thread
from desk.adapters.mail_headers import clean_line, clean_text, decode_text
from desk.adapters.whatsapp_in import Export, read_export
from desk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo

CHAT_LIMIT = 200 * 1024 * 1024
TEXT_LIMIT = 5 * 1024 * 1024

_ZONES = {
    "WIB": timezone(timedelta(hours=7)),
    "WITA": timezone(timedelta(hours=8)),
    "WIT": timezone(timedelta(hours=9)),
}


@dataclass(frozen=True)
class ChatMessage:
    """One message: local time (naive unless a zone was given), who, what, and the names of its files."""

    time: datetime | None
    sender: str
    text: str
    attachments: tuple[str, ...] = ()
    omitted: bool = False
    """A picture or file was sent but left out of the export."""
    deleted: bool = False
    edited: bool = False
    from_office: bool | None = None
    """True for the desk, False for the customer; None when nothing tells."""
    role: str = ""
    """What the forum writes behind the name, such as `pengguna`."""


@dataclass(frozen=True)
class Chat:
    """A conversation in the order of the file."""

    source: str
    """`whatsapp-android-id`, `whatsapp-ios-en`, `forum-paste`, `note` …"""
    messages: tuple[ChatMessage, ...]
    system_lines: tuple[str, ...] = ()
    """What WhatsApp itself wrote: encryption notice, calls, changes of a group."""
    topic: str | None = None
    topic_number: str | None = None
    has_seconds: bool = False
    media: Mapping[str, Attachment] = field(default_factory=dict)
    """Files of a zip export by the name used in `ChatMessage.attachments`."""
    warnings: tuple[str, ...] = ()

    @property
    def senders(self) -> tuple[str, ...]:
        """Everybody who wrote, in order of appearance."""
        return tuple(dict.fromkeys(message.sender for message in self.messages if message.sender))

    @property
    def customers(self) -> tuple[str, ...]:
        """Senders that are not the office; everybody when the office is not known."""
        return tuple(dict.fromkeys(m.sender for m in self.messages if m.sender and not m.from_office))

    def files_of(self, message: ChatMessage) -> tuple[Attachment, ...]:
        """The files of one message that came with the export."""
        return tuple(self.media[name] for name in message.attachments if name in self.media)


def read_chat(data: bytes, *, office: Iterable[str] = (), zone: tzinfo | None = None) -> Chat:
    """The conversation in an export (text or zip) or in a saved forum page.

    `office` are names and telephone numbers of the desk; `zone` makes the times aware. Refused: too large, damaged or
    locked zip, or a file that is neither.
    """
    if data.startswith(b"PK"):
        return _read_zip(data, tuple(office), zone)
    if len(data) > TEXT_LIMIT:
        raise Refused("Percakapan ini lebih dari 5 MB teks. Potong menjadi beberapa berkas, lalu coba lagi.")
    kind = sniff(data)
    if kind not in {FileType.TXT, FileType.CSV, FileType.EML, FileType.UNKNOWN, FileType.XML, FileType.SCRIPT}:
        raise Refused(
            f"Berkas ini bukan ekspor percakapan, melainkan {kind.label}. Pilih berkas .txt atau .zip dari WhatsApp."
        )
    text = _decode(data)
    chat = _read_layout(text, tuple(office), zone)
    if chat is None:
        raise Refused(
            "Berkas ini bukan ekspor WhatsApp atau salinan forum yang dikenal. "
            "Tempel isinya sebagai catatan pada permohonan."
        )
    return chat


def read_pasted(text: str, *, office: Iterable[str] = (), zone: tzinfo | None = None) -> Chat:
    """The conversation in a pasted text; a text of no known layout becomes one note without time and sender."""
    whole = clean_text(text)
    return _read_layout(whole, tuple(office), zone) or Chat("note", (ChatMessage(None, "", whole.strip()),))


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return decode_text(data, "utf-16")
    return decode_text(data.removeprefix(b"\xef\xbb\xbf"), "utf-8")


def _read_layout(text: str, office: tuple[str, ...], zone: tzinfo | None) -> Chat | None:
    export = read_export(text)
    if export is not None:
        return _chat_of(export, office, zone)
    thread = read_thread(text)
    return _chat_of_thread(thread, office, zone) if thread is not None else None


def _chat_of(export: Export, office: tuple[str, ...], zone: tzinfo | None) -> Chat:
    messages = tuple(
        ChatMessage(
            said.time.replace(tzinfo=zone) if zone is not None else said.time,
            said.sender,
            said.text,
            said.attachments,
            omitted=said.omitted,
            deleted=said.deleted,
            edited=said.edited,
            from_office=_is_office(said.sender, office),
        )
        for said in export.messages
    )
    return Chat(export.source, messages, export.system_lines, has_seconds=export.has_seconds)


def _chat_of_thread(thread: Thread, office: tuple[str, ...], zone: tzinfo | None) -> Chat:
    messages = []
    for post in thread.posts:
        time = post.time
        if zone is not None:
            time = time.replace(tzinfo=_ZONES.get(post.zone, zone)).astimezone(zone)
        known = _is_office(post.sender, office)
        by_role = post.is_office if post.role else None
        from_office = known if known or by_role is None else by_role
        messages.append(
            ChatMessage(time, post.sender, post.text, post.attachments, from_office=from_office, role=post.role)
        )
    return Chat("forum-paste", tuple(messages), topic=thread.topic, topic_number=thread.topic_number)


def _is_office(sender: str, office: tuple[str, ...]) -> bool | None:
    """Names compare without case, numbers without blanks, dashes and country code (0812… is +62812…)."""
    if not office:
        return None
    return _identity(sender) in {_identity(name) for name in office}


def _identity(name: str) -> str:
    plain = clean_line(name).casefold()
    digits = re.sub(r"[^\d]", "", plain)
    if len(digits) >= 8 and re.fullmatch(r"[\d\s()+.‑-]+", plain):
        return "62" + digits[1:] if digits.startswith("0") else digits
    return plain


def _read_zip(data: bytes, office: tuple[str, ...], zone: tzinfo | None) -> Chat:
    """A zip export: the conversation and its files, nothing written to disk."""
    if len(data) > CHAT_LIMIT:
        raise Refused(
            "Arsip percakapan ini lebih dari 200 MB. Ekspor ulang tanpa media, lalu kirim berkasnya satu per satu."
        )
    entries = list_zip_safely(data, total_limit=CHAT_LIMIT)
    texts = [entry for entry in entries if entry.raw_name.lower().endswith(".txt") and entry.size <= TEXT_LIMIT]
    texts.sort(
        key=lambda entry: not re.search(r"(?:^|/)(?:_chat\.txt|[^/]*whatsapp[^/]*)$", entry.raw_name, re.IGNORECASE)
    )
    for candidate in texts[:20]:
        export = read_export(_decode(read_zip_entry(data, candidate)))
        if export is None:
            continue
        chat = _chat_of(export, office, zone)
        media: dict[str, Attachment] = {}
        warnings: list[str] = []
        for entry in entries:
            if entry is candidate:
                continue
            name = clean_line(entry.raw_name.replace("\\", "/").rsplit("/", 1)[-1])
            try:
                content = read_zip_entry(data, entry)
            except Refused as refused:
                warnings.append(str(refused))
                continue
            media[name] = attachment(name, content)
        missing = {name for message in chat.messages for name in message.attachments} - media.keys()
        warnings.extend(
            f"Berkas {name} disebut dalam percakapan tetapi tidak ada di arsip." for name in sorted(missing)
        )
        return replace(chat, media=media, warnings=tuple(warnings))
    raise Refused("Arsip ini tidak memuat percakapan WhatsApp (_chat.txt). Ekspor ulang percakapannya dari WhatsApp.")
