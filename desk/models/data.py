"""Preparation, second-officer check, delivery and correction of the data."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, FetchedValue, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import SCHEMA, Base, Count, Fact, InOffice, StateType, Words, state_check
from desk.rules.case import Channel, Product, ResultsWord
from desk.rules.inputs import FaultOrigin
from desk.rules.package import PasswordWay


def _of_case() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["office_id", "case_id"], [f"{SCHEMA}.cases.office_id", f"{SCHEMA}.cases.id"])


class Preparation(Fact, Base):
    """A finished set of files; `version` 2 and more replace the one before (correction)."""

    __tablename__ = "preparation"
    __table_args__ = (
        _of_case(),
        UniqueConstraint("office_id", "id", "by"),
        UniqueConstraint("office_id", "case_id", "attempt"),
        Index("preparation_case_idx", "office_id", "case_id"),
    )

    version: Mapped[int]
    attempt: Mapped[int]
    note: Mapped[Words]


class PreparationTask(Fact, Base):
    """A ticked task of the preparation that will be number `attempt`; words and number are the server's."""

    __tablename__ = "preparation_task"
    __table_args__ = (
        _of_case(),
        UniqueConstraint("office_id", "case_id", "attempt", "product", "task"),
        state_check("product", Product),
    )

    attempt: Mapped[int] = mapped_column(server_default=FetchedValue())
    product: Mapped[Product] = mapped_column(StateType(Product))
    task: Mapped[str] = mapped_column(String(30))
    label: Mapped[Words]


class PreparedFile(InOffice, Base):
    """One file of a preparation: it stays on the office's disk; the record keeps what it was when it was checked."""

    __tablename__ = "prepared_file"
    __table_args__ = (
        ForeignKeyConstraint(
            ["office_id", "preparation_id"], [f"{SCHEMA}.preparation.office_id", f"{SCHEMA}.preparation.id"]
        ),
        CheckConstraint("size >= 0", name="size"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        Index("prepared_file_sha256_idx", "office_id", "sha256"),
    )

    preparation_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    path: Mapped[str]
    size: Mapped[Count]
    sha256: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int | None]
    variables: Mapped[int | None]
    line_id: Mapped[UUID | None]


class PreparationCheck(Fact, Base):
    """The second officer's judgement; whoever made the files cannot check them."""

    __tablename__ = "preparation_check"
    __table_args__ = (
        _of_case(),
        ForeignKeyConstraint(
            ["office_id", "preparation_id", "made_by"],
            [f"{SCHEMA}.preparation.office_id", f"{SCHEMA}.preparation.id", f"{SCHEMA}.preparation.by"],
        ),
        UniqueConstraint("office_id", "preparation_id"),
        CheckConstraint('"by" <> made_by', name="second_person"),
    )

    preparation_id: Mapped[UUID]
    made_by: Mapped[str] = mapped_column(String(63))
    passed: Mapped[bool]
    note: Mapped[Words]
    compared: Mapped[Any] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))


class GateOverride(Fact, Base):
    """A supervisor lets data leave before the gate is complete; the reason prints in the case file."""

    __tablename__ = "gate_override"
    __table_args__ = (_of_case(), Index("gate_override_case_idx", "office_id", "case_id"))

    reason: Mapped[str]
    missing: Mapped[str]


class OverrideRequest(Fact, Base):
    """An officer asks the supervisor to open the gate; granted by a `GateOverride`, refused by an `OverrideRefusal`."""

    __tablename__ = "override_request"
    __table_args__ = (
        _of_case(),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
        Index("override_request_case_idx", "office_id", "case_id"),
    )

    reason: Mapped[str]
    missing: Mapped[str]


