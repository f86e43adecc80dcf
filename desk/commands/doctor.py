"""`desk doctor`: looks for what must never be found in the office's database, and says what to do about it."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk.commands import speech
from desk.commands.connection import at_database
from desk.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk.commands.parser import Subcommands
    from desk.services.audit import Finding

SOUND, FOUND, NOT_LOOKED = 0, 1, 2
"""The exit codes: nothing found, something found, could not look."""


def add(subcommands: Subcommands) -> None:
    """Adds `doctor` to the command."""
    doctor = subcommands.add_parser(
        "doctor",
        help="memeriksa basis data kantor; dijalankan oleh pemiliknya",
        epilog="Kode keluar: 0 tidak ada temuan, 1 ada temuan, 2 pemeriksaan tidak dapat dijalankan.",
    )
    doctor.add_argument("--json", action="store_true", help="menjawab dengan JSON")
    doctor.add_argument("--files", action="store_true", help="memeriksa juga sidik jari setiap berkas (lama)")
    doctor.add_argument("--heads", type=Path, metavar="BERKAS", help="kepala blok audit yang disimpan di luar server")
    doctor.set_defaults(run=_examine)


def _examine(asked: argparse.Namespace) -> int:
    try:
        found = _findings(asked)
    except (Refused, Unavailable) as trouble:
        speech.say(str(trouble))
        return NOT_LOOKED
    if asked.json:
        speech.show_json([asdict(finding) for finding in found])
    else:
        speech.show("\n".join(finding.sentence for finding in found) or "Basis data sehat: tidak ada temuan.")
    if found:
        speech.say(f"{len(found)} temuan.")
    return FOUND if found else SOUND


def _findings(asked: argparse.Namespace) -> list[Finding]:
    from desk import deeds
    from desk.adapters.seals import read_heads
    from desk.services.doctor import examine

    signed = read_heads(asked.heads) if asked.heads is not None else []
    with at_database("Meja PST (doctor)", one_moment=True) as session:
        return list(examine(session, deeds.derived, action_rules(), signed=signed, files=asked.files))


def action_rules() -> Mapping[str, Mapping[str, Any]]:
    """The table of actions as a database of this version holds it."""
    from desk.actions import as_stored

    return as_stored()
