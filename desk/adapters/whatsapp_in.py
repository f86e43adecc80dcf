"""The text of a WhatsApp export: Android and iOS, Indonesian and English, 12 and 24 hours, any order of the date.

The layout of the first message decides for the whole file, so a message whose own text looks like a line of another
export stays a message. Dates are read in the order that fits every line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from desk.adapters.mail_headers import clean_line, clean_text

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_BLANKS = re.compile("[\u00a0\u202f\u2007\u2009]")

_LINE = re.compile(
    r"(?P<open>\[)?(?P<first>\d{1,4})(?P<sign>[/.\-])(?P<second>\d{1,2})(?P=sign)(?P<third>\d{2,4}),?\ "
    r"(?:(?:pukul|at|jam)\ )?(?P<hour>\d{1,2})(?P<colon>[:.])(?P<minute>\d{2})(?:[:.](?P<second_of>\d{2}))?"
    r"(?:\ ?(?P<half>[AaPp])\.?\ ?[Mm]\.?)?(?P<close>\]\ ?|\ -\ )(?P<rest>.*)"
)


@dataclass(frozen=True)
class Said:
    """One message: local time of the phone, sender, text, names of its files, and what happened to it."""

    time: datetime
    sender: str
    text: str
    attachments: tuple[str, ...] = ()
    omitted: bool = False
    deleted: bool = False
    edited: bool = False


@dataclass(frozen=True)
class Export:
    """A whole export: `source` such as `whatsapp-ios-id`, messages and system lines in file order."""

    source: str
    messages: tuple[Said, ...]
    system_lines: tuple[str, ...]
    has_seconds: bool


class _Layout(NamedTuple):
    """What every line of one export has in common."""

    bracket: bool
    sign: str
    colon: str
    seconds: bool
    halves: bool
    year_first: bool


_SYSTEM = re.compile(
    r"terenkripsi secara end-to-end|end-to-end encrypted|enkripsi end-to-end"
    r"|^(?:grup|group) (?:ini )?(?:dibuat|created)|(?:membuat|created) (?:grup|group)"
    r"|(?:^| )(?:menambahkan|mengeluarkan|added|removed) (?:anda|you|\S+)"
    r"|(?:^| )(?:telah )?(?:keluar|left)$|bergabung (?:menggunakan|melalui|ke)|joined (?:using|via|from)"
    r"|(?:mengubah|mengganti|changed|menghapus|deleted) (?:nama|judul|subjek|deskripsi|ikon|gambar|foto|pengaturan|"
    r"setelan|nomor|the (?:subject|group)|this group|their phone|group|the settings)"
    r"|(?:kode keamanan|security code).{0,80}(?:berubah|changed)"
    r"|(?:nomor telepon|phone number).{0,60}(?:berubah|berganti|changed)"
    r"|(?:anda|you) (?:memblokir|membuka blokir|blocked|unblocked)"
    r"|pesan sementara|disappearing messages|akun bisnis|business account|(?:menyematkan|pinned) (?:pesan|a message)"
    r"|^(?:panggilan|telepon) (?:suara|video)(?: grup)?(?:[ ,.].{0,60})?$"
    r"|^(?:missed )?(?:voice|video) call(?:[ ,.].{0,60})?$"
    r"|panggilan (?:suara|video)(?: grup)? (?:tak|tidak) terjawab|missed (?:group )?(?:voice|video) call"
    r"|sekarang (?:menjadi )?admin|now an admin|is a contact|(?:adalah|ada di) kontak",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"(?:pesan dan panggilan|messages and calls)\b.{0,40}(?:terenkripsi|encrypted)"
    r"|(?:panggilan (?:suara|video)(?: grup)? (?:tak|tidak) terjawab|missed (?:group )?(?:voice|video) call)"
    r"[^.]{0,40}\.?$",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"[\"“”]|terenkripsi secara|end-to-end encrypted|(?:mengubah|mengganti|membuat|menghapus|changed|created|deleted) "
    r"(?:nama|judul|subjek|deskripsi|ikon|grup|the |this |group)",
    re.IGNORECASE,
)
_PHRASE = 500
"""Longest line that may be one of WhatsApp's own phrases: file names and their marks are shorter."""
_KINDS = (
    r"gambar|foto|video|audio|suara|pesan suara|pesan video|stiker|dokumen|gif|kartu kontak|kontak|media|berkas|file|"
    r"image|photo|sticker|document|voice message|video note|contact card"
)
_OMITTED = re.compile(
    rf"^(?P<before>.*?)(?P<mark>\u200e?)[<‹]?(?:{_KINDS}) (?:tidak disertakan|dihilangkan|omitted|not included)"
    r"[>›]?\.?$",
    re.IGNORECASE,
)
_DELETED = re.compile(
    r"^[<‹]?(?:pesan ini (?:telah )?dihapus(?: oleh .{1,80})?|anda (?:telah )?menghapus pesan ini(?: sebagai admin)?|"
    r"kamu menghapus pesan ini|this message was deleted(?: by .{1,80})?|you deleted this message(?: as admin)?)"
    r"\.?[>›]?$",
    re.IGNORECASE,
)
_EDITED = re.compile(
    r"\s*\u200e?[<‹](?:pesan ini (?:telah )?diedit|this message was edited|diedit|edited)[>›]\s*$", re.IGNORECASE
)
_ATTACHED_BEHIND = re.compile(
    r"^(?P<name>\S.{0,250}?) \((?:file|berkas|dokumen)? ?(?:terlampir|attached|dilampirkan)\)$", re.IGNORECASE
)
_ATTACHED_INSIDE = re.compile(
    r"\u200e?<(?:terlampir|lampiran|attached|dilampirkan): ?(?P<name>[^<>\n]{1,250})>", re.IGNORECASE
)


