"""A stock-take in progress: every paper of a binder is scanned, then what differs is written down and printed.

What was scanned is kept as a draft of this person on this computer until the stock-take is written down or thrown
away: a crash, a lost server or the end of the day costs no scan, and the key of the draft records it once only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desk.rules.dates import short_text
from desk.rules.stocktake import OPTIONAL, FindingLine, StocktakeResult, next_step
from desk.ui import message
from desk.ui.forms import opening
from desk.ui.forms.drafts import Draft, DraftKey, Drafts
from desk.ui.list_view import ListView
from desk.ui.mail_table import ScanBox
from desk.ui.scanner import ScannerEar
from desk.ui.table import Column, Look, TableModel
from desk.ui.theme import set_look

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.services.binders import BinderRow
    from desk.services.labels import Made
    from desk.services.stocktake import Scanned
    from desk.ui.background import Trouble
    from desk.ui.sheet_printing import SheetPrinter
    from desk.ui.workstation import Workstation


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list: a scan, or a finding once the stock-take is written down."""

    id: str
    named: str
    told: str
    detail: str = ""
    step: str = ""


class StocktakePanel(QWidget):
    """The scan box, what was scanned, and the outcome."""

    said = Signal(str)
    """What was done, for the quiet line of the window."""
    closed = Signal()
    """The person goes back to the binders."""

    def __init__(self, workstation: Workstation, sheets: SheetPrinter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._sheets = sheets
        self._binder: BinderRow | None = None
        self._key: UUID = uuid4()
        self._scans: dict[str, Scanned] = {}
        self._drafts: Drafts | None = None
        self.result: StocktakeResult | None = None
        self.title = QLabel()
        self.title.setProperty("role", "title")
        self.count = QLabel()
        self.count.setObjectName("stocktake_count")
        self.count.setProperty("role", "muted")
        self.box = ScanBox()
        self.box.setObjectName("stocktake_scan")
        self.box.setPlaceholderText("Pindai QR setiap naskah di map ini, satu per satu")
        self.box.taken.connect(self.take)
        self._ear = ScannerEar(self)
        self._ear.leave_alone(self.box)
        self._ear.scanned.connect(self.take)
        self.answer = QLabel()
        self.answer.setObjectName("stocktake_answer")
        self.answer.setWordWrap(True)
        self.list = ListView("Naskah yang dipindai")
        self.list.setObjectName("stocktake")
        self.list.set_table(TableModel[Any](_columns(), parent=self))
        self.finish = _button("Selesai, catat stok opname", "stocktake.finish", self._record)
        self.finish.setProperty("role", "primary")
        self.back = _button("Lanjutkan nanti", "stocktake.back", self.closed.emit)
        self.drop = _button("Mulai dari awal", "stocktake.drop", self._start_anew)
        self.paper = _button("Cetak berita acara", "stocktake.print", self.print_report)
        self.word = _button("Simpan Word", "stocktake.word", self._save_word)
        self._build()

    def begin(self, binder: BinderRow) -> None:
        """Start where this person left off; the earlier outcome of the binder stays in the records."""
        self._binder, self._key, self.result = binder, uuid4(), None
        self._scans.clear()
        self.title.setText(f"Stok opname map {binder.name}")
        self._say("Keluarkan naskahnya satu per satu dan pindai. Yang dipinjam tidak perlu dicari.", "accent")
        self._show()
        drafts, key = self._kept(), self._draft_key(binder)
        self._workstation.background.run_slow(
            self, lambda _task: drafts.load(key), lambda draft: self._go_on(binder, draft), lambda _trouble: None
        )

    def take_focus(self) -> None:
        """To the scan box, or to the findings when all is done."""
        (self.list if self.result is not None else self.box).setFocus()

    def take(self, typed: str) -> None:
        """Look up what was scanned; nothing is refused, for everything in a binder is a finding."""
        binder = self._binder
        if binder is None or self.result is not None:
            return

        def ask(session: Session) -> Scanned:
            from desk.services import stocktake

            return stocktake.scanned(session, binder.office_id, binder.id, typed)

        self._workstation.read(self, ask, self._on_scanned, self._on_trouble)

    def print_report(self) -> None:
        """Print the report of the stock-take that was written down."""
        if self.result is not None:
            self._sheets.print(self._report(self.result), OPTIONAL, self._report_title, "stocktake")

    # The draft

    def _kept(self) -> Drafts:
        if self._drafts is None:
            station = self._workstation
            self._drafts = Drafts(station.drafts or opening.drafts_folder(training=station.training))
        return self._drafts

    def _draft_key(self, binder: BinderRow) -> DraftKey:
        return DraftKey(self._workstation.actor.login, "stocktake", f"{binder.office_id}/{binder.id}")

    def _go_on(self, binder: BinderRow, draft: Draft | None) -> None:
        """Look up again what the draft holds: a paper may have been lent or moved since."""
        texts = [str(one) for one in draft.fields.get("scans", ())] if draft else []
        if draft is None or not texts or self._binder != binder or self._scans or self.result is not None:
            return
        self._key = draft.request_id

        def ask(session: Session) -> list[Scanned]:
            from desk.services import stocktake

            return [stocktake.scanned(session, binder.office_id, binder.id, one) for one in texts]

        def show(found: Sequence[Scanned]) -> None:
            if self._binder != binder or self.result is not None:
                return
            later = tuple(self._scans.values())
            self._scans = {one.key: one for one in (*found, *later)}
            local = draft.saved_at.astimezone()
            self._say(
                f"Dilanjutkan: {len(found)} naskah sudah dipindai pada {short_text(local.date())} {local:%H.%M}.",
                "accent",
            )
            self._show()

        self._workstation.read(self, ask, show, self._on_trouble)

    def _keep(self) -> None:
        binder = self._binder
        if binder is None:
            return
        drafts, key = self._kept(), self._draft_key(binder)
        draft = Draft(self._key, datetime.now(UTC), {"scans": [one.text for one in self._scans.values()]})
        self._workstation.background.run_slow(
            self, lambda _task: drafts.save(key, draft), lambda _none: None, self._on_trouble
        )

    def _forget(self) -> None:
        binder, request_id = self._binder, self._key
        if binder is None:
            return
        drafts, key = self._kept(), self._draft_key(binder)
        self._workstation.background.run_slow(
            self, lambda _task: drafts.remove(key, request_id), lambda _none: None, lambda _trouble: None
        )

    def _start_anew(self) -> None:
        count = len(self._scans)
        if not message.confirm(self, "Mulai dari awal", f"{count} pindaian pada stok opname ini dihapus.", "Hapus"):
            return
        self._forget()
        self._key = uuid4()
        self._scans.clear()
        self._say("Keluarkan naskahnya satu per satu dan pindai. Yang dipinjam tidak perlu dicari.", "accent")
        self._show()
        self.box.setFocus()

    # What happens

    def _on_scanned(self, found: Scanned) -> None:
        again = found.key in self._scans
        self._scans.setdefault(found.key, found)
        self._keep()
        if again:
            self._say(f"{found.named or found.text} sudah dipindai.", "soon")
        elif found.expected:
            self._say(f"{found.named} ada di tempatnya.", "done")
        elif found.agreement_id is not None:
            self._say(f"{found.named} tidak tercatat di map ini; dicatat sebagai selisih.", "late")
        else:
            self._say(f"“{found.text[:40]}” bukan naskah asli SPPD kantor ini; dicatat sebagai selisih.", "late")
        self._show()

    def _record(self) -> None:
        binder, key, scans = self._binder, self._key, tuple(self._scans.values())
        if binder is None:
            return
        self.finish.setEnabled(False)
        station = self._workstation

        def work() -> StocktakeResult:
            from desk.services import stocktake

            with station.link.transaction() as session:
                return stocktake.record_stocktake(session, binder.office_id, key, binder.id, scans)

        station.background.run_work(self, work, self._on_recorded, self._on_trouble)

    def _on_recorded(self, taken: StocktakeResult) -> None:
        self.result = taken
        self._forget()
        self._say(taken.sentence, "late" if taken.differences else "done")
        self.said.emit(taken.sentence)
        self._show()
        self.take_focus()

    def _on_trouble(self, trouble: Trouble) -> None:
        self._say(str(trouble), "late")
        self._show()

    def _save_word(self) -> None:
        if self.result is not None:
            self._sheets.save_word(self._report(self.result), OPTIONAL, self._report_title)

    @property
    def _report_title(self) -> str:
        return f"Stok opname {self._binder.name}" if self._binder else "Stok opname"

    def _report(self, taken: StocktakeResult) -> Callable[[Session], Made]:
        def ask(session: Session) -> Made:
            from desk.services import stocktake
            from desk.services.labels import Made

            return Made(*stocktake.stocktake_paper(session, taken))

        return ask

    # Showing

    def _show(self) -> None:
        taken = self.result
        if taken is not None:
            self.list.table.show([_finding(line) for line in (*taken.strange, *_agreeing(taken))])
            self.count.clear()
        else:
            self.list.table.show([_scan(one) for one in reversed(tuple(self._scans.values()))])
            here = sum(1 for one in self._scans.values() if one.expected)
            wanted = self._binder.papers - self._binder.lent if self._binder else 0
            self.count.setText(f"{here} dari {wanted} naskah dipindai")
        self.box.setVisible(taken is None)
        self.finish.setVisible(taken is None)
        self.finish.setEnabled(True)
        self.paper.setVisible(taken is not None)
        self.word.setVisible(taken is not None)
        self.drop.setVisible(taken is None and bool(self._scans))
        self.back.setText("Kembali" if taken is not None or not self._scans else "Lanjutkan nanti")

    def _say(self, sentence: str, tone: str) -> None:
        self.answer.setText(sentence)
        set_look(self.answer, tone=tone)

    def _build(self) -> None:
        heading = QHBoxLayout()
        heading.addWidget(self.title)
        heading.addWidget(self.count, 1)
        for button in (self.word, self.paper, self.drop, self.finish, self.back):
            heading.addWidget(button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addLayout(heading)
        rows.addWidget(self.box)
        rows.addWidget(self.answer)
        rows.addWidget(self.list, 1)

    # Qt overrides

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        _app().installEventFilter(self._ear)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        _app().removeEventFilter(self._ear)


def _app() -> Any:
    app = QApplication.instance()
    assert app is not None
    return app


def _scan(one: Scanned) -> Line:
    if one.expected:
        return Line(one.key, one.named, "✓ ada di tempatnya")
    told = "tidak tercatat di map ini" if one.agreement_id is not None else "kode yang tidak dikenal"
    return Line(one.key, one.named or one.text, f"✕ {told}")


def _finding(line: FindingLine) -> Line:
    sheet = f"lembar {line.sheet}" if line.sheet else ""
    detail = " · ".join(part for part in (sheet, line.customer_name) if part)
    step = next_step(line.finding)
    return Line(str(line.position), line.named, f"{'✕' if step else '✓'} {line.told}", detail, step)


def _agreeing(taken: StocktakeResult) -> tuple[FindingLine, ...]:
    strange = {line.position for line in taken.strange}
    return tuple(line for line in taken.lines if line.position not in strange)


def _columns() -> tuple[Column[Any], ...]:
    return (
        Column("Naskah", lambda line: line.named, second=lambda line: line.detail, look=Look.STRONG, width=280),
        Column("Temuan", lambda line: line.told, width=220, share=1, wrap=True),
        Column("Tindak lanjut", lambda line: line.step, look=Look.MUTED, width=220, share=1, wrap=True, spare=1),
    )


def _button(words: str, name: str, clicked: Callable[[], object]) -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(name)
    button.setAutoDefault(False)
    button.clicked.connect(lambda: clicked())
    return button
