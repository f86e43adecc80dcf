"""A valid answer to every form, as the office would fill it in for a case that stands where it stands now."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from desk.actions import ACTIONS
from desk.rules.case import Abstract, CaseFacts, Channel, CustomerClass, Fit, MessageKind, Section
from desk.rules.custody import EXPECTED, TO_FILE, Custody
from desk.rules.inputs import (
    AddressConfirmation,
    BillingInput,
    CheckTick,
    CopyHandedOut,
    CorrectionRequest,
    Countersignature,
    CourierInput,
    CustomerChange,
    DataCheck,
    DataSent,
    DeliveryReport,
    Fault,
    FaultOrigin,
    FileCheck,
    FilingPlace,
    FitDecisions,
    FitInput,
    HandOver,
    IncomingFile,
    IncomingMessage,
    LineInput,
    Loan,
    LoanReturn,
    MailChoice,
    MailReport,
    MailSettlement,
    MergeInput,
    MessageNote,
    NewPlace,
    OriginalCheck,
    OriginalRefusal,
    OriginalScan,
    PaymentInput,
    PreparedFileInput,
    PreparedFiles,
    ProofInput,
    PurposeClass,
    Reason,
    ReceivedInput,
    RecipientClass,
    Redirection,
    Registration,
    ReliefRequest,
    Remark,
    RequestChange,
    RequirementsCheck,
    ResultsReceived,
    SampleInput,
    ScanInput,
    SectionAnswerInput,
    SectionAsk,
    SentBy,
    SplitInput,
    StatePaymentInput,
    TakenMessages,
    TaskTicks,
    Tick,
)
from desk.rules.originals import copies_at

ABSTRACT = Abstract(
    title="Kesempatan kerja pemuda",
    background="Pengangguran pemuda di kota contoh meningkat.",
    purpose="Menghitung tingkat pengangguran pemuda menurut pendidikan.",
    method="Regresi logistik atas data mikro ketenagakerjaan.",
    planned_output="Skripsi dan satu makalah seminar.",
)
LINES = (
    LineInput("Sakernas Agustus 2025, data mikro", "microdata", 2_500_000, catalogue_code="SAK-2025"),
    LineInput("Peta digital kota contoh menurut desa", "map_kabkota_desa", 1),
)
REASON = Reason(reason="Diminta lewat telepon oleh pengguna data.")
SAMPLE = IncomingFile("sakernas.csv", "text/csv", b"R101;R102\n1;2\n3;4\n")
SHA256 = hashlib.sha256(b"isi berkas data").hexdigest()


def registration(**changes: Any) -> Registration:
    """A complete request by mail: customer with address and identity, abstraksi, two lines."""
    values: dict[str, Any] = {
        "channel": Channel.EMAIL,
        "name": "Sari Contohwati",
        "customer_class": CustomerClass.PERSON,
        "institution": "Universitas Contoh Musi",
        "email": "sari@example.org",
        "phone": "081200000101",
        "address": "Jl. Khayal No. 1, Kota Contoh",
        "id_number": "9901015203950001",
        "abstract": ABSTRACT,
        "lines": LINES,
    }
    return Registration(**(values | changes))


def card(case: CaseFacts, **changes: Any) -> CustomerChange:
    """The customer's card as it stands, with what a form changes of it."""
    values: dict[str, Any] = {
        "version": case.customer_version,
        "name": case.customer_name,
        "customer_class": case.customer_class,
        "institution": case.institution,
        "email": case.email,
        "phone": case.phone,
        "address": case.address,
        "id_number": "9901015203950001",
    }
    return CustomerChange(**(values | changes))


def change(case: CaseFacts, **changes: Any) -> RequestChange:
    """The same request as it stands, with what a form changes of it."""
    values: dict[str, Any] = {
        "version": case.version,
        "name": case.customer_name,
        "customer_class": case.customer_class,
        "institution": case.institution,
        "email": case.email,
        "phone": case.phone,
        "address": case.address,
        "id_number": "9901015203950001",
        "abstract": case.abstract,
        "lines": tuple(LineInput(line.title, line.tariff, line.quantity, line.detail) for line in case.lines),
    }
    return RequestChange(**(values | changes))


def fit(case: CaseFacts, decision: Fit = Fit.FITS) -> FitDecisions:
    """The same decision about every line, by the purpose of the abstraksi."""
    return FitDecisions(decisions=tuple(FitInput(line.id, decision, case.abstract.purpose) for line in case.lines))


def pdf(name: str = "pindaian.pdf", *, protected: bool = False, data: bytes = b"%PDF-1.7 contoh") -> IncomingFile:
    """A small file that comes in."""
    return IncomingFile(name, "application/pdf", data, protected)


