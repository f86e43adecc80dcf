"""What a bank file really is, by its content; a file whose name promises something else is refused with a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from pathlib import Path

from desk.adapters.bank_files import camt
from desk.adapters.bank_files.profiles import DELIMITERS, HeaderMatch, Profile, find_header, shipped_profiles
from desk.adapters.bank_files.recognise import Recognised, recognise
from desk.adapters.bank_files.swift import is_mt940
from desk.adapters.bank_files.text import csv_rows, encoding_of, open_lines
from desk.adapters.file_types import FileType, sniff
from desk.errors import Refused, Unavailable

HEAD_LINES = 120
_HEAD_CHARACTERS = 60_000
_SNIFFED = 20 * 1024 * 1024

_WORKBOOK_TYPES = {FileType.XLSX, FileType.XLSM, FileType.XLS, FileType.ODS}
_WORKBOOK_ENDINGS = {".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"}
_TABLE_ENDINGS = {".csv", ".tsv", ".tab", ".asc"}
_SWIFT_ENDINGS = {".mt940", ".940", ".sta", ".mta", ".swi", ".fin", ".swift"}
_XML_ENDINGS = {".xml", ".camt", ".053"}
_FREE_ENDINGS = {"", ".txt", ".dat", ".text", ".out"}


class Family(Enum):
    """A way bank files are written: its key, what it is called, the endings that go with it, the one to suggest."""

    CSV = ("csv", "tabel teks (CSV)", frozenset(_TABLE_ENDINGS | _FREE_ENDINGS), ".csv")
    WORKBOOK = ("workbook", "lembar kerja (Excel)", frozenset(_WORKBOOK_ENDINGS), ".xlsx")
    MT940 = ("mt940", "rekening koran MT940", frozenset(_SWIFT_ENDINGS | _FREE_ENDINGS), ".sta")
    CAMT = ("camt", "rekening koran CAMT.053", frozenset(_XML_ENDINGS | _FREE_ENDINGS), ".xml")

    def __init__(self, key: str, label: str, endings: frozenset[str], ending: str) -> None:
        self.key = key
        self.label = label
        self.endings = endings
        self.ending = ending


_KNOWN_ENDINGS = frozenset().union(*(family.endings for family in Family)) | {
    ".pdf", ".doc", ".docx", ".zip", ".rar", ".htm", ".html", ".jpg", ".jpeg", ".png", ".eml", ".json",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Nature:
    """What a file is: its family, the encoding of a text, the layout of a CAMT message."""

    family: Family
    encoding: str = ""
    layout: str = ""


def nature_of(path: Path) -> Nature:
    """Give what the file is. Refused, in a sentence, for an empty, foreign or wrongly named file."""
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(8192)
    except OSError as trouble:
        raise Unavailable(f"Berkas {path.name} tidak dapat dibaca. Periksa letak dan izinnya.") from trouble
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Refused(f"Berkas {path.name} kosong. Unduh ulang dari bank. Tidak ada yang diimpor.")
    nature = _text_nature(path) or _workbook_nature(path, head, size)
    ending = path.suffix.lower()
    if ending in _KNOWN_ENDINGS and ending not in nature.family.endings:
        if nature.family is Family.CSV and not _is_bank_table(path, nature.encoding):
            raise foreign(path, head)
        raise Refused(
            f"Berkas {path.name} sebenarnya {nature.family.label}; akhiran namanya tidak sesuai isinya. "
            f"Ganti akhirannya menjadi {nature.family.ending} atau unduh ulang dari bank. Tidak ada yang diimpor."
        )
    return nature


def _is_bank_table(path: Path, encoding: str) -> bool:
    head = text_head(path, encoding)
    if find_text_table(head, shipped_profiles(), path.name) is not None:
        return True
    return recognise_text_table(head, path.name)[1].match is not None


def _text_nature(path: Path) -> Nature | None:
    with path.open("rb") as stream:
        start = stream.read(8)
    if start.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf")):
        return None
    encoding = encoding_of(path)
    if encoding is None:
        return None
    head = text_head(path, encoding)
    if is_mt940(head):
        return Nature(Family.MT940, encoding)
    if head.lstrip().startswith("<"):
        layout = camt.layout_of(head)
        if layout is None:
            raise foreign(path, head.encode("utf-8"))
        if not layout.startswith("camt053"):
            raise camt.refuse_other_message(path.name, layout)
        return Nature(Family.CAMT, encoding, layout)
    return Nature(Family.CSV, encoding)


def _workbook_nature(path: Path, head: bytes, size: int) -> Nature:
    if head.startswith(b"PK\x03\x04") and path.suffix.lower() in _WORKBOOK_ENDINGS and size <= _SNIFFED:
        kind = sniff(path.read_bytes())
        if kind in (FileType.ZIP, FileType.UNKNOWN):  # a workbook that lost its end lost its directory
            return Nature(Family.WORKBOOK)
    else:
        kind = sniff(path.read_bytes() if size <= _SNIFFED else head)
    if kind in _WORKBOOK_TYPES or (size > _SNIFFED and head.startswith(b"PK\x03\x04")):
        return Nature(Family.WORKBOOK)
    raise foreign(path, head, kind)


def text_head(path: Path, encoding: str) -> str:
    """Give the beginning of a text file."""
    with open_lines(path, encoding) as lines:
        kept, size = [], 0
        for line in islice(lines, HEAD_LINES):
            kept.append(line)
            size += len(line)
            if size > _HEAD_CHARACTERS:
                break
        return "".join(kept)


def foreign(path: Path, head: bytes, kind: FileType | None = None) -> Refused:
    """The refusal for a file that is no statement of any known kind."""
    kind = kind or sniff(head)
    what = kind.label if kind not in (FileType.UNKNOWN, FileType.CSV, FileType.TXT, FileType.EMPTY) else "berkas lain"
    return Refused(
        f"Berkas {path.name} adalah {what}, bukan mutasi rekening. "
        "Pilih berkas CSV, Excel, MT940, atau CAMT.053 dari bank. Tidak ada yang diimpor."
    )


def unknown_layout(path: Path, why: str) -> Refused:
    """The refusal for a table that no profile knows and whose header leaves a doubt, in the words of `why`."""
    return Refused(
        f"Susunan kolom berkas {path.name} belum dikenal: {why}. Periksa apakah ini mutasi rekening, lalu buat profil "
        "bank untuk susunan ini: jendela impor menawarkannya lewat “Jelaskan susunan kolomnya …”. "
        "Tidak ada yang diimpor."
    )


@dataclass(frozen=True, slots=True)
class TextTable:
    """How a CSV file is cut into cells, and the header found in it."""

    delimiter: str
    match: HeaderMatch


def find_text_table(head: str, profiles: Sequence[Profile], file: str) -> TextTable | None:
    """Give the delimiter and the header that fit best, None when no profile knows the table."""
    best: TextTable | None = None
    for delimiter in DELIMITERS:
        rows = head_rows(head, delimiter, file)
        fitting = [profile for profile in profiles if profile.delimiter in ("", delimiter)]
        match = find_header(rows, fitting)
        if match is None:
            continue
        if best is None or match.columns.known > best.match.columns.known:
            best = TextTable(delimiter, match)
    return best


def recognise_text_table(head: str, file: str) -> tuple[str, Recognised]:
    """Give the delimiter and the header that are understood best of a text that no profile knows."""
    found = [(delimiter, recognise(head_rows(head, delimiter, file))) for delimiter in DELIMITERS]
    return max(found, key=lambda each: (each[1].weight, each[1].match is not None))


def likely_delimiter(head: str) -> str:
    """Give the delimiter that stands most often in the lines; a semicolon when none does."""
    return max(DELIMITERS, key=lambda sign: (head.count(sign), sign == ";"))


def head_rows(head: str, delimiter: str, file: str) -> list[list[str]]:
    """Give the rows at the beginning of a text; a last row that the beginning cuts in half is left out."""
    rows: list[list[str]] = []
    with suppress(Refused):  # the real reading says so, with the right row
        rows.extend(list(row.cells) for row in csv_rows(head.splitlines(keepends=True), delimiter, file))
    return rows
