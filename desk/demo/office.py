"""The training office: where its database is, who works there, and its clock.

Everything is invented, and the database says so itself: `installation.training` puts LATIHAN on every paper and on the
window, and lets the owner move the clock to replay the past.
"""

from __future__ import annotations

import json
import secrets
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, text

from desk import installation, resources
from desk.adapters.database import APPLICATION_NAME, engine_for
from desk.adapters.embedded import EmbeddedServer
from desk.rules.people import Actor, Duty

DATABASE = "meja_pst_latihan"
PRINTER = "Pencetak latihan (berkas PDF)"
"""Prints like a printer, with ASLI and SALINAN, but into PDF files in the training folder."""
_PASSWORDS = "orang.json"


@dataclass(frozen=True, slots=True)
class Trainee:
    """Somebody who can be chosen at the start of the training: login and password are for this database alone."""

    login: str
    name: str
    position: str
    duties: Mapping[int, frozenset[Duty]]
    password: str = field(repr=False)

    @property
    def actor(self) -> Actor:
        """The person who acts."""
        return Actor(self.login, self.name, "", self.duties)


@dataclass(frozen=True, slots=True)
class TrainingOffice:
    """A database that is ready to be worked in."""

    url: URL = field(repr=False)  # as the owner
    folder: Path
    people: Mapping[str, Trainee]
    owner: Engine = field(repr=False)

    def url_of(self, login: str) -> URL:
        """The address with which one person connects."""
        return self.url.set(username=login, password=self.people[login].password)

    def engine_of(self, login: str) -> Engine:
        """The engine of one person's workstation."""
        return engine_for(self.url_of(login), application_name=f"{APPLICATION_NAME} (latihan)")

    def set_clock(self, moment: datetime | None) -> None:
        """Moves the training clock; None lets real time run again."""
        with self.owner.begin() as connection:
            connection.execute(text("UPDATE desk.installation SET clock = :moment"), {"moment": moment})

    def is_filled(self) -> bool:
        """Whether the sample cases are all there."""
        with self.owner.connect() as connection:
            return connection.execute(text("SELECT EXISTS (SELECT FROM desk.cases)")).scalar_one() is True


@contextmanager
def training_office(folder: Path, *, server_url: URL | None = None, fresh: bool = False) -> Iterator[TrainingOffice]:
    """A prepared training database, on a private server in `folder` or on the server of `server_url`.

    `fresh` throws an earlier training database away. On an office's own server the training stands in a database of its
    own (`meja_pst_latihan`), never in the office's; the role of `server_url` must be allowed to create databases.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if server_url is not None:
        yield _ready(folder, server_url, fresh=fresh)
        return
    server = EmbeddedServer(folder / "server")
    server.start()
    try:
        yield _ready(folder, server.url(), fresh=fresh)
    finally:
        server.stop()


def staff() -> list[dict[str, Any]]:
    """The invented people of both offices."""
    return list(_people()["staff"])


def customers() -> list[dict[str, Any]]:
    """The invented customers."""
    return list(_people()["customer"])


def _people() -> dict[str, Any]:
    return tomllib.loads(resources.resource("demo", "people.toml").read_text("utf-8"))


def _ready(folder: Path, server: URL, *, fresh: bool) -> TrainingOffice:
    _create_database(server, fresh=fresh)
    if fresh:
        shutil.rmtree(folder / "berkas", ignore_errors=True)
    url = server.set(database=DATABASE)
    owner = create_engine(url, pool_size=1)
    installation.prepare(owner)
    passwords = _passwords(folder)
    people = {}
    with owner.begin() as connection:
        connection.execute(text("UPDATE desk.installation SET training = true"))
        for description in installation.shipped_offices():
            installation.add_office(connection, description, invented=True)
        for entry in staff():
            login = f"latihan_{entry['login']}"
            duties = {
                installation.office_id(code): frozenset(Duty.of(duty) for duty in held)
                for code, held in entry["duties"].items()
            }
            password = passwords.setdefault(login, secrets.token_urlsafe(18))
            installation.add_person(
                connection,
                installation.NewPerson(login, entry["name"], entry["nip"], entry["position"], duties, password),
            )
            people[login] = Trainee(login, entry["name"], entry["position"], duties, password)
    _keep_passwords(folder, passwords)
    return TrainingOffice(url, folder, people, owner)


def _create_database(server: URL, *, fresh: bool) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if fresh:
            connection.execute(text(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)"))
        known = connection.execute(
            text("SELECT EXISTS (SELECT FROM pg_database WHERE datname = :name)"), {"name": DATABASE}
        ).scalar_one()
        if not known:
            connection.execute(text(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'"))
    engine.dispose()


def _passwords(folder: Path) -> dict[str, str]:
    path = folder / _PASSWORDS
    return dict(json.loads(path.read_text("utf-8"))) if path.is_file() else {}


def _keep_passwords(folder: Path, passwords: Mapping[str, str]) -> None:
    path = folder / _PASSWORDS
    path.touch(mode=0o600)
    path.write_text(json.dumps(passwords, indent=1), "utf-8")
