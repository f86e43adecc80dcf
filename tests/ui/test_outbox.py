"""The outbox through the windows: an offer sent from the form, its way in the list, the account, and a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keyring
import pytest
from keyring.backend import KeyringBackend
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from desk.rules.case import Original
from desk.rules.inputs import MailChoice
from desk.rules.mail import MailSecurity, OutgoingState
from desk.services import outbox
from desk.services.case_file import case_view
from desk.ui.desk_list import OUTBOX
from desk.ui.mail_settings import AccountForm, PasswordForm
from desk.ui.outbox_page import OutboxPage
from tests.mail.post_office import ADDRESS, Letterbox, mail_server, offer_by_mail, only, set_up, state
from tests.office import PALEMBANG, Office
from tests.ui.test_desk_story import button, open_case, said
from tests.ui.test_sending import panel_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from desk.ui.forms import FormDialog
    from desk.ui.main_window import MainWindow


class Memory(KeyringBackend):
    """A keyring that forgets with the test."""

    priority = 1

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.kept.pop((service, username), None)


@pytest.fixture(autouse=True)
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    backend = Memory()
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    return backend


@pytest.fixture
def box() -> Letterbox:
    return Letterbox()


@pytest.fixture
def server(box: Letterbox) -> Iterator[int]:
    with mail_server(box) as port:
        yield port


def page_of(qtbot: QtBot, window: MainWindow) -> OutboxPage:
    window.desks.choose(OUTBOX)
    page = window.places[OUTBOX]
    assert isinstance(page, OutboxPage)
    return page


def form_in(qtbot: QtBot, window: MainWindow, action_id: str) -> FormDialog:
    from desk.ui.forms import FormDialog

    def found() -> FormDialog | None:
        return window.findChild(FormDialog, f"form.{action_id}")

    qtbot.waitUntil(lambda: (form := found()) is not None and bool(form.fields), timeout=20_000)
    form = found()
    assert form is not None
    return form


def test_an_offer_is_sent_from_its_form_and_stands_in_the_outbox_as_sent(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot, box: Letterbox, server: int
) -> None:
    set_up(office, server)
    case = office.case_at(original=Original.ISSUED)
    office.make_papers(case)
    window = sit_down("rina")
    open_case(qtbot, window, case)
    button(window, "action.send_offer").click()
    form = form_in(qtbot, window, "send_offer")
    panel = panel_of(form)
    assert panel.by_program is not None
    assert panel.by_program.isChecked()
    form.submit()
    qtbot.waitUntil(lambda: office.facts(case).original is Original.AWAITED, timeout=20_000)
    window.post.look()
    qtbot.waitUntil(lambda: bool(box.mails), timeout=20_000)
    mail = box.mails[0]
    assert sorted(str(part.get_filename()) for part in mail.iter_attachments()) == ["invoice.pdf", "sppd.pdf"]
    with office.as_("rina").session() as session:
        kept = case_view(session, *case).messages[-1]
    assert kept.message_id == mail["Message-ID"]
    assert kept.subject == str(mail["Subject"]).strip()
    page = page_of(qtbot, window)
    qtbot.waitUntil(lambda: [row.state for row in page.list.table.rows] == [OutgoingState.SENT], timeout=20_000)


def test_an_unticked_box_leaves_the_sending_to_the_person(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot, server: int
) -> None:
    set_up(office, server)
    case = office.case_at(original=Original.ISSUED)
    office.make_papers(case)
    window = sit_down("rina")
    open_case(qtbot, window, case)
    button(window, "action.send_offer").click()
    form = form_in(qtbot, window, "send_offer")
    box = form.findChild(QCheckBox, "sending.by_program")
    assert isinstance(box, QCheckBox)
    box.setChecked(False)
    form.submit()
    qtbot.waitUntil(lambda: office.facts(case).original is Original.AWAITED, timeout=20_000)
    assert office.rows("SELECT FROM desk.outgoing_mail") == []


def test_a_refused_mail_is_decided_from_the_case_and_sent_again(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot, box: Letterbox, server: int
) -> None:
    set_up(office, server)
    case = offer_by_mail(office)
    box.about_recipient = lambda _address: "550 No such user"
    window = sit_down("rina")
    page = page_of(qtbot, window)
    window.post.look()
    qtbot.waitUntil(lambda: [row.state for row in page.list.table.rows] == [OutgoingState.REFUSED], timeout=20_000)

    def words() -> str:
        label = page.findChild(QLabel, "outbox.state")
        return label.text() if isinstance(label, QLabel) else ""

    qtbot.waitUntil(lambda: "No such user" in words(), timeout=20_000)
    button(window, "outbox.open").click()
    qtbot.waitUntil(lambda: window.case.facts is not None and window.case.facts.id == case.id, timeout=20_000)
    box.about_recipient = lambda _address: "250 OK"
    qtbot.waitUntil(lambda: window.findChild(QWidget, "action.settle_mail") is not None, timeout=20_000)
    button(window, "action.settle_mail").click()
    form = form_in(qtbot, window, "settle_mail")
    form.fields["choice"].set_value(MailChoice.AGAIN)
    form.submit()
    qtbot.waitUntil(lambda: "dikirim lagi" in said(window), timeout=20_000)
    window.post.look()
    qtbot.waitUntil(lambda: state(office, case) == "sent", timeout=20_000)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_the_administrator_sets_the_account_up_tries_it_and_the_officer_keeps_the_password(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot, box: Letterbox, memory: Memory
) -> None:
    with mail_server(box, authenticator=only("pst", "benar"), auth_required=True, auth_require_tls=False) as port:
        window = sit_down("tono")
        window.top  # noqa: B018
        page = page_of(qtbot, window)
        window._workstation.choose_office(PALEMBANG)
        page = page_of(qtbot, window)
        mine = f"account.smtp.{PALEMBANG}"
        qtbot.waitUntil(lambda: page.findChild(QWidget, mine) is not None, timeout=20_000)
        button(window, "smtp.set").click()
        qtbot.waitUntil(lambda: window.findChild(AccountForm) is not None, timeout=20_000)
        form = window.findChild(AccountForm)
        assert isinstance(form, AccountForm)
        assert form.fields["port"].answer() == 465
        form.fields["security"].set_value(MailSecurity.STARTTLS)
        assert form.fields["port"].answer() == 587
        for name, value in (("host", "smtp.example.org"), ("security", MailSecurity.PLAIN), ("username", "pst")):
            form.fields[name].set_value(value)
        form.fields["port"].set_value(port)
        form.fields["address"].set_value(ADDRESS)
        form.submit()
        qtbot.waitUntil(lambda: "tanpa enkripsi hanya" in form.message.text(), timeout=20_000)
        form.fields["host"].set_value("127.0.0.1")
        form.submit()
        qtbot.waitUntil(lambda: office.rows("SELECT FROM desk.mail_account") != [], timeout=20_000)
        qtbot.waitUntil(lambda: "disimpan" in said(window), timeout=20_000)
        qtbot.waitUntil(lambda: page.findChild(QWidget, "smtp.password") is not None, timeout=20_000)
        button(window, "smtp.password").click()
        asked = window.findChild(PasswordForm)
        assert isinstance(asked, PasswordForm)
        asked.edit.setText("benar")
        asked.submit()
        qtbot.waitUntil(lambda: bool(memory.kept), timeout=20_000)
        assert list(memory.kept.values()) == ["benar"]
        qtbot.waitUntil(lambda: page.findChild(QWidget, "smtp.try") is not None, timeout=20_000)
        button(window, "smtp.try").click()
        qtbot.waitUntil(lambda: bool(box.mails), timeout=20_000)
        qtbot.waitUntil(lambda: "diterima server" in said(window), timeout=20_000)
        assert box.mails[0]["To"] == ADDRESS
    with office.as_("rina").session() as session:
        kept = outbox.account(session, PALEMBANG)
    assert kept is not None
    assert (kept.username, kept.security) == ("pst", MailSecurity.PLAIN)
    assert "benar" not in str(office.rows("SELECT * FROM desk.mail_account"))
