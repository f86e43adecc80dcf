"""The morning run: everything that is due on paper in one go, with the labels or envelopes that go around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desk.errors import Refused, Unavailable
from desk.rules.labels import ENVELOPES, LABEL_FORMATS, OPTIONAL, Recipient
from desk.rules.people import Duty
from desk.ui.forms.plain_fields import Drop, sentence_case
from desk.ui.theme import set_look

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from desk.services.binders import BinderRow
    from desk.services.labels import Made, PaperDue
    from desk.ui.background import Task
    from desk.ui.printing import PrintOrder
    from desk.ui.workstation import Workstation

PAPERS, LABELS = "morning", "labels"
"""What the choice of a printer is remembered by."""


@dataclass(frozen=True, slots=True)
class Due:
    """What waits to be printed: papers, and binders that are full and have no label."""

    papers: tuple[PaperDue, ...]
    binders: tuple[BinderRow, ...]


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What came out, and why something did not."""

    printed: int
    labels: int
    troubles: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What the person reads."""
        told = f"{self.printed} naskah dicetak" + (f", {self.labels} label atau amplop" if self.labels else "")
        return f"{told}; {len(self.troubles)} tidak keluar: {self.troubles[0]}" if self.troubles else f"{told}."


class MorningRun(QDialog):
    """The papers to tick, what goes around them, the printers, one button."""

    said = Signal(str)
    """What was printed, for the quiet line of the window."""

    def __init__(self, parent: QWidget, workstation: Workstation, office_id: int) -> None:
        super().__init__(parent)
        self.setObjectName("morning_run")
        self.setWindowTitle("Cetak pagi")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._workstation = workstation
        self._office_id = office_id
        self._due = Due((), ())
        self.outcome: RunOutcome | None = None
        self.about = QLabel("Membaca naskah yang belum dicetak …")
        self.about.setProperty("role", "muted")
        self.about.setWordWrap(True)
        self.tree = QTreeWidget()
        self.tree.setObjectName("morning.papers")
        self.tree.setAccessibleName("Naskah yang dicetak")
        self.tree.setHeaderLabels(["Naskah", "Permohonan", "Kepada"])
        self.tree.setStyleSheet("QTreeWidget::item { padding: 5px 6px; }")
        self.tree.itemChanged.connect(lambda _item, _column: self._enable())
        names = self._printers()
        self.printer = self._printer_drop("Pencetak naskah", names, PAPERS)
        self.around = Drop()
        self.around.setAccessibleName("Label atau amplop")
        for template, words in (
            ("", "Tanpa label"),
            *((grid.template, grid.label) for grid in LABEL_FORMATS),
            *ENVELOPES.items(),
        ):
            self.around.addItem(words, template)
        self.around.currentIndexChanged.connect(lambda _at: self._enable())
        self.first = QSpinBox(minimum=1, maximum=24, value=1)
        self.first.setAccessibleName("Mulai dari label ke")
        self.first.setPrefix("mulai label ke-")
        self.label_printer = self._printer_drop("Pencetak label dan amplop", names, LABELS)
        self.binders = QCheckBox("Label map yang penuh")
        self.binders.setObjectName("morning.binders")
        self.binders.hide()
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.hide()
        self.go = QPushButton("Cetak semua")
        self.go.setObjectName("morning.go")
        self.go.setProperty("role", "primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self._start)
        self._build()
        self._enable()
        self._read()

    # What is due

    def _read(self) -> None:
        office_id = self._office_id

        def ask(session: Session) -> Due:
            from desk.services import binders, labels

            full = [row for row in binders.binders(session, [office_id]) if row.full and not row.labelled]
            return Due(tuple(labels.papers_due(session, [office_id])), tuple(full))

        self._workstation.read(self, ask, self._show)

    def _show(self, due: Due) -> None:
        self._due = due
        self.tree.clear()
        groups: dict[str, QTreeWidgetItem] = {}
        for paper in due.papers:
            kind = sentence_case(paper.kind.label)
            if kind not in groups:
                groups[kind] = QTreeWidgetItem(self.tree, [kind])
                groups[kind].setFlags(groups[kind].flags() | Qt.ItemFlag.ItemIsAutoTristate)
                groups[kind].setCheckState(0, Qt.CheckState.Checked)
                groups[kind].setExpanded(True)
            row = QTreeWidgetItem(groups[kind], [paper.title, paper.case_number, paper.recipient.name])
            row.setData(0, Qt.ItemDataRole.UserRole, paper.document_id)
            row.setCheckState(0, Qt.CheckState.Checked)
        for kind, group in groups.items():
            group.setText(0, f"{kind} · {group.childCount()}")
        for column in range(3):
            self.tree.resizeColumnToContents(column)
        self.about.setText(
            f"{len(due.papers)} naskah dari 60 hari terakhir belum pernah dicetak. Kuitansi dicetak bendahara."
            if due.papers
            else "Semua naskah sudah dicetak. Kuitansi dicetak bendahara pada Tutup hari."
        )
        self.binders.setText(f"Label map yang penuh · {len(due.binders)}")
        self.binders.setVisible(bool(due.binders))
        self.binders.setChecked(bool(due.binders))
        self._enable()

    @property
    def chosen(self) -> tuple[PaperDue, ...]:
        """The ticked papers, in the order of the list."""
        ticked = {
            row.data(0, Qt.ItemDataRole.UserRole)
            for at in range(self.tree.topLevelItemCount())
            for row in self._children(at)
            if row.checkState(0) is Qt.CheckState.Checked
        }
        return tuple(paper for paper in self._due.papers if paper.document_id in ticked)

    def _children(self, at: int) -> list[QTreeWidgetItem]:
        group = self.tree.topLevelItem(at)
        rows = [] if group is None else [group.child(row) for row in range(group.childCount())]
        return [row for row in rows if row is not None]

    # Printing

    def _start(self) -> None:
        from desk.ui.printing import PrintOrder

        papers, around, station = self.chosen, str(self.around.currentData()), self._workstation
        first, binders = self.first.value(), self._due.binders if self.binders.isChecked() else ()
        order = PrintOrder(self.printer.currentText(), 1, 1, 1)
        label_order = PrintOrder(self.label_printer.currentText(), 1, 1, 1)
        station.printers.remember(PAPERS, order)
        if around or binders:
            station.printers.remember(LABELS, label_order)
        self.go.setEnabled(False)
        self._say("Mencetak …", "accent")
        run = _Run(station, self._office_id, station.today(self._office_id))

        def work(task: Task) -> RunOutcome:
            return run.all(task, papers, order, around, first, binders, label_order)

        def progressed(at: int, of: int) -> None:
            self._say(f"Mencetak {at} dari {of} …", "accent")

        station.background.run_slow(self, work, self._done, self._failed, progressed)

    def _done(self, outcome: RunOutcome) -> None:
        self.outcome = outcome
        self.said.emit(outcome.sentence)
        if not outcome.troubles:
            self.accept()
            return
        self._say(outcome.sentence, "late")
        self._read()

    def _failed(self, trouble: Refused | Unavailable) -> None:
        self._say(str(trouble), "late")
        self._read()

    # Showing

    def _say(self, sentence: str, tone: str) -> None:
        self.message.setText(sentence)
        self.message.show()
        set_look(self.message, tone=tone)

    def _enable(self) -> None:
        papers = len(self.chosen)
        around = str(self.around.currentData())
        self.first.setVisible(bool(around) and around not in ENVELOPES)
        anything = bool(papers or (self.binders.isChecked() and self._due.binders))
        self.go.setEnabled(anything and self.printer.count() > 0)
        self.go.setText(f"Cetak {papers} naskah" if papers else "Cetak")

    def _printers(self) -> list[str]:
        from desk.ui.printing import pdf_printers

        return [*QPrinterInfo.availablePrinterNames(), *pdf_printers]

    def _printer_drop(self, words: str, names: list[str], kind: str) -> Drop:
        drop = Drop()
        drop.addItems(names)
        drop.setAccessibleName(words)
        kept = self._workstation.printers.of(kind).printer
        default = kept if kept in names else QPrinterInfo.defaultPrinterName()
        drop.setCurrentIndex(names.index(default) if default in names else 0)
        return drop

    def _build(self) -> None:
        title = QLabel("Cetak pagi")
        title.setProperty("role", "title")
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(10)
        around = QHBoxLayout()
        around.addWidget(self.around, 1)
        around.addWidget(self.first)
        for at, words in enumerate(("Pencetak naskah", "Label atau amplop", "Pencetak label")):
            grid.addWidget(QLabel(words), at, 0)
        grid.addWidget(self.printer, 0, 1)
        grid.addLayout(around, 1, 1)
        grid.addWidget(self.label_printer, 2, 1)
        grid.setColumnStretch(1, 1)
        cancel = QPushButton("Tutup")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.go)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(24, 22, 24, 20)
        rows.setSpacing(12)
        rows.addWidget(title)
        rows.addWidget(self.about)
        rows.addWidget(self.tree, 1)
        rows.addLayout(grid)
        rows.addWidget(self.binders)
        rows.addWidget(self.message)
        rows.addLayout(buttons)
        self.resize(760, 560)
        if not self.printer.count():
            self._say("Belum ada pencetak di komputer ini. Pasang dahulu.", "late")


class _Run:
    """The work on the slow lane: one sheet after the other; one that does not come out holds up nothing."""

    def __init__(self, station: Workstation, office_id: int, today: date) -> None:
        self._station = station
        self._office_id = office_id
        self._today = today
        self._troubles: list[str] = []

    def all(
        self,
        task: Task,
        papers: tuple[PaperDue, ...],
        order: PrintOrder,
        around: str,
        first: int,
        binders: tuple[BinderRow, ...],
        label_order: PrintOrder,
    ) -> RunOutcome:
        """Papers, then what goes around those that came out, then the labels of full binders."""
        from desk.ui.print_run import print_paper

        steps = len(papers) + bool(around) + bool(binders)
        out: list[PaperDue] = []
        for at, paper in enumerate(papers):
            task.progress(at, steps)
            try:
                print_paper(self._station, paper.office_id, paper.case_id, paper.document_id, paper.title, order)
                out.append(paper)
            except Refused as refused:
                self._troubles.append(f"{paper.title}: {refused}")
        labels = 0
        if around and out:
            labels = self._around(around, out, first, label_order)
        if binders:
            labels += self._binders(binders, label_order)
        task.progress(steps, steps)
        return RunOutcome(len(out), labels, tuple(self._troubles))

    def _around(self, template: str, papers: list[PaperDue], first: int, order: PrintOrder) -> int:
        """One label or envelope per customer and case: what goes to the same person travels together."""
        recipients: dict[object, Recipient] = {}
        for paper in papers:
            recipients.setdefault(paper.case_id, paper.recipient)

        def ask(session: Session) -> Made:
            from desk.services import labels

            return labels.label_sheet(
                session, self._office_id, template, tuple(recipients.values()), self._today, first
            )

        return len(recipients) if self._sheet(ask, "Label dan amplop", order) else 0

    def _binders(self, rows: tuple[BinderRow, ...], order: PrintOrder) -> int:
        def ask(session: Session) -> Made:
            from desk.services import labels

            return labels.binder_labels(session, self._office_id, rows, self._today)

        if not self._sheet(ask, "Label map", order):
            return 0
        from desk.services import binders

        with self._station.link.transaction() as session:
            for row in rows:
                binders.note_label(session, self._office_id, row.id)
        return len(rows)

    def _sheet(self, ask: Callable[[Session], Made], title: str, order: PrintOrder) -> bool:
        from dataclasses import replace

        from desk.ui.background import Task
        from desk.ui.printing import carry_out

        shop = self._station.paper_shop()
        try:
            with self._station.link.reading() as session:
                made = ask(session)
            paper = shop.make(made.template, made.context, optional=OPTIONAL)
            own = replace(order, last=paper.pages, name=title)
            carry_out(own, shop, paper.pdf, "", Task(lambda _at, _of: None))
        except (Refused, Unavailable) as trouble:
            self._troubles.append(f"{title}: {trouble}")
            return False
        return True


def may_run(workstation: Workstation) -> int | None:
    """The office whose papers this person prints in the morning, None for nobody's."""
    for office in workstation.office_ids:
        if Duty.OFFICER in workstation.actor.duties_in(office):
            return office
    return None
