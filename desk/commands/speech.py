"""How the command speaks: UTF-8 everywhere, sentences on the error output, and a window where there is no console."""

from __future__ import annotations

import io
import json
import sys
from typing import Any


def use_utf8() -> None:
    """Makes both outputs write UTF-8, also into a pipe on Windows, whose code page lacks letters of names."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A lone surrogate, as in a broken file name, is shown as its number.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def show(text: str) -> None:
    """Writes an answer."""
    print(text)


def show_json(answer: Any) -> None:
    """Writes an answer as JSON, names as they are written."""
    print(json.dumps(answer, ensure_ascii=False, indent=2))


def say(sentence: str) -> None:
    """Tells the person a sentence: on the error output, or in a small window of Windows where there is none."""
    if sys.stderr is not None:
        print(sentence, file=sys.stderr)
    elif sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, sentence, "Meja PST", 0x30)  # a warning sign and the button OK
