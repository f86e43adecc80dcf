"""The treasurer's day: closed once with its figures, and the deposits to the state treasury; in whole rupiah."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import SCHEMA, AtMoment, Base, ByPerson, Count, InOffice, Rupiah, Words


class DayClose(InOffice, Base):
    """A closed day: after it no money is confirmed and no kuitansi given or withdrawn on that day.

    All figures are the server's; `differences` are the reasons why money and kuitansi of the day differ.
    """

    __tablename__ = "day_close"
    __table_args__ = (UniqueConstraint("office_id", "day"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date]
    payments: Mapped[Count]
    payments_amount: Mapped[Rupiah]
    receipts: Mapped[Count]
    receipts_amount: Mapped[Rupiah]
    voids: Mapped[Count]
    voids_amount: Mapped[Rupiah]
    last_number: Mapped[Words]
    last_hash: Mapped[Words]
    differences: Mapped[Any] = mapped_column(JSONB)
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]


class Deposit(InOffice, Base):
    """Money brought to the state treasury with a billing code; the NTPN proves it."""

    __tablename__ = "deposit"
    __table_args__ = (
        CheckConstraint("billing_code ~ '^[0-9]{15}$'", name="billing_code"),
        CheckConstraint("ntpn ~ '^[0-9A-Z]{16}$'", name="ntpn"),
        CheckConstraint("amount > 0", name="amount"),
        Index("deposit_day_idx", "office_id", "deposited_on"),
        Index("deposit_ntpn_idx", "office_id", "ntpn"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    billing_code: Mapped[str] = mapped_column(String(15))
    ntpn: Mapped[str] = mapped_column(String(16))
    ntb: Mapped[Words]
    deposited_on: Mapped[date]
    amount: Mapped[Rupiah]
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]


class DepositLine(InOffice, Base):
    """One payment in a deposit; the money is deposited once, whichever kuitansi it has by then."""

    __tablename__ = "deposit_line"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "deposit_id"], [f"{SCHEMA}.deposit.office_id", f"{SCHEMA}.deposit.id"]),
        ForeignKeyConstraint(
            ["office_id", "payment_id", "amount"],
            [f"{SCHEMA}.payment.office_id", f"{SCHEMA}.payment.id", f"{SCHEMA}.payment.amount"],
        ),
        Index("deposit_line_payment_idx", "office_id", "payment_id"),
    )

    deposit_id: Mapped[UUID] = mapped_column(primary_key=True)
    payment_id: Mapped[UUID] = mapped_column(primary_key=True)
    amount: Mapped[Rupiah]


class MonthHandover(InOffice, Base):
    """The material of a month that was handed in; `sha256` is that of the file, a later row corrects an earlier one."""

    __tablename__ = "month_handover"
    __table_args__ = (
        CheckConstraint("extract(day FROM month) = 1", name="month"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        CheckConstraint("btrim(file_name) <> ''", name="file_name"),
        Index("month_handover_month_idx", "office_id", "month"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[date]
    file_name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    note: Mapped[Words]
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]


class DepositVoid(InOffice, Base):
    """A deposit that was written down wrongly, with the reason; its payments wait for their deposit again."""

    __tablename__ = "deposit_void"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "deposit_id"], [f"{SCHEMA}.deposit.office_id", f"{SCHEMA}.deposit.id"]),
        UniqueConstraint("office_id", "deposit_id"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    deposit_id: Mapped[UUID]
    reason: Mapped[str]
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]
