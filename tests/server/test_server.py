"""`desk server` makes an empty PostgreSQL into an office's server; its first administrator can come in."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import text

from desk import installation
from desk.adapters import default_rights, schema, watchdog
from desk.adapters.database import engine_for, reading
from desk.rules.people import Duty
from desk.services.coming_in import came_in
from tests.server.conftest import EmptyServer, on_the_oldest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cluster, Login

HASH = re.compile(r"SCRAM-SHA-256\$\d+:")


def test_the_first_administrator_comes_in_through_the_programs_own_engine(empty_server: EmptyServer) -> None:
    done = empty_server.init("--network", "192.168.10.0/24")
    assert (done.code, done.said) == (0, "")
    assert "BPS Provinsi Sumatera Selatan" in done.out
    assert re.search(r'hostssl +"desk_test_\w+" +\+desk_person +192\.168\.10\.0/24 +scram-sha-256', done.out)
    assert "reject" in done.out
    engine = engine_for(empty_server.database.url_for(empty_server.admin))
    with reading(engine) as session:
        person = came_in(session)
    engine.dispose()
    assert person.actor.name == "Tono Rekaan"
    assert person.actor.duties_in(1600) == {Duty.ADMINISTRATOR}
    with empty_server.database.engine().connect() as connection:
        assert default_rights.still_open(connection) == []
        assert connection.execute(text("SELECT count(*) FROM desk.action_rule")).scalar_one() > 20
        assert connection.execute(text("SELECT count(*) FROM desk.rule WHERE office_id = 0")).scalar_one() > 5
        verifier = connection.execute(
            text("SELECT rolpassword FROM pg_authid WHERE rolname = :name"), {"name": empty_server.admin.name}
        ).scalar_one()
    assert HASH.match(verifier)


@on_the_oldest
def test_a_second_init_refuses_and_changes_nothing(empty_server: EmptyServer) -> None:
    assert empty_server.init().code == 0
    again = empty_server.init()
    assert again.code == 1
    assert "desk server upgrade" in again.said


@on_the_oldest
def test_no_password_reaches_the_outputs_or_the_log(empty_server: EmptyServer) -> None:
    runs = [empty_server.init(), empty_server.init(), empty_server.run("server", "status")]
    secret_words = (empty_server.admin.password, str(empty_server.cluster.url.password))
    for written in (*(run.out + run.said for run in runs), *map(_read, empty_server.desk.home.rglob("*.log"))):
        assert not [word for word in secret_words if word in written]


def _read(file: Path) -> str:
    return file.read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "typed", "says"),
    [
        (("--office", "9999"), "x" * 20, "9999"),
        (("--admin", "Tono Rekaan"), "x" * 20, "Nama pengguna"),
        (("--admin", "desk_owner"), "x" * 20, "Nama pengguna"),
        ((), "pendek", "terlalu pendek"),
        ((), "", "terlalu pendek"),
        (("--tls-host", "db kantor", "--tls-folder", "x"), "x" * 20, "db kantor"),
        (("--tls-host", "db.kantor.lan"), "x" * 20, "--tls-folder"),
        (("--database", "postgresql://postgres:rahasia@server/meja_pst"), "x" * 20, "Kata sandi tidak boleh"),
        (("--database", "mysql://server/meja_pst"), "x" * 20, "tidak lengkap"),
        (("--database", "://"), "x" * 20, "tidak terbaca"),
    ],
)
def test_what_cannot_be_right_is_refused_before_the_server_is_touched(
    cluster: Cluster, tmp_path: Path, words: tuple[str, ...], typed: str, says: str
) -> None:
    from tests.commands.desk_command import Command

    name = f"desk_test_{secrets.token_hex(4)}"
    address = cluster.url.set(database=name).render_as_string(hide_password=False)
    result = Command(tmp_path)(
        "server", "init", "--admin", "tono", "--admin-name", "Tono", *words, typed=typed, DESK_DATABASE_URL=address
    )
    assert result.code == 1
    assert says in result.said
    assert "rahasia" not in result.said
    assert result.said.strip().endswith(".")
    with cluster._engine.connect() as connection:
        assert connection.execute(text("SELECT FROM pg_database WHERE datname = :n"), {"n": name}).all() == []


@on_the_oldest
def test_a_login_that_is_taken_is_not_made_an_administrator(empty_server: EmptyServer) -> None:
    with empty_server.cluster._engine.connect() as connection:
        connection.execute(text(f"CREATE ROLE {empty_server.admin.name} LOGIN"))
    refused = empty_server.init()
    assert refused.code == 1
    assert "sudah ada di server" in refused.said


# upgrade


def test_an_older_database_is_brought_up_to_date_with_its_action_table_and_rights(empty_server: EmptyServer) -> None:
    schema.create_database(empty_server.cluster.url, str(empty_server.database.url.database))
    engine = empty_server.database.engine()
    schema.upgrade(engine, "0002")
    told = empty_server.run("server", "upgrade")
    assert (told.code, told.said) == (0, "")
    assert "dari 0002" in told.out
    with engine.begin() as connection:
        assert schema.why_not_usable(connection) is None
        assert default_rights.still_open(connection) == []
        assert connection.execute(text("SELECT count(*) FROM desk.action_rule")).scalar_one() > 20
        connection.execute(text("UPDATE desk.alembic_version SET version_num = '9999'"))
    newer = empty_server.run("server", "upgrade")
    assert newer.code == 1
    assert "Pasang versi Meja PST yang terbaru" in newer.said


@on_the_oldest
def test_an_empty_database_is_not_upgraded(empty_server: EmptyServer) -> None:
    schema.create_database(empty_server.cluster.url, str(empty_server.database.url.database))
    told = empty_server.run("server", "upgrade")
    assert told.code == 1
    assert "desk server init" in told.said


@on_the_oldest
def test_an_upgrade_gives_up_politely_when_somebody_holds_the_tables(empty_server: EmptyServer) -> None:
    schema.create_database(empty_server.cluster.url, str(empty_server.database.url.database))
    schema.upgrade(empty_server.database.engine(), "0002")
    with empty_server.database.engine().begin() as busy:
        busy.execute(text("LOCK TABLE desk.cases IN ROW EXCLUSIVE MODE"))
        told = empty_server.run("server", "upgrade")
    assert told.code == 3
    assert "sedang dipakai" in told.said
    with empty_server.database.engine().connect() as connection:
        assert schema.current(connection) == "0002"


# status


@on_the_oldest
def test_the_status_names_what_is_missing_and_what_to_do(empty_server: EmptyServer) -> None:
    assert empty_server.init().code == 0
    told = empty_server.run("server", "status", "--json")
    assert told.code == 1
    state = told.json
    assert state["revision"] == schema.head()
    assert (state["offices"], state["people"], state["watchdog"], state["backup_at"]) == (["1600"], 1, False, None)
    for word in ("desk backup", "desk restore-test", "desk server certificate", "desk server watchdog"):
        assert word in told.said
    assert "Masih terbuka" not in told.said
    plain = empty_server.run("server", "status")
    assert "Pegawai aktif" in plain.out


def test_a_fresh_server_is_backed_up_and_proven_whatever_its_version(empty_server: EmptyServer, tmp_path: Path) -> None:
    assert empty_server.init().code == 0
    folder, phrase = tmp_path / "cadangan", "tujuh kucing makan durian"
    made = empty_server.run("backup", "--to", folder, typed=phrase)
    assert made.code == 0, made.said
    proven = empty_server.run("restore-test", folder, typed=phrase)
    assert proven.code == 0, proven.out + proven.said + empty_server.desk.log()
    told = empty_server.run("server", "status")
    assert "desk backup" not in told.said
    assert "desk restore-test" not in told.said


@on_the_oldest
def test_init_writes_certificates_and_schedules_where_it_is_told(empty_server: EmptyServer, tmp_path: Path) -> None:
    tls, tasks = tmp_path / "kunci kantor", tmp_path / "jadwal"
    done = empty_server.init("--tls-host", "pst.kantor.lan", "--tls-folder", tls, "--schedule", tasks)
    assert done.code == 0, done.said
    assert (tls / "server.crt").exists()
    assert (tasks / "meja-pst-backup.timer").exists()
    for word in (str(tls), str(tasks), "@pst.kantor.lan:", "ssl = on"):
        assert word in done.out


# the watchdog


@pytest.fixture
def two_people(empty_server: EmptyServer) -> tuple[Login, Login]:
    assert empty_server.init().code == 0
    rina, fajar = (empty_server.database.login(name, "desk_officer") for name in ("rina", "fajar"))
    with empty_server.database.engine().begin() as connection:
        for login in (rina, fajar):
            person = installation.NewPerson(login.name, "Contoh", "", "", {1600: [Duty.OFFICER]}, login.password)
            installation.add_person(connection, person)
        connection.execute(
            text(
                "INSERT INTO desk.customer (office_id, id, name, customer_class) "
                "SELECT 1600, gen_random_uuid(), 'A', 'person'"
            )
        )
    return rina, fajar


def test_who_switched_the_limits_off_and_blocks_others_is_ended(
    empty_server: EmptyServer, two_people: tuple[Login, Login]
) -> None:
    def psql(login: Login | None) -> psycopg.Connection[tuple[object, ...]]:
        url = empty_server.database.url_for(login).set(drivername="postgresql")
        return psycopg.connect(url.render_as_string(hide_password=False))

    change = "UPDATE desk.customer SET phone = '1'"
    with psql(two_people[0]) as blocking, psql(two_people[1]) as waiting, psql(None) as guard:
        guard.autocommit = True
        blocking.execute("SET idle_in_transaction_session_timeout = 0")
        blocking.execute(change)
        waiting.execute("SET lock_timeout = 0")
        assert watchdog.end_blockers(guard, 0.0) == []  # type: ignore[arg-type]  # nobody waits yet
        waiting.pgconn.send_query(change.encode())
        while not guard.execute("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchall():
            pass
        assert watchdog.end_blockers(guard, 60.0) == []  # type: ignore[arg-type]  # nor for long
        ended = watchdog.end_blockers(guard, 0.0)  # type: ignore[arg-type]
        assert [each.login for each in ended] == [two_people[0].name]
        answer = waiting.pgconn.get_result()
        assert answer is not None
        assert answer.command_tuples == 1  # the colleague's change went through
        assert waiting.pgconn.get_result() is None
        with pytest.raises(psycopg.OperationalError):
            blocking.execute("SELECT 1")
