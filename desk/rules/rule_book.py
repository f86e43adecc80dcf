"""The rule book: every rate, day count and legal text as a dated row with its basis, national or of one office.

A row holds from its start date until a later row of the same key takes over; an office's own row goes before the
national one. Issued papers keep the values they were issued with, so nothing here ever looks back.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from desk.errors import Refused
from desk.rules.case import Channel, CustomerClass, Product
from desk.rules.clocks import Awaited
from desk.rules.dates import date_text
from desk.rules.office_hours import OfficeHours, office_hours
from desk.rules.papers.kinds import RECEIPT_PAGES
from desk.rules.relief import ReliefRule, relief_rule
from desk.rules.rupiah import LARGEST_AMOUNT
from desk.rules.stamp_duty import ReceiptStamp, ReceiptStampRule, StampValues
from desk.rules.tariff import TariffTable, tariff_table

NATIONAL = 0
"""The office id of rows that hold for every office."""
LONGEST_LINK = 200
"""Characters; a longer link does not stand on one line of the closing message."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One dated row: `value` is what the database keeps as JSON; `confirmed` is False for what an office must check."""

    key: str
    valid_from: date
    value: Any
    basis: str
    office_id: int = NATIONAL
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class OfficeRules:
    """The rules one office works by on one day, typed; days are working days unless the name says otherwise."""

    invoice_months: int
    service_days: int
    service_clock_stops: frozenset[Awaited]
    correction_days: int
    acceptance_days: int
    results_months: int  # 0: nothing is owed
    survey_link: str  # empty: nobody is asked
    survey_rest_calendar_days: int
    material_day: int
    original_reminder_calendar_days: int
    proof_reminder_calendar_days: int
    office_hours: OfficeHours
    identity_scan_calendar_days: int
    retention_calendar_days: Mapping[str, int]  # by class of file; 0: kept for good
    sppd_copies: int
    sppd_countersigned: bool
    binder_sheets: int
    loan_calendar_days: int
    data_before_original: bool
    sample_with_invoice: bool
    sample_limits: Mapping[str, int]  # "rows" below the heading and "bytes" of one sample
    package_limits: Mapping[str, int]  # bytes of one file on a channel, by the channel's code
    deposit_days: int
    stamp: StampValues
    receipt_stamp: ReceiptStampRule
    receipt_page: str
    second_confirmation_above: int  # rupiah
    signatory: Mapping[str, str]
    agreement_clauses: tuple[str, ...]
    charges_note: str

    def signer_for(self, customer: CustomerClass) -> str:
        """Give the words for who signs the SPPD for this class of customer."""
        return self.signatory[str(customer.value)]


def in_force(rules: Iterable[Rule], key: str, on: date, office_id: int) -> Rule:
    """Give the row of the key that holds on that day in that office.

    The office's own latest started row wins over the national one, whichever of the two started later. Without any
    row Refused is raised with a sentence for the administrator.
    """
    started = [
        rule for rule in rules if rule.key == key and rule.valid_from <= on and rule.office_id in (office_id, NATIONAL)
    ]
    if not started:
        raise Refused(
            f"Buku aturan belum memuat “{RULE_NAMES.get(key, key)}” yang berlaku pada {date_text(on)}. "
            "Minta administrator menambahkannya."
        )
    return max(started, key=lambda rule: (rule.office_id == office_id and office_id != NATIONAL, rule.valid_from))


