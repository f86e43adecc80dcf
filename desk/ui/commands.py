"""What the search box can do beside finding: the steps of the case on show, a new case, and places to go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from desk.ui.palette import Command

if TYPE_CHECKING:
    from desk.ui.case_view import CaseView
    from desk.ui.desk_list import DeskList
    from desk.ui.workstation import Workstation


class Commands:
    """Asked anew each time somebody types: what is possible changes with the case."""

    def __init__(
        self,
        workstation: Workstation,
        case: CaseView,
        desks: DeskList,
        of_window: tuple[Command, ...],
        new_case: Callable[[], object],
        say: Callable[[str], object],
    ) -> None:
        """`of_window` are things the window itself can do at any time; `say` shows a sentence."""
        self._workstation, self._case, self._desks = workstation, case, desks
        self._of_window = of_window
        self._new_case, self._say = new_case, say

    def __call__(self) -> Iterator[Command]:
        """The possible first; then every other action with the reason why it is not possible now."""
        case = self._case.facts
        possible = self._case.actions_bar.possible if case is not None else ()
        for step in possible:
            assert case is not None
            about = f"{case.customer_name} · {case.number}"
            yield Command(step.id, step.label, about, partial(self._case.actions_bar.trigger, step.id))
        begin = self._workstation.new_case_action()
        if begin is not None:
            yield Command(begin.id, begin.label, begin.help, self._new_case)
        yield from self._of_window
        for spot in self._desks.spots:
            kind = "tampilan" if spot.view else "antrean"
            yield Command(spot.name, f"Buka {kind} {spot.title}", "", partial(self._desks.choose, spot))
        if case is not None:
            known = {step.label for step in possible}
            for step, reason in self._workstation.refused_steps(case):
                if step.label not in known:
                    yield Command(step.id, step.label, reason, partial(self._say, f"{step.label}: {reason}"))
