"""The office on a single computer moves to a shared server: everything comes along, or nothing has happened."""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import NullPool, create_engine, make_url, text
from sqlalchemy.orm import Session

from desk import deeds
from desk.adapters import fingerprint, moving, own_server, schema, seals
from desk.adapters.database import engine_for, reading
from desk.adapters.own_server import OwnServer
from desk.commands.doctor import action_rules
from desk.commands.windows import door_of
from desk.errors import Refused, Unavailable
from desk.rules.case import Data, Money, Original
from desk.services import audit, documents
from desk.services.coming_in import came_in
from desk.services.doctor import examine
from tests.commands.desk_command import Command
from tests.conftest import Cluster, Database
from tests.office import JAMBI, MORNING, PALEMBANG, Office, Person

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import URL, Connection

pytestmark = pytest.mark.component("postgresql-15")


@dataclass
class Place:
    """Where the office is to go: a name on PostgreSQL 15 that nobody uses yet."""

    cluster: Cluster
    url: URL

    def databases(self) -> set[str]:
        """The databases there that begin with the name."""
        names = "SELECT datname FROM pg_database WHERE starts_with(datname, :name)"
        with self.cluster._engine.connect() as connection:
            return set(connection.execute(text(names), {"name": self.url.database}).scalars())

    def logins(self) -> set[str]:
        """The people who have a login there."""
        names = "SELECT rolname FROM pg_roles WHERE rolname !~ '^(pg_|desk_|postgres)'"
        with self.cluster._engine.connect() as connection:
            return set(connection.execute(text(names)).scalars())

    def make(self, *statements: str) -> None:
        """A database of that name with something in it."""
        with self.cluster._engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {self.url.database}"))
        self.change(*statements)

    def change(self, *statements: str) -> None:
        """Runs statements there as the owner."""
        with owner(self.url) as connection:
            for statement in statements:
                connection.execute(text(statement))


def owner(url: URL) -> Connection:
    """A transaction of the owner."""
    return create_engine(url, poolclass=NullPool).connect().execution_options(isolation_level="AUTOCOMMIT")


@contextlib.contextmanager
def _place(server: Cluster) -> Iterator[Place]:
    made = Place(server, server.url.set(database=f"desk_test_{os.getpid()}_{secrets.token_hex(4)}"))
    before = made.logins()
    yield made
    for name in made.databases():
        server.drop(Database(server.url.set(database=name)))
    new = made.logins() - before
    with server._engine.connect() as connection:
        for login in new:
            connection.execute(text(f"DROP ROLE {login}"))


@pytest.fixture
def place(server15: Cluster) -> Iterator[Place]:
    with _place(server15) as made:
        yield made


@pytest.fixture(scope="module")
def moving_office(busy_office: Office) -> Iterator[Office]:
    """Cases of two offices with papers and files, a voided number, a sealed and signed log, somebody who has left."""
    busy_office.make_papers(busy_office.case_at(money=Money.RECEIPTED, original=Original.FILED, data=Data.DELIVERED))
    voided = busy_office.case_at(money=Money.RECEIPTED)
    busy_office.as_("budi").do("void_receipt", voided)
    busy_office.case_at(office_id=JAMBI, money=Money.RECEIPTED)
    sri = busy_office.as_("sri").login
    with busy_office.owner() as connection:
        connection.exec_driver_sql("UPDATE desk.person SET active = false WHERE login = %s", (sri,))
        connection.exec_driver_sql(f"ALTER ROLE {sri} NOLOGIN VALID UNTIL '2027-01-01'")
        connection.exec_driver_sql("SELECT audit.seal()")
    key = seals.new_key()
    wati = busy_office.as_("wati")
    with wati.session() as session:
        audit.keep(session, [key.sign(h, signed_by=wati.login, signed_at=MORNING) for h in audit.heads(session)])
    yield busy_office
    with busy_office.owner() as connection:  # the login is that of every other test on this server
        connection.exec_driver_sql(f"ALTER ROLE {sri} LOGIN VALID UNTIL '2099-01-01'")


@pytest.fixture
def alone(moving_office: Office) -> Office:
    """The office with every window closed."""
    _close_windows(moving_office)
    return moving_office


def _close_windows(office: Office) -> None:
    office._owner.dispose()
    for person in office.people():
        person.engine.dispose()


