"""Printing what is no paper of a case: labels, envelopes, reports; made when asked for, printed like other papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desk.ui import message

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.adapters.paper.work import Paper
    from desk.services.binders import BinderRow
    from desk.services.labels import Made
    from desk.ui.background import Task, Trouble
    from desk.ui.printing import PrintOrder
    from desk.ui.workstation import Workstation

Ask = Callable[["Session"], "Made"]
"""Reads template and values on the database lane."""


class SheetPrinter:
    """Makes sheets for one owner and asks where they go; `said` hears what was printed or saved."""

    def __init__(self, owner: QWidget, workstation: Workstation, said: Callable[[str], object]) -> None:
        self._owner = owner
        self._workstation = workstation
        self._said = said

    def make(self, ask: Ask, optional: Sequence[str], made: Callable[[Paper], object]) -> None:
        """Read the values, lay the sheets out in the paper process, and give them to `made`."""
        station = self._workstation

        def lay_out(found: Made) -> None:
            shop = station.paper_shop
            station.background.run_slow(
                self._owner,
                lambda _task: shop().make(found.template, found.context, optional=tuple(optional)),
                made,
                self._failed,
            )

        station.background.run(self._owner, ask, lay_out, self._failed)

    def print(
        self,
        ask: Ask,
        optional: Sequence[str],
        title: str,
        kind: str,
        printed: Callable[[], object] | None = None,
    ) -> None:
        """Make the sheets and ask for the printer; `kind` is what the choice is remembered by."""

        def choose(paper: Paper) -> None:
            from desk.ui.printing import PrintDialog

            kept = self._workstation.printers

            def ordered(order: PrintOrder) -> None:
                kept.remember(kind, order)
                self.send(order, paper.pdf, title, printed)

            PrintDialog(self._owner, title, paper.pages, ordered, remembered=kept.of(kind)).show()

        self.make(ask, optional, choose)

    def send(self, order: PrintOrder, pdf: bytes, title: str, printed: Callable[[], object] | None = None) -> None:
        """Print pages on the slow lane and say so."""
        shop = self._workstation.paper_shop

        def work(task: Task) -> None:
            from desk.ui.printing import carry_out

            carry_out(order, shop(), pdf, "", task)

        def done(_none: None) -> None:
            where = f"disimpan sebagai {order.file.name}" if order.file else f"dicetak di {order.printer}"
            self._said(f"{title} {where}.")
            if printed is not None:
                printed()

        self._workstation.background.run_slow(self._owner, work, done, self._failed)

    def print_binder_labels(self, rows: Sequence[BinderRow], noted: Callable[[], object]) -> None:
        """Print the labels of binders of one office, write down that they have one, then call `noted`."""
        from desk.rules.labels import BINDER_LABEL, OPTIONAL

        office_id, station = rows[0].office_id, self._workstation
        today = station.today(office_id)

        def ask(session: Session) -> Made:
            from desk.services import labels

            return labels.binder_labels(session, office_id, rows, today)

        def note() -> None:
            from desk.services import binders

            with station.link.transaction() as session:
                for row in rows:
                    binders.note_label(session, office_id, row.id)

        def printed() -> None:
            station.background.run_work(self._owner, note, lambda _none: noted(), self._failed)

        names = ", ".join(row.name for row in rows)
        self.print(ask, OPTIONAL, f"Label map {names}", BINDER_LABEL, printed)

    def save_word(self, ask: Ask, optional: Sequence[str], title: str) -> None:
        """Make the sheets and save them as a Word file where the person says."""

        def choose(paper: Paper) -> None:
            from desk.ui.forms.file_field import file_dialog

            name = f"{title}.docx".replace("/", "-")
            dialog = file_dialog(self._owner, "Simpan sebagai Word", many=False, save_as=name)
            dialog.fileSelected.connect(lambda chosen: self._write(Path(chosen), paper.docx))
            dialog.open()

        self.make(ask, optional, choose)

    def _write(self, path: Path, data: bytes) -> None:
        from desk.adapters.files import write_atomically

        self._workstation.background.run_slow(
            self._owner,
            lambda _task: write_atomically(path, data),
            lambda _none: self._said(f"Tersimpan: {path.name}."),
            self._failed,
        )

    def _failed(self, trouble: Trouble) -> None:
        message.show_trouble(self._owner, trouble)
