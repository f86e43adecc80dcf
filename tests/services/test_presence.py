"""Who is in a case is seen by colleagues, ends with the program, and tells nothing to another office."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
from psycopg import errors

from desk.adapters.database import reading
from desk.rules.desks import Desk
from desk.services.presence import present
from desk.services.queues import queue_rows
from tests.office import JAMBI, MORNING, PALEMBANG, Office, Ref


def seen(office: Office, name: str) -> list[tuple[str, str]]:
    with reading(office.as_(name).engine) as session:
        return [(each.name, each.doing) for each in present(session, (PALEMBANG, JAMBI))]


def unread(office: Office, name: str, case: Ref) -> bool:
    with reading(office.as_(name).engine) as session:
        return next(row.unread for row in queue_rows(session, (PALEMBANG,), Desk.OFFICER, None) if row.id == case.id)


def test_a_colleague_sees_who_is_in_a_case_until_that_program_is_gone(office: Office) -> None:
    case = office.new_case()
    with contextlib.suppress(errors.AdminShutdown), office.as_("rina").psql() as rina:
        rina.execute("SELECT desk.look_at(%s, %s, 'change_request')", case)
        rina.commit()
        assert seen(office, "fajar") == [("Rina Umpama", "change_request")]
        assert seen(office, "rina") == []
        assert seen(office, "doni") == []
        row = rina.execute("SELECT pg_backend_pid() AS pid").fetchone()
        assert row is not None
        with office.owner() as owner:  # as a killed program: nobody says goodbye
            owner.exec_driver_sql("SELECT pg_terminate_backend(%s, 20000)", (row["pid"],))
    assert seen(office, "fajar") == []


def test_leaving_is_seen_at_once(office: Office) -> None:
    case = office.new_case()
    with office.as_("rina").psql() as rina:
        rina.execute("SELECT desk.look_at(%s, %s, '')", case)
        rina.execute("SELECT desk.look_away()")
        rina.commit()
        assert seen(office, "fajar") == []


def test_a_case_is_new_for_each_person_until_looked_at_and_again_after_a_deed(office: Office) -> None:
    case = office.new_case()
    assert unread(office, "rina", case)
    with office.as_("rina").psql() as rina:
        rina.execute("SELECT desk.look_at(%s, %s, '')", case)
        rina.commit()
    assert not unread(office, "rina", case)
    assert unread(office, "fajar", case)
    office.set_clock(MORNING + timedelta(hours=2))
    office.as_("fajar").do("decide_fit", case)
    assert unread(office, "rina", case)


def test_nobody_looks_into_another_office_nor_at_what_others_have_read(office: Office) -> None:
    case = office.new_case()
    with office.as_("doni").psql() as doni, pytest.raises(errors.InsufficientPrivilege):
        doni.execute("SELECT desk.look_at(%s, %s, '')", case)
    with office.as_("rina").psql() as rina:
        rina.execute("SELECT desk.look_at(%s, %s, '')", case)
        rina.commit()
    with office.as_("fajar").psql() as fajar:
        assert fajar.execute("SELECT * FROM desk.case_look").fetchall() == []
        with pytest.raises(errors.InsufficientPrivilege):
            fajar.execute("DELETE FROM desk.presence")
