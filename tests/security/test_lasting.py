"""Who switches waiting for disk and standby off in the own session waits all the same with what he writes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors

from desk import installation
from desk.rules.people import Duty
from tests.conftest import Cluster, Database, Login

OFFICE = 1600
WRITE = (
    "INSERT INTO desk.customer (office_id, id, name, customer_class, email) "
    "VALUES (%s, %s, 'Sari Contohwati', 'person', 'sari@example.org')"
)
WAITS = "SELECT wait_event = 'SyncRep' FROM pg_stat_activity WHERE pid = %s"
GENEROUS = 30.0
"""Seconds until something that must happen is given up."""


@pytest.fixture(scope="module", params=["18", pytest.param("15", marks=pytest.mark.component("postgresql-15"))])
def prepared(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An office on the newest and on the oldest server."""
    cluster: Cluster = request.getfixturevalue("cluster" if request.param == "18" else "server15")
    database = cluster.new_database()
    installation.prepare(database.engine())
    with database.engine().begin() as connection:
        installation.add_office(connection, next(o for o in installation.shipped_offices() if o["code"] == str(OFFICE)))
    yield database
    cluster.drop(database)


@pytest.fixture(scope="module")
def rina(prepared: Database) -> Login:
    """An officer with a login."""
    login = prepared.login("rina", "desk_officer")
    person = installation.NewPerson(login.name, "Rina Umpama", "", "", {OFFICE: [Duty.OFFICER]}, login.password)
    with prepared.engine().begin() as connection:
        installation.add_person(connection, person)
    return login


def psql(database: Database, login: Login | None = None, **how: str) -> psycopg.Connection[tuple[object, ...]]:
    url = database.url_for(login).set(drivername="postgresql")
    return psycopg.connect(url.render_as_string(hide_password=False), **how)  # type: ignore[arg-type]


@contextmanager
def a_standby_that_is_away(database: Database) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Every commit that asks for safety waits here for a standby that never answers."""
    over = threading.Event()

    def set_to(name: str) -> None:
        owner.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'".encode())
        owner.execute("SELECT pg_reload_conf()")

    def commit_until_over() -> None:
        while not over.is_set():
            probe.execute("SELECT pg_current_xact_id()")

    with psql(database) as owner, psql(database) as probe:
        owner.autocommit = probe.autocommit = True
        probe.execute("SET synchronous_commit = on")
        probing = threading.Thread(target=commit_until_over)
        set_to("ANY 1 (nobody)")
        probing.start()
        try:
            until(lambda: owner.execute(WAITS, [probe.info.backend_pid]).fetchone() == (True,))
            yield owner
        finally:
            over.set()
            set_to("")  # lets go of who waits
            probing.join(GENEROUS)


def until(holds: object) -> None:
    end = time.monotonic() + GENEROUS
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.02)


def test_what_a_person_writes_waits_for_the_standby_whatever_he_has_set(prepared: Database, rina: Login) -> None:
    with (
        psql(prepared, rina, options="-c synchronous_commit=local") as by_login,
        psql(prepared, rina) as by_session,
        psql(prepared, rina) as before_commit,
    ):
        people = (by_login, by_session, before_commit)
        commits = [threading.Thread(target=person.commit) for person in people]
        with a_standby_that_is_away(prepared) as owner:
            by_session.execute("SET synchronous_commit = off")
            for person in people:
                person.execute(WRITE, [OFFICE, uuid4()])
            before_commit.execute("SET LOCAL synchronous_commit = remote_write")
            for commit in commits:
                commit.start()
            for person in people:
                until(lambda pid=person.info.backend_pid: owner.execute(WAITS, [pid]).fetchone() == (True,))
        for commit in commits:
            commit.join(GENEROUS)
            assert not commit.is_alive()


@pytest.mark.parametrize(
    "early",
    ["SET CONSTRAINTS ALL IMMEDIATE", "set/**/\nConstraints all immediate; SET synchronous_commit = off; COMMIT"],
)
def test_nobody_lets_the_last_check_run_before_his_last_word(prepared: Database, rina: Login, early: str) -> None:
    with psql(prepared, rina) as person:
        person.execute(WRITE, [OFFICE, uuid4()])
        with pytest.raises(errors.InsufficientPrivilege, match="Urutan pemeriksaan basis data tidak dapat diubah"):
            person.execute(early.encode())
        person.rollback()
        person.execute(early.partition(";")[0].encode())  # before anything is written
        with pytest.raises(errors.InsufficientPrivilege, match="Urutan pemeriksaan basis data tidak dapat diubah"):
            person.execute(WRITE, [OFFICE, uuid4()])


@pytest.mark.parametrize(
    "attempt",
    [
        "SET CONSTRAINTS audit.lasting IMMEDIATE",
        "DECLARE c CURSOR WITH HOLD FOR SELECT set_config('synchronous_commit', 'off', true)",
        "DECLARE c CURSOR WITH HOLD FOR UPDATE pg_settings SET setting = 'off' WHERE name = 'synchronous_commit'",
        "UPDATE pg_settings SET setting = 'off' WHERE name = 'synchronous_commit'",
        "DO $$ BEGIN EXECUTE 'SET CONSTR' || 'AINTS ALL IMMEDIATE'; END $$",
        "SELECT query_to_xml('SET CONSTR' || 'AINTS ALL IMMEDIATE', true, false, '')",
    ],
)
def test_nothing_that_runs_at_commit_switches_it_off(prepared: Database, rina: Login, attempt: str) -> None:
    with psql(prepared, rina) as person, pytest.raises(psycopg.Error):
        person.execute(attempt.encode())
