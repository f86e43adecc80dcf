"""Cases as frozen facts, one for every combination of states, without a database."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from desk.actions import ACTIONS, Action, why_not
from desk.rules.case import (
    STANDARD_NEEDS,
    TRACKS,
    AgreementFacts,
    BillingFacts,
    CaseFacts,
    Channel,
    CustomerClass,
    Data,
    DataFacts,
    Fit,
    Holder,
    InvoiceFacts,
    LateCorrectionFacts,
    LineFacts,
    MailTrouble,
    Money,
    MoneyFacts,
    Moved,
    Original,
    OverrideFacts,
    Product,
    ReliefFacts,
    ResultsFacts,
    Section,
    SectionQuestion,
    Stage,
    State,
    TaskFacts,
)
from desk.rules.custody import Custody
from desk.rules.people import Actor, Duty
from desk.rules.reminders import ladders
from tests.inputs import ABSTRACT
from tests.rules.test_working_days import CALENDAR

OFFICE = 1600
TODAY = date(2026, 11, 23)
OWN_ID = uuid5(UUID(int=0), "invented")


class Spot(NamedTuple):
    """Where a case stands: its course and its three tracks."""

    stage: Stage
    money: Money
    original: Original
    data: Data

    def moved(self, *states: State) -> Spot:
        """The spot after these states have been taken."""
        taken: dict[str, Any] = {TRACKS[type(state)]: state for state in states}
        return self._replace(**taken)


START = Spot(Stage.NEW, Money.NONE, Original.NONE, Data.NONE)

_COPY = {
    Original.ISSUED: Custody.SENT,
    Original.AWAITED: Custody.SENT,
    Original.RECEIVED: Custody.RECEIVED,
    Original.REFUSED: Custody.REFUSED,
    Original.ACCEPTED: Custody.ACCEPTED,
    Original.FILED: Custody.FILED,
}


def person(*duties: Duty, login: str = "rina") -> Actor:
    """Somebody with these duties in the office."""
    return Actor(login, login.title(), "", {OFFICE: frozenset(duties)})


def case_at(spot: Spot, *, invoice_over: bool = False) -> CaseFacts:
    """A case that stands there, with everything that such a case has; `invoice_over`: the last day has passed."""
    paid = spot.money in (Money.CONFIRMED, Money.RECEIPTED)
    receipted = spot.money is Money.RECEIPTED
    delivered = spot.data in (Data.SENDING, Data.DELIVERED, Data.CORRECTING, Data.CONFIRMED)
    prepared = delivered or spot.data in (Data.PREPARED, Data.CHECKED)
    return CaseFacts(
        office_id=OFFICE,
        office_code="1600",
        id=OWN_ID,
        number="PST-1600-2026-000001",
        today=TODAY,
        stage=spot.stage,
        money=spot.money,
        original=spot.original,
        data=spot.data,
        customer_name="Sari Contohwati",
        institution="",
        customer_class=CustomerClass.PERSON,
        channel=Channel.EMAIL,
        address="Jl. Khayal No. 1",
        email="sari@example.org",
        phone="",
        registered_at=datetime(2026, 11, 1, tzinfo=UTC),
        version=1,
        abstract=ABSTRACT,
        requirements_met=frozenset(need.code for need in STANDARD_NEEDS),
        lines=(LineFacts(OWN_ID, 1, "Sakernas 2025", "microdata", 1_000_000, Fit.FITS),),
        clear_on=None if spot.stage is Stage.NEW else TODAY,
        invoice=(
            InvoiceFacts(
                OWN_ID,
                "INV-001",
                20_000,
                TODAY - timedelta(days=40),
                TODAY + timedelta(days=-9 if invoice_over else 9),
                "dewi",
                "INV-1600-26-0001",
            )
            if spot.money is not Money.NONE
            else None
        ),
        agreement=(
            AgreementFacts(OWN_ID, "SPPD-001", 2026, 1, TODAY, 1, (_COPY[spot.original].value,))
            if spot.original is not Original.NONE
            else None
        ),
        payment=MoneyFacts(
            proof_amount=20_000 if paid or spot.money is Money.PROOF else None,
            proof_by="dewi" if paid or spot.money is Money.PROOF else None,
            payment_id=OWN_ID if paid else None,
            payment_amount=20_000 if paid else None,
            receipt_id=OWN_ID if receipted else None,
            receipt_number="KW-001" if receipted else None,
            receipt_scanned=receipted,
        ),
        files=DataFacts(
            version=1 if prepared else 0,
            files=1 if prepared else 0,
            made_by="dewi" if prepared else None,
            checked_by="joko" if prepared and spot.data is not Data.PREPARED else None,
            deliveries=1 if delivered else 0,
        ),
        papers_ready=True,
        address_confirmed="sari@example.org",
    )


def variants(spot: Spot) -> Iterator[CaseFacts]:
    """The same spot in the circumstances that a rule may ask for: the invoice over, no line fits, relief, a gate,
    a reminder, much money, somebody who holds it, a paper that is lent, two copies."""
    plain = case_at(spot)
    yield plain
    yield case_at(spot, invoice_over=True)
    yield replace(plain, lines=tuple(replace(line, fit=Fit.DOES_NOT) for line in plain.lines))
    yield replace(plain, address_confirmed="")
    yield replace(plain, new_mail=True)
    silent = replace(plain, files=replace(plain.files, check_until=TODAY - timedelta(days=1)))
    yield silent
    taken = spot.stage in (Stage.ACTIVE, Stage.CLOSED) and spot.data in (Data.DELIVERED, Data.CONFIRMED)
    for allowed in (None, True, False) if taken else ():
        yield replace(silent, late=LateCorrectionFacts(OWN_ID, TODAY, "Umur kosong", "preparation", allowed=allowed))
    yield replace(plain, results=ResultsFacts(TODAY))
    yield replace(plain, billing=(BillingFacts(OWN_ID, "820261121000001", 20_000, TODAY),))
    yield replace(plain, mail_trouble=MailTrouble(OWN_ID, "bounced", "Alamat tidak dikenal.", "a@example.org", "Re"))
    yield replace(plain, questions=(SectionQuestion(OWN_ID, Section.SOCIAL, "", "Cocok?", TODAY, TODAY, "rina"),))
    yield replace(plain, returned_on=TODAY)
    yield replace(plain, numbered=True)
    yield replace(plain, lines=(plain.lines[0], replace(plain.lines[0], position=2, fit=Fit.UNDECIDED)))
    yield replace(plain, relief=ReliefFacts(OWN_ID, 100, "dewi"))
    asked = OverrideFacts(OWN_ID, "Sidang besok.", "dewi")
    yield replace(plain, address_confirmed="", override_asked=asked)
    yield replace(plain, address_confirmed="", override_asked=replace(asked, refused="Tunggu naskahnya."))
    yield replace(plain, files=replace(plain.files, deliveries=1))
    yield replace(plain, holder=Holder("rina", "Rina", datetime(2026, 11, 23, 10, 42)))  # noqa: DTZ001 - a wall clock
    yield replace(plain, holder=Holder("joko", "Joko", datetime(2026, 11, 26, 10, 42)))  # noqa: DTZ001
    waited = replace(plain, moves=(Moved(TODAY - timedelta(days=8), *spot),))
    yield replace(waited, ladders=ladders(waited, 7, 7, CALENDAR))
    yield replace(plain, second_above=1_000, payment=replace(plain.payment, confirmed_by="joko"))
    yield replace(plain, office_countersigns=True)
    yield replace(plain, sample_allowed=True, sample="Contoh data (5 baris)")
    if spot.data in (Data.PREPARING, Data.CORRECTING):
        yield replace(plain, tasks=(TaskFacts(Product.FULL, "opened", "berkas dibuka kembali"),))
    if plain.agreement is not None and spot.original is Original.FILED:
        for copies in ((Custody.LENT,), (Custody.FILED, Custody.FILED)):
            states = tuple(step.value for step in copies)
            yield replace(plain, agreement=replace(plain.agreement, copies=len(copies), copy_states=states))


def left_by(action: Action, spot: Spot) -> Iterator[Spot]:
    """Every spot that the action may leave behind."""
    choices: list[list[State | None]] = [[s for s in track if s in action.after] or [None] for track in TRACKS]
    for states in product(*choices):
        yield spot.moved(*(state for state in states if state is not None))


def steps_from(spot: Spot) -> Iterator[tuple[Action, Spot]]:
    """What somebody of the office can do there, in some circumstance, and where it leads."""
    cases = list(variants(spot))
    for action in ACTIONS.values():
        if action.handler is None:
            continue
        somebody = person(*action.who)
        if any(why_not(action, somebody, case) is None for case in cases):
            for after in left_by(action, spot):
                if _consistent(after):
                    yield action, after


def _consistent(spot: Spot) -> bool:
    """An invoice and an SPPD are issued together and withdrawn together."""
    return (spot.money is Money.NONE) == (spot.original is Original.NONE) or spot.stage is Stage.CANCELLED


def ways() -> dict[Spot, set[Spot]]:
    """Every spot that a case can come to, with the spots that it can go to from there."""
    found: dict[Spot, set[Spot]] = {}
    waiting = deque([START])
    while waiting:
        spot = waiting.popleft()
        if spot in found:
            continue
        found[spot] = {after for _, after in steps_from(spot)}
        waiting.extend(found[spot])
    return found
