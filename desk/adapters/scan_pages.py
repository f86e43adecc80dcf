"""The pages of a scan, read in the child process of the papers: codes, empty sheets, pieces and pictures.

A page is looked at in several resolutions and with two ways to tell black from white before its code is given up. A
page without any readable code is searched for the three squares of a QR code: what is left of a damaged one.
"""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk.adapters.file_types import FileType, sniff
from desk.errors import Refused
from desk.rules.scans import PageReading, is_paper_code

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MOST_PAGES = 2_000
_MOST_PIXELS = 24_000_000
"""One page at 450 dpi; larger sheets are looked at in fewer dots."""
_PICTURE_BYTES = 256
"""Megabytes that one picture may take unpacked."""
_PICTURES = frozenset({FileType.JPEG, FileType.PNG, FileType.TIFF, FileType.BMP, FileType.WEBP})

_MATRIX = ("QRCode", "DataMatrix", "Aztec", "PDF417")
_LINEAR = ("Code128", "Code39", "Code93", "EAN13", "EAN8", "UPCA", "ITF")
_LOOKS = (
    (150, "LocalAverage", _MATRIX + _LINEAR),
    (150, "GlobalHistogram", _MATRIX[:1] + _LINEAR[:1]),
    (100, "LocalAverage", _MATRIX[:1]),
    (75, "LocalAverage", _MATRIX[:1]),
    (300, "LocalAverage", _MATRIX[:1]),
    (300, "GlobalHistogram", _MATRIX[:1]),
)
"""Dots per inch, way to tell black from white, kinds of codes; the first look finds nearly everything."""
_FINE_LOOK = (450, "LocalAverage", _MATRIX[:1])
"""For scans that are fine enough to show more."""

_DAMAGED = "Berkas {name} rusak atau terpotong dan tidak dapat dibuka. Pindai ulang."


