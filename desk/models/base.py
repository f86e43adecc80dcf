"""The declarative base and the column types used everywhere.

Rules of the schema (`docs/decisions/database.md`): `office_id` stands first in every key; keys are made by the client
(UUID); money is whole rupiah in BIGINT; facts are inserted and never edited, so they carry who and when from the
server; text codes of states are guarded by a CHECK.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, ForeignKey, MetaData, String, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from desk.rules.case import State

SCHEMA = "desk"

NATIONAL = 0
"""The office id of rows that hold for every office: rule book, catalogue, calendar, shipped templates."""

Rupiah = Annotated[int, mapped_column(BigInteger)]
Count = Annotated[int, mapped_column(BigInteger)]
Words = Annotated[str, mapped_column(Text, server_default="")]
Login = Annotated[str, mapped_column(String(63))]
ByPerson = Annotated[str, mapped_column(String(63), server_default=text("session_user"))]
AtMoment = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=text("desk.now()"))]
Json = Annotated[dict[str, Any], mapped_column(JSONB)]


class Base(DeclarativeBase):
    """All tables live in the schema `desk`; constraints have predictable names."""

    metadata = MetaData(
        schema=SCHEMA,
        naming_convention={
            "pk": "%(table_name)s_pkey",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
            "ck": "%(table_name)s_%(constraint_name)s_check",
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        },
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Uuid(),
        date: Date(),
        datetime: DateTime(timezone=True),
        str: Text(),
        int: BigInteger(),
    }


class StateType(TypeDecorator[State]):
    """A `State` stored by its code."""

    impl = String(30)
    cache_ok = True

    def __init__(self, states: type[State]) -> None:
        super().__init__()
        self.states = states

    def process_bind_param(self, value: State | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The code of the state."""
        return None if value is None else value.value

    def process_result_value(self, value: str | None, dialect: Dialect) -> State | None:  # noqa: ARG002
        """The state of the code."""
        return None if value is None else self.states.of(value)


def state_check(column: str, states: type[State]) -> CheckConstraint:
    """The CHECK that keeps unknown codes out of a state column."""
    codes = ", ".join(f"'{state.value}'" for state in states)
    return CheckConstraint(f"{column} IN ({codes})", name=column)


class InOffice:
    """A row that belongs to one office."""

    office_id: Mapped[int] = mapped_column(ForeignKey(f"{SCHEMA}.office.id"), primary_key=True, sort_order=-20)


class Stated(InOffice):
    """A row that states what happened: inserted once, never edited; who and when come from the server."""

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-19)
    by: Mapped[ByPerson] = mapped_column(sort_order=90)
    at: Mapped[AtMoment] = mapped_column(sort_order=91)


class Fact(Stated):
    """What happened in a case."""

    case_id: Mapped[UUID] = mapped_column(sort_order=-18)
