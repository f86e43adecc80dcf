"""The case itself: course and tracks, customer, requested lines, fit decisions, conversation, story."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    DateTime,
    FetchedValue,
    ForeignKeyConstraint,
    Identity,
    Index,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import SCHEMA, Base, Count, Fact, InOffice, Json, StateType, Words, state_check
from desk.rules.case import (
    About,
    Channel,
    CustomerClass,
    Data,
    Fit,
    MessageKind,
    Money,
    Original,
    Section,
    Stage,
)
from desk.rules.inputs import AnswerKind


class Customer(InOffice, Base):
    """A pengguna data, known to one office."""

    __tablename__ = "customer"
    __table_args__ = (state_check("customer_class", CustomerClass),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    customer_class: Mapped[CustomerClass] = mapped_column(StateType(CustomerClass))
    institution: Mapped[Words]
    position: Mapped[Words]
    email: Mapped[Words]
    phone: Mapped[Words]
    address: Mapped[Words]
    id_number: Mapped[Words]
    npwp: Mapped[Words]
    row_version: Mapped[int] = mapped_column(server_default="1", server_onupdate=FetchedValue())
    __mapper_args__ = {"version_id_col": row_version, "version_id_generator": False}  # noqa: RUF012


class Case(InOffice, Base):
    """One permohonan. Course, tracks, promises and desk columns are moved by `desk.record_deed` and nothing else."""

    __tablename__ = "cases"
    __table_args__ = (
        PrimaryKeyConstraint("office_id", "id", name="cases_request_id_pkey"),
        CheckConstraint("office_id > 0", name="of_an_office"),
        UniqueConstraint("office_id", "year", "sequence"),
        UniqueConstraint("office_id", "number"),
        ForeignKeyConstraint(["office_id", "customer_id"], [f"{SCHEMA}.customer.office_id", f"{SCHEMA}.customer.id"]),
        state_check("stage", Stage),
        state_check("money", Money),
        state_check("original", Original),
        state_check("data", Data),
        state_check("channel", Channel),
        Index(
            "cases_officer_idx",
            "office_id",
            "officer_queue",
            "due_on",
            postgresql_where=text("officer_queue IS NOT NULL"),
        ),
        Index("cases_mail_idx", "office_id", "mail_queue", "due_on", postgresql_where=text("mail_queue IS NOT NULL")),
        Index(
            "cases_treasurer_idx",
            "office_id",
            "treasurer_queue",
            "due_on",
            postgresql_where=text("treasurer_queue IS NOT NULL"),
        ),
        Index(
            "cases_supervisor_idx",
            "office_id",
            "supervisor_queue",
            "due_on",
            postgresql_where=text("supervisor_queue IS NOT NULL"),
        ),
        Index("cases_changed_idx", "office_id", "changed_at", "id"),
        Index("cases_customer_idx", "office_id", "customer_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    year: Mapped[int]
    sequence: Mapped[int]
    number: Mapped[str]
    customer_id: Mapped[UUID]
    customer_name: Mapped[str]
    institution: Mapped[Words]
    channel: Mapped[Channel] = mapped_column(StateType(Channel))
    stage: Mapped[Stage] = mapped_column(StateType(Stage), server_default=Stage.NEW.value)
    money: Mapped[Money] = mapped_column(StateType(Money), server_default=Money.NONE.value)
    original: Mapped[Original] = mapped_column(StateType(Original), server_default=Original.NONE.value)
    data: Mapped[Data] = mapped_column(StateType(Data), server_default=Data.NONE.value)
    abstract: Mapped[Json] = mapped_column(server_default=text("'{}'::jsonb"))
    requirements: Mapped[list[str]] = mapped_column(ARRAY(String(30)), server_default=text("'{}'"))
    address_confirmed: Mapped[Words]
    clear_on: Mapped[date | None]
    service_due: Mapped[date | None]
    service_due_why: Mapped[Words]
    correction_due: Mapped[date | None]
    due_on: Mapped[date | None]
    due_of: Mapped[str | None] = mapped_column(String(20))
    wake_on: Mapped[date | None]
    remind_on: Mapped[date | None]
    remind_why: Mapped[Words]
    officer_queue: Mapped[str | None] = mapped_column(String(20))
    officer_why: Mapped[Words]
    mail_queue: Mapped[str | None] = mapped_column(String(20))
    mail_why: Mapped[Words]
    treasurer_queue: Mapped[str | None] = mapped_column(String(20))
    treasurer_why: Mapped[Words]
    supervisor_queue: Mapped[str | None] = mapped_column(String(20))
    supervisor_why: Mapped[Words]
    claimed_by: Mapped[str | None] = mapped_column(String(63))
    claimed_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    registered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("desk.now()"))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("desk.now()"))
    row_version: Mapped[int] = mapped_column(server_default="1", server_onupdate=FetchedValue())
    __mapper_args__ = {"version_id_col": row_version, "version_id_generator": False}  # noqa: RUF012
    words: Mapped[Any] = mapped_column(
        TSVECTOR,
        Computed(
            "to_tsvector('simple'::regconfig, number || ' ' || customer_name || ' ' || institution)", persisted=True
        ),
    )


class CaseLine(InOffice, Base):
    """One requested item; replaced as a whole while the request is still being examined."""

    __tablename__ = "case_line"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "case_id"], [f"{SCHEMA}.cases.office_id", f"{SCHEMA}.cases.id"]),
        CheckConstraint("quantity > 0", name="quantity"),
        state_check("fit", Fit),
        Index("case_line_case_idx", "office_id", "case_id", "position"),
        Index("case_line_catalogue_idx", "office_id", "catalogue_code"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    position: Mapped[int]
    title: Mapped[str]
    detail: Mapped[Words]
    catalogue_code: Mapped[Words]
    tariff: Mapped[str] = mapped_column(String(60))
    quantity: Mapped[Count]
    fit: Mapped[Fit] = mapped_column(StateType(Fit), server_default=Fit.UNDECIDED.value)
    fit_reason: Mapped[Words]


class FitDecision(Fact, Base):
    """Who decided what about a line, and by which sentence of the abstraksi."""

    __tablename__ = "fit_decision"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "case_id"], [f"{SCHEMA}.cases.office_id", f"{SCHEMA}.cases.id"]),
        state_check("fit", Fit),
        Index("fit_decision_case_idx", "office_id", "case_id"),
    )

    line_id: Mapped[UUID]
    line_title: Mapped[str]
    fit: Mapped[Fit] = mapped_column(StateType(Fit))
    reason: Mapped[Words]


class Reminder(Fact, Base):
    """A reminder to the customer: the rung of a ladder that began on a day; the server says which rung and when."""

    __tablename__ = "reminder"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "case_id"], [f"{SCHEMA}.cases.office_id", f"{SCHEMA}.cases.id"]),
        state_check("about", About),
        CheckConstraint("rung > 0", name="rung"),
        UniqueConstraint("office_id", "case_id", "about", "since", "rung"),
        UniqueConstraint("office_id", "case_id", "about", "on_day"),
    )

    about: Mapped[About] = mapped_column(StateType(About))
    rung: Mapped[int]
    since: Mapped[date]
    on_day: Mapped[date]


class CaseLink(Fact, Base):
    """Where a case went: `merged` into another one, or a part of it `split` off into a new one.

    Conversation and files of `case_id` are seen from `other_case_id`, of a split those from before it.
    """

    __tablename__ = "case_link"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "case_id"], [f"{SCHEMA}.cases.office_id", f"{SCHEMA}.cases.id"]),
        ForeignKeyConstraint(["office_id", "other_case_id"], [f"{SCHEMA}.cases.office_id", f"{SCHEMA}.cases.id"]),
        CheckConstraint("kind IN ('merged', 'split')", name="kind"),
        CheckConstraint("case_id <> other_case_id", name="two_cases"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
        Index("case_link_case_idx", "office_id", "case_id"),
        Index("case_link_other_idx", "office_id", "other_case_id"),
        Index("case_link_merged_idx", "office_id", "case_id", unique=True, postgresql_where=text("kind = 'merged'")),
    )

    other_case_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str]


class RequestCopy(Fact, Base):
    """A request as it was when it went back to the customer; the server itself copies abstraksi and lines."""

    __tablename__ = "request_copy"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "case_id"], [f"{SCHEMA}.cases.office_id", f"{SCHEMA}.cases.id"]),
        Index("request_copy_case_idx", "office_id", "case_id"),
    )

    asked: Mapped[Words]
    abstract: Mapped[Json] = mapped_column(server_default=text("'{}'::jsonb"))
    lines: Mapped[Any] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))


class SectionQuestionRow(Fact, Base):
    """A question to a subject-matter section, with the day by which its answer is wanted."""

    __tablename__ = "section_question"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "case_id"], [f"{SCHEMA}.cases.office_id", f"{SCHEMA}.cases.id"]),
        state_check("section", Section),
        CheckConstraint("btrim(question) <> ''", name="question"),
        Index("section_question_case_idx", "office_id", "case_id"),
    )

    section: Mapped[Section] = mapped_column(StateType(Section))
    line_id: Mapped[UUID | None]
    line_title: Mapped[Words]
    question: Mapped[str]
    due_on: Mapped[date]


class SectionAnswer(Fact, Base):
    """What came of a question to a section: its answer, or that it is not needed any more."""

    __tablename__ = "section_answer"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "case_id"], [f"{SCHEMA}.cases.office_id", f"{SCHEMA}.cases.id"]),
        ForeignKeyConstraint(
            ["office_id", "question_id"], [f"{SCHEMA}.section_question.office_id", f"{SCHEMA}.section_question.id"]
        ),
        UniqueConstraint("office_id", "question_id"),
        state_check("kind", AnswerKind),
        CheckConstraint("btrim(answer) <> ''", name="answer"),
        Index("section_answer_case_idx", "office_id", "case_id"),
    )

    question_id: Mapped[UUID]
    kind: Mapped[AnswerKind] = mapped_column(StateType(AnswerKind))
    answer: Mapped[str]


class Message(Fact, Base):
    """One message of the conversation, or an internal note."""

    __tablename__ = "message"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "case_id"], [f"{SCHEMA}.cases.office_id", f"{SCHEMA}.cases.id"]),
        state_check("kind", MessageKind),
        state_check("channel", Channel),
        Index("message_case_idx", "office_id", "case_id", "said_at"),
        Index("message_mail_idx", "office_id", "message_id", postgresql_where=text("message_id <> ''")),
        ForeignKeyConstraint(
            ["office_id", "ready_text_id"], [f"{SCHEMA}.ready_text.office_id", f"{SCHEMA}.ready_text.id"]
        ),
        Index(
            "message_ready_text_idx",
            "office_id",
            "ready_text_id",
            postgresql_where=text("ready_text_id IS NOT NULL"),
        ),
    )

    kind: Mapped[MessageKind] = mapped_column(StateType(MessageKind))
    channel: Mapped[Channel] = mapped_column(StateType(Channel))
    sender: Mapped[Words]
    subject: Mapped[Words]
    body: Mapped[Words]
    message_id: Mapped[Words]
    ready_step: Mapped[str] = mapped_column(String(30), server_default=text("''"))
    ready_text_id: Mapped[UUID | None]
    said_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("desk.now()"))


class Event(Fact, Base):
    """The story: one row per deed. `id` is the key made when its form opened: the same key is the same deed."""

    __tablename__ = "event"
    __table_args__ = (
        PrimaryKeyConstraint("office_id", "id", name="event_request_id_pkey"),
        ForeignKeyConstraint(["office_id", "case_id"], [f"{SCHEMA}.cases.office_id", f"{SCHEMA}.cases.id"]),
        Index("event_case_idx", "office_id", "case_id", "at"),
    )

    action: Mapped[str] = mapped_column(String(40))
    sentence: Mapped[str]
    reason: Mapped[Words]
    before: Mapped[Any] = mapped_column(JSONB)
    after: Mapped[Any] = mapped_column(JSONB)
    result: Mapped[Any] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True))  # the order of the deeds; may leave gaps


class Counter(InOffice, Base):
    """The last number given per kind and year; `last_hash` chains the receipts."""

    __tablename__ = "counter"

    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[Count] = mapped_column(server_default="0")
    last_hash: Mapped[Words]


class OfficeClock(InOffice, Base):
    """The number of the last change in an office; every deed takes the next one."""

    __tablename__ = "office_clock"

    version: Mapped[Count] = mapped_column(server_default="0")


class Change(InOffice, Base):
    """What changed, in commit order per office: workstations read above their cursor."""

    __tablename__ = "change"

    version: Mapped[Count] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("desk.now()"))
