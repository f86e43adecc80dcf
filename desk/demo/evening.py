"""The treasurer's evenings in the training office: originals printed, money brought to the treasury, the day closed.

The last two days are left as they are, so that whoever practises has kuitansi to print and a day to close.
"""

from __future__ import annotations

import hashlib
from datetime import date
from uuid import uuid4

from sqlalchemy import Engine

from desk.adapters.database import transaction
from desk.demo.office import PRINTER
from desk.errors import Refused
from desk.rules.day import DepositInput, Undeposited
from desk.services import day as days
from desk.services import prints

LEFT_OPEN = 2
"""Days before today that nobody has finished."""


def evening(engine: Engine, office_id: int, day: date) -> None:
    """Finish one day as the treasurer; a day that cannot be closed stays open, and the days after it wait for it."""
    with transaction(engine) as session:
        for receipt in prints.receipts_to_print(session, (office_id,), day):
            if receipt.waits and receipt.document_id is not None:
                prints.note_print(session, office_id, receipt.case_id, receipt.document_id, printer=PRINTER)
    with transaction(engine) as session:
        due = [money for money in days.undeposited(session, office_id, day) if money.due.on <= day]
        if due:
            days.record_deposit(session, office_id, _deposit(office_id, day, due), day, uuid4())
    try:
        with transaction(engine) as session:
            days.close_day(session, office_id, day, uuid4())
    except Refused:
        return


def deposit_numbers(office_id: int, day: date) -> tuple[str, str]:
    """An invented billing code and NTPN for the deposit of a day."""
    told = hashlib.sha256(f"{office_id} {day}".encode()).hexdigest().upper()
    return f"8202{day:%y%m%d}{office_id % 100_000:05}", told[:16]


def _deposit(office_id: int, day: date, due: list[Undeposited]) -> DepositInput:
    billing, ntpn = deposit_numbers(office_id, day)
    return DepositInput(billing, ntpn, day, tuple(money.payment_id for money in due))
