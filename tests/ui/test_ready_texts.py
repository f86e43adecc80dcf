"""Ready texts that the office edits: checked, tried on a real case, in force from a day, known to the message."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from PySide6.QtWidgets import QPushButton

from desk.errors import Refused
from desk.rules.case import Channel
from desk.rules.inputs import ReadyUse, SentBy
from desk.rules.papers.replies import ReadyText, ReplyStep, reply_for
from desk.rules.papers.reply_check import findings
from desk.services.case_file import case_view
from desk.services.ready_texts import put_text, shipped_texts, text_entries, text_for
from desk.services.replies import outgoing
from desk.ui.case_pages import conversation_html
from desk.ui.desk_list import READY_TEXTS
from desk.ui.forms import opening
from desk.ui.ready_texts_page import ReadyTextsPage
from desk.ui.theme import LIGHT
from tests.office import MORNING, PALEMBANG, Office

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desk.ui.main_window import MainWindow

LONG = 20_000
TODAY = MORNING.date()


def shipped(step: ReplyStep, channel: Channel = Channel.EMAIL) -> ReadyText:
    found = reply_for(shipped_texts(), step, channel)
    assert found is not None
    return found


def said(text: ReadyText, *, subject: str | None = None, body: str | None = None) -> list[str]:
    wanted = replace(
        text, subject=text.subject if subject is None else subject, body=text.body if body is None else body
    )
    return [one.sentence for one in findings(wanted, text) if one.stops]


def test_every_shipped_text_passes_its_own_check() -> None:
    for text in shipped_texts():
        assert findings(text, text) == (), text.step


def test_what_would_leave_a_hole_in_a_message_is_said_with_its_line_and_the_field_that_was_meant() -> None:
    text = shipped(ReplyStep.CLEAR)
    assert said(text, body="Yth.\nNomor {{ nomor_permohonn }} sudah clear.") == [
        "Baris 2: kolom {{ nomor_permohonn }} tidak dikenal. Maksudnya {{ nomor_permohonan }}?"
    ]
    assert "tidak berpasangan" in said(text, body="Halo { pengguna_nama }}.")[0]
    assert said(text, body="Sandinya {{ sandi }}.")[0].startswith("Baris 1: kata sandi hanya boleh")
    assert said(text, subject=" ")[0].startswith("Perihal masih kosong")
    assert said(text, body=" ")[0].startswith("Teksnya masih kosong")
    allowed = findings(ReadyText(text.step, text.channels, text.subject, "Sudah clear."), text)
    assert [one.stops for one in allowed] == [False] * len(allowed)
    assert any("{{ batas_layanan }}" in one.sentence for one in allowed)


def test_a_version_holds_from_its_day_and_the_shipped_text_comes_back(office: Office) -> None:
    hendra, text, key = office.as_("hendra"), shipped(ReplyStep.CLEAR), uuid4()
    tomorrow = TODAY + timedelta(days=1)

    def offered(channel: Channel = Channel.EMAIL) -> tuple[str, ReadyUse]:
        with office.as_("rina").session() as session:
            found, use = text_for(session, PALEMBANG, ReplyStep.CLEAR, channel)
        return found.body, use

    with hendra.session() as session:
        for _ in range(2):  # asked again it is one version
            assert (
                put_text(session, PALEMBANG, text, text.subject, "Clear, {{ pengguna_nama }}.", tomorrow, key=key) == 1
            )
    assert offered() == (text.body, ReadyUse("clear"))
    office.set_clock(MORNING + timedelta(days=1))
    assert offered() == ("Clear, {{ pengguna_nama }}.", ReadyUse("clear", key))
    assert offered(Channel.FORUM)[1].text_id == key, "mail, forum and counter share a text"
    assert offered(Channel.WHATSAPP)[1].text_id is None
    with office.as_("doni").session() as session:
        assert text_for(session, 1571, ReplyStep.CLEAR, Channel.EMAIL)[1].text_id is None, "another office"
    with hendra.session() as session:
        assert put_text(session, PALEMBANG, text, "", "", tomorrow, key=uuid4()) == 2
    assert offered() == (text.body, ReadyUse("clear"))
    with pytest.raises(Refused, match="tidak dikenal"), hendra.session() as session:
        put_text(session, PALEMBANG, text, text.subject, "{{ nama }}", tomorrow, key=uuid4())
    with pytest.raises(Refused, match="hari yang sudah lewat"), hendra.session() as session:
        put_text(session, PALEMBANG, text, text.subject, "Clear.", TODAY, key=uuid4())


def test_an_officer_writes_no_version_and_nobody_changes_one(office: Office) -> None:
    with office.as_("hendra").session() as session:
        put_text(session, PALEMBANG, shipped(ReplyStep.CLEAR), "Clear", "Clear.", TODAY, key=uuid4())
    into = (
        "INSERT INTO desk.ready_text (office_id, id, step, channel, version, body, starts_on) "
        "VALUES (1600, gen_random_uuid(), 'clear', 'email', 9, 'x', '2026-12-31')"
    )
    for name, statement in (
        ("rina", into), ("hendra", "UPDATE desk.ready_text SET body = 'x'"), ("tono", "DELETE FROM desk.ready_text"),
    ):  # fmt: skip
        with office.as_(name).psql() as line, pytest.raises(psycopg.errors.InsufficientPrivilege):
            line.execute(statement)
    with office.as_("hendra").psql() as line:
        row = line.execute(f"{into} RETURNING version, by").fetchone()
        assert row == {"version": 2, "by": office.as_("hendra").login}, "number and person are the server's words"


def test_a_message_knows_the_version_it_was_made_from(office: Office) -> None:
    case = office.clear_case()
    key, rina = uuid4(), office.as_("rina")
    with office.as_("hendra").session() as session:
        text = shipped(ReplyStep.OFFER)
        put_text(session, PALEMBANG, text, text.subject, "Terlampir {{ nomor_invoice }}.", TODAY, key=key)
    rina.do("issue_invoice", case)
    office.make_papers(case)
    with rina.session() as session:
        out = outgoing(session, case_view(session, *case), ReplyStep.OFFER, "Rina")
    facts = office.facts(case)
    assert facts.invoice is not None
    assert out.body == f"Terlampir {facts.invoice.number}."
    rina.do("send_offer", case, SentBy(text=out.body, note=out.address, ready=out.ready))
    with office.as_("tono").session() as session:
        [entry] = [each for each in text_entries(session, [PALEMBANG]) if each.in_force]
        assert [version.used for version in entry.versions] == [1]
    with rina.session() as session:
        messages = case_view(session, *case).messages
    assert messages[-1].ready == "teks “invoice dan SPPD dikirim” versi 1 kantor"
    assert "versi 1 kantor" in conversation_html(messages, "WIB", TODAY, LIGHT)


def test_the_supervisor_edits_a_text_tries_it_on_a_case_and_lets_it_hold(
    sit_down: Callable[[str], MainWindow], office: Office, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(opening, "drafts_folder", lambda **_: tmp_path)
    office.clear_case()
    window = sit_down("hendra")
    window.desks.choose(READY_TEXTS)
    page = window.places[READY_TEXTS]
    assert isinstance(page, ReadyTextsPage)
    qtbot.waitUntil(lambda: bool(page.list.table.rows), timeout=LONG)
    page.list.select_key(f"{PALEMBANG}/clear/email")
    change = page.findChild(QPushButton, "ready_texts.change")
    assert change is not None
    change.click()
    editor = page.editor
    assert editor is not None
    editor.body.setPlainText("Yth. {{ pengguna_nam }}")
    editor._on_pause()
    assert "Maksudnya {{ pengguna_nama }}?" in editor.found.text()
    assert not editor.send.isEnabled()
    editor.body.setPlainText("Yth. {{ pengguna_nama }}, selesai {{ batas_layanan }}. ")
    editor.body.moveCursor(editor.body.textCursor().MoveOperation.End)
    lines = editor.palette_list.table.rows
    editor._insert(next(line for line in lines if "petugas_nama" in line.tag))
    qtbot.waitUntil(lambda: editor.cases.count() == 2, timeout=LONG)
    editor.cases.setCurrentIndex(1)
    editor._on_pause()
    qtbot.waitUntil(
        lambda: "Yth. Sari Contohwati, selesai 7 Desember 2026" in editor.preview.toPlainText(), timeout=LONG
    )
    assert editor.preview.toPlainText().endswith("Hendra Umpama")
    editor.reject()
    change = page.findChild(QPushButton, "ready_texts.change")
    assert change is not None
    change.click()
    again = page.editor
    assert again is not None
    qtbot.waitUntil(again.offer.isVisible, timeout=LONG)
    again.offer.click()
    assert again.text.body.endswith("{{ petugas_nama }}"), "what was typed is not lost"
    with qtbot.waitSignal(page.said, timeout=LONG) as told:
        again.send.click()
    assert told.args == ["Versi 1 untuk “permintaan clear, waktu layanan berjalan” berlaku mulai 23 Nov 2026."]
    qtbot.waitUntil(
        lambda: page.list.current_row() is not None and page.list.current_row().in_force is not None, timeout=LONG
    )
