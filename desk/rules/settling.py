"""Which movements pay which invoices, to the sen: the plan a treasurer confirms with one key, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from desk.rules.case import Money
from desk.rules.dates import date_text
from desk.rules.inputs import LinePart, PaymentInput
from desk.rules.matching import MatchClass, Proposal
from desk.rules.statement import SEN, sen_text, whole_rupiah


@dataclass(frozen=True, slots=True)
class Candidate:
    """An invoice in force that money on the account may be for; amounts in whole rupiah. `key` is its payment code."""

    key: str
    office_id: int
    case_id: UUID
    case_number: str
    invoice_number: str
    total: int
    valid_until: date
    customer: str
    institution: str
    money: Money
    issued_by: str
    proof_by: str | None = None
    proof_amount: int | None = None
    proof_document: UUID | None = None
    paid_on: date | None = None
    payment_id: UUID | None = None
    """Money that was confirmed without a movement: the movement that turns up later is tied to it, nothing else."""


@dataclass(frozen=True, slots=True)
class FreeMoney:
    """A credit with what of it is not used yet (sen), and what matching says of it."""

    line_id: UUID
    booked_on: date
    free_sen: int
    reference: str
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Settlement:
    """One deed: the money that is confirmed for one invoice."""

    candidate: Candidate
    inputs: PaymentInput


@dataclass(frozen=True, slots=True)
class Plan:
    """What one key does: its deeds in order, and what of the movement is left over afterwards (sen)."""

    deeds: tuple[Settlement, ...]
    left_sen: int


def plan(
    money: FreeMoney,
    others: Sequence[FreeMoney],
    candidates: Mapping[str, Candidate],
    login: str,
    chosen: Sequence[str] = (),
) -> Plan | str:
    """Give the plan for a movement, or the sentence why there is none.

    Without `chosen` only what matching proposes itself is planned: nothing is chosen between equals. `others` are the
    other movements that are free: the parts of one payment are confirmed together.
    """
    keys = tuple(chosen) or money.proposal.invoices
    if not keys:
        return _nothing_proposed(money)
    wanted = [candidates[key] for key in keys if key in candidates]
    if len(wanted) < len(keys):
        return "Invoice yang diusulkan tidak terbuka lagi; daftar sedang dibaca ulang."
    for candidate in wanted:
        if reason := why_not_settle(candidate, money.booked_on, login):
            return reason
    total_sen = sum(candidate.total for candidate in wanted) * SEN
    if total_sen <= money.free_sen:
        deeds = tuple(_deed(candidate, [(money, candidate.total * SEN)]) for candidate in wanted)
        return Plan(deeds, money.free_sen - total_sen)
    if len(wanted) == 1 and "part_payment" in money.proposal.flags and not chosen:
        return _of_parts(money, others, wanted[0])
    return (
        f"Uangnya kurang {sen_text(total_sen - money.free_sen)} dari {wanted[0].invoice_number}; "
        "catat sebagai kurang bayar dan minta kekurangannya."
    )


def why_not_settle(candidate: Candidate, booked_on: date, login: str) -> str | None:
    """Give the sentence why this person cannot confirm this money for this invoice, or None."""
    if candidate.payment_id is not None:
        return None
    if candidate.paid_on is not None:
        return f"Invoice {candidate.invoice_number} sudah dibayar pada {date_text(candidate.paid_on)}."
    if candidate.money is Money.EXPIRED or booked_on > candidate.valid_until:
        return (
            f"Uang masuk {date_text(booked_on)}, setelah invoice {candidate.invoice_number} berakhir pada "
            f"{date_text(candidate.valid_until)}; minta petugas memperpanjang invoice dahulu."
        )
    if candidate.issued_by == login:
        return "Anda yang menerbitkan invoice ini; pembayarannya harus diperiksa bendahara lain."
    if candidate.proof_by == login:
        return "Anda yang mencatat bukti bayar ini; pembayarannya harus diperiksa bendahara lain."
    return None


def _nothing_proposed(money: FreeMoney) -> str:
    if money.proposal.match is MatchClass.AMBIGUOUS:
        return "Beberapa kemungkinan; pilih sendiri yang benar."
    return "Tidak ada invoice yang diusulkan untuk mutasi ini."


def _of_parts(money: FreeMoney, others: Sequence[FreeMoney], candidate: Candidate) -> Plan | str:
    same = [
        each
        for each in (money, *others)
        if each.proposal.invoices == money.proposal.invoices and "part_payment" in each.proposal.flags
    ]
    if sum(each.free_sen for each in same) != candidate.total * SEN:
        return f"Bagian-bagian untuk {candidate.invoice_number} belum lengkap; tunggu mutasi berikutnya."
    return Plan((_deed(candidate, [(each, each.free_sen) for each in same]),), 0)


def _deed(candidate: Candidate, parts: Sequence[tuple[FreeMoney, int]]) -> Settlement:
    references = dict.fromkeys(each.reference or f"mutasi {each.booked_on:%d/%m/%Y}" for each, _ in parts)
    return Settlement(
        candidate,
        PaymentInput(
            amount=whole_rupiah(sum(sen for _, sen in parts)),
            received_on=max(each.booked_on for each, _ in parts),
            reference=", ".join(references),
            parts=tuple(LinePart(each.line_id, sen) for each, sen in parts),
        ),
    )
