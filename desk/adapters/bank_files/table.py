"""Rows of a table made into statement lines by a profile: the same for CSV files and workbooks.

A row with a day and an amount is a movement. A row that is neither that nor one of the known kinds of other rows
(blank, repeated header, pending, balance, total, text around the table) is refused: nothing is guessed or dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, time

from desk.adapters.bank_files.cells import (
    PENDING_MARKS,
    Amount,
    Cell,
    Moment,
    fold,
    mark_of,
    read_amount,
    read_moment,
    read_time,
    text_of,
)
from desk.adapters.bank_files.profiles import HeaderMatch
from desk.adapters.bank_files.reading import Facts, Row, cut, unreadable
from desk.adapters.bank_files.remarks import sum_columns, take_remark, take_sums
from desk.rules.statement import StatementLine, is_reversal

_AMOUNTS = ("debit", "credit", "amount", "balance", "opening_balance")


@dataclass(slots=True)
class TableReader:
    """Reads one table: `rows` are all rows of the file, of which `match` tells the header."""

    match: HeaderMatch
    facts: Facts
    _count: int = 0
    _debit_sen: int = 0
    _credit_sen: int = 0
    _sum_columns: dict[int, str] = field(default_factory=dict)
    _first_opening_sen: int | None = None
    _last_opening_sen: int | None = None
    _last_row: Row | None = None

    def lines(self, rows: Iterable[Row]) -> Iterator[StatementLine]:
        """Give the movements in file order. Refused for a row that is one and cannot be understood."""
        for index, row in enumerate(rows):
            if not any(text_of(cell) for cell in row.cells):
                continue
            if index < self.match.row_index:
                self._take_preamble(row)
            elif index > self.match.row_index:
                line = self._line(row)
                if line is not None:
                    self._count = line.no
                    self._last_row = row
                    yield line
                elif not row.is_whole and self.facts.closing_sen is None:
                    raise cut(self.facts.file, "baris terakhirnya tidak lengkap.")
        self._finish()

    @property
    def opening_column_sen(self) -> tuple[int | None, int | None]:
        """What the column of opening balances says in the first and in the last line, in sen."""
        return self._first_opening_sen, self._last_opening_sen

    def _take_preamble(self, row: Row) -> None:
        profile = self.match.profile
        if take_remark(row, self.facts, profile.decimals):
            self.facts.has_preamble = True

    def _line(self, row: Row) -> StatementLine | None:
        profile, facts = self.match.profile, self.facts
        if self._sum_columns:
            roles, self._sum_columns = self._sum_columns, {}
            if take_sums(row, roles, facts, profile.decimals):
                return None
        day_text = text_of(self._cell(row, "date"))
        if fold(day_text) in PENDING_MARKS or fold(text_of(self._cell(row, "status"))) in PENDING_MARKS:
            amount = self._amount_or_none(row)
            facts.skip("pending", amount.signed_sen if amount else 0, self._description(row))
            return None
        moment: Moment | None = None
        problem = f"tanggal “{day_text[:30]}” tidak dikenal." if day_text else "tanggalnya kosong."
        try:
            moment = read_moment(self._cell(row, "date"), profile.date_order, self._year_of)
        except ValueError:
            if day_text[:1].isdigit() and facts.period is None and len(day_text) <= 6:
                problem = f"tanggal “{day_text}” tidak bertahun dan berkas tidak menyebut periodenya."
        if moment is None:
            self._take_aside(row, problem)
            return None
        return self._movement(row, moment)

    def _movement(self, row: Row, moment: Moment) -> StatementLine | None:
        facts, single = self.facts, self.match.columns.single
        try:
            amount = self._amount(row)
        except ValueError as trouble:
            raise unreadable(facts.file, row.number, f"nominalnya tidak dikenal ({_short(trouble)}).") from None
        if amount is None or amount.sen == 0:
            if take_remark_of_cells(row, self.match.columns.description, facts, self.match.profile.decimals):
                return None
            self._refuse_short(row)
            if amount is None:
                raise unreadable(facts.file, row.number, "nominalnya kosong.")
            facts.skip("zero", 0, self._description(row))
            return None
        self._refuse_short(row)
        if not row.is_whole and self._ends_in_an_amount(row):
            raise cut(facts.file, "baris terakhirnya berhenti di tengah nominal.")
        balance = self._other_amount(row, "balance")
        opening = self._other_amount(row, "opening_balance")
        if opening is not None:
            self._first_opening_sen = opening if self._count == 0 else self._first_opening_sen
            self._last_opening_sen = opening
        facts.take_account("".join(sign for sign in text_of(self._cell(row, "account")) if sign.isalnum()))
        facts.take_currency(text_of(self._cell(row, "currency")))
        signed = amount.signed_sen
        if signed > 0:
            self._credit_sen += signed
        else:
            self._debit_sen -= signed
        description = self._description(row)
        return StatementLine(
            no=self._count + 1,
            booked_on=moment.day,
            amount_sen=signed,
            description=description,
            booked_at=self._time(row, moment) if "time" in single else moment.time,
            value_date=self._value_date(row),
            reference=text_of(self._cell(row, "reference")) or None,
            balance_sen=balance,
            counterparty=text_of(self._cell(row, "counterparty")),
            reversal=is_reversal(description),
            raw=row.raw,
        )

    def _take_aside(self, row: Row, problem: str) -> None:
        """Take a row without a day: a known kind of remark, or text; one with an amount is a movement gone wrong."""
        if self._is_header(row):
            return
        decimals = self.match.profile.decimals
        roles = sum_columns(row)
        if roles:
            self._sum_columns = roles
            return
        if take_remark(row, self.facts, decimals):
            return
        amount = self._amount_or_none(row)
        if amount is None or amount.sen == 0 or not self._description(row) or self._is_total(row):
            return
        if len(row.cells) <= max(self._needed()):
            return  # a page number or a remark; a last row cut here is told by its missing line end
        raise unreadable(self.facts.file, row.number, problem)

    def _is_total(self, row: Row) -> bool:
        """Whether an unlabelled row repeats the sums of all movements so far."""
        if "debit" not in self.match.columns.single:
            return False
        debit, credit = (self._other_amount(row, role) or 0 for role in ("debit", "credit"))
        return (abs(debit), abs(credit)) == (self._debit_sen, self._credit_sen)

    def _finish(self) -> None:
        facts, last = self.facts, self._last_row
        if last is None:
            return
        if self.match.profile.has_closing and facts.has_preamble and facts.closing_sen is None:
            raise cut(facts.file, "saldo akhir di penutupnya tidak ada.")
        if not last.is_whole and facts.closing_sen is None:
            if len(last.cells) < self.match.columns.width:
                raise cut(facts.file, "baris terakhirnya tidak lengkap.")
            if len(last.cells) - 1 in self.match.columns.description and not last.raw.endswith('"'):
                facts.notices.append(
                    "Baris terakhir tidak diakhiri ganti baris; keterangannya mungkin terpotong. "
                    "Periksa mutasi terakhir."
                )

    def _ends_in_an_amount(self, row: Row) -> bool:
        """Whether a last row without line end stops in an amount that is written shorter than its other amounts."""
        places = {place for role, place in self.match.columns.single.items() if role in _AMOUNTS}
        last = len(row.cells) - 1
        others = [row.cells[place] for place in places if place < last and text_of(row.cells[place])]
        return last in places and any(_has_sen(cell) for cell in others) and not _has_sen(row.cells[last])

    # Cells

    def _cell(self, row: Row, role: str) -> Cell:
        index = self.match.columns.single.get(role)
        return row.cells[index] if index is not None and index < len(row.cells) else None

    def _amount(self, row: Row) -> Amount | None:
        """Give the movement with its sign; None when all its cells are empty; ValueError when one is unreadable."""
        decimals = self.match.profile.decimals
        if "amount" in self.match.columns.single:
            amount = read_amount(self._cell(row, "amount"), decimals)
            sign = text_of(self._cell(row, "sign"))
            if amount is None or not sign:
                return amount
            return Amount(amount.sen, mark_of(sign.split()[0]))
        debit = read_amount(self._cell(row, "debit"), decimals)
        credit = read_amount(self._cell(row, "credit"), decimals)
        if debit is not None and debit.sen and credit is not None and credit.sen:
            raise ValueError("debet dan kredit terisi bersamaan")
        if debit is not None and debit.sen:
            return Amount(debit.sen, -1)
        return credit if credit is not None else debit

    def _amount_or_none(self, row: Row) -> Amount | None:
        try:
            return self._amount(row)
        except ValueError:
            return None

    def _other_amount(self, row: Row, role: str) -> int | None:
        try:
            amount = read_amount(self._cell(row, role), self.match.profile.decimals)
        except ValueError as trouble:
            raise unreadable(self.facts.file, row.number, f"saldonya tidak dikenal ({_short(trouble)}).") from None
        return amount.signed_sen if amount is not None else None

    def _description(self, row: Row) -> str:
        texts = (text_of(row.cells[index]) for index in self.match.columns.description if index < len(row.cells))
        return " | ".join(text for text in texts if text)

    def _time(self, row: Row, moment: Moment) -> time | None:
        return read_time(self._cell(row, "time")) or moment.time

    def _value_date(self, row: Row) -> date | None:
        try:
            moment = read_moment(self._cell(row, "value_date"), self.match.profile.date_order, self._year_of)
        except ValueError:
            return None  # a courtesy of the bank; the booking day decides
        return moment.day if moment else None

    def _year_of(self, day: int, month: int) -> int | None:
        """Give the year of a day without one: the one that puts it into the period the file names."""
        if self.facts.period is None:
            return None
        start, end = self.facts.period
        years = range(start.year, end.year + 1)
        for year in years:
            try:
                if start <= date(year, month, day) <= end:
                    return year
            except ValueError:
                continue
        return start.year if len(years) == 1 else None

    def _is_header(self, row: Row) -> bool:
        folded = _without_tail(tuple(fold(text_of(cell)) for cell in row.cells))
        return folded == _without_tail(self.match.columns.header)

    def _refuse_short(self, row: Row) -> None:
        """Refuse a movement whose row ends before a column that the profile needs."""
        if len(row.cells) <= max(self._needed()):
            raise cut(self.facts.file, f"baris {row.number} tidak lengkap.")

    def _needed(self) -> set[int]:
        """Give the columns that every movement has."""
        columns, profile = self.match.columns, self.match.profile
        needed = {index for role, index in columns.single.items() if role in profile.must or role == "balance"}
        return needed | set(columns.description[: len(profile.description)])


def _has_sen(cell: Cell) -> bool:
    return re.search(r"[.,][0-9]{2}\b", text_of(cell)) is not None


def take_remark_of_cells(row: Row, description: Sequence[int], facts: Facts, decimals: str) -> bool:
    """Note a balance row that carries a day, such as `31/10/2026;SALDO AKHIR;;;1.000,00`; False when it is none."""
    texts = [row.cells[index] for index in description if index < len(row.cells)]
    rest = [cell for index, cell in enumerate(row.cells) if index not in description]
    return take_remark(Row(row.number, [*texts, *rest], row.raw), facts, decimals)


def _without_tail(names: tuple[str, ...]) -> tuple[str, ...]:
    end = len(names)
    while end and not names[end - 1]:
        end -= 1
    return names[:end]


def _short(trouble: ValueError) -> str:
    return str(trouble).removesuffix(" is no amount")[:60]
