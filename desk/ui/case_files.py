"""The files of a case: a list, and beside it the chosen one when the case is opened wide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desk.rules.dates import local_date, short_text
from desk.ui import theme
from desk.ui.list_view import ListView
from desk.ui.table import Column, TableModel

if TYPE_CHECKING:
    from desk.services.case_file import DocumentEntry
    from desk.ui.workstation import Workstation

PDF = "application/pdf"


class FilesPage(QWidget):
    """The files of a case; opened wide, the chosen one is shown beside the list."""

    opened = Signal()
    """A file was chosen that needs the wide view."""

    def __init__(self, workstation: Workstation) -> None:
        super().__init__()
        self._workstation = workstation
        self._office_id = 0
        self._wide = False
        self._preview: Any = None
        self.list = ListView("Berkas permohonan")
        self.list.setObjectName("documents")
        self.list.setMinimumWidth(190)
        self.model: TableModel[DocumentEntry] = TableModel(
            (Column("Berkas", text=lambda file: file.title or file.name, second=self._about, width=150, share=1),),
            parent=self,
        )
        self.list.set_table(self.model)
        self.list.horizontalHeader().hide()
        self.list.row_opened.connect(self._open)
        self.list.row_selected.connect(self._show)
        self._hint = QLabel("Enter membuka berkas di samping daftar.")
        self._hint.setProperty("role", "small")
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(theme.GAP_WIDE)
        column = QVBoxLayout()
        column.addWidget(self.list, 1)
        column.addWidget(self._hint)
        self._layout.addLayout(column, 2)

    def show_files(self, office_id: int, files: tuple[DocumentEntry, ...], *, same_case: bool) -> None:
        """Show the files of a case."""
        self._office_id = office_id
        if same_case:
            if self.model.live_rows != files:
                self.list.show_rows(files)  # files are only ever added; the newest stands on top
        else:
            self.list.show_rows(files)
            if self._preview is not None:
                self._preview.hide()

    def set_wide(self, wide: bool) -> None:
        """Show the preview beside the list, or the list alone."""
        self._wide = wide
        self._hint.setVisible(not wide)
        if self._preview is not None:
            self._preview.setVisible(wide and self.list.current_row() is not None)
        self._show(self.list.current_row())

    def _open(self, file: DocumentEntry) -> None:
        if not self._wide:
            self.opened.emit()
        self._show(file)

    def _show(self, file: DocumentEntry | None) -> None:
        if file is None or not self._wide:
            return
        if self._preview is None:
            from desk.ui.paper_preview import PaperPreview

            self._preview = PaperPreview(self._workstation)
            self._layout.addWidget(self._preview, 3)
        self._preview.show()
        self._preview.show_document(self._office_id, file)

    def _about(self, file: DocumentEntry) -> str:
        day = short_text(local_date(file.at, self._workstation.office(self._office_id).zone))
        return " · ".join((day, _size(file.size), file.name))


def one_row_per_paper(files: tuple[DocumentEntry, ...]) -> tuple[DocumentEntry, ...]:
    """The files of a case, the newest first; of a paper its pages only, for its Word file opens from there."""
    pages = {(file.subject_id, file.title) for file in files if file.paper and file.content_type == PDF}
    return tuple(
        file
        for file in reversed(files)
        if not (file.paper and file.content_type != PDF and (file.subject_id, file.title) in pages)
    )


def _size(size: int) -> str:
    if size < 1_000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{size // 1_000} kB"
    return f"{size / 1_000_000:.1f} MB".replace(".", ",")
