"""A bank file of the office's own account, made for a test: one line per movement, with balances that fit."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID, uuid4

import desk.demo.bank_file
from desk.demo.bank_file import Movement
from desk.services import statements
from tests.office import PALEMBANG, Office

ACCOUNT = "009901000123304"


def bank_file(path: Path, movements: Iterable[Movement], opening: int = 1_000_000, *, first: int = 1) -> Path:
    """A file of the office's own account; `first` is the place of its first movement in the life of the account."""
    return desk.demo.bank_file.bank_file(path, movements, opening, account=ACCOUNT, first=first)


def bring(office: Office, path: Path, name: str = "budi", office_id: int = PALEMBANG) -> statements.Imported:
    """The treasurer imports a file."""
    with office.as_(name).session() as session:
        account = statements.add_account(session, office_id, number=ACCOUNT, bank="BRI")
        return statements.import_file(session, office_id, account, statements.read_file(path), key=uuid4())


def line_ids(office: Office, file: UUID) -> list[UUID]:
    """The lines of a file, the oldest first."""
    rows = office.rows("SELECT id FROM desk.statement_line WHERE file_id = :f ORDER BY no", f=file)
    return [row["id"] for row in rows]
