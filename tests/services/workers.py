"""What a workstation of its own does in the tests of many at once; a process of its own, so that it can be killed.

It imports little: each process pays for its imports.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from multiprocessing.synchronize import Event
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from desk.actions import perform
from desk.adapters.database import engine_for, run_deed
from desk.errors import Refused
from desk.rules.deed import Done
from desk.rules.people import Actor
from desk.services.case_file import facts
from tests import inputs

LIFE = (
    ("officer", "decide_fit"),
    ("officer", "check_requirements"),
    ("officer", "declare_clear"),
    ("officer", "issue_invoice"),
    ("officer", "record_proof"),
    ("treasurer", "confirm_payment"),
    ("treasurer", "issue_receipt"),
)


@dataclass(frozen=True)
class Seat:
    """Where somebody sits down: address with password, and who it is."""

    url: str = field(repr=False)
    actor: Actor


def serve_customers(office_id: int, officer: Seat, treasurer: Seat, acks: Path, stop: Event) -> None:
    """Takes one request after the other from registration to kuitansi, and notes the key of every deed it was told is
    done, until it is asked to stop or killed."""
    people = {
        "officer": (engine_for(officer.url), officer.actor),
        "treasurer": (engine_for(treasurer.url), treasurer.actor),
    }
    with acks.open("a", encoding="ascii") as noted:
        while not stop.is_set():
            case_id = _do(*people["officer"], "register_case", office_id, uuid4(), key=(key := uuid4())).case_id
            print(key, file=noted, flush=True)
            for who, action_id in LIFE:
                _do(*people[who], action_id, office_id, case_id, key=(key := uuid4()))
                print(key, file=noted, flush=True)


def issue_receipts(office_id: int, treasurer: Seat, cases: list[UUID], go: Event, acks: Path) -> None:
    """Gives every case its kuitansi, or finds that a colleague on another workstation was faster."""
    engine = engine_for(treasurer.url)
    go.wait(60)
    with acks.open("a", encoding="utf-8") as noted:
        for case_id in cases:
            try:
                done = _do(engine, treasurer.actor, "issue_receipt", office_id, case_id, key=uuid4())
                print(done.sentence, file=noted, flush=True)
            except Refused as refused:
                print(refused, file=noted, flush=True)


def _do(engine: Engine, actor: Actor, action_id: str, office_id: int, case_id: UUID, *, key: UUID) -> Done:
    def work(session: Session) -> Done:
        if action_id == "register_case":
            asked: object = inputs.registration()
        else:
            asked = inputs.answer(action_id, facts(session, office_id, case_id), colleague="")
        return perform(session, actor, action_id, case_id, office_id=office_id, request_id=key, inputs=asked)

    return run_deed(engine, work, key=key)
