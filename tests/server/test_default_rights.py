"""What PostgreSQL opens to every login by default is closed in a prepared database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import errors

from desk import installation
from desk.adapters import default_rights
from desk.adapters.default_rights import TIME_LIMITS
from desk.rules.people import Duty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Cluster, Database, Login


@pytest.fixture(scope="module")
def prepared(cluster: Cluster) -> Iterator[Database]:
    database = cluster.new_database()
    installation.prepare(database.engine())
    yield database
    cluster.drop(database)


@pytest.fixture(scope="module")
def rina(prepared: Database) -> Login:
    login = prepared.login("rina", "desk_officer")
    with prepared.engine().begin() as connection:
        installation.add_office(connection, installation.shipped_offices()[0])
        office = int(installation.shipped_offices()[0]["code"])
        person = installation.NewPerson(login.name, "Rina Umpama", "", "", {office: [Duty.OFFICER]}, login.password)
        installation.add_person(connection, person)
    return login


def psql(database: Database, login: Login) -> psycopg.Connection[tuple[object, ...]]:
    url = database.url_for(login).set(drivername="postgresql")
    return psycopg.connect(url.render_as_string(hide_password=False))


@pytest.mark.parametrize(
    "attempt",
    [
        "CREATE TEMP TABLE person (login text)",
        "CREATE FUNCTION pg_temp.spy(text) RETURNS bool COST 0.001 LANGUAGE plpgsql AS 'BEGIN RETURN true; END'",
        "CREATE TABLE public.own (a int)",
        "CREATE SCHEMA own",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_try_advisory_xact_lock(1, 2)",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT lo_get(1)",
        "SELECT pg_notify('desk_office_1600', 'x')",
        "SELECT set_config('synchronous_commit', 'off', true)",
        "UPDATE pg_settings SET setting = 'off' WHERE name = 'synchronous_commit'",
        "DO $$ BEGIN EXECUTE 'SET CONSTR' || 'AINTS ALL IMMEDIATE'; END $$",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('PG_VERSION')",
    ],
)
def test_a_persons_login_may_not_do_what_every_login_may_by_default(
    prepared: Database, rina: Login, attempt: str
) -> None:
    with psql(prepared, rina) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(attempt)


def test_whoever_waits_or_idles_too_long_is_ended_also_outside_the_program(prepared: Database, rina: Login) -> None:
    with psql(prepared, rina) as connection:
        for name, value in TIME_LIMITS.items():
            assert connection.execute("SELECT current_setting(%s)", [name]).fetchone() == (value,)


def test_nothing_is_left_open_and_preparing_again_changes_nothing(prepared: Database) -> None:
    for _ in range(2):
        with prepared.engine().begin() as connection:
            assert default_rights.still_open(connection) == []
        installation.prepare(prepared.engine())


def test_what_is_open_is_named(prepared: Database) -> None:
    with prepared.engine().connect() as connection:
        connection.exec_driver_sql("GRANT EXECUTE ON FUNCTION lo_unlink(oid) TO PUBLIC")
        connection.exec_driver_sql("GRANT CREATE ON SCHEMA public TO PUBLIC")
        assert default_rights.still_open(connection) == ["create schema public", "lo_unlink(oid)"]
        connection.rollback()
