"""The conversation of a case: the latest messages at once, earlier ones on request, what is new marked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QTimer

from desk.ui.case_pages import conversation_html
from desk.ui.rich_page import Page

if TYPE_CHECKING:
    from desk.services.case_file import MessageEntry
    from desk.ui.theme import Tokens

AT_ONCE = 25
"""Messages laid out at a time: a conversation of years would hold up the window each time its width changes."""


class ConversationPage(Page):
    """Opens at the newest message; what was new when the case was opened stays marked while it is on show."""

    def __init__(self) -> None:
        super().__init__("Percakapan")
        self._case_id: UUID | None = None
        self._said: tuple[tuple[MessageEntry, ...], str, date, Tokens] | None = None
        self._count = AT_ONCE
        self._new: set[UUID] = set()
        self.anchorClicked.connect(lambda _link: self._show_earlier())

    @property
    def new(self) -> int:
        """How many messages are new since this person looked."""
        return len(self._new)

    def note(self, case_id: UUID, messages: Sequence[MessageEntry]) -> None:
        """Keep which messages are new; a case that was just opened begins at its newest message."""
        if case_id != self._case_id:
            self._case_id, self._count, self._new = case_id, AT_ONCE, set()
        self._new |= {entry.id for entry in messages if entry.new}

    def show_messages(self, messages: Sequence[MessageEntry], zone: str, today: date, tokens: Tokens) -> None:
        """Show the conversation; `note` tells first which case it is of."""
        first = self._said is None or (messages[:1] != self._said[0][:1])
        self._said = (tuple(messages), zone, today, tokens)
        bar = self.verticalScrollBar()
        at_end = first or bar.value() >= bar.maximum()
        self._fill()
        if at_end:
            bar.setValue(bar.maximum())
            QTimer.singleShot(0, self, lambda: bar.setValue(bar.maximum()))  # once its width is known

    def _show_earlier(self) -> None:
        self._count += 2 * AT_ONCE
        self._fill()

    def _fill(self) -> None:
        assert self._said is not None
        messages, zone, today, tokens = self._said
        shown = messages[-self._count :]
        self.show_html(
            conversation_html(shown, zone, today, tokens, earlier=len(messages) - len(shown), new=frozenset(self._new))
        )
