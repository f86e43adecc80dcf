"""The audit log in words: what each table, column and code is called, and what an entry says.

The log keeps rows as JSON. An auditor reads sentences: the thing, what happened to it, from which value to which.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from desk.rules.case import (
    Channel,
    CustomerClass,
    Data,
    Fit,
    MessageKind,
    Money,
    Original,
    Requirement,
    Stage,
    State,
)
from desk.rules.custody import Custody
from desk.rules.dates import local_moment, short_text
from desk.rules.inputs import FaultOrigin, PaymentChannel, PurposeClass, RecipientClass, StampKind
from desk.rules.papers import PaperKind
from desk.rules.people import Duty
from desk.rules.rupiah import rupiah

Image = Mapping[str, Any]
"""A row of the log: all columns of a new or deleted one, of a changed one only what changed."""


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
    "payment": Thing("Pembayaran", Kind.MONEY, ("amount",)),
    "receipt": Thing("Kuitansi", Kind.MONEY, ("number",)),
    "receipt_void": Thing("Pembatalan kuitansi", Kind.MONEY, ("reason",)),
    "relief": Thing("Permohonan nol rupiah", Kind.MONEY, ("letter_number",)),
    "relief_decision": Thing("Putusan nol rupiah", Kind.MONEY, ("approved",)),
    "counter": Thing("Pencacah nomor", Kind.MONEY, ("kind", "year")),
    "agreement": Thing("SPPD", Kind.PAPER, ("number",)),
    "custody": Thing("Keberadaan naskah", Kind.PAPER, ("step",)),
    "letter": Thing("Surat", Kind.PAPER, ("number",)),
    "preparation": Thing("Penyiapan data", Kind.DATA, ("version",)),
    "prepared_file": Thing("Berkas data", Kind.DATA, ("name",)),
    "preparation_check": Thing("Pemeriksaan data", Kind.DATA, ("passed",)),
    "delivery": Thing("Pengiriman", Kind.DATA, ("address",)),
    "gate_override": Thing("Izin pengiriman", Kind.DATA, ("reason",)),
    "correction": Thing("Permintaan perbaikan", Kind.DATA, ("wrong",)),
    "message": Thing("Percakapan", Kind.FILES, ("kind", "sender")),
    "document": Thing("Berkas", Kind.FILES, ("name",)),
    "print_entry": Thing("Cetakan", Kind.FILES, ("mark", "printer")),
    "view_entry": Thing("Data pribadi dilihat", Kind.FILES, ("reason",)),
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
}
"""The tables that people know; one that is not here is shown by its name in the database."""

COLUMNS: Mapping[str, str] = {
    "abstract": "abstraksi", "action": "tindakan", "active": "aktif", "address": "alamat",
    "address_confirmed": "alamat tujuan", "after": "keadaan sesudah", "agreement_id": "SPPD", "amount": "jumlah",
    "answers": "jawaban atas", "approved": "disetujui", "area_code": "kode wilayah", "area_name": "wilayah",
    "article": "pasal", "asked_on": "diminta pada", "at": "waktu", "attempt": "penyiapan ke", "bank": "bank",
    "basis": "dasar hukum", "before": "keadaan sebelum", "body": "isi", "by": "oleh", "case_id": "permohonan",
    "catalogue_code": "kode katalog", "changed_at": "terakhir berubah", "channel": "kanal",
    "charges_note": "catatan biaya", "claimed_by": "dipegang oleh", "clauses": "ketentuan",
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
    "zone": "zona waktu",
}  # fmt: skip

_MONEY = frozenset({"amount", "total", "full_price", "full_amount", "stamp_value"})
_TEXTS: Mapping[str, str] = {
    "void": "dibatalkan", "expired": "kedaluwarsa", "replaced": "diganti", "added": "didaftarkan",
    "duty_given": "tugas diberikan", "duty_ended": "tugas diakhiri", "stand_in_asked": "pengganti diusulkan",
    "stand_in_approved": "pengganti disetujui", "stand_in_refused": "pengganti ditolak", "left": "berhenti",
    "returned": "aktif kembali", "password_given": "sandi sementara diberikan", "password_changed": "sandi diganti",
    "changed": "data diri diubah", "public": "libur nasional", "joint_leave": "cuti bersama",
    "office": "hari tutup kantor", "backup": "cadangan", "restore_test": "uji pemulihan", "case": "permohonan",
    "id_card": "kartu identitas", "proof": "bukti", "scan": "pindaian", "letter": "surat", "incoming": "berkas masuk",
    "paper": "naskah",
}  # fmt: skip
"""Codes of the column `kind`, of every table that has one."""

_STATES: Mapping[str, tuple[type[State], ...]] = {
    "stage": (Stage,), "money": (Money,), "original": (Original,), "data": (Data,), "fit": (Fit,),
    "channel": (Channel, PaymentChannel), "customer_class": (CustomerClass,), "step": (Custody,),
    "origin": (FaultOrigin,), "stamp_kind": (StampKind,), "recipient": (RecipientClass,), "purpose": (PurposeClass,),
    "paper": (PaperKind,), "requirements": (Requirement,),
}  # fmt: skip

_QUIET = frozenset({"id", "office_id", "case_id", "row_version", "by", "at", "one", "changed_at", "words"})
"""Columns that an entry says already, or that say nothing to a person."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HASH = re.compile(r"[0-9a-f]{64}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class Difference:
    """One column of an entry in words; `old` is empty for a new row, `new` for a deleted one."""

    column: str
    old: str
    new: str


