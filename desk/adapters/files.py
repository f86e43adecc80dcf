"""Files that come from outside: names made safe, kinds told by content, archives listed without unpacking them."""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from desk.adapters.file_types import MACRO_TYPES, OPEN_XML_TYPES, PROGRAM_TYPES, ZIP_TROUBLE, FileType, sniff
from desk.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "Attachment",
    "FileType",
    "ZipEntry",
    "attachment",
    "attachment_notices",
    "digest",
    "list_zip_safely",
    "mismatch",
    "read_zip_entry",
    "safe_name",
    "size_text",
    "sniff",
    "unique_names",
    "why_not_attach",
    "write_atomically",
]

ATTACHMENT_LIMIT = 25 * 1024 * 1024
ZIP_TOTAL_LIMIT = 500 * 1024 * 1024
ZIP_ENTRY_LIMIT = 5_000
ZIP_RATIO_LIMIT = 200
"""Unpacked bytes per packed byte; real office files stay below 100, an archive made to fill the disk reaches 1,000."""

NAME_LENGTH = 120
NAME_BYTES = 240
_LONGEST_ENDING = 16

_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|CLOCK\$|(?:COM|LPT)[0-9¹²³])", re.IGNORECASE)
_STREAM = re.compile(r"(?::[^:\\/]*)?:\$[A-Za-z_]+\s*$")
_FORBIDDEN = re.compile(r'[<>:"|?*/\\]')
_DOUBLE_ENDING = re.compile(r"\.(?:tar\.[a-z0-9]{1,4}|shp\.xml)$", re.IGNORECASE)

