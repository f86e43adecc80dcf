"""Ready texts that an office has written over the shipped ones."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import AtMoment, Base, ByPerson, InOffice, Words


class ReadyTextVersion(InOffice, Base):
    """A version of a text, holding from a day on; an empty body means the shipped text again.

    `channel` is the first of the channels that share the shipped text (`email` for mail, forum and counter).
    """

    __tablename__ = "ready_text"
    __table_args__ = (
        UniqueConstraint("office_id", "step", "channel", "version"),
        CheckConstraint("length(body) <= 20000 AND length(subject) <= 300", name="size"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(String(30))
    channel: Mapped[str] = mapped_column(String(30))
    version: Mapped[int]
    subject: Mapped[Words]
    body: Mapped[Words]
    starts_on: Mapped[date]
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]
