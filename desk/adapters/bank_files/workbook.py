"""Workbooks of banks (XLSX, XLS, XLSB, ODS): the rows of their sheets through python-calamine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Self

from desk.adapters.archives import list_zip_safely
from desk.adapters.bank_files.cells import text_of
from desk.adapters.bank_files.profiles import HeaderMatch, Profile, find_header
from desk.adapters.bank_files.reading import Row, Watch
from desk.adapters.bank_files.recognise import NOTHING, Recognised, recognise
from desk.errors import Refused

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

WORKBOOK_LIMIT = 64 * 1024 * 1024
UNPACKED_LIMIT = 400 * 1024 * 1024
HEAD_ROWS = 120
"""Rows at the top of a sheet among which the header is looked for."""


class Workbook:
    """An opened workbook; `find` chooses the sheet, `rows` reads it. Close it, or use it as a context."""

    def __init__(self, path: Path) -> None:
        from python_calamine import CalamineError, PasswordError
        from python_calamine import CalamineWorkbook as Calamine

        self.path = path
        if path.stat().st_size > WORKBOOK_LIMIT:
            raise Refused(f"Berkas {path.name} terlalu besar untuk lembar kerja. Unduh sebagai CSV.")
        with path.open("rb") as stream:
            is_zip = stream.read(2) == b"PK"
        if is_zip:
            try:
                list_zip_safely(path, total_limit=UNPACKED_LIMIT)
            except Refused:
                raise self._broken() from None
        try:
            self._book: CalamineWorkbook = Calamine.from_path(path)
        except PasswordError:
            raise Refused(
                f"Berkas {path.name} terkunci kata sandi. Buka di Excel, simpan tanpa kata sandi, lalu pilih lagi."
            ) from None
        except (CalamineError, OSError):
            raise self._broken() from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._book.close()

    def head(self) -> list[tuple[str, list[list[object]]]]:
        """Give the first rows of each sheet, with its name."""
        return [(name, [list(row) for row in islice(self._iter_rows(name), HEAD_ROWS)]) for name in self._names()]

    def find(self, profiles: Sequence[Profile]) -> tuple[str, HeaderMatch] | None:
        """Give the sheet whose header a profile understands best, None when no sheet has one."""
        best: tuple[str, HeaderMatch] | None = None
        for name, rows in self.head():
            match = find_header(rows, profiles)
            if match is not None and (best is None or match.columns.known > best[1].columns.known):
                best = name, match
        return best

    def recognise(self) -> tuple[str, Recognised]:
        """Give the sheet whose header is understood best where no profile knows any; two equal ones are a doubt."""
        found = sorted(
            ((name, recognise(rows)) for name, rows in self.head()),
            key=lambda each: (each[1].match is not None, each[1].weight),
            reverse=True,
        )
        if len(found) > 1 and found[1][1].match is not None:
            names = " dan ".join(f"“{name}”" for name, _ in found[:2])
            return found[0][0], Recognised(found[0][1].weight, problem=f"dua lembar memuat mutasi: {names}")
        return found[0] if found else ("", NOTHING)

    def rows(self, name: str, watch: Watch) -> Iterator[Row]:
        """Give the rows of a sheet; numbers are those Excel shows."""
        sheet = self._sheet(name)
        watch.total = sheet.total_height
        for index, cells in enumerate(sheet.iter_rows()):
            watch.at(index)
            yield Row(index + 1, cells, "\t".join(text_of(cell) for cell in cells))

    def _names(self) -> list[str]:
        return list(self._book.sheet_names)

    def _sheet(self, name: str) -> CalamineSheet:
        from python_calamine import CalamineError

        try:
            return self._book.get_sheet_by_name(name)
        except CalamineError:
            raise self._broken() from None

    def _iter_rows(self, name: str) -> Iterator[Sequence[object]]:
        return self._sheet(name).iter_rows()

    def _broken(self) -> Refused:
        return Refused(
            f"Berkas {self.path.name} rusak atau terpotong: lembar kerjanya tidak dapat dibuka. "
            "Unduh ulang dari bank. Tidak ada yang diimpor."
        )
