"""B9: what another office has cannot be read, changed, found, or guessed; not even a refusal tells that it is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors, sql
from psycopg.types.json import Jsonb

from desk.adapters.database import reading
from desk.services.search import search
from tests.office import JAMBI, PALEMBANG, Office, Ref
from tests.security.test_refusals import full  # noqa: F401 - the fixture: a row in nearly every table
from tests.security.test_rights import BORN_WITH

Row = dict[str, Any]
NEIGHBOURS = ("doni", "lina", "yuni")
"""Officer, supervisor and treasurer of Kota Jambi; the rows are of Palembang."""


@pytest.fixture(scope="module")
def rows(busy_office: Office, full: Mapping[str, Ref]) -> dict[str, Row]:  # noqa: F811
    """One row of Palembang from every table that has one."""
    named = busy_office.rows(
        "SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
        "WHERE a.attname = 'office_id' AND c.relnamespace = 'desk'::regnamespace AND c.relkind = 'r' ORDER BY 1"
    )
    found = {}
    for table in named:
        asked = f"SELECT * FROM desk.{table['name']} WHERE office_id = {PALEMBANG} LIMIT 1"
        if kept := busy_office.rows(asked):
            generated = busy_office.rows(
                "SELECT attname AS name FROM pg_attribute "
                "WHERE attrelid = CAST(:t AS regclass) AND (attgenerated <> '' OR attidentity = 'a')",
                t=f"desk.{table['name']}",
            )
            names = set(kept[0]) - {column["name"] for column in generated}
            found[table["name"]] = {name: kept[0][name] for name in kept[0] if name in names}
    assert len(found) > 30
    return found


def attempt(connection: psycopg.Connection[Any], table: str, row: Row) -> str | None:
    """The SQLSTATE of an INSERT, or None when it is taken; undone in any case."""
    given = {name: row[name] for name in row if table != "cases" or name in BORN_WITH}
    names = sql.SQL(", ").join(map(sql.Identifier, given))
    statement = sql.SQL("INSERT INTO desk.{} ({}) VALUES ({})").format(
        sql.Identifier(table), names, sql.SQL(", ").join(sql.Placeholder() * len(given))
    )
    values = [Jsonb(value) if isinstance(value, dict | list) and _is_json(table, name) else value
              for name, value in given.items()]  # fmt: skip
    try:
        connection.execute(statement, values)
        connection.execute("SET CONSTRAINTS desk.sum, desk.parts IMMEDIATE")
    except psycopg.Error as error:
        return error.sqlstate
    finally:
        connection.rollback()
    return None


JSON: set[tuple[str, str]] = set()


def _is_json(table: str, name: str) -> bool:
    return (table, name) in JSON


@pytest.fixture(scope="module", autouse=True)
def json_columns(busy_office: Office) -> None:
    found = busy_office.rows(
        "SELECT table_name AS t, column_name AS c FROM information_schema.columns "
        "WHERE table_schema = 'desk' AND data_type = 'jsonb'"
    )
    JSON.update((row["t"], row["c"]) for row in found)


def test_a_row_of_another_office_is_neither_seen_nor_changed_nor_removed(
    busy_office: Office, rows: dict[str, Row]
) -> None:
    for name in NEIGHBOURS:
        with busy_office.as_(name).psql() as neighbour:
            for table in rows:
                for verb in (
                    "SELECT FROM desk.{} WHERE office_id = %s",
                    "UPDATE desk.{} SET office_id = office_id WHERE office_id = %s",
                    "DELETE FROM desk.{} WHERE office_id = %s",
                ):
                    try:
                        touched = neighbour.execute(sql.SQL(verb).format(sql.Identifier(table)), [PALEMBANG]).rowcount
                    except errors.InsufficientPrivilege:
                        touched = 0
                    assert touched == 0 or table in ("duty", "people_event"), (name, table, verb)
                    neighbour.rollback()


def with_invented_ids(row: Row) -> Row:
    """The same row with ids that nobody has."""
    invented: dict[UUID, UUID] = {}
    return {
        column: invented.setdefault(value, uuid4()) if isinstance(value, UUID) else value
        for column, value in row.items()
    }


def test_a_guessed_row_of_another_office_is_refused_as_an_invented_one_is(
    busy_office: Office, rows: dict[str, Row]
) -> None:
    """The same row again: never 23505, which would say that it exists."""
    for name in NEIGHBOURS:
        with busy_office.as_(name).psql() as neighbour:
            for table, row in rows.items():
                guessed = attempt(neighbour, table, row)
                # Rights and policies, or a guard that sees nothing of it and says so.
                assert guessed in ("42501", "23514", "23503"), (name, table)
                assert guessed == attempt(neighbour, table, with_invented_ids(row)), (name, table)


def test_a_foreign_key_value_in_the_own_office_answers_as_an_invented_one_does(
    busy_office: Office, rows: dict[str, Row]
) -> None:
    """The ids of Palembang's rows, tried in Jambi, tell no more than ids that nobody has."""
    tried = 0
    for name in NEIGHBOURS:
        with busy_office.as_(name).psql() as neighbour:
            for table, row in rows.items():
                here = row | {"office_id": JAMBI}
                guessed = attempt(neighbour, table, here)
                assert guessed != "23505", (name, table)
                assert guessed == attempt(neighbour, table, with_invented_ids(here)), (name, table)
                tried += guessed != "42501"
    assert tried > 10, "rights alone refuse most; the rest met the constraints"


