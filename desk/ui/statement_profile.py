"""The treasurer describes a bank's table: which column says what, and at once how the first rows read that way."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desk.adapters.bank_files import Profile, why_not_profile
from desk.rules.dates import short_text
from desk.rules.statement import StatementLine, sen_text
from desk.ui.forms.plain_fields import Drop, sentence_case
from desk.ui.theme import set_look

if TYPE_CHECKING:
    from desk.adapters.bank_files import Preview
    from desk.ui.background import Task, Trouble
    from desk.ui.workstation import Workstation

_ROLES: tuple[tuple[str, str], ...] = (
    ("date", "Tanggal *"),
    ("text", "Keterangan *"),
    ("more", "Keterangan tambahan"),
    ("debit", "Debet (keluar)"),
    ("credit", "Kredit (masuk)"),
    ("amount", "Nominal (satu kolom)"),
    ("sign", "Tanda D/K"),
    ("balance", "Saldo"),
    ("reference", "Nomor referensi"),
    ("counterparty", "Nama pengirim"),
    ("time", "Jam"),
    ("account", "Nomor rekening"),
)
_NONE = "(tidak ada)"
_DELIMITERS = (("", "dikenali sendiri"), (";", "titik koma ;"), (",", "koma ,"), ("\t", "tab"), ("|", "garis tegak |"))
_DECIMALS = (("auto", "dikenali sendiri"), ("comma", "koma: 1.234,56"), ("point", "titik: 1,234.56"))
_ORDERS = (("dmy", "hari dahulu: 31/10"), ("mdy", "bulan dahulu: 10/31"))
_LOOK_AFTER_MS = 350
_ROWS_SHOWN = 12


class ProfileForm(QDialog):
    """Above the rows of the file, below what each column says, at the bottom how the first movements read."""

    kept = Signal(object)
    """The profile, stored for the office."""

    def __init__(
        self, parent: QWidget | None, workstation: Workstation, office_id: int, path: Path, seen: Preview
    ) -> None:
        super().__init__(parent)
        self._workstation, self._office_id, self._path = workstation, office_id, path
        self._rows = seen.rows
        self._turn = 0
        self.setObjectName("profile_form")
        self.setWindowTitle("Susunan kolom mutasi rekening")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._later = QTimer(self, singleShot=True, interval=_LOOK_AFTER_MS)
        self._later.timeout.connect(self._try)
        self._build()
        self._show_rows()
        self._take(seen.profile)
        self.resize(900, 680)

    # What the form is made of

    def _build(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(24, 20, 24, 18)
        rows.setSpacing(10)
        title = QLabel(f"Susunan kolom {self._path.name}")
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setProperty("role", "title")
        rows.addWidget(title)
        self.table = QTableWidget()
        self.table.setAccessibleName("Baris pertama berkas")
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.horizontalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.verticalHeader().setDefaultSectionSize(24)
        self.table.verticalHeader().setStyleSheet("QHeaderView::section { padding: 0 8px; }")
        self.table.setFixedHeight(200)
        rows.addWidget(self.table)
        rows.addLayout(self._build_fields())
        self.verdict = QLabel()
        self.verdict.setObjectName("verdict")
        self.verdict.setTextFormat(Qt.TextFormat.PlainText)
        self.verdict.setWordWrap(True)
        self.verdict.setMargin(8)
        rows.addWidget(self.verdict)
        rows.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        cancel = QPushButton("Batal")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.save = QPushButton("Simpan profil")
        self.save.setObjectName("profile.save")
        self.save.setProperty("role", "primary")
        self.save.setDefault(True)
        self.save.setEnabled(False)
        self.save.clicked.connect(self._save)
        buttons.addWidget(cancel)
        buttons.addWidget(self.save)
        rows.addLayout(buttons)

    def _build_fields(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        self.bank, self.name = QLineEdit(), QLineEdit()
        self.header = QSpinBox(minimum=1, maximum=max(1, len(self._rows)))
        self.skip = QSpinBox(minimum=0, maximum=100)
        self.delimiter, self.decimals, self.order = _drop(_DELIMITERS), _drop(_DECIMALS), _drop(_ORDERS)
        self.roles: dict[str, QComboBox] = {}
        entries: list[tuple[str, QWidget]] = [
            ("Bank *", self.bank), ("Nama susunan *", self.name), ("Judul kolom di baris", self.header),
            ("Lewati baris teratas", self.skip), ("Pemisah kolom", self.delimiter), ("Desimal", self.decimals),
            ("Urutan tanggal", self.order),
        ]  # fmt: skip
        for role, words in _ROLES:
            self.roles[role] = Drop()
            entries.append((words, self.roles[role]))
        for at, (words, editor) in enumerate(entries):
            name = QLabel(words)
            name.setBuddy(editor)
            editor.setAccessibleName(words.rstrip(" *"))
            editor.setObjectName(f"profile.{at}")
            grid.addWidget(name, at // 3, at % 3 * 2)
            grid.addWidget(editor, at // 3, at % 3 * 2 + 1)
        for column in (1, 3, 5):
            grid.setColumnStretch(column, 1)
        for edit in (self.bank, self.name):
            edit.textChanged.connect(self._changed)
        self.header.valueChanged.connect(self._name_columns)
        self.skip.valueChanged.connect(self._changed)
        for drop in (self.delimiter, self.decimals, self.order, *self.roles.values()):
            drop.currentIndexChanged.connect(self._changed)
        return grid

    def _show_rows(self) -> None:
        shown = self._rows[:_ROWS_SHOWN]
        self.table.setRowCount(len(shown))
        self.table.setColumnCount(max((len(row) for row in shown), default=0))
        for at, row in enumerate(shown):
            for column, words in enumerate(row):
                self.table.setItem(at, column, QTableWidgetItem(words))
        self.table.resizeColumnsToContents()
        for column in range(self.table.columnCount()):
            self.table.setColumnWidth(column, min(220, self.table.columnWidth(column)))

    def _take(self, draft: Profile | None) -> None:
        """Begin with the draft that the usual column names gave, or with the row that has the most texts."""
        named = set(draft.must.values()) if draft else set()
        likely = max(
            range(len(self._rows)),
            key=lambda at: (len(named & set(self._rows[at])), sum(1 for cell in self._rows[at] if _is_name(cell))),
            default=0,
        )
        self.header.setValue(likely + 1)
        self._name_columns()
        if draft is None:
            return
        known = {**draft.must, **draft.may}
        for role, column in known.items():
            if role in self.roles:
                self.roles[role].setCurrentIndex(max(0, self.roles[role].findText(column.split("|")[0])))
        for role, texts in (("text", draft.description), ("more", draft.description[1:] or draft.more_description)):
            if texts:
                self.roles[role].setCurrentIndex(max(0, self.roles[role].findText(texts[0].split("|")[0])))

    def _name_columns(self) -> None:
        """Offer the cells of the heading row as columns, keeping what was chosen."""
        row = self._rows[self.header.value() - 1] if self._rows else ()
        names = list(dict.fromkeys(cell for cell in row if cell.strip()))
        for drop in self.roles.values():
            before = drop.currentText()
            drop.blockSignals(True)
            drop.clear()
            drop.addItems([_NONE, *names])
            drop.setCurrentIndex(max(0, drop.findText(before)))
            drop.blockSignals(False)
        self._changed()

    # What it says so far

    def profile(self) -> Profile:
        """The profile as it is described now."""
        chosen = {role: drop.currentText() for role, drop in self.roles.items() if drop.currentIndex() > 0}
        texts = tuple(chosen.pop(role) for role in ("text", "more") if role in chosen)
        needed = ("date", "amount", "sign") if "amount" in chosen else ("date", "debit", "credit")
        title = " ".join(self.name.text().split())
        return Profile(
            id=re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:40],
            bank=" ".join(self.bank.text().split()),
            title=title,
            must={role: chosen[role] for role in needed if role in chosen},
            may={role: column for role, column in chosen.items() if role not in needed},
            description=texts[:1],
            more_description=texts[1:],
            delimiter=_DELIMITERS[self.delimiter.currentIndex()][0],
            decimals=_DECIMALS[self.decimals.currentIndex()][0],
            date_order=_ORDERS[self.order.currentIndex()][0],
            skip_rows=self.skip.value(),
        )

    def _changed(self) -> None:
        self._turn += 1
        self.save.setEnabled(False)
        self._later.start()

    def _try(self) -> None:
        """Read the first movements with the profile; runs on the slow lane."""
        from desk.adapters.bank_files import open_bank_file

        profile, path, turn = self.profile(), self._path, self._turn
        if not profile.bank or len(profile.id) < 2:
            self._say("Isi nama bank dan nama susunan ini, misalnya “Bank Contoh CSV”.", "soon")
            return
        problem = why_not_profile(profile)
        if problem is not None:
            self._say(sentence_case(problem), "soon")
            return

        def work(_task: Task) -> list[StatementLine]:
            with open_bank_file(path, profile=profile) as bank_file:
                return list(islice(bank_file.lines(), 3))

        self._workstation.background.run_slow(
            self, work, self._mine(turn, self._show_lines), self._mine(turn, self._show_trouble)
        )

    def _mine(self, turn: int, call: Callable[[Any], object]) -> Callable[[Any], object]:
        return lambda answer: call(answer) if turn == self._turn else None

    def _show_lines(self, lines: list[StatementLine]) -> None:
        told = "\n".join(
            f"{short_text(line.booked_on)}   {sen_text(line.amount_sen)}   {line.description[:80]}" for line in lines
        )
        self._say(
            f"Terbaca sebagai:\n{told}" if lines else "Tidak ada mutasi yang terbaca.", "done" if lines else "soon"
        )
        self.save.setEnabled(bool(lines))

    def _show_trouble(self, trouble: Trouble) -> None:
        self._say(str(trouble), "late")

    def _say(self, words: str, tone: str) -> None:
        self.verdict.setText(words)
        set_look(self.verdict, tone=tone)

    def _save(self) -> None:
        from desk.services import statements

        profile, office, link = self.profile(), self._office_id, self._workstation.link

        def deed() -> None:
            with link.transaction() as session:
                statements.keep_profile(session, office, profile)

        def done(_none: None) -> None:
            self.kept.emit(profile)
            self.accept()

        self.save.setEnabled(False)
        self._workstation.background.run_work(self, deed, done, self._show_trouble)


def _drop(options: tuple[tuple[str, str], ...]) -> QComboBox:
    drop = Drop()
    drop.addItems([words for _, words in options])
    return drop


def _is_name(cell: str) -> bool:
    return bool(re.search(r"[A-Za-z]{2}", cell)) and not re.search(r"\d{3}", cell)
