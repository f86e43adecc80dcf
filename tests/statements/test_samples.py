"""Every sample statement is read as its answer says, and overlapping files give every line once."""

from __future__ import annotations

import json

import pytest

from desk.checks.statements import check_statement, check_union
from tests.statements.samples import FILES, STATEMENTS, answer, squeezed

HEAD = (
    "result", "layout", "bank", "account", "currency", "opening_balance", "closing_balance", "order", "line_count",
    "sum_credit", "sum_debit", "exact_closing_balance",
)  # fmt: skip


def test_all_eighteen_samples_are_here() -> None:
    assert len(FILES) == 18


@pytest.mark.parametrize("name", FILES)
def test_a_statement_says_what_its_answer_says(name: str) -> None:
    wanted = answer(name)
    [found] = check_statement([STATEMENTS / name])
    assert {key: found.get(key) for key in HEAD if key in wanted} == {key: wanted[key] for key in HEAD if key in wanted}
    assert len(found["lines"]) == len(wanted["lines"])
    for line, expected in zip(found["lines"], wanted["lines"], strict=True):
        fields = expected.keys() - {"description"}
        assert {key: line.get(key) for key in fields} == {key: expected[key] for key in fields}
        text = squeezed(line["description"])
        assert all(squeezed(piece) in text for piece in expected["description"].split("|"))
        assert ("reversal" in line) == ("reversal" in expected)


@pytest.mark.parametrize("name", ["bca_2026-10.csv", "camt053_v08_2026-10.xml"])
def test_a_pending_row_is_shown_and_not_booked(name: str) -> None:
    [found] = check_statement([STATEMENTS / name])
    [row], [wanted] = found["skipped"], answer(name)["skipped"]
    assert (row["reason"], row["amount"]) == (wanted["reason"], wanted["amount"])
    assert squeezed(row["description"]) == squeezed(wanted["description"])


@pytest.mark.parametrize("group", ["bri_cms", "mandiri_mcm"])
@pytest.mark.parametrize("order", [1, -1])
def test_overlapping_files_give_every_line_once_in_either_order(group: str, order: int) -> None:
    wanted = json.loads((STATEMENTS / "overlap" / f"group_{group}.expected.json").read_text("utf-8"))
    files = wanted["group"][::order]
    found = check_union([STATEMENTS / "overlap" / name for name in files])
    for key in ("union_count", "sum_credit", "sum_debit"):
        assert found[key] == wanted[key]
    fields = ("no", "date", "time", "amount", "reference", "balance", "in_files")
    assert [{key: line[key] for key in fields} for line in found["lines"]] == [
        {key: line[key] for key in fields} for line in wanted["lines"]
    ]


def test_the_raw_row_is_kept() -> None:
    from desk.adapters.bank_files import read_statement

    statement = read_statement(STATEMENTS / "bsi_2026-10.csv")
    rows = (STATEMENTS / "bsi_2026-10.csv").read_text("utf-8").splitlines()
    assert [line.raw for line in statement.lines] == rows[1:]
