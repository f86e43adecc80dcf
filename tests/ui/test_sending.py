"""Sending a step: the ready text, the files, the mail draft, and what the conversation keeps of it."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QPushButton

from desk.postman import send_waiting
from desk.rules.case import MessageKind, Original
from desk.rules.inputs import IncomingMessage
from desk.services.case_file import case_view
from desk.ui.forms.sending import SendingPanel
from tests.inputs import ABSTRACT, registration
from tests.mail.post_office import Letterbox, mail_server, set_up
from tests.office import Office
from tests.ui.test_forms_database import Clerk, sit_down

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desk.ui.forms import FormDialog
    from desk.ui.workstation import Workstation

__all__ = ["sit_down"]


@pytest.fixture
def clerk(qtbot: QtBot, office: Office, sit_down: Callable[[str], Workstation]) -> Clerk:
    return Clerk(qtbot, sit_down("rina"), office)


def panel_of(form: FormDialog) -> SendingPanel:
    panel = form.findChild(SendingPanel)
    assert isinstance(panel, SendingPanel)
    return panel


def press(panel: SendingPanel, name: str) -> None:
    button = panel.findChild(QPushButton, f"sending.{name}")
    assert isinstance(button, QPushButton)
    button.click()


def test_an_offer_goes_out_as_a_mail_draft_with_both_papers_and_its_answer_will_find_the_case(
    qtbot: QtBot, office: Office, clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = office.case_at(original=Original.ISSUED)
    office.make_papers(case)
    opened: list[Path] = []

    def open_url(url: QUrl) -> bool:
        opened.append(Path(url.toLocalFile()))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)

    form = clerk.open("send_offer", case)
    panel = panel_of(form)
    press(panel, "mail")
    qtbot.waitUntil(lambda: bool(opened))
    draft = message_from_bytes(opened[0].read_bytes(), policy=policy.default)
    assert isinstance(draft, EmailMessage)
    facts = office.facts(case)
    assert facts.number in draft["Subject"]
    assert draft["To"] == facts.email
    assert draft["X-Unsent"] == "1"
    assert sorted(str(part.get_filename()) for part in draft.iter_attachments()) == ["invoice.pdf", "sppd.pdf"]

    clerk.send(form)
    with office.as_("rina").session() as session:
        kept = case_view(session, case.office_id, case.id).messages[-1]
    assert kept.message_id == str(draft["Message-ID"]).strip()
    assert kept.subject == str(draft["Subject"]).strip()
    assert facts.invoice is not None
    assert facts.invoice.number in kept.text


def test_a_text_is_copied_as_it_was_changed_and_the_files_are_saved_under_their_names(
    qtbot: QtBot, office: Office, clerk: Clerk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    case = office.case_at(original=Original.ISSUED)
    office.make_papers(case)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))

    form = clerk.open("send_offer", case)
    form.fields["text"].set_value("Terlampir kedua naskah.")
    panel = panel_of(form)
    press(panel, "copy")
    assert QGuiApplication.clipboard().text() == "Terlampir kedua naskah."
    press(panel, "save")
    qtbot.waitUntil(lambda: len(list(tmp_path.glob("*.pdf"))) == 2)
    assert {path.read_bytes()[:5] for path in tmp_path.glob("*.pdf")} == {b"%PDF-"}


def test_an_answer_takes_a_ready_text_and_one_with_an_empty_field_is_not_taken(
    qtbot: QtBot, office: Office, clerk: Clerk
) -> None:
    case = office.new_case(asked=registration(abstract=replace(ABSTRACT, method="")))
    form = clerk.open("send_message", case)
    panel = panel_of(form)
    labels = [panel.texts.itemText(place) for place in range(panel.texts.count())]
    assert labels[:4] == [
        "Tulis sendiri", "Abstraksi belum lengkap", "Persyaratan belum lengkap", "Bukti bayar diterima",
    ]  # fmt: skip
    assert {"Permohonan dicatat", "Permintaan clear, waktu layanan berjalan", "Naskah asli diterima"} <= set(labels)
    panel.texts.activated.emit(labels.index("Permintaan clear, waktu layanan berjalan"))
    assert "data siap paling lambat" in panel.said.text()  # it is not clear yet
    panel.texts.activated.emit(3)
    assert "nomor invoice belum ada" in panel.said.text() or "belum dapat diisi" in panel.said.text()
    assert not form.fields["text"].answer()
    panel.texts.activated.emit(1)
    written = str(form.fields["text"].answer())
    assert "- metode" in written
    assert "Abstraksi belum lengkap" in panel.subject.text()
    clerk.send(form)
    with office.as_("rina").session() as session:
        kept = case_view(session, case.office_id, case.id).messages[-1]
    assert kept.kind is MessageKind.OUTGOING
    assert kept.text == written
    empty = clerk.open("send_message", case)
    empty.submit()
    qtbot.waitUntil(lambda: "kosong" in empty.message.text())


def test_an_answer_leaves_as_a_mail_of_the_thread_with_the_deed(office: Office, clerk: Clerk) -> None:
    with mail_server(box := Letterbox()) as port:
        set_up(office, port)
        said = IncomingMessage("Sari", "Apa kabar?", subject="Permohonan data", message_id="<asal@example.org>")
        case = office.new_case(asked=registration(messages=(said,)))
        form = clerk.open("send_message", case)
        form.fields["text"].set_value("Sedang kami siapkan.")
        clerk.send(form)
        rina = office.as_("rina")
        assert send_waiting(rina.engine, rina.actor, case.office_id, lambda _account: None).sent == 1
    (mail,) = box.mails
    assert mail["In-Reply-To"] == "<asal@example.org>"
    assert str(mail["Subject"]).strip() == f"[{office.facts(case).number}] Permohonan data"
    assert mail.get_content().strip() == "Sedang kami siapkan."
