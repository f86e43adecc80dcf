"""Numbers of people and payments are read leniently, kept in one form, and doubts are said in words."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.rules.identifiers import (
    mask_nik,
    read_billing_code,
    read_email,
    read_nik,
    read_nip,
    read_npwp,
    read_ntpn,
    read_phone,
)

PEOPLE = Path(__file__).parent.parent / "samples" / "people"
TODAY = date(2026, 11, 21)


def vectors(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((PEOPLE / f"{name}.json").read_text("utf-8"))["vectors"]
    return rows


def plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def ids(row: dict[str, Any]) -> str:
    return str(row.get("note") or row["input"])


@pytest.mark.parametrize("row", vectors("nik"), ids=ids)
def test_a_nik_tells_birth_and_sex_or_why_it_cannot_be_one(row: dict[str, Any]) -> None:
    nik = read_nik(row["input"], TODAY)
    assert {key: plain(getattr(nik, key)) for key in row["expected"]} == row["expected"]
    assert nik.valid or (nik.warning or "").endswith(".")


@pytest.mark.parametrize("row", vectors("nip"), ids=ids)
def test_a_nip_is_read_for_both_kinds_of_civil_servants(row: dict[str, Any]) -> None:
    nip = read_nip(row["input"])
    assert {key: plain(getattr(nip, key)) for key in row["expected"]} == row["expected"]
    assert nip.valid or (nip.warning or "").endswith(".")


@pytest.mark.parametrize("row", vectors("npwp"), ids=ids)
def test_an_npwp_gets_sixteen_digits_and_a_wrong_check_digit_only_warns(row: dict[str, Any]) -> None:
    npwp, expected = read_npwp(row["input"]), row["expected"]
    assert npwp.kind.value == expected["kind"]
    assert (npwp.sixteen, npwp.display, npwp.check_digit_ok) == (
        expected["sixteen"],
        expected["display"],
        expected["check_digit_ok"],
    )
    assert bool(npwp.warning) is (expected["kind"] == "invalid" or expected["check_digit_ok"] is False)


@pytest.mark.parametrize("row", vectors("phone"), ids=ids)
def test_a_telephone_number_gets_the_form_it_is_dialled_in(row: dict[str, Any]) -> None:
    phone = read_phone(row["input"])
    assert phone.normalized == row["expected"]
    assert phone.valid or (phone.warning or "").endswith(".")


@pytest.mark.parametrize(
    ("text", "number", "extension"),
    [
        ("021 0001234 ext. 12", "+62210001234", "12"),
        ("021-0001234 x12", "+62210001234", "12"),
        ("0711 000123 pes. 7", "+62711000123", "7"),
        ("(+62) 812-0000-0123", "+6281200000123", ""),
        ("tel:+6281200000123", "+6281200000123", ""),
        ("telp 0812 0000 0123 wa", "+6281200000123", ""),
        ("+62812-0000-0123(WA)", "+6281200000123", ""),
        ("0812 0000 0123 Éva", "+6281200000123", ""),
        ("0812 0000 0123 / 0813 0000 0456", None, ""),
        ("0812 0000 0123 atau 0813", None, ""),
        ("0812 0000 012x", None, ""),
        ("１２３４５６７８９０", None, ""),
        ("+0812000001", None, ""),
        ("+620 0812 0000 0123", None, ""),
    ],
)
def test_telephones_as_people_write_them(text: str, number: str | None, extension: str) -> None:
    phone = read_phone(text)
    assert (phone.normalized, phone.extension if phone.valid else "") == (number, extension)


def test_the_century_of_a_nik_depends_on_the_day_it_is_read() -> None:
    nik = "1671014101300001"
    assert read_nik(nik, date(2026, 11, 21)).birth_date == date(1930, 1, 1)
    assert read_nik(nik, date(2031, 1, 1)).birth_date == date(2030, 1, 1)
    assert read_nik("1671012902000001", TODAY).birth_date == date(2000, 2, 29)


def test_a_known_region_raises_no_doubt_and_an_unknown_one_does() -> None:
    assert read_nik("1671014101900001", TODAY).warning is None
    assert not read_nik("1671014101900001", TODAY).region_warning
    for unknown in ("2071014101900001", "1600014101900001", "1671004101900001"):
        nik = read_nik(unknown, TODAY)
        assert nik.valid
        assert nik.region_warning
        assert "Kode wilayah" in (nik.warning or "")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("3171234567890001", "3171********0001"),
        ("3171 2345 6789 0001", "3171********0001"),
        ("C1234567", "******67"),
        ("AB", "**"),
        ("", ""),
    ],
)
def test_an_identity_number_is_shown_masked(number: str, shown: str) -> None:
    assert mask_nik(number) == shown


@pytest.mark.parametrize(
    ("text", "address", "doubt"),
    [
        (" Nama.Orang@Example.ORG ", "Nama.Orang@example.org", False),
        ("<orang1@example.org>", "orang1@example.org", False),
        ("mailto:a+b@mail.example.co.id", "a+b@mail.example.co.id", False),
        ("rina@gmial.com", "rina@gmial.com", True),
        ("rina@example", None, True),
        ("rina.example.org", None, True),
        ("rina@@example.org", None, True),
        ("ri na@example.org", None, True),
        ("rina@example..org", None, True),
        ("rina..a@example.org", None, True),
        ("rina@-example.org", None, True),
        ("rina@127.0.0.1", None, True),
        ("rina@example.org\nBcc: a@example.org", None, True),
        ("", None, True),
    ],
)
def test_an_email_address_is_plausible_or_doubted_with_a_sentence(text: str, address: str | None, doubt: bool) -> None:
    reading = read_email(text)
    assert (reading.valid, reading.normalized) == (address is not None, address)
    assert bool(reading.warning) is doubt


def test_an_ntpn_has_sixteen_letters_or_digits() -> None:
    assert read_ntpn(" a1b2-c3d4 e5f6-g7h8 ").normalized == "A1B2C3D4E5F6G7H8"
    for wrong in ("", "A1B2C3D4E5F6G7H", "A1B2C3D4E5F6G7H8I", "A1B2C3D4E5F6G7H*"):
        assert not read_ntpn(wrong).valid
        assert "16 huruf atau angka" in (read_ntpn(wrong).warning or "")


def test_a_billing_code_has_fifteen_digits() -> None:
    assert read_billing_code("8202 2092 2465 628").normalized == "820220922465628"
    for wrong in ("", "82022092246562", "8202209224656281", "82022092246562A", "0" * 15):
        assert not read_billing_code(wrong).valid


@given(st.text(max_size=30) | st.text("0123456789 +-.()xX@", max_size=30))
def test_no_text_at_all_breaks_a_reader(text: str) -> None:
    assert read_nik(text, TODAY).valid in (True, False)
    for reading in (read_npwp(text), read_nip(text), read_phone(text), read_email(text), read_ntpn(text)):
        assert reading.valid or reading.warning
    normalized = read_phone(text).normalized
    assert normalized is None or read_phone(normalized).normalized == normalized
