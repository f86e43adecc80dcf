"""A backup holds everything of one moment, opens with its passphrase only, and notices every change."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from desk.adapters import backup, fingerprint
from desk.commands.backup import _examined
from desk.errors import Refused, Unavailable
from tests.backup.conftest import NIGHT, PASSPHRASE, files, silent

if TYPE_CHECKING:
    from desk.adapters.backup import Made
    from tests.office import Office


def tried(file: Path, passphrase: str = PASSPHRASE) -> backup.Trial:
    return backup.try_restore(file, passphrase, examine=_examined, tell=silent)


def test_a_backup_of_a_working_office_comes_back_as_it_was(made: Made) -> None:
    trial = tried(made.file)
    assert trial.faults == ()
    assert trial.about == made.about
    assert made.about.fingerprint.rows > 100
    assert made.about.fingerprint.counts["policies"] > 50


def test_its_name_tells_the_offices_and_the_moment_and_nothing_else_is_left(made: Made) -> None:
    assert files(made.file.parent) == ["meja-pst-1500-1571-1600-9400-20261123-163000.mejapst"] or files(
        made.file.parent
    ) == ["meja-pst-4-kantor-20261123-163000.mejapst"]


def test_nothing_in_the_file_can_be_read_without_the_passphrase(made: Made) -> None:
    content = made.file.read_bytes()
    for word in (b"PGDMP", b"SCRAM-SHA-256", b"Umpama", b"CREATE ROLE", b"fingerprint", PASSPHRASE.encode()):
        assert word not in content
    with pytest.raises(Refused, match=r"Frasa sandi tidak cocok .*\.$"):
        tried(made.file, PASSPHRASE + " ")


def test_older_backups_stay_and_the_newest_is_found(worked_in: Office, made: Made, tmp_path: Path) -> None:
    shutil.copy2(made.file, tmp_path)
    second = backup.make(
        worked_in.database.url, tmp_path, PASSPHRASE, now=NIGHT + timedelta(days=1), tell=silent
    )  # fmt: skip
    assert len(files(tmp_path)) == 2
    assert backup.newest(tmp_path) == second.file


@pytest.mark.parametrize("place", [5, 11, 30, 60, 2000, -40, -1])
def test_a_changed_byte_is_noticed_wherever_it_is(made: Made, tmp_path: Path, place: int) -> None:
    content = bytearray(made.file.read_bytes())
    content[place] ^= 1
    damaged = tmp_path / made.file.name
    damaged.write_bytes(content)
    with pytest.raises(Refused, match=r"\.$"):
        tried(damaged)


@pytest.mark.parametrize("left", [0, 10, 100, 5000, -1])
def test_a_cut_file_is_refused(made: Made, tmp_path: Path, left: int) -> None:
    cut = tmp_path / made.file.name
    cut.write_bytes(made.file.read_bytes()[:left])
    with pytest.raises(Refused, match=r"\.$"):
        tried(cut)


def test_a_copy_that_differs_from_what_was_counted_turns_red_and_names_the_table(
    worked_in: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forged(connection: object) -> fingerprint.Fingerprint:
        true = take(connection)  # type: ignore[arg-type]
        rows, _ = true.tables["desk.receipt"]
        changed = {**true.tables, "desk.receipt": (rows, "0" * 64), "desk.letter": (7, true.tables["desk.letter"][1])}
        return replace(true, tables=changed, counts={**true.counts, "indexes": true.counts["indexes"] + 1})

    take = fingerprint.take
    monkeypatch.setattr(fingerprint, "take", forged)
    made = backup.make(worked_in.database.url, tmp_path, PASSPHRASE, now=NIGHT, tell=silent)
    monkeypatch.undo()
    faults = " ".join(tried(made.file).faults)
    for word in ("desk.receipt", "desk.letter", "seharusnya 7", "Jumlah indeks"):
        assert word in faults


def test_the_content_hash_sees_one_changed_letter_and_does_not_see_the_order_of_rows(worked_in: Office) -> None:
    with worked_in.owner() as connection:
        before = fingerprint.take(connection)
        connection.execute(text("UPDATE desk.customer SET phone = phone"))  # the rows move, their version counts up
        assert [*fingerprint.differences(before, fingerprint.take(connection))] != []
        connection.rollback()
    with worked_in.owner() as connection:
        connection.execute(text("UPDATE desk.office SET name = name"))
        after = fingerprint.take(connection)
        assert after.tables["desk.office"] == before.tables["desk.office"]
        connection.execute(text("UPDATE desk.office SET name = name || '.' WHERE id = 1571"))
        assert fingerprint.take(connection).tables["desk.office"] != before.tables["desk.office"]
        connection.rollback()


def test_a_person_cannot_make_a_backup(worked_in: Office, tmp_path: Path) -> None:
    rina = worked_in.as_("rina")
    url = worked_in.database.url.set(username=rina.login, password=rina.password)
    with pytest.raises(Refused, match=r"superuser.*\.$"):
        backup.make(url, tmp_path, PASSPHRASE, now=NIGHT, tell=silent)
    assert files(tmp_path) == []


def test_a_failing_copy_leaves_nothing_and_its_sentence_holds_no_password(
    worked_in: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> str:
        return "00000000-00000000-1"

    monkeypatch.setattr(backup, "_name_of_snapshot", failing)
    with pytest.raises(Unavailable, match=r"pg_dump.*\.$") as failed:
        backup.make(worked_in.database.url, tmp_path, PASSPHRASE, now=NIGHT, tell=silent)
    assert files(tmp_path) == []
    assert str(worked_in.database.url.password) not in f"{failed.value}{failed.value.__cause__}"


def test_what_a_killed_backup_left_is_cleared_away_and_a_running_one_is_not(tmp_path: Path) -> None:
    import os

    dead, alive, other = (tmp_path / name for name in (
        "meja-pst-1600-1.mejapst.999999999.belum-selesai", f"a.mejapst.{os.getpid()}.belum-selesai", "catatan.txt",
    ))  # fmt: skip
    for file in (dead, alive, other):
        file.touch()
    backup.clear_unfinished(tmp_path)
    assert files(tmp_path) == sorted([alive.name, other.name])
