"""Office letters made with python-docx, and word positions read back from PDF files, for the paper tests."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt, RGBColor

if TYPE_CHECKING:
    from collections.abc import Iterator

LOREM = (
    "Pihak Kedua menggunakan data mikro hanya untuk tujuan yang tercantum dalam abstraksi, tidak memperbanyak, tidak "
    "memindahtangankan kepada pihak lain, serta menjaga kerahasiaan data responden sesuai dengan peraturan perundang-"
    "undangan. Penggunaan untuk tujuan lain memerlukan persetujuan tertulis dari Pihak Pertama."
)


def qr_png(text: str = "SPPD|1600|2026|000123|1/2") -> bytes:
    """A QR code as PNG."""
    import segno

    out = io.BytesIO()
    segno.make(text).save(out, kind="png", scale=6)
    return out.getvalue()


def element(name: str, **attributes: str) -> Any:
    """A w: element with w: attributes."""
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn("w:" + key), value)
    return made


def field(paragraph: Any, instruction: str) -> None:
    """A page field as Word writes it, with a stale stored result."""
    for kind in ("begin", None, "separate", "result", "end"):
        run = paragraph.add_run()
        if kind is None:
            code = element("w:instrText")
            code.text = f" {instruction} "
            run._r.append(code)
        elif kind == "result":
            run.text = "9"
        else:
            run._r.append(element("w:fldChar", fldCharType=kind))


def bottom_line(paragraph: Any, size: str = "18") -> None:
    """A rule under the paragraph, as under a letterhead."""
    edges = element("w:pBdr")
    edges.append(element("w:bottom", val="single", sz=size, space="1", color="000000"))
    paragraph._p.get_or_add_pPr().append(edges)


def new_letter(font: str = "Times New Roman", size: float = 12) -> Any:
    """An A4 letter with the margins of an office."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name = font
    style.font.size = Pt(size)
    style.paragraph_format.space_after = Pt(0)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Cm(2.5), Cm(2)
    section.top_margin, section.bottom_margin = Cm(2), Cm(2)
    return document


def letterhead(container: Any) -> None:
    """Logo, two centred lines and the rule below."""
    head = container.paragraphs[0] if container.paragraphs else container.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.add_run().add_picture(io.BytesIO(qr_png("logo")), width=Mm(18))
    line = container.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = line.add_run("BADAN PUSAT STATISTIK PROVINSI CONTOH")
    run.bold, run.font.size = True, Pt(14)
    line = container.add_paragraph("Jalan Rekaan Nomor 1, Kota Misal 30137, Telepon (0711) 000000")
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.runs[0].font.size = Pt(10)
    bottom_line(line)


