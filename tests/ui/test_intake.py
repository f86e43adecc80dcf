"""Mails and conversations from outside: what is understood, what opens a case, what joins one, what opens none."""

from __future__ import annotations

import json
from datetime import timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QRadioButton, QWidget

from desk.actions import ACTIONS
from desk.adapters.understanding import Understood, abstract_in, lines_in, understand_chat, understand_mail
from desk.errors import Refused
from desk.rules.case import Abstract, Channel
from desk.rules.catalogue import Catalogue, CatalogueChoice
from desk.rules.inputs import IncomingFile, LineInput, Registration, TakenMessages
from desk.services.incoming import Suggestion
from desk.ui import intake
from desk.ui.forms import FormDialog, opening
from desk.ui.intake import Intake, Matched, understand_file
from desk.ui.intake_dialog import IntakeDialog
from tests.intake.outlook import Outlook
from tests.ui.form_desk import case
from tests.ui.office import ReadingWorkstation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

SAMPLES = Path(__file__).parents[1] / "samples"
MAILS = sorted((SAMPLES / "mail").glob("*.eml"))
WIB = timezone(timedelta(hours=7))
CASE = UUID("00000000-0000-0000-0000-00000000000a")
HEADED = """Judul: Kemiskinan desa

salam
1. Latar Belakang
Harga naik.
Terus naik.
2) Tujuan Penelitian: Mengukur
Metodologi = regresi
Rencana luaran:
tesis"""
CATALOGUE = Catalogue(
    (
        CatalogueChoice("susenas-2025-03-kor", "Susenas Maret 2025 KOR", "microdata", 1_203_880_050),
        CatalogueChoice("susenas-2025-03", "Susenas Maret 2025", "microdata"),
        CatalogueChoice("podes-2024", "Potensi Desa 2024", "microdata", 84_000_000),
    )
)


def mail(name: str) -> Understood:
    """A sample mail, understood."""
    return understand_mail(next(path for path in MAILS if path.name.startswith(name)).read_bytes())


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.name)
def test_a_mail_gives_what_it_says_and_nothing_more(path: Path) -> None:
    expected = json.loads(path.with_name(f"{path.name}.expected.json").read_text("utf-8"))
    seen = understand_mail(path.read_bytes())
    assert seen.subject == expected["subject"]
    automatic = expected["kind"] in ("auto_reply", "bounce")
    assert bool(seen.no_case_because) is automatic, "an answer from a machine opens no case and says why"
    if automatic:
        assert seen.no_case_because.endswith(".")
    assert seen.number == (expected["case_number"] or "") or expected["case_found_in"] == "in-reply-to"
    [message] = seen.messages
    assert message.message_id == (expected["message_id"] or "")
    accepted = {file.name for file in seen.files}
    for attachment in expected["attachments"]:
        known = [attachment["safe_name"], *(inside["safe_name"] for inside in attachment.get("contains", ()))]
        assert (
            attachment.get("optional")
            or accepted & set(known)
            or any(name in " ".join(seen.refusals) for name in known)
        )


def test_the_identity_card_is_protected_and_the_letter_is_not() -> None:
    protected = {file.name: file.protected for file in mail("01").files}
    assert protected == {"KTP.jpg": True, "Abstraksi Penelitian.docx": False, "Surat Permohonan.pdf": False}


def test_a_program_in_a_mail_stays_outside_with_a_sentence() -> None:
    seen = mail("07")
    assert all(not file.name.endswith(".exe") for file in seen.files)
    assert any("evil.exe adalah program" in sentence for sentence in seen.refusals)


