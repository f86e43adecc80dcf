"""Printing the pages of a stored paper: which printer, how many, and the mark ASLI or SALINAN on every sheet.

The pages come from the stored PDF, drawn at the printer's resolution in the paper process; a reprint is the same paper.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desk.errors import Unavailable
from desk.rules.printing import COPY, ORIGINAL
from desk.settings import MOST_COPIES, PaperPrinter
from desk.ui.forms.plain_fields import Drop

if TYPE_CHECKING:
    from desk.ui.background import Task

PRINT_DPI = 300
"""Dots per inch of a printed page: small print and QR codes stay sharp, an A4 page stays below 35 MB in memory."""
TRAYS = {
    "": "pilihan pencetak",
    "Upper": "baki atas",
    "Middle": "baki tengah",
    "Lower": "baki bawah",
    "Cassette": "kaset kertas",
    "LargeCapacity": "baki besar",
    "Manual": "isi tangan",
}
"""The trays by Qt's name; the ones a printer has not are taken by it as its own choice."""
TRAYS_HEARD = sys.platform == "win32"
"""Whether Qt tells the printer the tray. Elsewhere (CUPS) a tray is a printer of its own: `lpoptions -p Loket/atas`."""

INTO_FILE = "Berkas PDF …"

pdf_printers: dict[str, Path] = {}
"""Printers of the training by name: each order becomes a PDF in its folder, marked and written down like on paper."""


class PageShop(Protocol):
    """The part of the paper process that draws pages."""

    def preview(self, docx_or_pdf: bytes, page: int, dpi: int, *, marks: Sequence[str] = ()) -> bytes:
        """One page (1 is the first) as a PNG, with marks on it."""


@dataclass(frozen=True, slots=True)
class PrintOrder:
    """What the person chose; pages count from 1, both included. `file` is set for a print into a PDF file."""

    printer: str
    copies: int
    first: int
    last: int
    file: Path | None = None
    tray: str = ""
    name: str = "Meja PST"
    """What the printer's own list of jobs shows."""

    @property
    def pages(self) -> int:
        """How many pages one copy has."""
        return self.last - self.first + 1


