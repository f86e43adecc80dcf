"""A bank file of the office's own account, made for a test: one line per movement, with balances that fit."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

from desk.services import statements
from tests.office import PALEMBANG, Office
from tests.statements.samples import STATEMENTS

ACCOUNT = "009901000123304"
Movement = tuple[date, int, str]
"""Day, rupiah (below zero: out), text."""


def bank_file(path: Path, movements: Iterable[Movement], opening: int = 1_000_000, *, first: int = 1) -> Path:
    """Writes a file as BRI CMS lays it out; `first` is the place of its first movement in the life of the account."""
    header = next(csv.reader((STATEMENTS / "bri_cms_2026-10.csv").read_text("utf-8-sig").splitlines()))
    balance = opening
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, header, quoting=csv.QUOTE_ALL)
        writer.writeheader()
        for at, (day, amount, words) in enumerate(movements, first):
            moment = f"{day} 09:{at // 60 % 60:02}:{at % 60:02}"
            row = dict.fromkeys(header, "") | {
                "ID": str(at - first + 1), "NOREK": ACCOUNT, "TGL_TRAN": moment, "TGL_EFEKTIF": moment,
                "DESK_TRAN": words,
                "SEQ": f"{day:%d%m}{at:04}", "SALDO_AWAL_MUTASI": f"{balance}.00",
                "MUTASI_DEBET": f"{max(-amount, 0)}.00", "MUTASI_KREDIT": f"{max(amount, 0)}.00",
                "SALDO_AKHIR_MUTASI": f"{balance + amount}.00",
                "GLSIGN": "Cr" if amount > 0 else "Db",
            }  # fmt: skip
            balance += amount
            writer.writerow(row)
    return path


def bring(office: Office, path: Path, name: str = "budi", office_id: int = PALEMBANG) -> statements.Imported:
    """The treasurer imports a file."""
    with office.as_(name).session() as session:
        account = statements.add_account(session, office_id, number=ACCOUNT, bank="BRI")
        return statements.import_file(session, office_id, account, statements.read_file(path), key=uuid4())


def line_ids(office: Office, file: UUID) -> list[UUID]:
    """The lines of a file, the oldest first."""
    rows = office.rows("SELECT id FROM desk.statement_line WHERE file_id = :f ORDER BY no", f=file)
    return [row["id"] for row in rows]