def payment(case: CaseFacts, **changes: Any) -> PaymentInput:
    """Exactly the money of the invoice, seen today."""
    values: dict[str, Any] = {
        "amount": case.invoice.total if case.invoice else 1,
        "received_on": case.today,
        "reference": "TRF 20261121 0001",
    }
    return PaymentInput(**(values | changes))


def billing(case: CaseFacts, code: str = "820261123000001", **changes: Any) -> BillingInput:
    """A billing code of exactly the invoice's amount that holds for a week."""
    values: dict[str, Any] = {
        "billing_code": code,
        "amount": case.invoice.total if case.invoice else 1,
        "expires_on": case.today + timedelta(days=7),
    }
    return BillingInput(**(values | changes))


def state_payment(case: CaseFacts, **changes: Any) -> StatePaymentInput:
    """The newest billing code of the case, paid today."""
    values: dict[str, Any] = {
        "billing": case.billing[0].id if case.billing else case.id,
        "ntpn": "0A1B2C3D4E5F6G7H",
        "ntb": "001234567890",
        "paid_on": case.today,
    }
    return StatePaymentInput(**(values | changes))


def proof(case: CaseFacts, **changes: Any) -> ProofInput:
    """A proof of exactly the invoice's amount, paid today."""
    values: dict[str, Any] = {
        "amount": (case.invoice.total if case.invoice else 0) or 1,
        "paid_on": case.today,
        "payer": case.customer_name,
        "proof": pdf("bukti.pdf"),
    }
    return ProofInput(**(values | changes))


def check(case: CaseFacts, copy: int = 1, **changes: Any) -> OriginalCheck:
    """A copy on which everything is right: five ticks, one materai of Rp10.000, signed today."""
    values: dict[str, Any] = {"copy": copy, "signed_on": case.today, "ticks": frozenset(Tick)}
    return OriginalCheck(**(values | changes))


def prepared(*names: str) -> PreparedFiles:
    """Files on the office's disk, with their size and hash."""
    return PreparedFiles(
        files=tuple(
            PreparedFileInput(name, f"D:\\data\\{name}", 1_000_000, SHA256, rows=1200, variables=48)
            for name in names or ("sakernas_2025.csv",)
        )
    )


def prepared_file(name: str, **changes: Any) -> PreparedFileInput:
    """One file on the office's disk."""
    values: dict[str, Any] = {"path": f"D:\\data\\{name}", "size": 1_000_000, "sha256": SHA256}
    return PreparedFileInput(name, **(values | changes))


def prepared_of(_case: CaseFacts, *files: PreparedFileInput) -> PreparedFiles:
    """These files, ready for the check."""
    return PreparedFiles(files=files)


def counted(*counts: tuple[int | None, int | None]) -> DataCheck:
    """The second officer counts this in the files, one after the other, and finds the rest as it was ordered."""
    files = tuple(FileCheck(at, rows, variables) for at, (rows, variables) in enumerate(counts, start=1))
    return DataCheck(files=files, ticks=frozenset(CheckTick))


def correction(case: CaseFacts, **changes: Any) -> CorrectionRequest:
    """A complaint with the right kuitansi in hand."""
    values: dict[str, Any] = {
        "wrong": "Variabel pendidikan kosong.",
        "origin": FaultOrigin.PREPARATION,
        "receipt_number": case.payment.receipt_number or "",
    }
    return CorrectionRequest(**(values | changes))


def relief(today: date, percent: int = 100, **changes: Any) -> ReliefRequest:
    """An application that qualifies: a student, for research without gain, with a letter."""
    values: dict[str, Any] = {
        "recipient": RecipientClass.EDUCATION,
        "purpose": PurposeClass.EDUCATION,
        "letter_number": "12/UCM/2026",
        "letter_date": today,
        "percent": percent,
        "letter": pdf("surat_permohonan.pdf"),
    }
    return ReliefRequest(**(values | changes))


def _copy(case: CaseFacts, *steps: Custody) -> int:
    """The first copy at one of these steps; 1 where there is none, so that the deed itself refuses."""
    return next(iter(copies_at(case, *steps)), 1)


