"""The words of the `desk` command, with its help in Indonesian."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from desk import __version__
from desk.commands import audit, backup, bench, check, doctor, drill, outbox, outcome, server, setup, speech, windows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, TypeAlias

    # argparse gives these two no public name.
    Subcommands: TypeAlias = argparse._SubParsersAction[Any]  # noqa: SLF001
    Exclusive: TypeAlias = argparse._MutuallyExclusiveGroup  # noqa: SLF001


class _Layout(argparse.HelpFormatter):
    """The help with Indonesian headings and one line per argument."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=32, width=100)

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Exclusive],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "Cara pakai: " if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        super().start_section(_HEADINGS.get(heading or "", heading))


_HEADINGS = {"positional arguments": "masukan", "options": "pilihan"}


class Parser(argparse.ArgumentParser):
    """An `ArgumentParser` that helps and refuses in Indonesian."""

    def __init__(self, **how: object) -> None:
        super().__init__(**{"formatter_class": _Layout, "add_help": False, "allow_abbrev": False, **how})  # type: ignore[arg-type]
        self.add_argument("-h", "--help", action="help", help="menampilkan bantuan ini")

    def error(self, message: str) -> NoReturn:  # noqa: ARG002 - argparse words it in English; the usage line says it
        speech.say(
            f"{self.format_usage().strip()}\n"
            f"Perintah belum lengkap atau salah tulis. Lihat caranya dengan “{self.prog} --help”."
        )
        sys.exit(outcome.MISUNDERSTOOD)


def parser() -> Parser:
    """Gives the parser of all subcommands; each leaves its function in `run`."""
    desk = Parser(
        prog="desk",
        description="Meja layanan penjualan data mikro dan peta digital BPS. Tanpa perintah: membuka jendela.",
        epilog="Kode keluar: 0 selesai, 1 masukan ditolak, 2 perintah salah tulis, 3 sesuatu di luar program gagal, "
        "4 kesalahan program.",
    )
    desk.add_argument("--version", action="version", version=f"Meja PST {__version__}", help="menampilkan versi")
    desk.set_defaults(run=windows.open_desk)
    subcommands = desk.add_subparsers(title="perintah", metavar="PERINTAH")
    for group in (windows, check, setup, server, backup, doctor, audit, outbox, bench, drill):
        group.add(subcommands)
    return desk


def chosen(words: Sequence[str]) -> Callable[[], int]:
    """Gives what the words ask for, ready to run; ends the program with code 2 when they make no sense."""
    arguments = parser().parse_args(words)
    run: Callable[[argparse.Namespace], int] = arguments.run
    return partial(run, arguments)
