"""Stacks of sheets as an office scanner makes them: tilted, noisy, turned, of several resolutions."""

from __future__ import annotations

import io
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import segno
import zxingcpp
from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen
from PySide6.QtWidgets import QApplication

WORDS = (
    "Pihak Kedua menggunakan data mikro hanya untuk tujuan yang tercantum dalam abstraksi, tidak memperbanyak dan "
    "tidak memindahtangankan kepada pihak lain, serta menjaga kerahasiaan data responden."
)


_kept: list[QApplication] = []


def start_qt() -> None:
    """Makes the application that fonts and painters need, of the kind that tests of windows go on with."""
    if QApplication.instance() is None:
        _kept.append(QApplication([]))


@dataclass(frozen=True)
class Sheet:
    """One sheet on the glass; `turned` in degrees clockwise, `codes` are QR codes, `barcode` a courier's line code."""

    codes: tuple[str, ...] = ()
    dpi: int = 150
    tilt: float = 1.2
    turned: int = 0
    damaged: bool = False
    barcode: str = ""
    blank: bool = False
    stamped: bool = False
    """Signed over a stamp, with the round seal of the company."""
    code_mm: float = 24.0
    faint: bool = False


def picture(sheet: Sheet, seed: int = 7) -> QImage:
    """The scanned sheet, A4, in grey."""
    start_qt()
    dots = sheet.dpi / 25.4
    width, height = (297, 210) if sheet.turned in (90, 270) else (210, 297)
    image = QImage(round(width * dots), round(height * dots), QImage.Format.Format_Grayscale8)
    image.setDotsPerMeterX(round(sheet.dpi / 0.0254))
    image.setDotsPerMeterY(round(sheet.dpi / 0.0254))
    image.fill(QColor(246, 246, 246))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.translate(image.width() / 2, image.height() / 2)
    painter.rotate(sheet.turned + sheet.tilt)
    painter.scale(dots, dots)
    painter.translate(-105, -148.5)
    if not sheet.blank:
        _print_on(painter, sheet)
    painter.end()
    chance = random.Random(seed)
    for _ in range(round(60 * (sheet.dpi / 150) ** 2)):
        image.setPixelColor(
            chance.randrange(image.width()), chance.randrange(image.height()), QColor(chance.randrange(60, 200), 0, 0)
        )
    return image


def _print_on(painter: QPainter, sheet: Sheet) -> None:
    black = QColor(150, 150, 150) if sheet.faint else QColor(20, 20, 20)
    painter.setPen(black)
    font = QFont("Inter")
    font.setPixelSize(4)
    painter.setFont(font)
    painter.drawText(QPointF(20, 25), "BPS PROVINSI CONTOH")
    painter.drawText(
        QRectF(20, 70, 170, 120), Qt.TextFlag.TextWordWrap, "\n\n".join(f"Pasal {no}. {WORDS}" for no in range(1, 4))
    )
    for place, code in enumerate(sheet.codes):
        box = QRectF(165 - place * 45, 15, sheet.code_mm, sheet.code_mm)
        painter.drawImage(box, _qr(code, black))
        if sheet.damaged:
            painter.setPen(QPen(QColor(250, 250, 250), 2.6))
            for cut in range(4):
                painter.drawLine(box.topLeft() + QPointF(cut * 7, -1), box.bottomLeft() + QPointF(14 - cut * 2, 1))
            painter.setPen(QPen(black, 4.5))
            painter.drawLine(box.topRight() - QPointF(6, -8), box.bottomLeft() + QPointF(6, -8))
            painter.setPen(black)
    if sheet.barcode:
        bars = zxingcpp.create_barcode(sheet.barcode, zxingcpp.BarcodeFormat.Code128).to_image()
        view = memoryview(bars)  # type: ignore[arg-type]  # a buffer, which its stub does not say
        assert view.shape is not None
        lines = QImage(view, view.shape[1], view.shape[0], view.shape[1], QImage.Format.Format_Grayscale8)
        painter.drawImage(QRectF(20, 45, 70, 16), lines.copy(0, lines.height() // 2, lines.width(), 1))
    if sheet.stamped:
        painter.setPen(QPen(QColor(90, 90, 140), 0.8))
        painter.drawEllipse(QPointF(70, 235), 18, 18)
        painter.drawEllipse(QPointF(70, 235), 13, 13)
        painter.drawText(QPointF(58, 236), "PT CONTOH")
        painter.fillRect(QRectF(95, 220, 24, 32), QColor(205, 190, 190))
        painter.drawText(QPointF(97, 232), "10000")
        painter.setPen(QPen(QColor(20, 20, 90), 0.9))
        for stroke in range(5):
            painter.drawLine(QPointF(75 + stroke * 7, 245), QPointF(90 + stroke * 6, 225 + stroke * 3))


def _qr(text: str, black: QColor) -> QImage:
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="png", scale=8, border=0, dark=black.name())
    return QImage.fromData(out.getvalue())


def stack(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as one PDF of pictures."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tumpukan.pdf"
        start_qt()
        writer = QPdfWriter(str(path))
        writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        writer.setPageMargins(QMarginsF(0, 0, 0, 0))
        painter = QPainter()
        for place, sheet in enumerate(sheets):
            lying = sheet.turned in (90, 270)
            writer.setPageOrientation(QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait)
            if place:
                writer.newPage()
            else:
                painter.begin(writer)
            painter.drawImage(QRectF(0, 0, writer.width(), writer.height()), picture(sheet, place))
        painter.end()
        return path.read_bytes()
