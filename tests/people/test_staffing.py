"""The rules about duties, logins and passwords, without a database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from desk.rules.people import Duty
from desk.rules.staffing import (
    HeldDuty,
    changed_duties,
    needs_approval,
    suggested_login,
    why_not_change,
    why_not_login,
    why_not_password,
    why_not_period,
)

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("login", ["siti.contoh", "ab", "rina_2", "a-b", "x" * 40])
def test_an_ordinary_login_is_taken(login: str) -> None:
    assert why_not_login(login) is None


@pytest.mark.parametrize(
    "login", ["", "a", "Siti", "siti contoh", "1siti", "x" * 41, "é.contoh", "a\nb", 'a"b', "ab\n"]
)
def test_a_login_of_strange_letters_is_not_taken(login: str) -> None:
    assert why_not_login(login) is not None


@pytest.mark.parametrize("login", ["pg_read_all_data", "desk_registrar", "postgres"])
def test_a_login_that_the_system_uses_is_not_taken(login: str) -> None:
    assert "dipakai sistem" in (why_not_login(login) or "")


@pytest.mark.parametrize(
    ("name", "login"),
    [
        ("Siti Contoh, S.ST., M.Si.", "siti.contoh"), ("Budi", "budi"), ("Dr. I Made Rekaan", "dr.i"), ("", ""),
        ("Ñ Ö", ""), ("Pg_ Umpama", "pg.umpama"),
    ],
)  # fmt: skip
def test_a_login_is_suggested_from_the_name(name: str, login: str) -> None:
    assert suggested_login(name) == login


@pytest.mark.parametrize(
    ("old", "new", "again", "sentence"),
    [
        ("lama", "pendek", "pendek", "sedikitnya 12 karakter"),
        ("lama", "aku-rina-di-sini", "aku-rina-di-sini", "memuat nama pengguna"),
        ("lama", "aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa", "terlalu seragam"),
        ("empat-kuda-hijau", "empat-kuda-hijau", "empat-kuda-hijau", "sama dengan yang lama"),
        ("lama", "empat-kuda-hijau", "empat-kuda-hijao", "tidak sama"),
    ],
)
def test_a_weak_or_mistyped_password_is_not_taken(old: str, new: str, again: str, sentence: str) -> None:
    assert sentence in (why_not_password("rina", old, new, again) or "")


def test_a_long_password_typed_twice_is_taken() -> None:
    assert why_not_password("rina", "lama", "empat kuda hijau", "empat kuda hijau") is None


def test_a_duty_runs_from_its_first_to_its_last_day() -> None:
    held = HeldDuty(1600, Duty.OFFICER, TODAY, TODAY + timedelta(2))
    assert [held.runs(TODAY + timedelta(day)) for day in (-1, 0, 2, 3)] == [False, True, True, False]
    assert [held.lies_ahead(TODAY + timedelta(day)) for day in (-1, 0, 2, 3)] == [True, True, True, False]
    assert HeldDuty(1600, Duty.OFFICER, TODAY).runs(TODAY + timedelta(9_999))


def test_a_period_begins_today_or_later_and_does_not_end_before() -> None:
    assert why_not_period(TODAY, None, TODAY) is None
    assert why_not_period(TODAY, TODAY, TODAY) is None
    assert "sudah lewat" in (why_not_period(TODAY - timedelta(1), None, TODAY) or "")
    assert "lebih awal" in (why_not_period(TODAY, TODAY - timedelta(1), TODAY) or "")


def test_only_the_treasurers_stand_in_needs_the_supervisor() -> None:
    assert needs_approval(Duty.TREASURER, "budi")
    assert not needs_approval(Duty.TREASURER, "")
    assert not any(needs_approval(duty, "budi") for duty in Duty if duty is not Duty.TREASURER)


def test_ticks_become_duties_that_begin_and_end() -> None:
    begun, ended = changed_duties(frozenset({Duty.OFFICER, Duty.AUDITOR}), frozenset({Duty.OFFICER, Duty.TREASURER}))
    assert (begun, ended) == (frozenset({Duty.TREASURER}), frozenset({Duty.AUDITOR}))


def test_nobody_changes_the_own_duties() -> None:
    assert why_not_change("tono", "tono") is not None
    assert why_not_change("tono", "rina") is None
