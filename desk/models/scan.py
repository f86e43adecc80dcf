"""Scanned stacks on their way into cases: the stack as it was scanned, its parts, and where each part went."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import BigInteger, Text

from desk.models.base import SCHEMA, AtMoment, Base, ByPerson, Count, InOffice, Words, state_check
from desk.rules.scans import Outcome


class _Entry(InOffice):
    """Stated once, by whom and when in the server's words."""

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-19)
    by: Mapped[ByPerson] = mapped_column(sort_order=90)
    at: Mapped[AtMoment] = mapped_column(sort_order=91)


class ScanStack(_Entry, Base):
    """One scanned file; the same bytes come in once per office. Its bytes are kept until every part has its place."""

    __tablename__ = "scan_stack"
    __table_args__ = (
        UniqueConstraint("office_id", "sha256"),
        CheckConstraint("pages > 0", name="pages"),
    )

    name: Mapped[str]
    pages: Mapped[Count]
    size: Mapped[Count]
    sha256: Mapped[str] = mapped_column(String(64))


class ScanPart(_Entry, Base):
    """Some pages of a stack as a PDF: one paper by its code (`payload`), or a question (`doubt`)."""

    __tablename__ = "scan_part"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "stack_id"], [f"{SCHEMA}.scan_stack.office_id", f"{SCHEMA}.scan_stack.id"]),
        CheckConstraint("cardinality(pages) > 0", name="pages"),
        Index("scan_part_stack_idx", "office_id", "stack_id"),
    )

    stack_id: Mapped[UUID]
    pages: Mapped[list[int]] = mapped_column(ARRAY(BigInteger()))
    payload: Mapped[Words]
    doubt: Mapped[Words]
    codes: Mapped[list[str]] = mapped_column(ARRAY(Text()), server_default=text("'{}'::text[]"))
    size: Mapped[Count]
    sha256: Mapped[str] = mapped_column(String(64))


class ScanPlacement(_Entry, Base):
    """What became of a part, once: filed as a document of a case, split into smaller parts, or put aside."""

    __tablename__ = "scan_placement"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "part_id"], [f"{SCHEMA}.scan_part.office_id", f"{SCHEMA}.scan_part.id"]),
        ForeignKeyConstraint(["office_id", "document_id"], [f"{SCHEMA}.document.office_id", f"{SCHEMA}.document.id"]),
        UniqueConstraint("office_id", "part_id"),
        state_check("outcome", Outcome),
        CheckConstraint("(outcome = 'filed') = (document_id IS NOT NULL)", name="document"),
        CheckConstraint("outcome <> 'put_aside' OR btrim(reason) <> ''", name="reason"),
    )

    part_id: Mapped[UUID]
    outcome: Mapped[str] = mapped_column(String(20))
    document_id: Mapped[UUID | None]
    reason: Mapped[Words]