def office_rules(rules: Iterable[Rule], on: date, office_id: int) -> OfficeRules:
    """Give what the office works by on that day. Raises Refused when a row is missing or cannot be read.

    The tariff stands apart (`tariff_in_force`): its rows start later than the service, and not every deed needs one.
    """
    known = list(rules)

    def value_of(key: str) -> Any:
        return in_force(known, key, on, office_id).value

    stamp = stamp_in_force(known, on, office_id)
    try:
        receipt, limits = value_of("receipt_stamp"), dict(value_of("package_limits"))
        return OfficeRules(
            invoice_months=_count(value_of("invoice_months"), 1, 24),
            service_days=_count(value_of("service_days"), most=260),
            service_clock_stops=frozenset(Awaited(what) for what in value_of("service_clock_stops")),
            correction_days=_count(value_of("correction_days"), most=260),
            acceptance_days=_count(value_of("acceptance_days"), 1, 260),
            results_months=_count(value_of("results_months"), most=120),
            survey_link=_link(value_of("survey_link")),
            survey_rest_calendar_days=_count(value_of("survey_rest_calendar_days"), most=3660),
            material_day=_count(value_of("material_day"), 1, 28),
            original_reminder_calendar_days=_count(value_of("original_reminder_calendar_days"), 1, 3660),
            proof_reminder_calendar_days=_count(value_of("proof_reminder_calendar_days"), 1, 3660),
            office_hours=office_hours(value_of("office_hours")),
            identity_scan_calendar_days=_count(value_of("identity_scan_calendar_days"), most=3660),
            retention_calendar_days={
                _one_of(name, ("proof", "incoming", "letter")): _count(days, most=36_600)
                for name, days in dict(value_of("retention_calendar_days")).items()
            },
            sppd_copies=_count(value_of("sppd_copies"), 1, 9),
            sppd_countersigned=_yes_or_no(value_of("sppd_countersigned")),
            binder_sheets=_count(value_of("binder_sheets"), 1, 2000),
            loan_calendar_days=_count(value_of("loan_calendar_days"), 1, 366),
            data_before_original=_yes_or_no(value_of("data_before_original")),
            sample_with_invoice=_yes_or_no(value_of("sample_with_invoice")),
            sample_limits={
                "rows": _count(value_of("sample_limits")["rows"], 1, 1_000),
                "bytes": _count(value_of("sample_limits")["bytes"], 100, 1_000_000),
            },
            package_limits={str(Channel.of(code).value): _count(most, 1_000_000) for code, most in limits.items()},
            deposit_days=_count(value_of("deposit_days"), most=260),
            stamp=stamp,
            receipt_stamp=ReceiptStampRule(ReceiptStamp(receipt["mode"]), _count(receipt["above"])),
            receipt_page=_one_of(value_of("receipt_page"), RECEIPT_PAGES),
            second_confirmation_above=_count(value_of("second_confirmation_above")),
            signatory={customer.value: str(value_of("signatory")[customer.value]) for customer in CustomerClass},
            agreement_clauses=tuple(map(str, value_of("agreement_clauses"))),
            charges_note=str(value_of("charges_note")),
        )
    except _UNREADABLE as fault:
        raise _unreadable(fault) from fault


def stamp_in_force(rules: Iterable[Rule], signed_on: date, office_id: int) -> StampValues:
    """Give the stamp values that count for a paper signed on that day. Raises Refused as `office_rules` does."""
    value = in_force(rules, "stamp", signed_on, office_id).value
    try:
        return StampValues(_count(value["duty"]), _count(value["minimum"]), tuple(map(_count, value["stamps"])))
    except _UNREADABLE as fault:
        raise _unreadable(fault) from fault


def relief_in_force(rules: Iterable[Rule], on: date, office_id: int) -> ReliefRule:
    """Give whom and what nol rupiah is for on that day. Raises Refused as `office_rules` does."""
    rule = in_force(rules, "relief", on, office_id)
    try:
        return relief_rule(rule.value, rule.basis)
    except _UNREADABLE as fault:
        raise _unreadable(fault) from fault


def tariff_in_force(rules: Iterable[Rule], on: date, office_id: int) -> TariffTable:
    """Give the tariff an invoice of that day is priced with. Raises Refused as `office_rules` does."""
    rule = in_force(rules, "tariff", on, office_id)
    try:
        return tariff_table(rule.value, rule.basis)
    except _UNREADABLE as fault:
        raise _unreadable(fault) from fault


def why_not_rule(rule: Rule, others: Iterable[Rule]) -> str | None:
    """Give the sentence why this new or changed row cannot work together with the other rows, or None."""
    if rule.key not in RULE_NAMES:
        return f"Aturan “{rule.key}” tidak dikenal program ini. Pilih dari daftar."
    if not rule.basis.strip():
        return (
            f"Dasar aturan “{RULE_NAMES[rule.key]}” belum diisi. Tulis peraturan atau keputusan yang menjadi dasarnya."
        )
    rest = [
        other
        for other in others
        if (other.key, other.valid_from, other.office_id) != (rule.key, rule.valid_from, rule.office_id)
    ]
    try:
        if rule.key == "requirements":
            _needs(rule.value)
        elif rule.key == "preparation_tasks":
            _tasks(rule.value)
        elif rule.key == "tariff":
            tariff_in_force([rule], rule.valid_from, rule.office_id)
        elif rule.key == "relief":
            relief_in_force([rule], rule.valid_from, rule.office_id)
        else:
            office_rules([*rest, rule], rule.valid_from, rule.office_id)
    except Refused as refusal:
        if not isinstance(refusal.__cause__, NotAllowed):
            return str(refusal)
        return f"Nilai “{RULE_NAMES[rule.key]}” tidak dapat dipakai: {refusal.__cause__}."
    return None


def rules_from_toml(text: str) -> list[Rule]:
    """Give the rows of a shipped rule file (the text of `resources/rule_book/*.toml`)."""
    return [
        Rule(
            row["key"],
            row["valid_from"],
            row["value"],
            row["basis"],
            confirmed=row.get("confirmed", True),
        )
        for row in tomllib.loads(text)["rule"]
    ]


