"""`desk check` answers as the sample files expect, in UTF-8 on any console, and refuses in a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from desk.checks import formats
from desk.commands import check, check_text
from tests.commands.desk_command import SAMPLES, Command

PEOPLE = SAMPLES / "people"
VECTORS = {
    ("words",): PEOPLE / "amounts.json",
    ("amount",): PEOPLE / "amount_input.json",
    ("workdays",): SAMPLES / "calendar" / "working_days.json",
    ("id", "nik"): PEOPLE / "nik.json",
    ("id", "npwp"): PEOPLE / "npwp.json",
    ("id", "nip"): PEOPLE / "nip.json",
    ("id", "phone"): PEOPLE / "phone.json",
}
TEMPLATES = SAMPLES / "hostile" / "templates"


def expected(path: Path) -> Any:
    return json.loads(path.with_name(path.name + ".expected.json").read_text("utf-8"))


@pytest.mark.parametrize("kind", VECTORS, ids="-".join)
def test_a_file_of_values_is_answered_one_by_one(desk: Command, kind: tuple[str, ...]) -> None:
    vectors = json.loads(VECTORS[kind].read_text("utf-8"))["vectors"]
    result = desk("check", *kind, "--file", VECTORS[kind], "--json")
    assert (result.code, result.said) == (0, "")
    for vector, answer in zip(vectors, result.json, strict=True):
        wanted = {key: value for key, value in vector.items() if key not in ("note", "lenient", "accept_null")}
        assert {key: answer[key] for key in wanted} == wanted


@pytest.mark.parametrize("kind", VECTORS, ids="-".join)
def test_every_answer_of_a_file_reads_as_one_line(kind: tuple[str, ...], desk: Command) -> None:
    result = desk("check", *kind, "--file", VECTORS[kind])
    lines = result.out.splitlines()
    assert len(lines) == len(json.loads(VECTORS[kind].read_text("utf-8"))["vectors"])
    assert all(" → " in line for line in lines)


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (("words", "101000"), ["Rp101.000,00", "seratus satu ribu rupiah"]),
        (("words", "-21000"), ["minus dua puluh satu ribu"]),
        (("amount", "Rp 1.234.567,00"), ["Rp1.234.567"]),
        (("workdays", "2026-12-14", "10"), ["Rab 30 Des 2026 (2026-12-30)", "Hari Raya Natal"]),
        (("workdays", "2027-12-20", "10"), ["2028"]),
        (("id", "nik", "9901014508900001"), ["perempuan", "1990-08-05", "Kode wilayah NIK tidak dikenal."]),
        (("id", "phone", "0812 0000 0123"), ["+6281200000123"]),
    ],
)
def test_one_value_is_answered_in_words(desk: Command, words: tuple[str, ...], lines: list[str]) -> None:
    result = desk("check", *words)
    assert (result.code, result.said) == (0, "")
    for line in lines:
        assert line in result.out


@pytest.mark.parametrize(
    "words",
    [
        ("words", "banyak"),
        ("words",),
        ("words", "5", "--file", str(VECTORS["words",])),
        ("words", "--file", "tidak ada.json"),
        ("workdays", "kapan", "3"),
        ("workdays", "2026-12-14"),
        ("id", "nik", "123"),
        ("id", "npwp", "123"),
        ("id", "phone", "tidak ada"),
        ("template", "tidak ada.docx"),
        ("template", str(TEMPLATES / "ok.docx"), "--out", "hasil.docx"),
        ("paper", "tidak ada.docx", "--pdf", "hasil.pdf"),
        ("paper", str(SAMPLES / "README.md"), "--pdf", "hasil.pdf"),
        ("mail", "tidak ada.eml"),
        ("chat", str(SAMPLES / "scans" / "tumpukan_11_halaman.pdf")),
    ],
)
def test_bad_input_ends_with_a_sentence_and_a_code(desk: Command, words: tuple[str, ...]) -> None:
    result = desk("check", *words)
    assert result.code in (1, 3)
    assert result.said.strip().endswith(".")
    assert "Traceback" not in result.said


@pytest.mark.parametrize("words", [("check",), ("check", "id", "paspor", "1"), ("check", "words", "1", "2"), ("cek",)])
def test_a_misspelt_command_is_answered_with_its_usage(desk: Command, words: tuple[str, ...]) -> None:
    result = desk(*words)
    assert result.code == 2
    assert result.said.startswith("Cara pakai: desk")
    assert result.said.strip().endswith("--help”.")


def test_a_refused_value_still_gives_its_json(desk: Command) -> None:
    result = desk("check", "id", "nip", "123", "--json")
    assert result.code == 1
    assert result.json["expected"]["valid"] is False


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.docx")), ids=lambda path: path.stem)
def test_a_sample_template_gets_its_verdict(desk: Command, path: Path) -> None:
    want = expected(path)
    result = desk("check", "template", path, "--context", TEMPLATES / "context.json", "--json")
    answer = result.json
    assert answer["result"] in [want["result"], *want.get("accept", [])]
    assert result.code == (1 if answer["result"] == "refuse" else 0)
    if want["reason"]:
        assert answer["reason"] == want["reason"]
    for key in ("fields", "unknown_fields", "external"):
        assert sorted(answer[key]) == sorted(want.get(key, answer[key]))
    for text in want.get("filled_contains", []):
        assert text in "\n".join(answer["filled_text"])


def test_a_filled_template_becomes_a_pdf(desk: Command) -> None:
    ok, context = TEMPLATES / "ok.docx", TEMPLATES / "context.json"
    assert desk("check", "template", ok, "--context", context, "--out", "hasil uji.docx").code == 0
    result = desk("check", "paper", "hasil uji.docx", "--pdf", "hasil uji.pdf", "--json")
    assert (result.code, result.said) == (0, "")
    assert result.json == {"file": "hasil uji.docx", "pages": 1, "pdf": "hasil uji.pdf", "warnings": []}
    assert (desk.home / "hasil uji.pdf").read_bytes().startswith(b"%PDF-")


def test_mails_are_read_in_order_with_the_known_cases(desk: Command) -> None:
    mails = sorted((SAMPLES / "mail").glob("*.eml"))
    result = desk("check", "mail", *mails, "--known", SAMPLES / "mail" / "known_messages.json", "--json")
    assert (result.code, result.said) == (0, "")
    for path, answer in zip(mails, result.json, strict=True):
        want = expected(path)
        for key in ("file", "result", "kind", "opens_case", "subject", "case_number", "case_found_in", "from"):
            assert answer[key] == want[key], (path.name, key)


def test_conversations_are_read_in_order(desk: Command) -> None:
    chats = sorted((SAMPLES / "chat").glob("*.txt"))
    result = desk("check", "chat", *chats, "--json")
    assert (result.code, result.said) == (0, "")
    for path, answer in zip(chats, result.json, strict=True):
        want = expected(path)
        for key in set(want) - {"notes", "optional_split"}:
            assert answer[key] == want[key], (path.name, key)


def test_one_bad_mail_does_not_hide_the_others(desk: Command) -> None:
    good = SAMPLES / "mail" / "01_permintaan_baru.eml"
    result = desk("check", "mail", SAMPLES / "README.md", good, "--json")
    bad, read = result.json
    assert result.code == 1
    assert (bad["file"], bad["result"]) == ("README.md", "refuse")
    assert bad["message"] in result.said
    assert read["result"] == expected(good)["result"]
    assert "Sari Contohwati" in desk("check", "mail", good).out


def test_mails_and_conversations_read_as_text(desk: Command) -> None:
    mails = desk("check", "mail", *sorted((SAMPLES / "mail").glob("*.eml")))
    assert (mails.code, mails.said) == (0, "")
    assert mails.out.count("Perihal") >= 12
    assert "Abstraksi Penelitian.docx (1950 bita)" in mails.out
    chats = desk("check", "chat", *sorted((SAMPLES / "chat").glob("*.txt")))
    assert (chats.code, chats.said) == (0, "")
    assert "Abstraksi terlampir." in chats.out


def test_the_kinds_of_numbers_on_the_command_line_are_those_of_the_checks() -> None:
    assert check.ID_KINDS == formats.ID_KINDS


def test_checking_touches_no_database_and_opens_no_window(desk: Command) -> None:
    result = desk("check", "words", "1", DESK_DATABASE_URL="postgresql://nobody@127.0.0.1:1/tidak_ada")
    assert result.code == 0
    assert not list(desk.home.rglob("PG_VERSION"))


def test_every_field_of_an_identifier_has_a_word() -> None:
    for kind in ("nik", "npwp", "nip"):
        for vector in json.loads((PEOPLE / f"{kind}.json").read_text("utf-8"))["vectors"]:
            answer = {"input": vector["input"], "expected": vector["expected"], "warning": None}
            assert "_" not in check_text.identifier(answer)
