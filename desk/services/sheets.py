"""What each paper says: the issued rows read back as the contents of a sheet, one function per kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from desk.rules.attempts import told
from desk.rules.case import Channel, CustomerClass, Fit
from desk.rules.codes import PaperCode, encode
from desk.rules.dates import date_text
from desk.rules.inputs import Fault, PaymentChannel
from desk.rules.outcomes import LETTERS
from desk.rules.papers import (
    AgreementPaper,
    BankAccount,
    BillingCode,
    BillingPaper,
    ClosingPaper,
    Contact,
    CorrectionPaper,
    CustomerDetails,
    DeliveryPaper,
    InvoicePaper,
    ManifestFile,
    MoneyLetter,
    OfficeDetails,
    PaperKind,
    PaperLine,
    ReceiptPaper,
    RedirectedLine,
    RedirectPaper,
    RefusalPaper,
    Signatory,
    agreement_context,
    billing_context,
    closing_context,
    correction_context,
    delivery_context,
    double_context,
    invoice_context,
    late_context,
    over_context,
    receipt_context,
    redirect_context,
    refusal_context,
    short_context,
)
from desk.rules.rule_book import OfficeRules, Rule, office_rules, stamp_in_force
from desk.rules.stamp_duty import ReceiptStamp
from desk.services.attempts import ATTEMPTS, told_attempts
from desk.services.rule_book import rules


@dataclass(frozen=True, slots=True)
class Sheet:
    """The values of one sheet; `context["qr"]` is still the text of the code."""

    number: str
    copy: int
    copies: int
    context: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Background:
    """What every paper of a case needs: office, case, and the rules in force on the day of issue."""

    session: Session
    office_id: int
    office: OfficeDetails
    case: RowMapping
    rules: Sequence[Rule]
    """The rule book, read once for all sheets of the case."""

    def rules_on(self, day: date) -> OfficeRules:
        """The rules that held on the day of issue."""
        return office_rules(self.rules, day, self.office_id)

    def one(self, sql: str, **values: object) -> RowMapping:
        """One row of this office."""
        return self.session.execute(text(sql), {"office_id": self.office_id, **values}).mappings().one()

    def all(self, sql: str, **values: object) -> list[RowMapping]:
        """Rows of this office."""
        return list(self.session.execute(text(sql), {"office_id": self.office_id, **values}).mappings())

    def signatory(self, login: str, position: str) -> Signatory:
        """The person who did it, as a signature block names him or her."""
        return signatory(self.session, login, position)

    def customer(self) -> CustomerDetails:
        """The customer as known today; issued papers use their own copy instead."""
        return customer_details(dict(self.case))

    def code(self, kind: PaperKind, year: int, number: int, copy: int = 1, copies: int = 1) -> str:
        """The text of the QR code."""
        return encode(PaperCode(kind, self.office.code, year, number, copy, copies))


def signatory(session: Session, login: str, position: str) -> Signatory:
    """A person as a signature block names him or her."""
    row = session.execute(
        text("SELECT name, nip, position FROM desk.person WHERE login = :login"), {"login": login}
    ).one_or_none()
    return Signatory(row.name, row.nip, row.position or position) if row else Signatory(login, "", position)


def office_on_papers(session: Session, office_id: int) -> OfficeDetails:
    """The office as its papers show it."""
    row = session.execute(text("SELECT code, name, profile FROM desk.office WHERE id = :id"), {"id": office_id}).one()
    return office_details(row.code, row.name, row.profile)


def background(session: Session, office_id: int, case_id: UUID) -> Background:
    """Reads what every paper of the case needs."""
    case = (
        session.execute(
            text(
                "SELECT c.*, k.name, k.customer_class, k.position, k.address, k.email, k.phone, k.id_number, k.npwp, "
                "(c.registered_at AT TIME ZONE o.zone)::date AS requested_on "
                "FROM desk.cases c JOIN desk.office o ON o.id = c.office_id "
                "JOIN desk.customer k ON k.office_id = c.office_id AND k.id = c.customer_id "
                "WHERE c.office_id = :office_id AND c.id = :case_id"
            ),
            {"office_id": office_id, "case_id": case_id},
        )
        .mappings()
        .one()
    )
    return Background(session, office_id, office_on_papers(session, office_id), case, rules(session, office_id))


def office_details(code: str, name: str, profile: Mapping[str, Any]) -> OfficeDetails:
    """The office as its papers show it, from the profile that its standard gave it."""
    head = profile.get("head") or {}
    return OfficeDetails(
        code=code,
        name=name,
        letterhead=profile.get("letterhead") or name,
        city=profile.get("city", ""),
        head=Signatory(head.get("name", ""), head.get("nip", ""), head.get("position") or f"Kepala {name}"),
        original_address=tuple(profile.get("original_address", ())),
        proof_channel=profile.get("proof_channel", ""),
        consultation=profile.get("consultation", ""),
        complaints=tuple(Contact(entry["label"], entry["value"]) for entry in profile.get("complaints", ())),
        address=profile.get("address", ""),
        phone=profile.get("phone", ""),
        email=profile.get("email", ""),
        website=profile.get("website", ""),
    )


def customer_details(row: Mapping[str, Any]) -> CustomerDetails:
    """A customer as papers name him or her, from a row or from the copy that an issued paper keeps."""
    return CustomerDetails(
        name=row["name"],
        customer_class=CustomerClass.of(row["customer_class"]),
        institution=row["institution"],
        position=row["position"],
        address=row["address"],
        email=row["email"],
        phone=row["phone"],
        id_number=row["id_number"],
        npwp=row["npwp"],
    )


def invoice_sheets(of: Background, invoice_id: UUID) -> list[Sheet]:
    """The invoice as it was issued."""
    row = of.one(
        "SELECT i.*, r.number AS replaced FROM desk.invoice i LEFT JOIN desk.invoice r "
        "ON r.office_id = i.office_id AND r.id = i.replaces WHERE i.office_id = :office_id AND i.id = :id",
        id=invoice_id,
    )
    account = row["payment_block"] if row["total"] else {}
    codes = of.all(
        "SELECT b.code, b.expires_on FROM desk.billing_code b WHERE b.office_id = :office_id AND b.case_id = :case_id "
        "AND b.amount = :total AND b.at <= :at AND b.expires_on >= :day ORDER BY b.no DESC LIMIT 1",
        case_id=of.case["id"], total=row["total"], at=row["at"], day=row["issued_on"],
    )  # fmt: skip
    paper = InvoicePaper(
        number=row["number"],
        issued_on=row["issued_on"],
        valid_until=row["valid_until"],
        case_number=of.case["number"],
        requested_on=of.case["requested_on"],
        lines=invoice_lines(of, invoice_id),
        total=row["total"],
        tariff_basis=row["tariff_basis"],
        charges_note=row["charges_note"],
        payment_code=row["payment_code"],
        officer=of.signatory(row["by"], "Petugas Layanan").name,
        code=of.code(PaperKind.INVOICE, row["year"], row["sequence"]),
        account=BankAccount(account["bank"], account["number"], account["holder"]) if account else None,
        billing=BillingCode(codes[0]["code"], codes[0]["expires_on"]) if codes else None,
        relief_percent=row["relief_percent"],
        relief_basis=row["relief_basis"],
        replaces=row["replaced"] or "",
    )
    return [Sheet(paper.number, 1, 1, invoice_context(of.office, customer_details(row["customer"]), paper))]


def agreement_sheets(of: Background, agreement_id: UUID) -> list[Sheet]:
    """The SPPD, one sheet per copy."""
    row = of.one(
        "SELECT a.*, i.number AS invoice_number, i.issued_on AS invoice_on FROM desk.agreement a "
        "JOIN desk.invoice i ON i.office_id = a.office_id AND i.id = a.invoice_id "
        "WHERE a.office_id = :office_id AND a.id = :id",
        id=agreement_id,
    )
    customer = customer_details(row["customer"])
    lines = invoice_lines(of, row["invoice_id"])
    sheets = []
    for copy in range(1, row["copies"] + 1):
        paper = AgreementPaper(
            number=row["number"],
            issued_on=row["issued_on"],
            case_number=of.case["number"],
            invoice_number=row["invoice_number"],
            invoice_on=row["invoice_on"],
            abstract_title=row["abstract"]["title"],
            abstract_purpose=row["abstract"]["purpose"],
            lines=lines,
            clauses=tuple(row["clauses"]),
            signer_rule=row["signatory"],
            stamp_value=row["stamp_value"],
            copy=copy,
            copies=row["copies"],
            code=of.code(PaperKind.SPPD, row["year"], row["sequence"], copy, row["copies"]),
            signer_name=customer.name if customer.customer_class is CustomerClass.PERSON else "",
        )
        sheets.append(Sheet(paper.number, copy, row["copies"], agreement_context(of.office, customer, paper)))
    return sheets


def receipt_sheets(of: Background, receipt_id: UUID) -> list[Sheet]:
    """The kuitansi as it was issued."""
    row = of.one(
        "SELECT r.*, p.received_on, p.channel, p.reference, i.id AS invoice_id, i.number AS invoice_number, "
        "i.issued_on AS invoice_on, i.tariff_basis, i.customer, x.number AS replaced FROM desk.receipt r "
        "JOIN desk.payment p ON p.office_id = r.office_id AND p.id = r.payment_id "
        "JOIN desk.invoice i ON i.office_id = p.office_id AND i.id = p.invoice_id "
        "LEFT JOIN desk.receipt x ON x.office_id = r.office_id AND x.id = r.replaces "
        "WHERE r.office_id = :office_id AND r.id = :id",
        id=receipt_id,
    )
    stamped = of.rules_on(row["issued_on"]).receipt_stamp
    needs_stamp = stamped.mode is not ReceiptStamp.NONE and row["amount"] > stamped.above
    duty = stamp_in_force(of.rules, row["issued_on"], of.office_id).duty
    channel = PaymentChannel.of(row["channel"])
    paper = ReceiptPaper(
        number=row["number"],
        issued_on=row["issued_on"],
        case_number=of.case["number"],
        invoice_number=row["invoice_number"],
        invoice_on=row["invoice_on"],
        payer=row["payer"],
        lines=invoice_lines(of, row["invoice_id"]),
        amount=row["amount"],
        paid_on=row["received_on"],
        channel=channel.label,
        reference_kind="NTPN" if channel is PaymentChannel.SIMPONI else "Referensi bank",
        reference=row["reference"],
        tariff_basis=row["tariff_basis"],
        treasurer=of.signatory(row["by"], "Bendahara Penerimaan"),
        chain=row["hash"],
        code=of.code(PaperKind.RECEIPT, row["year"], row["sequence"]),
        stamp_value=duty if needs_stamp else 0,
        replaces=row["replaced"] or "",
    )
    return [Sheet(paper.number, 1, 1, receipt_context(of.office, customer_details(row["customer"]), paper))]


def billing_sheets(of: Background, letter_id: UUID) -> list[Sheet]:
    """The letter with a billing code for the invoice in force on its day."""
    letter = _letter(of, letter_id)
    row = of.one(
        "SELECT b.code, b.amount, b.expires_on, i.number, i.issued_on, i.valid_until, i.tariff_basis, i.customer "
        "FROM desk.billing_code b JOIN desk.invoice i ON i.office_id = b.office_id AND i.id = b.invoice_id "
        "WHERE b.office_id = :office_id AND b.id = :id",
        id=UUID(letter["details"]["billing_id"]),
    )
    paper = BillingPaper(
        number=letter["number"],
        issued_on=letter["issued_on"],
        case_number=of.case["number"],
        invoice_number=row["number"],
        invoice_on=row["issued_on"],
        invoice_until=row["valid_until"],
        billing=BillingCode(row["code"], row["expires_on"]),
        amount=row["amount"],
        tariff_basis=row["tariff_basis"],
        officer=of.signatory(letter["by"], "Petugas Layanan"),
        code=of.code(PaperKind.BILLING, letter["year"], letter["sequence"]),
    )
    return [Sheet(paper.number, 1, 1, billing_context(of.office, customer_details(row["customer"]), paper))]


def money_sheets(of: Background, letter_id: UUID) -> list[Sheet]:
    """The letter about money that did not pay its invoice as it should."""
    letter = _letter(of, letter_id)
    details, kind = letter["details"], PaperKind.of(letter["kind"])
    row = of.one(
        "SELECT i.number, i.issued_on, i.valid_until, i.total, i.payment_code, i.customer, i.payment_block "
        "FROM desk.invoice i WHERE i.office_id = :office_id AND i.id = :id",
        id=UUID(details["invoice_id"]),
    )
    account = row["payment_block"]
    paper = MoneyLetter(
        number=letter["number"],
        issued_on=letter["issued_on"],
        case_number=of.case["number"],
        invoice_number=row["number"],
        invoice_on=row["issued_on"],
        invoice_until=row["valid_until"],
        total=row["total"],
        received_sen=details["received_sen"],
        received_on=date.fromisoformat(details["received_on"]),
        apart_sen=details["apart_sen"],
        payment_code=row["payment_code"],
        treasurer=of.signatory(letter["by"], "Bendahara Penerimaan"),
        code=of.code(kind, letter["year"], letter["sequence"]),
        account=BankAccount(account["bank"], account["number"], account["holder"]) if account else None,
        paid_on=date.fromisoformat(details["paid_on"]) if details["paid_on"] else None,
        note=details["note"],
    )
    context = {
        PaperKind.MONEY_SHORT: short_context,
        PaperKind.MONEY_OVER: over_context,
        PaperKind.MONEY_DOUBLE: double_context,
        PaperKind.MONEY_LATE: late_context,
    }[kind]
    return [Sheet(paper.number, 1, 1, context(of.office, customer_details(row["customer"]), paper))]


def refusal_sheets(of: Background, letter_id: UUID) -> list[Sheet]:
    """The letter that goes back with a faulty original."""
    letter = _letter(of, letter_id)
    copy = letter["details"]["copy"]
    agreement = of.one(
        "SELECT a.number, a.issued_on, a.signatory, a.copies, (SELECT u.on_day FROM desk.custody u "
        "WHERE u.office_id = a.office_id AND u.case_id = a.case_id AND u.agreement_id = a.id AND u.copy = :copy "
        "AND u.step = 'received' AND u.at <= :at ORDER BY u.position DESC LIMIT 1) AS received_on "
        "FROM desk.agreement a WHERE a.office_id = :office_id AND a.case_id = :case_id AND a.at <= :at "
        "ORDER BY a.at DESC LIMIT 1",
        copy=copy,
        at=letter["at"],
        case_id=of.case["id"],
    )
    faults = [Fault.of(code) for code in letter["details"]["faults"]]
    about_stamp = {Fault.NO_STAMP, Fault.SHORT_STAMP, Fault.STAMP_NOT_CANCELLED} & set(faults)
    stamp = stamp_in_force(of.rules, letter["issued_on"], of.office_id)
    paper = RefusalPaper(
        number=letter["number"],
        issued_on=letter["issued_on"],
        case_number=of.case["number"],
        agreement_number=agreement["number"],
        agreement_on=agreement["issued_on"],
        copy=copy,
        copies=agreement["copies"],
        received_on=agreement["received_on"] or letter["issued_on"],
        faults=tuple(fault.label for fault in faults),
        signer_rule=agreement["signatory"],
        stamp_value=stamp.duty,
        code=of.code(PaperKind.ORIGINAL_REFUSAL, letter["year"], letter["sequence"]),
        stamp_basis="UU 10/2020 tentang Bea Meterai, pasal 21" if about_stamp else "",
        note=letter["details"]["note"],
    )
    return [Sheet(paper.number, 1, 1, refusal_context(of.office, of.customer(), paper))]


def redirect_sheets(of: Background, letter_id: UUID) -> list[Sheet]:
    """The letter that leads to the online statistical consultation."""
    letter = _letter(of, letter_id)
    decided = of.all(
        "SELECT title, fit, fit_reason FROM desk.case_line WHERE office_id = :office_id AND case_id = :case_id "
        "ORDER BY position",
        case_id=of.case["id"],
    )
    paper = RedirectPaper(
        number=letter["number"],
        issued_on=letter["issued_on"],
        case_number=of.case["number"],
        requested_on=of.case["requested_on"],
        abstract_title=of.case["abstract"].get("title", ""),
        lines=tuple(
            RedirectedLine(row["title"], row["fit_reason"] or letter["details"]["note"])
            for row in decided
            if row["fit"] != Fit.FITS.value
        ),
        officer=of.signatory(letter["by"], "Petugas Layanan"),
        code=of.code(PaperKind.REDIRECT, letter["year"], letter["sequence"]),
        note=letter["details"]["note"],
    )
    return [Sheet(paper.number, 1, 1, redirect_context(of.office, of.customer(), paper))]


def delivery_sheets(of: Background, letter_id: UUID) -> list[Sheet]:
    """The delivery note with its manifest."""
    letter = _letter(of, letter_id)
    row = of.one(
        "SELECT d.*, b.version AS old_version, b.delivered_on AS old_on, r.number AS receipt_number, "
        "(SELECT a.number FROM desk.agreement a "
        "WHERE a.office_id = d.office_id AND a.case_id = d.case_id AND a.at <= d.at "
        "ORDER BY a.at DESC LIMIT 1) AS agreement_number "
        "FROM desk.delivery d LEFT JOIN desk.receipt r ON r.office_id = d.office_id AND r.id = d.receipt_id "
        "LEFT JOIN desk.delivery b ON b.office_id = d.office_id AND b.id = d.replaces "
        "WHERE d.office_id = :office_id AND d.case_id = :case_id AND d.version = :version "
        "ORDER BY d.sequence DESC LIMIT 1",
        case_id=of.case["id"],
        version=letter["details"]["version"],
    )
    before = of.all(
        f"SELECT a.* FROM ({ATTEMPTS}) a WHERE a.sequence < :sequence",  # noqa: S608 - a constant
        case_id=of.case["id"],
        sequence=row["sequence"],
    )
    paper = DeliveryPaper(
        number=letter["number"],
        issued_on=letter["issued_on"],
        case_number=of.case["number"],
        agreement_number=row["agreement_number"] or "",
        channel=Channel.of(row["channel"]).label,
        address=row["address"],
        files=manifest(row["manifest"]),
        version=row["version"],
        correction_days=of.rules_on(letter["issued_on"]).correction_days,
        officer=of.signatory(letter["by"], "Petugas Layanan"),
        code=of.code(PaperKind.DELIVERY_NOTE, letter["year"], letter["sequence"]),
        receipt_number=row["receipt_number"] or "",
        password_apart=row["password_by"] is not None,
        attempts=told(told_attempts(dict(each) for each in before)),
        replaces=f"versi {row['old_version']} yang dikirim {date_text(row['old_on'])}" if row["old_on"] else "",
    )
    return [Sheet(paper.number, 1, 1, delivery_context(of.office, of.customer(), paper))]


def correction_sheets(of: Background, letter_id: UUID) -> list[Sheet]:
    """The note of a correction that was asked for."""
    letter = _letter(of, letter_id)
    row = of.one(
        "SELECT c.*, l.title AS item FROM desk.correction c LEFT JOIN desk.case_line l ON l.office_id = c.office_id "
        "AND l.id = c.line_id WHERE c.office_id = :office_id AND c.id = :id",
        id=UUID(letter["details"]["correction_id"]),
    )
    paper = CorrectionPaper(
        number=letter["number"],
        issued_on=letter["issued_on"],
        case_number=of.case["number"],
        asked_on=row["asked_on"],
        due_on=row["due_on"],
        correction_days=of.rules_on(row["asked_on"]).correction_days,
        wrong=row["wrong"],
        officer=of.signatory(letter["by"], "Petugas Layanan"),
        code=of.code(PaperKind.CORRECTION_NOTE, letter["year"], letter["sequence"]),
        receipt_number=row["receipt_number"],
        item=row["item"] or "",
    )
    return [Sheet(paper.number, 1, 1, correction_context(of.office, of.customer(), paper))]


def closing_sheets(of: Background, letter_id: UUID) -> list[Sheet]:
    """The message that ends the conversation, with the office's own complaint addresses."""
    letter = _letter(of, letter_id)
    row = of.one(
        "SELECT (SELECT max(d.delivered_on) FROM desk.delivery d WHERE d.office_id = :office_id "
        "AND d.case_id = :case_id) AS delivered_on, (SELECT r.number FROM desk.receipt r WHERE "
        "r.office_id = :office_id AND r.case_id = :case_id ORDER BY r.at DESC LIMIT 1) AS receipt_number",
        case_id=of.case["id"],
    )
    lines = of.all(
        "SELECT title FROM desk.case_line WHERE office_id = :office_id AND case_id = :case_id AND fit = 'fits' "
        "ORDER BY position",
        case_id=of.case["id"],
    )
    paper = ClosingPaper(
        issued_on=letter["issued_on"],
        case_number=of.case["number"],
        requested_on=of.case["requested_on"],
        delivered_on=row["delivered_on"],
        lines=tuple(line["title"] for line in lines),
        correction_days=of.rules_on(letter["issued_on"]).correction_days,
        officer=of.signatory(letter["by"], "Petugas Layanan"),
        code=of.code(PaperKind.CLOSING, letter["year"], letter["sequence"]),
        number=letter["number"],
        receipt_number=row["receipt_number"] or "",
        silent_until=date.fromisoformat(silent) if (silent := letter["details"].get("silent_since")) else None,
        survey=letter["details"].get("survey", ""),
    )
    return [Sheet(paper.number, 1, 1, closing_context(of.office, of.customer(), paper))]


