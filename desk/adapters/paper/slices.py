"""Slices: what a page can be built from. A slice is a text line or a table row, with the rules for breaking pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk.adapters.paper.blocks import Floating
    from desk.adapters.paper.ink import Group


@dataclass(slots=True)
class Slice:
    """A strip of a column of text; places in `groups` count from its upper left corner.

    `gap` is the white above it, left out at the top of a page; `before` is the part of it that stays where the rest of
    a split row begins. `foot` is the line below it that has to fit too where a page ends under it. `may_break` says
    whether a page may end above it.
    """

    height: float
    groups: list[Group]
    gap: float = 0.0
    before: float = 0.0
    foot: float = 0.0
    may_break: bool = True
    new_page: bool = False
    split: Callable[[float], tuple[Slice, Slice] | None] | None = None
    repeat: list[Slice] = field(default_factory=list)
    floating: list[Floating] = field(default_factory=list)


@dataclass(slots=True)
class Flow:
    """The slices of a story (body, cell, header) from top to bottom, and the white below the last one.

    `after` is what its last paragraph asks for, `spacing` what the line spacing of that paragraph adds to it.
    """

    slices: list[Slice]
    after: float = 0.0
    spacing: float = 0.0
    keeps_next: bool = False

    @property
    def height(self) -> float:
        """The height of everything, with all white, in twips."""
        return sum(item.gap + item.height for item in self.slices) + self.after + self.spacing
