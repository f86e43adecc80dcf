"""The page of rights says what the database grants, and what nobody has written a reason for is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desk import rights
from desk.adapters import schema

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.conftest import Cluster


def test_the_page_says_what_the_migrations_grant(session: Session) -> None:
    assert rights.page(session.connection()) == rights.PAGE.read_text("utf-8"), "run: uv run poe rights"


@pytest.mark.component("postgresql-15")
def test_the_oldest_supported_postgresql_grants_the_same(server15: Cluster) -> None:
    database = server15.new_database()
    schema.upgrade(database.engine())
    with database.engine().connect() as connection:
        assert rights.page(connection) == rights.PAGE.read_text("utf-8")
    server15.drop(database)


@pytest.mark.parametrize(
    ("planted", "named"),
    [
        ("CREATE TABLE desk.note (office_id bigint, id uuid, PRIMARY KEY (office_id, id))", "policy.*desk.note"),
        ("ALTER TABLE desk.receipt NO FORCE ROW LEVEL SECURITY", "policy.*desk.receipt"),
        ("ALTER TABLE audit.log DISABLE ROW LEVEL SECURITY", "policy.*audit.log"),
        ("CREATE UNIQUE INDEX ON desk.customer (id_number)", "office_id.*desk.customer"),
        ("ALTER TABLE desk.message ADD FOREIGN KEY (case_id, office_id) REFERENCES desk.cases (id, office_id)", "desk"),
        ("GRANT SELECT ON desk.payment TO PUBLIC", "everybody.*desk.payment"),
        ("GRANT TRUNCATE ON desk.case_line TO desk_officer", "TRUNCATE on desk.case_line"),
        ("GRANT SELECT ON desk.payment TO pg_read_all_settings", "role.*pg_read_all_settings"),
        ("CREATE VIEW desk.money AS SELECT * FROM desk.payment", "kind.*desk.money"),
        ("CREATE MATERIALIZED VIEW desk.money AS SELECT * FROM desk.payment", "kind.*desk.money"),
        ("CREATE SCHEMA other", "schema.*other"),
        ("CREATE FUNCTION desk.f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "pinned path.*desk.f"),
        (
            "CREATE FUNCTION desk.f() RETURNS int LANGUAGE sql SET search_path = pg_catalog, pg_temp AS 'SELECT 1'",
            "open to everybody.*desk.f",
        ),
        ("ALTER FUNCTION desk.record_deed RESET search_path", "pinned path.*desk.record_deed"),
        ("ALTER FUNCTION audit.office_of SECURITY DEFINER", "more rights than its caller.*audit.office_of"),
    ],
)
def test_what_nobody_has_written_a_reason_for_is_an_error(session: Session, planted: str, named: str) -> None:
    if "REFERENCES desk.cases (id, office_id)" in planted:
        session.connection().exec_driver_sql("ALTER TABLE desk.cases ADD UNIQUE (id, office_id)")
    session.connection().exec_driver_sql(planted)
    with pytest.raises(rights.Unexplained, match=named):
        rights.page(session.connection())
