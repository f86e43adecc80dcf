"""The window on the real database: what a click does, and what everybody else sees of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from sqlalchemy import make_url, text

from desk.errors import Refused
from desk.rules.case import Data, Money, Original, Stage
from desk.rules.people import Duty
from desk.ui import message
from desk.ui.entering import enter
from desk.ui.main_window import MainWindow
from desk.ui.row_button import RowButton
from tests.office import JAMBI, JAMBI_PROVINCE, PALEMBANG, Office, Ref

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot


def button(window: MainWindow, name: str) -> RowButton:
    found = window.findChild(RowButton, name)
    assert found is not None, name
    return found


def open_case(qtbot: QtBot, window: MainWindow, case: Ref) -> None:
    window.case.open_case(case.office_id, case.id)
    qtbot.waitUntil(lambda: window.case.facts is not None and window.case.facts.id == case.id)


def receipted(window: MainWindow) -> bool:
    return window.case.facts is not None and window.case.facts.money is Money.RECEIPTED


def said(window: MainWindow) -> str:
    label = window.findChild(QLabel, "said")
    assert label is not None
    return label.text()


def test_a_login_brings_its_own_offices_and_duties(office: Office) -> None:
    def seen(name: str) -> dict[int, frozenset[Duty]]:
        person = office.as_(name)
        entered = enter(make_url(office.database_url(person.login, person.password)))
        entered.link.close()
        assert entered.actor.name == person.actor.name
        assert entered.training
        return dict(entered.actor.duties)

    assert seen("rina") == {PALEMBANG: {Duty.OFFICER}}
    assert seen("gita") == {JAMBI: {Duty.OFFICER, Duty.TREASURER}}
    assert seen("surya") == {JAMBI_PROVINCE: {Duty.SUPERVISOR}, JAMBI: {Duty.SUPERVISOR}}


def test_a_person_without_duty_does_not_come_in(office: Office) -> None:
    person = office.as_("rina")
    with office.owner() as connection:
        connection.execute(text("DELETE FROM desk.duty WHERE login = :login"), {"login": person.login})
    with pytest.raises(Refused, match="tidak punya tugas"):
        enter(make_url(office.database_url(person.login, person.password)))


def test_a_new_request_waits_in_the_list_and_counts_at_the_left(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot
) -> None:
    case = office.new_case()
    window = sit_down("rina")
    qtbot.waitUntil(lambda: [row.id for row in window.queue.list.table.rows] == [case.id])
    qtbot.waitUntil(lambda: button(window, "place.officer.all").detail == "1")
    qtbot.waitUntil(lambda: window.case.facts is not None)
    assert button(window, "action.decide_fit").isVisible()
    colleague = office.as_("fajar").register(PALEMBANG)
    waiting = window.findChild(QPushButton, "waiting")
    assert waiting is not None
    qtbot.waitUntil(waiting.isVisible)
    assert [row.id for row in window.queue.list.table.rows] == [case.id]
    waiting.click()
    assert {row.id for row in window.queue.list.table.rows} == {case.id, colleague.id}


def test_a_click_is_recorded_and_every_workstation_sees_it(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot
) -> None:
    case = office.case_at(money=Money.CONFIRMED, original=Original.AWAITED)
    mine, other = sit_down("budi"), sit_down("sri")
    open_case(qtbot, mine, case)
    open_case(qtbot, other, case)
    assert button(other, "action.issue_receipt").isVisible()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(message, "confirm", lambda *_words: True)
        button(mine, "action.issue_receipt").click()
    qtbot.waitUntil(lambda: said(mine).startswith("✓ Kuitansi"))
    for window in (mine, other):
        qtbot.waitUntil(partial(receipted, window))
    number = office.facts(case).payment.receipt_number
    assert number
    assert number in said(mine)


def test_papers_that_fail_are_said_and_made_on_the_second_try(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot
) -> None:
    case = office.case_at(money=Money.CONFIRMED)
    treasurer = office.as_("budi").login
    window = sit_down("budi")
    open_case(qtbot, window, case)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(message, "confirm", lambda *_words: True)
        button(window, "action.issue_receipt").click()
    # The kuitansi prints the treasurer's NIP, and nobody has entered it yet.
    qtbot.waitUntil(lambda: "Lembar cetaknya belum jadi." in said(window), timeout=30_000)
    number = office.facts(case).payment.receipt_number
    assert number
    assert number in said(window)
    nip = text("UPDATE desk.person SET nip = '198503122010011007' WHERE login = :login")
    with office.owner() as connection:
        connection.execute(nip, {"login": treasurer})
    again = next(each for each in window.findChildren(QPushButton) if each.text() == "Coba lagi")
    again.click()
    qtbot.waitUntil(lambda: any(file.number == number for file in window.case.files.model.rows), timeout=30_000)
    assert not again.isVisible()


def test_a_colleague_was_faster(sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot) -> None:
    case = office.case_at(money=Money.CONFIRMED)
    window = sit_down("budi")
    open_case(qtbot, window, case)
    told: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(message, "confirm", lambda *_words: office.as_("sri").do("issue_receipt", case) is not None)
        patch.setattr(message, "show_trouble", lambda _owner, trouble: told.append(str(trouble)))
        button(window, "action.issue_receipt").click()
        qtbot.waitUntil(lambda: bool(told))
    assert told == ["Keadaan permohonan “kuitansi terbit”; tindakan ini untuk “uang diterima, kuitansi belum terbit”."]
    qtbot.waitUntil(partial(receipted, window))


def test_an_auditor_reads_everything_and_can_do_nothing(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot
) -> None:
    case = office.case_at(money=Money.PROOF, data=Data.PREPARED)
    window = sit_down("wati")
    open_case(qtbot, window, case)
    assert window.case.actions_bar.possible == ()
    assert not window.top.new_case.isVisible()
    assert [row.id for row in window.queue.list.table.rows] == [case.id]


def test_the_archive_holds_finished_cases(sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot) -> None:
    case = office.case_at(stage=Stage.CANCELLED)
    window = sit_down("rina")
    assert not window.queue.list.table.rows
    button(window, "place.archive").click()
    qtbot.waitUntil(lambda: bool(window.queue.list.table.rows))
    assert window.queue.list.table.rows[0].id == case.id
    assert window.queue.list.table.index(0, 2).data() == "dibatalkan"


def test_the_search_box_finds_a_case_by_its_payment_code(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot
) -> None:
    case = office.case_at()
    invoice = office.facts(case).invoice
    assert invoice is not None
    window = sit_down("rina")
    window.search.begin(invoice.payment_code)
    qtbot.waitUntil(lambda: any(line.kind == "Invoice" for line in window.search.list.table.rows))
    window.search.leave()


def test_a_killed_server_line_is_told_and_heals_by_itself(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot
) -> None:
    office.new_case()
    window = sit_down("rina")
    station = window._workstation
    end_lines = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :login")
    signals = [station.live.disconnected, station.live.connected]
    with qtbot.waitSignals(signals, timeout=10_000), office.owner() as connection:
        connection.execute(end_lines, {"login": office.as_("rina").login})
    assert station.live.lost_at is None
    assert len(window.queue.list.table.rows) == 1
