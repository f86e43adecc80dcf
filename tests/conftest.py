"""What every test may ask for: a PostgreSQL of its own worker, a migrated database, a session that is rolled back.

With ``DESK_DATABASE_URL`` the tests use that server (as a role that may create databases and roles) and leave nothing
behind on it; without, each worker starts a private one.
"""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = os.environ.get("QT_QPA_PLATFORM") or "offscreen"  # before anything imports Qt

import contextlib
import gc
import secrets
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, make_url, text
from sqlalchemy.orm import Session

from desk.adapters import roles, schema
from desk.adapters.embedded import EmbeddedServer
from desk.errors import Unavailable
from tests.components import missing, postgresql_15

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["tests.office"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--all-components", action="store_true", help="fail, not skip, where a system component is missing"
    )


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("component"):
        (name,) = marker.args
        if not missing(name):
            continue
        if item.config.getoption("--all-components"):
            pytest.fail(f"component {name} is missing", pytrace=False)
        pytest.skip(f"component {name} is missing")


@pytest.fixture(autouse=True)
def windows_end_with_the_run(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test of the windows leaves of Qt is set apart for good, not collected by chance on some worker's thread.

    The program itself collects on its window's thread alone (`desk.ui.app`).
    """
    if not {"ui", "stories"} & set(request.path.parts):
        yield
        return
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


@dataclass(frozen=True)
class Login:
    """A person's database login, made for one test."""

    name: str
    password: str = field(repr=False)


@dataclass
class Database:
    """A database of one test: addresses, engines and logins, all taken away afterwards."""

    url: URL
    _engines: list[Engine] = field(default_factory=list)
    _logins: list[Login] = field(default_factory=list)

    def engine(self, login: Login | None = None) -> Engine:
        """Gives a plain engine for the owner, or for a person."""
        engine = create_engine(self.url_for(login), poolclass=NullPool)
        self._engines.append(engine)
        return engine

    def url_for(self, login: Login | None = None) -> URL:
        """Gives the address the owner, or a person, connects with."""
        return self.url if login is None else self.url.set(username=login.name, password=login.password)

    def login(self, name: str, *duties: str) -> Login:
        """Makes a login; its name gets a tail, for roles belong to the whole server."""
        login = Login(f"{name}_{secrets.token_hex(4)}", secrets.token_urlsafe(12))
        with self.engine().begin() as connection:
            roles.create_login(connection, login.name, login.password, duties)
        self._logins.append(login)
        return login


class Cluster:
    """A PostgreSQL server the tests may create databases on."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT", pool_size=1, max_overflow=0)

    def new_database(self, template: str | None = None) -> Database:
        """Gives a new database, a copy of ``template`` if one is named."""
        name = f"desk_test_{os.getpid()}_{secrets.token_hex(4)}"
        copy = f"TEMPLATE {template} STRATEGY FILE_COPY" if template else ""
        self._run(f"CREATE DATABASE {name} {copy}")
        return Database(self.url.set(database=name))

    def drop(self, database: Database) -> None:
        """Takes the database, its connections and its logins away."""
        for engine in database._engines:
            engine.dispose()
        assert database.url.database is not None
        with self._engine.connect() as connection:
            name = roles.quoted(connection, database.url.database)
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            for login in database._logins:
                connection.execute(text(f"DROP ROLE IF EXISTS {roles.quoted(connection, login.name)}"))

    def close(self) -> None:
        self._engine.dispose()

    def _run(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement))


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The server of this worker."""
    if given := os.environ.get("DESK_DATABASE_URL"):
        shared = Cluster(make_url(given))
        yield shared
        shared.close()
        return
    with _ThrowAwayServer(None) as server:
        own = Cluster(server.url())
        yield own
        own.close()


@pytest.fixture(scope="session")
def server15() -> Iterator[Cluster]:
    """A server of the oldest PostgreSQL the program supports; mark the test ``component("postgresql-15")``."""
    with _ThrowAwayServer(postgresql_15()) as server:
        own = Cluster(server.url())
        yield own
        own.close()


@pytest.fixture(scope="session")
def migrated(cluster: Cluster) -> Iterator[str]:
    """The name of a migrated database, to be copied."""
    database = cluster.new_database()
    schema.upgrade(database.engine())
    for engine in database._engines:
        engine.dispose()
    assert database.url.database is not None
    yield database.url.database
    cluster.drop(database)


@pytest.fixture
def database(cluster: Cluster, migrated: str) -> Iterator[Database]:
    """A migrated database of this test alone, for tests that commit, listen or use several connections."""
    copy = cluster.new_database(migrated)
    yield copy
    cluster.drop(copy)


@pytest.fixture(scope="session")
def _shared_connection(cluster: Cluster, migrated: str) -> Iterator[Connection]:
    database = cluster.new_database(migrated)
    with database.engine().connect() as connection:
        connection.exec_driver_sql(f"SET search_path = {schema.SCHEMA}, pg_catalog")
        connection.commit()
        yield connection
    cluster.drop(database)


@pytest.fixture
def session(_shared_connection: Connection) -> Iterator[Session]:
    """A session on a migrated database; whatever it commits is rolled back after the test."""
    outer = _shared_connection.begin()
    with Session(_shared_connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        yield session
    outer.rollback()


class _ThrowAwayServer:
    """A private server in the system's temporary folder, gone with everything in it when the run ends."""

    def __init__(self, bin_folder: Path | None) -> None:
        _clear_leftovers()
        # Not pytest's own temporary folder: that one keeps the last three runs, 40 MB each.
        self.folder = Path(tempfile.mkdtemp(prefix=f"desk-test-{os.getpid()}-"))
        self.server = EmbeddedServer(self.folder / "server", bin_folder=bin_folder, durable=False)

    def __enter__(self) -> EmbeddedServer:
        try:
            self.server.start()
        except BaseException:
            self.__exit__()
            raise
        return self.server

    def __exit__(self, *_: object) -> None:
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def _clear_leftovers() -> None:
    """Stops the servers of test runs that were killed, for nobody else will."""
    for folder in Path(tempfile.gettempdir()).glob("desk-test-*-*"):
        run = folder.name.split("-")[2]
        if run.isdigit() and not psutil.pid_exists(int(run)):
            for cluster in folder.glob("*/cluster"):
                with contextlib.suppress(Unavailable):
                    EmbeddedServer(cluster.parent).stop()
            shutil.rmtree(folder, ignore_errors=True)
