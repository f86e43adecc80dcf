"""The connection to PostgreSQL: an engine per person, one transaction per deed, a deed asked again with its key.

Round trips are what a deed costs on a slow line, so they are saved here: BEGIN travels with the first statement of a
transaction, a list outside a transaction is one trip, and no ping is sent before a connection is used again.
"""

from __future__ import annotations

import contextlib
import ipaddress
import random
import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import URL, NullPool, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.orm import Session

from desk import __version__
from desk.adapters.refusals import ask_again, connection_lost, spoken
from desk.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from psycopg.abc import PQGen
    from psycopg.errors import Diagnostic
    from sqlalchemy import Engine
    from sqlalchemy.engine.interfaces import Dialect, ExecutionContext
    from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

OLDEST_SERVER = 15
APPLICATION_NAME = f"Meja PST {__version__}"
"""What the server is told; it takes no fact from a version that is older than the oldest one of the office."""
SCHEMA = "desk"

_CONNECT_SECONDS = 4
_ANSWER_SECONDS = 15.0  # the line is given up after this long without an answer; the deed is asked again with its key
_STATEMENT_MS = 12_000  # a server that is alive says so before the line is given up
_LOCK_MS = 5_000
_IDLE_MS = 15_000
_DEED_SECONDS = 30.0
_PING_AFTER_SECONDS = 30.0  # a connection that rested longer is asked before it is used: one trip, seldom

# Dead lines are noticed by the system too; libpq ignores what a system does not know (tcp_user_timeout on Windows).
_LINE: dict[str, Any] = {
    "connect_timeout": _CONNECT_SECONDS,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": int(_ANSWER_SECONDS * 1000),
    "gssencmode": "disable",
}

_Answer = TypeVar("_Answer")


class OutcomeUnknown(Unavailable):
    """The answer to COMMIT was lost and stayed lost: the deed may or may not be done. Ask again with ``key``."""

    def __init__(self, key: UUID | None) -> None:
        super().__init__(
            "Sambungan terputus saat menyimpan; belum pasti apakah perubahan tersimpan. "
            "Tunggu sampai terhubung, lalu kirim lagi: perubahan yang sama tidak akan tersimpan dua kali."
        )
        self.key = key


class NotSafeYet(OutcomeUnknown):
    """The deed stands on this server, but not yet on its standby: asked again, it waits for the standby."""

    def __init__(self, key: UUID | None) -> None:
        Unavailable.__init__(
            self,
            "Perubahan tersimpan di server utama, tetapi belum tersalin ke server kedua, jadi belum pasti. Kirim lagi "
            "sebentar lagi: perubahan yang sama tidak akan tersimpan dua kali. Beri tahu administrator.",
        )
        self.key = key


class WatchedConnection(psycopg.Connection[Any]):
    """A connection that is given up when the server says nothing for 15 s (unplugged cable, sleeping network)."""

    warned = False
    """Whether the server has warned (01000): during COMMIT that means that the standby does not have it."""

    def __init__(self, pgconn: Any, **how: Any) -> None:
        super().__init__(pgconn, **how)
        self.add_notice_handler(self._hear)

    def _hear(self, notice: Diagnostic) -> None:
        self.warned = self.warned or notice.sqlstate == "01000"

    def wait(self, gen: PQGen[_Answer], interval: float = 0.1, timeout: float | None = None) -> _Answer:
        if timeout is not None:
            return super().wait(gen, interval=interval, timeout=timeout)
        try:
            return super().wait(gen, interval=interval, timeout=_ANSWER_SECONDS)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:  # the time ran out, no answer was read
                self.pgconn.finish()
            raise


def engine_for(
    url: str | URL,
    *,
    application_name: str = APPLICATION_NAME,
    zone: str = "Asia/Jakarta",
    address_now: Callable[[], URL] | None = None,
) -> Engine:
    """Gives the engine of one person at one workstation: at most two connections, in the office's time zone ``zone``.

    Nothing is sent before the first use. A server outside this computer must prove who it is (TLS, ``verify-full``) and
    take a SCRAM password, unless ``url`` itself says otherwise. ``address_now`` is asked for the password of each new
    connection: the person may have changed it meanwhile.
    """
    address = secured(url)
    engine = create_engine(
        address.difference_update_query(["options"]),
        connect_args={
            **_LINE,
            "application_name": application_name,
            "options": _options(address, zone),
            "autocommit": True,  # BEGIN is sent by _travel_together
        },
        pool_size=2,
        max_overflow=0,
        pool_timeout=_ANSWER_SECONDS,
        pool_use_lifo=True,
        use_native_hstore=False,  # saves looking the type up at every start
    )
    if address_now is not None:

        def take_password(_dialect: Dialect, _record: ConnectionPoolEntry, _arguments: Any, parameters: Any) -> None:
            parameters["password"] = address_now().password

        event.listen(engine, "do_connect", take_password)
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "connect", _refuse_old_server)
    event.listen(engine, "checkin", _note_rest)
    event.listen(engine, "checkout", _notice_closed_line)
    event.listen(engine, "do_execute", _travel_together)
    event.listen(engine, "do_execute_no_params", _begin_without_parameters)
    event.listen(engine, "do_executemany", _begin_before)
    return engine


