"""What matching answers for one credit: a class, the invoices, flags and reasons; and which differences are charges."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from desk.rules.statement import SEN, StatementLine

SMALL_CHARGE = 10_000
"""Rupiah that a transfer inside the country may be short or over; its charges are 2.500 to 6.500, people also round."""

FOREIGN_SHARE, FOREIGN_CHARGE = 15, 500_000
"""Percent of the amount, and rupiah, that banks abroad may keep back."""


class MatchClass(Enum):
    """How sure a proposal is, with the word on screen."""

    CERTAIN = ("certain", "pasti")
    LIKELY = ("likely", "mungkin")
    AMBIGUOUS = ("ambiguous", "perlu dipilih")
    NONE = ("none", "tidak ada")

    def __init__(self, key: str, label: str) -> None:
        self.key = key
        self.label = label


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one credit may pay: `invoices` are proposed, `related` only shown; `reasons` are sentences for the screen.

    Flags: reversed, reversal, double_payment, expired, before_issue, conflict, amount_differs, short_by:N, over_by:N,
    part_payment, unknown_code, same_amount, similar_names, no_name, other_payer.
    """

    line: StatementLine
    match: MatchClass
    invoices: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


def is_bank_charge(short_sen: int, amount_sen: int) -> bool:
    """Whether a difference is as small as what banks charge or people round; never half of the amount."""
    size = abs(short_sen)
    if size * 2 > amount_sen:
        return False
    if size <= SMALL_CHARGE * SEN:
        return True
    return short_sen > 0 and size * 100 <= amount_sen * FOREIGN_SHARE and size <= FOREIGN_CHARGE * SEN
