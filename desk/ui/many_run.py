"""One deed for many cases, under way: looked at, done one after the other, stopped between two, asked again.

Each case is a job of its own on the database lane, so that lists and forms go on in between. What was begun is kept in
a draft until its end: after a crash or a power cut the same run goes on with the same keys, and doubles nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from PySide6.QtCore import QObject, Signal

from desk.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.actions import Action
    from desk.many import ManyRow, Standing
    from desk.rules.deed import Done
    from desk.ui.background import Trouble
    from desk.ui.forms.drafts import Draft, Drafts
    from desk.ui.workstation import Workstation

LOOKED_AT_ONCE = 8
"""Cases judged in one turn of the database lane."""
DRAFT = "many"
Cases = Sequence[tuple[int, UUID]]


class ManyRun(QObject):
    """A run of one action over some cases; `rows` are in the order in which they were chosen."""

    looked = Signal()
    """All cases have been judged, or some more of them."""
    changed = Signal()
    """The outcome of a case is known."""
    ended = Signal()
    """Nothing is under way any more: all done, stopped, or the server is away."""

    def __init__(
        self, workstation: Workstation, action: Action, cases: Cases, parent: QObject, *, key: UUID | None = None
    ) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self.action = action
        self.cases = tuple(cases)
        self.key = key or uuid4()
        self.rows: list[ManyRow] = []
        self.inputs: object | None = None
        self.trouble = ""
        self.running = False
        self._began = key is not None
        self._stopped = False

    # Looking

    @property
    def judged(self) -> bool:
        """Whether every case has been looked at."""
        return len(self.rows) == len(self.cases)

    def look(self) -> None:
        """Judge the cases, some at a time."""
        from desk.many import judge

        part = self.cases[len(self.rows) : len(self.rows) + LOOKED_AT_ONCE]
        actor, action, key = self._workstation.actor, self.action, self.key

        def ask(session: Session) -> list[ManyRow]:
            return [judge(session, actor, action, office_id, case_id, key) for office_id, case_id in part]

        def show(rows: list[ManyRow]) -> None:
            self.rows += rows
            self.trouble = ""
            self.looked.emit()
            if not self.judged and not self._stopped:
                self.look()

        self._workstation.read(self, ask, show, self._not_looked)

    def _not_looked(self, trouble: Trouble) -> None:
        self.trouble = str(trouble)
        self.looked.emit()

    # Doing

    def start(self, inputs: object | None = None) -> None:
        """Do what can be done, one case after the other; also goes on with what is not certain yet."""
        if self.running:
            return
        self.inputs = inputs if inputs is not None else self.inputs
        self.running, self._stopped, self.trouble = True, False, ""
        self._began = True
        self._keep()
        self._next()

    def stop(self) -> None:
        """Begin no further case; the one under way comes to its end."""
        self._stopped = True

    def _next(self) -> None:
        from desk.many import Standing, key_of

        at = next((at for at, row in enumerate(self.rows) if row.to_do), None)
        if at is None or self._stopped:
            self._end()
            return
        row = self.rows[at]

        def done(answer: Done) -> None:
            self._settle(at, Standing.DONE, answer.sentence)
            self._next()

        def failed(trouble: Trouble) -> None:
            if isinstance(trouble, Refused):
                self._settle(at, Standing.REFUSED, str(trouble))
                self._next()
                return
            self._settle(at, Standing.UNKNOWN, str(trouble))
            self.trouble = str(trouble)
            self._end()

        inputs = row.inputs if row.inputs is not None else self.inputs
        self._workstation.perform(
            self, self.action, row.case, inputs, done, failed, request_id=key_of(self.key, row.id)
        )

    def _settle(self, at: int, standing: Standing, said: str) -> None:
        self.rows[at] = replace(self.rows[at], standing=standing, said=said)
        self.changed.emit()

    def _end(self) -> None:
        self.running = False
        if not self.left or self._stopped:
            self.forget()
        self.ended.emit()

    @property
    def left(self) -> int:
        """How many cases could still be done, or are not certain."""
        return sum(1 for row in self.rows if row.to_do)

    # The draft

    def _keep(self) -> None:
        from desk.ui.forms.drafts import Draft

        answers = {} if self.inputs is None else _plain(self.inputs)
        cases = [[office_id, str(case_id)] for office_id, case_id in self.cases]
        draft = Draft(self.key, datetime.now(UTC), {"action": self.action.id, "cases": cases, "answers": dict(answers)})
        self._with_drafts(lambda drafts: drafts.save(_key(self._workstation), draft))

    def forget(self) -> None:
        """The person knows how it ended: nothing has to be gone on with."""
        if self._began:
            self._with_drafts(lambda drafts: drafts.remove(_key(self._workstation), self.key))

    def _with_drafts(self, work: Callable[[Drafts], object]) -> None:
        background, drafts = self._workstation.background, drafts_of(self._workstation)
        # A disk that keeps no draft is no reason not to work; the keys of the deeds hold as long as the window does.
        background.run_slow(background, lambda _task: work(drafts()), lambda _none: None, lambda _trouble: None)


def _plain(inputs: object) -> Mapping[str, str]:
    return {name: str(value) for name, value in asdict(inputs).items()}  # type: ignore[call-overload]


def drafts_of(workstation: Workstation) -> Callable[[], Drafts]:
    """Where this person's drafts are kept; asked on the slow lane, once."""

    def find() -> Drafts:
        from desk.ui.forms import opening
        from desk.ui.forms.drafts import Drafts

        return Drafts(workstation.drafts or opening.drafts_folder(training=workstation.training))

    return find


def _key(workstation: Workstation) -> Any:
    from desk.ui.forms.drafts import DraftKey

    return DraftKey(workstation.actor.login, DRAFT, "")


def broken_off(owner: QObject, workstation: Workstation, found: Callable[[ManyRun], object]) -> None:
    """Look for a run of this person that broke off, and give it, ready to be looked at and gone on with."""

    def load(_task: object) -> Draft | None:
        return drafts_of(workstation)().load(_key(workstation))

    def offer(draft: Draft | None) -> None:
        if draft is None:
            return
        from desk.actions import ACTIONS

        action = ACTIONS.get(str(draft.fields.get("action")))
        if action is None or not action.many:
            return
        cases = [(int(office_id), UUID(case_id)) for office_id, case_id in draft.fields["cases"]]
        run = ManyRun(workstation, action, cases, owner, key=draft.request_id)
        if action.asks is not None and draft.fields["answers"]:
            run.inputs = action.asks(**draft.fields["answers"])
        found(run)

    workstation.background.run_slow(owner, load, offer)
