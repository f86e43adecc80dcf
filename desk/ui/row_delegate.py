"""The one delegate that paints every row of every list, from what its columns say."""

from __future__ import annotations

from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QStaticText, QTransform
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desk.ui import theme
from desk.ui.table import GONE_ROLE, ROW_ROLE, Column, Look, TableModel
from desk.ui.theme import Tone
from desk.ui.tracks import STEPS, Bar

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_PAD = 10
_LINE = 18  # px of one of two lines
_KEPT_TEXTS = 3_000
"""Texts whose letters stay placed; the lists of a day repeat themselves."""
_BAR_WIDTH, _BAR_HEIGHT, _BAR_GAP, _BARS_GAP = 11, 6, 2, 16


@lru_cache(maxsize=64)
def _bar_picture(filled: int, done: str, open_ink: str, scale: float, sharpness: float) -> QImage:
    """The three pieces of a bar, drawn once: a list shows a hundred of the same few."""
    width, height = _BAR_WIDTH * scale, _BAR_HEIGHT * scale
    high = 2 * (ceil(height / 2) + 1)  # even, so that the middle is a whole pixel
    size = QSizeF(ceil((STEPS * _BAR_WIDTH + (STEPS - 1) * _BAR_GAP) * scale) + 1, high) * sharpness
    picture = QImage(size.toSize(), QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(sharpness)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    for step in range(STEPS):
        painter.setBrush(QColor(done if step < filled else open_ink))
        piece = QRectF(step * (width + _BAR_GAP * scale), (high - height) / 2, width, height)
        painter.drawRoundedRect(piece, height / 3, height / 3)
    painter.end()
    return picture


def draw_bar(painter: QPainter, bar: Bar, left: int, middle: int, tokens: theme.Tokens, scale: float = 1.0) -> int:
    """Draw one track as three short pieces centred on `middle`; gives where the next one may begin (px)."""
    sharpness = painter.device().devicePixelRatioF()
    picture = _bar_picture(bar.filled, tokens.ink(bar.tone), tokens.bar, scale, sharpness)
    painter.drawImage(QPointF(left, middle - picture.height() / sharpness / 2), picture)
    end = int(left + (STEPS * _BAR_WIDTH + (STEPS - 1) * _BAR_GAP) * scale)
    if bar.troubled:
        painter.setPen(QColor(tokens.late))
        painter.setFont(theme.font(theme.SMALL_SIZE, QFont.Weight.DemiBold))
        painter.drawText(QRect(end + 2, middle - 9, 12, 18), Qt.AlignmentFlag.AlignVCenter, "!")
    return end + int(_BARS_GAP * scale)


class RowDelegate(QStyledItemDelegate):
    """Paints the cells of every list from what the column says."""

    def __init__(self, parent: QWidget, row_height: int) -> None:
        super().__init__(parent)
        self._row_height = row_height
        self._plain = theme.font()
        self._strong = theme.font(weight=QFont.Weight.DemiBold)
        self._small = theme.font(theme.SMALL_SIZE)
        self._metrics = {id(f): QFontMetrics(f) for f in (self._plain, self._strong, self._small)}
        self._texts: dict[tuple[int, str, int], QStaticText] = {}
        self._broken: dict[tuple[str, int], tuple[str, str]] = {}

    def _text(self, painter: QPainter, font: QFont, ink: str, area: QRect, text: str, align: Qt.AlignmentFlag) -> None:
        laid_out = self._laid_out(font, text, area.width())
        size = laid_out.size()
        left = area.left() if align is Qt.AlignmentFlag.AlignLeft else area.right() + 1 - size.width()
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawStaticText(QPointF(left, area.top() + (area.height() - size.height()) / 2), laid_out)

    def _laid_out(self, font: QFont, text: str, width: int) -> QStaticText:
        """The text cut to a width, its letters placed once: laying them out is most of painting a list."""
        key = id(font), text, width
        kept = self._texts.get(key)
        if kept is None:
            if len(self._texts) >= _KEPT_TEXTS:
                self._texts.clear()
            kept = QStaticText(self._metrics[id(font)].elidedText(text, Qt.TextElideMode.ElideRight, width))
            kept.setTextFormat(Qt.TextFormat.PlainText)
            kept.prepare(QTransform(), font)
            self._texts[key] = kept
        return kept

    def _two_lines(self, text: str, width: int) -> tuple[str, str]:
        """The text broken once, after the last word that fits; the second part is empty when all of it fits."""
        kept = self._broken.get((text, width))
        if kept is None:
            if len(self._broken) >= _KEPT_TEXTS:
                self._broken.clear()
            kept = self._broken[text, width] = self._break(text, width)
        return kept

    def _break(self, text: str, width: int) -> tuple[str, str]:
        metrics = self._metrics[id(self._plain)]
        if metrics.horizontalAdvance(text) <= width:
            return text, ""
        words = text.split(" ")
        fits = 1
        while fits < len(words) and metrics.horizontalAdvance(" ".join(words[: fits + 1])) <= width:
            fits += 1
        return " ".join(words[:fits]), " ".join(words[fits:])

    def _cell(self, painter: QPainter, column: Column[Any], row: Any, area: QRect, *, gone_words: str) -> None:
        tokens = theme.theme.tokens
        gone = bool(gone_words)
        align = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        text, second = column.text(row), column.second(row)
        if gone and column.reason:
            text, second = gone_words, ""
        match column.look:
            case Look.BARS:
                left = area.left()
                for bar in column.bars(row):
                    left = draw_bar(painter, bar, left, area.center().y(), tokens)
            case Look.PILL if text and not gone and column.tone(row) is not Tone.PLAIN:
                tone = column.tone(row)
                width = min(self._metrics[id(self._plain)].horizontalAdvance(text) + 18, area.width() + 9)
                lift = 9 if second else 0
                pill = QRect(area.left() - 9, area.center().y() - 11 - lift, width, 24)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(tokens.behind(tone)))
                painter.drawRoundedRect(pill, 6, 6)
                self._text(painter, self._plain, tokens.ink(tone), pill.adjusted(9, 0, -5, 0), text, align)
                if second:
                    below = QRect(area.left(), pill.bottom() + 1, area.width(), _LINE)
                    self._text(painter, self._small, tokens.muted, below, second, align)
            case _:
                muted = gone or column.look is Look.MUTED
                font = self._strong if column.look is Look.STRONG and not gone else self._plain
                ink = tokens.muted if muted else tokens.text
                small = self._small
                if column.wrap and not second:
                    text, second = self._two_lines(text, area.width())
                    small = self._plain
                if second:
                    middle = area.top() + area.height() // 2
                    above = QRect(area.left(), middle - _LINE, area.width(), _LINE)
                    below = QRect(area.left(), middle, area.width(), _LINE)
                    self._text(painter, font, ink, above, text, align)
                    self._text(painter, small, tokens.muted if small is self._small else ink, below, second, align)
                else:
                    self._text(painter, font, ink, area, text, align)

    # Qt overrides

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        assert isinstance(model, TableModel)
        row = index.data(ROW_ROLE)
        tokens = theme.theme.tokens
        state: Any = option.state
        area: QRect = option.rect
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected:
            painter.fillRect(area, QColor(tokens.accent_soft))
            if index.column() == 0:  # a mark beside the colour
                painter.fillRect(QRect(area.left(), area.top(), 3, area.height() - 1), QColor(tokens.accent))
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), QColor(tokens.line))
        inside = area.adjusted(_PAD + (6 if index.column() == 0 else 0), 0, -_PAD, -1)
        if model.columns[index.column()].mark(row):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent))
            painter.drawEllipse(QRect(inside.left() - 10, inside.center().y() - 11, 6, 6))
        self._cell(
            painter,
            model.columns[index.column()],
            row,
            inside,
            gone_words=model.gone_words if index.data(GONE_ROLE) else "",
        )
        painter.restore()

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        model = index.model()
        assert isinstance(model, TableModel)
        return QSize(model.columns[index.column()].width, self._row_height)
