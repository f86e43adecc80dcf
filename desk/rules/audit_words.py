"""The audit log in words: what each table, column and code is called, and what an entry says.

The log keeps rows as JSON. An auditor reads sentences: the thing, what happened to it, from which value to which.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from desk.rules.audit_names import COLUMNS, THINGS, Kind
from desk.rules.case import (
    About,
    Channel,
    CustomerClass,
    Data,
    Fit,
    MessageKind,
    Money,
    Original,
    Product,
    Requirement,
    ResultsWord,
    Section,
    Stage,
    State,
)
from desk.rules.custody import Custody
from desk.rules.dates import local_moment, short_text
from desk.rules.desks import DueOf
from desk.rules.inputs import FaultOrigin, PaymentChannel, PurposeClass, RecipientClass, StampKind
from desk.rules.letter_numbers import NumberEnd, NumberOrigin
from desk.rules.mail import MailSecurity
from desk.rules.package import PasswordWay
from desk.rules.papers import PaperKind
from desk.rules.people import Duty
from desk.rules.rupiah import rupiah
from desk.rules.scans import Outcome
from desk.rules.statement import sen_text
from desk.rules.stocktake import Finding

Image = Mapping[str, Any]
"""A row of the log: all columns of a new or deleted one, of a changed one only what changed."""


_MONEY = frozenset({"amount", "total", "full_price", "full_amount", "stamp_value"})
_TEXTS: Mapping[str, str] = {
    "void": "dibatalkan", "expired": "kedaluwarsa", "replaced": "diganti", "added": "didaftarkan",
    "duty_given": "tugas diberikan", "duty_ended": "tugas diakhiri", "stand_in_asked": "pengganti diusulkan",
    "stand_in_approved": "pengganti disetujui", "stand_in_refused": "pengganti ditolak", "left": "berhenti",
    "returned": "aktif kembali", "password_given": "sandi sementara diberikan", "password_changed": "sandi diganti",
    "changed": "data diri diubah", "public": "libur nasional", "joint_leave": "cuti bersama",
    "office": "hari tutup kantor", "backup": "cadangan", "restore_test": "uji pemulihan", "case": "permohonan",
    "id_card": "kartu identitas", "proof": "bukti", "scan": "pindaian", "letter": "surat", "incoming": "berkas masuk",
    "paper": "naskah", "stamp_proof": "bukti materai", "sample": "contoh data",
}  # fmt: skip
"""Codes of the column `kind`, of every table that has one."""

_STATES: Mapping[str, tuple[type[State], ...]] = {
    "stage": (Stage,), "money": (Money,), "original": (Original,), "data": (Data,), "fit": (Fit,),
    "channel": (Channel, PaymentChannel), "customer_class": (CustomerClass,), "step": (Custody,),
    "origin": (FaultOrigin, NumberOrigin), "stamp_kind": (StampKind,), "recipient": (RecipientClass,),
    "purpose": (PurposeClass,), "paper": (PaperKind,), "requirements": (Requirement,), "outcome": (Outcome,),
    "password_by": (PasswordWay,), "security": (MailSecurity,), "finding": (Finding,),
    "section": (Section,), "about": (About,), "due_of": (DueOf,), "product": (Product,),
}  # fmt: skip

_CODES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("line_use", "kind"): {
        "payment": "pembayaran", "part": "kurang bayar", "over": "kelebihan bayar", "double": "bayar ganda",
        "late": "bayar terlambat", "reversed": "dibalik oleh bank", "other": "bukan penjualan data",
        "returned": "dikembalikan",
    },
    ("incoming_answer", "kind"): {
        "joined": "dimasukkan ke permohonan", "registered": "permohonan dibuka", "set_aside": "disisihkan",
    },
    ("incoming_mail", "kind"): {
        "new_request": "permohonan baru", "reply": "balasan", "auto_reply": "jawaban otomatis",
        "bounce": "surel kembali", "list": "milis", "sent": "kiriman sendiri", "unreadable": "tidak terbaca",
    },
    ("outgoing_step", "kind"): {
        "taken": "diambil untuk dikirim", "handing": "sedang diserahkan", "sent": "terkirim", "failed": "gagal dikirim",
        "refused": "ditolak server surel", "unsure": "belum pasti terkirim", "bounced": "tidak sampai",
        "again": "dikirim lagi", "arrived": "sampai, dipastikan petugas", "dropped": "tidak dikirim lagi",
    },
    ("results_note", "kind"): {each.value: each.label for each in ResultsWord},
    ("letter_number_end", "kind"): {each.value: each.label for each in NumberEnd},
    ("case_link", "kind"): {"merged": "digabungkan", "split": "dipisah"},
    ("section_answer", "kind"): {"answered": "dijawab", "withdrawn": "ditarik"},
    ("mail_account", "kind"): {"smtp": "surel keluar (SMTP)", "imap": "surel masuk (IMAP)"},
    ("view_entry", "what"): {"id_card": "kartu identitas", "case_file": "berkas kasus"},
}  # fmt: skip
"""Codes that mean what they say in one table only."""

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
    if column == "line_id" and table.startswith(("line_use", "statement")):
        return "mutasi"
    return COLUMNS.get(column, column.replace("_", " "))


def value_text(table: str, column: str, value: Any, zone: str) -> str:
    """A value of the log in words; ids of other rows are shortened, for they only tell two apart."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, int):
        if column.endswith("_sen"):
            return sen_text(value)
        return rupiah(value) if column in _MONEY else str(value)
    if isinstance(value, list):
        return ", ".join(value_text(table, column, each, zone) for each in value)
    if isinstance(value, dict):
        parts = ((COLUMNS.get(name, name), value_text(table, name, each, zone)) for name, each in value.items())
        return "; ".join(f"{name}: {words}" for name, words in parts if words)
    return _text(table, column, str(value), zone)


def _text(table: str, column: str, value: str, zone: str) -> str:
    if words := _CODES.get((table, column), {}).get(value):
        return words
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