SHEETS: dict[PaperKind, Callable[[Background, UUID], list[Sheet]]] = {
    PaperKind.INVOICE: invoice_sheets,
    PaperKind.SPPD: agreement_sheets,
    PaperKind.RECEIPT: receipt_sheets,
    PaperKind.ORIGINAL_REFUSAL: refusal_sheets,
    PaperKind.REDIRECT: redirect_sheets,
    PaperKind.BILLING: billing_sheets,
    **dict.fromkeys(LETTERS.values(), money_sheets),
    PaperKind.DELIVERY_NOTE: delivery_sheets,
    PaperKind.CORRECTION_NOTE: correction_sheets,
    PaperKind.CLOSING: closing_sheets,
}


def invoice_lines(of: Background, invoice_id: UUID) -> tuple[PaperLine, ...]:
    """The lines of an issued invoice; invoice, SPPD and kuitansi all read these."""
    rows = of.all(
        "SELECT * FROM desk.invoice_line WHERE office_id = :office_id AND invoice_id = :id ORDER BY position",
        id=invoice_id,
    )
    return tuple(
        PaperLine(
            title=row["title"],
            tariff=row["tariff_name"],
            basis=row["article"],
            quantity=row["quantity"],
            unit=row["unit"],
            amount=row["full_amount"],
            payable=row["amount"],
            detail=row["detail"],
        )
        for row in rows
    )


def manifest(entries: list[dict[str, Any]]) -> tuple[ManifestFile, ...]:
    """The files of a delivery as they were sent."""
    return tuple(
        ManifestFile(entry["name"], entry["size"], entry["sha256"], entry["rows"], entry["variables"])
        for entry in entries
    )


def _letter(of: Background, letter_id: UUID) -> RowMapping:
    return of.one("SELECT * FROM desk.letter WHERE office_id = :office_id AND id = :id", id=letter_id)