def test_the_first_mail_fills_the_registration() -> None:
    seen = mail("01")
    known = seen.registration(seen.lines(CATALOGUE))
    assert known["channel"] is Channel.EMAIL
    assert known["name"] == "Sari Contohwati"
    assert known["email"] == "sari.contohwati@example.com"
    assert known["phone"] == "+6281200000123", "the number in the signature"
    assert known["lines"] == (
        LineInput("Susenas Maret 2025 KOR", "microdata", 1_203_880_050, catalogue_code="susenas-2025-03-kor"),
    )
    assert known["abstract"] == Abstract(), "a text without headings is no abstraksi"


def test_a_forwarded_request_belongs_to_who_wrote_it() -> None:
    assert mail("04").email == "budi.rekaan@example.com"


def test_an_answer_carries_the_thread_it_belongs_to() -> None:
    seen = mail("03")
    assert any("kasus-" in mark for mark in seen.thread)
    assert {mark.strip("<>") for mark in seen.thread} < set(seen.thread), "with and without angle brackets"


@pytest.mark.parametrize(
    ("text", "abstract"),
    [
        (
            HEADED,
            Abstract("Kemiskinan desa", "Harga naik.\nTerus naik.", "Mengukur", "regresi", "tesis"),
        ),
        ("Tujuan kami baik.\nMetode pembayaran apa saja?\nJudul buku itu bagus.", Abstract()),
        ("Yth. petugas,\nsaya perlu data.", Abstract()),
        ("MAKSUD DAN TUJUAN\nBahan kebijakan", Abstract(purpose="Bahan kebijakan")),
    ],
)
def test_only_headed_parts_become_the_abstraksi(text: str, abstract: Abstract) -> None:
    assert abstract_in(text) == abstract


def test_lines_are_taken_only_when_the_whole_title_stands_there() -> None:
    said = "Saya perlu data potensi desa 2024, dan SUSENAS Maret 2025 - KOR. Juga Susenas 2025 dan Podes."
    assert [line.title for line in lines_in(said, CATALOGUE)] == ["Potensi Desa 2024", "Susenas Maret 2025 KOR"]


def test_a_conversation_becomes_messages_with_their_sides_and_times() -> None:
    seen = understand_chat((SAMPLES / "chat" / "wa_android_2026-10.txt").read_bytes(), WIB)
    assert (seen.channel, seen.name) == (Channel.WHATSAPP, "Rina Umpamasari")
    assert [message.from_office for message in seen.messages][:3] == [False, True, False]
    assert seen.messages[0].at == "2026-10-05T09:01:00+07:00"
    assert any("tidak ikut diekspor" in message.text for message in seen.messages)


def test_a_pasted_forum_thread_keeps_its_channel_and_topic() -> None:
    text = (SAMPLES / "chat" / "forum_2026-0412.txt").read_text("utf-8")
    seen = understand_chat(text, WIB)
    assert (seen.channel, seen.name) == (Channel.FORUM, "Siti Contohwati")
    assert "Susenas Maret 2024 KOR" in seen.subject


def test_a_pasted_line_of_no_known_layout_is_one_note() -> None:
    seen = understand_chat("Selamat pagi, PST-1600-2026-000123 bagaimana?", WIB)
    assert seen.heading == "Teks tempelan"
    assert seen.number == "PST-1600-2026-000123"


def test_other_files_are_taken_as_files(tmp_path: Path) -> None:
    assert isinstance(understand_file(SAMPLES / "scans" / "tumpukan_11_halaman.pdf", WIB), IncomingFile)
    note = tmp_path / "catatan.txt"
    note.write_text("hanya catatan")
    assert isinstance(understand_file(note, WIB), IncomingFile)
    outlook = tmp_path / "surel.msg"
    outlook.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "__substg1.0_0037001F".encode("utf-16-le") + b"\0" * 600)
    with pytest.raises(Refused, match=r"Outlook .* rusak"):
        understand_file(outlook, WIB)


# the window


