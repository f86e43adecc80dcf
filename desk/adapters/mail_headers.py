"""Mail headers and texts decoded: encoded words, parameters in pieces, addresses, dates, character sets.

The rules are those of RFC 2047, 2231 and 5322, read as leniently as mail programs do; nothing here raises.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

_TEXT_CODECS = re.compile(
    r"(?:us-)?ascii|ansi_x3\.4-1968|utf-?(?:8|16|32)(?:-?[lb]e)?|utf-7|(?:iso|latin)[-_]?\d[\w-]*|windows-?125\d|"
    r"cp\d{3,4}|koi8-[ru]|gb2312|gbk|gb18030|big5(?:-hkscs)?|euc-(?:jp|kr)|shift_jis|tis-620|macintosh|mac-?roman",
    re.IGNORECASE,
)
_ENCODED_WORD = re.compile(r"=\?([\w.:+-]{1,40})(?:\*[\w-]*)?\?([bBqQ])\?([^?\r\n]*)\?=")
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def decode_header(value: str) -> str:
    """A header as people read it: encoded words undone, one line, without control and direction marks."""
    pieces: list[str] = []
    waiting: tuple[str, bytes] | None = None  # one character may be cut across two words of the same set
    at = 0
    for word in _ENCODED_WORD.finditer(value):
        between = value[at : word.start()]
        if between.strip() or waiting is None:
            if waiting:
                pieces.append(decode_text(waiting[1], waiting[0]))
                waiting = None
            pieces.append(between)
        charset, encoding, text = word.groups()
        raw = _encoded_word(text, encoding)
        if waiting and waiting[0].lower() != charset.lower():
            pieces.append(decode_text(waiting[1], waiting[0]))
            waiting = None
        waiting = (charset, (waiting[1] if waiting else b"") + raw)
        at = word.end()
    if waiting:
        pieces.append(decode_text(waiting[1], waiting[0]))
    pieces.append(value[at:])
    return clean_line("".join(pieces))


def _encoded_word(text: str, encoding: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if encoding in "bB":
        return decode_base64(raw, [])
    return binascii.a2b_qp(raw.replace(b" ", b"_"), header=True)


def clean_line(text: str) -> str:
    """Text for one line of a screen or a column: blanks folded, nothing invisible, nothing that turns the line."""
    return re.sub(r"\s+", " ", _DIRECTION.sub("", clean_text(text))).strip()


def clean_text(text: str) -> str:
    """Text with LF line ends and without the signs that no database column and no screen takes (NUL, surrogates)."""
    return _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def decode_text(raw: bytes, charset: str, warnings: list[str] | None = None) -> str:
    """The text of `raw`: the named set when it fits, else UTF-8, else Windows-1252, which takes every byte."""
    name = charset.strip().strip("'\"").lower()
    known = bool(_TEXT_CODECS.fullmatch(name))
    if name and not known and warnings is not None:
        warnings.append(f"Himpunan karakter {clean_line(name)[:40]} tidak dikenal; teksnya mungkin keliru.")
    # Programs write iso-8859-1 and mean Windows-1252 (the WHATWG rule); a missing name may be anything.
    first = {"iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "utf-8", "ascii": "utf-8"}
    for codec in (first.get(name, name) if known else "utf-8", "utf-8"):
        try:
            return clean_text(raw.decode(codec))
        except (UnicodeError, LookupError):
            continue
    return clean_text(raw.decode("cp1252", "replace"))


def parameters(value: str) -> dict[str, str]:
    """The parameters of a structured header by name; RFC 2231 pieces joined, encoded words undone."""
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for item in _split_outside_quotes(value, ";")[1:]:
        name, equals, text = item.partition("=")
        name = name.strip().lower()
        if not equals:
            continue
        text = _unquote(text.strip())
        extended = re.fullmatch(r"([^*]+)(?:\*(\d{1,4}))?(\*)?", name, re.ASCII)
        if extended and (extended[2] is not None or extended[3]):
            pieces.setdefault(extended[1], {})[int(extended[2] or 0)] = (bool(extended[3]), text)
        else:
            plain.setdefault(name, _visible(decode_header(text) if "=?" in text else text))
    for name, numbered in pieces.items():
        plain[name] = _join_pieces(numbered)
    return plain


def _join_pieces(numbered: dict[int, tuple[bool, str]]) -> str:
    charset = ""
    raw = b""
    for position, (_, (encoded, text)) in enumerate(sorted(numbered.items())):
        if encoded and position == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        raw += unquote_to_bytes(text) if encoded else text.encode("utf-8", "replace")
    return _visible(decode_text(raw, charset))


def _visible(text: str) -> str:
    return _INVISIBLE.sub("", text)


def _split_outside_quotes(text: str, separator: str) -> list[str]:
    items: list[str] = []
    item: list[str] = []
    quoted = escaped = False
    for char in text:
        if char == separator and not quoted:
            items.append("".join(item))
            item = []
            continue
        if char == '"' and not escaped:
            quoted = not quoted
        escaped = char == "\\" and quoted and not escaped
        item.append(char)
    items.append("".join(item))
    return items


def _unquote(text: str) -> str:
    if text.startswith('"'):
        # Only \\ and \" are undone: programs that do not know the rule write C:\Users with single strokes.
        return re.sub(r'\\([\\"])', r"\1", text[1:].removesuffix('"') if len(text) > 1 else "")
    return text


@dataclass(frozen=True)
class Address:
    """A person as a mail names them; `name` may be empty."""

    name: str
    address: str


def addresses(value: str, *, limit: int = 200) -> list[Address]:
    """The addresses of a From, To or Cc header; entries without `@` are left out."""
    found = []
    for item in _split_outside_quotes(value, ",")[:limit]:
        address = one_address(item)
        if address:
            found.append(address)
    if not found and "=?" in value:  # the whole line, address included, was encoded
        decoded = decode_header(value)
        return addresses(decoded) if "=?" not in decoded else []
    return found


def one_address(text: str) -> Address | None:
    """`Name <a@b>`, `a@b (Name)`, `"Name" <a@b>` or `a@b` as an Address; None when there is no address."""
    angle = re.search(r"<\s*([^<>@\s]+@[^<>@\s]+)\s*>", text)
    if angle:
        name = text[: angle.start()].strip() or re.sub(r"^\s*\(|\)\s*$", "", text[angle.end() :].strip())
        return Address(decode_header(_unquote(name.strip())), clean_line(angle[1]))
    bare = re.search(r"[^\s<>@,;:()\"\[\]]+@[^\s<>@,;:()\"\[\]]+", text)
    if not bare:
        return None
    comment = re.search(r"\(([^()]*)\)", text[bare.end() :])
    return Address(decode_header(comment[1]) if comment else "", clean_line(bare[0]))


def decode_base64(raw: bytes, warnings: list[str]) -> bytes:
    """The bytes behind base64, damaged or cut ones as far as they go, which is then told in `warnings`."""
    try:
        return binascii.a2b_base64(raw)
    except binascii.Error:
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
        letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
        warnings.append("Satu bagian surel terpotong atau rusak; yang tersimpan adalah bagian yang terbaca.")
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


_INDONESIAN_MONTHS = {"mei": "May", "agu": "Aug", "ags": "Aug", "agt": "Aug", "okt": "Oct", "des": "Dec", "nop": "Nov"}

_INDONESIAN_ZONES = {"WIB": " +0700", "WITA": " +0800", "WIT": " +0900"}


def read_date(value: str) -> datetime | None:
    """A mail date with its time zone (unknown zones count as UTC); None when it is none."""
    text = re.sub(
        r"\b(mei|agu|ags|agt|okt|des|nop)[a-z]*\b",
        lambda word: _INDONESIAN_MONTHS[word[1].lower()],
        value,
        flags=re.IGNORECASE,
    )
    text = re.sub(r"^\s*[A-Za-z]+,\s*", "", text)
    text = re.sub(r"\s(WIB|WITA|WIT)\b", lambda zone: _INDONESIAN_ZONES[zone[1]], text)
    try:
        moment = parsedate_to_datetime(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
