"""A table that no profile knows is read when its header and its balances leave no doubt; a doubt is said in words."""

from __future__ import annotations

import struct
from datetime import date
from pathlib import Path

import pytest

from desk.adapters.bank_files import open_bank_file, preview, read_statement
from desk.errors import Refused
from tests.statements.layouts import workbook

Rows = list[list[object]]

HEADER: list[object] = ["Tgl Buku", "Uraian Mutasi", "Keluar", "Masuk", "Saldo"]
MOVEMENTS: Rows = [
    ["02/11/2026", "TRF SARI CONTOH", "", "120.000,00", "1.120.000,00"],
    ["03/11/2026", "ADM", "2.500,00", "", "1.117.500,00"],
    ["14/11/2026", "SETOR UMPAMA", "", "50.000,00", "1.167.500,00"],
]


def csv_text(rows: Rows, delimiter: str = ";") -> str:
    return "".join(delimiter.join(map(str, row)) + "\r\n" for row in rows)


def kept(folder: Path, data: bytes | str | Rows, name: str = "mutasi.csv") -> Path:
    path = folder / name
    if isinstance(data, list):
        data = csv_text(data)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        read_statement(path)
    assert str(refused.value).endswith(".")
    return str(refused.value)


def sums(path: Path) -> tuple[int, int, int | None]:
    statement = read_statement(path)
    return statement.sum_credit_sen // 100, statement.sum_debit_sen // 100, statement.closing_sen


UNDERSTOOD: dict[str, str] = {
    "words of Indonesia": csv_text([HEADER, *MOVEMENTS]),
    "the newest first": csv_text([HEADER, *reversed(MOVEMENTS)]),
    "a signed amount, in English": (
        "Bank Contoh\nPosting Date,Value Date,Narrative,Amount (IDR),Running Balance\n"
        '"2026-11-02","2026-11-02","TRF SARI","120,000.00","1,120,000.00"\n'
        '"2026-11-03","2026-11-03","ADM","-2,500.00","1,117,500.00"\n'
        '"2026-11-14","2026-11-14","SETOR","50,000.00","1,167,500.00"\n'
    ),
    "a column of marks": (
        "Tanggal Transaksi|Tipe|Deskripsi|Nominal|Posisi|Saldo Akhir\n02-11-2026|TRF|SARI|120000|K|1120000\n"
        "03-11-2026|FEE|ADM|2500|D|1117500\n14-11-2026|CASH|SETOR|50000|K|1167500\n"
    ),
    "months first": (
        "Date\tDescription\tDebit\tCredit\tBalance\n11/02/2026\tA\t\t120000.00\t1120000.00\n"
        "11/03/2026\tB\t2500.00\t\t1117500.00\n11/14/2026\tC\t\t50000.00\t1167500.00\n"
    ),
    "balances around the table alone": (
        "Saldo Awal;1.000.000,00\nTanggal;Keterangan;Debet;Kredit\n02 Nov 2026;A;;120.000,00\n"
        "03 Nov 2026;B;2.500,00;\n14 Nov 2026;C;;50.000,00\nSaldo Akhir;1.167.500,00\n"
    ),
    "two names of one day": (
        "Tanggal Transaksi;Tanggal Posting;Uraian;Debet;Kredit;Saldo\n"
        "02/11/2026;02/11/2026;A;;120.000,00;1.120.000,00\n"
        "03/11/2026;03/11/2026;B;2.500,00;;1.117.500,00\n14/11/2026;14/11/2026;C;;50.000,00;1.167.500,00\n"
    ),
}


@pytest.mark.parametrize("text", UNDERSTOOD.values(), ids=UNDERSTOOD)
def test_a_table_is_read_that_nobody_described(text: str, tmp_path: Path) -> None:
    path = kept(tmp_path, text)
    assert sums(path) == (170_000, -2_500, 1_167_500_00)
    days = sorted(line.booked_on for line in read_statement(path).lines)
    assert days == [date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 14)]


