"""What a bank statement is: its lines, what identifies a line, whether the balances fit, what two files hold together.

Amounts and balances are exact, in sen (hundredths of a rupiah), because interest has sen; invoices are whole rupiah.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, time

from desk.errors import Refused
from desk.rules.rupiah import rupiah

SEN = 100
"""Sen in one rupiah."""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One booked movement: credits above zero, debits below; `raw` is the row as the bank wrote it.

    `no` counts the lines of the file from 1. `reversal` marks a booking that takes an earlier one back.
    """

    no: int
    booked_on: date
    amount_sen: int
    description: str
    booked_at: time | None = None
    value_date: date | None = None
    reference: str | None = None
    balance_sen: int | None = None
    counterparty: str = ""
    reversal: bool = False
    raw: str = ""

    @property
    def amount(self) -> int:
        """The amount in whole rupiah, sen cut off."""
        return whole_rupiah(self.amount_sen)


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is no booked movement and that a person may ask about, with the reason: `pending` or `zero`."""

    reason: str
    amount_sen: int
    description: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One bank file, understood: where it comes from, its lines in file order, the balances it states (sen).

    `notices` are sentences for the treasurer; a file with notices may be imported, but is looked at first.
    """

    file: str
    layout: str
    bank: str
    account: str | None
    currency: str
    opening_sen: int | None
    closing_sen: int | None
    lines: tuple[StatementLine, ...]
    skipped: tuple[SkippedRow, ...] = ()
    notices: tuple[str, ...] = ()
    newest_first: bool = False

    @property
    def sum_credit_sen(self) -> int:
        """All money in, in sen."""
        return sum(line.amount_sen for line in self.lines if line.amount_sen > 0)

    @property
    def sum_debit_sen(self) -> int:
        """All money out, in sen, below zero."""
        return sum(line.amount_sen for line in self.lines if line.amount_sen < 0)

    def oldest_first(self) -> tuple[StatementLine, ...]:
        """The lines in the order in which the bank booked them."""
        return tuple(chronological(self.lines, newest_first=self.newest_first))


def whole_rupiah(sen: int) -> int:
    """Give whole rupiah, sen cut off towards zero: 1.234,56 is 1234 and -246,91 is -246."""
    return sen // SEN if sen >= 0 else -(-sen // SEN)


def exact_text(sen: int) -> str:
    """Give the exact amount as plain text with a point: `1234.56`, `-246.91`."""
    return f"{'-' if sen < 0 else ''}{abs(sen) // SEN}.{abs(sen) % SEN:02d}"