def save(document: Any) -> bytes:
    """The bytes of the file."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def page_of_pages(section: Any) -> None:
    """A footer with "Halaman x dari y"."""
    line = section.footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    line.add_run("Halaman ")
    field(line, "PAGE")
    line.add_run(" dari ")
    field(line, "NUMPAGES")


def receipt() -> bytes:
    """A one-page receipt: letterhead, label and value by tabs, box with the amount, signature."""
    document = new_letter("Arial", 11)
    letterhead(document)
    title = document.add_paragraph("KUITANSI")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(18), Pt(12)
    title.runs[0].bold = title.runs[0].underline = True
    title.runs[0].font.size = Pt(16)
    for label, value in (
        ("Nomor", "KU-0017/16000/2026"),
        ("Telah terima dari", "Sari Contohwati, Universitas Contoh Musi"),
        ("Uang sejumlah", "dua puluh empat juta tujuh puluh tujuh ribu enam ratus satu rupiah"),
        ("Untuk pembayaran", "Invoice INV-0123/16000/2026: Susenas Maret 2025 KOR, Peta digital 1 kabupaten"),
    ):
        line = document.add_paragraph()
        shape = line.paragraph_format
        shape.left_indent, shape.first_line_indent = Cm(4.5), Cm(-4.5)
        shape.tab_stops.add_tab_stop(Cm(4.2))
        shape.tab_stops.add_tab_stop(Cm(4.5))
        shape.space_after, shape.line_spacing = Pt(6), 1.15
        line.add_run(f"{label}\t:\t{value}")
    box = document.add_table(1, 1)
    box.style = "Table Grid"
    box.columns[0].width = Cm(6)
    box.rows[0].cells[0].width = Cm(6)
    amount = box.rows[0].cells[0].paragraphs[0]
    amount.add_run("Rp24.077.601,00").bold = True
    sign(
        document,
        ("", "Kota Misal, 21 November 2026\nBendahara Penerimaan"),
        ("", "Budi Rekaan\nNIP 199001012015011001"),
    )
    return save(document)


def sign(document: Any, titles: tuple[str, str], names: tuple[str, str]) -> None:
    """Two signature blocks in a table without borders."""
    table = document.add_table(3, 2)
    for column in (0, 1):
        for row, text in ((0, titles[column]), (1, ""), (2, names[column])):
            cell = table.rows[row].cells[column]
            cell.paragraphs[0].text = text
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
            cell.paragraphs[0].paragraph_format.keep_with_next = row < 2
    table.rows[1].height = Cm(2.5)


def agreement() -> bytes:
    """A three-page agreement: first page header, numbered clauses, lists, justified text, two signatures."""
    document = new_letter()
    section = document.sections[0]
    section.different_first_page_header_footer = True
    letterhead(section.first_page_header)
    running = section.header.paragraphs[0]
    running.text = "Surat Perjanjian Penggunaan Data\tNomor SPPD-0123/16000/2026"
    running.paragraph_format.tab_stops.add_tab_stop(Cm(16.5), WD_TAB_ALIGNMENT.RIGHT)
    bottom_line(running, "4")
    page_of_pages(section)
    first = section.first_page_footer.paragraphs[0]
    first.text = "Dokumen ini memerlukan meterai Rp10.000"
    first.runs[0].italic, first.runs[0].font.size = True, Pt(9)
    title = document.add_paragraph("SURAT PERJANJIAN PENGGUNAAN DATA (SPPD)")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.runs[0].bold = True
    title.paragraph_format.space_after = Pt(12)
    for number in range(1, 13):
        head = document.add_paragraph(f"Pasal {number}")
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        head.paragraph_format.keep_with_next = True
        head.paragraph_format.space_before = Pt(6)
        clause = document.add_paragraph(LOREM)
        clause.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        clause.paragraph_format.first_line_indent = Cm(1.25)
        clause.paragraph_format.space_after = Pt(6)
        for item in ("tidak disalin untuk pihak lain;", LOREM.split(",")[0] + "; dan", "hasil diserahkan kepada BPS."):
            document.add_paragraph(item, style="List Number" if number % 2 else "List Bullet")
    sign(document, ("PIHAK PERTAMA", "PIHAK KEDUA"), ("Kepala BPS Contoh\nNIP 198001012005011001", "Sari Contohwati"))
    code = document.add_paragraph()
    code.add_run().add_picture(io.BytesIO(qr_png()), width=Mm(25))
    return save(document)


def invoice(lines: int = 60) -> bytes:
    """An invoice with a long table: header row repeated, right-aligned rupiah, merged total row, shading."""
    document = new_letter("Arial", 11)
    section = document.sections[0]
    page_of_pages(section)
    letterhead(document)
    title = document.add_paragraph("INVOICE")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.runs[0].bold = True
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(12)
    widths = (Cm(1.2), Cm(8.3), Cm(2.5), Cm(4.5))
    table = document.add_table(lines + 2, 4)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for cell, text in zip(table.rows[0].cells, ("No", "Uraian", "Satuan", "Jumlah"), strict=True):
        cell.paragraphs[0].add_run(text).bold = True
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        cell._tc.get_or_add_tcPr().append(element("w:shd", val="clear", color="auto", fill="D9E2F3"))
    table.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader"))
    for number in range(1, lines + 1):
        cells = table.rows[number].cells
        name = f"Susenas Maret {1990 + number} KOR" + (
            ", data rumah tangga dengan pengolahan khusus" if number % 3 == 0 else ""
        )
        for cell, text in zip(
            cells, (str(number), name, "dataset", f"Rp{number * 1234567:,}".replace(",", ".")), strict=True
        ):
            cell.paragraphs[0].text = text
        cells[0].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        cells[3].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    last = table.rows[lines + 1].cells
    last[0].merge(last[2]).paragraphs[0].add_run("Jumlah").bold = True
    last[3].paragraphs[0].text = "Rp2.259.257.610"
    last[3].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    words = document.add_paragraph("Terbilang: dua miliar dua ratus lima puluh sembilan juta")
    words.paragraph_format.space_before = Pt(12)
    words.runs[0].italic = True
    sign(document, ("", "Petugas layanan"), ("", "Rina Umpama"))
    return save(document)


def features() -> bytes:
    """A page with one of everything: tabs, line spacings, scripts, colours, boxes, nested and merged cells."""
    document = new_letter("Times New Roman", 11)
    tabs = document.add_paragraph()
    stops = tabs.paragraph_format.tab_stops
    stops.add_tab_stop(Cm(3))
    stops.add_tab_stop(Cm(8), WD_TAB_ALIGNMENT.CENTER)
    stops.add_tab_stop(Cm(12), WD_TAB_ALIGNMENT.DECIMAL)
    stops.add_tab_stop(Cm(16.5), WD_TAB_ALIGNMENT.RIGHT)
    tabs.add_run("Satu\tdua\ttengah sekali\t1234\tkanan")
    document.add_paragraph("Bawaan\tdua\ttiga\tempat")
    for spacing in (1.0, 1.15, 1.5, 2.0, 0.9):
        line = document.add_paragraph(f"Spasi {spacing}: " + LOREM)
        line.paragraph_format.line_spacing = spacing
        line.paragraph_format.space_after = Pt(4)
    for spacing in (Pt(12), Pt(20)):
        line = document.add_paragraph(f"Tepat {spacing.pt}: " + LOREM)
        line.paragraph_format.line_spacing = spacing
    mixed = document.add_paragraph("Luas 120 m")
    mixed.add_run("2").font.superscript = True
    mixed.add_run(" dan H")
    mixed.add_run("2").font.subscript = True
    mixed.add_run("O, ")
    big = mixed.add_run("besar")
    big.font.size = Pt(20)
    mixed.add_run(" lalu ")
    mixed.add_run("merah").font.color.rgb = RGBColor(200, 0, 0)
    mixed.add_run(" huruf kapital").font.all_caps = True
    mixed.add_run(" Kapital Kecil").font.small_caps = True
    mixed.add_run(" dicoret").font.strike = True
    mixed.add_run(" tebal").bold = True
    mixed.add_run(" miring").italic = True
    box = document.add_paragraph("Paragraf berbingkai dengan latar kelabu. " + LOREM)
    edges = element("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        edges.append(element("w:" + side, val="single", sz="8", space="4", color="336699"))
    box._p.get_or_add_pPr().append(edges)
    box._p.get_or_add_pPr().append(element("w:shd", val="clear", color="auto", fill="EEEEEE"))
    box.paragraph_format.space_before = box.paragraph_format.space_after = Pt(8)
    table = document.add_table(4, 3)
    table.style = "Table Grid"
    table.rows[0].cells[0].merge(table.rows[0].cells[1]).text = "dua kolom"
    table.rows[0].cells[2].text = "C1"
    table.rows[1].cells[0].merge(table.rows[2].cells[0]).text = "dua baris digabung"
    table.rows[1].cells[1].text = LOREM[:90]
    table.rows[1].cells[2].text = "C2"
    table.rows[2].cells[1].text = "B3"
    table.rows[2].cells[2].text = "C3"
    table.rows[3].height = Cm(1.5)
    table.rows[3].cells[0].text = "bawah"
    table.rows[3].cells[0].vertical_alignment = 3  # bottom
    table.rows[3].cells[1].text = "tengah"
    table.rows[3].cells[1].vertical_alignment = 1
    inner = table.rows[3].cells[2].add_table(1, 2)
    inner.rows[0].cells[0].text, inner.rows[0].cells[1].text = "dalam", "sel"
    return save(document)


def landscape() -> bytes:
    """Two sections: an upright page, then a landscape page, with a page break inside the second."""
    document = new_letter()
    document.add_paragraph("Halaman tegak.")
    section = document.add_section()
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    document.add_paragraph("Halaman mendatar. " + LOREM)
    document.add_page_break()
    document.add_paragraph("Halaman ketiga.")
    page_of_pages(section)
    return save(document)


def long_tables() -> bytes:
    """Tables over several pages: small words under a wide line spacing, borders of several widths, rows that split."""
    document = new_letter("Arial", 10.5)
    document.styles["Normal"].paragraph_format.line_spacing = 1.1
    page_of_pages(document.sections[0])
    for borders, whole in ((("4", "4"), True), (("24", "4"), True), (("12", "0"), False)):
        head = document.add_paragraph(f"Tabel dengan garis {borders[0]} dan {borders[1]}")
        head.paragraph_format.space_before, head.paragraph_format.keep_with_next = Pt(6), True
        table = document.add_table(41, 2)
        table.style = "Table Grid"
        for number, row in enumerate(table.rows):
            if number == 0:
                row._tr.get_or_add_trPr().append(element("w:tblHeader"))
            elif whole:
                row._tr.get_or_add_trPr().append(element("w:cantSplit"))
            for column, cell in enumerate(row.cells):
                edges = element("w:tcBorders")
                for side in ("top", "bottom"):
                    edges.append(element("w:" + side, val="single", sz=borders[(number + column) % 2], color="000000"))
                cell._tc.get_or_add_tcPr().append(edges)
                _small_words(cell, (number * 7 + column * 3) % 5, number)
    return save(document)


def _small_words(cell: Any, shape: int, number: int) -> None:
    """Fills a cell with one line, several lines, or paragraphs of several sizes."""
    for place, (text, points) in enumerate(
        (
            ((f"Baris {number}", 9),),
            ((f"Baris {number}", 9), ("0f1e2d3c4b5a69788796a5b4c3d2e1f0", 6)),
            ((f"Butir {number} " + LOREM, 8),),
            ((f"Butir {number}", 14),),
            ((f"Isi {number}", 7), (LOREM[:120], 9)),
        )[shape]
    ):
        line = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        line.add_run(text).font.size = Pt(points)
        line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(place)


SAMPLES = {
    "receipt": receipt, "agreement": agreement, "invoice": invoice, "features": features, "landscape": landscape,
    "long_tables": long_tables,
}  # fmt: skip


def words_of(pdf: bytes) -> list[list[tuple[str, float, float]]]:
    """Per page the words with the place of their first letter on the base line, in mm from the upper left corner."""
    document = pdfium.PdfDocument(pdf)
    try:
        return [sorted_words(page) for page in document]
    finally:
        document.close()


def sorted_words(page: Any) -> list[tuple[str, float, float]]:
    """The words of one page from top to bottom and left to right."""
    height = page.get_height()
    words = [(text, x / 72 * 25.4, (height - y) / 72 * 25.4) for text, x, y in _letters_joined(page)]
    return sorted(words, key=lambda word: (round(word[2]), word[1]))


def _letters_joined(page: Any) -> Iterator[tuple[str, float, float]]:
    import ctypes

    raw = pdfium.raw
    text = page.get_textpage()
    x, y = ctypes.c_double(), ctypes.c_double()
    word, start, end, base = "", 0.0, 0.0, 0.0
    for number in range(text.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(text, number))
        raw.FPDFText_GetCharOrigin(text, number, x, y)
        left, _, right, _ = text.get_charbox(number, loose=True)
        if word and (
            letter.isspace()
            or not letter.isprintable()
            or abs(y.value - base) > 1
            or x.value - end > 1.2
            or x.value < start
        ):
            yield word, start, base
            word = ""
        if letter.isspace() or not letter.isprintable():
            continue
        if not word:
            start, base = x.value, y.value
        word += letter
        end = max(right, left)
    if word:
        yield word, start, base
    text.close()


def docx_of(*paragraphs: str) -> bytes:
    """A Word file with these paragraphs."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return save(document)


def text_width(text: str, points: float) -> float:
    """How wide a text in Liberation Sans is, in mm."""
    from desk.adapters.paper.fonts import SANS, FontKey, metrics

    return metrics().width(FontKey(SANS, round(points * 20)), text) / 1440 * 25.4
