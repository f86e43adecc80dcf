"""Zip archives listed and read one file at a time: nothing is unpacked to disk, nothing grows beyond its limits."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from desk.adapters.file_names import size_text, unique_names
from desk.adapters.file_types import ZIP_TROUBLE
from desk.errors import Refused, Unavailable

ZIP_TOTAL_LIMIT = 500 * 1024 * 1024
ZIP_ENTRY_LIMIT = 5_000
ZIP_RATIO_LIMIT = 200
"""Unpacked bytes per packed byte; real office files stay below 100, an archive made to fill the disk reaches 1,000."""


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
        with zipfile.ZipFile(_stream(source)) as archive:
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
        with zipfile.ZipFile(_stream(source)) as archive, archive.open(archive.infolist()[entry.position]) as member:
            content = member.read(entry.size + 1)
    except ZIP_TROUBLE:
        raise Refused(damaged) from None
    if len(content) != entry.size:
        raise Refused(damaged)
    return content


def _stream(source: bytes | Path) -> Path | io.BytesIO:
    return source if isinstance(source, Path) else io.BytesIO(source)
