"""`desk setup` makes an office's own PostgreSQL ready, and whom it registered can come in."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest

from desk.adapters.database import engine_for, reading
from desk.commands.setup import DUTIES
from desk.rules.people import Duty
from desk.services.coming_in import CameIn, came_in
from tests.conftest import Cluster, Database, Login

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.commands.desk_command import Command, Result

RINA = ("--name", "Rina Umpama", "--nip", "199602142019032991", "--office", "1600")


@pytest.fixture
def empty(cluster: Cluster) -> Iterator[Database]:
    database = cluster.new_database()
    yield database
    cluster.drop(database)


@pytest.fixture
def rina(empty: Database) -> Login:
    login = Login(f"rina_{secrets.token_hex(4)}", "kata sandi yang panjang")
    empty._logins.append(login)
    return login


def run(desk: Command, database: Database, *words: str, typed: str = "") -> Result:
    return desk("setup", *words, typed=typed, DESK_DATABASE_URL=database.url.render_as_string(hide_password=False))


def enter(database: Database, login: Login) -> CameIn:
    engine = engine_for(database.url_for(login))
    with reading(engine) as session:
        person = came_in(session)
    engine.dispose()
    return person


def test_whom_the_administrator_registers_comes_in(desk: Command, empty: Database, rina: Login) -> None:
    for _ in range(2):  # repeating it is harmless
        prepared = run(desk, empty, "database", "--office", "1600")
        assert (prepared.code, prepared.said) == (0, "")
        assert "BPS Provinsi Sumatera Selatan" in prepared.out
    registered = run(desk, empty, "person", rina.name, *RINA, "--duty", "officer", typed=f"{rina.password}\n")
    assert (registered.code, registered.said) == (0, "")
    person = enter(empty, rina)
    assert person.actor.name == "Rina Umpama"
    assert person.actor.duties_in(1600) == {Duty.OFFICER}
    assert not person.training


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        (("database", "--office", "9999"), ""),
        (("person", "rina", *RINA, "--duty", "officer"), "pendek\n"),
        (("person", "rina", *RINA, "--duty", "officer"), ""),
        (("person", "rina", "--name", "Rina", "--nip", "123", "--office", "1600", "--duty", "officer"), "x" * 20),
        (("person", "rina", "--name", "Rina", "--office", "Palembang", "--duty", "officer"), "x" * 20),
    ],
)
def test_what_cannot_be_right_is_refused_before_the_server_is_asked(
    desk: Command, empty: Database, words: tuple[str, ...], typed: str
) -> None:
    result = run(desk, empty, *words, typed=typed)
    assert result.code == 1
    assert result.said.strip().endswith(".")


def test_a_database_that_was_not_prepared_takes_nobody(desk: Command, empty: Database, rina: Login) -> None:
    result = run(desk, empty, "person", rina.name, *RINA, "--duty", "officer", typed="x" * 20)
    assert result.code == 1
    assert "desk setup database" in result.said


def test_an_office_that_was_not_prepared_takes_nobody(desk: Command, empty: Database, rina: Login) -> None:
    assert run(desk, empty, "database", "--office", "1600").code == 0
    elsewhere = ("--name", "Rina Umpama", "--office", "1571")
    result = run(desk, empty, "person", rina.name, *elsewhere, "--duty", "officer", typed="x" * 20)
    assert result.code == 1
    assert "1571" in result.said


def test_without_an_address_or_a_server_the_sentence_says_what_to_do(desk: Command) -> None:
    nowhere = desk("setup", "database")
    assert nowhere.code == 3
    assert "DESK_DATABASE_URL" in nowhere.said
    away = desk("setup", "database", DESK_DATABASE_URL="postgresql://pemilik:rahasia@127.0.0.1:1/meja_pst")
    assert away.code == 3
    assert "rahasia" not in away.said
    assert away.said.strip().endswith(".")


def test_every_duty_can_be_given() -> None:
    assert set(DUTIES) == {duty.value for duty in Duty}
