"""One table model for every list: rows are frozen dataclasses, `data()` is a look-up, sorting is done on typed keys.

Rows never jump under the pointer. A refresh changes rows in place; new rows wait until the person asks for them, and a
row that left the list stays where it is, dimmed, until then.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from desk.ui.theme import Tone
from desk.ui.tracks import Bar, spoken

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()

ROW_ROLE = Qt.ItemDataRole.UserRole
"""The row object itself."""
GONE_ROLE = Qt.ItemDataRole.UserRole + 1
"""Whether the row has left the list since it was shown."""


class Look(Enum):
    """How a column is painted."""

    PLAIN = "plain"
    STRONG = "strong"
    MUTED = "muted"
    PILL = "pill"
    BARS = "bars"


def _no_text(_row: Any) -> str:
    return ""


def _plain(_row: Any) -> Tone:
    return Tone.PLAIN


def _no_bars(_row: Any) -> tuple[Bar, ...]:
    return ()


@dataclass(frozen=True)
class Column(Generic[R]):
    """One column: what it says, on what it sorts, how wide it is at least (px) and which share of the rest it takes.

    `spare` columns are hidden when the list gets narrow, the highest number first; 0 never. A text with `wrap` may take
    two lines. The `reason` column says why the row is here, or that it no longer is. An `extra` column is
    shown only to who asks for it. A `mark` is a dot, told
    in these words.
    """

    title: str
    text: Callable[[R], str]
    sort: Callable[[R], Any] | None = None
    second: Callable[[R], str] = _no_text
    look: Look = Look.PLAIN
    tone: Callable[[R], Tone] = _plain
    bars: Callable[[R], tuple[Bar, ...]] = _no_bars
    width: int = 100
    share: int = 0
    spare: int = 0
    right: bool = False
    wrap: bool = False
    reason: bool = False
    extra: bool = False
    mark: Callable[[R], str] = _no_text

    def words(self, row: R) -> str:
        """The whole cell in words, for tooltip and screen readers."""
        if self.look is Look.BARS:
            return spoken(self.bars(row))
        return ", ".join(part for part in (self.text(row), self.second(row), self.mark(row)) if part)


def _id_of(row: Any) -> Hashable:
    key: Hashable = row.id
    return key


class TableModel(QAbstractTableModel, Generic[R]):
    """The rows of one list."""

    waiting_changed = Signal()

    def __init__(
        self, columns: Sequence[Column[R]], key: Callable[[R], Hashable] = _id_of, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.key = key
        self.gone_words = "Sudah tidak di daftar ini."
        self._rows: list[R] = []
        self._latest: list[R] = []
        self._gone: set[Hashable] = set()
        self._sorted_by: tuple[int, bool] | None = None

    @property
    def rows(self) -> tuple[R, ...]:
        """The rows as they stand on the screen, those that left included."""
        return tuple(self._rows)

    @property
    def live_rows(self) -> tuple[R, ...]:
        """The rows as the database has them: without those that left, with those that wait."""
        return tuple(self._latest)

    @property
    def waiting(self) -> int:
        """How many new rows wait to be shown."""
        here = {self.key(row) for row in self._rows}
        return sum(1 for row in self._latest if self.key(row) not in here)

    @property
    def sorted_by(self) -> tuple[str, bool] | None:
        """The title of the column by which the person sorts, and whether from the end; None as the list was given."""
        return None if self._sorted_by is None else (self.columns[self._sorted_by[0]].title, self._sorted_by[1])

    @property
    def gone(self) -> int:
        """How many rows on the screen have left the list."""
        return len(self._gone)

    def show(self, rows: Sequence[R]) -> None:
        """Show exactly these rows: the person asked for this list."""
        self.beginResetModel()
        self._latest = list(rows)
        self._rows = self._in_order(self._latest)
        self._gone.clear()
        self.endResetModel()
        self.waiting_changed.emit()

    def refresh(self, rows: Sequence[R]) -> None:
        """Take over what changed without moving anything; only differing rows are painted again."""
        if not self._rows:
            self.show(rows)
            return
        fresh = {self.key(row): row for row in rows}
        self._latest = list(rows)
        for at, old in enumerate(self._rows):
            key = self.key(old)
            new = fresh.get(key)
            was_gone, is_gone = key in self._gone, new is None
            if new is not None and new != old:
                self._rows[at] = new
            elif was_gone == is_gone:
                continue
            (self._gone.add if is_gone else self._gone.discard)(key)
            self.dataChanged.emit(self.index(at, 0), self.index(at, len(self.columns) - 1))
        self.waiting_changed.emit()

    def append(self, rows: Sequence[R]) -> None:
        """Add the next page of a long list."""
        if not rows:
            return
        start = len(self._rows)
        self.beginInsertRows(_NOWHERE, start, start + len(rows) - 1)
        self._rows.extend(rows)
        self._latest.extend(rows)
        self.endInsertRows()

    def settle(self) -> None:
        """Show what waits and drop what left: the person pressed the button."""
        self.show(self._latest)

    def row_of(self, key: Hashable) -> int:
        """The line on which a row stands, -1 when it is not on the screen."""
        return next((at for at, row in enumerate(self._rows) if self.key(row) == key), -1)

    def row_at(self, index: Index) -> R | None:
        """The row object under an index."""
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def _in_order(self, rows: Sequence[R]) -> list[R]:
        if self._sorted_by is None:
            return list(rows)
        column, descending = self._sorted_by
        key = self.columns[column].sort
        if key is None:
            return list(rows)
        known = [row for row in rows if key(row) is not None]
        unknown = [row for row in rows if key(row) is None]  # without a date at the end, whichever way it is sorted
        return [*sorted(known, key=key, reverse=descending), *unknown]

    # Qt overrides

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(row)
            case Qt.ItemDataRole.ToolTipRole:
                return self.gone_words if self.key(row) in self._gone else column.words(row)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken_row(row) if index.column() == 0 else f"{column.title}: {column.words(row)}"
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
            case _ if role == ROW_ROLE:
                return row
            case _ if role == GONE_ROLE:
                return self.key(row) in self._gone
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted_by = None if column < 0 else (column, order is Qt.SortOrder.DescendingOrder)
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        keys = [self.key(self._rows[index.row()]) for index in before]
        shown = {self.key(row) for row in self._rows}
        if self._sorted_by is None:  # back to the order in which the list was given
            given = [row for row in self._latest if self.key(row) in shown]
            self._rows = given + [row for row in self._rows if self.key(row) in self._gone]
        else:
            self._rows = self._in_order(self._rows)
        place = {self.key(row): at for at, row in enumerate(self._rows)}
        after = [self.index(place[key], index.column()) for key, index in zip(keys, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _spoken_row(self, row: R) -> str:
        said = ". ".join(f"{column.title}: {column.words(row)}" for column in self.columns if column.words(row))
        return f"{self.gone_words} {said}" if self.key(row) in self._gone else said