def test_what_was_understood_is_said_and_is_one_layout_in_every_download(tmp_path: Path) -> None:
    with open_bank_file(kept(tmp_path, [HEADER, *MOVEMENTS])) as first:
        assert first.title == (
            "susunan dikenali dari judulnya: tanggal “Tgl Buku”, keterangan “Uraian Mutasi”, debet “Keluar”, "
            "kredit “Masuk”, saldo “Saldo”"
        )
    with open_bank_file(kept(tmp_path, [["Rekening 12345678"], HEADER, *MOVEMENTS[1:]], "lain.csv")) as second:
        assert second.layout == first.layout
    assert len(first.layout) <= 40


DOUBTED: dict[str, tuple[Rows | str, str]] = {
    "two credit columns": (
        [[*HEADER[:4], "Kredit", "Saldo"], ["02/11/2026", "A", "", "1,00", "1,00", "2,00"]],
        "dua kolom dapat berarti kredit: “Masuk” dan “Kredit”",
    ),
    "two days that differ": (
        [["Tanggal", *HEADER], ["01/11/2026", *MOVEMENTS[0]], ["01/11/2026", *MOVEMENTS[1]]],
        "dua kolom dapat berarti tanggal: “Tanggal” dan “Tgl Buku”",
    ),
    "no amount": ([["Tanggal", "Keterangan", "Saldo"], ["02/11/2026", "A", "1,00"]], "kolom nominal"),
    "no balance anywhere": (
        [HEADER[:4], *(row[:4] for row in MOVEMENTS)],
        "tidak ada saldo berjalan di setiap mutasi, atau saldo awal dan akhir",
    ),
    "one row": ([HEADER, MOVEMENTS[0]], "tidak ada saldo berjalan"),
    "columns that mean the opposite": (
        [["Tgl Buku", "Uraian Mutasi", "Masuk", "Keluar", "Saldo"], *MOVEMENTS],
        "Saldo tidak cocok",
    ),
    "a balance that is another one": (
        [HEADER, MOVEMENTS[0], [*MOVEMENTS[1][:4], "1.000,00"], MOVEMENTS[2]],
        "tidak ada saldo berjalan",
    ),
    "days that may be months": (
        "Date;Description;Debit;Credit;Balance\n10/01/2026;A;;1,00;1,00\n10/02/2026;B;;1,00;2,00\n",
        "urutan hari dan bulan pada tanggalnya tidak pasti",
    ),
    "no header at all": ([*MOVEMENTS], "baris judul kolom"),
    "names of people": ("Tanggal;Nama;Kota\n02/11/2026;Siti;Palembang\n", "kolom keterangan dan nominal"),
}


@pytest.mark.parametrize(("data", "told"), DOUBTED.values(), ids=DOUBTED)
def test_a_doubt_is_said_and_nothing_is_read(data: Rows | str, told: str, tmp_path: Path) -> None:
    sentence = refusal(kept(tmp_path, data))
    assert told in sentence
    assert "Tidak ada yang diimpor" in sentence
    assert "susunan kolomnya" in sentence, "the window offers the form"


@pytest.mark.parametrize("share", [0.55, 0.8])
def test_a_cut_table_is_refused(share: float, tmp_path: Path) -> None:
    text = csv_text([HEADER, *MOVEMENTS])
    assert "diimpor" in refusal(kept(tmp_path, text[: int(len(text) * share)]))


def test_a_missing_row_is_noticed(tmp_path: Path) -> None:
    assert "Saldo tidak cocok" in refusal(kept(tmp_path, [HEADER, MOVEMENTS[0], MOVEMENTS[2]]))


def test_a_table_with_the_name_of_a_workbook_is_told_its_ending(tmp_path: Path) -> None:
    assert "menjadi .csv" in refusal(kept(tmp_path, [HEADER, *MOVEMENTS], "mutasi.xls"))


