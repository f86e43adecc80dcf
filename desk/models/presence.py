"""Who is in which case now, and since when each person has looked at it; written by `desk.look_at` only."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, String, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import SCHEMA, AtMoment, Base, InOffice, Login


def _of_case() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["office_id", "case_id"], [f"{SCHEMA}.cases.office_id", f"{SCHEMA}.cases.id"])


class Presence(InOffice, Base):
    """A workstation that shows a case; `pid` is its connection at the server, `doing` the form that is open there."""

    __tablename__ = "presence"
    __table_args__ = (_of_case(),)

    login: Mapped[Login] = mapped_column(primary_key=True)
    pid: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    doing: Mapped[str] = mapped_column(String(40), server_default=text("''"))
    at: Mapped[AtMoment]


class CaseLook(InOffice, Base):
    """When a person last had a case in front of him or her."""

    __tablename__ = "case_look"
    __table_args__ = (_of_case(),)

    login: Mapped[Login] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[AtMoment]
