"""The fixtures of all the other tests: each test starts from the same migrated database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from desk.adapters import roles
from desk.adapters.database import engine_for, reading
from tests.components import COMPONENTS, missing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.conftest import Database

pytest_plugins = ["pytester"]


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_commits_in_the_session_is_gone_in_the_next(session: Session, turn: int) -> None:
    session.execute(text("CREATE TABLE trial (number int)"))
    session.execute(text("INSERT INTO trial VALUES (1)"))
    session.commit()
    session.rollback()
    assert session.execute(text("SELECT count(*) FROM trial")).scalar_one() == 1


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_commits_in_its_database_is_gone_in_the_next(database: Database, turn: int) -> None:
    with database.engine().begin() as connection:
        connection.execute(text("CREATE TABLE desk.trial (number int)"))


def test_a_person_logs_in_with_the_duties_given(database: Database) -> None:
    ani = database.login("ani", roles.OFFICER)
    engine = engine_for(database.url_for(ani))
    with reading(engine) as session:
        answer = session.execute(
            text("SELECT session_user, pg_has_role('desk_officer', 'member'), pg_has_role('desk_treasurer', 'member')")
        ).one()
    assert tuple(answer) == (ani.name, True, False)
    assert ani.password not in repr(ani)
    engine.dispose()


def test_a_test_without_its_component_is_skipped_with_one_line_or_fails(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("from tests.conftest import pytest_addoption, pytest_runtest_setup")
    pytester.makeini("[pytest]\nmarkers = component(name): needs it")
    pytester.makepyfile(
        "import pytest\nfrom tests.components import COMPONENTS\nCOMPONENTS['teleprinter'] = lambda: None\n"
        "@pytest.mark.component('teleprinter')\ndef test_it(): pass\n"
        "@pytest.mark.component('fax')\ndef test_unknown(): pass\n"
    )
    run = pytester.runpytest_inprocess("-rs", "-k", "test_it")
    run.assert_outcomes(skipped=1)
    run.stdout.fnmatch_lines(["SKIPPED*component teleprinter is missing"])
    pytester.runpytest_inprocess("--all-components", "-k", "test_it").assert_outcomes(errors=1)
    pytester.runpytest_inprocess("-k", "test_unknown").assert_outcomes(errors=1)
    del COMPONENTS["teleprinter"]
    with pytest.raises(KeyError):
        missing("fax")
