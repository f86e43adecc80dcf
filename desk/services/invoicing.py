"""Invoice and SPPD: made from the same lines, sent together, renewed, ended (standards, prosedur 2a; keterangan)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID, uuid4

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.models import Agreement, CustodyEntry, Invoice, InvoiceEnd, InvoiceLine
from desk.rules.case import AgreementFacts, CaseFacts, InvoiceFacts, LineFacts, Money, MoneyFacts
from desk.rules.custody import Custody
from desk.rules.dates import date_text
from desk.rules.deadlines import invoice_due
from desk.rules.deed import Deed, Outcome
from desk.rules.inputs import Reason, SentBy
from desk.rules.rule_book import OfficeRules, Rule, office_rules, stamp_in_force, tariff_in_force
from desk.rules.rupiah import rupiah
from desk.rules.tariff import TariffTable, price
from desk.services.intake import keep_sent_text
from desk.services.rule_book import rules

_PARTIES = text("""
SELECT k.name, k.customer_class, k.institution, k.position, k.email, k.phone, k.address, k.id_number, k.npwp,
  coalesce(o.profile->'account', '{}'::jsonb) AS account, coalesce(o.profile#>>'{head,name}', '') AS head
FROM desk.cases c
JOIN desk.customer k ON k.office_id = c.office_id AND k.id = c.customer_id
JOIN desk.office o ON o.id = c.office_id
WHERE c.office_id = :office_id AND c.id = :case_id
""")


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line with its price on the day of issue; `payable` is what is left after relief."""

    line: LineFacts
    tariff_name: str
    article: str
    unit: str
    amount: int
    payable: int
    explanation: str


def issue_invoice(session: Session, deed: Deed, _asked: None) -> Outcome:
    """Issues invoice and SPPD in one deed from the lines that fit; each takes the year's next number."""
    case, book = deed.case, rules(session, deed.office_id)
    in_force = office_rules(book, case.today, case.office_id)
    percent = case.relief.percent if case.relief and case.relief.approved else 0
    customer, account = _parties(session, case)
    invoice, lines = _issue(session, deed, book, in_force, percent, customer, account, replaces=None)
    agreement = _issue_agreement(session, deed, book, in_force, customer, invoice.id)
    free = invoice.total == 0
    price_words = "nol rupiah" if free else rupiah(invoice.total)
    return Outcome(
        f"Invoice {invoice.number} ({price_words}, {len(lines)} baris) dan SPPD {agreement.number} terbit.",
        moves=(Money.FREE if free else Money.INVOICED,),
        changes={"invoice": invoice, "agreement": agreement, "payment": MoneyFacts(), "papers_ready": False},
        subject_id=invoice.id,
    )


def send_offer(session: Session, deed: Deed, asked: SentBy) -> Outcome:
    """Notes that invoice and SPPD have gone out together; every copy of the SPPD is now awaited."""
    case = deed.case
    assert case.agreement is not None, "the state says that an SPPD was issued"
    assert case.invoice is not None, "the state says that an invoice was issued"
    keep_sent_text(session, deed, asked)
    session.execute(
        insert(CustodyEntry),
        [
            {
                "office_id": case.office_id,
                "id": uuid4(),
                "case_id": case.id,
                "agreement_id": case.agreement.id,
                "copy": copy,
                "position": 1,
                "step": Custody.SENT,
                "on_day": case.today,
                "note": asked.note,
            }
            for copy in range(1, case.agreement.copies + 1)
        ],
    )
    return Outcome(
        f"Invoice {case.invoice.number} dan SPPD {case.agreement.number} dikirim lewat {case.channel.label}.",
        asked.note,
    )


def renew_invoice(session: Session, deed: Deed, _asked: None) -> Outcome:
    """Replaces an invoice that has run out by one at today's tariff; the SPPD stays, for its lines are the same."""
    case, old = deed.case, deed.case.invoice
    assert old is not None, "only a case with an invoice can be renewed"
    book = rules(session, deed.office_id)
    percent = case.relief.percent if case.relief and case.relief.approved else 0
    customer, account = _parties(session, case)
    in_force = office_rules(book, case.today, case.office_id)
    invoice, _ = _issue(session, deed, book, in_force, percent, customer, account, replaces=old.id)
    _end(session, deed, old.id, "replaced", f"Diganti invoice {invoice.number}.")
    changed = "" if invoice.total == old.total else f", semula {rupiah(old.total)}"
    return Outcome(
        f"Invoice {old.number} diganti {invoice.number} ({rupiah(invoice.total)}{changed}), "
        f"berlaku sampai {date_text(invoice.valid_until)}.",
        moves=(Money.PROOF if case.money is Money.PROOF else Money.INVOICED,),
        changes={"invoice": invoice, "papers_ready": False},
        subject_id=invoice.id,
    )


def expire_invoice(session: Session, deed: Deed, _asked: None) -> Outcome:
    """Ends an invoice whose last day has passed; the case then asks: renew at today's tariff, or cancel."""
    invoice = deed.case.invoice
    assert invoice is not None, "the state says that an invoice was issued"
    _end(session, deed, invoice.id, "expired", f"Berlaku sampai {date_text(invoice.valid_until)}.")
    return Outcome(f"Invoice {invoice.number} kedaluwarsa.", subject_id=invoice.id)


def void_invoice(session: Session, deed: Deed, asked: Reason) -> Outcome:
    """Withdraws invoice and SPPD; their numbers stay with the reason, and the case can be invoiced anew."""
    invoice = deed.case.invoice
    assert invoice is not None, "the state says that an invoice was issued"
    _end(session, deed, invoice.id, "void", asked.reason)
    return Outcome(
        f"Invoice {invoice.number} beserta SPPD-nya dibatalkan.",
        asked.reason,
        changes={"invoice": None, "agreement": None, "papers_ready": False},
        subject_id=invoice.id,
    )


def cancel_case(session: Session, deed: Deed, asked: Reason) -> Outcome:
    """Ends the case without service; an invoice in force is withdrawn with it."""
    if deed.case.invoice is not None:
        _end(session, deed, deed.case.invoice.id, "void", f"Permohonan dibatalkan: {asked.reason}")
    return Outcome("Permohonan dibatalkan.", asked.reason)


def priced_lines(case: CaseFacts, tariff: TariffTable, percent: int) -> list[PricedLine]:
    """The accepted lines with today's prices; relief rounds each line down in the customer's favour."""
    priced = []
    for line in case.accepted_lines():
        row = tariff.row(line.tariff)
        quote = price(row, line.quantity)
        payable = quote.amount * (100 - percent) // 100
        priced.append(
            PricedLine(
                line=line,
                tariff_name=row.name,
                article=f"{tariff.basis} {row.article}".strip(),
                unit=row.kind.counted_in,
                amount=quote.amount,
                payable=payable,
                explanation=quote.explanation,
            )
        )
    return priced


def _issue(
    session: Session,
    deed: Deed,
    book: Sequence[Rule],
    in_force: OfficeRules,
    percent: int,
    customer: dict[str, str],
    account: dict[str, str],
    *,
    replaces: UUID | None,
) -> tuple[InvoiceFacts, list[PricedLine]]:
    case = deed.case
    tariff = tariff_in_force(book, case.today, case.office_id)
    lines = priced_lines(case, tariff, percent)
    total = sum(line.payable for line in lines)
    invoice_id = uuid4()
    due = invoice_due(case.today, in_force.invoice_months)
    row = session.execute(
        insert(Invoice)
        .values(
            office_id=case.office_id,
            id=invoice_id,
            case_id=case.id,
            valid_until=due.on,
            full_price=sum(line.amount for line in lines),
            relief_percent=percent,
            total=total,
            payment_code="",  # the server makes it of the number it gives
            tariff_basis=tariff.basis,
            charges_note=in_force.charges_note,
            relief_basis="PP 13/2024 pasal 4" if percent else "",
            customer=customer,
            payment_block=account,
            replaces=replaces,
        )
        .returning(Invoice.number, Invoice.issued_on, Invoice.payment_code)
    ).one()
    session.execute(
        insert(InvoiceLine),
        [
            {
                "office_id": case.office_id,
                "invoice_id": invoice_id,
                "position": position,
                "line_id": priced.line.id,
                "title": priced.line.title,
                "detail": priced.line.detail,
                "tariff": priced.line.tariff,
                "tariff_name": priced.tariff_name,
                "article": priced.article,
                "unit": priced.unit,
                "quantity": priced.line.quantity,
                "full_amount": priced.amount,
                "amount": priced.payable,
                "explanation": priced.explanation,
            }
            for position, priced in enumerate(lines, start=1)
        ],
    )
    return (
        InvoiceFacts(invoice_id, row.number, total, row.issued_on, due.on, deed.actor.login, row.payment_code),
        lines,
    )


def _issue_agreement(
    session: Session,
    deed: Deed,
    book: Sequence[Rule],
    in_force: OfficeRules,
    customer: dict[str, str],
    invoice_id: UUID,
) -> AgreementFacts:
    case = deed.case
    agreement_id = uuid4()
    row = session.execute(
        insert(Agreement)
        .values(
            office_id=case.office_id,
            id=agreement_id,
            case_id=case.id,
            invoice_id=invoice_id,
            copies=in_force.sppd_copies,
            customer=customer,
            abstract=asdict(case.abstract),
            signatory=in_force.signer_for(case.customer_class),
            clauses=list(in_force.agreement_clauses),
            stamp_value=stamp_in_force(book, case.today, case.office_id).duty,
        )
        .returning(Agreement.number, Agreement.year, Agreement.sequence, Agreement.issued_on)
    ).one()
    return AgreementFacts(
        agreement_id,
        row.number,
        row.year,
        row.sequence,
        row.issued_on,
        in_force.sppd_copies,
        ("sent",) * in_force.sppd_copies,
    )


def _end(session: Session, deed: Deed, invoice_id: UUID, kind: str, reason: str) -> None:
    session.execute(
        insert(InvoiceEnd).values(
            office_id=deed.office_id, id=uuid4(), case_id=deed.case_id, invoice_id=invoice_id, kind=kind, reason=reason
        )
    )


def _parties(session: Session, case: CaseFacts) -> tuple[dict[str, str], dict[str, str]]:
    row = session.execute(_PARTIES, {"office_id": case.office_id, "case_id": case.id}).mappings().one()
    customer = {key: value for key, value in row.items() if key not in ("account", "head")}
    if not customer["id_number"].strip():
        raise Refused(
            "Nomor identitas pengguna data belum diisi; nomor itu tercetak pada SPPD. Isi lewat “Ubah permohonan”."
        )
    if not row["head"].strip():
        raise Refused("Pejabat penanda tangan SPPD belum diisi. Minta administrator melengkapi data kantor.")
    if not all(row["account"].get(part, "").strip() for part in ("bank", "number", "holder")):
        raise Refused("Rekening penerimaan kantor belum diisi. Minta administrator melengkapi data kantor.")
    return customer, dict(row["account"])
