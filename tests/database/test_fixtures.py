"""The test fixtures themselves: what a test writes is gone afterwards."""
from __future__ import annotations
import time
import pytest
from sqlalchemy import text

@pytest.mark.parametrize("turn", range(20))
def test_copy(database, turn):
    with database.engine().begin() as c:
        c.execute(text("create table t(a int)"))

@pytest.mark.parametrize("turn", range(20))
def test_session(session, turn):
    session.execute(text("create table t(a int)")); session.commit()
