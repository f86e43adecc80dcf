"""`desk drill tamper`: the sealer beside people at work, and six attacks of the server's administrator (B11, B10).

Transactions of up to 300 ms run beside a sealer that works every 100 ms; afterwards nothing is unsealed and nothing is
wrong. Then each attack is done to a copy of the office, and the auditor, with his own login and the signed heads, finds
it and names it.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
from sqlalchemy import NullPool, create_engine, make_url, text
from sqlalchemy.orm import Session

from desk.adapters.database import transaction
from desk.adapters.postgres_programs import parameters_of
from desk.adapters.seals import SignedHead, new_key
from desk.drills.attacks import ATTACKS
from desk.drills.crew import Crew
from desk.drills.office import DrillOffice, DrillServer
from desk.drills.report import Report
from desk.drills.seats import OFFICE, OFFICERS
from desk.services import audit

FULL = 1000
"""Transactions beside the sealer; the log that is verified has a hundred times as many entries."""

_AT_ONCE = 12
_LONGEST_MS = 300
_SEAL_EVERY_SECONDS = 0.1
_ENTRIES_PER_TRANSACTION = 100
_SECONDS_PER_MILLION = 60.0
_WORK = "UPDATE desk.cases SET institution = %s WHERE office_id = %s AND id = %s"
_FILLING = (
    "INSERT INTO audit.log (office_id, table_name, op, key, new) "
    "SELECT :office, 'message', 'I', gen_random_uuid()::text, jsonb_build_object('body', repeat('contoh ', 40)) "
    "FROM generate_series(1, :entries)"
)


def drill(server: DrillServer, injections: int) -> Report:
    """Seals beside so many transactions, then attacks six copies of the log."""
    report = Report("tamper", injections)
    with server.office() as office:
        cases = _a_case_each(office)
        _seal_beside_work(office, cases, injections, report)
        with office.owner() as session:
            session.execute(text(_FILLING), {"office": OFFICE, "entries": injections * _ENTRIES_PER_TRANSACTION})
        for _ in range(3):  # blocks before and after the one that is attacked, each with an invoice
            _a_case_to_the_end(office)
            _seal(office)
        entries = office.value("SELECT count(*) FROM audit.log")
        signed = _sign(office)
        slowest, found = 0.0, {}
        for name, (attack, seen_by) in ATTACKS.items():
            with server.copy_of(office) as copy:
                with copy.owner() as session:
                    session.execute(text("SET LOCAL session_replication_role = replica"))
                    attack(session.connection())
                begun = time.monotonic()
                found[name] = sorted(_verify(copy, signed))
                slowest = max(slowest, time.monotonic() - begun)
            report.expect(set(found[name]) == seen_by, f"{name} was seen by {found[name]} instead of {sorted(seen_by)}")
        per_million = slowest / entries * 1e6
        report.expect(not _verify(office, signed), "the log that nobody attacked is blamed")
        report.figures |= {
            "attacks": len(ATTACKS),
            "attacks_found": sum(1 for checks in found.values() if checks),
            "entries": entries,
            "slowest_verify_seconds": round(slowest, 2),
            "seconds_per_million_entries": round(per_million, 1),
        }
        if injections == FULL:  # below, what is the same for every size weighs too much
            report.expect(per_million < _SECONDS_PER_MILLION, f"verifying a million entries takes {per_million:.0f} s")
        report.blame(office.findings())
    return report


def _seal_beside_work(office: DrillOffice, cases: Sequence[str], transactions: int, report: Report) -> None:
    left, blocks, done = threading.Semaphore(transactions), [0], threading.Event()

    def work(number: int) -> int:
        chance = random.Random(number)  # noqa: S311 - a drill that can be repeated
        mine = 0
        url = make_url(office.seat(OFFICERS[number % len(OFFICERS)]).url)
        with psycopg.connect(**parameters_of(url)) as connection:
            while left.acquire(blocking=False):
                connection.execute(_WORK, [f"orang {mine}", OFFICE, cases[number]])
                time.sleep(chance.uniform(0, _LONGEST_MS) / 1000)
                connection.commit()
                mine += 1
        return mine

    def sealing() -> None:
        while not done.wait(_SEAL_EVERY_SECONDS):
            blocks[0] += _seal(office) > 0

    before = office.value("SELECT count(*) FROM audit.log")
    with ThreadPoolExecutor(_AT_ONCE + 1) as pool:
        sealer = pool.submit(sealing)
        worked = sum(pool.map(work, range(_AT_ONCE)))
        done.set()
        sealer.result()
    _seal(office)
    written = office.value("SELECT count(*) FROM audit.log") - before
    unsealed = office.value("SELECT count(*) FROM audit.log WHERE block IS NULL")
    problems = _verify(office, ())
    report.figures |= {
        "transactions": worked,
        "blocks_meanwhile": blocks[0],
        "unsealed": unsealed,
        "problems": len(problems),
    }
    report.expect(written == worked == transactions, f"{written} entries of {worked} transactions")
    report.expect(unsealed == 0, f"{unsealed} entries are not sealed")
    report.expect(not problems, f"the auditor finds {problems} where nobody attacked")


def _a_case_each(office: DrillOffice) -> list[str]:
    with Crew(office) as crew:
        crew.serve(0, cases=_AT_ONCE, steps=0)
        crew.finish()
    return [str(row["id"]) for row in office.rows("SELECT id FROM desk.cases ORDER BY sequence")]


def _a_case_to_the_end(office: DrillOffice) -> None:
    with Crew(office) as crew:
        crew.serve(0, cases=1)
        crew.finish()


def _seal(office: DrillOffice) -> int:
    with office.owner() as session:
        return audit.seal(session)


def _sign(office: DrillOffice) -> list[SignedHead]:
    """The treasurer signs the heads and takes them away from the server."""
    key, engine = new_key(), office.engine("budi")
    with transaction(engine) as session:
        moment = datetime.now(UTC)
        signed = [key.sign(head, signed_by="uji_budi", signed_at=moment) for head in audit.heads(session)]
    engine.dispose()
    return signed


def _verify(office: DrillOffice, signed: Sequence[SignedHead]) -> set[str]:
    """What the auditor is told, in one moment, with his own login."""
    engine = create_engine(office.seat("wati").url, poolclass=NullPool, isolation_level="REPEATABLE READ")
    with Session(engine) as session:
        return {finding.check for finding in audit.verify(session, signed)}
