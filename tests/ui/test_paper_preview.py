"""Papers on screen and printer: pages, zoom, sentences for what cannot be shown, ASLI once and SALINAN after."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest

from desk.adapters.paper import PaperShop
from desk.errors import Refused, Unavailable
from desk.rules.papers import PaperKind
from desk.services.case_file import DocumentEntry
from desk.services.prints import Noted
from desk.settings import PaperPrinter
from desk.ui import paper_preview
from desk.ui.forms.file_field import png
from desk.ui.paper_files import Stored, write_read_only
from desk.ui.paper_preview import PaperPreview
from desk.ui.printing import PRINT_DPI, PrintDialog, PrintOrder, carry_out
from tests.ui.office import FakeWorkstation, ReadingWorkstation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytestqt.qtbot import QtBot

    from desk.ui.background import Task

SAMPLES = Path(__file__).parents[1] / "samples"
SCANS = (SAMPLES / "scans" / "tumpukan_11_halaman.pdf").read_bytes()
RECEIPT = DocumentEntry(
    UUID(int=1), "paper", "Kuitansi 0017", "kuitansi.pdf", "application/pdf", len(SCANS),
    datetime(2026, 11, 20, tzinfo=UTC), PaperKind.RECEIPT, "0017", UUID(int=9),
)  # fmt: skip
CARD = replace(RECEIPT, kind="id_card", name="KTP.jpg", paper=None, subject_id=None)


class Drawn:
    """A paper shop whose pages say what was asked for."""

    def __init__(self, pages: int = 3) -> None:
        self.pages = pages
        self.asked: list[tuple[int, int, tuple[str, ...]]] = []

    def page_count(self, _file: bytes, **_: object) -> int:
        return self.pages

    def preview(self, _file: bytes, page: int, dpi: int, *, marks: Sequence[str] = ()) -> bytes:
        self.asked.append((page, dpi, tuple(marks)))
        sheet = QImage(round(8.27 * dpi), round(11.69 * dpi), QImage.Format.Format_RGB32)
        sheet.fill(Qt.GlobalColor.white)
        with QPainter(sheet) as painter:
            painter.fillRect(dpi, dpi, dpi, dpi, Qt.GlobalColor.black)
        return png(sheet)

    def close(self) -> None:
        pass


@pytest.fixture
def workstation(qapp: object) -> Iterator[FakeWorkstation]:
    made = ReadingWorkstation()
    yield made
    made.close()


@pytest.fixture
def shop(workstation: FakeWorkstation, monkeypatch: pytest.MonkeyPatch) -> Drawn:
    drawn = Drawn()
    monkeypatch.setattr(workstation, "paper_shop", lambda: drawn)
    return drawn


@pytest.fixture
def preview(qtbot: QtBot, workstation: FakeWorkstation) -> PaperPreview:
    made = PaperPreview(workstation)
    qtbot.addWidget(made)
    made.resize(700, 800)
    made.show()
    return made


@pytest.fixture(scope="module")
def real_shop() -> Iterator[PaperShop]:
    shop = PaperShop()
    yield shop
    shop.close()


def shown(preview: PaperPreview) -> bool:
    """Whether a page stands on the screen."""
    return not preview.sheet.pixmap().isNull()


def test_a_paper_shows_its_first_page_as_wide_as_the_pane(qtbot: QtBot, preview: PaperPreview, shop: Drawn) -> None:
    preview.show_file("invoice.pdf", "application/pdf", SCANS)
    qtbot.waitUntil(lambda: shown(preview))
    assert (preview.page, preview.pages, preview.where.text()) == (1, 3, "Halaman 1 dari 3")
    assert abs(preview.sheet.pixmap().width() - preview.area.viewport().width()) < 30


def test_the_page_keys_turn_pages(qtbot: QtBot, preview: PaperPreview, shop: Drawn) -> None:
    preview.show_file("invoice.pdf", "application/pdf", SCANS)
    qtbot.waitUntil(lambda: shown(preview))
    for key, page in ((Qt.Key.Key_PageDown, 2), (Qt.Key.Key_End, 3), (Qt.Key.Key_PageDown, 3), (Qt.Key.Key_Home, 1)):
        QTest.keyClick(preview, key)
        assert preview.page == page
    assert not preview.back.isEnabled()


def test_zoom_asks_for_more_dots_and_fits_the_width_again(qtbot: QtBot, preview: PaperPreview, shop: Drawn) -> None:
    preview.show_file("invoice.pdf", "application/pdf", SCANS)
    qtbot.waitUntil(lambda: shown(preview))
    before = preview.sheet.pixmap().width()
    preview.zoom_in()
    preview.zoom_in()
    qtbot.waitUntil(lambda: preview.sheet.pixmap().width() > before * 1.2)
    preview.fit_width()
    qtbot.waitUntil(lambda: abs(preview.sheet.pixmap().width() - before) < 30)


def test_an_older_answer_never_replaces_a_newer_file(qtbot: QtBot, preview: PaperPreview, shop: Drawn) -> None:
    picture = QImage(60, 40, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    preview.show_file("invoice.pdf", "application/pdf", SCANS)
    preview.show_file("bukti.png", "image/png", png(picture))
    qtbot.waitUntil(lambda: shown(preview))
    qtbot.wait(50)
    assert preview.pages == 1
    assert preview.sheet.pixmap().toImage().pixelColor(5, 5) == Qt.GlobalColor.red


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("truncated.pdf", "rusak"),
        ("encrypted_user_password.pdf", "kata sandi"),
    ],
)
def test_what_cannot_be_shown_says_why(
    qtbot: QtBot,
    workstation: FakeWorkstation,
    preview: PaperPreview,
    real_shop: PaperShop,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    said: str,
) -> None:
    monkeypatch.setattr(workstation, "paper_shop", lambda: real_shop)
    preview.show_file(name, "application/pdf", (SAMPLES / "hostile" / name).read_bytes())
    qtbot.waitUntil(lambda: not preview.told.text().startswith("Membuka"), timeout=20_000)
    assert said in preview.told.text().lower()
    assert preview.told.text().endswith(".")
    assert not shown(preview)
    assert not preview.printing.isEnabled()


def test_a_real_scan_is_drawn_in_the_paper_process(
    qtbot: QtBot,
    workstation: FakeWorkstation,
    preview: PaperPreview,
    real_shop: PaperShop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workstation, "paper_shop", lambda: real_shop)
    preview.show_file("tumpukan.pdf", "application/pdf", SCANS)
    qtbot.waitUntil(lambda: shown(preview), timeout=20_000)
    assert preview.pages == 11


def test_a_program_is_named_and_not_shown(qtbot: QtBot, preview: PaperPreview, shop: Drawn) -> None:
    preview.show_file("data.zip", "application/zip", (SAMPLES / "hostile" / "names.zip").read_bytes())
    qtbot.waitUntil(lambda: "tidak dapat ditampilkan" in preview.told.text())
    assert preview.told.text().startswith("Berkas data.zip (")


def stored(monkeypatch: pytest.MonkeyPatch, data: bytes = SCANS, word: bool = False) -> list[str]:
    """Lets the database answer with these bytes; gives the reasons it was asked with."""
    reasons: list[str] = []

    def read(_session: object, _office: int, entry: DocumentEntry, reason: str) -> Stored:
        reasons.append(reason)
        return Stored(entry.id, UUID(int=5), entry.name, data, UUID(int=2) if word else None, "kuitansi.docx")

    monkeypatch.setattr(paper_preview, "read_stored", read)
    return reasons


def test_an_identity_card_is_shown_only_with_a_reason(
    qtbot: QtBot, preview: PaperPreview, shop: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = QImage(60, 40, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    reasons = stored(monkeypatch, png(picture))
    preview.show_document(1, CARD)
    qtbot.wait(20)
    assert not reasons
    assert preview.asking.isVisible()
    QTest.keyClick(preview.reason, Qt.Key.Key_Return)
    assert not reasons, "an empty reason is none"
    QTest.keyClicks(preview.reason, "Mencocokkan nama pada SPPD")
    QTest.keyClick(preview.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(preview))
    assert reasons == ["Mencocokkan nama pada SPPD"]
    assert not preview.asking.isVisible()


def test_word_is_offered_only_where_there_is_a_word_file(
    qtbot: QtBot, preview: PaperPreview, shop: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(monkeypatch, word=True)
    preview.show_document(1, RECEIPT)
    qtbot.waitUntil(lambda: shown(preview))
    assert preview.word.isVisible()
    preview.show_file("bukti.pdf", "application/pdf", SCANS)
    qtbot.waitUntil(lambda: shown(preview))
    assert not preview.word.isVisible()


def test_the_file_for_word_is_a_copy_that_cannot_be_written(tmp_path: Path) -> None:
    path = write_read_only("CON/kuitansi:0017.docx", b"PK")
    assert path.read_bytes() == b"PK"
    assert path.stat().st_mode & 0o222 == 0
    assert path.name == "kuitansi_0017.docx"
    path.chmod(0o600)
    path.unlink()
    path.parent.rmdir()


def test_the_first_print_is_asli_and_every_later_one_salinan(
    qtbot: QtBot,
    preview: PaperPreview,
    shop: Drawn,
    workstation: FakeWorkstation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stored(monkeypatch)
    noted: list[tuple[UUID, UUID, str]] = []

    def note_print(
        _session: object, _office: int, case_id: UUID, document_id: UUID, *, printer: str, pages: int, copies: int
    ) -> Noted:
        noted.append((case_id, document_id, printer))
        assert (pages, copies) == (3, 1)
        return Noted(UUID(int=len(noted)), "ASLI" if len(noted) == 1 else "SALINAN")

    printed: list[tuple[PrintOrder, str]] = []
    monkeypatch.setattr("desk.services.prints.note_print", note_print)
    monkeypatch.setattr(
        "desk.ui.printing.carry_out", lambda order, _shop, _pdf, mark, _task: printed.append((order, mark))
    )
    monkeypatch.setattr(workstation, "link", replace(workstation.link, transaction=lambda: cast("Any", nullcontext())))
    preview.show_document(1, RECEIPT)
    qtbot.waitUntil(lambda: shown(preview))
    order = PrintOrder("Pencetak loket", 1, 1, 3)
    for _ in range(2):
        preview._print(order)
        qtbot.waitUntil(lambda: preview.told.text() == "Sudah dikirim ke Pencetak loket.")
        preview._say("")
    assert [mark for _, mark in printed] == ["ASLI", "SALINAN"]
    assert noted[0] == (UUID(int=5), RECEIPT.id, "Pencetak loket")
    preview._print(replace(order, file=Path("kuitansi.pdf")))
    qtbot.waitUntil(lambda: len(printed) == 3)
    assert printed[2][1] == "SALINAN", "a PDF file is no original"
    assert len(noted) == 2


class Quiet:
    """A task that nobody watches."""

    def progress(self, at: int, of: int) -> None:
        pass


QUIET = cast("Task", Quiet())


def test_pages_are_printed_in_their_true_size(qapp: object, tmp_path: Path, real_shop: PaperShop) -> None:
    from pypdf import PdfReader

    shop = Drawn()
    path = tmp_path / "cetakan kuitansi.pdf"
    carry_out(PrintOrder("", 1, 2, 3, path), shop, SCANS, "SALINAN", QUIET)
    assert shop.asked == [(2, PRINT_DPI, ("SALINAN",)), (3, PRINT_DPI, ("SALINAN",))]
    pages = PdfReader(path).pages
    assert len(pages) == 2
    assert float(pages[0].mediabox.width) == pytest.approx(595, abs=2)
    assert float(pages[0].mediabox.height) == pytest.approx(842, abs=2)
    drawn = QImage.fromData(real_shop.preview(path.read_bytes(), 1, 100))
    for at, black in ((97, False), (103, True), (197, True), (203, False)):
        assert (drawn.pixelColor(at, at).lightness() < 100) is black, "the black inch stands where it was drawn"


def test_only_the_first_of_several_copies_is_the_original(qapp: object, tmp_path: Path) -> None:
    shop = Drawn(1)
    carry_out(PrintOrder("", 3, 1, 1, tmp_path / "a.pdf"), shop, SCANS, "ASLI", QUIET)
    assert [marks for _, _, marks in shop.asked] == [("ASLI",), ("SALINAN",), ("SALINAN",)]


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_takes_nothing_is_said(qapp: object, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"tidak menerima cetakan"):
        carry_out(PrintOrder("", 1, 1, 1, tmp_path / "tidak ada" / "a.pdf"), Drawn(1), SCANS, "", QUIET)


def test_a_page_that_cannot_be_drawn_stops_the_print_with_the_papers_sentence(qapp: object, tmp_path: Path) -> None:
    class Broken(Drawn):
        def preview(self, _file: bytes, _page: int, _dpi: int, *, marks: Sequence[str] = ()) -> bytes:
            raise Refused("Berkas ini rusak.")

    with pytest.raises(Refused, match=r"rusak"):
        carry_out(PrintOrder("", 1, 1, 1, tmp_path / "a.pdf"), Broken(), SCANS, "", QUIET)


def test_the_print_dialog_is_answered_by_keyboard(qtbot: QtBot, preview: PaperPreview) -> None:
    given: list[PrintOrder] = []
    dialog = PrintDialog(
        preview,
        "Kuitansi 0017",
        3,
        given.append,
        printers=["Loket", "Ruang rapat"],
        remembered=PaperPrinter("Ruang rapat"),
        issued=True,
        trays=False,
    )
    dialog.show()
    assert dialog.printer.currentText() == "Ruang rapat"
    assert dialog.about.text().startswith("Cetakan pertama bertanda ASLI")
    dialog.copies.setValue(2)
    dialog.last.setValue(2)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert given == [PrintOrder("Ruang rapat", 2, 1, 2, name="Kuitansi 0017")]


def test_a_pdf_file_is_always_a_copy(qtbot: QtBot, preview: PaperPreview) -> None:
    dialog = PrintDialog(preview, "Kuitansi 0017", 3, lambda _order: None, printers=[], issued=True)
    assert dialog.into_file
    assert dialog.about.text() == "Berkas PDF selalu bertanda SALINAN."
    assert not dialog.copies.isEnabled()
