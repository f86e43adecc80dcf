"""A backup of the whole database in one sealed file, and the way back: into a server, or into a private one as a trial.

The file holds what was true at one moment, also while people work: the content hash is taken in the very snapshot that
`pg_dump` copies. It stands under its name only when it is complete. Why it is built this way: docs/decisions/backup.md.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, cast

import psutil
import psycopg
from sqlalchemy import NullPool, create_engine

from desk import __version__
from desk.adapters import default_rights, fingerprint, roles, schema
from desk.adapters.backup_about import About
from desk.adapters.database import secured
from desk.adapters.embedded import EmbeddedServer
from desk.adapters.postgres_programs import parameters_of, pieces_of, running, tools_for
from desk.adapters.sealed_file import PIECE, SealedWriter, read_sealed
from desk.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from typing import BinaryIO

    from sqlalchemy import URL, Connection, Engine

    from desk.adapters.binaries import Binaries

    Tell = Callable[[str], None]
    Examine = Callable[[Connection], Iterable[str]]

ENDING: Final = ".mejapst"
_UNFINISHED: Final = ".belum-selesai"
_ABOUT, _GLOBALS, _DUMP, _END = b"A", b"G", b"D", b"E"  # the kinds of pieces, in this order

# PostgreSQL 15.20 marks each column with a version; a `pg_dump` older than that takes it for an option of the table.
_ALONE: Final = re.compile(r"^ALTER TABLE ONLY \S+ ALTER COLUMN .+ SET \(pg_attver=\d+\);$", re.MULTILINE)
_WITH_OTHERS: Final = re.compile(r", pg_attver=\d+(?=[,)])|(?<=SET \()pg_attver=\d+, ")
_FOR_PSQL: Final = re.compile(r"^\\(?:un)?restrict .*$", re.MULTILINE)
_TIMEOUT: Final = re.compile(r"^SET \w+_timeout = 0;$", re.MULTILINE)  # not every server knows every one

_NOTHING: Final = (b"", b"")
_TRIAL: Final = "meja-pst-uji-"


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup."""

    file: Path
    size: int
    about: About


@dataclass(frozen=True, slots=True)
class Trial:
    """What a restore on trial found; no `faults` means that the backup is proven."""

    about: About
    faults: tuple[str, ...]


def make(url: URL, folder: Path, passphrase: str, *, now: datetime, tell: Tell, programs: Path | None = None) -> Made:
    """Writes the database at `url` into a new sealed file in `folder`; older files stay.

    `url` logs in as superuser, for nobody else reads every row and every login. `programs` is the folder of `pg_dump`.
    Raises `Refused` or `Unavailable`; then no new file is there.
    """
    clear_unfinished(folder)
    with _superuser(url) as engine, engine.connect() as connection:
        _seal_log(url)
        about, snapshot = _describe(connection, now, tell)
        tools = tools_for(programs, about.server)
        file = folder / file_name(about, now)
        if file.exists():
            raise Refused(f"Berkas {file.name} sudah ada. Ulangi sebentar lagi.")
        unfinished = file.with_name(f"{file.name}.{os.getpid()}{_UNFINISHED}")
        try:
            with open(unfinished, "xb", opener=_for_this_account) as sealed:
                _write(sealed, passphrase, about, tools, url, snapshot, tell)
                sealed.flush()
                os.fsync(sealed.fileno())
            size = unfinished.stat().st_size
            unfinished.replace(file)
        except OSError as error:
            raise Unavailable(
                f"Cadangan tidak dapat ditulis ke {folder} ({error.strerror}). Periksa folder dan ruang disknya."
            ) from error
        finally:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)
    return Made(file, size, about)


def check(file: Path, passphrase: str) -> About:
    """Gives what a backup says about itself after reading it to its end; nothing is restored.

    Raises `Refused` for a wrong passphrase, a foreign file, and one with a changed or missing byte.
    """
    with _opened(file) as sealed:
        pieces = read_sealed(sealed, passphrase)
        kind, first = next(pieces, _NOTHING)
        if kind != _ABOUT:
            raise Refused("Isi cadangan ini tidak dikenal. Pakai berkas yang dibuat dengan “desk backup”.")
        about = About.from_json(first)
        last = kind
        for last, _ in pieces:  # noqa: B007
            pass
        if last != _END:
            raise Refused("Cadangan ini tidak lengkap, jadi tidak dipulihkan. Pakai cadangan lain.")
    return about


def restore(
    file: Path, passphrase: str, server: URL, database: str, *, tell: Tell, programs: Path | None = None
) -> About:
    """Brings a backup back as the new database `database` on the server of `server`, with all logins of people.

    `server` logs in as superuser, whose own password stays. The file is read to its end before the server is touched.
    Raises `Refused` as `check` does and where the database is already there, and `Unavailable`; then it is not there.
    """
    tell("Memeriksa keutuhan cadangan.")
    about = check(file, passphrase)
    _bring_back(file, passphrase, about, server, database, tell, programs)
    return about


