"""A sheet about the office as a file: an Excel file of its rows, or its Word template filled, as Word or PDF."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from desk.ui import message

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget
    from sqlalchemy.orm import Session

    from desk.ui.workstation import Workstation

Filled = Callable[["Session"], tuple[bytes, dict[str, object]]]
"""Gives the template and the values for it; runs on the database lane."""


class SheetFiles(QObject):
    """Asks for a name, writes on the slow lane, and says where the file is."""

    said = Signal(str)

    def __init__(self, workstation: Workstation, page: QWidget) -> None:
        super().__init__(page)
        self._workstation, self._page = workstation, page

    def ask_where(self, title: str, ending: str, save_to: Callable[[Path], object]) -> None:
        """Ask for a file of this ending; the person may close the question."""
        from desk.ui.forms.file_field import file_dialog

        dialog = file_dialog(self._page, "Simpan ke berkas", many=False, save_as=f"{title}.{ending}")
        dialog.fileSelected.connect(
            lambda name: save_to(Path(name) if name.lower().endswith(f".{ending}") else Path(f"{name}.{ending}"))
        )
        dialog.open()

    def write(self, path: Path, write: Callable[[Path], object]) -> None:
        """Write a file on the slow lane."""
        self._workstation.background.run_slow(
            self._page,
            lambda _task: write(path),
            lambda _none: self.said.emit(f"Tersimpan: {path.name}."),
            lambda trouble: message.show_trouble(self._page, trouble),
        )

    def write_paper(self, path: Path, filled: Filled, optional: Sequence[str]) -> None:
        """Fill the template and keep it as the ending of the name says: `docx` or `pdf`."""
        self._make(path, filled, optional, lambda: self.said.emit(f"Tersimpan: {path.name}."))

    def open_paper(self, name: str, filled: Filled, optional: Sequence[str]) -> None:
        """Fill the template and open the pages in the PDF program of this computer, which prints them."""
        path = Path(tempfile.mkdtemp(prefix="meja-pst-")) / f"{name}.pdf"

        def opened() -> None:
            if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
                self.said.emit(f"Tersimpan: {path}. Program PDF tidak ditemukan di komputer ini.")

        self._make(path, filled, optional, opened)

    def _make(self, path: Path, filled: Filled, optional: Sequence[str], done: Callable[[], object]) -> None:
        shop, background, page = self._workstation.paper_shop, self._workstation.background, self._page

        def failed(trouble: Exception) -> None:
            message.show_trouble(page, trouble)  # type: ignore[arg-type]  # the lanes give Refused and Unavailable

        def fill(made: tuple[bytes, dict[str, object]]) -> None:
            from desk.adapters.files import write_atomically

            def write(_task: object) -> None:
                paper = shop().make(*made, optional=tuple(optional))
                write_atomically(path, paper.pdf if path.suffix.lower() == ".pdf" else paper.docx)

            background.run_slow(page, write, lambda _none: done(), failed)

        background.run(page, filled, fill, failed)
