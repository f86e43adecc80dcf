"""Ready texts for the conversation: one per step and channel, filled with the same kind of fields as the papers."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from desk.errors import Refused
from desk.rules.case import Channel, State

REPLY_FIELDS: dict[str, str] = {
    "pengguna_nama": "Nama pengguna data",
    "nomor_permohonan": "Nomor permohonan",
    "kantor_nama": "Nama kantor",
    "petugas_nama": "Nama petugas layanan",
    "kekurangan": "Yang masih kurang, satu baris tiap butir",
    "batas_layanan": "Data siap paling lambat",
    "nomor_invoice": "Nomor invoice",
    "total_rupiah": "Jumlah yang dibayar",
    "berlaku_sampai": "Invoice berlaku sampai",
    "cara_bayar": "Rekening dan kode bayar, atau kode billing",
    "saluran_bukti": "Saluran pengiriman bukti bayar",
    "nomor_sppd": "Nomor SPPD",
    "jumlah_rangkap": "Jumlah rangkap SPPD",
    "materai_nilai": "Nilai materai",
    "penanda_tangan": "Siapa yang harus menandatangani",
    "alamat_naskah": "Alamat pengiriman SPPD asli",
    "nomor_kuitansi": "Nomor kuitansi",
    "daftar_data": "Data yang dikirim, satu baris tiap butir",
    "contoh": "Contoh data yang disiapkan",
    "sandi": "Sandi berkas",
    "batas_perbaikan": "Perbaikan selesai paling lambat",
    "hari_perbaikan": "Hari kerja untuk perbaikan",
    "saluran_konsultasi": "Saluran konsultasi statistik",
    "alasan": "Alasan tidak sesuai, satu baris tiap data",
    "yang_ditunggu": "Yang masih ditunggu dari pengguna data, satu baris tiap butir",
    "pengaduan": "Saluran pengaduan, satu baris tiap saluran",
    "versi_data": "Versi data yang dikirim",
    "versi_lama": "Versi data yang digantikan",
    "periksa_sampai": "Hari terakhir masa pemeriksaan",
    "hasil_paling_lambat": "Hari terakhir penyerahan hasil",
}
"""The fields that a ready text may use, with their labels."""

_FIELD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


class ReplyStep(State):
    """The moment in a case that a ready text belongs to."""

    REGISTERED = "registered", "permohonan dicatat"
    MISSING_ABSTRACT = "missing_abstract", "abstraksi belum lengkap"
    MISSING_REQUIREMENTS = "missing_requirements", "persyaratan belum lengkap"
    CLEAR = "clear", "permintaan clear, waktu layanan berjalan"
    OFFER = "offer", "invoice dan SPPD dikirim"
    OFFER_FREE = "offer_free", "SPPD dikirim, nol rupiah"
    SAMPLE = "sample", "contoh data dikirim"
    REMINDER = "reminder", "pengingat"
    REMINDER_LAST = "reminder_last", "pengingat terakhir"
    PROOF_RECEIVED = "proof_received", "bukti bayar diterima"
    PROOF_UNSEEN = "proof_unseen", "pembayaran belum ditemukan"
    ORIGINAL_ACCEPTED = "original_accepted", "naskah asli diterima"
    ORIGINAL_REFUSED = "original_refused", "naskah asli dikembalikan"
    DATA_SENT = "data_sent", "data dikirim"
    DATA_SENT_FREE = "data_sent_free", "data nol rupiah dikirim"
    CORRECTION = "correction", "permintaan perbaikan diterima"
    DATA_CORRECTED = "data_corrected", "data perbaikan dikirim"
    LATE_REFUSED = "late_refused", "perbaikan terlambat ditolak"
    RESULTS_DUE = "results_due", "hasil penggunaan data ditagih"
    PASSWORD = "password", "sandi dikirim terpisah"
    CLOSING = "closing", "penutupan layanan"
    REDIRECT = "redirect", "dialihkan ke konsultasi"


@dataclass(frozen=True, slots=True)
class ReadyText:
    """One ready text; `subject` is empty on channels without a subject line."""

    step: ReplyStep
    channels: tuple[Channel, ...]
    subject: str
    body: str

    def fields(self) -> tuple[str, ...]:
        """The names of the fields used, in order of appearance, each once."""
        return tuple(dict.fromkeys(_FIELD.findall(f"{self.subject}\n{self.body}")))

    def filled(self, values: Mapping[str, str]) -> tuple[str, str]:
        """Give subject and body with every field replaced; a field without a value raises Refused with its label."""
        missing = [name for name in self.fields() if not values.get(name, "").strip()]
        if missing:
            labels = ", ".join(REPLY_FIELDS.get(name, name).lower() for name in missing)
            raise Refused(f"Teks “{self.step.label}” belum dapat diisi: {labels} belum ada. Lengkapi dahulu.")

        def value_of(field: re.Match[str]) -> str:
            return values[field[1]]

        return _FIELD.sub(value_of, self.subject), _FIELD.sub(value_of, self.body)


def read_replies(toml: str) -> tuple[ReadyText, ...]:
    """Give the ready texts of a TOML file; an unknown step, channel or field raises Refused and names it."""
    steps = {step.value: step for step in ReplyStep}
    channels = {channel.value: channel for channel in Channel}
    texts: list[ReadyText] = []
    for entry in tomllib.loads(toml).get("text", []):
        strange = [code for code in entry["channels"] if code not in channels]
        if entry["step"] not in steps or strange:
            wrong = ", ".join(strange) or entry["step"]
            raise Refused(f"Teks siap pakai memakai langkah atau kanal “{wrong}” yang tidak dikenal. Perbaiki namanya.")
        step = steps[entry["step"]]
        text = ReadyText(
            step, tuple(channels[code] for code in entry["channels"]), entry.get("subject", ""), entry["body"].strip()
        )
        unknown = [name for name in text.fields() if name not in REPLY_FIELDS]
        if unknown:
            raise Refused(
                f"Teks “{step.label}” memakai kolom {', '.join(unknown)} yang tidak dikenal. "
                "Pakai nama dari daftar kolom."
            )
        texts.append(text)
    return tuple(texts)


def reply_for(texts: tuple[ReadyText, ...], step: ReplyStep, channel: Channel) -> ReadyText | None:
    """Give the ready text of a step for a channel, or None when the office has none."""
    return next((text for text in texts if text.step is step and channel in text.channels), None)
