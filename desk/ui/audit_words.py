"""The columns of the auditor's lists, on the screen and in Excel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from desk.rules.audit_words import differences, moment_text, sentence, thing_of
from desk.rules.dates import local_moment
from desk.ui.table import Column, Look

if TYPE_CHECKING:
    from desk.adapters.workbook import Cell, SheetColumn
    from desk.services.audit_story import AuditEntry, CardView

_OPS = {"B": "awal", "I": "tambah", "U": "ubah", "D": "hapus", "T": "kosongkan"}


def told(entry: AuditEntry, zone: str) -> str:
    """What an entry says."""
    return sentence(entry.table, entry.op, entry.key, entry.old, entry.new, zone)


def place(entry: AuditEntry) -> str:
    """From which computer and with which program; a change on the server itself has no address."""
    return " · ".join((entry.address or "di server", entry.program or "program tanpa nama"))


def entry_columns(zone: str) -> tuple[Column[Any], ...]:
    """When, who, what and from where."""
    return (
        Column("Waktu", lambda row: moment_text(row.at, zone), second=lambda row: row.case_number, width=172),
        Column("Siapa", lambda row: row.name, second=lambda row: "" if row.name == row.actor else row.actor,
               look=Look.STRONG, width=130, share=1),
        Column("Apa", lambda row: told(row, zone), wrap=True, width=220, share=5),
        Column("Dari", lambda row: row.address or "di server", second=lambda row: row.program, look=Look.MUTED,
               width=118, share=1, spare=1),
    )  # fmt: skip


def view_columns(zone: str) -> tuple[Column[Any], ...]:
    """Who looked at whose card, and why."""
    return (
        Column("Waktu", lambda row: moment_text(row.at, zone), width=150),
        Column("Siapa", lambda row: row.name, second=lambda row: row.login, look=Look.STRONG, width=130, share=1),
        Column("Milik", lambda row: row.customer, second=lambda row: row.case_number, width=150, share=2),
        Column("Alasan", lambda row: row.reason, wrap=True, width=160, share=3),
        Column("Yang dilihat", lambda row: row.document, look=Look.MUTED, width=110, share=1, spare=1),
    )


def entry_sheet() -> tuple[SheetColumn, ...]:
    """The columns of the Excel file of entries."""
    from desk.adapters.workbook import SheetColumn

    return (
        SheetColumn("Waktu", 18, "dd/mm/yyyy hh:mm:ss"),
        SheetColumn("Siapa", 24),
        SheetColumn("Nama pengguna", 16),
        SheetColumn("Alamat komputer", 16),
        SheetColumn("Program", 18),
        SheetColumn("Permohonan", 22),
        SheetColumn("Tentang", 20),
        SheetColumn("Perbuatan", 11),
        SheetColumn("Apa", 70),
        SheetColumn("Semula", 50),
        SheetColumn("Menjadi", 50),
        SheetColumn("Nomor catatan", 14, "0"),
        SheetColumn("Blok segel", 11, "0"),
    )


def entry_rows(entries: Iterable[AuditEntry], zone: str) -> Iterator[tuple[Cell, ...]]:
    """Entries as rows of the Excel file."""
    for entry in entries:
        changes = differences(entry.table, entry.old, entry.new, zone)
        yield (
            local_moment(entry.at, zone),
            entry.name,
            entry.actor,
            entry.address,
            entry.program,
            entry.case_number,
            thing_of(entry.table),
            _OPS[entry.op],
            told(entry, zone),
            "\n".join(f"{each.column}: {each.old}" for each in changes if each.old),
            "\n".join(f"{each.column}: {each.new}" for each in changes if each.new),
            entry.id,
            entry.sealed,
        )


def view_sheet() -> tuple[SheetColumn, ...]:
    """The columns of the Excel file of views."""
    from desk.adapters.workbook import SheetColumn

    return (
        SheetColumn("Waktu", 18, "dd/mm/yyyy hh:mm:ss"),
        SheetColumn("Siapa", 24),
        SheetColumn("Nama pengguna", 16),
        SheetColumn("Permohonan", 22),
        SheetColumn("Milik", 28),
        SheetColumn("Berkas", 28),
        SheetColumn("Alasan", 60),
    )


def view_rows(views: Iterable[CardView], zone: str) -> Iterator[tuple[Cell, ...]]:
    """Views as rows of the Excel file."""
    for view in views:
        moment = local_moment(view.at, zone)
        yield moment, view.name, view.login, view.case_number, view.customer, view.document, view.reason
