"""Coming in: who it is, which offices are theirs, and the way to the server, before the first screen."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from desk.errors import Refused
from desk.rules.people import Actor
from desk.ui.background import StopSign
from desk.ui.live import Listen
from desk.ui.printers import Keep

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import URL
    from sqlalchemy.orm import Session

    from desk.adapters.listening import Here
    from desk.adapters.paper import PaperShop
    from desk.mailbox import Fetched
    from desk.paperwork import CaseFile
    from desk.postman import Round
    from desk.rules.deed import Done
    from desk.settings import PaperPrinter


@dataclass(frozen=True, slots=True)
class Office:
    """One office of this person; `zone` is WIB, WITA, WIT or an IANA name."""

    id: int
    code: str
    name: str
    zone: str


@dataclass(frozen=True)
class Link:
    """The way to the server, made by `link_to`; tests give their own."""

    reading: Callable[[], AbstractContextManager[Session]]
    transaction: Callable[[], AbstractContextManager[Session]]
    deed: Callable[[Callable[[Session], Done], UUID, StopSign], Done]
    listen: Listen
    papers: Callable[[PaperShop, int, UUID], list[UUID]]
    here: Here | None = None
    """Where this person is, told to colleagues by the listener; None where nobody listens."""
    bulk: Callable[[], AbstractContextManager[Session]] | None = None
    """A transaction on a connection of its own, for work that takes long; None where there is no server."""
    send_mail: Callable[[Actor, int, StopSign], Round] | None = None
    """Sends what waits in the outbox of an office; None where no mail leaves (tests of the screens)."""
    fetch_mail: Callable[[Actor, int, StopSign], Fetched] | None = None
    """Takes what is new in the mailbox of an office."""
    change_password: Callable[[str, str], None] | None = None
    """Takes the old and the new password of this person; None where nobody typed one (training)."""
    letter: Callable[[PaperShop, int, UUID], UUID] | None = None
    """Makes the pages of a letter that belongs to no case: office and letter."""
    close: Callable[[], None] = lambda: None
    case_file: Callable[[PaperShop, int, UUID, str, Path, Callable[[int, int], object]], CaseFile] | None = None
    """Makes the case file: office, case, who makes it, where it goes, and who hears how far it is."""
    one_moment: Callable[[], AbstractContextManager[Session]] | None = None
    """Looks at all of the database for minutes, writing nothing; for the slow lane. None where nobody may."""


def link_to(url: URL, office_ids: Sequence[int], zone: str) -> Link:
    """The way to a PostgreSQL server for one person, whose name and password stand in `url`."""
    from desk.adapters import database, listening

    here = listening.Here()
    known = [url]  # the address with the password in force: lines that are made later use it
    engine = database.engine_for(url, zone=zone, address_now=lambda: known[0])

    def change_password(old: str, new: str) -> None:
        from desk.services import people

        if not hmac.compare_digest(old.encode(), (known[0].password or "").encode()):
            raise Refused("Kata sandi lama tidak cocok. Ketik kata sandi yang Anda pakai untuk masuk.")
        with database.transaction(engine) as session:
            people.change_password(session, new)
        known[0] = known[0].set(password=new)

    def deed(work: Callable[[Session], Done], key: UUID, stop: StopSign) -> Done:
        return database.run_deed(engine, work, key=key, stop=stop)

    def listen(
        stop: StopSign,
        on_change: Callable[[object], None],
        on_caught_up: Callable[[], None],
        on_state: Callable[[listening.Line], None],
        on_woken: Callable[[], None],
    ) -> None:
        listening.listen(
            lambda: known[0],
            office_ids,
            stop,
            on_change,
            on_caught_up,
            on_state,
            here=here,
            on_woken=on_woken,
            zone=zone,
        )

    @contextmanager
    def bulk() -> Iterator[Session]:
        own = database.engine_for(known[0], zone=zone)
        try:
            with database.transaction(own) as session:
                yield session
        finally:
            own.dispose()

    def papers(shop: PaperShop, office_id: int, case_id: UUID) -> list[UUID]:
        from desk.paperwork import make_missing_papers

        return make_missing_papers(engine, shop, office_id, case_id)

    def letter(shop: PaperShop, office_id: int, letter_id: UUID) -> UUID:
        from desk.paperwork import make_letter

        return make_letter(engine, shop, office_id, letter_id)

    def send_mail(actor: Actor, office_id: int, stop: StopSign) -> Round:
        from desk import postman, settings

        return postman.send_waiting(
            engine, actor, office_id, lambda account: settings.kept_secret(account.keyring_name), stop
        )

    def case_file(
        shop: PaperShop,
        office_id: int,
        case_id: UUID,
        made_by: str,
        target: Path,
        progress: Callable[[int, int], object],
    ) -> CaseFile:
        from desk.paperwork import make_case_file

        return make_case_file(engine, shop, office_id, case_id, made_by=made_by, target=target, progress=progress)

    def fetch_mail(actor: Actor, office_id: int, stop: StopSign) -> Fetched:
        from desk import mailbox, settings

        return mailbox.fetch_new(
            engine, actor, office_id, lambda account: settings.kept_secret(account.keyring_name), stop
        )

    return Link(
        reading=lambda: database.reading(engine),
        transaction=lambda: database.transaction(engine),
        deed=deed,
        listen=listen,
        here=here,
        papers=papers,
        letter=letter,
        bulk=bulk,
        send_mail=send_mail,
        fetch_mail=fetch_mail,
        change_password=change_password,
        close=engine.dispose,
        case_file=case_file,
        one_moment=lambda: database.one_moment(known[0], application_name="Meja PST (pemeriksaan)", zone=zone),
    )


def enter(url: URL, *, training: bool = False) -> Entered:
    """Connect as the person in `url` and see who it is; runs on a worker. Refused and Unavailable say why not.

    The program goes by the server's clock: a workstation's own may be wrong by hours.
    """
    from desk.adapters import database
    from desk.services.coming_in import came_in

    engine = database.engine_for(url)
    try:
        with database.reading(engine) as session:
            person = came_in(session)
    finally:
        engine.dispose()
    offices = tuple(Office(each.id, each.code, each.name, each.zone) for each in person.offices)
    ahead = timedelta() if person.clock else person.now - datetime.now(UTC)

    def paper_shop() -> PaperShop:
        from desk.adapters.paper import PaperShop

        return PaperShop()

    link = link_to(url, tuple(office.id for office in offices), offices[0].zone)
    return Entered(
        link=replace(link, change_password=None) if training else link,  # the cards of the training know the old one
        actor=person.actor,
        offices=offices,
        now=lambda: datetime.now(UTC) + ahead,
        clock=person.clock,
        training=training or person.training,
        paper_shop=paper_shop,
        warning="" if training or person.training else person.warning,
    )


@dataclass(frozen=True)
class Entered:
    """Somebody came in: the parts of a workstation, made on a worker; see `Door.enter`."""

    link: Link
    actor: Actor
    offices: tuple[Office, ...]
    now: Callable[[], datetime]
    clock: datetime | None = None
    training: bool = False
    paper_shop: Callable[[], PaperShop] | None = None
    drafts: Path | None = None
    """Where unsent forms are kept; None is this Windows user's own folder."""
    printers: Mapping[str, PaperPrinter] = field(default_factory=dict)
    """Which printer each kind of paper took last at this workstation."""
    keep_printers: Keep | None = None
    warning: str = ""
    """What the person should know about this server."""
