"""The paper engine draws what office letters use, the same every time, and names what it does not draw."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psutil
import pypdfium2 as pdfium
import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Pt
from pypdf import PdfReader

from desk.adapters.paper import ink
from desk.adapters.paper.marks import mark_pdf
from desk.adapters.paper.pdf import picture_of, write_pdf
from desk.adapters.paper.work import Paper, lay_out, paper_of
from desk.errors import Refused
from tests.documents import paper_samples as samples
from tests.documents.paper_samples import LOREM, element, save, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage

pytestmark = pytest.mark.usefixtures("qapp")


def paper(document: Any) -> Paper:
    return paper_of(save(document))


def page_texts(pdf: bytes) -> list[str]:
    document = pdfium.PdfDocument(pdf)
    texts = [" ".join(word for word, _, _ in samples.sorted_words(page)) for page in document]
    document.close()
    return texts


def paragraph(document: Any, inner: str) -> None:
    document.element.body.sectPr.addprevious(parse_xml(f"<w:p {nsdecls('w', 'r')}>{inner}</w:p>"))


def test_the_header_row_of_a_long_table_is_repeated_on_every_page() -> None:
    pages = page_texts(paper_of(samples.invoice(130)).pdf)
    assert len(pages) == 4
    assert all(page.count("Uraian") == 1 for page in pages[:3])
    assert [f"Halaman {number} dari 4" in page for number, page in enumerate(pages, 1)] == [True] * 4


def test_the_first_page_has_its_own_header_and_footer() -> None:
    pages = page_texts(paper_of(samples.agreement()).pdf)
    assert "BADAN PUSAT STATISTIK" in pages[0]
    assert "Halaman" not in pages[0]
    assert "BADAN PUSAT STATISTIK" not in pages[1]
    assert "Nomor SPPD-0123/16000/2026" in pages[1]
    assert "Halaman 2 dari 3" in pages[1]


def test_a_landscape_section_has_landscape_pages() -> None:
    reader = PdfReader(io.BytesIO(paper_of(samples.landscape()).pdf))
    sizes = [(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages]
    assert sizes == [(595, 842), (842, 595), (842, 595)]


def test_the_same_file_gives_the_same_bytes() -> None:
    docx = samples.receipt()
    first = paper_of(docx).pdf
    assert paper_of(docx).pdf == first
    assert paper_of(docx, ("SALINAN",)).pdf == paper_of(docx, ("SALINAN",)).pdf != first


def test_the_dates_of_the_pdf_are_those_of_the_file() -> None:
    document = samples.new_letter()
    document.core_properties.modified = datetime(2026, 11, 21, 7, 30, 5, tzinfo=UTC)
    pdf = paper(document).pdf
    metadata = PdfReader(io.BytesIO(pdf)).metadata
    assert metadata is not None
    assert str(metadata["/CreationDate"]).startswith("D:20261121073005")
    assert b'CreateDate="2026-11-21T07:30:05' in pdf


def test_every_font_of_the_pdf_is_carried_and_embedded() -> None:
    fonts: dict[str, bool] = {}
    for page in PdfReader(io.BytesIO(paper_of(samples.features()).pdf)).pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = inner["/FontDescriptor"].get_object()
            fonts[str(inner["/BaseFont"])] = "/FontFile2" in descriptor
    assert fonts
    assert all(embedded and "Liberation" in name for name, embedded in fonts.items())


def test_numbers_and_bullets_are_written_and_lists_restart() -> None:
    document = Document()
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{720 * (level + 1)}" w:hanging="720"/></w:pPr></w:lvl>'
        for level, (kind, text) in enumerate((("decimal", "%1."), ("lowerLetter", "%2)"), ("upperRoman", "%1.%3")))
    )
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    for tail in (
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>',
        f'<w:num {nsdecls("w")} w:numId="91"><w:abstractNumId w:val="90"/></w:num>',
        f'<w:num {nsdecls("w")} w:numId="92"><w:abstractNumId w:val="90"/>{restart}</w:num>',
    ):
        numbering.append(parse_xml(tail))
    for number, level in ((91, 0), (91, 1), (91, 1), (91, 2), (91, 0), (91, 1), (92, 0)):
        props = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'
        paragraph(document, f"{props}<w:r><w:t>x</w:t></w:r>")
    (text,) = page_texts(paper(document).pdf)
    assert text == "1. x a) x b) x 1.I x 2. x a) x 1. x"


def test_a_paragraph_keeps_with_the_next_and_leaves_no_single_line_behind() -> None:
    document = samples.new_letter()
    for _ in range(44):
        document.add_paragraph("isi")
    head = document.add_paragraph("Pasal terakhir")
    head.paragraph_format.keep_with_next = True
    document.add_paragraph(LOREM)
    first, second = page_texts(paper(document).pdf)
    assert "Pasal" not in first
    assert second.startswith("Pasal terakhir")


def test_a_table_whose_last_row_keeps_with_the_next_moves_with_it() -> None:
    document = samples.new_letter()
    for _ in range(44):
        document.add_paragraph("isi")
    cell = document.add_table(1, 1).rows[0].cells[0].paragraphs[0]
    cell.text, cell.paragraph_format.keep_with_next = "Tabel", True
    document.add_paragraph(LOREM)
    first, second = page_texts(paper(document).pdf)
    assert "Tabel" not in first
    assert second.startswith("Tabel")


def test_a_row_that_must_stay_whole_moves_and_another_is_split() -> None:
    def pages(*, whole: bool) -> list[str]:
        document = samples.new_letter()
        for _ in range(42):
            document.add_paragraph("isi")
        row = document.add_table(1, 1).rows[0]
        row.cells[0].text = "AWAL " + LOREM * 5 + " AKHIR"
        if whole:
            row._tr.get_or_add_trPr().append(element("w:cantSplit"))
        return page_texts(paper(document).pdf)

    assert ["AWAL" in page for page in pages(whole=True)] == [False, True]
    split = pages(whole=False)
    assert ["AWAL" in page for page in split] == [True, False]
    assert ["AKHIR" in page for page in split] == [False, True]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_row_higher_than_a_page_goes_over_several_pages(rows: int) -> None:
    document = samples.new_letter()
    table = document.add_table(rows, 1)
    for row in table.rows:
        row.cells[0].text = "MULAI " + LOREM * 30 + " TAMAT"
    pages = page_texts(paper(document).pdf)
    assert len(pages) >= 3
    assert sum(page.count("MULAI") for page in pages) == sum(page.count("TAMAT") for page in pages) == rows


def test_content_controls_links_and_accepted_changes_are_text_and_deletions_are_not() -> None:
    document = samples.new_letter()
    run = "<w:r><w:t>{}</w:t></w:r>"
    paragraph(
        document,
        f"<w:sdt><w:sdtContent>{run.format('kontrol ')}</w:sdtContent></w:sdt>"
        f'<w:hyperlink r:id="rId1">{run.format("tautan ")}</w:hyperlink><w:ins>{run.format("sisipan ")}</w:ins>'
        "<w:del><w:r><w:delText>hapusan</w:delText></w:r></w:del>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>tersembunyi</w:t></w:r>"
        f'<w:fldSimple w:instr=" DATE ">{run.format("21 November 2026")}</w:fldSimple>',
    )
    assert page_texts(paper(document).pdf) == ["kontrol tautan sisipan 21 November 2026"]


def test_a_picture_at_a_fixed_place_is_drawn_there() -> None:
    document = samples.new_letter()
    document.add_paragraph().add_run().add_picture(io.BytesIO(samples.qr_png()), width=Cm(2))
    inline = next(document.element.body.iter("{*}inline"))
    extent, graphic = inline.find("{*}extent"), inline.find("{*}graphic")
    across = '<wp:positionH relativeFrom="page"><wp:posOffset>360000</wp:posOffset></wp:positionH>'
    down = '<wp:positionV relativeFrom="margin"><wp:align>bottom</wp:align></wp:positionV>'
    anchor = parse_xml(f"<wp:anchor {nsdecls('wp')}>{across}{down}<wp:wrapNone/></wp:anchor>")
    anchor.insert(2, extent)
    anchor.append(graphic)
    inline.getparent().replace(inline, anchor)
    sheets = lay_out(save(document))
    ((group, picture),) = [
        (group, one) for group in sheets.pages[0].groups for one in group.ink if isinstance(one, ink.Image)
    ]
    assert sheets.warnings == ()
    assert (group.x + picture.x) / 1440 * 2.54 == pytest.approx(1.0, abs=0.01)
    assert (group.y + picture.y + picture.height) / 1440 * 2.54 == pytest.approx(29.7 - 2, abs=0.01)


def test_words_stand_where_the_tab_stops_are() -> None:
    document = samples.new_letter("Arial", 11)
    paragraph(
        document,
        '<w:pPr><w:tabs><w:tab w:val="right" w:pos="4000"/><w:tab w:val="left" w:pos="5000"/></w:tabs></w:pPr>'
        "<w:r><w:t>Total</w:t><w:tab/><w:t>Rp1.234</w:t><w:tab/><w:t>rupiah</w:t></w:r>",
    )
    ((_, (_, amount, _), (_, unit, _)),) = words_of(paper(document).pdf)
    width = samples.text_width("Rp1.234", 11)
    assert amount + width == pytest.approx(25 + 4000 / 1440 * 25.4, abs=0.1)
    assert unit == pytest.approx(25 + 5000 / 1440 * 25.4, abs=0.1)


def box(inner: str) -> str:
    return (
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice '
        'Requires="wps"><w:drawing><wp:anchor xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        f'wordprocessingDrawing">{inner}</wp:anchor></w:drawing></mc:Choice></mc:AlternateContent></w:r>'
    )


UNSUPPORTED = {
    "Kotak teks": box("<w:txbxContent><w:p/></w:txbxContent>"),
    "Bentuk gambar": box(""),
    "Rumus": '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"/>',
    "Catatan kaki": '<w:r><w:footnoteReference w:id="2"/></w:r>',
    "Objek tertanam": "<w:r><w:object/></w:r>",
    "Kolom koran": '<w:pPr><w:sectPr><w:cols w:num="2"/></w:sectPr></w:pPr>',
    "Bingkai halaman": "<w:pPr><w:sectPr><w:pgBorders/></w:sectPr></w:pPr>",
    "Huruf Wingdings 7": '<w:r><w:rPr><w:rFonts w:ascii="Wingdings 7"/></w:rPr><w:t>x</w:t></w:r>',
}


@pytest.mark.parametrize("named", UNSUPPORTED)
def test_what_is_not_drawn_is_named_in_a_sentence(named: str) -> None:
    document = samples.new_letter()
    paragraph(document, UNSUPPORTED[named])
    (warning,) = paper(document).warnings
    assert warning.startswith(named)
    assert warning.endswith(".")


@pytest.mark.parametrize("name", samples.SAMPLES)
def test_a_letter_of_supported_things_has_no_warning(name: str) -> None:
    assert paper_of(samples.SAMPLES[name]()).warnings == ()


@pytest.mark.parametrize("mark", ["LATIHAN", "SALINAN", "BATAL", "DIGANTI", "CONTOH", "ASLI"])
def test_a_mark_is_on_every_page_and_the_text_stays(mark: str) -> None:
    docx = samples.landscape()
    plain, marked = page_texts(paper_of(docx).pdf), page_texts(paper_of(docx, (mark,)).pdf)
    stored = page_texts(mark_pdf(paper_of(docx).pdf, (mark,)))
    for before, after, later in zip(plain, marked, stored, strict=True):
        letters = "".join(after.split())
        assert all(letters.count(letter) >= "".join(before.split()).count(letter) for letter in set(letters))
        assert sorted(letters) == sorted("".join(before.split()) + mark) == sorted("".join(later.split()))


def test_a_mark_does_not_cover_the_letter() -> None:
    sheets, marked = (lay_out(samples.agreement(), marks) for marks in ((), ("LATIHAN", "SALINAN")))
    assert marked.pages[0].groups[:-1] == sheets.pages[0].groups
    before, after = dark_dots(picture_of(sheets, 0, 60), 60), dark_dots(picture_of(marked, 0, 60), 110)
    assert len(before) > 1_000
    assert before <= after


def dark_dots(png: bytes, darker_than: int) -> set[tuple[int, int]]:
    from PySide6.QtGui import QImage

    image = QImage.fromData(png)
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return {(x, y) for x, y in places if image.pixelColor(x, y).value() < darker_than}


def test_pdf_preview_and_printer_show_one_layout() -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage, QPainter

    sheets = lay_out(samples.agreement())
    printer = QImage(827, 1169, QImage.Format.Format_RGB32)  # stands for a printer of 100 dots per inch
    printer.fill(Qt.GlobalColor.white)
    painter = QPainter(printer)
    ink.paint_pages(sheets, painter, 1, 100)
    painter.end()
    preview = QImage.fromData(picture_of(sheets, 1, 100))
    document = pdfium.PdfDocument(write_pdf(sheets))
    bitmap = document[1].render(scale=100 / 72, prefer_bgrx=True)
    pdf = QImage(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGB32).copy()
    bitmap.close()
    document.close()
    rows = [inked_rows(image) for image in (printer, preview, pdf)]
    assert len(rows[2]) > 40
    for other in rows[:2]:
        assert len(other) == len(rows[2])
        for (top, left), (pdf_top, pdf_left) in zip(other, rows[2], strict=True):
            assert abs(top - pdf_top) <= 1
            assert abs(left - pdf_left) <= 1


def inked_rows(image: QImage) -> list[tuple[int, int]]:
    """(top, left) of every strip of a picture that has ink in it."""
    found: list[tuple[int, int]] = []
    inked = False
    for y in range(image.height()):
        dots = [x for x in range(image.width()) if image.pixelColor(x, y).value() < 150]
        if dots and not inked:
            found.append((y, dots[0]))
        elif dots:
            found[-1] = (found[-1][0], min(found[-1][1], dots[0]))
        inked = bool(dots)
    return found


def test_a_paper_of_more_than_500_pages_is_refused() -> None:
    document = samples.new_letter()
    for _ in range(501):
        document.add_page_break()
    with pytest.raises(Refused, match="500 halaman"):
        paper(document)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda xml: xml.replace('w:w="', 'w:w="-'),
        lambda xml: xml.replace('w:val="', 'w:val="x'),
        lambda xml: xml.replace("<w:tblGrid>", "<w:tblGrid><w:gridCol/>"),
        lambda xml: xml.replace("<w:gridCol ", "<w:other "),
        lambda xml: xml.replace("<w:tc>", "<w:tc><w:tcPr><w:gridSpan w:val='99'/><w:vMerge/></w:tcPr>"),
        lambda xml: xml.replace('w:left="', 'w:left="99'),
        lambda xml: xml.replace('cx="', 'cx="9'),
        lambda xml: xml.replace("r:embed=", "r:nothing="),
    ],
)
@pytest.mark.parametrize("name", ["features", "invoice"])
def test_odd_values_in_a_file_still_give_pages(name: str, spoil: Callable[[str], str]) -> None:
    from desk.adapters.word_package import open_package, pack

    parts = open_package(samples.SAMPLES[name]()).parts
    parts["word/document.xml"] = spoil(parts["word/document.xml"].decode()).encode()
    assert paper_of(pack(parts)).pages >= 1


def test_a_picture_bomb_is_left_out() -> None:
    assert ink.decoded(white_png(7_000)).isNull()
    assert not ink.decoded(white_png(700)).isNull()
    assert ink.decoded(b"").isNull()


def white_png(side: int) -> bytes:
    from PySide6.QtCore import QBuffer, QIODevice
    from PySide6.QtGui import QImage

    image = QImage(side, side, QImage.Format.Format_Mono)
    image.fill(1)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def test_hundreds_of_papers_in_one_process_do_not_grow() -> None:
    process = psutil.Process(os.getpid())
    document = samples.new_letter("Arial", 11)
    samples.letterhead(document)
    document.add_paragraph(LOREM).paragraph_format.space_before = Pt(6)
    document.add_table(2, 2, style="Table Grid").rows[0].height = Cm(1)
    docx = save(document)
    for _ in range(100):
        paper_of(docx)
    before = process.memory_info().rss
    for _ in range(400):
        paper_of(docx)
    assert process.memory_info().rss - before < 10 << 20
