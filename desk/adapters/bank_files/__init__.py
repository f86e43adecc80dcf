"""Bank files read into statement lines: CSV, workbooks, MT940 and CAMT.053, by profiles that are data.

    statement = read_statement(path)                      # everything at once
    with open_bank_file(path) as bank_file:               # 200,000 lines, one by one
        for line in bank_file.lines(): ...
        statement = bank_file.summary()

A cut, empty, wrongly named or foreign file raises `Refused` with its sentence, at the latest when its last line has been
read: whoever stores lines as they come does so in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from desk.adapters.bank_files.camt import CamtReader
from desk.adapters.bank_files.cells import text_of
from desk.adapters.bank_files.detect import (
    Family,
    Nature,
    find_text_table,
    head_rows,
    likely_delimiter,
    nature_of,
    text_head,
    unknown_layout,
)
from desk.adapters.bank_files.profiles import (
    HeaderMatch,
    Profile,
    draft_profile,
    profile_from_file,
    profile_from_toml,
    profile_to_toml,
    shipped_profiles,
    why_not_profile,
)
from desk.adapters.bank_files.reading import Cancelled, Facts, Progress, Watch
from desk.adapters.bank_files.swift import SwiftReader
from desk.adapters.bank_files.table import TableReader
from desk.adapters.bank_files.text import csv_rows, open_lines
from desk.adapters.bank_files.workbook import Workbook
from desk.errors import Refused
from desk.rules.statement import BalanceCheck, Statement, StatementLine

__all__ = [
    "BankFile",
    "Family",
    "Preview",
    "Profile",
    "open_bank_file",
    "preview",
    "profile_from_file",
    "profile_from_toml",
    "profile_to_toml",
    "read_statement",
    "shipped_profiles",
    "why_not_profile",
]


@dataclass(slots=True)
class BankFile:
    """A bank file that is known for what it is; `lines` reads it once, `summary` says what it stated about itself."""

    path: Path
    family: Family
    layout: str
    title: str
    _nature: Nature
    _facts: Facts
    _watch: Watch
    _profiles: list[Profile]
    _check: BalanceCheck = field(default_factory=BalanceCheck)
    _workbook: Workbook | None = None
    _sheet: str = ""
    _match: HeaderMatch | None = None
    _delimiter: str = ""
    _is_read: bool = False

    def __enter__(self) -> BankFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        if self._workbook is not None:
            self._workbook.__exit__()
            self._workbook = None

    def lines(self) -> Iterator[StatementLine]:
        """Give the booked movements in file order, one by one. Refused for a file that is cut or does not add up."""
        table: TableReader | None = None
        if self._match is not None:
            table = TableReader(self._match, self._facts)
        for line in self._raw_lines(table):
            self._check.add(line)
            yield line
        if self._check.count == 0:
            raise Refused(
                f"Berkas {self.path.name} tidak memuat mutasi. Periksa periode unduhannya. Tidak ada yang diimpor."
            )
        facts, check = self._facts, self._check
        if table is not None:
            first, last = table.opening_column_sen
            stated = last if check.newest_first else first
            facts.opening_sen = stated if facts.opening_sen is None else facts.opening_sen
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

    def _raw_lines(self, table: TableReader | None) -> Iterator[StatementLine]:
        if self.family is Family.CAMT:
            yield from CamtReader(self._facts).lines(self.path, self._watch)
        elif self.family is Family.WORKBOOK and self._workbook is not None and table is not None:
            yield from table.lines(self._workbook.rows(self._sheet, self._watch))
        else:
            with open_lines(self.path, self._nature.encoding, self._watch) as texts:
                if table is None:
                    yield from SwiftReader(self._facts).lines(texts, self._watch)
                else:
                    yield from table.lines(csv_rows(texts, self._delimiter, self.path.name))

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
    `progress(done, total)` hears about every 500th row, `cancelled()` ends the reading. Refused for a file that is empty,
    foreign, wrongly named or in a layout nobody has described; Unavailable when it cannot be opened.
    """
    nature = nature_of(path)
    known = [profile] if profile else [*profiles, *shipped_profiles()]
    facts = Facts(path.name, nature.layout or nature.family.key, "")
    bank_file = BankFile(
        path, nature.family, facts.layout, nature.family.label, nature, facts, Watch(progress, cancelled), known
    )
    if nature.family is Family.CSV:
        table = find_text_table(text_head(path, nature.encoding), known, path.name)
        if table is None or table.match is None:
            raise unknown_layout(path)
        bank_file._delimiter, bank_file._match = table.delimiter, table.match
    elif nature.family is Family.WORKBOOK:
        bank_file._workbook = Workbook(path)
        found = bank_file._workbook.find(known)
        if found is None:
            bank_file.close()
            raise unknown_layout(path)
        bank_file._sheet, bank_file._match = found
    if bank_file._match is not None:
        chosen = bank_file._match.profile
        bank_file.layout = facts.layout = chosen.id
        bank_file.title, facts.bank = chosen.title, chosen.bank
    return bank_file


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


# Describing a new layout


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a table as they stand in the file, and the profile that reads them or a draft for one.

    `is_known` tells a profile that exists from a draft; `profile` is None when the columns give no hint.
    """

    rows: tuple[tuple[str, ...], ...]
    profile: Profile | None
    is_known: bool


def preview(path: Path, profiles: Sequence[Profile] = (), limit: int = 30) -> Preview:
    """Give what a person needs to describe a layout: the rows, and the profile or a draft. Refused as for opening."""
    nature = nature_of(path)
    known = [*profiles, *shipped_profiles()]
    if nature.family is Family.CSV:
        head = text_head(path, nature.encoding)
        found = find_text_table(head, known, path.name)
        delimiter = found.delimiter if found else likely_delimiter(head)
        rows: list[list[object]] = [list(row) for row in head_rows(head, delimiter, path.name)]
        match = found.match if found else None
    elif nature.family is Family.WORKBOOK:
        with Workbook(path) as workbook:
            sheet = workbook.find(known)
            heads = workbook.head()
            match = sheet[1] if sheet else None
            chosen = sheet[0] if sheet else max(heads, key=lambda entry: len(entry[1]))[0]
            rows = dict(heads)[chosen]
    else:
        raise Refused(f"Berkas {path.name} adalah {nature.family.label}; berkas itu dibaca tanpa profil.")
    shown = tuple(tuple(text_of(cell) for cell in row) for row in rows[:limit])
    return Preview(shown, match.profile if match else draft_profile(rows), match is not None)
