"""Mails as Outlook saves them (.msg), written from the published layouts (MS-CFB, MS-OXMSG) without Outlook."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

Tree = dict[str, "bytes | Tree"]

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_TEXT, _NARROW, _BINARY, _NUMBER, _TIME, _OBJECT = 0x001F, 0x001E, 0x0102, 0x0003, 0x0040, 0x000D


@dataclass
class Attached:
    """A file or a mail that is attached; `method` 1 carries bytes, 5 a mail, 7 is only a link."""

    name: str
    data: bytes = b""
    mail: Outlook | None = None
    method: int = 1
    media_type: str = ""
    inside: bool = False


@dataclass
class Outlook:
    """A mail in Outlook; `headers` are those it travelled with, empty for one that never left Outlook."""

    subject: str = "Permohonan data mikro"
    body: str = ""
    html: bytes = b""
    sender: tuple[str, str] = ("Rina Contoh", "rina@example.com")
    to: Sequence[tuple[str, str]] = (("PST 1600", "pst1600@example.org"),)
    sent: datetime | None = datetime(2026, 11, 20, 3, 15, tzinfo=UTC)
    headers: str = ""
    message_id: str = ""
    answers: str = ""
    kind: str = "IPM.Note"
    narrow: bool = False
    page: int = 1252
    attached: Sequence[Attached] = ()
    more: Tree = field(default_factory=dict)

    def saved(self) -> bytes:
        """The bytes of the .msg file."""
        return compound(self._tree(top=True))

    def _tree(self, *, top: bool) -> Tree:
        streams, listed = self._properties()
        streams["__properties_version1.0"] = bytes(32 if top else 24) + listed
        for place, (name, address) in enumerate(self.to):
            person = _Writer()
            person.text(0x3001, name)
            person.text(0x39FE, address)
            person.number(0x0C15, 1)
            streams[f"__recip_version1.0_#{place:08X}"] = person.tree()
        for place, attached in enumerate(self.attached):
            part = _Writer()
            part.text(0x3707, attached.name)
            part.number(0x3705, attached.method)
            part.number(0x3714, 4 if attached.inside else 0)
            if attached.media_type:
                part.text(0x370E, attached.media_type)
            if attached.mail is not None:
                part.streams[f"__substg1.0_3701{_OBJECT:04X}"] = attached.mail._tree(top=False)
            elif attached.method == 1:
                part.binary(0x3701, attached.data)
            streams[f"__attach_version1.0_#{place:08X}"] = part.tree()
        return streams | self.more

    def _properties(self) -> tuple[Tree, bytes]:
        writer = _Writer(narrow=self.narrow, page=self.page)
        for pid, text in (
            (0x001A, self.kind),
            (0x0037, self.subject),
            (0x0C1A, self.sender[0]),
            (0x5D01, self.sender[1]),
            (0x007D, self.headers),
            (0x1000, self.body),
            (0x1035, self.message_id),
            (0x1042, self.answers),
        ):
            if text:
                writer.text(pid, text)
        writer.number(0x3FFD, self.page)
        writer.number(0x3FDE, 65001)
        if self.html:
            writer.binary(0x1013, self.html)
        if self.sent:
            writer.time(0x0039, self.sent)
        return writer.streams, writer.listed


class _Writer:
    """Collects properties: the list of them, and a stream for each that does not fit into it."""

    def __init__(self, *, narrow: bool = False, page: int = 1252) -> None:
        self.streams: Tree = {}
        self.listed = b""
        self._narrow, self._page = narrow, page

    def text(self, pid: int, text: str) -> None:
        if self._narrow:
            self._stream(pid, _NARROW, text.encode(f"cp{self._page}"))
        else:
            self._stream(pid, _TEXT, text.encode("utf-16-le"))

    def binary(self, pid: int, data: bytes) -> None:
        self._stream(pid, _BINARY, data)

    def number(self, pid: int, value: int) -> None:
        self.listed += struct.pack("<HHIII", _NUMBER, pid, 6, value, 0)

    def time(self, pid: int, moment: datetime) -> None:
        ticks = int((moment - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
        self.listed += struct.pack("<HHIQ", _TIME, pid, 6, ticks)

    def tree(self) -> Tree:
        return {**self.streams, "__properties_version1.0": bytes(8) + self.listed}

    def _stream(self, pid: int, kind: int, data: bytes) -> None:
        self.streams[f"__substg1.0_{pid:04X}{kind:04X}"] = data
        self.listed += struct.pack("<HHIII", kind, pid, 6, len(data), 0)


def compound(tree: Tree) -> bytes:
    """A compound file of version 3 with these streams (bytes) and folders (dict)."""
    entries: list[tuple[str, int, int, bytes]] = [("Root Entry", 5, _NONE, b"")]  # name, kind, first child, content
    right: dict[int, int] = {}

    def put(folder: Tree) -> int:
        places = []
        for name in sorted(folder, key=lambda name: (len(name), name.upper())):
            place = len(entries)
            places.append(place)
            content = folder[name]
            entries.append((name, 2 if isinstance(content, bytes) else 1, _NONE, b""))
            if isinstance(content, bytes):
                entries[place] = (name, 2, _NONE, content)
            else:
                entries[place] = (name, 1, put(content), b"")
        right.update(pairwise(places))
        return places[0] if places else _NONE

    entries[0] = ("Root Entry", 5, put(tree), b"")
    small = b""
    small_chain: list[int] = []
    sectors: list[bytes] = []
    chain: list[int] = []

    def store(data: bytes) -> int:
        if not data:
            return _END
        first = len(sectors)
        count = -(-len(data) // _SECTOR)
        sectors.extend(data[at : at + _SECTOR].ljust(_SECTOR, b"\0") for at in range(0, len(data), _SECTOR))
        chain.extend([*range(first + 1, first + count), _END])
        return first

    starts = []
    for _name, kind, _child, content in entries:
        if kind == 2 and 0 < len(content) < _CUTOFF:
            first, count = len(small_chain), -(-len(content) // _MINI)
            small_chain.extend([*range(first + 1, first + count), _END])
            small += content.ljust(count * _MINI, b"\0")
            starts.append(first)
        else:
            starts.append(store(content))
    mini_fat = store(
        b"".join(struct.pack("<I", link) for link in small_chain).ljust(-(-len(small_chain) // 128) * 512, b"\xff")
    )
    starts[0] = store(small)
    directory = b""
    for place, (name, kind, child, content) in enumerate(entries):
        words = name.encode("utf-16-le")
        size = len(small) if place == 0 else len(content)
        directory += (words + b"\0\0").ljust(64, b"\0") + struct.pack(
            "<HBBIII16sIQQIQ",
            len(words) + 2,
            kind,
            1,
            _NONE,
            right.get(place, _NONE),
            child,
            b"",
            0,
            0,
            0,
            starts[place],
            size,
        )
    directory_at = store(directory.ljust(-(-len(directory) // _SECTOR) * _SECTOR, b"\0"))
    fat_sectors = 1
    while fat_sectors * 128 < len(sectors) + fat_sectors:
        fat_sectors += 1
    fat_at = len(sectors)
    chain += [_FAT] * fat_sectors
    fat = b"".join(struct.pack("<I", link) for link in chain).ljust(fat_sectors * _SECTOR, b"\xff")
    places = [*range(fat_at, fat_at + fat_sectors)]
    assert fat_sectors <= 109, "no DIFAT sectors are written here"
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
        0, fat_sectors, directory_at, 0, _CUTOFF,
        mini_fat if small_chain else _END, -(-len(small_chain) // 128), _END, 0, 0,
    )[:76]  # fmt: skip
    header += struct.pack("<109I", *places, *[_FREE] * (109 - len(places)))
    return header + b"".join(sectors) + fat
