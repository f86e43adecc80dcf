"""The auditor's window: stories of cases, people and settings, and who looked at an identity card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from desk.rules.people import Duty
from desk.ui.audit_filter import Story
from desk.ui.audit_list import AuditList

if TYPE_CHECKING:
    from desk.ui.workstation import Workstation

TITLES = {
    Story.CASE: "Permohonan",
    Story.PERSON: "Orang",
    Story.SETTING: "Pengaturan",
    Story.CARD: "Kartu identitas",
}


class AuditPage(QWidget):
    """Everything that was ever changed in the offices this person audits, in words; nothing can be changed here."""

    said = Signal(str)

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Pemeriksaan")
        offices = [office for office in workstation.offices if Duty.AUDITOR in workstation.actor.duties_in(office.id)]
        title = QLabel("Pemeriksaan")
        title.setProperty("role", "title")
        about = QLabel("Setiap perubahan: siapa, kapan, dari komputer mana, semula dan menjadi apa.")
        about.setProperty("role", "muted")
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Cerita yang dibaca")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.stack = QStackedWidget()
        self.lists = {story: AuditList(workstation, offices, story) for story in TITLES}
        for story, words in TITLES.items():
            self.lists[story].said.connect(self.said)
            self.tabs.addTab(words)
            self.stack.addWidget(self.lists[story])
        self.tabs.currentChanged.connect(self._on_tab)
        heading = QHBoxLayout()
        heading.setSpacing(14)
        heading.addWidget(title)
        heading.addWidget(about, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(heading)
        layout.addWidget(self.tabs)
        layout.addWidget(self.stack, 1)

    def read(self) -> None:
        """Read the story on show."""
        current = self.stack.currentWidget()
        if isinstance(current, AuditList):
            current.read()

    def take_focus(self) -> None:
        """Give the focus to the list on show."""
        current = self.stack.currentWidget()
        if isinstance(current, AuditList):
            current.list.setFocus()

    def show_story(self, story: Story) -> None:
        """Go to one of the stories."""
        self.tabs.setCurrentIndex(list(TITLES).index(story))

    def _on_tab(self, index: int) -> None:
        self.stack.setCurrentIndex(index)
        self.read()
