"""What somebody who knows SQL might forge: facts without deeds, deeds without facts. PostgreSQL takes none of it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from psycopg import errors

from desk.rules.case import Data, Money, Original
from desk.rules.inputs import IncomingMessage
from tests import inputs
from tests.office import JAMBI, PALEMBANG, Office
from tests.security.test_refusals import (
    NOT_ALLOWED,
    card_of,
    insert,
    invoice_of,
    only,
    payment_values,
    receipt_values,
    record,
)

WRONG = errors.CheckViolation


def test_a_case_is_born_new(busy_office: Office) -> None:
    busy_office.new_case()
    with busy_office.as_("rina").psql() as rina:
        customer = only(rina, "SELECT id FROM desk.customer WHERE office_id = %s LIMIT 1", PALEMBANG)["id"]
        born = {"office_id": PALEMBANG, "id": uuid4(), "customer_id": customer, "customer_name": "x"}
        with pytest.raises(NOT_ALLOWED):
            insert(rina, "cases", **born, channel="email", stage="active", money="receipted")


@pytest.mark.parametrize(
    ("who", "action", "after", "stands"),
    [
        ("budi", "issue_receipt", {"money": "receipted"}, {"money": Money.CONFIRMED}),
        ("budi", "confirm_payment", {"money": "confirmed"}, {"money": Money.PROOF}),
        ("rina", "accept_original", {"original": "accepted"}, {"original": Original.RECEIVED}),
        ("fajar", "check_data", {"data": "checked"}, {"data": Data.PREPARED}),
        ("rina", "deliver", {"data": "delivered"}, {"data": Data.CHECKED}),
        ("rina", "add_message", {}, {}),  # with empty desks: the case would be lost to everybody
    ],
)
def test_a_deed_without_its_fact_is_not_recorded(
    busy_office: Office, who: str, action: str, after: dict[str, str], stands: dict[str, Any]
) -> None:
    case = busy_office.case_at(**stands)
    with busy_office.as_(who).psql() as connection, pytest.raises(WRONG):
        record(connection, case, action, after)


def test_a_promise_is_changed_by_the_deed_that_makes_it_and_by_no_other(busy_office: Office) -> None:
    rina, case = busy_office.as_("rina"), busy_office.case_at()
    before = busy_office.row(case)
    forged = '{"officer_queue": "prepare", "service_due": "2030-01-01", "address_confirmed": "x", "requirements": []}'
    with rina.psql() as connection:
        connection.execute(
            "SELECT desk.record_deed(%s, %s, %s, 'add_message', 'x', '', '{}', %s::jsonb, '{}')",
            [case.office_id, case.id, uuid4(), forged],
        )
        after = only(connection, "SELECT * FROM desk.cases WHERE id = %s", case.id)
    for column in ("service_due", "clear_on", "correction_due", "address_confirmed", "requirements"):
        assert after[column] == before[column], column


def test_a_payment_is_of_its_case_and_of_exactly_the_invoices_amount(busy_office: Office) -> None:
    case, other = busy_office.case_at(money=Money.PROOF), busy_office.case_at(money=Money.PROOF)
    with busy_office.as_("budi").psql() as budi:
        invoice = invoice_of(budi, case)
        for changes in ({"amount": 1}, {"amount": 120_001}, {"case_id": other.id}):
            with pytest.raises(WRONG):
                insert(budi, "payment", **payment_values(invoice, **changes))
            budi.rollback()


def test_who_noted_the_proof_cannot_hide_it(busy_office: Office) -> None:
    gita, case = busy_office.as_("gita"), busy_office.case_at(office_id=JAMBI)
    gita.do("record_proof", case)
    with gita.psql() as connection:
        invoice = invoice_of(connection, case)
        for noted_by in (None, "doni"):
            with pytest.raises(WRONG):
                insert(connection, "payment", **payment_values(invoice, proof_by=noted_by))
            connection.rollback()


def test_a_second_kuitansi_waits_for_the_withdrawal_of_the_first(busy_office: Office) -> None:
    case, other = busy_office.case_at(money=Money.RECEIPTED), busy_office.case_at()
    with busy_office.as_("budi").psql() as budi:
        payment = only(budi, "SELECT * FROM desk.payment WHERE case_id = %s", case.id)
        first = only(budi, "SELECT id FROM desk.receipt WHERE case_id = %s", case.id)["id"]
        with pytest.raises(errors.UniqueViolation):
            insert(budi, "receipt", **receipt_values(payment, replaces=first))
        budi.rollback()
        with pytest.raises(errors.ForeignKeyViolation):
            insert(budi, "receipt", **receipt_values(payment, replaces=first, case_id=other.id))


def test_a_kuitansi_whose_data_have_left_is_not_withdrawn(busy_office: Office) -> None:
    case = busy_office.case_at(money=Money.RECEIPTED, original=Original.FILED, data=Data.DELIVERED)
    with busy_office.as_("budi").psql() as budi:
        receipt = only(budi, "SELECT id FROM desk.receipt WHERE case_id = %s", case.id)["id"]
        with pytest.raises(WRONG):
            insert(
                budi, "receipt_void", office_id=PALEMBANG, id=uuid4(), case_id=case.id, receipt_id=receipt, reason="x"
            )


def test_an_invoice_is_only_for_a_clear_case_and_its_lines_add_up(busy_office: Office) -> None:
    rina, case, clear = busy_office.as_("rina"), busy_office.new_case(), busy_office.clear_case()
    values: dict[str, Any] = {"office_id": PALEMBANG, "valid_until": "2026-12-31", "full_price": 1, "total": 1}
    values |= {"customer": {}, "payment_block": {}}
    with rina.psql() as connection:
        with pytest.raises(WRONG, match="clear"):
            insert(connection, "invoice", id=uuid4(), case_id=case.id, **values)
        connection.rollback()
        insert(connection, "invoice", id=uuid4(), case_id=clear.id, **values)
        with pytest.raises(WRONG, match="Jumlah baris"):
            connection.commit()
    issued = busy_office.case_at()
    with rina.psql() as connection:
        line = {"office_id": PALEMBANG, "invoice_id": invoice_of(connection, issued)["id"], "position": 99}
        line |= {"line_id": uuid4(), "title": "x", "tariff": "x", "quantity": 1, "full_amount": 1, "amount": 1}
        insert(connection, "invoice_line", **line)
        with pytest.raises(WRONG, match="Jumlah baris"):
            connection.commit()


def test_a_paid_invoice_is_not_ended_and_the_lines_of_a_clear_case_stay(busy_office: Office) -> None:
    case = busy_office.case_at(money=Money.CONFIRMED)
    with busy_office.as_("rina").psql() as rina:
        end = {"office_id": PALEMBANG, "id": uuid4(), "case_id": case.id, "kind": "void", "reason": "x"}
        with pytest.raises(WRONG):
            insert(rina, "invoice_end", **end, invoice_id=invoice_of(rina, case)["id"])
        rina.rollback()
        for change in (
            "DELETE FROM desk.case_line WHERE case_id = %s",
            "UPDATE desk.case_line SET fit = 'ask' WHERE case_id = %s",
        ):
            with pytest.raises(WRONG):
                rina.execute(change.encode(), [case.id])
            rina.rollback()


def test_what_is_delivered_is_what_was_checked_whatever_the_writer_says(busy_office: Office) -> None:
    case = busy_office.case_at(money=Money.RECEIPTED, original=Original.ACCEPTED, data=Data.CHECKED)
    busy_office.as_("rina").do("confirm_address", case)
    busy_office.as_("budi").do("attach_receipt_scan", case)
    with busy_office.as_("rina").psql() as rina:
        prepared = only(rina, "SELECT id FROM desk.preparation WHERE case_id = %s", case.id)["id"]
        insert(
            rina, "delivery", office_id=PALEMBANG, id=uuid4(), case_id=case.id, preparation_id=prepared, sequence=7,
            version=9, delivered_on="2020-01-01", channel="email", address="x", manifest=[],
        )  # fmt: skip
        row = only(
            rina,
            "SELECT sequence, version, delivered_on::text, manifest FROM desk.delivery WHERE case_id = %s",
            case.id,
        )
    assert (row["sequence"], row["version"], row["delivered_on"]) == (1, 1, "2026-11-23")
    assert [file["name"] for file in row["manifest"]] == ["sakernas_2025.csv"]


def test_a_duty_in_one_office_is_none_in_another(office: Office) -> None:
    budi = office.as_("budi")
    with office.owner() as owner:  # treasurer of Palembang, and an officer of Jambi
        owner.exec_driver_sql(
            "INSERT INTO desk.duty (office_id, login, duty, starts_on) VALUES (1571, %s, 'officer', '2020-01-01')",
            (budi.login,),
        )
    case = office.case_at(office_id=JAMBI, money=Money.PROOF)
    with budi.psql() as connection, pytest.raises(NOT_ALLOWED):
        insert(connection, "payment", **payment_values(invoice_of(connection, case)))


def test_a_duty_that_ended_gives_no_right_although_the_group_is_still_held(office: Office) -> None:
    gita = office.as_("gita")
    case = office.case_at(office_id=JAMBI, money=Money.PROOF)
    with office.owner() as owner:
        owner.exec_driver_sql(
            "UPDATE desk.duty SET ends_on = '2026-11-22' WHERE login = %s AND duty = 'treasurer'", (gita.login,)
        )
    with gita.psql() as connection, pytest.raises(NOT_ALLOWED):
        insert(connection, "payment", **payment_values(invoice_of(connection, case)))


def test_national_rows_are_not_written_by_the_people_of_one_office(busy_office: Office) -> None:
    with busy_office.as_("tono").psql() as tono, pytest.raises(NOT_ALLOWED):
        insert(tono, "rule", office_id=0, key="service_days", valid_from="2026-12-01", value={}, basis="x")
    with busy_office.as_("rina").psql() as rina, pytest.raises(NOT_ALLOWED):
        insert(rina, "customer", office_id=0, id=uuid4(), name="x", customer_class="person")


def test_a_setting_is_signed_by_the_server(busy_office: Office) -> None:
    tono = busy_office.as_("tono")
    with tono.psql() as connection:
        insert(
            connection, "rule", office_id=PALEMBANG, key="requirements", valid_from="2026-12-01", value={}, basis="x",
            by="hendra",
        )  # fmt: skip
        row = only(connection, "SELECT by FROM desk.rule WHERE office_id = %s AND key = 'requirements'", PALEMBANG)
    assert row == {"by": tono.login}


def test_an_identity_card_under_another_name_still_needs_its_reason(busy_office: Office) -> None:
    file = inputs.pdf("ktp.pdf", protected=True, data=b"%PDF-1.7 kartu lain")
    busy_office.new_case(asked=inputs.registration(messages=(IncomingMessage("Sari", "KTP", files=(file,)),)))
    with busy_office.as_("rina").psql() as rina:
        card = only(rina, "SELECT * FROM desk.document WHERE id = %s", card_of(rina)["id"])
        copy = {name: card[name] for name in ("office_id", "case_id", "sha256", "size", "content_type")}
        insert(rina, "document", id=(again := uuid4()), kind="incoming", title="x", name="x", **copy)
        with pytest.raises(NOT_ALLOWED, match="dengan alasan"):
            rina.execute("SELECT * FROM desk.document_bytes(%s, %s, '')", [PALEMBANG, again])


def test_bytes_that_do_not_have_the_hash_make_no_document(busy_office: Office) -> None:
    case = busy_office.new_case()
    with busy_office.as_("rina").psql() as rina:
        insert(rina, "file_chunk", office_id=PALEMBANG, sha256="a" * 64, no=0, bytes=b"x")
        with pytest.raises(WRONG, match="sidik jari"):
            insert(
                rina, "document", office_id=PALEMBANG, id=uuid4(), case_id=case.id, kind="incoming", title="x",
                name="x", content_type="x", size=1, sha256="a" * 64,
            )  # fmt: skip


def test_a_workstation_may_read_the_version_of_the_database(busy_office: Office) -> None:
    with busy_office.as_("rina").psql() as rina:
        assert only(rina, "SELECT version_num FROM desk.alembic_version")["version_num"]
