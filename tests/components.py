"""The system components some tests need, and how to tell that they are there."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def postgresql_15() -> Path | None:
    """Gives the folder with the binaries of PostgreSQL 15 (Debian package ``postgresql-15``)."""
    folder = Path("/usr/lib/postgresql/15/bin")
    return folder if (folder / "initdb").is_file() else None


def _program(*names: str) -> Callable[[], Path | None]:
    def found() -> Path | None:
        return next((Path(path) for name in names if (path := shutil.which(name))), None)

    return found


def cups() -> Path | None:
    """Gives the print server (Debian packages ``cups``, ``printer-driver-cups-pdf``), where this user may start one.

    The backend that prints into PDF files runs as root only and reads its settings below ``/etc/cups``.
    """
    server, backend = Path("/usr/sbin/cupsd"), Path("/usr/lib/cups/backend/cups-pdf")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return server if root and backend.is_file() and server.is_file() else None


def _windows() -> Path | None:
    return Path(sys.executable) if sys.platform == "win32" else None


def dovecot() -> Path | None:
    """Gives the IMAP server (Debian package ``dovecot-imapd``); Debian keeps it outside the usual path."""
    found = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")
    return Path(found) if found else None


COMPONENTS: dict[str, Callable[[], Path | None]] = {
    "postgresql-15": postgresql_15,
    "libreoffice": _program("soffice", "libreoffice"),
    "word": _program("winword"),
    "pdftotext": _program("pdftotext"),
    "cups": cups,
    "dovecot": dovecot,
    "windows": _windows,
}


def missing(name: str) -> bool:
    """Tells whether the component is not on this machine. Raises `KeyError` for a name nobody registered."""
    return COMPONENTS[name]() is None
