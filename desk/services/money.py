"""Money: the customer's proof, the treasurer's confirmation, the kuitansi (standards, prosedur 4 and 6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.models import (
    LineUse,
    Payment,
    PaymentApproval,
    PaymentProof,
    PaymentReversal,
    ProofRejection,
    Receipt,
    ReceiptVoid,
)
from desk.rules.billing import read_ntpn, why_not_accept_state_payment
from desk.rules.case import CaseFacts, Money, MoneyFacts
from desk.rules.dates import date_text
from desk.rules.deed import Deed, Outcome
from desk.rules.inputs import PaymentChannel, PaymentInput, ProofInput, Reason, ScanInput, StatePaymentInput
from desk.rules.money import why_not_accept_payment, why_not_accept_proof
from desk.rules.rupiah import rupiah
from desk.services import documents

_JOIN_PARTS = text("""
INSERT INTO desk.line_use_end (office_id, id, use_id, reason)
SELECT u.office_id, gen_random_uuid(), u.id, 'Kekurangannya sudah masuk; menjadi bagian pembayaran.'
FROM desk.line_use u WHERE u.office_id = :office_id AND u.case_id = :case_id AND u.kind = 'part'
  AND u.line_id = ANY (CAST(:lines AS uuid[]))
  AND NOT EXISTS (SELECT FROM desk.line_use_end x WHERE x.office_id = u.office_id AND x.use_id = u.id)
""")
"""Money that was noted as too little becomes a part of the payment once the rest is there."""


def record_proof(session: Session, deed: Deed, proof: ProofInput) -> Outcome:
    """Keeps what the customer says was paid; a claim until the treasurer has seen the money."""
    if reason := why_not_accept_proof(deed.case, proof):
        raise Refused(reason)
    assert deed.case.invoice is not None, "the state says that an invoice was issued"
    proof_id = uuid4()
    document_id = None
    if proof.proof is not None:
        document_id = documents.store(
            session, deed.office_id, deed.case_id, proof.proof, kind="proof", title="Bukti bayar", subject_id=proof_id
        )
    session.execute(
        insert(PaymentProof).values(
            office_id=deed.office_id,
            id=proof_id,
            case_id=deed.case_id,
            invoice_id=deed.case.invoice.id,
            amount=proof.amount,
            paid_on=proof.paid_on,
            payer=proof.payer.strip(),
            bank=proof.bank.strip(),
            reference=proof.reference.strip(),
            document_id=document_id,
        )
    )
    return Outcome(
        f"Bukti bayar {rupiah(proof.amount)} atas nama {proof.payer.strip()} dicatat.",
        changes={
            "payment": MoneyFacts(
                proof_amount=proof.amount,
                proof_paid_on=proof.paid_on,
                proof_by=deed.actor.login,
                proof_reference=proof.reference.strip(),
            )
        },
        subject_id=proof_id,
    )


def reject_proof(session: Session, deed: Deed, asked: Reason) -> Outcome:
    """Says that the money of a proof is not on the account; the customer is asked again."""
    proof_id = session.execute(
        text(
            "SELECT p.id FROM desk.payment_proof p WHERE p.office_id = :office_id AND p.case_id = :case_id "
            "AND NOT EXISTS (SELECT FROM desk.proof_rejection x WHERE x.office_id = p.office_id AND x.proof_id = p.id) "
            "ORDER BY p.at DESC LIMIT 1"
        ),
        {"office_id": deed.office_id, "case_id": deed.case_id},
    ).scalar_one()
    session.execute(
        insert(ProofRejection).values(
            office_id=deed.office_id, id=uuid4(), case_id=deed.case_id, proof_id=proof_id, reason=asked.reason
        )
    )
    return Outcome("Bukti bayar ditolak bendahara.", asked.reason, changes={"payment": MoneyFacts()})


def confirm_payment(session: Session, deed: Deed, seen: PaymentInput) -> Outcome:
    """The treasurer states that the money is on the receiving account: exactly the invoice's amount."""
    case = deed.case
    if reason := why_not_accept_payment(case, seen):
        raise Refused(reason)
    assert case.invoice is not None, "the rule has seen an invoice"
    payment_id = _insert_payment(
        session, case, amount=seen.amount, received_on=seen.received_on, reference=" ".join(seen.reference.split())
    )
    if seen.parts:
        lines = [str(part.line_id) for part in seen.parts]
        session.execute(_JOIN_PARTS, {"office_id": case.office_id, "case_id": case.id, "lines": lines})
        session.execute(
            insert(LineUse),
            [
                {
                    "office_id": case.office_id,
                    "id": uuid4(),
                    "line_id": part.line_id,
                    "kind": "payment",
                    "amount_sen": part.amount_sen,
                    "payment_id": payment_id,
                    "case_id": case.id,
                }
                for part in seen.parts
            ],
        )
    return Outcome(
        f"Uang {rupiah(seen.amount)} untuk invoice {case.invoice.number} dipastikan diterima.",
        changes={"payment": _paid(deed, payment_id, seen.amount, seen.received_on)},
        subject_id=payment_id,
    )


