"""A deed from click to committed: on a fast line, on slow lines, and from eight workstations at once."""

from __future__ import annotations

import multiprocessing
import time
from functools import partial
from multiprocessing.queues import Queue
from uuid import UUID, uuid4

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from desk.adapters.database import engine_for, run_deed, transaction
from desk.bench.figures import Figure, of_times, timed
from desk.bench.office import OFFICE, BenchOffice, bench_office
from desk.bench.slow_line import slow_line
from desk.deeds import perform
from desk.rules.inputs import PaymentInput, ProofInput
from desk.rules.people import Actor
from desk.services.case_file import facts

_LINES = ((0, 25), (1, 20), (20, 20))
_WORKSTATIONS = 8
_EACH = 60


def measure() -> list[Figure]:
    """The figures of single deeds and of eight workstations at once."""
    figures = []
    with bench_office() as office:
        singles = sum(runs + 2 for _, runs in _LINES)
        office.grow(singles + _WORKSTATIONS * _EACH + 10, opened=singles + _WORKSTATIONS * _EACH + 10)
        cases = _open_cases(office)
        bare = _bare_issue(office)
        figures.append(of_times("bare SQL: number, invoice row, commit", bare, note="raw limit"))
        raw = figures[0].median
        for delay, runs in _LINES:
            mine, cases = cases[: runs + 2], cases[runs + 2 :]
            with slow_line(office.url.port or 5432, delay) as port:
                figures += _single(office, mine, port, delay, raw if not delay else None)
        figures.append(_at_once(office, cases[: _WORKSTATIONS * _EACH]))
    return figures


def _single(office: BenchOffice, cases: list[UUID], port: int, delay: int, raw: float | None) -> list[Figure]:
    officer = office.engine_of("ukur_petugas", port=port)
    treasurer = office.engine_of("ukur_bendahara", port=port)
    invoices, receipts = [], []
    aim = "< 20 ms" if not delay else ""
    for case in cases:
        invoices.append(timed(partial(do, officer, office.actor("ukur_petugas"), "issue_invoice", case)))
        _pay(office, case)
        receipts.append(timed(partial(do, treasurer, office.actor("ukur_bendahara"), "issue_receipt", case)))
    officer.dispose()
    treasurer.dispose()
    line = f", {delay} ms per round trip" if delay else ""
    return [
        of_times(f"issue invoice and SPPD, 3 lines{line}", invoices[2:], aim=aim, raw=raw),
        of_times(f"issue receipt{line}", receipts[2:], aim=aim, raw=raw),
    ]


def _pay(office: BenchOffice, case: UUID) -> None:
    officer, treasurer = office.engine_of("ukur_petugas_dua"), office.engine_of("ukur_bendahara")
    with transaction(officer) as session:
        known = facts(session, OFFICE, case)
    assert known.invoice is not None
    total, today = known.invoice.total, known.today
    proof = ProofInput(amount=total, paid_on=today, payer="Contoh")
    do(officer, office.actor("ukur_petugas_dua"), "record_proof", case, proof)
    seen = PaymentInput(amount=total, received_on=today, reference="FT1")
    do(treasurer, office.actor("ukur_bendahara"), "confirm_payment", case, seen)
    officer.dispose()
    treasurer.dispose()


def do(engine: Engine, actor: Actor, action: str, case: UUID, inputs: object = None) -> None:
    """One deed of one person, committed."""
    key = uuid4()

    def deed(session: Session) -> object:
        return perform(session, actor, action, case, office_id=OFFICE, request_id=key, inputs=inputs)

    run_deed(engine, deed, key=key)


def _open_cases(office: BenchOffice) -> list[UUID]:
    with office.owner.connect() as connection:
        rows = connection.execute(text("SELECT id FROM desk.cases WHERE officer_queue = 'offer' ORDER BY sequence"))
        return [row.id for row in rows]


def _bare_issue(office: BenchOffice) -> list[float]:
    """The least that any program must do: take the number, write the row, commit."""
    with office.owner.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE bare_counter (no bigint)")
        connection.exec_driver_sql("INSERT INTO bare_counter VALUES (0)")
        connection.exec_driver_sql("CREATE TABLE bare_invoice (no bigint PRIMARY KEY, total bigint, made timestamptz)")
    times = []
    with office.owner.connect() as connection:
        for _ in range(60):
            begun = time.perf_counter()
            connection.exec_driver_sql(
                "WITH n AS (UPDATE bare_counter SET no = no + 1 RETURNING no) "
                "INSERT INTO bare_invoice SELECT no, 24147601, now() FROM n"
            )
            connection.commit()
            times.append((time.perf_counter() - begun) * 1000)
    return times[10:]


def _at_once(office: BenchOffice, cases: list[UUID]) -> Figure:
    spawn = multiprocessing.get_context("spawn")
    answers: Queue[object] = spawn.Queue()
    go = spawn.Event()
    ready = [spawn.Event() for _ in range(_WORKSTATIONS)]
    processes = [
        spawn.Process(
            target=_workstation,
            args=(
                office.url_of("ukur_petugas").render_as_string(hide_password=False),
                office.actor("ukur_petugas"),
                cases[number * _EACH : (number + 1) * _EACH],
                ready[number],
                go,
                answers,
            ),
        )
        for number in range(_WORKSTATIONS)
    ]
    for process in processes:
        process.start()
    for event in ready:
        event.wait(60)
    begun = time.perf_counter()
    go.set()
    refused = sum(int(str(answers.get(timeout=120))) for _ in processes)
    seconds = time.perf_counter() - begun
    for process in processes:
        process.join()
    with office.owner.connect() as connection:
        gaps = connection.execute(text("SELECT max(sequence) - count(*) FROM desk.invoice")).scalar_one()
    rate = len(cases) / seconds
    note = f"refused {refused}, gaps {gaps}, {len(cases)} invoices with SPPD"
    return Figure("8 workstations issuing at once", rate, rate, rate, "/s", 1, "> 200/s", None, note)


def _workstation(url: str, actor: Actor, cases: list[UUID], ready: object, go: object, answers: object) -> None:
    engine = engine_for(url)
    with transaction(engine) as session:
        facts(session, OFFICE, cases[0])
    ready.set()  # type: ignore[attr-defined]
    go.wait()  # type: ignore[attr-defined]
    refused = 0
    for case in cases:
        try:
            do(engine, actor, "issue_invoice", case)
        except Exception:  # noqa: BLE001 - whatever stops a workstation counts as refused
            refused += 1
    engine.dispose()
    answers.put(refused)  # type: ignore[attr-defined]
