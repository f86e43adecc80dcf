"""`desk bench`: what the program costs on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.commands import screen

if TYPE_CHECKING:
    import argparse

    from desk.commands.parser import Subcommands


def add(subcommands: Subcommands) -> None:
    """Adds `bench` to the command."""
    bench = subcommands.add_parser("bench", help="mengukur kecepatan program di komputer ini")
    bench.add_argument("--only", action="append", default=[], metavar="KELOMPOK", help="hanya kelompok ukuran ini")
    bench.add_argument("--json", action="store_true", help="menjawab dengan JSON")
    bench.set_defaults(run=_bench)


def _bench(asked: argparse.Namespace) -> int:
    screen.need_qt()
    from desk.bench import run

    return run(asked.only, as_json=asked.json)
