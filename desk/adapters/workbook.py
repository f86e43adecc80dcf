"""Excel files with Indonesian headings and real dates; a text stays a text, whatever it begins with.

Rows are written as they come and not kept, so a file of a million rows needs no more memory than one of ten.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from desk.errors import Refused, Unavailable

MOST_ROWS = 1_048_575
"""Rows of a sheet, the heading left out; Excel opens no more."""
_LONGEST = 32_767
"""Characters of a cell."""

Cell = str | int | float | datetime | date | None


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of a sheet; `width` counts characters. `format` is Excel's number format for its values."""

    title: str
    width: int
    format: str = ""


def write_workbook(
    path: Path,
    sheet: str,
    columns: Sequence[SheetColumn],
    rows: Iterable[Sequence[Cell]],
    *,
    above: Sequence[str] = (),
) -> int:
    """Writes a sheet and gives the number of its rows; the file appears when it is complete.

    `above` are lines over the headings, the first of them the title.

    Moments are written without their zone: pass them on the office's clock. Raises Refused for more rows than Excel
    opens, Unavailable when the file cannot be written.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import XlsxFileError

    unfinished = path.with_name(f".tulis-{path.name}")
    try:
        book = xlsxwriter.Workbook(
            str(unfinished), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        try:
            count = _fill(book, sheet, columns, rows, above)
        finally:
            book.close()
        unfinished.replace(path)
    except (OSError, XlsxFileError) as trouble:
        raise Unavailable(
            f"Berkas {path.name} tidak dapat disimpan. Tutup berkas itu bila terbuka di Excel, lalu coba lagi."
        ) from trouble
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def _fill(
    book: Any, name: str, columns: Sequence[SheetColumn], rows: Iterable[Sequence[Cell]], above: Sequence[str]
) -> int:
    sheet = book.add_worksheet(name[:31])
    bold = book.add_format({"bold": True, "bottom": 1})
    bold_line = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    plain = book.add_format({"valign": "top"})
    formats = [
        book.add_format({"num_format": column.format, "valign": "top"}) if column.format else plain
        for column in columns
    ]
    title = book.add_format({"bold": True, "font_size": 14})
    for at, words in enumerate(above):
        sheet.write_string(at, 0, words, bold_line if at else title)
    top = len(above) + 1 if above else 0
    sheet.freeze_panes(top + 1, 0)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(top, at, column.title, bold)
    count = 0
    for count, row in enumerate(rows, 1):
        if count > MOST_ROWS:
            raise Refused(
                f"Lebih dari {MOST_ROWS:,} baris tidak muat di satu lembar Excel. Pilih rentang tanggal yang lebih "
                "pendek.".replace(",", ".")
            )
        for at, value in enumerate(row):
            _write(sheet, top + count, at, value, formats[at], wrapped)
    sheet.autofilter(top, 0, top + max(count, 1), len(columns) - 1)
    return count


def _write(sheet: Any, row: int, at: int, value: Cell, form: Any, wrapped: Any) -> None:
    match value:
        case None | "":
            return
        case datetime():
            sheet.write_datetime(row, at, value.replace(tzinfo=None), form)
        case date():
            sheet.write_datetime(row, at, value, form)
        case int() | float():
            sheet.write_number(row, at, value, form)
        case _:
            sheet.write_string(row, at, value[:_LONGEST], wrapped)
