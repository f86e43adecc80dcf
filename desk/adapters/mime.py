"""The tree of a mail: headers decoded, parts cut apart, transfer encodings undone; damaged input gives warnings.

The standard parser is not used for this: it calls itself per nested part (3.000 levels end in RecursionError), keeps
the whole mail as a list of text lines (five times the memory), and its header classes raise on broken headers. The
rules are those of RFC 2045-2047 and 2231, read as leniently as mail programs do.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field

from desk.adapters.file_names import size_text
from desk.adapters.mail_headers import decode_base64, decode_header, decode_text, parameters

HEADER_BLOCK_LIMIT = 256 * 1024
HEADER_LIMIT = 8 * 1024
PART_LIMIT = 1_000
TEXT_LIMIT = 2 * 1024 * 1024


@dataclass
class Part:
    """One node of the mail: its headers, and either its children or its own bytes."""

    headers: tuple[tuple[str, str], ...]
    source: bytes = field(repr=False)
    start: int
    end: int
    default_type: str = "text/plain"
    read_as: str = ""
    """What a part really is when its own Content-Type cannot be true."""
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
        value = self.read_as or self.raw_header("content-type").split(";")[0].strip().lower()
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
            return decode_base64(raw, warnings)
        if encoding == "quoted-printable":
            return binascii.a2b_qp(raw)
        if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
            return _uuencoded(raw, warnings)
        return raw

    def text(self, warnings: list[str]) -> str:
        """The text of this part with LF line ends, whatever character set it claims."""
        content = self.content(warnings)
        if len(content) > TEXT_LIMIT:
            warnings.append(f"Teks surel ini lebih dari {size_text(TEXT_LIMIT)}; hanya bagian awalnya yang dibaca.")
        text = decode_text(content[:TEXT_LIMIT], self.parameter("content-type", "charset"), warnings)
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
            part.read_as = "text/plain"
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
    border = re.compile(rb"--" + re.escape(boundary) + rb"(--)?[ \t\r]*(?=\n|\Z)")
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    for line in border.finditer(source, start, end):
        at = line.start()
        if at != start and source[at - 1 : at] != b"\n":
            continue
        if opened is not None:
            spans.append((opened, max(opened, at - (2 if source[at - 2 : at] == b"\r\n" else 1))))
        if line[1]:
            return spans, True
        opened = min(line.end() + 1, end)
        if len(spans) > limit:
            return spans, True
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
            ends = [source.find(mark, max(start, at - 2), end) + len(mark) for mark in (b"\n\n", b"\r\n\r\n")]
            at = min((place for place, mark in zip(ends, (2, 4), strict=True) if place >= mark), default=end)
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
        elif not colon and (line.strip() or not headers):
            break  # neither a header nor a fold: programs that forget the blank line start the body here
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
    pieces: list[str] = []
    soft = False
    for number, line in enumerate(text.split("\n")):
        joins = soft and line and not line.startswith(">")
        if number and not joins:
            pieces.append("\n")
        soft = line.endswith(" ") and line != "-- " and not line.startswith(">")
        whole = line.removeprefix(" ") if joins else line
        pieces.append(whole[:-1] if soft and delete_space else whole)
    return "".join(pieces)
