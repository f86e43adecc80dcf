"""The tree of a mail: headers decoded, parts cut apart, transfer encodings undone; damaged input gives warnings.

The standard parser is not used for this: it calls itself per nested part (3.000 levels end in RecursionError), keeps
the whole mail as a list of text lines (five times the memory), and its header classes raise on broken headers. The
rules are those of RFC 2045-2047 and 2231, read as leniently as mail programs do.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

HEADER_BLOCK_LIMIT = 256 * 1024
HEADER_LIMIT = 8 * 1024
PART_LIMIT = 1_000

_TEXT_CODECS = re.compile(
    r"(?:us-)?ascii|ansi_x3\.4-1968|utf-?(?:8|16|32)(?:-?[lb]e)?|utf-7|(?:iso|latin)[-_]?\d[\w-]*|windows-?125\d|"
    r"cp\d{3,4}|koi8-[ru]|gb2312|gbk|gb18030|big5(?:-hkscs)?|euc-(?:jp|kr)|shift_jis|tis-620|macintosh|mac-?roman",
    re.IGNORECASE,
)
_ENCODED_WORD = re.compile(r"=\?([\w.:+-]{1,40})(?:\*[\w-]*)?\?([bBqQ])\?([^?\r\n]*)\?=")
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass
class Part:
    """One node of the mail: its headers, and either its children or its own bytes."""

    headers: tuple[tuple[str, str], ...]
    source: bytes = field(repr=False)
    start: int
    end: int
    default_type: str = "text/plain"
    children: list[Part] = field(default_factory=list)

    def header(self, name: str) -> str:
        """The first header of that name, decoded, on one line; empty when it is missing."""
        return next((decode_header(value) for key, value in self.headers if key == name), "")

    def headers_of(self, name: str) -> list[str]:
        """Every header of that name, in file order, decoded."""
        return [decode_header(value) for key, value in self.headers if key == name]

    def raw_header(self, name: str) -> str:
        """The first header of that name without undoing encoded words (what addresses are read from)."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def content_type(self) -> str:
        """Such as `text/plain`, in small letters; the default of RFC 2045 when missing or broken."""
        value = self.raw_header("content-type").split(";")[0].strip().lower()
        return value if re.fullmatch(r"[\w.+-]+/[\w.+-]+", value, re.ASCII) else self.default_type

    @property
    def disposition(self) -> str:
        """`attachment`, `inline` or empty."""
        return self.raw_header("content-disposition").split(";")[0].strip().lower()

    def parameter(self, header: str, name: str) -> str:
        """One parameter of a header, decoded: the RFC 2231 form wins over the plain one."""
        return parameters(self.raw_header(header)).get(name, "")

    @property
    def file_name(self) -> str:
        """The name of the attachment as the sender wrote it, or empty."""
        return self.parameter("content-disposition", "filename") or self.parameter("content-type", "name")

    def content(self, warnings: list[str]) -> bytes:
        """The bytes of this part, transfer encoding undone; damage is told in `warnings`."""
        raw = self.source[self.start : self.end]
        encoding = self.raw_header("content-transfer-encoding").split(";")[0].strip().lower()
        if encoding == "base64":
            return _base64(raw, warnings)
        if encoding == "quoted-printable":
            return binascii.a2b_qp(raw)
        if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
            return _uuencoded(raw, warnings)
        return raw

    def text(self, warnings: list[str]) -> str:
        """The text of this part with LF line ends, whatever character set it claims."""
        text = decode_text(self.content(warnings), self.parameter("content-type", "charset"), warnings)
        if self.parameter("content-type", "format").lower() == "flowed":
            text = _unflow(text, delete_space=self.parameter("content-type", "delsp").lower() == "yes")
        return text

    def walk(self) -> list[Part]:
        """This part and everything below it, in file order."""
        found, waiting = [], [self]
        while waiting:
            part = waiting.pop()
            found.append(part)
            waiting.extend(reversed(part.children))
        return found


def parse(source: bytes, warnings: list[str], *, depth: int) -> Part:
    """The tree of a whole mail, at most `depth` levels deep; what lies deeper stays packed in its part."""
    state = _Limits(PART_LIMIT, warnings)
    return _part(source, 0, len(source), depth, state, "text/plain")


class _Limits:
    """What may still be read, and where to say that it was not."""

    def __init__(self, parts: int, warnings: list[str]) -> None:
        self.parts = parts
        self.warnings = warnings

    def warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)


