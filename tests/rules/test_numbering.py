"""Numbers look the way each office writes them and are found again in what people type."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import Refused
from desk.rules.numbering import (
    LONGEST_NUMBER,
    NumberParts,
    case_number,
    check_template,
    clean_register_number,
    find_case_number,
    format_number,
    payment_code,
    read_number,
)

SAMPLES = Path(__file__).parent.parent / "samples"
LETTER = "B-{nomor:3}/{unit}/{klasifikasi}/{bulan}/{tahun}"
TEMPLATES = [
    LETTER,
    "B-{nomor:3}/{unit}/{klasifikasi}/{tahun}",
    "SPPD-{nomor:4}/{bulan_romawi}/{tahun}",
    "{nomor}/{tahun}",
    "KW.{nomor:5}/{unit}/{tahun}",
]


@pytest.mark.parametrize(
    ("template", "insertion", "number"),
    [
        (LETTER, None, "B-003/16000/KP.630/01/2026"),
        (LETTER, 1, "B-003.01/16000/KP.630/01/2026"),
        ("B-{nomor:3}/{unit}/{klasifikasi}/{tahun}", None, "B-003/16000/KP.630/2026"),
        ("SPPD-{nomor:4}/{bulan_romawi}/{tahun}", None, "SPPD-0003/I/2026"),
        ("{nomor}/{tahun}", 12, "3.12/2026"),
    ],
)
def test_an_office_writes_its_numbers_its_own_way(template: str, insertion: int | None, number: str) -> None:
    assert format_number(template, 3, 2026, 1, "16000", "KP.630", insertion) == number


def test_a_running_number_wider_than_its_zeros_is_written_in_full() -> None:
    assert format_number(LETTER, 12345, 2026, 12, "16000", "KP.630") == "B-12345/16000/KP.630/12/2026"


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_good_template_has_no_complaints(template: str) -> None:
    assert check_template(template) == []


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("B-{nomor:3}/{unit}", "harus memuat {tahun}"),
        ("B-{unit}/{tahun}", "{nomor} tepat satu kali"),
        ("{nomor}-{nomor:3}/{tahun}", "{nomor} tepat satu kali"),
        ("{nomor}/{tahun}/{tahun}", "{tahun} tertulis lebih dari sekali"),
        ("{nomer:3}/{tahun}", "{nomer:3} tidak dikenal"),
        ("{nomor:03}/{tahun}", "{nomor:03} tidak dikenal"),
        ("{nomor!r}/{tahun}", "tidak dikenal"),
        ("{nomor.__class__}/{tahun}", "tidak dikenal"),
        ("B-{nomor:3/{tahun}", "tidak berpasangan"),
        ("B-{nomor}\n/{tahun}", "hanya boleh memuat"),
        ("{nomor}{tahun}", "menempel"),
        (" {nomor}/{tahun}", "tanpa spasi"),
        ("B" * LONGEST_NUMBER + "{nomor}/{tahun}", "paling panjang"),
    ],
)
def test_a_faulty_template_is_named_with_its_fault(template: str, says: str) -> None:
    complaints = check_template(template)
    assert any(says in complaint for complaint in complaints)
    assert all(complaint.endswith(".") for complaint in complaints)
    with pytest.raises(Refused):
        format_number(template, 1, 2026, 1, "16000", "KP.630")


@given(
    st.sampled_from(TEMPLATES),
    st.integers(1, 99_999),
    st.integers(2020, 2099),
    st.integers(1, 12),
    st.none() | st.integers(1, 99),
)
def test_every_written_number_reads_back(
    template: str, sequence: int, year: int, month: int, insertion: int | None
) -> None:
    number = format_number(template, sequence, year, month, "16000", "KP.630", insertion)
    for typed in (number, number.lower(), f"  {number.replace('-', '–')} "):
        parts = read_number(template, typed)
        assert (parts.sequence, parts.year, parts.insertion) == (sequence, year, insertion)
        assert parts.month == (month if "{bulan" in template else 0)


def test_a_number_from_the_register_gives_its_parts() -> None:
    assert read_number(LETTER, "B-047.02/18106/KS.200/03/2024") == NumberParts(47, 2024, 3, "18106", "KS.200", 2)


@pytest.mark.parametrize(
    "typed",
    [
        "B-000/16000/KP.630/01/2026",
        "B-003.00/16000/KP.630/01/2026",
        "B-3/16000/KP.630/01/2026",
        "B-003/16000/KP.630/13/2026",
        "B-003/16000/KP.630/2026",
        "003/16000/KP.630/01/2026",
        "B-003/16000/KP.630/01/26",
    ],
)
def test_a_number_in_another_form_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Refused, match=r"Contoh bentuknya: B-001/16000/KP\.630/01/2026\.$"):
        read_number(LETTER, typed)


def test_the_letter_register_may_mix_forms() -> None:
    assert clean_register_number(" BA–001/18100/PL.810/2024\n") == "BA-001/18100/PL.810/2024"
    assert clean_register_number("B-003.01/18100/2024") == "B-003.01/18100/2024"
    for wrong in ("", "tanpa nomor", "B-001;DROP", "B-1" + "0" * LONGEST_NUMBER, "<b>1</b>"):
        with pytest.raises(Refused, match=r"\.$"):
            clean_register_number(wrong)


@pytest.mark.parametrize(
    "subject",
    [
        "Re: [PST-1600-2026-000123] Permintaan data",
        "bukti bayar pst-1600-2026-000123",
        "Fwd: PST 1600 2026 000123",
        "PST–1600–2026–000123",
        "PST - 1600 - 2026 - 000123",
        "PST16002026000123",
        "no.PST/1600/2026/123.",
        "PST_1600_2026_000123",
        "RE:PST-1600-2026-\r\n 000123",
        "PST-1600-2026-000000 salah, yang benar PST-1600-2026-000123",
    ],
)
def test_a_case_number_is_found_however_it_was_typed(subject: str) -> None:
    assert find_case_number(subject) == "PST-1600-2026-000123"


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "Permintaan data Susenas 2026",
        "XPST-1600-2026-000123",
        "PST-160-2026-000123",
        "PST-1600-2026-0001234",
        "PST-1600-1926-000123",
        "PST-1600-2026",
        "PST-1600-2026-000000",
        "INV-1600-26-0094",
        "PST16002026123",
    ],
)
def test_what_only_resembles_a_case_number_is_left_alone(subject: str) -> None:
    assert find_case_number(subject) is None


def test_the_sample_mails_name_their_case_in_the_subject_or_not_at_all() -> None:
    found = 0
    for path in sorted((SAMPLES / "mail").glob("*.expected.json")):
        expected = json.loads(path.read_text("utf-8"))
        in_subject = expected.get("case_found_in") == "subject"
        found += in_subject
        assert find_case_number(expected.get("subject") or "") == (expected["case_number"] if in_subject else None)
    assert found


@given(st.integers(0, 9999), st.integers(2000, 2099), st.integers(1, 999_999))
def test_every_case_number_the_program_writes_it_finds(office: int, year: int, number: int) -> None:
    written = case_number(f"{office:04d}", year, number)
    assert find_case_number(f"Re: {written.lower()}!") == written


def test_the_payment_codes_are_those_of_the_sample_invoices() -> None:
    sample = json.loads((SAMPLES / "matching" / "invoices.json").read_text("utf-8"))
    for invoice in sample["invoices"]:
        number = int(invoice["number"].split("/")[0].removeprefix("INV-"))
        assert payment_code(sample["office"], int(invoice["issued"][:4]), number) == invoice["short_code"]
    assert payment_code("1571", 2026, 12345) == "INV-1571-26-12345"


@pytest.mark.parametrize(("office", "year", "number"), [("160", 2026, 1), ("1600", 1999, 1), ("1600", 2026, 0)])
def test_a_number_that_cannot_be_is_a_mistake_of_the_program(office: str, year: int, number: int) -> None:
    with pytest.raises(ValueError, match="no such number"):
        case_number(office, year, number)
    with pytest.raises(ValueError, match="no such number"):
        payment_code(office, year, number)