@pytest.mark.parametrize(
    "call",
    [
        "SELECT * FROM desk.document_bytes({office}, '{document}', 'ingin tahu')",
        "SELECT desk.announce({office}, '{case}')",
        "SELECT desk.record_deed({office}, '{case}', '{key}', 'add_message', 'x', '', '{{}}', '{{}}', '{{}}')",
    ],
)
def test_a_function_answers_about_another_offices_row_as_about_none(
    busy_office: Office, rows: dict[str, Row], call: str
) -> None:
    said = []
    for document, case in ((rows["document"]["id"], rows["cases"]["id"]), (uuid4(), uuid4())):
        with busy_office.as_("doni").psql() as doni, pytest.raises(errors.InsufficientPrivilege) as refused:
            doni.execute(call.format(office=PALEMBANG, document=document, case=case, key=uuid4()).encode())
        said.append(refused.value.diag.message_primary)
    assert said[0] == said[1]


def test_the_settings_of_another_office_are_not_read_through_the_rule_function(
    busy_office: Office, rows: dict[str, Row]
) -> None:
    with busy_office.as_("doni").psql() as doni:
        asked = doni.execute("SELECT desk.rule_value(%s, 'number.invoice', current_date) AS v", [PALEMBANG]).fetchone()
        assert asked == {"v": None}


def test_searching_finds_nothing_of_another_office(busy_office: Office, rows: dict[str, Row]) -> None:
    case, invoice, receipt = rows["cases"], rows["invoice"], rows["receipt"]
    words = [case["number"], case["customer_name"], invoice["number"], invoice["payment_code"], receipt["number"]]
    for word in words:
        with reading(busy_office.as_("rina").engine) as session:
            assert search(session, [PALEMBANG], word, limit=5), word
        for asked in ([PALEMBANG], [PALEMBANG, JAMBI]):
            with reading(busy_office.as_("doni").engine) as session:
                assert not [hit for hit in search(session, asked, word, limit=50) if hit.office_id == PALEMBANG], word


@pytest.mark.parametrize(
    "attempted",
    [
        "SET ROLE desk_owner",
        "SET ROLE desk_definer",
        "SET ROLE desk_backup",
        "SET ROLE desk_auditor",
        "SET SESSION AUTHORIZATION postgres",
        "SET session_replication_role = replica",
        "ALTER TABLE desk.cases DISABLE ROW LEVEL SECURITY",
        "CREATE POLICY mine ON desk.cases USING (true)",
        "CREATE FUNCTION desk.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DO $$ BEGIN PERFORM desk.next_number(1600, 'receipt', 2026); END $$",
        "GRANT desk_treasurer TO CURRENT_USER",
    ],
)
def test_nobody_becomes_somebody_else(busy_office: Office, rows: dict[str, Row], attempted: str) -> None:
    """Decision 1: the person is the login itself, and no setting changes who that is."""
    with busy_office.as_("doni").psql() as doni, pytest.raises(errors.InsufficientPrivilege):
        doni.execute(attempted.encode())


def test_switching_row_security_off_is_refused_and_not_obeyed(busy_office: Office, rows: dict[str, Row]) -> None:
    with busy_office.as_("doni").psql() as doni:
        doni.execute("SET row_security = off")
        with pytest.raises(errors.InsufficientPrivilege):
            doni.execute("SELECT count(*) FROM desk.cases")


def test_no_setting_of_a_session_shows_another_office(busy_office: Office, rows: dict[str, Row]) -> None:
    with busy_office.as_("doni").psql() as doni:
        for name in ("app.office_id", "desk.office_id", 'app."user"', "search_path"):
            doni.execute(f"SET {name} = '1600'".encode())
            seen = doni.execute("SELECT count(*) AS n FROM desk.cases WHERE office_id = %s", [PALEMBANG]).fetchone()
            assert seen == {"n": 0}