def sen_text(sen: int) -> str:
    """Give the amount as screens show it, with sen only where there are some: `Rp1.234` or `Rp1.234,56`."""
    text = rupiah(abs(sen) // SEN) + (f",{abs(sen) % SEN:02d}" if sen % SEN else "")
    return f"-{text}" if sen < 0 else text


def chronological(lines: Iterable[StatementLine], *, newest_first: bool = False) -> list[StatementLine]:
    """Give the lines by day; within a day as the bank booked them, which the order of the file tells."""
    ordered = sorted(lines, key=lambda line: line.no, reverse=newest_first)
    return sorted(ordered, key=lambda line: line.booked_on)


_REVERSAL = re.compile(
    r"\b(reversal|reversed|reverse|retur|koreksi|pembatalan|dibatalkan|batal|salah\s+kredit|return(ed)?|storno)\b",
    re.IGNORECASE,
)


def is_reversal(description: str) -> bool:
    """Whether the bank's own words say that a booking takes another one back (REVERSAL, KOREKSI, RETUR …)."""
    return _REVERSAL.search(description) is not None


# Balances


@dataclass(slots=True)
class BalanceCheck:
    """Adds up a statement while it is read: opening + movements = closing, and the balance of every row.

    A statement may be long, so nothing is kept but sums. Banks list the oldest or the newest line first; both are
    followed, and what fits in one of the two fits.
    """

    count: int = 0
    credit_sen: int = 0
    debit_sen: int = 0
    first_balance_sen: int | None = None
    last_balance_sen: int | None = None
    _first_amount_sen: int = 0
    _last_amount_sen: int = 0
    _first_date: date | None = None
    _last_date: date | None = None
    _all_with_balance: bool = True
    _downward_break: int | None = None
    _upward_break: int | None = None

    def add(self, line: StatementLine) -> None:
        """Count one more line, in file order."""
        if self.count == 0:
            self.first_balance_sen, self._first_amount_sen = line.balance_sen, line.amount_sen
            self._first_date = line.booked_on
        elif self.last_balance_sen is not None and line.balance_sen is not None:
            if self._downward_break is None and self.last_balance_sen + line.amount_sen != line.balance_sen:
                self._downward_break = line.no
            if self._upward_break is None and line.balance_sen + self._last_amount_sen != self.last_balance_sen:
                self._upward_break = line.no
        self.count += 1
        self.last_balance_sen, self._last_amount_sen, self._last_date = (
            line.balance_sen,
            line.amount_sen,
            line.booked_on,
        )
        self._all_with_balance = self._all_with_balance and line.balance_sen is not None
        if line.amount_sen > 0:
            self.credit_sen += line.amount_sen
        else:
            self.debit_sen += line.amount_sen

    @property
    def newest_first(self) -> bool:
        """Whether the file begins with its latest line, told by the dates, or on a single day by the balances."""
        if self._first_date is None or self._last_date is None:
            return False
        if self._first_date != self._last_date:
            return self._first_date > self._last_date
        return self._downward_break is not None and self._upward_break is None

    def opening_from_rows(self) -> int | None:
        """The balance before the oldest line, in sen, as the balance beside that line implies it."""
        balance, amount = (
            (self.last_balance_sen, self._last_amount_sen)
            if self.newest_first
            else (self.first_balance_sen, self._first_amount_sen)
        )
        return None if balance is None or not self.count else balance - amount

    def closing_from_rows(self) -> int | None:
        """The balance beside the newest line, in sen."""
        return self.first_balance_sen if self.newest_first else self.last_balance_sen

    def why_not(self, opening_sen: int | None, closing_sen: int | None) -> str | None:
        """Give None when the balances fit or nothing can be checked, else the sentence that says what does not fit."""
        opening = self.opening_from_rows() if opening_sen is None else opening_sen
        closing = self.closing_from_rows() if closing_sen is None else closing_sen
        movements = self.credit_sen + self.debit_sen
        if opening is not None and closing is not None and opening + movements != closing:
            return (
                f"Saldo tidak cocok: saldo awal {sen_text(opening)} ditambah mutasi {sen_text(movements)} menjadi "
                f"{sen_text(opening + movements)}, sedangkan saldo akhir {sen_text(closing)}. "
                "Berkas mungkin terpotong atau salah dibaca; unduh ulang dari bank. Tidak ada yang diimpor."
            )
        return None

    def is_proven(self, opening_sen: int | None, closing_sen: int | None) -> bool:
        """Whether balances prove what was read, where `why_not` has nothing against it.

        They stand beside every row and follow one another, or the file states an opening and a closing balance (in
        sen) that the movements lead from and to. A single row with its balance proves nothing.
        """
        if not self.count or self.notice() is not None:
            return False
        if self._all_with_balance and (self.count > 1 or opening_sen is not None):
            return True
        return opening_sen is not None and closing_sen is not None and self.credit_sen + self.debit_sen != 0

    def notice(self) -> str | None:
        """Give a sentence when the balances beside the rows are out of step although the sums fit."""
        broken = self._upward_break if self.newest_first else self._downward_break
        if broken is None or not self._all_with_balance:
            return None
        return f"Saldo pada mutasi ke-{broken} tidak melanjutkan saldo sebelumnya. Periksa urutan mutasi."


# The same line twice


@dataclass(frozen=True, slots=True)
class LineKey:
    """What makes a line itself: a hash of all that the bank says of it, and which of its equals it is (from 1).

    The same line in an overlapping file has the same key, so a unique constraint on both fields keeps it once; true
    twins, equal in every field, are number 1 and 2 in each file and both stay.
    """

    digest: str
    twin: int


def line_digest(line: StatementLine, account: str) -> str:
    """Give the hash of what identifies a line on an account, apart from its twins.

    Row numbers and columns like ID, which begin anew in each download, take no part; blanks in the text do not count.
    """
    parts = (
        account,
        line.booked_on.isoformat(),
        line.booked_at.isoformat() if line.booked_at else "",
        str(line.amount_sen),
        re.sub(r"\s+", "", line.description).casefold(),
        re.sub(r"\s+", "", line.counterparty).casefold(),
        line.reference or "",
        "" if line.balance_sen is None else str(line.balance_sen),
    )
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def keyed(lines: Iterable[StatementLine], account: str) -> Iterator[tuple[LineKey, StatementLine]]:
    """Give each line of ONE file with its key; the lines may come from a reader, they are passed on one by one."""
    seen: Counter[bytes] = Counter()
    for line in lines:
        digest = line_digest(line, account)
        short = bytes.fromhex(digest)
        seen[short] += 1
        yield LineKey(digest, seen[short]), line


@dataclass(slots=True)
class Union:
    """Lines of several files of one account, every line once; for equal rows the largest count of any file."""

    account: str
    _found: dict[LineKey, tuple[StatementLine, list[str]]] = field(default_factory=dict)

    def add(self, statement: Statement) -> int:
        """Take in a file and give how many of its lines were new."""
        new = 0
        for key, line in keyed(statement.oldest_first(), self.account):
            if key in self._found:
                self._found[key][1].append(statement.file)
            else:
                self._found[key] = (line, [statement.file])
                new += 1
        return new

    def lines(self) -> list[tuple[StatementLine, tuple[str, ...]]]:
        """The lines by date and time, each with the files that hold it."""
        found = [(line, tuple(files)) for line, files in self._found.values()]
        return sorted(found, key=lambda entry: (entry[0].booked_on, entry[0].booked_at or time.min))


def union(statements: Iterable[Statement]) -> list[tuple[StatementLine, tuple[str, ...]]]:
    """Give every line of overlapping files of one account exactly once, with the names of the files that hold it.

    Refused when the files name different accounts.
    """
    files = list(statements)
    accounts = {statement.account for statement in files if statement.account}
    if len(accounts) > 1:
        raise Refused(
            f"Berkas-berkas ini dari rekening yang berbeda ({', '.join(sorted(accounts))}). "
            "Gabungkan hanya berkas dari satu rekening."
        )
    together = Union(next(iter(accounts), ""))
    for statement in files:
        together.add(statement)
    return together.lines()
