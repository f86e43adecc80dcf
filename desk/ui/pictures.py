"""Figures as pictures: bars in the colours of the look, drawn by pyqtgraph, which is loaded when somebody looks.

The same figures stand as a table beside them: nothing is told by a picture alone.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desk.rules.trends import Bars
from desk.ui import theme

if TYPE_CHECKING:
    from desk.ui.theme import Tokens

WIDE = 0.7
"""How much of its place a bar takes."""
_LONGEST = 28
"""Letters of a name at an axis; the table has the whole name."""


def load() -> None:
    """Load the library, away from the window's thread: it takes as long as the disk needs."""
    import pyqtgraph  # noqa: F401


def colours(tokens: Tokens, count: int) -> list[str]:
    """As many colours as kinds, each readable on the panel."""
    known = [tokens.accent, tokens.done, tokens.soon, tokens.late, tokens.muted]
    return [known[at % len(known)] for at in range(count)]


class Picture(QWidget):
    """One picture; it takes no keys and no wheel, the table beside it does."""

    def __init__(self, bars: Bars, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars = bars
        self.setAccessibleName(bars.title)
        self.setAccessibleDescription(spoken(bars))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        title = QLabel(bars.title)
        title.setProperty("role", "strong")
        column.addWidget(title)
        if len(bars.values) > 1:
            column.addWidget(_legend(bars, theme.theme.tokens))
        self.plot = _plot(bars, theme.theme.tokens)
        self.plot.setParent(self)
        column.addWidget(self.plot)


def spoken(bars: Bars) -> str:
    """The picture in words, for a screen reader."""
    parts = []
    for at, name in enumerate(bars.names):
        values = [f"{kind} {values[at]:g}" for kind, values in bars.values.items() if values[at]]
        parts.append(f"{name}: {', '.join(values) or '0'}")
    return "; ".join(parts)


def _legend(bars: Bars, tokens: Tokens) -> QLabel:
    """Which colour is which kind, above the bars and never on them."""
    kinds = zip(bars.values, colours(tokens, len(bars.values)), strict=True)
    label = QLabel("&nbsp;&nbsp; ".join(f'<span style="color:{ink}">■</span> {escape(kind)}' for kind, ink in kinds))
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setProperty("role", "small")
    return label


def _plot(bars: Bars, tokens: Tokens) -> Any:
    import pyqtgraph

    plot = pyqtgraph.PlotWidget(background=QColor(tokens.panel))
    plot.setFrameShape(plot.Shape.NoFrame)
    plot.setMouseEnabled(x=False, y=False)
    plot.hideButtons()
    plot.setMenuEnabled(False)
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    plot.wheelEvent = lambda event: event.ignore()  # the page scrolls
    item = plot.getPlotItem()
    font = QFont(plot.font())
    font.setPixelSize(11)
    for side in ("left", "bottom"):
        axis = item.getAxis(side)
        axis.setPen(QColor(tokens.line))
        axis.setTextPen(QColor(tokens.muted))
        axis.setStyle(tickFont=font, tickLength=0)
    places = list(range(len(bars.names)))
    beneath = [0.0] * len(places)
    for values, colour in zip(bars.values.values(), colours(tokens, len(bars.values)), strict=True):
        brush = QColor(colour)
        if bars.lying:
            drawn = pyqtgraph.BarGraphItem(
                x0=beneath, y=places, width=list(values), height=WIDE, brush=brush, pen=QColor(tokens.panel)
            )
        else:
            drawn = pyqtgraph.BarGraphItem(
                x=places, y0=beneath, height=list(values), width=WIDE, brush=brush, pen=QColor(tokens.panel)
            )
        item.addItem(drawn)
        beneath = [low + value for low, value in zip(beneath, values, strict=True)]
    ticks = [[(at, _short(name)) for at, name in enumerate(bars.names)]]
    item.getAxis("left" if bars.lying else "bottom").setTicks(ticks)
    item.getAxis("bottom" if bars.lying else "left").setStyle(showValues=False)  # each bar says its own
    item.showGrid(x=bars.lying, y=not bars.lying, alpha=0.15)
    highest = max([*beneath, 1.0])
    if bars.lying:
        item.invertY(True)
        item.setXRange(0, highest * 1.12, padding=0)
        item.setYRange(-0.6, len(places) - 0.4, padding=0)
        for at, value in enumerate(beneath):
            _say(pyqtgraph, item, f"{value:g}".replace(".", ","), value, at, tokens, (0, 0.5))
    else:
        item.setYRange(0, highest * 1.15, padding=0)
        item.setXRange(-0.6, len(places) - 0.4, padding=0)
        for at, value in enumerate(beneath):
            if value:
                _say(pyqtgraph, item, f"{value:g}".replace(".", ","), at, value, tokens, (0.5, 1))
    return plot


def _say(
    pyqtgraph: Any, item: Any, words: str, x: float, y: float, tokens: Tokens, anchor: tuple[float, float]
) -> None:
    label = pyqtgraph.TextItem(words, color=QColor(tokens.text), anchor=anchor)
    label.setPos(x, y)
    item.addItem(label)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"
