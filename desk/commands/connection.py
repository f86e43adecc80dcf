"""The office's database for commands that look at all of it: one connection, long questions, one moment in time."""

from __future__ import annotations

import contextlib
import getpass
import sys
from typing import TYPE_CHECKING

from desk.commands import owner
from desk.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL
    from sqlalchemy.orm import Session


@contextlib.contextmanager
def at_database(program: str, *, one_moment: bool = False) -> Iterator[Session]:
    """Gives a session on the database of the settings, committed at the end; `program` names it to the server.

    `one_moment` reads everything as it is now, whatever others change meanwhile, and writes nothing. Raises
    `Unavailable` where the database cannot be reached or is of another version, and Refused where it says no.
    """
    from sqlalchemy import NullPool, create_engine
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.orm import Session

    from desk.adapters import schema
    from desk.adapters.database import secured
    from desk.adapters.refusals import spoken

    # Workstations give up after seconds; here a question may take as long as the database is large.
    engine = create_engine(
        secured(address()),
        poolclass=NullPool,
        isolation_level="REPEATABLE READ" if one_moment else "READ COMMITTED",
        connect_args={"application_name": program, "connect_timeout": 4, "options": "-c timezone=Asia/Jakarta"},
    )
    try:
        with Session(engine) as session, session.begin():
            if one_moment:
                session.connection(execution_options={"postgresql_readonly": True})
            if _may_read_version(session) and (reason := schema.why_not_usable(session.connection())):
                raise Unavailable(reason)
            yield session
    except SQLAlchemyError as error:
        raise spoken(error) from error
    finally:
        engine.dispose()


def _may_read_version(session: Session) -> bool:
    """Whether this login may know the version of the database: its owner may, and on an empty one everybody."""
    from sqlalchemy import text

    asked = text("SELECT coalesce(has_table_privilege(to_regclass('desk.alembic_version'), 'SELECT'), true)")
    return bool(session.execute(asked).scalar_one())


def login() -> str:
    """The login in the address of the database."""
    return address().username or getpass.getuser()


def address() -> URL:
    """The address of the office's database with its password; Unavailable where none is set."""
    from desk import settings

    url = settings.database_url(settings.load()) or owner.own_server()
    if url is None:
        raise Unavailable(
            f"Alamat basis data kantor belum ada. Tulis database di {settings.settings_file()}, "
            f"atau isi {settings.DATABASE_VARIABLE}."
        )
    if url.password is None and "password" not in url.query:
        kept = settings.remembered_password(url)
        if kept is None and sys.stdin is not None and sys.stdin.isatty():
            kept = getpass.getpass(f"Kata sandi {url.username or ''} untuk basis data: ")
        if kept is not None:
            url = url.set(password=kept)
    return url
