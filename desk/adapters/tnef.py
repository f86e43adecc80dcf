"""winmail.dat: what Outlook packs into a mail when it believes the reader is Outlook too.

The layout is MS-OXTNEF: a signature, then attributes (level, id, length, data, checksum); attachments keep their long
name and sometimes their bytes in a list of MAPI properties.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from desk.adapters.mail_headers import decode_text

SIGNATURE = b"\x78\x9f\x3e\x22"

_ATTACH_REND_DATA = 0x9002
_ATTACH_TITLE = 0x8010
_ATTACH_DATA = 0x800F
_ATTACH_PROPERTIES = 0x9005
_MESSAGE_PROPERTIES = 0x9003
_CODE_PAGE = 0x9007
_BODY = 0x800C

_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME = 0x3707, 0x3704, 0x3001
_DATA_OBJECT, _MEDIA_TYPE = 0x3701, 0x370E
_PLAIN_BODY, _HTML_BODY = 0x1000, 0x1013

_FIXED_SIZES = {0x0002: 4, 0x0003: 4, 0x0004: 4, 0x000A: 4, 0x000B: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x0014: 8,
                0x0040: 8, 0x0048: 16}  # fmt: skip
_NARROW, _WIDE, _OBJECT, _BINARY = 0x001E, 0x001F, 0x000D, 0x0102
_SEVERAL = 0x1000


@dataclass(frozen=True)
class PackedFile:
    """One file inside winmail.dat."""

    name: str
    data: bytes
    media_type: str


@dataclass(frozen=True)
class Package:
    """What a winmail.dat holds: its files, the text of the message in two forms (either may be empty)."""

    files: tuple[PackedFile, ...]
    text: str
    html: bytes
    complete: bool
    """False when the data ends in the middle of something."""


def unpack(data: bytes, *, depth: int = 5) -> Package:
    """The contents of a winmail.dat; a damaged one gives what could be read with `complete` False. Never raises."""
    if not data.startswith(SIGNATURE) or len(data) < 6:
        return Package((), "", b"", complete=False)
    codec = "cp1252"
    text, html = "", b""
    files: list[dict[str, bytes | str]] = []
    inner: list[PackedFile] = []
    complete = True
    at = 6
    while at + 9 <= len(data):
        attribute, _, length = struct.unpack_from("<HHI", data, at + 1)
        value = data[at + 9 : at + 9 + length]
        at += 9 + length + 2
        complete = len(value) == length
        if attribute == _CODE_PAGE and len(value) >= 4:
            codec = _codec(struct.unpack_from("<I", value)[0])
        elif attribute == _BODY:
            text = _narrow(value, codec)
        elif attribute == _MESSAGE_PROPERTIES:
            found = _properties(value, codec)
            text = _text(found.get(_PLAIN_BODY)) or text
            html = _bytes(found.get(_HTML_BODY)) or html
        elif attribute == _ATTACH_REND_DATA:
            files.append({})
        elif attribute in {_ATTACH_TITLE, _ATTACH_DATA, _ATTACH_PROPERTIES}:
            if not files:
                files.append({})
            if attribute == _ATTACH_TITLE:
                files[-1]["title"] = _narrow(value, codec)
            elif attribute == _ATTACH_DATA:
                files[-1]["data"] = value
            else:
                _add_properties(files[-1], _properties(value, codec))
    packed = []
    for entry in files:
        content = _bytes(entry.get("data"))
        if content.startswith(SIGNATURE) and depth > 0:
            inner.extend(unpack(content, depth=depth - 1).files)
            continue
        name = _text(entry.get("name")) or _text(entry.get("title"))
        if name or content:
            packed.append(PackedFile(name or "lampiran", content, _text(entry.get("media"))))
    return Package(tuple(packed + inner), text, html, complete=complete)


def _add_properties(entry: dict[str, bytes | str], found: dict[int, bytes | str]) -> None:
    for key in (_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME):
        if _text(found.get(key)):
            entry["name"] = _text(found[key])
            break
    entry["media"] = _text(found.get(_MEDIA_TYPE))
    packed = _bytes(found.get(_DATA_OBJECT))
    if packed and not entry.get("data"):
        entry["data"] = packed[16:] if packed[16:20] == SIGNATURE else packed  # 16 bytes name the kind of object


def _properties(data: bytes, codec: str) -> dict[int, bytes | str]:
    """The texts and bytes of a MAPI property list by id; stops where the list makes no sense."""
    found: dict[int, bytes | str] = {}
    try:
        (count,) = struct.unpack_from("<I", data)
        at = 4
        for _ in range(min(count, 4096)):
            kind, key = struct.unpack_from("<HH", data, at)
            at += 4
            if key >= 0x8000:
                at = _after_property_name(data, at)
            several, kind = bool(kind & _SEVERAL), kind & ~_SEVERAL
            if kind in _FIXED_SIZES:
                number = struct.unpack_from("<I", data, at)[0] if several else 1
                at += (4 if several else 0) + number * _FIXED_SIZES[kind]
                continue
            if kind not in {_NARROW, _WIDE, _OBJECT, _BINARY}:
                break
            (number,) = struct.unpack_from("<I", data, at)
            at += 4
            for _ in range(min(number, 4096)):
                (length,) = struct.unpack_from("<I", data, at)
                value = data[at + 4 : at + 4 + length]
                at += 4 + length + -length % 4
                if kind == _WIDE:
                    found.setdefault(key, value.decode("utf-16-le", "replace").rstrip("\0"))
                else:
                    found.setdefault(key, _narrow(value, codec) if kind == _NARROW else value)
    except struct.error:  # cut in the middle: what came before is good
        pass
    return found


def _after_property_name(data: bytes, at: int) -> int:
    (by_name,) = struct.unpack_from("<I", data, at + 16)
    if not by_name:
        return at + 24
    (length,) = struct.unpack_from("<I", data, at + 20)
    return at + 24 + int(length) + -int(length) % 4


def _codec(page: int) -> str:
    return {65001: "utf-8", 20127: "ascii", 28591: "iso-8859-1", 0: "cp1252"}.get(page, f"cp{page}")


def _narrow(value: bytes, codec: str) -> str:
    return decode_text(value.rstrip(b"\0"), codec)


def _text(value: bytes | str | None) -> str:
    return value if isinstance(value, str) else ""


def _bytes(value: bytes | str | None) -> bytes:
    return value if isinstance(value, bytes) else b""
