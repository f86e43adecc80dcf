"""The kinds of paper that the desk makes."""

from __future__ import annotations

from desk.rules import codes
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

    @property
    def template_name(self) -> str:
        """The file name of the shipped Word template in `templates_docx`."""
        return f"{self.value}.docx"

    @property
    def code_kind(self) -> codes.PaperKind:
        """The word for this kind inside the paper's QR code."""
        return _CODE_KINDS[self]


_CODE_KINDS = {
    PaperKind.INVOICE: codes.PaperKind.INVOICE,
    PaperKind.SPPD: codes.PaperKind.AGREEMENT,
    PaperKind.RECEIPT: codes.PaperKind.RECEIPT,
    PaperKind.DELIVERY_NOTE: codes.PaperKind.DELIVERY_NOTE,
    PaperKind.ORIGINAL_REFUSAL: codes.PaperKind.REFUSAL,
    PaperKind.REDIRECT: codes.PaperKind.REDIRECT,
    PaperKind.CORRECTION_NOTE: codes.PaperKind.CORRECTION,
    PaperKind.CLOSING: codes.PaperKind.CLOSING,
}
