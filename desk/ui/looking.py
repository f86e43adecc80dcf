"""Who else is in a case: colleagues hear that this person looks at one, and the window shows where they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, QTimer

from desk.ui.rereading import Rereading

if TYPE_CHECKING:
    from desk.services.presence import Present
    from desk.ui.case_view import CaseView
    from desk.ui.main_window import MainWindow
    from desk.ui.queue import QueueView
    from desk.ui.workstation import Workstation

REST_MS = 800
"""A case counts as looked at when it has been on show for so long: walking through the list is not looking."""
AGAIN_MS = 15_000
"""While a colleague is seen, it is asked this often whether he or she is still there: a killed program says nothing."""


class Looking(QObject):
    """Says where this person is, and keeps where the others are; costs one small question per coming and going."""

    def __init__(self, window: MainWindow, workstation: Workstation, queue: QueueView, case: CaseView) -> None:
        super().__init__(window)
        self._window = window
        self._workstation = workstation
        self._queue, self._case = queue, case
        self._others: dict[UUID, list[Present]] = {}
        self._reading = Rereading(self._ask)
        self._soon = QTimer(self, singleShot=True, interval=REST_MS)
        self._soon.timeout.connect(self._look)
        self._again = QTimer(self, interval=AGAIN_MS)
        self._again.timeout.connect(self._reading.read)
        case.shown.connect(self._on_shown)
        workstation.live.woken.connect(self._reading.read)
        workstation.live.changed.connect(self._reading.read)
        workstation.live.disconnected.connect(lambda _since: self._show([]))
        workstation.deed_begun.connect(self._on_form)
        queue.others_in = lambda row: _words(self._others.get(row.id, []))

    def _on_shown(self) -> None:
        self._case.show_others(self._sentences())
        self._soon.start()

    def _look(self) -> None:
        case = self._case.facts
        if case is None or not self._case.isVisible():
            self._workstation.look_away()
        elif self._window.isActiveWindow() or self._workstation.filling:
            self._workstation.look_at(case.office_id, case.id)
            self._queue.note_looked(case.id)

    def _on_form(self) -> None:
        """A form was opened or closed: colleagues see it before they begin the same."""
        self._look()

    def _ask(self, ended: Callable[[], None]) -> None:
        from desk.services.presence import present

        offices = self._workstation.office_ids

        def show(found: list[Present]) -> None:
            self._show(found)
            ended()

        self._workstation.read(self, lambda session: present(session, offices), show, lambda _trouble: ended())

    def _show(self, found: list[Present]) -> None:
        others: dict[UUID, list[Present]] = {}
        for each in found:
            others.setdefault(each.case_id, []).append(each)
        if others != self._others:
            self._others = others
            self._queue.list.viewport().update()
            self._case.show_others(self._sentences())
        if others and not self._again.isActive():
            self._again.start()
        elif not others:
            self._again.stop()

    def _sentences(self) -> str:
        """What stands in the case on show about colleagues."""
        case = self._case.facts
        said = []
        for each in self._others.get(case.id, []) if case else []:
            name = each.name.partition(",")[0]
            form = _label_of(each.doing)
            doing = f"sedang mengisi “{form}”" if form else "juga membuka permohonan ini"
            said.append(f"{name} {doing} sejak {self._workstation.clock_text(each.at)}.")
        return "\n".join(said)


def _words(others: list[Present]) -> str:
    names = [each.name.partition(",")[0] + (" mengisi formulir" if each.doing else "") for each in others]
    return f"◉ {', '.join(dict.fromkeys(names))}" if names else ""


def _label_of(action_id: str) -> str:
    from desk import actions

    action = actions.ACTIONS.get(action_id)
    return action.label if action else ""