def content(url: URL) -> str:
    with create_engine(url, poolclass=NullPool).begin() as connection:
        return fingerprint.take(connection).content


def quiet(_sentence: str) -> None:
    """Nobody listens."""


def there(place: Place, person: Person) -> URL:
    return place.url.set(username=person.login, password=person.password)


def test_an_office_also_moves_to_a_newer_server(server15: Cluster, cluster: Cluster) -> None:
    old = server15.new_database()
    new = Database(cluster.url.set(database=f"desk_test_{os.getpid()}_{secrets.token_hex(4)}"))
    schema.upgrade(old.engine())
    login = old.login("lina", "desk_officer")
    with old.engine().begin() as connection:
        connection.execute(text("INSERT INTO desk.person (login, name) VALUES (:l, 'Lina')"), {"l": login.name})
    moved = moving.move(old.url, new.url, tell=quiet, finish=lambda: None)
    assert moved.people == 1
    with psycopg.connect(new.url_for(login).set(drivername="postgresql").render_as_string(False)) as lina:
        assert lina.execute("SELECT name FROM desk.person").fetchall() == [("Lina",)]
    server15.drop(old)
    new._logins.append(login)
    cluster.drop(new)


# refused


def test_nothing_moves_while_somebody_is_at_work(alone: Office, place: Place) -> None:
    with alone.as_("rina").psql(), pytest.raises(Refused, match="masih terbuka"):
        moving.move(alone.database.url, place.url, tell=quiet, finish=lambda: None)
    assert place.databases() == set()


def test_nobody_writes_at_the_old_place_while_the_office_moves(alone: Office, place: Place) -> None:
    refused = []

    def tell(_sentence: str) -> None:
        with alone.as_("rina").psql() as rina:
            rina.execute("SET lock_timeout = '10ms'")
            rina.execute("SELECT count(*) FROM desk.cases")  # reading is harmless
            with pytest.raises(psycopg.errors.LockNotAvailable):
                rina.execute("UPDATE desk.customer SET phone = '1'")
            refused.append(True)

    place.make()  # an empty database of that name is made use of
    moving.move(alone.database.url, place.url, tell=tell, finish=lambda: None)
    assert refused
    assert content(alone.database.url) == content(place.url)


@pytest.mark.parametrize(
    ("there", "says"),
    [
        (("CREATE TABLE public.note (id int)",), "tidak kosong"),
        (("UPDATE desk.alembic_version SET version_num = '0003'",), "lebih lama daripada program"),
        (("UPDATE desk.alembic_version SET version_num = '9999'",), "lebih baru daripada program"),
        ((), "kantor lain"),
    ],
)
def test_a_place_that_holds_something_stays_as_it_is(
    alone: Office, place: Place, there: tuple[str, ...], says: str
) -> None:
    place.make()
    if not there or "alembic" in there[0]:
        schema.upgrade(create_engine(place.url, poolclass=NullPool))
    place.change(*there)
    before = place.logins()
    with pytest.raises(Refused, match=says):
        moving.move(alone.database.url, place.url, tell=quiet, finish=lambda: None)
    assert place.databases() == {place.url.database}
    assert place.logins() == before


def test_somebody_elses_login_is_not_taken_over(alone: Office, place: Place) -> None:
    with place.cluster._engine.connect() as connection:
        connection.execute(text(f"CREATE ROLE {alone.as_('rina').login} LOGIN"))
    with pytest.raises(Refused, match=alone.as_("rina").login):
        moving.move(alone.database.url, place.url, tell=quiet, finish=lambda: None)
    assert place.databases() == set()


@pytest.mark.parametrize(("version", "says"), [("0003", "lebih lama"), ("9999", "Pasang versi Meja PST yang terbaru")])
def test_an_office_of_another_version_stays_where_it_is(office: Office, place: Place, version: str, says: str) -> None:
    with office.owner() as connection:
        connection.exec_driver_sql("UPDATE desk.alembic_version SET version_num = %s", (version,))
    office._owner.dispose()
    with pytest.raises(Refused, match=says):
        moving.move(office.database.url, place.url, tell=quiet, finish=lambda: None)
    assert place.databases() == set()


