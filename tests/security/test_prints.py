"""What PostgreSQL says about prints to a person at psql: the mark is its own word, and no original comes out twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors

from desk.rules.case import Money
from tests.office import PALEMBANG, Office, Person, Ref


@pytest.fixture
def kuitansi(busy_office: Office) -> tuple[Ref, UUID]:
    """A case with an issued kuitansi and the id of its sheet."""
    case = busy_office.case_at(money=Money.RECEIPTED)
    receipt = busy_office.facts(case).payment.receipt_id
    assert receipt is not None
    budi = busy_office.as_("budi")
    return case, budi.keep_paper(case, "receipt", receipt, f"%PDF-1.7 {receipt}".encode())


@pytest.fixture
def budi(busy_office: Office) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """The treasurer of Palembang at psql; nothing of it stays."""
    with busy_office.as_("budi").psql() as connection:
        yield connection


def printed(person: psycopg.Connection[dict[str, Any]], case: Ref, sheet: UUID, mark: str = "ASLI") -> dict[str, Any]:
    """A print as somebody would claim it; gives the row as the database wrote it."""
    row = person.execute(
        "INSERT INTO desk.print_entry (office_id, id, case_id, document_id, mark, printer, attempt) "
        "VALUES (%s, %s, %s, %s, %s, 'Loket', 7) RETURNING *",
        (case.office_id, uuid4(), case.id, sheet, mark),
    ).fetchone()
    assert row is not None
    return row


def failed(person: psycopg.Connection[dict[str, Any]], case: Ref, print_id: UUID) -> None:
    person.execute(
        "INSERT INTO desk.print_failure (office_id, id, case_id, print_id, reason) "
        "VALUES (%s, %s, %s, %s, 'Kertas macet')",
        (case.office_id, uuid4(), case.id, print_id),
    )


def test_the_mark_is_the_servers_word(budi: psycopg.Connection[Any], kuitansi: tuple[Ref, UUID]) -> None:
    case, sheet = kuitansi
    assert [printed(budi, case, sheet, claimed)["mark"] for claimed in ("SALINAN", "ASLI", "ASLI")] == [
        "ASLI",
        "SALINAN",
        "SALINAN",
    ]


def test_a_failed_original_may_be_printed_again_and_is_counted(
    budi: psycopg.Connection[Any], kuitansi: tuple[Ref, UUID]
) -> None:
    case, sheet = kuitansi
    first = printed(budi, case, sheet)
    failed(budi, case, first["id"])
    again = printed(budi, case, sheet)
    assert (again["mark"], again["attempt"]) == ("ASLI", 2)
    assert printed(budi, case, sheet)["mark"] == "SALINAN"
    with pytest.raises(errors.UniqueViolation):
        failed(budi, case, first["id"])


def test_nobody_says_that_the_print_of_somebody_else_failed(busy_office: Office, kuitansi: tuple[Ref, UUID]) -> None:
    case, sheet = kuitansi
    with busy_office.as_("budi").psql() as budi:
        first = printed(budi, case, sheet)
        budi.commit()
    for name in ("sri", "rina"):
        with (
            busy_office.as_(name).psql() as other,
            pytest.raises(errors.InsufficientPrivilege, match="Hanya yang mencetak"),
        ):
            failed(other, case, first["id"])


def test_two_who_print_at_once_get_one_original(busy_office: Office, kuitansi: tuple[Ref, UUID]) -> None:
    case, sheet = kuitansi
    with busy_office.as_("budi").psql() as budi, busy_office.as_("sri").psql() as sri:
        assert printed(budi, case, sheet)["mark"] == "ASLI"
        sri.execute("SET lock_timeout = '300ms'")
        with pytest.raises(errors.LockNotAvailable):
            printed(sri, case, sheet)
        sri.rollback()
        budi.commit()
        assert printed(sri, case, sheet)["mark"] == "SALINAN"


def test_a_void_kuitansi_is_printed_as_batal(busy_office: Office, kuitansi: tuple[Ref, UUID]) -> None:
    case, sheet = kuitansi
    budi: Person = busy_office.as_("budi")
    budi.do("void_receipt", case)
    with budi.psql() as connection:
        assert printed(connection, case, sheet)["mark"] == "BATAL"


def test_only_sheets_of_issued_papers_are_written_down(
    busy_office: Office, budi: psycopg.Connection[Any], kuitansi: tuple[Ref, UUID]
) -> None:
    case = kuitansi[0]
    scan = busy_office.case_at(money=Money.RECEIPTED)
    busy_office.as_("budi").do("attach_receipt_scan", scan)
    rows = busy_office.rows("SELECT id FROM desk.document WHERE case_id = :c AND kind = 'scan'", c=scan.id)
    with pytest.raises(errors.CheckViolation, match="hanya lembar naskah"):
        printed(budi, Ref(PALEMBANG, case.id), rows[0]["id"])


def test_prints_and_failures_are_final(budi: psycopg.Connection[Any], kuitansi: tuple[Ref, UUID]) -> None:
    case, sheet = kuitansi
    failed(budi, case, printed(budi, case, sheet)["id"])
    budi.execute("SAVEPOINT here")
    for table in ("print_entry", "print_failure"):
        for statement in (f"UPDATE desk.{table} SET case_id = case_id", f"DELETE FROM desk.{table}"):
            with pytest.raises(errors.InsufficientPrivilege):
                budi.execute(statement)
            budi.execute("ROLLBACK TO here")
