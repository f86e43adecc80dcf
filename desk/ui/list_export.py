"""A list of cases as an Excel file: the queue on show, or the whole archive page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desk.rules.dates import zone_of
from desk.rules.desks import Desk, Queue
from desk.ui import message

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from PySide6.QtWidgets import QWidget
    from sqlalchemy.orm import Session

    from desk.adapters.workbook import Cell, SheetColumn
    from desk.services.queues import QueueRow
    from desk.ui.background import Task, Trouble
    from desk.ui.workstation import Workstation

_PAGE = 1000
Rows = Callable[["Session"], Iterator["QueueRow"]]


class ListExport(QObject):
    """Asks for a name, writes on the slow lane, and says how many cases are in the file."""

    said = Signal(str)

    def __init__(self, workstation: Workstation, parent: QWidget) -> None:
        super().__init__(parent)
        self._workstation, self._window = workstation, parent
        self._task: Task | None = None

    def begin(self, title: str, desk: Desk, queue: Queue | None, *, archive: bool) -> None:
        """Ask where to, then write the list that is on show."""
        from desk.ui.forms.file_field import file_dialog

        name = f"{title} {self._workstation.today():%Y-%m-%d}.xlsx"
        dialog = file_dialog(self._window, "Simpan daftar ke Excel", many=False, save_as=name)
        dialog.setDefaultSuffix("xlsx")
        dialog.fileSelected.connect(lambda chosen: self.save_to(Path(chosen), title, desk, queue, archive=archive))
        dialog.open()

    def save_to(self, path: Path, title: str, desk: Desk, queue: Queue | None, *, archive: bool) -> None:
        """Write the list into a file; one at a time."""
        if self._task is not None:
            self.said.emit("Daftar sebelumnya masih ditulis. Tunggu sampai selesai.")
            return
        offices, zones = self._workstation.office_ids, self._zones()
        reading = self._workstation.link.reading

        def write(task: Task) -> int:
            from desk.adapters.workbook import write_workbook

            with reading() as session:
                found = archived(session, offices) if archive else queued(session, offices, desk, queue)
                return write_workbook(path, title, sheet(), _told(sheet_rows(found, zones), task))

        self._task = self._workstation.background.run_slow(
            self, write, lambda count: self._on_written(path, count), self._on_trouble
        )

    def _zones(self) -> dict[int, ZoneInfo]:
        return {office.id: zone_of(office.zone) for office in self._workstation.offices}

    def _on_written(self, path: Path, count: int) -> None:
        self._task = None
        self.said.emit(f"{count} permohonan disimpan di {path.name}.")

    def _on_trouble(self, trouble: Trouble) -> None:
        self._task = None
        message.show_trouble(self._window, trouble)


def _told(rows: Iterable[list[Cell]], task: Task) -> Iterator[list[Cell]]:
    for at, row in enumerate(rows):
        if not at % _PAGE:
            task.progress(at, 0)  # ends the work when the window has gone
        yield row


def queued(session: Session, offices: tuple[int, ...], desk: Desk, queue: Queue | None) -> Iterator[QueueRow]:
    """The rows of one queue, as the list shows them."""
    from desk.services.queues import queue_rows

    yield from queue_rows(session, offices, desk, queue)


def archived(session: Session, offices: tuple[int, ...]) -> Iterator[QueueRow]:
    """All cases, the last changed first, read page by page."""
    from desk.services.queues import archive_rows

    after = None
    while page := archive_rows(session, offices, after=after, limit=_PAGE):
        yield from page
        after = (page[-1].changed_at, page[-1].id)


def sheet() -> tuple[SheetColumn, ...]:
    """The columns of the file."""
    from desk.adapters.workbook import SheetColumn

    return (
        SheetColumn("Nomor permohonan", 24),
        SheetColumn("Kantor", 8),
        SheetColumn("Pengguna data", 30),
        SheetColumn("Instansi", 34),
        SheetColumn("Kanal", 16),
        SheetColumn("Jatuh tempo", 13, "dd/mm/yyyy"),
        SheetColumn("Mengapa di sini", 46),
        SheetColumn("Permohonan", 24),
        SheetColumn("Uang", 30),
        SheetColumn("Naskah", 30),
        SheetColumn("Data", 30),
        SheetColumn("Dipegang", 18),
        SheetColumn("Terakhir berubah", 18, "dd/mm/yyyy hh:mm"),
    )


def sheet_rows(rows: Iterable[QueueRow], zones: dict[int, ZoneInfo]) -> Iterator[list[Cell]]:
    """One row per case; moments on the clock of its office."""
    for row in rows:
        yield [
            row.number,
            row.office_code,
            row.customer_name,
            row.institution,
            row.channel.label,
            row.due_on,
            row.why,
            row.stage.label,
            row.money.label,
            row.original.label,
            row.data.label,
            row.holder.name if row.holder else "",
            row.changed_at.astimezone(zones[row.office_id]),
        ]
