"""`desk audit …`: the treasurer signs at the end of the day, the auditor verifies, and both need nobody else's help."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from desk.adapters.seals import read_heads
from tests.audit import attacks
from tests.commands.desk_command import Command, Result
from tests.office import Office, Person

PASSPHRASE = "kata sandi kunci"


@pytest.fixture
def desk(tmp_path: Path) -> Command:
    """The `desk` command with a home folder of its own."""
    return Command(tmp_path)


def run(desk: Command, person: Person, *words: str | Path, typed: str = "") -> Result:
    url = person.office.database_url(person.login, person.password)
    return desk("audit", *words, typed=typed, DESK_DATABASE_URL=url)


def test_the_day_is_signed_and_the_next_auditor_sees_that_its_end_was_cut(
    desk: Command, office: Office, tmp_path: Path
) -> None:
    office.case_at()
    budi, wati = office.as_("budi"), office.as_("wati")
    key, heads = tmp_path / "kunci budi.pem", tmp_path / "kepala blok.jsonl"
    made = run(desk, budi, "key", "--key", key, typed=PASSPHRASE)
    assert (made.code, made.said) == (0, "")
    assert "Kunci umumnya: " in made.out
    for times in (1, 2):
        signed = run(desk, budi, "sign", "--key", key, "--heads", heads, typed=PASSPHRASE)
        assert (signed.code, signed.said) == (0, "")
        assert len(read_heads(heads)) == 2 * times  # the national rows and his office
    assert {head.signed_by for head in read_heads(heads)} == {budi.login}
    assert office.rows("SELECT count(*) AS n FROM audit.head") == [{"n": 2}]

    intact = run(desk, wati, "verify", "--heads", heads)
    assert (intact.code, intact.out) == (0, "Catatan audit utuh.\n")

    with attacks.superuser(office) as connection:
        attacks.cut_the_end(connection)
        connection.execute(text("DELETE FROM desk.event"))
    unseen = run(desk, wati, "verify")
    assert unseen.code == 0
    assert "Tanpa kepala blok dari luar server (--heads)" in unseen.out
    seen = run(desk, wati, "verify", "--heads", heads, "--json")
    assert seen.code == 1
    assert {finding["check"] for finding in seen.json} == {"audit_head"}


def test_a_wrong_passphrase_signs_nothing(desk: Command, office: Office, tmp_path: Path) -> None:
    key, heads = tmp_path / "kunci.pem", tmp_path / "kepala.jsonl"
    budi = office.as_("budi")
    assert run(desk, budi, "key", "--key", key, typed=PASSPHRASE).code == 0
    refused = run(desk, budi, "sign", "--key", key, "--heads", heads, typed="salah")
    assert refused.code == 1
    assert "kata sandinya salah" in refused.said
    assert not heads.exists()


def test_who_is_no_auditor_is_told_so(desk: Command, office: Office) -> None:
    for words in (("verify",), ("seal",)):
        refused = run(desk, office.as_("rina"), *words)
        assert refused.code == 1
        assert "tidak berwenang" in refused.said


def test_the_owner_seals(desk: Command, office: Office) -> None:
    office.new_case()
    url = office.database.url.render_as_string(hide_password=False)
    sealed = desk("audit", "seal", DESK_DATABASE_URL=url)
    assert (sealed.code, sealed.said) == (0, "")
    assert sealed.out.endswith("catatan audit disegel.\n")
    assert not sealed.out.startswith("0 ")
    assert desk("audit", "seal", DESK_DATABASE_URL=url).out == "0 catatan audit disegel.\n"