def confirm_state_payment(session: Session, deed: Deed, seen: StatePaymentInput) -> Outcome:
    """The treasurer states that a billing code was paid: the NTPN of the state's receipt stands for the bank's line."""
    case = deed.case
    if reason := why_not_accept_state_payment(case, seen):
        raise Refused(reason)
    code = next(each for each in case.billing if each.id == seen.billing)
    ntpn = read_ntpn(seen.ntpn)
    check = PaymentInput(amount=code.amount, received_on=seen.paid_on, reference=ntpn)
    if reason := why_not_accept_payment(case, check):
        raise Refused(reason)
    assert case.invoice is not None, "the rule has seen an invoice"
    payment_id = _insert_payment(
        session,
        case,
        amount=code.amount,
        received_on=seen.paid_on,
        reference=ntpn,
        channel=PaymentChannel.SIMPONI,
        billing_id=code.id,
        ntb=" ".join(seen.ntb.split()),
    )
    return Outcome(
        f"Uang {rupiah(code.amount)} untuk invoice {case.invoice.number} dipastikan masuk kas negara: kode billing "
        f"{code.code}, NTPN {ntpn}, {date_text(seen.paid_on)}.",
        changes={"payment": _paid(deed, payment_id, code.amount, seen.paid_on)},
        subject_id=payment_id,
    )


def _insert_payment(
    session: Session,
    case: CaseFacts,
    *,
    amount: int,
    received_on: date,
    reference: str,
    channel: PaymentChannel = PaymentChannel.TRANSFER,
    billing_id: UUID | None = None,
    ntb: str = "",
) -> UUID:
    assert case.invoice is not None, "money is confirmed for an invoice"
    payment_id = uuid4()
    session.execute(
        insert(Payment).values(
            office_id=case.office_id,
            id=payment_id,
            case_id=case.id,
            invoice_id=case.invoice.id,
            issued_by=case.invoice.issued_by,
            proof_by=case.payment.proof_by,
            amount=amount,
            received_on=received_on,
            channel=channel,
            reference=reference,
            billing_id=billing_id,
            ntb=ntb,
        )
    )
    return payment_id


def _paid(deed: Deed, payment_id: UUID, amount: int, day: date) -> MoneyFacts:
    return replace(
        deed.case.payment,
        payment_id=payment_id,
        payment_amount=amount,
        payment_on=day,
        confirmed_by=deed.actor.login,
        approved_by=None,
    )


def reverse_payment(session: Session, deed: Deed, asked: Reason) -> Outcome:
    """Takes a wrong confirmation back by a counter entry; the movements it rested on are free again."""
    payment = deed.case.payment
    assert payment.payment_id is not None, "the state says that money was confirmed"
    session.execute(
        insert(PaymentReversal).values(
            office_id=deed.office_id,
            id=uuid4(),
            case_id=deed.case_id,
            payment_id=payment.payment_id,
            reason=asked.reason,
        )
    )
    left = replace(payment, payment_id=None, payment_amount=None, payment_on=None, confirmed_by=None, approved_by=None)
    return Outcome(
        f"Kepastian uang {rupiah(payment.payment_amount or 0)} dibatalkan; uangnya kembali belum bertuan.",
        asked.reason,
        moves=(Money.INVOICED if payment.proof_amount is None else Money.PROOF,),
        changes={"payment": left},
        subject_id=payment.payment_id,
    )


