"""The editor of a ready text: words, fields to put in, what is wrong in sentences, and how it reads in a real case.

What is typed is kept as a draft with the key of the deed until it is activated.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desk.errors import Refused
from desk.rules.dates import short_text
from desk.rules.inputs import Question
from desk.rules.papers.palette import reply_palette
from desk.rules.papers.replies import ReadyText
from desk.rules.papers.reply_check import Finding, findings
from desk.ui.forms.date_field import DateField
from desk.ui.forms.drafts import Draft, DraftKey
from desk.ui.forms.plain_fields import Drop, sentence_case
from desk.ui.list_view import ListView
from desk.ui.many_run import drafts_of
from desk.ui.ready_texts_page import channels_text
from desk.ui.statement_facts import label
from desk.ui.table import Column, Look, TableModel
from desk.ui.theme import set_look

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.rules.papers.palette import PaletteLine
    from desk.services.queues import QueueRow
    from desk.services.ready_texts import TextEntry
    from desk.ui.background import Trouble
    from desk.ui.forms.drafts import Drafts
    from desk.ui.workstation import Workstation

CASES = 40
"""Cases to try a text on, the last changed first."""
_PAUSE_MS = 400


class ReadyTextEditor(QDialog):
    """Left the text and what is wrong, right the fields and the text as a case would read it."""

    activated = Signal(str)

    def __init__(self, parent: QWidget | None, workstation: Workstation, entry: TextEntry, *, back: bool) -> None:
        super().__init__(parent)
        self._workstation, self._entry, self._back = workstation, entry, back
        self.request_id: UUID = uuid4()
        self._cases: list[QueueRow] = []
        self._done = False
        self.setObjectName("ready_text")
        self.setWindowTitle("Kembali ke teks bawaan" if back else "Ubah teks siap pakai")
        self.setAccessibleName(self.windowTitle())
        self.resize(1060, 620)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._on_pause)
        start = entry.shipped if back else entry.text
        self.subject = QLineEdit(start.subject)
        self.body = QPlainTextEdit(start.body)
        self.starts = DateField(
            Question("starts_on", "Berlaku mulai", "date", "", required=True, choices=()),
            workstation.today(entry.office_id),
        )
        self._build()
        self.starts.set_value(workstation.today(entry.office_id))
        for edit in (self.subject, self.body):
            edit.textChanged.connect(self._pause.start)
        self._judge()
        self._read_cases()
        if not back:
            self._look_for_draft()

    # Building

    def _build(self) -> None:
        entry = self._entry
        title = QLabel(f"{sentence_case(entry.shipped.step.label)} · {channels_text(entry)}")
        title.setProperty("role", "title")
        self.offer = QPushButton("Lanjutkan ketikan yang belum diberlakukan")
        self.offer.setObjectName("ready_text.draft")
        self.offer.setProperty("role", "link")
        self.offer.setAutoDefault(False)
        self.offer.hide()
        self.subject.setObjectName("ready_text.subject")
        self.subject.setAccessibleName("Perihal")
        self.subject.setPlaceholderText("Perihal")
        self.subject.setVisible(bool(entry.shipped.subject))
        self.body.setObjectName("ready_text.body")
        self.body.setAccessibleName("Isi teks")
        self.body.setTabChangesFocus(True)
        for edit in (self.subject, self.body):
            edit.setReadOnly(self._back)
        self.found = label("")
        self.found.setObjectName("ready_text.findings")
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.subject)
        left.addWidget(self.body, 1)
        left.addWidget(self.found)
        self.palette_list = ListView("Kolom yang dapat dipakai", 40)
        self.palette_list.setObjectName("ready_text.palette")
        self.palette_list.set_table(TableModel["PaletteLine"](_PALETTE, parent=self))
        self.palette_list.table.show(list(reply_palette(entry.shipped.step)))
        self.palette_list.row_opened.connect(self._insert)
        self.cases = Drop()
        self.cases.setObjectName("ready_text.cases")
        self.cases.setAccessibleName("Coba pada permohonan")
        self.cases.addItem("Coba pada permohonan …")
        self.cases.activated.connect(lambda _at: self._try())
        self.preview = QPlainTextEdit()
        self.preview.setObjectName("ready_text.preview")
        self.preview.setReadOnly(True)
        self.preview.setAccessibleName("Teks pada permohonan itu")
        self.preview.setPlaceholderText("Pilih satu permohonan untuk melihat teksnya terisi.")
        right = QVBoxLayout()
        right.setSpacing(8)
        if not self._back:
            right.addWidget(label("KOLOM: ENTER ATAU KLIK DUA KALI MENYISIPKAN", role="section"))
            right.addWidget(self.palette_list, 1)
        right.addWidget(self.cases)
        right.addWidget(self.preview, 1)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addLayout(left, 3)
        middle.addLayout(right, 2)
        self.send = QPushButton("Berlakukan")
        self.send.setObjectName("ready_text.activate")
        self.send.setProperty("role", "primary")
        self.send.setAutoDefault(False)
        self.send.clicked.connect(self.activate)
        cancel = QPushButton("Batal")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self.starts)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.send)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(10)
        column.addWidget(title)
        column.addWidget(self.offer)
        column.addLayout(middle, 1)
        column.addLayout(foot)
        self.body.setFocus()

    # The text

    @property
    def text(self) -> ReadyText:
        """The text as it is typed now."""
        shipped = self._entry.shipped
        subject = self.subject.text().strip() if shipped.subject else ""
        return ReadyText(shipped.step, shipped.channels, subject, self.body.toPlainText().strip())

    def _insert(self, line: PaletteLine) -> None:
        if self.subject.hasFocus():
            self.subject.insert(line.tag)
        else:
            self.body.insertPlainText(line.tag)
        self.body.setFocus()

    def _on_pause(self) -> None:
        self._judge()
        self._try()
        self._save_draft()

    def _judge(self) -> None:
        found: tuple[Finding, ...] = () if self._back else findings(self.text, self._entry.shipped)
        stops = any(one.stops for one in found)
        self.found.setText("\n".join(one.sentence for one in found[:6]))
        set_look(self.found, tone="late" if stops else "soon" if found else "")
        self.found.setVisible(bool(found))
        self.send.setEnabled(not stops)

    # A real case

    def _read_cases(self) -> None:
        office_id = self._entry.office_id

        def ask(session: Session) -> list[QueueRow]:
            from desk.services.queues import archive_rows

            return archive_rows(session, [office_id], after=None, limit=CASES)

        def show(rows: list[QueueRow]) -> None:
            self._cases = rows
            self.cases.addItems([f"{row.customer_name} · {row.number}" for row in rows])

        self._workstation.read(self, ask, show, lambda _trouble: None)

    def _try(self) -> None:
        at = self.cases.currentIndex() - 1
        if not 0 <= at < len(self._cases):
            return
        row, wanted, officer = self._cases[at], self.text, self._workstation.actor.name

        def ask(session: Session) -> str:
            from desk.services.case_file import case_view
            from desk.services.replies import tried

            try:
                subject, body = tried(session, case_view(session, row.office_id, row.id), wanted, officer)
            except (Refused, KeyError) as refused:
                return str(refused) if isinstance(refused, Refused) else "Perbaiki dahulu kolom yang tidak dikenal."
            return f"{subject}\n\n{body}" if subject else body

        self._workstation.read(self, ask, self.preview.setPlainText, lambda trouble: self._say(str(trouble)))

    # Activating

    def activate(self) -> None:
        """Let the text hold from the chosen day on."""
        if not self.starts.judge(even_if_empty=True):
            self.starts.setFocus()
            return
        starts_on = self.starts.answer()
        assert isinstance(starts_on, date)
        entry, wanted, key = self._entry, self.text, self.request_id
        self.send.setEnabled(False)

        def work() -> int:
            from desk.services.ready_texts import put_text

            with self._workstation.link.transaction() as session:
                body = "" if self._back else wanted.body
                return put_text(session, entry.office_id, entry.shipped, wanted.subject, body, starts_on, key=key)

        def done(version: int) -> None:
            self._done = True
            self._with_draft(lambda drafts, draft_key: drafts.remove(draft_key, key))
            what = "Teks bawaan" if self._back else f"Versi {version}"
            self.activated.emit(f"{what} untuk “{entry.shipped.step.label}” berlaku mulai {short_text(starts_on)}.")
            self.accept()

        self._workstation.background.run_work(self, work, done, self._refused)

    def _refused(self, trouble: Trouble) -> None:
        self.send.setEnabled(True)
        self._say(str(trouble))

    def _say(self, sentence: str) -> None:
        self.found.setText(sentence)
        set_look(self.found, tone="late")
        self.found.show()

    # The draft

    def _save_draft(self) -> None:
        if self._back or self._done:
            return
        typed = {"subject": self.subject.text(), "body": self.body.toPlainText()}
        draft = Draft(self.request_id, datetime.now(UTC), typed)
        self._with_draft(lambda drafts, key: drafts.save(key, draft))

    def _look_for_draft(self) -> None:
        find, key = drafts_of(self._workstation), self._draft_key()

        def offer(draft: Draft | None) -> None:
            if draft is None:
                return
            self.offer.clicked.connect(lambda: self._use(draft))
            self.offer.show()

        self._workstation.background.run_slow(self, lambda _task: find().load(key), offer)

    def _use(self, draft: Draft) -> None:
        self.request_id = draft.request_id
        self.subject.setText(str(draft.fields["subject"]))
        self.body.setPlainText(str(draft.fields["body"]))
        self.offer.hide()

    def _draft_key(self) -> DraftKey:
        return DraftKey(self._workstation.actor.login, "ready_text", self._entry.id)

    def _with_draft(self, work: Callable[[Drafts, DraftKey], object]) -> None:
        background, find, key = self._workstation.background, drafts_of(self._workstation), self._draft_key()
        background.run_slow(background, lambda _task: work(find(), key), lambda _none: None, lambda _trouble: None)


_PALETTE: tuple[Column[PaletteLine], ...] = (
    Column("Kolom", lambda line: line.tag, second=lambda line: line.meaning, look=Look.STRONG, width=200, share=1),
)
