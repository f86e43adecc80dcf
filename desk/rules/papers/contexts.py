"""The values a Word template is filled with: plain text and lists, made from the contents of a paper.

The only place where amounts, dates and counts of a paper become words, so every paper writes them the same way.
Every field of the kind is always there (empty when it has no value): a template can be filled strictly.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from desk.rules.dates import DAYS, MONTHS, date_text
from desk.rules.papers.contents import (
    AgreementPaper,
    CaseFilePaper,
    ClosingPaper,
    CorrectionPaper,
    CustomerDetails,
    DeliveryPaper,
    InvoicePaper,
    ManifestFile,
    OfficeDetails,
    PaperLine,
    ReceiptPaper,
    RedirectPaper,
    RefusalPaper,
    Signatory,
    Told,
)
from desk.rules.rupiah import in_words, in_words_rupiah, rupiah, rupiah_paper

RECEIPT_LINES = 3
"""Items a kuitansi names; it stays on one page and refers to the invoice for the others."""

CHAIN_DIGITS = 10

Context = dict[str, object]


def invoice_context(office: OfficeDetails, customer: CustomerDetails, invoice: InvoicePaper) -> Context:
    """Give the fields of an invoice."""
    before_relief = sum(line.amount for line in invoice.lines)
    return {
        **letterhead_fields(office),
        **customer_fields(customer),
        **letter_fields(office, invoice.number, invoice.issued_on, invoice.case_number, invoice.code),
        "pengguna_npwp": customer.npwp,
        "tanggal_permohonan": date_text(invoice.requested_on),
        "berlaku_sampai": date_text(invoice.valid_until),
        "menggantikan": invoice.replaces,
        "baris": _priced_lines(invoice.lines),
        "dasar_tarif": invoice.tariff_basis,
        "sebelum_keringanan": rupiah_paper(before_relief) if invoice.relief_percent else "",
        "keringanan_persen": f"{invoice.relief_percent}%" if invoice.relief_percent else "",
        "keringanan_rupiah": rupiah_paper(before_relief - invoice.total) if invoice.relief_percent else "",
        "keringanan_dasar": invoice.relief_basis,
        "total_rupiah": rupiah_paper(invoice.total),
        "total_terbilang": sentence_case(in_words_rupiah(invoice.total)),
        "nol_rupiah": invoice.total == 0,
        "catatan_biaya": invoice.charges_note,
        "rekening_bank": invoice.account.bank if invoice.account else "",
        "rekening_nomor": invoice.account.number if invoice.account else "",
        "rekening_nama": invoice.account.holder if invoice.account else "",
        "kode_billing": invoice.billing.code if invoice.billing else "",
        "kode_billing_berlaku": date_text(invoice.billing.expires_on) if invoice.billing else "",
        "kode_bayar": invoice.payment_code,
        "saluran_bukti": office.proof_channel,
        "alamat_naskah": ", ".join(office.original_address),
        "petugas_nama": invoice.officer,
    }


def agreement_context(office: OfficeDetails, customer: CustomerDetails, agreement: AgreementPaper) -> Context:
    """Give the fields of one copy of an SPPD; call it once per copy, each copy is printed as its own document."""
    return {
        **letterhead_fields(office),
        **customer_fields(customer),
        **letter_fields(office, agreement.number, agreement.issued_on, agreement.case_number, agreement.code),
        "pengguna_jabatan": customer.position,
        "pengguna_identitas": customer.id_number,
        "pengguna_surel": customer.email,
        "pengguna_telepon": customer.phone,
        "hari_tanggal": _day_in_words(agreement.issued_on),
        "nomor_invoice": agreement.invoice_number,
        "tanggal_invoice": date_text(agreement.invoice_on),
        "pejabat_nama": office.head.name,
        "pejabat_nip": nip_text(office.head.nip),
        "pejabat_jabatan": office.head.position,
        "abstraksi_judul": agreement.abstract_title,
        "abstraksi_tujuan": agreement.abstract_purpose,
        "baris": _data_lines(agreement.lines),
        "ketentuan": [{"no": no, "teks": text} for no, text in enumerate(agreement.clauses, 1)],
        "penanda_tangan": agreement.signer_rule,
        "penanda_tangan_nama": agreement.signer_name,
        "materai_nilai": rupiah(agreement.stamp_value),
        "rangkap": f"{agreement.copy} dari {agreement.copies}",
        "jumlah_rangkap": _count(agreement.copies),
        "alamat_naskah": ", ".join(office.original_address),
    }


def receipt_context(office: OfficeDetails, customer: CustomerDetails, receipt: ReceiptPaper) -> Context:
    """Give the fields of a kuitansi; of many items the first few are named, so that it stays on one page."""
    named = receipt.lines if len(receipt.lines) <= RECEIPT_LINES + 1 else receipt.lines[:RECEIPT_LINES]
    others = len(receipt.lines) - len(named)
    user = ", ".join(part for part in (customer.name, customer.institution) if part)
    paid_by_user = receipt.payer in {"", customer.name}
    return {
        **letterhead_fields(office),
        **letter_fields(office, receipt.number, receipt.issued_on, receipt.case_number, receipt.code),
        "menggantikan": receipt.replaces,
        "diterima_dari": user if paid_by_user else receipt.payer,
        "atas_nama": "" if paid_by_user else user,
        "jumlah_rupiah": rupiah_paper(receipt.amount),
        "jumlah_terbilang": sentence_case(in_words_rupiah(receipt.amount)),
        "nomor_invoice": receipt.invoice_number,
        "tanggal_invoice": date_text(receipt.invoice_on),
        "baris": [{"uraian": line.title, "harga": rupiah_paper(line.payable)} for line in named],
        "baris_lain": f"dan {_count(others)} data lain sesuai rincian pada invoice" if others else "",
        "dasar_tarif": receipt.tariff_basis,
        "tanggal_bayar": date_text(receipt.paid_on),
        "cara_bayar": receipt.channel,
        "jenis_referensi": receipt.reference_kind,
        "referensi": receipt.reference,
        "materai_nilai": rupiah(receipt.stamp_value) if receipt.stamp_value else "",
        "bendahara_nama": receipt.treasurer.name,
        "bendahara_nip": nip_text(receipt.treasurer.nip),
        "bendahara_jabatan": receipt.treasurer.position,
        "kode_pengaman": receipt.chain[:CHAIN_DIGITS],
    }


def delivery_context(office: OfficeDetails, customer: CustomerDetails, delivery: DeliveryPaper) -> Context:
    """Give the fields of a delivery note with its manifest."""
    return {
        **letterhead_fields(office),
        **customer_fields(customer),
        **letter_fields(office, delivery.number, delivery.issued_on, delivery.case_number, delivery.code),
        **officer_fields(delivery.officer),
        "nomor_kuitansi": delivery.receipt_number,
        "nomor_sppd": delivery.agreement_number,
        "pengiriman_ke": delivery.version,
        "menggantikan": delivery.replaces,
        "saluran_kirim": delivery.channel,
        "alamat_kirim": delivery.address,
        "berkas": _manifest(delivery.files),
        "jumlah_berkas": _count(len(delivery.files)),
        "ukuran_seluruhnya": size_text(sum(file.size for file in delivery.files)),
        "sandi_terpisah": delivery.password_apart,
        "hari_perbaikan": _count(delivery.correction_days),
        "pengiriman": _told(delivery.attempts),
    }


def refusal_context(office: OfficeDetails, customer: CustomerDetails, refusal: RefusalPaper) -> Context:
    """Give the fields of the letter that returns a faulty SPPD original."""
    return {
        **letterhead_fields(office),
        **customer_fields(customer),
        **letter_fields(office, refusal.number, refusal.issued_on, refusal.case_number, refusal.code),
        "nomor_sppd": refusal.agreement_number,
        "tanggal_sppd": date_text(refusal.agreement_on),
        "rangkap": f"{refusal.copy} dari {refusal.copies}",
        "diterima_pada": date_text(refusal.received_on),
        "kekurangan": [{"no": no, "teks": sentence_case(fault)} for no, fault in enumerate(refusal.faults, 1)],
        "keterangan": refusal.note,
        "dasar_materai": refusal.stamp_basis,
        "materai_nilai": rupiah(refusal.stamp_value),
        "penanda_tangan": refusal.signer_rule,
        "alamat_naskah": ", ".join(office.original_address),
        "pejabat_nama": office.head.name,
        "pejabat_nip": nip_text(office.head.nip),
        "pejabat_jabatan": office.head.position,
    }


def redirect_context(office: OfficeDetails, customer: CustomerDetails, redirect: RedirectPaper) -> Context:
    """Give the fields of the letter that leads to the online statistical consultation."""
    return {
        **letterhead_fields(office),
        **customer_fields(customer),
        **letter_fields(office, redirect.number, redirect.issued_on, redirect.case_number, redirect.code),
        **officer_fields(redirect.officer),
        "tanggal_permohonan": date_text(redirect.requested_on),
        "abstraksi_judul": redirect.abstract_title,
        "baris": [{"no": no, "uraian": line.title, "alasan": line.reason} for no, line in enumerate(redirect.lines, 1)],
        "keterangan": redirect.note,
        "saluran_konsultasi": office.consultation,
    }


def correction_context(office: OfficeDetails, customer: CustomerDetails, correction: CorrectionPaper) -> Context:
    """Give the fields of a correction note; the files are listed once they are repaired."""
    return {
        **letterhead_fields(office),
        **customer_fields(customer),
        **letter_fields(office, correction.number, correction.issued_on, correction.case_number, correction.code),
        **officer_fields(correction.officer),
        "nomor_kuitansi": correction.receipt_number,
        "data_uraian": correction.item,
        "diminta_pada": date_text(correction.asked_on),
        "jatuh_tempo": date_text(correction.due_on),
        "hari_perbaikan": _count(correction.correction_days),
        "kesalahan": correction.wrong,
        "perbaikan": correction.repaired,
        "selesai_pada": date_text(correction.done_on) if correction.done_on else "",
        "berkas": _manifest(correction.files),
    }


def closing_context(office: OfficeDetails, customer: CustomerDetails, closing: ClosingPaper) -> Context:
    """Give the fields of the message that ends the conversation, with the office's own complaint addresses."""
    return {
        **letterhead_fields(office),
        **customer_fields(customer),
        **letter_fields(office, closing.number, closing.issued_on, closing.case_number, closing.code),
        **officer_fields(closing.officer),
        "tanggal_permohonan": date_text(closing.requested_on),
        "dikirim_pada": date_text(closing.delivered_on) if closing.delivered_on else "",
        "nomor_kuitansi": closing.receipt_number,
        "baris": [{"no": no, "uraian": title} for no, title in enumerate(closing.lines, 1)],
        "hari_perbaikan": _count(closing.correction_days),
        "pengaduan": [{"saluran": contact.label, "alamat": contact.value} for contact in office.complaints],
        "diam_sampai": date_text(closing.silent_until) if closing.silent_until else "",
        "tautan_survei": closing.survey,
    }


