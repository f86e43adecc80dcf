"""The left of the window: the desks of this person, each queue with its live count, Alt+1 … Alt+9.

Who sees many desks does not scroll for the own work: desks of others are folded to their heading, which still counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QMenu, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desk.rules.desks import DESK_OF, Desk, Queue
from desk.ui.row_button import RowButton

if TYPE_CHECKING:
    from uuid import UUID

    from desk.services.queues import QueueCount

WIDTH = 206
NEEDS_ME = "Butuh saya"
_SHORTCUTS = 9
_FITS = 18
"""Lines that stand in a window 768 px high without scrolling."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One entry at the left: a queue of a desk, what a whole desk must do (`queue` None), the archive, a page.

    `view` names a list that somebody keeps: a queue with filter, order and columns.
    """

    desk: Desk | None
    queue: Queue | None
    title: str
    page: str = ""
    view: UUID | None = None

    @property
    def name(self) -> str:
        """The object name of its button."""
        if self.view is not None:
            return f"view.{self.view}"
        if self.desk is None:
            return f"place.{self.page or 'archive'}"
        return f"place.{self.desk.value}.{self.queue.value if self.queue else 'all'}"


ARCHIVE = Spot(None, None, "Arsip")
MORNING = Spot(None, None, "Lembar pagi", "morning")
OVERSIGHT = Spot(None, None, "Pantauan", "oversight")
DAY = Spot(None, None, "Tutup hari", "day")
REGISTER = Spot(None, None, "Register", "register")
CUSTODY = Spot(None, None, "Map & pinjaman", "custody")
INBOX = Spot(None, None, "Surel masuk", "inbox")
OUTBOX = Spot(None, None, "Surel keluar", "outbox")
PEOPLE = Spot(None, None, "Orang", "people")
HEALTH = Spot(None, None, "Basis data", "health")
TEMPLATES = Spot(None, None, "Templat", "templates")
READY_TEXTS = Spot(None, None, "Teks siap pakai", "ready_texts")
NUMBERS = Spot(None, None, "Register surat", "numbers")
REQUIREMENTS = Spot(None, None, "Persyaratan", "requirements")
RULE_BOOK = Spot(None, None, "Buku aturan", "rules")
RETENTION = Spot(None, None, "Retensi", "retention")
AFTERCARE = Spot(None, None, "Setelah kirim", "aftercare")
AUDIT = Spot(None, None, "Pemeriksaan", "audit")
STATEMENTS = Spot(None, None, "Mutasi rekening", "statements")


def sections(
    desks: Iterable[Desk], pages: tuple[Spot, ...] = (), views: tuple[Spot, ...] = ()
) -> list[tuple[str, tuple[Spot, ...]]]:
    """The entries, grouped: desks with several queues have a heading of their own, the others share one line each.

    `pages` are places that are no list of cases; only the archive stands below them. `views` follow the own work.
    """
    desks = tuple(desks)
    first = desks[0] if desks else None
    grouped: list[tuple[str, tuple[Spot, ...]]] = []
    single: list[Spot] = []
    for desk in desks:
        own = [queue for queue, where in DESK_OF.items() if where is desk]
        if len(own) == 1:
            single.append(Spot(desk, None, desk.label))
            continue
        spots = [Spot(desk, None, NEEDS_ME if desk is first else f"Perlu {desk.label.lower()}")]
        spots += [Spot(desk, queue, queue.label) for queue in own]
        grouped.append((desk.label.upper(), tuple(spots)))
    ordered = [*grouped, ("", (*single, *pages, ARCHIVE))]
    if single and single[0].desk is first and grouped:  # the own desk stands on top, also when it is a single line
        ordered = [("", (single[0],)), *grouped, ("", (*single[1:], *pages, ARCHIVE))]
    if views:
        ordered.insert(1, ("", views))
    return [(title if len(grouped) > 1 else "", spots) for title, spots in ordered]


def folded_at_first(sections: Iterable[tuple[str, tuple[Spot, ...]]]) -> frozenset[str]:
    """The headings that are folded until a person opens them: from the last on, as many as it takes to fit."""
    ordered = list(sections)
    lines = sum(len(spots) + bool(title) for title, spots in ordered)
    folded = set[str]()
    for at, (title, spots) in reversed(list(enumerate(ordered))):
        if at and title and lines > _FITS:
            folded.add(title)
            lines -= len(spots)
    return frozenset(folded)


class _Group:
    """A desk with its heading: a click folds it away, and then the heading says how many need somebody."""

    def __init__(self, title: str, desk: Desk) -> None:
        self.desk, self._title = desk, title
        self._count = 0
        self._buttons: list[RowButton] = []
        self.heading = RowButton(title, "", "fold")
        self.heading.setObjectName(f"fold.{desk.value}")
        self.heading.setCheckable(True)
        self.heading.toggled.connect(self._show)

    def add(self, button: RowButton) -> None:
        """One entry below the heading."""
        self._buttons.append(button)

    def set_open(self, is_open: bool) -> None:
        """Fold or unfold it."""
        self.heading.setChecked(is_open)
        self._show(is_open)

    def set_count(self, count: int) -> None:
        """How many cases need this desk now."""
        self._count = count
        self._show(self.heading.isChecked())

    def _show(self, is_open: bool) -> None:
        for button in self._buttons:
            button.setVisible(is_open)
        self.heading.setText(f"{'▾' if is_open else '▸'} {self._title}")
        self.heading.set_detail("" if is_open or not self._count else str(self._count))
        self.heading.setAccessibleName(f"{self._title}, {'terbuka' if is_open else f'terlipat, {self._count} perlu'}")


class DeskList(QWidget):
    """Buttons in a column; in a narrow window one button with a menu."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Meja dan antrean")
        self._buttons: dict[Spot, RowButton] = {}
        self._groups: list[_Group] = []
        self._desks: tuple[Desk, ...] = ()
        self._pages: tuple[Spot, ...] = ()
        self._views: tuple[Spot, ...] = ()
        self._counts: tuple[QueueCount, ...] = ()
        self._shortcuts: list[QShortcut] = []
        self._group = QButtonGroup(self)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._menu_button = QPushButton()
        self._menu_button.setObjectName("places_menu")
        self._menu = QMenu(self._menu_button)
        self._menu_button.setMenu(self._menu)
        self._menu_button.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._menu_button)
        layout.addWidget(self._scroll, 1)
        self.setFixedWidth(WIDTH)

    @property
    def spots(self) -> tuple[Spot, ...]:
        """The entries from top to bottom."""
        return tuple(self._buttons)

    def show_desks(self, desks: Iterable[Desk], pages: tuple[Spot, ...] = ()) -> None:
        """Build the entries for these desks, and for places that are no list of cases."""
        self._desks, self._pages = tuple(desks), pages
        self._rebuild()

    def show_views(self, views: tuple[Spot, ...]) -> None:
        """Show these views of lists among the entries; the chosen entry stays chosen, and folds stay as they are."""
        self._views = views
        chosen = next((spot for spot, button in self._buttons.items() if button.isChecked()), None)
        opened = {group.desk for group in self._groups if group.heading.isChecked()}
        self._rebuild()
        for group in self._groups:
            group.set_open(group.desk in opened)
        if chosen in self._buttons:
            self._buttons[chosen].setChecked(True)
        self.show_counts(self._counts)

    def _rebuild(self) -> None:
        for shortcut in self._shortcuts:
            shortcut.deleteLater()
        self._shortcuts.clear()
        self._buttons.clear()
        self._menu.clear()
        self._group.deleteLater()
        self._group = QButtonGroup(self)
        inside = QWidget()
        inside.setObjectName("inside")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        self._groups.clear()
        grouped = sections(self._desks, self._pages, self._views)
        folded = folded_at_first(grouped)
        for at, (title, spots) in enumerate(grouped):
            if at:
                column.addSpacing(8)
            group = _Group(title, spots[0].desk) if title and spots[0].desk else None
            if group:
                self._groups.append(group)
                column.addWidget(group.heading)
            for spot in spots:
                button = self._make(spot)
                column.addWidget(button)
                if group:
                    group.add(button)
            if group:
                group.set_open(title not in folded)
        column.addStretch(1)
        self._scroll.setWidget(inside)

    def _make(self, spot: Spot) -> RowButton:
        number = len(self._buttons) + 1
        button = RowButton(spot.title, "", "place")
        button.setObjectName(spot.name)
        button.setCheckable(True)
        button.clicked.connect(lambda: self.choose(spot))
        self._group.addButton(button)
        self._buttons[spot] = button
        entry = self._menu.addAction(spot.title)
        entry.triggered.connect(lambda: self.choose(spot))
        if number <= _SHORTCUTS:
            keys = f"Alt+{number}"
            button.setToolTip(f"{spot.title} ({keys})")
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(lambda: self.choose(spot))
            self._shortcuts.append(shortcut)
        button.setAccessibleName(f"Tampilan {spot.title}" if spot.view else spot.title)
        return button

    def choose(self, spot: Spot) -> None:
        """Go to an entry; it is seen, also when its desk was folded."""
        for group in self._groups:
            if group.desk is spot.desk and spot.view is None and not self._buttons[spot].isVisibleTo(self):
                group.set_open(True)
        self._buttons[spot].setChecked(True)
        self._menu_button.setText(spot.title)
        self._menu_button.setAccessibleName(f"Antrean: {spot.title}")
        self.chosen.emit(spot)

    def focus_current(self) -> None:
        """Give the focus to the entry that is open."""
        button = self._group.checkedButton()
        (self._menu_button if self._menu_button.isVisible() or button is None else button).setFocus()

    def show_counts(self, counts: Iterable[QueueCount]) -> None:
        """Show how many cases wait at each entry; the own work leaves out what only waits."""
        self._counts = counts = tuple(counts)
        numbers: dict[tuple[Desk, Queue | None], int] = {}
        for entry in counts:
            numbers[(entry.desk, entry.queue)] = entry.count
            numbers[(entry.desk, None)] = numbers.get((entry.desk, None), 0) + entry.needs_me
        for spot, button in self._buttons.items():
            if spot.desk is None or spot.view is not None:
                continue
            count = numbers.get((spot.desk, spot.queue), 0)
            button.set_detail(str(count) if count else "")
            button.setAccessibleName(f"{spot.title}, {count} permohonan")
        for group in self._groups:
            group.set_count(numbers.get((group.desk, None), 0))

    def set_narrow(self, narrow: bool) -> None:
        """Show one button with a menu instead of the column."""
        self._menu_button.setVisible(narrow)
        self._scroll.setVisible(not narrow)
        if narrow:
            self.setMinimumWidth(0)
            self.setMaximumWidth(16_777_215)
            self.setFixedHeight(self._menu_button.sizeHint().height())
        else:
            self.setMinimumHeight(0)
            self.setMaximumHeight(16_777_215)
            self.setFixedWidth(WIDTH)
