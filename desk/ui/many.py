"""The window of one deed for many cases: what, who may and who may not, and what became of each.

It stands beside the list and blocks nothing; it can be stopped between two cases and closed at any time.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from desk.many import ManyRow, Standing, actions_for_many
from desk.ui import message
from desk.ui.forms.plain_fields import Drop
from desk.ui.list_view import ListView
from desk.ui.many_run import ManyRun, drafts_of
from desk.ui.many_sheet import many_columns, write_rows
from desk.ui.sheet_files import SheetFiles
from desk.ui.table import TableModel

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from desk.actions import Action
    from desk.services.queues import QueueRow
    from desk.ui.forms.field import Field
    from desk.ui.forms.surroundings import Colleague
    from desk.ui.workstation import Workstation


class Many(QObject):
    """Opens the window for the chosen rows, and again for a run that broke off."""

    said = Signal(str)

    def __init__(self, workstation: Workstation, parent: QWidget) -> None:
        super().__init__(parent)
        self._workstation, self._window = workstation, parent
        self.dialog: ManyDialog | None = None

    def begin(self, rows: list[QueueRow]) -> None:
        """Open the window for these rows; one at a time."""
        if self.dialog is not None and isValid(self.dialog) and self.dialog.isVisible():
            self.dialog.raise_()
            self.dialog.activateWindow()
            return
        if len(rows) < 2:
            self.said.emit(
                "Pilih beberapa baris dahulu: Spasi satu per satu, Shift atau Ctrl dengan klik, atau Ctrl+A."
            )
            return
        self._open(ManyDialog(self._window, self._workstation, [(row.office_id, row.id) for row in rows]))

    def go_on(self, run: ManyRun) -> None:
        """Open the window for a run that broke off."""
        self._open(ManyDialog(self._window, self._workstation, run.cases, run))

    def _open(self, dialog: ManyDialog) -> None:
        self.dialog = dialog
        dialog.said.connect(self.said)
        dialog.show()


class ManyDialog(QDialog):
    """Which deed, what all get, a line per case, and the buttons."""

    said = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        workstation: Workstation,
        cases: list[tuple[int, UUID]] | tuple[tuple[int, UUID], ...],
        run: ManyRun | None = None,
    ) -> None:
        super().__init__(parent.window())
        self._workstation, self._cases = workstation, tuple(cases)
        self.run: ManyRun | None = None
        self.fields: dict[str, Field] = {}
        self.choices = actions_for_many(workstation.actor, frozenset(office_id for office_id, _ in cases))
        self.files = SheetFiles(workstation, self)
        self.files.said.connect(self._say)
        self.setObjectName("many")
        self.setWindowTitle(f"Tindakan untuk {len(self._cases)} permohonan")
        self.setAccessibleName(self.windowTitle())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(1000, 580)
        self._build()
        if run is not None:
            run.setParent(self)
            self.which.setCurrentIndex(1 + [action.id for action in self.choices].index(run.action.id))
            self.which.setEnabled(False)
            self._take(run)

    # Building

    def _build(self) -> None:
        title = QLabel(self.windowTitle())
        title.setProperty("role", "title")
        self.which = Drop()
        self.which.setMinimumWidth(280)
        self.which.setObjectName("many.which")
        self.which.setAccessibleName("Tindakan")
        self.which.addItems(["Pilih tindakan …", *(action.label for action in self.choices)])
        self.which.activated.connect(self._choose)
        self.about = _words("", "muted")
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.which)
        self._asked = QVBoxLayout()
        self._asked.setSpacing(10)
        self.summary = _words("Pilih tindakannya; sebelum dikerjakan, terlihat mana yang dapat dan mana yang tidak.")
        self.summary.setObjectName("many.summary")
        self.list = ListView("Permohonan yang dipilih", 44)
        self.list.setObjectName("many.rows")
        self._model: TableModel[ManyRow] = TableModel(many_columns(), parent=self)
        self.list.set_table(self._model)
        self.list.row_selected.connect(self._show_text)
        self.text = QPlainTextEdit()
        self.text.setObjectName("many.text")
        self.text.setReadOnly(True)
        self.text.setAccessibleName("Teks yang dikirim")
        self.text.hide()
        middle = QHBoxLayout()
        middle.setSpacing(14)
        middle.addWidget(self.list, 3)
        middle.addWidget(self.text, 2)
        self.do = _button("Kerjakan", "many.do", self._do, "primary")
        self.halt = _button("Berhenti", "many.stop", self._stop)
        self.save = _button("Simpan hasil ke Excel …", "many.save", self._ask_where)
        leave = _button("Tutup", "many.close", self.close)
        for button in (self.do, self.halt, self.save):
            button.hide()
        buttons = QHBoxLayout()
        buttons.addWidget(self.save)
        buttons.addStretch(1)
        for button in (self.halt, leave, self.do):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.about)
        column.addLayout(self._asked)
        column.addWidget(self.summary)
        column.addLayout(middle, 1)
        column.addLayout(buttons)
        self.about.hide()

    # Choosing

    def choose(self, action_id: str) -> None:
        """Choose a deed, as if it had been taken from the list."""
        self.which.setCurrentIndex(1 + [action.id for action in self.choices].index(action_id))
        self._choose(self.which.currentIndex())

    def _choose(self, place: int) -> None:
        if self.run is not None:
            self.run.stop()
            self.run.deleteLater()
            self.run = None
        self._drop_fields()
        self._model.show([])
        if place > 0:
            self._take(ManyRun(self._workstation, self.choices[place - 1], self._cases, self))

    def _take(self, run: ManyRun) -> None:
        self.run = run
        self.about.setText(run.action.help)
        self.about.show()
        run.looked.connect(self._show)
        run.changed.connect(self._show)
        run.ended.connect(self._on_ended)
        self.summary.setText("Memeriksa …")
        if run.action.asks is not None and run.inputs is None and not run.action.sends:
            self._ask_for_all(run.action)
        run.look()

    def _ask_for_all(self, action: Action) -> None:
        """The questions of a deed that are the same for all cases."""
        station, office_id = self._workstation, self._cases[0][0]

        def read(session: Session) -> tuple[Colleague, ...]:
            from desk.ui.forms.opening import colleagues_of

            return colleagues_of(session, office_id)

        def show(colleagues: tuple[Colleague, ...]) -> None:
            if self.run is not None and self.run.action is action and not self.fields:
                self._build_fields(action, office_id, colleagues)

        station.read(self, read, show, lambda trouble: self._say(str(trouble)))

    def _build_fields(self, action: Action, office_id: int, colleagues: tuple[Colleague, ...]) -> None:
        from desk.rules.inputs import questions
        from desk.ui.forms.build import build_field
        from desk.ui.forms.surroundings import Surroundings

        station = self._workstation
        around = Surroundings(
            today=station.today(office_id),
            login=station.actor.login,
            background=station.background,
            drafts=drafts_of(station)(),
            colleagues=colleagues,
        )
        assert action.asks is not None
        for question in questions(action.asks):
            field = build_field(question, action.asks, None, around)
            self.fields[question.name] = field
            self._asked.addWidget(field)
        self._show()

    def _drop_fields(self) -> None:
        for field in self.fields.values():
            self._asked.removeWidget(field)
            field.hide()
            field.deleteLater()
        self.fields.clear()
        self.text.hide()

    # Showing

    def _show(self) -> None:
        run = self.run
        if run is None:
            return
        if len(self._model.rows) == len(run.rows):
            self._model.refresh(run.rows)
        else:
            self.list.show_rows(run.rows)
        count = {standing: sum(1 for row in run.rows if row.standing is standing) for standing in Standing}
        self.summary.setText(self._told(run, count))
        self.do.setVisible(bool(run.left) and not run.running)
        self.do.setEnabled(run.judged)
        goes_on = count[Standing.DONE] or count[Standing.REFUSED] or count[Standing.UNKNOWN]
        self.do.setText("Lanjutkan" if goes_on else f"{run.action.label} ({run.left})")
        self.halt.setVisible(run.running)
        self.which.setEnabled(not run.running and not goes_on)
        self.save.setVisible(bool(run.rows) and not run.running)
        for field in self.fields.values():
            field.setEnabled(not run.running and not goes_on)
        self._show_text(self.list.current_row())

    def _told(self, run: ManyRun, count: dict[Standing, int]) -> str:
        if run.trouble and not run.running:
            rest = f" {run.left} permohonan belum selesai; lanjutkan tanpa khawatir dobel." if run.left else ""
            return run.trouble + rest
        if not run.judged:
            return f"Memeriksa {len(run.rows)} dari {len(run.cases)} …"
        passed = f"{count[Standing.SKIPPED]} dilewati" if count[Standing.SKIPPED] else ""
        ended = [
            f"{count[standing]} {standing.value}"
            for standing in (Standing.DONE, Standing.REFUSED, Standing.UNKNOWN)
            if count[standing]
        ]
        if run.running:
            return f"Sedang dikerjakan: {', '.join(ended) or '0 selesai'}, {count[Standing.READY]} lagi."
        if ended:
            left = f"{count[Standing.READY]} belum dikerjakan" if count[Standing.READY] else ""
            return ", ".join(part for part in (*ended, passed, left) if part) + "."
        if not count[Standing.READY]:
            return "Tidak satu pun dari permohonan ini dapat dikerjakan sekarang; alasannya di bawah."
        may = f"{count[Standing.READY]} dari {len(run.rows)} permohonan dapat dikerjakan"
        return f"{may}; {passed}, alasannya di bawah." if passed else f"{may}."

    def _show_text(self, row: ManyRow | None) -> None:
        written = row.inputs if row is not None else None
        sends = self.run is not None and self.run.action.sends
        self.text.setVisible(sends)
        said = "" if row is None else row.said
        self.text.setPlainText(said if written is None else f"{written.subject}\n\n{written.text}")

    # Doing

    def _do(self) -> None:
        run = self.run
        if run is None or run.running:
            return
        inputs = None
        if self.fields and run.inputs is None:
            wrong = [field for field in self.fields.values() if not field.judge(even_if_empty=True)]
            if wrong:
                wrong[0].setFocus()
                return
            assert run.action.asks is not None
            inputs = run.action.asks(**{name: field.answer() for name, field in self.fields.items()})
        asked = f"{run.action.confirm.format(signer='…')} " if run.action.confirm else ""
        if asked or run.action.sends:
            what = f"{asked}Ini berlaku untuk {run.left} permohonan."
            if not message.confirm(self, run.action.label, what, run.action.label):
                return
        run.start(inputs)
        self._show()

    def _stop(self) -> None:
        if self.run is not None:
            self.run.stop()
            self.summary.setText("Berhenti setelah permohonan yang sedang dikerjakan …")

    def _on_ended(self) -> None:
        self._show()
        if self.run is not None:
            self.said.emit(f"{self.run.action.label}: {self.summary.text()}")
            self._workstation.mail_wanted.emit()

    def _say(self, sentence: str) -> None:
        self.summary.setText(sentence)

    # The result as a file

    def _ask_where(self) -> None:
        if self.run is not None:
            day = f"{self._workstation.today():%Y-%m-%d}"
            self.files.ask_where(f"{self.run.action.label} {day}", "xlsx", self.save_to)

    def save_to(self, path: Path) -> None:
        """Write what became of each case into an Excel file."""
        if self.run is None:
            return
        title, rows = self.run.action.label, tuple(self.run.rows)
        self.files.write(path, lambda into: write_rows(into, title, rows))

    # Qt overrides

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.run is not None:
            self.run.stop()
            self.run.setParent(self.parent())  # the case under way comes to its end
            self.run.forget()
        super().closeEvent(event)


def _words(text: str, role: str = "") -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    return label


def _button(words: str, name: str, clicked: Callable[[], object], role: str = "") -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(name)
    button.setAccessibleName(words.removesuffix(" …"))
    button.setAutoDefault(False)
    button.clicked.connect(lambda: clicked())
    if role:
        button.setProperty("role", role)
    return button