def case_file_context(office: OfficeDetails, customer: CustomerDetails, case: CaseFilePaper) -> Context:
    """Give the fields of the front part of a case file."""
    return {
        **letterhead_fields(office),
        **customer_fields(customer),
        "nomor": case.case_number,
        "tanggal": date_text(case.made_on),
        "dibuat_oleh": case.made_by,
        "keadaan": case.state,
        "qr": case.code,
        "qr_teks": case.code,
        "ringkasan": [{"perihal": name, "nilai": value} for name, value in case.summary],
        "keputusan": _told(case.decisions),
        "riwayat": _told(case.story),
        "pengiriman": _told(case.deliveries),
        "berkas": [
            {
                "no": no,
                "nama": paper.name,
                "jenis": paper.what,
                "ukuran": size_text(paper.size),
                "halaman": paper.pages,
                "sha256": paper.sha256,
            }
            for no, paper in enumerate(case.papers, 1)
        ],
    }


def _told(entries: Sequence[Told]) -> list[Context]:
    return [
        {"no": no, "waktu": each.when, "siapa": each.who, "kalimat": each.what, "catatan": each.reason}
        for no, each in enumerate(entries, 1)
    ]


def size_text(size: int) -> str:
    """Give a number of bytes as people say it, in decimal units: `1,20 GB`, `940 byte`."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            return f"{size / factor:.2f} {unit}".replace(".", ",")
    return f"{size} byte"


def letterhead_fields(office: OfficeDetails) -> dict[str, str]:
    """Give the fields of the letterhead and the name of the office, as every paper of the desk has them."""
    address = ", ".join(part for part in (office.address, f"Telp. {office.phone}" if office.phone else "") if part)
    contact = (
        f"Situs: {office.website}" if office.website else "",
        f"Surel: {office.email}" if office.email else "",
    )
    return {
        "kop_kantor": office.letterhead.upper(),
        "kop_alamat": address,
        "kop_kontak": ", ".join(part for part in contact if part),
        "kantor_nama": office.name,
    }


def customer_fields(customer: CustomerDetails) -> Context:
    """Give the fields of whom a letter is for."""
    return {
        "pengguna_nama": customer.name,
        "pengguna_instansi": customer.institution,
        "pengguna_alamat": " ".join(customer.address.split()),
    }


def letter_fields(office: OfficeDetails, number: str, issued_on: date, case_number: str, code: str) -> Context:
    """Give the fields of a numbered paper of a case."""
    return {
        "nomor": number,
        "tanggal": date_text(issued_on),
        "tempat": office.city,
        "nomor_permohonan": case_number,
        "qr": code,
        "qr_teks": code,
    }


def officer_fields(officer: Signatory) -> Context:
    """Give the fields of who signs as the officer."""
    return {
        "petugas_nama": officer.name,
        "petugas_nip": nip_text(officer.nip),
        "petugas_jabatan": officer.position,
    }


def _data_lines(lines: Sequence[PaperLine]) -> list[Context]:
    """What is supplied, without prices: the same lines on invoice and SPPD."""
    return [
        {
            "no": no,
            "uraian": line.title,
            "rincian": line.detail,
            "jumlah": _thousands(line.quantity),
            "satuan": line.unit,
            "ukuran": size_text(line.quantity) if line.unit == "byte" and line.quantity >= 1000 else "",
        }
        for no, line in enumerate(lines, 1)
    ]


def _priced_lines(lines: Sequence[PaperLine]) -> list[Context]:
    prices = (
        {
            "tarif": line.tariff,
            "dasar": line.basis,
            "harga_tarif": rupiah_paper(line.amount),
            "harga": rupiah_paper(line.payable),
        }
        for line in lines
    )
    return [data | price for data, price in zip(_data_lines(lines), prices, strict=True)]


def _manifest(files: Sequence[ManifestFile]) -> list[Context]:
    return [
        {
            "no": no,
            "nama": file.name,
            "ukuran": size_text(file.size),
            "isi": _contents(file),
            "sha256": file.sha256,
        }
        for no, file in enumerate(files, 1)
    ]


def _contents(file: ManifestFile) -> str:
    counts = (
        f"{_thousands(file.rows)} baris" if file.rows is not None else "",
        f"{_thousands(file.variables)} variabel" if file.variables is not None else "",
    )
    return ", ".join(count for count in counts if count) or "-"


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _count(number: int) -> str:
    """A count as official letters write it: `5 (lima)`."""
    return f"{number} ({in_words(number)})"


def sentence_case(text: str) -> str:
    """Give words as a sentence begins."""
    return text[:1].upper() + text[1:]


def _day_in_words(day: date) -> str:
    """The day as an agreement opens: `Sabtu, tanggal dua puluh satu, bulan November, tahun dua ribu ...`."""
    return (
        f"{DAYS[day.weekday()]}, tanggal {in_words(day.day)}, bulan {MONTHS[day.month - 1]}, "
        f"tahun {in_words(day.year)} ({day:%d/%m/%Y})"
    )


def nip_text(nip: str) -> str:
    """A NIP of 18 digits in its printed groups, `19860926 201505 1 999`; anything else as it was entered."""
    digits = "".join(nip.split())
    if len(digits) != 18 or not digits.isdigit():
        return nip
    return f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}"
