"""Billing codes of SIMPONI: made there for the customer, written down here with their amount and last day."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.models import BillingCodeRow
from desk.rules.billing import read_billing_code, why_not_accept_billing
from desk.rules.case import BillingFacts
from desk.rules.dates import date_text
from desk.rules.deed import Deed, Outcome
from desk.rules.inputs import BillingInput
from desk.rules.papers import PaperKind
from desk.rules.rupiah import rupiah
from desk.services.intake import write_letter
from desk.services.invoicing import priced_lines
from desk.services.rule_book import tariff_of


def record_billing_code(session: Session, deed: Deed, asked: BillingInput) -> Outcome:
    """Writes a code down; with an invoice in force in a letter of its own, before it on the invoice itself.

    The same code written down again (a mistyped last day) takes the place of its earlier row.
    """
    case = deed.case
    code = read_billing_code(asked.billing_code)
    if case.invoice is not None:
        due = case.invoice.total
    else:
        percent = case.relief.percent if case.relief and case.relief.approved else 0
        due = sum(line.payable for line in priced_lines(case, tariff_of(session, case), percent))
    if reason := why_not_accept_billing(case, asked, due):
        raise Refused(reason)
    billing_id = uuid4()
    session.execute(
        insert(BillingCodeRow).values(
            office_id=case.office_id,
            id=billing_id,
            case_id=case.id,
            code=code,
            amount=asked.amount,
            expires_on=asked.expires_on,
        )
    )
    if case.invoice is not None and asked.expires_on >= case.today:
        write_letter(session, deed, PaperKind.BILLING, {"billing_id": str(billing_id)})
    known = tuple(each for each in case.billing if each.code != code)
    return Outcome(
        f"Kode billing {code} sejumlah {rupiah(asked.amount)} dicatat, berlaku sampai {date_text(asked.expires_on)}.",
        changes={"billing": (BillingFacts(billing_id, code, asked.amount, asked.expires_on), *known)},
        subject_id=billing_id,
    )