def try_restore(file: Path, passphrase: str, *, examine: Examine, tell: Tell, programs: Path | None = None) -> Trial:
    """Restores a backup into a private server that is gone afterwards, and tells what is not as it was.

    Compared are the content hash of every table and the counts of `Fingerprint`; `examine` looks at the content itself.
    Raises `Refused` as `check` does.
    """
    clear_trials()
    tell("Memeriksa keutuhan cadangan.")
    about = check(file, passphrase)
    folder = Path(tempfile.mkdtemp(prefix=f"{_TRIAL}{os.getpid()}-"))
    server = EmbeddedServer(folder / "server", durable=False)
    try:
        tell("Menyiapkan server percobaan.")
        server.start()
        _bring_back(file, passphrase, about, server.url(), "uji", tell, programs)
        tell("Membandingkan isi dan jumlahnya.")
        url = server.url(database="uji").update_query_dict({"options": "-c timezone=Asia/Jakarta"})
        engine = create_engine(url, poolclass=NullPool)
        with engine.begin() as connection:
            found = fingerprint.take(connection)
        with engine.begin() as connection:
            faults = [*fingerprint.differences(about.fingerprint, found), *examine(connection)]
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return Trial(about, tuple(faults))


def file_name(about: About, now: datetime) -> str:
    """The name of a backup: its offices and its moment, so that names sort by time inside an office."""
    offices = "-".join(about.offices) if len(about.offices) <= 3 else f"{len(about.offices)}-kantor"
    return f"meja-pst-{offices or 'kosong'}-{now:%Y%m%d-%H%M%S}{ENDING}"


def newest(folder: Path) -> Path:
    """The latest backup in a folder. Raises `Refused` where there is none."""
    found = sorted(folder.glob(f"meja-pst-*{ENDING}"), key=lambda file: (file.stat().st_mtime_ns, file.name))
    if not found:
        raise Refused(f"Di folder {folder} belum ada cadangan. Buat dahulu dengan “desk backup --to {folder}”.")
    return found[-1]


def clear_unfinished(folder: Path) -> None:
    """Takes away what a killed backup has left in the folder; makes the folder where it is missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"*{_UNFINISHED}"):
            maker = left.name.removesuffix(_UNFINISHED).rpartition(".")[2]
            if not (maker.isdigit() and psutil.pid_exists(int(maker))):
                left.unlink(missing_ok=True)
    except OSError as error:
        raise Unavailable(f"Folder {folder} tidak dapat ditulis ({error.strerror}). Pilih folder lain.") from error


def clear_trials() -> None:
    """Stops and takes away the private servers of restore tests that were killed: they hold everybody's data."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_TRIAL}*-*"):
        maker = folder.name.removeprefix(_TRIAL).partition("-")[0]
        if maker.isdigit() and not psutil.pid_exists(int(maker)):
            with contextlib.suppress(Unavailable):
                EmbeddedServer(folder / "server").stop()
            shutil.rmtree(folder, ignore_errors=True)


# writing


def _describe(connection: Connection, now: datetime, tell: Tell) -> tuple[About, str]:
    """Gives what stands in the database at one moment, and the name of the snapshot `pg_dump` reads the same in."""
    snapshot = _name_of_snapshot(connection)
    revision = schema.current(connection)
    if revision is None:
        raise Refused("Basis data ini belum disiapkan, jadi belum ada yang dicadangkan. Jalankan “desk server init”.")
    offices = connection.exec_driver_sql("SELECT code FROM desk.office WHERE id <> 0 ORDER BY code").scalars().all()
    tell("Menghitung sidik isi basis data.")
    mark = fingerprint.take(connection)
    database = connection.exec_driver_sql("SELECT current_database()").scalar_one()
    version = _server_version(connection)
    return About(now.isoformat(), tuple(offices), database, version, __version__, revision, mark), snapshot


def _name_of_snapshot(connection: Connection) -> str:
    return str(connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one())


def _write(file: BinaryIO, passphrase: str, about: About, tools: Binaries, url: URL, snapshot: str, tell: Tell) -> None:
    sealed = SealedWriter(file, passphrase)
    sealed.write(_ABOUT, about.to_json())
    tell("Menyalin akun pegawai.")
    only_globals = ("--globals-only", "--no-tablespaces", "--no-comments", "--no-security-labels")
    with running(tools, "pg_dumpall", *only_globals, url=url) as dumped:
        for data in pieces_of(dumped):
            sealed.write(_GLOBALS, data)
    tell("Menyalin basis data.")
    size = 0
    with running(tools, "pg_dump", "--format=custom", f"--snapshot={snapshot}", url=url) as dumped:
        for data in pieces_of(dumped):
            sealed.write(_DUMP, data)
            if size // (16 * PIECE) != (size + len(data)) // (16 * PIECE):
                tell(f"Menyalin basis data: {(size + len(data)) // PIECE} MB.")
            size += len(data)
    sealed.finish(_END, json.dumps({"size": size}).encode())


def _seal_log(url: URL) -> None:
    """Seals the audit log before it is copied: what is sealed cannot be changed in the copy either."""
    with _autocommit(url) as engine, engine.connect() as connection:
        if connection.exec_driver_sql("SELECT to_regprocedure('audit.seal()') IS NOT NULL").scalar_one():
            connection.exec_driver_sql("SELECT audit.seal()")


