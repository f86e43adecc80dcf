"""The office of the tour: a throw-away training database, its clock, and a workstation for everybody who is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from sqlalchemy import text
from sqlalchemy.orm import Session

from desk import installation
from desk.adapters.embedded import EmbeddedServer
from desk.adapters.paper import PaperShop
from desk.demo.office import PRINTER, TrainingOffice, staff, training_office
from desk.demo.opening import people_of
from desk.rules.case import CaseFacts
from desk.rules.people import Duty
from desk.services import case_file, statements
from desk.tour.film import Film
from desk.tour.hands import Hands, child
from desk.tour.pace import Pace
from desk.tour.seat import Seat
from desk.ui.app import Desk
from desk.ui.entering import Entered, enter
from desk.ui.login import Door
from desk.ui.printing import pdf_printers

if TYPE_CHECKING:
    from desk.rules.deed import Done
    from desk.rules.papers import PaperKind

_PAGES = text("""
SELECT string_agg(f.bytes, ''::bytea ORDER BY f.no) FROM (
  SELECT sha256 FROM desk.document WHERE office_id = :office_id AND case_id = :case_id AND paper = :kind
  AND content_type = 'application/pdf' ORDER BY at DESC LIMIT 1) d
JOIN desk.file_chunk f ON f.office_id = :office_id AND f.sha256 = d.sha256
""")
_ZONE = ZoneInfo("Asia/Jakarta")
_BETWEEN_DEEDS = timedelta(minutes=4)


@dataclass(frozen=True, slots=True)
class TourCase:
    """A case of the tour, and the name of its way through the office."""

    office_id: int
    id: UUID
    number: str
    customer: str
    path: str


class _KeptShop(PaperShop):
    """One paper process for all workstations of the tour: it outlives each of them."""

    def close(self) -> None:
        """Does nothing: the next day's workstations go on with it."""

    def end(self) -> None:
        """Ends the process."""
        super().close()


@dataclass
class Stage:
    """Where the stories are played; the clock only ever moves forward."""

    office: TrainingOffice
    folder: Path
    film: Film
    pace: Pace
    hands: Hands
    shop: _KeptShop
    door: Door
    now: datetime = datetime(2026, 10, 5, 9, 20, tzinfo=_ZONE)
    cases: list[TourCase] = field(default_factory=list)
    clicked: list[str] = field(default_factory=list)
    refusals: list[tuple[str, str]] = field(default_factory=list)
    sentences: dict[UUID, list[str]] = field(default_factory=dict)
    _seats: dict[str, Seat] = field(default_factory=dict)

    def seat(self, login: str) -> Seat:
        """The workstation of somebody; whoever is not there yet today comes in through the login."""
        if login not in self._seats:
            self._seats[login] = self._come_in(f"latihan_{login}")
        return self._seats[login]

    def morning(self, day: date) -> None:
        """Everybody goes home, and comes back on that day at eight."""
        self.evening()
        moment = datetime.combine(day, time(8, 0), _ZONE)
        assert moment > self.now, "the clock of the training only moves forward"
        self.now = moment
        self.office.set_clock(self.now)

    def windows(self) -> list[QWidget]:
        """The windows of everybody who is there."""
        return [seat.window for seat in self._seats.values()]

    def evening(self) -> None:
        """Everybody closes the window."""
        for seat in self._seats.values():
            seat.leave()
        self._seats.clear()

    def tick(self) -> None:
        """A few minutes pass."""
        self.now += _BETWEEN_DEEDS
        self.pace.aside(lambda: self.office.set_clock(self.now))

    def lend_duty(self, login: str, office_code: str, *duties: Duty) -> None:
        """Gives somebody further duties in an office from the next morning on, as the administrator would."""
        entry = next(each for each in staff() if each["login"] == login)
        held = {installation.office_id(code): [Duty.of(duty) for duty in own] for code, own in entry["duties"].items()}
        held[installation.office_id(office_code)] += duties
        trainee = self.office.people[f"latihan_{login}"]
        person = installation.NewPerson(
            trainee.login, trainee.name, entry["nip"], trainee.position, held, trainee.password
        )
        with self.office.owner.begin() as connection:
            installation.add_person(connection, person)

    def keep(self, facts: CaseFacts, path: str) -> TourCase:
        """Remembers a case for the summary."""
        case = TourCase(facts.office_id, facts.id, facts.number, facts.customer_name, path)
        self.cases.append(case)
        return case

    def note(self, action_id: str, done: Done) -> None:
        """Remembers a deed that was done through a window."""
        self.clicked.append(action_id)
        self.sentences.setdefault(done.case_id, []).append(done.sentence)

    def facts(self, office_id: int, case_id: UUID) -> CaseFacts:
        """The case as the database has it now."""
        with Session(self.office.owner) as session:
            return case_file.facts(session, office_id, case_id)

    def paper(self, case: TourCase, kind: PaperKind) -> bytes:
        """The pages of the newest paper of this kind, as the customer has them."""
        with self.office.owner.connect() as connection:
            found = connection.execute(_PAGES, {"office_id": case.office_id, "case_id": case.id, "kind": kind.value})
            return bytes(found.scalar_one())

    def account_of(self, office_id: int) -> str:
        """The number of the office's receiving account."""
        with Session(self.office.owner) as session:
            return statements.accounts(session, [office_id])[0].number

    def office_of(self, office_id: int) -> str:
        """The code of an office."""
        return f"{office_id:04}"

    def file(self, name: str, content: bytes) -> Path:
        """A file on the desk of whoever needs it."""
        path = self.folder / "meja" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path

    def _come_in(self, login: str) -> Seat:
        desk = Desk(self.door)
        desk.start()
        if not self.film.pictures:
            self.pace.settle()
            self.pace.aside(lambda: self.film.take(desk.login, "Pilih peran untuk berlatih"))
        self.hands.press(child(desk.login, QPushButton, f"person.{login}"))
        self.pace.until(lambda: desk.window is not None, f"jendela {login}")
        assert desk.window is not None
        window = desk.window
        self.pace.until(lambda: child(window, QLabel, "updated_at").text(), f"daftar {login}")
        self.pace.until(lambda: child(window, QLabel, "connection").text() == "Terhubung", f"sambungan {login}")
        return Seat(self, desk)


@contextmanager
def stage(folder: Path, film: Film, pace: Pace) -> Iterator[Stage]:
    """An empty training office below `folder`, gone when the tour is over."""
    server = EmbeddedServer(folder / "server", durable=False)
    server.start()
    shop = _KeptShop()
    before: Mapping[str, Path] = dict(pdf_printers)
    pdf_printers[PRINTER] = folder / "cetakan"
    pdf_printers[PRINTER].mkdir()
    try:
        with training_office(folder, server_url=server.url()) as office:

            def come_in(login: str, _password: str) -> Entered:
                entered = enter(office.url_of(login), training=True)
                return replace(entered, paper_shop=lambda: shop, drafts=folder / "konsep")

            door = Door(come_in, people_of(office), training=True)
            made = Stage(office, folder, film, pace, Hands(pace), shop, door)
            office.set_clock(made.now)
            try:
                yield made
            finally:
                made.evening()
                office.owner.dispose()
    finally:
        pdf_printers.clear()
        pdf_printers.update(before)
        shop.end()
        server.stop()
