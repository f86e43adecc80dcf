"""The building blocks of the shipped Word templates: page, letterhead, tables, signature blocks, footer.

Only plain constructs that office staff can edit in Word: paragraphs, tables, real lists, page fields. No text boxes,
floating shapes or columns. Template tags stand in runs of their own, so that Word does not split them.
"""

# ruff: noqa: SLF001 - python-docx hands out its XML only through these names

from __future__ import annotations

import re
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

FONT = "Arial"
TEXT_WIDTH = 17.0
"""Centimetres between the margins of an A4 page (2 cm left and right)."""

ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
_PIECE = re.compile(r"(\*\*.+?\*\*|__.+?__)")


def new_document(title: str, *, size: float = 10.5) -> Any:
    """Give an empty A4 document in the house style, text in this size (points)."""
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.0)
    section.top_margin, section.bottom_margin = Cm(1.5), Cm(2.0)
    section.footer_distance = Cm(0.9)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "id-ID")
    style.element.get_or_add_rPr().append(language)
    style.paragraph_format.space_after, style.paragraph_format.space_before = Pt(0), Pt(0)
    style.paragraph_format.line_spacing = 1.1
    listing = document.styles["List Number"]
    listing.paragraph_format.space_after = Pt(3)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "Badan Pusat Statistik", ""
    properties.last_modified_by, properties.language = "", "id-ID"
    return document


def lying(document: Any) -> None:
    """Turn the document to A4 lying, for wide tables."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)


def half_page(document: Any) -> None:
    """Turn the document into half an A4 page: A5 lying, narrow margins above and below."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(21.0), Cm(14.8)
    section.top_margin, section.bottom_margin = Cm(0.7), Cm(1.0)
    section.footer_distance = Cm(0.4)
    document.styles["Normal"].paragraph_format.line_spacing = 1.0


def text(
    place: Any,
    words: str,
    *,
    align: str = "left",
    size: float | None = None,
    bold: bool = False,
    italic: bool = False,
    before: float = 0,
    after: float = 0,
    indent: float = 0,
    hanging: float = 0,
    keep: bool = False,
    style: str | None = None,
) -> Any:
    """Add a paragraph to a document or a cell; `**bold**` and `__italic__` inside, lengths in points and cm."""
    if hasattr(place, "merge") and len(place.paragraphs) == 1 and len(place.paragraphs[0]._p) == 0:
        paragraph = place.paragraphs[0]  # the empty paragraph that every new cell has
    else:
        paragraph = place.add_paragraph()
    if style is not None:
        paragraph.style = style
    for piece in filter(None, _PIECE.split(words)):
        marked = piece[2:-2] if piece[:2] in {"**", "__"} and len(piece) > 4 else piece
        run = paragraph.add_run(marked)
        run.bold = True if bold or piece.startswith("**") else None
        run.italic = True if italic or piece.startswith("__") else None
        if size is not None:
            run.font.size = Pt(size)
    if not words and size is not None:  # the height of an empty paragraph is the size of its mark
        mark = OxmlElement("w:rPr")
        height = OxmlElement("w:sz")
        height.set(qn("w:val"), str(round(size * 2)))
        mark.append(height)
        paragraph._p.get_or_add_pPr().append(mark)
    layout = paragraph.paragraph_format
    if align != "left":
        layout.alignment = ALIGN[align]
    if before:
        layout.space_before = Pt(before)
    if after:
        layout.space_after = Pt(after)
    if indent or hanging:
        layout.left_indent, layout.first_line_indent = Cm(indent), Cm(-hanging)
        layout.tab_stops.add_tab_stop(Cm(indent))
    if keep:
        layout.keep_with_next = True
    return paragraph


def tag(place: Any, statement: str) -> None:
    """Add a paragraph that holds only a template statement and disappears when the paper is filled."""
    text(place, f"{{%p {statement} %}}", size=8)


def when(place: Any, condition: str, words: str, **look: Any) -> None:
    """Add a paragraph that stands on the paper only when the condition holds."""
    tag(place, f"if {condition}")
    text(place, words, **look)
    tag(place, "endif")


