"""How many records and variables a data file holds, where the program can read it: CSV, XLSX, DBF and GeoPackage.

Other formats (SAV, DTA, archives) are counted by whoever made the file, with the program that made it.
"""

from __future__ import annotations

import csv
import io
import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from desk.errors import Refused

Tell = Callable[[int], None]
"""Bytes read so far; may raise to stop the work."""

_WORKBOOK_LIMIT = 64 * 1024 * 1024
_UNPACKED_LIMIT = 400 * 1024 * 1024
_DELIMITERS = ";,\t|"
_OFTEN = 5_000
"""Rows between two words about the progress."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Records and variables of one table; `names` are its variables as the file calls them, empty where it does not."""

    rows: int
    variables: int
    names: tuple[str, ...] = ()


def count(path: Path, tell: Tell) -> Counted | None:
    """What the file holds; None where its format is not one that is read here, or it is damaged. Raises OSError."""
    reader = _READERS.get(path.suffix.casefold())
    if reader is None:
        return None
    try:
        return reader(path, tell)
    except (csv.Error, sqlite3.Error, struct.error, Refused, ValueError):
        return None


def _csv(path: Path, tell: Tell) -> Counted | None:
    with path.open("rb") as raw, io.TextIOWrapper(raw, "utf-8-sig", errors="replace", newline="") as text:
        head = text.readline()
        if not head.strip() or "\x00" in head:
            return None
        delimiter = max(_DELIMITERS, key=head.count)
        names = tuple(name.strip() for name in next(csv.reader([head], delimiter=delimiter)))
        rows = 0
        for row in csv.reader(text, delimiter=delimiter):
            rows += bool(row)
            if rows % _OFTEN == 0:
                tell(raw.tell())
        return Counted(rows, len(names), names)


def _xlsx(path: Path, tell: Tell) -> Counted | None:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    from desk.adapters.archives import list_zip_safely

    if path.stat().st_size > _WORKBOOK_LIMIT:
        return None
    list_zip_safely(path, total_limit=_UNPACKED_LIMIT)
    try:
        with closing(CalamineWorkbook.from_path(path)) as book:
            rows: Iterator[list[object]] = iter(book.get_sheet_by_index(0).to_python(skip_empty_area=True))  # type: ignore[arg-type]
    except (CalamineError, PasswordError):
        return None
    tell(path.stat().st_size)
    names = tuple(str(name).strip() for name in next(rows, []) if str(name).strip())
    return Counted(sum(1 for row in rows if any(value != "" for value in row)), len(names), names) if names else None


def _dbf(path: Path, _tell: Tell) -> Counted | None:
    with path.open("rb") as stream:
        _, rows, header = struct.unpack("<4sIH", stream.read(10))
        stream.seek(32)
        fields = stream.read(max(header - 33, 0))
    names = tuple(
        fields[at : at + 11].partition(b"\0")[0].decode("ascii", "replace") for at in range(0, len(fields) - 31, 32)
    )
    return Counted(rows, len(names), names) if names else None


def _gpkg(path: Path, _tell: Tell) -> Counted | None:
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as base:
        layers = base.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'").fetchall()
        if len(layers) != 1:
            return None
        layer = str(layers[0][0]).replace('"', '""')
        geometry = {row[0] for row in base.execute("SELECT column_name FROM gpkg_geometry_columns")}
        columns = base.execute(f'PRAGMA table_info("{layer}")').fetchall()
        names = tuple(row[1] for row in columns if row[1] not in geometry and not row[5])
        rows = base.execute(f'SELECT count(*) FROM "{layer}"').fetchone()[0]  # noqa: S608 - quoted above
    return Counted(rows, len(names), names)


_READERS: dict[str, Callable[[Path, Tell], Counted | None]] = {
    ".csv": _csv,
    ".tsv": _csv,
    ".xlsx": _xlsx,
    ".dbf": _dbf,
    ".gpkg": _gpkg,
}
