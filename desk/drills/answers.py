"""What people type in the drills: a valid answer to every form that takes a case from the first mail to its closing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from desk.rules.case import STANDARD_NEEDS, Abstract, CaseFacts, Channel, CustomerClass, Fit, MessageKind
from desk.rules.inputs import (
    AddressConfirmation,
    CheckTick,
    Countersignature,
    CustomerChange,
    DataCheck,
    DataSent,
    FileCheck,
    FilingPlace,
    FitDecisions,
    FitInput,
    IncomingFile,
    LineInput,
    MessageNote,
    OriginalCheck,
    PaymentInput,
    PreparedFileInput,
    PreparedFiles,
    ProofInput,
    Reason,
    ReceivedInput,
    Redirection,
    Registration,
    Remark,
    RequirementsCheck,
    ScanInput,
    SentBy,
    TaskTicks,
    Tick,
)

LIFE = (
    ("officer", "decide_fit"),
    ("officer", "check_requirements"),
    ("officer", "declare_clear"),
    ("officer", "issue_invoice"),
    ("officer", "record_proof"),
    ("treasurer", "confirm_payment"),
    ("treasurer", "issue_receipt"),
)
"""From a new request to its kuitansi: who does what."""

_ABSTRACT = Abstract(
    title="Kesempatan kerja pemuda",
    background="Pengangguran pemuda di kota contoh meningkat.",
    purpose="Menghitung tingkat pengangguran pemuda menurut pendidikan.",
    method="Regresi logistik atas data mikro ketenagakerjaan.",
    planned_output="Skripsi dan satu makalah seminar.",
)
_LINES = (
    LineInput("Sakernas Agustus 2025, data mikro", "microdata", 2_500_000, catalogue_code="SAK-2025"),
    LineInput("Peta digital kota contoh menurut desa", "map_kabkota_desa", 1),
)
_ID_NUMBER = "9901015203950001"
_SHA256 = hashlib.sha256(b"isi berkas data").hexdigest()


def registration() -> Registration:
    """A complete request of an invented customer."""
    return Registration(
        channel=Channel.EMAIL,
        name="Sari Contohwati",
        customer_class=CustomerClass.PERSON,
        institution="Universitas Contoh Musi",
        email="sari@example.org",
        phone="081200000101",
        address="Jl. Khayal No. 1, Kota Contoh",
        id_number=_ID_NUMBER,
        abstract=_ABSTRACT,
        lines=_LINES,
    )


def card(case: CaseFacts, position: str) -> CustomerChange:
    """The customer's card as it stands, with another position."""
    return CustomerChange(
        version=case.customer_version,
        name=case.customer_name,
        customer_class=case.customer_class,
        institution=case.institution,
        position=position,
        email=case.email,
        phone=case.phone,
        address=case.address,
        id_number=_ID_NUMBER,
    )


def _pdf(name: str, words: str) -> IncomingFile:
    return IncomingFile(name, "application/pdf", f"%PDF-1.7 {words}".encode())


def _total(case: CaseFacts) -> int:
    return case.invoice.total if case.invoice else 1


_ANSWERS: dict[str, Callable[[CaseFacts], object]] = {
    "decide_fit": lambda case: FitDecisions(
        decisions=tuple(FitInput(line.id, Fit.FITS, case.abstract.purpose) for line in case.lines)
    ),
    "check_requirements": lambda _: RequirementsCheck(met=frozenset(need.code for need in STANDARD_NEEDS)),
    "redirect_case": lambda _: Redirection(reason="Dibutuhkan tabel, bukan data mikro."),
    "send_offer": lambda _: SentBy(note="Dikirim bersama.", text="Terlampir invoice dan SPPD."),
    "void_invoice": lambda _: Reason(reason="Permintaan pengguna data berubah."),
    "record_proof": lambda case: ProofInput(amount=_total(case), paid_on=case.today, payer=case.customer_name),
    "confirm_payment": lambda case: PaymentInput(
        amount=_total(case), received_on=case.today, reference="TRF 20261121 0001"
    ),
    "reverse_payment": lambda _: Reason(reason="Uangnya milik pengguna data lain."),
    "attach_receipt_scan": lambda case: ScanInput(scan=_pdf("kuitansi.pdf", case.payment.receipt_number or "")),
    "void_receipt": lambda _: Reason(reason="Nama pembayar salah ketik."),
    "receive_original": lambda case: ReceivedInput(received_on=case.today),
    "accept_original": lambda case: OriginalCheck(signed_on=case.today, ticks=frozenset(Tick)),
    "countersign_original": lambda _: Countersignature(signer="Kepala kantor"),
    "file_original": lambda _: FilingPlace(binder="SPPD 2026"),
    "tick_tasks": lambda case: TaskTicks(tasks=frozenset(task.key for task in case.open_tasks())),
    "finish_preparation": lambda _: PreparedFiles(
        files=(PreparedFileInput("sakernas_2025.csv", "D:\\data\\sakernas_2025.csv", 1_000_000, _SHA256, 1200, 48),)
    ),
    "check_data": lambda _: DataCheck(files=(FileCheck(1, 1200, 48),), ticks=frozenset(CheckTick)),
    "confirm_address": lambda case: AddressConfirmation(address=case.email),
    "override_gate": lambda _: Reason(reason="Naskah asli menyusul; diminta pimpinan."),
    "reject_proof": lambda _: Reason(reason="Uangnya tidak ada di rekening."),
    "add_message": lambda _: MessageNote(kind=MessageKind.INCOMING, text="Apakah sudah selesai?"),
    "deliver": lambda _: DataSent(note="Tautan dikirim."),
    "record_acceptance": lambda _: Remark(),
    "close_case": lambda _: SentBy(note="Terima kasih."),
}


def answer(action_id: str, case: CaseFacts) -> object:
    """A valid input of the action for the case as it is; None for actions that ask nothing."""
    asked = _ANSWERS.get(action_id)
    return asked(case) if asked else None
