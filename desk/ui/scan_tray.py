"""The tray: parts of scanned stacks that found no case by themselves, with their pages, filed by hand in two keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from desk.ui import theme
from desk.ui.list_view import ListView
from desk.ui.paper_preview import PaperPreview
from desk.ui.rereading import Rereading
from desk.ui.row_button import RowButton
from desk.ui.scan_head import ScanHead
from desk.ui.table import Column, Look, TableModel

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.rules.case import CaseFacts
    from desk.rules.deed import Done
    from desk.rules.scans import Target
    from desk.services.scans import TrayEntry
    from desk.services.search import SearchHit
    from desk.ui.background import Trouble
    from desk.ui.scanning import Scanning
    from desk.ui.workstation import Workstation

T = TypeVar("T")
ASIDE = ("Label atau amplop kurir", "Lembar kosong", "Bukan naskah kantor ini")
"""Why a part is put aside; it is let go of."""


class TrayRow:
    """A part with the sentence why it waits."""

    def __init__(self, entry: TrayEntry, why: str) -> None:
        self.entry = entry
        self.id = entry.id
        self.why = why
        first, last = entry.pages[0], entry.pages[-1]
        self.where = f"halaman {first}" if first == last else f"halaman {first}–{last}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TrayRow) and (self.id, self.why) == (other.id, other.why)

    def __hash__(self) -> int:
        return hash((self.id, self.why))


class ScanTray(QDialog):
    """Beside the window: the list at the left, the pages in the middle, where they belong at the right."""

    performed = Signal(object)
    """A part was filed; carries `Done`."""
    counted = Signal(int)
    """How many parts wait."""

    def __init__(self, workstation: Workstation, scanning: Scanning, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._scanning = scanning
        self._reading = Rereading(self._ask)
        self._case: CaseFacts | None = None
        self._moved = True
        self.setObjectName("scan_tray")
        self.setWindowTitle("Baki pindaian")
        self.setAccessibleName("Baki pindaian")
        self.setModal(False)
        self.setAcceptDrops(True)
        self.resize(1180, 690)
        self._build()
        scanning.ended.connect(lambda _sentence, _came_in: self.read())
        workstation.live.changed.connect(self._on_changed)

    # What it is made of

    def _build(self) -> None:
        self.head = ScanHead(self._scanning)
        self.list = ListView("Bagian pindaian yang menunggu")
        self.list.when_empty = "Semua halaman sudah tersimpan di permohonannya."
        self.list.setObjectName("tray.parts")
        columns: tuple[Column[Any], ...] = (
            Column("Bagian", text=lambda row: row.where, second=lambda row: row.entry.stack_name, look=Look.STRONG,
                   width=150, share=1),
            Column("Mengapa di sini", text=lambda row: row.why, wrap=True, reason=True, width=170, share=2),
        )  # fmt: skip
        self.list.set_table(TableModel[Any](columns, parent=self))
        self.list.row_selected.connect(self._show)
        self._empty = QLabel("Baki kosong. Seret PDF pindaian ke sini, atau ambil dari berkas.")
        self._empty.setProperty("role", "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        left = QVBoxLayout()
        left.addWidget(self.list, 1)
        left.addWidget(self._empty)
        self.pages = PaperPreview(self._workstation, with_actions=False)
        self.pages.setMinimumWidth(360)
        self.wanted = QLineEdit()
        self.wanted.setObjectName("tray.find")
        self.wanted.setPlaceholderText("Nomor SPPD, kuitansi, permohonan, atau nama")
        self.wanted.setAccessibleName("Permohonan untuk bagian ini")
        self.wanted.returnPressed.connect(self._find)
        self._choices = QVBoxLayout()
        self._choices.setSpacing(6)
        self._steps = QVBoxLayout()
        self._steps.setSpacing(6)
        self._panel = QWidget()
        self._panel.setFixedWidth(300)
        right = QVBoxLayout(self._panel)
        right.setContentsMargins(0, 0, 0, 0)
        self.why = QLabel()
        self.why.setObjectName("tray.why")
        self.why.setWordWrap(True)
        self.why.setTextFormat(Qt.TextFormat.PlainText)
        self.why.setProperty("tone", "soon")
        right.addWidget(self.why)
        right.addSpacing(6)
        right.addWidget(_section("SIMPAN DI"))
        right.addWidget(self.wanted)
        right.addLayout(self._choices)
        right.addSpacing(10)
        right.addWidget(_section("LAINNYA"))
        right.addLayout(self._steps)
        right.addStretch(1)
        self._add_steps()
        work = QHBoxLayout()
        work.setSpacing(theme.GAP_WIDE)
        work.addLayout(left, 2)
        work.addWidget(self.pages, 3)
        work.addWidget(self._panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(self.head)
        column.addLayout(work, 1)

    def _add_steps(self) -> None:
        self.cut = RowButton("Pisahkan sesudah halaman ini")
        self.cut.setObjectName("tray.split")
        self.cut.clicked.connect(self._split)
        self._steps.addWidget(self.cut)
        for reason in ASIDE:
            button = RowButton(f"Sisihkan: {reason[:1].lower()}{reason[1:]}")
            button.setObjectName(f"tray.aside.{ASIDE.index(reason)}")
            button.clicked.connect(partial(self._put_aside, reason))
            self._steps.addWidget(button)

    # Reading

    def read(self) -> None:
        """Read the tray again without moving the current row."""
        self._reading.read()

    def _ask(self, ended: Callable[[], None]) -> None:
        from desk import scanning
        from desk.services import scans

        offices = self._workstation.office_ids

        def work(session: Session) -> list[TrayRow]:
            return [TrayRow(one, scanning.why_in_tray(session, one)) for one in scans.tray(session, offices)]

        def show(rows: list[TrayRow]) -> None:
            before = self.list.current_row()
            self.list.show_rows(rows)
            self.list.setVisible(bool(rows))
            self._empty.setVisible(not rows)
            self._panel.setVisible(bool(rows))
            if rows and (before is None or not self.list.select_key(before.id)):
                self.list.select_key(rows[0].id)
            if not rows:
                self._show(None)
            self.counted.emit(len(rows))
            ended()

        self._workstation.read(self, work, show, lambda _no: ended())

    def _on_changed(self) -> None:
        if self.isVisible():
            self.read()

    def _show(self, row: TrayRow | None) -> None:
        self._case = None
        self.wanted.clear()
        self._offer(())
        if row is None:
            self.pages.clear()
            return
        from desk.services import scans

        entry = row.entry
        self.why.setText(row.why)
        self.cut.setVisible(len(entry.pages) > 1)

        def shown(data: bytes) -> None:
            now = self.list.current_row()
            if now is not None and now.id == row.id:
                self.pages.show_file(f"{entry.stack_name}, {row.where}", "application/pdf", data)

        self._workstation.read(
            self, lambda session: scans.part_bytes(session, entry.office_id, entry.id), shown, self._on_trouble
        )
        if not self.list.hasFocus():
            self.wanted.setFocus()

    # Filing by hand

    def _find(self) -> None:
        typed = self.wanted.text().strip()
        if typed:
            self._workstation.hits(self, typed, self._on_hits, self._on_trouble)

    def _on_hits(self, hits: list[SearchHit]) -> None:
        hits = list({hit.case_id: hit for hit in hits}.values())[:6]
        if not hits:
            self.head.tell("Tidak ditemukan. Periksa ejaan atau coba sebagian saja.", "soon")
        elif len(hits) == 1:
            self._choose_case(hits[0])
        else:
            self._offer([(hit.title, hit.detail, partial(self._choose_case, hit)) for hit in hits])

    def _choose_case(self, hit: SearchHit, _checked: bool = False) -> None:
        from desk.services import case_file, scans

        def work(session: Session) -> tuple[CaseFacts, tuple[Target, ...]]:
            case = case_file.facts(session, hit.office_id, hit.case_id)
            return case, scans.targets(session, case)

        def offered(found: tuple[CaseFacts, tuple[Target, ...]]) -> None:
            self._case, targets = found
            self._offer(
                [(one.label, one.reason or "", None if one.reason else partial(self._file, one)) for one in targets]
            )
            self.head.tell(f"{self._case.customer_name} · {self._case.number}", "accent")

        self._workstation.read(self, work, offered, self._on_trouble)

    def _offer(self, choices: Any) -> None:
        """Show buttons, the first of them with the focus; what cannot be chosen says why."""
        while (item := self._choices.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        first: RowButton | None = None
        for label, why, call in choices:
            button = RowButton(label, role="" if first else "primary")
            button.setObjectName(f"tray.choice.{self._choices.count()}")
            button.setAutoDefault(True)
            button.setEnabled(call is not None)
            self._choices.addWidget(button)
            if call is not None:
                button.clicked.connect(call)
                first = first or button
            if why:
                note = QLabel(why)
                note.setProperty("role", "small")
                note.setWordWrap(True)
                self._choices.addWidget(note)
        if first is not None:
            first.setFocus()

    def _file(self, target: Target, _checked: bool = False) -> None:
        row, case = self.list.current_row(), self._case
        if row is None or case is None:
            return
        from desk import scanning

        link, actor = self._workstation.link, self._workstation.actor

        def filed(done: Done) -> None:
            self.head.tell(done.sentence, "done")
            self.performed.emit(done)
            self._workstation.live.read_again()
            self.read()

        self._do(lambda: scanning.file_by_hand(link.transaction, actor, row.entry, case, target), filed)

    def _put_aside(self, reason: str, _checked: bool = False) -> None:
        row = self.list.current_row()
        if row is None:
            return
        from desk.services import scans

        link = self._workstation.link

        def work() -> None:
            with link.transaction() as session:
                scans.put_aside(session, row.entry, reason)

        self._do(work, lambda _none: self._after(f"{row.where} disisihkan: {reason.lower()}."))

    def _split(self) -> None:
        row = self.list.current_row()
        if row is None:
            return
        at, link = self.pages.page, self._workstation.link

        def work(_task: object) -> None:
            import tempfile

            from desk import scanning
            from desk.adapters.scans import ScanReader

            with (
                tempfile.TemporaryDirectory(prefix="meja-pst-", ignore_cleanup_errors=True) as folder,
                ScanReader() as reader,
            ):
                scanning.split_by_hand(link.transaction, reader, row.entry, Path(folder), at)

        self._workstation.background.run_slow(
            self, work, lambda _none: self._after(f"{row.where} dipisahkan menjadi dua bagian."), self._on_trouble
        )

    def _do(self, work: Callable[[], T], done: Callable[[T], object]) -> None:
        self._workstation.background.run_work(self, work, done, self._on_trouble)

    def _after(self, sentence: str) -> None:
        self.head.tell(sentence, "done")
        self.read()

    def _on_trouble(self, trouble: Trouble) -> None:
        self.head.tell(str(trouble), "late")
        self.read()

    # Qt overrides

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        from desk.ui.forms.file_field import local_files

        self._scanning.take(local_files(event.mimeData()))
        event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if (owner := self.parentWidget()) is not None:
            owner.window().activateWindow()


def _section(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "section")
    return label