class Screen:
    """A window that takes drops, and what the database would say."""

    def __init__(self, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.qtbot = qtbot
        self.workstation = ReadingWorkstation()
        monkeypatch.setattr(self.workstation, "new_case_action", lambda: ACTIONS["register_case"])
        monkeypatch.setattr(opening, "drafts_folder", lambda **_: folder)
        monkeypatch.setattr(opening, "read_needed", lambda *_: opening.Needed(catalogue=CATALOGUE))
        self.suggestions: tuple[Suggestion, ...] = ()
        monkeypatch.setattr(intake, "match", lambda *_: Matched(self.suggestions))
        monkeypatch.setattr("desk.services.same_requests.same_requests", lambda *_, **__: [])
        monkeypatch.setattr("desk.services.case_file.facts", lambda *_: case())
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.show()
        self.on_screen: Any = None
        self.under: Suggestion | None = None
        self.intake = Intake(self.workstation, self.window, lambda: self.on_screen, lambda _point: self.under)

    def dialog(self) -> IntakeDialog:
        """The dialog with what was understood, once it stands there."""
        self.qtbot.waitUntil(lambda: self.window.findChild(IntakeDialog) is not None)
        found = self.window.findChild(IntakeDialog)
        assert isinstance(found, IntakeDialog)
        return found

    def form(self) -> FormDialog:
        """The form that followed, once it asks."""
        self.qtbot.waitUntil(lambda: (form := self.window.findChild(FormDialog)) is not None and bool(form.fields))
        found = self.window.findChild(FormDialog)
        assert isinstance(found, FormDialog)
        return found

    def drop(self, *paths: Path) -> None:
        """Drop files onto the window with the mouse."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, mime, buttons, keys)
        QApplication.sendEvent(self.window, enter)
        assert enter.isAccepted()
        QApplication.sendEvent(self.window, QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, buttons, keys))


@pytest.fixture
def screen(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Screen]:
    made = Screen(qtbot, monkeypatch, tmp_path)
    yield made
    made.workstation.close()


def test_a_dropped_mail_is_registered_with_two_keys(screen: Screen, qtbot: QtBot) -> None:
    screen.drop(MAILS[0])
    screen.dialog().choose()
    form = screen.form()
    assert form.fields["name"].answer() == "Sari Contohwati"
    cast("Any", form.fields["lines"])._start_over()
    opened: list[tuple[int, UUID]] = []
    screen.intake.case_opened.connect(lambda office, made: opened.append((office, made)))
    form.submit()
    qtbot.waitUntil(lambda: bool(opened))
    [(action, _, given)] = screen.workstation.shelf.deeds
    assert action == "register_case"
    assert isinstance(given, Registration)
    [message] = given.messages
    assert message.message_id == "<a1b2c3@example.com>"
    assert [file.protected for file in message.files] == [True, False, False]


def test_the_officer_decides_what_is_an_identity_card(screen: Screen) -> None:
    screen.drop(MAILS[0])
    dialog = screen.dialog()
    dialog.cards[0].setChecked(False)
    dialog.cards[2].setChecked(True)
    given: list[Understood] = []
    dialog.as_new.connect(given.append)
    dialog.choose()
    assert [file.protected for file in given[0].files] == [False, False, True]


def test_a_mail_that_answers_a_case_goes_into_it(screen: Screen, qtbot: QtBot) -> None:
    screen.suggestions = (Suggestion(1, CASE, "PST-1600-2026-000123", "Ahmad Rekaan", "nomor permohonan tertulis"),)
    screen.drop(MAILS[1])
    dialog = screen.dialog()
    chosen = dialog.group.checkedButton()
    assert chosen is not None
    assert "Masuk ke PST-1600-2026-000123" in chosen.text()
    dialog.choose()
    qtbot.waitUntil(lambda: bool(screen.workstation.shelf.deeds))
    [(action, _, given)] = screen.workstation.shelf.deeds
    assert action == "take_messages"
    assert isinstance(given, TakenMessages)
    [message] = given.messages
    assert message.text.startswith("Selamat pagi,")
    assert message.message_id
    assert "menulis:" not in message.text, "what was quoted is known already"
    assert [file.name for file in message.files] == ["bukti transfer.jpg"]


def test_a_known_sender_is_offered_and_not_assumed(screen: Screen) -> None:
    screen.suggestions = (Suggestion(1, CASE, "PST-1600-2026-000123", "Sari Contohwati", "pengirim yang sama"),)
    screen.drop(MAILS[0])
    assert screen.dialog().group.checkedId() == 0


@pytest.mark.parametrize("name", ["11_balasan_otomatis.eml", "12_pantulan.eml"])
def test_an_automatic_answer_opens_no_case(screen: Screen, name: str) -> None:
    screen.drop(SAMPLES / "mail" / name)
    dialog = screen.dialog()
    new = dialog.findChild(QRadioButton, "intake.new")
    assert isinstance(new, QRadioButton)
    assert not new.isEnabled()
    assert not dialog.go.isEnabled()
    assert any("tidak membuka permohonan" in label.text() for label in dialog.findChildren(QLabel))


def test_another_file_joins_the_case_on_the_screen(screen: Screen) -> None:
    screen.on_screen = case()
    screen.drop(SAMPLES / "scans" / "tumpukan_11_halaman.pdf")
    form = screen.form()
    assert [file.name for file in cast("Any", form.fields["files"].answer())] == ["tumpukan_11_halaman.pdf"]


def test_another_file_without_a_case_says_what_to_do(screen: Screen, qtbot: QtBot) -> None:
    told: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("desk.ui.message.show", lambda _owner, _heading, text: told.append(text))
        screen.drop(SAMPLES / "scans" / "tumpukan_11_halaman.pdf")
        qtbot.waitUntil(lambda: bool(told))
    assert told[0].endswith("Pilih permohonannya di daftar, lalu seret lagi.")


def test_what_is_dropped_on_a_row_is_meant_for_its_case(screen: Screen, qtbot: QtBot, tmp_path: Path) -> None:
    screen.under = Suggestion(1, CASE, "PST-1600-2026-000123", "Ahmad Rekaan", "baris tempat menaruhnya")
    outlook = tmp_path / "jawaban.msg"
    outlook.write_bytes(Outlook(subject="Tambahan", body="Ini tambahannya.").saved())
    screen.drop(outlook)
    dialog = screen.dialog()
    assert dialog.group.checkedId() == 1
    dialog.choose()
    qtbot.waitUntil(lambda: bool(screen.workstation.shelf.deeds))
    [(action, _, given)] = screen.workstation.shelf.deeds
    assert action == "take_messages"
    assert isinstance(given, TakenMessages)
    assert given.messages[0].text == "Ini tambahannya."


def test_several_files_on_a_row_become_one_message_of_its_case(screen: Screen, qtbot: QtBot, tmp_path: Path) -> None:
    screen.under = Suggestion(1, CASE, "PST-1600-2026-000123", "Ahmad Rekaan", "baris tempat menaruhnya")
    told: list[str] = []
    program = tmp_path / "pasang.exe"
    program.write_bytes(b"MZ" + bytes(200))
    note = tmp_path / "catatan.txt"
    note.write_text("hanya catatan")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("desk.ui.message.show", lambda _owner, _heading, text: told.append(text))
        screen.drop(SAMPLES / "scans" / "tumpukan_11_halaman.pdf", program, note)
        form = screen.form()
    assert [file.name for file in cast("Any", form.fields["files"].answer())] == [
        "tumpukan_11_halaman.pdf",
        "catatan.txt",
    ]
    assert "pasang.exe" in told[0]


def test_strange_text_is_shown_as_it_is(screen: Screen) -> None:
    screen.intake.take_text(
        "Topik #1: <b>tebal</b>\n\nSiti (pengguna) - Kamis, 24 September 2026 09:12 WIB\n<img src=x>"
    )
    for label in screen.dialog().findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
