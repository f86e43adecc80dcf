"""The supervisor's lists as Excel files, with real dates and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from desk.adapters.workbook import Cell
    from desk.services.oversight import Oversight


def write_list(path: Path, title: str, found: Oversight, tab: int) -> None:
    """Write one of the three lists: late, load, requests (in the order of the tabs)."""
    from desk.adapters.workbook import SheetColumn, write_workbook

    columns: tuple[SheetColumn, ...]
    rows: list[tuple[Cell, ...]]
    if tab == 0:
        columns = (
            SheetColumn("Permohonan", 24), SheetColumn("Pengguna data", 32),
            SheetColumn("Jatuh tempo", 13, "dd/mm/yyyy"),
            SheetColumn("Lewat (hari)", 13, "0"), SheetColumn("Janji", 18), SheetColumn("Mengapa", 60),
            SheetColumn("Dipegang", 24),
        )  # fmt: skip
        rows = [
            (row.number, row.customer_name, row.due_on, row.days, row.due_of.label if row.due_of else "", row.why,
             row.holder)
            for row in found.late
        ]  # fmt: skip
    elif tab == 1:
        columns = (
            SheetColumn("Kantor", 9), SheetColumn("Nama", 32), SheetColumn("Menggantikan", 28),
            SheetColumn("Dipegang", 11, "0"), SheetColumn("Lewat", 9, "0"), SheetColumn("Tindakan 7 hari", 16, "0"),
        )  # fmt: skip
        rows = [
            (row.office_code, row.name, row.stands_in_for, row.held, row.held_late, row.deeds) for row in found.load
        ]
    else:
        columns = (
            SheetColumn("Permintaan", 24), SheetColumn("Permohonan", 24), SheetColumn("Pengguna data", 32),
            SheetColumn("Keterangan", 60), SheetColumn("Dimohon oleh", 28),
        )  # fmt: skip
        rows = [(row.what, row.number, row.customer_name, row.why, row.asked_by) for row in found.requests]
    write_workbook(path, title, columns, rows, above=(title,))
