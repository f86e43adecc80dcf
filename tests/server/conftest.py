"""Servers that were never prepared: of the version that comes along, and of the oldest that is supported."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.commands.desk_command import Command, Result
from tests.conftest import Cluster, Database, Login

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass
class EmptyServer:
    """A server without the office's database, the `desk` command on it, and who is to be its administrator."""

    cluster: Cluster
    database: Database
    desk: Command
    admin: Login

    def run(self, *words: str | Path, typed: str = "", password: bool = True) -> Result:
        """Runs `desk …` with the address of the superuser."""
        address = self.database.url.render_as_string(hide_password=not password)
        return self.desk(*words, typed=typed, seconds=120, DESK_DATABASE_URL=address)

    def init(self, *words: str | Path) -> Result:
        """`desk server init` for Palembang."""
        who = ("--admin", self.admin.name, "--admin-name", "Tono Rekaan")
        return self.run("server", "init", "--office", "1600", *who, *words, typed=f"{self.admin.password}\n")


_OLDEST = pytest.param("15", marks=pytest.mark.component("postgresql-15"))
on_the_oldest = pytest.mark.parametrize("empty_server", [_OLDEST], indirect=True)
"""For what the program itself says and writes, whatever the version of the server."""


@pytest.fixture(params=["18", _OLDEST])
def empty_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EmptyServer]:
    """One such server for each version."""
    cluster: Cluster = request.getfixturevalue("cluster" if request.param == "18" else "server15")
    name = f"desk_test_{os.getpid()}_{secrets.token_hex(4)}"
    admin = Login(f"tono_{secrets.token_hex(4)}", "kata sandi yang panjang")
    database = Database(cluster.url.set(database=name))
    database._logins.append(admin)
    home = tmp_path / "rumah administrator"
    home.mkdir()
    yield EmptyServer(cluster, database, Command(home), admin)
    cluster.drop(database)
