"""Two servers on this machine, one copying the other: made, killed, promoted and made anew.

Each has a port of its own that never changes, as two computers have their names. The standby copies over a line that
can be held, so that a slow network can be played.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
import socket
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil
import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, NullPool, create_engine, text

from desk.adapters.binaries import Binaries, bundled_binaries, other_account
from desk.adapters.postgres_programs import parameters_of
from desk.drills.crew import patiently
from desk.drills.lines import CuttingProxy

SYNCHRONOUS = "ANY 1 (*)"
"""`synchronous_standby_names`: a commit is acknowledged when one standby has it, whichever."""

COPIER = "CREATE ROLE penyalin REPLICATION LOGIN"
BE_COPIED = (f"ALTER SYSTEM SET synchronous_standby_names = '{SYNCHRONOUS}'", "SELECT pg_reload_conf()")
PROMOTION = (
    ("ALTER SYSTEM SET synchronous_standby_names = ''", None),
    ("SELECT pg_reload_conf()", True),
    ("SELECT pg_promote(true, 60)", True),
    ("SELECT pg_is_in_recovery()", False),
)
"""The commands of docs/server.md, sections 5 and 6, as they are typed there, with what they must answer."""

_HOST = "127.0.0.1"
_SETTINGS = {
    "listen_addresses": _HOST,
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "80",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "logging_collector": "off",
    "fsync": "off",  # processes die here, not the machine: what was written stays written, and drills stay short
    "wal_level": "replica",
    "max_wal_senders": "6",
    "hot_standby": "on",
    "wal_keep_size": "256MB",
    "wal_sender_timeout": "10s",
}
_COPYING = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND (sync_state <> 'async' OR :any)"


class Node:
    """One of the two servers; `folder` is its own."""

    def __init__(self, folder: Path, port: int, password: str, binaries: Binaries) -> None:
        self.folder, self.port = folder, port
        self.data = folder / "data"
        self._password, self._binaries = password, binaries

    def url(self, database: str = "postgres") -> URL:
        """The address for its superuser."""
        return URL.create(
            "postgresql+psycopg", "postgres", self._password, _HOST, self.port, database,
            {"require_auth": "scram-sha-256", "sslmode": "disable"},
        )  # fmt: skip

    def create(self) -> None:
        """Makes an empty cluster."""
        password_file = self.folder / "password"
        password_file.write_text(self._password, "ascii")
        _give(password_file)
        self._run(
            "initdb", "-D", str(self.data), "-U", "postgres", "--auth=scram-sha-256", f"--pwfile={password_file}",
            "--encoding=UTF8", "--no-sync", *self._binaries.locale_options(),
        )  # fmt: skip
        password_file.unlink()

    def copy_from(self, line: URL) -> None:
        """Makes a standby of the server at the end of this line; what was here before is gone."""
        shutil.rmtree(self.data, ignore_errors=True)
        source = make_conninfo(
            host=str(line.host), port=line.port, user="penyalin", password=self._password, sslmode="disable"
        )
        self._run("pg_basebackup", "-D", str(self.data), "-d", source, "-R", "-X", "stream", "-c", "fast", "--no-sync")

    def start(self, settings: Mapping[str, str] | None = None) -> None:
        """Starts it and waits until it answers."""
        values = _SETTINGS | {"port": str(self.port)} | dict(settings or {})
        lines = [f"{name} = '{value}'\n" for name, value in values.items()]
        (self.data / "desk.conf").write_text("".join(lines), "utf-8")
        _give(self.data / "desk.conf")
        conf = self.data / "postgresql.conf"
        if "include 'desk.conf'" not in conf.read_text("utf-8"):
            with conf.open("a", encoding="utf-8") as file:
                file.write("\ninclude 'desk.conf'\n")
        log = self.folder / "server.log"
        log.touch()
        _give(log)
        self._run("pg_ctl", "start", "-D", str(self.data), "-w", "-t", "60", "-l", str(log))

    def kill(self) -> None:
        """Kills the server and all its processes at once, as when the power fails."""
        with contextlib.suppress(psutil.Error, OSError, ValueError, IndexError):
            server = psutil.Process(int((self.data / "postmaster.pid").read_text("utf-8").split()[0]))
            family = [server, *server.children()]
            for process in family:
                with contextlib.suppress(psutil.Error):
                    process.kill()
            psutil.wait_procs(family, timeout=10)

    def promote(self) -> None:
        """Makes the standby the one that is written to; alone, it must not wait for a standby of its own."""
        for command, answer in PROMOTION:
            if (told := self.say(command)) != answer:
                raise RuntimeError(f"{command} answered {told}")

    def give_password(self, login: str) -> None:
        """Gives a login the password of this pair, as `\\password` does: no clear text reaches the server."""
        with psycopg.connect(**parameters_of(self.url())) as connection:
            connection.pgconn.change_password(login.encode(), self._password.encode())

    def be_copied(self, names: str) -> None:
        """Says whose copies a commit waits for; empty: nobody's."""
        self.say(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        self.say("SELECT pg_reload_conf()")

    def is_copied(self, *, synchronous: bool) -> bool:
        """Whether a standby receives what happens here now."""
        return bool(self.say(_COPYING, any=not synchronous))

    def say(self, statement: str, **values: object) -> object:
        """Runs one statement as the superuser and gives its value."""
        engine = create_engine(self.url(), poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            result = connection.execute(text(statement), values)
            return result.scalar() if result.returns_rows else None

    def _run(self, program: str, *arguments: str) -> None:
        self._binaries.run(program, *arguments, reaching=self.folder, seconds=120)


class Pair:
    """The server that is written to, the one that copies it, and the line between them."""

    def __init__(self, folder: Path, binaries: Binaries) -> None:
        password = secrets.token_urlsafe(18)
        ports = _free_ports(2)
        self.primary, self.standby = (
            Node(_folder(folder / name), port, password, binaries) for name, port in zip("ab", ports, strict=True)
        )
        self._line: CuttingProxy | None = None

    def start(self) -> None:
        """Makes and starts the first server; nothing copies it yet."""
        self.primary.create()
        self.primary.start()
        self.primary.say(COPIER)
        self.primary.give_password("penyalin")

    def attach(self, *, synchronous: bool = True) -> None:
        """Makes the other server a standby of the first, and waits until it follows."""
        self._line = CuttingProxy(self.primary.url())
        self._line.__enter__()
        self.standby.copy_from(self._line.url)
        self.standby.start()
        if synchronous:
            # The setting stands in the configuration of every server; promotion switches it off until there is a copy.
            for node in (self.primary, self.standby):
                for command in BE_COPIED:
                    node.say(command)
        if not patiently(lambda: self.primary.is_copied(synchronous=synchronous), 30):
            raise RuntimeError("the standby does not follow")

    def address(self, database: str) -> URL:
        """Both servers in one address, as it stands in the settings of every workstation."""
        hosts = [f"{_HOST}:{port}" for port in sorted((self.primary.port, self.standby.port))]
        return URL.create(
            "postgresql+psycopg", database=database,
            query={
                "host": hosts, "target_session_attrs": "read-write",
                "require_auth": "scram-sha-256", "sslmode": "disable",
            },
        )  # fmt: skip

    def crash(self, *, slow_for: float = 0.0) -> None:
        """Kills the first server, on request after its line to the standby was too slow for so many seconds."""
        assert self._line is not None
        if slow_for:
            self._line.held.set()
            time.sleep(slow_for)
        self.primary.kill()
        self._line.silent.set()  # what was still on the slow line is lost with it
        self._line.__exit__()
        self._line = None

    def take_over(self) -> float:
        """Promotes the standby; gives the moment at which it took writes (`time.time()`)."""
        self.standby.promote()
        self.primary, self.standby = self.standby, self.primary
        return time.time()

    def stop(self) -> None:
        """Ends both servers, whatever they are at."""
        if self._line is not None:
            self._line.__exit__()
        for node in (self.primary, self.standby):
            node.kill()


@contextlib.contextmanager
def pair(folder: Path, bin_folder: Path | None = None) -> Iterator[Pair]:
    """Two servers below `folder`; both are ended afterwards."""
    servers = Pair(folder, Binaries(bin_folder or bundled_binaries()))
    try:
        yield servers
    finally:
        servers.stop()


def _folder(path: Path) -> Path:
    path.mkdir(mode=0o700)
    _give(path)
    return path


def _give(path: Path) -> None:
    """Lets the account that runs the server write there."""
    if (account := other_account()) is not None:
        shutil.chown(path, account)


def _free_ports(count: int) -> list[int]:
    doors = [socket.create_server((_HOST, 0)) for _ in range(count)]
    ports = [int(door.getsockname()[1]) for door in doors]
    for door in doors:
        door.close()
    return ports
