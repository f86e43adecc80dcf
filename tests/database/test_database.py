"""Transactions, deeds asked again, and what a person reads when the database says no."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import Connection, Engine, make_url, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from desk.adapters import database as adapter
from desk.adapters import roles
from desk.adapters.database import OutcomeUnknown, engine_for, reading, run_deed, secured, transaction
from desk.drills.lines import CuttingProxy
from desk.errors import Refused, Unavailable
from tests.queries import no_queries_on_gui_thread, query_log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Database


@pytest.fixture
def engine(bare: Database) -> Iterator[Engine]:
    engine = engine_for(bare.url)
    yield engine
    engine.dispose()


@pytest.fixture
def proxy(bare: Database) -> Iterator[CuttingProxy]:
    with CuttingProxy(bare.url) as proxy:
        yield proxy


@pytest.fixture
def cut_engine(proxy: CuttingProxy) -> Iterator[Engine]:
    engine = engine_for(proxy.url)
    yield engine
    engine.dispose()


def _issue(session: Session, key: uuid.UUID, note: str = "kuitansi") -> str:
    """A deed as the program writes them: the key is looked up first."""
    done = session.execute(text("SELECT note FROM deed WHERE request_id = :key"), {"key": key}).scalar()
    if done is None:
        session.execute(text("INSERT INTO deed VALUES (:key, :note)"), {"key": key, "note": note})
        done = note
    return str(done)


def _do(engine: Engine, *statements: str) -> None:
    with transaction(engine) as session:
        for statement in statements:
            session.execute(text(statement))


def _count(engine: Engine) -> int:
    with reading(engine) as session:
        return int(session.execute(text("SELECT count(*) FROM deed")).scalar_one())


# transactions


def test_a_transaction_is_kept_as_a_whole(engine: Engine) -> None:
    with transaction(engine) as session:
        _issue(session, uuid.uuid4())
        _issue(session, uuid.uuid4())
    assert _count(engine) == 2


def _one_row(connection: Connection) -> None:
    connection.execute(text("INSERT INTO deed VALUES (:key, 'a')"), {"key": uuid.uuid4()})


def _many_rows(connection: Connection) -> None:
    connection.execute(text("INSERT INTO deed VALUES (:key, 'a')"), [{"key": uuid.uuid4()}, {"key": uuid.uuid4()}])


def _a_cursor(connection: Connection) -> None:
    assert connection.execute(text("SELECT 1").execution_options(stream_results=True)).scalars().all() == [1]
    connection.execute(text("INSERT INTO deed VALUES (NULL, 'a')"))


def _a_plain_statement(connection: Connection) -> None:
    connection.execution_options(no_parameters=True).exec_driver_sql("INSERT INTO deed VALUES (NULL, 'a')")


@pytest.mark.parametrize("first", [_one_row, _many_rows, _a_cursor, _a_plain_statement])
def test_a_transaction_that_raises_leaves_nothing(engine: Engine, first: Callable[[Connection], None]) -> None:
    def fails() -> None:
        with transaction(engine) as session:
            first(session.connection())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert _count(engine) == 0


def test_a_transaction_after_a_failed_one_starts_anew(engine: Engine) -> None:
    with pytest.raises(IntegrityError):
        _do(engine, "INSERT INTO deed VALUES (NULL, 'a')", "INSERT INTO deed VALUES (NULL, NULL)")
    with transaction(engine) as session:
        _issue(session, uuid.uuid4())
    assert _count(engine) == 1


def test_a_session_is_set_up_for_the_office(bare: Database) -> None:
    engine = engine_for(bare.url, application_name="Meja PST 1.2", zone="Asia/Makassar")
    with transaction(engine) as session:
        answers = session.execute(
            text(
                "SELECT current_setting('timezone'), current_setting('application_name'),"
                " current_setting('search_path'), current_setting('lock_timeout'), current_setting('statement_timeout')"
            )
        ).one()
    assert tuple(answers) == ("Asia/Makassar", "Meja PST 1.2", "desk,pg_temp", "5s", "12s")
    with reading(engine) as session:
        moment = datetime(2026, 12, 31, 18, 30, tzinfo=UTC)
        year = session.execute(text("SELECT extract(year FROM CAST(:moment AS timestamptz))"), {"moment": moment})
        assert year.scalar_one() == 2027
    engine.dispose()


# round trips: what a deed costs on a slow line


def test_begin_travels_with_the_first_statement(engine: Engine) -> None:
    with transaction(engine) as session:
        session.execute(text("SELECT 1"))
    with query_log(engine) as log, transaction(engine) as session:
        session.execute(text("SELECT value FROM counter WHERE id = 1 FOR UPDATE"))
        session.execute(text("UPDATE counter SET value = value + 1 WHERE id = 1"))
    assert len(log.statements) == 2
    assert log.round_trips == 3, log  # the two and COMMIT


def test_a_list_is_one_round_trip(engine: Engine) -> None:
    _count(engine)
    with query_log(engine) as log:
        _count(engine)
    assert log.round_trips == len(log.statements) == 1, log


def test_a_connection_that_rested_is_used_without_asking_first(engine: Engine) -> None:
    _count(engine)
    with query_log(engine) as log:
        for _ in range(3):
            _count(engine)
    assert log.round_trips == 3, log


def test_a_question_on_the_window_thread_is_noticed(engine: Engine) -> None:
    with pytest.raises(AssertionError, match="asked on the window's thread"), no_queries_on_gui_thread(engine):
        _count(engine)
    with no_queries_on_gui_thread(engine):
        worker = threading.Thread(target=_count, args=(engine,))
        worker.start()
        worker.join()


# lost lines


def test_each_deed_is_done_once_whatever_the_line_does(proxy: CuttingProxy, cut_engine: Engine) -> None:
    keys = [uuid.uuid4() for _ in range(12)]
    proxy.cuts = ["after", "before", "pass", "before", "after", "pass"] * 4
    told = [run_deed(cut_engine, lambda session, key=key: _issue(session, key, str(key)), key=key) for key in keys]  # type: ignore[misc]
    proxy.cuts = []
    assert told == [str(key) for key in keys]
    assert proxy.done.count("after") >= 4
    assert proxy.done.count("before") >= 4
    assert _count(cut_engine) == len(keys)


def test_a_commit_whose_answer_stays_lost_is_an_outcome_unknown(proxy: CuttingProxy, cut_engine: Engine) -> None:
    key = uuid.uuid4()
    proxy.cuts = ["after"]
    with pytest.raises(OutcomeUnknown, match="tidak akan tersimpan dua kali") as unknown:
        run_deed(cut_engine, lambda session: _issue(session, key), key=key, deadline=0)
    assert unknown.value.key == key
    assert run_deed(cut_engine, lambda session: _issue(session, key, "another"), key=key) == "kuitansi"
    assert _count(cut_engine) == 1


def test_a_commit_that_never_left_is_told_from_one_that_may_have(proxy: CuttingProxy, cut_engine: Engine) -> None:
    key = uuid.uuid4()

    def work(session: Session) -> None:
        _issue(session, key)
        proxy.cut_all()
        session.execute(text("SELECT 1"))

    with pytest.raises(Unavailable, match="perubahan belum disimpan") as away:
        run_deed(cut_engine, work, key=key, deadline=0)
    assert not isinstance(away.value, OutcomeUnknown)
    assert _count(cut_engine) == 0


class _Base(DeclarativeBase):
    pass


class _Deed(_Base):
    __tablename__ = "deed"
    request_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    note: Mapped[str]


def test_a_line_that_breaks_while_the_last_rows_are_written_leaves_surely_nothing(
    proxy: CuttingProxy, cut_engine: Engine
) -> None:
    key = uuid.uuid4()

    def work(session: Session) -> None:
        session.execute(text("SELECT 1"))
        session.add(_Deed(request_id=key, note="kuitansi"))
        proxy.cut_all()

    with pytest.raises(Unavailable, match="perubahan belum disimpan") as away:
        run_deed(cut_engine, work, key=key, deadline=0)
    assert not isinstance(away.value, OutcomeUnknown)
    assert _count(cut_engine) == 0


def test_a_lost_commit_outside_a_deed_is_not_called_failed(proxy: CuttingProxy, cut_engine: Engine) -> None:
    proxy.cuts = ["after"]
    with pytest.raises(OutcomeUnknown), transaction(cut_engine) as session:
        _issue(session, uuid.uuid4())
    assert _count(cut_engine) == 1


def test_a_double_click_on_two_lines_is_one_deed(bare: Database) -> None:
    key = uuid.uuid4()
    both_have_looked = threading.Barrier(2)
    told = []

    def click(note: str) -> None:
        looked = threading.Event()

        def work(session: Session) -> str:
            done = session.execute(text("SELECT note FROM deed WHERE request_id = :key"), {"key": key}).scalar()
            if not looked.is_set():
                looked.set()
                both_have_looked.wait(10)
            if done is None:
                session.execute(text("INSERT INTO deed VALUES (:key, :note)"), {"key": key, "note": note})
                return note
            return str(done)

        engine = engine_for(bare.url)
        told.append(run_deed(engine, work, key=key))
        engine.dispose()

    clicks = [threading.Thread(target=click, args=(note,)) for note in ("left", "right")]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join(30)
    assert len(told) == 2
    assert len(set(told)) == 1


def test_two_deeds_in_a_deadlock_both_get_done(bare: Database) -> None:
    both_hold_one = threading.Barrier(2)
    errors: list[BaseException] = []

    def deed(mine: int, yours: int) -> None:
        met = threading.Event()

        def work(session: Session) -> None:
            session.execute(text("UPDATE counter SET value = value + 1 WHERE id = :id"), {"id": mine})
            if not met.is_set():
                met.set()
                both_hold_one.wait(10)
            session.execute(text("UPDATE counter SET value = value + 1 WHERE id = :id"), {"id": yours})

        engine = engine_for(bare.url)
        try:
            run_deed(engine, work, key=uuid.uuid4())
        except BaseException as error:  # noqa: BLE001 - told to the test's own thread
            errors.append(error)
        engine.dispose()

    deeds = [threading.Thread(target=deed, args=pair) for pair in ((1, 2), (2, 1))]
    for thread in deeds:
        thread.start()
    for thread in deeds:
        thread.join(30)
    assert not errors
    with bare.engine().connect() as connection:
        assert connection.execute(text("SELECT array_agg(value) FROM desk.counter")).scalar_one() == [2, 2]


def test_a_silent_line_is_given_up(proxy: CuttingProxy, cut_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "_ANSWER_SECONDS", 0.3)

    def work(session: Session) -> None:
        session.execute(text("SELECT 1"))
        proxy.silent.set()
        session.execute(text("SELECT 1"))

    with pytest.raises(Unavailable, match="tidak terhubung"):
        run_deed(cut_engine, work, key=uuid.uuid4(), deadline=0)
    proxy.silent.clear()
    assert _count(cut_engine) == 0


def test_a_line_the_server_closed_overnight_is_replaced_unnoticed(bare: Database, engine: Engine) -> None:
    with reading(engine) as session:
        number = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with bare.engine().connect() as owner:
        owner.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
    with reading(engine) as session:
        assert session.execute(text("SELECT pg_backend_pid()")).scalar_one() != number


# what a person reads


def _raising(code: str, said: str = "x") -> str:
    return f"DO $$ BEGIN RAISE EXCEPTION '{said}' USING ERRCODE = '{code}'; END $$"


def test_a_trigger_says_its_own_sentence(engine: Engine) -> None:
    with pytest.raises(Refused, match=r"^Kuitansi yang sudah terbit tidak dapat diubah\.$"):
        _do(engine, _raising("42501", "desk: Kuitansi yang sudah terbit tidak dapat diubah."))


@pytest.mark.parametrize(
    "guard",
    [
        "ALTER TABLE counter ADD CONSTRAINT c CHECK (value < 5); COMMENT ON CONSTRAINT c ON counter",
        "ALTER TABLE counter ADD CONSTRAINT c UNIQUE (value) DEFERRABLE INITIALLY DEFERRED;"  # noqa: ISC004
        "COMMENT ON CONSTRAINT c ON counter",
        "CREATE UNIQUE INDEX i ON counter (value); COMMENT ON INDEX i",
    ],
    ids=["check", "unique, at commit", "unique index"],
)
def test_a_constraint_says_the_sentence_of_its_comment(bare: Database, engine: Engine, guard: str) -> None:
    with bare.engine().begin() as owner:
        owner.exec_driver_sql(f"SET search_path = desk; UPDATE counter SET value = id; {guard} IS 'desk: Penuh.'")
    with pytest.raises(Refused, match=r"^Penuh\.$"):
        _do(engine, "UPDATE counter SET value = 9")


def test_a_constraint_without_a_sentence_is_a_bug_and_stays_one(engine: Engine) -> None:
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.execute(text("INSERT INTO counter VALUES (1)"))


def test_what_a_person_may_not_do_is_refused_with_a_sentence(bare: Database) -> None:
    with bare.engine().begin() as owner:
        roles.create_groups(owner)
        owner.execute(text("GRANT USAGE ON SCHEMA desk TO desk_person"))
    engine = engine_for(bare.url_for(bare.login("ani", roles.OFFICER)))
    with pytest.raises(Refused, match=r"^Anda tidak berwenang") as refused, transaction(engine) as session:
        session.execute(text("DELETE FROM deed"))
    assert refused.value.__notes__ == ["permission denied for table deed"]
    engine.dispose()


def test_data_changed_by_another_person_is_refused_with_a_sentence(engine: Engine) -> None:
    with pytest.raises(Refused, match="baru saja diubah orang lain"):
        _do(engine, _raising("40001"))


@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        (["SET LOCAL statement_timeout = 1", "SELECT pg_sleep(5)"], "terlalu lama menjawab"),
        (["SET TRANSACTION READ ONLY", "DELETE FROM deed"], "hanya bisa dibaca"),
        ([_raising("55P03")], "sedang dipakai petugas lain"),
        ([_raising("53100")], "Disk server basis data penuh"),
        ([_raising("57P03")], "tidak terhubung"),
    ],
    ids=["slow", "read only", "locked", "disk full", "starting"],
)
def test_trouble_of_the_server_is_a_sentence(engine: Engine, statements: list[str], sentence: str) -> None:
    with pytest.raises(Unavailable, match=sentence) as trouble:
        _do(engine, *statements)
    assert str(trouble.value).endswith(".")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": "salah"}, r"kata sandi basis data ditolak"),
        ({"database": "tidak_ada"}, r"tidak ada di server"),
        ({"port": 1}, r"Periksa jaringan"),
        ({"host": "tidak.ada.invalid", "query": {"sslmode": "disable"}}, r"Nama server basis data tidak ditemukan"),
    ],
    ids=["password", "database", "server away", "name"],
)
def test_a_refused_connection_says_what_to_do(bare: Database, change: dict[str, object], sentence: str) -> None:
    engine = engine_for(bare.url.set(**change))  # type: ignore[arg-type]
    with pytest.raises(Unavailable, match=sentence), transaction(engine) as session:
        session.execute(text("SELECT 1"))
    with pytest.raises(Unavailable, match=sentence):
        run_deed(engine, lambda session: session.execute(text("SELECT 1")), key=uuid.uuid4(), deadline=0)


def test_a_wrong_password_is_not_tried_again_and_again(bare: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engine_for(bare.url.set(password="salah"))
    asked = []
    connect = adapter.WatchedConnection.connect

    def counted(*arguments: object, **parameters: object) -> psycopg.Connection[object]:
        asked.append(1)
        return connect(*arguments, **parameters)  # type: ignore[arg-type]

    monkeypatch.setattr(adapter.WatchedConnection, "connect", counted)
    with pytest.raises(Unavailable):
        run_deed(engine, lambda session: session.execute(text("SELECT 1")), key=uuid.uuid4(), deadline=60)
    assert len(asked) == 1


def test_an_old_server_is_refused_with_a_sentence(bare: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "OLDEST_SERVER", 99)
    engine = engine_for(bare.url)
    with pytest.raises(Unavailable, match=r"memakai PostgreSQL \d+, terlalu lama"), transaction(engine) as session:
        session.execute(text("SELECT 1"))
    assert adapter.server_refused(150018)
    monkeypatch.undo()
    assert adapter.server_refused(150018) is None
    assert adapter.server_refused(149999) is not None


# the line itself


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("postgresql://ani@127.0.0.1/pst", False),
        ("postgresql://ani@localhost/pst", False),
        ("postgresql://ani@[::1]/pst", False),
        ("postgresql:///pst?host=/run/postgresql", False),
        ("postgresql://ani@db1.office.lan/pst", True),
        ("postgresql://ani@192.168.10.5:5433/pst", True),
        ("postgresql://ani@127.0.0.1.evil.example/pst", True),
        ("postgresql://ani@/pst?host=db1:5432&host=db2:5432", True),
        ("postgresql://ani@/pst?host=127.0.0.1:5432&host=db2:5432", True),
    ],
)
def test_a_server_on_another_computer_must_prove_who_it_is(given: str, safe: bool) -> None:
    query = secured(given).query
    assert (query.get("sslmode") == "verify-full") is safe
    assert (query.get("channel_binding") == "require") is safe
    assert (query.get("require_auth") == "scram-sha-256") is safe


def test_the_address_may_name_its_own_rules() -> None:
    address = secured("postgresql://ani@db1/pst?sslmode=disable")
    assert address.query["sslmode"] == "disable"
    assert "channel_binding" not in address.query
    assert address.drivername == "postgresql+psycopg"
    assert (
        secured(make_url("postgres://db1/pst?sslmode=verify-full&sslrootcert=ca.pem")).query["sslrootcert"] == "ca.pem"
    )
