"""The tables of the schema `desk`; importing this package makes all of them known to the metadata."""

from desk.models.agreement import Agreement, CustodyEntry
from desk.models.audit import Block, Chain, Head, LogEntry
from desk.models.base import NATIONAL, SCHEMA, Base
from desk.models.case import Case, CaseLine, Change, Counter, Customer, Event, FitDecision, Message, OfficeClock
from desk.models.data import Correction, Delivery, GateOverride, Preparation, PreparationCheck, PreparedFile
from desk.models.document import Document, FileChunk, Letter, PrintEntry, ViewEntry
from desk.models.money import (
    Invoice,
    InvoiceEnd,
    InvoiceLine,
    Payment,
    PaymentProof,
    ProofRejection,
    Receipt,
    ReceiptVoid,
    Relief,
    ReliefDecision,
)
from desk.models.office import ActionRule, CatalogueItem, DutyRow, Holiday, Installation, Office, Person, Rule, Template

__all__ = [
    "NATIONAL",
    "SCHEMA",
    "ActionRule",
    "Agreement",
    "Base",
    "Block",
    "Case",
    "CaseLine",
    "CatalogueItem",
    "Chain",
    "Change",
    "Correction",
    "Counter",
    "CustodyEntry",
    "Customer",
    "Delivery",
    "Document",
    "DutyRow",
    "Event",
    "FileChunk",
    "FitDecision",
    "GateOverride",
    "Head",
    "Holiday",
    "Installation",
    "Invoice",
    "InvoiceEnd",
    "InvoiceLine",
    "Letter",
    "LogEntry",
    "Message",
    "Office",
    "OfficeClock",
    "Payment",
    "PaymentProof",
    "Person",
    "Preparation",
    "PreparationCheck",
    "PreparedFile",
    "PrintEntry",
    "ProofRejection",
    "Receipt",
    "ReceiptVoid",
    "Relief",
    "ReliefDecision",
    "Rule",
    "Template",
    "ViewEntry",
]
