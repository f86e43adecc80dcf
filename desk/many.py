"""One deed for many cases: which of them allow it and with which text, each judged and done on its own.

A run has a key, and every case of it a key made from that: a run that broke off is asked again as a whole, and what
was done already answers with what it did. There is no transaction around several cases, so a refusal of one of them
undoes nothing of the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from desk.actions import ACTIONS, Action, why_not
from desk.errors import Refused
from desk.rules.case import CaseFacts
from desk.rules.inputs import SentBy
from desk.rules.people import Actor
from desk.services import replies
from desk.services.case_file import case_view, facts_and_done


class Standing(Enum):
    """How one case of a run stands."""

    READY = "dapat"
    SKIPPED = "dilewati"
    DONE = "selesai"
    REFUSED = "ditolak"
    UNKNOWN = "belum pasti"


@dataclass(frozen=True, slots=True)
class ManyRow:
    """One case of a run: how it stands and what is said about it; `inputs` is its own answer, the text that leaves."""

    case: CaseFacts
    standing: Standing
    said: str = ""
    inputs: SentBy | None = None

    @property
    def id(self) -> UUID:
        """The case."""
        return self.case.id

    @property
    def to_do(self) -> bool:
        """Whether the deed is still to be asked for: not yet, or without a certain answer."""
        return self.standing in (Standing.READY, Standing.UNKNOWN)


def actions_for_many(actor: Actor, office_ids: frozenset[int]) -> tuple[Action, ...]:
    """What this person may do for several cases of these offices at once."""
    held = frozenset(duty for office_id in office_ids for duty in actor.duties_in(office_id))
    return tuple(action for action in ACTIONS.values() if action.many and action.who & held)


def key_of(run: UUID, case_id: UUID) -> UUID:
    """The key of the deed on one case of a run."""
    return uuid5(run, str(case_id))


def judge(session: Session, actor: Actor, action: Action, office_id: int, case_id: UUID, run: UUID) -> ManyRow:
    """How one case stands before the run: done by it already, allowed, or passed over with the reason."""
    case, done = facts_and_done(session, office_id, case_id, key_of(run, case_id))
    if done is not None:
        return ManyRow(case, Standing.DONE, done.sentence)
    if reason := why_not(action, actor, case):
        return ManyRow(case, Standing.SKIPPED, reason)
    if action.asks is not SentBy:
        return ManyRow(case, Standing.READY)
    try:
        out = replies.outgoing(
            session, case_view(session, office_id, case_id), replies.STEP_OF_ACTION[action.id], actor.name
        )
    except Refused as refused:
        return ManyRow(case, Standing.SKIPPED, str(refused))
    inputs = replies.sent_by_program(out)
    if inputs is None:
        return ManyRow(
            case,
            Standing.SKIPPED,
            f"Dikirim orang lewat {case.channel.label}: program hanya mengirim surel kantor. Buka permohonannya.",
        )
    return ManyRow(case, Standing.READY, f"Surel ke {out.address}: {out.subject}", inputs)