def approve_payment(session: Session, deed: Deed, _asked: None) -> Outcome:
    """The second person states that the money above the limit is there."""
    payment = deed.case.payment
    assert payment.payment_id is not None, "the state says that money was confirmed"
    session.execute(
        insert(PaymentApproval).values(
            office_id=deed.office_id,
            id=uuid4(),
            case_id=deed.case_id,
            payment_id=payment.payment_id,
            confirmed_by=payment.confirmed_by,
        )
    )
    return Outcome(
        f"Uang {rupiah(payment.payment_amount or 0)} disetujui orang kedua.",
        changes={"payment": replace(payment, approved_by=deed.actor.login)},
        subject_id=payment.payment_id,
    )


def issue_receipt(session: Session, deed: Deed, _asked: None) -> Outcome:
    """Gives confirmed money its kuitansi with the year's next number; the number is lost only with the transaction."""
    case = deed.case
    assert case.invoice is not None, "the rule has seen a payment of an invoice"
    assert case.payment.payment_id is not None, "the rule has seen a payment"
    replaced = (
        select(Receipt.id)
        .where(Receipt.office_id == case.office_id, Receipt.payment_id == case.payment.payment_id)
        .order_by(Receipt.year.desc(), Receipt.sequence.desc())
        .limit(1)
        .scalar_subquery()
    )
    receipt_id = uuid4()
    number = session.execute(
        insert(Receipt)
        .values(
            office_id=case.office_id,
            id=receipt_id,
            case_id=case.id,
            payment_id=case.payment.payment_id,
            replaces=replaced,
            amount=case.payment.payment_amount,
            payer=case.customer_name,
            purpose=f"Invoice {case.invoice.number}",
        )
        .returning(Receipt.number)
    ).scalar_one()
    return Outcome(
        f"Kuitansi {number} sejumlah {rupiah(case.payment.payment_amount or 0)} terbit.",
        changes={"payment": replace(case.payment, receipt_id=receipt_id, receipt_number=number, receipt_scanned=False)},
        subject_id=receipt_id,
    )


def void_receipt(session: Session, deed: Deed, asked: Reason) -> Outcome:
    """Withdraws a kuitansi; its number keeps its row and its reason."""
    payment = deed.case.payment
    assert payment.receipt_id is not None, "the state says that a receipt was issued"
    session.execute(
        insert(ReceiptVoid).values(
            office_id=deed.office_id,
            id=uuid4(),
            case_id=deed.case_id,
            receipt_id=payment.receipt_id,
            reason=asked.reason,
        )
    )
    return Outcome(
        f"Kuitansi {payment.receipt_number} dibatalkan.",
        asked.reason,
        changes={"payment": replace(payment, receipt_id=None, receipt_number=None, receipt_scanned=False)},
        subject_id=payment.receipt_id,
    )


def attach_receipt_scan(session: Session, deed: Deed, asked: ScanInput) -> Outcome:
    """Keeps the scan of the signed kuitansi: that is what the customer gets (standards, prosedur 7)."""
    payment = deed.case.payment
    assert payment.receipt_id is not None, "the state says that a receipt was issued"
    documents.store(
        session,
        deed.office_id,
        deed.case_id,
        asked.scan,
        kind="scan",
        title=f"Pindaian kuitansi {payment.receipt_number}",
        subject_id=payment.receipt_id,
        number=payment.receipt_number or "",
    )
    return Outcome(
        f"Pindaian kuitansi {payment.receipt_number} disimpan.",
        changes={"payment": replace(payment, receipt_scanned=True)},
        subject_id=payment.receipt_id,
    )
