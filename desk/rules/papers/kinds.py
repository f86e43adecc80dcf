"""The kinds of paper that the desk makes."""

from __future__ import annotations

from dataclasses import dataclass

from desk.rules.case import State


class PaperKind(State):
    """A paper of the desk: the stored code names its template, the label its place on screen."""

    INVOICE = "invoice", "invoice"
    SPPD = "sppd", "Surat Perjanjian Penggunaan Data (SPPD)"
    RECEIPT = "receipt", "kuitansi"
    BILLING = "billing", "surat kode billing"
    MONEY_SHORT = "money_short", "surat kekurangan pembayaran"
    MONEY_OVER = "money_over", "surat kelebihan pembayaran"
    MONEY_DOUBLE = "money_double", "surat pembayaran ganda"
    MONEY_LATE = "money_late", "surat pembayaran terlambat"
    MONEY_UNKNOWN = "money_unknown", "surat uang tak bertuan"
    DELIVERY_NOTE = "delivery_note", "tanda terima pengiriman data"
    ORIGINAL_REFUSAL = "original_refusal", "surat pengembalian naskah"
    REDIRECT = "redirect", "surat pengalihan ke konsultasi"
    CORRECTION_NOTE = "correction_note", "nota perbaikan data"
    CLOSING = "closing", "pesan penutupan"
    CASE_FILE = "case_file", "berkas kasus"

    @property
    def template_name(self) -> str:
        """The file name of the shipped Word template in `templates_docx`."""
        return f"{self.value}.docx"

    @property
    def file_words(self) -> str:
        """How file names of this paper begin; customers read them."""
        return _FILE_WORDS[self]


_FILE_WORDS = {
    PaperKind.INVOICE: "Invoice",
    PaperKind.SPPD: "SPPD",
    PaperKind.RECEIPT: "Kuitansi",
    PaperKind.BILLING: "Surat kode billing",
    PaperKind.MONEY_SHORT: "Surat kekurangan pembayaran",
    PaperKind.MONEY_OVER: "Surat kelebihan pembayaran",
    PaperKind.MONEY_DOUBLE: "Surat pembayaran ganda",
    PaperKind.MONEY_LATE: "Surat pembayaran terlambat",
    PaperKind.MONEY_UNKNOWN: "Surat uang tak bertuan",
    PaperKind.DELIVERY_NOTE: "Tanda terima",
    PaperKind.ORIGINAL_REFUSAL: "Surat pengembalian naskah",
    PaperKind.REDIRECT: "Surat pengalihan",
    PaperKind.CORRECTION_NOTE: "Nota perbaikan",
    PaperKind.CLOSING: "Pesan penutupan",
    PaperKind.CASE_FILE: "Berkas kasus",
}

RECEIPT_PAGES = {"a4": "receipt", "a5": "receipt_a5"}
"""The templates of the kuitansi by the page an office prints it on: A4, or half of it."""
REGISTER = "register"
"""The template of the register of a month: no paper of a case."""
MORNING_SHEET = "morning_sheet"
SERVICE_REPORT = "service_report"
DESTRUCTION = "destruction"
OFFICE_SHEETS = (REGISTER, MORNING_SHEET, SERVICE_REPORT, DESTRUCTION)
"""The templates of sheets about the whole office."""


@dataclass(frozen=True, slots=True)
class TemplateForm:
    """A template that an office may replace: its stored name, the paper it makes, and what lists call it."""

    name: str
    paper: PaperKind
    label: str


def _forms() -> tuple[TemplateForm, ...]:
    found: list[TemplateForm] = []
    for kind in PaperKind:
        label = kind.label[:1].upper() + kind.label[1:]
        if kind is PaperKind.RECEIPT:
            found += [TemplateForm(name, kind, f"{label} {page.upper()}") for page, name in RECEIPT_PAGES.items()]
        else:
            found.append(TemplateForm(kind.value, kind, label))
    return tuple(found)


TEMPLATE_FORMS = _forms()
"""Every template of the desk, in the order in which a case meets the papers."""