# reading


def _bring_back(
    file: Path, passphrase: str, about: About, server: URL, database: str, tell: Tell, programs: Path | None
) -> None:
    """Makes the database and fills it; takes it away again when that fails."""
    with _superuser(server) as engine, engine.connect() as connection:
        version = _server_version(connection)
        there = connection.exec_driver_sql(
            "SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s)", (database,)
        ).scalar_one()
    if there:
        raise Refused(f"Basis data “{database}” sudah ada di server itu. Pulihkan ke nama lain.")
    tools = tools_for(programs, max(about.server, version))
    address = schema.create_database(secured(server), database)
    try:
        _read_back(file, passphrase, tools, address, tell)
    except BaseException:
        with _autocommit(server) as engine, engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {roles.quoted(connection, database)} WITH (FORCE)")
        raise


def _read_back(file: Path, passphrase: str, tools: Binaries, url: URL, tell: Tell) -> None:
    """Makes the logins, then the tables and functions, then lets `pg_restore` read the rows and make the indexes."""
    tell("Memulihkan akun pegawai.")
    with _opened(file) as sealed, tempfile.TemporaryFile() as written:
        accounts, pieces = bytearray(), read_sealed(sealed, passphrase)
        kind, data = next(pieces)
        while kind in (_ABOUT, _GLOBALS):
            accounts += data if kind == _GLOBALS else b""
            kind, data = next(pieces)
        _make_accounts(url, accounts.decode())
        tell("Memulihkan basis data.")
        with running(tools, "pg_restore", "--section=pre-data", url=url, fed=True, into=written) as stream:
            _feed(stream, itertools.chain([(kind, data)], pieces))
        written.seek(0)
        _make_tables(url, written.read().decode())
    with _opened(file) as sealed:
        rest = ("--section=data", "--section=post-data", "--exit-on-error")
        with running(tools, "pg_restore", *rest, url=url, fed=True) as stream:
            _feed(stream, read_sealed(sealed, passphrase))
    with _autocommit(url) as engine, engine.connect() as connection:
        default_rights.revoke(connection)  # what belongs to the database as a whole is not in the copy of its content
        connection.exec_driver_sql("ANALYZE")


def _feed(stream: IO[bytes], pieces: Iterator[tuple[bytes, bytes]]) -> None:
    """Gives the copy to a program; one that has read enough, or ends early, says the rest by its exit status."""
    for kind, data in pieces:
        if kind == _DUMP:
            try:
                stream.write(data)
            except OSError:
                return


def _make_tables(url: URL, statements: str) -> None:
    """Runs the statements before the rows. What a server adds to its columns on its own, another may not know."""
    statements = _TIMEOUT.sub("", _ALONE.sub("", _FOR_PSQL.sub("", statements)))
    with psycopg.connect(**parameters_of(url), autocommit=True) as connection:
        try:
            connection.execute(_WITH_OTHERS.sub("", statements).encode())
        except psycopg.Error as error:
            raise Unavailable(
                "Susunan tabel di cadangan ini tidak dapat dibuat di server tujuan. "
                "Pakai PostgreSQL yang sama atau lebih baru daripada server asal."
            ) from error


def _make_accounts(url: URL, statements: str) -> None:
    """Makes the logins and groups of a backup; the superuser of this server stays as it is."""
    parameters = parameters_of(url)
    with psycopg.connect(**parameters, autocommit=True) as connection:
        (superuser,) = cast("tuple[str]", connection.execute("SELECT current_user").fetchone())
        for line in statements.splitlines():
            # One statement stands on one line; "\restrict" is for psql.
            words = line.split()
            if not line.endswith(";") or words[0] == "SET" or words[1:3] == ["ROLE", superuser]:
                continue
            with contextlib.suppress(psycopg.errors.DuplicateObject):
                connection.execute(line.encode())


# the server


@contextlib.contextmanager
def _superuser(url: URL) -> Iterator[Engine]:
    """The engine of the superuser, without time limits and in one snapshot per transaction."""
    engine = create_engine(
        secured(url), poolclass=NullPool, isolation_level="REPEATABLE READ",
        connect_args={"application_name": "Meja PST (cadangan)", "options": "-c statement_timeout=0 -c lock_timeout=0 "
                      "-c idle_in_transaction_session_timeout=0"},
    )  # fmt: skip
    with engine.connect() as connection:
        if not default_rights.is_superuser(connection):
            raise Refused(
                "Pencadangan dan pemulihan memerlukan akun pemilik server (superuser), misalnya postgres. "
                "Ganti akun pada alamat basis data."
            )
    yield engine


@contextlib.contextmanager
def _autocommit(url: URL) -> Iterator[Engine]:
    yield create_engine(secured(url), poolclass=NullPool, isolation_level="AUTOCOMMIT")


def _server_version(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT current_setting('server_version_num')").scalar_one())


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    try:
        opened = file.open("rb")
    except OSError as error:
        raise Unavailable(f"Cadangan {file} tidak terbaca ({error.strerror}). Periksa letak dan izinnya.") from error
    with opened:
        yield opened


def _for_this_account(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
