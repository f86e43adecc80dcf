"""The tariff gives the known prices of the national shop and explains each in words."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import Refused
from desk.rules.rule_book import in_force, tariff_in_force
from desk.rules.tariff import Tariff, price, tariff_table
from tests.rules.test_rule_book import NATIONAL, TODAY

TABLE = tariff_in_force(NATIONAL, TODAY, 1600)
SHIPPED: dict[str, Any] = in_force(NATIONAL, "tariff", TODAY, 1600).value


def with_settings(code: str = "microdata", **settings: object) -> Tariff:
    return tariff_table({**SHIPPED, **settings}, "PP 13/2024").row(code)


def regressive(*intervals: dict[str, object]) -> Tariff:
    row = {**SHIPPED["rows"][1], "code": "regressive", "intervals": list(intervals)}
    return tariff_table({**SHIPPED, "rows": [row]}, "contoh").row("regressive")


@pytest.mark.parametrize(
    ("code", "quantity", "amount"),
    [
        ("microdata", 1_203_880_050, 24_077_601),
        ("microdata", 1_285_087_000, 25_701_740),
        ("microdata", 1, 20_000),
        ("microdata", 1_000_000, 20_000),
        ("microdata", 1_001_000, 20_020),
        ("microdata", 1_000_025, 20_001),  # half a rupiah and more is rounded up
        ("microdata", 1_000_024, 20_000),
        ("microdata_processed", 900_000, 22_000),
        ("microdata_processed", 2_000_000, 44_000),
        ("map_indonesia_kecamatan", 1, 12_000_000),
        ("map_indonesia_desa", 1, 36_000_000),
        ("map_kabkota_kecamatan", 1, 30_000),
        ("map_kabkota_desa", 2, 140_000),
        ("publication", 1, 50_000),
        ("publication", 50, 50_000),
        ("publication", 51, 65_000),
        ("publication", 100, 65_000),
        ("publication", 101, 80_000),
    ],
)
def test_an_item_costs_what_the_tariff_says(code: str, quantity: int, amount: int) -> None:
    assert price(TABLE.row(code), quantity).amount == amount


def test_a_price_explains_itself() -> None:
    assert price(TABLE.row("microdata"), 1_203_880_050).explanation == (
        "1.203.880.050 byte: 1 MB pertama Rp20.000; sisanya 1.202.880.050 byte × Rp20 per 1.000 byte = Rp24.057.601; "
        "jumlah Rp24.077.601."
    )
    assert price(TABLE.row("map_kabkota_desa"), 2).explanation == "2 peta: 2 peta × Rp70.000 per peta = Rp140.000."
    assert "dibulatkan dari Rp20.000,02" in price(TABLE.row("microdata"), 1_000_001).explanation


def test_the_two_readings_of_a_megabyte_differ_by_less_than_a_thousand_rupiah() -> None:
    small = price(with_settings(mb_bytes=10**6), 1_203_880_050).amount
    large = price(with_settings(mb_bytes=2**20), 1_203_880_050).amount
    assert small - large in (971, 972)
    assert price(with_settings(mb_bytes=2**20), 2**20).amount == 20_000


def test_whole_steps_and_the_rounding_of_the_total_are_settings() -> None:
    assert price(with_settings(step_rounding="ceil"), 1_000_001).amount == 20_020
    assert price(with_settings(total_rounding="up"), 1_000_001).amount == 20_001
    assert price(with_settings(total_rounding="down"), 1_000_099).amount == 20_001


def test_any_number_of_intervals_is_priced_step_by_step() -> None:
    tariff = regressive(
        {"up_to": 1_000, "price": 500, "flat": True},
        {"up_to": 3_000, "price": 100, "per": 1_000},
        {"up_to": 10_000, "price": 50, "per": 1_000},
        {"price": 10, "per": 1_000},
    )
    assert [price(tariff, size).amount for size in (1, 1_000, 2_000, 3_000, 4_000, 10_000, 20_000)] == [
        500,
        500,
        600,
        700,
        750,
        1_050,
        1_150,
    ]
    quote = price(tariff, 20_000)
    assert [step.units for step in quote.steps] == [1_000, 2_000, 7_000, 10_000]
    assert sum((step.exact for step in quote.steps), Fraction()) == quote.amount


@given(st.lists(st.integers(1, 10**12), min_size=2, max_size=5).map(sorted), st.sampled_from(sorted(TABLE.rows)))
def test_more_never_costs_less(sizes: list[int], code: str) -> None:
    prices = [price(TABLE.row(code), min(size, 10**6) if "map" in code else size).amount for size in sizes]
    assert all(less <= more for less, more in pairwise(prices))


@pytest.mark.parametrize("quantity", [0, -1])
def test_without_a_size_there_is_no_price(quantity: int) -> None:
    with pytest.raises(Refused, match="Jumlah byte"):
        price(TABLE.row("microdata"), quantity)


def test_a_price_beyond_all_sense_is_refused() -> None:
    with pytest.raises(Refused, match="melewati batas"):
        price(TABLE.row("map_indonesia_desa"), 10**9)


def test_a_tariff_row_that_no_longer_exists_is_named() -> None:
    with pytest.raises(Refused, match="“map_sls” tidak ada dalam PP 13/2024"):
        TABLE.row("map_sls")


@pytest.mark.parametrize(
    "intervals",
    [
        [],
        [{"up_to": 10, "price": 1}],
        [{"up_to": 10, "price": 1}, {"up_to": 10, "price": 1}, {"price": 1}],
        [{"price": 1}, {"price": 1}],
        [{"price": -1}],
        [{"price": 1, "per": 0}],
    ],
)
def test_intervals_that_do_not_follow_each_other_are_no_tariff(intervals: list[dict[str, object]]) -> None:
    with pytest.raises(ValueError, match="regressive"):
        regressive(*intervals)


def test_the_tariff_starts_with_its_regulation() -> None:
    assert TABLE.basis == "PP 13/2024"
    with pytest.raises(Refused):
        tariff_in_force(NATIONAL, date(2024, 4, 30), 1600)
