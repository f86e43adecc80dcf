"""Which printer each kind of paper goes to at this workstation: what was chosen last, kept in this user's settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from desk.settings import PaperPrinter

if TYPE_CHECKING:
    from desk.ui.printing import PrintOrder

Keep = Callable[[Mapping[str, PaperPrinter]], None]
"""Writes the choices into the settings; called away from the window's thread by whoever gave it."""


class Printers:
    """The choices by kind of paper (`receipt`, `invoice`, `other`)."""

    def __init__(self, known: Mapping[str, PaperPrinter], keep: Keep) -> None:
        self._known = dict(known)
        self._keep = keep

    def of(self, kind: str) -> PaperPrinter:
        """The printer, tray and copies that this kind of paper took last."""
        return self._known.get(kind, PaperPrinter())

    def remember(self, kind: str, order: PrintOrder) -> None:
        """Keep a choice; a PDF file is no printer, and what did not change is not written again."""
        chosen = PaperPrinter(order.printer, order.tray, order.copies)
        if order.file is None and chosen != self.of(kind):
            self._known[kind] = chosen
            self._keep(dict(self._known))
