"""A bank file opened as what its content says it is, and read line by line with its balances checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from desk.adapters.bank_files.camt import CamtReader
from desk.adapters.bank_files.detect import (
    Family,
    Nature,
    find_text_table,
    nature_of,
    recognise_text_table,
    text_head,
    unknown_layout,
)
from desk.adapters.bank_files.profiles import HeaderMatch, Profile, shipped_profiles
from desk.adapters.bank_files.reading import Cancelled, Facts, Progress, Row, Watch
from desk.adapters.bank_files.swift import SwiftReader
from desk.adapters.bank_files.table import TableReader
from desk.adapters.bank_files.text import csv_rows, open_lines
from desk.adapters.bank_files.workbook import Workbook
from desk.errors import Refused
from desk.rules.statement import BalanceCheck, Statement, StatementLine


@dataclass(slots=True)
class BankFile:
    """A bank file that is known for what it is; `lines` reads it once, `summary` says what it stated about itself.

    `layout` names how it is laid out (`bri-cms`, `mt940` …), `title` says the same to a person.
    """

    path: Path
    family: Family
    title: str
    _facts: Facts
    _watch: Watch
    _read: Callable[[], Iterator[StatementLine]]
    _table: TableReader | None = None
    _workbook: Workbook | None = None
    _check: BalanceCheck = field(default_factory=BalanceCheck)
    _is_read: bool = False
    _by_words: bool = False
    """Recognised by the words of its header alone: its balances must prove it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def layout(self) -> str:
        """The layout of the file."""
        return self._facts.layout

    def close(self) -> None:
        """Let go of the file."""
        if self._workbook is not None:
            self._workbook.close()

    def lines(self) -> Iterator[StatementLine]:
        """Give the booked movements in file order, one by one. Refused for a file that is cut or does not add up."""
        if not self._by_words:
            yield from self._lines()
            return
        try:
            yield from self._lines()
        except Refused as refused:
            raise self._doubt(str(refused)) from None
        if not self._check.is_proven(self._facts.opening_sen, self._facts.closing_sen):
            raise unknown_layout(
                self.path,
                f"{self.title}, tetapi tidak ada saldo berjalan di setiap mutasi, atau saldo awal dan akhir, "
                "yang membuktikannya",
            )

    def _doubt(self, why: str) -> Refused:
        """The refusal for a table that was recognised and does not add up: the file is cut, or a column is another."""
        if "belum dikenal" in why or "dihentikan" in why:
            return Refused(why)
        return Refused(
            f"{why} Berkas ini tidak mempunyai profil; {self.title}. Bila itu keliru, jelaskan susunan kolomnya di "
            "jendela impor."
        )

    def _lines(self) -> Iterator[StatementLine]:
        for line in self._read():
            self._check.add(line)
            yield line
        facts, check = self._facts, self._check
        if check.count == 0:
            raise Refused(
                f"Berkas {self.path.name} tidak memuat mutasi. Periksa periode unduhannya. Tidak ada yang diimpor."
            )
        if self._table is not None and facts.opening_sen is None:
            first, last = self._table.opening_column_sen
            facts.opening_sen = last if check.newest_first else first
        problem = check.why_not(facts.opening_sen, facts.closing_sen) or self._why_not_totals()
        if problem:
            raise Refused(f"Berkas {self.path.name}: {problem}")
        if facts.closing_sen is None:
            facts.closing_sen = check.closing_from_rows()
        if notice := check.notice():
            facts.notices.append(notice)
        self._watch.tell(self._watch.total)
        self._is_read = True

    def summary(self, lines: Iterable[StatementLine] = ()) -> Statement:
        """Give what the file states, after `lines` was read to its end; the statement holds the lines handed over."""
        if not self._is_read:
            raise ValueError("read the lines first: a file says its closing balance at its end")
        facts = self._facts
        return Statement(
            file=facts.file,
            layout=facts.layout,
            bank=facts.bank,
            account=facts.account,
            currency=facts.currency,
            opening_sen=facts.opening_sen,
            closing_sen=facts.closing_sen,
            lines=tuple(lines),
            skipped=tuple(facts.skipped),
            notices=tuple(facts.notices),
            newest_first=self._check.newest_first,
        )

    def _why_not_totals(self) -> str | None:
        """Where a file states no balance but sums, they must be those of its lines."""
        facts, check = self._facts, self._check
        if facts.opening_sen is not None or check.last_balance_sen is not None:
            return None
        for stated, found, name in (
            (facts.total_credit_sen, check.credit_sen, "kredit"),
            (facts.total_debit_sen, -check.debit_sen, "debet"),
        ):
            if stated is not None and stated != found:
                return (
                    f"jumlah {name} di penutup berkas tidak sama dengan jumlah mutasinya. "
                    "Berkas mungkin terpotong; unduh ulang dari bank. Tidak ada yang diimpor."
                )
        return None