def test_only_the_owner_of_a_server_brings_an_office_there(place: Place, server15: Cluster) -> None:
    name = f"orang_{secrets.token_hex(4)}"
    with server15._engine.connect() as connection:
        connection.execute(text(f"CREATE ROLE {name} LOGIN PASSWORD 'kata-sandi'"))
    assert moving.why_not_target(place.url) is None
    reason = moving.why_not_target(place.url.set(username=name, password="kata-sandi"))
    assert reason == "Pemindahan memerlukan akun pemilik server (superuser), misalnya postgres."


# interrupted


@pytest.mark.parametrize("moment", ["Menyalin tabel 9", "Membuat akun"])
def test_a_move_that_fails_leaves_both_sides_as_they_were(alone: Office, place: Place, moment: str) -> None:
    before, logins = content(alone.database.url), place.logins()

    def tell(sentence: str) -> None:
        if sentence.startswith(moment):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        moving.move(alone.database.url, place.url, tell=tell, finish=lambda: None)
    assert place.databases() == set()
    assert place.logins() == logins
    assert content(alone.database.url) == before


KILLED = """
import os, sys
from sqlalchemy import make_url
from desk.adapters import moving
source, target, moment = sys.argv[1:]
def tell(sentence):
    if sentence.startswith(moment):
        os._exit(9)
moving.move(make_url(source), make_url(target), tell=tell, finish=lambda: os._exit(9))
"""


@pytest.mark.parametrize("moment", ["Membuat akun", "the end"])
def test_a_killed_move_is_repeated(alone: Office, place: Place, moment: str) -> None:
    before = content(alone.database.url)
    urls = [url.render_as_string(hide_password=False) for url in (alone.database.url, place.url)]
    killed = subprocess.run([sys.executable, "-c", KILLED, *urls, moment], check=False, timeout=60)
    assert killed.returncode == 9
    assert content(alone.database.url) == before
    finished: list[bool] = []
    moved = moving.move(alone.database.url, place.url, tell=quiet, finish=lambda: finished.append(True))
    assert finished == [True]
    assert moved.already_there is (moment == "the end")
    assert place.databases() == {place.url.database}
    assert content(place.url) == before


def test_an_office_that_worked_on_at_the_new_place_is_not_called_the_same(alone: Office, place: Place) -> None:
    place.make()
    schema.upgrade(create_engine(place.url, poolclass=NullPool))
    chain = alone.rows("SELECT id FROM audit.chain")[0]["id"]
    _close_windows(alone)
    place.change(f"UPDATE audit.chain SET id = '{chain}'")
    with pytest.raises(Refused, match="isi yang berbeda"):
        moving.move(alone.database.url, place.url, tell=quiet, finish=lambda: None)


# moved; last, for the people have their logins at the new place from here on


@pytest.fixture(scope="module")
def moved(moving_office: Office, server15: Cluster) -> Iterator[Place]:
    """Where the office is now; the old place still stands as it was."""
    _close_windows(moving_office)
    with _place(server15) as made:
        source, finished = moving_office.database.url, []
        done = moving.move(source, made.url, tell=quiet, finish=lambda: finished.append(True))
        assert (finished, done.already_there, done.people) == ([True], False, len(moving_office.people()))
        assert content(source) == content(made.url) == done.content.content
        yield made


def test_everybody_comes_in_with_the_same_name_password_and_duties(alone: Office, moved: Place) -> None:
    rina = alone.as_("rina")
    engine = engine_for(there(moved, rina))
    with reading(engine) as session:
        assert came_in(session).actor.duties == rina.actor.duties
        entry = session.execute(text("SELECT id FROM desk.document WHERE paper = 'invoice' LIMIT 1")).scalar_one()
        assert documents.content(session, PALEMBANG, entry).startswith(b"%PDF-1.7 invoice")
    engine.dispose()
    with pytest.raises(Unavailable, match="sudah ditutup"):
        came_in_as(there(moved, alone.as_("sri")))
    gita = alone.as_("gita").login
    assert groups(alone.database.url, gita) == groups(moved.url, gita)
    assert len(groups(moved.url, gita)) == 3


def came_in_as(url: URL) -> None:
    engine = engine_for(url)
    try:
        with reading(engine) as session:
            came_in(session)
    finally:
        engine.dispose()


