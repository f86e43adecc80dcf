"""What the log says, and who may read it: only the auditors of an office, and nobody may write."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from desk import __version__
from desk.adapters import schema
from desk.models import Base
from desk.rules.case import Money
from desk.services import audit
from tests.office import JAMBI, PALEMBANG, PAPUA, Office, Ref

MACHINERY = {
    "office_clock", "change", "file_chunk", "alembic_version", "search_entry", "presence", "case_look",
}  # fmt: skip
"""Not written down: change numbers, bytes whose hash is their name, the word book made of what is written down,
and who looks at what."""

TABLES = ("log", "block", "head", "chain")


def entries(office: Office, **where: Any) -> list[dict[str, Any]]:
    conditions = " AND ".join(f"{column} = :{column}" for column in where)
    return office.rows(f"SELECT * FROM audit.log WHERE {conditions} ORDER BY id", **where)


def of_last_deed(office: Office) -> list[dict[str, Any]]:
    return office.rows("SELECT * FROM audit.log WHERE xid = (SELECT max(xid) FROM audit.log) ORDER BY id")


def test_every_table_of_the_office_is_written_down(busy_office: Office) -> None:
    rows = busy_office.rows(
        "SELECT c.relname AS name, bool_or(g.tgname = 'audit' AND g.tgenabled = 'O') AS watched FROM pg_class c "
        "LEFT JOIN pg_trigger g ON g.tgrelid = c.oid "
        "WHERE c.relnamespace = 'desk'::regnamespace AND c.relkind IN ('r', 'p') GROUP BY 1"
    )
    assert {row["name"] for row in rows if not row["watched"]} == MACHINERY


def test_entries_are_named_by_the_key_of_their_table(busy_office: Office) -> None:
    rows = busy_office.rows(
        "SELECT c.relname AS name, split_part(encode(g.tgargs, 'escape'), '\\000', 1) AS told, "
        " (SELECT string_agg(a.attname, ',' ORDER BY k.position) FROM pg_index i, "
        "  unnest(i.indkey) WITH ORDINALITY AS k(number, position), pg_attribute a WHERE i.indrelid = c.oid "
        "  AND i.indisprimary AND a.attrelid = c.oid AND a.attnum = k.number AND a.attname <> 'office_id') AS key "
        "FROM pg_class c JOIN pg_trigger g ON g.tgrelid = c.oid AND g.tgname = 'audit'"
    )
    assert len(rows) > 30
    assert [row for row in rows if row["told"] != row["key"]] == []


def test_what_is_compared_with_the_log_are_final_facts(busy_office: Office) -> None:
    final = {
        row["name"]
        for row in busy_office.rows(
            "SELECT tgrelid::regclass::text AS name FROM pg_trigger WHERE tgname = 'final' AND tgrelid::regclass::text "
            "NOT LIKE 'audit.%'"
        )
    }
    lines = {"desk.invoice_line"}  # written together with their invoice, and never again
    assert {f"desk.{table}" for table in audit.FACTS} <= final | lines


def test_the_models_of_the_log_are_in_step_with_the_database(busy_office: Office) -> None:
    with busy_office.owner() as connection:
        found = [str(difference) for difference in schema.differences(connection, Base.metadata)]
    assert [difference for difference in found if "audit" in difference] == []


def test_a_deed_leaves_one_entry_per_changed_row_and_says_who_did_it_from_where(office: Office) -> None:
    case = office.clear_case()
    rina = office.as_("rina")
    rina.do("issue_invoice", case)
    written = of_last_deed(office)
    assert sorted(f"{row['op']} {row['table_name']}" for row in written) == [
        "I agreement", "I counter", "I counter", "I event", "I invoice", "I invoice_line", "I invoice_line",
        "I letter_number", "I letter_number", "U cases",
    ]  # fmt: skip
    assert {row["actor"] for row in written} == {rina.login}
    assert {row["program"] for row in written} == {f"Meja PST {__version__}"}
    assert {str(row["address"]) for row in written} == {"127.0.0.1"}
    assert {row["office_id"] for row in written} == {PALEMBANG}


def test_of_a_changed_row_the_log_tells_what_changed_and_nothing_else(office: Office) -> None:
    case = office.clear_case()
    before = office.row(case)
    office.as_("rina").do("issue_invoice", case)
    (entry,) = [row for row in of_last_deed(office) if row["table_name"] == "cases"]
    assert set(entry["old"]) == set(entry["new"])
    assert (entry["old"]["money"], entry["new"]["money"]) == ("none", "invoiced")
    assert {"stage", "officer_why"} <= set(entry["new"])
    assert not {"number", "customer_name", "abstract", "words"} & set(entry["new"])
    assert entry["key"] == str(before["id"])


def test_an_update_that_changes_nothing_leaves_no_entry(office: Office) -> None:
    case = office.new_case()
    before = len(entries(office, office_id=PALEMBANG))
    with office.owner() as connection:
        connection.execute(text("UPDATE desk.cases SET claimed_by = claimed_by WHERE id = :id"), {"id": case.id})
    assert len(entries(office, office_id=PALEMBANG)) == before


def test_identity_numbers_and_file_contents_are_kept_as_a_hash(office: Office) -> None:
    office.new_case()
    (customer,) = entries(office, table_name="customer", office_id=PALEMBANG)
    assert len(customer["new"]["id_number"]) == 64
    assert "9901015203950001" not in str(customer)
    template = entries(office, table_name="template")[0]
    assert len(template["new"]["content"]) == 64


def test_emptying_a_table_is_written_down(office: Office) -> None:
    with office.owner() as connection:
        connection.execute(text("TRUNCATE desk.holiday"))
    (entry,) = entries(office, op="T")
    assert entry["table_name"] == "holiday"


# who may read


def test_the_auditor_reads_the_log_of_his_offices_and_finds_it_intact(office: Office) -> None:
    office.case_at(money=Money.RECEIPTED)
    office.case_at(office_id=JAMBI)
    office.new_case(PAPUA)
    wati = office.as_("wati")
    with wati.psql() as connection:
        rows = connection.execute("SELECT DISTINCT office_id FROM audit.log").fetchall()
        assert {row["office_id"] for row in rows} == {0, PALEMBANG, JAMBI}
        assert connection.execute("SELECT audit.seal() AS rows").fetchone() != {"rows": 0}
    with Session(wati.engine) as session, session.begin():
        assert audit.seal(session) > 0
    with Session(wati.engine) as session:
        assert list(audit.verify(session)) == []
        assert {head.office_id for head in audit.heads(session)} == {0, PALEMBANG, JAMBI}


@pytest.mark.parametrize("name", ["rina", "hendra", "tono"])
@pytest.mark.parametrize("table", TABLES)
def test_nobody_else_reads_it(busy_office: Office, name: str, table: str) -> None:
    with busy_office.as_(name).psql() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"SELECT FROM audit.{table}")


def test_the_treasurer_sees_heads_of_his_own_office_and_no_entry(office: Office) -> None:
    office.new_case()
    office.new_case(JAMBI)
    with office.as_("budi").psql() as connection:
        connection.execute("SELECT audit.seal()")
        connection.commit()
        rows = connection.execute("SELECT DISTINCT office_id FROM audit.block").fetchall()
        assert {row["office_id"] for row in rows} == {0, PALEMBANG}
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT FROM audit.log")


def test_being_an_officer_elsewhere_shows_no_log_of_that_office(office: Office) -> None:
    office.new_case(PAPUA)
    wati = office.as_("wati")
    with office.owner() as connection:
        connection.execute(
            text("INSERT INTO desk.duty (office_id, login, duty) VALUES (:office, :login, 'officer')"),
            {"office": PAPUA, "login": wati.login},
        )
    with wati.psql() as connection:
        assert connection.execute("SELECT FROM desk.cases WHERE office_id = %s", [PAPUA]).fetchall() != []
        assert connection.execute("SELECT FROM audit.log WHERE office_id = %s", [PAPUA]).fetchall() == []


def test_a_duty_that_ended_shows_no_log(office: Office) -> None:
    case: Ref = office.new_case(JAMBI)
    wati = office.as_("wati")
    with office.owner() as connection:
        connection.execute(
            text("UPDATE desk.duty SET ends_on = '2026-11-01' WHERE login = :login AND office_id = 1571"),
            {"login": wati.login},
        )
    with wati.psql() as connection:
        rows = connection.execute("SELECT FROM audit.log WHERE office_id = %s", [case.office_id]).fetchall()
    assert rows == []


# who may write


@pytest.mark.parametrize("name", ["rina", "budi", "hendra", "tono", "wati"])
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit.log (office_id, table_name, op, key) VALUES (1600, 'invoice', 'I', 'x')",
        "UPDATE audit.log SET new = '{}'",
        "UPDATE audit.log SET block = NULL",
        "DELETE FROM audit.log",
        "TRUNCATE audit.log",
        "INSERT INTO audit.block VALUES (1600, 99, 1, 0, '', '', '', now())",
        "UPDATE audit.block SET hash = ''",
        "DELETE FROM audit.block",
        "DELETE FROM audit.head",
        "UPDATE audit.chain SET id = gen_random_uuid()",
        "ALTER TABLE desk.invoice DISABLE TRIGGER audit",
        "SET session_replication_role = replica",
        "SELECT audit.record()",
        "SELECT audit.watch('office_clock', 'office_id')",
        "CREATE TABLE audit.other (x int)",
        "SET ROLE desk_recorder",
    ],
)
def test_no_person_writes_the_log(busy_office: Office, name: str, statement: str) -> None:
    with busy_office.as_(name).psql() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit.log SET new = '{}' WHERE office_id = 1600",
        "UPDATE audit.log SET block = NULL WHERE block = 1",
        "UPDATE audit.log SET block = 2 WHERE block = 1",
        "DELETE FROM audit.log",
        "TRUNCATE audit.log",
        "DELETE FROM audit.block",
        "UPDATE audit.block SET rows = 1",
        "TRUNCATE audit.block CASCADE",
    ],
)
def test_even_the_owner_is_refused_with_a_sentence_while_triggers_are_on(office: Office, statement: str) -> None:
    office.new_case()
    with office.owner() as connection:
        connection.execute(text("SELECT audit.seal()"))
    with pytest.raises(Exception, match="Catatan audit tidak dapat diubah atau dihapus"), office.owner() as connection:
        connection.execute(text(statement))


def test_a_head_is_signed_by_the_one_who_inserts_it_and_only_for_a_block_that_exists(office: Office) -> None:
    office.new_case()
    budi = office.as_("budi")
    head = "INSERT INTO audit.head (office_id, no, public_key, hash, signed_at, signature) "
    with budi.psql() as connection:
        connection.execute("SELECT audit.seal()")
        connection.commit()
        connection.execute(head + "SELECT office_id, no, 'k', hash, now(), 's' FROM audit.block WHERE office_id = 1600")
        row = connection.execute("SELECT signed_by FROM audit.head").fetchone()
        assert row == {"signed_by": budi.login}
        connection.commit()
        for statement, refusal in (
            (head + "VALUES (1600, 1, 'k2', 'another hash', now(), 's')", psycopg.errors.ForeignKeyViolation),
            (head + "VALUES (1571, 1, 'k', 'x', now(), 's')", psycopg.errors.InsufficientPrivilege),
            ("INSERT INTO audit.head (signed_by) VALUES ('rina')", psycopg.errors.InsufficientPrivilege),
        ):
            with pytest.raises(refusal):
                connection.execute(statement)
            connection.rollback()


def test_the_rights_on_the_log_are_these_and_no_others(busy_office: Office) -> None:
    rows = busy_office.rows(
        "SELECT c.relname AS name, a.grantee::regrole::text AS role, a.privilege_type AS verb "
        "FROM pg_class c, aclexplode(c.relacl) a WHERE c.relnamespace = 'audit'::regnamespace AND c.relkind = 'r' "
        "AND a.grantee <> c.relowner"
    )
    assert {(row["name"], row["role"].removeprefix("desk_"), row["verb"]) for row in rows} == {
        *((table, role, "SELECT") for table in TABLES for role in ("auditor", "backup")),
        *((table, "treasurer", "SELECT") for table in ("block", "head", "chain")),
        *((table, "recorder", "SELECT") for table in ("log", "block", "chain")),
        *((table, "recorder", "INSERT") for table in ("log", "block")),
    }
    columns = busy_office.rows(
        "SELECT t.attname AS name, a.grantee::regrole::text AS role, a.privilege_type AS verb FROM pg_attribute t "
        "JOIN pg_class c ON c.oid = t.attrelid, aclexplode(t.attacl) a WHERE c.relnamespace = 'audit'::regnamespace"
    )
    assert {row["name"] for row in columns if row["verb"] == "UPDATE"} == {"block", "one"}
    assert {row["role"] for row in columns if row["verb"] == "UPDATE"} == {"desk_recorder"}
    assert {row["role"] for row in columns if row["verb"] == "INSERT"} == {"desk_auditor", "desk_treasurer"}
    assert "signed_by" not in {row["name"] for row in columns}


def test_what_runs_with_more_rights_than_its_caller_belongs_to_a_powerless_role(busy_office: Office) -> None:
    rows = busy_office.rows(
        "SELECT proname AS name, pg_get_userbyid(proowner) AS owner FROM pg_proc "
        "WHERE pronamespace = 'audit'::regnamespace AND prosecdef"
    )
    assert {(row["name"], row["owner"]) for row in rows} == {
        ("commit_safely", "desk_recorder"),
        ("my_offices", "desk_owner"),
        ("record", "desk_recorder"),
        ("seal", "desk_recorder"),
        ("story", "desk_recorder"),
    }
