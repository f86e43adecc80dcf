"""Whether windows can be opened here, and the sentence when they cannot."""

from __future__ import annotations

import os
import sys

from desk.errors import Unavailable


def is_there() -> bool:
    """Tells whether this session has a screen; Windows and macOS always have one."""
    if os.name == "nt" or sys.platform == "darwin":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def draw_nowhere() -> None:
    """Lets Qt draw in memory where the user did not choose a platform; a variable that is set but empty chose none."""
    if not os.environ.get("QT_QPA_PLATFORM"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"


def need_qt() -> None:
    """Loads Qt; raises `Unavailable` where a bare Linux lacks the system libraries it stands on."""
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        raise Unavailable(
            f"Qt tidak dapat dimuat ({error}). Pasang pustaka sistemnya; di Debian: "
            "apt install libegl1 libgl1 libopengl0 libxkbcommon0 libfontconfig1 libdbus-1-3 libxcb-cursor0."
        ) from error
