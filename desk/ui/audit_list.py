"""One story for the auditor: the questions, the list, the chosen entry in words, and the way to Excel."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desk.rules.audit_words import differences, moment_text, tables_of
from desk.services import audit_story
from desk.services.audit_story import PAGE, AuditEntry, CardView, Wanted
from desk.ui import message, theme
from desk.ui.audit_filter import Asked, AuditFilter, Story
from desk.ui.audit_words import (
    entry_columns,
    entry_rows,
    entry_sheet,
    place,
    told,
    view_columns,
    view_rows,
    view_sheet,
)
from desk.ui.list_view import ListView
from desk.ui.rich_page import Page
from desk.ui.table import TableModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from desk.ui.background import Task, Trouble
    from desk.ui.entering import Office
    from desk.ui.workstation import Workstation

PANEL_WIDTH = 340
PANEL_FROM = 900
"""From this width (px) the chosen entry stands beside the list."""
READ_AHEAD = 20
_EMPTY = {
    Story.CASE: "Tidak ada catatan pada hari-hari itu.",
    Story.PERSON: "Tidak ada catatan orang ini pada hari-hari itu.",
    Story.SETTING: "Tidak ada perubahan pengaturan pada hari-hari itu.",
    Story.CARD: "Tidak ada kartu identitas yang dibuka dan berkas kasus yang dibuat pada hari-hari itu.",
}
_NAMES = {Story.CASE: "permohonan", Story.PERSON: "orang", Story.SETTING: "pengaturan", Story.CARD: "kartu identitas"}


class AuditList(QWidget):
    """The story of a case, a person or a setting, or who looked at an identity card."""

    said = Signal(str)

    def __init__(self, workstation: Workstation, offices: Sequence[Office], story: Story) -> None:
        super().__init__()
        self.story = story
        self._workstation = workstation
        self._offices = {office.id: office for office in offices}
        self._wanted: Wanted | None = None
        self._asked_no = 0
        self._more = False
        self._task: Task | None = None
        self._known_people: int | None = None
        self.filter = AuditFilter(story, offices, workstation.today(offices[0].id))
        self.filter.changed.connect(self.read)
        self._count = QLabel()
        self._count.setProperty("role", "muted")
        self.export = QPushButton("Simpan ke Excel …")
        self.export.setObjectName(f"audit.export.{story.value}")
        self.export.clicked.connect(self._choose_file)
        self.export.setEnabled(False)
        self._progress = QProgressBar(maximum=0)
        self._progress.setAccessibleName("Menyimpan ke Excel")
        self._progress.hide()
        self._cancel = QPushButton("Batal")
        self._cancel.clicked.connect(self._stop)
        self._cancel.hide()
        self.list = ListView(f"Catatan {_NAMES[story]}")
        self.list.setObjectName(f"audit.{story.value}")
        self._zone = offices[0].zone
        columns = view_columns if story is Story.CARD else entry_columns
        self._model: TableModel[Any] = TableModel(columns(self._zone), key=lambda row: (row.office_id, row.id))
        self._model.setParent(self)
        self.list.set_table(self._model)
        self.list.row_selected.connect(self._show)
        self.list.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self._empty = QLabel("Sedang membaca …", self.list.viewport())
        self._empty.setProperty("role", "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        QVBoxLayout(self.list.viewport()).addWidget(self._empty)
        self._detail = Page("Isi catatan")
        self._panel = QFrame()
        self._panel.setProperty("role", "panel")
        self._panel.setFixedWidth(PANEL_WIDTH)
        inside = QVBoxLayout(self._panel)
        inside.setContentsMargins(16, 14, 8, 12)
        inside.addWidget(self._detail)
        self._lay_out()
        theme.theme.changed.connect(self._show_again)
        self._show(None)

    def _lay_out(self) -> None:
        below = QHBoxLayout()
        below.addWidget(self._count, 1)
        below.addWidget(self._progress)
        below.addWidget(self._cancel)
        below.addWidget(self.export)
        middle = QHBoxLayout()
        middle.setSpacing(theme.GAP_WIDE)
        middle.addWidget(self.list, 1)
        middle.addWidget(self._panel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.filter)
        layout.addLayout(middle, 1)
        layout.addLayout(below)

    # Reading

    def read(self) -> None:
        """Read what the questions above ask for."""
        asked = self.filter.asked()
        if asked is None:
            return
        if self._known_people != asked.office_id and self.story in (Story.PERSON, Story.CARD):
            self._read_people(asked.office_id)
            return
        self._asked_no += 1
        turn = self._asked_no
        if not self._model.rows:
            self._empty.setText("Sedang membaca …")

        def look(session: Session) -> tuple[Wanted | None, list[Any], str]:
            wanted, trouble = self._wanted_of(session, asked)
            rows = [] if wanted is None else self._page(session, wanted, None)
            return wanted, rows, trouble

        def show(found: tuple[Wanted | None, list[Any], str]) -> None:
            if turn != self._asked_no:
                return
            self._wanted, rows, trouble = found
            self._empty.setText(trouble or _EMPTY[self.story])
            self.list.show_rows(rows)
            if rows and self.list.current_row() is None:
                self.list.setCurrentIndex(self._model.index(0, 0))
            self._more = len(rows) == PAGE
            self._say()

        self._workstation.read(self, look, show)

    def _read_people(self, office_id: int) -> None:
        def show(people: list[tuple[str, str]]) -> None:
            self._known_people = office_id
            self.filter.show_people(people, all_of_them=self.story is Story.CARD)
            self.read()

        self._workstation.read(self, lambda session: audit_story.people(session, [office_id]), show)

    def _wanted_of(self, session: Session, asked: Asked) -> tuple[Wanted | None, str]:
        """What to look for, or None with the sentence that says why there is nothing."""
        office = self._offices[asked.office_id]
        subject = None
        if asked.case_words:
            found = audit_story.case_named(session, asked.office_id, asked.case_words)
            if found is None:
                return None, (
                    f"Permohonan “{asked.case_words}” tidak ditemukan di kantor {office.code}. Periksa nomornya."
                )
            subject = str(found)
        elif self.story is Story.CASE:
            return self._whole(asked), ""
        if self.story is Story.PERSON and asked.about_person:
            subject = asked.person
        return (
            Wanted(
                office_id=office.id,
                zone=office.zone,
                subject=subject,
                actor=asked.person if asked.person and not asked.about_person else None,
                tables=tables_of(asked.kind) if asked.kind else None,
                since=asked.since,
                until=asked.until,
                national=self.story in (Story.PERSON, Story.SETTING),
            ),
            "",
        )

    def _whole(self, asked: Asked) -> Wanted:
        """Without a number: everything of the office, the newest first."""
        office = self._offices[asked.office_id]
        tables = tables_of(asked.kind) if asked.kind else None
        return Wanted(office.id, office.zone, tables=tables, since=asked.since, until=asked.until)

    def _page(self, session: Session, wanted: Wanted, below: Any) -> list[Any]:
        if self.story is Story.CARD:
            return list(audit_story.card_views(session, wanted, below))
        return list(audit_story.page(session, wanted, below))

    def _on_scrolled(self, value: int) -> None:
        bar = self.list.verticalScrollBar()
        wanted = self._wanted
        if wanted is None or not self._more or bar.maximum() - value >= READ_AHEAD * self.list.rowHeight(0):
            return
        self._more = False
        turn, last = self._asked_no, self._model.rows[-1]

        def append(rows: list[Any]) -> None:
            if turn == self._asked_no:
                self._model.append(rows)
                self._more = len(rows) == PAGE
                self._say()

        self._workstation.read(self, lambda session: self._page(session, wanted, last), append)

    def _say(self) -> None:
        count = len(self._model.rows)
        self._count.setText(f"{count}{'+' if self._more else ''} catatan, yang terbaru di atas" if count else "")
        self._empty.setVisible(not count)
        self.export.setEnabled(bool(count))

    # The chosen entry

    def _show(self, row: AuditEntry | CardView | None) -> None:
        self._panel.setVisible(self.story is not Story.CARD and self.width() >= PANEL_FROM)
        if isinstance(row, AuditEntry):
            self._detail.show_html(entry_html(row, self._zone, theme.theme.tokens))
        else:
            self._detail.show_html("")

    def _show_again(self) -> None:
        self._show(self.list.current_row())

    # Excel

    def _choose_file(self) -> None:
        from desk.ui.forms.file_field import file_dialog

        wanted = self._wanted
        if wanted is None:
            return
        office = self._offices[wanted.office_id]
        name = f"Catatan {_NAMES[self.story]} {office.code} {self._workstation.today(office.id):%Y-%m-%d}.xlsx"
        dialog = file_dialog(self, "Simpan ke Excel", many=False, save_as=name)
        dialog.setDefaultSuffix("xlsx")
        dialog.fileSelected.connect(lambda chosen: self.save_to(Path(chosen)))
        dialog.open()

    def save_to(self, path: Path) -> None:
        """Write everything the list stands for, not only what has been read, into an Excel file."""
        wanted, story = self._wanted, self.story
        if wanted is None or self._task is not None:
            return
        reading = self._workstation.link.reading

        def write(task: Task) -> int:
            with reading() as session:
                return write_story(session, wanted, story, path, partial(task.progress, of=0))

        self._set_writing(True)
        self._task = self._workstation.background.run_slow(self, write, partial(self._written, path), self._not_written)

    def _written(self, path: Path, rows: int) -> None:
        self._set_writing(False)
        self.said.emit(f"{rows} catatan disimpan di {path.name}.")

    def _not_written(self, trouble: Trouble) -> None:
        self._set_writing(False)
        message.show_trouble(self, trouble)

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._set_writing(False)

    def _set_writing(self, writing: bool) -> None:
        self._task = self._task if writing else None
        self.export.setVisible(not writing)
        self._progress.setVisible(writing)
        self._cancel.setVisible(writing)

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._panel.setVisible(self.story is not Story.CARD and self.width() >= PANEL_FROM)


def write_story(session: Session, wanted: Wanted, story: Story, path: Path, progress: Callable[[int], object]) -> int:
    """Writes a whole story into an Excel file and gives the number of its rows; `progress` hears how many there are."""
    from desk.adapters.workbook import write_workbook

    zone = wanted.zone
    done = 0

    def counted(rows: list[Any]) -> list[Any]:
        nonlocal done
        done += len(rows)
        progress(done)
        return rows

    if story is Story.CARD:
        views = (view for page in _view_pages(session, wanted) for view in counted(page))
        return write_workbook(path, "Kartu identitas", view_sheet(), view_rows(views, zone))
    entries = (entry for page in audit_story.pages(session, wanted) for entry in counted(page))
    return write_workbook(path, "Catatan audit", entry_sheet(), entry_rows(entries, zone))


def _view_pages(session: Session, wanted: Wanted) -> Any:
    below: CardView | None = None
    while found := audit_story.card_views(session, wanted, below):
        yield found
        below = found[-1]


def entry_html(entry: AuditEntry, zone: str, tokens: theme.Tokens) -> str:
    """One entry as a page: what, who, when, from where, and every column from what to what."""
    from html import escape

    def quiet(text: str) -> str:
        return f'<div style="color:{tokens.muted}; font-size:12px">{escape(text)}</div>'

    rows = []
    for each in differences(entry.table, entry.old, entry.new, zone):
        was = f'<span style="color:{tokens.late}">{escape(each.old)}</span>' if each.old else ""
        became = f'<span style="color:{tokens.done}">{escape(each.new)}</span>' if each.new else ""
        changed = f"{was or 'kosong'}<br>→ {became or 'kosong'}"
        value = changed if entry.op == "U" else escape(each.new or each.old)
        rows.append(
            f'<tr><td width="104" style="color:{tokens.muted}">{escape(each.column)}</td>'
            f"<td>{value.replace(chr(10), '<br>')}</td></tr>"
        )
    sealed = f"disegel dalam blok {entry.sealed}" if entry.sealed else "belum disegel"
    return (
        f'<div style="color:{tokens.text}; line-height:130%">'
        f'<p style="font-weight:600; margin:0 0 6px 0">{escape(told(entry, zone))}</p>'
        + quiet(f"{moment_text(entry.at, zone)} · {entry.name} ({entry.actor})")
        + quiet(place(entry))
        + quiet(" · ".join(part for part in (entry.case_number, f"catatan {entry.id}", sealed) if part))
        + f'<table width="100%" cellspacing="0" cellpadding="3" style="margin-top:8px">{"".join(rows)}</table></div>'
    )
