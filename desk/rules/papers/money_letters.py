"""The values of the letters about money: a billing code, and what became of money that did not pay as it should."""

from __future__ import annotations

from desk.rules.dates import date_text
from desk.rules.papers.contents import BillingPaper, CustomerDetails, OfficeDetails
from desk.rules.papers.contexts import (
    Context,
    customer_fields,
    letter_fields,
    letterhead_fields,
    officer_fields,
    sentence_case,
)
from desk.rules.rupiah import in_words_rupiah, rupiah_paper


def billing_context(office: OfficeDetails, customer: CustomerDetails, paper: BillingPaper) -> Context:
    """Give the fields of the letter with a billing code."""
    return {
        **letterhead_fields(office),
        **customer_fields(customer),
        **letter_fields(office, paper.number, paper.issued_on, paper.case_number, paper.code),
        **officer_fields(paper.officer),
        "nomor_invoice": paper.invoice_number,
        "tanggal_invoice": date_text(paper.invoice_on),
        "berlaku_sampai": date_text(paper.invoice_until),
        "kode_billing": paper.billing.code,
        "kode_billing_berlaku": date_text(paper.billing.expires_on),
        "jumlah_rupiah": rupiah_paper(paper.amount),
        "jumlah_terbilang": sentence_case(in_words_rupiah(paper.amount)),
        "dasar_tarif": paper.tariff_basis,
        "saluran_bukti": office.proof_channel,
    }
