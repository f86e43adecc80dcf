"""The middle of the window: one queue, or the archive, as a list that never jumps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desk.rules.desks import Desk, Queue
from desk.ui.case_columns import nobody, queue_columns
from desk.ui.list_export import ListExport
from desk.ui.list_filter import FilterBar
from desk.ui.list_view import ListView
from desk.ui.rereading import Rereading
from desk.ui.table import TableModel
from desk.ui.workstation import PAGE

if TYPE_CHECKING:
    from datetime import datetime

    from desk.rules.views import ViewSettings
    from desk.services.incoming import Suggestion
    from desk.services.queues import QueueRow
    from desk.ui.background import Trouble
    from desk.ui.many import Many
    from desk.ui.workstation import Workstation

EXPORT_KEYS = "F9"
GONE_WORDS = "Sudah tidak di antrean ini."
READ_AHEAD = 20
"""The next page of the archive is read when so few rows are left below."""


class QueueView(QWidget):
    """A heading, what waits, and the list."""

    case_selected = Signal(object)
    """The current row, or None."""
    case_opened = Signal(object)

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._desk = Desk.OFFICER
        self._queue: Queue | None = None
        self._archive = False
        self._own_move = True
        self._more = False
        self._place = 0
        self._reading = Rereading(self._ask)
        self._title = QLabel()
        self._title.setProperty("role", "title")
        self._sub = QLabel()
        self._sub.setProperty("role", "muted")
        self._sub.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._stamp = QLabel()
        self._stamp.setObjectName("updated_at")
        self._stamp.setProperty("role", "small")
        self.exporting = ListExport(workstation, self)
        self.export = QPushButton("Ke Excel …")
        self.export.setObjectName("export")
        self.export.setProperty("role", "link")
        self.export.setToolTip(f"Simpan daftar ini sebagai berkas Excel ({EXPORT_KEYS})")
        self.export.setAccessibleName("Simpan daftar ini ke Excel")
        self.export.clicked.connect(self.save_as)
        self.next = QPushButton("Ambil berikutnya")
        self.next.setObjectName("take_next")
        self.next.setAccessibleName("Ambil permohonan berikutnya yang bebas")
        self.next.hide()
        self.many: Many | None = None  # made at its first use: choosing several rows is not an everyday start
        self.chosen = QPushButton()
        self.chosen.setObjectName("chosen")
        self.chosen.setToolTip("Satu tindakan untuk semua baris yang dipilih (Shift+Enter)")
        self.chosen.hide()
        self.chosen.clicked.connect(self.begin_many)
        self._waiting = QPushButton()
        self._waiting.setObjectName("waiting")
        self._waiting.hide()
        self._waiting.clicked.connect(self.settle)
        self.list = ListView("Daftar permohonan")
        self.list.setObjectName("cases")
        self.list.let_choose_many()
        self.others_in: Callable[[QueueRow], str] = nobody
        """Which colleagues are in the case of a row, in words; set by `Looking`."""
        self._looked: dict[UUID, datetime] = {}  # until the list is read again
        columns = queue_columns(
            workstation.today,
            lambda: len(workstation.office_ids) > 1,
            workstation.actor.login,
            others_in=lambda row: self.others_in(row),
            unread=lambda row: row.unread and self._looked.get(row.id) != row.changed_at,
        )
        self._model: TableModel[QueueRow] = TableModel(columns, parent=self)
        self._model.gone_words = GONE_WORDS
        self._model.waiting_changed.connect(self._say_waiting)
        self.list.set_table(self._model)
        self.list.row_selected.connect(self.case_selected)
        self.list.row_opened.connect(self.case_opened)
        self.list.chosen_changed.connect(self._say_chosen)
        self.list.many_wanted.connect(self.begin_many)
        self.list.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self._read_rows: list[QueueRow] = []  # as the queue has them, the filter not asked yet
        self.filter = FilterBar(self.list, workstation)
        self.filter.changed.connect(self._on_filter)
        self._empty = QLabel("", self.list.viewport())
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setProperty("role", "muted")
        self._empty.setWordWrap(True)
        centre = QVBoxLayout(self.list.viewport())
        centre.addWidget(self._empty)
        self._lay_out()

    def _lay_out(self) -> None:
        heading = QHBoxLayout()
        heading.setSpacing(14)
        heading.addWidget(self._title)
        heading.addWidget(self._sub, 1)
        heading.addWidget(self.chosen)
        heading.addWidget(self._waiting)
        heading.addWidget(self.next)
        heading.addWidget(self.filter.opener)
        heading.addWidget(self.export)
        heading.addWidget(self._stamp)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(heading)
        layout.addWidget(self.filter)
        layout.addWidget(self.list, 1)

    def show_queue(self, desk: Desk, queue: Queue | None, title: str) -> None:
        """Show a queue from its top: the person went there."""
        self._desk, self._queue, self._archive = desk, queue, False
        self.filter.reset()
        self._begin(title)

    def show_view(self, view: ViewSettings, title: str) -> None:
        """Show a queue as somebody kept it: filter, order and columns."""
        self._desk, self._queue, self._archive = view.desk, view.queue, False
        self.filter.take(view)
        self._begin(title)

    def settings(self) -> ViewSettings | None:
        """The list as it is on show, to be kept; None in the archive, which is read in pages."""
        return None if self._archive else self.filter.settings(self._desk, self._queue)

    @property
    def queue(self) -> Queue | None:
        """The queue on show; None for everything on the desk that needs somebody now."""
        return self._queue

    def put_above(self, part: QWidget) -> None:
        """Put a part of a desk above its list."""
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(0, part)

    def show_archive(self) -> None:
        """Show all cases of the offices, the newest first."""
        self._archive = True
        self.filter.reset()
        self._begin("Arsip")

    def _begin(self, title: str) -> None:
        self._place += 1
        self._read_rows = []
        self.filter.opener.setVisible(not self._archive)
        self._title.setText(title)
        self.next.setVisible(not self._archive and self._desk is Desk.OFFICER and self._workstation.may_take())
        self.list.setAccessibleName(f"Daftar permohonan: {title}")
        self._model.show([])
        self._sub.setText("")
        self._empty.setText("Sedang membaca …")
        self._empty.show()
        self._reload()

    def _reload(self) -> None:
        """Read the list and show it as it is, from now on."""
        self._own_move = True
        self.read()

    def settle(self) -> None:
        """Show the new rows and drop those that left."""
        self.list.settle()
        self._say()
        self.list.setFocus()

    def read(self) -> None:
        """Read the list again; the rows on the screen stay where they are unless the person moved here."""
        if not self._archive or self._own_move:  # a page further down must not be cut off by a refresh
            self._reading.read()

    def _ask(self, ended: Callable[[], None]) -> None:
        place = self._place

        def show(rows: list[QueueRow]) -> None:
            if place == self._place:  # else the person has gone elsewhere meanwhile
                self._show(rows)
            ended()

        def failed(_trouble: Trouble) -> None:
            ended()

        if self._archive:
            self._workstation.archive(self, None, show, failed)
        else:
            self._workstation.rows(self, self._desk, self._queue, show, failed)

    def reload(self) -> None:
        """Read the list and show it afresh: the person asked for it (F5)."""
        self._reload()

    def save_as(self) -> None:
        """Save what the list stands for as an Excel file: the whole queue, or the whole archive."""
        if self._model.rows:
            self.exporting.begin(self._title.text(), self._desk, self._queue, archive=self._archive)

    def begin_many(self) -> None:
        """One deed for all chosen rows."""
        self.many_of_window().begin(self.list.chosen_rows())

    def many_of_window(self) -> Many:
        """What opens the window of one deed for many cases."""
        if self.many is None:
            from desk.ui.many import Many

            self.many = Many(self._workstation, self)
            self.many.said.connect(self.exporting.said)
        return self.many

    def _say_chosen(self) -> None:
        count = len(self.list.selectionModel().selectedRows())
        self.chosen.setText(f"{count} dipilih: kerjakan …")
        self.chosen.setAccessibleName(f"{count} permohonan dipilih, satu tindakan untuk semuanya")
        self.chosen.setVisible(count > 1)
        self.export.setVisible(count < 2 and bool(self._model.rows))  # it saves the whole list, not what is chosen

    def note_looked(self, case_id: UUID) -> None:
        """The person has this case in front: its row is not marked as new any more."""
        at = self._model.row_of(case_id)
        if at >= 0:
            self._looked[case_id] = self._model.rows[at].changed_at
            self.list.viewport().update()

    def clear_selection(self) -> None:
        """No row is current; what stands beside the list is not from it."""
        self.list.setCurrentIndex(QModelIndex())
        self.list.clearSelection()

    def case_under(self, point: QPoint | None, window: QWidget) -> Suggestion | None:
        """The case whose row lies under a point of the window, for what is dropped there; None takes the frame away."""
        from desk.services.incoming import Suggestion

        viewport = self.list.viewport()
        inside = None if point is None or not self.isVisible() else viewport.mapFrom(window, point)
        if inside is not None and not viewport.rect().contains(inside):
            inside = None
        row: QueueRow | None = self.list.row_under(inside)
        if row is None:
            return None
        return Suggestion(row.office_id, row.id, row.number, row.customer_name, "baris tempat menaruhnya")

    def select_case(self, case_id: UUID) -> bool:
        """Make a case current when it is in the list."""
        return self.list.select_key(case_id)

    def _on_filter(self) -> None:
        """Another filter: the rows are here already."""
        self._own_move = True
        self._show(self._read_rows)

    def _show(self, found: list[QueueRow]) -> None:
        self._read_rows = found
        rows = self.filter.admitted(found)
        if self._own_move:
            first = self.list.current_row() is None
            self.list.show_rows(rows)
            self._own_move = False
            if first and rows:
                self.list.setCurrentIndex(self._model.index(0, 0))
        else:
            self._model.refresh(rows)
        self._more = self._archive and len(found) == PAGE
        self._say()

    def _on_scrolled(self, value: int) -> None:
        bar = self.list.verticalScrollBar()
        if self._more and bar.maximum() - value < READ_AHEAD * self.list.rowHeight(0):
            self._more = False
            last = self._model.rows[-1]
            place = self._place
            self._workstation.archive(self, last, lambda rows: self._append(rows, place))

    def _append(self, rows: list[QueueRow], place: int) -> None:
        if place == self._place:
            self._model.append(rows)
            self._more = len(rows) == PAGE
            self._say()

    def _say(self) -> None:
        rows = self._model.live_rows
        today = self._workstation.today()
        of = f" dari {len(self._read_rows)}" if not self.filter.filter.empty else ""
        said = [f"{len(rows)}{'+' if self._more else ''}{of} permohonan"] if rows or of else []
        late = sum(1 for row in rows if row.due_on and row.due_on < today)
        due = sum(1 for row in rows if row.due_on == today)
        if late:
            said.append(f"{late} terlambat")
        if due:
            said.append(f"{due} jatuh tempo hari ini")
        self._sub.setText(" · ".join(said))
        self._stamp.setText(f"terakhir diperbarui {self._workstation.clock_text(self._workstation.now())}")
        self._stamp.setToolTip("Waktu daftar ini terakhir dibaca dari server. F5 membacanya lagi.")
        self._empty.setVisible(not self._model.rows)
        self.export.setVisible(bool(self._model.rows))
        self._empty.setText(self._nothing())

    def _nothing(self) -> str:
        if self._archive:
            return "Belum ada permohonan."
        if self._read_rows:
            return "Tidak ada yang cocok dengan saringan. Hapus saringan untuk melihat semuanya."
        return "Tidak ada yang menunggu di sini. Permohonan baru muncul sendiri."

    def _say_waiting(self) -> None:
        new, gone = self._model.waiting, self._model.gone
        words = [f"{new} baru"] if new else []
        if gone:
            words.append(f"{gone} selesai di sini")
        self._waiting.setText(" · ".join(words))
        self._waiting.setAccessibleName("Perbarui daftar: " + ", ".join(words))
        self._waiting.setVisible(bool(words))

    def current_row(self) -> Any:
        """The current row, or None."""
        return self.list.current_row()
