"""The field palette: which fields a Word template of each kind may use, with a label and an example.

Office staff pick from this list; a template that uses another name is refused with a sentence before it is accepted.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Literal

from desk.rules.papers import contexts, examples, money_letters
from desk.rules.papers.contexts import Context
from desk.rules.papers.kinds import PaperKind

FieldKind = Literal["text", "flag", "list", "picture"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a template: its name, what it is, how it looks, and whether it can be empty.

    A flag is for `{%p if ... %}` only; a list is for `{%tr for ... %}`, its items have `item_fields`; a picture holds
    the text that the paper engine draws as a QR code.
    """

    name: str
    label: str
    example: str
    kind: FieldKind = "text"
    optional: bool = False
    item_fields: tuple[Field, ...] = ()

    @property
    def is_list(self) -> bool:
        """Whether the template must loop over the field."""
        return self.kind == "list"


_LABELS: dict[str, str] = {
    "kop_kantor": "Kop surat: nama wilayah kantor",
    "kop_alamat": "Kop surat: alamat dan telepon",
    "kop_kontak": "Kop surat: situs dan surel",
    "kantor_nama": "Nama kantor",
    "tempat": "Kota tempat kantor",
    "nomor": "Nomor surat",
    "tanggal": "Tanggal terbit",
    "nomor_permohonan": "Nomor permohonan",
    "tanggal_permohonan": "Tanggal permohonan",
    "qr": "Kode QR naskah",
    "qr_teks": "Isi kode QR",
    "pengguna_nama": "Nama pengguna data",
    "pengguna_instansi": "Instansi pengguna data",
    "pengguna_jabatan": "Jabatan pengguna data",
    "pengguna_alamat": "Alamat pengguna data",
    "pengguna_npwp": "NPWP pengguna data",
    "pengguna_identitas": "Nomor identitas pengguna data",
    "pengguna_surel": "Surel pengguna data",
    "pengguna_telepon": "Telepon pengguna data",
    "berlaku_sampai": "Invoice berlaku sampai",
    "menggantikan": "Nomor yang digantikan",
    "dasar_tarif": "Dasar hukum tarif",
    "sebelum_keringanan": "Jumlah sebelum keringanan",
    "keringanan_persen": "Besar keringanan",
    "keringanan_rupiah": "Nilai keringanan",
    "keringanan_dasar": "Dasar keringanan",
    "total_rupiah": "Jumlah yang dibayar",
    "total_terbilang": "Jumlah yang dibayar, terbilang",
    "nol_rupiah": "Tidak ada yang dibayar",
    "catatan_biaya": "Siapa menanggung ongkos kirim dan biaya bank",
    "rekening_bank": "Bank penerima",
    "rekening_nomor": "Nomor rekening penerimaan",
    "rekening_nama": "Nama pemilik rekening",
    "kode_billing": "Kode billing SIMPONI",
    "kode_billing_berlaku": "Kode billing berlaku sampai",
    "kode_bayar": "Kode bayar untuk berita transfer",
    "saluran_bukti": "Saluran pengiriman bukti bayar",
    "alamat_naskah": "Alamat pengiriman SPPD asli",
    "petugas_nama": "Nama petugas layanan",
    "petugas_nip": "NIP petugas layanan",
    "petugas_jabatan": "Jabatan petugas layanan",
    "pejabat_nama": "Nama pejabat penanda tangan",
    "pejabat_nip": "NIP pejabat penanda tangan",
    "pejabat_jabatan": "Jabatan pejabat penanda tangan",
    "bendahara_nama": "Nama bendahara penerimaan",
    "bendahara_nip": "NIP bendahara penerimaan",
    "bendahara_jabatan": "Jabatan bendahara penerimaan",
    "hari_tanggal": "Hari dan tanggal terbilang",
    "nomor_invoice": "Nomor invoice",
    "tanggal_invoice": "Tanggal invoice",
    "nomor_sppd": "Nomor SPPD",
    "tanggal_sppd": "Tanggal SPPD",
    "nomor_kuitansi": "Nomor kuitansi",
    "abstraksi_judul": "Judul abstraksi",
    "abstraksi_tujuan": "Tujuan penggunaan data",
    "penanda_tangan_nama": "Nama penanda tangan pengguna data",
    "penanda_tangan": "Siapa yang harus menandatangani",
    "materai_nilai": "Nilai materai",
    "rangkap": "Rangkap ke berapa dari jumlahnya",
    "jumlah_rangkap": "Jumlah rangkap",
    "diterima_dari": "Telah terima dari",
    "atas_nama": "Atas nama pengguna data",
    "jumlah_invoice": "Jumlah invoice",
    "jumlah_diterima": "Uang yang diterima",
    "uang_diterima_pada": "Tanggal uang diterima",
    "selisih_rupiah": "Kekurangan atau kelebihan",
    "selisih_terbilang": "Kekurangan atau kelebihan, terbilang",
    "dibayar_pada": "Tanggal pembayaran yang pertama",
    "kepada_nama": "Tujuan surat",
    "kepada_alamat": "Alamat tujuan surat",
    "kepada_bank": "Surat kepada bank",
    "keterangan_bank": "Keterangan mutasi dari bank",
    "pengirim": "Pengirim uang menurut bank",
    "rekening_akhir": "Angka akhir rekening penerimaan",
    "saluran_jawaban": "Ke mana jawaban dikirim",
    "jumlah_rupiah": "Uang sejumlah",
    "jumlah_terbilang": "Uang sejumlah, terbilang",
    "baris_lain": "Sisa baris yang tidak dirinci",
    "tanggal_bayar": "Tanggal bayar",
    "cara_bayar": "Cara bayar",
    "jenis_referensi": "Jenis referensi bayar",
    "referensi": "Referensi bank atau NTPN",
    "kode_pengaman": "Kode pengaman kuitansi",
    "pengiriman_ke": "Pengiriman ke-",
    "saluran_kirim": "Saluran pengiriman",
    "alamat_kirim": "Alamat pengiriman",
    "jumlah_berkas": "Jumlah berkas",
    "ukuran_seluruhnya": "Ukuran seluruh berkas",
    "sandi_terpisah": "Sandi dikirim terpisah",
    "hari_perbaikan": "Hari kerja untuk perbaikan",
    "diterima_pada": "Tanggal naskah diterima",
    "keterangan": "Keterangan",
    "dasar_materai": "Dasar hukum materai",
    "saluran_konsultasi": "Saluran konsultasi statistik",
    "data_uraian": "Data yang diperbaiki",
    "diminta_pada": "Tanggal permintaan perbaikan",
    "jatuh_tempo": "Jatuh tempo perbaikan",
    "kesalahan": "Kesalahan yang disampaikan",
    "perbaikan": "Perbaikan yang dilakukan",
    "selesai_pada": "Tanggal selesai diperbaiki",
    "dikirim_pada": "Tanggal data dikirim",
    "baris": "Daftar data",
    "berkas": "Daftar berkas",
    "dibuat_oleh": "Yang membuat berkas kasus",
    "keadaan": "Keadaan permohonan",
    "ringkasan": "Ringkasan permohonan",
    "keputusan": "Keputusan dengan alasannya",
    "riwayat": "Riwayat permohonan",
    "pengiriman": "Lembar pengiriman",
    "ketentuan": "Ketentuan perjanjian",
    "kekurangan": "Kekurangan naskah",
    "pengaduan": "Saluran pengaduan",
    "diam_sampai": "Hari terakhir menunggu kabar, bila pengguna data diam",
    "tautan_survei": "Tautan survei",
}

