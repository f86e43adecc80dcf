"""The programs `pg_dump`, `pg_dumpall` and `pg_restore`, with what they write or read as a stream."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from typing import IO, TYPE_CHECKING, Any, Final

from psycopg.conninfo import make_conninfo
from sqlalchemy import NullPool, create_engine

from desk.adapters.binaries import Binaries, bundled_binaries
from desk.adapters.database import secured
from desk.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import URL

_PIECE: Final = 1 << 20
_NO_WINDOW: Final = 0x08000000 if sys.platform == "win32" else 0


def tools_for(folder: Path | None, server: int) -> Binaries:
    """Gives the programs in `folder`, else those that came with the program.

    Raises `Unavailable` when they are older than `server` (as libpq counts: 150018): such a copy would not be complete.
    """
    tools = Binaries(folder or bundled_binaries())
    if (ours := tools.major()) < (theirs := server // 10_000):
        raise Unavailable(
            f"Program pencadangan PostgreSQL {ours} lebih lama daripada server (PostgreSQL {theirs}). "
            "Sebutkan folder program yang lebih baru dengan --programs."
        )
    return tools


@contextlib.contextmanager
def running(
    tools: Binaries, program: str, *words: str, url: URL, fed: bool = False, into: IO[bytes] | None = None
) -> Iterator[IO[bytes]]:
    """Gives the output of a program, or its input with `fed`; afterwards its exit status is looked at.

    It works on the database of `url`, or, fed, writes `into` a file what it would do there.

    The password goes in its environment, which only this account can read. Raises `Unavailable`; what the program
    wrote stands in the log.
    """
    environment = {
        name: value for name, value in os.environ.items() if name == "PGPASSFILE" or not name.upper().startswith("PG")
    }
    if url.password is not None:
        environment["PGPASSWORD"] = str(url.password)
    with tempfile.TemporaryFile() as said:
        target = f"--dbname={conninfo(url)}" if into is None else "--file=-"
        process = subprocess.Popen(
            [str(tools.path(program)), "--no-password", *words, target],
            stdin=subprocess.PIPE if fed else subprocess.DEVNULL,
            stdout=(into or said) if fed else subprocess.PIPE, stderr=said,
            env=environment | {"LC_ALL": "C"}, creationflags=_NO_WINDOW,
        )  # fmt: skip
        stream = process.stdin if fed else process.stdout
        assert stream is not None
        try:
            yield stream
            with contextlib.suppress(OSError):
                stream.close()
            code = process.wait()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            with contextlib.suppress(OSError):
                stream.close()
        if code != 0:
            said.seek(0)
            raise _ended(program, code, said.read().decode(errors="replace"))


def pieces_of(stream: IO[bytes]) -> Iterator[bytes]:
    """Gives what a program writes, a megabyte at a time."""
    while data := stream.read(_PIECE):
        yield data


def conninfo(url: URL) -> str:
    """Gives the address for libpq without the password: a command line is seen by everybody on the computer."""
    return make_conninfo("", **{name: value for name, value in parameters_of(url).items() if name != "password"})


def parameters_of(url: URL) -> dict[str, Any]:
    """Gives the address as libpq's own parameters, with the rules of a safe line."""
    address = secured(url)
    _, parameters = create_engine(address, poolclass=NullPool).dialect.create_connect_args(address)
    return {name: value for name, value in parameters.items() if name != "context"}  # psycopg's own


def _ended(program: str, code: int, said: str) -> Unavailable:
    reason = (
        "Disk penuh. Kosongkan ruang, lalu ulangi."
        if "No space left" in said
        else ("Ulangi; bila tetap gagal, kirim berkas log kepada administrator.")
    )
    failure = Unavailable(f"Program PostgreSQL “{program}” berhenti dengan kode {code}. {reason}")
    failure.__cause__ = RuntimeError(said.strip()[-4000:])
    return failure
