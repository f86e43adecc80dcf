"""The audit log as its readers know it; only the database itself writes these tables (migration 0003).

They stand in a schema of their own, which most people may not even enter: `docs/decisions/audit.md`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import INET, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import Base

AUDIT = "audit"

_BY_SERVER = text("clock_timestamp()")  # real time, also where a training office has a clock of its own

PARENT = (
    "COALESCE(new ->> 'case_id', old ->> 'case_id', new ->> 'invoice_id', old ->> 'invoice_id', "
    "new ->> 'preparation_id', old ->> 'preparation_id', new ->> 'login', old ->> 'login')"
)
"""What an entry belongs to: its case, else its invoice or preparation, else its person."""


class LogEntry(Base):
    """One changed row: who, from where, with which program, and what it was before and after.

    `op` is B (found when the log began), I, U, D or T (the table was emptied); of a changed row only what changed.
    """

    __tablename__ = "log"
    __table_args__ = (
        CheckConstraint("op IN ('B', 'I', 'U', 'D', 'T')", name="op"),
        Index("log_unsealed_idx", "office_id", "id", postgresql_where=text("block IS NULL")),
        Index("log_block_idx", "office_id", "block", postgresql_where=text("block IS NOT NULL")),
        Index("log_row_idx", "office_id", "table_name", "key", "id"),
        Index("log_at_idx", "office_id", "at", "id"),
        Index("log_actor_idx", "office_id", "actor", "at", "id"),
        Index("log_parent_idx", "office_id", text(PARENT), postgresql_where=text("op IN ('B', 'I', 'D')")),
        {"schema": AUDIT},
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    xid: Mapped[int] = mapped_column(server_default=text("(pg_current_xact_id())::text::bigint"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=_BY_SERVER)
    actor: Mapped[str] = mapped_column(Text, server_default=text("session_user"))
    address: Mapped[Any | None] = mapped_column(INET, server_default=text("inet_client_addr()"))
    program: Mapped[str] = mapped_column(Text, server_default=text("current_setting('application_name')"))
    table_name: Mapped[str]
    op: Mapped[str]
    key: Mapped[str]
    old: Mapped[Any | None] = mapped_column(JSONB)
    new: Mapped[Any | None] = mapped_column(JSONB)
    block: Mapped[int | None]


class Block(Base):
    """A sealed block of an office's log; `hash` covers `root`, the hash of its rows, and the block before."""

    __tablename__ = "block"
    __table_args__ = (UniqueConstraint("office_id", "no", "hash"), {"schema": AUDIT})

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    format: Mapped[int]
    rows: Mapped[int]
    root: Mapped[str]
    previous: Mapped[str]
    hash: Mapped[str]
    sealed_at: Mapped[datetime]


class Head(Base):
    """The hash of a block, signed by a treasurer or an auditor; a copy is kept off the server."""

    __tablename__ = "head"
    __table_args__ = (
        ForeignKeyConstraint(
            ["office_id", "no", "hash"],
            [f"{AUDIT}.block.office_id", f"{AUDIT}.block.no", f"{AUDIT}.block.hash"],
            name="head_office_id_no_hash_fkey",
        ),
        {"schema": AUDIT},
    )

    office_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public_key: Mapped[str] = mapped_column(primary_key=True)
    hash: Mapped[str]
    signed_at: Mapped[datetime]
    signed_by: Mapped[str] = mapped_column(Text, server_default=text("session_user"))
    signature: Mapped[str]


class Chain(Base):
    """The name of this database's log; its one row is what a sealer holds while it seals."""

    __tablename__ = "chain"
    __table_args__ = (CheckConstraint("one", name="one"), {"schema": AUDIT})

    one: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    id: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"))
    begun_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=_BY_SERVER)
