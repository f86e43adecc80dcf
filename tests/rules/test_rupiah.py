"""Money is whole rupiah; its text and its words are the same on every paper."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import Refused
from desk.rules.rupiah import LARGEST_AMOUNT, in_words, in_words_rupiah, parse_amount, rupiah, rupiah_paper

PEOPLE = Path(__file__).parent.parent / "samples" / "people"
AMOUNTS = json.loads((PEOPLE / "amounts.json").read_text("utf-8"))["vectors"]
TYPED = json.loads((PEOPLE / "amount_input.json").read_text("utf-8"))["vectors"]

DIGITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
VALUES = {word: value for value, word in enumerate(DIGITS)}
SCALES = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12}


def number_said(words: str) -> int:
    """Read Indonesian number words back, by a way of its own: add up what is heard."""
    total = group = digit = 0
    for word in words.split():
        if word in VALUES:
            digit = VALUES[word]
        elif word in ("sepuluh", "sebelas", "seratus"):
            group += {"sepuluh": 10, "sebelas": 11, "seratus": 100}[word]
        elif word == "seribu":
            assert group == digit == 0, "seribu stands alone in its group"
            total += 1000
        elif word == "belas":
            group, digit = group + 10 + digit, 0
        elif word in ("puluh", "ratus"):
            group, digit = group + digit * (10 if word == "puluh" else 100), 0
        else:
            total, group, digit = total + (group + digit) * SCALES[word], 0, 0
    return total + group + digit


@pytest.mark.parametrize("row", AMOUNTS, ids=lambda row: row["amount"])
def test_an_amount_has_one_text_on_paper_one_on_screen_and_one_in_words(row: dict[str, Any]) -> None:
    amount = row["amount"]
    assert rupiah_paper(amount) == row["rupiah"]
    assert rupiah(amount) == row["rupiah_short"]
    assert in_words(amount) == row["terbilang"]
    assert in_words_rupiah(amount) == row["terbilang_rupiah"]


@given(st.integers(0, LARGEST_AMOUNT))
def test_the_words_say_the_number_back(amount: int) -> None:
    words = in_words(amount)
    assert number_said(words) == amount
    assert "satu ribu" not in words.replace("puluh satu ribu", "").replace("ratus satu ribu", "")
    assert not {"sejuta", "semiliar", "milyar"} & set(words.split())


def test_every_number_below_one_million_two_hundred_thousand_reads_back_on_a_fine_grid() -> None:
    for amount in range(0, 1_200_000, 97):
        assert number_said(in_words(amount)) == amount


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (101_000, "seratus satu ribu"),
        (1_001_000, "satu juta seribu"),
        (25_701_740, "dua puluh lima juta tujuh ratus satu ribu tujuh ratus empat puluh"),
        (1_000_000_001_000, "satu triliun seribu"),
        (-21_000, "minus dua puluh satu ribu"),
    ],
)
def test_the_known_traps_of_number_words(amount: int, words: str) -> None:
    assert in_words(amount) == words


def test_the_largest_amount_has_words_and_one_more_has_none() -> None:
    assert in_words(LARGEST_AMOUNT).startswith("sembilan ratus sembilan puluh sembilan triliun")
    with pytest.raises(ValueError, match="limit"):
        in_words(LARGEST_AMOUNT + 1)


def test_money_below_zero_carries_its_sign_in_front() -> None:
    assert rupiah(-1_500) == "-Rp1.500"
    assert rupiah_paper(-1_500) == "-Rp1.500,00"


@pytest.mark.parametrize("row", TYPED, ids=lambda row: repr(row["input"]))
def test_a_typed_amount_is_read_or_refused_with_a_sentence(row: dict[str, Any]) -> None:
    if row["expected"] is None:
        with pytest.raises(Refused, match=r"\.$"):
            parse_amount(row["input"])
    else:
        assert parse_amount(row["input"]) == row["expected"]


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("rp70.000", 70_000),
        ("RP. 70.000,--", 70_000),
        ("70.000,00 rupiah", 70_000),
        ("1 250 000", 1_250_000),
        ("1\u00a0250\u00a0000", 1_250_000),
        ("1000.00", 1_000),
        ("70000,00", 70_000),
        ("70,00", 70),
        ("70,000", 70_000),
        ("5.000.000,0", 5_000_000),
        ("999.999.999.999.999", LARGEST_AMOUNT),
    ],
)
def test_the_usual_ways_to_write_an_amount_are_all_read(typed: str, amount: int) -> None:
    assert parse_amount(typed) == amount


@pytest.mark.parametrize(
    "typed",
    [
        "70.00",  # one zero is missing: never seventy rupiah
        "1.250,000",
        "1,250.000",
        "1.250.000.00",
        "1,250,000,00",
        "1250.000",
        "0812",
        "0.500",
        "-70.000",
        "Rp-70.000",
        "(70.000)",
        "70.000,01",
        "1e6",
        "７０.０００",
        "70.000 80.000",
        "1.000.000.000.000.000",
        "9" * 5000,
        "70\n000\n0",
    ],
)
def test_an_amount_that_may_mean_something_else_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match=r"\.$"):
        parse_amount(typed)


@given(st.integers(0, LARGEST_AMOUNT))
def test_every_amount_the_program_writes_it_can_read(amount: int) -> None:
    assert parse_amount(rupiah(amount)) == amount
    assert parse_amount(rupiah_paper(amount)) == amount
    assert parse_amount(str(amount)) == amount
    assert parse_amount(f"{amount:,}.00" if amount > 999 else str(amount)) == amount


@given(st.text(max_size=20))
def test_no_text_at_all_breaks_the_amount_field(text: str) -> None:
    with contextlib.suppress(Refused):  # any other error is a bug and fails here
        assert 0 <= parse_amount(text) <= LARGEST_AMOUNT
