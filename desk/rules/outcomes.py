"""Money of a known customer that does not pay as it should: short, over, double or late; each with its letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desk.rules.case import Money
from desk.rules.inputs import MoneyOutcome
from desk.rules.papers.kinds import PaperKind
from desk.rules.settling import Candidate, FreeMoney
from desk.rules.statement import SEN, sen_text

LETTERS: Mapping[MoneyOutcome, PaperKind] = {
    MoneyOutcome.PART: PaperKind.MONEY_SHORT,
    MoneyOutcome.OVER: PaperKind.MONEY_OVER,
    MoneyOutcome.DOUBLE: PaperKind.MONEY_DOUBLE,
    MoneyOutcome.LATE: PaperKind.MONEY_LATE,
}


@dataclass(frozen=True, slots=True)
class Named:
    """The outcome of a movement that one invoice alone is meant by; `apart_sen` is what is missing or over."""

    outcome: MoneyOutcome
    candidate: Candidate
    amount_sen: int
    apart_sen: int

    @property
    def sentence(self) -> str:
        """The outcome in words, for the treasurer who confirms."""
        of, apart = self.candidate.invoice_number, sen_text(self.apart_sen)
        return {
            MoneyOutcome.PART: f"Kurang bayar {apart} untuk {of}.",
            MoneyOutcome.OVER: f"Lebih bayar {apart} untuk {of}.",
            MoneyOutcome.DOUBLE: f"Pembayaran ganda: {of} sudah dibayar.",
            MoneyOutcome.LATE: f"Uang masuk setelah {of} berakhir.",
        }[self.outcome]


def named_outcome(money: FreeMoney, candidates: Mapping[str, Candidate]) -> Named | None:
    """Give the outcome where money does not pay and one invoice alone is meant; None where it pays, or nobody knows.

    Nothing is named between equals: with several candidates the treasurer chooses first.
    """
    keys = money.proposal.invoices or money.proposal.related
    found = [candidates[key] for key in keys if key in candidates]
    if len(keys) != 1 or len(found) != 1 or "reversed" in money.proposal.flags or "reversal" in money.proposal.flags:
        return None
    return outcome_for(money, found[0])


def outcome_for(money: FreeMoney, candidate: Candidate) -> Named | None:
    """Give the outcome of a movement for an invoice that the treasurer means; None when it pays it."""
    if candidate.payment_id is not None:
        return None
    missing = candidate.total * SEN - money.free_sen
    if candidate.paid_on is not None:
        return Named(MoneyOutcome.DOUBLE, candidate, money.free_sen, money.free_sen)
    if candidate.money is Money.EXPIRED or money.booked_on > candidate.valid_until:
        return Named(MoneyOutcome.LATE, candidate, money.free_sen, money.free_sen)
    if missing > 0:
        return Named(MoneyOutcome.PART, candidate, money.free_sen, missing)
    if missing < 0:
        return Named(MoneyOutcome.OVER, candidate, -missing, -missing)
    return None
