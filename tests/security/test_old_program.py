"""A program that is too old for the office's database is refused: at the login, and at its next deed when open."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest

from desk import __version__, installation
from desk.adapters.database import engine_for, reading
from desk.errors import Refused
from desk.services.coming_in import came_in
from tests.office import PALEMBANG, Office, Ref
from tests.security.test_refusals import insert, record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

TOO_OLD = psycopg.errors.ObjectNotInPrerequisiteState


def let_in_from(office: Office, version: str) -> None:
    with office.owner() as connection:
        connection.exec_driver_sql("UPDATE desk.installation SET oldest_program = %s", (version,))


def come_in(engine: Engine) -> str:
    with reading(engine) as session:
        return came_in(session).actor.name


@pytest.fixture
def case(office: Office) -> Ref:
    return office.new_case()


@pytest.fixture
def rina(office: Office) -> Iterator[Engine]:
    engine = engine_for(office.database_url(office.as_("rina").login, office.as_("rina").password))
    yield engine
    engine.dispose()


def test_an_old_program_does_not_come_in(office: Office, rina: Engine) -> None:
    assert come_in(rina) == "Rina Umpama"
    let_in_from(office, "9.0.0")
    with pytest.raises(Refused, match=rf"versi {__version__}, basis data kantor memerlukan 9\.0\.0"):
        come_in(rina)


def test_a_window_that_was_open_during_the_upgrade_states_no_fact_any_more(office: Office, case: Ref) -> None:
    rina = office.as_("rina")
    rina.do("add_message", case)
    let_in_from(office, "0.10.0")
    told = rina.refusal("add_message", case)
    assert told == (
        f"Program ini versi {__version__}, basis data kantor memerlukan 0.10.0 atau yang lebih baru. "
        "Perubahan tidak disimpan. Tutup Meja PST dan pasang versi terbaru."
    )
    assert len(office.story(case)) == 2  # registered, one message
    let_in_from(office, __version__)
    rina.do("add_message", case)


@pytest.mark.parametrize(
    ("program", "oldest", "refused"),
    [
        ("Meja PST", "0.1.0", True),  # of a time when programs did not say their version
        ("Meja PST 0.9.9", "0.10.0", True),
        ("Meja PST 0.9.9 (latihan)", "0.10.0", True),
        ("Meja PST 0.10.0", "0.10.0", False),
        ("Meja PST 1.0", "0.10.0", False),
        ("psql", "9.0.0", False),  # meets the guards of the facts themselves
    ],
)
def test_the_database_itself_asks_for_the_version(
    office: Office, case: Ref, program: str, oldest: str, refused: bool
) -> None:
    let_in_from(office, oldest)
    with office.as_("rina").psql() as rina:
        rina.execute(f"SET application_name = '{program}'".encode())
        rina.commit()
        message = {"case_id": case.id, "kind": "internal", "channel": "email", "body": "x"}
        if not refused:
            insert(rina, "message", office_id=PALEMBANG, id=uuid4(), **message)
            return
        with pytest.raises(TOO_OLD, match="pasang versi terbaru"):
            insert(rina, "message", office_id=PALEMBANG, id=uuid4(), **message)
        rina.rollback()
        with pytest.raises(TOO_OLD, match="pasang versi terbaru"):
            record(rina, case, "add_message")


def test_a_deed_of_an_old_program_leaves_nothing_behind(office: Office, case: Ref) -> None:
    let_in_from(office, "9.0")
    with pytest.raises(Refused, match="Perubahan tidak disimpan"):
        office.as_("rina").register(PALEMBANG)
    assert office.rows("SELECT count(*) AS n FROM desk.cases") == [{"n": 1}]
    assert office.rows("SELECT last FROM desk.counter WHERE kind = 'case' AND office_id = 1600") == [{"last": 1}]


def test_the_oldest_program_is_raised_and_never_lowered(office: Office) -> None:
    def oldest() -> str:
        return str(office.rows("SELECT oldest_program FROM desk.installation")[0]["oldest_program"])

    for asked, stands in (("0.9.0", "0.9.0"), ("0.10.0", "0.10.0"), ("0.2.0", "0.10.0")):
        with office.owner() as connection:
            installation._let_in_from(connection, asked)
        assert oldest() == stands
    with pytest.raises(Exception, match="installation_oldest_program_check"):
        let_in_from(office, "newest")


def test_a_program_that_is_newer_than_the_database_waits_for_the_administrator(office: Office, rina: Engine) -> None:
    with office.owner() as connection:
        connection.exec_driver_sql("UPDATE desk.alembic_version SET version_num = '0003'")
    with pytest.raises(Refused, match="desk server upgrade"):
        come_in(rina)


def test_a_program_that_is_older_but_not_too_old_goes_on_working(office: Office, rina: Engine) -> None:
    with office.owner() as connection:
        connection.exec_driver_sql("UPDATE desk.alembic_version SET version_num = '9998'")
    assert come_in(rina) == "Rina Umpama"