@contextlib.contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Gives a session that commits at the end of the block, or rolls back when the block raises.

    Raises `Refused` where the database says no, `Unavailable` where it cannot be reached, `OutcomeUnknown` where the
    answer to COMMIT was lost. A deed with a key goes through `run_deed`.
    """
    try:
        with _committing(engine) as session:
            yield session
    except SQLAlchemyError as error:
        raise spoken(error, engine) from error


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Gives a session for lists: each query stands for itself and is one round trip; nothing may be written with it."""
    try:
        with Session(engine.execution_options(desk_reading=True), autoflush=False) as session:
            yield session
    except SQLAlchemyError as error:
        raise spoken(error, engine) from error


@contextlib.contextmanager
def one_moment(url: str | URL, *, application_name: str, zone: str) -> Iterator[Session]:
    """Gives a session that sees everything as it is now, writes nothing, and whose questions may take minutes.

    For what looks at all of the database (verifying the audit log, the doctor); never on the database lane.
    """
    engine = create_engine(
        secured(url),
        poolclass=NullPool,
        isolation_level="REPEATABLE READ",
        connect_args={
            "application_name": application_name,
            "connect_timeout": _CONNECT_SECONDS,
            "options": f"-c timezone={zone}",
        },
    )
    try:
        with Session(engine) as session, session.begin():
            session.connection(execution_options={"postgresql_readonly": True})
            yield session
    except SQLAlchemyError as error:
        raise spoken(error) from error
    finally:
        engine.dispose()


def run_deed(
    engine: Engine,
    work: Callable[[Session], _Answer],
    *,
    key: UUID,
    deadline: float = _DEED_SECONDS,
    stop: threading.Event | None = None,
) -> _Answer:
    """Gives what ``work`` returned in a committed transaction; asks again for up to ``deadline`` seconds.

    ``work`` must look the deed's ``key`` up first and return the first result when it is there: that makes asking again
    safe after a lost connection, a deadlock or a lock time-out. Raises `Refused`; `Unavailable` when surely nothing was
    done; `OutcomeUnknown` when the answer to a COMMIT was lost and no later try got through. ``stop`` ends it early.
    """
    end = time.monotonic() + deadline
    stop = stop or threading.Event()
    unknown, last = False, OutcomeUnknown(key)
    while True:
        try:
            with _committing(engine) as session:
                answer = work(session)
        except OutcomeUnknown as lost:
            unknown, trouble, last = True, None, lost
        except SQLAlchemyError as error:
            if not ask_again(error):
                raise spoken(error, engine) from error
            trouble = error
        else:
            return answer
        # A little chance in the pause, or two workstations that met in a deadlock meet again.
        if time.monotonic() > end or stop.wait(random.uniform(0.05, 0.3)):  # noqa: S311
            raise type(last)(key) if unknown or trouble is None else spoken(trouble) from trouble


def server_refused(version: int) -> str | None:
    """Gives the sentence for a server that is too old (``version`` as libpq counts: 150018), or None."""
    if version >= OLDEST_SERVER * 10_000:
        return None
    return (
        f"Server basis data memakai PostgreSQL {version // 10_000}, terlalu lama untuk Meja PST. "
        f"Minta administrator memasang PostgreSQL {OLDEST_SERVER} atau yang lebih baru."
    )


def connect_alone(url: str | URL, *, application_name: str, zone: str) -> WatchedConnection:
    """Gives an autocommit connection outside every pool, for the listener. Raises `psycopg.Error` or `Unavailable`."""
    address = secured(url)
    plain = address.difference_update_query(["options"])
    _, parameters = create_engine(plain).dialect.create_connect_args(plain)
    ours = _LINE | {"application_name": application_name, "options": _options(address, zone)}
    connection = WatchedConnection.connect(autocommit=True, **parameters, **ours)
    _refuse_old_server(connection)
    return connection


