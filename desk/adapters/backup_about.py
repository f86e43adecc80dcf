"""What a backup says about itself: its moment, its offices, its versions, and the fingerprint of its content."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from desk.adapters.fingerprint import Fingerprint
from desk.errors import Refused

_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class About:
    """What a backup says about itself. `made_at` is a moment with its zone, `server` counts as libpq does (150018)."""

    made_at: str
    offices: tuple[str, ...]
    database: str
    server: int
    program: str
    revision: str
    fingerprint: Fingerprint

    def to_json(self) -> bytes:
        """The first piece of the file."""
        written = {
            "format": _FORMAT, "made_at": self.made_at, "offices": self.offices, "database": self.database,
            "server": self.server, "program": self.program, "revision": self.revision,
            "fingerprint": self.fingerprint.to_json(),
        }  # fmt: skip
        return json.dumps(written).encode()

    @classmethod
    def from_json(cls, data: bytes) -> About:
        """Reads the first piece. Raises `Refused` for a backup of a newer program."""
        written = json.loads(data)
        if written["format"] != _FORMAT:
            raise Refused("Cadangan ini dibuat oleh Meja PST yang lebih baru. Pasang versi terbaru, lalu ulangi.")
        return cls(
            written["made_at"], tuple(written["offices"]), written["database"], written["server"], written["program"],
            written["revision"], Fingerprint.from_json(written["fingerprint"]),
        )  # fmt: skip
