"""Which backups were made, and which of them were restored on trial."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import AtMoment, Base, ByPerson, Count


class BackupEntry(Base):
    """A backup of the whole database, or its restore on trial; no `faults` means that it came back as it was.

    `made_at` is the moment the backup holds, `content_hash` that of all its rows, `size` the bytes of the file.
    """

    __tablename__ = "backup_entry"
    __table_args__ = (
        CheckConstraint("kind IN ('backup', 'restore_test')", name="kind"),
        CheckConstraint("size > 0", name="size"),
        Index("backup_entry_at_idx", "kind", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    kind: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[datetime]
    file: Mapped[str]
    content_hash: Mapped[str] = mapped_column(String(64))
    size: Mapped[Count]
    faults: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]


class DoctorCheck(Base):
    """A question of the doctor as its owner published it; administrators have it asked by `desk.examine`."""

    __tablename__ = "doctor_check"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    question: Mapped[str]
