"""Bank files as they also come: other encodings, page breaks, signs, years, newest first, long and streamed."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest

from desk.adapters.bank_files import open_bank_file, read_statement
from desk.rules.statement import Statement
from tests.statements.layouts import workbook
from tests.statements.samples import FILES, STATEMENTS

Read = Callable[..., Statement]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def statement(text: str | bytes, name: str = "mutasi.csv", encoding: str = "utf-8") -> Statement:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return read_statement(path)

    return statement


TEXTS = [name for name in FILES if not name.endswith((".xlsx", ".xml")) and "/" not in name]


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encoding_and_line_ends_change_nothing(read: Read, name: str, encoding: str, newline: str) -> None:
    data = (STATEMENTS / name).read_bytes()
    text = data.decode("cp1252" if b"\xc9 " in data or b"\xc9\xd1" in data else "utf-8-sig")
    again = read(newline.join(text.splitlines()) + newline, name, encoding)
    before = read_statement(STATEMENTS / name)
    assert [(line.amount_sen, line.description, line.booked_on) for line in again.lines] == [
        (line.amount_sen, line.description, line.booked_on) for line in before.lines
    ]


BSI = "TrxId;Tanggal;Trx Time;D/K;Mutasi;Saldo;Keterangan\n"


@pytest.mark.parametrize(
    ("amount", "mark", "sen"),
    [
        ("1.234.567,89", "K", 1_234_567_89),
        ("1,234,567.89", "CR", 1_234_567_89),
        ("1 234 567,89", "Kredit", 1_234_567_89),
        ("1'234'567.89", "C", 1_234_567_89),
        ("1.234.567", "D", -1_234_567_00),
        ("1.234", "DB", -1_234_00),
        ("1,234", "Debet", -1_234_00),
        ("12,5", "D", -12_50),
        (".50", "K", 50),
        ("Rp 70.000,00", "K", 70_000_00),
        ("IDR70,000.00", "K", 70_000_00),
        ("-70.000,00", "D", -70_000_00),
        ("70000", "K", 70_000_00),
    ],
)
def test_amounts_in_every_style(read: Read, amount: str, mark: str, sen: int) -> None:
    [line] = read(f"{BSI}FT1;04/10/2026;13.42.45;{mark};{amount};;setoran\n").lines
    assert line.amount_sen == sen


BCA = "Periode : 01/12/2026 - 31/01/2027\nTanggal Transaksi;Keterangan;Cabang;Jumlah;Saldo\n"


@pytest.mark.parametrize(
    ("amount", "sen"),
    [
        ("250,000.00 CR", 250_000_00),
        ("250,000.00 DB", -250_000_00),
        ("250.000,00 K", 250_000_00),
        ("250.000,00 D", -250_000_00),
        ("250.000,00", 250_000_00),
        ("(250.000,00)", -250_000_00),
        ("-250.000,00", -250_000_00),
        ("250.000,00-", -250_000_00),
        ("+250.000,00", 250_000_00),
        ("−250.000,00", -250_000_00),
        ("Rp250.000,00CR", 250_000_00),
        ("-Rp250.000,00", -250_000_00),
        ("Rp -250.000,00", -250_000_00),
        ("(Rp. 250.000,00)", -250_000_00),
        ("250.000,00 IDR", 250_000_00),
        ("Rp.250.000 DB", -250_000_00),
        ("DB 250.000", -250_000_00),
    ],
)
def test_signs_in_every_style(read: Read, amount: str, sen: int) -> None:
    text = f"{BCA}04/12;TRSF;0000;{amount};\nSaldo Akhir : 1.000.000,00\n"
    [line] = read(text).lines
    assert (line.amount_sen, line.booked_on) == (sen, date(2026, 12, 4))


def test_a_period_over_new_year_gives_each_day_its_year(read: Read) -> None:
    rows = "30/12;A;0000;1.00 CR;\n02/01;B;0000;2.00 CR;\nSaldo Akhir : 3.00\n"
    assert [line.booked_on for line in read(BCA + rows).lines] == [date(2026, 12, 30), date(2027, 1, 2)]


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        ("04/10/2026 13:42:45", time(13, 42, 45)),
        ("04-10-26 13.42.45", time(13, 42, 45)),
        ("2026-10-04T13:42:45", time(13, 42, 45)),
        ("2026-10-04 13:42", time(13, 42)),
        ("4 Oktober 2026 13:42:45 WIB", time(13, 42, 45)),
        ("4 Okt 26 01:42 PM", time(13, 42)),
        ("04-Oct-2026", None),
        ("20261004", None),
        ("04102026", None),
        ("'04/10/2026", None),
        ("Minggu, 4 Oktober 2026", None),
    ],
)
def test_days_in_every_style(read: Read, day: str, clock: time | None) -> None:
    [line] = read(f"Post Date;Description;Debit;Credit\n{day};KLIRING;0;70000\n").lines
    assert (line.booked_on, line.booked_at) == (date(2026, 10, 4), clock)


def test_a_header_on_every_page_and_what_stands_around_it_are_no_lines(read: Read) -> None:
    head = "Post Date,Value Date,Branch,Journal No.,Description,Debit,Credit,\n"
    row = '03/10/26 19.30.29,03/10/26,9901,70{},"TRF {}","0.00","70,000.00",\n'
    page = "\nBNI Direct\nAccount No. : 9990099887\nHalaman 2 dari 2\n"
    statement = read(head + row.format(1, "A") + page + head + row.format(2, "B") + ',,,,Total,"0.00","140,000.00",\n')
    assert [line.description for line in statement.lines] == ["TRF A", "TRF B"]
    assert statement.account == "9990099887"


def test_a_bank_that_lists_the_newest_line_first(read: Read) -> None:
    rows = "FT2;05/10/2026;10.00.00;D;500,00;1.500,00;biaya\nFT1;04/10/2026;09.00.00;K;1.000,00;2.000,00;setor\n"
    statement = read(BSI + rows)
    assert statement.newest_first
    assert statement.closing_sen == 1_500_00
    assert [line.reference for line in statement.oldest_first()] == ["FT1", "FT2"]


def test_twins_on_one_day_listed_newest_first_are_told_by_their_balances(read: Read) -> None:
    rows = "FT2;04/10/2026;;K;500,00;1.500,00;setor\nFT1;04/10/2026;;K;500,00;1.000,00;setor\n"
    assert read(BSI + rows).newest_first


def test_a_payer_whose_name_begins_like_a_total_is_a_line(read: Read) -> None:
    rows = "FT1;04/10/2026;;K;500,00;;TOTAL ENERGI KHAYAL\nFT2;05/10/2026;;K;500,00;;SALDO AWAL REKAAN PT\n"
    assert len(read(BSI + rows).lines) == 2


def test_a_balance_row_with_a_day_is_no_line(read: Read) -> None:
    rows = (
        "01/10/2026;SALDO AWAL;;0,00;0,00;100,00\n"
        "02/10/2026;setor;;0,00;50,00;150,00\n"
        "31/10/2026;SALDO AKHIR;;;;150,00\n"
    )
    statement = read("Tanggal Transaksi;Uraian Transaksi;Teller;Debet;Kredit;Saldo\n" + rows)
    assert (len(statement.lines), statement.opening_sen, statement.closing_sen) == (1, 100_00, 150_00)


def test_the_first_of_several_opening_balances_opens_the_statement(read: Read) -> None:
    head = "Tanggal Transaksi;Uraian Transaksi;Teller;Debet;Kredit;Saldo\n"
    first = ";SALDO AWAL;;;;100,00\n02/10/2026;A;;0,00;50,00;150,00\n"
    second = ";SALDO AWAL;;;;150,00\n03/10/2026;B;;0,00;1,00;151,00\n"
    assert read(head + first + head + second).opening_sen == 100_00


def test_a_workbook_with_real_days_and_a_title_row(read: Read) -> None:
    rows = [["Mutasi Rekening"], [], ["Post Date", "Journal No.", "Description", "Debit", "Credit", "Balance"]]
    data = workbook([*rows, [date(2026, 10, 4), 702637, "SETOR", 0, 70000.5, 70000.5], ["", "", "Total", 0, 70000.5]])
    [line] = read(data, "bni.xlsx").lines
    assert (line.booked_on, line.amount_sen, line.reference) == (date(2026, 10, 4), 70_000_50, "702637")


def test_a_reversed_credit_in_an_mt940_goes_out(read: Read) -> None:
    text = (
        ":20:X\n:25:999\n:60F:C261001IDR1000,\n:61:2610021002C500,25NTRFNONREF\n:86:masuk\n"
        ":61:2610031003RC500,25NRTINONREF//9\n:86:retur\n:61:2610041004RD1,NRTINONREF\n:62F:C261004IDR1001,\n-\n"
    )
    lines = read(text, "x.sta").lines
    assert [line.amount_sen for line in lines] == [500_25, -500_25, 1_00]
    assert [line.reversal for line in lines] == [False, True, True]
    assert [line.reference for line in lines] == [None, "9", None]


def test_subfields_of_an_mt940_remark_are_parted(read: Read) -> None:
    remark = "166?00TRF?20INV-1600-\n26-0094?32SITI"
    text = f":20:X\n:25:999\n:60F:C261001IDR0,\n:61:261002C5,NTRFNONREF\n:86:{remark}\n:62F:C261002IDR5,\n"
    assert read(text, "x.sta").lines[0].description == "166 | TRF | INV-1600-26-0094 | SITI"


def test_a_missing_day_between_two_statements_of_an_mt940_is_refused(read: Read) -> None:
    from desk.errors import Refused

    text = (STATEMENTS / "bni_2026-10.sta").read_text("utf-8")
    days = text.split("-\n")
    with pytest.raises(Refused, match="hari yang hilang"):
        read("-\n".join([*days[:3], *days[4:]]), "x.sta")


def test_a_long_file_needs_little_memory_and_tells_how_far_it_is(tmp_path: Path) -> None:
    path = tmp_path / "panjang.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write("Post Date,Journal No.,Description,Debit,Credit\r\n")
        for number in range(20_000):
            stream.write(f"03/10/26 19.30.29,{number:06d},TRF DARI SITI {number},0.00,70000.00\r\n")
    told: list[tuple[int, int]] = []
    with open_bank_file(path, progress=lambda done, total: told.append((done, total))) as bank_file:
        tracemalloc.start()
        count = sum(1 for _ in bank_file.lines())
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert count == 20_000
    assert peak < 8_000_000
    assert told[-1] == (path.stat().st_size, path.stat().st_size)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
