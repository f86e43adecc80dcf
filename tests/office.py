"""Two offices with invented people who really log in, and cases brought to any depth by the deeds of the office itself.

`office.as_("rina").do("issue_invoice", case)` is one click of one person: her own login, her own connection, one
transaction through `run_deed` and `perform`. A test that says nothing about a form gets a valid answer to it.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.rows import dict_row
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.orm import Session

from desk import actions, deeds, installation
from desk.adapters import default_rights, roles
from desk.adapters.database import engine_for, run_deed, transaction
from desk.commands.doctor import action_rules
from desk.errors import Refused
from desk.rules.case import CaseFacts, Data, Money, Original, Stage
from desk.rules.deed import Done
from desk.rules.inputs import IncomingFile, Registration
from desk.rules.people import Actor, Duty
from desk.services import documents
from desk.services.case_file import facts
from desk.services.doctor import examine
from tests import inputs as answers
from tests.conftest import Cluster, Database

PALEMBANG: Final = 1600
JAMBI: Final = 1571
JAMBI_PROVINCE: Final = 1500
PAPUA: Final = 9400
MORNING: Final = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 09.00 WIB

_OFFICER, _TREASURER, _SUPERVISOR = Duty.OFFICER, Duty.TREASURER, Duty.SUPERVISOR
PEOPLE: Final[Mapping[str, tuple[str, Mapping[int, tuple[Duty, ...]]]]] = {
    "rina": ("Rina Umpama", {PALEMBANG: (_OFFICER,)}),
    "fajar": ("Fajar Rekaan", {PALEMBANG: (_OFFICER,)}),
    "maya": ("Maya Khayal", {PALEMBANG: (_OFFICER,)}),
    "budi": ("Budi Contoh", {PALEMBANG: (_TREASURER,)}),
    "sri": ("Sri Fiktif", {PALEMBANG: (_TREASURER,)}),
    "hendra": ("Hendra Umpama", {PALEMBANG: (_SUPERVISOR,)}),
    "tono": ("Tono Rekaan", {PALEMBANG: (Duty.ADMINISTRATOR,), JAMBI: (Duty.ADMINISTRATOR,)}),
    "wati": ("Wati Khayal", {PALEMBANG: (Duty.AUDITOR,), JAMBI: (Duty.AUDITOR,)}),
    "doni": ("Doni Fiktif", {JAMBI: (_OFFICER,)}),
    "lina": ("Lina Misal Contoh", {JAMBI: (_OFFICER, _SUPERVISOR)}),
    "yuni": ("Yuni Rekaan", {JAMBI: (_TREASURER,)}),
    "gita": ("Gita Umpama", {JAMBI: (_OFFICER, _TREASURER)}),  # two duties in a small office
    "surya": ("Surya Misal", {JAMBI_PROVINCE: (_SUPERVISOR,)}),  # sees the regencies of his province
    "yosef": ("Yosef Contoh", {PAPUA: (_OFFICER, _SUPERVISOR)}),  # WIT, two hours before Palembang
    "marta": ("Marta Rekaan", {PAPUA: (_OFFICER,)}),
    "agus": ("Agus Khayal", {PAPUA: (_TREASURER,)}),
}


@dataclass(frozen=True, slots=True)
class Team:
    """Who usually does what in one office."""

    officer: str
    second: str
    treasurer: str
    supervisor: str


TEAMS: Final = {
    PALEMBANG: Team("rina", "fajar", "budi", "hendra"),
    JAMBI: Team("doni", "lina", "yuni", "lina"),
    PAPUA: Team("marta", "yosef", "agus", "yosef"),
}


class Ref(NamedTuple):
    """Which case."""

    office_id: int
    id: UUID


_VALID: Final = object()


@dataclass
class Person:
    """One person at a workstation: an engine with his or her own login."""

    name: str
    actor: Actor
    password: str = field(repr=False)
    office: Office = field(repr=False)
    engine: Engine = field(repr=False)

    @property
    def login(self) -> str:
        """The database login."""
        return self.actor.login

    def do(self, action_id: str, case: Ref, inputs: object = _VALID, *, key: UUID | None = None) -> Done:
        """Does it, committed; Refused with the sentence where the office's rules or the database say no."""
        answer = self.office.answer(action_id, case) if inputs is _VALID else inputs
        request = key or uuid4()
        return run_deed(
            self.engine,
            lambda session: deeds.perform(
                session, self.actor, action_id, case.id, office_id=case.office_id, request_id=request, inputs=answer
            ),
            key=request,
        )

    def register(self, office_id: int, asked: Registration | None = None, *, key: UUID | None = None) -> Ref:
        """Writes a new request down."""
        done = self.do("register_case", Ref(office_id, uuid4()), asked or answers.registration(), key=key)
        return Ref(done.office_id, done.case_id)

    def refusal(self, action_id: str, case: Ref, inputs: object = _VALID) -> str:
        """The sentence this person reads; the test fails when the deed is done instead."""
        with pytest.raises(Refused) as refused:
            self.do(action_id, case, inputs)
        return str(refused.value)

    def why_not(self, action_id: str, case: Ref) -> str | None:
        """What the screen says about the button."""
        return actions.why_not(actions.ACTIONS[action_id], self.actor, self.office.facts(case))

    def session(self) -> contextlib.AbstractContextManager[Session]:
        """A transaction of this person through the program's own engine."""
        return transaction(self.engine)

    def keep_paper(self, case: Ref, paper: str, subject_id: UUID, data: bytes) -> UUID:
        """Stores a sheet as the slow lane would, after the number was given."""
        with self.session() as session:
            return documents.store(
                session,
                case.office_id,
                case.id,
                IncomingFile(f"{paper}.pdf", "application/pdf", data),
                kind="paper",
                title=paper,
                paper=paper,
                subject_id=subject_id,
            )

    @contextlib.contextmanager
    def psql(self) -> Iterator[psycopg.Connection[dict[str, Any]]]:
        """A bare connection as this person, as from `psql`; whatever is not committed is undone."""
        with psycopg.connect(self.office.database_url(self.login, self.password), row_factory=dict_row) as connection:
            yield connection
            connection.rollback()