def _part(source: bytes, start: int, end: int, depth: int, limits: _Limits, default_type: str) -> Part:
    headers, body = _read_headers(source, start, end, limits)
    part = Part(headers, source, body, end, default_type)
    kind = part.content_type
    limits.parts -= 1
    if limits.parts == 0:
        limits.warn(f"Surel ini memuat lebih dari {PART_LIMIT} bagian; bagian selebihnya tidak dibaca.")
    if limits.parts <= 0:
        return part
    if kind.startswith("multipart/"):
        if depth <= 0:
            limits.warn("Surel ini bersarang terlalu dalam; bagian terdalam disimpan sebagai berkas tanpa dibuka.")
            return part
        boundary = part.parameter("content-type", "boundary")
        spans, complete = _split(source, body, end, boundary.encode("utf-8", "surrogateescape"), limits.parts)
        if not spans:
            limits.warn("Batas bagian surel ini tidak ditemukan; isinya dibaca sebagai teks.")
            part.default_type = "text/plain"
            part.headers = tuple(pair for pair in headers if pair[0] != "content-type")
            return part
        if not complete:
            limits.warn("Surel ini terpotong; yang terbaca hanya bagian awalnya. Minta pengirim mengirim ulang.")
        inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        part.children = [_part(source, first, last, depth - 1, limits, inner) for first, last in spans]
    return part


def _split(source: bytes, start: int, end: int, boundary: bytes, limit: int) -> tuple[list[tuple[int, int]], bool]:
    """Where the parts of a multipart lie, and whether the closing line was there."""
    if not boundary:
        return [], False
    mark = b"--" + boundary
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    at = source.find(mark, start, end)
    while at >= 0:
        line_end = source.find(b"\n", at, end)
        line_end = end if line_end < 0 else line_end
        rest = source[at + len(mark) : line_end].rstrip(b" \t\r")
        if (at == start or source[at - 1 : at] == b"\n") and rest in {b"", b"--"}:
            if opened is not None:
                last = max(opened, at - (2 if source[at - 2 : at] == b"\r\n" else 1))
                spans.append((opened, last))
            if rest == b"--":
                return spans, True
            opened = min(line_end + 1, end)
            if len(spans) > limit:
                return spans, True
        at = source.find(mark, at + len(mark), end)
    if opened is not None:
        spans.append((opened, end))
    return spans, False


def _read_headers(source: bytes, start: int, end: int, limits: _Limits) -> tuple[tuple[tuple[str, str], ...], int]:
    """The headers from `start`, names in small letters, folded lines joined; and where the body begins."""
    headers: list[tuple[str, list[str]]] = []
    at = start
    stop = min(end, start + HEADER_BLOCK_LIMIT)
    while at < end:
        if at >= stop:
            limits.warn("Kepala surel ini terlalu panjang; hanya bagian awalnya yang dibaca.")
            blank = source.find(b"\n\n", at, end), source.find(b"\r\n\r\n", at, end)
            found = [place for place in blank if place >= 0]
            at = source.find(b"\n", min(found) + 1, end) + 1 if found else end
            break
        line_end = source.find(b"\n", at, end)
        following = end if line_end < 0 else line_end + 1
        line = _eight_bit(source[at:following].rstrip(b"\r\n"))
        if not line:
            at = following
            break
        name, colon, value = line.partition(":")
        if line[0] in " \t" and headers:
            headers[-1][1].append(line)
        elif colon and re.fullmatch(r"[!-9;-~]+[ \t]*", name):
            headers.append((name.strip().lower(), [value]))
        elif headers or colon:
            # Neither a header nor a fold: programs that forget the blank line start the body here.
            if headers and line.strip() and not colon:
                break
        else:
            break
        at = following
    joined = []
    for name, lines in headers:
        value = "".join(lines).strip()
        if len(value) > HEADER_LIMIT and name not in {"references", "received"}:
            limits.warn("Salah satu baris kepala surel terlalu panjang dan dipotong.")
        joined.append((name, value[:HEADER_LIMIT]))
    return tuple(joined), at


def _eight_bit(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


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
        return _base64(raw, [])
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
    items, item, quoted, escaped = [], [], False, False
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


def _base64(raw: bytes, warnings: list[str]) -> bytes:
    try:
        return binascii.a2b_base64(raw)
    except binascii.Error:
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
        letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
        warnings.append("Satu bagian surel terpotong atau rusak; yang tersimpan adalah bagian yang terbaca.")
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _uuencoded(raw: bytes, warnings: list[str]) -> bytes:
    content = bytearray()
    inside = False
    for line in raw.splitlines():
        if not inside:
            inside = line.startswith(b"begin ")
        elif line.strip() in {b"end", b"`", b""}:
            break
        else:
            try:
                content += binascii.a2b_uu(line)
            except binascii.Error:
                try:  # some programs pad the line: take what its length says
                    content += binascii.a2b_uu(line[: 1 + (((line[0] - 32) & 63) * 4 + 5) // 3])
                except binascii.Error:
                    warnings.append("Satu lampiran surel rusak; yang tersimpan adalah bagian yang terbaca.")
                    break
    return bytes(content) if inside else raw


def _unflow(text: str, *, delete_space: bool) -> str:
    """Joins the lines that RFC 3676 calls soft; the signature mark `-- ` stays a line of its own."""
    lines: list[str] = []
    soft = False
    for line in text.split("\n"):
        if soft and not line.startswith(">"):
            lines[-1] += line.removeprefix(" ")
        else:
            lines.append(line)
        soft = line.endswith(" ") and line != "-- " and not line.startswith(">")
        if soft and delete_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)
