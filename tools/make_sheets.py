"""The sheets of the office that are no papers of a case: the morning sheet and the monthly service report."""

from __future__ import annotations

from typing import Any

from tools.template_parts import (
    footer,
    letterhead,
    new_document,
    row,
    shade,
    signature,
    statement_row,
    table,
    text,
)


def morning_sheet() -> Any:
    """Give the morning sheet: what is late, due and to be done, one table with a heading per part."""
    document = new_document("Lembar pagi", size=9)
    text(document, "LEMBAR PAGI", size=14, bold=True)
    text(document, "{{ kantor_nama }} | {{ hari }} | {{ nama }}", after=2)
    text(document, "{{ ringkasan }}", bold=True, after=6)
    made = _parted(
        document,
        [("Jatuh tempo", 2.7, "left"), ("Permohonan", 4.6, "left"), ("Yang perlu dilakukan", 6.7, "left"),
         ("Dipegang", 3.0, "left")],
        ["{{ r.tempo }}", "**{{ r.pengguna }}**", "{{ r.alasan }}", "{{ r.dipegang }}"],
    )  # fmt: skip
    text(made.rows[-3].cells[1], "{{ r.nomor }}", size=8, after=1)
    footer(document, "Lembar pagi {{ hari }}")
    return document


def service_report() -> Any:
    """Give the service report of a month: volumes, promises, reasons, money, signed by the head of the office."""
    document = new_document("Laporan layanan", size=10)
    letterhead(document)
    text(document, "LAPORAN PELAYANAN DATA MIKRO DAN PETA DIGITAL", align="center", size=13, bold=True)
    text(document, "Bulan {{ bulan }}", align="center", after=4)
    text(document, "{{ pengantar }}", align="justify", after=6)
    _parted(
        document,
        [("Uraian", 8.6, "left"), ("Banyaknya", 3.4, "right"), ("Keterangan", 5.0, "left")],
        ["{{ r.uraian }}", "{{ r.nilai }}", "{{ r.keterangan }}"],
    )
    text(document, "", size=6)
    signature(
        document,
        ["{{ tempat }}, {{ tanggal }}", "{{ pejabat_jabatan }},"],
        "{{ pejabat_nama }}",
        ["NIP {{ pejabat_nip }}"],
        space=3,
    )
    footer(document, "{{ kantor_nama }} | Laporan layanan {{ bulan }} | dihitung dari riwayat permohonan")
    return document


def _parted(document: Any, columns: list[tuple[str, float, str]], cells: list[str]) -> Any:
    """Add a table whose parts (`bagian`) have a heading row, rows (`baris`) and a sentence when a part is empty."""
    made = table(document, [width for _, width, _ in columns], lines="all")
    last = len(columns) - 1
    for cell, (head, _, _) in zip(row(made, header=True), columns, strict=True):
        text(cell, head, size=9, bold=True, align="center", before=2, after=2)
        shade(cell, "E7EBF0")
    statement_row(made, "for s in bagian")
    heading = row(made)
    whole = heading[0].merge(heading[last])
    text(whole, "{{ s.judul }}", bold=True, size=9.5, before=2, after=0.5, keep=True)
    statement_row(made, "if s.kosong")
    empty = row(made)
    text(empty[0].merge(empty[last]), "{{ s.kosong }}", size=9, italic=True, before=1, after=1)
    statement_row(made, "endif")
    statement_row(made, "for r in s.baris")
    for cell, words, (_, _, align) in zip(row(made), cells, columns, strict=True):
        text(cell, words, size=9, align=align, before=0.5, after=0.5)
    statement_row(made, "endfor")
    statement_row(made, "endfor")
    return made
