"""What one person's workstation is: the person, the offices, the clock, the way to the server, and the deeds under way.

Screens ask the workstation and nothing else: it reads and writes on the database lane and answers with frozen objects
on the window's thread. One deed keeps one key (`request_id`) until its outcome is known, so that asking again after a
lost connection does it once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID, uuid4

from PySide6.QtCore import QObject, QTimer, Signal

from desk.errors import Refused, Unavailable
from desk.rules.dates import local_date, local_moment, time_text
from desk.rules.desks import Desk, Queue
from desk.rules.people import Actor, Duty
from desk.ui import message
from desk.ui.background import Background, Once, Trouble
from desk.ui.entering import Link, Office
from desk.ui.live import Live
from desk.ui.printers import Keep, Printers

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from desk.actions import Action
    from desk.adapters.paper import PaperShop
    from desk.rules.case import CaseFacts
    from desk.rules.deed import Done
    from desk.services.case_file import CaseView
    from desk.services.queues import QueueCount, QueueRow
    from desk.services.search import SearchHit
    from desk.settings import PaperPrinter

T = TypeVar("T")
PAGE = 200
"""Rows of one page of the archive."""
HITS = 12
WARM_AFTER_MS = 2_500
"""After the first list; the paper process costs a second of one processor, the catalogue a part of one."""

_DESKS_OF = {
    Duty.OFFICER: (Desk.OFFICER, Desk.MAIL),
    Duty.TREASURER: (Desk.TREASURER,),
    Duty.SUPERVISOR: (Desk.SUPERVISOR, Desk.OFFICER, Desk.MAIL, Desk.TREASURER),
    Duty.ADMINISTRATOR: (Desk.OFFICER, Desk.MAIL, Desk.TREASURER, Desk.SUPERVISOR),
    Duty.AUDITOR: (Desk.OFFICER, Desk.MAIL, Desk.TREASURER, Desk.SUPERVISOR),
}


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing asked for: equal deeds share a key, so a second try cannot do it twice."""

    action_id: str
    office_id: int
    case_id: UUID | None
    inputs: object | None


