"""SIMPONI: billing codes that are given out, and the state's receipts (NTPN) that prove their money."""

from __future__ import annotations

from datetime import timedelta

from desk.errors import Refused
from desk.rules import identifiers
from desk.rules.case import BillingFacts, CaseFacts, Money, Stage
from desk.rules.dates import date_text
from desk.rules.inputs import BillingInput, StatePaymentInput
from desk.rules.people import Actor
from desk.rules.rupiah import rupiah

LONGEST = timedelta(days=366)
"""A code that is said to live longer was written down with a wrong year."""


def read_billing_code(text: str) -> str:
    """The 15 digits of a billing code; blanks and dashes are forgiven. Refused with a sentence otherwise."""
    return _read(identifiers.read_billing_code(text), text, "Kode billing terdiri atas 15 angka")


def read_ntpn(text: str) -> str:
    """The 16 letters and digits of an NTPN; blanks and small letters are forgiven. Refused otherwise."""
    return _read(identifiers.read_ntpn(text), text, "NTPN terdiri atas 16 huruf dan angka")


def _read(reading: identifiers.Reading, text: str, shape: str) -> str:
    if not reading.valid:
        raise Refused(f"{shape}; yang ditulis {sum(sign.isalnum() for sign in text)}.")
    return str(reading.normalized)


def usable(case: CaseFacts) -> tuple[BillingFacts, ...]:
    """The codes that pay the invoice in force: exactly its amount."""
    invoice = case.invoice
    return () if invoice is None else tuple(each for each in case.billing if each.amount == invoice.total)


def open_code(case: CaseFacts) -> BillingFacts | None:
    """The newest code with which the invoice in force can be paid today."""
    return next((each for each in usable(case) if each.expires_on >= case.today), None)


def why_not_record_billing(case: CaseFacts, _actor: Actor) -> str | None:
    """A billing code belongs to money that is still to come."""
    if case.money is Money.NONE:
        if case.stage is Stage.CLEAR:
            return None
        return "Kode billing dicatat setelah permintaan clear; jumlahnya menurut baris data yang sesuai."
    if case.money is Money.EXPIRED:
        return "Invoice sudah kedaluwarsa; perpanjang invoice dahulu, lalu catat kode billing barunya."
    return None


def why_not_accept_billing(case: CaseFacts, asked: BillingInput, due: int) -> str | None:
    """Judges a billing code against what is due, in whole rupiah."""
    if asked.amount != due:
        owed = f"invoice {case.invoice.number}" if case.invoice else "tarif baris data yang sesuai hari ini"
        return (
            f"Jumlah kode billing {rupiah(asked.amount)} tidak sama dengan {owed}, {rupiah(due)}. "
            "Buat kode billing baru di SIMPONI dengan jumlah itu."
        )
    if case.clear_on is not None and asked.expires_on < case.clear_on:
        return f"Kode billing itu berakhir {date_text(asked.expires_on)}, sebelum permintaan clear; periksa tanggalnya."
    if asked.expires_on > case.today + LONGEST:
        return f"Kode billing itu berakhir {date_text(asked.expires_on)}, lebih dari setahun lagi; periksa tahunnya."
    return None


def why_not_confirm_state(case: CaseFacts, _actor: Actor) -> str | None:
    """An NTPN proves the money of a billing code; without one there is nothing it could belong to."""
    if not case.billing:
        return "Belum ada kode billing yang tercatat; catat dahulu kode yang dipakai membayar."
    if not usable(case) and case.invoice is not None:
        return (
            f"Jumlah kode billing yang tercatat lain dari invoice {case.invoice.number}, {rupiah(case.invoice.total)}; "
            "catat kode billing yang jumlahnya sama."
        )
    return None


def why_not_accept_state_payment(case: CaseFacts, asked: StatePaymentInput) -> str | None:
    """Judges what the state's receipt says against the code and the invoice."""
    code = next((each for each in case.billing if each.id == asked.billing), None)
    if code is None:
        return "Pilih kode billing yang dibayar."
    if asked.paid_on > case.today:
        return f"Tanggal bayar {date_text(asked.paid_on)} belum tiba; periksa bukti penerimaan negara."
    if asked.paid_on > code.expires_on:
        return (
            f"Kode billing {code.code} berakhir {date_text(code.expires_on)} dan tidak dapat dibayar setelahnya; "
            "periksa tanggal pada bukti penerimaan negara."
        )
    return None
