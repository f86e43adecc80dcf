"""Files read within limits, hashed in pieces, written completely or not at all; and the door to the rest about files.

Names are made safe in `file_names`, kinds told in `file_types`, archives listed in `archives`, and `attachments` says
whether a file may join a case.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from desk.adapters.archives import ZipEntry, list_zip_safely, read_zip_entry
from desk.adapters.attachments import (
    ATTACHMENT_LIMIT,
    Attachment,
    Purpose,
    attachment,
    attachment_notices,
    guess_purpose,
    mismatch,
    why_not_attach,
)
from desk.adapters.file_names import safe_name, size_text, unique_names
from desk.adapters.file_types import FileType, sniff
from desk.errors import Refused, Unavailable

__all__ = [
    "ATTACHMENT_LIMIT",
    "Attachment",
    "FileType",
    "Purpose",
    "ZipEntry",
    "attachment",
    "attachment_notices",
    "digest",
    "guess_purpose",
    "list_zip_safely",
    "mismatch",
    "read_limited",
    "read_zip_entry",
    "safe_name",
    "size_text",
    "sniff",
    "unique_names",
    "why_not_attach",
    "write_atomically",
]


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
            f"Berkas {path.name} tidak dapat disimpan ({_reason(trouble)}). "
            "Tutup program yang memakainya, lalu coba lagi."
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
