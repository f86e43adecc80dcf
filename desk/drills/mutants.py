"""`desk drill mutants`: guards of the database are broken one by one, and the state machine must notice each (bar B20).

A test that finds nothing proves nothing. So every planted fault works on a copy of the office, and the machine, which
passes on the sound database, must find it.
"""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from desk.drills.machine import Broken, Machine
from desk.drills.office import DrillOffice, DrillServer
from desk.drills.report import Report

_STEPS = 60
_SOUND_STEPS = 90
_SEEDS = (2, 1, 3, 1600)
"""Several short histories find more than one long one: each begins with a case of its own."""
_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """A guard and how it is broken: statements, or a text of a function that is replaced."""

    name: str
    statements: tuple[str, ...] = ()
    function: str = ""
    was: str = ""
    becomes: str = ""


FAULTS: tuple[Fault, ...] = (
    Fault(
        "a payment can be confirmed twice",
        function="guard_payment",
        was="IF EXISTS (SELECT FROM desk.payment p",
        becomes="IF false AND EXISTS (SELECT FROM desk.payment p",
    ),
    Fault("an old form overwrites a newer card", ("DROP TRIGGER bump ON desk.customer",)),
    Fault(
        "the key of a deed is not kept",
        function="record_deed",
        was="VALUES (p_office, p_key,",
        becomes="VALUES (p_office, gen_random_uuid(),",
    ),
    Fault(
        "one person with two duties confirms her own proof",
        ("ALTER TABLE desk.payment DROP CONSTRAINT payment_second_person_check",),
    ),
    Fault(
        "officers may confirm money",
        ("GRANT INSERT ON desk.payment TO desk_officer", "DROP POLICY duty_insert ON desk.payment"),
    ),
    Fault("numbers jump by two", function="next_number", was="last = c.last + 1", becomes="last = c.last + 2"),
    Fault(
        "a kuitansi can be edited",
        ("GRANT UPDATE (payer) ON desk.receipt TO desk_treasurer", "DROP TRIGGER final ON desk.receipt"),
    ),
    Fault("invoices have no row policy", ("ALTER TABLE desk.invoice DISABLE ROW LEVEL SECURITY",)),
    Fault(
        "the state before a deed is not asked",
        function="record_deed",
        was="IF NOT (rule.before->track) ? (before->>track) THEN",
        becomes="IF false THEN",
    ),
    Fault("data leave through a closed gate", ("DROP TRIGGER c_gate ON desk.delivery",)),
    Fault(
        "an original is accepted with too little materai",
        ("ALTER TABLE desk.custody DROP CONSTRAINT custody_stamp_in_force_check",),
    ),
    Fault("a kuitansi is withdrawn after delivery", ("DROP TRIGGER c_guard ON desk.receipt_void",)),
    Fault(
        "a state needs no fact behind it",
        function="check_tracks",
        was="IF fact IS NOT TRUE THEN",
        becomes="IF false THEN",
    ),
    Fault("two kuitansi for one payment", ("DROP TRIGGER a_guard ON desk.receipt",)),
    Fault("money is taken back behind its kuitansi", ("DROP TRIGGER c_guard ON desk.payment_reversal",)),
    Fault(
        "a kuitansi for money that was taken back",
        function="guard_receipt",
        was="IF EXISTS (SELECT FROM desk.payment_reversal x",
        becomes="IF false AND EXISTS (SELECT FROM desk.payment_reversal x",
    ),
    Fault("less money than the invoice is confirmed", ("DROP TRIGGER c_guard ON desk.payment",)),
    Fault(
        "the chain of kuitansi is not carried on",
        function="chain_receipt",
        was="SET last_hash = NEW.hash",
        becomes="SET last_hash = c.last_hash",
    ),
    Fault(
        "who made the data checks them",
        ("ALTER TABLE desk.preparation_check DROP CONSTRAINT preparation_check_second_person_check",),
    ),
    Fault("facts carry the name that was typed", function="sign_fact", was="NEW.by := session_user;", becomes=""),
)
FULL = len(FAULTS)


def drill(server: DrillServer, injections: int) -> Report:
    """Runs the machine on the sound office, then on so many broken ones."""
    report = Report("mutants", min(injections, FULL))
    with server.office() as sound:
        told = found_in(sound, _SOUND_STEPS)
        report.expect(told is None, f"the sound office: {told}")
    begun = time.monotonic()
    with ThreadPoolExecutor(_AT_ONCE) as pool:  # each history mostly waits for the server, and the server for it
        told_of = dict(zip(FAULTS[:injections], pool.map(partial(_meet, server), FAULTS[:injections]), strict=True))
    took = time.monotonic() - begun
    missed = [fault.name for fault, (found, _) in told_of.items() if not found]
    seconds = {fault.name: spent for fault, (_, spent) in told_of.items()}
    report.figures |= {
        "planted": len(seconds),
        "found": len(seconds) - len(missed),
        "score": round(1 - len(missed) / len(seconds), 3),
        "seconds_for_all": round(took, 1),
        "seconds_each": seconds,
    }
    report.blame(f"not found: {name}" for name in missed)
    return report


def _meet(server: DrillServer, fault: Fault) -> tuple[bool, float]:
    """Whether the machine finds this fault in copies of the office, and the seconds that took."""
    started = time.monotonic()
    found = False
    for seed in _SEEDS:
        with server.office() as office:
            plant(office, fault)
            found = found_in(office, seed=seed) is not None
        if found:
            break
    return found, round(time.monotonic() - started, 1)


def plant(office: DrillOffice, fault: Fault) -> None:
    """Breaks one guard of this copy."""
    with office.owner() as session:
        connection = session.connection()
        for statement in fault.statements:
            connection.exec_driver_sql(statement)
        if fault.function:
            source = connection.exec_driver_sql(
                f"SELECT pg_get_functiondef('desk.{fault.function}'::regproc)"
            ).scalar_one()
            if fault.was not in source:
                raise ValueError(f"{fault.function} no longer says “{fault.was}”")
            connection.exec_driver_sql(source.replace(fault.was, fault.becomes).replace("%", "%%"))


def found_in(office: DrillOffice, steps: int = _STEPS, *, seed: int = _SEEDS[0]) -> str | None:
    """What the machine finds in an office, or None."""
    with Machine(office, random.Random(seed).choice) as machine:  # noqa: S311 - a drill that can be repeated
        try:
            machine.run(steps)
        except Broken as broken:
            return str(broken)
    return None
