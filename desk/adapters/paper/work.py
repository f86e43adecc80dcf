"""What the child process of the papers does: fill, lay out, write PDF and pictures. Runs without a window."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from desk.adapters.paper.binding import joined, numbered, picture_page
from desk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from desk.adapters.paper.ink import Sheets
    from desk.adapters.word import Finding

MAX_PREVIEW_PIXELS = 40_000_000
_QUICK = 80  # Qt's word for zlib level 2: a page at 300 dpi takes two thirds of the time and hardly more room
_LONG = "Dokumen ini lebih dari 500 halaman dan tidak dibuat. Periksa templat dan datanya lalu coba lagi."


@dataclass(frozen=True, slots=True)
class Paper:
    """A finished paper; `warnings` name in Indonesian what the engine could not draw."""

    docx: bytes = field(repr=False)
    pdf: bytes = field(repr=False)
    pages: int
    warnings: tuple[str, ...] = ()


def start_qt() -> None:
    """Makes the QGuiApplication that fonts and painters need, without a window; keeps one that is there."""
    from PySide6.QtGui import QGuiApplication

    if QGuiApplication.instance() is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"  # this process shows nothing, wherever it runs
        _kept.append(QGuiApplication([]))


_kept: list[object] = []


def lay_out(docx: bytes, marks: Sequence[str] = ()) -> Sheets:
    """The finished sheets of a filled Word file, marks included. Raises Refused."""
    from desk.adapters.paper.fonts import metrics
    from desk.adapters.paper.marks import marked
    from desk.adapters.paper.pages import PageBuilder, TooManyPages
    from desk.adapters.paper.reading import read_document

    try:
        sheets = PageBuilder(read_document(docx), metrics()).build()
    except TooManyPages:
        raise Refused(_LONG) from None
    return marked(sheets, marks)


def paper_of(docx: bytes, marks: Sequence[str] = ()) -> Paper:
    """The pages of a filled Word file."""
    from desk.adapters.paper.pdf import write_pdf

    sheets = lay_out(docx, marks)
    return Paper(docx, write_pdf(sheets), len(sheets.pages), sheets.warnings)


def filled(template: bytes, context: Mapping[str, object], optional: Sequence[str]) -> bytes:
    """The filled Word file."""
    from desk.adapters import word

    return word.fill(template, context, optional)


def made(template: bytes, context: Mapping[str, object], marks: Sequence[str], optional: Sequence[str]) -> Paper:
    """A paper from a template and its values."""
    return paper_of(filled(template, context, optional), marks)


def checked(template: bytes, fields: Mapping[str, object] | None) -> list[Finding]:
    """The findings of a template."""
    from desk.adapters import word

    return word.check_template(template, fields)


def text_of(docx: bytes) -> str:
    """The text of a Word file, tags included, a line per paragraph. Raises Refused for what is no Word file."""
    from desk.adapters import word

    return word.text_of(docx)


def page_count(data: bytes, password: str | None) -> int:
    """How many pages a PDF or a Word file has. Raises Refused for a damaged or locked file."""
    if _is_zip(data):
        return len(lay_out(data).pages)
    with _Pdf(data, password) as document:
        return len(document)


def page_picture(data: bytes, page: int, dots_per_inch: int, marks: Sequence[str], password: str | None) -> bytes:
    """One page (1 is the first) of a PDF or a Word file as PNG. Raises Refused."""
    from desk.adapters.paper.marks import mark_pdf
    from desk.adapters.paper.pdf import picture_of

    if _is_zip(data):
        sheets = lay_out(data, marks)
        _refuse_page(page, len(sheets.pages))
        return picture_of(sheets, page - 1, dots_per_inch)
    with _Pdf(mark_pdf(data, marks) if marks else data, password) as document:
        _refuse_page(page, len(document))
        return _rendered(document[page - 1], dots_per_inch)


def stamped(pdf: bytes, marks: Sequence[str]) -> bytes:
    """A stored PDF with marks over every page. Raises Refused for a damaged or locked file."""
    from pypdf.errors import PdfReadError

    from desk.adapters.paper.marks import mark_pdf

    try:
        return mark_pdf(pdf, marks)
    except PdfReadError as trouble:
        raise Refused(
            "PDF ini rusak atau terkunci sehingga tidak dapat ditandai. Ambil lagi salinan yang utuh."
        ) from trouble


def scan_work(deed: str, *arguments: object) -> object:
    """A deed of `scan_pages`, whose libraries are loaded with the first scan."""
    from desk.adapters import scan_pages

    return scan_pages.DEEDS[deed](*arguments)


def _rendered(page: Any, dots_per_inch: int) -> bytes:
    from PySide6.QtCore import QBuffer, QIODevice
    from PySide6.QtGui import QImage

    width, height = page.get_size()
    scale = min(dots_per_inch / 72, (MAX_PREVIEW_PIXELS / max(width * height, 1.0)) ** 0.5)
    bitmap = page.render(scale=scale, rev_byteorder=False, prefer_bgrx=True)
    image = QImage(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGB32)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", _QUICK)  # type: ignore[call-overload]
    del image
    bitmap.close()
    page.close()
    return bytes(buffer.data().data())


def _is_zip(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04")


def _refuse_page(page: int, count: int) -> None:
    if not 1 <= page <= count:
        raise Refused(f"Halaman {page} tidak ada; dokumen ini memiliki {count} halaman. Pilih halaman lain.")


class _Pdf:
    """A PDF opened by PDFium and closed again; what cannot be opened is refused with its reason."""

    def __init__(self, data: bytes, password: str | None) -> None:
        self._data = data
        self._password = password
        self._document: Any = None

    def __enter__(self) -> Any:
        import pypdfium2

        if b"%PDF-" not in self._data[:1024]:
            raise Refused("Isi berkas ini bukan PDF. Minta berkas yang benar atau simpan ulang sebagai PDF.")
        try:
            self._document = pypdfium2.PdfDocument(self._data, password=self._password)
            count = len(self._document)
        except pypdfium2.PdfiumError as trouble:
            if getattr(trouble, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD:
                raise Refused(
                    "PDF ini dikunci kata sandi. Minta kata sandinya atau salinan tanpa kata sandi."
                ) from trouble
            raise Refused("PDF ini rusak dan tidak dapat dibuka. Minta pengirim mengirim ulang.") from trouble
        if count == 0:
            raise Refused("PDF ini rusak dan tidak dapat dibuka. Minta pengirim mengirim ulang.")
        return self._document

    def __exit__(self, *_: object) -> None:
        self._document.close()


OPERATIONS: dict[str, Callable[..., object]] = {
    "make": made, "fill": filled, "pages": paper_of, "sheets": lay_out, "check": checked, "count": page_count,
    "picture": page_picture, "stamp": stamped, "scan": scan_work, "text": text_of,
    "picture_page": picture_page, "number_pages": numbered, "join": joined,
}  # fmt: skip