class _Stack:
    """The file that is open now: a PDF stays open from page to page, so that 2,000 pages cost one opening."""

    def __init__(self) -> None:
        self.path = ""
        self.document: Any = None

    def open(self, path: str) -> Any:
        """The PDF at this path. Raises Refused with the name of the file."""
        if self.document is not None and self.path == path:
            return self.document
        self.close()
        import pypdfium2

        try:
            self.document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as trouble:
            name = Path(path).name
            if getattr(trouble, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD:
                raise Refused(f"Berkas {name} dikunci kata sandi. Minta salinan tanpa kata sandi.") from None
            raise Refused(_DAMAGED.format(name=name)) from None
        self.path = path
        return self.document

    def close(self) -> None:
        """Lets go of the file."""
        if self.document is not None:
            self.document.close()
        self.path, self.document = "", None


_stack = _Stack()


def opened(path: str) -> int:
    """The number of pages of the PDF at `path`. Raises Refused when it is none, is locked, damaged or too long."""
    name = Path(path).name
    try:
        with Path(path).open("rb") as stream:
            head = stream.read(1024)
    except OSError:
        raise Refused(f"Berkas {name} tidak dapat dibaca. Periksa letak dan izinnya.") from None
    if b"%PDF-" not in head:
        raise Refused(f"Isi berkas {name} bukan PDF atau gambar. Pindai kertasnya, lalu simpan sebagai PDF.")
    pages = len(_stack.open(path))
    if pages == 0:
        raise Refused(_DAMAGED.format(name=name))
    if pages > MOST_PAGES:
        raise Refused(f"Berkas {name} memuat {pages:n} halaman; paling banyak {MOST_PAGES:n}. Bagi tumpukannya.")
    return pages


def closed() -> None:
    """Lets go of the file, so that it can be moved (Windows)."""
    _stack.close()


def page_read(path: str, number: int) -> PageReading:
    """What stands on one page (1 is the first)."""
    page = _stack.open(path)[number - 1]
    try:
        return _reading(_Sheet(page), number)
    finally:
        page.close()


def pictures_as_pdf(path: str, target: str) -> None:
    """Writes the pictures of a file (several in a TIFF) as the pages of a PDF, in their real size. Raises Refused."""
    from PySide6.QtCore import QMarginsF, QRectF, QSizeF
    from PySide6.QtGui import QImageReader, QPageSize, QPainter, QPdfWriter

    QImageReader.setAllocationLimit(_PICTURE_BYTES)
    reader = QImageReader(path)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    writer = QPdfWriter(target)
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter()
    count = 0
    for place in range(min(max(reader.imageCount(), 1), MOST_PAGES)):
        if place and not reader.jumpToImage(place):
            break
        image = reader.read()
        if image.isNull():
            break
        dots = image.dotsPerMeterX() * 0.0254
        dots = dots if 60 <= dots <= 1200 else max(image.width(), image.height()) / 11.7  # as if it were an A4 sheet
        size = QSizeF(image.width() / dots * 72, image.height() / dots * 72)
        writer.setPageSize(QPageSize(size, QPageSize.Unit.Point, matchPolicy=QPageSize.SizeMatchPolicy.ExactMatch))
        writer.setResolution(max(round(dots), 72))
        if not (writer.newPage() if count else painter.begin(writer)):
            raise Refused(f"Gambar {Path(path).name} tidak dapat disimpan sebagai PDF. Pindai sebagai PDF.")
        painter.drawImage(QRectF(0, 0, writer.width(), writer.height()), image)
        count += 1
    if count == 0:
        raise Refused(f"Gambar {Path(path).name} rusak atau terlalu besar. Pindai ulang, sebaiknya sebagai PDF.")
    painter.end()


def kind_of(path: str) -> str:
    """`pdf` or `picture`, told by the content. Raises Refused for anything else."""
    name = Path(path).name
    try:
        with Path(path).open("rb") as stream:
            head = stream.read(64 * 1024)
    except OSError:
        raise Refused(f"Berkas {name} tidak dapat dibaca. Periksa letak dan izinnya.") from None
    if b"%PDF-" in head[:1024]:
        return "pdf"
    kind = sniff(head)
    if kind in _PICTURES:
        return "picture"
    if kind is FileType.EMPTY:
        raise Refused(f"Berkas {name} kosong (0 byte). Pindai ulang.")
    raise Refused(f"Isi berkas {name} bukan PDF atau gambar. Pindai kertasnya, lalu simpan sebagai PDF.")


def piece(path: str, numbers: Sequence[int], turned: Mapping[int, int]) -> bytes:
    """Some pages of a PDF as a PDF of its own, upright where the code told how they lie, with nothing that acts."""
    import pypdfium2
    from pypdf import PdfReader, PdfWriter

    source = _stack.open(path)
    cut = pypdfium2.PdfDocument.new()
    cut.import_pages(source, [number - 1 for number in numbers])
    for place, number in enumerate(numbers):
        if by := turned.get(number, 0):
            page = cut[place]
            page.set_rotation((page.get_rotation() - by) % 360)
    content = io.BytesIO()
    cut.save(content)
    cut.close()
    writer = PdfWriter()
    for page in PdfReader(content).pages:
        for acting in ("/Annots", "/AA"):
            page.pop(acting, None)
        writer.add_page(page)
    result = io.BytesIO()
    writer.write(result)
    return result.getvalue()


class _Sheet:
    """One page as grey pictures in several resolutions; painted from the file in two or three, the others scaled."""

    _PAINTED = (150, 300, 450)

    def __init__(self, page: Any) -> None:
        self._page = page
        self._bitmap: Any = None
        self._painted = 0
        self._grey: dict[int, memoryview] = {}
        self.width, self.height = page.get_size()

    def at(self, dpi: int) -> memoryview:
        """The page in grey, one byte per dot, rows by columns."""
        if dpi in self._grey:
            return self._grey[dpi]
        if dpi in self._PAINTED:
            scale = min(dpi / 72, (_MOST_PIXELS / max(self.width * self.height, 1.0)) ** 0.5)
            self._bitmap, self._painted = self._page.render(scale=scale, grayscale=True), dpi
            grey = memoryview(self._bitmap.buffer).cast("B", (self._bitmap.height, self._bitmap.stride))
        else:
            grey = self._scaled(dpi)
        if dpi >= 200:  # the large ones are not kept: a page stays within a few megabytes
            self._grey = {kept: one for kept, one in self._grey.items() if kept < 200}
        self._grey[dpi] = grey
        return grey

    def _scaled(self, dpi: int) -> memoryview:
        from PySide6.QtCore import Qt
        from PySide6.QtGui import QImage

        if self._bitmap is None:
            self.at(_FINE_DPI)
        painted = self._bitmap
        image = QImage(painted.buffer, painted.width, painted.height, painted.stride, QImage.Format.Format_Grayscale8)
        by = dpi / self._painted
        width = max(4, round(painted.width * by / 4) * 4)  # rows of a picture end at a multiple of four bytes
        small = image.scaled(
            width,
            max(1, round(painted.height * by)),
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        ).convertToFormat(QImage.Format.Format_Grayscale8)
        return memoryview(bytes(small.constBits())).cast("B", (small.height(), small.bytesPerLine()))

    def dpi(self) -> int | None:
        """The resolution of the largest picture on the page, as the scanner made it."""
        import pypdfium2

        best = 0.0
        try:
            for thing in self._page.get_objects(filter=(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE,), max_depth=2):
                left, bottom, right, top = thing.get_bounds()
                across, down = thing.get_px_size()
                long_side, points = max(across, down), max(right - left, top - bottom)
                if points > max(self.width, self.height) / 2:
                    best = max(best, long_side / points * 72)
        except pypdfium2.PdfiumError:
            return None
        return round(best) or None


def _reading(sheet: _Sheet, number: int) -> PageReading:
    found: dict[str, tuple[float, float]] = {}
    turned = 0
    broken = False
    blank = _is_blank(sheet)
    own = False
    fine = sheet.dpi()
    looks = (*_LOOKS, _FINE_LOOK) if fine is not None and fine >= _FINE_LOOK[0] else _LOOKS
    for look, (dpi, way, kinds) in enumerate(looks):
        if own or (blank and look > 1):
            break
        grey = sheet.at(dpi)
        rows, columns = _size(grey)
        for code in _codes(grey, way, kinds):
            if code.error is not None and str(code.error) not in ("", "None"):
                broken = broken or code.format.name == "QRCode"
                continue
            text = code.text.strip()
            if not text or (code.format.name in ("ITF", "Code39") and len(text) < 8):
                continue  # short codes without a check are seen in tables and hatchings
            corner = code.position.top_left
            found.setdefault(text, (corner.y * 8 // rows, corner.x / columns))
            if is_paper_code(text):
                own = True
                turned = round(code.orientation / 90) * 90 % 360
    codes = tuple(sorted(found, key=lambda text: found[text]))
    damaged = not codes and not blank and (broken or _has_square_print(sheet))
    return PageReading(number, codes, blank and not codes, damaged, turned, fine)


def _codes(grey: memoryview, way: str, kinds: Sequence[str]) -> list[Any]:
    import zxingcpp

    formats: Any = [getattr(zxingcpp.BarcodeFormat, kind) for kind in kinds]
    return zxingcpp.read_barcodes(grey, formats=formats, binarizer=getattr(zxingcpp.Binarizer, way), return_errors=True)


def _is_blank(sheet: _Sheet) -> bool:
    """Whether nothing is on the sheet but dust: less than 1 dot in 3,000 is dark at 36 dpi, the margins left out."""
    grey = sheet.at(36)
    rows, columns = _size(grey)
    data = grey.tobytes()
    top, left = rows // 14, columns // 14
    inner = b"".join(data[row * columns + left : (row + 1) * columns - left] for row in range(top, rows - top))
    if not inner:
        return False
    shades = Counter(inner)
    paper = _median(shades)
    dark = sum(count for shade, count in shades.items() if shade < paper - 40)
    return dark * 3000 < len(inner)


def _size(grey: memoryview) -> tuple[int, int]:
    assert grey.shape is not None, "made as rows by columns"
    rows, columns = grey.shape
    return rows, columns


def _median(shades: Counter[int]) -> int:
    total, seen = shades.total(), 0
    for shade in range(256):
        seen += shades[shade]
        if seen * 2 >= total:
            return shade
    return 255


_COARSE_DPI = 10
"""A cell of 2.5 mm: a line of print is grey there, a QR code stays a dark square with white around it."""
_FINE_DPI = 150
_SIDES = range(4, 18)
"""Cells: codes of 10 to 43 mm."""


def _has_square_print(sheet: _Sheet) -> bool:
    """Whether something on the sheet looks like a QR code: a lone dark square, checkered across and down.

    That is what is left of a code too damaged to be read; a logo, a stamp or a heading is no such thing.
    """
    grey = sheet.at(_COARSE_DPI)
    rows, columns = _size(grey)
    data = grey.tobytes()
    paper = _median(Counter(data))
    dark = {place for place, shade in enumerate(data) if shade < paper * 0.78}
    while dark:
        blot = _blot(dark, columns)
        across, down = [place % columns for place in blot], [place // columns for place in blot]
        left, right, top, bottom = min(across), max(across), min(down), max(down)
        width, height = right - left + 1, bottom - top + 1
        if width not in _SIDES or height not in _SIDES or not 0.7 <= width / height <= 1.4:
            continue
        cells = [data[row * columns + cell] for row in range(top, bottom + 1) for cell in range(left, right + 1)]
        inked = sum(cell < paper * 0.9 for cell in cells)
        blackness = 1 - sum(cells) / (len(cells) * paper)
        if inked < 0.6 * len(cells) or not 0.22 <= blackness <= 0.75:
            continue
        if _is_checkered(sheet.at(_FINE_DPI), left / columns, top / rows, (right + 1) / columns, (bottom + 1) / rows):
            return True
    return False


def _blot(dark: set[int], columns: int) -> list[int]:
    """Takes one connected group of cells out of `dark`."""
    blot = [dark.pop()]
    for place in blot:  # grows while it is walked through
        for step in (-columns - 1, -columns, -columns + 1, -1, 1, columns - 1, columns, columns + 1):
            if place + step in dark:
                dark.discard(place + step)
                blot.append(place + step)
    return blot


def _is_checkered(grey: memoryview, left: float, top: float, right: float, bottom: float) -> bool:
    """Whether most rows and most columns of a part of the page change between dark and light again and again."""
    rows, columns = _size(grey)
    x, y, x_end, y_end = round(left * columns), round(top * rows), round(right * columns), round(bottom * rows)
    data = grey.tobytes()
    threshold = _median(Counter(data[:: max(1, len(data) // 200_000)])) * 6 // 10
    black = bytes(1 if shade < threshold else 0 for shade in range(256))
    lines = [data[row * columns + x : row * columns + x_end].translate(black) for row in range(y, y_end)]
    turns = [sum(line.count(b"\x00\x01") >= 4 for line in lines) / max(len(lines), 1)]
    uprights = [bytes(column) for column in zip(*lines, strict=True)]
    turns.append(sum(line.count(b"\x00\x01") >= 4 for line in uprights) / max(len(uprights), 1))
    return min(turns) >= 0.45


DEEDS: dict[str, Callable[..., object]] = {
    "kind": kind_of, "open": opened, "page": page_read, "as_pdf": pictures_as_pdf, "piece": piece, "close": closed,
}  # fmt: skip
