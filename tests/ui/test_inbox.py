"""The tray through the window: what came into the mailbox becomes a request with one key, or joins its case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import keyring
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desk import settings
from desk.services.case_file import case_view
from desk.ui.desk_list import INBOX
from desk.ui.forms import FormDialog
from desk.ui.inbox_page import InboxPage
from tests.mail.dovecot import PASSWORD, MailServer, imap_server
from tests.mail.test_inbox import SAMPLES, mail, offered, receive
from tests.office import Office
from tests.ui.test_desk_story import button, said
from tests.ui.test_outbox import Memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow

pytestmark = pytest.mark.component("dovecot")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with imap_server() as server:
        yield server


@pytest.fixture(autouse=True)
def password_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """This computer keeps the password of the mailbox, whatever its port."""
    monkeypatch.setattr(keyring.core, "_keyring_backend", Memory())
    monkeypatch.setattr(settings, "kept_secret", lambda _name: PASSWORD)


def tray(qtbot: QtBot, window: MainWindow, waiting: int) -> InboxPage:
    """The page, once so many mails wait in it."""
    window.desks.choose(INBOX)
    page = window.places[INBOX]
    assert isinstance(page, InboxPage)
    window.post.look_now()
    qtbot.waitUntil(lambda: len(page.list.table.rows) == waiting, timeout=20_000)
    return page


def test_one_key_makes_a_request_of_a_mail_with_all_that_it_says(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot, server: MailServer
) -> None:
    receive(office, server.port)
    server.put(SAMPLES[0].read_bytes())
    window = sit_down("rina")
    page = tray(qtbot, window, 1)
    QTest.keyClick(page.list, Qt.Key.Key_Return)

    def form() -> FormDialog | None:
        return window.findChild(FormDialog, "form.register_case")

    qtbot.waitUntil(lambda: (found := form()) is not None and bool(found.fields), timeout=20_000)
    found = form()
    assert found is not None
    assert found.fields["name"].answer() == "Sari Contohwati"
    cast("Any", found.fields["lines"])._start_over()
    found.submit()
    qtbot.waitUntil(lambda: form() is None or bool(found.message.text()), timeout=20_000)
    assert form() is None, found.message.text()
    qtbot.waitUntil(lambda: not page.list.table.rows, timeout=20_000)
    assert "dicatat dari kanal surel" in said(window)
    (kept,) = office.rows("SELECT office_id, id FROM desk.cases")
    with office.as_("rina").session() as session:
        view = case_view(session, kept["office_id"], kept["id"])
    assert view.messages[0].message_id == "<a1b2c3@example.com>"
    assert sorted(entry.kind for entry in view.documents) == ["id_card", "incoming", "incoming"]


def test_a_mail_from_a_known_sender_is_joined_by_a_person_and_another_is_set_aside(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot, server: MailServer
) -> None:
    receive(office, server.port)
    case = offered(office)
    server.put(mail("Tanya data saya"), mail("Promosi", number=2, sender="iklan@example.net"))
    window = sit_down("rina")
    page = tray(qtbot, window, 2)
    for row in page.list.table.rows:
        if row.subject == "Tanya data saya":
            page.list.select_key(row.id)
    qtbot.waitUntil(lambda: page.findChild(QWidget, "inbox.case.1") is not None, timeout=20_000)
    assert "pengirim yang sama" in button(window, "inbox.case.1").text()
    button(window, "inbox.case.1").click()
    qtbot.waitUntil(lambda: [row.subject for row in page.list.table.rows] == ["Promosi"], timeout=20_000)
    with office.as_("rina").session() as session:
        assert case_view(session, *case).messages[-1].text.strip() == "Isi."
    qtbot.waitUntil(lambda: page.list.current_row() is not None, timeout=20_000)
    QTest.keyClick(page.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not page.list.table.rows, timeout=20_000)
    page.aside.setChecked(True)
    qtbot.waitUntil(lambda: [row.subject for row in page.list.table.rows] == ["Promosi"], timeout=20_000)
