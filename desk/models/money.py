"""Invoice, nol rupiah, proof of payment, payment and receipt: facts about money, in whole rupiah."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import SCHEMA, Base, Count, Fact, InOffice, Json, Rupiah, StateType, Words, state_check
from desk.rules.inputs import PaymentChannel, PurposeClass, RecipientClass


def _of_case() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["office_id", "case_id"], [f"{SCHEMA}.cases.office_id", f"{SCHEMA}.cases.id"])


class Invoice(Fact, Base):
    """An issued invoice with the values it was issued with; `customer` and `payment_block` are copies."""

    __tablename__ = "invoice"
    __table_args__ = (
        _of_case(),
        UniqueConstraint("office_id", "year", "sequence"),
        UniqueConstraint("office_id", "id", "by"),
        CheckConstraint("total >= 0 AND full_price >= total", name="total"),
        CheckConstraint("valid_until > issued_on", name="validity"),
        Index("invoice_case_idx", "office_id", "case_id"),
        Index("invoice_payment_code_idx", "office_id", "payment_code"),
    )

    year: Mapped[int]
    sequence: Mapped[Count]
    number: Mapped[str]
    issued_on: Mapped[date]
    valid_until: Mapped[date]
    full_price: Mapped[Rupiah]
    relief_percent: Mapped[int] = mapped_column(server_default="0")
    total: Mapped[Rupiah]
    payment_code: Mapped[str] = mapped_column(String(40), server_default="")
    tariff_basis: Mapped[Words]
    charges_note: Mapped[Words]
    relief_basis: Mapped[Words]
    customer: Mapped[Json]
    payment_block: Mapped[Json]
    replaces: Mapped[UUID | None]


class InvoiceLine(InOffice, Base):
    """One line of an issued invoice: tariff row, article, unit and quantity as they were on that day."""

    __tablename__ = "invoice_line"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "invoice_id"], [f"{SCHEMA}.invoice.office_id", f"{SCHEMA}.invoice.id"]),
        CheckConstraint("quantity > 0 AND amount >= 0", name="amounts"),
    )

    invoice_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[UUID]
    title: Mapped[str]
    detail: Mapped[Words]
    tariff: Mapped[str] = mapped_column(String(60))
    tariff_name: Mapped[Words]
    article: Mapped[Words]
    unit: Mapped[Words]
    quantity: Mapped[Count]
    full_amount: Mapped[Rupiah]
    amount: Mapped[Rupiah]
    explanation: Mapped[Words]


class InvoiceEnd(Fact, Base):
    """An invoice that no longer holds: void, expired or replaced, with the reason. Its number stays."""

    __tablename__ = "invoice_end"
    __table_args__ = (
        _of_case(),
        ForeignKeyConstraint(["office_id", "invoice_id"], [f"{SCHEMA}.invoice.office_id", f"{SCHEMA}.invoice.id"]),
        UniqueConstraint("office_id", "invoice_id", "kind"),
        CheckConstraint("kind IN ('void', 'expired', 'replaced')", name="kind"),
    )

    invoice_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(10))
    reason: Mapped[Words]


class Relief(Fact, Base):
    """An application for nol rupiah: recipient, purpose, letter, percent; `basis` is the rule's in force that day."""

    __tablename__ = "relief"
    __table_args__ = (
        _of_case(),
        UniqueConstraint("office_id", "id", "by"),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent"),
        state_check("recipient", RecipientClass),
        state_check("purpose", PurposeClass),
        Index("relief_case_idx", "office_id", "case_id"),
    )

    recipient: Mapped[RecipientClass] = mapped_column(StateType(RecipientClass))
    purpose: Mapped[PurposeClass] = mapped_column(StateType(PurposeClass))
    letter_number: Mapped[str]
    letter_date: Mapped[date]
    percent: Mapped[int]
    basis: Mapped[Words]
    document_id: Mapped[UUID | None]


