"""Plays the scripts of the sample cases through the action table, in order of time, with the training clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from desk.adapters.database import run_deed, transaction
from desk.adapters.paper import PaperShop
from desk.deeds import perform
from desk.demo.evening import LEFT_OPEN, evening
from desk.demo.office import TrainingOffice, customers
from desk.demo.scripts import Script, Step, on_day, scripts
from desk.demo.statement import bring_statement
from desk.paperwork import make_missing_papers
from desk.rules.deed import Done
from desk.rules.inputs import LineInput
from desk.rules.people import Actor
from desk.services.case_file import facts

Say = Callable[[str], None]
_ZONE = ZoneInfo("Asia/Jakarta")


@dataclass(frozen=True, slots=True)
class Turn:
    """One step of one script at its moment."""

    at: datetime
    script: int
    number: int
    step: Step


def fill(office: TrainingOffice, *, say: Say = lambda _: None) -> int:
    """Fills an empty training database with cases in every state and gives their number; takes well under a minute."""
    engines = {login: office.engine_of(login) for login in office.people}
    shop = PaperShop()
    try:
        return _play(office, engines, shop, say)
    finally:
        office.set_clock(None)
        shop.close()
        for engine in engines.values():
            engine.dispose()


def _play(office: TrainingOffice, engines: dict[str, Engine], shop: PaperShop, say: Say) -> int:
    played = scripts(customers(), _catalogue(office), office.folder / "berkas")
    today, now = _today(office)
    turns = _turns(played, today, now)
    cases: dict[int, UUID] = {}
    received: dict[int, date] = {}
    for count, turn in enumerate(turns):
        script, step = played[turn.script], turn.step
        _close_evenings(office, engines, played, received, before=turn.at.astimezone(_ZONE).date(), today=today)
        office.set_clock(turn.at)
        engine, actor = engines[step.login], office.people[step.login].actor
        office_id = script.team.office_id
        if step.action == "papers":
            make_missing_papers(engine, shop, office_id, cases[turn.script])
            continue
        key = uuid4()
        if step.action == "register_case":
            inputs: object = script.registration
            case_id = key
        else:
            case_id = cases[turn.script]
            with transaction(engine) as session:
                now_stands = facts(session, office_id, case_id)
            if step.action == "approve_payment" and not now_stands.needs_second_person():
                continue  # only much money needs a second person
            inputs = step.inputs(now_stands) if step.inputs else None
        deed = partial(_perform, actor, step.action, case_id, office_id, key, inputs)
        cases[turn.script] = run_deed(engine, deed, key=key).case_id
        if step.action == "issue_receipt":
            received[office_id] = turn.at.astimezone(_ZONE).date()
        if count % 50 == 0:
            say(f"Menyiapkan contoh permohonan: {count * 100 // len(turns)}%")
    for team in {script.team.office_id: script.team for script in played}.values():
        bring_statement(office, engines[team.treasurer], team.office_id)
    return len(cases)


def _close_evenings(
    office: TrainingOffice,
    engines: dict[str, Engine],
    played: list[Script],
    received: dict[int, date],
    *,
    before: date,
    today: date,
) -> None:
    """Lets the treasurers finish the days with kuitansi that lie before this one."""
    for office_id, day in list(received.items()):
        if day < before:
            del received[office_id]
            if (today - day).days > LEFT_OPEN:
                office.set_clock(datetime.combine(day, time(16, 30), _ZONE))
                treasurer = next(each.team.treasurer for each in played if each.team.office_id == office_id)
                evening(engines[treasurer], office_id, day)


def _perform(
    actor: Actor, action: str, case_id: UUID, office_id: int, key: UUID, inputs: object, session: Session
) -> Done:
    return perform(session, actor, action, case_id, office_id=office_id, request_id=key, inputs=inputs)


def _turns(played: list[Script], today: date, now: datetime) -> list[Turn]:
    """All steps of all scripts by time; steps of one day follow one another by minutes, none lies in the future."""
    turns = []
    for index, script in enumerate(played):
        first = Step(script.begun, script.team.officer, "register_case")
        for number, step in enumerate((first, *script.steps)):
            day = on_day(today, max(0, step.days_ago))
            moment = datetime.combine(day, time(8, 0), _ZONE) + timedelta(minutes=index * 5 + number * 7)
            turns.append(Turn(min(moment.astimezone(UTC), now), index, number, step))
    turns.sort(key=lambda turn: (turn.at, turn.script, turn.number))
    return turns


def _today(office: TrainingOffice) -> tuple[date, datetime]:
    with office.owner.connect() as connection:
        row = connection.execute(text("SELECT now() AS now, (now() AT TIME ZONE 'Asia/Jakarta')::date AS today")).one()
    return row.today, row.now


def _catalogue(office: TrainingOffice) -> list[LineInput]:
    with office.owner.connect() as connection:
        rows = connection.execute(
            text("SELECT code, title, tariff, size, level, format FROM desk.catalogue_item WHERE active ORDER BY code")
        ).all()
    return [
        LineInput(
            row.title,
            row.tariff,
            row.size,
            ", ".join(part for part in (row.level, row.format) if part),
            row.code,
        )
        for row in rows
    ]