_ANSWERS: dict[str, Callable[[CaseFacts, str], object]] = {
    "change_request": lambda case, _: change(case, position="Mahasiswa"),
    "change_customer": lambda case, _: card(case, position="Dosen"),
    "check_requirements": lambda case, _: RequirementsCheck(met=frozenset(need.code for need in case.needs)),
    "decide_fit": lambda case, _: fit(case),
    "redirect_case": lambda _case, _: Redirection(reason=REASON.reason, link="https://example.org/konsultasi/77"),
    "ask_section": lambda case, _: SectionAsk(
        section=Section.SOCIAL, line_id=None, question="Apakah cocok untuk tingkat desa?", due_on=case.today
    ),
    "note_section_answer": lambda case, _: SectionAnswerInput(
        question_id=case.questions[0].id if case.questions else case.id, answer="Cocok, kata Bu Rini."
    ),
    "return_request": lambda _case, _: SentBy(text="Mohon dilengkapi metodenya."),
    "merge_case": lambda case, _: MergeInput(number=case.number, reason="Permohonan yang sama."),
    "split_case": lambda case, _: SplitInput(
        lines=frozenset({case.lines[0].id} if case.lines else ()), reason="Sebagian dimohonkan nol rupiah."
    ),
    "request_relief": lambda case, _: relief(case.today),
    "send_offer": lambda _case, _: SentBy(note="Dikirim bersama.", text="Terlampir invoice dan SPPD."),
    "record_proof": lambda case, _: proof(case),
    "confirm_payment": lambda case, _: payment(case),
    "record_billing_code": lambda case, _: billing(case),
    "confirm_state_payment": lambda case, _: state_payment(case),
    "attach_original_scan": lambda case, _: OriginalScan(copy=_copy(case, Custody.ACCEPTED, Custody.FILED), scan=pdf()),
    "attach_receipt_scan": lambda _case, _: ScanInput(scan=pdf()),
    "note_courier": lambda case, _: CourierInput(copy=_copy(case, *EXPECTED), courier="Pos", tracking="P0099"),
    "receive_original": lambda case, _: ReceivedInput(copy=_copy(case, *EXPECTED), received_on=case.today),
    "accept_original": lambda case, _: check(case, _copy(case, Custody.RECEIVED)),
    "refuse_original": lambda case, _: OriginalRefusal(
        copy=_copy(case, Custody.RECEIVED), faults=frozenset({Fault.NO_STAMP})
    ),
    "countersign_original": lambda case, _: Countersignature(
        copy=_copy(case, Custody.ACCEPTED), signer="Kepala kantor"
    ),
    "file_original": lambda case, _: FilingPlace(copy=_copy(case, *TO_FILE), binder="SPPD 2026"),
    "move_original": lambda case, _: NewPlace(copy=_copy(case, Custody.FILED), binder="SPPD 2026 pindahan"),
    "lend_original": lambda case, _: Loan(copy=_copy(case, Custody.FILED), borrower="Tim Hukum", due_on=case.today),
    "return_original": lambda case, _: LoanReturn(copy=_copy(case, Custody.LENT)),
    "hand_out_original": lambda case, _: CopyHandedOut(copy=_copy(case, *TO_FILE, Custody.FILED), courier="Pos"),
    "make_sample": lambda _case, _: SampleInput(sample=SAMPLE),
    "send_sample": lambda case, _: SentBy(text=f"Terlampir {case.sample}."),
    "tick_tasks": lambda case, _: TaskTicks(tasks=frozenset(task.key for task in case.open_tasks())),
    "finish_preparation": lambda _case, _: prepared(),
    "check_data": lambda case, _: counted(*[(1200, 48)] * case.files.files),
    "confirm_address": lambda case, _: AddressConfirmation(address=case.email or "sari@example.org"),
    "deliver": lambda _case, _: DataSent(note="Tautan dikirim."),
    "fail_delivery": lambda _case, _: DeliveryReport("Kotak surel penuh."),
    "record_acceptance": lambda _case, _: Remark(),
    "open_correction": lambda case, _: correction(case),
    "ask_late_correction": lambda case, _: correction(case),
    "record_results": lambda case, _: ResultsReceived(received_on=case.today, title="Skripsi"),
    "add_message": lambda _case, _: MessageNote(kind=MessageKind.INCOMING, text="Apakah sudah selesai?"),
    "send_message": lambda _case, _: SentBy(text="Data Anda sedang disiapkan."),
    "remind_customer": lambda _case, _: SentBy(text="Kami masih menunggu bukti bayar."),
    "settle_mail": lambda _case, _: MailSettlement(choice=MailChoice.ARRIVED),
    "report_mail": lambda case, _: MailReport(case.id, "refused", "Alamat tidak dikenal."),
    "take_mail": lambda case, _: TakenMessages((IncomingMessage(case.customer_name, "Surel baru."),)),
    "take_messages": lambda case, _: TakenMessages((IncomingMessage(case.customer_name, "Pesan baru."),)),
    "hand_over": lambda _case, colleague: HandOver(login=colleague, note="Saya cuti besok."),
}


def answer(action_id: str, case: CaseFacts, *, colleague: str) -> object:
    """A valid input of the action for the case as it is; a form without an entry here may be sent as it opens."""
    asked, asks = _ANSWERS.get(action_id), ACTIONS[action_id].asks
    if asked:
        return asked(case, colleague)
    return REASON if asks is Reason else asks() if asks else None
