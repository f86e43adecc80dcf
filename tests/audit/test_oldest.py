"""The log works the same on the oldest PostgreSQL that the program supports."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from desk import installation
from desk.services import audit
from tests.conftest import Cluster


@pytest.mark.component("postgresql-15")
def test_the_log_is_written_sealed_and_verified_on_the_oldest_supported_postgresql(server15: Cluster) -> None:
    database = server15.new_database()
    engine = database.engine()
    installation.prepare(engine)
    with Session(engine) as session, session.begin():
        assert audit.seal(session) > 100
    with Session(engine) as session, session.begin():
        session.execute(text("UPDATE desk.installation SET training = true"))
    with Session(engine) as session, session.begin():
        assert audit.seal(session) == 1
    with Session(engine) as session:
        assert list(audit.verify(session)) == []
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("""UPDATE audit.log SET new = '{"training": false}' WHERE block = 2"""))
    with Session(engine) as session:
        (finding,) = audit.verify(session)
    assert "Isi catatan dalam blok audit 2 nasional diubah" in finding.sentence
    server15.drop(database)
