"""An invented case for every kind of paper: what the field palette and the test print of a template show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from desk.rules.case import CustomerClass
from desk.rules.papers.contents import (
    AgreementPaper,
    BankAccount,
    BillingCode,
    BillingPaper,
    CaseFilePaper,
    ClosingPaper,
    Contact,
    CorrectionPaper,
    CustomerDetails,
    DeliveryPaper,
    FiledPaper,
    InvoicePaper,
    ManifestFile,
    MoneyLetter,
    OfficeDetails,
    PaperLine,
    ReceiptPaper,
    RedirectedLine,
    RedirectPaper,
    RefusalPaper,
    Signatory,
    Told,
    UnknownMoney,
)

OFFICER = Signatory("Rina Umpama, S.Tr.Stat.", "199602142019032998", "Petugas Layanan")
TREASURER = Signatory("Budi Rekaan, A.Md.", "198609262015051999", "Bendahara Penerimaan")

OFFICE = OfficeDetails(
    code="1600",
    name="BPS Provinsi Contoh Selatan",
    letterhead="Provinsi Contoh Selatan",
    city="Kota Contoh",
    head=Signatory("Dr. Hasan Contoh, M.Si.", "197003041994031997", "Kepala BPS Provinsi Contoh Selatan"),
    original_address=("Diseminasi dan Layanan Statistik", "BPS Provinsi Contoh Selatan", "Jl. Khayal No. 1"),
    proof_channel="surel layanan@example.org",
    consultation="konsultasi statistik online di konsultasi.example.org",
    complaints=(
        Contact("Kotak saran & pengaduan", "Pelayanan Statistik Terpadu BPS Provinsi Contoh Selatan"),
        Contact("Surel", "layanan@example.org"),
    ),
    address="Jl. Khayal No. 1, Kota Contoh 99999",
    phone="(0999) 000000",
    email="layanan@example.org",
    website="contoh.example.org",
)

CUSTOMER = CustomerDetails(
    name="Sari Contohwati",
    customer_class=CustomerClass.UNIVERSITY,
    institution="Universitas Contoh Musi",
    position="Dekan Fakultas Ekonomi",
    address="Jl. Umpama No. 12, Kota Contoh 99998",
    email="sari@example.org",
    phone="+6281200000101",
    id_number="9901015203950001",
    npwp="0999000000000001",
)

LINES = (
    PaperLine(
        title="Susenas Maret 2025 (KOR)",
        detail="Data mikro nasional, semua variabel, DBF",
        tariff="Data mikro tanpa proses data, per dataset",
        basis="PP 13/2024 Lampiran angka II huruf A",
        quantity=1_203_880_050,
        unit="byte",
        amount=24_077_601,
        payable=24_077_601,
    ),
    PaperLine(
        title="Peta digital Kota Contoh per kelurahan",
        detail="SHP, keadaan 2024",
        tariff="Peta digital kabupaten/kota menurut desa/kelurahan, per peta",
        basis="PP 13/2024 Lampiran angka III huruf D",
        quantity=1,
        unit="peta",
        amount=70_000,
        payable=70_000,
    ),
)

TITLE = "Ketimpangan pengeluaran rumah tangga menurut wilayah"
SIGNER = "dekan atau pejabat yang setara"
CHARGES = "Tarif tidak termasuk ongkos kirim dan biaya bank, yang menjadi tanggungan pengguna data."
TARIFF = "Peraturan Pemerintah Nomor 13 Tahun 2024"
ISSUED = date(2026, 11, 21)
CASE = "PST-1600-2026-000123"
INVOICE_NUMBER = "INV-017/16000/KU.130/11/2026"
AGREEMENT_NUMBER = "SPPD-017/16000/HM.340/11/2026"
RECEIPT_NUMBER = "KW-009/16000/KU.130/11/2026"

FILES = (
    ManifestFile("susenas_2025_kor.zip", 1_203_880_050, "9f86d081884c7d659a2feaa0c55ad015" * 2, 345_000, 187),
    ManifestFile("peta_kota_contoh.zip", 8_400_512, "60303ae22b998861bce3b28f33eec1be" * 2),
)

CLAUSES = (
    "Data hanya digunakan untuk keperluan yang tertulis dalam abstraksi penggunaan data.",
    "Data tidak digandakan dan tidak diberikan kepada orang atau lembaga lain.",
    "Penggunaan untuk keperluan lain memerlukan persetujuan tertulis lebih dahulu dari BPS.",
    "Pengguna data menyerahkan hasil penggunaan data kepada BPS.",
    "Seluruh isi data bersifat rahasia dan tetap menjadi milik BPS.",
)

INVOICE = InvoicePaper(
    number=INVOICE_NUMBER,
    issued_on=ISSUED,
    valid_until=date(2026, 12, 21),
    case_number=CASE,
    requested_on=date(2026, 11, 19),
    lines=LINES,
    total=24_147_601,
    tariff_basis=TARIFF,
    charges_note=CHARGES,
    payment_code="INV-1600-26-0017",
    officer=OFFICER.name,
    code="BPS1.INV.1600.2026.000017.1.1.NF",
    account=BankAccount("Bank Contoh", "0099 0100 0000 000", "BPG 999 BPS Provinsi Contoh Selatan"),
)

RELIEVED_LINES = tuple(replace(line, payable=line.amount // 2) for line in LINES)

INVOICE_WITH_EVERYTHING = replace(
    INVOICE,
    lines=RELIEVED_LINES,
    total=sum(line.payable for line in RELIEVED_LINES),
    billing=BillingCode("820261121000001", date(2026, 11, 28)),
    relief_percent=50,
    relief_basis="surat permohonan nomor B-012/UCM/2026 tanggal 16 November 2026",
    replaces="INV-016/16000/KU.130/11/2026",
)

MANY_LINES = LINES + tuple(
    replace(LINES[1], title=f"Peta digital Kabupaten Rekaan {number} per desa") for number in range(1, 5)
)

AGREEMENT = AgreementPaper(
    number=AGREEMENT_NUMBER,
    issued_on=ISSUED,
    case_number=CASE,
    invoice_number=INVOICE_NUMBER,
    invoice_on=ISSUED,
    abstract_title=TITLE,
    abstract_purpose="Mengukur ketimpangan pengeluaran rumah tangga dan faktor yang memengaruhinya",
    lines=LINES,
    clauses=CLAUSES,
    signer_rule=SIGNER,
    stamp_value=10_000,
    copy=1,
    copies=2,
    signer_name="Prof. Wulan Khayal, Ph.D.",
    code="BPS1.SPPD.1600.2026.000017.1.2.1S",
)

RECEIPT = ReceiptPaper(
    number=RECEIPT_NUMBER,
    issued_on=date(2026, 11, 25),
    case_number=CASE,
    invoice_number=INVOICE_NUMBER,
    invoice_on=ISSUED,
    payer="Bendahara Universitas Contoh Musi",
    lines=MANY_LINES,
    amount=sum(line.payable for line in MANY_LINES),
    paid_on=date(2026, 11, 24),
    channel="transfer ke rekening penerimaan",
    reference_kind="Nomor referensi bank",
    reference="3902428",
    tariff_basis=TARIFF,
    treasurer=TREASURER,
    chain="4c91f0d2a7b38e6655aa",
    code="BPS1.KWT.1600.2026.000009.1.1.I7",
    stamp_value=10_000,
    replaces="KW-008/16000/KU.130/11/2026",
)

BILLING = BillingPaper(
    number="BIL-004/16000/HM.340/11/2026",
    issued_on=ISSUED,
    case_number=CASE,
    invoice_number=INVOICE_NUMBER,
    invoice_on=ISSUED,
    invoice_until=INVOICE.valid_until,
    billing=BillingCode("820261121000001", date(2026, 11, 28)),
    amount=INVOICE.total,
    tariff_basis=TARIFF,
    officer=OFFICER,
    code="BPS1.BIL.1600.2026.000004.1.1.8I",
)

MONEY_SHORT = MoneyLetter(
    number="UK-002/16000/HM.340/11/2026",
    issued_on=date(2026, 11, 25),
    case_number=CASE,
    invoice_number=INVOICE_NUMBER,
    invoice_on=ISSUED,
    invoice_until=INVOICE.valid_until,
    total=INVOICE.total,
    received_sen=24_141_101_00,
    received_on=date(2026, 11, 24),
    apart_sen=6_500_00,
    payment_code=INVOICE.payment_code,
    treasurer=TREASURER,
    code="BPS1.UKR.1600.2026.000002.1.1.HP",
    account=INVOICE.account,
    note="Selisihnya sebesar biaya transfer antarbank.",
)
MONEY_OVER = replace(
    MONEY_SHORT,
    number="UL-001/16000/HM.340/11/2026",
    received_sen=24_150_000_00,
    apart_sen=2_399_00,
    code="BPS1.ULB.1600.2026.000001.1.1.HY",
    note="Kelebihan karena pembulatan oleh pembayar.",
)
MONEY_DOUBLE = replace(
    MONEY_SHORT,
    number="UG-001/16000/HM.340/11/2026",
    received_sen=INVOICE.total * 100,
    apart_sen=INVOICE.total * 100,
    paid_on=date(2026, 11, 23),
    code="BPS1.UGD.1600.2026.000001.1.1.QM",
    note="Dua transfer dari rekening yang sama.",
)
MONEY_LATE = replace(
    MONEY_SHORT,
    number="UT-001/16000/HM.340/12/2026",
    issued_on=date(2026, 12, 28),
    received_sen=INVOICE.total * 100,
    received_on=date(2026, 12, 27),
    apart_sen=INVOICE.total * 100,
    code="BPS1.UTL.1600.2026.000001.1.1.8E",
    note="Transfer dilakukan pada hari libur.",
)

MONEY_UNKNOWN = UnknownMoney(
    number="UB-001/16000/KS.200/11/2026",
    issued_on=date(2026, 11, 25),
    to_bank=True,
    addressee="Pimpinan Bank Contoh Cabang Umpama",
    address="Jl. Rekaan No. 7, Kota Contoh 99997",
    amount_sen=350_000_00,
    received_on=date(2026, 11, 24),
    remark="SETORAN TUNAI",
    sender="HAMBA ALLAH",
    reference="0099123456",
    bank="Bank Contoh",
    account_end="3304",
    treasurer=TREASURER,
    code="BPS1.UTB.1600.2026.000001.1.1.ES",
    note="Salinan mutasi hari itu kami sertakan.",
)

DELIVERY = DeliveryPaper(
    number="TT-007/16000/HM.340/11/2026",
    issued_on=date(2026, 11, 27),
    case_number=CASE,
    agreement_number=AGREEMENT_NUMBER,
    channel="surel",
    address="sari@example.org",
    files=FILES,
    version=2,
    correction_days=5,
    officer=OFFICER,
    code="BPS1.KRM.1600.2026.000007.1.1.1N",
    receipt_number=RECEIPT_NUMBER,
    password_apart=True,
    replaces="versi 1 yang dikirim 20 November 2026",
    attempts=(
        Told(
            "20 Nov 2026 10.12",
            "Rina Contoh",
            "Versi 1, 2 berkas (3,20 MB), dikirim lewat surel kantor ke sari@example.org; satu paket.",
            "Tidak sampai (20 Nov 2026 10.15): kotak surel penuh.",
        ),
    ),
)

REFUSAL = RefusalPaper(
    number="B-031/16000/HM.340/11/2026",
    issued_on=date(2026, 11, 26),
    case_number=CASE,
    agreement_number=AGREEMENT_NUMBER,
    agreement_on=ISSUED,
    copy=1,
    copies=2,
    received_on=date(2026, 11, 25),
    faults=(
        "tanda tangan tidak mengenai materai",
        "nilai materai kurang dari yang berlaku pada tanggal penandatanganan",
    ),
    signer_rule=SIGNER,
    stamp_value=10_000,
    code="BPS1.TLK.1600.2026.000031.1.1.4J",
    stamp_basis="Undang-Undang Nomor 10 Tahun 2020 Pasal 21",
    note="Materai yang ditempel bernilai Rp6.000.",
)

REDIRECT = RedirectPaper(
    number="B-032/16000/HM.340/11/2026",
    issued_on=ISSUED,
    case_number=CASE,
    requested_on=date(2026, 11, 19),
    abstract_title=TITLE,
    lines=(RedirectedLine("Sakernas Agustus 2025", "abstraksi membahas pengeluaran, bukan ketenagakerjaan"),),
    officer=OFFICER,
    code="BPS1.ALH.1600.2026.000032.1.1.NE",
    note="Konsultan akan membantu memilih data yang sesuai dengan tujuan penelitian.",
)

CORRECTION = CorrectionPaper(
    number="NP-002/16000/HM.340/12/2026",
    issued_on=date(2026, 12, 3),
    case_number=CASE,
    asked_on=date(2026, 11, 30),
    due_on=date(2026, 12, 7),
    correction_days=5,
    wrong="Variabel R301 kosong pada seluruh baris.",
    officer=OFFICER,
    code="BPS1.PBK.1600.2026.000002.1.1.ML",
    receipt_number=RECEIPT_NUMBER,
    item="Susenas Maret 2025 (KOR)",
    repaired="Data diambil kembali dari sumber dan diperiksa petugas kedua.",
    done_on=date(2026, 12, 3),
    files=FILES[:1],
)

CLOSING = ClosingPaper(
    issued_on=date(2026, 12, 8),
    case_number=CASE,
    requested_on=date(2026, 11, 19),
    delivered_on=date(2026, 11, 27),
    lines=tuple(line.title for line in LINES),
    correction_days=5,
    officer=OFFICER,
    code="BPS1.TTP.1600.2026.000123.1.1.7V",
    number="B-040/16000/HM.340/12/2026",
    receipt_number=RECEIPT_NUMBER,
    silent_until=date(2026, 12, 4),
    survey="https://contoh.example/survei",
)

CASE_FILE = CaseFilePaper(
    case_number=CASE,
    made_on=date(2026, 12, 9),
    made_by="Rina Contoh",
    state="selesai",
    summary=(
        ("Diajukan", "19 November 2026 lewat surel"),
        ("Kuitansi", RECEIPT_NUMBER),
    ),
    decisions=(
        Told("27 Nov 2026 10.12", "Hendra Contoh", "Pengiriman diizinkan.", "Naskah asli sudah dalam kiriman."),
    ),
    story=(
        Told("19 Nov 2026 09.02", "Rina Contoh", "Permohonan dicatat dari kanal surel.", "Pengguna menelepon dahulu."),
        Told("27 Nov 2026 13.40", "Rina Contoh", "Data dikirim.", "Sandi lewat telepon."),
    ),
    deliveries=(
        Told(
            "27 Nov 2026 13.40",
            "Rina Contoh",
            "Versi 1, 2 berkas (3,20 MB), diserahkan petugas lewat WhatsApp ke +6281200000101.",
            "Diserahkan; pengguna data memeriksa sampai 4 Des 2026.",
        ),
    ),
    papers=(
        FiledPaper("Invoice INV-001.pdf", "invoice", 92_000, "0c" * 32, "halaman 4"),
        FiledPaper("ktp.jpg", "kartu identitas", 410_000, "1d" * 32, "disimpan, tidak ditampilkan (data pribadi)"),
    ),
    code="BPS1.BKS.1600.2026.000123.1.1.8B",
)