_PROGRAM_ENDINGS = frozenset(
    [
        ".exe",
        ".com",
        ".scr",
        ".pif",
        ".bat",
        ".cmd",
        ".ps1",
        ".psm1",
        ".vbs",
        ".vbe",
        ".vb",
        ".js",
        ".jse",
        ".wsf",
        ".wsh",
        ".wsc",
        ".hta",
        ".msi",
        ".msp",
        ".mst",
        ".msix",
        ".appx",
        ".lnk",
        ".url",
        ".scf",
        ".jar",
        ".jnlp",
        ".apk",
        ".reg",
        ".cpl",
        ".dll",
        ".sys",
        ".ocx",
        ".drv",
        ".inf",
        ".gadget",
        ".application",
        ".appref-ms",
        ".chm",
        ".hlp",
        ".iso",
        ".img",
        ".vhd",
        ".vhdx",
        ".py",
        ".pyw",
        ".sh",
        ".xll",
        ".sct",
        ".library-ms",
        ".search-ms",
        ".settingcontent-ms",
        ".one",
    ]
)
_MACRO_ENDINGS = frozenset(
    [".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".xlsb", ".pptm", ".ppsm", ".potm", ".ppam", ".sldm"]
)


def safe_name(raw: str) -> str:
    """A file name that Windows accepts and that hides nothing, as close to `raw` as possible.

    Only the last part of a path survives, without invisible and direction marks, at most 120 characters with the
    ending kept; names of devices get `_` in front; nothing left gives `lampiran`. Applying it twice changes nothing.
    """
    shown = "".join(
        " " if unicodedata.category(char) == "Zs" else char
        for char in unicodedata.normalize("NFC", raw)
        if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}
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


@dataclass(frozen=True)
class Attachment:
    """One file that came with a mail or a chat: its bytes, and everything a screen wants to say about it."""

    raw_name: str
    """The name as the sender wrote it: text to show, never a path."""
    safe_name: str
    file_type: FileType
    """Told by content."""
    declared_type: str
    """What the sender called it, such as `application/pdf`."""
    size: int
    sha256: str
    data: bytes = field(repr=False)
    inline: bool = False
    """Shown inside the message by the sender's program, such as a logo; also what some phones do with real files."""
    contains: tuple[Attachment, ...] = ()
    """What was packed inside (winmail.dat)."""

    @property
    def refusal(self) -> str | None:
        """Why this file must not be opened or passed on, as a sentence; it is kept as evidence all the same."""
        return why_not_attach(self.safe_name, self.data)

    @property
    def is_dangerous(self) -> bool:
        """True for programs, scripts and macro documents, by content or by name."""
        return _danger(self.safe_name, self.file_type) is not None

    @property
    def is_picture(self) -> bool:
        """True when the content is a picture."""
        return self.file_type.media_type.startswith("image/")

    def notices(self) -> tuple[str, ...]:
        """What the officer should know: wrong ending, password needed, damaged. Reads PDF files, so not for lists."""
        return attachment_notices(self.safe_name, self.data)


def attachment(
    raw_name: str,
    data: bytes,
    *,
    declared_type: str = "",
    inline: bool = False,
    contains: Sequence[Attachment] = (),
) -> Attachment:
    """The Attachment for these bytes, with its kind, size and SHA-256 worked out."""
    kind = sniff(data)
    return Attachment(
        raw_name=raw_name,
        safe_name=safe_name(raw_name),
        file_type=kind,
        declared_type=declared_type or kind.media_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
        inline=inline,
        contains=tuple(contains),
    )


def size_text(size: int) -> str:
    """A size for the screen: `12 byte`, `1,5 KB`, `9,0 MB` (1 KB = 1.024 byte)."""
    if size < 1024:
        return f"{size} byte"
    amount, unit = (size / 1024, "KB") if size < 1024 * 1024 else (size / 1024 / 1024, "MB")
    return f"{amount:.1f}".replace(".", ",") + f" {unit}"


def mismatch(name: str, kind: FileType) -> str | None:
    """The sentence for a name whose ending does not fit the content, or None."""
    end = ending(name).lower()
    if not end or kind in {FileType.UNKNOWN, FileType.EMPTY} or end in kind.endings:
        return None
    known = any(end in other.endings for other in FileType)
    if not known and kind not in PROGRAM_TYPES:
        return None
    return f"Berkas {name} bernama {end}, tetapi isinya {kind.label}. Simpan dengan akhiran yang benar."


def why_not_attach(name: str, data: bytes, limit: int = ATTACHMENT_LIMIT) -> str | None:
    """None when the file may join a case, else the sentence that says why not and what to do. `limit` is in bytes."""
    if not data:
        return f"Berkas {name} kosong (0 byte). Minta pengirim mengirimkannya lagi."
    if len(data) > limit:
        return (
            f"Berkas {name} berukuran {size_text(len(data))}, melebihi batas {size_text(limit)}. "
            "Minta pengirim memperkecil atau membaginya."
        )
    kind = sniff(data)
    danger = _danger(name, kind)
    if danger:
        return danger
    if kind in OPEN_XML_TYPES:
        try:
            entries = list_zip_safely(data)
        except Refused as refused:
            return f"Berkas {name} tidak dapat dilampirkan. {refused}"
        return _why_not_office_parts(name, data, entries)
    return None


def _danger(name: str, kind: FileType) -> str | None:
    end = ending(name).lower()
    if kind in PROGRAM_TYPES or end in _PROGRAM_ENDINGS:
        what = kind.label if kind in PROGRAM_TYPES else f"program atau skrip ({end})"
        return f"Berkas {name} adalah {what} dan tidak boleh dibuka. Minta pengirim mengirim dokumennya saja."
    if kind in MACRO_TYPES or end in _MACRO_ENDINGS:
        what = kind.label if kind in MACRO_TYPES else f"dokumen bermakro ({end})"
        return f"Berkas {name} adalah {what}. Minta pengirim menyimpannya tanpa makro atau sebagai PDF."
    return None


def _why_not_office_parts(name: str, data: bytes, entries: Sequence[ZipEntry]) -> str | None:
    """Office files may carry programs (OLE, ActiveX) or fetch a template from outside; links on text are harmless."""
    for entry in entries:
        path = entry.raw_name.lower()
        if "/activex/" in path or re.search(r"/embeddings/ole\w*\.bin$", path):
            return f"Berkas {name} memuat objek yang dapat menjalankan program. Minta pengirim mengirimnya sebagai PDF."
        if path.endswith(".rels"):
            try:
                relations = read_zip_entry(data, entry)
            except Refused as refused:
                return f"Berkas {name} tidak dapat dilampirkan. {refused}"
            for tag in re.findall(rb"<(?:\w+:)?Relationship\s[^>]*>", relations):
                if re.search(rb"""TargetMode\s*=\s*["']External""", tag) and b"/hyperlink" not in tag:
                    return (
                        f"Berkas {name} mengambil isi dari alamat luar. Minta pengirim mengirimnya sebagai PDF "
                        "atau menyimpan gambarnya di dalam dokumen."
                    )
    return None


def attachment_notices(name: str, data: bytes) -> tuple[str, ...]:
    """What the officer should know before filing: wrong ending, password needed, damaged; each a sentence."""
    kind = sniff(data)
    found = [mismatch(name, kind)]
    if kind is FileType.PDF:
        found.append(_pdf_notice(name, data))
    elif kind is FileType.LOCKED_OFFICE:
        found.append(f"Berkas {name} terkunci kata sandi. Minta kata sandinya atau berkas tanpa kunci.")
    elif kind in OPEN_XML_TYPES | {FileType.ZIP}:
        try:
            entries = list_zip_safely(data)
        except Refused as refused:
            found.append(f"Berkas {name} tidak dapat dibuka. {refused}")
        else:
            if any(entry.is_locked for entry in entries):
                found.append(f"Arsip {name} terkunci kata sandi. Minta kata sandinya atau berkas tanpa kunci.")
    elif kind is FileType.EMPTY:
        found.append(f"Berkas {name} kosong (0 byte). Minta pengirim mengirimkannya lagi.")
    return tuple(sentence for sentence in found if sentence)


def _pdf_notice(name: str, data: bytes) -> str | None:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    damaged = f"Berkas {name} rusak atau terpotong dan mungkin tidak dapat dibuka. Minta pengirim mengirim ulang."
    if b"%%EOF" not in data[-2048:]:
        return damaged
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return f"Berkas {name} terkunci kata sandi. Minta kata sandinya atau berkas tanpa kunci."
        pages = reader.root_object["/Pages"]
        if "/Kids" not in pages:
            return damaged
    except DependencyError:
        return f"Berkas {name} memakai kunci yang tidak dikenal. Minta berkas tanpa kunci."
    except (PyPdfError, *_BROKEN_PDF):
        return damaged
    return None


_BROKEN_PDF = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)
"""pypdf walks damaged objects without checking them; seen from outside these all mean "the file is damaged"."""