class Workstation(QObject):
    """Everything the screens may ask for."""

    deed_done = Signal(object)
    """A deed of this person was recorded; carries `Done`."""
    deed_begun = Signal()
    """A form was opened or closed."""
    papers_made = Signal(object, object)
    """Papers of a deed are ready: the case id and the ids of the documents."""
    papers_failed = Signal(object, object)
    """Papers are not ready although the deed stands: the sentence to show, and a function that tries again."""
    case_wanted = Signal(int, object)
    """A page wants this case on the screen: office and id."""
    mail_wanted = Signal()
    """Mail should be sent and fetched now, not at the next round."""
    offices_chosen = Signal()
    password_changed = Signal(str)
    """The person has a new password, which a keyring may hold."""

    def __init__(
        self,
        link: Link,
        actor: Actor,
        offices: Sequence[Office],
        *,
        now: Callable[[], datetime],
        clock: datetime | None = None,
        training: bool = False,
        paper_shop: Callable[[], PaperShop] | None = None,
        drafts: Path | None = None,
        printers: Mapping[str, PaperPrinter] | None = None,
        keep_printers: Keep | None = None,
        warning: str = "",
    ) -> None:
        super().__init__()
        self.warning = warning
        self.link = link
        self.actor = actor
        self.offices = tuple(offices)
        self.training = training
        self.drafts = drafts
        self.now = now
        self._clock = clock
        self.background = Background(link.reading, message.show_trouble)
        self.live = Live(self.background, link.listen, now)
        self._shown = tuple(office.id for office in offices)
        self._has_shop = paper_shop is not None
        self._shop = Once(paper_shop or _no_shop)
        self._keys: dict[Deed, UUID] = {}
        self.filling = ""  # the action whose form is open
        self._keep_printers = keep_printers
        self.printers = Printers(printers or {}, self._on_printers)

    # The person and the offices

    @property
    def office_ids(self) -> tuple[int, ...]:
        """The offices whose cases are on the screen."""
        return self._shown

    def choose_office(self, office_id: int | None) -> None:
        """Show one office, or all of this person's when None."""
        self._shown = tuple(office.id for office in self.offices) if office_id is None else (office_id,)
        self.offices_chosen.emit()

    def take_duties(self, duties: Mapping[int, frozenset[Duty]]) -> None:
        """From now on the person has these duties: desks and places are shown anew, and everything is read again."""
        self.actor = replace(self.actor, duties=duties)
        self.offices_chosen.emit()
        self.live.read_again()

    def office(self, office_id: int) -> Office:
        """One of this person's offices."""
        return next(office for office in self.offices if office.id == office_id)

    def desks(self) -> tuple[Desk, ...]:
        """The desks this person sees in the offices on the screen, the own work first.

        Supervisors look at every desk; administrators and auditors read them.
        """
        held = {duty for office_id in self._shown for duty in self.actor.duties_in(office_id)}
        found = [desk for duty in Duty if duty in held for desk in _DESKS_OF[duty]]
        return tuple(dict.fromkeys(found))

    def today(self, office_id: int | None = None) -> date:
        """The day on the wall calendar of the office (of the first one on the screen, when none is named)."""
        return local_date(self._clock or self.now(), self.office(office_id or self._shown[0]).zone)

    def wall_clock(self, office_id: int) -> datetime:
        """The moment on the wall clock of an office, without zone, as ends of claims are told."""
        return local_moment(self._clock or self.now(), self.office(office_id).zone).replace(tzinfo=None)

    def clock_text(self, moment: datetime) -> str:
        """A moment on the clock of the first office on the screen: `10.42`."""
        return time_text(moment, self.office(self._shown[0]).zone)

    def start(self) -> None:
        """Begin to listen; the screens read with the first `live.changed`."""
        self.live.start()
        QTimer.singleShot(WARM_AFTER_MS, self, self._warm)

    def close(self) -> None:
        """Finish what is being written and let go of the server; safe while work is running."""
        self.background.close()
        self.link.close()
        if self._shop.made is not None:
            self._shop.made.close()

    # Reading

    def read(
        self,
        owner: QObject,
        work: Callable[[Session], T],
        done: Callable[[T], object],
        failed: Callable[[Trouble], object] | None = None,
    ) -> None:
        """Read on the database lane. A server that is away is told by the bar of the window, not by a dialog."""

        def reached(result: T) -> None:
            self.live.note_reached()
            done(result)

        def not_reached(trouble: Trouble) -> None:
            if isinstance(trouble, Unavailable):
                self.live.note_lost()
            elif failed is None:
                message.show_trouble(owner, trouble)
            if failed is not None:
                failed(trouble)

        self.background.run(owner, work, reached, not_reached)

    def rows(
        self,
        owner: QObject,
        desk: Desk,
        queue: Queue | None,
        done: Callable[[list[QueueRow]], object],
        failed: Callable[[Trouble], object] | None = None,
    ) -> None:
        """Read one queue of a desk, or what needs its people now when `queue` is None."""
        from desk.services import queues

        offices = self._shown
        self.read(owner, lambda s: queues.queue_rows(s, offices, desk, queue), done, failed)

    def counts(
        self,
        owner: QObject,
        done: Callable[[list[QueueCount]], object],
        failed: Callable[[Trouble], object] | None = None,
    ) -> None:
        """Read how many cases wait in each queue."""
        from desk.services import queues

        offices = self._shown
        self.read(owner, lambda s: queues.queue_counts(s, offices), done, failed)

    def archive(
        self,
        owner: QObject,
        last: QueueRow | None,
        done: Callable[[list[QueueRow]], object],
        failed: Callable[[Trouble], object] | None = None,
    ) -> None:
        """Read a page of all cases, finished ones included, the last changed first; `last` is the row above it."""
        from desk.services import queues

        offices = self._shown
        after = (last.changed_at, last.id) if last else None
        self.read(owner, lambda s: queues.archive_rows(s, offices, after=after, limit=PAGE), done, failed)

    def case(
        self,
        owner: QObject,
        office_id: int,
        case_id: UUID,
        done: Callable[[CaseView], object],
        failed: Callable[[Trouble], object] | None = None,
    ) -> None:
        """Read one case with its story, conversation and papers."""
        from desk.services import case_file

        self.read(owner, lambda s: case_file.case_view(s, office_id, case_id), done, failed)

    def hits(
        self,
        owner: QObject,
        text: str,
        done: Callable[[list[SearchHit]], object],
        failed: Callable[[Trouble], object],
    ) -> None:
        """Search the offices on the screen for a number, name, amount, phone number, file name or scanned code."""
        from desk.services import search

        offices = self._shown
        self.read(owner, lambda s: search.search(s, offices, text, limit=HITS), done, failed)

    # Where the person is

    def look_at(self, office_id: int, case_id: UUID) -> None:
        """Tell colleagues that this person has a case in front, and that it is read up to now."""
        if self.link.here is not None:
            self.link.here.put(office_id, case_id, self.filling)
            self.link.here.look_again()

    def look_away(self) -> None:
        """Tell colleagues that no case is on show."""
        if self.link.here is not None:
            self.link.here.leave()

    def fill_in(self, action_id: str) -> None:
        """The form of an action was opened, or none is open any more when empty."""
        self.filling = action_id
        self.deed_begun.emit()

    # Deeds

    def next_steps(self, case: CaseFacts) -> list[tuple[Action, str | None]]:
        """The steps of this person on a case: the possible ones first, then the refused ones with their sentence."""
        from desk import actions

        return actions.next_steps(self.actor, case)

    def refused_steps(self, case: CaseFacts) -> list[tuple[Action, str]]:
        """Every other action there is, each with the sentence why this person cannot do it now on this case."""
        from desk import actions

        asked = ((action, actions.why_not(action, self.actor, case)) for action in actions.ACTIONS.values())
        return [(action, why) for action, why in asked if why and action.handler is not None and not action.automatic]

    def may_register(self) -> bool:
        """Whether this person may begin a case in an office on the screen; asked before the actions are loaded."""
        return any(Duty.OFFICER in self.actor.duties_in(office) for office in self._shown)

    def may_take(self) -> bool:
        """Whether this person takes cases from the officer's list of an office on the screen."""
        return self.may_register()

    def new_case_action(self) -> Action | None:
        """The action that begins a case, when this person may begin one in an office on the screen."""
        from desk import actions

        action = actions.ACTIONS["register_case"]
        return action if any(self.actor.duties_in(office) & action.who for office in self._shown) else None

    def perform(
        self,
        owner: QObject,
        action: Action,
        case: CaseFacts | None,
        inputs: object | None,
        done: Callable[[Done], object],
        failed: Callable[[Trouble], object] | None = None,
        *,
        office_id: int | None = None,
        request_id: UUID | None = None,
    ) -> None:
        """Do one deed on the database lane, then `done` here; `deed_done` follows for everybody else.

        A form brings its own key (`request_id`). Otherwise the key is kept while the outcome is unknown or the server
        was away: the same deed asked again is recorded once. Without `failed`, a refusal is shown to the person.
        """
        from desk import deeds

        office = case.office_id if case else (office_id or self._shown[0])
        deed = Deed(action.id, office, case.id if case else None, inputs)
        key = request_id or self._keys.setdefault(deed, uuid4())

        case_id = case.id if case else key  # a new case takes the key of its registration as its id

        def in_transaction(session: Session) -> Done:
            return deeds.perform(
                session, self.actor, action.id, case_id, office_id=office, request_id=key, inputs=inputs
            )

        def recorded(answer: Done) -> None:
            done(answer)
            self.deed_done.emit(answer)
            if action.prints:
                self.make_papers(office, answer.case_id, answer.sentence)

        self._ask(owner, deed, key, in_transaction, recorded, failed)

    def take_next(
        self,
        owner: QObject,
        queue: Queue | None,
        done: Callable[[Done], object],
        failed: Callable[[Trouble], object] | None = None,
    ) -> None:
        """Take the next free case of the officer's list (`queue` None: of all of it), then `done` here.

        The same case is answered when the server was away and the person asks again.
        """
        from desk import deeds

        offices = self._shown
        deed = Deed("take_next", offices[0], None, queue)
        key = self._keys.setdefault(deed, uuid4())

        def in_transaction(session: Session) -> Done:
            return deeds.take_next(session, self.actor, offices, queue, request_id=key)

        self._ask(owner, deed, key, in_transaction, done, failed)

    def _ask(
        self,
        owner: QObject,
        deed: Deed,
        key: UUID,
        in_transaction: Callable[[Session], Done],
        done: Callable[[Done], object],
        failed: Callable[[Trouble], object] | None,
    ) -> None:
        """Do a deed on the database lane; its key is forgotten once it is known what became of it."""

        def work() -> Done:
            return self.link.deed(in_transaction, key, self.background.stop)

        def recorded(answer: Done) -> None:
            self._keys.pop(deed, None)
            self.live.note_reached()
            self.live.read_again()
            done(answer)

        def refused(trouble: Trouble) -> None:
            if isinstance(trouble, Refused):
                self._keys.pop(deed, None)
                self.live.read_again()  # a colleague was faster: the list is already refreshing
            else:
                self.live.note_lost()
            if failed is not None:
                failed(trouble)
            else:
                message.show_trouble(owner, trouble)

        self.background.run_work(owner, work, recorded, refused)

    def make_papers(self, office_id: int, case_id: UUID, said: str) -> None:
        """Fill, lay out and store the papers that a case still lacks, on the slow lane; repeatable, makes no number.

        `said` is what the deed answered: it stands whatever becomes of the papers.
        """

        def work(_task: object) -> list[UUID]:
            return self.link.papers(self.paper_shop(), office_id, case_id)

        def again() -> None:
            self.make_papers(office_id, case_id, said)

        self.background.run_slow(
            self,
            work,
            lambda made: self.papers_made.emit(case_id, made),
            lambda trouble: self.papers_failed.emit(f"{said} Lembar cetaknya belum jadi. {trouble}", again),
        )

    def paper_shop(self) -> PaperShop:
        """The kept-warm process that fills and lays out papers; started at the first use, on the slow lane."""
        return self._shop.get()

    def _on_printers(self, chosen: Mapping[str, PaperPrinter]) -> None:
        """Keep the choice in the settings; a file that cannot be written costs the memory of it, not the print."""
        keep = self._keep_printers
        if keep is not None:
            self.background.run_slow(self, lambda _task: keep(chosen), lambda _none: None, lambda _trouble: None)

    def _warm(self) -> None:
        """Do while nobody waits for it what the first paper and the first form would wait for."""
        if self._has_shop:
            shop = self.paper_shop
            self.background.run_slow(self, lambda _task: shop().warm(), lambda _none: None, lambda _trouble: None)
        if self.may_register():
            offices, reading = self._shown, self.link.reading

            def read_catalogues(_task: object) -> None:
                from desk.services.rule_book import catalogue

                for office_id in offices:
                    with reading() as session:
                        catalogue(session, office_id)

            self.background.run_slow(self, read_catalogues, lambda _none: None, lambda _trouble: None)


def _no_shop() -> PaperShop:
    raise Unavailable("Pembuat lembar cetak tidak terpasang di komputer ini. Hubungi administrator.")
