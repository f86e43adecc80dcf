"""Two templates of one paper beside each other: as pages of a real old case, and their differences in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from desk.rules.papers.differences import Change, Differences, Kind, differences
from desk.ui import theme
from desk.ui.paper_preview import PaperPreview
from desk.ui.statement_facts import label, set_tone

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.services.templates import FormEntry, OldPaper, Version
    from desk.ui.background import Trouble
    from desk.ui.workstation import Workstation

_WIDTH, _HEIGHT = 1240, 690
_EXAMPLE = "Nilai contoh bawaan program"


@dataclass(frozen=True, slots=True)
class Candidate:
    """The template at the right: a stored version, or a file that is not stored yet."""

    title: str
    data: bytes = field(default=b"", repr=False)
    version: Version | None = None


@dataclass(frozen=True, slots=True)
class _Sides:
    """The bytes of both templates and the papers to try them on."""

    before: bytes = field(repr=False)
    after: bytes = field(repr=False)
    papers: tuple[OldPaper, ...] = ()


class TemplateCompare(QDialog):
    """At the left the version in force, at the right the other one; every page is marked CONTOH and stored nowhere."""

    def __init__(
        self, parent: QWidget | None, workstation: Workstation, entry: FormEntry, candidate: Candidate
    ) -> None:
        super().__init__(parent)
        self._workstation, self._entry, self._candidate = workstation, entry, candidate
        self._sides: _Sides | None = None
        self._turn = 0
        self.setObjectName("template_compare")
        self.setWindowTitle("Bandingkan templat")
        self._build()
        room = self.screen().availableGeometry()
        self.resize(min(_WIDTH, room.width() - 40), min(_HEIGHT, room.height() - 60))
        self._learn()

    # Reading

    def _learn(self) -> None:
        entry, candidate = self._entry, self._candidate

        def work(session: Session) -> _Sides:
            from desk.services import templates

            assert entry.in_force is not None
            after = templates.content(session, candidate.version) if candidate.version is not None else candidate.data
            papers = templates.old_papers(session, entry.office_id, entry.form.paper)
            return _Sides(templates.content(session, entry.in_force), after, tuple(papers))

        def learned(sides: _Sides) -> None:
            self._sides = sides
            self.papers.blockSignals(True)
            for paper in sides.papers:
                named = (paper.number, paper.customer_name, paper.case_number)
                self.papers.addItem(" · ".join(part for part in named if part), paper)
            self.papers.addItem(_EXAMPLE, None)
            self.papers.blockSignals(False)
            self.papers.setEnabled(True)
            if not sides.papers:
                self.note.setText("Kantor ini belum pernah menerbitkan naskah ini; dicetak dengan nilai contoh.")
            self._try()
            self._find_differences(sides)

        self._workstation.read(self, work, learned, self._on_trouble)

    def _find_differences(self, sides: _Sides) -> None:
        kind, shop = self._entry.form.paper, self._workstation.paper_shop

        def work(_task: object) -> Differences:
            return differences(kind, shop().text_of(sides.before), shop().text_of(sides.after))

        self._workstation.background.run_slow(self, work, self._show_differences, self._on_trouble)

    def _try(self) -> None:
        """Print both templates on the chosen paper."""
        sides, paper = self._sides, self.papers.currentData()
        if sides is None:
            return
        self._turn += 1
        turn, kind = self._turn, self._entry.form.paper

        def read(session: Session) -> dict[str, object]:
            from desk.services import templates

            return templates.example_values(kind) if paper is None else templates.values_of(session, paper)

        def with_values(values: dict[str, object]) -> None:
            if turn == self._turn:
                for preview, template in ((self.before, sides.before), (self.after, sides.after)):
                    self._print(preview, template, values, turn)

        self._workstation.read(self, read, with_values, self._on_trouble)

    def _print(self, preview: PaperPreview, template: bytes, values: dict[str, object], turn: int) -> None:
        kind, shop = self._entry.form.paper, self._workstation.paper_shop

        def work(_task: object) -> bytes:
            from desk.services.template_check import print_trial

            return print_trial(shop(), kind, template, values).pdf

        def show(pdf: bytes) -> None:
            if turn == self._turn:
                preview.show_file("contoh.pdf", "application/pdf", pdf)

        self._workstation.background.run_slow(self, work, show, self._on_trouble)

    def _on_trouble(self, trouble: Trouble) -> None:
        self.note.setText(str(trouble))
        set_tone(self.note, "late")

    def _show_differences(self, found: Differences) -> None:
        inside = QFrame()
        inside.setProperty("role", "panel")
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(18, 16, 18, 16)
        rows.setSpacing(8)
        for heading, changes in (("KOLOM", found.fields), ("TULISAN", found.lines)):
            rows.addWidget(label(heading, role="section"))
            if not changes:
                same = "Kolom yang dipakai sama." if heading == "KOLOM" else "Tulisannya sama."
                rows.addWidget(label(same, role="muted"))
            for change in changes:
                rows.addWidget(_change_line(change))
        if not found.fields and not found.lines:
            rows.addWidget(label("Bila berkasnya berbeda, yang berubah hanya tata letak, huruf, atau gambar."))
        rows.addStretch(1)
        self.words.setWidget(inside)
        total = len(found.fields) + len(found.lines)
        self.tabs.setTabText(1, f"Perbedaan ({total})")

    # What the window is made of

    def _build(self) -> None:
        assert self._entry.in_force is not None
        self.papers = QComboBox()
        self.papers.setObjectName("compare.papers")
        self.papers.setAccessibleName("Dicoba pada naskah")
        self.papers.setEnabled(False)
        self.papers.setMinimumWidth(430)
        self.papers.currentIndexChanged.connect(self._try)
        self.note = label("Tidak ada yang disimpan dan tidak ada nomor yang terpakai.", role="muted")
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Cara membandingkan")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        for title in ("Cetak uji", "Perbedaan"):
            self.tabs.addTab(title)
        self.before = PaperPreview(self._workstation, with_actions=False)
        self.after = PaperPreview(self._workstation, with_actions=False)
        pages = QWidget()
        beside = QHBoxLayout(pages)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(theme.GAP_WIDE)
        for title, preview in (
            (f"Berlaku sekarang: {self._entry.in_force.title}", self.before),
            (self._candidate.title, self.after),
        ):
            column = QVBoxLayout()
            column.addWidget(label(title, role="strong"))
            column.addWidget(preview, 1)
            beside.addLayout(column, 1)
        self.words = QScrollArea()
        self.words.setWidgetResizable(True)
        self.words.setFrameShape(QFrame.Shape.NoFrame)
        stack = QStackedWidget()
        stack.addWidget(pages)
        stack.addWidget(self.words)
        self.tabs.currentChanged.connect(stack.setCurrentIndex)
        close = QPushButton("Tutup")
        close.setAutoDefault(False)
        close.clicked.connect(self.accept)
        head = QHBoxLayout()
        head.addWidget(label(self._entry.form.label, role="title"), 1)
        head.addWidget(label("Dicoba pada", role="muted"))
        head.addWidget(self.papers)
        foot = QHBoxLayout()
        foot.addWidget(self.note, 1)
        foot.addWidget(close)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(24, 18, 24, 16)
        rows.setSpacing(10)
        rows.addLayout(head)
        rows.addWidget(self.tabs)
        rows.addWidget(stack, 1)
        rows.addLayout(foot)

    # Qt overrides

    def done(self, result: int) -> None:
        self._turn += 1
        super().done(result)
        self.deleteLater()


_TONES = {Kind.ADDED: "done", Kind.REMOVED: "late", Kind.CHANGED: "soon"}


def _change_line(change: Change) -> QWidget:
    if change.kind is Kind.CHANGED:
        words = label(f"Berubah: {change.said()}\nKalimatnya sekarang: “{change.after}”")
    else:
        words = label(f"{change.kind.value}: “{change.before or change.after}”")
    words.setObjectName("change")
    set_tone(words, _TONES[change.kind])
    return words
