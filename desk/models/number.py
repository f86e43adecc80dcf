"""The register of letter numbers: each number of an office once, and how an unused one ended."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import SCHEMA, AtMoment, Base, ByPerson, Count, InOffice, Words


class LetterNumber(InOffice, Base):
    """One number. `sequence` is None where another book gave it; `subject_id` is the paper that carries it."""

    __tablename__ = "letter_number"
    __table_args__ = (
        UniqueConstraint("office_id", "number"),
        UniqueConstraint("office_id", "series", "year", "sequence", "insertion"),
        ForeignKeyConstraint(["office_id", "case_id"], [f"{SCHEMA}.cases.office_id", f"{SCHEMA}.cases.id"]),
        CheckConstraint("origin IN ('issued', 'reserved', 'inserted', 'book')", name="origin"),
        CheckConstraint("(origin = 'book') = (sequence IS NULL)", name="sequence"),
        CheckConstraint("(origin = 'inserted') = (insertion > 0) AND insertion BETWEEN 0 AND 99", name="insertion"),
        CheckConstraint("origin = 'issued' OR case_id IS NOT NULL OR btrim(note) <> ''", name="purpose"),
        Index("letter_number_kept_idx", "office_id", "case_id", "series", postgresql_where=text("subject_id IS NULL")),
        Index("letter_number_subject_idx", "office_id", "subject_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(String(30))
    year: Mapped[int]
    sequence: Mapped[int | None]
    insertion: Mapped[Count] = mapped_column(server_default="0")
    number: Mapped[str]
    origin: Mapped[str] = mapped_column(String(20))
    dated: Mapped[date]
    note: Mapped[Words]
    case_id: Mapped[UUID | None]
    subject_id: Mapped[UUID | None]
    by: Mapped[ByPerson] = mapped_column(sort_order=90)
    at: Mapped[AtMoment] = mapped_column(sort_order=91)


class LetterNumberEnd(InOffice, Base):
    """An unused number ended: it stands for a letter outside the program, or it is void."""

    __tablename__ = "letter_number_end"
    __table_args__ = (
        UniqueConstraint("office_id", "number_id"),
        ForeignKeyConstraint(
            ["office_id", "number_id"], [f"{SCHEMA}.letter_number.office_id", f"{SCHEMA}.letter_number.id"]
        ),
        CheckConstraint("kind IN ('outside', 'void')", name="kind"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(20))
    on_day: Mapped[date]
    reason: Mapped[str]
    by: Mapped[ByPerson] = mapped_column(sort_order=90)
    at: Mapped[AtMoment] = mapped_column(sort_order=91)
