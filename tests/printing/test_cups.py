"""Papers through Qt's own print path into a queue of CUPS: what comes out of the printer is the stored paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinterInfo

from desk import resources
from desk.adapters.paper import PaperShop
from desk.adapters.word import Picture
from desk.errors import Unavailable
from desk.rules.papers import PaperKind, example_context, optional_fields
from desk.services.papers import QR_MM, qr_png
from desk.ui.printing import PrintOrder, carry_out
from tests.printing.cups import PrintServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desk.ui.background import Task

pytestmark = pytest.mark.component("cups")


class Quiet:
    """A task that nobody watches."""

    def progress(self, at: int, of: int) -> None:
        pass


QUIET = cast("Task", Quiet())


@pytest.fixture(scope="module")
def shop() -> Iterator[PaperShop]:
    opened = PaperShop()
    yield opened
    opened.close()


def made(shop: PaperShop, name: str) -> bytes:
    """The pages of the example kuitansi by one of its templates."""
    context = dict(example_context(PaperKind.RECEIPT))
    context["qr"] = Picture(qr_png(str(context["qr"])), QR_MM)
    template = resources.template(f"{name}.docx").read_bytes()
    return shop.make(template, context, optional=sorted(optional_fields(PaperKind.RECEIPT))).pdf


@pytest.fixture(scope="module")
def kuitansi(shop: PaperShop) -> bytes:
    """The pages of the example kuitansi."""
    return made(shop, "receipt")


def codes_on(shop: PaperShop, sheet: Path) -> list[str]:
    """The codes a scanner reads from a sheet that came out of the printer."""
    import zxingcpp

    drawn = QImage.fromData(shop.preview(sheet.read_bytes(), 1, 200))
    grey = drawn.convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = memoryview(bytes(grey.constBits())).cast("B", (grey.height(), grey.bytesPerLine()))
    return [found.text for found in zxingcpp.read_barcodes(pixels)]


def test_the_printer_is_found_and_a_kuitansi_comes_out_of_it_readable(
    qapp: object, loket: PrintServer, shop: PaperShop, kuitansi: bytes
) -> None:
    from pypdf import PdfReader

    assert QPrinterInfo.availablePrinterNames() == ["Loket"]
    before = len(loket.sheets("Loket", 0))
    carry_out(PrintOrder("Loket", 1, 1, 1, name="Kuitansi KW-009"), shop, kuitansi, "ASLI", QUIET)
    sheets = loket.sheets("Loket", before + 1)[before:]
    page = PdfReader(sheets[0]).pages[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    assert codes_on(shop, sheets[0]) == [str(example_context(PaperKind.RECEIPT)["qr"])]


def test_a_kuitansi_on_half_a_page_comes_out_on_a5(qapp: object, loket: PrintServer, shop: PaperShop) -> None:
    from pypdf import PdfReader

    before = len(loket.sheets("Loket", 0))
    carry_out(PrintOrder("Loket", 1, 1, 1), shop, made(shop, "receipt_a5"), "ASLI", QUIET)
    sheet = loket.sheets("Loket", before + 1)[-1]
    page = PdfReader(sheet).pages[0]
    assert sorted((round(page.mediabox.width, -1), round(page.mediabox.height, -1))) == [420, 600]
    assert codes_on(shop, sheet) == [str(example_context(PaperKind.RECEIPT)["qr"])]


def test_a_queue_that_takes_no_orders_is_said_and_nothing_is_lost(
    qapp: object, loket: PrintServer, shop: PaperShop, kuitansi: bytes
) -> None:
    loket.refuse("Loket")
    try:
        with pytest.raises(Unavailable, match=r"Pencetak Loket sedang tidak menerima cetakan"):
            carry_out(PrintOrder("Loket", 1, 1, 1), shop, kuitansi, "ASLI", QUIET)
    finally:
        loket.accept("Loket")


def test_a_printer_that_is_gone_is_said(qapp: object, loket: PrintServer, shop: PaperShop, kuitansi: bytes) -> None:
    with pytest.raises(Unavailable, match="Pencetak Meja 9 tidak ditemukan"):
        carry_out(PrintOrder("Meja 9", 1, 1, 1), shop, kuitansi, "ASLI", QUIET)
