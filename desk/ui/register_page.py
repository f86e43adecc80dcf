"""The register of money received, month by month: on the screen, as an Excel file, as Word and PDF."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desk.rules.dates import add_months, day_text, local_date, month_text, short_text
from desk.rules.people import Duty
from desk.rules.register import NOT_THE_BOOKS, OPTIONAL, Register, RegisterRow
from desk.rules.rupiah import rupiah
from desk.ui import message
from desk.ui.list_view import ListView
from desk.ui.office_choice import OfficeChoice
from desk.ui.rereading import Rereading
from desk.ui.table import Column, Look, TableModel
from desk.ui.theme import set_look

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from desk.ui.people_forms import Answers, PeopleForm
    from desk.ui.workstation import Workstation


class RegisterPage(QWidget):
    """One month; the arrows turn to the one before and after."""

    said = Signal(str)
    """What was done, for the quiet line of the window."""

    def __init__(self, workstation: Workstation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workstation = workstation
        self._reading = Rereading(self._ask)
        self._month: date | None = None
        self.register: Register | None = None
        self.office = OfficeChoice(workstation, Duty.TREASURER)
        self.office.chosen.connect(self.read)
        self.setAccessibleName("Register penerimaan")
        self.list = ListView("Register penerimaan")
        self.list.when_empty = "Tidak ada penerimaan pada bulan ini."
        self.list.setObjectName("register")
        self.list.set_table(TableModel[Any](_columns(), parent=self))
        self._build()

    def take_focus(self) -> None:
        """To the list."""
        self.list.setFocus()

    @property
    def month(self) -> date:
        """The first day of the month on the screen; this month to begin with."""
        today = self._workstation.today(self._office_id())
        return (self._month or today).replace(day=1)

    def turn(self, months: int) -> None:
        """Go to an earlier or later month; the time to come has no register."""
        wanted = add_months(self.month, months)
        if wanted <= self._workstation.today(self._office_id()):
            self._month = wanted
            self.read()

    def read(self) -> None:
        """Read again without moving the current row."""
        self._reading.read()

    def _ask(self, ended: Callable[[], None]) -> None:
        office_id, month = self._office_id(), self.month

        def ask(session: Session) -> Register:
            from desk.services import register

            return register.register(session, office_id, month)

        def show(found: Register) -> None:
            self.register = found
            self.list.show_rows(found.rows)
            self._show_row(self.list.current_row())
            self._show_state(found)
            ended()

        self._workstation.read(self, ask, show, lambda _trouble: ended())

    # Files

    def save(self, ending: str) -> None:
        """Ask where to, then save the month as `xlsx`, `docx` or `pdf`."""
        if self.register is None:
            return
        from desk.ui.forms.file_field import file_dialog

        dialog = file_dialog(self, "Simpan register", many=False, save_as=f"{self.register.title}.{ending}")
        dialog.fileSelected.connect(lambda name: self.save_to(Path(name), ending))
        dialog.open()

    def save_to(self, path: Path, ending: str) -> None:
        """Save the month on the screen into a file."""
        path = path if path.suffix.lower() == f".{ending}" else path.with_name(f"{path.name}.{ending}")
        found = self.register
        if found is None:
            return
        done: Callable[[object], None] = lambda _none: self.said.emit(f"Tersimpan: {path.name}.")  # noqa: E731
        if ending == "xlsx":
            office = self._workstation.office(self._office_id()).name
            self._workstation.background.run_slow(self, lambda _task: write_register(path, found, office), done)
            return
        office_id, today, shop = (
            self._office_id(),
            self._workstation.today(self._office_id()),
            self._workstation.paper_shop,
        )

        def fill(made: tuple[bytes, dict[str, object]]) -> None:
            from desk.adapters.files import write_atomically

            def write(_task: object) -> None:
                paper = shop().make(*made, optional=OPTIONAL)
                write_atomically(path, paper.pdf if ending == "pdf" else paper.docx)

            self._workstation.background.run_slow(self, write, done)

        def ask(session: Session) -> tuple[bytes, dict[str, object]]:
            from desk.services import register

            return register.register_paper(session, office_id, found.month, today)

        self._workstation.background.run(self, ask, fill, lambda trouble: message.show_trouble(self, trouble))

    # Monthly material

    def choose_handed_in(self) -> None:
        """Ask which file was handed in."""
        from desk.ui.forms.file_field import file_dialog

        dialog = file_dialog(self, "Pilih berkas yang diserahkan", many=False)
        dialog.fileSelected.connect(lambda name: self.ask_handed_in(Path(name)))
        dialog.open()

    def ask_handed_in(self, path: Path) -> None:
        """Ask to whom it was handed in, then write it down with the hash of the file."""
        from desk.rules.inputs import Question
        from desk.ui.forms.plain_fields import TextField
        from desk.ui.people_forms import PeopleForm

        found, office_id, station, key = self.register, self._office_id(), self._workstation, uuid4()
        if found is None:
            return
        about = f"{path.name}: bahan {month_text(found.month)}. Sidik berkasnya disimpan sebagai bukti."
        form = PeopleForm(self.window(), "hand_in", "Catat penyerahan bahan bulanan", about, "Catat")
        help_ = "Misalnya nama petugas keuangan, atau nomor tanda terimanya."
        form.add(TextField(Question("note", "Diserahkan kepada", "text", help_, True, ())))

        def send(answers: Answers, form: PeopleForm) -> None:
            def work(_task: object) -> str:
                from desk.services import register

                data = path.read_bytes()
                with station.link.transaction() as session:
                    return register.hand_in(session, office_id, found.month, path.name, data, str(answers["note"]), key)

            def done(said: str) -> None:
                form.accept()
                self.said.emit(said)
                self.read()

            station.background.run_slow(self, work, done, form.refused)

        form.on_send = send
        form.open()

    # A deposit that was written down wrongly

    def void_deposit(self) -> None:
        """Ask why, then withdraw the deposit of the chosen line."""
        from desk.ui.deposit_form import VoidDepositForm

        row, office_id, station = self.list.current_row(), self._office_id(), self._workstation
        if row is None or row.deposit is None:
            return
        form = VoidDepositForm(self, row.voucher)

        def send(answers: Answers, form: PeopleForm) -> None:
            def work() -> str:
                from desk.services import day

                with station.link.transaction() as session:
                    return day.void_deposit(session, office_id, row.deposit, answers["reason"])

            def done(said: str) -> None:
                form.accept()
                self.said.emit(said)
                self.read()

            station.background.run_work(self, work, done, form.refused)

        form.on_send = send
        form.show()

    def _show_row(self, row: RegisterRow | None) -> None:
        treasurer = Duty.TREASURER in self._workstation.actor.duties_in(self._office_id())
        self.undo.setVisible(treasurer and row is not None and row.deposit is not None)

    # Showing

    def _show_state(self, found: Register) -> None:
        today = self._workstation.today(self._office_id())
        self._title.setText(f"Register · {month_text(found.month)}")
        self.later.setEnabled(add_months(found.month, 1) <= today)
        self.sums.setText(
            f"Saldo awal {rupiah(found.opening)} · Debet {rupiah(found.debit)} · Kredit {rupiah(found.credit)} · "
            f"Saldo akhir {rupiah(found.closing)}"
        )
        open_days = found.moved_days - found.closed_days
        over = add_months(found.month, 1) <= today
        handed = found.handed_in
        if handed is not None:
            zone = self._workstation.office(self._office_id()).zone
            day = day_text(local_date(handed.at, zone))
            told = f"Diserahkan {day} oleh {handed.by}: {handed.file_name} (sidik {handed.sha256[:10]})."
        else:
            told = f"Bahan bulan ini paling lambat {day_text(found.due.on)}."
        if open_days:
            told += f" {open_days} hari belum ditutup."
        self.due.setText(told)
        waits = handed is None and bool(found.rows)
        tone = "done" if handed is not None else "late" if waits and today > found.due.on else "accent"
        set_look(self.due, tone=tone)
        treasurer = Duty.TREASURER in self._workstation.actor.duties_in(self._office_id())
        self.hand_in_button.setVisible(treasurer and over)
        self.hand_in_button.setText("Catat penyerahan …" if handed is None else "Catat penyerahan perbaikan …")

    def _office_id(self) -> int:
        return self.office.office_id

    def _build(self) -> None:
        self._title = QLabel("Register")
        self._title.setProperty("role", "title")
        self.earlier = _button("‹", "register.earlier", "Bulan sebelumnya", lambda: self.turn(-1))
        self.later = _button("›", "register.later", "Bulan berikutnya", lambda: self.turn(1))
        heading = QHBoxLayout()
        heading.addWidget(self._title)
        heading.addWidget(self.earlier)
        heading.addWidget(self.later)
        heading.addWidget(self.office)
        heading.addStretch(1)
        self.undo = _button(
            "Batalkan catatan setoran", "register.void_deposit", "Batalkan catatan setoran", self.void_deposit
        )
        self.undo.hide()
        heading.addWidget(self.undo)
        self.list.row_selected.connect(self._show_row)
        for words, ending in (("Simpan Excel", "xlsx"), ("Simpan Word", "docx"), ("Simpan PDF", "pdf")):
            heading.addWidget(_button(words, f"register.{ending}", words, lambda ending=ending: self.save(ending)))  # type: ignore[misc]
        self.hand_in_button = _button(
            "Catat penyerahan …",
            "register.hand_in",
            "Catat penyerahan bahan bulan ini",
            self.choose_handed_in,
        )
        self.hand_in_button.hide()
        heading.addWidget(self.hand_in_button)
        warning = QLabel(NOT_THE_BOOKS)
        warning.setWordWrap(True)
        set_look(warning, tone="soon")
        self.due = QLabel()
        self.due.setWordWrap(True)
        set_look(self.due, tone="accent")
        self.sums = QLabel()
        self.sums.setProperty("role", "strong")
        self.sums.setWordWrap(True)
        self.sums.setAlignment(Qt.AlignmentFlag.AlignRight)
        notes = QHBoxLayout()
        notes.setSpacing(8)
        notes.addWidget(warning, 1)
        notes.addWidget(self.due, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addLayout(heading)
        rows.addLayout(notes)
        rows.addWidget(self.list, 1)
        rows.addWidget(self.sums)


def write_register(path: Path, found: Register, office: str) -> None:
    """Write the month as an Excel file with real dates and numbers; a text is never a formula."""
    from desk.adapters.workbook import SheetColumn, write_workbook

    money = "#,##0;[Red]-#,##0"
    columns = (
        SheetColumn("No.", 6),
        SheetColumn("Tanggal", 13, "dd/mm/yyyy"),
        SheetColumn("No. bukti", 32),
        SheetColumn("Uraian", 60),
        SheetColumn("Debet", 16, money),
        SheetColumn("Kredit", 16, money),
        SheetColumn("Saldo", 18, money),
    )
    first = found.month
    rows: list[tuple[Any, ...]] = [(None, first, "", "Saldo awal", None, None, found.opening)]
    rows += [(row.no, row.on, row.voucher, row.text, row.debit, row.credit, row.balance) for row in found.rows]
    rows.append((None, None, "", "Jumlah bulan ini", found.debit, found.credit, found.closing))
    write_workbook(
        path, f"Register {month_text(first)}", columns, rows, above=(f"{found.title} · {office}", NOT_THE_BOOKS)
    )


def _columns() -> tuple[Column[Any], ...]:
    def amount(value: int) -> str:
        return rupiah(value) if value else ""

    def on(row: RegisterRow) -> str:
        return short_text(row.on)

    return (
        Column("Tanggal", on, width=118),
        Column("No. bukti", lambda row: row.voucher, look=Look.STRONG, width=236),
        Column("Uraian", lambda row: row.text, look=Look.MUTED, wrap=True, width=180, share=1),
        Column("Debet", lambda row: amount(row.debit), width=120, right=True),
        Column("Kredit", lambda row: amount(row.credit), width=120, right=True),
        Column("Saldo", lambda row: rupiah(row.balance), width=130, right=True),
    )


def _button(words: str, name: str, spoken: str, clicked: Callable[[], None]) -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(name)
    button.setAccessibleName(spoken)
    button.setToolTip(spoken)
    button.setAutoDefault(False)
    button.clicked.connect(lambda: clicked())
    return button
