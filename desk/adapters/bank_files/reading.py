"""What every reader of bank files shares: rows, the facts a file states about itself, progress and cancelling."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from desk.adapters.bank_files.cells import Cell
from desk.errors import Refused
from desk.rules.statement import SkippedRow

Progress = Callable[[int, int], None]
"""Hears how much of how much is done (bytes or rows)."""

Cancelled = Callable[[], bool]
"""Asked now and then; True ends the reading."""

_KEPT_SKIPPED_ROWS = 1_000
RUPIAH_NAMES = frozenset({"idr", "rp", "rupiah"})


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: where it stands in the file, its cells, itself as the bank wrote it.

    `is_whole` is False for a last line without line end, which is how a file looks whose end is missing.
    """

    number: int
    cells: Sequence[Cell]
    raw: str
    is_whole: bool = True


@dataclass(slots=True)
class Facts:
    """What a file says about itself; filled while it is read, complete when its last line was read. Amounts in sen."""

    file: str
    layout: str
    bank: str
    account: str | None = None
    currency: str = "IDR"
    opening_sen: int | None = None
    closing_sen: int | None = None
    total_debit_sen: int | None = None
    total_credit_sen: int | None = None
    period: tuple[date, date] | None = None
    has_preamble: bool = False
    skipped: list[SkippedRow] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def take_account(self, account: str) -> None:
        """Note the account; Refused when the file holds lines of more than one."""
        if not account:
            return
        if self.account is not None and self.account != account:
            raise Refused(
                f"Berkas {self.file} memuat lebih dari satu rekening ({self.account} dan {account}). "
                "Unduh mutasi per rekening. Tidak ada yang diimpor."
            )
        self.account = account

    def take_currency(self, currency: str) -> None:
        """Check the currency; Refused unless it is rupiah."""
        name = currency.strip().strip(".").casefold()
        if name and name not in RUPIAH_NAMES:
            raise Refused(
                f"Berkas {self.file} adalah mutasi rekening {currency.strip()[:10]}. "
                "Yang diimpor hanya rekening rupiah. Tidak ada yang diimpor."
            )

    def skip(self, reason: str, amount_sen: int, description: str) -> None:
        """Note a row that is left out; of very many only the first are kept."""
        if len(self.skipped) < _KEPT_SKIPPED_ROWS:
            self.skipped.append(SkippedRow(reason, amount_sen, description))


@dataclass(slots=True)
class Watch:
    """Tells how far the reading is and ends it when the person cancels. Cheap enough to be called for every row."""

    progress: Progress | None = None
    cancelled: Cancelled | None = None
    total: int = 0
    _calls: int = 0

    def at(self, done: int | Callable[[], int]) -> None:
        """Note that `done` of the total is read; every 500th call is passed on. Refused when cancelled."""
        self._calls += 1
        if self._calls % 500 == 1:
            self.tell(done() if callable(done) else done)

    def tell(self, done: int) -> None:
        """Pass on how much is done. Refused when cancelled."""
        if self.cancelled is not None and self.cancelled():
            raise Refused("Pembacaan berkas bank dihentikan. Tidak ada yang diimpor.")
        if self.progress is not None:
            self.progress(min(done, self.total), self.total)


def cut(file: str, detail: str) -> Refused:
    """The refusal for a file whose end or middle is missing."""
    return Refused(f"Berkas {file} tampaknya terpotong: {detail} Unduh ulang dari bank. Tidak ada yang diimpor.")


def unreadable(file: str, row: int, detail: str) -> Refused:
    """The refusal for a row that is a movement but cannot be understood."""
    return Refused(
        f"Berkas {file} baris {row} tidak terbaca: {detail} Periksa baris itu atau profil banknya; "
        "mungkin berkas terpotong. Tidak ada yang diimpor."
    )
