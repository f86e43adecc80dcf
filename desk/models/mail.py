"""Mail: the office's account, what leaves for the customers, what comes in, and what became of either."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKeyConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import SCHEMA, AtMoment, Base, ByPerson, Count, Fact, InOffice, Words


class MailAccount(InOffice, Base):
    """The office's way to its mail server; the row with the highest version of a kind is in force. No password."""

    __tablename__ = "mail_account"
    __table_args__ = (
        CheckConstraint("kind IN ('smtp', 'imap')", name="kind"),
        CheckConstraint("security IN ('tls', 'starttls', 'plain')", name="security"),
    )

    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    active: Mapped[bool]
    host: Mapped[str]
    port: Mapped[int]
    security: Mapped[str] = mapped_column(String(10))
    username: Mapped[Words]
    address: Mapped[str]
    name: Mapped[Words]
    folder: Mapped[Words]
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]


class OutgoingMail(Fact, Base):
    """A mail to a customer: `message` is its text in the conversation, its Message-ID is fixed when it is written."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "case_id"], [f"{SCHEMA}.cases.office_id", f"{SCHEMA}.cases.id"]),
        ForeignKeyConstraint(["office_id", "message"], [f"{SCHEMA}.message.office_id", f"{SCHEMA}.message.id"]),
        UniqueConstraint("office_id", "message"),
        UniqueConstraint("office_id", "message_id"),
        Index("outgoing_mail_case_idx", "office_id", "case_id"),
        Index("outgoing_mail_at_idx", "office_id", "at"),
    )

    message: Mapped[UUID]
    message_id: Mapped[str]
    sender_name: Mapped[str]
    sender_address: Mapped[str]
    recipients: Mapped[list[str]] = mapped_column(ARRAY(Text))
    answers: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))


class OutgoingFile(InOffice, Base):
    """A stored document that goes out with a mail."""

    __tablename__ = "outgoing_file"
    __table_args__ = (
        ForeignKeyConstraint(
            ["office_id", "outgoing_id"], [f"{SCHEMA}.outgoing_mail.office_id", f"{SCHEMA}.outgoing_mail.id"]
        ),
        ForeignKeyConstraint(["office_id", "document_id"], [f"{SCHEMA}.document.office_id", f"{SCHEMA}.document.id"]),
    )

    outgoing_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[UUID]


class OutgoingPart(InOffice, Base):
    """The part of a data package that goes out with a mail: one part, one mail. It lies on the office's disk."""

    __tablename__ = "outgoing_part"
    __table_args__ = (
        ForeignKeyConstraint(
            ["office_id", "outgoing_id"], [f"{SCHEMA}.outgoing_mail.office_id", f"{SCHEMA}.outgoing_mail.id"]
        ),
        ForeignKeyConstraint(["office_id", "delivery_id"], [f"{SCHEMA}.delivery.office_id", f"{SCHEMA}.delivery.id"]),
        UniqueConstraint("office_id", "delivery_id", "position"),
    )

    outgoing_id: Mapped[UUID] = mapped_column(primary_key=True)
    delivery_id: Mapped[UUID]
    position: Mapped[int]
    name: Mapped[str]
    path: Mapped[str]
    size: Mapped[Count]
    sha256: Mapped[str] = mapped_column(String(64))
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]


class OutgoingStep(InOffice, Base):
    """What was done about a mail, written by `desk.take_outgoing` and `desk.note_outgoing` alone.

    `until` is the end of a claim, or the moment of the next try.
    """

    __tablename__ = "outgoing_step"
    __table_args__ = (
        ForeignKeyConstraint(
            ["office_id", "outgoing_id"], [f"{SCHEMA}.outgoing_mail.office_id", f"{SCHEMA}.outgoing_mail.id"]
        ),
    )

    outgoing_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    reason: Mapped[Words]
    claim: Mapped[UUID | None]
    until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]


class IncomingMail(InOffice, Base):
    """A mail that was taken from the office's mailbox; its bytes stand in `file_chunk` under its hash."""

    __tablename__ = "incoming_mail"
    __table_args__ = (
        Index("incoming_mail_message_idx", "office_id", "message_id", unique=True, postgresql_where="message_id <> ''"),
        Index("incoming_mail_sha256_idx", "office_id", "sha256", unique=True, postgresql_where="sha256 <> ''"),
        Index("incoming_mail_at_idx", "office_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    message_id: Mapped[Words]
    sender_name: Mapped[Words]
    sender_address: Mapped[Words]
    subject: Mapped[Words]
    written_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    body: Mapped[Words]
    number: Mapped[Words]
    thread: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    files: Mapped[Any] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    notices: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    sha256: Mapped[str] = mapped_column(String(64), server_default="")
    size: Mapped[Count]
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]


class IncomingMark(InOffice, Base):
    """A number of a folder that was taken: the same mail is not fetched a second time."""

    __tablename__ = "incoming_mark"
    __table_args__ = (
        ForeignKeyConstraint(
            ["office_id", "mail_id"], [f"{SCHEMA}.incoming_mail.office_id", f"{SCHEMA}.incoming_mail.id"]
        ),
    )

    mailbox: Mapped[str] = mapped_column(primary_key=True)
    uid_validity: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[int] = mapped_column(primary_key=True)
    mail_id: Mapped[UUID]


class IncomingAnswer(InOffice, Base):
    """What became of a mail: it joined a case, opened one, or was set aside; the last row holds."""

    __tablename__ = "incoming_answer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["office_id", "mail_id"], [f"{SCHEMA}.incoming_mail.office_id", f"{SCHEMA}.incoming_mail.id"]
        ),
        ForeignKeyConstraint(["office_id", "case_id"], [f"{SCHEMA}.cases.office_id", f"{SCHEMA}.cases.id"]),
    )

    mail_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    case_id: Mapped[UUID | None]
    reason: Mapped[Words]
    by: Mapped[ByPerson]
    at: Mapped[AtMoment]
