"""Offices, people's duties, and the dated rules that an office works by."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    FetchedValue,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import SCHEMA, AtMoment, Base, ByPerson, Count, InOffice, Json, Login, Words


class Office(Base):
    """A service desk; `profile` holds what its published standard says: channels, addresses, contacts, bank account."""

    __tablename__ = "office"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(4), unique=True)
    name: Mapped[str]
    zone: Mapped[str] = mapped_column(String(40), server_default="Asia/Jakarta")
    province_id: Mapped[int | None] = mapped_column(ForeignKey(f"{SCHEMA}.office.id"))
    profile: Mapped[Json] = mapped_column(server_default=text("'{}'::jsonb"))


class Person(Base):
    """Somebody with a database login; `active = false` ends every access at the next statement."""

    __tablename__ = "person"

    login: Mapped[Login] = mapped_column(primary_key=True)
    name: Mapped[str]
    nip: Mapped[Words]
    position: Mapped[Words]
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class DutyRow(InOffice, Base):
    """What a person does in one office, from a day to a day; `stands_in_for` names whom he or she replaces."""

    __tablename__ = "duty"
    __table_args__ = (
        CheckConstraint("duty IN ('officer', 'treasurer', 'supervisor', 'administrator', 'auditor')", name="duty"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="days"),
        Index("duty_login_idx", "login"),
    )

    login: Mapped[Login] = mapped_column(ForeignKey(f"{SCHEMA}.person.login"), primary_key=True)
    duty: Mapped[str] = mapped_column(String(20), primary_key=True)
    starts_on: Mapped[date] = mapped_column(primary_key=True, server_default=text("CURRENT_DATE"))
    ends_on: Mapped[date | None]
    stands_in_for: Mapped[str | None] = mapped_column(String(63))


class PeopleEvent(InOffice, Base):
    """One thing that was decided about a person: added, duty given or ended, stand-in, left; nobody changes it."""

    __tablename__ = "people_event"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('added', 'duty_given', 'duty_ended', 'stand_in_asked', 'stand_in_approved', 'stand_in_refused', "
            "'left', 'returned', 'password_given', 'password_changed', 'changed')",
            name="kind",
        ),
        UniqueConstraint("office_id", "answers"),
        ForeignKeyConstraint(
            ["office_id", "answers"], [f"{SCHEMA}.people_event.office_id", f"{SCHEMA}.people_event.id"]
        ),
        Index("people_event_login_idx", "office_id", "login"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    login: Mapped[Login]
    kind: Mapped[str] = mapped_column(String(20))
    duty: Mapped[str | None] = mapped_column(String(20))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    stands_in_for: Mapped[str | None] = mapped_column(String(63))
    answers: Mapped[UUID | None]
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]


class Rule(InOffice, Base):
    """One dated rule of the rule book with its legal basis; an office's row goes before the national one (office 0)."""

    __tablename__ = "rule"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)
    basis: Mapped[Words]
    confirmed: Mapped[bool] = mapped_column(server_default=text("true"))
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]


class RuleProposal(InOffice, Base):
    """A value that somebody proposes for a rule from a day on; it holds when a second person has agreed."""

    __tablename__ = "rule_proposal"
    __table_args__ = (
        UniqueConstraint("office_id", "id", "by"),
        CheckConstraint("btrim(basis) <> ''", name="basis"),
        Index("rule_proposal_key_idx", "office_id", "key"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    valid_from: Mapped[date]
    value: Mapped[Any] = mapped_column(JSONB)
    basis: Mapped[str]
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]


class RuleDecision(InOffice, Base):
    """What became of a proposal: a second person agreed, or somebody took it back."""

    __tablename__ = "rule_decision"
    __table_args__ = (
        UniqueConstraint("office_id", "proposal_id"),
        ForeignKeyConstraint(
            ["office_id", "proposal_id", "proposed_by"],
            [f"{SCHEMA}.rule_proposal.office_id", f"{SCHEMA}.rule_proposal.id", f"{SCHEMA}.rule_proposal.by"],
        ),
        CheckConstraint('NOT accepted OR "by" <> proposed_by', name="second_person"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    proposal_id: Mapped[UUID]
    proposed_by: Mapped[str] = mapped_column(String(63), server_default=FetchedValue())
    accepted: Mapped[bool]
    note: Mapped[Words]
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]


class Holiday(InOffice, Base):
    """A day on which nobody works: national holiday, cuti bersama (office 0) or the office's own closing day."""

    __tablename__ = "holiday"
    __table_args__ = (CheckConstraint("kind IN ('public', 'joint_leave', 'office')", name="kind"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(String(20))
    decree: Mapped[Words]


class CatalogueItem(InOffice, Base):
    """Something that is sold; `size` is bytes for microdata, 1 for a map, pages for a publication."""

    __tablename__ = "catalogue_item"
    __table_args__ = (Index("catalogue_item_title_idx", "office_id", "title"),)

    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    title: Mapped[str]
    survey: Mapped[Words]
    year: Mapped[int | None]
    area_code: Mapped[Words]
    area_name: Mapped[Words]
    level: Mapped[Words]
    format: Mapped[Words]
    tariff: Mapped[str] = mapped_column(String(60))
    size: Mapped[Count]
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class Template(InOffice, Base):
    """A DOCX template of one paper kind, never changed; office 0 holds the shipped ones, which hold from `valid_from`.

    An office's own version holds only where a `TemplateActivation` says so; its `valid_from` is the day it was brought.
    """

    __tablename__ = "template"
    __table_args__ = (
        UniqueConstraint("office_id", "kind", "version"),
        UniqueConstraint("office_id", "id", "by"),
        CheckConstraint("sha256 = encode(pg_catalog.sha256(content), 'hex')", name="bytes"),
        CheckConstraint("octet_length(content) <= 8388608", name="size"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    version: Mapped[int]
    valid_from: Mapped[date]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]


class TemplateActivation(InOffice, Base):
    """A second person lets a version of the office hold from a day on; of several the one that starts last holds."""

    __tablename__ = "template_activation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["office_id", "template_id", "uploaded_by"],
            [f"{SCHEMA}.template.office_id", f"{SCHEMA}.template.id", f"{SCHEMA}.template.by"],
        ),
        CheckConstraint("by <> uploaded_by", name="second_person"),
        Index("template_activation_template_idx", "office_id", "template_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    template_id: Mapped[UUID]
    uploaded_by: Mapped[Login]
    starts_on: Mapped[date]
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]


class Installation(Base):
    """What kind of database this is: one row. Only a training database has a clock of its own (to replay the past)."""

    __tablename__ = "installation"
    __table_args__ = (
        CheckConstraint("one", name="one"),
        CheckConstraint("clock IS NULL OR training", name="clock"),
    )

    one: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    training: Mapped[bool] = mapped_column(server_default=text("false"))
    clock: Mapped[datetime | None]
    oldest_program: Mapped[str] = mapped_column(String(20), server_default="0.1.0")


class ActionRule(Base):
    """The table of `desk/actions.py` as the database knows it: who may do what, from which states to which."""

    __tablename__ = "action_rule"

    action: Mapped[str] = mapped_column(String(40), primary_key=True)
    duties: Mapped[list[str]] = mapped_column(ARRAY(String(20)))
    before: Mapped[Any] = mapped_column(JSONB)
    after: Mapped[Any] = mapped_column(JSONB)
