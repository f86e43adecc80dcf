"""The version of the database: upgrade, downgrade, compare. Alembic without an ini file, also in the packaged program.

Run by the administrator or by the start of the private PostgreSQL, never by a workstation: that one only asks
`why_not_usable`.
"""

from __future__ import annotations

import contextlib
import warnings
from typing import TYPE_CHECKING

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg.errors import DuplicateDatabase, UniqueViolation
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from desk.adapters import roles
from desk.resources import migrations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import URL, Connection, Engine, MetaData

SCHEMA = "desk"
_ONE_AT_A_TIME = 0x6465736B  # advisory lock of the schema upgrade ("desk")


def create_database(url: URL, name: str) -> URL:
    """Gives the address of the database ``name`` on the server of ``url``; makes it, empty, where it is missing."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        there = connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}).scalar()
        if there is None:
            try:
                connection.exec_driver_sql(f"CREATE DATABASE {roles.quoted(connection, name)} ENCODING 'UTF8'")
            except DBAPIError as error:
                if not isinstance(error.orig, (DuplicateDatabase, UniqueViolation)):  # made elsewhere at this moment
                    raise
    return url.set(database=name)


def upgrade(engine: Engine, revision: str = "head", *, scripts: Path | None = None) -> None:
    """Brings the database to ``revision``, all steps in one transaction. ``engine`` connects as the owner."""
    with _migrating(engine, scripts) as config:
        command.upgrade(config, revision)


def downgrade(engine: Engine, revision: str = "base", *, scripts: Path | None = None) -> None:
    """Takes the database back to ``revision``, all steps in one transaction. Data of newer steps is lost."""
    with _migrating(engine, scripts) as config:
        command.downgrade(config, revision)


def current(connection: Connection) -> str | None:
    """Gives the revision the database stands at, or None for a database without tables of this program."""
    return _migration_context(connection).get_current_revision()


def head(*, scripts: Path | None = None) -> str | None:
    """Gives the newest revision this program knows."""
    return ScriptDirectory.from_config(_config(scripts)).get_current_head()


def knows(revision: str, *, scripts: Path | None = None) -> bool:
    """Tells whether this program has the step `revision`; it has not where the database is newer than the program."""
    return revision in {script.revision for script in ScriptDirectory.from_config(_config(scripts)).walk_revisions()}


def why_not_usable(connection: Connection, *, scripts: Path | None = None) -> str | None:
    """Gives the sentence that says why this program cannot work with the database, or None.

    The two must stand at the same step: what an older program would do to newer tables nobody has tried.
    """
    stands_at, known = current(connection), ScriptDirectory.from_config(_config(scripts))
    if stands_at is None:
        return "Basis data belum disiapkan. Minta administrator menjalankan penyiapan basis data."
    if stands_at == known.get_current_head():
        return None
    if stands_at in {script.revision for script in known.walk_revisions()}:
        return "Basis data lebih lama daripada program ini. Minta administrator memperbarui basis data."
    return "Program ini lebih lama daripada basis data. Pasang versi Meja PST yang terbaru."


def differences(connection: Connection, metadata: MetaData) -> list[object]:
    """Gives what differs between the tables in the database and ``metadata``; empty when they are in step."""
    with warnings.catch_warnings():
        # SQLAlchemy cannot say what it read about a CHECK that is NOT VALID, and warns instead.
        warnings.filterwarnings("ignore", "Can't validate argument 'dialect_options'")
        return list(compare_metadata(_migration_context(connection), metadata))


def new_revision(engine: Engine, message: str, metadata: MetaData, *, scripts: Path | None = None) -> None:
    """Writes a new migration file with what `differences` finds; for developers."""
    with _migrating(engine, scripts) as config:
        config.attributes["metadata"] = metadata
        command.revision(config, message, autogenerate=True)


def _config(scripts: Path | None) -> Config:
    config = Config()
    # Alembic reads "%" in a path as the start of a reference.
    config.set_main_option("script_location", str(scripts or migrations()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _migration_context(connection: Connection) -> MigrationContext:
    return MigrationContext.configure(
        connection,
        opts={
            "version_table_schema": SCHEMA,
            "include_schemas": True,
            "include_name": lambda name, kind, _: kind != "schema" or name in (SCHEMA, "audit"),
        },
    )


@contextlib.contextmanager
def _migrating(engine: Engine, scripts: Path | None) -> Iterator[Config]:
    config = _config(scripts)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        # A step waits at most this long for people at work, and then gives up as a whole.
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))
        connection.execute(text("SET LOCAL statement_timeout = '15min'"))
        roles.create_groups(connection)
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        connection.execute(text(f"SET LOCAL search_path = {SCHEMA}, pg_catalog"))
        config.attributes["connection"] = connection
        yield config
