"""The bank's side of the sample cases: a file with their money, imported, and what was confirmed tied to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, text

from desk.adapters.database import transaction
from desk.demo.bank_file import Movement, bank_file
from desk.demo.office import TrainingOffice
from desk.rules.inputs import LinePart
from desk.services import statement_uses, statements

_MONEY = text("""
SELECT c.id AS case_id, c.customer_name, i.payment_code, i.total, i.issued_on, y.id AS payment_id,
  coalesce(y.received_on, p.paid_on) AS on_day, y.channel
FROM desk.cases c
JOIN desk.invoice i ON i.office_id = c.office_id AND i.case_id = c.id AND i.total > 0 AND NOT EXISTS (
  SELECT FROM desk.invoice_end x WHERE x.office_id = i.office_id AND x.invoice_id = i.id)
LEFT JOIN desk.payment y ON y.office_id = i.office_id AND y.invoice_id = i.id
LEFT JOIN LATERAL (SELECT n.paid_on FROM desk.payment_proof n WHERE n.office_id = c.office_id AND n.case_id = c.id
  ORDER BY n.at DESC LIMIT 1) p ON true
WHERE c.office_id = :office_id AND c.stage IN ('active', 'closed') ORDER BY on_day NULLS LAST, i.payment_code
""")


def bring_statement(office: TrainingOffice, engine: Engine, office_id: int) -> int:
    """Imports a month of the office's account as its treasurer and gives the number of movements.

    Confirmed money is tied to its movements. What is still open stands there as life writes it: with the whole code,
    with a name alone, too much, too little, the same amount twice; and money that belongs to nobody.
    """
    with transaction(engine) as session:
        known = statements.accounts(session, [office_id])
        rows = session.execute(_MONEY, {"office_id": office_id}).mappings().all()
    if not known or not any(row["on_day"] for row in rows):
        return 0
    movements = _movements(rows)
    path = bank_file(office.folder / f"mutasi {known[0].number}.csv", movements, 18_450_000, account=known[0].number)
    with transaction(engine) as session:
        account = statements.add_account(
            session, office_id, number=known[0].number, bank=known[0].bank, holder=known[0].holder
        )
        told = statements.import_file(session, office_id, account, statements.read_file(path), key=uuid4())
        lines = session.execute(
            text("SELECT id, description FROM desk.statement_line WHERE office_id = :o AND file_id = :f"),
            {"o": office_id, "f": told.file_id},
        ).all()
        for row in rows:
            if row["payment_id"] is not None and row["channel"] == "transfer":
                line = next(each.id for each in lines if row["payment_code"] in each.description)
                parts = (LinePart(line, row["total"] * 100),)
                statement_uses.tie_payment(session, office_id, row["case_id"], row["payment_id"], parts)
    return told.added


def _movements(rows: Sequence[Any]) -> list[Movement]:
    """Confirmed money by its code; of the open money each kind in turn; and what banks book by themselves."""
    movements: list[Movement] = [
        (row["on_day"], row["total"], _words(row, row["payment_code"]))
        for row in rows
        if row["payment_id"] is not None and row["channel"] == "transfer"
    ]
    waiting = [row for row in rows if row["payment_id"] is None]
    proved = [row for row in waiting if row["on_day"] is not None]
    for at, row in enumerate(proved):
        code: str = row["payment_code"]
        amount, words = (
            (row["total"], _words(row, f"{code} data mikro")),
            (row["total"], _words(row, "")),
            (row["total"] + 5_000, _words(row, code.lower().replace("-", " "))),
            (row["total"] - 6_500, _words(row, code)),
            (row["total"], "SETOR TUNAI UNIT CONTOH"),
        )[at % 5]
        movements.append((row["on_day"], amount, words))
    last = max(day for day, _, _ in movements) if movements else max(row["issued_on"] for row in rows)
    movements += [
        (last, 1_500_000, "BFST HARUN KHAYALAN pengembalian uang muka perjalanan"),
        (last, 18_437, "BUNGA REKENING"),
        (last, -6_500, "BIAYA ADM"),
    ]
    return sorted(movements, key=lambda movement: movement[0])


def _words(row: Any, code: str) -> str:
    return f"IBNK {row['customer_name'].upper()} TO RPL 014 BPS CONTOH {code}".strip()
