"""The log of this user's program: a file, for a windowed program has no error output."""

from __future__ import annotations

import contextlib
import faulthandler
import logging
from typing import TYPE_CHECKING

import platformdirs

from desk.settings import APPLICATION

if TYPE_CHECKING:
    from pathlib import Path

_FULL = 2 * 1024 * 1024
_LAYOUT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"


def path() -> Path:
    """Gives the file of the log, which need not exist."""
    return platformdirs.user_data_path(APPLICATION, appauthor=False) / "log" / "meja-pst.log"


def open_log() -> None:
    """Lets every record go to the log file, from `INFO` on; the file is made by the first one.

    Past 2 MB the next start begins a new file and keeps one old one. A folder that cannot be written stops nobody.
    """
    file = path()
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and file.stat().st_size > _FULL:
            file.replace(file.with_suffix(".old.log"))
    if not file.parent.is_dir():
        return
    handler = logging.FileHandler(file, encoding="utf-8", errors="backslashreplace", delay=True)
    handler.setFormatter(logging.Formatter(_LAYOUT))
    logging.raiseExceptions = False  # a full disk must not end the work at the desk
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)  # names itself at every start


def note_native_crashes() -> None:
    """Lets a crash inside Qt or a driver leave its trace in the log; for commands that open windows."""
    with contextlib.suppress(OSError):
        faulthandler.enable(path().open("a", encoding="utf-8"))  # stays open as long as the program runs