def table(document: Any, widths: list[float], *, lines: str = "none") -> Any:
    """Add an empty table of fixed column widths (cm): lines `none`, `all` or only the outer `frame`."""
    made = document.add_table(rows=0, cols=len(widths))
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    properties = made._tbl.tblPr
    for old in properties.findall(qn("w:tblStyle")):
        properties.remove(old)
    total = OxmlElement("w:tblW")
    for old in properties.findall(qn("w:tblW")):
        properties.remove(old)
    total.set(qn("w:w"), str(round(sum(widths) * 567)))
    total.set(qn("w:type"), "dxa")
    properties.insert(0, total)
    layout = properties.find(qn("w:tblLayout"))
    if lines == "none":
        layout.addnext(_no_padding())
    else:
        inside = ("insideH", "insideV") if lines == "all" else ()
        layout.addprevious(_borders("w:tblBorders", ("top", "left", "bottom", "right", *inside)))
    for column, width in zip(made._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(round(width * 567)))
    return made


def row(made: Any, *, header: bool = False, together: bool = True) -> Any:
    """Add a row and give its cells, widths set from the table's grid; a header row repeats on every page."""
    added = made.add_row()
    cells = added.cells
    for cell, column in zip(cells, made._tbl.tblGrid.findall(qn("w:gridCol")), strict=True):
        cell.width = round(int(column.get(qn("w:w"))) * 635)
    properties = added._tr.get_or_add_trPr()
    if together:
        properties.append(OxmlElement("w:cantSplit"))
    if header:
        properties.append(OxmlElement("w:tblHeader"))
    return cells


def statement_row(made: Any, statement: str) -> None:
    """Add a row that holds only a row statement and disappears when the paper is filled."""
    text(row(made)[0], f"{{%tr {statement} %}}", size=8)


def data_table(
    document: Any, columns: list[tuple[str, float, str]], loop: str, cells: list[list[tuple[str, dict[str, Any]]]]
) -> Any:
    """Add a table with lines whose header repeats: column heads (words, cm, alignment), a loop and the cells of a row.

    Each cell is a list of paragraphs: words with their look; words that start with `?field?` stand there only when the
    field has a value.
    """
    made = table(document, [width for _, width, _ in columns], lines="all")
    for cell, (head, _, _) in zip(row(made, header=True), columns, strict=True):
        text(cell, head, size=9, bold=True, align="center", before=2, after=2)
        shade(cell, "E7EBF0")
    statement_row(made, f"for {loop}")
    for cell, (_, _, align), paragraphs in zip(row(made), columns, cells, strict=True):
        for words, look in paragraphs:
            _, condition, rest = words.split("?", 2) if words.startswith("?") else ("", "", words)
            look = {"size": 9, "align": align, "before": 1, "after": 1, **look}
            if condition:
                when(cell, condition, rest, **look)
            else:
                text(cell, rest, **look)
    statement_row(made, "endfor")
    return made


def facts(document: Any, rows: list[tuple[str, str]], *, label: float = 3.8, together: bool = False) -> Any:
    """Add a `label : value` block without lines; a label that starts with `?field?` needs a value in that field.

    With `together` a page does not end inside the block.
    """
    made = table(document, [label, 0.4, TEXT_WIDTH - label - 0.4])
    fill_facts(made, rows)
    if together:
        keep_rows_together(made)
    return made


def fill_facts(made: Any, rows: list[tuple[str, str]]) -> None:
    """Add `label : value` rows to a table whose first three columns are label, colon and value."""
    for label, value in rows:
        _, condition, words = label.split("?", 2) if label.startswith("?") else ("", "", label)
        if condition:
            statement_row(made, f"if {condition}")
        cells = row(made)
        for cell, part in zip(cells, (words, ":", value), strict=False):
            text(cell, part, after=1)
        if condition:
            statement_row(made, "endif")


def letterhead(place: Any) -> None:
    """Add the letterhead: room for the logo at the left, agency and office in the middle, a double line below."""
    made = table(place, [2.4, TEXT_WIDTH - 4.8, 2.4])
    cells = row(made)
    fill_letterhead(cells[1])
    for cell in cells:
        edge(cell, bottom="double")
    text(place, "", size=4)


def fill_letterhead(cell: Any, *, small: bool = False) -> None:
    """Write the letterhead's lines into a cell."""
    text(cell, "BADAN PUSAT STATISTIK", align="center", size=11 if small else 14, bold=True)
    text(cell, "{{ kop_kantor }}", align="center", size=10.5 if small else 13, bold=True)
    when(cell, "kop_alamat", "{{ kop_alamat }}", align="center", size=7.5 if small else 8.5, before=1 if small else 2)
    when(cell, "kop_kontak", "{{ kop_kontak }}", align="center", size=7.5 if small else 8.5)
    text(cell, "", size=2 if small else 4)


