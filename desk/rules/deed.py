"""One deed: what a handler gets, and what it gives back to `perform()`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from desk.rules.case import CaseFacts, State
from desk.rules.people import Actor


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does it to which case, judged under the lock; `key` is the request key and becomes the id of the event."""

    key: UUID
    actor: Actor
    case: CaseFacts

    @property
    def office_id(self) -> int:
        """The office of the case."""
        return self.case.office_id

    @property
    def case_id(self) -> UUID:
        """The case."""
        return self.case.id


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done: a sentence for the story and the screen, the reason given, tracks that the action leaves open,
    and the facts that changed (so that the new whereabouts need no second reading). `follows` are deeds of the program
    that this one brings about in the same transaction: (action, what it asks)."""

    sentence: str
    reason: str = ""
    moves: tuple[State, ...] = ()
    changes: Mapping[str, object] = field(default_factory=dict)
    subject_id: UUID | None = None
    follows: tuple[tuple[str, object], ...] = ()
    companions: tuple[Companion, ...] = ()


@dataclass(frozen=True, slots=True)
class Companion:
    """What the same deed did to another case: that case before it, the action of its own story, and the outcome."""

    case: CaseFacts
    action_id: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Done:
    """The answer to the person who acted; the same key gives the same answer again."""

    office_id: int
    case_id: UUID
    key: UUID
    sentence: str
    subject_id: UUID | None = None
