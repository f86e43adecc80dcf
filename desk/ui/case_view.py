"""The case: who, what is late, three tracks, the next steps and four pages; a panel at the right, or opened wide."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from desk.rules.claims import held_sentence
from desk.rules.office_hours import always_open
from desk.ui import theme
from desk.ui.action_bar import ActionBar
from desk.ui.case_binding import CaseBinding
from desk.ui.case_files import FilesPage, one_row_per_paper
from desk.ui.case_pages import story_html, summary_html
from desk.ui.conversation_page import ConversationPage
from desk.ui.due import due_sentence, due_tone
from desk.ui.rereading import Rereading
from desk.ui.rich_page import Page
from desk.ui.row_delegate import draw_bar
from desk.ui.theme import Tone
from desk.ui.tracks import Bar, bars, spoken

if TYPE_CHECKING:
    from datetime import date

    from desk.rules.case import CaseFacts, Holder
    from desk.services.case_file import CaseView as CaseFile
    from desk.services.queues import QueueRow
    from desk.ui.background import Trouble
    from desk.ui.workstation import Workstation

TABS = ("Ringkasan", "Percakapan", "Berkas", "Riwayat")
FILES_TAB = 2
PANEL_WIDTH = 372
HEAD_SHARE = 0.72
"""How much of the panel's height the heading and the steps may take; the pages get the rest."""
HEAD_WIDTH = 320
"""Width of heading and steps when the case is opened wide (px); less in a narrow window."""