def tables_of(kind: Kind) -> tuple[str, ...]:
    """The tables that hold what is of this kind."""
    return tuple(table for table, thing in THINGS.items() if thing.kind is kind)


def thing_of(table: str) -> str:
    """What a table holds, as the start of a sentence."""
    known = THINGS.get(table)
    return known.label if known else table.replace("_", " ").capitalize()


def sentence(table: str, op: str, key: str, old: Image | None, new: Image | None, zone: str) -> str:
    """What an entry says: `Invoice B-001/… dicatat.`, `Permohonan diubah: uang belum ada invoice → …`."""
    image = new or old or {}
    if table == "event" and op in "BI":
        return str(image.get("sentence", ""))
    if table == "view_entry" and op in "BI":
        card = image.get("document_id") is not None
        return f"Kartu identitas dibuka: {image.get('reason', '')}" if card else "Berkas kasus dibuat."
    name = _name(table, image, zone) if op != "U" else ""
    told = f"{thing_of(table)} {name}".strip()
    match op:
        case "T":
            return f"Seluruh isi “{thing_of(table)}” dikosongkan."
        case "U":
            changes = differences(table, old, new, zone)
            shown = "; ".join(f"{each.column} {_quoted(each.old)} → {_quoted(each.new)}" for each in changes[:3])
            more = f"; dan {len(changes) - 3} lainnya" if len(changes) > 3 else ""
            return f"{told} diubah: {shown}{more}." if shown else f"{told} diubah ({key})."
        case "D":
            return f"{told} dihapus."
        case "B":
            return f"{told} sudah ada ketika pencatatan dimulai."
    return f"{told} dicatat."


def differences(table: str, old: Image | None, new: Image | None, zone: str) -> list[Difference]:
    """Column by column what an entry says, the columns that say nothing left out."""
    was, became = old or {}, new or {}
    found = []
    for column in dict.fromkeys((*was, *became)):
        if column in _QUIET or (table == "event" and column in ("action", "result", "position")):
            continue
        before, after = (value_text(table, column, image.get(column), zone) for image in (was, became))
        if before or after:
            found.append(Difference(column_name(table, column), before, after))
    return found


def column_name(table: str, column: str) -> str:
    """What a column is called."""
    if column == "position" and table not in ("person", "customer"):
        return "urutan"
    return COLUMNS.get(column, column.replace("_", " "))


def value_text(table: str, column: str, value: Any, zone: str) -> str:
    """A value of the log in words; ids of other rows are shortened, for they only tell two apart."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, int):
        return rupiah(value) if column in _MONEY else str(value)
    if isinstance(value, list):
        return ", ".join(value_text(table, column, each, zone) for each in value)
    if isinstance(value, dict):
        parts = ((COLUMNS.get(name, name), value_text(table, name, each, zone)) for name, each in value.items())
        return "; ".join(f"{name}: {words}" for name, words in parts if words)
    return _text(table, column, str(value), zone)


def _text(table: str, column: str, value: str, zone: str) -> str:
    for states in _STATES.get(column, ()):
        if value in {state.value for state in states}:
            return states.of(value).label
    if column in ("duty", "duties"):
        return _try(lambda: Duty.of(value).label, value)
    if column == "kind":
        kind: type[State] = MessageKind if table == "message" else PaperKind
        return _try(lambda: kind.of(value).label, _TEXTS.get(value, value))
    if _UUID.fullmatch(value):
        return f"…{value[-6:]}"
    if _HASH.fullmatch(value):
        return f"{value[:10]}…"
    if _DAY.fullmatch(value):
        return _try(lambda: short_text(date.fromisoformat(value)), value)
    if _MOMENT.match(value):
        return _try(lambda: moment_text(datetime.fromisoformat(value), zone), value)
    return value


def moment_text(moment: datetime, zone: str) -> str:
    """A moment on the office's clock: `23 Nov 2026 09.12`."""
    local = local_moment(moment, zone)
    return f"{short_text(local.date())} {local:%H.%M}"


def _quoted(words: str) -> str:
    return f"“{words}”" if words else "kosong"


def _try(make: Callable[[], str], otherwise: str) -> str:
    try:
        return make()
    except ValueError:
        return otherwise


def _name(table: str, image: Image, zone: str) -> str:
    known = THINGS.get(table)
    columns = known.named_by if known else ("number", "name", "title")
    return " · ".join(words for column in columns if (words := value_text(table, column, image.get(column), zone)))
