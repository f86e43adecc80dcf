"""The command line answers format questions in the shape of the sample files, and refuses in words."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desk.checks.formats import FILE_KINDS, check_file, check_id, check_words, check_workdays
from desk.errors import Refused
from desk.rules.working_days import calendar_from_toml

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "samples"
CALENDAR = calendar_from_toml((ROOT / "resources" / "calendars" / "indonesia.toml").read_text("utf-8"))
TODAY = date(1985, 1, 1)  # long before the reference date that the NIK sample states for itself
SAMPLE_FILES = {
    "words": SAMPLES / "people" / "amounts.json",
    "amount": SAMPLES / "people" / "amount_input.json",
    "nik": SAMPLES / "people" / "nik.json",
    "npwp": SAMPLES / "people" / "npwp.json",
    "nip": SAMPLES / "people" / "nip.json",
    "phone": SAMPLES / "people" / "phone.json",
    "workdays": SAMPLES / "calendar" / "working_days.json",
}


@pytest.mark.parametrize("kind", SAMPLE_FILES)
def test_every_sample_vector_comes_back_with_its_expected_answer(kind: str) -> None:
    vectors = json.loads(SAMPLE_FILES[kind].read_text("utf-8"))["vectors"]
    answers = check_file(kind, SAMPLE_FILES[kind], CALENDAR, TODAY)
    assert len(answers) == len(vectors)
    json.dumps(answers)
    for vector, answer in zip(vectors, answers, strict=True):
        wanted = {key: value for key, value in vector.items() if key not in ("note", "lenient", "accept_null")}
        assert {key: answer[key] for key in wanted} == wanted


def test_a_bare_list_is_read_as_well(tmp_path: Path) -> None:
    path = tmp_path / "dengan spasi.json"
    path.write_text('\ufeff[{"input": "0812 0000 0123"}]', "utf-8")
    assert check_file("phone", path, CALENDAR, TODAY) == [
        {"input": "0812 0000 0123", "expected": "+6281200000123", "warning": None}
    ]
    path.write_text('[{"start": "14/12/2026", "n": "10"}, {"start": "besok", "n": 1}]', "utf-8")
    due, refused = check_file("workdays", path, CALENDAR, TODAY)
    assert due["expected"] == "2026-12-30"
    assert refused["expected"] is None
    assert refused["warning"].endswith(".")


def test_an_amount_is_written_in_every_form() -> None:
    assert check_words("Rp 1.001.000,00") == {
        "amount": 1_001_000,
        "rupiah": "Rp1.001.000,00",
        "rupiah_short": "Rp1.001.000",
        "terbilang": "satu juta seribu",
        "terbilang_rupiah": "satu juta seribu rupiah",
    }
    assert check_words("-21.000")["terbilang"] == "minus dua puluh satu ribu"


def test_working_days_name_what_was_skipped_and_warn_beyond_the_calendar() -> None:
    answer = check_workdays("2026-12-14", 10, CALENDAR)
    assert (answer["expected"], answer["text"], answer["warning"]) == ("2026-12-30", "Rab 30 Des 2026", None)
    assert [day["date"] for day in answer["skipped"]] == ["2026-12-24", "2026-12-25"]
    assert "2028" in check_workdays("20 Desember 2027", "10", CALENDAR)["warning"]
    assert check_workdays("2026-12-30", -10, CALENDAR)["expected"] == "2026-12-14"


def test_an_identifier_is_read_with_its_warning() -> None:
    assert check_id("ntpn", "a1b2c3d4e5f6g7h8", TODAY)["expected"] == "A1B2C3D4E5F6G7H8"
    assert check_id("billing", "820220922465628", TODAY)["expected"] == "820220922465628"
    assert "gmail.com" in check_id("email", "rina@gmial.com", TODAY)["warning"]
    assert check_id("phone", "tidak ada", TODAY)["expected"] is None


@pytest.mark.parametrize(
    "call",
    [
        lambda: check_words("banyak"),
        lambda: check_words("9" * 30),
        lambda: check_workdays("kapan", 1, CALENDAR),
        lambda: check_workdays("2026-12-14", "1,5", CALENDAR),
        lambda: check_workdays("2026-12-14", 10**9, CALENDAR),
        lambda: check_workdays("2026-12-14", True, CALENDAR),
        lambda: check_id("paspor", "C1234567", TODAY),
        lambda: check_file("paspor", SAMPLE_FILES["nik"], CALENDAR, TODAY),
        lambda: check_file("nik", SAMPLES / "tidak_ada.json", CALENDAR, TODAY),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_with_a_sentence(call: Any) -> None:
    with pytest.raises(Refused, match=r"\.$"):
        call()


@pytest.mark.parametrize("kind", FILE_KINDS)
@pytest.mark.parametrize(
    "content",
    [
        "bukan json",
        "3",
        '{"vectors": 3}',
        "[3]",
        "[{}]",
        '[{"input": [5], "start": 5, "n": 1}]',
        '[{"amount": 1.5}]',
        '[{"amount": true}]',
        "[" * 100_000,
    ],
)
def test_a_file_that_is_not_in_shape_is_refused_with_its_name(kind: str, content: str, tmp_path: Path) -> None:
    path = tmp_path / "berkas.json"
    path.write_text(content, "utf-8")
    with pytest.raises(Refused, match=r"berkas\.json.*\.$"):
        check_file(kind, path, CALENDAR, TODAY)
