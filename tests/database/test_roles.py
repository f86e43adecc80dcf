"""The logins of people: passwords unread by the server, duties changed, access ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from desk.adapters import roles
from desk.adapters.database import engine_for, reading
from desk.errors import Unavailable

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.conftest import Database


def _duties(engine: Engine, name: str) -> set[str]:
    with engine.connect() as connection:
        held = text(
            "SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
            " JOIN pg_roles p ON p.oid = m.member WHERE p.rolname = :name"
        )
        return set(connection.execute(held, {"name": name}).scalars())


def test_the_server_never_reads_a_password(database: Database) -> None:
    ani = database.login('O\'Neil "ani" é', roles.OFFICER)
    with database.engine().connect() as connection:
        stored = connection.execute(
            text("SELECT rolpassword FROM pg_authid WHERE rolname = :name"), {"name": ani.name}
        ).scalar_one()
    assert stored.startswith("SCRAM-SHA-256$")
    engine = engine_for(database.url_for(ani))
    with reading(engine) as session:
        assert session.execute(text("SELECT session_user")).scalar_one() == ani.name
    engine.dispose()


def test_duties_are_exactly_those_given(database: Database) -> None:
    budi = database.login("budi", roles.OFFICER)
    engine = database.engine()
    assert _duties(engine, budi.name) == {roles.PERSON, roles.OFFICER}
    with engine.begin() as connection:
        roles.set_duties(connection, budi.name, {roles.TREASURER, roles.AUDITOR})
    assert _duties(engine, budi.name) == {roles.PERSON, roles.TREASURER, roles.AUDITOR}


def test_a_person_changes_the_own_password(database: Database) -> None:
    citra = database.login("citra")
    engine = engine_for(database.url_for(citra))
    with engine.begin() as connection:
        roles.set_password(connection, citra.name, "kata sandi baru")
    engine.dispose()
    with pytest.raises(Unavailable, match="kata sandi basis data ditolak"), reading(engine) as session:
        session.execute(text("SELECT 1"))
    engine.dispose()
    again = engine_for(database.url_for(citra).set(password="kata sandi baru"))
    with reading(again) as session:
        assert session.execute(text("SELECT 1")).scalar_one() == 1
    again.dispose()


def test_a_closed_login_is_cut_off_at_once(database: Database) -> None:
    dewi = database.login("dewi", roles.OFFICER)
    engine = engine_for(database.url_for(dewi))
    with reading(engine) as session:
        session.execute(text("SELECT 1"))
    with database.engine().begin() as owner:
        roles.close_login(owner, dewi.name)
    with pytest.raises(Unavailable, match="Akun Anda sudah ditutup"), reading(engine) as session:
        session.execute(text("SELECT 1"))
    engine.dispose()
