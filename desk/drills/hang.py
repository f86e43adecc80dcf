"""`desk drill hang`: a PC freezes, dies or loses its cable while it holds the office's counter (bar B13).

Somebody else asks for the next number and waits. The watchdog of the server runs as in an office. The time limits of a
login can be switched off by its owner with one line of SQL; the watchdog cannot. Meanwhile the server vanishes under a
window (bar B14, `vanishing`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psutil
import psycopg
from sqlalchemy import URL, make_url

from desk.adapters.database import engine_for
from desk.adapters.postgres_programs import parameters_of
from desk.adapters.watchdog import keep_watch
from desk.drills.crew import PROCESSES, patiently
from desk.drills.lines import CuttingProxy
from desk.drills.office import DrillOffice, DrillServer
from desk.drills.report import Report
from desk.drills.seats import OFFICE
from desk.drills.vanishing import window_at_work
from desk.drills.workstations import Draft, ask
from desk.errors import Refused, Unavailable

_LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
_HOLD = (
    "WITH k AS (INSERT INTO desk.customer (office_id, id, name, customer_class) "
    "VALUES (%(office)s, gen_random_uuid(), 'Orang yang PC-nya macet', 'person') RETURNING id) "
    "INSERT INTO desk.cases (office_id, id, customer_id, customer_name, channel) "
    "SELECT %(office)s, gen_random_uuid(), id, 'Orang yang PC-nya macet', 'email' FROM k"
)
_LONG_STATEMENT = "SELECT pg_sleep(25)"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happens to the PC that holds the counter, and how long a colleague may wait then."""

    name: str
    end: str  # freeze, kill or cut
    in_statement: bool = False
    limits_off: bool = False

    @property
    def longest_wait(self) -> float:
        """Seconds; who switched the limits off is caught by the watchdog alone."""
        return 5.0 if self.limits_off else 6.0


TROUBLES = (
    Trouble("frozen between two statements, limits switched off", "freeze", limits_off=True),
    Trouble("cable cut between two statements, limits switched off", "cut", limits_off=True),
    Trouble("frozen between two statements", "freeze"),
    Trouble("frozen during a statement", "freeze", in_statement=True),
    Trouble("frozen during a statement, limits switched off", "freeze", in_statement=True, limits_off=True),
    Trouble("killed during a statement", "kill", in_statement=True),
)
FULL = len(TROUBLES)


def drill(server: DrillServer, injections: int) -> Report:
    """Meets so many of the troubles, one after the other; each must free the counter in time."""
    report = Report("hang", min(injections, FULL))
    waits: dict[str, float] = {}
    ended: list[str] = []
    with (
        window_at_work(server, injections) as felt,
        server.office() as office,
        _watchdog(office.url, ended),
        CuttingProxy(office.url) as proxy,
    ):
        for trouble in TROUBLES[:injections]:
            told = _meet(office, proxy, trouble, waits)
            report.expect(told is None, f"{trouble.name}: the colleague was told “{told}”")
            report.expect(
                waits[trouble.name] < trouble.longest_wait,
                f"{trouble.name}: a colleague waited {waits[trouble.name]:.1f} s",
            )
        given = office.numbers()["case"]
        report.expect(given == len(waits), f"{given} numbers for {len(waits)} requests")
        report.blame(office.broken_series())
        report.blame(office.findings())
        felt().enter_in(report)
    report.figures |= {
        "waits_seconds": waits,
        "longest_wait_seconds": max(waits.values()),
        "ended_by_watchdog": len(ended),
    }
    return report


def hold_counter(parameters: Mapping[str, Any], trouble: Trouble, holding: Any) -> None:
    """A process that takes the next number and does not finish; started to be frozen, killed or cut off."""
    with psycopg.connect(**parameters, autocommit=True) as connection:
        if trouble.limits_off:
            for name in _LIMITS:
                connection.execute(f"SET {name} = 0")
        connection.execute("BEGIN")
        connection.execute(_HOLD, {"office": OFFICE})
        holding.set()
        if trouble.in_statement:
            connection.execute(_LONG_STATEMENT)
        time.sleep(600)


def _meet(office: DrillOffice, proxy: CuttingProxy, trouble: Trouble, waits: dict[str, float]) -> str | None:
    """Lets the holder get into trouble and a colleague ask; gives what the colleague was told when it was not done."""
    proxy.silent.clear()
    url = make_url(office.seat("maya", through=proxy.url if trouble.end == "cut" else None).url)
    holding = PROCESSES.Event()
    process = PROCESSES.Process(target=hold_counter, args=(parameters_of(url), trouble, holding))
    process.start()
    try:
        if not holding.wait(60):
            return "the counter was not held"
        if trouble.in_statement:
            sleeping = "SELECT count(*) FROM pg_stat_activity WHERE query = :query AND state = 'active'"
            patiently(lambda: office.value(sleeping, query=_LONG_STATEMENT) == 1, 10)
        match trouble.end:
            case "freeze":
                psutil.Process(process.pid).suspend()
            case "kill":
                process.kill()
            case "cut":
                proxy.silent.set()
        return _wait_for_number(office, trouble, waits)
    finally:
        process.kill()
        process.join(30)
        proxy.silent.clear()
        proxy.cut_all()


def _wait_for_number(office: DrillOffice, trouble: Trouble, waits: dict[str, float]) -> str | None:
    seat = office.seat("fajar")
    engine = engine_for(seat.url)
    key = uuid4()
    begun = time.monotonic()
    try:
        ask(engine, seat, OFFICE, Draft(key, "register_case", key))
    except (Refused, Unavailable) as trouble_told:
        return str(trouble_told)
    finally:
        waits[trouble.name] = round(time.monotonic() - begun, 2)
        engine.dispose()
    return None


@contextmanager
def _watchdog(url: URL, ended: list[str]) -> Iterator[None]:
    """The watchdog of the server, as `desk server watchdog` runs it."""
    stop, running = threading.Event(), threading.Event()

    def tell(sentence: str) -> None:
        if running.is_set():
            ended.append(sentence)
        running.set()

    thread = threading.Thread(target=keep_watch, args=(url, stop, tell))
    thread.start()
    running.wait(30)
    try:
        yield
    finally:
        stop.set()
        thread.join(30)
