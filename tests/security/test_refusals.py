"""What PostgreSQL itself refuses to a person with a password and `psql`, program or no program."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors, sql

from desk.rules.case import Data, Money, Original
from desk.rules.inputs import IncomingMessage
from desk.services import prints
from tests import inputs
from tests.office import JAMBI, PALEMBANG, Office, Person, Ref
from tests.security.test_rights import INSERTED_BY, NOT_READ_BY_PEOPLE, WITHOUT_POLICY

NOT_ALLOWED = errors.InsufficientPrivilege
FACTS = sorted(set(INSERTED_BY) - WITHOUT_POLICY - {"change", "counter", "office_clock", "file_chunk", "prepared_file"})


@pytest.fixture(scope="module")
def full(busy_office: Office) -> dict[str, Ref]:
    """Cases of Palembang and Jambi that between them have left a row in nearly every table."""
    rina, budi = busy_office.as_("rina"), busy_office.as_("budi")
    corrected = busy_office.case_at(money=Money.RECEIPTED, original=Original.FILED, data=Data.CORRECTING)
    busy_office.make_papers(corrected)
    with rina.session() as session:
        paper = busy_office.rows("SELECT id FROM desk.document WHERE paper = 'invoice'")[0]["id"]
        prints.note_print(session, PALEMBANG, corrected.id, paper, printer="Meja 1")
    overridden = busy_office.case_at(data=Data.DELIVERED)
    voided = busy_office.case_at(money=Money.RECEIPTED)
    budi.do("void_receipt", voided)
    rejected = busy_office.case_at(money=Money.PROOF)
    budi.do("reject_proof", rejected)
    rina.do("void_invoice", rejected)
    free = busy_office.clear_case(percent=100)
    redirected = busy_office.new_case()
    rina.do("redirect_case", redirected)
    card = busy_office.new_case(asked=inputs.registration(messages=_with_card()))
    return {
        "corrected": corrected,
        "overridden": overridden,
        "voided": voided,
        "free": free,
        "card": card,
        "jambi": busy_office.case_at(office_id=JAMBI, money=Money.RECEIPTED),
    }


def _with_card() -> tuple[Any, ...]:
    card = inputs.pdf("ktp.pdf", protected=True, data=b"%PDF-1.7 kartu identitas rekaan")
    return (IncomingMessage("Sari", "Terlampir KTP.", files=(card,)),)


@pytest.fixture
def rina(busy_office: Office, full: Mapping[str, Ref]) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """An officer of Palembang at psql."""
    with busy_office.as_("rina").psql() as connection:
        yield connection


@pytest.fixture
def budi(busy_office: Office, full: Mapping[str, Ref]) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """A treasurer of Palembang at psql."""
    with busy_office.as_("budi").psql() as connection:
        yield connection


def insert(connection: psycopg.Connection[Any], table: str, **values: Any) -> None:
    """INSERT as a person would type it."""
    names = sql.SQL(", ").join(map(sql.Identifier, values))
    places = sql.SQL(", ").join(sql.Placeholder() * len(values))
    statement = sql.SQL("INSERT INTO desk.{} ({}) VALUES ({})").format(sql.Identifier(table), names, places)
    connection.execute(statement, [json.dumps(v) if isinstance(v, dict | list) else v for v in values.values()])


def only(connection: psycopg.Connection[dict[str, Any]], statement: str, *values: Any) -> dict[str, Any]:
    row = connection.execute(statement.encode(), values).fetchone()
    assert row is not None
    return row


# somebody else's office


@pytest.mark.parametrize("table", sorted(set(INSERTED_BY) - WITHOUT_POLICY - NOT_READ_BY_PEOPLE))
def test_the_rows_of_another_office_cannot_be_seen(busy_office: Office, full: Mapping[str, Ref], table: str) -> None:
    for name, offices in (("rina", {0, PALEMBANG}), ("yuni", {0, JAMBI}), ("surya", {0, JAMBI, 1500})):
        with busy_office.as_(name).psql() as connection:
            rows = connection.execute(
                sql.SQL("SELECT DISTINCT office_id FROM desk.{}").format(sql.Identifier(table))
            ).fetchall()
        assert {row["office_id"] for row in rows} <= offices, name


def test_an_auditor_reads_both_offices_and_writes_nothing(busy_office: Office, full: Mapping[str, Ref]) -> None:
    with busy_office.as_("wati").psql() as wati:
        seen = {row["office_id"] for row in wati.execute("SELECT DISTINCT office_id FROM desk.cases").fetchall()}
        assert seen == {PALEMBANG, JAMBI}
    for table, groups in INSERTED_BY.items():
        for verb in ("INSERT INTO desk.{} DEFAULT VALUES", "DELETE FROM desk.{}"):
            with busy_office.as_("wati").psql() as wati, pytest.raises(NOT_ALLOWED):
                wati.execute(sql.SQL(verb).format(sql.Identifier(table)))
        assert "desk_auditor" not in groups


def test_nobody_writes_into_another_office(busy_office: Office, full: Mapping[str, Ref]) -> None:
    jambi = full["jambi"]
    with busy_office.as_("rina").psql() as rina, pytest.raises(NOT_ALLOWED):
        insert(
            rina, "message", office_id=JAMBI, id=uuid4(), case_id=jambi.id, kind="internal", channel="email", body="x"
        )
    with busy_office.as_("rina").psql() as rina, pytest.raises(NOT_ALLOWED):
        insert(rina, "customer", office_id=JAMBI, id=uuid4(), name="Rekaan", customer_class="person")
    with busy_office.as_("rina").psql() as rina:
        changed = rina.execute("UPDATE desk.customer SET name = 'Lain' WHERE office_id = %s", [JAMBI])
        assert changed.rowcount == 0
    with busy_office.as_("rina").psql() as rina, pytest.raises(NOT_ALLOWED):
        rina.execute("SELECT desk.announce(%s, %s)", [JAMBI, jambi.id])
    with busy_office.as_("rina").psql() as rina, pytest.raises(NOT_ALLOWED, match="bukan kantor Anda"):
        insert(
            rina, "cases", office_id=JAMBI, id=uuid4(), customer_id=uuid4(), customer_name="x", channel="email"
        )  # not even a number of the other office is used up
    assert busy_office.rows("SELECT last FROM desk.counter WHERE office_id = :o AND kind = 'case'", o=JAMBI) == [
        {"last": 1}
    ]


# facts are final


@pytest.mark.parametrize("name", ["rina", "budi", "hendra", "tono", "wati"])
@pytest.mark.parametrize("table", FACTS)
def test_no_person_changes_or_removes_a_fact(
    busy_office: Office, full: Mapping[str, Ref], name: str, table: str
) -> None:
    attempts = ["TRUNCATE desk.{}"]
    if table != "case_line" or name != "rina":  # an officer replaces lines while the request is examined
        attempts.append("DELETE FROM desk.{}")
    if table not in ("cases", "case_line", "customer"):  # their columns stand in the list of rights
        attempts.append("UPDATE desk.{} SET office_id = office_id")
    for attempt in attempts:
        with busy_office.as_(name).psql() as connection, pytest.raises(NOT_ALLOWED):
            connection.execute(sql.SQL(attempt).format(sql.Identifier(table)))


def test_not_even_the_owner_changes_a_fact_by_mistake(busy_office: Office, full: Mapping[str, Ref]) -> None:
    for table in ("invoice", "payment", "receipt", "event", "delivery", "custody", "document", "print_entry"):
        for verb in (f"UPDATE desk.{table} SET office_id = office_id", f"DELETE FROM desk.{table}"):
            with psycopg.connect(
                busy_office.database.url.set(drivername="postgresql").render_as_string(False)
            ) as owner:
                with pytest.raises(NOT_ALLOWED, match="tidak dapat diubah atau dihapus"):
                    owner.execute(verb.encode())
                owner.rollback()


@pytest.mark.parametrize("column", ["stage", "money", "original", "data", "service_due", "officer_queue", "number"])
@pytest.mark.parametrize("name", ["rina", "budi", "hendra"])
def test_no_person_writes_the_course_the_tracks_or_the_promises_of_a_case(
    busy_office: Office, full: Mapping[str, Ref], name: str, column: str
) -> None:
    with busy_office.as_(name).psql() as connection, pytest.raises(NOT_ALLOWED):
        connection.execute(sql.SQL("UPDATE desk.cases SET {0} = {0}").format(sql.Identifier(column)))


def test_who_and_when_are_the_servers_words(busy_office: Office, full: Mapping[str, Ref]) -> None:
    rina, case = busy_office.as_("rina"), full["free"]
    with rina.psql() as connection:
        key = uuid4()
        insert(
            connection, "message", office_id=PALEMBANG, id=key, case_id=case.id, kind="internal", channel="email",
            body="x", by="budi", at="2020-01-01",
        )  # fmt: skip
        row = only(connection, "SELECT by, at = desk.now() AS now FROM desk.message WHERE id = %s", key)
    assert row == {"by": rina.login, "now": True}


def test_number_year_and_day_are_the_servers_words(
    rina: psycopg.Connection[dict[str, Any]], full: Mapping[str, Ref]
) -> None:
    key = uuid4()
    insert(
        rina, "letter", office_id=PALEMBANG, id=key, case_id=full["free"].id, kind="redirect", year=2030, sequence=99,
        number="B-99", issued_on="2020-01-01",
    )  # fmt: skip
    row = only(rina, "SELECT year, sequence, number, issued_on::text FROM desk.letter WHERE id = %s", key)
    assert row == {"year": 2026, "sequence": 2, "number": "KL-002/16000/KS.200/11/2026", "issued_on": "2026-11-23"}


# money


def invoice_of(connection: psycopg.Connection[dict[str, Any]], case: Ref) -> dict[str, Any]:
    return only(connection, "SELECT * FROM desk.invoice WHERE case_id = %s ORDER BY at DESC LIMIT 1", case.id)


def payment_values(invoice: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "office_id": invoice["office_id"],
        "id": uuid4(),
        "case_id": invoice["case_id"],
        "invoice_id": invoice["id"],
        "issued_by": invoice["by"],
        "amount": invoice["total"],
        "received_on": "2026-11-23",
        "channel": "transfer",
        "reference": "TRF",
    } | changes


def receipt_values(payment: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "office_id": payment["office_id"],
        "id": uuid4(),
        "case_id": payment["case_id"],
        "payment_id": payment["id"],
        "amount": payment["amount"],
        "payer": "Sari",
        "purpose": "Invoice",
    } | changes


def test_an_officer_confirms_no_money_and_gives_no_kuitansi(
    rina: psycopg.Connection[dict[str, Any]], full: Mapping[str, Ref]
) -> None:
    invoice = invoice_of(rina, full["overridden"])
    with pytest.raises(NOT_ALLOWED):
        insert(rina, "payment", **payment_values(invoice))
    rina.rollback()
    payment = only(rina, "SELECT * FROM desk.payment LIMIT 1")
    with pytest.raises(NOT_ALLOWED):
        insert(rina, "receipt", **receipt_values(payment))


def test_a_treasurer_issues_no_invoice_and_delivers_nothing(
    budi: psycopg.Connection[dict[str, Any]], full: Mapping[str, Ref]
) -> None:
    for table in ("invoice", "agreement", "payment_proof", "delivery", "preparation_check", "custody"):
        with pytest.raises(NOT_ALLOWED):
            insert(budi, table, office_id=PALEMBANG, id=uuid4(), case_id=full["free"].id)
        budi.rollback()


def test_who_issued_the_invoice_cannot_confirm_its_payment(busy_office: Office, full: Mapping[str, Ref]) -> None:
    gita = busy_office.as_("gita")
    case = busy_office.clear_case(JAMBI)
    gita.do("issue_invoice", case)
    with gita.psql() as connection:
        invoice = invoice_of(connection, case)
        with pytest.raises(errors.CheckViolation):
            insert(connection, "payment", **payment_values(invoice))
        connection.rollback()
        with pytest.raises(errors.ForeignKeyViolation):  # and cannot say that somebody else issued it
            insert(connection, "payment", **payment_values(invoice, issued_by="doni"))


def test_a_payment_is_confirmed_once(budi: psycopg.Connection[dict[str, Any]], full: Mapping[str, Ref]) -> None:
    with pytest.raises(errors.UniqueViolation):
        insert(budi, "payment", **payment_values(invoice_of(budi, full["corrected"])))


@pytest.mark.parametrize("changes", [{"amount": 1}, {"payment_id": UUID(int=7)}])
def test_a_kuitansi_is_only_for_a_confirmed_payment_and_of_exactly_its_amount(
    budi: psycopg.Connection[dict[str, Any]], full: Mapping[str, Ref], changes: dict[str, Any]
) -> None:
    payment = only(budi, "SELECT * FROM desk.payment WHERE case_id = %s", full["voided"].id)
    void = only(budi, "SELECT id FROM desk.receipt WHERE case_id = %s", full["voided"].id)
    with pytest.raises(errors.ForeignKeyViolation):
        insert(budi, "receipt", **receipt_values(payment, replaces=void["id"], **changes))


def test_a_payment_gets_one_kuitansi(budi: psycopg.Connection[dict[str, Any]], full: Mapping[str, Ref]) -> None:
    payment = only(budi, "SELECT * FROM desk.payment WHERE case_id = %s", full["corrected"].id)
    with pytest.raises(errors.UniqueViolation):
        insert(budi, "receipt", **receipt_values(payment))


def test_a_kuitansi_continues_the_chain_whatever_its_writer_says(
    budi: psycopg.Connection[dict[str, Any]], full: Mapping[str, Ref]
) -> None:
    payment = only(budi, "SELECT * FROM desk.payment WHERE case_id = %s", full["voided"].id)
    void = only(budi, "SELECT id FROM desk.receipt WHERE case_id = %s", full["voided"].id)
    before = only(budi, "SELECT hash, sequence FROM desk.receipt ORDER BY sequence DESC LIMIT 1")
    key = uuid4()
    forged = receipt_values(payment, id=key, replaces=void["id"], hash="f" * 64, previous_hash="0", sequence=900)
    insert(budi, "receipt", **forged)
    row = only(budi, "SELECT previous_hash, hash, sequence FROM desk.receipt WHERE id = %s", key)
    assert row["previous_hash"] == before["hash"]
    assert row["hash"] != "f" * 64
    assert row["sequence"] == before["sequence"] + 1


# data and decisions


def test_data_do_not_leave_before_the_gate_is_complete(
    rina: psycopg.Connection[dict[str, Any]], busy_office: Office, full: Mapping[str, Ref]
) -> None:
    unchecked, waiting = busy_office.case_at(data=Data.PREPARED), busy_office.case_at(data=Data.CHECKED)
    for case, words in ((unchecked, "belum lolos"), (waiting, "belum lengkap")):
        prepared = only(rina, "SELECT id FROM desk.preparation WHERE case_id = %s", case.id)
        with pytest.raises(errors.CheckViolation, match=words):
            insert(
                rina, "delivery", office_id=PALEMBANG, id=uuid4(), case_id=case.id, preparation_id=prepared["id"],
                sequence=1, version=1, delivered_on="2026-11-23", channel="email", address="x", manifest=[],
            )  # fmt: skip
        rina.rollback()


def test_files_are_not_checked_by_their_maker(
    rina: psycopg.Connection[dict[str, Any]], busy_office: Office, full: Mapping[str, Ref]
) -> None:
    case = busy_office.case_at(data=Data.PREPARED)
    made = only(rina, "SELECT id, by FROM desk.preparation WHERE case_id = %s", case.id)
    for maker, refused in ((made["by"], errors.CheckViolation), ("fajar", errors.ForeignKeyViolation)):
        with pytest.raises(refused):
            insert(
                rina, "preparation_check", office_id=PALEMBANG, id=uuid4(), case_id=case.id, preparation_id=made["id"],
                made_by=maker, passed=True,
            )  # fmt: skip
        rina.rollback()


def test_who_asked_for_relief_does_not_decide_it(busy_office: Office, full: Mapping[str, Ref]) -> None:
    lina = busy_office.as_("lina")
    case = busy_office.clear_case(JAMBI)
    lina.do("request_relief", case, inputs.relief(busy_office.facts(case).today))
    with lina.psql() as connection:
        relief = only(connection, "SELECT id, by FROM desk.relief WHERE case_id = %s", case.id)
        with pytest.raises(errors.CheckViolation):
            insert(
                connection, "relief_decision", office_id=JAMBI, id=uuid4(), case_id=case.id, relief_id=relief["id"],
                requested_by=relief["by"], approved=True, reason="x",
            )  # fmt: skip


def test_an_officer_opens_no_gate(rina: psycopg.Connection[dict[str, Any]], full: Mapping[str, Ref]) -> None:
    with pytest.raises(NOT_ALLOWED):
        insert(rina, "gate_override", office_id=PALEMBANG, id=uuid4(), case_id=full["free"].id, reason="x", missing="x")


def test_an_under_stamped_original_is_not_accepted(
    rina: psycopg.Connection[dict[str, Any]], full: Mapping[str, Ref]
) -> None:
    agreement = only(rina, "SELECT id FROM desk.agreement WHERE case_id = %s", full["overridden"].id)
    accepted = {"step": "accepted", "on_day": "2026-11-23", "signed_on": "2026-11-23", "stamp_kind": "adhesive"}
    case_id = full["overridden"].id
    paper = {"office_id": PALEMBANG, "case_id": case_id, "agreement_id": agreement["id"], "copy": 1, "position": 9}
    received = {"step": "received", "on_day": "2026-11-23"}
    insert(rina, "custody", id=uuid4(), **paper, **received)
    with pytest.raises(errors.CheckViolation, match="stamp_in_force"):
        insert(rina, "custody", id=uuid4(), **paper, **accepted, stamp_value=6000)
    rina.rollback()
    insert(rina, "custody", id=uuid4(), **paper, **received)
    insert(rina, "custody", id=uuid4(), **paper, **accepted, stamp_value=10_000)
    with pytest.raises(errors.CheckViolation, match="tidak dapat menjalani langkah itu"):
        insert(rina, "custody", id=uuid4(), **paper, **accepted, stamp_value=10_000)


# identity cards


def card_of(connection: psycopg.Connection[dict[str, Any]]) -> dict[str, Any]:
    return only(connection, "SELECT id FROM desk.document WHERE kind = 'id_card' LIMIT 1")


@pytest.mark.parametrize("reason", [None, "", "   "])
def test_an_identity_card_is_not_shown_without_a_reason(
    rina: psycopg.Connection[dict[str, Any]], reason: str | None
) -> None:
    with pytest.raises(NOT_ALLOWED, match="dengan alasan"):
        rina.execute("SELECT * FROM desk.document_bytes(%s, %s, %s)", [PALEMBANG, card_of(rina)["id"], reason])


def test_a_view_of_an_identity_card_is_written_down(
    busy_office: Office, rina: psycopg.Connection[dict[str, Any]]
) -> None:
    card = card_of(rina)
    rows = rina.execute(
        "SELECT * FROM desk.document_bytes(%s, %s, 'Mencocokkan nama')", [PALEMBANG, card["id"]]
    ).fetchall()
    assert b"".join(row["bytes"] for row in rows) == b"%PDF-1.7 kartu identitas rekaan"
    trace = only(rina, "SELECT by, reason FROM desk.view_entry WHERE document_id = %s", card["id"])
    assert trace == {"by": busy_office.as_("rina").login, "reason": "Mencocokkan nama"}


def test_no_file_is_read_past_the_function_and_none_of_another_office(
    busy_office: Office, rina: psycopg.Connection[dict[str, Any]]
) -> None:
    with pytest.raises(NOT_ALLOWED):
        rina.execute("SELECT * FROM desk.file_chunk")
    rina.rollback()
    card = card_of(rina)["id"]
    with busy_office.as_("yuni").psql() as yuni:
        for office_id in (PALEMBANG, JAMBI):
            with pytest.raises(NOT_ALLOWED, match="tidak ditemukan"):
                yuni.execute("SELECT * FROM desk.document_bytes(%s, %s, 'ingin tahu')", [office_id, card])
            yuni.rollback()


# the deed itself


def record(connection: psycopg.Connection[Any], case: Ref, action: str, after: Mapping[str, str] | None = None) -> None:
    connection.execute(
        "SELECT desk.record_deed(%s, %s, %s, %s, 'x', '', %s::jsonb, '{}', '{}')",
        [case.office_id, case.id, uuid4(), action, json.dumps(after or {})],
    )


@pytest.mark.parametrize(
    ("name", "action", "after", "refused"),
    [
        ("rina", "confirm_payment", {"money": "confirmed"}, NOT_ALLOWED),  # not her duty
        ("budi", "deliver", {"data": "delivered"}, NOT_ALLOWED),
        ("tono", "add_message", {}, NOT_ALLOWED),
        ("wati", "add_message", {}, NOT_ALLOWED),
        ("yuni", "issue_receipt", {"money": "receipted"}, NOT_ALLOWED),  # not her office
        ("rina", "add_message", {"money": "receipted"}, errors.CheckViolation),  # not in the table
        ("rina", "start_preparation", {"data": "checked"}, errors.CheckViolation),
        ("rina", "start_preparation", {"stage": "closed"}, errors.CheckViolation),
        ("rina", "steal_everything", {}, errors.CheckViolation),
        ("rina", "check_data", {"data": "checked"}, errors.SerializationFailure),  # not from this state
        ("budi", "issue_receipt", {"money": "receipted"}, errors.SerializationFailure),
        ("rina", "close_case", {"stage": "closed"}, errors.SerializationFailure),
    ],
)
def test_a_deed_that_is_not_in_the_table_is_not_recorded(
    busy_office: Office,
    full: Mapping[str, Ref],
    name: str,
    action: str,
    after: dict[str, str],
    refused: type[psycopg.Error],
) -> None:
    case = busy_office.case_at()
    with busy_office.as_(name).psql() as connection, pytest.raises(refused):
        record(connection, case, action, after)
    assert busy_office.facts(case).money is Money.INVOICED


def test_a_deed_cannot_be_recorded_under_a_key_that_was_used(busy_office: Office, full: Mapping[str, Ref]) -> None:
    rina, case = busy_office.as_("rina"), busy_office.new_case()
    with rina.psql() as connection, pytest.raises(errors.UniqueViolation):
        connection.execute(
            "SELECT desk.record_deed(%s, %s, %s, 'add_message', 'x', '', '{}', '{}', '{}')",
            [case.office_id, case.id, case.id],
        )


# when somebody leaves


def sees(person: Person) -> int:
    with person.psql() as connection:
        return int(only(connection, "SELECT count(*) AS n FROM desk.cases")["n"])


def test_who_is_no_longer_active_sees_nothing_at_the_very_next_statement(office: Office) -> None:
    rina, case = office.as_("rina"), office.new_case()
    with rina.psql() as connection:
        assert only(connection, "SELECT count(*) AS n FROM desk.cases")["n"] == 1
        with office.owner() as owner:
            owner.exec_driver_sql("UPDATE desk.person SET active = false WHERE login = %s", (rina.login,))
        assert only(connection, "SELECT count(*) AS n FROM desk.cases")["n"] == 0
        with pytest.raises(NOT_ALLOWED):
            record(connection, case, "add_message")
    assert "tidak ditemukan di kantor Anda" in rina.refusal("add_message", case)


def test_a_duty_that_ended_yesterday_is_over_and_one_that_ends_today_is_not(office: Office) -> None:
    rina, _ = office.as_("rina"), office.new_case()
    for ends_on, count in (("2026-11-23", 1), ("2026-11-22", 0)):
        with office.owner() as owner:
            owner.exec_driver_sql("UPDATE desk.duty SET ends_on = %s WHERE login = %s", (ends_on, rina.login))
        assert sees(rina) == count


def test_a_duty_that_begins_tomorrow_has_not_begun(office: Office) -> None:
    rina, _ = office.as_("rina"), office.new_case()
    with office.owner() as owner:
        owner.exec_driver_sql("UPDATE desk.duty SET starts_on = '2026-11-24' WHERE login = %s", (rina.login,))
    assert sees(rina) == 0


def test_a_clock_of_its_own_has_only_a_training_database(office: Office) -> None:
    with office.as_("tono").psql() as tono, pytest.raises(NOT_ALLOWED):
        tono.execute("UPDATE desk.installation SET clock = '2020-01-01'")
    with pytest.raises(Exception, match="installation_clock_check"), office.owner() as owner:
        owner.exec_driver_sql("UPDATE desk.installation SET training = false")
