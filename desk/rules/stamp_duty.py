"""Stamp duty (bea materai): which stamp an agreement needs on its signing date, and when a receipt should carry one.

Source: UU 13/1985 and UU 10/2020. Agreements and each duplicate are dutiable whatever their value (pasal 3); what
counts is the value in force on the signing date (pasal 8). An official may not accept, keep, copy or annotate a paper
that is short of duty (pasal 21), so the way out is always back to the sender, never a warning to click away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from desk.rules.dates import date_text
from desk.rules.inputs import StampKind
from desk.rules.rupiah import rupiah

_MOST_STAMPS = 10
"""No paper carries more; a larger total is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class StampValues:
    """The stamps of one period, in whole rupiah: the duty, the least total that is accepted, the stamps that count."""

    duty: int
    minimum: int
    stamps: tuple[int, ...]


class ReceiptStamp(Enum):
    """What the treasurer's office does about stamps on receipts (UU 10/2020 pasal 7e can be read both ways)."""

    NONE = "none"
    REMIND = "remind"
    REQUIRE = "require"


@dataclass(frozen=True, slots=True)
class ReceiptStampRule:
    """The treasurer's setting and the amount (whole rupiah) above which it speaks; the amount itself is still free."""

    mode: ReceiptStamp
    above: int


def why_not_accept_stamp(
    kind: StampKind, values: int | Iterable[int], signed_on: date, stamp: StampValues, reference: str = ""
) -> str | None:
    """Give None when the stamp covers the duty, else the sentence why the original goes back to the customer.

    `values` are the stamps on the paper one by one, or their total, in rupiah; `stamp` are the values in force on the
    signing date. An electronic stamp needs its serial number, a later stamping (pemeteraian kemudian) its proof number.
    """
    on_paper = [values] if isinstance(values, int) else list(values)
    total = sum(on_paper)
    if kind is StampKind.ELECTRONIC and not reference.strip():
        return _return_it("Materai elektronik belum mempunyai nomor seri.")
    if kind is StampKind.SUBSEQUENT:
        if not reference.strip():
            return _return_it("Pemeteraian kemudian belum disertai nomor bukti setor.")
        if total < stamp.duty:
            return _return_it(f"Pemeteraian kemudian {rupiah(total)} kurang dari bea materai {rupiah(stamp.duty)}.")
        return None
    if total <= 0:
        return _return_it("Naskah belum bermaterai.")
    signed = f"Untuk tanda tangan {date_text(signed_on)}"
    counted = (stamp.duty,) if kind is StampKind.ELECTRONIC else stamp.stamps
    wrong = next((value for value in on_paper if not _made_of(value, counted)), None)
    if wrong is not None:
        valid = " atau ".join(rupiah(value) for value in sorted(counted))
        return _return_it(f"{signed}, materai {rupiah(wrong)} tidak berlaku; yang berlaku {valid}.")
    if total < stamp.minimum:
        return _return_it(f"{signed}, materai {rupiah(total)} kurang; paling sedikit {rupiah(stamp.minimum)}.")
    return None


def why_remind_receipt_stamp(amount: int, rule: ReceiptStampRule) -> str | None:
    """Give the sentence about a stamp for a receipt of this amount (whole rupiah), or None where the rule is silent.

    Strictly more than the threshold: exactly Rp5.000.000 needs none (UU 10/2020 pasal 3).
    """
    if rule.mode is ReceiptStamp.NONE or amount <= rule.above:
        return None
    if rule.mode is ReceiptStamp.REQUIRE:
        return f"Kuitansi di atas {rupiah(rule.above)} wajib bermaterai. Tempelkan materai sebelum ditandatangani."
    return f"Kuitansi di atas {rupiah(rule.above)} mungkin perlu materai. Bendahara yang memutuskan."


def _return_it(reason: str) -> str:
    return (
        f"{reason} Kembalikan naskah kepada pengguna data; naskah yang kurang materai "
        "tidak boleh diterima, disimpan, atau disalin (UU 10/2020 pasal 21)."
    )


def _made_of(total: int, stamps: tuple[int, ...]) -> bool:
    """Say whether a few stamps of these values add up to the total, as when only the total was noted down."""
    sums = {0}
    for _ in range(_MOST_STAMPS):
        sums |= {done + value for done in sums for value in stamps}
    return total in sums
