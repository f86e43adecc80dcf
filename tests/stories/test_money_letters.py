"""Money that does not pay as it should is named in words, told in the story, and answered by its own letter."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from psycopg import errors

from desk.rules.case import Money
from desk.rules.inputs import MoneyNote, MoneyNoteEnd, MoneyOutcome
from desk.rules.outcomes import Named, named_outcome
from desk.rules.settling import Plan, plan
from desk.services import replies
from desk.services.case_file import case_view
from desk.services.papers import missing_papers
from desk.services.statement_matching import Matched, free_money
from tests import inputs
from tests.office import PALEMBANG, Office, Ref
from tests.statements.bank import bank_file, bring, line_ids

DAY, PRICE = date(2026, 11, 23), 120_000


def bank(office: Office, folder: Path, case: Ref, *amounts: int, on: date = DAY, first: int = 1) -> list[UUID]:
    """Credits with the payment code of the case."""
    invoice = office.facts(case).invoice
    assert invoice is not None
    movements = [(on, amount, f"TRF SARI {invoice.payment_code}") for amount in amounts]
    opening = 1_000_000 if first == 1 else 1_000_000 + first * 7
    path = bank_file(folder / f"mutasi-{first}.csv", movements, opening, first=first)
    return line_ids(office, bring(office, path).file_id)


def free(office: Office) -> Matched:
    with office.as_("budi").session() as session:
        return free_money(session, [PALEMBANG])


def named(office: Office, at: int = 0) -> Named | None:
    found = free(office)
    return named_outcome(found.waiting[at].money, found.candidates)


def note(office: Office, case: Ref, line: UUID, outcome: MoneyOutcome, amount: int, words: str = "") -> str:
    asked = MoneyNote(line, outcome, amount * 100, words)
    return office.as_("budi").do("note_money", case, asked).sentence


def letter(office: Office, case: Ref, kind: str) -> dict[str, object]:
    with office.as_("budi").session() as session:
        [job] = [job for job in missing_papers(session, PALEMBANG, case.id) if job.kind.value == kind]
    return dict(job.context)


def test_too_little_is_asked_for_and_both_parts_pay_together(office: Office, tmp_path: Path) -> None:
    budi, case = office.as_("budi"), office.case_at(money=Money.PROOF)
    invoice = office.facts(case).invoice
    assert invoice is not None
    [line] = bank(office, tmp_path, case, PRICE - 50_000)
    seen = named(office)
    assert seen is not None
    assert seen.sentence == f"Kurang bayar Rp50.000 untuk {invoice.number}."
    said = note(office, case, line, seen.outcome, PRICE - 50_000, "Batas transfer harian.")
    assert said.startswith("Uang Rp70.000 tanggal 23 November 2026 dicatat sebagai kurang bayar untuk invoice ")
    assert office.story(case)[-1] == said
    words = letter(office, case, "money_short")
    assert (words["selisih_rupiah"], words["jumlah_diterima"]) == ("Rp50.000,00", "Rp70.000,00")
    assert words["selisih_terbilang"] == "Lima puluh ribu rupiah"
    assert words["keterangan"] == "Batas transfer harian."
    assert str(words["nomor"]).startswith("UK-001/")
    assert not free(office).waiting, "it waits for the rest"

    bank(office, tmp_path, case, 50_000, first=2)
    found = free(office)
    assert len(found.waiting) == 2
    first, second = (each.money for each in found.waiting)
    made = plan(first, [second], found.candidates, budi.login)
    assert isinstance(made, Plan)
    budi.do("confirm_payment", case, made.deeds[0].inputs)
    assert office.facts(case).payment.payment_amount == PRICE
    assert not free(office).waiting


def test_too_much_is_paid_to_the_rupiah_and_the_rest_has_its_letter(office: Office, tmp_path: Path) -> None:
    budi, case = office.as_("budi"), office.case_at(money=Money.PROOF)
    [line] = bank(office, tmp_path, case, PRICE + 2_399)
    found, seen = free(office), named(office)
    assert seen is not None
    assert (seen.outcome, seen.amount_sen) == (MoneyOutcome.OVER, 239_900)
    made = plan(found.waiting[0].money, (), found.candidates, budi.login, (seen.candidate.key,))
    assert isinstance(made, Plan)
    budi.do("confirm_payment", case, made.deeds[0].inputs)
    note(office, case, line, MoneyOutcome.OVER, 2_399)
    words = letter(office, case, "money_over")
    assert (words["selisih_rupiah"], words["jumlah_diterima"]) == ("Rp2.399,00", "Rp122.399,00")
    assert not free(office).waiting


def test_paid_twice_and_too_late_are_two_other_letters(office: Office, tmp_path: Path) -> None:
    budi, paid, ended = office.as_("budi"), office.case_at(money=Money.PROOF), office.case_at()
    _, again = bank(office, tmp_path, paid, PRICE, PRICE)
    found = free(office)
    made = plan(found.waiting[0].money, (), found.candidates, budi.login)
    assert isinstance(made, Plan)
    budi.do("confirm_payment", paid, made.deeds[0].inputs)
    seen = named(office)
    assert seen is not None
    assert seen.sentence.startswith("Pembayaran ganda: ")
    note(office, paid, again, seen.outcome, PRICE)
    assert letter(office, paid, "money_double")["dibayar_pada"] == "23 November 2026"
    office.set_clock(datetime(2026, 12, 28, 3, tzinfo=UTC))
    [late] = bank(office, tmp_path, ended, PRICE, on=date(2026, 12, 27), first=2)
    seen = named(office)
    assert seen is not None
    assert seen.outcome is MoneyOutcome.LATE
    note(office, ended, late, seen.outcome, PRICE)
    words = letter(office, ended, "money_late")
    assert (words["berlaku_sampai"], words["uang_diterima_pada"]) == ("23 Desember 2026", "27 Desember 2026")
    assert [row["kind"] for row in office.rows("SELECT kind FROM desk.letter ORDER BY at, kind")] == [
        "money_double",
        "money_late",
    ]


def test_nothing_is_named_between_equals(office: Office, tmp_path: Path) -> None:
    office.case_at()
    office.case_at()
    bring(office, bank_file(tmp_path / "mutasi.csv", [(DAY, PRICE, "SETOR TUNAI")]))
    assert named(office) is None


def test_a_withdrawn_note_frees_the_money_and_ends_its_letter(office: Office, tmp_path: Path) -> None:
    budi, case = office.as_("budi"), office.case_at(money=Money.PROOF)
    [line] = bank(office, tmp_path, case, PRICE - 50_000)
    note(office, case, line, MoneyOutcome.PART, PRICE - 50_000)
    use = office.rows("SELECT id FROM desk.line_use")[0]["id"]
    assert "Alasan belum ditulis" in budi.refusal("withdraw_money_note", case, MoneyNoteEnd(use, " "))
    other = office.case_at()
    assert "bukan milik permohonan ini" in budi.refusal("withdraw_money_note", other, MoneyNoteEnd(use, "Keliru."))
    said = budi.do("withdraw_money_note", case, MoneyNoteEnd(use, "Keliru membaca mutasi.")).sentence
    assert said == "Catatan kurang bayar Rp70.000 tanggal 23 November 2026 ditarik; uangnya kembali belum bertuan."
    assert len(free(office).waiting) == 1
    mark = "SELECT desk.ended_mark(office_id, kind, id) AS mark FROM desk.letter"
    assert office.rows(mark) == [{"mark": "BATAL"}]


def test_a_letter_goes_with_the_next_answer_once_unless_it_was_withdrawn(office: Office, tmp_path: Path) -> None:
    rina, budi, case = office.as_("rina"), office.as_("budi"), office.case_at(money=Money.PROOF)
    office.set_clock(datetime(2026, 11, 23, 4, tzinfo=UTC))
    [line] = bank(office, tmp_path, case, PRICE - 50_000)
    note(office, case, line, MoneyOutcome.PART, PRICE - 50_000)
    letter_id = office.rows("SELECT id FROM desk.letter")[0]["id"]
    budi.keep_paper(case, "money_short", letter_id, b"%PDF-1.7 surat")

    def offered() -> list[str]:
        with rina.session() as session:
            view = case_view(session, PALEMBANG, case.id)
            return [file.name for file in replies.answer(session, view, "Rina Umpama").files]

    assert offered() == ["money_short.pdf"]
    rina.do("send_message", case)
    assert offered() == []
    office.set_clock(datetime(2026, 11, 23, 5, tzinfo=UTC))
    given = office.as_("rina").do("record_billing_code", case, inputs.billing(office.facts(case)))
    billing = office.rows("SELECT id FROM desk.letter WHERE kind = 'billing'")[0]["id"]
    rina.keep_paper(case, "billing", billing, b"%PDF-1.7 kode")
    assert given.sentence
    assert offered() == ["billing.pdf"]
    budi.keep_paper(case, "money_over", letter_id, b"%PDF-1.7 surat lain")
    use = office.rows("SELECT id FROM desk.line_use")[0]["id"]
    budi.do("withdraw_money_note", case, MoneyNoteEnd(use, "Keliru."))
    assert offered() == ["billing.pdf"]


def test_letters_about_money_are_the_treasurers_for_whoever_comes_with_a_bare_connection(office: Office) -> None:
    case = office.case_at()
    letter_of = "INSERT INTO desk.letter (office_id, id, case_id, kind) VALUES (%s, gen_random_uuid(), %s, %s)"
    with office.as_("rina").psql() as rina:
        rina.execute(letter_of, (PALEMBANG, case.id, "billing"))
        with pytest.raises(errors.InsufficientPrivilege, match="diterbitkan bendahara"):
            rina.execute(letter_of, (PALEMBANG, case.id, "money_over"))
    with office.as_("budi").psql() as budi:
        budi.execute(letter_of, (PALEMBANG, case.id, "money_over"))