def read_export(text: str) -> Export | None:
    """The export in a text with LF line ends, or None when none of the first lines begins a message."""
    lines = text.split("\n")
    layout, heads = _heads(lines)
    if layout is None:
        return None
    day_first = _is_day_first([head for head in heads if head], layout)
    entries: list[tuple[datetime, list[str]]] = []
    for line, head in zip(lines, heads, strict=True):
        time = _time(head, day_first=day_first) if head else None
        if time:
            entries.append((time, [_rest_of(line, layout)]))
        elif entries:
            entries[-1][1].append(line)
    if not entries:
        return None
    messages: list[Said] = []
    system: list[str] = []
    for time, said in entries:
        message = _message("\n".join(said), time)
        if isinstance(message, Said):
            messages.append(message)
        else:
            system.append(message)
    source = f"whatsapp-{'ios' if layout.bracket else 'android'}-{_language(text)}"
    return Export(source, tuple(messages), tuple(system), layout.seconds)


def _heads(lines: Sequence[str]) -> tuple[_Layout | None, list[re.Match[str] | None]]:
    """The layout of the first line that begins a message, and for each line its head if it has that layout."""
    layout: _Layout | None = None
    heads: list[re.Match[str] | None] = []
    for number, line in enumerate(lines):
        head = _LINE.fullmatch(_BLANKS.sub(" ", _MARKS.sub("", line)))
        found = _layout(head) if head else None
        if found and layout is None and number < 20:
            layout = found
        heads.append(head if found and found == layout else None)
    return layout, heads


def _layout(head: re.Match[str]) -> _Layout | None:
    """None when the brackets do not pair, or no year can be meant."""
    bracket = bool(head["open"])
    year_first = len(head["first"]) == 4
    if bracket != head["close"].startswith("]") or len(head["first"]) == 3 or len(head["third"]) == 3:
        return None
    if year_first and len(head["third"]) != 2:
        return None
    return _Layout(bracket, head["sign"], head["colon"], bool(head["second_of"]), bool(head["half"]), year_first)


def _rest_of(line: str, layout: _Layout) -> str:
    """What stands behind the time, with the invisible marks that tell WhatsApp's own words from people's."""
    sign = "]" if layout.bracket else " - "
    return line[_BLANKS.sub(" ", line).find(sign) + len(sign) :].removeprefix(" ")


