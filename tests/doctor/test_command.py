"""`desk doctor` as the owner of the database runs it: exit code, sentences, JSON."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.commands.desk_command import Command, Result
from tests.office import Office


@pytest.fixture
def desk(tmp_path: Path) -> Command:
    """The `desk` command with a home folder of its own."""
    return Command(tmp_path)


def examine(desk: Command, office: Office, *words: str) -> Result:
    return desk("doctor", *words, DESK_DATABASE_URL=office.database.url.render_as_string(hide_password=False))


def test_a_sound_database_is_told_in_one_line(desk: Command, office: Office) -> None:
    office.case_at()
    answer = examine(desk, office)
    assert (answer.code, answer.out, answer.said) == (0, "Basis data sehat: tidak ada temuan.\n", "")


def test_findings_are_told_and_counted(desk: Command, office: Office) -> None:
    case = office.case_at()
    with office.owner() as connection:
        connection.execute(text("UPDATE desk.counter SET last = 9 WHERE kind = 'invoice'"))
        connection.execute(text("UPDATE desk.cases SET officer_queue = NULL"))
    answer = examine(desk, office)
    assert answer.code == 1
    assert "Pencacah nomor invoice kantor 1600 tahun 2026 berdiri di 9, padahal nomor terakhir 1." in answer.out
    assert f"Permohonan {office.row(case)['number']} kantor 1600 masih berjalan" in answer.out
    assert answer.said == "2 temuan.\n"
    listed = examine(desk, office, "--json", "--files")
    assert listed.code == 1
    assert [finding["check"] for finding in listed.json] == ["counter", "open_on_no_desk"]
    assert {finding["office_id"] for finding in listed.json} == {1600}


def test_without_a_database_nothing_is_called_sound(desk: Command, office: Office) -> None:
    nowhere = desk("doctor", DESK_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert (nowhere.code, nowhere.out) == (2, "")
    assert nowhere.said.endswith(".\n")
    untold = desk("doctor")
    assert untold.code == 2
    assert "Alamat basis data kantor belum ada" in untold.said
    rina = office.as_("rina")
    person = desk("doctor", DESK_DATABASE_URL=office.database_url(rina.login, rina.password))
    assert person.code == 2
    assert "tidak berwenang" in person.said
