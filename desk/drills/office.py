"""A throw-away office for drills: a private server, invented people with real logins, a fresh database per drill.

Nothing of the user's is touched, and only servers that were started here are hurt.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from desk import deeds, installation
from desk.adapters.database import engine_for
from desk.adapters.embedded import EmbeddedServer
from desk.commands.doctor import action_rules
from desk.drills.seats import ELSEWHERE, OFFICE, PEOPLE, Seat, actor_of, login_of
from desk.services.doctor import examine

NUMBERED = {"cases": "case", "invoice": "invoice", "agreement": "sppd", "receipt": "receipt"}

_TEMPLATE = "latihan_gangguan"
_RECOVERY_SECONDS = 60.0


@dataclass
class DrillOffice:
    """One database of one drill: the office, the people, and what the owner of the database sees."""

    url: URL = field(repr=False)  # as the owner
    passwords: Mapping[str, str] = field(repr=False)

    def seat(self, name: str, *, through: URL | None = None) -> Seat:
        """The seat of somebody by short name, on request over another line to the same server."""
        login = login_of(name)
        url = (through or self.url).set(username=login, password=self.passwords[login])
        return Seat(url.render_as_string(hide_password=False), actor_of(name))

    def engine(self, name: str, *, through: URL | None = None) -> Engine:
        """The engine of somebody's workstation."""
        return engine_for(self.seat(name, through=through).url, application_name="desk drill")

    @contextlib.contextmanager
    def owner(self) -> Iterator[Session]:
        """A transaction of the owner of the database."""
        engine = create_engine(self.url, poolclass=NullPool)
        with Session(engine) as session, session.begin():
            yield session

    def rows(self, statement: str, **values: Any) -> list[Mapping[str, Any]]:
        """What the owner reads; waits for a server that is recovering from a crash."""
        end = time.monotonic() + _RECOVERY_SECONDS
        while True:
            try:
                with self.owner() as session:
                    return [dict(row) for row in session.execute(text(statement), values).mappings()]
            except OperationalError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def value(self, statement: str, **values: Any) -> Any:
        """The one value of one row."""
        (row,) = self.rows(statement, **values)
        (value,) = row.values()
        return value

    def findings(self) -> list[str]:
        """What the doctor finds: must be nothing."""
        with self.owner() as session:
            return [
                f"doctor {found.check}: {found.sentence}" for found in examine(session, deeds.derived, action_rules())
            ]

    def numbers(self) -> dict[str, int]:
        """How many numbers each series has given."""
        return {kind: self.value(f"SELECT count(*) FROM desk.{table}") for table, kind in NUMBERED.items()}  # noqa: S608

    def broken_series(self) -> list[str]:
        """Gaps, duplicates and counters that say something else; must be nothing."""
        found = []
        for table, kind in NUMBERED.items():
            (row,) = self.rows(
                f"SELECT count(*) AS rows, count(DISTINCT sequence) AS different, coalesce(min(sequence), 1) AS low, "  # noqa: S608
                f"coalesce(max(sequence), 0) AS high, coalesce((SELECT max(last) FROM desk.counter "
                f"WHERE office_id = :office AND kind = :kind), 0) AS counted "
                f"FROM desk.{table} WHERE office_id = :office",
                office=OFFICE,
                kind=kind,
            )
            if row["low"] != 1 or not row["rows"] == row["different"] == row["high"] == row["counted"]:
                found.append(f"series {kind}: {dict(row)}")
        clock = self.value(
            "SELECT count(*) - coalesce(max(version), 0) FROM desk.change WHERE office_id = :o", o=OFFICE
        )
        return [*found, f"change numbers: {clock}"] if clock else found


@dataclass
class DrillServer:
    """A private server with a prepared database that every drill copies."""

    server: EmbeddedServer
    passwords: Mapping[str, str] = field(repr=False)

    @contextlib.contextmanager
    def office(self, template: str = _TEMPLATE) -> Iterator[DrillOffice]:
        """A database of its own, gone afterwards."""
        name = f"gangguan_{secrets.token_hex(4)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield DrillOffice(self.server.url(database=name), self.passwords)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    @contextlib.contextmanager
    def copy_of(self, office: DrillOffice) -> Iterator[DrillOffice]:
        """A copy of an office as it is now; nobody may be connected to it."""
        assert office.url.database is not None
        with self.office(office.url.database) as copy:
            yield copy

    def _run(self, statement: str) -> None:
        engine = create_engine(self.server.url(), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text(statement))


@contextlib.contextmanager
def drill_server(settings: Mapping[str, str] | None = None) -> Iterator[DrillServer]:
    """Starts a private server and prepares the template.

    A commit waits until the system has it, as in an office; whether the disk has it would matter only if the machine
    itself were switched off, and no drill does that.
    """
    folder = Path(tempfile.mkdtemp(prefix="meja-pst-gangguan-"))
    as_in_an_office = {"synchronous_commit": "on", "full_page_writes": "on", "max_connections": "80"}
    server = EmbeddedServer(folder / "server", durable=False, settings=as_in_an_office | dict(settings or {}))
    try:
        server.start()
        yield DrillServer(server, furnish(server.url()))
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def furnish(server: URL, database: str = _TEMPLATE) -> dict[str, str]:
    """Makes a database with office and people on a server; gives the passwords by login."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8'"))
    owner = create_engine(server.set(database=database), poolclass=NullPool)
    installation.prepare(owner)
    passwords = {login_of(name): secrets.token_urlsafe(12) for name in PEOPLE}
    with owner.begin() as connection:
        connection.execute(text("UPDATE desk.installation SET training = true"))
        for description in installation.shipped_offices():
            installation.add_office(connection, description, invented=True)
        for name, duties in PEOPLE.items():
            login = login_of(name)
            installation.add_person(
                connection,
                installation.NewPerson(
                    login, name.title(), "", "", {ELSEWHERE.get(name, OFFICE): duties}, passwords[login]
                ),
            )
            connection.exec_driver_sql(f"ALTER ROLE {login} CONNECTION LIMIT -1")
    return passwords
