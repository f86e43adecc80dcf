"""Money that nobody claims: the treasurer asks the bank or the sender whose it is, in a numbered letter."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from desk.errors import Refused
from desk.services import statement_uses, unknown_money
from desk.services.numbers import register, reserve
from desk.services.papers import keep_paper
from desk.services.prints import note_failure, note_print
from desk.services.statement_matching import free_money
from desk.services.unknown_money import Addressee, Asked
from tests.office import JAMBI, PALEMBANG, Office
from tests.statements.bank import bank_file, bring, line_ids

DAY = date(2026, 11, 23)
BANK = Addressee(to_bank=True, name="Pimpinan BRI Cabang  Contoh", address="Jl. Umpama 1")
INSERT = (
    "INSERT INTO desk.letter (office_id, id, kind, line_id, details, number, year) VALUES (%s, %s, %s, %s, %s, 'X', 1)"
)


@pytest.fixture
def line(office: Office, tmp_path: Path) -> UUID:
    """A credit that says nothing."""
    return line_ids(office, bring(office, bank_file(tmp_path / "m.csv", [(DAY, 350_000, "SETORAN TUNAI")])).file_id)[0]


def ask(office: Office, line: UUID, to: Addressee = BANK, *, key: UUID | None = None, name: str = "budi") -> str:
    with office.as_(name).session() as session:
        return unknown_money.write_letter(session, PALEMBANG, line, to, "Mohon salinan slip.", key=key or uuid4())


def asked(office: Office, line: UUID, name: str = "rina") -> list[Asked]:
    with office.as_(name).session() as session:
        return unknown_money.letters_of_line(session, PALEMBANG, line)


def test_the_letter_has_a_number_of_its_own_and_stands_at_the_movement_for_everybody(
    office: Office, line: UUID
) -> None:
    key = uuid4()
    said = ask(office, line, key=key)
    assert said.startswith("Surat UB-001/16000/KS.200/11/2026 kepada Pimpinan BRI Cabang Contoh terbit; uangnya tetap")
    assert ask(office, line, key=key) == said, "asked again it is one letter"
    ask(office, line, Addressee(to_bank=False, name="Hamba Umpama"))
    first, second = asked(office, line)
    assert (first.number[:6], first.addressee, first.by) == (
        "UB-001",
        "Pimpinan BRI Cabang Contoh",
        "Budi Contoh",
    )
    assert (second.number[:6], second.issued_on) == ("UB-002", DAY)
    with office.as_("rina").session() as session:
        [waiting] = free_money(session, [PALEMBANG]).waiting
        numbers = register(session, [PALEMBANG], 2026, series="money_unknown")
    assert (waiting.money.free_sen, waiting.asked) == (35_000_000, second), "the money still has no owner"
    assert [row.number[:6] for row in numbers] == ["UB-002", "UB-001"]


def test_the_sheet_says_what_the_bank_said_and_no_more_of_the_account_than_its_end(office: Office, line: UUID) -> None:
    key = uuid4()
    ask(office, line, key=key)
    with office.as_("budi").session() as session:
        job = unknown_money.letter_job(session, PALEMBANG, key)
    words = dict(job.context)
    assert (words["jumlah_rupiah"], words["uang_diterima_pada"]) == ("Rp350.000,00", "23 November 2026")
    assert words["jumlah_terbilang"] == "Tiga ratus lima puluh ribu rupiah"
    assert words["keterangan_bank"] == "SETORAN TUNAI"
    assert (words["rekening_akhir"], words["kepada_bank"], words["keterangan"]) == ("3304", True, "Mohon salinan slip.")
    assert "009901000123304" not in str(words)
    assert words["bendahara_nama"] == "Budi Contoh"
    assert job.file_stem.startswith("Surat uang tak bertuan UB-001-16000")


def test_the_sheet_is_kept_once_and_printed_as_the_original_once(office: Office, line: UUID) -> None:
    key, budi = uuid4(), office.as_("budi")
    ask(office, line, key=key)
    with budi.session() as session:
        assert unknown_money.sheet_of_letter(session, PALEMBANG, key) is None
        job = unknown_money.letter_job(session, PALEMBANG, key)
    made = []
    for _ in range(2):
        with budi.session() as session:
            made.append(keep_paper(session, job, b"PK surat", b"%PDF-1.7 surat"))
    assert made[0] == made[1]
    marks = []
    for fails in (True, False, False):
        with budi.session() as session:
            noted = note_print(session, PALEMBANG, None, made[0], printer="Loket")
        marks.append(noted.mark)
        if fails:
            with budi.session() as session:
                note_failure(session, PALEMBANG, None, noted.id, "Kertas habis.")
    assert marks == ["ASLI", "ASLI", "SALINAN"]
    with office.as_("rina").session() as session:
        entry = unknown_money.sheet_of_letter(session, PALEMBANG, key)
    assert entry is not None
    assert entry.id == made[0]


def test_money_with_an_owner_needs_no_letter(office: Office, line: UUID) -> None:
    with office.as_("budi").session() as session:
        statement_uses.set_apart(
            session, PALEMBANG, line, key=uuid4(), kind="other", amount_sen=35_000_000, note="bunga"
        )
    with pytest.raises(Refused, match="sudah bertuan"):
        ask(office, line)
    with pytest.raises(Refused, match="Tujuan surat belum diisi"):
        ask(office, line, Addressee(to_bank=True, name="  "))


def test_a_number_of_the_offices_own_book_goes_to_the_next_letter(office: Office, line: UUID) -> None:
    with office.as_("rina").session() as session:
        reserve(session, PALEMBANG, "money_unknown", key=uuid4(), note="surat ke bank minggu ini")
    assert "UB-001/" in ask(office, line)
    assert "UB-002/" in ask(office, line)


def test_the_database_keeps_the_letter_as_it_is_whoever_comes_with_a_bare_connection(
    office: Office, line: UUID
) -> None:
    details, key = Jsonb({"addressee": "Bank", "to_bank": True, "address": "", "note": "", "amount_sen": 1}), uuid4()
    with office.as_("rina").psql() as rina, pytest.raises(errors.InsufficientPrivilege, match="diterbitkan bendahara"):
        rina.execute(INSERT, (PALEMBANG, uuid4(), "money_unknown", line, details))
    with office.as_("budi").psql() as budi:
        budi.execute(INSERT, (PALEMBANG, key, "money_unknown", line, details))
        row = budi.execute("SELECT number, details->>'amount_sen' AS sen, by FROM desk.letter").fetchone()
        assert row is not None
        assert row["number"].startswith("UB-001/")
        assert (row["sen"], row["by"]) == ("35000000", budi.info.user), "the server says the amount and the person"
        for kind, about, told, refused, why in (
            ("money_over", line, details, errors.CheckViolation, "letter_about_check"),
            ("money_unknown", uuid4(), details, errors.CheckViolation, "bukan dana masuk kantor Anda"),
            ("money_unknown", line, Jsonb({}), errors.CheckViolation, "Tujuan surat belum diisi"),
        ):
            with pytest.raises(refused, match=why), budi.transaction():
                budi.execute(INSERT, (PALEMBANG, uuid4(), kind, about, told))
        with pytest.raises(errors.InsufficientPrivilege), budi.transaction():
            budi.execute(INSERT, (JAMBI, uuid4(), "money_unknown", line, details))
        for statement in ("UPDATE desk.letter SET number = 'Z'", "DELETE FROM desk.letter"):
            with pytest.raises(errors.InsufficientPrivilege), budi.transaction():
                budi.execute(statement)
        with pytest.raises(errors.CheckViolation), budi.transaction():
            budi.execute(
                "INSERT INTO desk.document (office_id, id, kind, title, name, content_type, size, sha256) "
                "VALUES (%s, gen_random_uuid(), 'incoming', 'x', 'x', 'x', 0, 'x')",
                (PALEMBANG,),
            )