def head_with_code(document: Any, rows: list[tuple[str, str]], *, label: float = 3.4) -> None:
    """Add the block of number and dates with the QR code at its right, as every paper begins."""
    made = table(document, [label, 0.4, TEXT_WIDTH - label - 0.4 - 4.0, 4.0])
    first = len(made.rows)
    fill_facts(made, rows)
    merged = made.rows[first].cells[3].merge(made.rows[-1].cells[3])
    code(merged, align="right")


def code(cell: Any, *, align: str) -> None:
    """Put the QR code with its text below into a cell."""
    text(cell, "{{ qr }}", align=align)
    text(cell, "{{ qr_teks }}", align=align, size=5.5)


def signature(document: Any, lines_above: list[str], name: str, lines_below: list[str], *, space: int = 4) -> None:
    """Add a signature block at the right half: place, date and position, room to sign, name and NIP.

    It never stands alone on a page: the paragraphs before it move along.
    """
    text(document, "", size=8)
    for paragraph in document.paragraphs[-7:]:
        paragraph.paragraph_format.keep_with_next = True
    made = table(document, [TEXT_WIDTH - 7.5, 7.5])
    cell = row(made)[1]
    for words in lines_above:
        text(cell, words, align="center", keep=True)
    for _ in range(space):
        text(cell, "", keep=True)
    text(cell, name, align="center", bold=True, keep=bool(lines_below))
    for words in lines_below:
        text(cell, words, align="center", keep=words is not lines_below[-1])


def keep_rows_together(made: Any) -> None:
    """Keep every row of a table on the page of the next one."""
    for each in made.rows[:-1]:
        for cell in each.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def footer(document: Any, words: str, *, width: float = TEXT_WIDTH) -> None:
    """Set the footer: the paper's name and number at the left, page and page count at the right."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.style = document.styles["Normal"]
    paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(width), WD_TAB_ALIGNMENT.RIGHT)
    paragraph._p.get_or_add_pPr().find(qn("w:tabs")).addprevious(_borders("w:pBdr", ("top",)))
    _footer_run(paragraph, words)
    _footer_run(paragraph, "\tHalaman ")
    _page_field(paragraph, "PAGE")
    _footer_run(paragraph, " dari ")
    _page_field(paragraph, "NUMPAGES")


def shade(cell: Any, colour: str) -> None:
    """Give a cell a background colour (RRGGBB)."""
    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:color"), "auto")
    shading.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shading)


def edge(cell: Any, **sides: str) -> None:
    """Draw the edges of a cell: `edge(cell, top="single", bottom="double")`."""
    properties = cell._tc.get_or_add_tcPr()
    borders = OxmlElement("w:tcBorders")
    for side in ("top", "left", "bottom", "right"):
        if side in sides:
            borders.append(_border(side, sides[side]))
    shading = properties.find(qn("w:shd"))
    if shading is not None:
        shading.addprevious(borders)
    else:
        properties.append(borders)


def stand(cell: Any, where: str) -> None:
    """Put what stands in a cell at its `top`, `center` or `bottom`."""
    element = OxmlElement("w:vAlign")
    element.set(qn("w:val"), where)
    cell._tc.get_or_add_tcPr().append(element)


def row_height(made: Any, centimetres: float) -> None:
    """Give the last row of a table at least this height."""
    made.rows[-1].height = Cm(centimetres)


def _no_padding() -> Any:
    """Cell margins of a table without lines: its text stands flush with the paragraphs around it."""
    margins = OxmlElement("w:tblCellMar")
    for side, width in (("left", 0), ("right", 60)):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(width))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    return margins


def _borders(name: str, sides: tuple[str, ...]) -> Any:
    element = OxmlElement(name)
    for side in sides:
        element.append(_border(side, "single"))
    return element


def _border(side: str, kind: str) -> Any:
    element = OxmlElement(f"w:{side}")
    for attribute, value in (("val", kind), ("sz", "6" if kind == "double" else "4"), ("space", "0")):
        element.set(qn(f"w:{attribute}"), value)
    element.set(qn("w:color"), "000000")
    return element


def _footer_run(paragraph: Any, words: str) -> None:
    paragraph.add_run(words).font.size = Pt(8)


def _page_field(paragraph: Any, name: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = paragraph.add_run("1")
    run.font.size = Pt(8)
    field.append(run._r)
    paragraph._p.append(field)