class OverrideRefusal(Fact, Base):
    """The supervisor does not open the gate, and says why."""

    __tablename__ = "override_refusal"
    __table_args__ = (
        _of_case(),
        ForeignKeyConstraint(
            ["office_id", "request_id"], [f"{SCHEMA}.override_request.office_id", f"{SCHEMA}.override_request.id"]
        ),
        UniqueConstraint("office_id", "request_id"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
    )

    request_id: Mapped[UUID]
    reason: Mapped[str]


class Delivery(Fact, Base):
    """What went out, to where, over which channel; `manifest` lists files, sizes and hashes as they were sent."""

    __tablename__ = "delivery"
    __table_args__ = (
        _of_case(),
        ForeignKeyConstraint(
            ["office_id", "preparation_id"], [f"{SCHEMA}.preparation.office_id", f"{SCHEMA}.preparation.id"]
        ),
        ForeignKeyConstraint(["office_id", "replaces"], [f"{SCHEMA}.delivery.office_id", f"{SCHEMA}.delivery.id"]),
        UniqueConstraint("office_id", "case_id", "sequence"),
        state_check("channel", Channel),
        state_check("password_by", PasswordWay),
        CheckConstraint("(jsonb_array_length(package) > 0) = (password_by IS NOT NULL)", name="package"),
        CheckConstraint("password_by IS DISTINCT FROM channel", name="other_way"),
    )

    preparation_id: Mapped[UUID]
    override_id: Mapped[UUID | None]
    receipt_id: Mapped[UUID | None]
    sequence: Mapped[int]
    version: Mapped[int]
    delivered_on: Mapped[date]
    channel: Mapped[Channel] = mapped_column(StateType(Channel))
    address: Mapped[str]
    manifest: Mapped[Any] = mapped_column(JSONB)
    note: Mapped[Words]
    package: Mapped[Any] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    password_by: Mapped[PasswordWay | None] = mapped_column(StateType(PasswordWay))
    check_until: Mapped[date] = mapped_column(server_default=FetchedValue())
    results_due: Mapped[date | None]
    replaces: Mapped[UUID | None]


class DeliveryFailure(Fact, Base):
    """A delivery that did not arrive: a mail came back or was refused, or the customer says so; the step is open."""

    __tablename__ = "delivery_failure"
    __table_args__ = (
        _of_case(),
        ForeignKeyConstraint(["office_id", "delivery_id"], [f"{SCHEMA}.delivery.office_id", f"{SCHEMA}.delivery.id"]),
        UniqueConstraint("office_id", "delivery_id"),
        Index("delivery_failure_case_idx", "office_id", "case_id"),
    )

    delivery_id: Mapped[UUID]
    reason: Mapped[str]


class Correction(Fact, Base):
    """A repair asked for by the customer, due in five working days (standard 1600)."""

    __tablename__ = "correction"
    __table_args__ = (
        _of_case(),
        ForeignKeyConstraint(["office_id", "delivery_id"], [f"{SCHEMA}.delivery.office_id", f"{SCHEMA}.delivery.id"]),
        UniqueConstraint("office_id", "delivery_id"),
        state_check("origin", FaultOrigin),
    )

    delivery_id: Mapped[UUID]
    asked_on: Mapped[date]
    due_on: Mapped[date]
    due_why: Mapped[Words]
    receipt_number: Mapped[Words]
    wrong: Mapped[str]
    origin: Mapped[FaultOrigin] = mapped_column(StateType(FaultOrigin))
    line_id: Mapped[UUID | None]


class LateCorrection(Fact, Base):
    """A correction asked for after the days to check had passed; the supervisor decides about it."""

    __tablename__ = "late_correction"
    __table_args__ = (
        _of_case(),
        ForeignKeyConstraint(["office_id", "delivery_id"], [f"{SCHEMA}.delivery.office_id", f"{SCHEMA}.delivery.id"]),
        state_check("origin", FaultOrigin),
        CheckConstraint("btrim(wrong) <> ''", name="wrong"),
        Index("late_correction_case_idx", "office_id", "case_id"),
    )

    delivery_id: Mapped[UUID]
    asked_on: Mapped[date]
    receipt_number: Mapped[Words]
    wrong: Mapped[str]
    origin: Mapped[FaultOrigin] = mapped_column(StateType(FaultOrigin))
    line_id: Mapped[UUID | None]


class LateCorrectionDecision(Fact, Base):
    """The supervisor's word about a late correction."""

    __tablename__ = "late_correction_decision"
    __table_args__ = (
        _of_case(),
        ForeignKeyConstraint(
            ["office_id", "late_correction_id"], [f"{SCHEMA}.late_correction.office_id", f"{SCHEMA}.late_correction.id"]
        ),
        UniqueConstraint("office_id", "late_correction_id"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
    )

    late_correction_id: Mapped[UUID]
    allowed: Mapped[bool]
    reason: Mapped[str]


class ResultsNote(Fact, Base):
    """What became of the results that the customer owes to BPS: reminded, received, or waived by the supervisor."""

    __tablename__ = "results_note"
    __table_args__ = (
        _of_case(),
        state_check("kind", ResultsWord),
        CheckConstraint("kind <> 'waived' OR btrim(note) <> ''", name="reason"),
        Index("results_note_case_idx", "office_id", "case_id"),
        Index(
            "results_note_end_idx",
            "office_id",
            "case_id",
            unique=True,
            postgresql_where=text("kind IN ('received', 'waived')"),
        ),
    )

    kind: Mapped[ResultsWord] = mapped_column(StateType(ResultsWord))
    on_day: Mapped[date]
    note: Mapped[Words]
