"""The cases of one deed for many: their columns on the screen, and the same as an Excel file."""

from __future__ import annotations

from pathlib import Path

from desk.many import ManyRow, Standing
from desk.ui.table import Column, Look
from desk.ui.theme import Tone

TONES = {
    Standing.READY: Tone.PLAIN,
    Standing.SKIPPED: Tone.SOON,
    Standing.DONE: Tone.DONE,
    Standing.REFUSED: Tone.LATE,
    Standing.UNKNOWN: Tone.LATE,
}


def write_rows(path: Path, title: str, rows: tuple[ManyRow, ...]) -> None:
    """What became of each case of a run, as an Excel file."""
    from desk.adapters.workbook import SheetColumn, write_workbook

    columns = (
        SheetColumn("Permohonan", 24),
        SheetColumn("Pengguna data", 32),
        SheetColumn("Instansi", 32),
        SheetColumn("Hasil", 14),
        SheetColumn("Keterangan", 80),
    )
    cells = [
        (row.case.number, row.case.customer_name, row.case.institution, row.standing.value, row.said) for row in rows
    ]
    write_workbook(path, title, columns, cells, above=(title,))


def many_columns() -> tuple[Column[ManyRow], ...]:
    order = list(Standing)
    return (
        Column(
            "Permohonan",
            lambda row: row.case.customer_name,
            lambda row: row.case.customer_name.casefold(),
            second=lambda row: row.case.number,
            look=Look.STRONG,
            width=190,
            share=1,
        ),
        Column(
            "Hasil",
            lambda row: row.standing.value,
            lambda row: order.index(row.standing),
            look=Look.PILL,
            tone=lambda row: TONES[row.standing],
            width=108,
        ),
        Column("Keterangan", lambda row: row.said, wrap=True, width=200, share=3),
    )
