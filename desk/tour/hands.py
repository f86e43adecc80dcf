"""What hands do at a desk: press, type, paste, pick, tick, drop."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from desk.tour.pace import Pace, TourStopped

W = TypeVar("W", bound=QWidget)
_NO_KEYS = Qt.KeyboardModifier.NoModifier
_LEFT = Qt.MouseButton.LeftButton


class Hands:
    """Acts on what is visible and enabled, as a person could; anything else stops the tour with a sentence."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace

    def press(self, button: QAbstractButton) -> None:
        """Clicks a button."""
        self._usable(button, f"tombol “{button.text()}” dapat ditekan")
        self._pace.act(button.click)

    def type(self, edit: QLineEdit, text: str) -> None:
        """Replaces what stands in a field, key by key."""
        self._usable(edit, f"isian “{edit.accessibleName()}” dapat diisi")
        edit.setFocus()
        self._pace.act(edit.selectAll)
        if not text:
            self.key(edit, Qt.Key.Key_Delete)
        for letter in text:
            self._pace.act(lambda letter=letter: _send_key(edit, 0, letter))  # type: ignore[misc]

    def paste(self, edit: QPlainTextEdit, text: str) -> None:
        """Replaces what stands in a paragraph at once."""
        self._usable(edit, f"isian “{edit.accessibleName()}” dapat diisi")
        edit.setFocus()
        self._pace.act(edit.selectAll)
        self._pace.act(lambda: edit.insertPlainText(text) if text else edit.clear())

    def key(self, widget: QWidget, key: Qt.Key) -> None:
        """Presses one key."""
        self._pace.act(lambda: _send_key(widget, key, ""))

    def pick(self, combo: QComboBox, label: str) -> None:
        """Chooses an entry by its words, or by their beginning."""
        self._usable(combo, f"pilihan “{combo.accessibleName()}” dapat dipakai")
        places = [at for at in range(combo.count()) if combo.itemText(at).startswith(label)]
        if not places:
            raise TourStopped(f"“{label}” tidak ada di pilihan “{combo.accessibleName()}”.")
        self._pace.act(lambda: combo.setCurrentIndex(places[0]))

    def click_row(self, view: QAbstractItemView, row: int) -> None:
        """Clicks a line of a list."""
        model = view.model()
        at = QPointF(view.visualRect(model.index(row, 1 if model.columnCount() > 1 else 0)).center())
        target = view.viewport()
        for kind, down in ((QEvent.Type.MouseButtonPress, _LEFT), (QEvent.Type.MouseButtonRelease, Qt.MouseButton(0))):
            event = QMouseEvent(kind, at, target.mapToGlobal(at), _LEFT, down, _NO_KEYS)
            self._pace.act(lambda event=event: QApplication.sendEvent(target, event))  # type: ignore[misc]

    def drop(self, target: QWidget, paths: Sequence[Path]) -> None:
        """Drags files from the desktop onto a widget."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        action = Qt.DropAction.CopyAction
        enter = QDragEnterEvent(QPoint(20, 20), action, mime, _LEFT, _NO_KEYS)
        self._pace.act(lambda: QApplication.sendEvent(target, enter))
        if not enter.isAccepted():
            raise TourStopped(f"Berkas tidak dapat diseret ke “{target.accessibleName() or target.objectName()}”.")
        event = QDropEvent(QPointF(20, 20), action, mime, _LEFT, _NO_KEYS)
        self._pace.act(lambda: QApplication.sendEvent(target, event))

    def _usable(self, widget: QWidget, what: str) -> None:
        """A person waits the moment until a new field or button is there."""
        self._pace.until(lambda: widget.isVisible() and widget.isEnabled(), what, seconds=5)


def child(parent: QWidget, kind: type[W], name: str) -> W:
    """The widget with this object name or spoken name; the tour stops where there is none."""
    found = parent.findChild(kind, name)
    if found is None:
        found = next((each for each in parent.findChildren(kind) if each.accessibleName() == name), None)
    if found is None:
        raise TourStopped(f"“{name}” tidak ada di “{parent.windowTitle() or parent.objectName()}”.")
    return found


def _send_key(widget: QWidget, key: int, text: str) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, _NO_KEYS, text))