class PrintDialog(QDialog):
    """A printer or a PDF file, copies and pages; calls `ordered` with the choice."""

    def __init__(
        self,
        parent: QWidget,
        title: str,
        pages: int,
        ordered: Callable[[PrintOrder], None],
        *,
        printers: Sequence[str] | None = None,
        remembered: PaperPrinter | None = None,
        issued: bool = False,
        trays: bool = TRAYS_HEARD,
        note: str = "",
        must_confirm: str = "",
        into_file: bool = True,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("print")
        self.setWindowTitle("Cetak")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._ordered = ordered
        self._title = title
        names = [*QPrinterInfo.availablePrinterNames(), *pdf_printers] if printers is None else list(printers)
        remembered = remembered or PaperPrinter()
        default = remembered.printer if remembered.printer in names else QPrinterInfo.defaultPrinterName()
        self.printer = Drop()
        self.printer.addItems([*names, INTO_FILE] if into_file else names)
        self.printer.setCurrentIndex(names.index(default) if default in names else 0)
        self.printer.setAccessibleName("Pencetak")
        self.tray = Drop()
        for tray, words in TRAYS.items():
            self.tray.addItem(words, tray)
        self.tray.setCurrentIndex(max(0, self.tray.findData(remembered.tray)))
        self.tray.setAccessibleName("Baki kertas")
        self._trays = trays
        self.copies = QSpinBox(minimum=1, maximum=MOST_COPIES, value=remembered.copies)
        self.copies.setAccessibleName("Jumlah salinan cetak")
        self.first = QSpinBox(minimum=1, maximum=pages, value=1)
        self.first.setAccessibleName("Dari halaman")
        self.last = QSpinBox(minimum=1, maximum=pages, value=pages)
        self.last.setAccessibleName("Sampai halaman")
        self.first.valueChanged.connect(self.last.setMinimum)
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(10)
        asked: list[tuple[str, QWidget]] = [("Pencetak", self.printer)]
        asked += [("Baki kertas", self.tray)] if trays else []
        asked += [("Jumlah", self.copies)]
        asked += [("Dari halaman", self.first), ("Sampai", self.last)] if pages > 1 else []
        for row, (label, editor) in enumerate(asked):
            named = QLabel(label)
            named.setBuddy(editor)
            grid.addWidget(named, row, 0)
            grid.addWidget(editor, row, 1)
        grid.setColumnStretch(1, 1)
        heading = QLabel(f"Cetak {title}")
        heading.setProperty("role", "title")
        heading.setWordWrap(True)
        self.about = QLabel()
        self.about.setProperty("role", "small")
        self.about.setWordWrap(True)
        self._issued = issued
        self._note = note or ("" if names or into_file else "Belum ada pencetak di komputer ini. Pasang dahulu.")
        self.confirmed = QCheckBox(must_confirm)
        self.confirmed.setVisible(bool(must_confirm))
        self.confirmed.toggled.connect(self._say_what_happens)
        self.printer.currentIndexChanged.connect(self._say_what_happens)
        cancel = QPushButton("Batal")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.go = QPushButton("Cetak")
        self.go.setObjectName("print.go")
        self.go.setProperty("role", "primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self._order)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.go)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(24, 22, 24, 20)
        rows.setSpacing(12)
        rows.addWidget(heading)
        rows.addLayout(grid)
        rows.addWidget(self.about)
        rows.addWidget(self.confirmed)
        rows.addLayout(buttons)
        self.setFixedWidth(460)
        self._say_what_happens()
        self.printer.setFocus()

    @property
    def into_file(self) -> bool:
        """Whether the pages go into a PDF file."""
        return self.printer.currentText() == INTO_FILE

    def _say_what_happens(self) -> None:
        told = ""
        if self._issued and self.into_file:
            told = "Berkas PDF selalu bertanda SALINAN."
        elif self._issued:
            told = "Cetakan pertama bertanda ASLI, berikutnya SALINAN; setiap cetakan dicatat."
        told = " ".join(filter(None, (told, self._note)))
        self.about.setText(told)
        self.about.setVisible(bool(told))
        self.copies.setEnabled(not self.into_file)
        self.tray.setEnabled(not self.into_file)
        original = not self.into_file and bool(self.confirmed.text())
        self.confirmed.setEnabled(not self.into_file)
        self.go.setEnabled(self.printer.count() > 0 and (self.confirmed.isChecked() or not original))

    def _order(self) -> None:
        if not self.into_file:
            self._give(None)
            return
        from desk.ui.forms.file_field import file_dialog

        dialog = file_dialog(self, "Simpan sebagai PDF", many=False, save_as=f"{self._title}.pdf".replace("/", "-"))
        dialog.fileSelected.connect(lambda name: self._give(Path(name)))
        dialog.open()

    def _give(self, file: Path | None) -> None:
        printer = "" if file is not None else self.printer.currentText()
        copies = 1 if file is not None else self.copies.value()
        tray = str(self.tray.currentData()) if self._trays and file is None else ""
        order = PrintOrder(printer, copies, self.first.value(), self.last.value(), file, tray, self._title)
        self.accept()
        self._ordered(order)


def carry_out(order: PrintOrder, shop: PageShop, pdf: bytes, mark: str, task: Task) -> None:
    """Draw the ordered pages and give them to the printer; runs on the slow lane. Unavailable when it takes none.

    The first copy carries `mark`; further copies of one order are SALINAN when the first is ASLI.
    """
    from desk.adapters.printing import why_not_accepting

    if order.printer and order.printer not in pdf_printers and (reason := why_not_accepting(order.printer)):
        raise Unavailable(reason)
    for copy in range(order.copies):
        shown = COPY if copy and mark == ORIGINAL else mark
        marks = (shown,) if shown else ()
        drawn = (
            _picture(shop.preview(pdf, page, PRINT_DPI, marks=marks)) for page in range(order.first, order.last + 1)
        )
        print_pages(_printer_of(order), drawn, dpi=PRINT_DPI)
        task.progress(copy + 1, order.copies)


def _picture(png: bytes) -> QImage:
    picture = QImage.fromData(png)
    if picture.isNull():
        raise Unavailable("Halaman tidak dapat digambar untuk dicetak. Coba lagi, atau buka berkasnya di Word.")
    return picture


def print_pages(printer: QPrinter, pages: Iterable[QImage], *, dpi: int) -> None:
    """Paint pages, drawn at `dpi`, onto a printer in their true size; one page is in memory at a time."""
    printer.setFullPage(True)
    painter = QPainter()
    begun = False
    for page in pages:
        _fit_paper(printer, page, dpi)
        if not begun:
            if not painter.begin(printer):
                raise Unavailable(f"Pencetak {_name(printer)} tidak menerima cetakan. Periksa, lalu coba lagi.")
            begun = True
        elif not printer.newPage():
            painter.end()
            raise Unavailable(f"Pencetak {_name(printer)} berhenti di tengah cetakan. Periksa, lalu coba lagi.")
        sheet = QRectF(0, 0, page.width() / dpi * printer.resolution(), page.height() / dpi * printer.resolution())
        painter.drawImage(sheet, page)
    if begun and not painter.end():
        raise Unavailable(f"Pencetak {_name(printer)} tidak menyelesaikan cetakan. Periksa, lalu coba lagi.")


def _printer_of(order: PrintOrder) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    if order.file is not None:
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(order.file))
    elif order.printer in pdf_printers:
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(_next_sheet(pdf_printers[order.printer])))
    else:
        printer.setPrinterName(order.printer)
    printer.setResolution(PRINT_DPI)
    printer.setDocName(order.name)
    if order.tray:
        printer.setPaperSource(QPrinter.PaperSource[order.tray])
    return printer


def _next_sheet(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"cetakan-{len(list(folder.glob('cetakan-*.pdf'))) + 1:03}.pdf"


def _fit_paper(printer: QPrinter, page: QImage, dpi: int) -> None:
    points = QSizeF(page.width() * 72 / dpi, page.height() * 72 / dpi)
    upright = QSizeF(min(points.width(), points.height()), max(points.width(), points.height()))
    size = QPageSize(upright, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch)
    lying = points.width() > points.height()
    orientation = QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait
    printer.setPageLayout(QPageLayout(size, orientation, QMarginsF(0, 0, 0, 0)))


def _name(printer: QPrinter) -> str:
    return printer.outputFileName() or printer.printerName() or "ini"