class Office:
    """The offices of one test: one database, everybody who works there, and the clock on the wall."""

    def __init__(self, database: Database, members: Mapping[str, Person]) -> None:
        self.database = database
        self._owner = create_engine(database.url, pool_size=1, max_overflow=1)
        self._people = {
            name: Person(name, member.actor, member.password, self, self._engine_of(member))
            for name, member in members.items()
        }

    def as_(self, name: str) -> Person:
        """Somebody of the office, by short name."""
        return self._people[name]

    def team(self, office_id: int = PALEMBANG) -> tuple[Person, Person, Person, Person]:
        """Officer, second officer, treasurer and supervisor of one office."""
        team = TEAMS[office_id]
        return self.as_(team.officer), self.as_(team.second), self.as_(team.treasurer), self.as_(team.supervisor)

    def people(self) -> tuple[Person, ...]:
        """Everybody."""
        return tuple(self._people.values())

    @contextlib.contextmanager
    def owner(self) -> Iterator[Connection]:
        """A transaction of the owner of the database, for what no person may do."""
        with self._owner.begin() as connection:
            yield connection

    def findings(self) -> set[str]:
        """The checks of the doctor that find something."""
        with Session(self._owner) as session:
            return {finding.check for finding in examine(session, deeds.derived, action_rules())}

    def facts(self, case: Ref) -> CaseFacts:
        """The facts of a case as the database has them now."""
        with Session(self._owner) as session:
            return facts(session, case.office_id, case.id)

    def row(self, case: Ref) -> dict[str, Any]:
        """The stored row of a case."""
        return self.rows("SELECT * FROM desk.cases WHERE office_id = :o AND id = :c", o=case.office_id, c=case.id)[0]

    def rows(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        """What the owner of the database reads."""
        with self.owner() as connection:
            return [dict(row) for row in connection.execute(text(statement), values).mappings()]

    def story(self, case: Ref) -> list[str]:
        """The sentences of a case, in the order in which they happened."""
        story = "SELECT sentence FROM desk.event WHERE office_id = :o AND case_id = :c ORDER BY position"
        return [row["sentence"] for row in self.rows(story, o=case.office_id, c=case.id)]

    def set_clock(self, moment: datetime) -> datetime:
        """Makes it this moment in every office: a training database has a clock of its own."""
        with self.owner() as connection:
            connection.execute(
                text("UPDATE desk.installation SET training = true, clock = :moment"), {"moment": moment}
            )
        return moment

    def set_rule(self, office_id: int, key: str, value: str, since: date = date(2015, 6, 1)) -> None:
        """Enters a row of the rule book; `value` is JSON."""
        with self.owner() as connection:
            connection.execute(
                text(
                    "INSERT INTO desk.rule (office_id, key, valid_from, value, basis) "
                    "VALUES (:office, :key, :since, CAST(:value AS jsonb), 'Keputusan kantor')"
                ),
                {"office": office_id, "key": key, "since": since, "value": value},
            )

    def answer(self, action_id: str, case: Ref) -> object:
        """A valid input of an action for this case."""
        if action_id == "check_data":
            made = self.rows(
                "SELECT f.rows, f.variables FROM desk.prepared_file f WHERE f.preparation_id = (SELECT p.id "
                "FROM desk.preparation p WHERE p.case_id = :c ORDER BY p.attempt DESC LIMIT 1) ORDER BY f.position",
                c=case.id,
            )
            return answers.counted(*((row["rows"], row["variables"]) for row in made))
        colleague = self.as_(TEAMS[case.office_id].second)
        return answers.answer(action_id, self.facts(case), colleague=colleague.login)

    def make_papers(self, case: Ref) -> None:
        """Invoice and SPPD as sheets, so that they can be sent."""
        now = self.facts(case)
        assert now.invoice is not None
        assert now.agreement is not None
        officer = self.team(case.office_id)[0]
        for paper, subject in (("invoice", now.invoice.id), ("sppd", now.agreement.id)):
            kept = self.rows("SELECT FROM desk.document WHERE subject_id = :s AND paper = :p", s=subject, p=paper)
            if not kept:
                officer.keep_paper(case, paper, subject, f"%PDF-1.7 {paper} {subject}".encode())

    def database_url(self, login: str, password: str) -> str:
        """The address for psycopg."""
        url = self.database.url.set(drivername="postgresql", username=login, password=password)
        return url.render_as_string(hide_password=False)

    def close(self) -> None:
        """Takes every connection away."""
        self._owner.dispose()
        for person in self._people.values():
            person.engine.dispose()

    def _engine_of(self, member: Person) -> Engine:
        return engine_for(self.database_url(member.login, member.password))

    # cases at any depth

    def new_case(self, office_id: int = PALEMBANG, asked: Registration | None = None) -> Ref:
        """A request that has just been written down."""
        return self.team(office_id)[0].register(office_id, asked)

    def clear_case(self, office_id: int = PALEMBANG, *, percent: int = 0, asked: Registration | None = None) -> Ref:
        """A request that is clear; `percent` of its price is waived."""
        officer, _, _, supervisor = self.team(office_id)
        case = self.new_case(office_id, asked)
        for action_id in ("decide_fit", "check_requirements", "declare_clear"):
            officer.do(action_id, case)
        if percent:
            officer.do("request_relief", case, answers.relief(self.facts(case).today, percent))
            supervisor.do("approve_relief", case)
        return case

    def case_at(
        self,
        *,
        stage: Stage = Stage.ACTIVE,
        money: Money = Money.INVOICED,
        original: Original = Original.AWAITED,
        data: Data = Data.NONE,
        office_id: int = PALEMBANG,
    ) -> Ref:
        """A case whose course and tracks stand exactly there, brought there by the office's own deeds."""
        officer, second, treasurer, supervisor = self.team(office_id)
        if stage in (Stage.NEW, Stage.REDIRECTED, Stage.CANCELLED):
            case = self.new_case(office_id)
            if stage is not Stage.NEW:
                officer.do("redirect_case" if stage is Stage.REDIRECTED else "cancel_case", case)
            return case
        case = self.clear_case(office_id, percent=100 if money is Money.FREE else 0)
        if stage is Stage.CLEAR:
            return case
        if stage is Stage.CLOSED:
            money = money if money is Money.FREE else Money.RECEIPTED
            original, data = Original.FILED, Data.CONFIRMED
        officer.do("issue_invoice", case)
        if original is not Original.ISSUED:
            self.make_papers(case)
            officer.do("send_offer", case)
        for action_id in _MONEY.get(money, ()):
            (officer if action_id in ("record_proof", "expire_invoice") else treasurer).do(action_id, case)
        for action_id in _ORIGINAL.get(original, ()):
            officer.do(action_id, case)
        for action_id in _DATA.get(data, ()):
            if action_id == "deliver":
                self._open_gate(case, treasurer, supervisor)
            (second if action_id == "check_data" else officer).do(action_id, case)
        if money is Money.EXPIRED:
            self._let_run_out(case)
            officer.do("expire_invoice", case)
        if stage is Stage.CLOSED:
            officer.do("close_case", case)
        return case

    def _open_gate(self, case: Ref, treasurer: Person, supervisor: Person) -> None:
        now = self.facts(case)
        if now.money is Money.RECEIPTED and not now.payment.receipt_scanned:
            treasurer.do("attach_receipt_scan", case)
        self.team(case.office_id)[0].do("confirm_address", case)
        if supervisor.why_not("override_gate", case) is None:
            supervisor.do("override_gate", case)

    def _let_run_out(self, case: Ref) -> None:
        invoice = self.facts(case).invoice
        assert invoice is not None
        day_after = invoice.valid_until + timedelta(days=1)
        self.set_clock(datetime(day_after.year, day_after.month, day_after.day, 3, tzinfo=UTC))


_MONEY: Final[dict[Money, tuple[str, ...]]] = {
    Money.PROOF: ("record_proof",),
    Money.CONFIRMED: ("record_proof", "confirm_payment"),
    Money.RECEIPTED: ("record_proof", "confirm_payment", "issue_receipt"),
}
_ORIGINAL: Final[dict[Original, tuple[str, ...]]] = {
    Original.RECEIVED: ("receive_original",),
    Original.REFUSED: ("receive_original", "refuse_original"),
    Original.ACCEPTED: ("receive_original", "accept_original"),
    Original.FILED: ("receive_original", "accept_original", "countersign_original", "file_original"),
}
_PREPARED = ("start_preparation", "tick_tasks", "finish_preparation")
_DELIVERED = (*_PREPARED, "check_data", "deliver")
_DATA: Final[dict[Data, tuple[str, ...]]] = {
    Data.PREPARING: ("start_preparation", "tick_tasks"),
    Data.PREPARED: _PREPARED,
    Data.CHECKED: (*_PREPARED, "check_data"),
    Data.DELIVERED: _DELIVERED,
    Data.CONFIRMED: (*_DELIVERED, "record_acceptance"),
    Data.CORRECTING: (*_DELIVERED, "open_correction", "tick_tasks"),
}


@dataclass(frozen=True)
class Furnished:
    """A database with both offices, to be copied, and the people whose logins the server knows."""

    template: str
    members: Mapping[str, Person]


def actor_of(login: str, name: str, duties: Mapping[int, tuple[Duty, ...]]) -> Actor:
    """The person as the program sees them; a province's supervisor also supervises its regencies."""
    held = {office: frozenset(kinds) for office, kinds in duties.items()}
    if _SUPERVISOR in held.get(JAMBI_PROVINCE, ()):
        held[JAMBI] = held.get(JAMBI, frozenset()) | {_SUPERVISOR}
    return Actor(login, name, "", held)


@pytest.fixture(scope="session")
def furnished(cluster: Cluster, migrated: str) -> Iterator[Furnished]:
    """Both offices of the published standards, one in Papua, and everybody's login; made once per worker."""
    database = cluster.new_database(migrated)
    engine = database.engine()
    tail = secrets.token_hex(3)  # roles belong to the server, which two workers may share
    members: dict[str, Any] = {}
    with engine.begin() as connection:
        actions.publish(connection)
        installation.put_national_rows(connection)
        default_rights.revoke(connection)
        connection.execute(
            text("INSERT INTO desk.office (id, code, name) VALUES (:id, :code, 'BPS Provinsi Jambi')"),
            {"id": JAMBI_PROVINCE, "code": str(JAMBI_PROVINCE)},
        )
        for description in installation.shipped_offices():
            installation.add_office(connection, description, invented=True)
        papua = next(each for each in installation.shipped_offices() if each["code"] == str(PALEMBANG))
        papua |= {"code": str(PAPUA), "name": "BPS Provinsi Contoh Timur", "time_zone": "WIT"}
        installation.add_office(connection, papua, invented=True)
        for name, (full_name, duties) in PEOPLE.items():
            login, password = f"{name}_{tail}", secrets.token_urlsafe(12)
            installation.add_person(
                connection, installation.NewPerson(login, full_name, "", "", duties, password=password)
            )
            members[name] = Person(name, actor_of(login, full_name, duties), password, None, None)  # type: ignore[arg-type]
    engine.dispose()
    assert database.url.database is not None
    yield Furnished(database.url.database, members)
    cluster.drop(database)
    with cluster._engine.connect() as connection:
        for member in members.values():
            connection.execute(text(f"DROP ROLE IF EXISTS {roles.quoted(connection, member.login)}"))


@contextlib.contextmanager
def _opened(cluster: Cluster, furnished: Furnished) -> Iterator[Office]:
    database = cluster.new_database(furnished.template)
    office = Office(database, furnished.members)
    office.set_clock(MORNING)
    yield office
    office.close()
    cluster.drop(database)


@pytest.fixture
def office(cluster: Cluster, furnished: Furnished) -> Iterator[Office]:
    """The offices of this test alone, on Monday 23 November 2026 at 09.00 WIB."""
    with _opened(cluster, furnished) as opened:
        yield opened


@pytest.fixture(scope="module")
def busy_office(cluster: Cluster, furnished: Furnished) -> Iterator[Office]:
    """The offices of one test file, for tests that only add cases of their own; nobody moves the clock."""
    with _opened(cluster, furnished) as opened:
        yield opened
