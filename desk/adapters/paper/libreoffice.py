"""Makes a PDF with LibreOffice where an office has it, for templates that use what the own engine does not draw."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from desk.adapters.word_package import WordPackage, open_package, pack
from desk.errors import Refused, Unavailable

_TIME_LIMIT = 90
_OUTSIDE = re.compile(rb"<Relationship\b(?=[^>]*TargetMode=\"External\")(?![^>]*/hyperlink\")[^>]*?/>")


def find_soffice() -> Path | None:
    """Where LibreOffice is, or None when it is not installed."""
    for name in ("soffice", "libreoffice"):
        if found := shutil.which(name):
            return Path(found)
    if sys.platform == "win32":
        for variable in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"):
            program = Path(os.environ.get(variable, r"C:\Program Files")) / "LibreOffice" / "program" / "soffice.exe"
            if program.is_file():
                return program
    return None


def pdf_by_libreoffice(docx: bytes) -> bytes:
    """The PDF of a Word file, made by LibreOffice; nothing outside the file is fetched.

    Raises Unavailable when LibreOffice is missing or takes longer than 90 s, Refused when it cannot read the file.
    """
    program = find_soffice()
    if program is None:
        raise Unavailable(
            "LibreOffice tidak ditemukan di komputer ini. Pasang LibreOffice atau pilih mesin cetak bawaan."
        )
    with tempfile.TemporaryDirectory(prefix="meja-pst-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source, target = folder / "naskah.docx", folder / "naskah.pdf"
        source.write_bytes(_without_outside(open_package(docx)))
        command = [
            str(program), "--headless", "--norestore", f"-env:UserInstallation={(folder / 'profil').as_uri()}",
            "--convert-to", "pdf:writer_pdf_Export", "--outdir", str(folder), str(source),
        ]  # fmt: skip
        flags = 0
        if sys.platform == "win32":
            flags = subprocess.CREATE_NO_WINDOW
        try:
            subprocess.run(command, capture_output=True, check=False, timeout=_TIME_LIMIT, creationflags=flags)
        except (OSError, subprocess.TimeoutExpired) as trouble:
            raise Unavailable("LibreOffice tidak menjawab. Tutup LibreOffice yang terbuka lalu coba lagi.") from trouble
        if not target.is_file():
            raise Refused("LibreOffice tidak dapat membaca dokumen ini. Buka dan simpan ulang di Word lalu coba lagi.")
        return target.read_bytes()


def _without_outside(package: WordPackage) -> bytes:
    """The file without relations to outside addresses, so that LibreOffice has nothing to fetch."""
    rels = {name: _OUTSIDE.sub(b"", data) for name, data in package.parts.items() if name.endswith(".rels")}
    return pack({**package.parts, **rels})
