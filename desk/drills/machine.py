"""Several people at work in any order, watched by a model: what happens must be what the model says, and nothing else.

After every step the database is compared with the model, the people look at what they may see, and everything that
somebody with `psql` could try at this point is tried. Whoever drives it chooses: a seeded chance, or hypothesis.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol, Self, TypeVar
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import Engine, make_url
from sqlalchemy.orm import Session

from desk import deeds
from desk.adapters.database import engine_for, reading, run_deed, transaction
from desk.adapters.postgres_programs import parameters_of
from desk.drills import answers
from desk.drills.attempts import ATTEMPTS, breaches
from desk.drills.model import NUMBERS, STEPS, CaseModel
from desk.drills.office import NUMBERED, DrillOffice
from desk.drills.seats import OFFICE, PEOPLE, actor_of
from desk.errors import Refused
from desk.rules.deed import Done
from desk.rules.inputs import IncomingFile
from desk.services import documents
from desk.services.case_file import facts

T = TypeVar("T")
_WORKERS = ("rina", "fajar", "gita", "budi", "sri")
_SEEN_BY = ("cases", "customer", "invoice", "payment", "receipt")


class Chooser(Protocol):
    """Chooses one of several; the first ones are what keeps a history going."""

    def __call__(self, options: Sequence[T], /) -> T: ...


class Broken(Exception):
    """The database and the model disagree; the words say where."""


class Machine:
    """The office of one history."""

    def __init__(self, office: DrillOffice, choose: Chooser) -> None:
        self._office, self._choose = office, choose
        self._engines: dict[str, Engine] = {}
        self._raw: dict[str, psycopg.Connection[Any]] = {}
        self._owner = psycopg.connect(**parameters_of(office.url), autocommit=True)
        self.cases: list[CaseModel] = []
        self.numbers = dict.fromkeys(NUMBERED.values(), 0)
        self.events = 0
        self.steps = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for engine in self._engines.values():
            engine.dispose()
        for connection in (*self._raw.values(), self._owner):
            connection.close()

    def run(self, steps: int) -> None:
        """So many steps, each checked; raises `Broken` at the first disagreement."""
        self._register()
        self._check()
        for _ in range(steps):
            self._step()
            self._check()

    # what happens

    def _step(self) -> None:
        self.steps += 1
        if self.cases[-1].tracks["stage"] == "closed":
            self._register()
            return
        rules: tuple[Callable[[], None], ...] = (self._forward,) * 6 + (self._forbidden, self._edit_twice)
        self._choose(rules)()

    def _forward(self) -> None:
        """Something that may be done, rather something new."""
        case = self.cases[-1]
        may = [(p, a) for p in _WORKERS for a in STEPS if case.allows(p, _duties(p), a)]
        new = [each for each in may if each[1] not in case.done]
        person, action_id = self._choose(new * 4 + may)
        if action_id == "send_offer":
            self._make_papers(case)
        self._deed(person, case, action_id)
        case.do(person, action_id)
        for kind in NUMBERS.get(action_id, ()):
            self.numbers[kind] += 1

    def _forbidden(self) -> None:
        """Something that may not be done, by a program that asks nevertheless."""
        case = self.cases[-1]
        asked = [(p, a) for p in _WORKERS for a in STEPS if not case.left_out(a)]
        person, action_id = self._choose([(p, a) for p, a in asked if not case.allows(p, _duties(p), a)])
        with contextlib.suppress(Refused):
            self._ask(person, case, action_id, uuid4())
            raise Broken(f"{person} could do {action_id} at {case.tracks}")

    def _edit_twice(self) -> None:
        """Two people open the same card; whoever sends second is told."""
        case = self.cases[-1]
        if case.tracks["stage"] not in ("clear", "active"):
            return
        with reading(self._engine("rina")) as session:
            form = answers.card(facts(session, OFFICE, case.id), f"Jabatan {self.steps}")
        self._ask("rina", case, "change_customer", uuid4(), form)
        self.events += 1
        with contextlib.suppress(Refused):
            self._ask("fajar", case, "change_customer", uuid4(), replace(form, position="Jabatan lain"))
            raise Broken("a card was overwritten with an old form")

    def _register(self) -> None:
        key = uuid4()
        done = self._ask("rina", CaseModel(key), "register_case", key)
        self.cases.append(CaseModel(done.case_id))
        self.numbers["case"] += 1
        self.events += 1

    def _deed(self, person: str, case: CaseModel, action_id: str) -> None:
        key = uuid4()
        try:
            done = self._ask(person, case, action_id, key)
        except Refused as refused:
            raise Broken(f"{person} was refused {action_id} at {case.tracks}: {refused}") from refused
        self.events += 1
        with contextlib.suppress(Refused):  # clicked twice: the same answer, or the database is wrong
            if self._ask(person, case, action_id, key) == done:
                return
        raise Broken(f"{action_id} asked again with its key was not the same deed")

    def _ask(self, person: str, case: CaseModel, action_id: str, key: UUID, form: object = None) -> Done:
        engine, actor = self._engine(person), actor_of(person)

        def work(session: Session) -> Done:
            inputs = form
            if action_id == "register_case":
                inputs = answers.registration()
            elif inputs is None:
                inputs = answers.answer(action_id, facts(session, OFFICE, case.id))
            return deeds.perform(session, actor, action_id, case.id, office_id=OFFICE, request_id=key, inputs=inputs)

        return run_deed(engine, work, key=key, deadline=2.0)

    def _make_papers(self, case: CaseModel) -> None:
        with transaction(self._engine("rina")) as session:
            now = facts(session, OFFICE, case.id)
            if now.papers_ready or now.invoice is None or now.agreement is None:
                return
            for paper, subject in (("invoice", now.invoice.id), ("sppd", now.agreement.id)):
                sheet = IncomingFile(f"{paper}.pdf", "application/pdf", f"%PDF-1.7 {subject}".encode())
                documents.store(
                    session, OFFICE, case.id, sheet, kind="paper", title=paper, paper=paper, subject_id=subject
                )

    # what must hold

    def _check(self) -> None:
        tracks = self._owner.execute("SELECT id, stage, money, original, data FROM desk.cases").fetchall()
        stored = {row[0]: dict(zip(("stage", "money", "original", "data"), row[1:], strict=True)) for row in tracks}
        if stored != {case.id: case.tracks for case in self.cases}:
            raise Broken("the tracks of a case are not where the deeds brought them")
        series = self._owner.execute(_SERIES).fetchall()
        for kind, given in series:
            if given != list(range(1, self.numbers[kind] + 1)):
                raise Broken(f"numbers of {kind}: {given} after {self.numbers[kind]} were given")
        chain = self._owner.execute("SELECT previous_hash, hash FROM desk.receipt ORDER BY sequence").fetchall()
        if [link[0] for link in chain] != ["", *(link[1] for link in chain)][: len(chain)]:
            raise Broken("a kuitansi does not carry the hash of the one before it")
        (events,) = self._owner.execute("SELECT count(*) FROM desk.event").fetchone() or (0,)
        if events != self.events:
            raise Broken(f"{events} deeds are told after {self.events} were done")
        self._look()
        for attempt in ATTEMPTS:
            person = attempt.who(self.cases[-1])
            if person is not None and breaches(self._connection(person), attempt, self.cases[-1]):
                raise Broken(f"{person} could do with psql: {attempt.name}")

    def _look(self) -> None:
        """Everybody sees all of the own office and nothing of another."""
        for person, all_of_it in (("sri", True), ("doni", False)):
            connection = self._connection(person)
            seen = connection.execute(_EYES).fetchone()
            connection.rollback()
            if seen != (self._owner.execute(_EYES).fetchone() if all_of_it else (0,) * len(_SEEN_BY)):
                raise Broken(f"{person} sees {dict(zip(_SEEN_BY, seen or (), strict=True))}")

    def _engine(self, person: str) -> Engine:
        if person not in self._engines:
            self._engines[person] = engine_for(self._office.seat(person).url, application_name="desk drill")
        return self._engines[person]

    def _connection(self, person: str) -> psycopg.Connection[Any]:
        if person not in self._raw:
            url = make_url(self._office.seat(person).url)
            self._raw[person] = psycopg.connect(**parameters_of(url), options="-c search_path=desk")
        return self._raw[person]


_SERIES = " UNION ALL ".join(
    f"SELECT '{kind}', coalesce(array_agg(sequence ORDER BY sequence), '{{}}') FROM desk.{table}"  # noqa: S608
    for table, kind in NUMBERED.items()
).encode()
_EYES = (
    "SELECT " + ", ".join(f"(SELECT count(*) FROM desk.{table} WHERE office_id = {OFFICE})" for table in _SEEN_BY)  # noqa: S608
).encode()


def _duties(person: str) -> frozenset[str]:
    return frozenset(duty.value for duty in PEOPLE[person])
