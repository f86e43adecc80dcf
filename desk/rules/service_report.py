"""The monthly service report: what the figures of a month say, in parts of name, number and remark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from desk.rules.case import Channel, State
from desk.rules.dates import date_text, month_text
from desk.rules.figures import MonthFigures, RedirectCause, Step
from desk.rules.inputs import Fault, FaultOrigin
from desk.rules.rupiah import rupiah_paper


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One line: its name, its number as text and as a number for a sheet, and a remark."""

    name: str
    value: str
    number: int | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ReportPart:
    """A heading with its lines; `empty` is what stands there when there are none."""

    title: str
    rows: tuple[ReportRow, ...]
    empty: str = ""


def report_parts(month: MonthFigures) -> tuple[ReportPart, ...]:
    """The whole report of a month."""
    money = month.money
    return (
        ReportPart(
            "Permohonan",
            (
                _count("Permohonan masuk", month.registered),
                *(
                    _count(f"– lewat {each.label}", month.by_channel[each])
                    for each in Channel
                    if each in month.by_channel
                ),
                _count("Dinyatakan clear", month.clear),
                _count("Dialihkan ke konsultasi", month.redirected),
                _count("Dibatalkan", month.cancelled),
                _count("Pengiriman data", month.delivered),
                _count("Selesai", month.closed),
            ),
        ),
        ReportPart(
            "Janji layanan yang ditepati",
            tuple(
                ReportRow(
                    promise.name,
                    promise.share,
                    promise.in_time if promise.done else None,
                    "" if promise.days is None else f"median {_days(promise.days)} hari kerja",
                )
                for promise in month.promises
            ),
        ),
        ReportPart(
            "Lama tiap langkah (hari kerja)",
            tuple(
                ReportRow(step.label, _days(days), None, f"{count} permohonan")
                for step in Step
                if (found := month.steps.get(step)) is not None
                for count, days in (found,)
            ),
            "Tidak ada langkah yang selesai pada bulan ini.",
        ),
        _reasons("Alasan pengalihan ke konsultasi", RedirectCause, month.redirects),
        _reasons("Alasan naskah asli dikembalikan", Fault, month.refusals),
        _reasons("Sebab perbaikan data", FaultOrigin, month.corrections),
        ReportPart(
            "Penerimaan negara",
            (
                _sum("Kuitansi terbit dan berlaku", money.receipts, money.receipts_amount),
                _sum("Kuitansi dibatalkan", money.voids, money.voids_amount),
                _sum("Invoice terbit dan berlaku", money.invoices, money.invoices_amount),
                _sum("Nol rupiah", money.free, money.waived_amount, "menurut tarif"),
            ),
        ),
    )


def report_context(
    office: Mapping[str, str], city: str, head: tuple[str, str, str], month: MonthFigures, made_on: date
) -> dict[str, object]:
    """The fields of the Word template `service_report.docx`; `head` is name, NIP and position of the office head."""
    name, nip, position = head
    return {
        **office,
        "tempat": city,
        "tanggal": date_text(made_on),
        "bulan": month_text(month.month),
        "pengantar": (
            "Laporan ini dihitung dari riwayat setiap permohonan dan naskah yang terbit. Waktu layanan dihitung "
            "dengan hari kerja sejak permintaan clear; waktu menunggu pengguna data setelah pekerjaan kantor selesai "
            "tidak dihitung, sesuai buku aturan."
        ),
        "bagian": [
            {
                "judul": part.title,
                "kosong": "" if part.rows else part.empty,
                "baris": [{"uraian": row.name, "nilai": row.value, "keterangan": row.remark} for row in part.rows],
            }
            for part in report_parts(month)
        ],
        "pejabat_nama": name,
        "pejabat_nip": nip,
        "pejabat_jabatan": position,
    }


OPTIONAL = ("kop_alamat", "kop_kontak", "kosong", "keterangan", "baris", "pejabat_nip")
"""Fields of the template that may stay empty."""


def _count(name: str, number: int) -> ReportRow:
    return ReportRow(name, str(number), number)


def _sum(name: str, count: int, amount: int, remark: str = "") -> ReportRow:
    return ReportRow(name, rupiah_paper(amount), amount, " ".join(filter(None, (f"{count} naskah", remark))))


def _reasons(title: str, causes: type[State], counted: Mapping[Any, int]) -> ReportPart:
    found: Sequence[ReportRow] = [_count(cause.label, counted[cause]) for cause in causes if counted.get(cause)]
    return ReportPart(title, tuple(found), "Tidak ada pada bulan ini.")


def _days(days: float) -> str:
    return f"{days:.1f}".replace(".", ",").removesuffix(",0")
