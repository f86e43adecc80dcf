"""Writes sheets as PDF and as pictures, always the same bytes for the same sheets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from desk.adapters.paper.ink import UNITS_PER_INCH, Painter

if TYPE_CHECKING:
    from desk.adapters.paper.ink import Sheet, Sheets

_NAMESPACE = "5b6a2c1e-8d0f-4f6b-9c55-3f0f6f1d7a11"


def write_pdf(sheets: Sheets) -> bytes:
    """A PDF with its fonts embedded; needs a QGuiApplication."""
    from PySide6.QtCore import QBuffer, QIODevice, QUuid
    from PySide6.QtGui import QPageLayout, QPainter, QPdfWriter

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(UNITS_PER_INCH)
    writer.setCreator("Meja PST")
    writer.setDocumentId(QUuid.createUuidV5(QUuid(_NAMESPACE), sheets.identity.encode()))
    writer.setPageLayout(_page_layout(sheets.pages[0]))
    painter = QPainter(writer)
    drawing = Painter(sheets)
    for number, sheet in enumerate(sheets.pages):
        if number:
            writer.setPageLayout(_page_layout(sheet))
            writer.newPage()
        drawing.paint(painter, number)
    painter.end()
    writer.setPageLayout(QPageLayout())
    buffer.close()
    return _dated(bytes(buffer.data().data()), sheets.stamp)


def picture_of(sheets: Sheets, number: int, dots_per_inch: int) -> bytes:
    """One page (0 is the first) as a PNG; needs a QGuiApplication."""
    from PySide6.QtCore import QBuffer, QIODevice, Qt
    from PySide6.QtGui import QImage, QPainter

    sheet = sheets.pages[number]
    scale = dots_per_inch / UNITS_PER_INCH
    image = QImage(round(sheet.width * scale), round(sheet.height * scale), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing
        | QPainter.RenderHint.TextAntialiasing
        | QPainter.RenderHint.SmoothPixmapTransform
    )
    painter.scale(scale, scale)
    Painter(sheets).paint(painter, number)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def _page_layout(sheet: Sheet):  # type: ignore[no-untyped-def]
    from PySide6.QtCore import QMarginsF, QSizeF
    from PySide6.QtGui import QPageLayout, QPageSize

    size = QPageSize(
        QSizeF(sheet.width / 20, sheet.height / 20), QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch
    )
    layout = QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(), QPageLayout.Unit.Point)
    layout.setMode(QPageLayout.Mode.FullPageMode)
    return layout


def _dated(pdf: bytes, stamp: str) -> bytes:
    """The PDF with the time of the DOCX instead of the time of day; same length, so every offset stays right."""
    time = stamp.encode()
    pdf = re.sub(rb"\(D:\d{14}", b"(D:" + time, pdf)
    iso = b"%b-%b-%bT%b:%b:%b" % (time[:4], *(time[at : at + 2] for at in range(4, 14, 2)))
    return re.sub(rb"(?<=Date=\")\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", iso, pdf)
