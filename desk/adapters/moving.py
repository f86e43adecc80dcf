"""An office's database carried from its private server to a shared one: every row, every login, the whole audit log.

The two servers may be of different versions, so rows travel as text into tables that this program's own migrations
made, in one transaction, and both sides are hashed table by table. The database gets its name, and the people their
logins, in one last transaction: until then the shared server holds nothing but a database with an unfinished name,
which the next try takes away. Nobody can write at the source from the first row to the last.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg import sql
from sqlalchemy import NullPool, create_engine, text

from desk.adapters import default_rights, fingerprint, roles, schema
from desk.adapters.database import secured, server_refused
from desk.adapters.postgres_programs import parameters_of
from desk.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import URL, Connection, Engine

    from desk.adapters.fingerprint import Fingerprint

    Tell = Callable[[str], None]

_UNFINISHED: Final = "_belum_selesai"
_SCHEMAS: Final = ["desk", "audit"]
_LOCK_SECONDS: Final = 10

_OTHERS_ASKED = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
_END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
_COLUMNS_ASKED = """
SELECT n.nspname, c.relname, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
WHERE n.nspname = ANY (%s) AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
GROUP BY 1, 2 ORDER BY 1, 2
"""
_SEQUENCES_ASKED = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY (%s) AND c.relkind = 'S' ORDER BY 1, 2
"""
_LOGINS_ASKED = """
SELECT r.rolname, r.rolcanlogin, r.rolconnlimit, r.rolvaliduntil::text, a.rolpassword,
  ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
        WHERE m.member = r.oid AND g.rolname = ANY (%s) ORDER BY 1)
FROM desk.person p JOIN pg_roles r ON r.rolname = p.login JOIN pg_authid a ON a.oid = r.oid ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Moved:
    """What was carried over: its fingerprint, how many people came along, and whether it had been there already."""

    content: Fingerprint
    people: int
    already_there: bool = False


@dataclass(frozen=True, slots=True)
class _Login:
    name: str
    can_log_in: bool
    connections: int
    valid_until: str | None
    verifier: str | None
    groups: Sequence[str]


def why_not_target(target: URL) -> str | None:
    """Gives the sentence for a server that cannot take the office in, or None. `target` logs in as superuser.

    Raises psycopg's errors where it cannot be reached.
    """
    with _connected(target.set(database="postgres")) as server:
        if reason := server_refused(server.info.server_version):
            return reason
        (superuser,) = _one(server, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not superuser:
            return "Pemindahan memerlukan akun pemilik server (superuser), misalnya postgres."
    return None


def move(source: URL, target: URL, *, tell: Tell, finish: Callable[[], None]) -> Moved:
    """Carries the database at `source` to the new database at `target`; both log in as superuser.

    `finish` is called when everything is there and nobody can write at the source yet: it makes the people go to the
    new place. Raises `Refused` where the target holds something, the source is in use, or the two are of another
    version than this program, and `Unavailable`; then the target is as it was, and the source always is.
    """
    with _only_me(source) as (driver, connection):
        _refuse_other_version(connection)
        name = str(target.database)
        if already := _already_there(connection, target, tell):
            finish()
            _end_others(driver)
            return already
        logins = _logins(driver)
        _refuse_taken(target, [login.name for login in logins])
        unfinished = target.set(database=f"{name}{_UNFINISHED}")
        _drop(unfinished)
        try:
            tell("Menyiapkan basis data di server tujuan.")
            with _owner(_created(unfinished)) as engine:
                schema.upgrade(engine)
            content = _copied(driver, connection, unfinished, tell)
            tell("Membuat akun pegawai dan memberi nama basis data.")
            _publish(unfinished, name, logins)
        except BaseException:
            with contextlib.suppress(psycopg.Error):
                _drop(unfinished)
            raise
        finish()
        _end_others(driver)
    return Moved(content, len(logins))


# the source


@contextlib.contextmanager
def _only_me(source: URL) -> Iterator[tuple[psycopg.Connection[Any], Connection]]:
    """One transaction on the source in which nobody else can write; refuses where somebody is at work."""
    with _owner(source) as engine, engine.connect() as connection:
        driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
        (others,) = _one(driver, _OTHERS_ASKED)
        if others:
            raise Refused("Meja PST di komputer ini masih terbuka. Tutup semua jendelanya, lalu ulangi.")
        tables = [sql.Identifier(space, table) for space, table, _ in _tables(driver)]
        if not tables:
            raise Refused("Di komputer ini belum ada data kantor yang dapat dipindahkan.")
        driver.rollback()
        driver.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        driver.execute(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'".encode())
        # Before the first question: what the transaction sees is what stood there when everybody else was locked out.
        driver.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(sql.SQL(", ").join(tables)))
        yield driver, connection


def _refuse_other_version(connection: Connection) -> None:
    if reason := schema.why_not_usable(connection):
        raise Refused(f"Data di komputer ini belum dapat dipindahkan. {reason}")


def _logins(driver: psycopg.Connection[Any]) -> list[_Login]:
    groups = [roles.PERSON, *roles.DUTIES]
    return [_Login(*row) for row in driver.execute(_LOGINS_ASKED.encode(), [groups]).fetchall()]


def _tables(driver: psycopg.Connection[Any]) -> list[tuple[str, str, list[str]]]:
    return list(driver.execute(_COLUMNS_ASKED.encode(), [_SCHEMAS]).fetchall())


def _end_others(driver: psycopg.Connection[Any]) -> None:
    """Whoever came in at the source meanwhile could read only, and now has to go to the new place."""
    driver.execute(_END_OTHERS.encode())


# the target


def _already_there(source: Connection, target: URL, tell: Tell) -> Moved | None:
    """What an earlier try carried over completely before it was cut off; Refused where something else is there."""
    with _connected(target.set(database="postgres")) as server:
        if not server.execute("SELECT FROM pg_database WHERE datname = %s", [target.database]).fetchall():
            return None
    with _owner(target) as engine, engine.begin() as there:
        if not there.exec_driver_sql(
            "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname !~ '^(pg_|information_schema$)')"
        ).scalar_one():
            empty = True
        else:
            empty = False
            if reason := _why_not_empty(source, there, str(target.database)):
                raise Refused(reason)
            tell("Data sudah ada di server tujuan; isinya dibandingkan.")
            here, content = fingerprint.take(source), fingerprint.take(there)
            if fingerprint.differences(here, content):
                raise Refused(
                    f"Basis data “{target.database}” di server tujuan sudah berisi kantor ini dengan isi yang berbeda. "
                    "Jangan memindahkan lagi; tulis alamatnya di pengaturan dan hubungi administrator."
                )
            people = int(there.execute(text("SELECT count(*) FROM desk.person")).scalar_one())
    if empty:
        _drop(target)
        return None
    return Moved(content, people, already_there=True)


def _why_not_empty(source: Connection, there: Connection, name: str) -> str | None:
    """Gives the sentence for a database that holds something else than this very office, or None."""
    chain = "SELECT id FROM audit.chain"
    stands_at = schema.current(there)
    if stands_at is None:
        return f"Basis data “{name}” di server tujuan tidak kosong. Pilih nama lain pada alamatnya."
    if stands_at != schema.head():
        than = "lebih lama" if schema.knows(stands_at) else "lebih baru"
        return (
            f"Basis data “{name}” di server tujuan sudah berisi kantor, dengan versi yang {than} daripada program ini. "
            "Tidak ada yang dipindahkan; pilih nama lain pada alamatnya."
        )
    if source.exec_driver_sql(chain).scalar_one() != there.exec_driver_sql(chain).scalar_one():
        return (
            f"Basis data “{name}” di server tujuan sudah berisi kantor lain. "
            "Pemindahan memerlukan basis data baru; pilih nama lain pada alamatnya."
        )
    return None


def _refuse_taken(target: URL, names: list[str]) -> None:
    with _connected(target.set(database="postgres")) as server:
        taken = [
            str(row[0])
            for row in server.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY (%s) ORDER BY 1", [names])
        ]
    if taken:
        named = ", ".join(taken[:5]) + (f" dan {len(taken) - 5} lainnya" if len(taken) > 5 else "")
        raise Refused(
            f"Nama pengguna {named} sudah ada di server tujuan. Akun orang lain tidak diambil alih; "
            "hapus akun itu di server, atau pakai server lain."
        )


def _copied(driver: psycopg.Connection[Any], source: Connection, target: URL, tell: Tell) -> Fingerprint:
    """Puts every row into the tables of the target, in one transaction that stands only when the hashes agree."""
    with _owner(target) as engine, engine.connect() as connection, connection.begin():
        to: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
        # The rows are facts already: numbers, signatures and the log's entries come along and are not made again.
        to.execute("SET LOCAL session_replication_role = replica")
        tables = _tables(driver)
        if tables != _tables(to):
            raise Unavailable("Susunan tabel di kedua server berbeda. Perbarui Meja PST, lalu ulangi.")
        everything = sql.SQL(", ").join(sql.Identifier(space, table) for space, table, _ in tables)
        to.execute(sql.SQL("TRUNCATE {}").format(everything))
        for at, (space, table, columns) in enumerate(tables, 1):
            if at % 8 == 1:
                tell(f"Menyalin tabel {at} dari {len(tables)}.")
            _copy(driver, to, sql.Identifier(space, table), columns)
        for space, sequence in driver.execute(_SEQUENCES_ASKED.encode(), [_SCHEMAS]).fetchall():
            name = sql.Identifier(space, sequence)
            row = driver.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(name)).fetchone()
            assert row is not None
            to.execute("SELECT setval(%s::regclass, %s, %s)", [name.as_string(to), *row])
        to.execute("SET LOCAL session_replication_role = origin")
        tell("Membandingkan sidik isi kedua sisi.")
        was, became = fingerprint.take(source), fingerprint.take(connection)
        if different := fingerprint.differences(was, became):
            raise Unavailable(f"Isi di server tujuan tidak sama, jadi tidak dipakai. {' '.join(different[:5])}")
        default_rights.revoke(connection)
    return was


def _copy(
    source: psycopg.Connection[Any], target: psycopg.Connection[Any], table: sql.Identifier, columns: list[str]
) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    with (
        source.cursor().copy(sql.SQL("COPY {} ({}) TO STDOUT").format(table, names)) as reading,
        target.cursor().copy(sql.SQL("COPY {} ({}) FROM STDIN").format(table, names)) as writing,
    ):
        for data in reading:
            writing.write(data)


def _publish(unfinished: URL, name: str, logins: list[_Login]) -> None:
    """Makes the logins and gives the database its name, both or neither."""
    with _owner(unfinished.set(database="postgres")) as engine, engine.begin() as connection:
        for login in logins:
            roles.take_over_login(
                connection, login.name, verifier=login.verifier, can_log_in=login.can_log_in,
                connections=login.connections, valid_until=login.valid_until, groups=login.groups,
            )  # fmt: skip
            default_rights.limit(connection, login.name)
        old, new = (roles.quoted(connection, each) for each in (str(unfinished.database), name))
        connection.exec_driver_sql(f"ALTER DATABASE {old} RENAME TO {new}")


def _created(target: URL) -> URL:
    return schema.create_database(secured(target.set(database="postgres")), str(target.database))


def _drop(target: URL) -> None:
    with _connected(target.set(database="postgres")) as server:
        name = sql.Identifier(str(target.database))
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


@contextlib.contextmanager
def _owner(url: URL) -> Iterator[Engine]:
    """The engine of the superuser; every connection is closed at its end."""
    yield create_engine(secured(url), poolclass=NullPool, connect_args={"options": "-c timezone=Asia/Jakarta"})


def _connected(url: URL) -> psycopg.Connection[Any]:
    return psycopg.connect(**parameters_of(url) | {"connect_timeout": 10}, autocommit=True)


def _one(connection: psycopg.Connection[Any], question: str) -> tuple[Any, ...]:
    row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return tuple(row)
