"""Printing many kuitansi after each other: one that does not come out is said and does not hold up the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from desk.errors import Refused, Unavailable
from desk.ui.background import Task

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from desk.services.prints import ReceiptToPrint
    from desk.ui.printing import PrintOrder
    from desk.ui.workstation import Workstation


@dataclass(frozen=True, slots=True)
class PrintOutcome:
    """What became of one kuitansi: the mark on its sheet, or why no sheet came out."""

    receipt_id: UUID
    mark: str = ""
    trouble: str = ""


def print_receipts(
    station: Workstation,
    owner: QObject,
    receipts: Sequence[ReceiptToPrint],
    order: PrintOrder,
    *,
    each: Callable[[PrintOutcome], object],
    done: Callable[[None], object],
    failed: Callable[[Refused | Unavailable], object],
    progressed: Callable[[int, int], object],
) -> Task:
    """Print them in this order on the slow lane; the task can be cancelled between two sheets.

    `order` says where and how; its pages are each kuitansi's own. `each` hears the outcome of one, `failed` that the
    server is away: what was not tried then waits, as the list says.
    """

    def work(task: Task) -> None:
        for at, receipt in enumerate(receipts):
            task.progress(at, len(receipts))
            station.background.post(owner, each, _print_one(station, receipt, order))
        task.progress(len(receipts), len(receipts))

    return station.background.run_slow(owner, work, done, failed, progressed)


def _print_one(station: Workstation, receipt: ReceiptToPrint, order: PrintOrder) -> PrintOutcome:
    """One kuitansi: its sheet where it is not made yet, the print written down, the print. Unavailable: no server."""
    from desk.services import prints

    office_id, shop = receipt.office_id, station.paper_shop()
    document_id = receipt.document_id
    try:
        if document_id is None:
            station.link.papers(shop, office_id, receipt.case_id)
            with station.link.reading() as session:
                document_id = prints.sheet_of(session, office_id, receipt.id)
        if document_id is None:
            return PrintOutcome(receipt.id, trouble=f"Lembar {receipt.title} belum jadi. Buka permohonannya.")
        mark = print_paper(station, office_id, receipt.case_id, document_id, receipt.title, order)
    except Refused as refused:
        return PrintOutcome(receipt.id, trouble=str(refused))
    return PrintOutcome(receipt.id, mark)


def print_paper(
    station: Workstation, office_id: int, case_id: UUID, document_id: UUID, title: str, order: PrintOrder
) -> str:
    """Print a stored paper and give its mark; written down before it leaves. Refused: no sheet came out, and why.

    Runs on the slow lane. Unavailable only where the server is away.
    """
    from desk.services import documents, prints
    from desk.ui.printing import carry_out

    shop = station.paper_shop()
    with station.link.reading() as session:
        pdf = documents.content(session, office_id, document_id)
    own = replace(order, first=1, last=shop.page_count(pdf), name=title)
    with station.link.transaction() as session:
        noted = prints.note_print(
            session, office_id, case_id, document_id, printer=own.printer, pages=own.pages, copies=own.copies
        )
    try:
        carry_out(own, shop, pdf, noted.mark, Task(lambda _at, _of: None))
    except (Refused, Unavailable) as trouble:
        with station.link.transaction() as session:
            prints.note_failure(session, office_id, case_id, noted.id, str(trouble))
        raise Refused(str(trouble)) from trouble
    return noted.mark
