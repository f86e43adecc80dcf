"""The sealer leaves nothing of a finished transaction unsealed, takes nothing of an open one, and lets people work."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from desk.services import audit
from tests.audit import attacks
from tests.office import Office

NOTE = "UPDATE desk.cases SET officer_why = %s WHERE id = %s"


def unsealed(office: Office) -> int:
    return int(office.rows("SELECT count(*) AS n FROM audit.log WHERE block IS NULL")[0]["n"])


def owner_url(office: Office) -> str:
    return office.database.url.set(drivername="postgresql").render_as_string(hide_password=False)


def test_one_seal_takes_everything_that_is_finished(office: Office) -> None:
    office.case_at()
    assert unsealed(office) == attacks.seal(office)
    assert unsealed(office) == 0
    assert attacks.seal(office) == 0


def test_an_open_transaction_is_left_for_the_next_block_and_keeps_nobody_waiting(office: Office) -> None:
    case = office.new_case()
    attacks.seal(office)
    with psycopg.connect(owner_url(office)) as at_work:
        at_work.execute(NOTE, ["rina", case.id])
        office.new_case()  # finished meanwhile, with later numbers
        assert unsealed(office) == attacks.seal(office) > 0
        at_work.execute("SET LOCAL lock_timeout = '1s'")
        at_work.execute(NOTE, ["fajar", case.id])
        at_work.commit()
    assert attacks.seal(office) == 2
    assert unsealed(office) == 0
    assert attacks.findings(office) == []


def test_writers_go_on_while_a_sealer_is_at_work(office: Office) -> None:
    case = office.new_case()
    with Session(office._owner) as session, session.begin():
        assert audit.seal(session) > 0
        with psycopg.connect(owner_url(office)) as at_work:
            at_work.execute("SET LOCAL lock_timeout = '1s'")
            at_work.execute(NOTE, ["rina", case.id])
            at_work.commit()
    assert unsealed(office) == 1


def test_a_second_sealer_steps_aside(office: Office) -> None:
    office.new_case()
    with Session(office._owner) as first, first.begin():
        assert audit.seal(first) > 0
        other = create_engine(office.database.url, pool_size=1)
        with Session(other) as second, second.begin():
            second.execute(text("SET LOCAL lock_timeout = '1s'"))
            assert audit.seal(second) == 0
        other.dispose()
    assert attacks.findings(office) == []


def test_sealing_beside_people_at_work_leaves_one_chain_and_nothing_behind(office: Office) -> None:
    cases = [office.new_case() for _ in range(4)]
    sealed, done = threading.Semaphore(0), threading.Event()

    def work(number: int) -> None:
        with psycopg.connect(owner_url(office)) as connection:
            for turn in range(25):
                if number == 0 and turn % 8 == 7:  # at least three blocks fall among these deeds
                    assert sealed.acquire(timeout=60)
                connection.execute(NOTE, [f"orang {number} {turn}", cases[number].id])
                if turn % 3:
                    connection.execute(NOTE, [f"orang {number} {turn} lagi", cases[number].id])
                (connection.rollback if turn % 5 == 4 else connection.commit)()

    def sealing() -> None:
        engine = create_engine(office.database.url, pool_size=1)
        while not done.is_set():
            with Session(engine) as session, session.begin():
                rows = audit.seal(session)
            if rows:
                sealed.release()
        engine.dispose()

    with ThreadPoolExecutor(6) as pool:
        sealers = [pool.submit(sealing) for _ in range(2)]
        workers = [pool.submit(work, number) for number in range(4)]
        for worker in workers:
            worker.exception()
        done.set()
        for each in (*workers, *sealers):
            each.result()
    attacks.seal(office)
    assert unsealed(office) == 0
    assert attacks.findings(office) == []
    written = office.rows("SELECT count(*) AS n FROM audit.log WHERE new->>'officer_why' LIKE 'orang %'")[0]["n"]
    assert written == 4 * (20 + 13)


def test_sealing_tells_nobody(office: Office) -> None:
    office.new_case()
    with psycopg.connect(owner_url(office), autocommit=True) as listener:
        listener.execute("LISTEN desk_office_1600")
        assert attacks.seal(office) > 0
        assert list(listener.notifies(timeout=0, stop_after=1)) == []


def test_a_long_log_is_sealed_in_blocks_and_verified_in_pages(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = "INSERT INTO audit.log (office_id, table_name, op, key) SELECT 1571, 'holiday', 'I', n::text "
    with office.owner() as connection:
        connection.execute(text(entries + "FROM generate_series(1, 45000) n"))
    attacks.seal(office)
    blocks = office.rows("SELECT rows FROM audit.block WHERE office_id = 1571 ORDER BY no")
    assert [block["rows"] for block in blocks[:2]] == [20000, 20000]
    monkeypatch.setattr(audit, "_PAGE", 20000)
    assert attacks.findings(office) == []
    with attacks.superuser(office) as connection:
        connection.execute(
            text("UPDATE audit.log SET key = 'x' WHERE office_id = 1571 AND block = 3 AND key = '44000'")
        )
    (finding,) = attacks.findings(office)
    assert finding.subject == "blok 3"