def _message(rest: str, time: datetime) -> Said | str:
    """A message, or the text of a line that WhatsApp wrote itself."""
    head, colon, body = rest.partition(": ")
    if not colon and rest.split("\n")[0].endswith(":"):  # a message whose first line is empty
        first, _, others = rest.partition("\n")
        head, colon, body = first[:-1], ":", others
    plain = clean_line(rest.split("\n")[0])
    if not colon or "\n" in head or len(head) > 120 or _CHANGE.search(clean_line(head)):
        return plain
    sender = clean_line(head.replace("\u2011", "-")).removeprefix("~").strip()
    first_line = body.split("\n")[0]
    if _NOTICE.match(clean_line(first_line)):
        return clean_line(body)
    # Other words of the system count behind a sender only where WhatsApp marks them as its own.
    if first_line.startswith("\u200e") and _SYSTEM.search(clean_line(first_line)) and not _ATTACHED_INSIDE.search(body):
        return clean_line(body)
    text, edited = _EDITED.subn("", body)
    if _DELETED.match(clean_line(text)):
        return Said(time, sender, "", deleted=True, edited=bool(edited))
    said, names, omitted = _take_files(text)
    return Said(
        time,
        sender,
        clean_text(_BLANKS.sub(" ", _MARKS.sub("", said))).strip("\n").rstrip(),
        tuple(names),
        omitted=omitted,
        edited=bool(edited),
    )


def _take_files(text: str) -> tuple[str, list[str], bool]:
    """The words of a message, the names of its files, and whether one was left out of the export."""
    names = [clean_line(match["name"]) for match in _ATTACHED_INSIDE.finditer(text)]
    text = "\n".join(line.rstrip() for line in _ATTACHED_INSIDE.sub("", text).split("\n")) if names else text
    first, _, others = text.partition("\n")
    behind = _ATTACHED_BEHIND.match(_MARKS.sub("", first).strip())
    if behind:
        return others, [*names, clean_line(behind["name"])], False
    omitted = _OMITTED.match(first.strip()) if len(first) < _PHRASE else None
    # Words before the phrase belong to it only when WhatsApp put its mark between ("a.pdf • 1 halaman ‎dokumen …").
    if omitted and (not omitted["before"].strip("\u200e ") or omitted["mark"]):
        before = omitted["before"].rstrip("\u200e ")
        return "\n".join(piece for piece in (before, others) if piece), names, True
    return text, names, False


def _is_day_first(heads: Sequence[re.Match[str]], layout: _Layout) -> bool:
    """Day before month, unless the other order fits more lines, or runs forward in time where this one jumps back."""
    if layout.year_first:
        return False
    orders = [[_time(head, day_first=day_first) for head in heads] for day_first in (True, False)]
    day_first, month_first = ([time for time in times if time] for times in orders)
    if len(day_first) != len(month_first):
        return len(day_first) > len(month_first)
    back = [sum(later < earlier for earlier, later in pairwise(times)) for times in (day_first, month_first)]
    if back[0] != back[1]:
        return back[0] < back[1]
    american = layout.halves and layout.sign == "/" and not any(head["first"].startswith("0") for head in heads)
    return not american


def _time(head: re.Match[str], *, day_first: bool) -> datetime | None:
    first, second, third = int(head["first"]), int(head["second"]), int(head["third"])
    if len(head["first"]) == 4:
        year, month, day = first, second, third
    else:
        year = third if third > 99 else 2000 + third
        day, month = (first, second) if day_first else (second, first)
    hour = int(head["hour"])
    if head["half"]:
        hour = hour % 12 + (12 if head["half"] in "Pp" else 0)
    try:
        return datetime(year, month, day, hour, int(head["minute"]), int(head["second_of"] or 0))  # noqa: DTZ001 (local)
    except ValueError:
        return None


def _language(text: str) -> str:
    indonesian = re.findall(r"terenkripsi|terlampir|tidak disertakan|dihapus|diedit|menghapus", text, re.IGNORECASE)
    english = re.findall(r"encrypted|\battached\b|\bomitted\b|was deleted|was edited|you deleted", text, re.IGNORECASE)
    return "en" if len(english) > len(indonesian) else "id"
