"""`desk check statement` and `desk check match` answer for bank files as the samples expect."""

from __future__ import annotations

import json

from tests.commands.desk_command import SAMPLES, Command

STATEMENTS = SAMPLES / "statements"
FILES = sorted(path for path in STATEMENTS.iterdir() if path.is_file() and not path.name.endswith(".expected.json"))
INVOICES = SAMPLES / "matching" / "invoices.json"


def test_every_sample_statement_is_read_in_one_go(desk: Command) -> None:
    result = desk("check", "statement", *FILES, "--json")
    assert (result.code, result.said) == (0, "")
    for path, answer in zip(FILES, result.json, strict=True):
        want = json.loads(path.with_name(path.name + ".expected.json").read_text("utf-8"))
        for key in ("file", "layout", "bank", "account", "line_count", "sum_credit", "sum_debit"):
            assert answer[key] == want[key], (path.name, key)
        assert [line["amount"] for line in answer["lines"]] == [line["amount"] for line in want["lines"]]


def test_two_downloads_of_one_account_count_every_line_once(desk: Command) -> None:
    overlap = STATEMENTS / "overlap"
    want = json.loads((overlap / "group_bri_cms.expected.json").read_text("utf-8"))
    result = desk("check", "statement", *sorted(overlap.glob("bri_cms_*.csv"), reverse=True), "--union", "--json")
    assert result.code == 0
    assert result.json["union_count"] == want["union_count"]


def test_credits_are_matched_with_a_reason_each(desk: Command) -> None:
    wanted = json.loads(INVOICES.with_name("invoices.json.expected.json").read_text("utf-8"))["statements"]
    want = next(statement for statement in wanted if statement["statement"].endswith("bca_2026-10.csv"))
    result = desk("check", "match", "--statement", STATEMENTS / "bca_2026-10.csv", "--invoices", INVOICES, "--json")
    assert result.code == 0
    (answer,) = result.json["statements"]
    for got, expected in zip(answer["proposals"], want["proposals"], strict=True):
        assert got["class"] in expected["accept"]
        assert got["why"].endswith(".")


def test_statements_read_as_text(desk: Command) -> None:
    bca = STATEMENTS / "bca_2026-10.csv"
    text = desk("check", "statement", bca).out
    assert text.startswith("bca_2026-10.csv: bca, BCA, rekening 9990123456, 21 mutasi")
    assert "INV-1600-26-0105" in desk("check", "match", "--statement", bca, "--invoices", INVOICES).out


def test_a_file_that_is_no_statement_does_not_hide_the_others(desk: Command) -> None:
    result = desk("check", "statement", SAMPLES / "README.md", STATEMENTS / "bca_2026-10.csv", "--json")
    assert result.code == 1
    assert [answer["result"] for answer in result.json] == ["refuse", "ok"]
    assert "README.md" in result.said
