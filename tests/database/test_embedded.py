"""The private PostgreSQL of an office without a server."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import psutil
import psycopg
import pytest
from sqlalchemy import NullPool, create_engine, text

from desk.adapters import embedded, roles
from desk.adapters.database import engine_for, transaction
from desk.adapters.embedded import SUPERUSER, EmbeddedServer
from desk.errors import Unavailable
from tests.components import postgresql_15

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import URL

    from tests.conftest import Cluster


def _connect(url: URL, **other: object) -> psycopg.Connection[tuple[object, ...]]:
    parameters = url.translate_connect_args(username="user", database="dbname") | {"connect_timeout": 4} | other
    return psycopg.connect(autocommit=True, **parameters)


def _ask(server: EmbeddedServer, question: str) -> object:
    with closing(_connect(server.url())) as connection:
        row = connection.execute(question).fetchone()
        assert row is not None
        return row[0]


def _runs(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def _server_process(server: EmbeddedServer) -> psutil.Process:
    return psutil.Process(int((server.data_folder / "postmaster.pid").read_text("ascii", "replace").split()[0]))


def _kill(server: EmbeddedServer) -> None:
    process = _server_process(server)
    process.kill()
    psutil.wait_procs([process], timeout=10)


@pytest.mark.parametrize("password", ["", "salah"])
@pytest.mark.parametrize("role", [SUPERUSER, "ani"])
def test_nobody_connects_without_the_right_password(private_folder: Path, role: str, password: str) -> None:
    with EmbeddedServer(private_folder, durable=False) as server:
        with create_engine(server.url(), poolclass=NullPool).begin() as connection:
            roles.create_groups(connection)
            roles.create_login(connection, "ani", "rahasia ani", [roles.OFFICER])
        with pytest.raises(psycopg.OperationalError, match="password"):
            _connect(server.url(role, password="x"), password=password)
        with closing(_connect(server.url("ani", password="rahasia ani"))) as connection_of_ani:
            assert connection_of_ani.execute("SELECT session_user").fetchone() == ("ani",)
        # every line of the access rules asks for a password
        rules = _ask(server, "SELECT array_agg(DISTINCT auth_method) FROM pg_hba_file_rules")
        assert rules == ["scram-sha-256"]


def test_the_password_is_in_one_closed_file_and_nowhere_else(private_folder: Path) -> None:
    server = EmbeddedServer(private_folder, durable=False)
    with server:
        password = server.url().password
        assert isinstance(password, str)
        assert len(password) >= 32
        assert password not in repr(server) + str(server.url()) + repr(server.url())
    secret = private_folder / "superuser-password"
    assert secret.read_text("ascii").strip() == password
    if sys.platform != "win32":
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
        assert stat.S_IMODE(private_folder.stat().st_mode) == (0o700 if os.geteuid() else 0o711)
    holders = [path for path in private_folder.rglob("*") if path.is_file() and password.encode() in path.read_bytes()]
    assert holders == [secret]


def test_a_lost_password_file_gives_a_sentence(private_folder: Path) -> None:
    with EmbeddedServer(private_folder, durable=False) as server:
        (private_folder / "superuser-password").unlink()
        with pytest.raises(Unavailable, match=r"tidak terbaca\. Kembalikan berkasnya"):
            server.url()


def test_the_office_data_reaches_the_disk_and_a_trial_does_not_wait_for_it(private_folder: Path) -> None:
    with EmbeddedServer(private_folder, settings={"commit_delay": "3000"}) as server:
        assert [_ask(server, f"SHOW {name}") for name in ("fsync", "full_page_writes", "commit_delay")] == [
            "on",
            "on",
            "3000",
        ]
    with EmbeddedServer(private_folder, durable=False) as server:
        assert [_ask(server, f"SHOW {name}") for name in ("fsync", "commit_delay")] == ["off", "0"]


def test_text_sorts_the_same_everywhere(private_folder: Path) -> None:
    with EmbeddedServer(private_folder, durable=False) as server:
        assert _ask(server, "SHOW server_encoding") == "UTF8"
        sorted_names = "SELECT string_agg(n, ' ' ORDER BY n) FROM unnest('{a,B,é,Z,b}'::text[]) AS n"
        assert _ask(server, sorted_names) == "B Z a b é"
        assert _ask(server, "SELECT upper('é')") == "É"


def test_data_is_there_after_stopping_and_starting(private_folder: Path) -> None:
    with EmbeddedServer(private_folder) as server, closing(_connect(server.url())) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 17 AS number")
    assert not (private_folder / "cluster" / "postmaster.pid").exists()
    with EmbeddedServer(private_folder) as server:
        assert _ask(server, "SELECT number FROM kept") == 17


def test_a_server_killed_in_a_transaction_gives_a_sentence_and_recovers(private_folder: Path) -> None:
    with EmbeddedServer(private_folder) as server:
        engine = engine_for(server.url())
        with transaction(engine) as session:
            session.execute(text("CREATE SCHEMA desk"))
            session.execute(text("CREATE TABLE paper (number int)"))
            session.execute(text("INSERT INTO paper VALUES (1)"))

        def interrupted() -> None:
            with transaction(engine) as session:
                session.execute(text("INSERT INTO paper VALUES (2)"))
                _kill(server)
                session.execute(text("INSERT INTO paper VALUES (3)"))

        with pytest.raises(Unavailable, match=r"tidak terhubung, perubahan belum disimpan\."):
            interrupted()
        engine.dispose()
        with EmbeddedServer(private_folder) as again:
            assert _ask(again, "SELECT array_agg(number) FROM desk.paper") == [1]


@pytest.mark.parametrize("owner", ["this program", "nobody", "power cut"])
def test_a_stale_number_file_does_not_stop_the_start(private_folder: Path, owner: str) -> None:
    with EmbeddedServer(private_folder, durable=False) as server:
        lines = (server.data_folder / "postmaster.pid").read_bytes().splitlines()
        _kill(server)
    number = {"this program": os.getpid(), "nobody": 2_000_000_000, "power cut": 0}[owner]
    pid_file = server.data_folder / "postmaster.pid"
    pid_file.write_bytes(b"" if owner == "power cut" else b"\n".join([str(number).encode(), *lines[1:], b""]))
    with EmbeddedServer(private_folder, durable=False) as server:
        assert _ask(server, "SELECT 1") == 1


def test_a_first_start_that_was_cut_short_is_repeated(private_folder: Path) -> None:
    unfinished = private_folder / "cluster-unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    with EmbeddedServer(private_folder, durable=False) as server:
        assert _ask(server, "SELECT 1") == 1
    assert not unfinished.exists()


def test_a_port_taken_at_the_last_moment_is_left_to_its_taker(
    private_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taker:
        taken = taker.getsockname()[1]
        free = embedded._free_port
        offers = iter([taken])
        monkeypatch.setattr(embedded, "_free_port", lambda: next(offers, None) or free())
        with EmbeddedServer(private_folder, durable=False) as server:
            assert server.url().port != taken
            assert _ask(server, "SELECT 1") == 1


_OTHER_PROGRAM = """
import sys
from pathlib import Path
from desk.adapters.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]), durable=False)
server.start()
print(server.url().port, flush=True)
sys.stdin.readline()
server.stop()
"""


def _other_program(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _OTHER_PROGRAM, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def _port(program: subprocess.Popen[str]) -> int:
    assert program.stdout is not None
    return int(program.stdout.readline())


def test_two_programs_share_a_folder_and_the_last_one_out_stops_the_server(private_folder: Path) -> None:
    with _other_program(private_folder) as first, _other_program(private_folder) as second:
        assert _port(first) == _port(second)
        server = EmbeddedServer(private_folder, durable=False)
        server.start()
        process = _server_process(server)
        server.stop()
        first.communicate("\n", timeout=60)
        assert _runs(process)
        second.communicate("\n", timeout=60)
        assert not _runs(process)


def test_a_crashed_program_does_not_keep_the_server_alive_for_ever(private_folder: Path) -> None:
    with _other_program(private_folder) as crashed:
        port = _port(crashed)
        crashed.kill()
        crashed.wait(10)
        server = EmbeddedServer(private_folder, durable=False)
        server.start()  # joins the server the crashed program left behind
        assert server.url().port == port
        process = _server_process(server)
        server.stop()
        assert not _runs(process)


@pytest.mark.skipif(os.name != "posix", reason="a made-up program needs a POSIX shell")
def test_a_too_old_postgresql_is_refused_with_a_sentence(private_folder: Path) -> None:
    old = private_folder.parent / "old"
    old.mkdir()
    for program in ("postgres", "initdb", "pg_ctl"):
        (old / program).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.9'\n")
        (old / program).chmod(0o755)
    with pytest.raises(Unavailable, match=r"PostgreSQL 14 terlalu lama untuk Meja PST\. Pasang PostgreSQL 15"):
        EmbeddedServer(private_folder, bin_folder=old).start()


def test_missing_programs_are_named(private_folder: Path) -> None:
    with pytest.raises(Unavailable, match=r"Program PostgreSQL “postgres” tidak ada"):
        EmbeddedServer(private_folder, bin_folder=private_folder.parent).start()


@pytest.mark.component("postgresql-15")
def test_the_oldest_supported_postgresql_works(server15: Cluster) -> None:
    database = server15.new_database()
    engine = engine_for(database.url)
    with transaction(engine) as session:
        version = session.execute(text("SELECT current_setting('server_version_num')::int")).scalar_one()
        names = session.execute(text("SELECT string_agg(n, ' ' ORDER BY n) FROM unnest('{a,B,é,Z}'::text[]) AS n"))
        assert version // 10_000 == 15
        assert names.scalar_one() == "B Z a é"
    engine.dispose()
    server15.drop(database)


@pytest.mark.component("postgresql-15")
def test_data_of_another_version_is_refused_with_a_sentence(private_folder: Path) -> None:
    with EmbeddedServer(private_folder, bin_folder=postgresql_15(), durable=False):
        pass
    with pytest.raises(Unavailable, match=r"dibuat dengan versi PostgreSQL lain"):
        EmbeddedServer(private_folder, durable=False).start()
