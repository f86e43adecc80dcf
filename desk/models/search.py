"""The word book of the search box; written by triggers only, asked by `desk.find_words` only."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Index, String
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import Base, InOffice


class SearchEntry(InOffice, Base):
    """What is found of one row of another table: its words, each behind its office (`1600.susenas`)."""

    __tablename__ = "search_entry"
    __table_args__ = (
        # Without a list of what is still to be sorted in: every search would read through it.
        Index("search_entry_words_idx", "words", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
    )

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    words: Mapped[Any] = mapped_column(TSVECTOR)
