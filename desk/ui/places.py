"""The places of the window that are no list of cases: who sees them, and the page that each opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from desk.rules.people import Duty
from desk.ui.desk_list import (
    AFTERCARE,
    AUDIT,
    CUSTODY,
    DAY,
    HEALTH,
    INBOX,
    MORNING,
    NUMBERS,
    OUTBOX,
    OVERSIGHT,
    PEOPLE,
    READY_TEXTS,
    REGISTER,
    REQUIREMENTS,
    RETENTION,
    RULE_BOOK,
    STATEMENTS,
    TEMPLATES,
    Spot,
)

if TYPE_CHECKING:
    from uuid import UUID

    from PySide6.QtCore import SignalInstance

    from desk.ui.workstation import Workstation


class PlacePage(Protocol):
    """What the window needs of a page; it is a QWidget."""

    said: SignalInstance
    """What was done, for the quiet line of the window."""

    def read(self) -> None:
        """Read again without moving anything."""

    def take_focus(self) -> None:
        """Give the focus to what the person works with here."""


@dataclass(frozen=True, slots=True)
class Place:
    """An entry at the left for people with one of these duties; its page is made when somebody goes there."""

    spot: Spot
    duties: frozenset[Duty]
    make: Callable[[Workstation], PlacePage]


def _morning(workstation: Workstation) -> PlacePage:
    from desk.ui.morning_page import MorningPage

    return cast("PlacePage", MorningPage(workstation))


def _oversight(workstation: Workstation) -> PlacePage:
    from desk.ui.oversight_page import OversightPage

    return cast("PlacePage", OversightPage(workstation))


def _day(workstation: Workstation) -> PlacePage:
    from desk.ui.day_page import DayPage

    return cast("PlacePage", DayPage(workstation))


def _register(workstation: Workstation) -> PlacePage:
    from desk.ui.register_page import RegisterPage

    return cast("PlacePage", RegisterPage(workstation))


def _people(workstation: Workstation) -> PlacePage:
    from desk.ui.people import PeoplePage

    return cast("PlacePage", PeoplePage(workstation))


def _templates(workstation: Workstation) -> PlacePage:
    from desk.ui.templates import TemplatePage

    return cast("PlacePage", TemplatePage(workstation))


def _ready_texts(workstation: Workstation) -> PlacePage:
    from desk.ui.ready_texts_page import ReadyTextsPage

    return cast("PlacePage", ReadyTextsPage(workstation))


def _numbers(workstation: Workstation) -> PlacePage:
    from desk.ui.numbers import NumbersPage

    return cast("PlacePage", NumbersPage(workstation))


def _requirements(workstation: Workstation) -> PlacePage:
    from desk.ui.requirements_page import RequirementsPage

    return cast("PlacePage", RequirementsPage(workstation))


def _rule_book(workstation: Workstation) -> PlacePage:
    from desk.ui.rule_book_page import RuleBookPage

    return cast("PlacePage", RuleBookPage(workstation))


def _aftercare(workstation: Workstation) -> PlacePage:
    from desk.ui.aftercare import AftercarePage

    return cast("PlacePage", AftercarePage(workstation))


def _retention(workstation: Workstation) -> PlacePage:
    from desk.ui.retention import RetentionPage

    return cast("PlacePage", RetentionPage(workstation))


def _audit(workstation: Workstation) -> PlacePage:
    from desk.ui.audit import AuditPage

    return cast("PlacePage", AuditPage(workstation))


def _statements(workstation: Workstation) -> PlacePage:
    from desk.ui.statements import StatementPage

    return cast("PlacePage", StatementPage(workstation))


def _inbox(workstation: Workstation) -> PlacePage:
    from desk.ui.inbox_page import InboxPage

    return cast("PlacePage", InboxPage(workstation))


def _outbox(workstation: Workstation) -> PlacePage:
    from desk.ui.outbox_page import OutboxPage

    return cast("PlacePage", OutboxPage(workstation))


def _health(workstation: Workstation) -> PlacePage:
    from desk.ui.health import HealthPage

    return cast("PlacePage", HealthPage(workstation))


def _custody(workstation: Workstation) -> PlacePage:
    from desk.ui.custody_page import CustodyPage

    return cast("PlacePage", CustodyPage(workstation))


PLACES = (
    Place(MORNING, frozenset({Duty.OFFICER, Duty.TREASURER, Duty.SUPERVISOR}), _morning),
    Place(OVERSIGHT, frozenset({Duty.SUPERVISOR, Duty.AUDITOR}), _oversight),
    Place(STATEMENTS, frozenset({Duty.TREASURER, Duty.OFFICER, Duty.SUPERVISOR, Duty.AUDITOR}), _statements),
    Place(DAY, frozenset({Duty.TREASURER, Duty.SUPERVISOR, Duty.AUDITOR}), _day),
    Place(REGISTER, frozenset({Duty.TREASURER, Duty.SUPERVISOR, Duty.AUDITOR}), _register),
    Place(CUSTODY, frozenset({Duty.OFFICER, Duty.SUPERVISOR, Duty.AUDITOR}), _custody),
    Place(INBOX, frozenset({Duty.OFFICER, Duty.SUPERVISOR, Duty.ADMINISTRATOR}), _inbox),
    Place(OUTBOX, frozenset(Duty), _outbox),
    Place(AFTERCARE, frozenset({Duty.OFFICER, Duty.SUPERVISOR, Duty.AUDITOR}), _aftercare),
    Place(NUMBERS, frozenset(Duty), _numbers),
    Place(RETENTION, frozenset({Duty.SUPERVISOR, Duty.ADMINISTRATOR, Duty.AUDITOR}), _retention),
    Place(AUDIT, frozenset({Duty.AUDITOR}), _audit),
    Place(PEOPLE, frozenset({Duty.ADMINISTRATOR, Duty.SUPERVISOR}), _people),
    Place(HEALTH, frozenset({Duty.ADMINISTRATOR}), _health),
    Place(REQUIREMENTS, frozenset({Duty.ADMINISTRATOR}), _requirements),
    Place(RULE_BOOK, frozenset({Duty.ADMINISTRATOR, Duty.SUPERVISOR, Duty.AUDITOR}), _rule_book),
    Place(TEMPLATES, frozenset({Duty.ADMINISTRATOR, Duty.SUPERVISOR}), _templates),
    Place(READY_TEXTS, frozenset({Duty.ADMINISTRATOR, Duty.SUPERVISOR}), _ready_texts),
)


def spots_of(workstation: Workstation) -> tuple[Spot, ...]:
    """The places that this person has in the offices on the screen."""
    held = {duty for office in workstation.office_ids for duty in workstation.actor.duties_in(office)}
    return tuple(place.spot for place in PLACES if place.duties & held)


def first_spot(workstation: Workstation) -> Spot | None:
    """Where the window opens when it is not at the first queue: who only audits comes to read."""
    held = {duty for office in workstation.office_ids for duty in workstation.actor.duties_in(office)}
    return AUDIT if held == {Duty.AUDITOR} else None


def page_at(spot: Spot, workstation: Workstation) -> PlacePage:
    """A new page for a place."""
    return next(place for place in PLACES if place.spot == spot).make(workstation)


def begin_places(workstation: Workstation) -> None:
    """What happens once at a login: an auditor's key signs the heads of the log by itself when it is open."""
    if AUDIT in spots_of(workstation):
        from desk.ui.sealing import sealing_of

        sealing_of(workstation).begin()


def connect_case(page: PlacePage, open_case: Callable[[int, UUID], object], make_room: Callable[[], object]) -> None:
    """Let a page that speaks of cases open them, over the page itself."""
    wanted = getattr(page, "case_wanted", None)
    if wanted is not None:
        wanted.connect(open_case)
        wanted.connect(lambda _office, _case: make_room())
