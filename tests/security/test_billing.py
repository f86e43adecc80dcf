"""Billing codes and NTPN as PostgreSQL guards them, for whoever comes with a bare connection."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors

from desk.rules.case import CaseFacts
from tests import inputs
from tests.office import Office, Ref

CODE, NTPN = "820261123000001", "0A1B2C3D4E5F6G7H"
UNTIL = date(2026, 11, 30)


def record(person: psycopg.Connection[Any], case: Ref, **values: Any) -> UUID:
    row = {"id": uuid4(), "code": CODE, "amount": 120_000, "expires_on": UNTIL, **values}
    person.execute(
        "INSERT INTO desk.billing_code (office_id, id, case_id, code, amount, expires_on) "
        "VALUES (%s, %s, %s, %s, %s, %s)",
        (case.office_id, row["id"], case.id, row["code"], row["amount"], row["expires_on"]),
    )
    return row["id"]  # type: ignore[no-any-return]


def confirm(person: psycopg.Connection[Any], case: Ref, facts: CaseFacts, billing: UUID | None, **values: Any) -> None:
    assert facts.invoice is not None
    row = {"amount": facts.invoice.total, "received_on": facts.today, "reference": NTPN, "channel": "simponi", **values}
    person.execute(
        "INSERT INTO desk.payment (office_id, id, case_id, invoice_id, issued_by, amount, received_on, channel, "
        "reference, billing_id) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            case.office_id, uuid4(), case.id, facts.invoice.id, facts.invoice.issued_by, row["amount"],
            row["received_on"], row["channel"], row["reference"], billing,
        ),
    )  # fmt: skip


def test_a_code_has_its_shape_its_amount_and_one_case_and_stays_what_it_was(office: Office) -> None:
    case, other = office.case_at(), office.case_at()
    with office.as_("rina").psql() as rina:
        for wrong, words in (
            ({"code": "12345"}, "billing_code_code_check"),
            ({"amount": 119_999}, "tidak sama dengan invoice"),
        ):
            with pytest.raises(errors.CheckViolation, match=words):
                record(rina, case, **wrong)
            rina.rollback()
        record(rina, case)
        with pytest.raises(errors.UniqueViolation, match="sudah dicatat untuk permohonan"):
            record(rina, other)
        rina.rollback()
        record(rina, case)
        rina.commit()
        for change in ("UPDATE desk.billing_code SET amount = 1", "DELETE FROM desk.billing_code"):
            with pytest.raises(errors.InsufficientPrivilege):
                rina.execute(change)
            rina.rollback()
    assert office.rows("SELECT by FROM desk.billing_code")[0]["by"] == office.as_("rina").login


def test_only_officer_and_treasurer_of_the_office_write_a_code_down(office: Office) -> None:
    case = office.case_at()
    for stranger in ("hendra", "tono", "wati", "yuni"):
        with office.as_(stranger).psql() as person, pytest.raises(errors.InsufficientPrivilege):
            record(person, case)
    with office.as_("budi").psql() as budi:
        record(budi, case)


def test_money_by_simponi_needs_a_code_of_its_case_and_a_new_ntpn(office: Office) -> None:
    case, other = office.case_at(), office.case_at()
    facts = office.facts(case)
    with office.as_("rina").psql() as rina:
        billing = record(rina, case)
        foreign = record(rina, other, code="820261123000002")
        rina.commit()
    with office.as_("budi").psql() as budi:
        for wrong in (None, foreign):
            with pytest.raises(errors.CheckViolation, match="memerlukan kode billing"):
                confirm(budi, case, facts, wrong)
            budi.rollback()
        with pytest.raises(errors.CheckViolation, match="NTPN terdiri atas 16"):
            confirm(budi, case, facts, billing, reference="TRF 1")
        budi.rollback()
        with pytest.raises(errors.CheckViolation, match="tidak dapat dibayar setelahnya"):
            confirm(budi, case, facts, billing, received_on=UNTIL + timedelta(days=1))
        budi.rollback()
        with pytest.raises(errors.CheckViolation, match="payment_billing_check"):
            confirm(budi, case, facts, billing, channel="transfer")
        budi.rollback()
        confirm(budi, case, facts, billing, reference="0a1b 2c3d 4e5f 6g7h")
        with pytest.raises(errors.UniqueViolation, match="sudah tercatat pada pembayaran permohonan"):
            confirm(budi, other, office.facts(other), foreign)


def test_an_ntpn_of_two_treasurers_at_once_is_one(office: Office) -> None:
    one, other = office.case_at(), office.case_at()
    with office.as_("rina").psql() as rina:
        first, second = record(rina, one), record(rina, other, code="820261123000002")
        rina.commit()
    with office.as_("budi").psql() as budi, office.as_("sri").psql() as sri:
        confirm(budi, one, office.facts(one), first)
        sri.execute("SET lock_timeout = '200ms'")
        with pytest.raises(errors.LockNotAvailable):
            confirm(sri, other, office.facts(other), second)


def test_a_treasurer_writes_letters_about_money_and_no_others(office: Office) -> None:
    case = office.case_at()
    letter = "INSERT INTO desk.letter (office_id, id, case_id, kind) VALUES (%s, %s, %s, %s)"
    with office.as_("budi").psql() as budi:
        budi.execute(letter, (case.office_id, uuid4(), case.id, "billing"))
        with pytest.raises(errors.InsufficientPrivilege):
            budi.execute(letter, (case.office_id, uuid4(), case.id, "redirect"))


def test_a_neighbour_office_sees_no_code(office: Office) -> None:
    case = office.case_at()
    office.as_("rina").do("record_billing_code", case, inputs.billing(office.facts(case)))
    with office.as_("gita").psql() as gita:
        assert gita.execute("SELECT count(*) AS n FROM desk.billing_code").fetchone() == {"n": 0}
