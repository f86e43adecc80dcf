"""Nol rupiah through a bare connection: PostgreSQL itself wants class, purpose, letter, another person, and once."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from desk.rules.case import CustomerClass
from tests import inputs
from tests.office import JAMBI, PALEMBANG, Office, Person, Ref

ASK = (
    "INSERT INTO desk.relief (office_id, id, case_id, recipient, purpose, letter_number, letter_date, percent, basis, "
    "document_id) VALUES (%(office)s, %(id)s, %(case)s, %(recipient)s, %(purpose)s, %(number)s, %(date)s, 100, "
    "'Ketetapan sendiri', %(document)s)"
)
DECIDE = (
    "INSERT INTO desk.relief_decision (office_id, id, case_id, relief_id, requested_by, approved, reason) "
    "VALUES (%s, gen_random_uuid(), %s, %s, %s, true, %s)"
)


def letter_in(person: Person, case: Ref) -> UUID:
    """A letter of the customer that lies in the case."""
    from desk.services import documents

    with person.session() as session:
        return documents.store(
            session, case.office_id, case.id, inputs.pdf("surat.pdf"), kind="incoming", title="Surat permohonan"
        )


def asked(case: Ref, document: UUID) -> dict[str, Any]:
    """An application that qualifies."""
    return {
        "office": case.office_id, "id": uuid4(), "case": case.id, "recipient": "education", "purpose": "education",
        "number": "12/UCM/2026", "date": "2026-11-20", "document": document,
    }  # fmt: skip


def test_an_application_that_qualifies_carries_the_basis_of_the_rule_book(office: Office) -> None:
    rina, case = office.as_("rina"), office.new_case()
    letter = letter_in(rina, case)
    with rina.psql() as connection:
        connection.execute(ASK, asked(case, letter))
        kept = connection.execute("SELECT basis, by FROM desk.relief").fetchone()
        assert kept == {"basis": "PP 13/2024 pasal 4", "by": rina.login}, "not what the person wrote"
        with pytest.raises(psycopg.errors.UniqueViolation, match="sudah dimohonkan"):
            connection.execute(ASK, asked(case, letter))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"recipient": "other"}, "tidak berhak"),
        ({"purpose": "commercial"}, "tidak berhak"),
        ({"document": None}, "memerlukan surat"),
        ({"number": "  "}, "memerlukan surat"),
        ({"date": "2026-11-24"}, "memerlukan surat"),
    ],
)
def test_an_application_without_class_purpose_or_letter_is_refused(
    busy_office: Office, changes: dict[str, Any], words: str
) -> None:
    rina, case = busy_office.as_("rina"), busy_office.new_case()
    letter = letter_in(rina, case)
    with rina.psql() as connection, pytest.raises(psycopg.errors.CheckViolation, match=words):
        connection.execute(ASK, asked(case, letter) | changes)


def test_a_letter_of_another_case_a_company_and_a_case_with_its_invoice_are_refused(busy_office: Office) -> None:
    rina, case, other = busy_office.as_("rina"), busy_office.new_case(), busy_office.new_case()
    strange = letter_in(rina, other)
    with rina.psql() as connection, pytest.raises(psycopg.errors.CheckViolation, match="memerlukan surat"):
        connection.execute(ASK, asked(case, strange))
    company = busy_office.new_case(asked=inputs.registration(customer_class=CustomerClass.COMPANY))
    its_letter = letter_in(rina, company)
    with rina.psql() as connection, pytest.raises(psycopg.errors.CheckViolation, match="tidak berhak"):
        connection.execute(ASK, asked(company, its_letter))
    running = busy_office.case_at()
    late = letter_in(rina, running)
    with rina.psql() as connection, pytest.raises(psycopg.errors.CheckViolation, match="sebelum invoice"):
        connection.execute(ASK, asked(running, late))


def test_an_office_may_serve_fewer_by_a_row_of_its_own(office: Office) -> None:
    office.set_rule(PALEMBANG, "relief", '{"recipients": ["central_government"], "purposes": ["government"]}')
    rina, case = office.as_("rina"), office.new_case()
    refusal = rina.refusal("request_relief", case, inputs.relief(office.facts(case).today))
    assert refusal.startswith("Golongan “institusi pendidikan dalam negeri” tidak berhak atas nol rupiah (Keputusan")
    assert "hanya instansi pemerintah pusat atau lembaga negara" in refusal
    letter = letter_in(rina, case)
    with rina.psql() as connection, pytest.raises(psycopg.errors.CheckViolation, match="tidak berhak"):
        connection.execute(ASK, asked(case, letter))


def test_only_a_supervisor_who_did_not_ask_decides_about_that_case_with_a_reason(office: Office) -> None:
    lina, surya = office.as_("lina"), office.as_("surya")
    case, other = office.new_case(JAMBI), office.new_case(JAMBI)
    lina.do("request_relief", case, inputs.relief(office.facts(case).today))
    relief = office.facts(case).relief
    assert relief is not None
    decide = (case.office_id, case.id, relief.id, lina.login)
    with lina.psql() as connection, pytest.raises(psycopg.errors.CheckViolation, match="second_person"):
        connection.execute(DECIDE, (*decide, "Layak"))
    with office.as_("doni").psql() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(DECIDE, (*decide, "Layak"))
    with surya.psql() as connection, pytest.raises(psycopg.errors.CheckViolation, match="relief_decision_reason"):
        connection.execute(DECIDE, (*decide, " "))
    with surya.psql() as connection, pytest.raises(psycopg.errors.CheckViolation, match="permohonannya sendiri"):
        connection.execute(DECIDE, (other.office_id, other.id, relief.id, lina.login, "Layak"))
    with surya.psql() as connection:
        connection.execute(DECIDE, (*decide, "Layak"))


def test_it_is_granted_once_per_case_also_after_the_first_was_refused(office: Office) -> None:
    rina, hendra, case = office.as_("rina"), office.as_("hendra"), office.new_case()
    today = office.facts(case).today
    rina.do("request_relief", case, inputs.relief(today))
    hendra.do("reject_relief", case)
    rina.do("request_relief", case, inputs.relief(today))
    hendra.do("approve_relief", case)
    letter = letter_in(rina, case)
    with rina.psql() as connection, pytest.raises(psycopg.errors.UniqueViolation, match="sudah dimohonkan"):
        connection.execute(ASK, asked(case, letter))


def test_an_invoice_waives_exactly_what_was_approved(office: Office) -> None:
    """An officer with psql gives nobody the data for nothing."""
    rina, case = office.as_("rina"), office.clear_case()
    free = (
        "INSERT INTO desk.invoice (office_id, id, case_id, valid_until, full_price, relief_percent, total, customer, "
        "payment_block) VALUES (%s, gen_random_uuid(), %s, '2027-01-01', 1000, 100, 0, '{}', '{}')"
    )
    with rina.psql() as connection, pytest.raises(psycopg.errors.CheckViolation, match="disetujui penyelia"):
        connection.execute(free, (case.office_id, case.id))
    half = office.clear_case(percent=50)
    rina.do("issue_invoice", half)
    [invoice] = office.rows("SELECT relief_percent, relief_basis, full_price, total FROM desk.invoice")
    assert (invoice["relief_percent"], invoice["relief_basis"]) == (50, "PP 13/2024 pasal 4")
    assert invoice["total"] < invoice["full_price"]


def test_lines_that_are_cheaper_than_the_tariff_are_refused_at_the_end(office: Office) -> None:
    rina, case = office.as_("rina"), office.clear_case()
    line = office.facts(case).lines[0]
    with rina.psql() as connection:
        invoice = connection.execute(
            "INSERT INTO desk.invoice (office_id, id, case_id, valid_until, full_price, relief_percent, total, "
            "customer, payment_block) VALUES (%s, gen_random_uuid(), %s, '2027-01-01', 1000, 0, 1, '{}', '{}') "
            "RETURNING id",
            (case.office_id, case.id),
        ).fetchone()
        assert invoice is not None
        connection.execute(
            "INSERT INTO desk.invoice_line (office_id, invoice_id, position, line_id, title, tariff, tariff_name, "
            "article, unit, quantity, full_amount, amount, explanation) "
            "VALUES (%s, %s, 1, %s, 'x', 'microdata', '', '', '', 1, 1000, 1, '')",
            (case.office_id, invoice["id"], line.id),
        )
        with pytest.raises(psycopg.errors.CheckViolation, match="Jumlah baris berbeda"):
            connection.commit()
