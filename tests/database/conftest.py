"""A database with two plain tables, so that these tests stand apart from the office's own tables."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Cluster, Database

_TABLES = """
CREATE SCHEMA desk;
CREATE TABLE desk.deed (request_id uuid CONSTRAINT deed_request_id_once UNIQUE, note text NOT NULL);
CREATE TABLE desk.counter (id int PRIMARY KEY, value int NOT NULL DEFAULT 0);
CREATE TABLE desk.office_clock (office_id int PRIMARY KEY, version bigint NOT NULL);
CREATE TABLE desk.change (office_id bigint, version bigint, case_id uuid, at timestamptz DEFAULT now(),
    PRIMARY KEY (office_id, version));
INSERT INTO desk.counter (id) VALUES (1), (2);
INSERT INTO desk.office_clock VALUES (1600, 0), (1571, 0);
"""


@pytest.fixture
def bare(cluster: Cluster) -> Iterator[Database]:
    """A database that only has the tables of these tests."""
    database = cluster.new_database()
    with database.engine().begin() as connection:
        connection.exec_driver_sql(_TABLES)
    yield database
    cluster.drop(database)


@pytest.fixture
def private_folder() -> Iterator[Path]:
    """A folder for a server of one test, with a space and letters outside ASCII in its name."""
    folder = Path(tempfile.mkdtemp(prefix=f"desk-test-{os.getpid()}-"))
    yield folder / "Meja PST é"
    shutil.rmtree(folder, ignore_errors=True)
