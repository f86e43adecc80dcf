"""A list of cases as one person wants to see it: which of a queue, in which order, with which columns.

The filter is applied to what the queue has given, so a row means the same in every view. A view that an other version
of the program kept is read as far as it is understood; what is unknown is left out, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from desk.rules.case import Channel, Data, Money, Original, State
from desk.rules.desks import DESK_OF, Desk, Queue

if TYPE_CHECKING:
    from desk.rules.case import Holder

LONGEST_NAME = 40
MOST = 20
"""Views of one person in one office; more would hide one another at the left."""


class DueIs(State):
    """When a case is due, seen from today."""

    LATE = "late", "terlambat"
    TODAY = "today", "hari ini"
    WEEK = "week", "7 hari ke depan"
    NONE = "none", "tanpa jatuh tempo"


class HeldBy(State):
    """Who has a case in hand."""

    ME = "me", "saya"
    NOBODY = "nobody", "bebas"
    OTHERS = "others", "rekan"


class Listed(Protocol):
    """What a filter looks at in a row of a list."""

    @property
    def number(self) -> str: ...
    @property
    def customer_name(self) -> str: ...
    @property
    def institution(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def channel(self) -> Channel: ...
    @property
    def money(self) -> Money: ...
    @property
    def original(self) -> Original: ...
    @property
    def data(self) -> Data: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def holder(self) -> Holder | None: ...


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases of a list are wanted; None and no words want them all."""

    words: str = ""
    due: DueIs | None = None
    channel: Channel | None = None
    money: Money | None = None
    original: Original | None = None
    data: Data | None = None
    holder: HeldBy | None = None

    @property
    def empty(self) -> bool:
        """Whether every case is wanted."""
        return self == CaseFilter()

    def admits(self, row: Listed, today: date, login: str) -> bool:
        """Whether this row is wanted, by the person with this login on this day."""
        for name in ("channel", "money", "original", "data"):
            wanted = getattr(self, name)
            if wanted is not None and getattr(row, name) is not wanted:
                return False
        if self.due is not None and not _is_due(self.due, row.due_on, today):
            return False
        if self.holder is not None and _held_by(row.holder, login) is not self.holder:
            return False
        text = f"{row.number} {row.customer_name} {row.institution} {row.why}".casefold()
        return all(word in text for word in self.words.casefold().split())


def _is_due(wanted: DueIs, due_on: date | None, today: date) -> bool:
    if due_on is None:
        return wanted is DueIs.NONE
    return {
        DueIs.LATE: due_on < today,
        DueIs.TODAY: due_on == today,
        DueIs.WEEK: today <= due_on <= today + timedelta(days=7),
        DueIs.NONE: False,
    }[wanted]


def _held_by(holder: Holder | None, login: str) -> HeldBy:
    if holder is None:
        return HeldBy.NOBODY
    return HeldBy.ME if holder.login == login else HeldBy.OTHERS


FILTERS: Mapping[str, tuple[str, type[State]]] = {
    "due": ("Jatuh tempo", DueIs),
    "channel": ("Kanal", Channel),
    "holder": ("Dipegang", HeldBy),
    "money": ("Uang", Money),
    "original": ("Naskah", Original),
    "data": ("Data", Data),
}
"""What a filter may ask of a case besides words: how it is called, and its states."""


@dataclass(frozen=True, slots=True)
class ViewSettings:
    """What a view keeps: the queue (None: what needs the desk now), the filter, the column and direction it is sorted
    by, and the columns that are shown (empty: the usual ones).
    """

    desk: Desk
    queue: Queue | None
    filter: CaseFilter = field(default_factory=CaseFilter)
    sort: tuple[str, bool] | None = None
    columns: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The settings as the database keeps them."""
        kept = {name: getattr(self.filter, name) for name in FILTERS}
        return {
            "desk": self.desk.value,
            "queue": self.queue.value if self.queue else None,
            "words": self.filter.words,
            **{name: state.value for name, state in kept.items() if state is not None},
            "sort": list(self.sort) if self.sort else None,
            "columns": list(self.columns),
        }


def read_settings(kept: Mapping[str, Any]) -> ViewSettings | None:
    """The settings from the database; None where the queue is one that this version does not have."""
    try:
        desk = Desk.of(str(kept.get("desk")))
        queue = Queue.of(str(kept["queue"])) if kept.get("queue") else None
    except ValueError:
        return None
    if queue is not None and DESK_OF[queue] is not desk:
        return None
    found: dict[str, Any] = {"words": str(kept.get("words") or "")}
    for name, (_, states) in FILTERS.items():
        known = {state.value: state for state in states}
        found[name] = known.get(kept.get(name))
    sort = kept.get("sort")
    columns = kept.get("columns") or ()
    assert set(found) == {each.name for each in fields(CaseFilter)}
    return ViewSettings(
        desk,
        queue,
        CaseFilter(**found),
        (str(sort[0]), bool(sort[1])) if isinstance(sort, list) and len(sort) == 2 else None,
        tuple(str(column) for column in columns),
    )