def secured(url: str | URL) -> URL:
    """Gives the address with psycopg as its driver and, for a server on another computer, the rules of a safe line."""
    address = make_url(url)
    if address.drivername in ("postgres", "postgresql"):
        address = address.set(drivername="postgresql+psycopg")
    query = dict(address.query)
    if on_this_computer(address):
        # Another person's program may sit on the port while the server rests.
        query.setdefault("require_auth", "!password,!md5")
    else:
        query.setdefault("target_session_attrs", "read-write")
        query.setdefault("sslmode", "verify-full")
        query.setdefault("require_auth", "scram-sha-256")  # whatever the mode: nobody is told the password itself
        if query["sslmode"] in ("require", "verify-ca", "verify-full"):
            query.setdefault("channel_binding", "require")
        if query["sslmode"] == "verify-full":
            query.setdefault("sslrootcert", "system")
    return address.set(query=query)


def on_this_computer(address: URL) -> bool:
    """Tells whether every host of the address is this computer: what is sent there crosses no network."""
    named = address.query.get("host", ())
    hosts = [address.host or "", *((named,) if isinstance(named, str) else named)]
    return all(_is_loopback(host) for host in hosts)


def _is_loopback(host: str) -> bool:
    if not host or host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host.rpartition(":")[0] == "localhost" or host.startswith("127.0.0.1:")


def _options(address: URL, zone: str) -> str:
    """Gives the settings of a session, sent with the connection itself: no trip of their own."""
    given = address.query.get("options", "")
    ours = {
        "timezone": zone,
        "search_path": f"{SCHEMA},pg_temp",  # nobody's temporary table stands before ours
        "statement_timeout": _STATEMENT_MS,
        "lock_timeout": _LOCK_MS,
        "idle_in_transaction_session_timeout": _IDLE_MS,
    }
    return " ".join([*([given] if isinstance(given, str) else given), *(f"-c {name}={ours[name]}" for name in ours)])


@contextlib.contextmanager
def _committing(engine: Engine) -> Iterator[Session]:
    with Session(engine, expire_on_commit=False) as session:
        yield session
        session.flush()
        line = session.connection().connection.driver_connection if session.in_transaction() else None
        if isinstance(line, WatchedConnection):
            line.warned = False  # what was said before COMMIT is not about it
        try:
            session.commit()
        except DBAPIError as error:
            # Everything before COMMIT is undone by the server when the line breaks; only here nobody can know.
            if connection_lost(error):
                raise OutcomeUnknown(None) from error
            raise
        if isinstance(line, WatchedConnection) and line.warned:
            raise NotSafeYet(None)


# what the engine does at each step (SQLAlchemy events)


def _connect(_dialect: Dialect, _record: ConnectionPoolEntry, arguments: Any, parameters: Any) -> WatchedConnection:
    return WatchedConnection.connect(*arguments, **parameters)


def _refuse_old_server(connection: Any, _record: ConnectionPoolEntry | None = None) -> None:
    if sentence := server_refused(connection.info.server_version):
        connection.close()
        raise Unavailable(sentence)


def _note_rest(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = time.monotonic()


def _notice_closed_line(connection: Any, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
    """Replaces a connection the server has closed; looks at what has arrived already and sends nothing."""
    try:
        connection.pgconn.consume_input()  # the server's farewell
        connection.pgconn.consume_input()  # the end of the line after it
        if time.monotonic() - record.info.get("rests_since", time.monotonic()) > _PING_AFTER_SECONDS:
            connection.execute("")
    except psycopg.OperationalError as error:
        raise DisconnectionError from error
    if connection.closed:
        raise DisconnectionError


def _must_begin(connection: Any, context: ExecutionContext) -> bool:
    return bool(
        connection.autocommit
        and connection.pgconn.transaction_status == TransactionStatus.IDLE
        and not context.execution_options.get("desk_reading")
    )


def _travel_together(cursor: Any, statement: str, parameters: Any, context: ExecutionContext) -> bool:
    """Sends BEGIN and the first statement of a transaction in one trip; psycopg alone would need two."""
    connection = cursor.connection
    if not _must_begin(connection, context):
        return False
    if isinstance(cursor, psycopg.ServerCursor):
        connection.execute("BEGIN")
        return False
    with connection.pipeline():
        connection.execute("BEGIN")
        cursor.execute(statement, parameters)
    return True


def _begin_before(cursor: Any, _statement: str, _parameters: Any, context: ExecutionContext) -> bool:
    if _must_begin(cursor.connection, context):
        cursor.connection.execute("BEGIN")
    return False


def _begin_without_parameters(cursor: Any, statement: str, context: ExecutionContext) -> bool:
    return _begin_before(cursor, statement, None, context)
