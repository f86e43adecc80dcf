"""An accepted original: signed by the office, in its binder, out on loan and back; what the database refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from desk.rules.case import CaseFacts, Original, Stage
from desk.rules.custody import FOLLOWS, Custody
from desk.rules.inputs import (
    CopyHandedOut,
    Countersignature,
    FilingPlace,
    Loan,
    LoanReturn,
    NewPlace,
    ReceivedInput,
    StampKind,
)
from desk.services import binders
from desk.services.custody import holder
from desk.services.search import search
from tests import inputs
from tests.office import PALEMBANG, Office, Ref


def held(office: Office, case: Ref) -> str:
    now = office.facts(case)
    assert now.agreement is not None
    with office.as_("rina").session() as session:
        return holder(session, case.office_id, now.agreement.id)


def agreement_of(now: CaseFacts) -> Any:
    assert now.agreement is not None
    return now.agreement


def test_a_filed_original_is_lent_answered_for_when_late_and_comes_back_to_its_sheet(office: Office) -> None:
    rina = office.as_("rina")
    case = office.case_at(original=Original.FILED)
    today = office.facts(case).today
    assert "(map SPPD 2026, lembar 1)" in held(office, case)
    assert "siapa yang meminjam" in rina.refusal("lend_original", case, Loan(borrower=" ", due_on=today))
    yesterday = Loan(borrower="Tim Hukum", due_on=today - timedelta(days=1))
    assert "sudah lewat" in rina.refusal("lend_original", case, yesterday)

    rina.do("lend_original", case, Loan(borrower="Tim Hukum", due_on=today + timedelta(days=1), purpose="Pemeriksaan."))
    assert office.facts(case).original is Original.FILED, "a loan does not open the case again"
    assert "dipinjam Tim Hukum" in held(office, case)
    assert "sudah dipinjam" in rina.refusal("lend_original", case)
    with rina.session() as session:
        assert binders.overdue(session, [PALEMBANG]) == 0
        hit = search(session, (PALEMBANG,), agreement_of(office.facts(case)).number)[0]
    assert "dipinjam Tim Hukum" in hit.detail

    office.set_clock(office.rows("SELECT desk.now() AS now")[0]["now"] + timedelta(days=4))
    assert "terlambat 3 hari" in held(office, case)
    with rina.session() as session:
        assert binders.overdue(session, [PALEMBANG]) == 1
        assert [row.borrower for row in binders.loans(session, [PALEMBANG])] == ["Tim Hukum"]
    done = rina.do("return_original", case, LoanReturn())
    assert "kembali dari pinjaman ke map SPPD 2026, lembar 1" in done.sentence
    rina.do("move_original", case, NewPlace(binder="Arsip inaktif"))
    assert "map Arsip inaktif, lembar 1" in held(office, case)


def test_a_closed_case_still_lends_its_paper(office: Office) -> None:
    case = office.case_at(stage=Stage.CLOSED)
    office.as_("rina").do("lend_original", case)
    assert "dipinjam Tim Hukum" in held(office, case)
    assert office.facts(case).stage is Stage.CLOSED


def test_sheets_are_numbered_taken_once_and_end_with_the_binder(office: Office) -> None:
    office.set_rule(PALEMBANG, "binder_sheets", "2")
    office.set_rule(PALEMBANG, "sppd_copies", "2")
    office.set_rule(PALEMBANG, "sppd_countersigned", "false")
    rina = office.as_("rina")
    cases = [office.case_at(), office.case_at()]
    for case in cases:
        for copy in (1, 2):
            today = office.facts(case).today
            rina.do("receive_original", case, ReceivedInput(copy=copy, received_on=today))
            rina.do("accept_original", case, inputs.check(office.facts(case), copy))
    first, second = cases
    with rina.session() as session:
        assert binders.suggestion(session, PALEMBANG) == binders.Suggestion("SPPD 1600/2026-01", 1)
    assert "(map baru)" in rina.do("file_original", first, FilingPlace(copy=1, binder="SPPD 1600/2026-01")).sentence
    taken = FilingPlace(copy=2, binder="sppd 1600/2026-01", sheet="1")
    assert "sudah ditempati" in rina.refusal("file_original", first, taken)
    assert "bukan angka" in rina.refusal("file_original", first, FilingPlace(copy=2, binder="SPPD", sheet="A1"))
    assert "tidak mempunyai lembar 3" in rina.refusal(
        "file_original", first, FilingPlace(copy=2, binder="SPPD 1600/2026-01", sheet="3")
    )
    assert "lembar 2" in rina.do("file_original", first, FilingPlace(copy=2, binder="SPPD 1600/2026-01")).sentence
    full = FilingPlace(copy=1, binder="SPPD 1600/2026-01")
    assert "sudah penuh" in rina.refusal("file_original", second, full)
    with rina.session() as session:
        assert binders.suggestion(session, PALEMBANG) == binders.Suggestion("SPPD 1600/2026-02", 1)
        assert binders.binders(session, [PALEMBANG])[0].full

    # The customer's own copy frees its sheet; the office keeps one.
    handed = rina.do("hand_out_original", second, CopyHandedOut(copy=2, courier="diambil sendiri"))
    assert "diserahkan kepada pengguna data lewat diambil sendiri" in handed.sentence
    assert office.facts(second).original is Original.ACCEPTED
    assert "yang terakhir" in rina.refusal("hand_out_original", second, CopyHandedOut(copy=1, courier="Pos"))
    rina.do("hand_out_original", first, CopyHandedOut(copy=2, courier="Pos", tracking="P01"))
    rina.do("file_original", second, FilingPlace(copy=1, binder="SPPD 1600/2026-01"))
    assert office.facts(second).original is Original.FILED


def test_one_electronic_stamp_is_for_one_paper(busy_office: Office) -> None:
    rina = busy_office.as_("rina")
    first, second = (busy_office.case_at(original=Original.RECEIVED) for _ in range(2))
    stamp: dict[str, Any] = {
        "stamp_kind": StampKind.ELECTRONIC,
        "stamp_reference": "sn-77",
        "stamp_proof": inputs.pdf("cek.pdf"),
    }
    rina.do("accept_original", first, inputs.check(busy_office.facts(first), **stamp))
    again = inputs.check(busy_office.facts(second), **stamp | {"stamp_reference": "SN-77"})
    assert "sudah dipakai pada naskah lain" in rina.refusal("accept_original", second, again)


# With SQL


def insert_step(connection: psycopg.Connection[dict[str, Any]], case: Ref, agreement_id: Any, **step: Any) -> None:
    values = {
        "office_id": case.office_id, "id": uuid4(), "case_id": case.id, "agreement_id": agreement_id, "copy": 1,
        "position": 1, "on_day": "2026-11-23", **step,
    }  # fmt: skip
    marks = ", ".join(f"%({name})s" for name in values)
    connection.execute(f"INSERT INTO desk.custody ({', '.join(values)}) VALUES ({marks})", values)


ALLOWED = {"signed_on": "2026-11-23", "stamp_kind": "adhesive", "stamp_value": 10_000}


@pytest.mark.parametrize("stands", [Original.AWAITED, Original.RECEIVED, Original.FILED])
def test_with_sql_no_copy_takes_a_step_that_does_not_follow(busy_office: Office, stands: Original) -> None:
    case = busy_office.case_at(original=stands)
    agreement = agreement_of(busy_office.facts(case))
    here = Custody.of(agreement.copy_states[0])
    for step in set(Custody) - FOLLOWS[here]:
        extra = ALLOWED if step is Custody.ACCEPTED else {}
        extra |= {"borrower": "X", "due_on": "2026-12-24"} if step is Custody.LENT else {}
        with busy_office.as_("rina").psql() as rina, pytest.raises(psycopg.errors.CheckViolation, match="tidak dapat"):
            insert_step(rina, case, agreement.id, step=step.value, **extra)


def test_with_sql_nothing_is_filed_without_the_offices_signature_or_a_sheet_nor_lent_to_nobody(
    busy_office: Office,
) -> None:
    case = busy_office.case_at(original=Original.ACCEPTED)
    agreement = agreement_of(busy_office.facts(case))
    rina = busy_office.as_("rina")
    with rina.psql() as connection:
        for step, said in (
            ({"step": "filed"}, "belum ditandatangani pejabat"),
            ({"step": "handed_out"}, "belum ditandatangani pejabat"),
        ):
            with pytest.raises(psycopg.errors.CheckViolation, match=said), connection.transaction():
                insert_step(connection, case, agreement.id, **step)
        insert_step(connection, case, agreement.id, step="countersigned")
        with pytest.raises(psycopg.errors.CheckViolation, match="tidak mempunyai lembar"), connection.transaction():
            insert_step(connection, case, agreement.id, step="filed", sheet=1)
        with pytest.raises(psycopg.errors.CheckViolation, match="harus tetap di kantor"), connection.transaction():
            insert_step(connection, case, agreement.id, step="handed_out")
    rina.do("countersign_original", case, Countersignature(signer="Kepala"))
    rina.do("file_original", case)
    with rina.psql() as connection, pytest.raises(psycopg.errors.CheckViolation, match="custody_loan_check"):
        insert_step(connection, case, agreement.id, step="lent")


@pytest.mark.parametrize("kind", ["electronic", "subsequent"])
def test_with_sql_an_electronic_stamp_is_not_accepted_without_its_proof(busy_office: Office, kind: str) -> None:
    case = busy_office.case_at(original=Original.RECEIVED)
    agreement = agreement_of(busy_office.facts(case))
    with busy_office.as_("rina").psql() as rina, pytest.raises(psycopg.errors.CheckViolation, match="berkas buktinya"):
        insert_step(rina, case, agreement.id, step="accepted", **ALLOWED | {"stamp_kind": kind}, stamp_reference="SN 1")
