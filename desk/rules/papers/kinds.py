"""The kinds of paper that the desk makes."""

from __future__ import annotations

from desk.rules.case import State


class PaperKind(State):
    """A paper of the desk: the stored code names its template, the label its place on screen."""

    INVOICE = "invoice", "invoice"
    SPPD = "sppd", "Surat Perjanjian Penggunaan Data (SPPD)"
    RECEIPT = "receipt", "kuitansi"
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
