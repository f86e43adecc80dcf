"""Files of a case: what came in, issued papers byte for byte, scans; contents in chunks of 256 KB.

A letter about money that nobody claims belongs to no case (`case_id` is None), nor do its sheet and its prints.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import SCHEMA, Base, Count, Fact, InOffice, Json, Stated, Words


class Document(Stated, Base):
    """A file of a case. An issued paper keeps its template and the fact it was made from, and is never made again."""

    __tablename__ = "document"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "case_id"], [f"{SCHEMA}.cases.office_id", f"{SCHEMA}.cases.id"]),
        CheckConstraint(
            "kind IN ('incoming', 'id_card', 'paper', 'proof', 'scan', 'letter', 'stamp_proof', 'sample')", name="kind"
        ),
        CheckConstraint("kind <> 'sample' OR name LIKE 'CONTOH %'", name="sample"),
        CheckConstraint("(kind = 'paper') = (paper IS NOT NULL)", name="paper"),
        CheckConstraint("case_id IS NOT NULL OR paper = 'money_unknown'", name="case"),
        Index("document_case_idx", "office_id", "case_id"),
        Index("document_sha256_idx", "office_id", "sha256"),
        Index(
            "document_paper_idx",
            "office_id",
            "subject_id",
            "paper",
            "copy",
            "content_type",
            unique=True,
            postgresql_where="kind = 'paper'",
        ),
    )

    case_id: Mapped[UUID | None] = mapped_column(sort_order=-18)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str]
    name: Mapped[str]
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[Count]
    sha256: Mapped[str] = mapped_column(String(64))
    message_id: Mapped[UUID | None]
    paper: Mapped[str | None] = mapped_column(String(30))
    subject_id: Mapped[UUID | None]
    copy: Mapped[int] = mapped_column(server_default="1")
    number: Mapped[Words]
    template_id: Mapped[UUID | None]
    template_sha256: Mapped[Words]


class Letter(Stated, Base):
    """A numbered letter that is neither invoice, SPPD nor kuitansi: refusal, redirect, delivery or correction note.

    The letter about money that nobody claims belongs to a movement (`line_id`) instead of a case.
    """

    __tablename__ = "letter"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "case_id"], [f"{SCHEMA}.cases.office_id", f"{SCHEMA}.cases.id"]),
        ForeignKeyConstraint(
            ["office_id", "line_id"], [f"{SCHEMA}.statement_line.office_id", f"{SCHEMA}.statement_line.id"]
        ),
        UniqueConstraint("office_id", "kind", "year", "sequence"),
        CheckConstraint(
            "(kind = 'money_unknown') = (line_id IS NOT NULL) AND (case_id IS NULL) = (line_id IS NOT NULL)",
            name="about",
        ),
        Index("letter_case_idx", "office_id", "case_id"),
        Index("letter_line_idx", "office_id", "line_id", postgresql_where=text("line_id IS NOT NULL")),
    )

    case_id: Mapped[UUID | None] = mapped_column(sort_order=-18)
    kind: Mapped[str] = mapped_column(String(30))
    year: Mapped[int]
    sequence: Mapped[Count]
    number: Mapped[str]
    issued_on: Mapped[date]
    details: Mapped[Json] = mapped_column(server_default=text("'{}'::jsonb"))
    line_id: Mapped[UUID | None] = mapped_column(sort_order=92)


class FileChunk(InOffice, Base):
    """A piece of at most 256 KB of a file's bytes, found by the file's hash."""

    __tablename__ = "file_chunk"
    __table_args__ = (CheckConstraint("octet_length(bytes) <= 262144", name="size"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)
    bytes: Mapped[bytes] = mapped_column(LargeBinary)


class PrintEntry(Stated, Base):
    """A paper that was sent to a printer; the database says which mark it bears.

    ASLI once, SALINAN afterwards; BATAL and DIGANTI on a paper that no longer holds. `attempt` counts the originals
    that did not come out; `pages` are those of one copy, and further copies of an original are SALINAN.
    """

    __tablename__ = "print_entry"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "document_id"], [f"{SCHEMA}.document.office_id", f"{SCHEMA}.document.id"]),
        CheckConstraint("mark IN ('ASLI', 'SALINAN', 'BATAL', 'DIGANTI')", name="mark"),
        CheckConstraint("pages > 0 AND copies > 0", name="pages"),
        Index("print_entry_case_idx", "office_id", "case_id"),
        Index(
            "print_entry_original_idx",
            "office_id",
            "document_id",
            "attempt",
            unique=True,
            postgresql_where="mark = 'ASLI'",
        ),
    )

    case_id: Mapped[UUID | None] = mapped_column(sort_order=-18)
    document_id: Mapped[UUID]
    mark: Mapped[str] = mapped_column(String(10))
    printer: Mapped[Words]
    pages: Mapped[Count] = mapped_column(server_default="1")
    copies: Mapped[Count] = mapped_column(server_default="1")
    attempt: Mapped[Count] = mapped_column(server_default="1")


class PrintFailure(Stated, Base):
    """A print that did not come out, said by whoever ordered it; an ASLI among them may be printed again."""

    __tablename__ = "print_failure"
    __table_args__ = (
        ForeignKeyConstraint(
            ["office_id", "print_id"], [f"{SCHEMA}.print_entry.office_id", f"{SCHEMA}.print_entry.id"]
        ),
        UniqueConstraint("office_id", "print_id"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
        Index("print_failure_case_idx", "office_id", "case_id"),
    )

    case_id: Mapped[UUID | None] = mapped_column(sort_order=-18)
    print_id: Mapped[UUID]
    reason: Mapped[str]


class ViewEntry(Fact, Base):
    """Somebody looked at an identity card, and why (UU 27/2022), or took the whole case along as one file."""

    __tablename__ = "view_entry"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "document_id"], [f"{SCHEMA}.document.office_id", f"{SCHEMA}.document.id"]),
        CheckConstraint(
            "what IN ('id_card', 'case_file') AND (what = 'id_card') = (document_id IS NOT NULL)", name="what"
        ),
        Index("view_entry_document_idx", "office_id", "document_id"),
        Index("view_entry_at_idx", "office_id", "at", "id"),
    )

    document_id: Mapped[UUID | None]
    reason: Mapped[str]
    what: Mapped[str] = mapped_column(String(20), server_default="id_card")
