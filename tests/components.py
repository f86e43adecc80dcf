"""The system components some tests need, and how to tell that they are there."""

from __future__ import annotations

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


def _windows() -> Path | None:
    return Path(sys.executable) if sys.platform == "win32" else None


COMPONENTS: dict[str, Callable[[], Path | None]] = {
    "postgresql-15": postgresql_15,
    "libreoffice": _program("soffice", "libreoffice"),
    "word": _program("winword"),
    "pdftotext": _program("pdftotext"),
    "cups": _program("lpstat"),
    "windows": _windows,
}


def missing(name: str) -> bool:
    """Tells whether the component is not on this machine. Raises `KeyError` for a name nobody registered."""
    return COMPONENTS[name]() is None
