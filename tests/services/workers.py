"""What a workstation of its own does in the tests of many at once; a process of its own, as in an office.

It imports little: each process pays for its imports.
"""

from __future__ import annotations

from multiprocessing.synchronize import Event
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from desk.adapters.database import engine_for, run_deed, transaction
from desk.deeds import perform, take_next
from desk.drills.seats import Seat
from desk.errors import Refused
from desk.rules.deed import Done
from desk.rules.people import Actor
from desk.services import numbers
from desk.services.case_file import facts
from tests import inputs


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


def take_cases(office_id: int, officer: Seat, go: Event, acks: Path) -> None:
    """Takes one case after the other until none is free, and notes each."""
    engine = engine_for(officer.url)
    go.wait(60)
    with acks.open("a", encoding="utf-8") as noted:
        while True:
            key = uuid4()

            def work(session: Session, key: UUID = key) -> Done:
                return take_next(session, officer.actor, [office_id], None, request_id=key)

            try:
                print(run_deed(engine, work, key=key).case_id, file=noted, flush=True)
            except Refused:
                return


def reserve_numbers(office_id: int, officer: Seat, times: int, go: Event) -> None:
    """Reserves numbers of one series again and again, as fast as the register gives them."""
    engine = engine_for(officer.url)
    go.wait(60)
    for _ in range(times):
        with transaction(engine) as session:
            numbers.reserve(session, office_id, "redirect", key=uuid4(), count=2, note="acara")


def _do(engine: Engine, actor: Actor, action_id: str, office_id: int, case_id: UUID, *, key: UUID) -> Done:
    def work(session: Session) -> Done:
        asked = inputs.answer(action_id, facts(session, office_id, case_id), colleague="")
        return perform(session, actor, action_id, case_id, office_id=office_id, request_id=key, inputs=asked)

    return run_deed(engine, work, key=key)
