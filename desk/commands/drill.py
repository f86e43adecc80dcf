"""`desk drill …`: kills, cuts, freezes and fails over on purpose, and tells whether anything was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.commands import outcome, speech

if TYPE_CHECKING:
    import argparse

    from desk.commands.parser import Subcommands

_ALL = "all"


def add(subcommands: Subcommands) -> None:
    """Adds `drill` to the command."""
    from desk.drills import DRILLS

    drill = subcommands.add_parser(
        "drill",
        help="menguji ketahanan dengan gangguan sungguhan di server tersendiri",
        epilog="Kode keluar: 0 tidak ada yang hilang atau ganda, 1 ada. Basis data kantor tidak disentuh.",
    )
    drill.add_argument("name", metavar="LATIHAN", choices=[*DRILLS, _ALL], help=f"{', '.join(DRILLS)}, atau {_ALL}")
    drill.add_argument("--size", default="1.0", metavar="UKURAN", help="pecahan (0.1) atau jumlah gangguan (20)")
    drill.add_argument("--json", action="store_true", help="menjawab dengan satu baris JSON per latihan")
    drill.set_defaults(run=_drill)


def _drill(asked: argparse.Namespace) -> int:
    from desk.drills import DRILLS, run
    from desk.drills.report import Size
    from desk.drills.stopping import stopped_in_order

    names = list(DRILLS) if asked.name == _ALL else [asked.name]
    with stopped_in_order():
        passed = run(names, Size.read(asked.size), as_json=asked.json, say=speech.show)
    return outcome.DONE if passed else outcome.REFUSED
