"""Builds the shipped Word templates in `templates_docx`, so that every sentence on them can be reviewed as text.

Run `python -m tools.make_templates` after a change here. Offices edit their own copies in Word.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from docx.enum.text import WD_LINE_SPACING

from desk.rules.papers import PaperKind
from tools import label_templates
from tools.make_sheets import morning_sheet, service_report
from tools.template_parts import (
    TEXT_WIDTH,
    code,
    data_table,
    edge,
    facts,
    fill_letterhead,
    footer,
    half_page,
    head_with_code,
    keep_rows_together,
    letterhead,
    lying,
    new_document,
    row,
    row_height,
    shade,
    signature,
    stand,
    statement_row,
    table,
    tag,
    text,
    when,
)

_Cell = list[tuple[str, dict[str, Any]]]

_ITEM: _Cell = [("{{ b.uraian }}", {"bold": True}), ("?b.rincian?{{ b.rincian }}", {"size": 8})]
_QUANTITY: _Cell = [("{{ b.jumlah }} {{ b.satuan }}", {}), ("?b.ukuran?{{ b.ukuran }}", {"size": 8})]
_FILES: list[tuple[str, float, str]] = [
    ("No.", 1.0, "center"),
    ("Berkas", 9.6, "left"),
    ("Isi", 3.8, "left"),
    ("Ukuran", 2.6, "right"),
]
_FILE_CELLS: list[_Cell] = [
    [("{{ b.no }}", {})],
    [("{{ b.nama }}", {"bold": True}), ("SHA-256: {{ b.sha256 }}", {"size": 6})],
    [("{{ b.isi }}", {})],
    [("{{ b.ukuran }}", {})],
]


def invoice() -> Any:
    """Give the invoice."""
    document = new_document("Invoice", size=10)
    letterhead(document)
    text(document, "INVOICE", align="center", size=14, bold=True)
    text(document, "Penjualan Data Mikro dan Peta Digital", align="center", after=6)
    head_with_code(
        document,
        [
            ("Nomor", "**{{ nomor }}**"),
            ("Tanggal", "{{ tanggal }}"),
            ("Berlaku sampai", "**{{ berlaku_sampai }}**"),
            ("Permohonan", "{{ nomor_permohonan }}, {{ tanggal_permohonan }}"),
            ("?menggantikan?Menggantikan", "invoice nomor {{ menggantikan }}"),
            ("Kepada", "**{{ pengguna_nama }}**"),
            ("?pengguna_instansi?Instansi", "{{ pengguna_instansi }}"),
            ("?pengguna_alamat?Alamat", "{{ pengguna_alamat }}"),
            ("?pengguna_npwp?NPWP", "{{ pengguna_npwp }}"),
        ],
    )
    text(document, "", size=6)
    made = data_table(
        document,
        [
            ("No.", 1.0, "center"),
            ("Data yang dipesan", 5.1, "left"),
            ("Tarif", 4.3, "left"),
            ("Banyaknya", 3.1, "right"),
            ("Harga", 3.5, "right"),
        ],
        "b in baris",
        [
            [("{{ b.no }}", {})],
            _ITEM,
            [("{{ b.tarif }}", {"size": 8}), ("{{ b.dasar }}", {"size": 7.5, "italic": True})],
            _QUANTITY,
            [
                ("{{ b.harga }}", {}),
                ("?keringanan_persen?dari {{ b.harga_tarif }}", {"size": 8}),
            ],
        ],
    )
    statement_row(made, "if keringanan_persen")
    _total(made, "Jumlah menurut tarif", "{{ sebelum_keringanan }}")
    _total(made, "Keringanan {{ keringanan_persen }} ({{ keringanan_dasar }})", "−{{ keringanan_rupiah }}")
    statement_row(made, "endif")
    _total(made, "**Jumlah yang harus dibayar**", "**{{ total_rupiah }}**")
    cells = row(made)
    words = cells[0].merge(cells[4])
    text(words, "Terbilang: __{{ total_terbilang }}__", size=9.5, before=2, after=2)
    text(document, "Tarif berdasarkan {{ dasar_tarif }}.", size=9, before=4, after=6)
    tag(document, "if not nol_rupiah")
    text(document, "Pembayaran", bold=True, after=2, keep=True)
    when(document, "not rekening_nomor and not kode_billing", "Cara pembayaran kami sampaikan tersendiri.", after=1)
    facts(
        document,
        [
            ("?rekening_nomor?Transfer ke bank", "{{ rekening_bank }}"),
            ("?rekening_nomor?Nomor rekening", "**{{ rekening_nomor }}**"),
            ("?rekening_nomor?Atas nama", "{{ rekening_nama }}"),
            ("?rekening_nomor?Berita transfer", "**{{ kode_bayar }}**"),
            ("?kode_billing?Kode billing", "**{{ kode_billing }}** (berlaku sampai {{ kode_billing_berlaku }})"),
        ],
        together=True,
    )
    tag(document, "endif")
    text(document, "Ketentuan", bold=True, before=6, after=2, keep=True)
    when(
        document,
        "nol_rupiah",
        "Tidak ada biaya data yang harus dibayar.",
        style="List Number",
    )
    tag(document, "if not nol_rupiah")
    for note in (
        "Bayar tepat sejumlah **{{ total_rupiah }}** paling lambat {{ berlaku_sampai }}; lewat itu minta invoice baru.",
        "{{ catatan_biaya }}",
        "Kirim bukti pembayaran melalui {{ saluran_bukti }} dengan menyebut nomor permohonan {{ nomor_permohonan }}.",
    ):
        text(document, note, style="List Number")
    tag(document, "endif")
    text(
        document,
        "Kirim naskah asli Surat Perjanjian Penggunaan Data (SPPD) yang sudah ditandatangani di atas materai ke: "
        "**{{ alamat_naskah }}**.",
        style="List Number",
    )
    for condition, awaited in (
        ("not nol_rupiah", "pembayaran dan naskah asli SPPD"),
        ("nol_rupiah", "naskah asli SPPD"),
    ):
        when(document, condition, f"Data dikirim setelah {awaited} kami terima.", style="List Number")
    signature(document, ["{{ tempat }}, {{ tanggal }}", "Petugas Layanan,"], "{{ petugas_nama }}", [], space=3)
    footer(document, "{{ kantor_nama }} | Invoice nomor {{ nomor }}")
    return document


def _total(made: Any, words: str, amount: str) -> None:
    """Add a row of the sum; it stays on the page of the row below it, so that a sum is read as one."""
    cells = row(made)
    text(cells[0].merge(cells[3]), words, size=9, align="right", before=1, after=1, keep=True)
    text(cells[4], amount, size=9, align="right", before=1, after=1, keep=True)


def agreement() -> Any:
    """Give the agreement, one copy."""
    document = new_document("Surat Perjanjian Penggunaan Data (SPPD)", size=10)
    letterhead(document)
    made = table(document, [3.3, TEXT_WIDTH - 7.1, 3.8])
    left, heading, right = row(made)
    text(left, "Rangkap {{ rangkap }}", size=9)
    text(left, "Permohonan", size=7.5, before=2)
    text(left, "{{ nomor_permohonan }}", size=7.5)
    text(heading, "SURAT PERJANJIAN PENGGUNAAN DATA", align="center", size=12.5, bold=True)
    text(heading, "(SPPD)", align="center", size=12.5, bold=True)
    text(heading, "Nomor: {{ nomor }}", align="center", before=2)
    code(right, align="right")
    text(
        document,
        "Pada hari ini {{ hari_tanggal }}, kami yang bertanda tangan di bawah ini:",
        before=6,
        after=4,
    )
    facts(
        document,
        [
            ("Nama", "**{{ pejabat_nama }}**"),
            ("NIP", "{{ pejabat_nip }}"),
            ("Jabatan", "{{ pejabat_jabatan }}"),
            ("Instansi", "{{ kantor_nama }}"),
            ("?kop_alamat?Alamat", "{{ kop_alamat }}"),
        ],
    )
    text(document, "selanjutnya disebut **Pihak Pertama**; dan", before=2, after=4)
    facts(
        document,
        [
            ("Nama", "**{{ pengguna_nama }}**"),
            ("?pengguna_identitas?Nomor identitas", "{{ pengguna_identitas }}"),
            ("?pengguna_jabatan?Jabatan", "{{ pengguna_jabatan }}"),
            ("?pengguna_instansi?Instansi", "{{ pengguna_instansi }}"),
            ("?pengguna_alamat?Alamat", "{{ pengguna_alamat }}"),
            ("?pengguna_surel?Surel", "{{ pengguna_surel }}"),
            ("?pengguna_telepon?Telepon", "{{ pengguna_telepon }}"),
        ],
    )
    text(document, "selanjutnya disebut **Pihak Kedua**,", before=2, after=4)
    text(
        document,
        "sepakat mengadakan perjanjian penggunaan data sesuai invoice nomor {{ nomor_invoice }} tanggal "
        "{{ tanggal_invoice }} sebagai berikut.",
        after=6,
    )
    _heading(document, "A. Abstraksi")
    facts(document, [("Judul", "**{{ abstraksi_judul }}**"), ("Tujuan", "{{ abstraksi_tujuan }}")])
    _heading(document, "B. Data yang diserahkan")
    data_table(
        document,
        [("No.", 1.0, "center"), ("Data", 12.4, "left"), ("Banyaknya", 3.6, "right")],
        "b in baris",
        [[("{{ b.no }}", {})], _ITEM, _QUANTITY],
    )
    _heading(document, "C. Ketentuan")
    text(
        document,
        "Pihak Pertama menyediakan data pada bagian B dalam bentuk rekaman pada media komputer. Pihak Kedua menaati "
        "ketentuan berikut.",
        align="justify",
        after=3,
        keep=True,
    )
    tag(document, "for k in ketentuan")
    # The terms stand on the page that is signed: every clause keeps with the next, the last one with the signatures.
    text(document, "{{ k.no }}.\t{{ k.teks }}", align="justify", indent=0.8, hanging=0.8, after=2, keep=True)
    tag(document, "endfor")
    text(
        document,
        "Perjanjian ini dibuat dalam {{ jumlah_rangkap }} rangkap, masing-masing bermaterai {{ materai_nilai }}, dan "
        "mempunyai kekuatan hukum yang sama.",
        align="justify",
        before=4,
        after=6,
        keep=True,
    )
    _agreement_signatures(document)
    footer(document, "SPPD nomor {{ nomor }} | Rangkap {{ rangkap }}")
    return document


def _heading(document: Any, words: str) -> None:
    text(document, words, bold=True, before=6, after=3, keep=True)


def _agreement_signatures(document: Any) -> None:
    made = table(document, [7.0, 0.6, 2.8, 6.6])
    cells = row(made)
    for words in ("{{ tempat }}, {{ tanggal }}", "**Pihak Pertama**", "{{ pejabat_jabatan }}"):
        text(cells[0], words, align="center", keep=True)
    for words in ("...................., .............................", "**Pihak Kedua**"):
        text(cells[3], words, align="center", keep=True)
    cells = row(made)
    row_height(made, 2.6)
    text(cells[0], "", keep=True)
    edge(cells[2], top="dashed", left="dashed", bottom="dashed", right="dashed")
    stand(cells[2], "center")
    for words in ("Materai", "{{ materai_nilai }}"):
        text(cells[2], words, align="center", size=8.5, keep=True)
    cells = row(made)
    text(cells[0], "{{ pejabat_nama }}", align="center", bold=True)
    text(cells[0], "NIP {{ pejabat_nip }}", align="center")
    when(cells[3], "penanda_tangan_nama", "**{{ penanda_tangan_nama }}**", align="center")
    when(cells[3], "not penanda_tangan_nama", "(nama terang: .............................)", align="center")
    text(cells[3], "Ditandatangani oleh {{ penanda_tangan }}; tanda tangan mengenai materai.", align="center", size=8)
    cells = row(made)
    keep_rows_together(made)
    text(
        cells[0].merge(cells[3]),
        "Naskah asli yang sudah ditandatangani dikirim ke: {{ alamat_naskah }}.",
        size=9,
        before=4,
    )


def receipt(*, half: bool = False) -> Any:
    """Give the kuitansi, everything in one frame: on the upper half of A4, or on half a page (A5 lying)."""
    document = new_document("Kuitansi", size=8.5 if half else 10.5)
    if half:
        half_page(document)
    made = table(document, [4.8, 0.4, 3.8, 3.6, 4.4], lines="frame")
    cells = row(made)
    head = cells[0].merge(cells[4])
    text(head, "", size=2 if half else 4)
    fill_letterhead(head, small=half)
    edge(head, bottom="double")
    cells = row(made)
    heading = cells[0].merge(cells[4])
    text(heading, "KUITANSI", align="center", size=12 if half else 15, bold=True, before=2 if half else 4)
    text(heading, "Nomor: **{{ nomor }}**", align="center", after=2 if half else 4)
    when(
        heading,
        "menggantikan",
        "Menggantikan kuitansi nomor {{ menggantikan }}",
        align="center",
        size=8 if half else 8.5,
        after=1 if half else 2,
    )
    _spread_fact(made, "Telah terima dari", "**{{ diterima_dari }}**")
    statement_row(made, "if atas_nama")
    _spread_fact(made, "Untuk dan atas nama", "{{ atas_nama }}")
    statement_row(made, "endif")
    shade(_spread_fact(made, "Uang sejumlah", "__{{ jumlah_terbilang }}__"), "E7EBF0")
    value = _spread_fact(
        made,
        "Untuk pembayaran",
        "Data mikro dan peta digital sesuai invoice nomor {{ nomor_invoice }} tanggal {{ tanggal_invoice }} "
        "(permohonan {{ nomor_permohonan }}):",
    )
    tag(value, "for b in baris")
    text(value, "– {{ b.uraian }} ({{ b.harga }})", size=8 if half else 9, indent=0.35, hanging=0.35)
    tag(value, "endfor")
    when(value, "baris_lain", "– {{ baris_lain }}", size=8 if half else 9, indent=0.35, hanging=0.35)
    text(value, "Tarif berdasarkan {{ dasar_tarif }}", size=8 if half else 8.5, italic=True)
    _spread_fact(made, "Dibayar", "{{ tanggal_bayar }}, {{ cara_bayar }}")
    _spread_fact(made, "{{ jenis_referensi }}", "{{ referensi }}")
    cells = row(made)
    amount = cells[0].merge(cells[1])
    edge(amount, top="single", left="single", bottom="single", right="single")
    shade(amount, "E7EBF0")
    stand(amount, "center")
    text(
        amount,
        "{{ jumlah_rupiah }}",
        align="center",
        size=12 if half else 14,
        bold=True,
        before=3 if half else 5,
        after=3 if half else 5,
    )
    right = cells[3].merge(cells[4])
    text(right, "{{ tempat }}, {{ tanggal }}", align="center", before=3)
    text(right, "{{ bendahara_jabatan }},", align="center")
    cells = row(made)
    row_height(made, 2.3 if half else 3.2)
    left = cells[0].merge(cells[1])
    text(left, "", size=2 if half else 6)
    code(left, align="left")
    text(left, "Kode pengaman: {{ kode_pengaman }}", size=7 if half else 8, after=1 if half else 2)
    stand(cells[2], "center")
    tag(cells[2], "if materai_nilai")
    for words in ("Materai", "{{ materai_nilai }}"):
        text(cells[2], words, align="center", size=8.5)
    tag(cells[2], "endif")
    text(cells[2], "")
    right = cells[3].merge(cells[4])
    stand(right, "bottom")
    text(right, "{{ bendahara_nama }}", align="center", bold=True)
    text(right, "NIP {{ bendahara_nip }}", align="center", after=6)
    footer(document, "{{ kantor_nama }} | Kuitansi nomor {{ nomor }}")
    return document


def _spread_fact(made: Any, label: str, value: str) -> Any:
    cells = row(made)
    text(cells[0], label, before=2, after=2)
    text(cells[1], ":", before=2, after=2)
    merged = cells[2].merge(cells[4])
    text(merged, value, before=2, after=2)
    return merged


def delivery_note() -> Any:
    """Give the delivery note with its manifest."""
    document = new_document("Tanda terima pengiriman data")
    letterhead(document)
    text(document, "TANDA TERIMA PENGIRIMAN DATA", align="center", size=13, bold=True, after=6)
    head_with_code(
        document,
        [
            ("Nomor", "**{{ nomor }}**"),
            ("Tanggal", "{{ tanggal }}"),
            ("Permohonan", "{{ nomor_permohonan }}"),
            ("Surat Perjanjian", "{{ nomor_sppd }}"),
            ("?nomor_kuitansi?Nomor kuitansi", "{{ nomor_kuitansi }}"),
            ("?not nomor_kuitansi?Pembayaran", "nol rupiah, tanpa kuitansi"),
            ("Pengiriman ke", "{{ pengiriman_ke }}"),
            ("?menggantikan?Menggantikan", "{{ menggantikan }}"),
            ("Kepada", "**{{ pengguna_nama }}**"),
            ("?pengguna_instansi?Instansi", "{{ pengguna_instansi }}"),
            ("?pengguna_alamat?Alamat", "{{ pengguna_alamat }}"),
            ("Dikirim melalui", "{{ saluran_kirim }}: {{ alamat_kirim }}"),
        ],
    )
    text(
        document,
        "Dengan ini kami kirimkan {{ jumlah_berkas }} berkas, seluruhnya {{ ukuran_seluruhnya }}, sesuai Surat "
        "Perjanjian Penggunaan Data (SPPD) di atas.",
        align="justify",
        before=8,
        after=6,
        keep=True,
    )
    data_table(document, _FILES, "b in berkas", _FILE_CELLS)
    text(document, "", size=8)
    tag(document, "if pengiriman")
    text(document, "Pengiriman sebelumnya:", bold=True, size=10, before=2, after=2, keep=True)
    _told_table(document, "p", "pengiriman")
    text(document, "", size=8)
    tag(document, "endif")
    when(document, "sandi_terpisah", "Sandi untuk membuka berkas dikirim terpisah.", style="List Number")
    when(
        document,
        "menggantikan",
        "Berkas ini menggantikan {{ menggantikan }}. Musnahkan berkas lama beserta semua salinannya.",
        style="List Number",
    )
    for note in (
        "Periksa setiap berkas setelah diterima. Sidik SHA-256 di atas menunjukkan bahwa berkas tidak berubah.",
        (
            "Kesalahan penyiapan kami perbaiki dalam {{ hari_perbaikan }} hari kerja"
            "{% if nomor_kuitansi %}; tunjukkan kuitansi pembelian{% endif %}."
        ),
        "Data hanya digunakan sesuai SPPD dan tidak digandakan untuk pihak lain.",
    ):
        text(document, note, style="List Number")
    _officer_signature(document)
    footer(document, "{{ kantor_nama }} | Tanda terima nomor {{ nomor }}")
    return document


def _officer_signature(document: Any) -> None:
    signature(
        document,
        ["{{ tempat }}, {{ tanggal }}", "{{ petugas_jabatan }},"],
        "{{ petugas_nama }}",
        ["NIP {{ petugas_nip }}"],
    )


def _letter(title: str, rows: list[tuple[str, str]]) -> Any:
    """Give a letter up to its addressee: letterhead, number and subject with the QR code, name and address."""
    document = new_document(title)
    letterhead(document)
    head_with_code(document, [*rows, ("Tanggal", "{{ tanggal }}")], label=2.2)
    text(document, "Yth. **{{ pengguna_nama }}**", before=6)
    when(document, "pengguna_instansi", "{{ pengguna_instansi }}")
    when(document, "pengguna_alamat", "{{ pengguna_alamat }}")
    text(document, "", size=10)
    return document


def _paragraph(document: Any, words: str, *, keep: bool = False) -> None:
    text(
        document, words, align="justify", after=6, keep=keep
    ).paragraph_format.line_spacing_rule = WD_LINE_SPACING.MULTIPLE


def original_refusal() -> Any:
    """Give the letter that goes back with a faulty original."""
    document = _letter(
        "Pengembalian naskah asli SPPD",
        [
            ("Nomor", "{{ nomor }}"),
            ("Lampiran", "1 (satu) naskah"),
            ("Perihal", "**Pengembalian naskah asli Surat Perjanjian Penggunaan Data (SPPD)**"),
        ],
    )
    _paragraph(
        document,
        "Naskah asli Surat Perjanjian Penggunaan Data (SPPD) nomor {{ nomor_sppd }} tanggal {{ tanggal_sppd }}, "
        "rangkap {{ rangkap }}, untuk permohonan {{ nomor_permohonan }} telah kami terima pada {{ diterima_pada }}. "
        "Setelah diperiksa, naskah tersebut belum dapat kami terima karena:",
        keep=True,
    )
    tag(document, "for k in kekurangan")
    text(document, "{{ k.no }}.\t{{ k.teks }}.", indent=0.8, hanging=0.8, after=3)
    tag(document, "endfor")
    text(document, "", size=4)
    when(document, "keterangan", "{{ keterangan }}", align="justify", after=6)
    when(
        document,
        "dasar_materai",
        "Sesuai {{ dasar_materai }}, pejabat dilarang menerima, menyimpan, atau menyalin dokumen yang bea meterainya "
        "tidak atau kurang dibayar. Oleh karena itu naskah kami kembalikan bersama surat ini.",
        align="justify",
        after=6,
    )
    when(
        document,
        "not dasar_materai",
        "Naskah kami kembalikan bersama surat ini.",
        align="justify",
        after=6,
    )
    _paragraph(document, "Agar permohonan dapat dilanjutkan, mohon:", keep=True)
    for step in (
        "Cetak kembali SPPD yang sama tanpa mengubah isinya. Naskah ditandatangani oleh {{ penanda_tangan }}.",
        "Bubuhkan materai {{ materai_nilai }}; tanda tangan mengenai materai.",
        "Kirim naskah asli lengkap semua halaman ke: **{{ alamat_naskah }}**.",
    ):
        text(document, step, style="List Number")
    text(document, "", size=4)
    _paragraph(document, "Atas perhatian dan kerja sama Saudara, kami ucapkan terima kasih.")
    signature(
        document,
        ["{{ tempat }}, {{ tanggal }}", "{{ pejabat_jabatan }},"],
        "{{ pejabat_nama }}",
        ["NIP {{ pejabat_nip }}"],
    )
    footer(document, "{{ kantor_nama }} | Surat nomor {{ nomor }}")
    return document


def redirect() -> Any:
    """Give the letter that leads to the online statistical consultation."""
    document = _letter(
        "Pengalihan ke konsultasi statistik",
        [
            ("Nomor", "{{ nomor }}"),
            ("Lampiran", "–"),
            ("Perihal", "**Pengalihan ke layanan konsultasi statistik online**"),
        ],
    )
    _paragraph(
        document,
        "Terima kasih atas permohonan Saudara nomor {{ nomor_permohonan }} tanggal {{ tanggal_permohonan }} dengan "
        "judul abstraksi “{{ abstraksi_judul }}”. Setelah diperiksa, data berikut belum sesuai dengan "
        "abstraksi tersebut:",
        keep=True,
    )
    data_table(
        document,
        [("No.", 1.0, "center"), ("Data yang diminta", 7.0, "left"), ("Alasan", 9.0, "left")],
        "b in baris",
        [[("{{ b.no }}", {})], [("{{ b.uraian }}", {})], [("{{ b.alasan }}", {})]],
    )
    text(document, "", size=6)
    when(document, "keterangan", "{{ keterangan }}", align="justify", after=6)
    _paragraph(
        document,
        "Permohonan Saudara kami alihkan ke {{ saluran_konsultasi }}. Sebutkan nomor permohonan di atas agar "
        "percakapan dapat dilanjutkan tanpa mengulang penjelasan.",
    )
    _paragraph(
        document,
        "Setelah abstraksi atau daftar data disesuaikan, permohonan dapat diajukan kembali kepada {{ kantor_nama }}.",
    )
    _officer_signature(document)
    footer(document, "{{ kantor_nama }} | Surat nomor {{ nomor }}")
    return document


def correction_note() -> Any:
    """Give the correction note."""
    document = new_document("Nota perbaikan data")
    letterhead(document)
    text(document, "NOTA PERBAIKAN DATA", align="center", size=13, bold=True, after=6)
    head_with_code(
        document,
        [
            ("Nomor", "**{{ nomor }}**"),
            ("Tanggal", "{{ tanggal }}"),
            ("Permohonan", "{{ nomor_permohonan }}"),
            ("?nomor_kuitansi?Kuitansi", "{{ nomor_kuitansi }}"),
            ("?not nomor_kuitansi?Kuitansi", "tidak ada (nol rupiah)"),
            ("Kepada", "**{{ pengguna_nama }}**"),
            ("?pengguna_instansi?Instansi", "{{ pengguna_instansi }}"),
            ("?pengguna_alamat?Alamat", "{{ pengguna_alamat }}"),
        ],
    )
    text(document, "", size=6)
    facts(
        document,
        [
            ("Permintaan diterima", "{{ diminta_pada }}"),
            ("Jatuh tempo", "{{ jatuh_tempo }} ({{ hari_perbaikan }} hari kerja)"),
            ("?data_uraian?Data", "{{ data_uraian }}"),
            ("Kesalahan", "{{ kesalahan }}"),
            ("?perbaikan?Perbaikan", "{{ perbaikan }}"),
            ("?selesai_pada?Selesai", "{{ selesai_pada }}"),
        ],
    )
    text(document, "", size=6)
    tag(document, "if berkas")
    text(document, "Berkas pengganti:", bold=True, after=3, keep=True)
    data_table(document, _FILES, "b in berkas", _FILE_CELLS)
    text(document, "Berkas lama tidak digunakan lagi.", before=4)
    tag(document, "endif")
    _officer_signature(document)
    footer(document, "{{ kantor_nama }} | Nota perbaikan nomor {{ nomor }}")
    return document


def closing() -> Any:
    """Give the closing message."""
    document = _letter(
        "Penutupan layanan",
        [("Perihal", "**Penutupan layanan penjualan data**"), ("?nomor?Nomor", "{{ nomor }}")],
    )
    _paragraph(
        document,
        "Layanan atas permohonan Saudara nomor {{ nomor_permohonan }} tanggal {{ tanggal_permohonan }} telah selesai. "
        "Data berikut telah kami layani:",
        keep=True,
    )
    tag(document, "for b in baris")
    text(document, "{{ b.no }}.\t{{ b.uraian }}", indent=0.8, hanging=0.8)
    tag(document, "endfor")
    text(document, "", size=6)
    when(document, "dikirim_pada", "Data dikirim pada {{ dikirim_pada }}.", after=3)
    when(
        document,
        "diam_sampai",
        "Sampai {{ diam_sampai }} kami tidak menerima kabar dari Saudara, sehingga data dianggap diterima.",
        after=3,
    )
    when(document, "nomor_kuitansi", "Kuitansi pembelian: nomor {{ nomor_kuitansi }}.", after=3)
    _paragraph(
        document,
        "Bila kemudian ditemukan kesalahan penyiapan data, Saudara dapat meminta perbaikan"
        "{% if nomor_kuitansi %} dengan menunjukkan kuitansi pembelian{% endif %}. Permintaan dilayani dalam "
        "{{ hari_perbaikan }} hari kerja.",
    )
    _paragraph(document, "Pengaduan atas layanan dapat disampaikan melalui:", keep=True)
    made = table(document, [5.0, 0.4, TEXT_WIDTH - 5.4])
    statement_row(made, "for p in pengaduan")
    for cell, words in zip(row(made), ("{{ p.saluran }}", ":", "{{ p.alamat }}"), strict=True):
        text(cell, words, after=1, keep=True)
    statement_row(made, "endfor")
    text(document, "", size=6)
    when(document, "tautan_survei", "Bantu kami dengan mengisi Survei Kebutuhan Data: {{ tautan_survei }}", after=6)
    _paragraph(
        document,
        "Terima kasih telah menggunakan data statistik. Dengan surat ini percakapan layanan kami tutup.",
    )
    _officer_signature(document)
    footer(document, "{{ kantor_nama }} | Penutupan permohonan {{ nomor_permohonan }}")
    return document


def case_file() -> Any:
    """Give the front part of a case file; the pages of its papers follow it."""
    document = new_document("Berkas kasus", size=10)
    letterhead(document)
    text(document, "BERKAS KASUS", align="center", size=14, bold=True, before=4)
    text(document, "Permohonan nomor **{{ nomor }}**", align="center", after=8)
    head_with_code(
        document,
        [
            ("Pengguna data", "**{{ pengguna_nama }}**"),
            ("?pengguna_instansi?Instansi", "{{ pengguna_instansi }}"),
            ("?pengguna_alamat?Alamat", "{{ pengguna_alamat }}"),
            ("Keadaan", "{{ keadaan }}"),
        ],
    )
    made = table(document, [3.4, 0.4, TEXT_WIDTH - 3.8])
    statement_row(made, "for s in ringkasan")
    for cell, words in zip(row(made), ("{{ s.perihal }}", ":", "{{ s.nilai }}"), strict=True):
        text(cell, words, after=1)
    statement_row(made, "endfor")
    text(document, "Dibuat {{ tanggal }} oleh {{ dibuat_oleh }}; pembuatannya tercatat.", size=8.5, before=4)
    tag(document, "if keputusan")
    _heading(document, "A. Keputusan dan alasannya")
    _told_table(document, "k", "keputusan")
    tag(document, "endif")
    _heading(document, "B. Riwayat")
    _told_table(document, "r", "riwayat")
    tag(document, "if pengiriman")
    _heading(document, "C. Lembar pengiriman")
    _told_table(document, "p", "pengiriman")
    tag(document, "endif")
    tag(document, "if berkas")
    _heading(document, "D. Daftar berkas")
    data_table(
        document,
        [("No.", 1.0, "center"), ("Berkas", 10.4, "left"), ("Ukuran", 2.0, "right"), ("Letak", 3.6, "left")],
        "b in berkas",
        [
            [("{{ b.no }}", {})],
            [
                ("{{ b.nama }}", {"bold": True}),
                ("{{ b.jenis }}", {"size": 8}),
                ("SHA-256: {{ b.sha256 }}", {"size": 6}),
            ],
            [("{{ b.ukuran }}", {})],
            [("{{ b.halaman }}", {"size": 8})],
        ],
    )
    tag(document, "endif")
    footer(document, "{{ kantor_nama }} | Berkas kasus permohonan {{ nomor }}")
    return document


def _told_table(document: Any, name: str, items: str) -> None:
    data_table(
        document,
        [("No.", 1.0, "center"), ("Waktu", 3.1, "left"), ("Siapa", 3.3, "left"), ("Yang terjadi", 9.6, "left")],
        f"{name} in {items}",
        [
            [(f"{{{{ {name}.no }}}}", {})],
            [(f"{{{{ {name}.waktu }}}}", {"size": 8.5})],
            [(f"{{{{ {name}.siapa }}}}", {})],
            [
                (f"{{{{ {name}.kalimat }}}}", {}),
                (f"?{name}.catatan?Alasan atau keterangan: {{{{ {name}.catatan }}}}", {"size": 8.5, "italic": True}),
            ],
        ],
    )


def billing_letter() -> Any:
    """Give the letter with a billing code."""
    document = _letter(
        "Kode billing SIMPONI",
        [
            ("Nomor", "{{ nomor }}"),
            ("Lampiran", "–"),
            ("Perihal", "**Kode billing untuk invoice {{ nomor_invoice }}**"),
        ],
    )
    _paragraph(
        document,
        "Invoice untuk permohonan {{ nomor_permohonan }} dapat dibayar dengan kode billing SIMPONI berikut:",
        keep=True,
    )
    facts(
        document,
        [
            ("Invoice", "{{ nomor_invoice }}, {{ tanggal_invoice }}"),
            ("Kode billing", "**{{ kode_billing }}**"),
            ("Jumlah", "**{{ jumlah_rupiah }}**"),
            ("Terbilang", "{{ jumlah_terbilang }}"),
            ("Berlaku sampai", "**{{ kode_billing_berlaku }}**"),
            ("Dasar tarif", "{{ dasar_tarif }}"),
        ],
        together=True,
    )
    text(document, "", size=4)
    _paragraph(document, "Agar pembayaran tercatat, mohon:", keep=True)
    for step in (
        "Bayar tepat sejumlah itu di bank, pos, atau kanal setoran negara paling lambat {{ kode_billing_berlaku }}.",
        "Lewat tanggal itu minta kode baru kepada kami; invoice berlaku sampai {{ berlaku_sampai }}.",
        "Kirim bukti penerimaan negara yang memuat NTPN melalui {{ saluran_bukti }}.",
        "Jangan membayar invoice yang sama sekali lagi lewat transfer.",
    ):
        text(document, step, style="List Number")
    text(document, "", size=4)
    _paragraph(document, "Atas perhatian dan kerja sama Saudara, kami ucapkan terima kasih.")
    signature(
        document,
        ["{{ tempat }}, {{ tanggal }}", "{{ petugas_jabatan }},"],
        "{{ petugas_nama }}",
        ["NIP {{ petugas_nip }}"],
    )
    footer(document, "{{ kantor_nama }} | Surat nomor {{ nomor }}")
    return document


def _money_letter(subject: str, opening: str, rows: list[tuple[str, str]], closing: str, steps: tuple[str, ...]) -> Any:
    """Give a letter of the treasurer about money that did not pay as it should."""
    document = _letter(subject, [("Nomor", "{{ nomor }}"), ("Lampiran", "–"), ("Perihal", f"**{subject}**")])
    _paragraph(document, opening, keep=True)
    facts(
        document,
        [
            ("Invoice", "{{ nomor_invoice }}, {{ tanggal_invoice }}"),
            ("Jumlah invoice", "{{ jumlah_invoice }}"),
            ("Uang diterima", "**{{ jumlah_diterima }}**, {{ uang_diterima_pada }}"),
            *rows,
            ("?keterangan?Keterangan", "{{ keterangan }}"),
        ],
        together=True,
    )
    text(document, "", size=4)
    _paragraph(document, closing, keep=True)
    for step in steps:
        text(document, step, style="List Number")
    text(document, "", size=4)
    _paragraph(document, "Atas perhatian dan kerja sama Saudara, kami ucapkan terima kasih.")
    signature(
        document,
        ["{{ tempat }}, {{ tanggal }}", "{{ bendahara_jabatan }},"],
        "{{ bendahara_nama }}",
        ["NIP {{ bendahara_nip }}"],
    )
    footer(document, "{{ kantor_nama }} | Surat nomor {{ nomor }}")
    return document


_REFUND = (
    "Ajukan surat permohonan pengembalian kepada {{ kantor_nama }}, ditandatangani pembayar, dengan bukti transfer.",
    "Sertakan salinan halaman pertama buku rekening atas nama pembayar sebagai tujuan pengembalian.",
    "Pengembalian diproses menurut ketentuan penerimaan negara; hasilnya kami sampaikan kepada Saudara.",
)


def money_short() -> Any:
    """Give the letter that asks for what is missing."""
    return _money_letter(
        "Kekurangan pembayaran",
        "Uang untuk permohonan {{ nomor_permohonan }} telah masuk ke rekening penerimaan, tetapi belum cukup:",
        [
            ("Kekurangan", "**{{ selisih_rupiah }}**"),
            ("?selisih_terbilang?Terbilang", "{{ selisih_terbilang }}"),
            ("?rekening_nomor?Rekening", "{{ rekening_bank }} {{ rekening_nomor }} a.n. {{ rekening_nama }}"),
            ("Berita transfer", "**{{ kode_bayar }}**"),
        ],
        "Kuitansi terbit dan data dikirim setelah invoice lunas. Mohon:",
        (
            "Bayar tepat sejumlah kekurangan itu paling lambat {{ berlaku_sampai }}; biaya bank ditanggung pembayar.",
            "Kirim bukti pembayaran melalui {{ saluran_bukti }} dengan menyebut nomor permohonan.",
        ),
    )


def money_over() -> Any:
    """Give the letter about money beyond the invoice."""
    return _money_letter(
        "Kelebihan pembayaran",
        "Invoice untuk permohonan {{ nomor_permohonan }} telah lunas. Uang yang masuk melebihi jumlahnya:",
        [
            ("Kelebihan", "**{{ selisih_rupiah }}**"),
            ("?selisih_terbilang?Terbilang", "{{ selisih_terbilang }}"),
        ],
        "Kuitansi memuat jumlah invoice saja; kelebihannya tidak diperhitungkan untuk invoice lain. Untuk memintanya "
        "kembali:",
        _REFUND,
    )


def money_double() -> Any:
    """Give the letter about an invoice that was paid twice."""
    return _money_letter(
        "Pembayaran ganda",
        "Kami menerima uang sekali lagi untuk invoice permohonan {{ nomor_permohonan }} yang sudah dibayar:",
        [("?dibayar_pada?Sudah dibayar", "{{ dibayar_pada }}")],
        "Pembayaran kedua ini tidak diperhitungkan untuk invoice lain. Untuk memintanya kembali:",
        _REFUND,
    )


def money_late() -> Any:
    """Give the letter about money that came after the invoice had ended."""
    return _money_letter(
        "Pembayaran setelah invoice berakhir",
        "Uang untuk permohonan {{ nomor_permohonan }} masuk setelah invoicenya berakhir dan belum dapat dikuitansikan:",
        [("Invoice berakhir", "{{ berlaku_sampai }}")],
        "Mohon memilih salah satu:",
        (
            "Meminta invoice baru menurut tarif yang berlaku; uang itu menjadi pembayarannya bila jumlahnya sama.",
            *_REFUND[:1],
        ),
    )


def money_unknown() -> Any:
    """Give the letter that asks the bank or the sender whose money it is."""
    subject = "Uang yang belum diketahui asal dan tujuannya"
    document = new_document(subject)
    letterhead(document)
    head_with_code(
        document,
        [("Nomor", "{{ nomor }}"), ("Lampiran", "–"), ("Perihal", f"**{subject}**"), ("Tanggal", "{{ tanggal }}")],
        label=2.2,
    )
    text(document, "Yth. **{{ kepada_nama }}**", before=6)
    when(document, "kepada_alamat", "{{ kepada_alamat }}")
    text(document, "", size=10)
    _paragraph(
        document,
        "Rekening penerimaan {{ kantor_nama }} menerima uang berikut. Kami belum mengetahui dari siapa dan untuk "
        "pembayaran apa uang itu, sehingga kuitansinya belum dapat diterbitkan:",
        keep=True,
    )
    facts(
        document,
        [
            ("Tanggal", "{{ uang_diterima_pada }}"),
            ("Jumlah", "**{{ jumlah_rupiah }}**"),
            ("?jumlah_terbilang?Terbilang", "{{ jumlah_terbilang }}"),
            ("?rekening_bank?Rekening", "{{ rekening_bank }} berakhiran {{ rekening_akhir }}"),
            ("?keterangan_bank?Keterangan mutasi", "{{ keterangan_bank }}"),
            ("?pengirim?Pengirim menurut bank", "{{ pengirim }}"),
            ("?referensi?Referensi", "{{ referensi }}"),
            ("?keterangan?Keterangan", "{{ keterangan }}"),
        ],
        label=4.4,
        together=True,
    )
    text(document, "", size=4)
    _paragraph(document, "Mohon disampaikan kepada kami melalui {{ saluran_jawaban }}:", keep=True)
    for condition, step in (
        ("kepada_bank", "Nama dan alamat pengirim uang, dan nomor rekening asalnya bila ditransfer."),
        ("kepada_bank", "Berita atau keterangan lengkap yang disertakan pengirim."),
        ("not kepada_bank", "Untuk permohonan, invoice, atau keperluan apa uang itu dikirim, dengan bukti kirimnya."),
        ("not kepada_bank", "Bila uang itu salah kirim, surat permohonan pengembalian beserta rekening tujuannya."),
    ):
        when(document, condition, step, style="List Number")
    text(document, "", size=4)
    _paragraph(
        document,
        "Selama belum ada jawaban, uang itu kami catat sebagai uang yang belum bertuan dan tidak diperhitungkan untuk "
        "pembayaran siapa pun. Atas perhatian dan kerja sama Saudara, kami ucapkan terima kasih.",
    )
    signature(
        document,
        ["{{ tempat }}, {{ tanggal }}", "{{ bendahara_jabatan }},"],
        "{{ bendahara_nama }}",
        ["NIP {{ bendahara_nip }}"],
    )
    footer(document, "{{ kantor_nama }} | Surat nomor {{ nomor }}")
    return document


TEMPLATES: dict[PaperKind, Callable[[], Any]] = {
    PaperKind.INVOICE: invoice,
    PaperKind.SPPD: agreement,
    PaperKind.RECEIPT: receipt,
    PaperKind.BILLING: billing_letter,
    PaperKind.MONEY_SHORT: money_short,
    PaperKind.MONEY_OVER: money_over,
    PaperKind.MONEY_DOUBLE: money_double,
    PaperKind.MONEY_LATE: money_late,
    PaperKind.MONEY_UNKNOWN: money_unknown,
    PaperKind.DELIVERY_NOTE: delivery_note,
    PaperKind.ORIGINAL_REFUSAL: original_refusal,
    PaperKind.REDIRECT: redirect,
    PaperKind.CORRECTION_NOTE: correction_note,
    PaperKind.CLOSING: closing,
    PaperKind.CASE_FILE: case_file,
}


def register() -> Any:
    """Give the register of a month: the lines with their balance, and what the month adds up to."""
    document = new_document("Register penerimaan", size=9)
    lying(document)
    letterhead(document)
    text(document, "REGISTER PENERIMAAN", align="center", size=13, bold=True)
    text(document, "Penjualan data mikro dan peta digital, bulan {{ bulan }}", align="center", after=2)
    text(document, "{{ peringatan }}", align="center", size=9, bold=True, italic=True, after=6)
    made = data_table(
        document,
        [
            ("No.", 1.1, "center"),
            ("Tanggal", 2.4, "left"),
            ("No. bukti", 5.2, "left"),
            ("Uraian", 7.5, "left"),
            ("Debet", 3.1, "right"),
            ("Kredit", 3.1, "right"),
            ("Saldo", 3.3, "right"),
        ],
        "b in baris",
        [
            [("{{ b.no }}", {})],
            [("{{ b.tanggal }}", {})],
            [("{{ b.bukti }}", {"size": 8})],
            [("{{ b.uraian }}", {"size": 8.5})],
            [("{{ b.debet }}", {})],
            [("{{ b.kredit }}", {})],
            [("{{ b.saldo }}", {})],
        ],
    )
    statement_row(made, "if kosong")
    cells = row(made)
    text(
        cells[0].merge(cells[6]), "Tidak ada penerimaan dan setoran pada bulan ini.", align="center", before=2, after=2
    )
    statement_row(made, "endif")
    for words, amounts in (
        ("Saldo awal", ("", "", "{{ saldo_awal }}")),
        ("**Jumlah bulan ini**", ("{{ jumlah_debet }}", "{{ jumlah_kredit }}", "**{{ saldo_akhir }}**")),
    ):
        cells = row(made)
        text(cells[0].merge(cells[3]), words, align="right", before=1, after=1)
        for cell, amount in zip(cells[4:], amounts, strict=True):
            text(cell, amount, align="right", before=1, after=1)
    text(document, "", size=6)
    recap = data_table(
        document,
        [("Rekapitulasi", 8.0, "left"), ("Banyaknya", 2.6, "right"), ("Jumlah", 4.0, "right")],
        "r in rekap",
        [[("{{ r.nama }}", {})], [("{{ r.banyak }}", {})], [("{{ r.jumlah }}", {})]],
    )
    for each in recap.rows:  # the signature never stands alone on a page
        for cell in each.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True
    signature(
        document,
        ["{{ tempat }}, {{ tanggal }}", "Bendahara Penerimaan,"],
        "{{ bendahara_nama }}",
        ["NIP {{ bendahara_nip }}"],
        space=3,
    )
    footer(document, "{{ kantor_nama }} | Register penerimaan {{ bulan }} | {{ peringatan }}", width=25.7)
    return document


def destruction() -> Any:
    """Give the berita acara of erased files: which, of which case, by which rule, who did it and who saw it."""
    document = new_document("Berita acara pemusnahan", size=10)
    letterhead(document)
    text(document, "BERITA ACARA PEMUSNAHAN BERKAS", align="center", size=13, bold=True)
    text(document, "Nomor **{{ nomor }}**", align="center", after=8)
    text(
        document,
        "Pada tanggal {{ tanggal }} telah dimusnahkan {{ jumlah_berkas }} berkas data pribadi yang masa simpannya "
        "berakhir. Isi berkas dihapus dari basis data dan tidak dapat dibuka lagi; catatan penjualan, naskah, dan "
        "sidik berkas tetap tersimpan.",
        align="justify",
        after=4,
    )
    when(document, "dasar", "Dasar: {{ dasar }}.", after=4)
    when(document, "keterangan", "Keterangan: {{ keterangan }}.", after=4)
    data_table(
        document,
        [
            ("No.", 1.0, "center"),
            ("Permohonan", 3.6, "left"),
            ("Berkas", 7.2, "left"),
            ("Ukuran", 2.0, "right"),
            ("Selesai, masa simpan", TEXT_WIDTH - 13.8, "left"),
        ],
        "b in berkas",
        [
            [("{{ b.no }}", {})],
            [("{{ b.permohonan }}", {"size": 8.5})],
            [("{{ b.jenis }}: {{ b.nama }}", {}), ("SHA-256: {{ b.sha256 }}", {"size": 7})],
            [("{{ b.ukuran }}", {})],
            [("{{ b.selesai }}, {{ b.disimpan }}", {"size": 8.5})],
        ],
    )
    text(document, "", size=8)
    for paragraph in document.paragraphs[-3:]:
        paragraph.paragraph_format.keep_with_next = True
    made = table(document, [TEXT_WIDTH / 2, TEXT_WIDTH / 2])
    left, right = row(made)
    for cell, above, name in (
        (left, ("", "Saksi,"), "{{ saksi }}"),
        (right, ("{{ tempat }}, {{ tanggal }}", "Pelaksana,"), "{{ pelaksana }}"),
    ):
        for words in (*above, "", "", ""):
            text(cell, words, align="center", keep=True)
        text(cell, name, align="center", bold=True)
    footer(document, "{{ kantor_nama }} | Berita acara pemusnahan nomor {{ nomor }}")
    return document


VARIANTS: dict[str, Callable[[], Any]] = {
    "receipt_a5": partial(receipt, half=True),
    "register": register,
    "destruction": destruction,
    **label_templates.VARIANTS,
    "morning_sheet": morning_sheet,
    "service_report": service_report,
}
"""Templates that are no kind of paper of a case, by the name of their file."""


def main() -> None:
    """Write every template into the folder given, or into `templates_docx`."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "templates_docx"
    folder.mkdir(parents=True, exist_ok=True)
    for kind, make in TEMPLATES.items():
        make().save(str(folder / kind.template_name))
    for name, make in VARIANTS.items():
        make().save(str(folder / f"{name}.docx"))


if __name__ == "__main__":
    main()
