"""The rule book: each rule with the value in force, since when and by which basis; new values want a second person."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from desk.rules.dates import short_text
from desk.rules.inputs import Question
from desk.rules.people import Duty
from desk.rules.rule_values import ELSEWHERE, Part, PartKind, parts_of, typed
from desk.ui import message, theme
from desk.ui.forms.date_field import DateField
from desk.ui.forms.field import Field
from desk.ui.forms.money_field import MoneyField
from desk.ui.forms.picking_fields import PicksField
from desk.ui.forms.plain_fields import NumberField, ParagraphField, PickField, TextField, sentence_case
from desk.ui.list_view import ListView
from desk.ui.office_choice import OfficeChoice
from desk.ui.people_forms import Answers, PeopleForm
from desk.ui.rereading import Rereading
from desk.ui.row_button import RowButton
from desk.ui.statement_facts import label
from desk.ui.table import Column, Look, TableModel
from desk.ui.theme import Tone

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from desk.services.rule_changes import RuleLine
    from desk.ui.workstation import Workstation

PANEL_WIDTH = 380
_AGREE = frozenset({Duty.ADMINISTRATOR, Duty.SUPERVISOR})


class RuleBookPage(QWidget):
    """The rules at the left; the chosen one with its history and what can be done at the right."""

    said = Signal(str)
    """What was done, for the quiet line of the window."""

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._reading = Rereading(self._ask)
        self._lines: list[RuleLine] = []
        self.setAccessibleName("Buku aturan")
        self._build()
        self._show(None)

    def read(self) -> None:
        """Read again without moving the current row."""
        self.offices.offer()
        self._reading.read()

    def take_focus(self) -> None:
        """Give the focus to the list."""
        self.list.setFocus()

    def _ask(self, ended: Callable[[], None]) -> None:
        office_id = self.offices.office_id

        def ask(session: Session) -> list[RuleLine]:
            from desk.services.rule_changes import rule_lines

            return rule_lines(session, office_id)

        def show(lines: list[RuleLine]) -> None:
            self._lines = lines
            self._fill()
            ended()

        self._workstation.read(self, ask, show, lambda _trouble: ended())

    def _fill(self) -> None:
        wanted = self.search.text().casefold().split()
        shown = [
            line for line in self._lines if all(word in f"{line.name} {line.now.words}".casefold() for word in wanted)
        ]
        shown.sort(key=lambda line: line.waiting is None)
        self.list.show_rows(shown)
        if self.list.current_row() is None and shown:
            self.list.select_key(shown[0].id)
        else:
            self._show(self.list.current_row())

    def _build(self) -> None:
        title = QLabel("Buku aturan")
        title.setProperty("role", "title")
        self.offices = OfficeChoice(self._workstation, Duty.ADMINISTRATOR)
        self.offices.chosen.connect(self.read)
        self.search = QLineEdit()
        self.search.setObjectName("rules.find")
        self.search.setAccessibleName("Cari aturan")
        self.search.setPlaceholderText("Cari aturan")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._fill())
        heading = QHBoxLayout()
        heading.setSpacing(10)
        heading.addWidget(title)
        heading.addWidget(self.offices)
        heading.addWidget(self.search, 1)
        self.list = ListView("Aturan")
        self.list.setObjectName("rules")
        self.list.set_table(TableModel(self._columns(), parent=self))
        self.list.row_selected.connect(self._show)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(heading)
        left.addWidget(self.list, 1)
        self.panel = QScrollArea()
        self.panel.setWidgetResizable(True)
        self.panel.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.panel.setFrameShape(QFrame.Shape.NoFrame)
        self.panel.setFixedWidth(PANEL_WIDTH)
        self.panel.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.GAP_WIDE)
        whole.addLayout(left, 1)
        whole.addWidget(self.panel)

    def _columns(self) -> tuple[Column[RuleLine], ...]:
        return (
            Column("Aturan", lambda row: row.name, lambda row: row.name.casefold(), lambda row: row.now.words,
                   Look.STRONG, width=300, share=3),
            Column("Berlaku sejak", lambda row: short_text(row.now.since), lambda row: row.now.since,
                   lambda row: "kantor ini" if row.now.own else "nasional", Look.MUTED, width=130, spare=1),
            Column("Keadaan", _state, _state, look=Look.PILL, tone=_tone, width=170),
        )  # fmt: skip

    # The chosen rule

    def _show(self, line: RuleLine | None) -> None:
        inside = QFrame()
        inside.setProperty("role", "panel")
        column = QVBoxLayout(inside)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(8)
        if line is not None:
            self._tell(column, line)
        column.addStretch(1)
        self.panel.setWidget(inside)

    def _tell(self, column: QVBoxLayout, line: RuleLine) -> None:
        held = self._workstation.actor.duties_in(line.office_id)
        column.addWidget(label(line.name, role="title"))
        column.addWidget(label(line.now.words))
        if not line.confirmed:
            column.addWidget(label("Nilai bawaan, perlu dipastikan kantor.", tone=Tone.SOON.value))
        if line.waiting is not None:
            self._tell_waiting(column, line, held)
        elif line.key in ELSEWHERE:
            column.addWidget(label(ELSEWHERE[line.key], role="muted"))
        elif Duty.ADMINISTRATOR in held:
            self._step(column, "rules.propose", "Usulkan nilai baru …", partial(self._propose, line))
        column.addSpacing(8)
        column.addWidget(label("NILAI MENURUT WAKTU", role="section"))
        for past in line.history:
            mark = " (berlaku)" if past == line.now else ""
            column.addWidget(label(f"Mulai {short_text(past.since)}{mark}", role="strong"))
            where = "kantor ini" if past.own else "nasional"
            column.addWidget(label(past.words))
            column.addWidget(label(". ".join(part for part in (past.basis, where, past.who) if part), role="small"))

    def _tell_waiting(self, column: QVBoxLayout, line: RuleLine, held: frozenset[Duty]) -> None:
        waiting = line.waiting
        assert waiting is not None
        column.addSpacing(4)
        column.addWidget(label("USULAN YANG MENUNGGU", role="section"))
        column.addWidget(label(waiting.change, role="strong"))
        column.addWidget(label(f"Mulai {short_text(waiting.since)}, diusulkan {waiting.name}"))
        column.addWidget(label(waiting.basis, role="small"))
        mine = waiting.by == self._workstation.actor.login
        if mine:
            column.addWidget(label("Menunggu persetujuan administrator lain atau penyelia.", role="muted"))
            self._step(column, "rules.withdraw", "Tarik usulan", partial(self._decide, line, False))
        elif held & _AGREE:
            self._step(column, "rules.accept", "Setujui nilai ini", partial(self._decide, line, True))
            self._step(column, "rules.refuse", "Tolak usulan", partial(self._decide, line, False))

    def _step(self, column: QVBoxLayout, name: str, words: str, call: Callable[[], object]) -> None:
        button = RowButton(words)
        button.setObjectName(name)
        button.clicked.connect(lambda: call())
        column.addWidget(button)

    # Deeds

    def _propose(self, line: RuleLine) -> None:
        key, station = uuid4(), self._workstation
        form = RuleForm(self.window(), line, station.today(line.office_id))

        def send(answers: Answers, form: PeopleForm) -> None:
            def work() -> str:
                from desk.services.rule_changes import propose

                asked = {name: answers[f"part.{name}"] for name in typed(line.key, line.value)}
                with station.link.transaction() as session:
                    return propose(
                        session, line.office_id, line.key, asked, answers["since"], answers["basis"], request_id=key
                    )

            def done(sentence: str) -> None:
                form.accept()
                self._said(sentence)

            station.background.run_work(self, work, done, form.refused)

        form.on_send = send
        form.open()

    def _decide(self, line: RuleLine, accepted: bool) -> None:
        waiting = line.waiting
        assert waiting is not None
        question = f"{line.name}: {waiting.change}, berlaku mulai {short_text(waiting.since)}."
        if accepted and not message.confirm(self, "Setujui nilai baru", question, "Setujui"):
            return
        key, station = uuid4(), self._workstation

        def work() -> str:
            from desk.services.rule_changes import decide

            with station.link.transaction() as session:
                return decide(session, line, accepted=accepted, request_id=key)

        def failed(trouble: object) -> None:
            message.show_trouble(self, trouble)  # type: ignore[arg-type]
            self.read()

        station.background.run_work(self, work, self._said, failed)

    def _said(self, sentence: str) -> None:
        self.said.emit(sentence)
        self.read()


class RuleForm(PeopleForm):
    """The new value in its parts, the day it starts, and its basis."""

    def __init__(self, parent: QWidget | None, line: RuleLine, today: date) -> None:
        parts = parts_of(line.key)
        now = "Yang tertulis adalah nilai sekarang." if len(parts) > 1 else f"Sekarang: {line.now.words}."
        about = "Nilai baru berlaku setelah orang kedua menyetujuinya; naskah yang sudah terbit tidak berubah."
        super().__init__(parent, "propose_rule", line.name, f"{now} {about}", "Usulkan")
        values = typed(line.key, line.value)
        for part in parts:
            field = _field(part)
            field.set_value(values[part.name])
            self.add(field)
        since = DateField(_question("since", "Berlaku mulai", "date"), today)
        since.set_value(today)
        self.add(since)
        help_ = "Peraturan, surat keputusan, atau catatan rapat yang menjadi dasarnya."
        self.add(TextField(_question("basis", "Dasar", "text", help_)))
        next(iter(self.fields.values())).setFocus()


def _question(name: str, words: str, kind: str, help_: str = "", *, required: bool = True) -> Question:
    return Question(name, words, kind, help_, required, ())  # type: ignore[arg-type]


def _field(part: Part) -> Field:
    """The field for a part of a value."""
    question = _question(f"part.{part.name}", sentence_case(part.label), "text", required=part.required)
    match part.kind:
        case PartKind.COUNT:
            return NumberField(question)
        case PartKind.RUPIAH:
            return MoneyField(question)
        case PartKind.YES:
            return PickField(question, [("yes", "ya"), ("no", "tidak")])
        case PartKind.CHOICE:
            return PickField(question, list(part.choices))
        case PartKind.PICKS:
            return PicksField(question, list(part.choices))
        case PartKind.PARAGRAPH | PartKind.LINES | PartKind.TASKS:
            return ParagraphField(question)
        case _:
            return TextField(question)


def _state(line: RuleLine) -> str:
    if line.waiting is not None:
        return "menunggu orang kedua"
    if line.coming is not None:
        return f"berganti {short_text(line.coming.since)}"
    return "berlaku" if line.confirmed else "perlu dipastikan"


def _tone(line: RuleLine) -> Tone:
    if line.waiting is not None:
        return Tone.ACCENT
    return Tone.PLAIN if line.confirmed or line.now.own else Tone.SOON
