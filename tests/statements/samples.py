"""The sample statements and their answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
STATEMENTS = SAMPLES / "statements"
FILES = sorted(
    path.relative_to(STATEMENTS).as_posix()
    for path in STATEMENTS.rglob("*.*")
    if path.suffix in {".csv", ".xlsx", ".mt940", ".sta", ".xml"}
)


def answer(name: str) -> Any:
    """The expected result beside a sample file."""
    return json.loads((STATEMENTS / f"{name}.expected.json").read_text("utf-8"))


def squeezed(text: str) -> str:
    """A text without white space, as descriptions are compared."""
    return "".join(text.split())