class TrackLine(QWidget):
    """One track: its name, the bars, and the state in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar: Bar | None = None
        self._name = QLabel()
        self._words = QLabel()
        self._words.setProperty("role", "muted")
        self._words.setWordWrap(True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._name.setFixedWidth(62)
        layout.addWidget(self._name, 0, Qt.AlignmentFlag.AlignTop)
        layout.addSpacing(72)
        layout.addWidget(self._words, 1)

    def show_bar(self, bar: Bar) -> None:
        """Show this track."""
        self._bar = bar
        self._name.setText(bar.name)
        self._words.setText(bar.words)
        self.setAccessibleName(f"{bar.name}: {bar.words}")
        self.update()

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._bar is not None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_bar(painter, self._bar, 62, self._name.height() // 2, theme.theme.tokens, 1.4)


class CaseView(QFrame):
    """One case, kept up to date; `wide` puts the pages beside the heading."""

    performed = Signal(object)
    shown = Signal()
    """A case was read and stands on the screen, or none does."""
    wide_wanted = Signal()
    other_wanted = Signal(int, object)
    """A case that this one is joined to should be opened: office and id."""
    back_wanted = Signal()

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setObjectName("case")
        self._workstation = workstation
        self._file: CaseFile | None = None
        self._wanted: tuple[int, UUID] | None = None
        self._wide = False
        self._reading = Rereading(self._ask)
        self.actions_bar = ActionBar(workstation)
        self.actions_bar.performed.connect(self.performed)
        self.actions_bar.refused.connect(self.read)
        self._make_head()
        self._make_pages()
        self._nothing = QLabel("Pilih permohonan di daftar untuk melihat langkah berikutnya.")
        self._nothing.setProperty("role", "muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._rule = QFrame()
        self._rule.setProperty("role", "rule")
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._layout.setContentsMargins(1, 14, 1, 12)
        self._layout.setSpacing(8)
        self._layout.addWidget(self._nothing, 1)
        self._layout.addWidget(self._head)
        self._layout.addWidget(self._pages, 1)
        theme.theme.changed.connect(self._fill_pages)
        self.clear()

    def _make_head(self) -> None:
        inside = QWidget()
        inside.setObjectName("inside")
        column = QVBoxLayout(inside)
        column.setContentsMargins(18, 2, 18, 2)
        column.setSpacing(6)
        self._back = QPushButton("‹ Kembali ke daftar (Esc)")
        self._back.setProperty("role", "link")
        self._back.setObjectName("back")
        self._back.clicked.connect(self.back_wanted)
        self._number = _selectable("muted")
        self._name = _selectable("title")
        self._name.setWordWrap(True)
        self._who = _selectable("muted")
        self._who.setWordWrap(True)
        self._others = QLabel()
        self._others.setObjectName("others")
        self._others.setProperty("tone", Tone.SOON.value)
        self._others.setWordWrap(True)
        self._others.setTextFormat(Qt.TextFormat.PlainText)
        self._others.hide()
        self._due = QLabel()
        self._due.setObjectName("due")
        self._due.setProperty("tone", Tone.ACCENT.value)  # its padding comes with the first polish only
        self._due.setWordWrap(True)
        self._due.setTextFormat(Qt.TextFormat.PlainText)
        self._held = QLabel()
        self._held.setObjectName("held")
        self._held.setProperty("role", "muted")
        self._held.setWordWrap(True)
        self._held.setTextFormat(Qt.TextFormat.PlainText)
        self._tracks = [TrackLine() for _ in range(3)]
        self._steps_title = QLabel("LANGKAH BERIKUT")
        self._steps_title.setProperty("role", "section")
        for widget in (
            self._back,
            self._number,
            self._name,
            self._who,
            self._others,
            self._held,
            self._due,
            *self._tracks,
        ):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft if widget is self._back else Qt.AlignmentFlag(0))
        column.addSpacing(4)
        column.addWidget(self._steps_title)
        column.addWidget(self.actions_bar)
        column.addStretch(1)
        self._head_inside = inside
        inside.installEventFilter(self)
        self._head = QScrollArea()
        self._head.setWidgetResizable(True)
        self._head.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._head.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._head.setWidget(inside)

    def _make_pages(self) -> None:
        self._pages = QWidget()
        self._tabs = QTabBar()
        self._tabs.setAccessibleName("Bagian permohonan")
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setUsesScrollButtons(False)
        for title in TABS:
            self._tabs.addTab(title)
        self._summary, self._talk, self._story = Page("Ringkasan"), ConversationPage(), Page("Riwayat")
        self._summary.anchorClicked.connect(self._on_link)
        self.files = FilesPage(self._workstation)
        self.files.opened.connect(self.wide_wanted)
        self._stack = QStackedWidget()
        for page in (self._summary, self._talk, self.files, self._story):
            self._stack.addWidget(page)
        self._tabs.currentChanged.connect(self._on_tab)
        column = QVBoxLayout(self._pages)
        column.setContentsMargins(12, 0, 12, 0)
        column.setSpacing(6)
        self.binding = CaseBinding(self._workstation)
        column.addWidget(self._tabs)
        column.addWidget(self._stack, 1)
        column.addWidget(self.binding)

    @property
    def facts(self) -> CaseFacts | None:
        """The case on show, None before it has been read."""
        return self._file.facts if self._file else None

    @property
    def case_id(self) -> UUID | None:
        """The case that is shown or being read."""
        return self._wanted[1] if self._wanted else None

    def clear(self) -> None:
        """Show no case."""
        self._wanted = None
        self._file = None
        self.actions_bar.show_case(None)
        self._show_parts(False)
        self.shown.emit()

    def show_row(self, row: QueueRow) -> None:
        """Show the case of a row: its heading at once, the rest when it has been read."""
        if self._wanted == (row.office_id, row.id):
            return
        self.actions_bar.show_case(None)
        self._file = None
        self._show_heading(
            row.number,
            row.customer_name,
            f"{row.institution} · {row.channel.label}",
            bars(row.money, row.original, row.data),
        )
        self._show_holder(row.holder, self._workstation.today(row.office_id))
        self._due.hide()
        self._steps_title.hide()
        self.open_case(row.office_id, row.id)

    def open_case(self, office_id: int, case_id: UUID) -> None:
        """Read and show a case."""
        if self._wanted != (office_id, case_id):
            self._wanted = (office_id, case_id)
            self._file = None
            self._pages.hide()
        self.read()

    def read(self) -> None:
        """Read the case again."""
        if self._wanted is not None:
            self._reading.read()

    def _ask(self, ended: Callable[[], None]) -> None:
        wanted = self._wanted
        if wanted is None:
            ended()
            return

        def fill(file: CaseFile) -> None:
            if wanted == self._wanted:
                self._fill(file)
            ended()

        def failed(trouble: Trouble) -> None:
            if wanted == self._wanted and self._file is None:
                self._nothing.setText(f"Permohonan ini belum dapat dibaca. {trouble}")
                self._show_parts(False)
            ended()

        self._workstation.case(self, *wanted, fill, failed)

    def set_wide(self, wide: bool) -> None:
        """Put the pages beside the heading, or below it."""
        self._wide = wide
        self._back.setVisible(wide)
        self.files.set_wide(wide)
        self._fit_head()

    def focus_steps(self) -> None:
        """Give the focus to the recommended step, or to the pages when there is none."""
        if not self.actions_bar.focus_first():
            self._tabs.setFocus()

    def show_tab(self, index: int) -> None:
        """Show one of the four pages."""
        self._tabs.setCurrentIndex(index)

    def set_offline(self, sentence: str) -> None:
        """Switch the steps off with the reason, or on again."""
        self.actions_bar.set_offline(sentence)

    def _fill(self, file: CaseFile) -> None:
        same_case = self._file is not None and self._file.facts.id == file.facts.id
        self._file = file
        case = file.facts
        self._show_heading(
            case.number,
            case.customer_name,
            " · ".join(part for part in (case.institution, case.customer_class.label, case.channel.label) if part),
            bars(case.money, case.original, case.data),
        )
        self._show_holder(case.holder, case.today)
        due_on, why = _due(case)
        sentence = due_sentence(due_on, case.today, why)
        tone = due_tone(due_on, case.warned or always_open(case.today))
        self._due.setVisible(bool(sentence))
        _set_tone(self._due, tone if tone is not Tone.PLAIN else Tone.ACCENT)
        self._due.setText(sentence)
        self.actions_bar.show_case(case)
        self.binding.show_case(case)
        self._steps_title.setVisible(self.actions_bar.has_steps)
        documents = one_row_per_paper(file.documents)
        self.files.show_files(case.office_id, documents, same_case=same_case)
        self._talk.note(case.id, file.messages)
        new = f" · {self._talk.new} baru" if self._talk.new else ""
        self._tabs.setTabText(1, f"Percakapan {len(file.messages)}{new}" if file.messages else "Percakapan")
        self._tabs.setTabText(FILES_TAB, f"Berkas {len(documents)}" if documents else "Berkas")
        self._fill_pages()
        self._pages.show()
        self._fit_head()
        self.shown.emit()

    def show_others(self, sentences: str) -> None:
        """Show which colleagues have this case open too."""
        self._others.setText(sentences)
        self._others.setVisible(bool(sentences))

    def _show_holder(self, holder: Holder | None, today: date) -> None:
        self._held.setVisible(holder is not None)
        if holder is not None:
            self._held.setText(held_sentence(holder, self._workstation.actor.login, today))

    def _on_link(self, link: QUrl) -> None:
        if link.scheme() == "case" and self._wanted is not None:
            self.other_wanted.emit(self._wanted[0], UUID(link.path()))

    def _show_heading(self, number: str, name: str, who: str, shown: tuple[Bar, ...]) -> None:
        self._number.setText(number)
        self._name.setText(name)
        self._who.setText(who)
        for line, bar in zip(self._tracks, shown, strict=True):
            line.show_bar(bar)
        self.setAccessibleName(f"Permohonan {number}, {name}. {spoken(shown)}")
        self._show_parts(True)

    def _show_parts(self, some: bool) -> None:
        self._nothing.setVisible(not some)
        self._head.setVisible(some)
        if not some:
            self._pages.hide()

    def _on_tab(self, index: int) -> None:
        self._stack.setCurrentIndex(index)
        self._fill_pages()

    def _fill_pages(self) -> None:
        """Fill the page on show; the others are filled when somebody looks."""
        if self._file is None:
            return
        tokens = theme.theme.tokens
        file, case = self._file, self._file.facts
        zone = self._workstation.office(case.office_id).zone
        fill: dict[int, Callable[[], None]] = {
            0: lambda: self._summary.show_html(
                summary_html(
                    case,
                    file.customer,
                    tokens,
                    file.names,
                    file.held,
                    links=file.links,
                    before=file.before,
                    attempts=file.attempts,
                )
            ),
            1: lambda: self._talk.show_messages(file.messages, zone, case.today, tokens),
            3: lambda: self._story.show_html(story_html(file.story, zone, case.today, tokens)),
        }
        fill.get(self._tabs.currentIndex(), lambda: None)()

    def _fit_head(self) -> None:
        """Give the heading what it needs, but leave the pages at least a third in the panel."""
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._layout.setDirection(across if self._wide else down)
        if self._wide:
            self._head.setMinimumHeight(0)
            self._head.setMaximumHeight(16_777_215)
            self._head.setFixedWidth(min(HEAD_WIDTH, int(self.width() * 0.4)))
        else:
            self._head.setMinimumWidth(0)
            self._head.setMaximumWidth(16_777_215)
            layout = self._head_inside.layout()
            assert layout is not None
            needed = max(0, layout.totalHeightForWidth(self._head.viewport().width()))
            self._head.setFixedHeight(min(needed, int(self.height() * HEAD_SHARE)))

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_head()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:  # steps came or went
            self._fit_head()
        return False  # nothing is kept from the widget; asking the base class would be felt at each of these events

    def sizeHint(self) -> QSize:
        return QSize(PANEL_WIDTH, 600)


def _due(case: CaseFacts) -> tuple[Any, str]:
    """The due day that counts now, with its reason."""
    from desk.rules.dates import day_text
    from desk.rules.desks import whereabouts

    due_on = whereabouts(case).due_on
    if due_on is not None and due_on == case.files.correction_due:
        return due_on, "batas perbaikan yang diminta pengguna data."
    clock = case.service
    if clock is not None and clock.on is None:
        until = f" Invoice berlaku sampai {day_text(due_on)}." if due_on else ""
        return None, clock.sentence + until
    if due_on is None:
        return None, ""
    return due_on, " ".join(part for part in (case.service_due_why, clock.sentence if clock else "") if part)


def _selectable(role: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setProperty("role", role)
    return label


def _set_tone(label: QLabel, tone: Tone) -> None:
    if label.property("tone") != tone.value:
        label.setProperty("tone", tone.value)
        label.style().unpolish(label)
        label.style().polish(label)
