"""An original without the right materai goes back to its sender; a receipt follows the treasurer's setting."""

from __future__ import annotations

from datetime import date

import pytest

from desk.rules.inputs import StampKind
from desk.rules.rule_book import stamp_in_force
from desk.rules.stamp_duty import (
    ReceiptStamp,
    ReceiptStampRule,
    why_not_accept_stamp,
    why_remind_receipt_stamp,
)
from tests.rules.test_rule_book import NATIONAL

ADHESIVE, ELECTRONIC, SUBSEQUENT = StampKind.ADHESIVE, StampKind.ELECTRONIC, StampKind.SUBSEQUENT


def verdict(kind: StampKind, values: int | tuple[int, ...], signed_on: date, reference: str = "") -> str | None:
    return why_not_accept_stamp(kind, values, signed_on, stamp_in_force(NATIONAL, signed_on, 1600), reference)


@pytest.mark.parametrize(
    ("values", "signed_on"),
    [
        (10_000, date(2026, 11, 21)),
        (10_000, date(2022, 1, 1)),
        ((10_000, 10_000), date(2026, 11, 21)),
        (20_000, date(2026, 11, 21)),
        (10_000, date(2021, 1, 1)),
        (9_000, date(2021, 12, 31)),
        ((6_000, 3_000), date(2021, 6, 1)),
        ((3_000, 3_000, 3_000), date(2021, 6, 1)),
        ((6_000, 6_000), date(2021, 6, 1)),
        (6_000, date(2020, 12, 31)),
        ((3_000, 3_000), date(2019, 5, 1)),
    ],
)
def test_a_stamp_of_the_value_in_force_on_the_signing_date_is_accepted(
    values: int | tuple[int, ...], signed_on: date
) -> None:
    assert verdict(ADHESIVE, values, signed_on) is None


@pytest.mark.parametrize(
    ("values", "signed_on", "says"),
    [
        (6_000, date(2026, 11, 21), "materai Rp6.000 tidak berlaku; yang berlaku Rp10.000"),
        (9_000, date(2022, 1, 1), "tidak berlaku"),
        ((6_000, 6_000), date(2022, 1, 1), "materai Rp6.000 tidak berlaku"),
        (12_000, date(2022, 1, 1), "tidak berlaku"),
        ((10_000, 6_000), date(2026, 11, 21), "materai Rp6.000 tidak berlaku"),
        (6_000, date(2021, 1, 1), "materai Rp6.000 kurang; paling sedikit Rp9.000"),
        ((3_000, 3_000), date(2021, 12, 31), "Rp6.000 kurang"),
        (3_000, date(2020, 12, 31), "kurang; paling sedikit Rp6.000"),
        (10_000, date(2020, 12, 31), "tidak berlaku"),
        (0, date(2026, 11, 21), "belum bermaterai"),
        ((), date(2026, 11, 21), "belum bermaterai"),
    ],
)
def test_a_short_or_dead_stamp_sends_the_original_back(
    values: int | tuple[int, ...], signed_on: date, says: str
) -> None:
    why = verdict(ADHESIVE, values, signed_on)
    assert why is not None
    assert says in why
    assert "Kembalikan naskah kepada pengguna data" in why
    assert "pasal 21" in why


def test_an_electronic_stamp_needs_its_serial_number_and_full_value() -> None:
    day = date(2026, 11, 21)
    assert verdict(ELECTRONIC, 10_000, day, "SN0123456789") is None
    assert "nomor seri" in (verdict(ELECTRONIC, 10_000, day, "  ") or "")
    assert "tidak berlaku" in (verdict(ELECTRONIC, 9_000, date(2021, 11, 1), "SN0123456789") or "")


def test_a_later_stamping_needs_its_proof_number_and_covers_the_duty() -> None:
    day = date(2026, 11, 21)
    assert verdict(SUBSEQUENT, 20_000, day, "A1B2C3D4E5F6G7H8") is None
    assert verdict(SUBSEQUENT, 10_000, day, "A1B2C3D4E5F6G7H8") is None
    assert "nomor bukti" in (verdict(SUBSEQUENT, 20_000, day) or "")
    assert "kurang dari bea materai" in (verdict(SUBSEQUENT, 9_999, day, "A1B2C3D4E5F6G7H8") or "")


@pytest.mark.parametrize(
    ("mode", "amount", "says"),
    [
        (ReceiptStamp.REMIND, 5_000_000, None),
        (ReceiptStamp.REMIND, 5_000_001, "mungkin perlu"),
        (ReceiptStamp.REQUIRE, 5_000_000, None),
        (ReceiptStamp.REQUIRE, 5_000_001, "wajib"),
        (ReceiptStamp.NONE, 24_077_601, None),
    ],
)
def test_a_receipt_speaks_of_a_stamp_strictly_above_five_million(
    mode: ReceiptStamp, amount: int, says: str | None
) -> None:
    why = why_remind_receipt_stamp(amount, ReceiptStampRule(mode, 5_000_000))
    assert (why is None) is (says is None)
    assert says is None or says in (why or "")
