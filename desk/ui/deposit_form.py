"""The deposit to the state treasury: which kuitansi, billing code, NTPN and date."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from desk.rules.billing import read_billing_code, read_ntpn
from desk.rules.dates import short_text
from desk.rules.day import DepositInput, Undeposited, why_not_deposit
from desk.rules.inputs import Question
from desk.rules.rupiah import rupiah
from desk.ui.forms.date_field import DateField
from desk.ui.forms.field import Field, Json
from desk.ui.forms.plain_fields import TextField
from desk.ui.people_forms import Answers, PeopleForm

if TYPE_CHECKING:
    from collections.abc import Sequence

_LIST_HEIGHT = 190


def _question(name: str, label: str, hint: str = "", *, required: bool = True) -> Question:
    return Question(name, label, "text", hint, required, ())


class _BillingField(TextField):
    """15 digits; blanks are forgiven."""

    def read(self) -> str:
        return read_billing_code(self.edit.text())


class _NtpnField(TextField):
    """16 letters and digits; blanks and small letters are forgiven."""

    def read(self) -> str:
        return read_ntpn(self.edit.text())


class _MoneyField(Field):
    """The kuitansi in the deposit; all of them to begin with, and their sum below."""

    def __init__(self, money: Sequence[Undeposited]) -> None:
        super().__init__(_question("payments", "Kuitansi yang disetor"))
        self._money = list(money)
        box = QWidget()
        rows = QVBoxLayout(box)
        rows.setContentsMargins(2, 2, 2, 2)
        rows.setSpacing(7)
        self.ticks: dict[UUID, QCheckBox] = {}
        for each in money:
            tick = QCheckBox(f"{each.receipt_number} · {rupiah(each.amount)} · diterima {short_text(each.received_on)}")
            tick.setChecked(True)
            tick.toggled.connect(self._say_sum)
            rows.addWidget(tick)
            self.ticks[each.payment_id] = tick
        rows.addStretch(1)
        area = QScrollArea()
        area.setWidget(box)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFixedHeight(min(_LIST_HEIGHT, 27 * len(self._money) + 8))
        self.add_editor(area, focus=next(iter(self.ticks.values())))
        self._say_sum()

    def is_empty(self) -> bool:
        return not self.read()

    def read(self) -> tuple[UUID, ...]:
        return tuple(payment for payment, tick in self.ticks.items() if tick.isChecked())

    def missing_sentence(self) -> str:
        return "Pilih kuitansi yang disetor."

    def set_value(self, value: Any) -> None:
        for payment, tick in self.ticks.items():
            tick.setChecked(payment in value)

    def state(self) -> Json:
        return [str(payment) for payment in self.read()]

    def restore(self, state: Json) -> None:
        self.set_value({UUID(payment) for payment in state or ()})

    def _say_sum(self) -> None:
        chosen = set(self.read())
        total = sum(each.amount for each in self._money if each.payment_id in chosen)
        self.announce(echo=f"{len(chosen)} kuitansi, {rupiah(total)}")


class DepositForm(PeopleForm):
    """Asks what the bank's slip says; it stays open, with everything typed, until the deposit is recorded."""

    def __init__(self, parent: QWidget | None, money: Sequence[Undeposited], today: date) -> None:
        super().__init__(
            parent,
            "record_deposit",
            "Catat setoran",
            "Setoran ke kas negara menurut bukti dari bank: kode billing, NTPN, dan tanggalnya.",
            "Catat setoran",
        )
        self._today = today
        self._known = {each.payment_id: each for each in money}
        self.add(_MoneyField(money))
        self.add(_BillingField(_question("billing_code", "Kode billing", "15 angka dari SIMPONI")))
        self.add(_NtpnField(_question("ntpn", "NTPN", "16 huruf dan angka pada bukti penerimaan negara")))
        self.add(TextField(_question("ntb", "NTB", required=False)))
        on = DateField(_question("deposited_on", "Tanggal setor"), today)
        on.set_value(today)
        self.add(on)

    def judge_together(self, answers: Answers) -> None:
        """Raise Refused for money that came after the deposit."""
        from desk.errors import Refused

        if reason := why_not_deposit(deposit_of(answers), self._today, self._known):
            raise Refused(reason)


def deposit_of(answers: Answers) -> DepositInput:
    """What the form says."""
    return DepositInput(
        answers["billing_code"],
        answers["ntpn"],
        answers["deposited_on"],
        tuple(answers["payments"]),
        (answers["ntb"] or "").strip(),
    )


class VoidDepositForm(PeopleForm):
    """Asks why a deposit was written down wrongly."""

    def __init__(self, parent: QWidget | None, ntpn: str) -> None:
        super().__init__(
            parent,
            "void_deposit",
            "Batalkan catatan setoran",
            f"Catatan setoran {ntpn} ditarik; barisnya tetap di register, dan kuitansinya menunggu setoran lagi.",
            "Batalkan catatan setoran",
        )
        self.add(TextField(_question("reason", "Alasan")))
