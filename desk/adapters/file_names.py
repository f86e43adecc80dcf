"""File names from outside made safe for Windows and unique in one message; sizes as people read them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

NAME_LENGTH = 120
NAME_BYTES = 240
_LONGEST_ENDING = 16

_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|CLOCK\$|(?:COM|LPT)[0-9¹²³])", re.IGNORECASE)
_STREAM = re.compile(r"(?::[^:\\/]*)?:\$[A-Za-z_]+\s*$")
_FORBIDDEN = re.compile(r'[<>:"|?*/\\]')
_DOUBLE_ENDING = re.compile(r"\.(?:tar\.[a-z0-9]{1,4}|shp\.xml)$", re.IGNORECASE)


def safe_name(raw: str) -> str:
    """A file name that Windows accepts and that hides nothing, as close to `raw` as possible.

    Only the last part of a path survives, without invisible and direction marks, at most 120 characters with the
    ending kept; names of devices get `_` in front; nothing left gives `lampiran`. Applying it twice changes nothing.
    """
    shown = "".join(
        " " if unicodedata.category(char) == "Zs" else char
        for char in unicodedata.normalize("NFC", raw)
        if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"}
    )
    name = re.split(r"[\\/]", _STREAM.sub("", shown).rstrip("\\/ "))[-1]
    name = _FORBIDDEN.sub("_", name).strip(". ")
    if _RESERVED.fullmatch(name.split(".")[0].strip()):
        name = f"_{name}"
    return _shorten(name) or "lampiran"


def _shorten(name: str, *, length: int = NAME_LENGTH, size: int = NAME_BYTES) -> str:
    def too_long(text: str) -> bool:
        return len(text) > length or len(text.encode()) > size

    if not too_long(name):
        return name
    end = ending(name)
    stem = name[: len(name) - len(end)][: length - len(end)]
    while stem and too_long(stem + end):
        stem = stem[:-1]
    return (stem.rstrip(". ") + end).strip(". ")


def ending(name: str) -> str:
    """The ending of a name with its dot (`.pdf`, `.tar.gz`), or an empty text."""
    double = _DOUBLE_ENDING.search(name)
    if double:
        return double.group()
    suffix = PurePosixPath(name.replace("/", "_")).suffix
    return suffix if 1 < len(suffix) <= _LONGEST_ENDING else ""


def unique_names(raw_names: Iterable[str]) -> list[str]:
    """Safe names in the same order, no two equal without regard to case: the second `KTP.jpg` is `KTP (2).jpg`."""
    taken: set[str] = set()
    names = []
    for raw in raw_names:
        first = name = safe_name(raw)
        number = 2
        while name.casefold() in taken:
            mark = f" ({number})"
            end = ending(first)
            stem = first[: len(first) - len(end)]
            name = _shorten(stem, length=NAME_LENGTH - len(end + mark), size=NAME_BYTES - len((end + mark).encode()))
            name = name.rstrip(". ") + mark + end
            number += 1
        taken.add(name.casefold())
        names.append(name)
    return names


def size_text(size: int) -> str:
    """A size for the screen: `12 byte`, `1,5 KB`, `9,0 MB` (1 KB = 1.024 byte)."""
    if size < 1024:
        return f"{size} byte"
    amount, unit = (size / 1024, "KB") if size < 1024 * 1024 else (size / 1024 / 1024, "MB")
    return f"{amount:.1f}".replace(".", ",") + f" {unit}"
