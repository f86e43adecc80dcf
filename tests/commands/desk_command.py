"""The real `desk` command in a process of its own, with a home folder and a pipe that knows no UTF-8."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parents[1] / "samples"
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Result:
    """What a command left: its exit code and both outputs."""

    code: int
    out: str
    said: str

    @property
    def json(self) -> Any:
        """The answer of a command with `--json`."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Command:
    """Runs `desk` below a home folder of its own, whose name has a space."""

    home: Path

    def __call__(self, *words: str | Path, typed: str = "", seconds: float = 60, **variables: str) -> Result:
        done = subprocess.run(
            [sys.executable, "-m", "desk", *map(str, words)],
            cwd=self.home, env=self._environment() | variables, input=typed.encode(), capture_output=True,
            timeout=seconds, check=False,
        )  # fmt: skip
        return Result(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    def log(self) -> str:
        """The text of the log file."""
        (file,) = self.home.rglob("meja-pst.log")
        return file.read_text("utf-8")

    def _environment(self) -> dict[str, str]:
        """The environment of a person without the tests' variables; coverage and the like stay."""
        left_out = ("DESK_", "DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "PYTHONIOENCODING", "XDG_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
        places = {name: str(self.home) for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA")}
        return kept | places | {"PYTHONIOENCODING": "cp1252"}  # what Windows has for a pipe
