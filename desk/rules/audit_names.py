"""What people call the tables and columns of the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desk.rules.case import State


class Kind(State):
    """What an entry is about; the auditor filters by it."""

    CASE = "case", "permohonan"
    MONEY = "money", "uang"
    PAPER = "paper", "naskah asli"
    DATA = "data", "data dan pengiriman"
    FILES = "files", "berkas, percakapan, dan cetakan"
    PEOPLE = "people", "orang dan tugas"
    SETTINGS = "settings", "pengaturan"


@dataclass(frozen=True, slots=True)
class Thing:
    """What a table holds: its name on screen, what it is about, and the columns that name one of its rows."""

    label: str
    kind: Kind
    named_by: tuple[str, ...] = ()


THINGS: Mapping[str, Thing] = {
    "cases": Thing("Permohonan", Kind.CASE, ("number",)),
    "customer": Thing("Kartu pengguna data", Kind.CASE, ("name",)),
    "case_line": Thing("Baris data", Kind.CASE, ("title",)),
    "fit_decision": Thing("Pemeriksaan kesesuaian", Kind.CASE, ("line_title",)),
    "event": Thing("Riwayat", Kind.CASE),
    "invoice": Thing("Invoice", Kind.MONEY, ("number",)),
    "invoice_line": Thing("Baris invoice", Kind.MONEY, ("title",)),
    "invoice_end": Thing("Akhir invoice", Kind.MONEY, ("kind",)),
    "payment_proof": Thing("Bukti bayar", Kind.MONEY, ("amount",)),
    "proof_rejection": Thing("Penolakan bukti bayar", Kind.MONEY, ("reason",)),
    "billing_code": Thing("Kode billing", Kind.MONEY, ("code",)),
    "payment": Thing("Pembayaran", Kind.MONEY, ("amount",)),
    "receipt": Thing("Kuitansi", Kind.MONEY, ("number",)),
    "receipt_void": Thing("Pembatalan kuitansi", Kind.MONEY, ("reason",)),
    "relief": Thing("Permohonan nol rupiah", Kind.MONEY, ("letter_number",)),
    "relief_decision": Thing("Putusan nol rupiah", Kind.MONEY, ("approved",)),
    "counter": Thing("Pencacah nomor", Kind.MONEY, ("kind", "year")),
    "agreement": Thing("SPPD", Kind.PAPER, ("number",)),
    "custody": Thing("Keberadaan naskah", Kind.PAPER, ("step",)),
    "binder": Thing("Map naskah asli", Kind.PAPER, ("name",)),
    "binder_label": Thing("Label map", Kind.PAPER),
    "stocktake": Thing("Stok opname map", Kind.PAPER, ("on_day",)),
    "stocktake_line": Thing("Temuan stok opname", Kind.PAPER, ("finding",)),
    "letter": Thing("Surat", Kind.PAPER, ("number",)),
    "letter_number": Thing("Register nomor surat", Kind.PAPER, ("number",)),
    "letter_number_end": Thing("Akhir nomor surat", Kind.PAPER, ("kind", "reason")),
    "preparation": Thing("Penyiapan data", Kind.DATA, ("version",)),
    "prepared_file": Thing("Berkas data", Kind.DATA, ("name",)),
    "preparation_check": Thing("Pemeriksaan data", Kind.DATA, ("passed",)),
    "delivery": Thing("Pengiriman", Kind.DATA, ("address",)),
    "delivery_failure": Thing("Kiriman tidak sampai", Kind.DATA, ("reason",)),
    "gate_override": Thing("Izin pengiriman", Kind.DATA, ("reason",)),
    "correction": Thing("Permintaan perbaikan", Kind.DATA, ("wrong",)),
    "message": Thing("Percakapan", Kind.FILES, ("kind", "sender")),
    "document": Thing("Berkas", Kind.FILES, ("name",)),
    "print_entry": Thing("Cetakan", Kind.FILES, ("mark", "printer")),
    "view_entry": Thing("Data pribadi dilihat", Kind.FILES, ("reason",)),
    "day_close": Thing("Penutupan hari", Kind.MONEY, ("day",)),
    "deposit": Thing("Setoran", Kind.MONEY, ("billing_code",)),
    "deposit_line": Thing("Kuitansi dalam setoran", Kind.MONEY, ("amount",)),
    "deposit_void": Thing("Pembatalan setoran", Kind.MONEY, ("reason",)),
    "month_handover": Thing("Penyerahan bahan bulanan", Kind.MONEY, ("month", "file_name")),
    "bank_account": Thing("Rekening", Kind.MONEY, ("bank", "number")),
    "bank_profile": Thing("Tata letak berkas bank", Kind.SETTINGS, ("slug",)),
    "statement_file": Thing("Berkas mutasi rekening", Kind.MONEY, ("name",)),
    "statement_line": Thing("Baris mutasi", Kind.MONEY, ("booked_on", "amount_sen")),
    "line_use": Thing("Peruntukan mutasi", Kind.MONEY, ("kind", "amount_sen")),
    "line_use_end": Thing("Penarikan peruntukan mutasi", Kind.MONEY, ("reason",)),
    "payment_approval": Thing("Persetujuan orang kedua", Kind.MONEY),
    "payment_reversal": Thing("Pembalikan pembayaran", Kind.MONEY, ("reason",)),
    "scan_stack": Thing("Tumpukan pindaian", Kind.FILES, ("name",)),
    "scan_part": Thing("Bagian pindaian", Kind.FILES, ("payload",)),
    "scan_placement": Thing("Penempatan pindaian", Kind.FILES, ("outcome",)),
    "incoming_mail": Thing("Surel masuk", Kind.FILES, ("subject",)),
    "incoming_mark": Thing("Surel yang sudah diambil", Kind.FILES, ("mailbox", "uid")),
    "incoming_answer": Thing("Putusan tentang surel masuk", Kind.FILES, ("kind",)),
    "outgoing_mail": Thing("Surel keluar", Kind.FILES, ("recipients",)),
    "outgoing_file": Thing("Lampiran surel keluar", Kind.FILES),
    "outgoing_part": Thing("Bagian paket pada surel keluar", Kind.FILES, ("name",)),
    "outgoing_step": Thing("Perjalanan surel keluar", Kind.FILES, ("kind",)),
    "print_failure": Thing("Cetakan gagal", Kind.FILES, ("reason",)),
    "mail_account": Thing("Akun surel", Kind.SETTINGS, ("kind", "address")),
    "person": Thing("Orang", Kind.PEOPLE, ("name",)),
    "duty": Thing("Tugas", Kind.PEOPLE, ("duty", "login")),
    "people_event": Thing("Keputusan tentang orang", Kind.PEOPLE, ("kind", "login")),
    "office": Thing("Kantor", Kind.SETTINGS, ("name",)),
    "rule": Thing("Buku aturan", Kind.SETTINGS, ("key", "valid_from")),
    "template": Thing("Templat", Kind.SETTINGS, ("kind", "version")),
    "template_activation": Thing("Pengaktifan templat", Kind.SETTINGS, ("starts_on",)),
    "holiday": Thing("Hari libur", Kind.SETTINGS, ("name", "day")),
    "catalogue_item": Thing("Katalog", Kind.SETTINGS, ("title",)),
    "action_rule": Thing("Hak tindakan", Kind.SETTINGS, ("action",)),
    "installation": Thing("Pemasangan", Kind.SETTINGS),
    "backup_entry": Thing("Cadangan basis data", Kind.SETTINGS, ("kind",)),
    "doctor_check": Thing("Pertanyaan pemeriksa basis data", Kind.SETTINGS, ("name",)),
}
"""The tables that people know; one that is not here is shown by its name in the database."""

COLUMNS: Mapping[str, str] = {
    "abstract": "abstraksi", "action": "tindakan", "active": "aktif", "address": "alamat",
    "address_confirmed": "alamat tujuan", "after": "keadaan sesudah", "agreement_id": "SPPD", "amount": "jumlah",
    "answers": "jawaban atas", "approved": "disetujui", "area_code": "kode wilayah", "area_name": "wilayah",
    "article": "pasal", "asked_on": "diminta pada", "at": "waktu", "attempt": "penyiapan ke", "bank": "bank",
    "basis": "dasar hukum", "before": "keadaan sebelum", "body": "isi", "by": "oleh", "case_id": "permohonan",
    "catalogue_code": "kode katalog", "changed_at": "terakhir berubah", "channel": "kanal",
    "charges_note": "catatan biaya", "claimed_by": "dipegang oleh", "claimed_until": "dipegang sampai",
    "clauses": "ketentuan",
    "clear_on": "tanggal clear", "clock": "jam latihan", "code": "kode", "confirmed": "sudah dipastikan",
    "content": "isi", "content_hash": "sidik isi", "content_type": "jenis berkas", "copies": "rangkap",
    "copy": "rangkap ke", "correction_due": "batas perbaikan", "customer": "salinan kartu pengguna",
    "customer_class": "golongan", "customer_id": "pengguna data", "customer_name": "nama pengguna data",
    "data": "data", "day": "hari", "decree": "surat keputusan", "delivered_on": "dikirim pada",
    "delivery_id": "pengiriman", "detail": "rincian", "details": "rincian", "document_id": "berkas",
    "due_on": "jatuh tempo", "due_why": "dasar jatuh tempo", "duties": "tugas", "duty": "tugas", "email": "surel",
    "ends_on": "sampai", "explanation": "penjelasan harga", "faults": "kekurangan", "file": "berkas",
    "fit": "kesesuaian", "fit_reason": "alasan kesesuaian", "format": "format", "full_amount": "harga tarif",
    "full_price": "harga tarif seluruhnya", "hash": "sidik", "id": "nomor internal",
    "id_number": "nomor identitas (sidik)", "institution": "instansi", "invoice_id": "invoice",
    "issued_by": "diterbitkan oleh", "issued_on": "tanggal terbit", "key": "kunci", "kind": "jenis",
    "last": "nomor terakhir", "last_hash": "sidik terakhir", "letter_date": "tanggal surat",
    "letter_number": "nomor surat", "level": "tingkat", "line_id": "baris data", "line_title": "baris data",
    "login": "nama pengguna", "made_at": "dibuat pada", "made_by": "disiapkan oleh",
    "mail_queue": "antrean meja surat", "mail_why": "alasan meja surat", "manifest": "daftar berkas", "mark": "tanda",
    "message_id": "pesan", "missing": "syarat yang belum ada", "money": "uang", "name": "nama", "nip": "NIP",
    "note": "catatan", "npwp": "NPWP", "number": "nomor", "office_id": "kantor", "officer_queue": "antrean petugas",
    "officer_why": "alasan petugas", "oldest_program": "program paling lama", "on_day": "pada tanggal", "one": "satu",
    "origin": "asal kesalahan", "original": "naskah", "override_id": "izin pengiriman", "package": "paket",
    "pages": "halaman", "paid_on": "dibayar pada", "paper": "naskah", "passed": "lolos", "password_by": "sandi lewat",
    "path": "letak berkas", "payer": "pembayar", "payment_block": "rekening", "payment_code": "kode bayar",
    "payment_id": "pembayaran", "percent": "persen", "phone": "telepon", "position": "jabatan",
    "preparation_id": "penyiapan", "previous_hash": "sidik sebelumnya", "printer": "pencetak",
    "profile": "keterangan kantor", "proof_by": "bukti dicatat oleh", "proof_id": "bukti bayar",
    "province_id": "provinsi", "purpose": "tujuan", "quantity": "banyaknya", "reason": "alasan",
    "receipt_id": "kuitansi", "receipt_number": "nomor kuitansi", "received_on": "diterima pada",
    "recipient": "golongan penerima", "reference": "referensi", "registered_at": "didaftarkan pada",
    "relief_basis": "dasar keringanan", "relief_id": "permohonan nol rupiah", "relief_percent": "persen keringanan",
    "replaces": "menggantikan", "requested_by": "dimohon oleh", "requirements": "persyaratan", "result": "hasil",
    "row_version": "versi baris", "rows": "banyak baris", "said_at": "disampaikan pada", "sender": "pengirim",
    "sentence": "kalimat", "sequence": "nomor urut", "service_due": "janji layanan",
    "service_due_why": "dasar janji layanan", "sha256": "sidik SHA-256", "signatory": "penanda tangan",
    "signed_on": "ditandatangani pada", "size": "ukuran", "stage": "perjalanan", "stamp_kind": "jenis materai",
    "stamp_reference": "nomor materai", "stamp_value": "nilai materai", "stands_in_for": "menggantikan",
    "starts_on": "mulai", "step": "langkah", "subject": "perihal", "subject_id": "naskah",
    "supervisor_queue": "antrean penyelia", "supervisor_why": "alasan penyelia", "survey": "survei", "tariff": "tarif",
    "tariff_basis": "dasar tarif", "tariff_name": "nama tarif", "template_id": "templat",
    "template_sha256": "sidik templat", "title": "judul", "total": "jumlah", "training": "latihan",
    "treasurer_queue": "antrean bendahara", "treasurer_why": "alasan bendahara", "unit": "satuan",
    "uploaded_by": "diunggah oleh",
    "valid_from": "berlaku sejak", "valid_until": "berlaku sampai", "value": "nilai", "variables": "banyak variabel",
    "version": "versi", "wake_on": "dilihat lagi pada", "what": "yang dilihat", "wrong": "kesalahan", "year": "tahun",
    "account_id": "rekening", "added": "baris baru", "amount_sen": "jumlah", "balance_sen": "saldo",
    "month": "bulan", "file_name": "nama berkas",
    "billing_code": "kode billing", "billing_id": "kode billing", "expires_on": "berlaku sampai",
    "booked_at": "dibukukan pukul", "booked_on": "dibukukan pada", "claim": "pemegang",
    "closing_sen": "saldo akhir", "codes": "kode terbaca", "confirmed_by": "dipastikan oleh", "counterparty": "lawan",
    "credit_sen": "jumlah kredit", "debit_sen": "jumlah debet", "deposit_id": "setoran", "deposited_on": "disetor pada",
    "description": "keterangan bank", "differences": "selisih", "digest": "sidik baris", "doubt": "keraguan",
    "file_id": "berkas mutasi", "files": "berkas", "first_on": "dari tanggal", "folder": "folder", "holder": "pemilik",
    "host": "server", "last_number": "kuitansi terakhir", "last_on": "sampai tanggal", "layout": "tata letak",
    "line_count": "banyak baris", "lines_sha256": "sidik semua baris", "mail_id": "surel masuk",
    "mailbox": "kotak surat",
    "message": "pesan", "no": "nomor baris", "notices": "catatan", "ntb": "NTB", "ntpn": "NTPN",
    "opening_sen": "saldo awal", "outcome": "hasil", "outgoing_id": "surel keluar", "part_id": "bagian pindaian",
    "payload": "kode", "payments": "banyak pembayaran", "payments_amount": "jumlah pembayaran", "port": "porta",
    "print_id": "cetakan", "raw": "baris asli", "receipts": "banyak kuitansi", "receipts_amount": "jumlah kuitansi",
    "recipients": "kepada", "reversal": "pembalikan", "security": "pengamanan", "sender_address": "alamat pengirim",
    "sender_name": "nama pengirim", "slug": "nama singkat", "stack_id": "tumpukan", "thread": "utas",
    "twin": "kembar ke",
    "uid": "nomor di kotak surat", "uid_validity": "masa nomor kotak surat", "until": "sampai", "use_id": "peruntukan",
    "username": "nama pengguna", "value_date": "tanggal valuta", "voids": "banyak pembatalan",
    "voids_amount": "jumlah pembatalan", "words": "kata pencarian", "written_at": "ditulis pada",
    "dated": "tanggal pada nomor", "insertion": "sisipan ke", "number_id": "nomor surat", "series": "jenis nomor",
    "binder_id": "map", "borrower": "peminjam", "capacity": "banyak lembar", "expected": "seharusnya ada",
    "finding": "temuan", "found": "ditemukan", "place": "tempat", "sheet": "lembar", "stocktake_id": "stok opname",
    "question": "pertanyaan", "zone": "zona waktu",
}  # fmt: skip
