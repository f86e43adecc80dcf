"""Rates, day counts and legal texts are dated rows; an office's own row goes before the national one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desk.errors import Refused
from desk.rules.case import CustomerClass
from desk.rules.rule_book import (
    RULE_NAMES,
    Rule,
    in_force,
    office_rules,
    rules_from_toml,
    stamp_in_force,
    tariff_in_force,
    why_not_rule,
)
from desk.rules.stamp_duty import ReceiptStamp, StampValues

NATIONAL = rules_from_toml((Path(__file__).parents[2] / "resources" / "rule_book" / "national.toml").read_text("utf-8"))
TODAY = date(2026, 11, 21)
PALEMBANG, JAMBI = 1600, 1571


def days(value: Any, start: date, office_id: int = 0) -> Rule:
    return Rule("service_days", start, value, "Keputusan kantor", office_id)


def test_the_latest_row_that_has_started_holds() -> None:
    rows = [days(10, date(2015, 1, 1)), days(7, date(2026, 6, 1)), days(5, date(2027, 1, 1))]
    assert in_force(rows, "service_days", date(2026, 5, 31), PALEMBANG).value == 10
    assert in_force(rows, "service_days", date(2026, 6, 1), PALEMBANG).value == 7
    assert in_force(rows, "service_days", TODAY, PALEMBANG).value == 7


def test_an_office_row_beats_a_later_national_one_and_leaves_other_offices_alone() -> None:
    rows = [days(10, date(2015, 1, 1)), days(8, date(2020, 1, 1), PALEMBANG), days(7, date(2026, 1, 1))]
    assert in_force(rows, "service_days", TODAY, PALEMBANG).value == 8
    assert in_force(rows, "service_days", TODAY, JAMBI).value == 7
    assert in_force(rows, "service_days", date(2019, 1, 1), PALEMBANG).value == 10
    newer = [*rows, days(3, date(2026, 10, 1), PALEMBANG)]
    assert in_force(newer, "service_days", TODAY, JAMBI).value == 7


def test_a_rule_that_is_missing_is_asked_for_by_name_and_day() -> None:
    with pytest.raises(Refused, match=r"“Waktu layanan .*” yang berlaku pada 31 Desember 2014"):
        in_force(NATIONAL, "service_days", date(2014, 12, 31), PALEMBANG)
    with pytest.raises(Refused, match="“Tarif” yang berlaku pada 1 Januari 2024"):
        tariff_in_force(NATIONAL, date(2024, 1, 1), PALEMBANG)


def test_the_shipped_book_says_what_the_two_standards_say() -> None:
    rules = office_rules(NATIONAL, TODAY, PALEMBANG)
    assert (rules.invoice_months, rules.service_days, rules.correction_days) == (1, 10, 5)
    assert (rules.sppd_copies, rules.deposit_days, rules.material_day) == (1, 0, 10)
    assert not rules.data_before_original
    assert not rules.sample_with_invoice
    assert rules.identity_scan_calendar_days == 30
    assert rules.receipt_stamp.mode is ReceiptStamp.REMIND
    assert rules.receipt_stamp.above == 5_000_000
    assert rules.signer_for(CustomerClass.CENTRAL_GOVERNMENT) == "pejabat eselon II"
    assert len(rules.agreement_clauses) == 5


@pytest.mark.parametrize(
    ("signed_on", "stamp"),
    [
        (date(2020, 12, 31), StampValues(6_000, 6_000, (3_000, 6_000))),
        (date(2021, 1, 1), StampValues(10_000, 9_000, (3_000, 6_000, 10_000))),
        (date(2021, 12, 31), StampValues(10_000, 9_000, (3_000, 6_000, 10_000))),
        (date(2022, 1, 1), StampValues(10_000, 10_000, (10_000,))),
    ],
)
def test_the_stamp_follows_the_law_of_its_day(signed_on: date, stamp: StampValues) -> None:
    assert stamp_in_force(NATIONAL, signed_on, PALEMBANG) == stamp


def test_every_shipped_row_has_a_name_a_basis_and_fits_the_others() -> None:
    assert {rule.key for rule in NATIONAL} == set(RULE_NAMES)
    for rule in NATIONAL:
        assert why_not_rule(replace(rule, valid_from=max(rule.valid_from, date(2022, 1, 1))), NATIONAL) is None
    assert not next(rule for rule in NATIONAL if rule.key == "tariff").confirmed


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("service_days", "10"),
        ("service_days", True),
        ("service_days", -1),
        ("service_clock_stops", ["tea"]),
        ("service_days", 10**9),
        ("material_day", 29),
        ("material_day", 0),
        ("sppd_copies", 0),
        ("invoice_months", 0),
        ("data_before_original", 1),
        ("stamp", {"duty": 10_000}),
        ("stamp", 10_000),
        ("receipt_stamp", {"mode": "sometimes", "above": 1}),
        ("signatory", {"person": "yang bersangkutan"}),
        ("tariff", {"mb_bytes": 1_000, "step_rounding": "ceil", "total_rounding": "nearest", "rows": []}),
    ],
)
def test_a_value_that_cannot_be_is_refused_before_it_is_stored(key: str, value: object) -> None:
    why = why_not_rule(Rule(key, TODAY, value, "Keputusan kantor", PALEMBANG), NATIONAL)
    assert why is not None
    assert "tidak dapat dibaca" in why or "tidak dapat dipakai" in why


def test_a_row_needs_a_known_name_and_a_basis() -> None:
    assert "tidak dikenal" in (why_not_rule(Rule("colour", TODAY, 1, "x"), NATIONAL) or "")
    assert "Dasar aturan" in (why_not_rule(Rule("sppd_copies", TODAY, 2, " "), NATIONAL) or "")
    assert why_not_rule(Rule("sppd_copies", TODAY, 2, "Keputusan kepala", JAMBI), NATIONAL) is None