class ReliefDecision(Fact, Base):
    """The supervisor's decision; the one who asked cannot decide."""

    __tablename__ = "relief_decision"
    __table_args__ = (
        _of_case(),
        ForeignKeyConstraint(
            ["office_id", "relief_id", "requested_by"],
            [f"{SCHEMA}.relief.office_id", f"{SCHEMA}.relief.id", f"{SCHEMA}.relief.by"],
        ),
        UniqueConstraint("office_id", "relief_id"),
        CheckConstraint('"by" <> requested_by', name="second_person"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
        Index("relief_decision_once_idx", "office_id", "case_id", unique=True, postgresql_where=text("approved")),
    )

    relief_id: Mapped[UUID]
    requested_by: Mapped[str] = mapped_column(String(63))
    approved: Mapped[bool]
    reason: Mapped[Words]


class PaymentProof(Fact, Base):
    """What the customer says was paid: a claim, not money."""

    __tablename__ = "payment_proof"
    __table_args__ = (
        _of_case(),
        ForeignKeyConstraint(["office_id", "invoice_id"], [f"{SCHEMA}.invoice.office_id", f"{SCHEMA}.invoice.id"]),
        CheckConstraint("amount > 0", name="amount"),
        Index("payment_proof_case_idx", "office_id", "case_id"),
    )

    invoice_id: Mapped[UUID]
    amount: Mapped[Rupiah]
    paid_on: Mapped[date]
    payer: Mapped[str]
    bank: Mapped[Words]
    reference: Mapped[Words]
    document_id: Mapped[UUID | None]


class ProofRejection(Fact, Base):
    """A proof that the treasurer could not find on the account."""

    __tablename__ = "proof_rejection"
    __table_args__ = (
        _of_case(),
        ForeignKeyConstraint(
            ["office_id", "proof_id"], [f"{SCHEMA}.payment_proof.office_id", f"{SCHEMA}.payment_proof.id"]
        ),
        UniqueConstraint("office_id", "proof_id"),
    )

    proof_id: Mapped[UUID]
    reason: Mapped[str]


class BillingCodeRow(Fact, Base):
    """A SIMPONI billing code that was given out for a case; the latest row of a code holds.

    `invoice_id` is the invoice in force when it was written down, None before the first one; `no` counts the codes of
    the case. Both are the server's words.
    """

    __tablename__ = "billing_code"
    __table_args__ = (
        _of_case(),
        ForeignKeyConstraint(["office_id", "invoice_id"], [f"{SCHEMA}.invoice.office_id", f"{SCHEMA}.invoice.id"]),
        UniqueConstraint("office_id", "case_id", "no"),
        CheckConstraint("code ~ '^[0-9]{15}$'", name="code"),
        CheckConstraint("amount > 0", name="amount"),
        Index("billing_code_code_idx", "office_id", "code"),
    )

    invoice_id: Mapped[UUID | None]
    code: Mapped[str] = mapped_column(String(15))
    amount: Mapped[Rupiah]
    expires_on: Mapped[date]
    no: Mapped[Count]


class Payment(Fact, Base):
    """Money that the treasurer has seen; whoever issued the invoice or recorded the proof cannot confirm it.

    By SIMPONI `reference` is the NTPN, `billing_id` the code that was paid and `ntb` the number the bank gave.
    """

    __tablename__ = "payment"
    __table_args__ = (
        _of_case(),
        ForeignKeyConstraint(
            ["office_id", "invoice_id", "issued_by"],
            [f"{SCHEMA}.invoice.office_id", f"{SCHEMA}.invoice.id", f"{SCHEMA}.invoice.by"],
        ),
        ForeignKeyConstraint(["office_id", "replaces"], [f"{SCHEMA}.payment.office_id", f"{SCHEMA}.payment.id"]),
        UniqueConstraint("office_id", "invoice_id", "replaces", postgresql_nulls_not_distinct=True),
        UniqueConstraint("office_id", "id", "amount"),
        UniqueConstraint("office_id", "id", "by"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint('"by" <> issued_by AND "by" IS DISTINCT FROM proof_by', name="second_person"),
        state_check("channel", PaymentChannel),
        ForeignKeyConstraint(
            ["office_id", "billing_id"], [f"{SCHEMA}.billing_code.office_id", f"{SCHEMA}.billing_code.id"]
        ),
        CheckConstraint("channel = 'simponi' OR billing_id IS NULL AND ntb = ''", name="billing"),
        Index("payment_case_idx", "office_id", "case_id"),
        Index("payment_reference_idx", "office_id", "reference"),
    )

    invoice_id: Mapped[UUID]
    issued_by: Mapped[str] = mapped_column(String(63))
    proof_by: Mapped[str | None] = mapped_column(String(63))
    amount: Mapped[Rupiah]
    received_on: Mapped[date]
    channel: Mapped[PaymentChannel] = mapped_column(StateType(PaymentChannel))
    reference: Mapped[Words]
    replaces: Mapped[UUID | None]
    billing_id: Mapped[UUID | None]
    ntb: Mapped[Words]


class PaymentReversal(Fact, Base):
    """Money that was confirmed wrongly, taken back by a counter entry; its movements are free again."""

    __tablename__ = "payment_reversal"
    __table_args__ = (
        _of_case(),
        ForeignKeyConstraint(["office_id", "payment_id"], [f"{SCHEMA}.payment.office_id", f"{SCHEMA}.payment.id"]),
        UniqueConstraint("office_id", "payment_id"),
        CheckConstraint("btrim(reason) <> ''", name="reason"),
        Index("payment_reversal_case_idx", "office_id", "case_id"),
    )

    payment_id: Mapped[UUID]
    reason: Mapped[str]


class PaymentApproval(Fact, Base):
    """The second person's word on a payment above the limit of the rule book."""

    __tablename__ = "payment_approval"
    __table_args__ = (
        _of_case(),
        ForeignKeyConstraint(
            ["office_id", "payment_id", "confirmed_by"],
            [f"{SCHEMA}.payment.office_id", f"{SCHEMA}.payment.id", f"{SCHEMA}.payment.by"],
        ),
        UniqueConstraint("office_id", "payment_id"),
        CheckConstraint('"by" <> confirmed_by', name="second_person"),
        Index("payment_approval_case_idx", "office_id", "case_id"),
    )

    payment_id: Mapped[UUID]
    confirmed_by: Mapped[str] = mapped_column(String(63))


class Receipt(Fact, Base):
    """A kuitansi: only for a confirmed payment and of exactly its amount; each carries the hash of the one before."""

    __tablename__ = "receipt"
    __table_args__ = (
        _of_case(),
        ForeignKeyConstraint(
            ["office_id", "payment_id", "amount"],
            [f"{SCHEMA}.payment.office_id", f"{SCHEMA}.payment.id", f"{SCHEMA}.payment.amount"],
        ),
        ForeignKeyConstraint(["office_id", "replaces"], [f"{SCHEMA}.receipt.office_id", f"{SCHEMA}.receipt.id"]),
        UniqueConstraint("office_id", "year", "sequence"),
        UniqueConstraint("office_id", "payment_id", "replaces", postgresql_nulls_not_distinct=True),
        Index("receipt_case_idx", "office_id", "case_id"),
    )

    payment_id: Mapped[UUID]
    replaces: Mapped[UUID | None]
    year: Mapped[int]
    sequence: Mapped[Count]
    number: Mapped[str]
    issued_on: Mapped[date]
    amount: Mapped[Rupiah]
    payer: Mapped[str]
    purpose: Mapped[str]
    previous_hash: Mapped[Words]
    hash: Mapped[str] = mapped_column(String(64))


class ReceiptVoid(Fact, Base):
    """A kuitansi that was withdrawn; the number keeps its row and its reason."""

    __tablename__ = "receipt_void"
    __table_args__ = (
        _of_case(),
        ForeignKeyConstraint(["office_id", "receipt_id"], [f"{SCHEMA}.receipt.office_id", f"{SCHEMA}.receipt.id"]),
        UniqueConstraint("office_id", "receipt_id"),
    )

    receipt_id: Mapped[UUID]
    reason: Mapped[str]
