"""A line is imported once, true twins stay, and the balances are followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.errors import Refused
from desk.rules.statement import (
    BalanceCheck,
    Statement,
    StatementLine,
    exact_text,
    is_reversal,
    keyed,
    line_digest,
    sen_text,
    union,
    whole_rupiah,
)

LINE = StatementLine(1, date(2026, 10, 1), 70_000_00, "SETOR TUNAI", time(9, 30), reference="K1", balance_sen=70_000_00)


def statement(file: str, lines: Sequence[StatementLine], account: str | None = "1") -> Statement:
    numbered = tuple(replace(line, no=number) for number, line in enumerate(lines, 1))
    return Statement(file, "bsi", "BSI", account, "IDR", None, None, numbered)


@pytest.mark.parametrize(
    "changed",
    [
        {"booked_on": date(2026, 10, 2)}, {"booked_at": time(9, 31)}, {"amount_sen": 70_000_01}, {"reference": "K2"},
        {"description": "SETOR TUNAI 2"}, {"balance_sen": 1}, {"counterparty": "SITI"},
    ],
)  # fmt: skip
def test_whatever_the_bank_says_differently_makes_another_line(changed: dict[str, object]) -> None:
    assert line_digest(replace(LINE, **changed), "1") != line_digest(LINE, "1")  # type: ignore[arg-type]


def test_row_numbers_blanks_and_the_raw_row_do_not_make_another_line() -> None:
    again = replace(LINE, no=9, description="Setor   Tunai ", raw="9;SETOR TUNAI")
    assert line_digest(again, "1") == line_digest(LINE, "1")
    assert line_digest(LINE, "2") != line_digest(LINE, "1")


def test_twins_are_numbered_within_a_file() -> None:
    keys = [key.twin for key, _ in keyed([LINE, LINE, replace(LINE, reference="K2")], "1")]
    assert keys == [1, 2, 1]


DAYS = st.lists(st.integers(1, 4), max_size=12)


@settings(max_examples=100, deadline=None)
@given(account=DAYS, first=st.integers(0, 12), second=st.integers(0, 12))
def test_two_downloads_of_one_account_keep_the_larger_count_of_each_day(
    account: list[int], first: int, second: int
) -> None:
    bare = replace(LINE, booked_at=None, reference=None, balance_sen=None)
    lines = [replace(bare, booked_on=date(2026, 10, day)) for day in sorted(account)]
    start, end = sorted((first, second))
    files = [statement("a", lines[:end]), statement("b", lines[start:])]
    for order in (files, files[::-1]):
        found = [line.booked_on.day for line, _ in union(order)]
        for day in set(account):
            assert found.count(day) == max(sum(line.booked_on.day == day for line in file.lines) for file in files)


def test_the_same_file_twice_brings_nothing_new() -> None:
    lines = [LINE, LINE, replace(LINE, reference="K2")]
    assert len(union([statement("a", lines), statement("b", lines)])) == 3


def test_files_of_two_accounts_are_not_joined() -> None:
    with pytest.raises(Refused, match="rekening yang berbeda"):
        union([statement("a", [LINE], "1"), statement("b", [LINE], "2")])


def checked(*movements: tuple[int, int | None, int]) -> BalanceCheck:
    check = BalanceCheck()
    for number, (amount, balance, day) in enumerate(movements, 1):
        check.add(replace(LINE, no=number, amount_sen=amount, balance_sen=balance, booked_on=date(2026, 10, day)))
    return check


def test_balances_that_fit_say_nothing() -> None:
    check = checked((50, 150, 1), (-30, 120, 2))
    assert check.why_not(100, 120) is None
    assert (check.opening_from_rows(), check.closing_from_rows(), check.notice()) == (100, 120, None)


def test_balances_of_a_file_with_the_newest_line_first_fit_too() -> None:
    check = checked((-30, 120, 2), (50, 150, 1))
    assert check.newest_first
    assert check.why_not(100, 120) is None
    assert (check.opening_from_rows(), check.closing_from_rows()) == (100, 120)


@pytest.mark.parametrize(("opening", "closing"), [(101, 120), (100, 121), (None, 119), (99, None)])
def test_balances_that_do_not_fit_give_a_sentence(opening: int | None, closing: int | None) -> None:
    assert "Saldo tidak cocok" in str(checked((50, 150, 1), (-30, 120, 2)).why_not(opening, closing))


def test_a_file_without_balances_cannot_be_checked() -> None:
    assert checked((50, None, 1), (-30, None, 2)).why_not(None, None) is None
    assert checked((50, None, 1), (-30, None, 2)).why_not(100, 120) is None


def test_balances_out_of_step_are_pointed_out() -> None:
    check = checked((50, 150, 1), (10, 130, 2), (-30, 120, 2), (-10, 120, 3))
    assert check.why_not(100, 120) is None
    assert "mutasi ke-2" in str(check.notice())


@pytest.mark.parametrize(("sen", "whole", "exact", "shown"), [
    (123456, 1234, "1234.56", "Rp1.234,56"), (-24691, -246, "-246.91", "-Rp246,91"),
    (7000000, 70000, "70000.00", "Rp70.000"),
    (-50, 0, "-0.50", "-Rp0,50"),
])  # fmt: skip
def test_sen_are_cut_off_for_whole_rupiah_and_kept_exactly(sen: int, whole: int, exact: str, shown: str) -> None:
    assert (whole_rupiah(sen), exact_text(sen), sen_text(sen)) == (whole, exact, shown)


@pytest.mark.parametrize("text", ["REVERSAL KLIRING", "KOREKSI PEMBATALAN SKN", "RETUR KLIRING", "Kliring Retur"])
def test_the_banks_words_for_a_reversal(text: str) -> None:
    assert is_reversal(text)
    assert not is_reversal("TRANSFER DARI KOREKTOR RETURNO")
