"""What was understood of a message, with the question what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

if TYPE_CHECKING:
    from desk.adapters.understanding import Understood
    from desk.services.incoming import Suggestion


class IntakeDialog(QDialog):
    """What was understood: sender, text, files; a new request, or the case it belongs to."""

    as_new = Signal(object)
    into_case = Signal(object, object)

    def __init__(self, parent: QWidget | None, seen: Understood, suggestions: Sequence[Suggestion]) -> None:
        super().__init__(parent)
        self._seen = seen
        self._suggestions = tuple(suggestions)
        self.cards: list[QCheckBox] = []
        self.setObjectName("intake")
        self.setWindowTitle(seen.heading)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(18, 18, 18, 14)
        rows.setSpacing(8)
        rows.addWidget(_label(seen.heading, role="title"))
        who = " · ".join(part for part in (seen.name, seen.email, seen.phone) if part)
        rows.addWidget(_label(who or "Pengirim tidak diketahui", role="strong"))
        if seen.subject:
            rows.addWidget(_label(seen.subject, role="muted"))
        text = QPlainTextEdit(seen.text)
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.setAccessibleName("Isi pesan")
        text.setMinimumHeight(120)
        rows.addWidget(text, 1)
        if seen.files:
            rows.addWidget(self._build_files())
        for sentence in seen.refusals:
            rows.addWidget(_label(f"Tidak diterima: {sentence}", tone="late"))
        if seen.notices:
            rows.addWidget(_label(" ".join(dict.fromkeys(seen.notices)), tone="soon"))
        rows.addWidget(self._build_choice())
        rows.addLayout(self._build_buttons())
        self.resize(640, 560)
        self.go.setFocus()

    def choose(self) -> None:
        """Go on with what is marked."""
        seen = self._seen.with_cards(frozenset(place for place, card in enumerate(self.cards) if card.isChecked()))
        chosen = self.group.checkedId()
        if chosen < 0:
            return
        self.accept()
        if chosen == 0:
            self.as_new.emit(seen)
        else:
            self.into_case.emit(seen, self._suggestions[chosen - 1])

    def _build_files(self) -> QWidget:
        from desk.adapters.files import size_text

        box = QFrame()
        box.setProperty("role", "panel")
        rows = QVBoxLayout(box)
        rows.setContentsMargins(12, 8, 12, 8)
        rows.setSpacing(6)
        for file in self._seen.files:
            row = QHBoxLayout()
            row.addWidget(_label(f"{file.name} · {size_text(len(file.data))}"), 1)
            card = QCheckBox("Kartu identitas (dilindungi)")
            card.setChecked(file.protected)
            card.setAccessibleName(f"{file.name} adalah kartu identitas")
            card.setToolTip("Disimpan terpisah; setiap kali dilihat, nama dan alasannya dicatat (UU 27/2022).")
            row.addWidget(card)
            self.cards.append(card)
            rows.addLayout(row)
        return box

    def _build_choice(self) -> QWidget:
        box = QWidget()
        rows = QVBoxLayout(box)
        rows.setContentsMargins(0, 4, 0, 0)
        rows.setSpacing(6)
        self.group = QButtonGroup(self)
        new = QRadioButton("Permohonan baru")
        new.setObjectName("intake.new")
        self.group.addButton(new, 0)
        rows.addWidget(new)
        if self._seen.no_case_because:
            new.setEnabled(False)
            rows.addWidget(_label(self._seen.no_case_because, tone="soon"))
        for place, case in enumerate(self._suggestions, 1):
            button = QRadioButton(f"Masuk ke {case.number} · {case.customer_name} ({case.why})")
            button.setObjectName(f"intake.case.{place}")
            self.group.addButton(button, place)
            rows.addWidget(button)
        certain = [place for place, case in enumerate(self._suggestions, 1) if case.why != "pengirim yang sama"]
        if certain:
            self.group.button(certain[0]).setChecked(True)
        elif not self._seen.no_case_because:
            new.setChecked(True)
        return box

    def _build_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        cancel = QPushButton("Batal")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.go = QPushButton("Lanjut")
        self.go.setObjectName("intake.go")
        self.go.setProperty("role", "primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self.choose)
        self.go.setEnabled(self.group.checkedId() >= 0)
        self.group.idToggled.connect(lambda: self.go.setEnabled(self.group.checkedId() >= 0))
        row.addWidget(cancel)
        row.addWidget(self.go)
        return row


def _label(text: str, **look: Any) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)  # strangers wrote this
    label.setWordWrap(True)
    for name, value in look.items():
        label.setProperty(name, value)
    return label
