"""How a deed is done: locked, judged again, done, told in the story, all in one transaction.

What may be done is the table in `desk/actions.py`; what each deed does stands in the service its row names.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.actions import ACTIONS, Action, why_not
from desk.errors import Refused
from desk.rules import claims as claim_rules
from desk.rules import intake as intake_rules
from desk.rules.case import TRACKS, CaseFacts, Moved, Stage, State
from desk.rules.deed import Deed, Done, Outcome
from desk.rules.desks import Desk, Queue, whereabouts
from desk.rules.inputs import Reason, Registration
from desk.rules.people import Actor, duty_names
from desk.services import claims, intake
from desk.services.case_file import AlreadyDone, facts, facts_and_done, with_clock

_LOCK = text("SELECT FROM desk.cases WHERE office_id = :office_id AND id = :case_id FOR NO KEY UPDATE")
_RECORD = text(
    "SELECT desk.record_deed(:office_id, :case_id, :key, :action, :sentence, :reason, CAST(:after AS jsonb), "
    "CAST(:derived AS jsonb), CAST(:result AS jsonb))"
)
_SEEN = text("SELECT sentence, case_id FROM desk.event WHERE office_id = :office_id AND id = :key")
_TAKEN = text("SELECT office_id, case_id FROM desk.event WHERE office_id = ANY (:office_ids) AND id = :key")


def perform(
    session: Session,
    actor: Actor,
    action_id: str,
    case_id: UUID,
    *,
    office_id: int,
    request_id: UUID,
    inputs: object = None,
) -> Done:
    """Does it in the caller's transaction, or raises `Refused` with the reason.

    The case is locked and judged again, so what a stale screen offered does not matter. The same `request_id` is the
    same deed: asked again, it answers what was done and does nothing.
    """
    action = ACTIONS[action_id]
    if not (inputs is None if action.asks is None else isinstance(inputs, action.asks)):
        raise TypeError(f"{action_id} asks {action.asks}, not {type(inputs)}")
    if action.handler is None:
        return _register(session, actor, office_id, request_id, inputs)
    session.execute(_LOCK, {"office_id": office_id, "case_id": case_id})
    case, done = facts_and_done(session, office_id, case_id, request_id)
    if done is not None:
        return _again(done, action, actor, office_id, request_id)
    if reason := why_not(action, actor, case):
        raise Refused(reason)
    if isinstance(inputs, Reason) and not inputs.reason.strip():
        raise Refused("Alasan belum ditulis; alasan itu tersimpan di riwayat permohonan.")
    outcome = action.handler(session, Deed(request_id, actor, case), inputs)
    moves = _moves(action, outcome)
    changes: dict[str, Any] = {}
    if action_id not in claim_rules.ABOUT_THE_HOLDER:
        changes["new_mail"] = action_id == "take_mail"
    if action_id in intake_rules.TAKES_UP or action.after & frozenset(Stage):
        changes["returned_on"] = None
    changes |= {**outcome.changes, **{TRACKS[type(state)]: state for state in moves}}
    changed = with_clock(session, _moved(case, replace(case, **changes)))
    _record(session, action, changed, moves, request_id, outcome)
    for companion in outcome.companions:  # the same deed in the story of another case, locked by the handler
        its_changes: dict[str, Any] = {"new_mail": False, **companion.outcome.changes}
        other = with_clock(session, replace(companion.case, **its_changes))
        its_key = uuid5(request_id, companion.action_id)
        _record(session, ACTIONS[companion.action_id], other, (), its_key, companion.outcome)
    for followed_by, asked in outcome.follows:
        key = uuid5(request_id, followed_by)
        perform(session, actor, followed_by, case_id, office_id=office_id, request_id=key, inputs=asked)
    return Done(office_id, case_id, request_id, outcome.sentence, outcome.subject_id)


def take_next(
    session: Session, actor: Actor, office_ids: Sequence[int], queue: Queue | None, *, request_id: UUID
) -> Done:
    """Takes the next case of the officer's list that nobody holds, or raises `Refused`; `queue` None is the whole list.

    Two people who ask at the same moment get two cases; the same `request_id` gets the same one again.
    """
    mine = [office_id for office_id in office_ids if ACTIONS["claim_case"].who & actor.duties_in(office_id)]
    seen = session.execute(_TAKEN, {"office_ids": mine, "key": request_id}).one_or_none()
    found = (seen.office_id, seen.case_id) if seen else claims.next_free(session, mine, queue)
    if found is None:
        raise Refused("Tidak ada permohonan yang bebas di antrean ini. Yang tersisa sedang dipegang rekan.")
    office_id, case_id = found
    return perform(session, actor, "claim_case", case_id, office_id=office_id, request_id=request_id)


def _moved(before: CaseFacts, after: CaseFacts) -> CaseFacts:
    """The facts with the move of this deed added to those that the story tells."""
    if all(before.state_of(track) is after.state_of(track) for track in TRACKS):
        return after
    move = Moved(after.today, after.stage, after.money, after.original, after.data)
    return replace(after, moves=(*after.moves, move))


def _register(session: Session, actor: Actor, office_id: int, key: UUID, inputs: object) -> Done:
    action = ACTIONS["register_case"]
    if not action.who & actor.duties_in(office_id):
        raise Refused(f"Hanya {duty_names(action.who)} yang dapat melakukan ini.")
    seen = session.execute(_SEEN, {"office_id": office_id, "key": key}).one_or_none()
    if seen is not None:
        session.execute(
            _LOCK, {"office_id": office_id, "case_id": seen.case_id}
        )  # so that COMMIT waits for the standby
        return Done(office_id, seen.case_id, key, seen.sentence, seen.case_id)
    assert isinstance(inputs, Registration)
    number = intake.register_case(session, office_id, key, inputs)
    outcome = Outcome(f"Permohonan {number} dicatat dari kanal {inputs.channel.label}.", subject_id=key)
    _record(session, action, facts(session, office_id, key), (), key, outcome)
    return Done(office_id, key, key, outcome.sentence, key)


def _again(done: AlreadyDone, action: Action, actor: Actor, office_id: int, key: UUID) -> Done:
    if done.action != action.id or done.by != actor.login:
        raise ValueError("a request key was used for two different deeds")
    return Done(office_id, done.case_id, key, done.sentence, done.subject_id)


def _moves(action: Action, outcome: Outcome) -> tuple[State, ...]:
    """The states the tracks take: what the row leaves no choice about, and what the handler chose of the rest."""
    moves = []
    for track in TRACKS:
        left = [state for state in track if state in action.after]
        chosen = [state for state in outcome.moves if type(state) is track]
        if chosen:
            assert chosen[0] in left, f"{action.id} cannot leave {chosen[0]}"
            moves.append(chosen[0])
        elif len(left) == 1:
            moves.append(left[0])
        else:
            assert not left, f"{action.id} must choose a state of {track.__name__}"
    return tuple(moves)


def _record(
    session: Session, action: Action, case: CaseFacts, moves: tuple[State, ...], key: UUID, outcome: Outcome
) -> None:
    session.execute(
        _RECORD,
        {
            "office_id": case.office_id,
            "case_id": case.id,
            "key": key,
            "action": action.id,
            "sentence": outcome.sentence,
            "reason": outcome.reason.strip(),
            "after": json.dumps({TRACKS[type(state)]: state.value for state in moves}),
            "derived": json.dumps(derived(case)),
            "result": json.dumps({"subject_id": str(outcome.subject_id) if outcome.subject_id else None}),
        },
    )


def derived(case: CaseFacts) -> dict[str, Any]:
    """The columns of a case that follow from its facts: promises, desks and queues; `desk doctor` compares them."""
    where = whereabouts(case)
    columns: dict[str, Any] = {
        "clear_on": _iso(case.clear_on),
        "service_due": _iso(case.service_due),
        "service_due_why": case.service_due_why,
        "correction_due": _iso(case.files.correction_due),
        "due_on": _iso(where.due_on),
        "due_of": where.due_of.value if where.due_of else None,
        "wake_on": _iso(where.wake_on),
        "remind_on": _iso(where.remind_on),
        "remind_why": where.remind_why,
        "address_confirmed": case.address_confirmed,
        "requirements": sorted(case.requirements_met),
    }
    for desk in Desk:
        place = where.places.get(desk)
        columns[f"{desk.value}_queue"] = place.queue.value if place else None
        columns[f"{desk.value}_why"] = place.why if place else ""
    return columns


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None
