"""People who had a login before administrators could decide about people: the update takes them over."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import text

from desk.adapters import roles, schema
from desk.adapters.database import engine_for, transaction
from desk.rules.people import Duty
from desk.services import people

if TYPE_CHECKING:
    from tests.conftest import Cluster


def test_who_was_here_before_can_be_let_go_like_everybody(cluster: Cluster) -> None:
    database = cluster.new_database()
    engine = database.engine()
    schema.upgrade(engine, "0003")
    tail = secrets.token_hex(3)
    old, administrator = f"lina_{tail}", f"tono_{tail}"
    with engine.begin() as owner:
        owner.execute(text("INSERT INTO desk.office (id, code, name) VALUES (1571, '1571', 'BPS Kota Jambi')"))
        for login, duty in ((old, "officer"), (administrator, "administrator")):
            verifier = roles.verifier(owner, login, "sandi-lama-sekali")
            owner.exec_driver_sql(f"CREATE ROLE {login} LOGIN PASSWORD '{verifier}' IN ROLE desk_person, desk_{duty}")
            owner.execute(text("INSERT INTO desk.person (login, name) VALUES (:login, 'Nama')"), {"login": login})
            owner.execute(
                text("INSERT INTO desk.duty (office_id, login, duty) VALUES (1571, :login, :duty)"),
                {"login": login, "duty": duty},
            )
    schema.upgrade(engine)
    tono = engine_for(database.url.set(username=administrator, password="sandi-lama-sekali"))
    with transaction(tono) as session:
        (entry,) = (each for each in people.people(session, [1571]) if each.login == old)
        assert [held.duty for held in entry.duties] == [Duty.OFFICER]
        people.let_go(session, 1571, login=old)
    tono.dispose()
    with engine.connect() as connection:
        held = "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = :login"
        assert connection.execute(text(held), {"login": old}).scalar_one() == 0
        can_log_in = "SELECT rolcanlogin FROM pg_roles WHERE rolname = :login"
        assert connection.execute(text(can_log_in), {"login": old}).scalar_one() is False
    cluster.drop(database)
    with cluster._engine.connect() as connection:
        for login in (old, administrator):
            connection.execute(text(f"DROP ROLE {login}"))
