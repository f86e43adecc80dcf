"""Marks over a finished paper: LATIHAN, CONTOH, BATAL, DIGANTI large and light, ASLI, SALINAN as a stamp."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from desk.adapters.paper.ink import Group, Mark, Sheet, Sheets

if TYPE_CHECKING:
    from collections.abc import Sequence

ACROSS_THE_PAGE = {"LATIHAN", "BATAL", "DIGANTI", "CONTOH"}
_EDGE = 454.0  # twips from the paper's edge, 8 mm: printers still print there
_STEP = 1700.0


def marked(sheets: Sheets, marks: Sequence[str]) -> Sheets:
    """The same sheets with the marks on every page; the text below stays readable."""
    if not marks:
        return sheets
    pages = [Sheet(page.width, page.height, [*page.groups, _marks(page, marks)]) for page in sheets.pages]
    return Sheets(pages, sheets.images, sheets.warnings, sheets.stamp, " ".join((sheets.identity, *marks)))


def mark_pdf(pdf: bytes, marks: Sequence[str]) -> bytes:
    """A stored PDF with the marks on every page; needs a QGuiApplication."""
    from pypdf import PdfReader, PdfWriter

    from desk.adapters.paper.pdf import write_pdf

    if not marks:
        return pdf
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    for page in writer.pages:
        page.transfer_rotation_to_content()
    sizes = [(float(page.mediabox.width) * 20, float(page.mediabox.height) * 20) for page in writer.pages]
    blank = Sheets([Sheet(width, height) for width, height in sizes], {}, (), "20260101000000", "")
    overlay = PdfReader(io.BytesIO(write_pdf(marked(blank, marks))))
    for page, over in zip(writer.pages, overlay.pages, strict=True):
        page.merge_translated_page(over, float(page.mediabox.left), float(page.mediabox.bottom))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _marks(page: Sheet, marks: Sequence[str]) -> Group:
    found: list[Mark] = []
    stamps = 0
    for text in marks:
        if text in ACROSS_THE_PAGE:
            found.append(Mark(page.width / 2, page.height / 2, text, min(page.width, page.height) / 8, across=True))
        else:
            found.append(Mark(page.width - _EDGE - stamps * _STEP, _EDGE, text, 220.0, across=False))
            stamps += 1
    return Group(0.0, 0.0, [*found])