RULE_NAMES = {
    "tariff": "Tarif",
    "relief": "Penerima dan tujuan nol rupiah",
    "invoice_months": "Masa berlaku invoice (bulan)",
    "service_days": "Waktu layanan (hari kerja sejak clear)",
    "service_clock_stops": "Jam layanan berhenti selama menunggu",
    "correction_days": "Waktu perbaikan (hari kerja)",
    "acceptance_days": "Masa pemeriksaan oleh pengguna (hari kerja sejak data dikirim)",
    "results_months": "Hasil penggunaan data diserahkan (bulan sejak data dikirim)",
    "survey_link": "Tautan survei pada pesan penutupan",
    "survey_rest_calendar_days": "Jeda survei bagi pengguna yang sama (hari kalender)",
    "material_day": "Tanggal bahan laporan bulanan",
    "original_reminder_calendar_days": "Pengingat naskah asli (hari kalender)",
    "proof_reminder_calendar_days": "Pengingat bukti bayar (hari kalender)",
    "office_hours": "Jam kantor dari Senin (peringatan muncul setelah kantor buka)",
    "identity_scan_calendar_days": "Masa simpan pindaian identitas (hari kalender setelah selesai)",
    "retention_calendar_days": "Masa simpan berkas lain (hari kalender setelah selesai, 0: seterusnya)",
    "sppd_copies": "Jumlah rangkap SPPD",
    "sppd_countersigned": "Pejabat menandatangani naskah asli setelah diterima",
    "binder_sheets": "Banyak lembar dalam satu map naskah asli",
    "loan_calendar_days": "Lama pinjaman naskah asli (hari kalender)",
    "data_before_original": "Data boleh dikirim sebelum naskah asli diterima",
    "sample_with_invoice": "Contoh data boleh dikirim sebelum pembayaran",
    "sample_limits": "Batas contoh data (baris dan byte)",
    "package_limits": "Batas ukuran berkas per kanal (byte)",
    "deposit_days": "Batas setoran (hari kerja setelah uang diterima)",
    "stamp": "Nilai materai",
    "receipt_stamp": "Materai pada kuitansi",
    "receipt_page": "Ukuran kertas kuitansi (a4 atau a5)",
    "second_confirmation_above": "Uang yang dipastikan oleh dua orang, di atas (rupiah)",
    "signatory": "Penanda tangan SPPD",
    "agreement_clauses": "Pasal-pasal SPPD",
    "charges_note": "Catatan biaya kirim dan biaya bank",
    "requirements": "Daftar persyaratan permohonan",
    "preparation_tasks": "Tugas penyiapan per produk",
}
"""The rules this program knows, with their names on the rule book screen."""


_UNREADABLE = (KeyError, TypeError, ValueError)


class NotAllowed(ValueError):
    """What is wrong with a value, in words that a person understands."""


def _unreadable(fault: Exception) -> Refused:
    return Refused(f"Buku aturan memuat nilai yang tidak dapat dibaca ({fault}). Minta administrator memperbaikinya.")


def _needs(value: Any) -> None:
    """Raises Refused unless it is a list of requirements, each with a code and words; a case reads it by itself."""
    try:
        if not value or any(not str(need["code"]).strip() or not str(need["label"]).strip() for need in value):
            raise NotAllowed("persyaratan tanpa kode atau kalimat")
    except _UNREADABLE as fault:
        raise _unreadable(fault) from fault


def _tasks(value: Any) -> None:
    """Raises Refused unless it lists tasks by product, each with its own code and words; a case reads it by itself."""
    try:
        for product, listed in dict(value).items():
            codes = [str(task["code"]) for task in listed if str(task["label"]).strip()]
            if Product.of(product) and (len(codes) != len(listed) or len({*codes, ""}) != len(codes) + 1):
                raise NotAllowed("tugas tanpa kode atau kalimat, atau kode yang sama dua kali")
    except _UNREADABLE as fault:
        raise _unreadable(fault) from fault


def _count(value: object, least: int = 0, most: int = LARGEST_AMOUNT) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise NotAllowed(f"{value!r} di luar batas {least} sampai {most}")
    return value


def _one_of(value: object, known: Iterable[str]) -> str:
    if not isinstance(value, str) or value not in known:
        raise NotAllowed(f"{value!r} bukan {' atau '.join(known)}")
    return value


def _link(value: object) -> str:
    if not isinstance(value, str) or (value and not value.startswith("https://")) or len(value) > LONGEST_LINK:
        raise NotAllowed(f"{value!r} bukan alamat https://")
    return value


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise NotAllowed(f"{value!r} bukan ya atau tidak")
    return value
