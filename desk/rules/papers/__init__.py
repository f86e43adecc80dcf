"""What every paper says: its kinds, the values it takes, and the fields that a Word template may use."""

from __future__ import annotations

from desk.rules.papers.contents import (
    AgreementPaper,
    BankAccount,
    BillingCode,
    ClosingPaper,
    Contact,
    CorrectionPaper,
    CustomerDetails,
    DeliveryPaper,
    InvoicePaper,
    ManifestFile,
    OfficeDetails,
    PaperLine,
    ReceiptPaper,
    RedirectedLine,
    RedirectPaper,
    RefusalPaper,
    Signatory,
)
from desk.rules.papers.contexts import (
    agreement_context,
    closing_context,
    correction_context,
    delivery_context,
    invoice_context,
    receipt_context,
    redirect_context,
    refusal_context,
)
from desk.rules.papers.fields import FIELDS, Field, example_context, optional_fields
from desk.rules.papers.kinds import PaperKind

__all__ = [
    "FIELDS",
    "AgreementPaper",
    "BankAccount",
    "BillingCode",
    "ClosingPaper",
    "Contact",
    "CorrectionPaper",
    "CustomerDetails",
    "DeliveryPaper",
    "Field",
    "InvoicePaper",
    "ManifestFile",
    "OfficeDetails",
    "PaperKind",
    "PaperLine",
    "ReceiptPaper",
    "RedirectPaper",
    "RedirectedLine",
    "RefusalPaper",
    "Signatory",
    "agreement_context",
    "closing_context",
    "correction_context",
    "delivery_context",
    "example_context",
    "invoice_context",
    "optional_fields",
    "receipt_context",
    "redirect_context",
    "refusal_context",
]
