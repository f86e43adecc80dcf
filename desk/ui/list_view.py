"""The list: one view for every list, read and chosen from by mouse and keys alike."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
)

from desk.ui import theme
from desk.ui.row_delegate import RowDelegate
from desk.ui.table import TableModel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_WHOLE_ROW = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
_ADD_ROW = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
_TOGGLE_ROW = QItemSelectionModel.SelectionFlag.Toggle | QItemSelectionModel.SelectionFlag.Rows
_EXTENDING = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


class ListView(QTableView):
    """A list that is read row by row, by mouse and keys alike."""

    row_selected = Signal(object)
    """The row that is current now, or None."""
    row_opened = Signal(object)
    """Enter or double click on a row."""
    chosen_changed = Signal()
    """Other rows are chosen than before; only where several may be."""
    many_wanted = Signal()
    """Shift+Enter: something should be done with the chosen rows."""

    def __init__(self, name: str, row_height: int = theme.ROW_HEIGHT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setItemDelegate(RowDelegate(self, row_height))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(row_height)
        header = self.horizontalHeader()
        header.setAccessibleName(f"Judul kolom: {name}")
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)  # first: enabling sorts at once
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setFixedHeight(theme.LINE_HEIGHT)
        self.doubleClicked.connect(self._open_index)
        self.when_empty = ""
        """What stands in the middle of the list when it was read and has no row."""
        self._was_read = False
        self._wanted: tuple[str, ...] = ()  # the columns the person wants; empty: the usual ones
        self._drop_row = -1
        self._several = False
        self._ticking = False  # Space was pressed: moving keeps what is chosen
        theme.theme.changed.connect(self.viewport().update)

    def let_choose_many(self) -> None:
        """Several rows may be chosen: with Shift, Ctrl and Ctrl+A, or with Space on one row after the other."""
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)

    def chosen_rows(self) -> list[Any]:
        """The chosen rows from top to bottom."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [row for at in places if (row := self.table.row_at(self.table.index(at, 0))) is not None]

    def choose_one(self) -> bool:
        """Go back to the current row alone; tells whether there were several."""
        several = self._several
        self._ticking = False
        if several:
            self.selectionModel().setCurrentIndex(self.currentIndex(), _WHOLE_ROW)
        return several

    def row_under(self, point: QPoint | None) -> Any:
        """The row object at a point of the viewport, framed as the one something would be dropped on; None without."""
        index = QModelIndex() if point is None else self.indexAt(point)
        if index.row() != self._drop_row:
            self._drop_row = index.row()
            self.viewport().update()
        return self.table.row_at(index)

    def set_table(self, model: TableModel[Any]) -> None:
        """Show this model."""
        self.setModel(model)
        self.setSortingEnabled(any(column.sort for column in model.columns))
        self.selectionModel().currentRowChanged.connect(lambda now, _before: self.row_selected.emit(model.row_at(now)))
        self.selectionModel().selectionChanged.connect(self._on_chosen)
        self._share_width()

    def columns_on_show(self) -> tuple[str, ...]:
        """The titles of the columns that the person asked for; empty: the usual ones."""
        return self._wanted

    def show_columns(self, titles: tuple[str, ...]) -> None:
        """Show these columns; without any, the usual ones as far as they fit."""
        self._wanted = tuple(column.title for column in self.table.columns if column.title in titles)
        self._share_width()

    def sort_by(self, order: tuple[str, bool] | None) -> None:
        """Sort by a column and direction, as a click on its title would; None is the order of the list itself."""
        titles = [column.title for column in self.table.columns if column.sort]
        direction = Qt.SortOrder.DescendingOrder if order and order[1] else Qt.SortOrder.AscendingOrder
        known = order is not None and order[0] in titles
        at = [column.title for column in self.table.columns].index(order[0]) if known and order else -1
        self.horizontalHeader().setSortIndicator(at, direction)

    @property
    def table(self) -> TableModel[Any]:
        """The model on show."""
        model = self.model()
        assert isinstance(model, TableModel)
        return model

    def current_row(self) -> Any:
        """The current row object, or None."""
        return self.table.row_at(self.currentIndex())

    def select_key(self, key: Hashable | None) -> bool:
        """Make the row with this key current; tells whether it is there."""
        at = -1 if key is None else self.table.row_of(key)
        if at >= 0:
            self.setCurrentIndex(self.table.index(at, 0))
        return at >= 0

    def show_rows(self, rows: tuple[Any, ...] | list[Any]) -> None:
        """Show these rows at once, keeping the current row and the scroll where the rows are still there."""
        self._was_read = True
        self._keeping_place(lambda: self.table.show(rows))

    def settle(self) -> None:
        """Show what waits, keeping the current row."""
        self._keeping_place(self.table.settle)

    def _keeping_place(self, change: Callable[[], None]) -> None:
        current = self.current_row()
        key = None if current is None else self.table.key(current)
        chosen = [self.table.key(row) for row in self.chosen_rows()]
        scroll = self.verticalScrollBar().value()
        change()
        self.doItemsLayout()  # now, or the scroll bar still has the range of the old rows
        found = self.select_key(key)
        if len(chosen) > 1:
            for at in filter(lambda at: at >= 0, map(self.table.row_of, chosen)):
                self.selectionModel().select(self.table.index(at, 0), _ADD_ROW)
        self.verticalScrollBar().setValue(scroll)  # last: making a row current scrolls to it
        if not found:
            self.row_selected.emit(None)

    def _frame(self, row: int, width: int) -> None:
        painter = QPainter(self.viewport())
        painter.setPen(QPen(QColor(theme.theme.tokens.accent), width))
        top, height = self.rowViewportPosition(row), self.rowHeight(row)
        painter.drawRect(1, top + 1, self.viewport().width() - 3, height - 3)
        painter.end()

    def _on_chosen(self) -> None:
        before, self._several = self._several, len(self.selectionModel().selectedRows()) > 1
        if before or self._several or self._ticking:
            self.viewport().update()  # the frame of the current row comes and goes
        self.chosen_changed.emit()

    def _tick(self) -> None:
        """The first Space begins with the current row, each further one takes the row in or out."""
        if self._ticking:
            self.selectionModel().select(self.currentIndex(), _TOGGLE_ROW)
        self._ticking = True

    def _open_index(self, index: QModelIndex) -> None:
        row = self.table.row_at(index)
        if row is not None:
            self.row_opened.emit(row)

    def _share_width(self) -> None:
        """Hide spare columns until the rest fits, then share what is left."""
        model = self.model()
        if not isinstance(model, TableModel):
            return
        room = self.viewport().width()
        if self._wanted:
            self._fit_wanted(model, room)
            return
        shown = [at for at, column in enumerate(model.columns) if not column.extra]
        for at in sorted(shown, key=lambda at: -model.columns[at].spare):
            if model.columns[at].spare and sum(model.columns[i].width for i in shown) > room:
                shown.remove(at)
        left = max(0, room - sum(model.columns[at].width for at in shown))
        shares = sum(model.columns[at].share for at in shown) or 1
        for at, column in enumerate(model.columns):
            self.setColumnHidden(at, at not in shown)
            self.setColumnWidth(at, column.width + left * column.share // shares)

    def _fit_wanted(self, model: TableModel[Any], room: int) -> None:
        """All columns that the person wants; where they do not fit, those that share what is left give way."""
        wanted = [column for column in model.columns if column.title in self._wanted]
        fixed = sum(column.width for column in wanted if not column.share)
        shared = sum(column.width for column in wanted if column.share) or 1
        left, shares = max(0, room - fixed - shared), sum(column.share for column in wanted) or 1
        scale = min(1.0, max(0.5, (room - fixed) / shared))
        for at, column in enumerate(model.columns):
            self.setColumnHidden(at, column not in wanted)
            width = int(column.width * scale) if column.share else column.width
            self.setColumnWidth(at, width + left * column.share // shares)

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.when_empty and self._was_read and not self.table.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(QColor(theme.theme.tokens.muted))
            painter.setFont(theme.font())
            middle = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect().adjusted(24, 0, -24, 0), middle, self.when_empty)
            painter.end()
        if self._drop_row >= 0:
            self._frame(self._drop_row, 2)
        elif (self._ticking or self._several) and self.currentIndex().isValid():
            self._frame(self.currentIndex().row(), 1)  # where Space acts

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        many = self.selectionMode() is QAbstractItemView.SelectionMode.ExtendedSelection
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if many and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.many_wanted.emit()
            else:
                self._open_index(self.currentIndex())
        elif many and event.key() == Qt.Key.Key_Space and not event.modifiers():
            self._tick()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not event.modifiers() and self.indexAt(event.position().toPoint()).isValid():
            self._ticking = False  # a plain click chooses one row
        super().mousePressEvent(event)

    def selectionCommand(
        self, index: QModelIndex | QPersistentModelIndex, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        moves = isinstance(event, QKeyEvent) and not event.modifiers() & _EXTENDING
        if self._ticking and moves:
            return QItemSelectionModel.SelectionFlag.NoUpdate
        return super().selectionCommand(index, event)

    def keyboardSearch(self, search: str) -> None:
        """Nothing here: what is typed outside a field goes to the search box of the window."""
