"""What clients do in the races of `lostupdate`: count one field up, and take cases from one queue."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Text, cast, select, text, update
from sqlalchemy.orm import Session

from desk.adapters.database import engine_for, reading, run_deed, transaction
from desk.deeds import perform
from desk.drills import answers
from desk.drills.seats import Seat
from desk.drills.workstations import Draft, ask, noted
from desk.errors import Refused, Unavailable
from desk.models import Customer
from desk.rules.deed import Done
from desk.services.case_file import facts

_QUEUE = text("SELECT id FROM desk.cases WHERE office_id = :office AND stage = 'new' ORDER BY sequence LIMIT 16")


def count_up(seat: Seat, office_id: int, case_id: UUID, turns: int, ready: Any, notes: Path) -> None:
    """Adds one to the field so often: by the form, by an ORM object, and by a bulk update, in turn."""
    engine = engine_for(seat.url)
    ways = (
        partial(_by_form, engine, seat, office_id, case_id),
        partial(_by_object, engine, office_id),
        partial(_by_bulk, engine, office_id),
    )
    with notes.open("a", encoding="utf-8") as noting:
        ready.wait(120)
        for turn in range(turns):
            key = uuid4()
            while True:
                try:
                    noted(noting, Draft(key, ways[turn % 3].func.__name__, case_id), ways[turn % 3])
                    break
                except (Refused, Unavailable):  # somebody was faster: read anew, as a person would
                    key = uuid4()
    engine.dispose()


def _by_form(engine: Any, seat: Seat, office_id: int, case_id: UUID) -> Done:
    """The form is opened, filled in and sent; a colleague may have sent his own meanwhile."""
    with reading(engine) as session:
        card = session.execute(
            select(Customer.position, Customer.row_version).where(Customer.office_id == office_id)
        ).one()
        form = replace(
            answers.card(facts(session, office_id, case_id), str(int(card.position) + 1)), version=card.row_version
        )
    key = uuid4()

    def deed(session: Session) -> Done:
        return perform(
            session, seat.actor, "change_customer", case_id, office_id=office_id, request_id=key, inputs=form
        )

    return run_deed(engine, deed, key=key)


def _by_object(engine: Any, office_id: int) -> Done:
    with transaction(engine) as session:
        customer = session.execute(select(Customer).where(Customer.office_id == office_id)).scalar_one()
        customer.position = str(int(customer.position) + 1)
        return Done(office_id, customer.id, customer.id, "object", None)


def _by_bulk(engine: Any, office_id: int) -> Done:
    with transaction(engine) as session:
        higher = cast(cast(Customer.position, BigInteger) + 1, Text)
        session.execute(
            update(Customer)
            .where(Customer.office_id == office_id)
            .values(position=higher)
            .execution_options(synchronize_session=False)
        )
        return Done(office_id, UUID(int=0), UUID(int=0), "bulk", None)


def take_cases(seat: Seat, office_id: int, chance: int, ready: Any, notes: Path) -> None:
    """Takes one case after the other from the top of the queue that everybody sees, until it is empty."""
    engine = engine_for(seat.url)
    choose = random.Random(chance).choice  # noqa: S311 - which of the first, nothing secret
    with notes.open("a", encoding="utf-8") as noting:
        ready.wait(120)
        while True:
            with reading(engine) as session:
                waiting = session.execute(_QUEUE, {"office": office_id}).scalars().all()
            if not waiting:
                break
            asking = Draft(uuid4(), "redirect_case", choose(waiting))
            try:
                noted(noting, asking, partial(ask, engine, seat, office_id, asking))
            except Refused:  # a colleague has taken it
                continue
    engine.dispose()
