"""The Word templates around the papers: address labels, envelopes, binder labels, and the report of a stock-take."""

from __future__ import annotations

from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.shared import Cm, Pt

from desk.rules.labels import BINDER_LABELS, LABEL_FORMATS, Grid
from tools.template_parts import (
    TEXT_WIDTH,
    data_table,
    edge,
    facts,
    footer,
    letterhead,
    new_document,
    row,
    signature,
    stand,
    statement_row,
    table,
    text,
    when,
)


def _page(document: Any, width: float, height: float, *, top: float, left: float) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if width > height else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.top_margin, section.bottom_margin = Cm(top), Cm(0)
    section.left_margin, section.right_margin = Cm(left), Cm(left)
    section.header_distance = section.footer_distance = Cm(0)
    document.styles["Normal"].paragraph_format.line_spacing = 1.0


def _exact(made: Any, centimetres: float) -> None:
    made.rows[-1].height = Cm(centimetres)
    made.rows[-1].height_rule = WD_ROW_HEIGHT_RULE.EXACTLY


def _tail(document: Any) -> None:
    """The paragraph that must follow a table, as low as it can be: the sheet is full."""
    paragraph = text(document, "", size=1)
    paragraph.paragraph_format.line_spacing = Pt(1)


def labels(grid: Grid) -> Any:
    """Give a sheet of address labels: QR at the left, the recipient at the right."""
    document = new_document("Label alamat", size=9)
    _page(document, 21.0, 29.7, top=grid.top, left=grid.left)
    code, margin = 2.6, 0.4
    widths: list[float] = []
    for at in range(1, grid.columns + 1):
        widths += [code, grid.width - code - margin, margin + (grid.gap if at < grid.columns else 0.0)]
    made = table(document, widths)
    statement_row(made, "for b in baris")
    cells = row(made)
    for at in range(1, grid.columns + 1):
        picture, words = cells[3 * at - 3], cells[3 * at - 2]
        text(picture, f"{{{{ b.qr{at} }}}}", align="right", before=6)
        text(words, f"{{{{ b.nomor{at} }}}}", size=6, before=7, indent=0.15)
        when(words, f"b.nama{at}", f"Yth. **{{{{ b.nama{at} }}}}**", size=8.5, before=1, indent=0.15)
        when(words, f"b.instansi{at}", f"{{{{ b.instansi{at} }}}}", size=8, indent=0.15)
        text(words, f"{{{{ b.alamat{at} }}}}", size=8, indent=0.15)
    _exact(made, grid.height)
    statement_row(made, "endfor")
    _tail(document)
    return document


def envelope(width: float, height: float) -> Any:
    """Give envelopes of this size (cm), one a page: sender above, recipient below at the right, QR at the left."""
    document = new_document("Amplop", size=10)
    _page(document, width, height, top=0.9, left=1.2)
    body = width - 2.4
    made = table(document, [body - 8.6, 8.6])
    statement_row(made, "for b in baris")
    cells = row(made)
    sender = cells[0].merge(cells[1])
    text(sender, "**{{ kantor_nama }}**", size=9.5)
    text(sender, "{{ kantor_alamat }}", size=8)
    _exact(made, height - 0.9 - 6.2)
    cells = row(made)
    text(cells[0], "{{ b.qr }}")
    text(cells[0], "{{ b.nomor }}", size=7)
    stand(cells[0], "bottom")
    text(cells[1], "Kepada Yth.", size=9)
    text(cells[1], "**{{ b.nama }}**", size=11)
    when(cells[1], "b.instansi", "{{ b.instansi }}", size=10.5)
    text(cells[1], "{{ b.alamat }}", size=10.5)
    _exact(made, 5.2)
    statement_row(made, "endfor")
    _tail(document)
    return document


def binder_label() -> Any:
    """Give labels for the backs of binders, three on a page, to be cut out along their frames."""
    grid = BINDER_LABELS
    document = new_document("Label map", size=10)
    _page(document, 21.0, 29.7, top=grid.top, left=grid.left)
    widths: list[float] = []
    for at in range(grid.columns):
        widths += ([grid.gap] if at else []) + [grid.width]
    made = table(document, widths)
    statement_row(made, "for b in baris")
    cells = list(row(made))
    for at in range(1, grid.columns + 1):
        if at > 1:
            cells.pop(0)
        cell = cells.pop(0)
        edge(cell, top="single", left="single", bottom="single", right="single")
        when(cell, f"b.nama{at}", "{{ kantor_nama }}", size=9, align="center", before=14)
        when(cell, f"b.nama{at}", "**NASKAH ASLI SPPD**", size=13, align="center", before=16)
        text(cell, f"**{{{{ b.nama{at} }}}}**", size=19, align="center", before=26)
        text(cell, f"{{{{ b.isi{at} }}}}", size=8.5, align="center", before=26)
        text(cell, f"{{{{ b.masa{at} }}}}", size=10, align="center", before=8)
        text(cell, f"{{{{ b.qr{at} }}}}", align="center", before=60)
        text(cell, f"{{{{ b.kode{at} }}}}", size=6, align="center", before=2)
    _exact(made, grid.height)
    statement_row(made, "endfor")
    _tail(document)
    return document


def stocktake() -> Any:
    """Give the report of a stock-take: what should be in a binder, what was, and each difference."""
    document = new_document("Stok opname", size=10)
    letterhead(document)
    text(document, "BERITA ACARA STOK OPNAME NASKAH ASLI", align="center", size=13, bold=True)
    text(document, "Map {{ map }}", align="center", after=8)
    facts(
        document,
        [
            ("Tanggal", "{{ tanggal }}"),
            ("Diperiksa oleh", "{{ petugas_nama }}"),
            ("Seharusnya ada", "{{ seharusnya }} naskah, {{ dipinjam }} di antaranya dipinjam"),
            ("Ada di tempatnya", "{{ ditemukan }} naskah"),
            ("Selisih", "**{{ selisih }}**"),
        ],
    )
    text(document, "", size=6)
    made = data_table(
        document,
        [
            ("No.", 1.0, "center"),
            ("Naskah", 6.1, "left"),
            ("Lembar", 1.6, "center"),
            ("Temuan", 3.9, "left"),
            ("Tindak lanjut", 4.4, "left"),
        ],
        "b in baris",
        [
            [("{{ b.no }}", {})],
            [("{{ b.naskah }}", {"bold": True}), ("?b.pengguna?{{ b.pengguna }}", {"size": 8})],
            [("{{ b.lembar }}", {})],
            [("{{ b.temuan }}", {}), ("?b.tempat?{{ b.tempat }}", {"size": 8})],
            [("{{ b.tindakan }}", {"size": 8})],
        ],
    )
    statement_row(made, "if kosong")
    cells = row(made)
    text(cells[0].merge(cells[4]), "Tidak ada selisih.", align="center", before=2, after=2)
    statement_row(made, "endif")
    signature(document, ["{{ tempat }}, {{ tanggal }}", "Yang memeriksa,"], "{{ petugas_nama }}", [], space=3)
    footer(document, "{{ kantor_nama }} | Stok opname map {{ map }}", width=TEXT_WIDTH)
    return document


VARIANTS = {
    **{each.template: (lambda each=each: labels(each)) for each in LABEL_FORMATS},  # type: ignore[misc]
    "envelope_dl": lambda: envelope(22.0, 11.0),
    "envelope_c6": lambda: envelope(16.2, 11.4),
    "binder_label": binder_label,
    "stocktake": stocktake,
}
"""What makes each template, by the name of its file."""
