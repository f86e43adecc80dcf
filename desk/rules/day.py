"""The treasurer's day: what it holds, why it cannot be closed yet, and what a deposit must say (`domain.md` 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from desk.rules.dates import date_text, day_text
from desk.rules.deadlines import Due, Urgency, urgency
from desk.rules.rupiah import rupiah


@dataclass(frozen=True, slots=True)
class OpenMoney:
    """Confirmed money without a valid kuitansi: its case, and the amount in whole rupiah."""

    case_id: UUID
    case_number: str
    amount: int

    def sentence(self) -> str:
        """What is open and what to do."""
        return f"{self.case_number}: {rupiah(self.amount)} sudah dipastikan. Terbitkan kuitansinya."


@dataclass(frozen=True, slots=True)
class Difference:
    """One reason why money and kuitansi of a day differ; `why` is late, replacement, void or later."""

    case_id: UUID
    case_number: str
    number: str
    amount: int
    why: str

    def sentence(self) -> str:
        """The reason in words; none of these is netted silently."""
        amount = rupiah(self.amount)
        return {
            "late": f"Kuitansi {self.number} {amount} untuk uang yang dipastikan pada hari lain atau ditarik lagi.",
            "replacement": f"Kuitansi {self.number} {amount} menggantikan kuitansi yang dibatalkan.",
            "void": f"Kuitansi {self.number} {amount} dibatalkan; uangnya tetap tercatat diterima.",
            "later": f"{self.case_number}: {amount} dipastikan tanpa kuitansi pada hari itu.",
        }[self.why]


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One day of an office: money confirmed, kuitansi issued and withdrawn; amounts in whole rupiah."""

    day: date
    payments: int
    payments_amount: int
    receipts: int
    receipts_amount: int
    voids: int
    voids_amount: int
    last_number: str
    last_hash: str
    open: tuple[OpenMoney, ...] = ()
    differences: tuple[Difference, ...] = ()

    @property
    def difference(self) -> int:
        """Money less kuitansi; every rupiah of it has its reason in `differences`."""
        return self.payments_amount - self.receipts_amount

    @property
    def explained(self) -> bool:
        """Whether the reasons add up to the difference."""
        signs = {"later": 1, "late": -1, "replacement": -1, "void": 0}
        return self.difference == sum(signs[each.why] * each.amount for each in self.differences)


@dataclass(frozen=True, slots=True)
class Closed:
    """Who closed a day, and when."""

    by: str
    at: datetime


def why_not_close(figures: DayFigures, today: date, earlier: date | None) -> str | None:
    """Why the day cannot be closed yet, or None: days are closed in order, with money and kuitansi in step."""
    if figures.day > today:
        return "Hari yang belum tiba tidak dapat ditutup."
    if earlier is not None:
        return f"Tutup dahulu {day_text(earlier)}."
    if figures.open:
        return f"{len(figures.open)} uang yang sudah dipastikan belum berkuitansi. Terbitkan kuitansinya dahulu."
    if not figures.explained:
        return (
            "Uang dan kuitansi hari ini tidak cocok, dan selisihnya tidak dapat dijelaskan. Laporkan kepada pemeriksa."
        )
    return None


@dataclass(frozen=True, slots=True)
class Undeposited:
    """Money with a kuitansi that is not in the state treasury yet; `due` says until when it must be."""

    payment_id: UUID
    case_number: str
    receipt_number: str
    amount: int
    received_on: date
    due: Due

    def late(self, today: date) -> bool:
        """Whether its day has gone by."""
        return urgency(self.due.on, today) is Urgency.LATE


@dataclass(frozen=True, slots=True)
class DepositInput:
    """A deposit to the state treasury: billing code, NTPN, date, and the payments in it."""

    billing_code: str
    ntpn: str
    deposited_on: date
    payments: tuple[UUID, ...]
    ntb: str = ""


def why_not_deposit(deposit: DepositInput, today: date, chosen: Mapping[UUID, Undeposited]) -> str | None:
    """Why a deposit cannot be what was written, or None."""
    if not deposit.payments:
        return "Pilih kuitansi yang disetor."
    if deposit.deposited_on > today:
        return "Tanggal setoran belum tiba."
    for payment in deposit.payments:
        money = chosen.get(payment)
        if money is not None and money.received_on > deposit.deposited_on:
            return (
                f"Uang kuitansi {money.receipt_number} baru diterima {date_text(money.received_on)}, "
                "setelah tanggal setoran itu."
            )
    return None


def figures_of(day: date, row: Mapping[str, Any]) -> DayFigures:
    """The figures as the database gives them."""
    return DayFigures(
        day=day,
        payments=row["payments"],
        payments_amount=row["payments_amount"],
        receipts=row["receipts"],
        receipts_amount=row["receipts_amount"],
        voids=row["voids"],
        voids_amount=row["voids_amount"],
        last_number=row["last_number"],
        last_hash=row["last_hash"],
        open=tuple(OpenMoney(UUID(each["case_id"]), each["case"], each["amount"]) for each in row.get("open", ())),
        differences=tuple(
            Difference(UUID(each["case_id"]), each["case"], each["number"], each["amount"], each["why"])
            for each in row["differences"]
        ),
    )