def open_bank_file(
    path: Path,
    *,
    profiles: Sequence[Profile] = (),
    profile: Profile | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> BankFile:
    """Give the file as what its content says it is, ready to be read.

    `profiles` are the office's own and come before the shipped ones; `profile` reads the file by that one alone.
    `progress(done, total)` hears about every 500th row, `cancelled()` ends the reading. Refused for a file that is
    empty, foreign, wrongly named or in a layout nobody has described; Unavailable when it cannot be opened.
    """
    nature = nature_of(path)
    known = [profile] if profile else [*profiles, *shipped_profiles()]
    watch = Watch(progress, cancelled)
    if nature.family is Family.WORKBOOK:
        return _open_workbook(path, known, watch)
    if nature.family is Family.CSV:
        return _open_csv(path, nature, known, watch)
    facts = Facts(path.name, nature.layout or nature.family.key, "")
    if nature.family is Family.CAMT:
        return BankFile(
            path, nature.family, nature.family.label, facts, watch, lambda: CamtReader(facts).lines(path, watch)
        )

    def read() -> Iterator[StatementLine]:
        with open_lines(path, nature.encoding, watch) as texts:
            yield from SwiftReader(facts).lines(texts, watch)

    return BankFile(path, nature.family, nature.family.label, facts, watch, read)


def _open_csv(path: Path, nature: Nature, known: Sequence[Profile], watch: Watch) -> BankFile:
    head = text_head(path, nature.encoding)
    found = find_text_table(head, known, path.name)
    match: HeaderMatch | None
    if found is not None:
        delimiter, match = found.delimiter, found.match
    else:
        delimiter, seen = recognise_text_table(head, path.name)
        match = seen.match
        if match is None:
            raise unknown_layout(path, seen.problem)
    profile = match.profile
    facts = Facts(path.name, profile.id, profile.bank)
    table = TableReader(match, facts)

    def read() -> Iterator[StatementLine]:
        with open_lines(path, nature.encoding, watch) as texts:
            yield from table.lines(csv_rows(texts, delimiter, path.name))

    return BankFile(path, Family.CSV, profile.title, facts, watch, read, table, _by_words=found is None)


def _open_workbook(path: Path, known: Sequence[Profile], watch: Watch) -> BankFile:
    workbook = Workbook(path)
    found = workbook.find(known)
    match: HeaderMatch | None
    if found is not None:
        sheet, match = found
    else:
        sheet, seen = workbook.recognise()
        match = seen.match
        if match is None:
            workbook.close()
            raise unknown_layout(path, seen.problem)
    facts = Facts(path.name, match.profile.id, match.profile.bank)
    table = TableReader(match, facts)

    def read() -> Iterator[StatementLine]:
        rows: Iterator[Row] = workbook.rows(sheet, watch)
        yield from table.lines(rows)

    return BankFile(
        path, Family.WORKBOOK, match.profile.title, facts, watch, read, table, workbook, _by_words=found is None
    )


def read_statement(
    path: Path,
    *,
    profiles: Sequence[Profile] = (),
    profile: Profile | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Statement:
    """Give the whole statement of a file at once; see `open_bank_file` for the rest."""
    with open_bank_file(path, profiles=profiles, profile=profile, progress=progress, cancelled=cancelled) as bank_file:
        lines = list(bank_file.lines())
        return bank_file.summary(lines)
