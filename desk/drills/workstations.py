"""What a workstation does in a drill: a process of its own, so that it can be killed without a word.

It notes every key before it asks and every answer after it: the note that is not answered is the draft of a form, and
whoever sits down after a crash asks again with the same key. It imports little, for each process pays for its imports.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from desk.adapters.database import engine_for, run_deed
from desk.deeds import perform
from desk.drills import answers
from desk.drills.answers import LIFE
from desk.drills.seats import Seat
from desk.errors import Refused, Unavailable
from desk.rules.deed import Done
from desk.services.case_file import facts


@dataclass(frozen=True, slots=True)
class Draft:
    """A deed that was asked for and whose answer never came."""

    key: UUID
    action_id: str
    case_id: UUID


@dataclass(frozen=True, slots=True)
class Day:
    """What one workstation is to do: whose seats, where it notes, how far each case goes, and how many cases."""

    office_id: int
    officer: Seat
    treasurer: Seat
    notes: Path
    steps: int = len(LIFE)
    cases: int | None = None
    draft: Draft | None = None
    patience: float = 60.0


def serve_customers(day: Day, stop: Event) -> None:
    """Takes one request after the other through its life until it is asked to stop, killed, or done with its cases."""
    people = {
        "officer": (engine_for(day.officer.url), day.officer),
        "treasurer": (engine_for(day.treasurer.url), day.treasurer),
    }
    served = 0
    with day.notes.open("a", encoding="utf-8") as notes:

        def do(who: str, action_id: str, case_id: UUID, key: UUID) -> UUID:
            engine, seat = people[who]
            asking = Draft(key, action_id, case_id)
            return noted(notes, asking, lambda: ask(engine, seat, day.office_id, asking, day.patience)).case_id

        case_id, begun = _resume(day.draft, do)
        while not stop.is_set() and served != day.cases:
            if case_id is None:
                key = uuid4()
                case_id, begun = do("officer", "register_case", key, key), 0
            for who, action_id in LIFE[begun : day.steps]:
                do(who, action_id, case_id, uuid4())
            case_id, served = None, served + 1
    for engine, _ in people.values():
        engine.dispose()


def _resume(draft: Draft | None, do: Callable[[str, str, UUID, UUID], UUID]) -> tuple[UUID | None, int]:
    """Asks the draft of a crashed workstation again; gives its case, and where in its life it stands."""
    if draft is None:
        return None, 0
    if draft.action_id == "register_case":
        return do("officer", "register_case", draft.case_id, draft.key), 0
    step = [action_id for _, action_id in LIFE].index(draft.action_id)
    do(LIFE[step][0], draft.action_id, draft.case_id, draft.key)
    return draft.case_id, step + 1


def click(seat: Seat, office_id: int, drafts: Sequence[Draft], ready: Any, notes: Path) -> None:
    """Does each deed at the same moment as the other processes that share the barrier `ready`."""
    engine = engine_for(seat.url)
    with notes.open("a", encoding="utf-8") as noting:
        for draft in drafts:
            ready.wait(120)
            noted(noting, draft, lambda asked=draft: ask(engine, seat, office_id, asked))  # type: ignore[misc]
    engine.dispose()


def noted(notes: TextIO, asking: Draft, work: Callable[[], Done]) -> Done:
    """Notes what is asked, and then what was answered: done, refused, or told that it failed."""
    mark = {"key": str(asking.key), "action": asking.action_id, "case": str(asking.case_id)}
    print(json.dumps({"asked": mark}), file=notes, flush=True)
    begun = time.time()
    try:
        done = work()
    except (Refused, Unavailable) as trouble:
        print(json.dumps({"told": str(trouble), "kind": type(trouble).__name__, **mark}), file=notes, flush=True)
        raise
    clock = {"begun": begun, "ended": time.time()}
    print(json.dumps({"done": done.sentence, **clock, **mark}), file=notes, flush=True)
    return done


def ask(engine: Engine, seat: Seat, office_id: int, asking: Draft, patience: float = 60.0) -> Done:
    """One click: the deed with its key, asked again for up to `patience` seconds."""

    def work(session: Session) -> Done:
        if asking.action_id == "register_case":
            inputs: object = answers.registration()
        else:
            inputs = answers.answer(asking.action_id, facts(session, office_id, asking.case_id))
        return perform(
            session,
            seat.actor,
            asking.action_id,
            asking.case_id,
            office_id=office_id,
            request_id=asking.key,
            inputs=inputs,
        )

    return run_deed(engine, work, key=asking.key, deadline=patience)
