"""The administrator's deeds about people, asked of the database itself by every person with the own login."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from desk.adapters import roles
from desk.adapters.database import engine_for, reading, run_deed, transaction
from desk.errors import Refused, Unavailable
from desk.rules.people import Duty
from desk.services import people
from desk.services.coming_in import came_in
from tests.office import JAMBI, JAMBI_PROVINCE, MORNING, PALEMBANG, Office

TODAY = date(2026, 11, 23)
VERIFIER = (
    "SCRAM-SHA-256$4096:AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    ":AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
)


@dataclass
class Newcomer:
    """Somebody added in a test."""

    login: str
    password: str = field(repr=False)
    office: Office = field(repr=False)

    @contextlib.contextmanager
    def psql(self) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self.office.database_url(self.login, self.password), autocommit=True) as connection:
            yield connection


@pytest.fixture
def logins(office: Office) -> Iterator[list[str]]:
    """Logins made in this test, taken away after it: roles belong to the server."""
    made: list[str] = []
    yield made
    with office.owner() as owner:
        for login in made:
            owner.execute(text(f"DROP ROLE IF EXISTS {roles.quoted(owner, login)}"))


@pytest.fixture
def newcomer(office: Office, logins: list[str]) -> Newcomer:
    """Nina, whom the administrator of Palembang has just added."""
    login = f"nina_{secrets.token_hex(3)}"
    logins.append(login)
    with office.as_("tono").session() as session:
        password = people.add_person(
            session, PALEMBANG, login=login, name="Nina Contoh", nip="199001012015022001", position="Staf"
        )
    return Newcomer(login, password, office)


def give(office: Office, login: str, duty: Duty, **options: Any) -> Any:
    with office.as_("tono").session() as session:
        return people.set_duty(
            session,
            options.get("office_id", PALEMBANG),
            login=login,
            duty=duty,
            starts_on=options.get("starts_on", TODAY),
            ends_on=options.get("ends_on"),
            stands_in_for=options.get("stands_in_for", ""),
        )


def held(office: Office, login: str) -> set[str]:
    rows = office.rows(
        "SELECT g.rolname AS name FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid "
        "JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = :login",
        login=login,
    )
    return {row["name"] for row in rows}


CALLS = (
    "SELECT desk.add_person(%(office)s, 'orang.baru', 'Orang Baru', '', '', %(verifier)s)",
    "SELECT desk.set_duty(%(office)s, %(login)s, 'auditor', DATE '2026-11-23', NULL, NULL)",
    "SELECT desk.end_duty(%(office)s, %(login)s, 'officer', DATE '2026-11-30')",
    "SELECT desk.let_go(%(office)s, %(login)s)",
    "SELECT desk.take_back(%(office)s, %(login)s, %(verifier)s)",
    "SELECT desk.give_password(%(office)s, %(login)s, %(verifier)s)",
)


@pytest.mark.parametrize("name", ["rina", "budi", "hendra", "wati", "doni"])
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.split("desk.")[1].split("(")[0])
def test_only_an_administrator_decides_about_people(busy_office: Office, name: str, call: str) -> None:
    fajar = busy_office.as_("fajar").login
    with (
        busy_office.as_(name).psql() as psql,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="Hanya administrator kantor ini"),
    ):
        psql.execute(call, {"office": PALEMBANG, "login": fajar, "verifier": VERIFIER})


@pytest.mark.parametrize(
    "call", ["match_groups('x')", "give_duty(1600, 'x', 'officer', CURRENT_DATE, NULL, NULL)", "need_verifier('x')"]
)
def test_the_parts_inside_the_functions_cannot_be_called(busy_office: Office, call: str) -> None:
    with (
        busy_office.as_("tono").psql() as psql,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"),
    ):
        psql.execute(f"SELECT desk.{call}")


@pytest.mark.parametrize("table", ["person", "duty", "people_event"])
def test_an_administrator_writes_no_table_about_people(busy_office: Office, table: str) -> None:
    with (
        busy_office.as_("tono").psql() as psql,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"),
    ):
        psql.execute(f"DELETE FROM desk.{table}")


def test_an_administrator_of_one_office_touches_no_other(office: Office, newcomer: Newcomer) -> None:
    give(office, newcomer.login, Duty.ADMINISTRATOR, office_id=JAMBI)
    rina = office.as_("rina")
    with newcomer.psql() as psql:
        for call in CALLS:
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="Hanya administrator kantor ini"):
                psql.execute(call, {"office": PALEMBANG, "login": rina.login, "verifier": VERIFIER})
        for call in CALLS[3:]:  # a colleague of another office cannot be taken over by way of the own one
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="bukan orang kantor ini"):
                psql.execute(call, {"office": JAMBI, "login": rina.login, "verifier": VERIFIER})


def test_who_also_works_elsewhere_is_not_taken_over_by_one_office(office: Office, newcomer: Newcomer) -> None:
    give(office, newcomer.login, Duty.ADMINISTRATOR, office_id=JAMBI)
    doni = office.as_("doni").login
    give(office, doni, Duty.OFFICER)  # Doni of Jambi helps in Palembang too
    with newcomer.psql() as psql:
        for call in (CALLS[3], CALLS[5]):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="masih bertugas di BPS Provinsi Sumatera"):
                psql.execute(call, {"office": JAMBI, "login": doni, "verifier": VERIFIER})


@pytest.mark.parametrize("call", CALLS[1:])
def test_nobody_changes_the_own_duties_or_access(busy_office: Office, call: str) -> None:
    tono = busy_office.as_("tono")
    with (
        tono.psql() as psql,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="sendiri tidak dapat diubah"),
    ):
        psql.execute(call, {"office": PALEMBANG, "login": tono.login, "verifier": VERIFIER})


@pytest.mark.parametrize("password", ["rahasia", "md5" + "0" * 32, "SCRAM-SHA-256$4096:x", ""])
def test_a_password_in_clear_is_refused_by_the_database(busy_office: Office, password: str) -> None:
    with (
        busy_office.as_("tono").psql() as psql,
        pytest.raises(psycopg.errors.InvalidParameterValue, match="bukan sebagai teks"),
    ):
        psql.execute("SELECT desk.add_person(1600, 'orang.baru', 'Orang Baru', '', '', %s)", [password])


@pytest.mark.parametrize(
    ("login", "sentence"),
    [
        ("postgres", "dipakai sistem"), ("desk_owner", "dipakai sistem"), ("pg_monitor", "dipakai sistem"),
        ('x" SUPERUSER', "hanya huruf kecil"), ("Siti", "hanya huruf kecil"), ("a", "hanya huruf kecil"),
    ],
)  # fmt: skip
def test_a_strange_login_is_not_made(busy_office: Office, login: str, sentence: str) -> None:
    with (
        busy_office.as_("tono").psql() as psql,
        pytest.raises(psycopg.errors.InvalidParameterValue, match=sentence),
    ):
        psql.execute("SELECT desk.add_person(1600, %s, 'Orang Baru', '', '', %s)", [login, VERIFIER])


def test_a_new_person_comes_in_with_the_temporary_password_and_works(office: Office, newcomer: Newcomer) -> None:
    assert held(office, newcomer.login) == {roles.PERSON}
    engine = engine_for(office.database_url(newcomer.login, newcomer.password))
    with reading(engine) as session:
        until = people.password_until(session)
        assert until is not None
        assert timedelta(days=2) < until - datetime.now(UTC) <= timedelta(days=3)
        with pytest.raises(Refused, match="tidak punya tugas yang berlaku"):
            came_in(session)
    give(office, newcomer.login, Duty.OFFICER)
    with reading(engine) as session:
        assert came_in(session).actor.duties == {PALEMBANG: frozenset({Duty.OFFICER})}
    engine.dispose()
    role = office.rows("SELECT * FROM pg_roles WHERE rolname = :login", login=newcomer.login)[0]
    assert not any(role[power] for power in ("rolsuper", "rolcreaterole", "rolcreatedb", "rolbypassrls"))
    assert role["rolconnlimit"] == 8


def test_one_person_may_be_officer_and_treasurer_in_a_small_office(office: Office, newcomer: Newcomer) -> None:
    give(office, newcomer.login, Duty.OFFICER)
    assert give(office, newcomer.login, Duty.TREASURER) is None
    assert held(office, newcomer.login) == {roles.PERSON, roles.OFFICER, roles.TREASURER}


def test_a_duty_works_from_its_first_to_its_last_day_in_its_office_only(office: Office, newcomer: Newcomer) -> None:
    give(office, newcomer.login, Duty.OFFICER, starts_on=TODAY + timedelta(1), ends_on=TODAY + timedelta(2))
    insert = (
        "INSERT INTO desk.customer (office_id, id, name, customer_class) "
        "VALUES (%s, gen_random_uuid(), 'Siti Contoh', 'person')"
    )
    with newcomer.psql() as psql:
        for days, works in ((0, False), (1, True), (2, True), (3, False)):
            office.set_clock(MORNING + timedelta(days))
            if works:
                psql.execute(insert, [PALEMBANG])
            else:
                with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
                    psql.execute(insert, [PALEMBANG])


def test_a_treasurer_of_one_office_confirms_nothing_where_he_is_officer(office: Office, newcomer: Newcomer) -> None:
    give(office, newcomer.login, Duty.TREASURER, office_id=JAMBI)
    give(office, newcomer.login, Duty.OFFICER)
    document = (
        "INSERT INTO desk.rule (office_id, key, valid_from, value) VALUES (%s, 'requirements', CURRENT_DATE, '1')"
    )
    give(office, newcomer.login, Duty.ADMINISTRATOR, office_id=JAMBI)
    with newcomer.psql() as psql:
        psql.execute(document, [JAMBI])
        for office_id in (PALEMBANG, 0):  # nor the rules of the whole country
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
                psql.execute(document, [office_id])


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"starts_on": TODAY - timedelta(1)}, "sudah lewat"),
        ({"ends_on": TODAY - timedelta(1)}, "lebih awal"),
        ({"stands_in_for": "budi", "duty": Duty.OFFICER, "ends_on": TODAY}, "orang lain yang memegang tugas itu"),
        ({"stands_in_for": "rina", "duty": Duty.OFFICER}, "harus punya hari terakhir"),
    ],
)
def test_a_duty_with_impossible_days_is_refused(
    office: Office, newcomer: Newcomer, options: dict[str, Any], sentence: str
) -> None:
    if "stands_in_for" in options:
        options = options | {"stands_in_for": office.as_(options["stands_in_for"]).login}
    with pytest.raises(Refused, match=sentence):
        give(office, newcomer.login, options.pop("duty", Duty.OFFICER), **options)


def test_the_same_duty_twice_on_one_day_is_refused(office: Office, newcomer: Newcomer) -> None:
    give(office, newcomer.login, Duty.OFFICER, ends_on=TODAY + timedelta(5))
    with pytest.raises(Refused, match="sudah dipegang"):
        give(office, newcomer.login, Duty.OFFICER, starts_on=TODAY + timedelta(5))
    give(office, newcomer.login, Duty.OFFICER, starts_on=TODAY + timedelta(6))


def test_a_duty_ended_at_once_ends_the_group_too(office: Office) -> None:
    fajar = office.as_("fajar")
    assert roles.OFFICER in held(office, fajar.login)
    with office.as_("tono").session() as session:
        people.end_duty(session, PALEMBANG, login=fajar.login, duty=Duty.OFFICER, last_day=TODAY - timedelta(1))
    try:
        assert held(office, fajar.login) == {roles.PERSON}
        with fajar.psql() as psql:
            assert psql.execute("SELECT count(*) AS n FROM desk.cases").fetchone() == {"n": 0}
    finally:
        with office.owner() as owner:
            roles.set_duties(owner, fajar.login, {roles.OFFICER})


# the treasurer's stand-in


def asked_stand_in(office: Office, newcomer: Newcomer) -> people.Asked:
    answer = give(
        office,
        newcomer.login,
        Duty.TREASURER,
        ends_on=TODAY + timedelta(9),
        stands_in_for=office.as_("budi").login,
    )
    assert answer is not None
    with office.as_("hendra").session() as session:
        entry = next(each for each in people.people(session, [PALEMBANG]) if each.login == newcomer.login)
    (asked,) = entry.asked
    assert asked.id == answer
    return asked


def test_a_stand_in_for_the_treasurer_begins_when_the_supervisor_has_agreed(office: Office, newcomer: Newcomer) -> None:
    asked = asked_stand_in(office, newcomer)
    assert held(office, newcomer.login) == {roles.PERSON}
    for name in ("tono", "rina", "wati"):
        with pytest.raises(Refused, match="hanya dapat diputus oleh penyelia"), office.as_(name).session() as session:
            people.approve_stand_in(session, asked, agreed=True)
    with office.as_("hendra").session() as session:
        people.approve_stand_in(session, asked, agreed=True)
    assert held(office, newcomer.login) == {roles.PERSON, roles.TREASURER}
    with pytest.raises(Refused, match="sudah diputus"), office.as_("hendra").session() as session:
        people.approve_stand_in(session, asked, agreed=False)


def test_a_refused_stand_in_does_not_begin(office: Office, newcomer: Newcomer) -> None:
    asked = asked_stand_in(office, newcomer)
    with office.as_("hendra").session() as session:
        people.approve_stand_in(session, asked, agreed=False)
        assert not [each for each in people.people(session, [PALEMBANG]) if each.asked]
    assert held(office, newcomer.login) == {roles.PERSON}


def test_who_asked_for_the_stand_in_does_not_agree_to_it(office: Office, newcomer: Newcomer, logins: list[str]) -> None:
    give(office, newcomer.login, Duty.ADMINISTRATOR)
    give(office, newcomer.login, Duty.SUPERVISOR)
    rina = office.as_("rina").login
    with newcomer.psql() as psql:
        asked = psql.execute(
            "SELECT desk.set_duty(1600, %s, 'treasurer', DATE '2026-11-23', DATE '2026-11-30', %s)",
            [rina, office.as_("budi").login],
        ).fetchone()
        assert asked is not None
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="tidak boleh menyetujuinya sendiri"):
            psql.execute("SELECT desk.approve_stand_in(1600, %s, true)", asked)


# leaving and coming back


def test_who_leaves_is_refused_at_the_next_statement_and_at_the_door(office: Office, newcomer: Newcomer) -> None:
    give(office, newcomer.login, Duty.OFFICER)
    engine = engine_for(office.database_url(newcomer.login, newcomer.password))
    with newcomer.psql() as psql:
        assert psql.execute("SELECT desk.has_duty(1600, '{officer}')").fetchone() == (True,)
        with office.as_("tono").session() as session:
            people.let_go(session, PALEMBANG, login=newcomer.login)
        with pytest.raises(psycopg.OperationalError):
            psql.execute("SELECT 1 FROM desk.cases")
    with pytest.raises(Unavailable, match="Akun Anda sudah ditutup"), reading(engine) as session:
        session.execute(text("SELECT 1"))
    engine.dispose()
    assert held(office, newcomer.login) == set()


def test_a_connection_that_survives_leaving_may_do_nothing(office: Office, newcomer: Newcomer) -> None:
    give(office, newcomer.login, Duty.OFFICER)
    with newcomer.psql() as psql:
        with office.owner() as owner:  # the rows alone, without cutting the line
            owner.execute(text("UPDATE desk.person SET active = false WHERE login = :login"), {"login": newcomer.login})
        assert psql.execute("SELECT desk.my_offices()").fetchone() == ([0],)
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            psql.execute(
                "INSERT INTO desk.customer (office_id, id, name, customer_class) "
                "VALUES (1600, gen_random_uuid(), 'Siti', 'person')"
            )


def test_who_comes_back_has_no_duties_of_before(office: Office, newcomer: Newcomer) -> None:
    give(office, newcomer.login, Duty.TREASURER)
    with office.as_("tono").session() as session:
        people.let_go(session, PALEMBANG, login=newcomer.login)
    with pytest.raises(Refused, match="sudah berhenti"):
        give(office, newcomer.login, Duty.OFFICER)
    with office.as_("tono").session() as session:
        newcomer.password = people.take_back(session, PALEMBANG, login=newcomer.login)
    assert held(office, newcomer.login) == {roles.PERSON}
    give(office, newcomer.login, Duty.OFFICER)
    with newcomer.psql() as psql:
        assert psql.execute("SELECT desk.has_duty(1600, '{treasurer}')").fetchone() == (False,)


# passwords


def test_the_own_password_ends_the_temporary_one(office: Office, newcomer: Newcomer) -> None:
    give(office, newcomer.login, Duty.OFFICER)
    engine = engine_for(office.database_url(newcomer.login, newcomer.password))
    with transaction(engine) as session:
        people.change_password(session, "kalimat.baru.yang.panjang")
        assert people.password_until(session) is None
    engine.dispose()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"), newcomer.psql():
        pass
    newcomer.password = "kalimat.baru.yang.panjang"
    with newcomer.psql() as psql:
        assert psql.execute("SELECT 1").fetchone() == (1,)


def test_a_forgotten_password_is_replaced_by_a_temporary_one(office: Office, newcomer: Newcomer) -> None:
    forgotten = newcomer.password
    with office.as_("tono").session() as session:
        newcomer.password = people.give_password(session, PALEMBANG, login=newcomer.login)
    assert newcomer.password != forgotten
    with newcomer.psql() as psql:
        assert psql.execute("SELECT 1").fetchone() == (1,)


# what is written down


def test_every_decision_is_written_down_for_administrators_and_auditors_of_the_office(
    office: Office, newcomer: Newcomer
) -> None:
    give(office, newcomer.login, Duty.OFFICER)
    asked = asked_stand_in(office, newcomer)
    with office.as_("hendra").session() as session:
        people.approve_stand_in(session, asked, agreed=True)
    with office.as_("tono").session() as session:
        people.end_duty(session, PALEMBANG, login=newcomer.login, duty=Duty.OFFICER, last_day=TODAY + timedelta(3))
        people.let_go(session, PALEMBANG, login=newcomer.login)
    story = "SELECT kind, by FROM desk.people_event WHERE login = %s"
    kinds = ["added", "duty_given", "stand_in_asked", "stand_in_approved", "duty_ended", "left"]
    tono, hendra = office.as_("tono").login, office.as_("hendra").login
    for name in ("tono", "wati", "hendra"):
        with office.as_(name).psql() as psql:
            rows = psql.execute(story, [newcomer.login]).fetchall()
        assert sorted(row["kind"] for row in rows) == sorted(kinds)
        assert {row["by"] for row in rows if row["kind"] != "stand_in_approved"} == {tono}
        assert [row["by"] for row in rows if row["kind"] == "stand_in_approved"] == [hendra]
    for name in ("rina", "budi", "doni", "lina", "surya"):
        with office.as_(name).psql() as psql:
            assert psql.execute(story, [newcomer.login]).fetchall() == []
    with pytest.raises(Exception, match="tidak dapat diubah"), office.owner() as owner:
        owner.execute(text("DELETE FROM desk.people_event"))


def test_a_province_agrees_to_the_stand_in_of_its_regency(office: Office, newcomer: Newcomer) -> None:
    assert JAMBI_PROVINCE
    answer = give(
        office,
        newcomer.login,
        Duty.TREASURER,
        office_id=JAMBI,
        ends_on=TODAY + timedelta(2),
        stands_in_for=office.as_("yuni").login,
    )
    with office.as_("surya").psql() as psql:
        psql.execute("SELECT desk.approve_stand_in(%s, %s, true)", [JAMBI, answer])


def test_a_let_go_persons_deed_says_that_the_account_is_closed(office: Office, newcomer: Newcomer) -> None:
    from uuid import uuid4

    give(office, newcomer.login, Duty.OFFICER)
    engine = engine_for(office.database_url(newcomer.login, newcomer.password))
    with reading(engine) as session:
        session.execute(text("SELECT 1"))
    with office.as_("tono").session() as session:
        people.let_go(session, PALEMBANG, login=newcomer.login)
    with pytest.raises(Unavailable, match="Akun Anda sudah ditutup"):
        run_deed(engine, lambda session: session.execute(text("SELECT 1")).scalar(), key=uuid4())
    engine.dispose()