_ITEM_LABELS: dict[str, str] = {
    "no": "Nomor urut",
    "uraian": "Nama data",
    "rincian": "Rincian data",
    "tarif": "Baris tarif",
    "dasar": "Dasar tarif",
    "jumlah": "Banyaknya",
    "satuan": "Satuan",
    "ukuran": "Ukuran",
    "harga_tarif": "Harga menurut tarif",
    "harga": "Harga yang dibayar",
    "alasan": "Alasan",
    "nama": "Nama berkas",
    "isi": "Jumlah baris dan variabel",
    "sha256": "Sidik berkas (SHA-256)",
    "teks": "Isi",
    "saluran": "Saluran",
    "alamat": "Alamat",
    "perihal": "Perihal",
    "nilai": "Isi",
    "waktu": "Waktu",
    "siapa": "Siapa",
    "kalimat": "Yang terjadi",
    "catatan": "Alasan atau keterangan",
    "jenis": "Jenis dan nama berkas",
    "halaman": "Halaman dalam berkas kasus",
}

_OPTIONAL = frozenset(
    {
        "kop_alamat", "kop_kontak", "pengguna_instansi", "pengguna_jabatan", "pengguna_alamat", "pengguna_npwp",
        "pengguna_identitas", "pengguna_surel", "pengguna_telepon", "penanda_tangan_nama",
        "menggantikan", "sebelum_keringanan", "keringanan_persen", "keringanan_rupiah",
        "keringanan_dasar", "rekening_bank", "rekening_nomor", "rekening_nama",
        "baris_lain", "atas_nama", "nomor_kuitansi", "keterangan", "dasar_materai", "data_uraian", "perbaikan",
        "selisih_terbilang", "selesai_pada", "dikirim_pada", "rincian", "ukuran", "catatan",
        "diam_sampai", "tautan_survei",
    }
)  # fmt: skip
_OPTIONAL_IN: dict[PaperKind, frozenset[str]] = {
    PaperKind.INVOICE: frozenset({"kode_billing", "kode_billing_berlaku"}),
    PaperKind.RECEIPT: frozenset({"materai_nilai"}),
    PaperKind.CLOSING: frozenset({"nomor"}),
    PaperKind.MONEY_DOUBLE: frozenset({"dibayar_pada"}),
    PaperKind.MONEY_UNKNOWN: frozenset(
        {"kepada_alamat", "jumlah_terbilang", "pengirim", "referensi", "keterangan_bank", "rekening_bank"}
    ),
    PaperKind.CORRECTION_NOTE: frozenset({"berkas"}),
    PaperKind.DELIVERY_NOTE: frozenset({"pengiriman"}),
    PaperKind.CASE_FILE: frozenset({"keputusan", "berkas", "pengiriman"}),
}


