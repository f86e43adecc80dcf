"""Where the files that come with the program are: source checkout, installed wheel or packaged program.

The folders ``resources`` and ``templates_docx`` stand beside ``desk`` in a checkout and in the packaged program
(``sys._MEIPASS``); a wheel carries them in ``desk/bundled``.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from desk.errors import Unavailable

_PACKAGE = Path(__file__).resolve().parent


def _roots() -> tuple[Path, ...]:
    """Gives the folders to look in; the installed ones first, for ``site-packages`` may hold a stranger's folder."""
    unpacked = getattr(sys, "_MEIPASS", None)
    return (*((Path(unpacked),) if unpacked else ()), _PACKAGE / "bundled", _PACKAGE.parent)


@cache
def folder(name: str) -> Path:
    """Gives the folder ``name`` that came with the program. Raises `Unavailable` when the installation lacks it."""
    for root in _roots():
        found = root / name
        if found.is_dir():
            return found
    raise Unavailable(f"Folder program “{name}” tidak ada. Pasang ulang Meja PST.")


def resource(*parts: str) -> Path:
    """Gives a file of ``resources``: ``resource("offices", "1600.toml")``. Raises `Unavailable` when it is missing."""
    return _file(folder("resources"), *parts)


def template(*parts: str) -> Path:
    """Gives a shipped Word template, e.g. ``template("invoice.docx")``. Raises `Unavailable` when it is missing."""
    return _file(folder("templates_docx"), *parts)


def migrations() -> Path:
    """Gives the folder of the database migrations (``env.py``, ``versions``)."""
    return _PACKAGE / "migrations"


@cache
def newest_migration() -> str:
    """Gives the number of the newest step of the database that this program knows, e.g. ``"0013"``.

    Read off the file names: a workstation asks at every start and needs nothing else of Alembic.
    """
    return max(path.name[:4] for path in (migrations() / "versions").glob("[0-9]*.py*"))


def _file(root: Path, *parts: str) -> Path:
    path = root.joinpath(*parts)
    if not path.is_file():
        raise Unavailable(f"Berkas program “{'/'.join(parts)}” tidak ada. Pasang ulang Meja PST.")
    return path
