"""What a form already knows when it opens: the answers that the case itself gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desk.rules.billing import open_code, usable
from desk.rules.case import CaseFacts, Channel, CustomerClass, Fit, MessageKind
from desk.rules.custody import EXPECTED, TO_FILE, Custody
from desk.rules.identifiers import read_ntpn
from desk.rules.inputs import (
    AddressConfirmation,
    BillingInput,
    CopyHandedOut,
    CorrectionRequest,
    Countersignature,
    CourierInput,
    CustomerChange,
    DataSent,
    FaultOrigin,
    FilingPlace,
    FitDecisions,
    FitInput,
    LineInput,
    Loan,
    LoanReturn,
    MessageNote,
    NewPlace,
    OriginalCheck,
    OriginalRefusal,
    OriginalScan,
    PaymentInput,
    ProofInput,
    PurposeClass,
    ReceivedInput,
    RecipientClass,
    ReliefRequest,
    RequestChange,
    RequirementsCheck,
    ResultsReceived,
    SectionAsk,
    SentBy,
    StatePaymentInput,
)
from desk.rules.section_text import usual_due

Answers = dict[str, Any]


def known_answers(form: type, case: CaseFacts) -> Answers:
    """The answers that follow from the case, by the names of the questions; the person may change them all."""
    fill = _FILL.get(form)
    return {} if fill is None else fill(case)


def _card(case: CaseFacts) -> Answers:
    return {
        "version": case.customer_version,
        "name": case.customer_name,
        "customer_class": case.customer_class,
        "institution": case.institution,
        "email": case.email,
        "phone": case.phone,
        "address": case.address,
    }


def _change(case: CaseFacts) -> Answers:
    return {
        **_card(case),
        "version": case.version,
        "abstract": case.abstract,
        "lines": tuple(LineInput(line.title, line.tariff, line.quantity, line.detail) for line in case.lines),
    }


def _fit(case: CaseFacts) -> Answers:
    decided = (line for line in case.lines if line.fit is not Fit.UNDECIDED)
    return {"decisions": tuple(FitInput(line.id, line.fit, line.fit_reason) for line in decided)}


def _proof(case: CaseFacts) -> Answers:
    return {
        "amount": None if case.invoice is None else case.invoice.total,
        "paid_on": case.today,
        "payer": case.customer_name,
    }


def _payment(case: CaseFacts) -> Answers:
    claimed = case.payment.proof_amount
    owed = None if case.invoice is None else case.invoice.total
    return {
        "amount": owed if claimed is None else claimed,
        "received_on": case.payment.proof_paid_on or case.today,
    }


def _state_payment(case: CaseFacts) -> Answers:
    codes = usable(case)
    still_open = open_code(case)
    code = still_open or (codes[0] if codes else None)
    known: Answers = {"paid_on": case.payment.proof_paid_on or case.today}
    if code is not None:
        known["billing"] = code.id
    if read_ntpn(case.payment.proof_reference).valid:
        known["ntpn"] = case.payment.proof_reference
    return known


def _billing(case: CaseFacts) -> Answers:
    return {} if case.invoice is None else {"amount": case.invoice.total}


def _relief(case: CaseFacts) -> Answers:
    recipient = {
        CustomerClass.CENTRAL_GOVERNMENT: RecipientClass.CENTRAL_GOVERNMENT,
        CustomerClass.OTHER_GOVERNMENT: RecipientClass.REGIONAL_GOVERNMENT,
        CustomerClass.UNIVERSITY: RecipientClass.EDUCATION,
    }
    purpose = {
        CustomerClass.CENTRAL_GOVERNMENT: PurposeClass.GOVERNMENT,
        CustomerClass.OTHER_GOVERNMENT: PurposeClass.GOVERNMENT,
        CustomerClass.UNIVERSITY: PurposeClass.EDUCATION,
    }
    known = {"recipient": recipient.get(case.customer_class), "purpose": purpose.get(case.customer_class)}
    return {name: value for name, value in known.items() if value is not None}


def _correction(case: CaseFacts) -> Answers:
    """A late request that the supervisor has allowed is not typed again."""
    late = case.late
    if late is None or not late.allowed:
        return {"receipt_number": case.payment.receipt_number or ""}
    return {
        "receipt_number": late.receipt_number,
        "wrong": late.wrong,
        "origin": FaultOrigin.of(late.origin),
        "line_id": late.line_id,
    }


def _destination(case: CaseFacts) -> str:
    """Where answers of this case go, by its channel."""
    return case.phone if case.channel is Channel.WHATSAPP else case.email


def _first_copy(case: CaseFacts, states: frozenset[str]) -> int:
    """The first copy that is in one of these states of custody, else the first copy."""
    where = () if case.agreement is None else case.agreement.copy_states
    return next((copy for copy, state in enumerate(where, 1) if state in states), 1)


def _last_copy(case: CaseFacts, states: frozenset[str]) -> int:
    """The last copy that is in one of these states: the office keeps the first."""
    where = () if case.agreement is None else case.agreement.copy_states
    return max((copy for copy, state in enumerate(where, 1) if state in states), default=1)


def _codes(*states: Custody) -> frozenset[str]:
    return frozenset(state.value for state in states)


_FILL: dict[type, Callable[[CaseFacts], Answers]] = {
    CustomerChange: _card,
    RequestChange: _change,
    RequirementsCheck: lambda case: {"met": case.requirements_met},
    FitDecisions: _fit,
    MessageNote: lambda _case: {"kind": MessageKind.INCOMING},
    ReliefRequest: _relief,
    SentBy: lambda case: {"note": _destination(case)},
    DataSent: lambda case: {"note": case.address_confirmed or _destination(case)},
    ProofInput: _proof,
    PaymentInput: _payment,
    StatePaymentInput: _state_payment,
    BillingInput: _billing,
    CourierInput: lambda case: {"copy": _first_copy(case, _codes(Custody.SENT, Custody.REFUSED))},
    SectionAsk: lambda case: {"due_on": usual_due(case.today)},
    ReceivedInput: lambda case: {"copy": _first_copy(case, _codes(*EXPECTED)), "received_on": case.today},
    OriginalCheck: lambda case: {"copy": _first_copy(case, _codes(Custody.RECEIVED))},
    OriginalRefusal: lambda case: {"copy": _first_copy(case, _codes(Custody.RECEIVED))},
    Countersignature: lambda case: {"copy": _first_copy(case, _codes(Custody.ACCEPTED))},
    FilingPlace: lambda case: {"copy": _first_copy(case, _codes(*TO_FILE))},
    NewPlace: lambda case: {"copy": _first_copy(case, _codes(Custody.FILED))},
    Loan: lambda case: {"copy": _first_copy(case, _codes(Custody.FILED))},
    LoanReturn: lambda case: {"copy": _first_copy(case, _codes(Custody.LENT))},
    CopyHandedOut: lambda case: {"copy": _last_copy(case, _codes(*TO_FILE, Custody.FILED))},
    OriginalScan: lambda case: {"copy": _first_copy(case, _codes(Custody.ACCEPTED, Custody.FILED))},
    AddressConfirmation: lambda case: {"address": _destination(case)},
    CorrectionRequest: _correction,
    ResultsReceived: lambda case: {"received_on": case.today},
}
