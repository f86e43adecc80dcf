"""The register of letter numbers as PostgreSQL guards it: no gap, no double, and every number stands for something."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import text

from desk.errors import Refused
from desk.rules.case import Original
from desk.rules.letter_numbers import NumberEnd, NumberFormat, NumberSource
from desk.services import numbers
from desk.services.numbers import NumberRow
from tests import inputs as answers
from tests.office import PALEMBANG, Office, Ref

TODAY = date(2026, 11, 23)
CLOSING = "PT-{:03d}/16000/KS.200/11/2026"
LETTER = "KL-{:03d}/16000/KS.200/11/2026"


def kept(person: psycopg.Connection[Any], **claimed: Any) -> dict[str, Any]:
    """A row of the register as somebody would type it, with a number, a year and a person of his own."""
    values = {
        "office_id": PALEMBANG, "id": uuid4(), "series": "closing", "year": 1999, "number": "B-999/1999",
        "origin": "reserved", "dated": date(1999, 1, 1), "note": "Surat ke dinas", "sequence": 77,
        "by": "orang.lain", **claimed,
    }  # fmt: skip
    row = person.execute(
        f"INSERT INTO desk.letter_number ({', '.join(values)}) VALUES ({', '.join(['%s'] * len(values))}) RETURNING *",
        tuple(values.values()),
    ).fetchone()
    assert row is not None
    return dict(row)


def register(office: Office, series: str = "", words: str = "") -> list[NumberRow]:
    with office.as_("wati").session() as session:
        return numbers.register(session, [PALEMBANG], 2026, series=series, words=words)


def row_of(office: Office, number: str) -> NumberRow:
    return next(row for row in register(office) if row.number == number)


@pytest.fixture
def rina(busy_office: Office) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """An officer at psql; nothing of it stays."""
    with busy_office.as_("rina").psql() as connection:
        yield connection


def test_a_reserved_number_is_the_next_one_whatever_is_claimed(rina: psycopg.Connection[Any]) -> None:
    first, second = kept(rina), kept(rina)
    assert (first["number"], first["year"], first["dated"]) == (CLOSING.format(first["sequence"]), 2026, TODAY)
    assert second["sequence"] == first["sequence"] + 1
    assert first["by"] != "orang.lain"


def test_an_insertion_stands_after_its_number_with_its_month(rina: psycopg.Connection[Any]) -> None:
    base = kept(rina)["sequence"]
    found = [kept(rina, origin="inserted", year=2026, sequence=base, insertion=9) for _ in range(2)]
    number = CLOSING.format(base)
    assert [row["number"] for row in found] == [number.replace("/", f".{at:02d}/", 1) for at in (1, 2)]
    with pytest.raises(errors.CheckViolation, match="belum ada di register"):
        kept(rina, origin="inserted", year=2026, sequence=base + 50)


def test_a_number_of_another_book_is_kept_once(rina: psycopg.Connection[Any]) -> None:
    row = kept(rina, origin="book", number="B-017/BPS/16500/11/2026", dated=TODAY)
    assert (row["number"], row["sequence"], row["year"]) == ("B-017/BPS/16500/11/2026", None, 2026)
    with pytest.raises(errors.UniqueViolation, match="letter_number_office_id_number_key"):
        kept(rina, origin="book", number="B-017/BPS/16500/11/2026", dated=TODAY)


@pytest.mark.parametrize(
    "claimed",
    [
        {"origin": "issued"},
        {"subject_id": uuid4()},
    ],
)
def test_nobody_types_an_issued_number(rina: psycopg.Connection[Any], claimed: dict[str, Any]) -> None:
    with pytest.raises(errors.InsufficientPrivilege, match="bersama naskahnya"):
        kept(rina, **claimed)


@pytest.mark.parametrize(
    ("claimed", "sentence"),
    [
        ({"origin": "book", "number": "PT-044/16000/KS.200/11/2026", "dated": TODAY}, "dihitung program"),
        ({"origin": "book", "number": "pt-044/16000/KS.200/11/2026", "dated": TODAY}, "dihitung program"),
        ({"origin": "book", "number": "B=17", "dated": TODAY}, "hanya memuat"),
        ({"origin": "book", "number": " B-17", "dated": TODAY}, "hanya memuat"),
        ({"origin": "book", "number": "B-17/2026", "dated": TODAY + timedelta(days=1)}, "belum tiba"),
        ({"series": "receipt"}, "tidak dapat dipesan"),
        ({"series": "invoice", "origin": "book", "number": "B-17/2026", "dated": TODAY}, "tidak dapat dipesan"),
        ({"series": "tidak_ada"}, "tidak dapat dipesan"),
        ({"note": " "}, "purpose_check"),
    ],
)
def test_what_is_no_number_is_refused(rina: psycopg.Connection[Any], claimed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(errors.CheckViolation, match=sentence):
        kept(rina, **claimed)


@pytest.mark.parametrize("name", ["budi", "tono", "wati"])
def test_only_officers_and_the_supervisor_keep_numbers(busy_office: Office, name: str) -> None:
    with busy_office.as_(name).psql() as person, pytest.raises(errors.InsufficientPrivilege):
        kept(person)


def test_nobody_keeps_a_number_of_another_office(busy_office: Office) -> None:
    with busy_office.as_("doni").psql() as person, pytest.raises(errors.InsufficientPrivilege):
        kept(person)


def test_a_number_in_the_register_is_never_changed_or_removed(busy_office: Office) -> None:
    with busy_office.as_("rina").psql() as rina:
        kept(rina)
        rina.commit()
    for statement in (
        "UPDATE desk.letter_number SET number = 'B-1/2026'",
        "UPDATE desk.letter_number SET subject_id = NULL",
        "DELETE FROM desk.letter_number",
        "TRUNCATE desk.letter_number CASCADE",
    ):
        with busy_office.as_("rina").psql() as rina, pytest.raises(errors.InsufficientPrivilege):
            rina.execute(statement)
        with busy_office.owner() as owner, pytest.raises(Exception, match="tidak dapat diubah"):
            owner.execute(text(statement))


def test_a_number_left_out_stops_the_series(busy_office: Office) -> None:
    with busy_office.owner() as owner, pytest.raises(Exception, match="melompat"):  # noqa: PT012 - as the function
        owner.execute(text("SET LOCAL ROLE desk_definer"))
        owner.execute(
            text(
                "INSERT INTO desk.letter_number (office_id, id, series, year, sequence, number, origin, dated) "
                "VALUES (1600, gen_random_uuid(), 'redirect', 2026, 900, 'KL-900', 'issued', '2026-11-23')"
            )
        )


# how the numbers go on their way


def reserve(office: Office, case: Ref | None, series: str = "redirect", note: str = "", key: UUID | None = None) -> str:
    with office.as_("rina").session() as session:
        return numbers.reserve(
            session, PALEMBANG, series, key=key or uuid4(), case_id=case.id if case else None, note=note
        )


def redirect(office: Office) -> tuple[Ref, str]:
    case = office.new_case()
    office.as_("rina").do("redirect_case", case)
    return case, str(
        office.rows("SELECT number FROM desk.letter WHERE case_id = :c AND kind = 'redirect'", c=case.id)[0]["number"]
    )


def test_the_register_shows_every_number_with_what_it_stands_for(office: Office) -> None:
    case, number = redirect(office)
    reserve(office, None, note="Surat pengantar ke dinas")
    assert redirect(office)[1] == LETTER.format(3)  # the reserved one is not given away
    shown = {row.number: row for row in register(office, "redirect")}
    assert list(shown) == [LETTER.format(3), LETTER.format(2), LETTER.format(1)]
    facts = office.facts(case)
    assert shown[number].stands_for == f"Surat pengalihan ke konsultasi · {facts.number} · {facts.customer_name}"
    assert (shown[LETTER.format(2)].state, shown[LETTER.format(2)].stands_for) == (
        "dipesan",
        "Surat pengantar ke dinas",
    )
    issued = office.rows(
        "SELECT number FROM desk.invoice UNION ALL SELECT number FROM desk.agreement UNION ALL "
        "SELECT number FROM desk.receipt UNION ALL SELECT number FROM desk.letter"
    )
    assert {row.number for row in register(office)} == {row["number"] for row in issued} | {LETTER.format(2)}
    assert [row.number for row in register(office, words="pengantar ke DINAS")] == [LETTER.format(2)]


def test_the_same_key_reserves_once(office: Office) -> None:
    key = uuid4()
    assert reserve(office, None, note="x", key=key) == reserve(office, None, note="x", key=key)
    assert len(register(office)) == 1
    with office.as_("rina").session() as session:
        assert "sampai" in numbers.reserve(session, PALEMBANG, "redirect", key=uuid4(), count=5, note="acara")
    assert [row.sequence for row in register(office)] == [6, 5, 4, 3, 2, 1]


def test_the_paper_of_a_case_takes_the_number_that_was_kept_for_it(office: Office) -> None:
    case = office.new_case()
    with office.as_("rina").session() as session:
        numbers.enter(session, PALEMBANG, "redirect", "B–17/BPS/2026", TODAY, key=uuid4(), case_id=case.id)
    with office.as_("rina").session() as session, pytest.raises(Refused, match="sudah punya nomor B-17/BPS/2026"):
        numbers.reserve(session, PALEMBANG, "redirect", key=uuid4(), case_id=case.id)
    office.as_("rina").do("redirect_case", case)
    letter = office.rows("SELECT * FROM desk.letter WHERE case_id = :c AND kind = 'redirect'", c=case.id)[0]
    assert (letter["number"], letter["sequence"]) == ("B-17/BPS/2026", 500001)
    assert row_of(office, "B-17/BPS/2026").state == "terbit"
    assert redirect(office)[1] == LETTER.format(1)  # the counter went on by itself


def test_a_late_letter_stands_between_two_numbers(office: Office) -> None:
    _, first = redirect(office)
    case = office.new_case()
    with office.as_("rina").session() as session:
        said = numbers.insert_after(session, row_of(office, first), key=uuid4(), case_id=case.id)
    office.as_("rina").do("redirect_case", case)
    assert said == f"Disisipkan: {row_of(office, 'KL-001.01/16000/KS.200/11/2026').number}."
    assert row_of(office, "KL-001.01/16000/KS.200/11/2026").state == "terbit"


def test_an_open_number_ends_outside_the_program_or_void_and_only_once(office: Office) -> None:
    reserve(office, None, note="undangan")
    row = row_of(office, LETTER.format(1))
    key = uuid4()
    for _ in range(2):
        with office.as_("rina").session() as session:
            numbers.end(session, row, NumberEnd.VOID, TODAY, "Tidak jadi", key=key)
    after = row_of(office, LETTER.format(1))
    assert (after.state, after.open, after.stands_for) == ("batal", False, "Tidak jadi · 23 Nov 2026")
    with pytest.raises(Refused, match="sudah dipakai di luar program"), office.as_("rina").session() as session:
        numbers.end(session, row, NumberEnd.OUTSIDE, TODAY, "Surat ke dinas", key=uuid4())
    _, number = redirect(office)
    with pytest.raises(Refused, match="sudah dipakai naskah"), office.as_("rina").session() as session:
        numbers.end(session, row_of(office, number), NumberEnd.VOID, TODAY, "Salah", key=uuid4())


def test_a_voided_invoice_keeps_its_row_and_says_why(office: Office) -> None:
    case = office.case_at(original=Original.ISSUED)
    number = office.facts(case).invoice
    assert number is not None
    office.as_("rina").do("void_invoice", case)
    row = row_of(office, number.number)
    assert row.state == "batal"
    assert row.about.endswith(answers.answer("void_invoice", office.facts(case), colleague="").reason)  # type: ignore[attr-defined]


# formats


def set_format(office: Office, wanted: NumberFormat, series: str = "redirect", on: date = TODAY) -> str:
    with office.as_("tono").session() as session:
        return numbers.set_format(session, PALEMBANG, series, wanted, on, "Tata naskah dinas 2026")


def test_a_new_format_holds_from_its_day_and_the_count_goes_on(office: Office) -> None:
    redirect(office)
    wanted = NumberFormat("B-{nomor:4}/{unit}/{bulan_romawi}/{tahun}", "16001")
    for _ in range(2):  # asked twice after a lost answer
        assert "berlaku mulai 23 Nov 2026" in set_format(office, wanted)
    with office.as_("tono").session() as session:
        shown = next(each for each in numbers.formats(session, [PALEMBANG]) if each.series == "redirect")
    assert (shown.next_number, shown.last) == ("B-0002/16001/XI/2026", 1)
    assert redirect(office)[1] == "B-0002/16001/XI/2026"
    with pytest.raises(Refused, match="sudah ditetapkan"):
        set_format(office, NumberFormat("C-{nomor}/{tahun}"))


def test_papers_of_a_series_from_the_letter_book_wait_for_their_number(office: Office) -> None:
    set_format(office, NumberFormat("B-{nomor}/{tahun}", source=NumberSource.BOOK))
    case = office.new_case()
    assert "berasal dari buku surat kantor" in office.as_("rina").refusal("redirect_case", case)
    with office.as_("rina").session() as session:
        numbers.enter(session, PALEMBANG, "redirect", "B-17/2026", TODAY, key=uuid4(), case_id=case.id)
    office.as_("rina").do("redirect_case", case)
    assert row_of(office, "B-17/2026").case_id == case.id


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (NumberFormat("B-{nomor}"), "{tahun}"),
        (NumberFormat("B-{tahun}"), "{nomor} tepat satu kali"),
        (NumberFormat("B-{nomor}/{unit}/{tahun}"), "kode unit belum diisi"),
        (NumberFormat("B-{nomor}/{tahun}", unit="16/00"), "Kode unit hanya memuat"),
        (NumberFormat("PT-{nomor:3}/{unit}/{klasifikasi}/{bulan}/{tahun}", "16000", "KS.200"), "format jenis lain"),
    ],
)
def test_a_format_that_makes_no_sound_numbers_is_refused_in_words(
    office: Office, wanted: NumberFormat, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence.replace("{", r"\{").replace("}", r"\}")):
        set_format(office, wanted)


@pytest.mark.parametrize(
    "template",
    ["B-{nomor}", "{nomor}{nomor}/{tahun}", "B-{nomor}/{tahun}/{x}", "B-{nomor}/{tahun} ", "B={nomor}/{tahun}"],
)
def test_psql_brings_no_unsound_format_either(busy_office: Office, template: str) -> None:
    with busy_office.as_("tono").psql() as tono, pytest.raises(errors.CheckViolation, match="Format nomor belum benar"):
        tono.execute(
            "INSERT INTO desk.rule (office_id, key, valid_from, value, basis) VALUES (1600, 'number.closing', "
            "'2026-12-01', jsonb_build_object('template', %s::text), 'x')",
            (template,),
        )
