"""`desk backup`, `desk restore-test` and `desk restore` as the administrator and the nightly task run them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from sqlalchemy import text

from desk.adapters import default_rights, fingerprint
from tests.backup.conftest import PASSPHRASE, files
from tests.commands.desk_command import Command, Result
from tests.conftest import Database

if TYPE_CHECKING:
    from tests.conftest import Cluster
    from tests.office import Office


@pytest.fixture
def desk(tmp_path: Path) -> Command:
    home = tmp_path / "rumah administrator"
    home.mkdir()
    return Command(home)


def address(office: Office, database: str | None = None) -> str:
    return office.database.url.set(database=database or office.database.url.database).render_as_string(
        hide_password=False
    )


def run(desk: Command, office: Office, *words: str | Path, typed: str = PASSPHRASE) -> Result:
    return desk(*words, typed=f"{typed}\n", seconds=120, DESK_DATABASE_URL=address(office))


def test_a_backup_is_made_proven_and_brought_back_and_every_window_can_know(
    desk: Command, worked_in: Office, cluster: Cluster, tmp_path: Path
) -> None:
    folder = tmp_path / "diska luar"
    made = run(desk, worked_in, "backup", "--to", folder)
    assert made.code == 0, made.said
    assert "Menyalin basis data" in made.said
    (name,) = files(folder)
    assert name in made.out
    proven = run(desk, worked_in, "restore-test", folder)
    assert proven.code == 0, proven.out + proven.said
    assert "terbukti pulih" in proven.out
    with worked_in.as_("rina").psql() as rina:
        entries = rina.execute("SELECT kind, file, faults, size FROM desk.backup_entry ORDER BY at, kind").fetchall()
    assert [(entry["kind"], entry["file"], entry["faults"]) for entry in entries] == [
        ("backup", name, []), ("restore_test", name, []),
    ]  # fmt: skip
    assert entries[0]["size"] == (folder / name).stat().st_size

    other = Database(worked_in.database.url.set(database=f"{worked_in.database.url.database}_pulih"))
    try:
        back = desk(
            "restore", folder, typed=f"{PASSPHRASE}\n", seconds=120,
            DESK_DATABASE_URL=address(worked_in, other.url.database),
        )  # fmt: skip
        assert back.code == 0, back.said
        with other.engine().begin() as connection, worked_in.owner() as original:
            found, before = fingerprint.take(connection), fingerprint.take(original)
            assert default_rights.still_open(connection) == []
        changed = {table for table in before.tables if before.tables[table] != found.tables[table]}
        assert changed <= {"desk.backup_entry", "audit.log", "audit.block"}  # what the two commands wrote since
        assert found.counts == before.counts
        again = desk("restore", folder, typed=f"{PASSPHRASE}\n", DESK_DATABASE_URL=address(worked_in))
        assert again.code == 1
        assert "sudah ada di server" in again.said
    finally:
        cluster.drop(other)


def test_a_passphrase_is_read_from_a_file_and_a_short_one_refused(
    desk: Command, worked_in: Office, tmp_path: Path
) -> None:
    secret = tmp_path / "frasa sandi.txt"
    secret.write_text("pendek\n", "utf-8")
    refused = run(desk, worked_in, "backup", "--to", tmp_path / "c", "--passphrase-file", secret)
    assert refused.code == 1
    assert "terlalu pendek" in refused.said
    gone = run(desk, worked_in, "backup", "--to", tmp_path / "c", "--passphrase-file", tmp_path / "tidak ada")
    assert gone.code == 3
    assert run(desk, worked_in, "restore-test", tmp_path).code == 1  # no backup there
    assert not (tmp_path / "c").exists()


def test_programs_older_than_the_server_are_refused(desk: Command, worked_in: Office, tmp_path: Path) -> None:
    from tests.components import postgresql_15

    old = postgresql_15()
    if old is None:
        pytest.skip("component postgresql-15 is missing")
    result = run(desk, worked_in, "backup", "--to", tmp_path / "c", "--programs", old)
    assert result.code == 3
    assert "lebih lama daripada server" in result.said
    assert files(tmp_path / "c") == []


def test_no_secret_reaches_the_outputs_or_the_log(desk: Command, worked_in: Office, tmp_path: Path) -> None:
    written = [
        run(desk, worked_in, "backup", "--to", tmp_path / "c"),
        run(desk, worked_in, "restore-test", tmp_path / "c", typed="frasa sandi yang keliru"),
        run(desk, worked_in, "backup", "--to", tmp_path / "c", "--programs", tmp_path),
    ]
    assert [each.code for each in written] == [0, 1, 3]
    told = "".join(each.out + each.said for each in written) + "".join(
        file.read_text("utf-8") for file in desk.home.rglob("*.log")
    )
    for secret in (PASSPHRASE, "frasa sandi yang keliru", str(worked_in.database.url.password)):
        assert secret not in told


@pytest.mark.skipif(sys.platform == "win32", reason="the standing-in pg_dump is a shell script")
def test_a_killed_backup_leaves_no_file_under_a_backups_name(desk: Command, worked_in: Office, tmp_path: Path) -> None:
    from desk.adapters.binaries import bundled_binaries

    programs, folder, started = tmp_path / "programs", tmp_path / "c", tmp_path / "started"
    programs.mkdir()
    for name in ("postgres", "pg_dumpall"):
        (programs / name).symlink_to(bundled_binaries() / name)
    if sys.platform != "win32":
        os.mkfifo(started)
    (programs / "pg_dump").write_text(f"#!/bin/sh\necho half of it\necho > '{started}'\nexec sleep 600\n")
    (programs / "pg_dump").chmod(0o755)
    words = ["backup", "--to", str(folder), "--programs", str(programs)]
    with subprocess.Popen(
        [sys.executable, "-m", "desk", *words], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=desk.home,
        env=desk._environment() | {"DESK_DATABASE_URL": address(worked_in)},
    ) as process:  # fmt: skip
        assert process.stdin is not None
        process.stdin.write(f"{PASSPHRASE}\n".encode())
        process.stdin.close()
        started.read_bytes()  # waits until the copy has begun
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
    for child in children:
        child.kill()
    assert [file.suffix for file in folder.iterdir()] == [".belum-selesai"]
    with worked_in.owner() as connection:
        connection.execute(text("SELECT 1"))
    assert run(desk, worked_in, "backup", "--to", folder).code == 0
    assert [file.suffix for file in folder.iterdir()] == [".mejapst"]
