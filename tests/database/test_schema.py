"""The steps of the database's schema, run without an ini file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from desk.adapters import roles, schema
from desk.resources import migrations
from tests.conftest import Database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Cluster

_STEP = """
from alembic import op
revision = "{revision}"
down_revision = {before!r}
branch_labels = depends_on = None
def upgrade(): op.execute("{up}")
def downgrade(): op.execute("{down}")
"""


@pytest.fixture
def empty(cluster: Cluster) -> Iterator[Database]:
    database = cluster.new_database()
    yield database
    cluster.drop(database)


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    """Two steps of a made-up schema, in a folder whose name would confuse an ini file."""
    folder = tmp_path / "100% baru"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text((migrations() / "env.py").read_text("utf-8"), "utf-8")
    _step(folder, "0001", None, "CREATE TABLE a (b int)", "DROP TABLE a")
    _step(folder, "0002", "0001", "ALTER TABLE a ADD c int", "ALTER TABLE a DROP c")
    return folder


def _step(folder: Path, revision: str, before: str | None, up: str, down: str) -> None:
    text_of_step = _STEP.format(revision=revision, before=before, up=up, down=down)
    (folder / "versions" / f"{revision}.py").write_text(text_of_step, "utf-8")


def _tables(database: Database) -> list[str]:
    return sorted(inspect(database.engine()).get_table_names(schema="desk"))


def test_a_database_is_made_once(cluster: Cluster, empty: Database) -> None:
    name = f"{empty.url.database} Meja"
    address = schema.create_database(cluster.url, name)
    assert schema.create_database(cluster.url, name) == address
    made = Database(address)
    with made.engine().connect() as connection:
        assert connection.execute(text("SELECT current_database()")).scalar_one() == name
    cluster.drop(made)


def test_steps_run_up_and_down_in_the_schema_of_the_program(empty: Database, steps: Path) -> None:
    engine = empty.engine()
    schema.upgrade(engine, scripts=steps)
    assert _tables(empty) == ["a", "alembic_version"]
    assert [column["name"] for column in inspect(engine).get_columns("a", schema="desk")] == ["b", "c"]
    with engine.connect() as connection:
        assert schema.current(connection) == schema.head(scripts=steps) == "0002"
    schema.downgrade(engine, "0001", scripts=steps)
    with engine.connect() as connection:
        assert schema.current(connection) == "0001"
    schema.downgrade(engine, scripts=steps)
    assert _tables(empty) == ["alembic_version"]


def test_a_step_that_fails_takes_the_steps_before_it_back(empty: Database, steps: Path) -> None:
    _step(steps, "0003", "0002", "SELECT 1/0", "SELECT 1")
    with pytest.raises(DBAPIError, match="division by zero"):
        schema.upgrade(empty.engine(), scripts=steps)
    assert _tables(empty) == []


def test_a_workstation_says_who_must_update_what(empty: Database, steps: Path) -> None:
    engine = empty.engine()

    def why_not() -> str | None:
        with engine.connect() as connection:
            return schema.why_not_usable(connection, scripts=steps)

    assert "belum disiapkan" in (why_not() or "")
    schema.upgrade(engine, "0001", scripts=steps)
    assert "Basis data lebih lama daripada program ini" in (why_not() or "")
    schema.upgrade(engine, scripts=steps)
    assert why_not() is None
    with engine.begin() as connection:
        connection.execute(text("UPDATE desk.alembic_version SET version_num = '0009'"))
    assert "Program ini lebih lama daripada basis data" in (why_not() or "")


def test_every_group_of_people_exists_and_none_can_log_in(migrated: str, cluster: Cluster, empty: Database) -> None:
    with empty.engine().connect() as connection:
        found = connection.execute(
            text("SELECT rolname, rolcanlogin OR rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = ANY(:groups)"),
            {"groups": list(roles.GROUPS)},
        )
        assert {(name, power) for name, power in found} == {(group, False) for group in roles.GROUPS}


def test_the_office_schema_goes_up_down_and_up_again(empty: Database) -> None:
    engine = empty.engine()
    schema.upgrade(engine)
    schema.downgrade(engine)
    assert _tables(empty) == ["alembic_version"]
    schema.upgrade(engine)
    with engine.connect() as connection:
        assert schema.why_not_usable(connection) is None


@pytest.mark.component("postgresql-15")
def test_the_office_schema_goes_up_on_the_oldest_supported_postgresql(server15: Cluster) -> None:
    database = server15.new_database()
    schema.upgrade(database.engine())
    with database.engine().connect() as connection:
        assert schema.why_not_usable(connection) is None
    server15.drop(database)
