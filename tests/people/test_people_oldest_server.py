"""The same deeds on the oldest PostgreSQL: its CREATEROLE reaches every role, without ADMIN OPTION."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import text

from desk import installation
from desk.adapters import roles, schema
from desk.adapters.database import engine_for, transaction
from desk.rules.people import Duty
from desk.services import people

if TYPE_CHECKING:
    from tests.conftest import Cluster

OFFICE = 1571


@pytest.mark.component("postgresql-15")
def test_an_administrator_decides_about_people_on_the_oldest_supported_postgresql(server15: Cluster) -> None:
    database = server15.new_database()
    schema.upgrade(database.engine())
    with database.engine().begin() as owner:
        owner.execute(text("INSERT INTO desk.office (id, code, name) VALUES (1571, '1571', 'BPS Kota Jambi')"))
        for login, duty in (("tono", Duty.ADMINISTRATOR), ("lina", Duty.OFFICER)):
            installation.add_person(
                owner,
                installation.NewPerson(login, login.title(), "", "", {OFFICE: (duty,)}, password=f"sandi-{login}"),
            )
        today: date = owner.execute(text("SELECT desk.today(1571)")).scalar_one()
    engine = engine_for(database.url.set(username="tono", password="sandi-tono"))

    def groups(login: str) -> set[str]:
        held = (
            "SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid "
            "JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = :login"
        )
        with database.engine().connect() as connection:
            return set(connection.execute(text(held), {"login": login}).scalars())

    with transaction(engine) as session:
        password = people.add_person(session, OFFICE, login="nina", name="Nina Contoh", nip="", position="")
        people.set_duty(session, OFFICE, login="nina", duty=Duty.OFFICER, starts_on=today, ends_on=None)
        people.let_go(session, OFFICE, login="lina")  # made by the installation, not by the administrator
    assert groups("nina") == {roles.PERSON, roles.OFFICER}
    assert groups("lina") == set()
    url = database.url.set(drivername="postgresql", username="nina", password=password)
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as nina:
        with transaction(engine) as session:
            people.let_go(session, OFFICE, login="nina")
        with pytest.raises(psycopg.OperationalError):
            nina.execute("SELECT 1")
    with transaction(engine) as session:
        people.take_back(session, OFFICE, login="nina")
        people.give_password(session, OFFICE, login="nina")
    assert groups("nina") == {roles.PERSON}
    engine.dispose()
    server15.drop(database)
    with server15._engine.connect() as connection:
        for login in ("tono", "lina", "nina"):
            connection.execute(text(f"DROP ROLE {login}"))
