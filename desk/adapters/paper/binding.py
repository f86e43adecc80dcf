"""Papers bound into one PDF: pictures become pages, every page gets its number, parts are joined. Runs in the child.

One part is in memory at a time; only the pages of a part are taken over, not what its maker put around them (scripts,
attached files, actions).
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from desk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIZE = 7.0  # points
_EDGE = 14.0  # points from the paper's edge
_LOCKED = "PDF ini dikunci kata sandi atau rusak"


def picture_page(data: bytes) -> bytes:
    """A picture as one A4 page, as wide as the margins allow. Raises Refused for what is no picture."""
    from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, Qt
    from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

    picture = QImage.fromData(data)
    if picture.isNull():
        raise Refused("Gambar ini tidak dapat dibuka")
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(150)
    lying = picture.width() > picture.height()
    way = QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait
    margins = QMarginsF(15, 15, 15, 15)
    size_of_page = QPageSize(QPageSize.PageSizeId.A4)
    writer.setPageLayout(QPageLayout(size_of_page, way, margins, QPageLayout.Unit.Millimeter))
    room = QRectF(0, 0, writer.width(), writer.height())
    size = picture.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    with QPainter(writer) as painter:
        painter.drawImage(QRectF((room.width() - size.width()) / 2, 0, size.width(), size.height()), picture)
    buffer.close()
    return bytes(buffer.data().data())


def numbered(pdf: bytes, first: int, of: int, words: str) -> bytes:
    """The pages of a PDF with `words` and their number in the whole file at the top edge. Raises Refused."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.errors import PdfReadError

    try:
        reader = PdfReader(io.BytesIO(pdf))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused(_LOCKED)
        writer = PdfWriter()
        for at, page in enumerate(reader.pages):
            added = writer.add_page(page)
            added.pop("/AA", None)
            added.transfer_rotation_to_content()
            _stamp(added, f"{words} - {first + at}/{of}")
        out = io.BytesIO()
        writer.write(out)
    except (PdfReadError, ValueError, KeyError, TypeError, AttributeError, NotImplementedError) as trouble:
        raise Refused(_LOCKED) from trouble  # what pypdf says of a broken file has many names
    return out.getvalue()


def joined(parts: Sequence[tuple[str, str]], target: str) -> int:
    """Writes the parts (path, title) into one PDF with a bookmark for each, and gives the number of pages."""
    from pypdf import PdfWriter

    writer = PdfWriter()
    for path, title in parts:
        writer.append(path, outline_item=title, import_outline=False)
    writer.metadata = {"/Creator": "Meja PST", "/Title": parts[0][1]}
    with open(target, "wb") as file:  # noqa: PTH123 - a path from the parent, as text
        writer.write(file)
    return len(writer.pages)


def _stamp(page: Any, words: str) -> None:
    """Write words at the right of the top edge, on a white ground, whatever stands there."""
    from pypdf import PageObject
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    box = page.mediabox
    width = len(words) * _SIZE * 0.52
    left, bottom = float(box.right) - _EDGE - width, float(box.top) - _EDGE
    over = PageObject.create_blank_page(width=float(box.width), height=float(box.height))
    over.mediabox = box
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    over[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/BksHal"): font})}
    )
    plain = words.encode("ascii", "replace").decode().replace("\\", "/").replace("(", "[").replace(")", "]")
    stream = DecodedStreamObject()
    stream.set_data(
        (
            f"q 1 1 1 rg {left - 3:.1f} {bottom - 3:.1f} {width + 6:.1f} {_SIZE + 4:.1f} re f Q "
            f"q BT 0.25 0.25 0.25 rg /BksHal {_SIZE} Tf {left:.1f} {bottom:.1f} Td ({plain}) Tj ET Q"
        ).encode("ascii")
    )
    over[NameObject("/Contents")] = stream
    page.merge_page(over)
