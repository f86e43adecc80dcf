"""The SPPD and its paper originals: who holds which copy, and how each copy was judged."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import SCHEMA, Base, Count, Fact, Json, Rupiah, StateType, Words, state_check
from desk.rules.custody import Custody
from desk.rules.inputs import StampKind


class Agreement(Fact, Base):
    """An issued SPPD: made from the lines of its invoice, so that the two can never disagree."""

    __tablename__ = "agreement"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "case_id"], [f"{SCHEMA}.cases.office_id", f"{SCHEMA}.cases.id"]),
        ForeignKeyConstraint(["office_id", "invoice_id"], [f"{SCHEMA}.invoice.office_id", f"{SCHEMA}.invoice.id"]),
        UniqueConstraint("office_id", "year", "sequence"),
        CheckConstraint("copies BETWEEN 1 AND 9", name="copies"),
        Index("agreement_case_idx", "office_id", "case_id"),
    )

    invoice_id: Mapped[UUID]
    year: Mapped[int]
    sequence: Mapped[Count]
    number: Mapped[str]
    issued_on: Mapped[date]
    copies: Mapped[int]
    customer: Mapped[Json]
    abstract: Mapped[Json]
    signatory: Mapped[Words]
    clauses: Mapped[Any] = mapped_column(JSONB)
    stamp_value: Mapped[Rupiah]


class CustodyEntry(Fact, Base):
    """One step in the life of one paper copy; the last one says where it is. A check keeps its ticks and materai.

    The server numbers the steps and refuses one that does not follow from the last (`desk.guard_custody`).
    """

    __tablename__ = "custody"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "case_id"], [f"{SCHEMA}.cases.office_id", f"{SCHEMA}.cases.id"]),
        ForeignKeyConstraint(
            ["office_id", "agreement_id"], [f"{SCHEMA}.agreement.office_id", f"{SCHEMA}.agreement.id"]
        ),
        state_check("step", Custody),
        CheckConstraint("copy >= 1", name="copy"),
        CheckConstraint(
            "step <> 'accepted' OR (signed_on IS NOT NULL AND stamp_kind IS NOT NULL AND stamp_value IS NOT NULL)",
            name="accepted_with_stamp",
        ),
        CheckConstraint(
            "step <> 'accepted' OR stamp_value >= CASE WHEN signed_on >= DATE '2022-01-01' THEN 10000"
            " WHEN signed_on >= DATE '2021-01-01' THEN 9000 ELSE 6000 END",
            name="stamp_in_force",
        ),
        CheckConstraint("step <> 'filed' OR (binder_id IS NOT NULL AND sheet >= 1)", name="place"),
        CheckConstraint("step <> 'lent' OR (btrim(borrower) <> '' AND due_on IS NOT NULL)", name="loan"),
        ForeignKeyConstraint(["office_id", "binder_id"], [f"{SCHEMA}.binder.office_id", f"{SCHEMA}.binder.id"]),
        UniqueConstraint("office_id", "agreement_id", "copy", "position"),
        Index("custody_case_idx", "office_id", "case_id", "agreement_id", "copy", "position"),
        Index("custody_binder_idx", "office_id", "binder_id", "sheet"),
        Index(
            "custody_electronic_stamp_idx",
            "office_id",
            text("upper(stamp_reference)"),
            unique=True,
            postgresql_where="step = 'accepted' AND stamp_kind = 'electronic'",
        ),
    )

    agreement_id: Mapped[UUID]
    copy: Mapped[int]
    position: Mapped[int]
    step: Mapped[Custody] = mapped_column(StateType(Custody))
    on_day: Mapped[date]
    note: Mapped[Words]
    signed_on: Mapped[date | None]
    stamp_kind: Mapped[StampKind | None] = mapped_column(StateType(StampKind))
    stamp_value: Mapped[int | None]
    stamp_reference: Mapped[Words]
    details: Mapped[Any] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    binder_id: Mapped[UUID | None]  # where it stands, or stood when it was lent
    sheet: Mapped[int | None]
    borrower: Mapped[Words]  # who took it along
    due_on: Mapped[date | None]
