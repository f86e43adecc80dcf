"""Invoice and SPPD: made from the same lines, sent together, renewed, ended (standards, prosedur 2a; keterangan)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from uuid import UUID, uuid4

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from desk.models import CustodyEntry, InvoiceEnd
from desk.rules.case import AgreementFacts, CaseFacts, InvoiceFacts, LineFacts, Money, MoneyFacts
from desk.rules.custody import Custody
from desk.rules.dates import date_text
from desk.rules.deadlines import invoice_due
from desk.rules.deed import Deed, Outcome
from desk.rules.inputs import Reason, SentBy
from desk.rules.numbering import with_kind
from desk.rules.rule_book import office_rules, tariff_in_force
from desk.rules.rupiah import rupiah
from desk.rules.tariff import TariffTable, price
from desk.services.conversation import keep_sent_text
from desk.services.rule_book import rules_for

_OFFER = text("""
WITH party AS (
  SELECT jsonb_build_object('name', k.name, 'customer_class', k.customer_class, 'institution', k.institution,
      'position', k.position, 'email', k.email, 'phone', k.phone, 'address', k.address, 'id_number', k.id_number,
      'npwp', k.npwp) AS customer,
    coalesce(o.profile->'account', '{}'::jsonb) AS account
  FROM desk.cases c
  JOIN desk.customer k ON k.office_id = c.office_id AND k.id = c.customer_id
  JOIN desk.office o ON o.id = c.office_id
  WHERE c.office_id = :office_id AND c.id = :case_id
), i AS (
  INSERT INTO desk.invoice (office_id, id, case_id, valid_until, full_price, relief_percent, total, tariff_basis,
    charges_note, relief_basis, customer, payment_block, replaces)
  SELECT :office_id, :invoice_id, :case_id, :valid_until, :full_price, :percent, :total, :tariff_basis,
    :charges_note, :relief_basis, party.customer, party.account, :replaces FROM party
  RETURNING number, issued_on, payment_code
), l AS (
  INSERT INTO desk.invoice_line (office_id, invoice_id, position, line_id, title, detail, tariff, tariff_name, article,
    unit, quantity, full_amount, amount, explanation)
  SELECT :office_id, :invoice_id, x.position, x.line_id, x.title, x.detail, x.tariff, x.tariff_name, x.article, x.unit,
    x.quantity, x.full_amount, x.amount, x.explanation
  FROM jsonb_to_recordset(CAST(:lines AS jsonb)) AS x(position bigint, line_id uuid, title text, detail text,
    tariff text, tariff_name text, article text, unit text, quantity bigint, full_amount bigint, amount bigint,
    explanation text)
), a AS (
  INSERT INTO desk.agreement (office_id, id, case_id, invoice_id, copies, customer, abstract, signatory, clauses,
    stamp_value)
  SELECT :office_id, :agreement_id, :case_id, :invoice_id, :copies, party.customer, CAST(:abstract AS jsonb),
    :signatory, CAST(:clauses AS jsonb), :stamp_value FROM party WHERE :with_agreement
  RETURNING number, year, sequence, issued_on
)
SELECT i.number, i.issued_on, i.payment_code, a.number AS agreement_number, a.year, a.sequence,
  a.issued_on AS agreement_on
FROM i LEFT JOIN a ON true
""")
"""Invoice, its lines and the SPPD in one statement: one round trip, and the two papers cannot disagree."""


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
    issued = _issue(session, deed, replaces=None)
    assert issued.agreement is not None, "an offer without a predecessor has its own SPPD"
    free = issued.invoice.total == 0
    price_words = "nol rupiah" if free else rupiah(issued.invoice.total)
    return Outcome(
        f"Invoice {issued.invoice.number} ({price_words}, {len(deed.case.accepted_lines())} baris) dan "
        f"{with_kind('SPPD', issued.agreement.number)} terbit.",
        moves=(Money.FREE if free else Money.INVOICED,),
        changes={
            "numbered": True,
            "invoice": issued.invoice,
            "agreement": issued.agreement,
            "payment": MoneyFacts(),
            "papers_ready": False,
        },
        subject_id=issued.invoice.id,
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
        f"Invoice {case.invoice.number} dan {with_kind('SPPD', case.agreement.number)} dikirim lewat "
        f"{case.channel.label}{', dengan contoh data' if case.sample_allowed and case.sample else ''}.",
        asked.note,
    )


def renew_invoice(session: Session, deed: Deed, _asked: None) -> Outcome:
    """Replaces an invoice that has run out by one at today's tariff; the SPPD stays, for its lines are the same."""
    case, old = deed.case, deed.case.invoice
    assert old is not None, "only a case with an invoice can be renewed"
    invoice = _issue(session, deed, replaces=old.id).invoice
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


@dataclass(frozen=True, slots=True)
class _Issued:
    invoice: InvoiceFacts
    agreement: AgreementFacts | None


def _issue(session: Session, deed: Deed, *, replaces: UUID | None) -> _Issued:
    """Issues an invoice at today's tariff; the first one of a case brings its SPPD along."""
    case, book = deed.case, rules_for(session, deed.case)
    in_force = office_rules(book, case.today, case.office_id)
    tariff = tariff_in_force(book, case.today, case.office_id)
    percent = case.relief.percent if case.relief and case.relief.approved else 0
    lines = priced_lines(case, tariff, percent)
    total, valid_until = sum(line.payable for line in lines), invoice_due(case.today, in_force.invoice_months).on
    invoice_id, agreement_id = uuid4(), uuid4()
    row = session.execute(
        _OFFER,
        {
            "office_id": case.office_id,
            "case_id": case.id,
            "invoice_id": invoice_id,
            "valid_until": valid_until,
            "full_price": sum(line.amount for line in lines),
            "percent": percent,
            "total": total,
            "tariff_basis": tariff.basis,
            "charges_note": in_force.charges_note,
            "relief_basis": "",  # the server's word: the basis of the approval
            "replaces": replaces,
            "lines": json.dumps([_line_row(position, line) for position, line in enumerate(lines, start=1)]),
            "agreement_id": agreement_id,
            "copies": in_force.sppd_copies,
            "abstract": json.dumps(asdict(case.abstract)),
            "signatory": in_force.signer_for(case.customer_class),
            "clauses": json.dumps(in_force.agreement_clauses),
            "stamp_value": in_force.stamp.duty,
            "with_agreement": replaces is None,
        },
    ).one()
    invoice = InvoiceFacts(
        invoice_id, row.number, total, row.issued_on, valid_until, deed.actor.login, row.payment_code
    )
    if row.agreement_number is None:
        return _Issued(invoice, None)
    copies = in_force.sppd_copies
    agreement = AgreementFacts(
        agreement_id, row.agreement_number, row.year, row.sequence, row.agreement_on, copies, ("sent",) * copies
    )
    return _Issued(invoice, agreement)


def _line_row(position: int, priced: PricedLine) -> dict[str, object]:
    return {
        "position": position,
        "line_id": str(priced.line.id),
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


def _end(session: Session, deed: Deed, invoice_id: UUID, kind: str, reason: str) -> None:
    session.execute(
        insert(InvoiceEnd).values(
            office_id=deed.office_id, id=uuid4(), case_id=deed.case_id, invoice_id=invoice_id, kind=kind, reason=reason
        )
    )
