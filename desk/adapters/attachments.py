"""Files that came with a message: what they are, whether they may join a case, what the officer should know."""

from __future__ import annotations

import hashlib
import io
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from desk.adapters.archives import ZipEntry, list_zip_safely, read_zip_entry
from desk.adapters.file_names import ending, safe_name, size_text
from desk.adapters.file_types import MACRO_TYPES, OPEN_XML_TYPES, PROGRAM_TYPES, FileType, sniff
from desk.errors import Refused

ATTACHMENT_LIMIT = 25 * 1024 * 1024

_PROGRAM_ENDINGS = frozenset({
    ".exe", ".com", ".scr", ".pif", ".bat", ".cmd", ".ps1", ".psm1", ".vbs", ".vbe", ".vb", ".js", ".jse", ".wsf",
    ".wsh", ".wsc", ".hta", ".msi", ".msp", ".mst", ".msix", ".appx", ".lnk", ".url", ".scf", ".jar", ".jnlp",
    ".apk", ".reg", ".cpl", ".dll", ".sys", ".ocx", ".drv", ".inf", ".gadget", ".application", ".appref-ms", ".chm",
    ".hlp", ".iso", ".img", ".vhd", ".vhdx", ".py", ".pyw", ".sh", ".xll", ".sct", ".library-ms", ".search-ms",
    ".settingcontent-ms", ".one",
})  # fmt: skip
_MACRO_ENDINGS = frozenset({
    ".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".xlsb", ".pptm", ".ppsm", ".potm", ".ppam", ".sldm",
})  # fmt: skip


class Purpose(Enum):
    """What a customer's file is to the case: its key and what the screen calls it."""

    IDENTITY_CARD = ("identity_card", "kartu identitas")
    PAYMENT_PROOF = ("payment_proof", "bukti bayar")
    AGREEMENT = ("agreement", "SPPD")
    ABSTRACT = ("abstract", "abstraksi")
    LETTER = ("letter", "surat")

    def __init__(self, key: str, label: str) -> None:
        self.key = key
        self.label = label


_PURPOSES = (
    (Purpose.IDENTITY_CARD, r"ktp|e-?ktp|nik|sim|paspor|passport|ktm|kitas|kitap|identitas|id ?card|kartu mahasiswa"),
    (Purpose.PAYMENT_PROOF, r"bukti|struk|transfer|pembayaran|bayar|resi|payment|receipt|m-?banking|qris"),
    (Purpose.AGREEMENT, r"sppd|perjanjian|agreement"),
    (Purpose.ABSTRACT, r"abstra(?:ksi|k|ct)|proposal|kerangka acuan|tor"),
    (Purpose.LETTER, r"surat|permohonan|pengantar|letter|nota dinas"),
)


def guess_purpose(name: str) -> Purpose | None:
    """The purpose that the words of a file name tell, the most private one first; a suggestion, never a decision."""
    words = re.sub(r"[^a-z0-9]+", " ", name.lower())
    for purpose, pattern in _PURPOSES:
        if re.search(rf"\b(?:{pattern})(?:\d*)\b", words):
            return purpose
    return None


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

    @property
    def purpose(self) -> Purpose | None:
        """What it probably is to the case, guessed from its name; None when the name says nothing."""
        return guess_purpose(self.raw_name)

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
    from pypdf.generic import DictionaryObject

    # Its log lines quote the damaged contents, and contents are personal data.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)
    damaged = f"Berkas {name} rusak atau terpotong dan mungkin tidak dapat dibuka. Minta pengirim mengirim ulang."
    if b"%%EOF" not in data[-2048:]:
        return damaged
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return f"Berkas {name} terkunci kata sandi. Minta kata sandinya atau berkas tanpa kunci."
        pages = reader.root_object["/Pages"].get_object()
        if not isinstance(pages, DictionaryObject) or "/Kids" not in pages:
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
