"""What a bank file was understood to be: the facts, the account it belongs to, what is odd, its first movements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from desk.rules.dates import short_text
from desk.rules.rupiah import grouped
from desk.rules.statement import StatementLine, sen_text
from desk.ui.forms.plain_fields import Drop
from desk.ui.list_view import ListView
from desk.ui.table import Column, Look, TableModel
from desk.ui.theme import LINE_HEIGHT, set_look

if TYPE_CHECKING:
    from desk.services.statements import Account, Compared, FileRead


class FileFacts(QWidget):
    """The facts of one file; the window above decides what happens with it."""

    def __init__(self) -> None:
        super().__init__()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(10)
        facts = QWidget()
        self._form = QFormLayout(facts)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(18)
        self._form.setVerticalSpacing(5)
        self.account = Drop()
        self.account.setObjectName("account")
        self.account.setAccessibleName("Rekening penerimaan")
        self.own = QCheckBox("Ini rekening penerimaan kantor; daftarkan")
        self.own.setObjectName("own_account")
        self.notices = label("", tone="soon")
        self.notices.setObjectName("notices")
        self.notices.setMargin(8)
        self.sample = ListView("Mutasi pertama dari berkas", row_height=LINE_HEIGHT)
        self.sample.setObjectName("sample")
        self.sample.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.sample.set_table(TableModel(_COLUMNS, key=lambda line: line.no, parent=self))
        first = label("Mutasi pertama pada berkas:", role="small")
        for widget in (facts, self.account, self.own, self.notices, first):
            rows.addWidget(widget)
        rows.addWidget(self.sample, 1)

    def offer(self, accounts: Sequence[Account]) -> None:
        """Let the person say which account a file belongs to that names none; a single one is taken."""
        self.account.blockSignals(True)
        self.account.clear()
        self.account.addItems([account_words(each) for each in accounts])
        self.account.setPlaceholderText("Berkas tidak menyebut rekening. Pilih rekeningnya …")
        self.account.setCurrentIndex(0 if len(accounts) == 1 else -1)
        self.account.blockSignals(False)
        self.own.setChecked(False)

    def show_file(self, read: FileRead, compared: Compared, account: Account | None) -> None:
        """Show a file beside what the database knows of it."""
        while self._form.rowCount():
            self._form.removeRow(0)
        bank = read.bank or (account.bank if account else "")
        movements = (
            f"{grouped(read.count)}: {grouped(read.credit_count)} masuk {sen_text(read.credit_sen)}, "
            f"{grouped(read.count - read.credit_count)} keluar {sen_text(-read.debit_sen)}"
        )
        for name, words in (
            ("Bank", f"{bank} · {read.title}" if bank else read.title),
            ("Rekening", account_words(account) if account else (read.account or "tidak disebut")),
            ("Periode", f"{short_text(read.first_on)} sampai {short_text(read.last_on)}"),
            ("Saldo", _balance(read)),
            ("Mutasi", movements),
            ("Baru", f"{grouped(compared.new)} baru, {grouped(compared.known)} sudah ada"),
        ):
            title = label(name, role="muted")
            title.setWordWrap(False)
            self._form.addRow(title, label(words))
        self.show()
        notices = [*read.notices, *compared.notices]
        if read.pending:
            notices.append(f"{read.pending} mutasi masih tertunda di bank dan tidak ikut diimpor.")
        strange = bool(read.account) and account is None
        if strange:
            notices.append("Rekening ini belum pernah diimpor dan bukan rekening pada invoice kantor. Periksa dahulu.")
        self.notices.setText("\n".join(notices))
        self.notices.setVisible(bool(notices))
        self.account.setVisible(not read.account)
        self.own.setVisible(strange)
        self.sample.show_rows(read.sample)


def _balance(read: FileRead) -> str:
    movements = read.credit_sen + read.debit_sen
    if read.opening_sen is None or read.closing_sen is None:
        return f"tidak tercantum; jumlah mutasi {sen_text(movements)}"
    sign = "+" if movements >= 0 else "−"
    return (
        f"awal {sen_text(read.opening_sen)} {sign} mutasi {sen_text(abs(movements))} = "
        f"akhir {sen_text(read.closing_sen)} (cocok)"
    )


def account_words(account: Account) -> str:
    """An account in one line."""
    return " · ".join(part for part in (account.number, account.bank, account.holder) if part)


_COLUMNS: tuple[Column[StatementLine], ...] = (
    Column("Tanggal", text=lambda line: short_text(line.booked_on), look=Look.MUTED, width=104),
    Column("Nominal", text=lambda line: sen_text(line.amount_sen), right=True, width=130),
    Column("Keterangan", text=lambda line: line.description or line.counterparty, width=240, share=1),
)


def label(text: str, **look: str) -> QLabel:
    """Words that strangers may have written."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)  # the bank, and whoever sent money, wrote this
    made.setWordWrap(True)
    for name, value in look.items():
        made.setProperty(name, value)
    return made


def set_tone(words: QLabel, tone: str) -> None:
    """Give words the look of a warning or a refusal, or none."""
    set_look(words, tone=tone)
    words.setMargin(8 if tone else 0)
