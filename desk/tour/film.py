"""Numbered pictures of what a person sees: the window with the dialogs above it, 1366 × 768."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from desk.ui.theme import Choice, theme

SIZE = QSize(1366, 768)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture; `step` is the numbered step of the office's standard that it shows, 0 for none."""

    file: str
    title: str
    office: str = ""
    step: int = 0


class Film:
    """All pictures of a tour, in order."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.pictures: list[Picture] = []

    def take(self, window: QWidget, title: str, *, office: str = "", step: int = 0, dark: bool = False) -> Picture:
        """Grabs the window and every dialog above it; `dark` in the dark look, then back."""
        name = f"{len(self.pictures) + 1:02}-{_slug(office, title)}{'-gelap' if dark else ''}.png"
        if dark:
            theme.choose(Choice.DARK)
            QApplication.processEvents()
        _compose(window).save(str(self._folder / name))
        if dark:
            theme.choose(Choice.LIGHT)
            QApplication.processEvents()
        picture = Picture(name, title, office, step)
        self.pictures.append(picture)
        return picture

    def take_failure(self, window: QWidget) -> None:
        """Grabs a window as it stood when the tour stopped."""
        taken = len(list(self._folder.glob("gagal-*.png")))
        _compose(window).save(str(self._folder / f"gagal-{taken + 1}.png"))


def _compose(window: QWidget) -> QPixmap:
    picture = QPixmap(SIZE)
    picture.fill(QColor(theme.tokens.background))
    corner = window.mapToGlobal(QPoint(0, 0))
    own = window.grab()
    painter = QPainter(picture)
    painter.drawPixmap((SIZE.width() - own.width()) // 2 if own.width() < SIZE.width() else 0, 0, own)
    for dialog in _above(window):
        place = QRect(dialog.mapToGlobal(QPoint(0, 0)) - corner, dialog.size())
        painter.drawPixmap(place.topLeft(), dialog.grab())
        painter.setPen(QColor(theme.tokens.muted))
        painter.drawRect(place.adjusted(-1, -1, 0, 0))
    painter.end()
    return picture


def _above(window: QWidget) -> list[QWidget]:
    """The visible dialogs and pop-ups of a window, the nearest to it first."""
    found = []
    for widget in QApplication.topLevelWidgets():
        above = widget.parentWidget()
        depth = 1
        while above is not None and above.window() is not window:
            above = above.window().parentWidget()
            depth += 1
        if widget is not window and above is not None and widget.isVisible():
            found.append((depth, widget))
    return [widget for _, widget in sorted(found, key=lambda pair: pair[0])]


def _slug(office: str, title: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", f"{office} {title}".casefold()).strip("-")
    return words[:70].rstrip("-")
