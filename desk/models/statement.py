"""Bank accounts and what the bank said about them: profiles of layouts, statement files, their lines.

A line is inserted by `desk.add_statement_lines` alone and never changes. The audit log keeps the row of the file, which
carries a hash of the lines it added, not the lines one by one (`docs/decisions/statements.md`). Amounts are in sen.
"""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    String,
    Time,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import SCHEMA, AtMoment, Base, ByPerson, Count, InOffice, Words


class BankAccountRow(InOffice, Base):
    """A receiving account of the office; `number` is digits alone."""

    __tablename__ = "bank_account"
    __table_args__ = (
        UniqueConstraint("office_id", "number"),
        CheckConstraint("number ~ '^[0-9A-Z]{4,34}$'", name="number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str]
    bank: Mapped[Words]
    holder: Mapped[Words]
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]


class BankProfileRow(InOffice, Base):
    """A layout that the treasurer described, as TOML; the latest row of a `slug` holds, an empty one withdraws it."""

    __tablename__ = "bank_profile"
    __table_args__ = (Index("bank_profile_slug_idx", "office_id", "slug", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40))
    content: Mapped[Words]
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]


class StatementFile(InOffice, Base):
    """An imported bank file: what it stated about itself, and how many of its lines were new.

    `sha256` is that of the bytes. `added` and `lines_sha256` are the server's words about the lines it kept.
    """

    __tablename__ = "statement_file"
    __table_args__ = (
        PrimaryKeyConstraint("office_id", "id", name="statement_file_request_id_pkey"),
        ForeignKeyConstraint(
            ["office_id", "account_id"], [f"{SCHEMA}.bank_account.office_id", f"{SCHEMA}.bank_account.id"]
        ),
        CheckConstraint("line_count > 0 AND added > 0", name="counts"),
        CheckConstraint("first_on <= last_on", name="period"),
        CheckConstraint("opening_sen + credit_sen + debit_sen = closing_sen", name="balance"),
        Index("statement_file_account_idx", "office_id", "account_id", "last_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    layout: Mapped[str] = mapped_column(String(40))
    bank: Mapped[Words]
    first_on: Mapped[date]
    last_on: Mapped[date]
    opening_sen: Mapped[Count | None]
    closing_sen: Mapped[Count | None]
    credit_sen: Mapped[Count]
    debit_sen: Mapped[Count]
    line_count: Mapped[Count]
    added: Mapped[Count]
    lines_sha256: Mapped[str] = mapped_column(String(64))
    notices: Mapped[Words]
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]


class StatementLineRow(InOffice, Base):
    """One booked movement as the bank wrote it (`raw`) and as it was understood; credits above zero, in sen.

    `digest` and `twin` are its identity on the account (`rules/statement.py`); `no` counts the lines of its file from
    the oldest one.
    """

    __tablename__ = "statement_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["office_id", "account_id"], [f"{SCHEMA}.bank_account.office_id", f"{SCHEMA}.bank_account.id"]
        ),
        ForeignKeyConstraint(
            ["office_id", "file_id"],
            [f"{SCHEMA}.statement_file.office_id", f"{SCHEMA}.statement_file.id"],
            deferrable=True,
            initially="DEFERRED",
        ),
        UniqueConstraint("office_id", "account_id", "digest", "twin"),
        CheckConstraint("amount_sen <> 0 AND twin > 0", name="amount"),
        Index("statement_line_day_idx", "office_id", "booked_on", "id"),
        Index("statement_line_file_idx", "office_id", "file_id", "no"),
        Index("statement_line_amount_idx", "office_id", "amount_sen"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    file_id: Mapped[UUID]
    no: Mapped[Count]
    digest: Mapped[str] = mapped_column(String(64))
    twin: Mapped[int]
    booked_on: Mapped[date]
    booked_at: Mapped[time | None] = mapped_column(Time)
    value_date: Mapped[date | None]
    amount_sen: Mapped[Count]
    description: Mapped[Words]
    counterparty: Mapped[Words]
    reference: Mapped[Words]
    balance_sen: Mapped[Count | None]
    reversal: Mapped[bool] = mapped_column(server_default=text("false"))
    raw: Mapped[Words]


class LineUse(InOffice, Base):
    """What a part of a credit is for: a payment, or money that is kept apart with its reason. Amounts in sen.

    In force unless it was withdrawn (`LineUseEnd`) or its payment was taken back; the parts in force never exceed
    the line.
    """

    __tablename__ = "line_use"
    __table_args__ = (
        ForeignKeyConstraint(
            ["office_id", "line_id"], [f"{SCHEMA}.statement_line.office_id", f"{SCHEMA}.statement_line.id"]
        ),
        ForeignKeyConstraint(["office_id", "payment_id"], [f"{SCHEMA}.payment.office_id", f"{SCHEMA}.payment.id"]),
        ForeignKeyConstraint(["office_id", "case_id"], [f"{SCHEMA}.cases.office_id", f"{SCHEMA}.cases.id"]),
        CheckConstraint(
            "kind IN ('payment', 'part', 'over', 'double', 'late', 'reversed', 'returned', 'other')", name="kind"
        ),
        CheckConstraint("amount_sen > 0", name="amount"),
        CheckConstraint("(kind = 'payment') = (payment_id IS NOT NULL)", name="payment"),
        CheckConstraint(
            "case_id IS NOT NULL OR kind NOT IN ('payment', 'part', 'over', 'double', 'late')", name="case"
        ),
        CheckConstraint("btrim(note) <> '' OR kind NOT IN ('reversed', 'returned', 'other')", name="note"),
        Index("line_use_line_idx", "office_id", "line_id"),
        Index("line_use_payment_idx", "office_id", "payment_id", postgresql_where=text("payment_id IS NOT NULL")),
        Index("line_use_case_idx", "office_id", "case_id", postgresql_where=text("case_id IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    line_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(10))
    amount_sen: Mapped[Count]
    payment_id: Mapped[UUID | None]
    case_id: Mapped[UUID | None]
    note: Mapped[Words]
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]


class LineUseEnd(InOffice, Base):
    """A use that was withdrawn, with the reason; the part of the line is free again."""

    __tablename__ = "line_use_end"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "use_id"], [f"{SCHEMA}.line_use.office_id", f"{SCHEMA}.line_use.id"]),
        UniqueConstraint("office_id", "use_id"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    use_id: Mapped[UUID]
    reason: Mapped[str]
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]
