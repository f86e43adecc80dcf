"""The auditor's window: stories of cases, people and settings, views of identity cards, integrity of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from desk.rules.people import Duty
from desk.ui.audit_filter import Story
from desk.ui.audit_integrity import IntegrityPane
from desk.ui.audit_list import AuditList
from desk.ui.sealing import KeyState, sealing_of

if TYPE_CHECKING:
    from desk.ui.workstation import Workstation

TITLES = {
    Story.CASE: "Permohonan",
    Story.PERSON: "Orang",
    Story.SETTING: "Pengaturan",
    Story.CARD: "Siapa melihat",
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
        self.integrity = IntegrityPane(workstation)
        self.integrity.said.connect(self.said)
        self.tabs.addTab("Keutuhan")
        self.stack.addWidget(self.integrity)
        self.tabs.currentChanged.connect(self._on_tab)
        self._sealing = sealing_of(workstation)
        self.seal = QPushButton()
        self.seal.setObjectName("seal.shown")
        self.seal.setProperty("role", "link")
        self.seal.clicked.connect(lambda: self.tabs.setCurrentIndex(len(TITLES)))
        self._sealing.changed.connect(self._show_seal)
        self._show_seal()
        heading = QHBoxLayout()
        heading.setSpacing(14)
        heading.addWidget(title)
        heading.addWidget(about, 1)
        heading.addWidget(self.seal)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(heading)
        layout.addWidget(self.tabs)
        layout.addWidget(self.stack, 1)

    def read(self) -> None:
        """Read the story on show."""
        current = self.stack.currentWidget()
        if isinstance(current, AuditList | IntegrityPane):
            current.read()

    def take_focus(self) -> None:
        """Give the focus to the list on show."""
        current = self.stack.currentWidget()
        if isinstance(current, AuditList):
            current.list.setFocus()
        else:
            self.integrity.take_focus()

    def _show_seal(self) -> None:
        """Say at all times whether the heads were signed since this login."""
        sealing = self._sealing
        if sealing.signed is not None:
            self.seal.setText("✓ Kepala blok ditandatangani")
        elif sealing.state in (KeyState.UNKNOWN, KeyState.OPEN) and not sealing.trouble:
            self.seal.setText("Kepala blok …")
        else:
            self.seal.setText("! Kepala blok belum ditandatangani")

    def show_story(self, story: Story) -> None:
        """Go to one of the stories."""
        self.tabs.setCurrentIndex(list(TITLES).index(story))

    def _on_tab(self, index: int) -> None:
        self.stack.setCurrentIndex(index)
        self.read()