_EXAMPLES: dict[PaperKind, Context] = {
    PaperKind.INVOICE: contexts.invoice_context(examples.OFFICE, examples.CUSTOMER, examples.INVOICE_WITH_EVERYTHING),
    PaperKind.SPPD: contexts.agreement_context(examples.OFFICE, examples.CUSTOMER, examples.AGREEMENT),
    PaperKind.RECEIPT: contexts.receipt_context(examples.OFFICE, examples.CUSTOMER, examples.RECEIPT),
    PaperKind.BILLING: money_letters.billing_context(examples.OFFICE, examples.CUSTOMER, examples.BILLING),
    PaperKind.MONEY_SHORT: money_letters.short_context(examples.OFFICE, examples.CUSTOMER, examples.MONEY_SHORT),
    PaperKind.MONEY_OVER: money_letters.over_context(examples.OFFICE, examples.CUSTOMER, examples.MONEY_OVER),
    PaperKind.MONEY_DOUBLE: money_letters.double_context(examples.OFFICE, examples.CUSTOMER, examples.MONEY_DOUBLE),
    PaperKind.MONEY_LATE: money_letters.late_context(examples.OFFICE, examples.CUSTOMER, examples.MONEY_LATE),
    PaperKind.MONEY_UNKNOWN: money_letters.unknown_context(examples.OFFICE, examples.MONEY_UNKNOWN),
    PaperKind.DELIVERY_NOTE: contexts.delivery_context(examples.OFFICE, examples.CUSTOMER, examples.DELIVERY),
    PaperKind.ORIGINAL_REFUSAL: contexts.refusal_context(examples.OFFICE, examples.CUSTOMER, examples.REFUSAL),
    PaperKind.REDIRECT: contexts.redirect_context(examples.OFFICE, examples.CUSTOMER, examples.REDIRECT),
    PaperKind.CORRECTION_NOTE: contexts.correction_context(examples.OFFICE, examples.CUSTOMER, examples.CORRECTION),
    PaperKind.CLOSING: contexts.closing_context(examples.OFFICE, examples.CUSTOMER, examples.CLOSING),
    PaperKind.CASE_FILE: contexts.case_file_context(examples.OFFICE, examples.CUSTOMER, examples.CASE_FILE),
}


def example_context(kind: PaperKind) -> Context:
    """Give an invented set of values with nothing left empty: for the palette, the test print and the template check.

    The copy is the caller's own, lists included.
    """
    return deepcopy(_EXAMPLES[kind])


def _field(kind: PaperKind, name: str, value: object) -> Field:
    optional = name in _OPTIONAL or name in _OPTIONAL_IN.get(kind, ())
    if isinstance(value, list):
        items = tuple(
            Field(item, _ITEM_LABELS[item], str(example), optional=item in _OPTIONAL)
            for item, example in value[0].items()
        )
        return Field(name, _LABELS[name], f"{len(value)} baris", "list", optional, items)
    if isinstance(value, bool):
        return Field(name, _LABELS[name], "ya" if value else "tidak", "flag", optional)
    return Field(name, _LABELS[name], str(value), "picture" if name == "qr" else "text", optional)


FIELDS: dict[PaperKind, tuple[Field, ...]] = {
    kind: tuple(_field(kind, name, value) for name, value in context.items()) for kind, context in _EXAMPLES.items()
}
"""The palette of every kind, in the order in which the values are made."""


def optional_fields(kind: PaperKind) -> frozenset[str]:
    """Give the names of the fields, and of the fields of list items, that may be empty on a paper of this kind."""
    fields = FIELDS[kind]
    own = {field.name for field in fields if field.optional}
    return frozenset(own | {item.name for field in fields for item in field.item_fields if item.optional})
