"""The treasurer's pages: the bank's file, money with its reasons, money without an owner, the day, the register."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeVar, cast

from PySide6.QtWidgets import QPushButton, QWidget

from desk.demo.bank_file import bank_file
from desk.demo.evening import deposit_numbers
from desk.rules.matching import MatchClass
from desk.tour.hands import child
from desk.ui.day_page import DayPage
from desk.ui.deposit_form import DepositForm
from desk.ui.desk_list import DAY, REGISTER, STATEMENTS, Spot
from desk.ui.forms.plain_fields import TextField
from desk.ui.line_letter import LetterForm, LetterWindow
from desk.ui.register_page import RegisterPage
from desk.ui.statement_import import StatementImport
from desk.ui.statements import StatementPage

if TYPE_CHECKING:
    from desk.tour.seat import Seat
    from desk.tour.stage import Stage, TourCase

W = TypeVar("W", bound=QWidget)
_OPENING = 18_450_000


class Treasury:
    """Budi, with the bank's file of the month."""

    def __init__(self, office: Stage) -> None:
        self._office = office

    def account_is_read(self, case: TourCase) -> None:
        """The bank's file comes in; what pays what is proposed with reasons; a letter asks whose the rest is."""
        budi, pace, hands = self._office.seat("budi_contoh"), self._office.pace, self._office.hands
        invoice = self._office.facts(case.office_id, case.id).invoice
        assert invoice is not None
        page = cast("StatementPage", self._page(budi, STATEMENTS))
        account = self._office.account_of(case.office_id)
        path = self._office.file("mutasi oktober.csv", b"")
        movements = [
            (date(2026, 10, 7), invoice.total, f"IBNK {case.customer.upper()} {invoice.payment_code}"),
            (date(2026, 10, 8), 350_000, "SETOR TUNAI UNIT CONTOH"),
            (date(2026, 10, 8), -6_500, "BIAYA ADM"),
        ]
        bank_file(path, movements, _OPENING, account=account)
        hands.drop(page, [path])
        pace.until(lambda: bool(self._windows(budi, StatementImport)), "jendela impor")
        [dialog] = self._windows(budi, StatementImport)
        pace.until(lambda: dialog.go.isVisible(), "berkas bank terbaca")
        pace.settle()
        budi.shot("Berkas bank: apa yang terbaca")
        hands.press(dialog.go)
        pace.until(lambda: len(page.free_model.live_rows) == 2, "uang tak bertuan")
        self._choose(page, certain=True)
        budi.shot("Mutasi yang membayar invoice, dengan alasannya").shot("Mutasi malam hari", dark=True)
        hands.press(page.match.go)
        pace.until(lambda: len(page.free_model.live_rows) == 1, "mutasi terkait")
        self._choose(page, certain=False)
        hands.press(page.match.ask)
        pace.until(lambda: bool(self._windows(budi, LetterForm)), "isian surat")
        [form] = self._windows(budi, LetterForm)
        hands.type(cast("TextField", form.fields["note"]).edit, "Mohon salinan slip setoran.")
        budi.shot("Surat tanya asal uang")
        hands.press(form.send)
        pace.until(lambda: bool(self._windows(budi, LetterWindow)), "jendela surat")
        [letter] = self._windows(budi, LetterWindow)
        pace.until(lambda: not letter.preview.sheet.pixmap().isNull(), "lembar surat")
        budi.shot("Surat uang tak bertuan")
        pace.act(letter.reject)
        pace.until(lambda: any(each.asked for each in page.free_model.live_rows), "surat di daftar")
        budi.shot("Uang tak bertuan dengan suratnya")

    def day_is_closed(self) -> None:
        """The money goes to the state treasury, the day is closed, and the register shows it."""
        budi, pace, hands = self._office.seat("budi_contoh"), self._office.pace, self._office.hands
        page = cast("DayPage", self._page(budi, DAY))
        pace.until(lambda: page.panel.findChild(QPushButton, "day.deposit") is not None, "tutup hari terbaca")
        budi.shot("Tutup hari: uang, kuitansi, setoran")
        hands.press(child(page.panel, QPushButton, "day.deposit"))
        pace.until(lambda: bool(self._windows(budi, DepositForm)), "isian setoran")
        [form] = self._windows(budi, DepositForm)
        billing, ntpn = deposit_numbers(1600, date(2026, 10, 8))
        for name, words in (("billing_code", billing), ("ntpn", ntpn)):
            hands.type(cast("TextField", form.fields[name]).edit, words)
        budi.shot("Setoran ke kas negara")
        hands.press(form.send)
        pace.until(lambda: page.panel.view is not None and not page.panel.view.undeposited, "setoran tercatat")
        pace.settle()
        pace.answer_with(lambda question: question.buttons[-1].click())
        hands.press(child(page.panel, QPushButton, "day.close"))
        pace.answer_with(None)
        pace.until(lambda: page.panel.view is not None and page.panel.view.closed is not None, "hari ditutup")
        budi.shot("Hari ditutup").shot("Hari ditutup malam hari", dark=True)
        register = cast("RegisterPage", self._page(budi, REGISTER))
        pace.until(lambda: register.register is not None, "register")
        budi.shot("Register dan bahan bulanan")

    def _page(self, seat: Seat, spot: Spot) -> object:
        seat.go_to(spot.page)
        return seat.window.places[spot]

    def _windows(self, seat: Seat, kind: type[W]) -> list[W]:
        return [each for each in seat.window.findChildren(kind) if each.isVisible()]

    def _choose(self, page: StatementPage, *, certain: bool) -> None:
        rows = page.free_model.live_rows
        at = next(at for at, row in enumerate(rows) if (row.money.proposal.match is MatchClass.CERTAIN) is certain)
        self._office.hands.click_row(page.free, at)