@dataclass(frozen=True)
class ZipEntry:
    """One file inside an archive: its name as written, a safe one that is unique in the archive, sizes in bytes."""

    raw_name: str
    safe_name: str
    size: int
    packed_size: int
    is_locked: bool
    position: int


def list_zip_safely(source: bytes | Path, *, total_limit: int = ZIP_TOTAL_LIMIT) -> tuple[ZipEntry, ...]:
    """The files of an archive from its directory alone, nothing unpacked; folders are left out.

    Refused: no archive, damaged, over 5.000 entries, over `total_limit` bytes unpacked, or packed beyond what real
    files reach (an archive made to fill the disk).
    """
    try:
        with zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source)) as archive:
            infos = archive.infolist()
    except FileNotFoundError:
        raise Unavailable("Berkas arsip tidak ditemukan. Periksa letaknya lalu coba lagi.") from None
    except ZIP_TROUBLE:
        raise Refused("Arsip ini rusak atau bukan ZIP. Minta pengirim mengirim ulang.") from None
    if len(infos) > ZIP_ENTRY_LIMIT:
        raise Refused(f"Arsip ini memuat {len(infos)} berkas, lebih dari batas {ZIP_ENTRY_LIMIT}.")
    total = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if total > total_limit:
        raise Refused(f"Isi arsip ini {size_text(total)} setelah dibuka, melebihi batas {size_text(total_limit)}.")
    if total > 10 * 1024 * 1024 and total > ZIP_RATIO_LIMIT * max(packed, 1):
        raise Refused("Arsip ini dipadatkan secara tidak wajar dan dapat memenuhi cakram. Jangan dibuka.")
    files = [(position, info) for position, info in enumerate(infos) if not info.is_dir()]
    # zipfile cuts names at NUL, as the kernel would; orig_filename is what the sender wrote.
    names = unique_names(info.orig_filename for _, info in files)
    return tuple(
        ZipEntry(info.orig_filename, name, info.file_size, info.compress_size, bool(info.flag_bits & 1), position)
        for name, (position, info) in zip(names, files, strict=True)
    )


