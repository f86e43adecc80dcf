"""What is on a page in the end: words, fills, rules and pictures at places in twips, and how Qt draws them.

A `Sheet` is plain data. It can be sent from the child process to the window, and the PDF, the preview and the printer
all draw the same sheets, so a paper looks the same everywhere and does not depend on a screen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from desk.adapters.paper.fonts import SANS, FontKey, load_fonts, qt_font

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QPainter, QPen

    from desk.adapters.paper.markup import Border

UNITS_PER_INCH = 1440
MAX_PIXELS = 40_000_000
_MARK_COLOUR = "#B00020"


class Words(NamedTuple):
    """Text on a base line."""

    x: float
    y: float
    text: str
    font: FontKey
    colour: str
    word_spacing: float = 0.0


class Fill(NamedTuple):
    """A filled box."""

    x: float
    y: float
    width: float
    height: float
    colour: str


class Rule(NamedTuple):
    """A straight line; `dash` is empty, dot or dash."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    colour: str
    dash: str = ""


class Image(NamedTuple):
    """A picture in a box, cut by parts of its own size."""

    x: float
    y: float
    width: float
    height: float
    key: str
    crop: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)


class Mark(NamedTuple):
    """A mark printed over a page: across its middle at (x, y), or in a box whose upper right corner is (x, y)."""

    x: float
    y: float
    text: str
    size: float
    across: bool


Ink = Words | Fill | Rule | Image | Mark


def border_ink(border: Border, x1: float, y1: float, x2: float, y2: float) -> list[Ink]:
    """The line or the two lines of a border between two points."""
    if not border.double:
        return [Rule(x1, y1, x2, y2, border.width, border.colour, border.dash)]
    thick = border.width / 3
    across, down = (thick, 0.0) if x1 == x2 else (0.0, thick)
    return [
        Rule(x1 + sign * across, y1 + sign * down, x2 + sign * across, y2 + sign * down, thick, border.colour)
        for sign in (-1, 1)
    ]


class Group(NamedTuple):
    """Ink that moves together: its place is added to every place in it."""

    x: float
    y: float
    ink: list[Ink]


@dataclass(slots=True)
class Sheet:
    """One finished page; lengths in twips."""

    width: float
    height: float
    groups: list[Group] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sheets:
    """A finished paper: its pages, the pictures on them, and what could not be drawn (Indonesian sentences)."""

    pages: list[Sheet]
    images: dict[str, bytes]
    warnings: tuple[str, ...]
    stamp: str  # YYYYMMDDHHMMSS, the time of the file
    identity: str  # the hash of the file


class Painter:
    """Draws sheets with a QPainter; decodes every picture of the paper once."""

    def __init__(self, sheets: Sheets) -> None:
        load_fonts()
        self._sheets = sheets
        self._images: dict[str, QImage] = {}

    def paint(self, painter: QPainter, number: int) -> None:
        """Draws one page (0 is the first) at 1440 dots per inch; the caller scales the painter to its device."""
        from PySide6.QtCore import QLineF, QPointF, QRectF
        from PySide6.QtGui import QColor, QFont

        shown: tuple[object, object] = (None, None)  # font with its word spacing, and pen
        for group in self._sheets.pages[number].groups:
            left, top = group.x, group.y
            for ink in group.ink:
                if isinstance(ink, Words):
                    wanted = ((ink.font, ink.word_spacing), ink.colour)
                    if wanted != shown:
                        shown = wanted
                        font = qt_font(ink.font)
                        if ink.word_spacing:
                            font = QFont(font)
                            font.setWordSpacing(ink.word_spacing)
                        painter.setFont(font)
                        painter.setPen(QColor("#" + ink.colour))
                    painter.drawText(QPointF(left + ink.x, top + ink.y), ink.text)
                    continue
                if isinstance(ink, Rule):
                    if shown[1] != ink[4:]:
                        painter.setPen(_pen(ink.width, ink.colour, ink.dash))
                    painter.drawLine(QLineF(left + ink.x1, top + ink.y1, left + ink.x2, top + ink.y2))
                    shown = (None, ink[4:])
                elif isinstance(ink, Fill):
                    painter.fillRect(QRectF(left + ink.x, top + ink.y, ink.width, ink.height), QColor("#" + ink.colour))
                elif isinstance(ink, Mark):
                    _draw_mark(painter, ink)
                else:
                    self._draw_image(painter, ink, left, top)

    def _draw_image(self, painter: QPainter, ink: Image, left: float, top: float) -> None:
        from PySide6.QtCore import QRectF

        image = self._images.get(ink.key)
        if image is None:
            image = self._images[ink.key] = decoded(self._sheets.images.get(ink.key, b""))
        if image.isNull():
            return
        cut_left, cut_top, cut_right, cut_bottom = ink.crop
        width, height = image.width(), image.height()
        seen = (1 - cut_left - cut_right) * width, (1 - cut_top - cut_bottom) * height
        source = QRectF(cut_left * width, cut_top * height, *seen)
        painter.drawImage(QRectF(left + ink.x, top + ink.y, ink.width, ink.height), image, source)


@cache
def _pen(width: float, colour: str, dash: str) -> QPen:
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QColor, QPen

    pen = QPen(QColor("#" + colour), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dash:
        pen.setStyle(Qt.PenStyle.DotLine if dash == "dot" else Qt.PenStyle.DashLine)
    return pen


def _draw_mark(painter: QPainter, mark: Mark) -> None:
    from PySide6.QtCore import QPointF, QRectF, Qt
    from PySide6.QtGui import QColor, QFontMetricsF, QPen

    key = FontKey(SANS, round(mark.size), bold=True)
    width = QFontMetricsF(qt_font(key)).horizontalAdvance(mark.text)
    colour = QColor(_MARK_COLOUR)
    painter.save()
    painter.setFont(qt_font(key))
    if mark.across:
        painter.translate(mark.x, mark.y)
        painter.rotate(-45.0)
        painter.scale(2.0, 2.0)
        painter.setOpacity(0.16)
        painter.setPen(colour)
        painter.drawText(QPointF(-width / 2, mark.size * 0.36), mark.text)
    else:
        box = QRectF(mark.x - width - mark.size, mark.y, width + mark.size, mark.size * 1.6)
        painter.setPen(QPen(colour, 25.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)
        painter.drawText(QPointF(box.left() + mark.size / 2, box.top() + mark.size * 1.16), mark.text)
    painter.restore()


def decoded(data: bytes) -> QImage:
    """The picture, or an empty one when it is damaged or has more than 40 million dots (a picture bomb)."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice
    from PySide6.QtGui import QImage, QImageReader

    store = QByteArray(data)
    buffer = QBuffer(store)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > MAX_PIXELS:
        return QImage()
    return reader.read()


def paint_pages(sheets: Sheets, painter: QPainter, number: int, dots_per_inch: float) -> None:
    """Draws one page on any device (printer, picture) that has so many dots per inch, the same layout as the PDF."""
    painter.save()
    painter.scale(dots_per_inch / UNITS_PER_INCH, dots_per_inch / UNITS_PER_INCH)
    Painter(sheets).paint(painter, number)
    painter.restore()
