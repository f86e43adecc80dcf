"""Where accepted originals stand: binders with numbered sheets, their labels, and what a stock-take found in them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import SCHEMA, AtMoment, Base, ByPerson, Count, InOffice, StateType, Words, state_check
from desk.rules.stocktake import Finding


class Binder(InOffice, Base):
    """A binder, opened by the first paper in it; number, year and size (sheets) are the server's words."""

    __tablename__ = "binder"
    __table_args__ = (
        UniqueConstraint("office_id", "year", "sequence"),
        UniqueConstraint("office_id", "name"),
        CheckConstraint("btrim(name) = name AND name <> ''", name="name"),
        CheckConstraint("capacity > 0", name="capacity"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    year: Mapped[int]
    sequence: Mapped[Count]
    name: Mapped[str]
    capacity: Mapped[Count]
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]


class BinderLabel(InOffice, Base):
    """The label of a binder was printed."""

    __tablename__ = "binder_label"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "binder_id"], [f"{SCHEMA}.binder.office_id", f"{SCHEMA}.binder.id"]),
        Index("binder_label_binder_idx", "office_id", "binder_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    binder_id: Mapped[UUID]
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]


class Stocktake(InOffice, Base):
    """A binder that was looked through: how many papers should be there, how many are, how many differ."""

    __tablename__ = "stocktake"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "binder_id"], [f"{SCHEMA}.binder.office_id", f"{SCHEMA}.binder.id"]),
        Index("stocktake_binder_idx", "office_id", "binder_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    binder_id: Mapped[UUID]
    on_day: Mapped[date]
    expected: Mapped[Count]
    found: Mapped[Count]
    differences: Mapped[Count]
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]


class StocktakeLine(InOffice, Base):
    """One paper of a stock-take; `place` is the binder or the person that has it, `code` what was no paper of ours."""

    __tablename__ = "stocktake_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["office_id", "stocktake_id"], [f"{SCHEMA}.stocktake.office_id", f"{SCHEMA}.stocktake.id"]
        ),
        ForeignKeyConstraint(
            ["office_id", "agreement_id"], [f"{SCHEMA}.agreement.office_id", f"{SCHEMA}.agreement.id"]
        ),
        state_check("finding", Finding),
        CheckConstraint("(agreement_id IS NULL) = (finding = 'unknown')", name="paper"),
        Index("stocktake_line_agreement_idx", "office_id", "agreement_id"),
    )

    stocktake_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[Count] = mapped_column(primary_key=True)
    agreement_id: Mapped[UUID | None]
    copy: Mapped[int | None]
    sheet: Mapped[int | None]
    finding: Mapped[Finding] = mapped_column(StateType(Finding))
    place: Mapped[Words]
    code: Mapped[Words]
