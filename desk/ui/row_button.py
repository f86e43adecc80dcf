"""A button as wide as its place: words at the left, a number or a key at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPaintEvent
from PySide6.QtGui import QFont as Font
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter

from desk.ui import theme

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_PAD = 14


class RowButton(QPushButton):
    """Shows its text at the left and `detail` at the right; `role` is the look in the stylesheet."""

    def __init__(self, text: str, detail: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._detail = detail
        if role:
            self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(theme.LINE_HEIGHT - 2)
        self.setAutoDefault(False)

    @property
    def detail(self) -> str:
        """The words at the right."""
        return self._detail

    def set_detail(self, detail: str) -> None:
        """Change the words at the right."""
        if detail != self._detail:
            self._detail = detail
            self.update()

    # Qt overrides

    def sizeHint(self) -> QSize:
        wide = QFontMetrics(self.font()).horizontalAdvance(f"{self.text()}   {self._detail}") + 3 * _PAD
        return QSize(wide, theme.LINE_HEIGHT - 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        tokens = theme.theme.tokens
        role = self.property("role")
        ink = tokens.text
        if role == "primary":
            ink = tokens.on_accent if self.isEnabled() else tokens.text
        elif not self.isEnabled():
            ink = tokens.muted
        heading = role == "fold"
        if heading:
            ink = tokens.muted
        strong = heading or role == "primary" or (self.isCheckable() and self.isChecked())
        weight = Font.Weight.DemiBold if strong else Font.Weight.Normal
        font = theme.font(theme.SECTION_SIZE if heading else theme.FONT_SIZE, weight)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        area = self.rect().adjusted(_PAD, 0, -_PAD, 0)
        detail_width = metrics.horizontalAdvance(self._detail)
        painter.setPen(QColor(ink if role == "primary" else tokens.muted))
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._detail)
        painter.setPen(QColor(ink))
        room = QRect(area.left(), area.top(), area.width() - detail_width - 8, area.height())
        shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
