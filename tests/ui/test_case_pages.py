from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument

from desk.ui.case_files import one_row_per_paper
from desk.ui.case_pages import conversation_html, story_html, summary_html
from desk.ui.conversation_page import ConversationPage
from desk.ui.palette import matches
from desk.ui.rereading import Rereading
from desk.ui.rich_page import Page
from desk.ui.theme import LIGHT
from tests.ui.office import ROWS, TODAY, case_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

FILE = case_view(ROWS[1])


def words(html: str) -> str:
    document = QTextDocument()
    document.setHtml(html)
    return document.toPlainText()


def test_what_a_customer_wrote_is_shown_letter_by_letter(qtbot: QtBot) -> None:
    sent = replace(FILE.messages[0], text='<script>x</script> <img src="http://contoh.example/x.png"> & lain')
    html = conversation_html([sent], "WIB", TODAY, LIGHT)
    assert sent.text in words(html)
    assert "<img" not in html


def test_a_page_fetches_nothing(qtbot: QtBot) -> None:
    page = Page("Uji")
    qtbot.addWidget(page)
    assert page.loadResource(2, "file:///etc/hostname") is None
    assert not page.openLinks()


def test_an_internal_note_says_that_it_never_goes_out(qtbot: QtBot) -> None:
    assert "catatan intern (tidak pernah dikirim)" in words(conversation_html(FILE.messages, "WIB", TODAY, LIGHT))


def test_the_story_begins_with_the_latest_deed_on_the_offices_clock(qtbot: QtBot) -> None:
    lines = [line for line in words(story_html(FILE.story, "WITA", TODAY, LIGHT)).splitlines() if line.strip()]
    assert lines[0] == "20 Nov 11.42"
    assert "Naskah SPPD rangkap 1" in lines[1]
    assert lines[2] == "Keterangan: Diantar sendiri."


def test_another_year_is_written_out(qtbot: QtBot) -> None:
    old = replace(FILE.story[0], at=datetime(2025, 12, 31, 18, 30, tzinfo=UTC))
    assert "1 Jan 01.30" in words(story_html([old], "WIB", TODAY, LIGHT))
    older = replace(FILE.story[0], at=datetime(2025, 12, 1, 2, 0, tzinfo=UTC))
    assert "1 Des 2025 09.00" in words(story_html([older], "WIB", TODAY, LIGHT))


def test_the_summary_names_what_is_missing_and_what_fits(qtbot: QtBot) -> None:
    text = words(summary_html(FILE.facts, FILE.customer, LIGHT))
    for part in (
        "Belum lengkap: rancangan hasil.",
        "80,11 MiB (84.000.000 byte)",
        "1 peta",
        "? tanyakan",
        "Rp1.815.000",
        "di meja surat",
        "1671••••••••0001",
    ):
        assert part in text


def test_a_paper_stands_once_in_the_list(qtbot: QtBot) -> None:
    from desk.rules.papers import PaperKind

    pages = replace(FILE.documents[1], paper=PaperKind.INVOICE, subject_id=FILE.facts.id)
    word = replace(pages, content_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document")
    assert one_row_per_paper((FILE.documents[0], word, pages)) == (pages, FILE.documents[0])
    assert one_row_per_paper((word,)) == (word,)  # its pages are not made yet


def test_words_of_an_action_are_found_by_their_beginnings() -> None:
    assert matches("terb kuit", "Terbitkan kuitansi")
    assert matches("KUIT", "Terbitkan kuitansi")
    assert not matches("itkan", "Terbitkan kuitansi")


def test_changes_during_a_reading_share_one_further_reading() -> None:
    under_way: list[Callable[[], None]] = []
    reading = Rereading(under_way.append)
    for _ in range(5):
        reading.read()
    assert len(under_way) == 1
    under_way[0]()
    assert len(under_way) == 2
    under_way[1]()
    assert len(under_way) == 2


def test_a_long_conversation_begins_with_its_latest_messages_and_shows_earlier_ones_on_request(qtbot: QtBot) -> None:
    page = ConversationPage()
    qtbot.addWidget(page)
    said = [
        replace(FILE.messages[0], id=UUID(int=at + 1), text=f"Pesan nomor {at};", files=("rancangan.pdf",))
        for at in range(60)
    ]
    said[-1] = replace(said[-1], new=True)
    page.note(FILE.facts.id, said)
    page.show_messages(said, "WIB", TODAY, LIGHT)
    shown = page.toPlainText()
    assert "Pesan nomor 59;" in shown
    assert "Pesan nomor 34;" not in shown
    assert "Tampilkan pesan sebelumnya (35)" in shown
    assert "Lampiran: rancangan.pdf" in shown
    assert shown.count("● Baru") == 1
    page.anchorClicked.emit(QUrl("#earlier"))
    assert "Pesan nomor 0;" in page.toPlainText()
    page.note(FILE.facts.id, [replace(message, new=False) for message in said])  # read again while it is on show
    assert page.new == 1
    page.note(UUID(int=99), [])
    assert page.new == 0
