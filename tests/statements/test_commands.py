"""`desk check statement` and `desk check match` answer as data, refuse with a sentence and a code."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from desk.checks.statements import matching_quality
from desk.commands import check_statements, outcome
from tests.statements.samples import SAMPLES, STATEMENTS


def run(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    check_statements.add_parsers(parser.add_subparsers())
    asked = parser.parse_args([str(word) for word in words])
    return outcome.of(lambda: asked.run(asked))


def answer(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_statements_are_answered_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("statement", STATEMENTS / "bca_2026-10.csv", STATEMENTS / "bni_2026-10.sta", "--json") == outcome.DONE
    assert [found["layout"] for found in answer(capsys)] == ["bca", "mt940"]


def test_a_refused_file_does_not_keep_the_others_from_being_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    empty = tmp_path / "kosong.csv"
    empty.touch()
    assert run("statement", empty, STATEMENTS / "bca_2026-10.csv", "--json") == outcome.REFUSED
    said = capsys.readouterr()
    assert [found["result"] for found in json.loads(said.out)] == ["refuse", "ok"]
    assert said.err.strip().startswith("Berkas kosong.csv kosong.")


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run("statement", tmp_path / "tidak ada.csv", "--json") == outcome.UNAVAILABLE
    assert "tidak ada.csv" in capsys.readouterr().err


def test_overlapping_files_are_joined(capsys: pytest.CaptureFixture[str]) -> None:
    files = [STATEMENTS / "overlap" / f"mandiri_mcm_{part}.csv" for part in ("a_01-20", "b_15-31")]
    assert run("statement", *files, "--union", "--json") == outcome.DONE
    assert answer(capsys)["union_count"] == 20
    assert run("statement", *files, "--union") == outcome.DONE
    assert capsys.readouterr().out.startswith("20 mutasi dari 2 berkas\n")


def test_proposals_have_the_shape_of_the_answers(capsys: pytest.CaptureFixture[str]) -> None:
    invoices = SAMPLES / "matching" / "invoices.json"
    words = ("match", "--statement", STATEMENTS / "bca_2026-10.csv", "--invoices", invoices)
    assert run(*words, "--json") == outcome.DONE
    [found] = answer(capsys)["statements"]
    wanted = json.loads((SAMPLES / "matching" / "invoices.json.expected.json").read_text("utf-8"))["statements"]
    like = next(entry for entry in wanted if entry["statement"].endswith("bca_2026-10.csv"))
    assert [set(proposal) | {"accept"} for proposal in found["proposals"]] == [set(one) for one in like["proposals"]]
    assert run(*words) == outcome.DONE
    assert "Kode INV-1600-26-0105 lengkap" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content", ["[", "{}", '[{"amount": 1}]', '{"invoices": [1]}', '[{"number": "1", "amount": "x"}]']
)
def test_a_list_of_invoices_that_is_none_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str
) -> None:
    path = tmp_path / "invoice.json"
    path.write_text(content, "utf-8")
    assert run("match", "--statement", STATEMENTS / "bca_2026-10.csv", "--invoices", path) == outcome.REFUSED
    assert "invoice.json bukan daftar invoice" in capsys.readouterr().err


def test_text_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("statement", STATEMENTS / "bca_2026-10.csv") == outcome.DONE
    said = capsys.readouterr().out
    assert said.startswith("bca_2026-10.csv: bca, BCA, rekening 9990123456, 21 mutasi\n")
    assert "Rp12.770.000" in said


def test_matching_is_measured_over_the_samples() -> None:
    quality = matching_quality()
    assert quality["wrong_certain"] == 0
    assert quality["accepted"] == quality["lines"] == 249
    assert all(found["precision"] >= 0.95 and found["recall"] >= 0.95 for found in quality["classes"].values())
