"""What an issued paper holds, in rich types: the values it was issued with, never a rate that is looked up later.

Money is whole rupiah. Text is made of these in `contexts.py` and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desk.rules.case import CustomerClass


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs for the office; `position` carries *a.n.*, *Plh.* or *Plt.* in front where it applies."""

    name: str
    nip: str
    position: str


@dataclass(frozen=True, slots=True)
class BankAccount:
    """The receiving account of the treasurer."""

    bank: str
    number: str
    holder: str


@dataclass(frozen=True, slots=True)
class BillingCode:
    """A SIMPONI billing code: 15 digits that expire on their own day, often before the invoice does."""

    code: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach somebody: `E-mail`, `diseminasi1600@bps.go.id`."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class OfficeDetails:
    """The office as its papers show it; what an office has not published (street, telephone) stays empty.

    `letterhead` is the second line of the letterhead, `original_address` the addressee lines for SPPD originals,
    `proof_channel` completes "kirim bukti pembayaran melalui ...", `consultation` completes "ajukan melalui ...".
    """

    code: str
    name: str
    letterhead: str
    city: str
    head: Signatory
    original_address: tuple[str, ...]
    proof_channel: str
    consultation: str
    complaints: tuple[Contact, ...]
    address: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class CustomerDetails:
    """The customer as papers name him or her; an empty text was not given."""

    name: str
    customer_class: CustomerClass = CustomerClass.PERSON
    institution: str = ""
    position: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    id_number: str = ""
    npwp: str = ""


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One item of invoice and SPPD: `amount` by the tariff and what is left of it after relief, whole rupiah.

    `quantity` counts `unit` (byte, tabel, peta, halaman); `tariff` is the words of the tariff row, `basis` its article.
    """

    title: str
    tariff: str
    basis: str
    quantity: int
    unit: str
    amount: int
    payable: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class InvoicePaper:
    """An invoice as issued; `account` or `billing` says where the money goes, none of them when the total is zero.

    `charges_note` is the dated text on who bears delivery and bank charges; `relief_basis` names the approval behind a
    relief (letter, regulation) and is empty without one.
    """

    number: str
    issued_on: date
    valid_until: date
    case_number: str
    requested_on: date
    lines: tuple[PaperLine, ...]
    total: int
    tariff_basis: str
    charges_note: str
    payment_code: str
    officer: str
    code: str
    account: BankAccount | None = None
    billing: BillingCode | None = None
    relief_percent: int = 0
    relief_basis: str = ""
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class AgreementPaper:
    """One copy of a Surat Perjanjian Penggunaan Data; every copy is a document of its own with its own code.

    `clauses` and `signer_rule` (who must sign for this class of customer) are the legal texts in force on issue,
    `stamp_value` the materai in rupiah of that day. `signer_name` is printed under the signature where it is known
    (a private person signs in person); otherwise the signer writes name and position by hand.
    """

    number: str
    issued_on: date
    case_number: str
    invoice_number: str
    invoice_on: date
    abstract_title: str
    abstract_purpose: str
    lines: tuple[PaperLine, ...]
    clauses: tuple[str, ...]
    signer_rule: str
    stamp_value: int
    copy: int
    copies: int
    code: str
    signer_name: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptPaper:
    """A kuitansi: money that the treasurer has confirmed, in whole rupiah.

    `channel` and `reference_kind` are words ("transfer ke rekening penerimaan", "NTPN"); `stamp_value` is zero unless
    the treasurer's rule asks for materai; `chain` is the receipt's chain hash, of which ten digits are printed.
    """

    number: str
    issued_on: date
    case_number: str
    invoice_number: str
    invoice_on: date
    payer: str
    lines: tuple[PaperLine, ...]
    amount: int
    paid_on: date
    channel: str
    reference_kind: str
    reference: str
    tariff_basis: str
    treasurer: Signatory
    chain: str
    code: str
    stamp_value: int = 0
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class BillingPaper:
    """The letter with a billing code for an invoice, in whole rupiah."""

    number: str
    issued_on: date
    case_number: str
    invoice_number: str
    invoice_on: date
    invoice_until: date
    billing: BillingCode
    amount: int
    tariff_basis: str
    officer: Signatory
    code: str


@dataclass(frozen=True, slots=True)
class MoneyLetter:
    """The letter about money that did not pay an invoice as it should; `received_sen` and `apart_sen` in sen.

    `apart_sen` is what is missing, or what is over; `paid_on` the day of the money that pays the invoice already.
    """

    number: str
    issued_on: date
    case_number: str
    invoice_number: str
    invoice_on: date
    invoice_until: date
    total: int
    received_sen: int
    received_on: date
    apart_sen: int
    payment_code: str
    treasurer: Signatory
    code: str
    account: BankAccount | None = None
    paid_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class UnknownMoney:
    """The letter about money that nobody claims (in sen); `account_end` is the last digits of the receiving account."""

    number: str
    issued_on: date
    to_bank: bool
    addressee: str
    address: str
    amount_sen: int
    received_on: date
    remark: str
    sender: str
    reference: str
    bank: str
    account_end: str
    treasurer: Signatory
    code: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """One delivered file: size in bytes, SHA-256 as 64 hex digits, rows and variables where the file has them."""

    name: str
    size: int
    sha256: str
    rows: int | None = None
    variables: int | None = None


@dataclass(frozen=True, slots=True)
class DeliveryPaper:
    """A delivery note with the manifest; `receipt_number` is empty for a delivery at nol rupiah.

    `version` is 1 for the first delivery and grows with each correction; `correction_days` counts working days.
    """

    number: str
    issued_on: date
    case_number: str
    agreement_number: str
    channel: str
    address: str
    files: tuple[ManifestFile, ...]
    version: int
    correction_days: int
    officer: Signatory
    code: str
    receipt_number: str = ""
    password_apart: bool = False
    replaces: str = ""
    attempts: tuple[Told, ...] = ()  # the sendings before this one, with what became of them


@dataclass(frozen=True, slots=True)
class RefusalPaper:
    """The letter that goes back with a faulty original; `stamp_basis` is the law behind a faulty materai, or empty."""

    number: str
    issued_on: date
    case_number: str
    agreement_number: str
    agreement_on: date
    copy: int
    copies: int
    received_on: date
    faults: tuple[str, ...]
    signer_rule: str
    stamp_value: int
    code: str
    stamp_basis: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RedirectedLine:
    """A requested item that does not fit the abstraksi, and why."""

    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class RedirectPaper:
    """The letter that leads a request to the online statistical consultation."""

    number: str
    issued_on: date
    case_number: str
    requested_on: date
    abstract_title: str
    lines: tuple[RedirectedLine, ...]
    officer: Signatory
    code: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class CorrectionPaper:
    """A correction that was asked for by showing the kuitansi; `files` and `done_on` are known once it is repaired."""

    number: str
    issued_on: date
    case_number: str
    asked_on: date
    due_on: date
    correction_days: int
    wrong: str
    officer: Signatory
    code: str
    receipt_number: str = ""
    item: str = ""
    repaired: str = ""
    done_on: date | None = None
    files: tuple[ManifestFile, ...] = ()


@dataclass(frozen=True, slots=True)
class ClosingPaper:
    """The message that ends the conversation; it may go without a number of its own."""

    issued_on: date
    case_number: str
    requested_on: date
    delivered_on: date | None
    lines: tuple[str, ...]
    correction_days: int
    officer: Signatory
    code: str
    number: str = ""
    receipt_number: str = ""
    silent_until: date | None = None
    survey: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Something that happened: when (day and time in words), who, what, and the reason that was written down."""

    when: str
    who: str
    what: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FiledPaper:
    """A file of the case: its size in bytes, its SHA-256, and where it stands in the case file, in words."""

    name: str
    what: str
    size: int
    sha256: str
    pages: str


@dataclass(frozen=True, slots=True)
class CaseFilePaper:
    """The front part of a case file: everything about one case, before the pages of its papers.

    `summary` are pairs of words (`Invoice`, `INV-001/…`); `decisions` let something pass, refused it or took it back.
    """

    case_number: str
    made_on: date
    made_by: str
    state: str
    summary: tuple[tuple[str, str], ...]
    decisions: tuple[Told, ...]
    story: tuple[Told, ...]
    papers: tuple[FiledPaper, ...]
    code: str
    deliveries: tuple[Told, ...] = ()  # every sending of the data, with its parts and outcome
