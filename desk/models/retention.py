"""What was erased, when, by whom and why: the destruction records of an office."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import SCHEMA, AtMoment, Base, ByPerson, Count, InOffice, Words


class Destruction(InOffice, Base):
    """One act of erasing, with its number and its legal ground; written by `desk.erase_expired` and nothing else."""

    __tablename__ = "destruction"
    __table_args__ = (
        UniqueConstraint("office_id", "year", "sequence"),
        CheckConstraint("btrim(witness) <> ''", name="witness"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    year: Mapped[int]
    sequence: Mapped[Count]
    number: Mapped[str]
    erased_on: Mapped[date]
    basis: Mapped[str]
    witness: Mapped[str]
    note: Mapped[Words]
    by: Mapped[ByPerson] = mapped_column(sort_order=90)
    at: Mapped[AtMoment] = mapped_column(sort_order=91)


class DestroyedFile(InOffice, Base):
    """A file whose bytes are gone; its row in `document` and its hash stay."""

    __tablename__ = "destroyed_file"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "document_id"], [f"{SCHEMA}.document.office_id", f"{SCHEMA}.document.id"]),
        ForeignKeyConstraint(
            ["office_id", "destruction_id"], [f"{SCHEMA}.destruction.office_id", f"{SCHEMA}.destruction.id"]
        ),
        ForeignKeyConstraint(["office_id", "case_id"], [f"{SCHEMA}.cases.office_id", f"{SCHEMA}.cases.id"]),
        Index("destroyed_file_destruction_idx", "office_id", "destruction_id"),
        Index("destroyed_file_sha256_idx", "office_id", "sha256"),
    )

    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    destruction_id: Mapped[UUID]
    case_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str]
    size: Mapped[Count]
    sha256: Mapped[str] = mapped_column(String(64))
    ended_on: Mapped[date]
    kept_days: Mapped[Count]
    by: Mapped[ByPerson] = mapped_column(sort_order=90)
    at: Mapped[AtMoment] = mapped_column(sort_order=91)
