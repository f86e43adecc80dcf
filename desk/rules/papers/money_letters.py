"""The values of the letters about money: a billing code, and what became of money that did not pay as it should."""

from __future__ import annotations

from desk.rules.dates import date_text
from desk.rules.papers.contents import BillingPaper, CustomerDetails, MoneyLetter, OfficeDetails, UnknownMoney
from desk.rules.papers.contexts import (
    Context,
    customer_fields,
    letter_fields,
    letterhead_fields,
    nip_text,
    officer_fields,
    sentence_case,
)
from desk.rules.rupiah import grouped, in_words_rupiah, rupiah_paper


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


def short_context(office: OfficeDetails, customer: CustomerDetails, paper: MoneyLetter) -> Context:
    """Give the fields of the letter that asks for what is missing."""
    return {
        **_money(office, customer, paper),
        **_apart(paper),
        "berlaku_sampai": date_text(paper.invoice_until),
        "rekening_bank": paper.account.bank if paper.account else "",
        "rekening_nomor": paper.account.number if paper.account else "",
        "rekening_nama": paper.account.holder if paper.account else "",
        "kode_bayar": paper.payment_code,
        "saluran_bukti": office.proof_channel,
    }


def over_context(office: OfficeDetails, customer: CustomerDetails, paper: MoneyLetter) -> Context:
    """Give the fields of the letter about money beyond the invoice."""
    return {**_money(office, customer, paper), **_apart(paper)}


def double_context(office: OfficeDetails, customer: CustomerDetails, paper: MoneyLetter) -> Context:
    """Give the fields of the letter about an invoice that was paid twice."""
    return {**_money(office, customer, paper), "dibayar_pada": date_text(paper.paid_on) if paper.paid_on else ""}


def late_context(office: OfficeDetails, customer: CustomerDetails, paper: MoneyLetter) -> Context:
    """Give the fields of the letter about money that came after the invoice had ended."""
    return {**_money(office, customer, paper), "berlaku_sampai": date_text(paper.invoice_until)}


def unknown_context(office: OfficeDetails, paper: UnknownMoney) -> Context:
    """Give the fields of the letter that asks whose money it is; it belongs to no case and to no customer."""
    whole = paper.amount_sen % 100 == 0
    return {
        **letterhead_fields(office),
        "nomor": paper.number,
        "tanggal": date_text(paper.issued_on),
        "tempat": office.city,
        "qr": paper.code,
        "qr_teks": paper.code,
        "kepada_nama": paper.addressee,
        "kepada_alamat": paper.address,
        "kepada_bank": paper.to_bank,
        "jumlah_rupiah": sen_paper(paper.amount_sen),
        "jumlah_terbilang": sentence_case(in_words_rupiah(paper.amount_sen // 100)) if whole else "",
        "uang_diterima_pada": date_text(paper.received_on),
        "keterangan_bank": paper.remark,
        "pengirim": paper.sender,
        "referensi": paper.reference,
        "rekening_bank": paper.bank,
        "rekening_akhir": paper.account_end,
        "keterangan": paper.note,
        "saluran_jawaban": office.email or office.proof_channel,
        "bendahara_nama": paper.treasurer.name,
        "bendahara_nip": nip_text(paper.treasurer.nip),
        "bendahara_jabatan": paper.treasurer.position,
    }


def sen_paper(sen: int) -> str:
    """Give an amount in sen as papers write it: `Rp1.234,50`."""
    return f"Rp{grouped(sen // 100)},{sen % 100:02}"


def _apart(paper: MoneyLetter) -> Context:
    whole = paper.apart_sen % 100 == 0
    return {
        "selisih_rupiah": sen_paper(paper.apart_sen),
        "selisih_terbilang": sentence_case(in_words_rupiah(paper.apart_sen // 100)) if whole else "",
    }


def _money(office: OfficeDetails, customer: CustomerDetails, paper: MoneyLetter) -> Context:
    return {
        **letterhead_fields(office),
        **customer_fields(customer),
        **letter_fields(office, paper.number, paper.issued_on, paper.case_number, paper.code),
        "nomor_invoice": paper.invoice_number,
        "tanggal_invoice": date_text(paper.invoice_on),
        "jumlah_invoice": rupiah_paper(paper.total),
        "jumlah_diterima": sen_paper(paper.received_sen),
        "uang_diterima_pada": date_text(paper.received_on),
        "keterangan": paper.note,
        "bendahara_nama": paper.treasurer.name,
        "bendahara_nip": nip_text(paper.treasurer.nip),
        "bendahara_jabatan": paper.treasurer.position,
    }
