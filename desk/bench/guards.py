"""What the row policies cost: each list of one office among many, timed on the server with and without them.

The plan is read too: a list must come from an index, not from a scan of what others have.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.orm import Session

from desk.bench.figures import Figure
from desk.bench.filled import fill_statement
from desk.bench.office import OFFICE, OPEN_CASES, BenchOffice, bench_office, grow_statement
from desk.rules.desks import Desk, Queue
from desk.services import audit_story, claims, day, inbox, numbers, outbox, register, scans, statement_lists
from desk.services.audit_story import Wanted
from desk.services.queues import archive_rows, queue_counts, queue_rows
from desk.services.search import search

CASES, OFFICES = 1_000_000, 500
LIMIT_MS = 5.0
_RUNS = 20
_FIRST_OFFICE = 3_000

_DAY = date(2026, 6, 1)

LISTS: Mapping[str, Callable[[Session], object]] = {
    "officer's desk": lambda session: queue_rows(session, [OFFICE], Desk.OFFICER, None),
    "one queue": lambda session: queue_rows(session, [OFFICE], Desk.OFFICER, Queue.OFFER),
    "treasurer's desk": lambda session: queue_rows(session, [OFFICE], Desk.TREASURER, None),
    "mail table": lambda session: queue_rows(session, [OFFICE], Desk.MAIL, None),
    "counts of all queues": lambda session: queue_counts(session, [OFFICE]),
    "archive, first page": lambda session: archive_rows(session, [OFFICE]),
    "search by number": lambda session: search(session, [OFFICE], f"PST-{OFFICE}-2026-000500"),
    "search by name": lambda session: search(session, [OFFICE], "pengguna contoh 77"),
    "search by amount and number": lambda session: search(session, [OFFICE], f"KW-{OFFICE}-40"),
    "next free case": lambda session: claims.next_free(session, [OFFICE], None),
    "movements of the account": lambda session: statement_lists.all_lines(session, [OFFICE]),
    "the treasurer's day": lambda session: day.figures(session, OFFICE, _DAY),
    "kuitansi that are not deposited": lambda session: day.undeposited(session, OFFICE, _DAY),
    "register of a month": lambda session: register.register(session, OFFICE, _DAY),
    "outbox": lambda session: outbox.entries(session, [OFFICE]),
    "mails that came in": lambda session: inbox.tray(session, [OFFICE]),
    "scans that wait": lambda session: scans.tray(session, [OFFICE]),
    "register of numbers": lambda session: numbers.register(session, [OFFICE], 2026),
    "audit: all of the office": lambda session: audit_story.page(session, Wanted(OFFICE, "WIB")),
    "audit: what a person did": lambda session: audit_story.page(session, Wanted(OFFICE, "WIB", actor="orang_3")),
    "audit: who saw a card": lambda session: audit_story.card_views(session, Wanted(OFFICE, "WIB")),
}
"""The lists of the window, as the program asks for them."""

_SMALL = frozenset(
    {
        "office", "person", "duty", "rule", "holiday", "installation", "day_close", "month_handover", "case_look",
        "bank_account", "statement_file",
    }
)  # fmt: skip
"""Tables that are small in every office: a few rows per person, rule, account or day."""


def _asked_by(name: str) -> str:
    if name.startswith("audit"):
        return "ukur_pemeriksa"
    treasurers = ("movements", "the treasurer's day", "kuitansi", "register of a month")
    return "ukur_bendahara" if name.startswith(treasurers) else "ukur_petugas"


@dataclass(frozen=True, slots=True)
class Plan:
    """How the server answered one question: milliseconds, and its steps with the tables they read."""

    milliseconds: float
    steps: tuple[str, ...]

    @property
    def scanned(self) -> tuple[str, ...]:
        """Whole tables that were read, and questions asked once per row; what is small everywhere may be."""
        return tuple(
            step
            for step in self.steps
            if step.startswith("SubPlan")
            or (step.startswith("Seq Scan") and step.removeprefix("Seq Scan ") not in _SMALL)
        )


def measure(cases: int = CASES, offices: int = OFFICES) -> list[Figure]:
    """Each list at the full size, with the policies and without."""
    figures = []
    with crowd(cases, offices) as office:
        for name, plans in explained(office):
            guarded, bare = (statistics.median(p.milliseconds for p in each) if each else None for each in plans)
            assert guarded is not None
            steps = ", ".join(dict.fromkeys(step for step in plans[0][0].steps if "Scan" in step or "Sub" in step))
            times = sorted(plan.milliseconds for plan in plans[0])
            among = f"{cases:,} cases in {offices} offices".replace(",", ".")
            figures.append(
                Figure(
                    f"{name}, server time, {among}", guarded, times[0], times[-1], runs=_RUNS, raw=bare,
                    aim=f"< {LIMIT_MS:.0f} ms", limit=LIMIT_MS,
                    note=(f"without policies {bare:.2f} ms; " if bare is not None else "") + steps,
                )
            )  # fmt: skip
    return figures


@contextmanager
def crowd(cases: int, offices: int) -> Iterator[BenchOffice]:
    """An office among so many, each with the same number of cases."""
    each = cases // offices
    with bench_office() as office:
        office.grow(each)
        with office.owner.begin() as connection:
            connection.exec_driver_sql(fill_statement(OFFICE, each).replace("%", "%%"))
        with office.owner.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO desk.office (id, code, name) SELECT n, n::text, 'Kantor contoh ' || n "
                    "FROM generate_series(CAST(:first AS bigint), :last) n"
                ),
                {"first": _FIRST_OFFICE, "last": _FIRST_OFFICE + offices - 2},
            )
        with office.owner.begin() as connection:
            connection.exec_driver_sql("DROP INDEX desk.search_entry_words_idx")  # made at the end, which is quicker
        for other in range(_FIRST_OFFICE, _FIRST_OFFICE + offices - 1):
            with office.owner.begin() as connection:
                connection.exec_driver_sql(grow_statement(other, 1, each, each - min(OPEN_CASES, each)))
                connection.exec_driver_sql(fill_statement(other, each).replace("%", "%%"))
        with office.owner.begin() as connection:
            connection.exec_driver_sql(
                "CREATE INDEX search_entry_words_idx ON desk.search_entry USING gin (words) WITH (fastupdate = off)"
            )
        with office.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
        yield office


def explained(office: BenchOffice, runs: int = _RUNS) -> Iterator[tuple[str, tuple[list[Plan], list[Plan]]]]:
    """For each list its plans as the person who looks at it, and as the owner whom no policy binds."""
    people = {login: create_engine(office.url_of(login), pool_size=1) for login in office.passwords}
    try:
        for name, read in LISTS.items():
            # The audit log is read through a function that asks who calls, so nobody else can be measured there.
            bare = [] if name.startswith(("audit: all", "audit: what")) else _plans(office.owner, read, runs)
            yield name, (_plans(people[_asked_by(name)], read, runs), bare)
    finally:
        for engine in people.values():
            engine.dispose()


def _plans(engine: Engine, read: Callable[[Session], object], runs: int) -> list[Plan]:
    asked: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: Any, _x: object, _many: object) -> None:
        asked.append((statement, parameters))

    with engine.connect() as connection:
        connection.exec_driver_sql("SET search_path = desk, pg_catalog")
        event.listen(connection, "before_cursor_execute", note)
        read(Session(connection))
        event.remove(connection, "before_cursor_execute", note)
        return [_explain(connection, asked) for _ in range(runs)]


def _explain(connection: Connection, asked: list[tuple[str, Any]]) -> Plan:
    """The plan of a list; several questions are added up."""
    time, steps = 0.0, []
    for statement, parameters in asked:
        answer = connection.exec_driver_sql(
            f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}", parameters
        ).scalar_one()
        (told,) = json.loads(answer) if isinstance(answer, str) else answer
        time += told["Execution Time"] + told["Planning Time"]
        steps += list(_steps(told["Plan"]))
    return Plan(time, tuple(steps))


def _steps(node: Mapping[str, Any]) -> Iterator[str]:
    if node.get("Parent Relationship") == "SubPlan":
        yield f"SubPlan {node.get('Subplan Name', '')}"
    yield f"{node['Node Type']} {node.get('Relation Name', '')}".strip()
    for part in node.get("Plans", ()):
        yield from _steps(part)