ODD_SHEET: Rows = [
    ["LAPORAN MUTASI REKENING"],
    ["Bank Daerah Contoh", "", "", "Cabang Umpama"],
    ["No. Rekening", "123-456-7890"],
    [],
    ["", "Tanggal", "Uraian", "Mutasi", "", "Saldo"],  # merged cells: the names of two columns stand below
    ["", "", "", "Debet", "Kredit", ""],
    ["1", date(2026, 11, 2), "TRF SARI", "", "120.000,00", "1.120.000,00"],  # amounts as text
    ["2", "03/11/2026", "ADM", 2500, "", 1117500],  # a day as text
    ["3", 46340, "SETOR", 0, 50000.0, 1167500],  # a day as a serial number
    ["", "", "Jumlah", 2500, 170000, ""],
]


def test_a_workbook_with_titles_merged_cells_and_mixed_cells_is_read(tmp_path: Path) -> None:
    path = kept(tmp_path, workbook(ODD_SHEET), "mutasi.xlsx")
    statement = read_statement(path)
    assert sums(path) == (170_000, -2_500, 1_167_500_00)
    assert [line.booked_on for line in statement.lines] == [date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 14)]
    assert statement.account == "1234567890"


def test_an_old_workbook_is_read_with_text_and_with_serial_days(tmp_path: Path) -> None:
    rows: Rows = [["Rekening Koran"], HEADER, *MOVEMENTS[:2], [46340, "SETOR", "", 50000.0, 1167500.0]]
    path = kept(tmp_path, old_workbook(rows), "mutasi.xls")
    assert sums(path) == (170_000, -2_500, 1_167_500_00)


def test_an_old_workbook_in_a_known_layout_needs_no_guess(tmp_path: Path) -> None:
    rows: Rows = [
        ["Post Date", "Journal No.", "Description", "Debit", "Credit", "Balance"],
        ["02/11/2026", "1", "A", 0, 120000, 120000],
    ]
    with open_bank_file(kept(tmp_path, old_workbook(rows), "bni.xls")) as bank_file:
        assert bank_file.layout.startswith("bni")


def test_two_equal_sheets_are_a_doubt_and_the_form_still_gets_a_draft(tmp_path: Path) -> None:
    path = kept(tmp_path, old_workbook([HEADER, *MOVEMENTS], [HEADER, *MOVEMENTS]), "mutasi.xls")
    assert "dua lembar memuat mutasi: “Lembar 1” dan “Lembar 2”" in refusal(path)
    assert preview(path).profile is not None


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def old_workbook(*sheets: Rows) -> bytes:
    """An XLS file (BIFF8 in a compound file) with text and numbers."""
    bodies = []
    for rows in sheets:
        body = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6))
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    if cell:
                        words = struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le")
                        body += _record(0x0204, struct.pack("<HHH", row, column, 0) + words)
                else:
                    body += _record(0x0203, struct.pack("<HHHd", row, column, 0, float(str(cell))))
        bodies.append(body + _record(0x000A, b""))
    names = [f"Lembar {no}".encode("utf-16-le") for no in range(1, len(sheets) + 1)]
    size = 20 + sum(4 + 8 + len(name) for name in names) + 4
    places, at = b"", size
    for name, body in zip(names, bodies, strict=True):
        places += _record(0x0085, struct.pack("<IBBBB", at, 0, 0, len(name) // 2, 1) + name)
        at += len(body)
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6))
    return _compound(start + places + _record(0x000A, b"") + b"".join(bodies))


def _compound(stream: bytes) -> bytes:
    """A compound file with one stream named Workbook."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    count, end, free = len(stream) // 512, 0xFFFFFFFE, 0xFFFFFFFF
    head = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, count, 0, 4096, end, 0, end, 0) + struct.pack("<I", count + 1)
    head += struct.pack("<I", free) * 108

    def entry(name: str, kind: int, child: int, first: int, length: int) -> bytes:
        words = (name + "\0").encode("utf-16-le") if name else b""
        return (
            words.ljust(64, b"\0") + struct.pack("<HBB", len(words), kind, 1) + struct.pack("<III", free, free, child)
            + bytes(36) + struct.pack("<IQ", first, length)
        )  # fmt: skip

    folder = (
        entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 0, len(stream)) + entry("", 0, free, 0, 0) * 2
    )
    chain = [*range(1, count), end, end, 0xFFFFFFFD]
    return head + stream + folder + struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
