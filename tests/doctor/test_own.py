"""The doctor for administrators: the same questions, for the own offices, and for nobody else."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import text

from desk import actions, deeds
from desk.errors import Refused
from desk.rules.case import Money
from desk.services import doctor, health, people
from desk.services.audit import Finding
from tests.office import PALEMBANG, PAPUA, Office


def looked(office: Office, name: str = "tono", *, files: bool = False) -> list[Finding]:
    with office.as_(name).session() as session:
        return list(doctor.examine_own(session, deeds.derived, actions.as_stored(), files=files))


def test_a_sound_database_has_no_finding(office: Office) -> None:
    office.case_at(money=Money.RECEIPTED)
    assert [found for found in looked(office, files=True) if found.check != "paper_without_sheet"] == []


def test_an_administrator_reads_the_findings_of_the_own_offices_only(office: Office) -> None:
    office.case_at(money=Money.RECEIPTED)
    office.new_case(PAPUA)
    with office.owner() as owner:
        owner.execute(text("UPDATE desk.counter SET last = last + 5 WHERE kind = 'case'"))
    found = [each for each in looked(office) if each.check == "counter"]
    assert {each.office_id for each in found} == {PALEMBANG}
    assert "Pencacah nomor permohonan kantor 1600" in found[0].sentence


def test_a_seal_that_was_broken_and_a_guard_that_is_off_are_found(office: Office) -> None:
    office.case_at(money=Money.RECEIPTED)
    with office.owner() as owner:
        owner.execute(text("SELECT audit.seal()"))
    with office.owner() as owner:
        owner.execute(text("SET LOCAL session_replication_role = replica"))
        owner.execute(text("UPDATE audit.log SET actor = 'x' WHERE office_id = 1600 AND id = "
                           "(SELECT min(id) FROM audit.log WHERE office_id = 1600)"))  # fmt: skip
        owner.execute(text("ALTER TABLE desk.receipt DISABLE TRIGGER final"))
    found = {each.check: each for each in looked(office)}
    assert found["audit_blocks"].office_id == PALEMBANG
    assert found["trigger_off"].office_id is None


def test_the_published_questions_are_those_of_the_program(office: Office) -> None:
    with office.owner() as owner:
        stored = {row.name for row in owner.execute(text("SELECT name FROM desk.doctor_check"))}
    assert stored == {check.name for check in doctor.PUBLISHED}


@pytest.mark.parametrize("name", ["rina", "budi", "hendra", "wati"])
def test_nobody_else_has_the_questions_asked(office: Office, name: str) -> None:
    with pytest.raises(Refused, match="Hanya administrator"):
        looked(office, name)
    with office.as_(name).psql() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT desk.examine('counter')")


def test_nobody_writes_a_question(office: Office) -> None:
    for statement in (
        "INSERT INTO desk.doctor_check VALUES ('x', 'SELECT 1')",
        "UPDATE desk.doctor_check SET question = 'DELETE FROM desk.receipt'",
    ):
        with office.as_("tono").psql() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_the_age_of_backups_turns_late(office: Office) -> None:
    def add(kind: str, hours: int, faults: str = "{}") -> None:
        with office.owner() as owner:
            owner.execute(
                text(
                    "INSERT INTO desk.backup_entry (kind, made_at, file, content_hash, size, faults) VALUES (:kind, "
                    "clock_timestamp() - make_interval(hours => :hours), 'a', 'b', 1, CAST(:faults AS text[]))"
                ),
                {"kind": kind, "hours": hours, "faults": faults},
            )

    def kept() -> health.Kept:
        with office.as_("tono").session() as session:
            return health.kept(session)

    assert (kept().backup_late, kept().proof_late) == (True, True)
    add("backup", 27)
    assert kept().backup_late
    add("backup", 25)
    assert not kept().backup_late
    add("restore_test", 25)
    assert kept().proven_at is not None
    add("restore_test", 25, '{"isi berbeda"}')
    assert kept().faults == ("isi berbeda",)
    assert kept().proof_late


# the card of a person


def change(office: Office, who: str, login: str, *, name: str = "Rina Umpama, M.Si.", nip: str = "") -> None:
    with office.as_(who).session() as session:
        people.change_person(session, PALEMBANG, login=login, name=name, nip=nip, position="Statistisi")


def test_an_administrator_puts_the_card_of_a_person_right_and_it_is_written_down(office: Office) -> None:
    rina = office.as_("rina").login
    change(office, "tono", rina, nip="199602142019032998")
    assert office.rows("SELECT name, nip, position FROM desk.person WHERE login = :login", login=rina) == [
        {"name": "Rina Umpama, M.Si.", "nip": "199602142019032998", "position": "Statistisi"}
    ]
    assert office.rows('SELECT kind, "by" FROM desk.people_event WHERE login = :login', login=rina) == [
        {"kind": "changed", "by": office.as_("tono").login}
    ]
    logged = office.rows("SELECT old, new FROM audit.log WHERE table_name = 'person' AND op = 'U' AND key = :k", k=rina)
    assert logged[0]["old"]["name"] == "Rina Umpama"


@pytest.mark.parametrize(
    ("who", "whose", "name", "nip", "sentence"),
    [
        ("rina", "fajar", "X", "", "Hanya administrator"),
        ("hendra", "fajar", "X", "", "Hanya administrator"),
        ("tono", "tono", "X", "", "sendiri tidak dapat diubah"),
        ("tono", "yosef", "X", "", "bukan orang kantor ini"),
        ("tono", "fajar", "  ", "", "Nama orang belum diisi"),
        ("tono", "fajar", "X", "1234", "NIP terdiri dari 18 angka"),
    ],
)
def test_what_may_not_be_changed_about_a_person(
    office: Office, who: str, whose: str, name: str, nip: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        change(office, who, office.as_(whose).login, name=name, nip=nip)
