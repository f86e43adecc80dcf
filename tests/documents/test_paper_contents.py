"""What stands on the papers: amounts, words, dates and the parts that depend on the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from desk.rules.papers import (
    FIELDS,
    BillingCode,
    CustomerDetails,
    PaperKind,
    agreement_context,
    closing_context,
    correction_context,
    delivery_context,
    example_context,
    invoice_context,
    optional_fields,
    receipt_context,
    redirect_context,
    refusal_context,
)
from desk.rules.papers import examples as invented
from desk.rules.papers.contexts import size_text

OFFICE, CUSTOMER = invented.OFFICE, invented.CUSTOMER


def test_an_invoice_writes_its_total_in_figures_and_in_words() -> None:
    context = invoice_context(OFFICE, CUSTOMER, invented.INVOICE)
    assert context["total_rupiah"] == "Rp24.147.601,00"
    assert context["total_terbilang"] == "Dua puluh empat juta seratus empat puluh tujuh ribu enam ratus satu rupiah"
    assert context["berlaku_sampai"] == "21 Desember 2026"


def test_an_invoice_line_tells_bytes_and_how_much_that_is() -> None:
    lines = invoice_context(OFFICE, CUSTOMER, invented.INVOICE)["baris"]
    assert isinstance(lines, list)
    assert (lines[0]["jumlah"], lines[0]["satuan"], lines[0]["ukuran"]) == ("1.203.880.050", "byte", "1,20 GB")
    assert (lines[1]["jumlah"], lines[1]["satuan"], lines[1]["ukuran"]) == ("1", "peta", "")


def test_without_relief_an_invoice_says_nothing_about_relief() -> None:
    context = invoice_context(OFFICE, CUSTOMER, invented.INVOICE)
    assert [context[name] for name in context if "keringanan" in name] == ["", "", "", ""]


def test_nol_rupiah_keeps_the_tariff_price_and_what_was_waived() -> None:
    free = replace(
        invented.INVOICE,
        lines=tuple(replace(line, payable=0) for line in invented.LINES),
        total=0,
        account=None,
        relief_percent=100,
        relief_basis="surat B-1/2026",
    )
    context: dict[str, Any] = invoice_context(OFFICE, CUSTOMER, free)
    assert context["nol_rupiah"] is True
    assert context["sebelum_keringanan"] == context["keringanan_rupiah"] == "Rp24.147.601,00"
    assert context["total_terbilang"] == "Nol rupiah"
    assert [line["harga"] for line in context["baris"]] == ["Rp0,00", "Rp0,00"]
    assert [line["harga_tarif"] for line in context["baris"]] == ["Rp24.077.601,00", "Rp70.000,00"]


def test_a_billing_code_takes_the_place_of_the_account() -> None:
    billed = replace(invented.INVOICE, account=None, billing=BillingCode("820261121000001", date(2026, 11, 28)))
    context = invoice_context(OFFICE, CUSTOMER, billed)
    assert context["rekening_nomor"] == ""
    assert (context["kode_billing"], context["kode_billing_berlaku"]) == ("820261121000001", "28 November 2026")


def test_invoice_and_agreement_name_the_same_data() -> None:
    invoice: Any = invoice_context(OFFICE, CUSTOMER, invented.INVOICE)["baris"]
    agreement: Any = agreement_context(OFFICE, CUSTOMER, invented.AGREEMENT)["baris"]
    shared = ("no", "uraian", "rincian", "jumlah", "satuan", "ukuran")
    assert [[line[name] for name in shared] for line in invoice] == [[line[n] for n in shared] for line in agreement]


def test_an_agreement_opens_with_the_day_in_words_and_says_which_copy_it_is() -> None:
    context = agreement_context(OFFICE, CUSTOMER, replace(invented.AGREEMENT, copy=2))
    assert context["hari_tanggal"] == (
        "Sabtu, tanggal dua puluh satu, bulan November, tahun dua ribu dua puluh enam (21/11/2026)"
    )
    assert (context["rangkap"], context["jumlah_rangkap"]) == ("2 dari 2", "2 (dua)")
    assert context["pejabat_nip"] == "19700304 199403 1 997"


def test_a_staff_number_that_is_no_nip_is_printed_as_entered() -> None:
    office = replace(OFFICE, head=replace(OFFICE.head, nip="NRP 1234"))
    assert agreement_context(office, CUSTOMER, invented.AGREEMENT)["pejabat_nip"] == "NRP 1234"


@pytest.mark.parametrize(
    ("payer", "received_from", "on_behalf_of"),
    [
        ("Sari Contohwati", "Sari Contohwati, Universitas Contoh Musi", ""),
        ("", "Sari Contohwati, Universitas Contoh Musi", ""),
        ("PT Rekaan", "PT Rekaan", "Sari Contohwati, Universitas Contoh Musi"),
    ],
)
def test_a_kuitansi_names_who_paid_and_for_whom(payer: str, received_from: str, on_behalf_of: str) -> None:
    context = receipt_context(OFFICE, CUSTOMER, replace(invented.RECEIPT, payer=payer))
    assert (context["diterima_dari"], context["atas_nama"]) == (received_from, on_behalf_of)


@pytest.mark.parametrize(
    ("count", "named", "others"),
    [
        (1, 1, ""),
        (4, 4, ""),
        (5, 3, "dan 2 (dua) data lain sesuai rincian pada invoice"),
        (60, 3, "dan 57 (lima puluh tujuh) data lain sesuai rincian pada invoice"),
    ],
)
def test_a_kuitansi_names_a_few_items_and_counts_the_others(count: int, named: int, others: str) -> None:
    context = receipt_context(OFFICE, CUSTOMER, replace(invented.RECEIPT, lines=invented.LINES[:1] * count))
    lines = context["baris"]
    assert isinstance(lines, list)
    assert (len(lines), context["baris_lain"]) == (named, others)


def test_a_kuitansi_shows_ten_digits_of_its_chain_and_the_words_of_its_amount() -> None:
    context = receipt_context(OFFICE, CUSTOMER, replace(invented.RECEIPT, amount=1_101_000))
    assert context["kode_pengaman"] == "4c91f0d2a7"
    assert context["jumlah_terbilang"] == "Satu juta seratus satu ribu rupiah"


def test_a_kuitansi_asks_for_materai_only_where_the_treasurers_rule_does() -> None:
    assert receipt_context(OFFICE, CUSTOMER, replace(invented.RECEIPT, stamp_value=0))["materai_nilai"] == ""
    assert receipt_context(OFFICE, CUSTOMER, invented.RECEIPT)["materai_nilai"] == "Rp10.000"


def test_a_refusal_numbers_its_faults_as_sentences() -> None:
    context = refusal_context(OFFICE, CUSTOMER, invented.REFUSAL)
    assert context["kekurangan"] == [
        {"no": 1, "teks": "Tanda tangan tidak mengenai materai"},
        {"no": 2, "teks": "Nilai materai kurang dari yang berlaku pada tanggal penandatanganan"},
    ]


def test_a_delivery_note_counts_files_and_tells_what_is_in_them() -> None:
    context: Any = delivery_context(OFFICE, CUSTOMER, invented.DELIVERY)
    assert (context["jumlah_berkas"], context["ukuran_seluruhnya"]) == ("2 (dua)", "1,21 GB")
    assert [file["isi"] for file in context["berkas"]] == ["345.000 baris, 187 variabel", "-"]


def test_papers_before_the_event_leave_it_open() -> None:
    correction = correction_context(OFFICE, CUSTOMER, replace(invented.CORRECTION, done_on=None, files=()))
    assert (correction["selesai_pada"], correction["berkas"]) == ("", [])
    closing = closing_context(OFFICE, CUSTOMER, replace(invented.CLOSING, delivered_on=None, number=""))
    assert (closing["dikirim_pada"], closing["nomor"]) == ("", "")


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 byte"), (999, "999 byte"), (1000, "1,00 kB"), (8_400_512, "8,40 MB"), (1_203_880_050, "1,20 GB")],
)
def test_sizes_are_written_in_decimal_units(size: int, text: str) -> None:
    assert size_text(size) == text


@pytest.mark.parametrize("kind", PaperKind)
def test_the_example_of_a_kind_is_the_callers_own_copy(kind: PaperKind) -> None:
    changed = example_context(kind)
    for value in changed.values():
        if isinstance(value, list):
            value.clear()
    assert example_context(kind) != changed or not any(field.is_list for field in FIELDS[kind])


BARE_OFFICE = replace(OFFICE, address="", phone="", email="", website="")
STRANGER = CustomerDetails(name="Ahmad Rekaan")
BARE_LINES = tuple(replace(line, detail="") for line in invented.LINES)


@pytest.mark.parametrize(
    ("kind", "context"),
    [
        (
            PaperKind.INVOICE,
            invoice_context(BARE_OFFICE, STRANGER, replace(invented.INVOICE, lines=BARE_LINES, account=None)),
        ),
        (
            PaperKind.SPPD,
            agreement_context(BARE_OFFICE, STRANGER, replace(invented.AGREEMENT, lines=BARE_LINES, signer_name="")),
        ),
        (PaperKind.RECEIPT, receipt_context(BARE_OFFICE, STRANGER, replace(invented.RECEIPT, payer="", replaces=""))),
        (
            PaperKind.DELIVERY_NOTE,
            delivery_context(BARE_OFFICE, STRANGER, replace(invented.DELIVERY, receipt_number="")),
        ),
        (
            PaperKind.ORIGINAL_REFUSAL,
            refusal_context(BARE_OFFICE, STRANGER, replace(invented.REFUSAL, stamp_basis="", note="")),
        ),
        (PaperKind.REDIRECT, redirect_context(BARE_OFFICE, STRANGER, replace(invented.REDIRECT, note=""))),
        (
            PaperKind.CORRECTION_NOTE,
            correction_context(
                BARE_OFFICE,
                STRANGER,
                replace(invented.CORRECTION, receipt_number="", item="", repaired="", done_on=None, files=()),
            ),
        ),
        (
            PaperKind.CLOSING,
            closing_context(
                BARE_OFFICE, STRANGER, replace(invented.CLOSING, delivered_on=None, number="", receipt_number="")
            ),
        ),
    ],
    ids=lambda value: value.value if isinstance(value, PaperKind) else "",
)
def test_only_fields_that_may_be_empty_are_empty_when_little_is_known(kind: PaperKind, context: dict[str, Any]) -> None:
    may_be_empty = optional_fields(kind)
    empty = {name for name, value in context.items() if value == "" or value == []}
    items = [item for value in context.values() if isinstance(value, list) for item in value]
    empty |= {name for item in items for name, value in item.items() if value == ""}
    assert empty
    assert empty <= may_be_empty