def groups(url: URL, login: str) -> list[tuple[str, int, object]]:
    asked = (
        "SELECT g.rolname, r.rolconnlimit, r.rolconfig FROM pg_roles r JOIN pg_auth_members m ON m.member = r.oid "
        "JOIN pg_roles g ON g.oid = m.roleid WHERE r.rolname = :login ORDER BY 1"
    )
    with owner(url) as connection:
        return [tuple(row) for row in connection.execute(text(asked), {"login": login})]


def test_numbers_go_on_where_they_were_and_the_log_still_proves_everything(alone: Office, moved: Place) -> None:
    last = alone.rows("SELECT max(sequence) AS n FROM desk.cases WHERE office_id = 1600")[0]["n"]
    signed = alone.rows("SELECT count(*) AS n FROM audit.head")[0]["n"]
    assert signed >= 2
    engine = engine_for(there(moved, alone.as_("rina")))
    case = replace(alone.as_("rina"), engine=engine).register(PALEMBANG)
    engine.dispose()
    with owner(moved.url) as connection, Session(connection) as session:
        number = session.execute(text("SELECT sequence FROM desk.cases WHERE id = :id"), {"id": case.id}).scalar_one()
        assert number == last + 1
        session.execute(text("SELECT audit.seal()"))
        assert session.execute(text("SELECT count(*) FROM audit.head")).scalar_one() == signed
        assert list(examine(session, deeds.derived, action_rules(), files=True)) == []


# the command


def test_an_office_begins_on_one_computer_and_moves_with_one_command(place: Place, tmp_path: Path) -> None:
    home = tmp_path / "rumah administrator"
    home.mkdir()
    desk = Command(home)
    admin = f"tono_{secrets.token_hex(4)}"
    who = ("--office", "1600", "--admin", admin, "--admin-name", "Tono Rekaan")
    begun = desk("server", "init", "--here", *who, typed="kata sandi yang panjang\n", seconds=120)
    assert (begun.code, begun.said) == (0, "")
    assert "disimpan di komputer ini" in begun.out
    status = desk("server", "status", "--json", seconds=120).json
    assert (status["offices"], status["people"]) == (["1600"], 1)
    assert not [trouble for trouble in status["troubles"] if "ssl" in trouble or "watchdog" in trouble]
    own = OwnServer(next(home.rglob(own_server.FOLDER)))
    with own.running() as url:
        door = door_of(url._replace(username=None, password=None), make_url("postgresql:///meja_pst"))
        assert (door.server, door.login) == ("komputer ini / meja_pst", "")
        inside = door.enter(admin, "kata sandi yang panjang")
        inside.link.close()
        assert inside.actor.name == "Tono Rekaan"

    address = place.url.render_as_string(hide_password=False)
    keys = tmp_path / "kunci"
    words = ("server", "move-in", "--tls-host", "pst.kantor.lan", "--tls-folder", keys)
    told = desk(*words, seconds=120, DESK_DATABASE_URL=address)
    assert told.code == 0, told.said
    assert "sidik isi kedua sisi sama" in told.out
    assert "pg_hba.conf" in told.out
    (written,) = home.rglob("settings.toml")
    texts = (
        told.out,
        told.said,
        desk.log(),
        *(file.read_text("utf-8") for file in (written, *own.folder.glob("*.json"))),
    )
    assert not [each for each in texts if str(place.url.password) in each]
    assert f":{place.url.port}/{place.url.database}" in written.read_text("utf-8")
    came_in_as(place.url.set(username=admin, password="kata sandi yang panjang"))
    assert own.moved_to == place.url._replace(password=None)
    with pytest.raises(Refused, match="sudah dipindahkan"), own.running():
        pass
    again = desk(*words, seconds=120, DESK_DATABASE_URL=address)
    assert (again.code, "sudah dipindahkan" in again.said) == (1, True)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("move-in",), "--database"),
        (("move-in", "--from", "kosong", "--database", "postgresql://postgres@localhost:1/x"), "tidak ada data kantor"),
        (("move-in", "--tls-host", "pst.kantor.lan"), "--tls-folder"),
        (("init", "--here", "--admin", "tono", "--admin-name", "T", "--database", "postgresql://x@y/z"), "--here"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_once(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    told = Command(tmp_path)("server", *words)
    assert (told.code, says in told.said) == (1, True)
    assert told.said.strip().endswith(".")