def read_zip_entry(source: bytes | Path, entry: ZipEntry) -> bytes:
    """The bytes of one listed file; Refused when it is locked, damaged or longer than the directory says."""
    if entry.is_locked:
        raise Refused(f"Berkas {entry.safe_name} di dalam arsip terkunci kata sandi. Minta berkas tanpa kunci.")
    damaged = f"Berkas {entry.safe_name} di dalam arsip rusak. Minta pengirim mengirim ulang."
    try:
        with zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source)) as archive:
            with archive.open(archive.infolist()[entry.position]) as member:
                content = member.read(entry.size + 1)
    except ZIP_TROUBLE:
        raise Refused(damaged) from None
    if len(content) != entry.size:
        raise Refused(damaged)
    return content


def read_limited(path: Path, limit: int) -> bytes:
    """The bytes of a file of at most `limit` bytes; Refused (too large) is raised before anything is read."""
    try:
        size = path.stat().st_size
        if size > limit:
            raise Refused(
                f"Berkas {path.name} berukuran {size_text(size)}, melebihi batas {size_text(limit)}. "
                "Simpan lampirannya satu per satu, lalu masukkan ke permohonan."
            )
        return path.read_bytes()
    except OSError as trouble:
        raise Refused(
            f"Berkas {path.name} tidak dapat dibaca ({_reason(trouble)}). Periksa letak dan izinnya."
        ) from None


def digest(path: Path) -> tuple[int, str]:
    """Size in bytes and SHA-256 of a file, read in pieces of 1 MB; Unavailable when it cannot be read."""
    size = 0
    total = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while piece := stream.read(1024 * 1024):
                size += len(piece)
                total.update(piece)
    except OSError as trouble:
        raise Unavailable(f"Berkas {path.name} tidak dapat dibaca ({_reason(trouble)}). Coba lagi.") from trouble
    return size, total.hexdigest()


def write_atomically(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Writes a file completely or not at all: a reader sees the old content or the new one, never half of it.

    Unavailable when the folder cannot be written or the old file is open in another program (Windows).
    """
    pieces = (content,) if isinstance(content, bytes) else content
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".tulis-", suffix=".tmp", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            for piece in pieces:
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
        temporary = None
    except OSError as trouble:
        raise Unavailable(
            f"Berkas {path.name} tidak dapat disimpan ({_reason(trouble)}). Tutup program yang memakainya, lalu coba lagi."
        ) from trouble
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _reason(trouble: OSError) -> str:
    if isinstance(trouble, FileNotFoundError):
        return "tidak ditemukan"
    if isinstance(trouble, PermissionError):
        return "tidak ada izin atau sedang dipakai"
    if isinstance(trouble, IsADirectoryError):
        return "berupa folder"
    return trouble.strerror or "galat berkas"
