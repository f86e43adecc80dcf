"""Reading again without collecting questions: the next one is asked when the last answer is there."""

from __future__ import annotations

from collections.abc import Callable

Ask = Callable[[Callable[[], None]], None]
"""Asks and calls what it was given when the answer, or the failure, is there."""


class Rereading:
    """Changes may come faster than a slow line answers; they then share one further reading."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._under_way = False
        self._again = False

    def read(self) -> None:
        """Read now, or once more as soon as the reading under way has ended."""
        if self._under_way:
            self._again = True
            return
        self._under_way = True
        self._ask(self._ended)

    def _ended(self) -> None:
        self._under_way = False
        if self._again:
            self._again = False
            self.read()
