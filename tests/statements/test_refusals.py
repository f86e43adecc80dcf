"""A cut, empty, wrongly named or foreign file gets a sentence and imports nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desk.adapters.bank_files import open_bank_file, read_statement
from desk.errors import Refused
from tests.statements.samples import SAMPLES, STATEMENTS

Write = Callable[[str, bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def file(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return file


def sentence(path: Path) -> str:
    with pytest.raises(Refused) as refusal:
        read_statement(path)
    text = str(refusal.value)
    assert text.endswith(".")
    assert path.name in text
    return text


@pytest.mark.parametrize(
    "name",
    [
        "bca_2026-10.csv",
        "bri_ib_2026-10.csv",
        "bri_cms_2026-10.csv",
        "mandiri_2026-10.mt940",
        "bni_2026-10.sta",
        "camt053_v02_2026-10.xml",
        "camt053_v08_2026-10.xml",
        "mandiri_2026-10.xlsx",
        "bni_2026-10.xlsx",
        "bni_2026-10.csv",
        "mandiri_mcm_2026-10.csv",
    ],
)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_statement_cut_in_the_middle_is_refused(write: Write, name: str, share: float) -> None:
    data = (STATEMENTS / name).read_bytes()
    cut = data[: int(len(data) * share)].rstrip(b"\r\n")
    if cut.endswith((b'"', b",")):
        cut = cut[:-3]
    assert "diimpor" in sentence(write(name, cut))


@pytest.mark.parametrize("row", [5, 9, 12])
@pytest.mark.parametrize(
    "name", ["bca_2026-10.csv", "bri_cms_2026-10.csv", "bsi_2026-10.csv", "mandiri_postdate_2026-10.csv"]
)
def test_a_statement_without_one_of_its_rows_is_refused(write: Write, name: str, row: int) -> None:
    rows = (STATEMENTS / name).read_bytes().splitlines(keepends=True)
    del rows[row + 6 if name.startswith("bca") else row]
    assert "Saldo tidak cocok" in sentence(write(name, b"".join(rows)))


@pytest.mark.parametrize("name", ["bca_2026-10.csv", "bri_ib_2026-10.csv"])
def test_a_statement_cut_between_two_rows_misses_its_closing_balance(write: Write, name: str) -> None:
    rows = (STATEMENTS / name).read_bytes().splitlines(keepends=True)
    assert "saldo akhir di penutupnya tidak ada" in sentence(write(name, b"".join(rows[:18])))


MCM = b"Account No,Date,Val. Date,Transaction Code,Description,Description,Reference No.,Debit,Credit\n"


def test_a_row_that_ends_too_early_is_refused_wherever_it_stands(write: Write) -> None:
    short, whole = b"999,02/10/26,02/10/26,1,A,B,K1,5.00\n", b"999,02/10/26,02/10/26,1,A,B,K2,.00,7.00\n"
    assert "baris 2 tidak lengkap" in sentence(write("mcm.csv", MCM + short + whole))


@pytest.mark.parametrize(
    "rows",
    [
        b'FT1;04/10/2026;;K;1,00;;"SETOR TU',
        b'FT1;04/10/2026;;K;1,00;;SETOR\nFT2;04/10/2026;;K;1,00;;"RUMAH\nFT3;04/10/2026;;K;1,00;;SETOR\n',
        b"FT1;04/10/2026;;K;1,00;;SETOR\nFT2;04/10",
    ],
)
def test_a_text_that_stops_in_the_middle_is_refused(write: Write, rows: bytes) -> None:
    assert "terpotong" in sentence(write("bsi.csv", b"TrxId;Tanggal;Trx Time;D/K;Mutasi;Saldo;Keterangan\n" + rows))


@pytest.mark.parametrize("rest", [b"33,421", b"33,4"])
def test_a_balance_that_stops_in_the_middle_is_refused(write: Write, rest: bytes) -> None:
    rows = (STATEMENTS / "mandiri_postdate_2026-10.csv").read_bytes().splitlines(keepends=True)
    row = rows[1].rpartition(b";")[0] + b";" + rest
    assert "di tengah nominal" in sentence(write("mandiri.csv", rows[0] + row))


def test_a_text_that_may_have_lost_its_end_is_pointed_out(write: Write) -> None:
    data = (STATEMENTS / "bsi_2026-10.csv").read_bytes().rstrip(b"\n")
    assert "mungkin terpotong" in read_statement(write("bsi.csv", data)).notices[0]


def test_sums_in_the_footer_tell_a_missing_row_where_there_are_no_balances(write: Write) -> None:
    from tests.statements.layouts import workbook

    header = ["No.", "Tanggal Kirim", "Journal No.", "Deskripsi", "Amount", "Db/Cr"]
    row = [1, "02/10/2026 16:44:38", "718575", "LILIS UMPAMI iuran", 88000, "C"]
    whole = write("utuh.xlsx", workbook([header, row, ["", "", "", "Total Credit", 88000]]))
    short = write("kurang.xlsx", workbook([header, row, ["", "", "", "Total Credit", 99000]]))
    assert len(read_statement(whole).lines) == 1
    assert "jumlah kredit" in sentence(short)


@pytest.mark.parametrize("data", [b"", b"\r\n\r\n", b"\xef\xbb\xbf", b"\0" * 4096, b"\xff\xfe"])
@pytest.mark.parametrize("name", ["mutasi.csv", "mutasi.xlsx", "mutasi.sta", "mutasi.xml"])
def test_an_empty_file_is_refused(write: Write, name: str, data: bytes) -> None:
    assert "kosong" in sentence(write(name, data))


def test_a_table_without_movements_is_refused(write: Write) -> None:
    header = (STATEMENTS / "bsi_2026-10.csv").read_bytes().splitlines(keepends=True)[0]
    assert "tidak memuat mutasi" in sentence(write("bsi.csv", header))


@pytest.mark.parametrize(
    ("sample", "name", "ending"),
    [
        ("mandiri_2026-10.xlsx", "mutasi.csv", ".xlsx"),
        ("bca_2026-10.csv", "mutasi.xlsx", ".csv"),
        ("bca_2026-10.csv", "mutasi.sta", ".csv"),
        ("mandiri_2026-10.mt940", "mutasi.csv", ".sta"),
        ("camt053_v08_2026-10.xml", "mutasi.csv", ".xml"),
        ("bri_cms_2026-10.csv", "mutasi.pdf", ".csv"),
    ],
)
def test_a_wrongly_named_file_is_refused_and_told_its_right_ending(
    write: Write, sample: str, name: str, ending: str
) -> None:
    assert f"menjadi {ending} " in sentence(write(name, (STATEMENTS / sample).read_bytes()))


@pytest.mark.parametrize("name", ["mutasi.txt", "mutasi"])
def test_a_text_without_a_telling_ending_is_read_for_what_it_is(write: Write, name: str) -> None:
    for sample in ("bca_2026-10.csv", "mandiri_2026-10.mt940", "camt053_v08_2026-10.xml"):
        assert read_statement(write(name, (STATEMENTS / sample).read_bytes())).lines


FOREIGN = sorted(
    path for folder in ("mail", "hostile", "scans", "people", "chat") for path in (SAMPLES / folder).glob("*.*")
)


@pytest.mark.parametrize("path", FOREIGN, ids=lambda path: path.name)
def test_a_foreign_file_is_refused_under_its_name_and_as_a_table(write: Write, path: Path) -> None:
    data = path.read_bytes()
    sentence(write(path.name, data))
    sentence(write("mutasi.csv", data))


def test_a_table_nobody_has_described_asks_for_a_profile(write: Write) -> None:
    assert "buat profil bank" in sentence(write("daftar.csv", b"Nama;Kota\r\nSiti;Palembang\r\n"))


def test_a_web_page_named_like_a_workbook_is_refused(write: Write) -> None:
    assert "halaman web" in sentence(
        write("mutasi.xls", b"<html><body><table><tr><td>Tanggal</td></tr></table></body></html>")
    )


def test_outside_entities_of_an_xml_are_never_opened(write: Write, tmp_path: Path) -> None:
    secret = tmp_path / "rahasia.txt"
    secret.write_text("RAHASIA", "utf-8")
    text = (STATEMENTS / "camt053_v08_2026-10.xml").read_text("utf-8")
    hostile = text.replace("<Document", f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]><Document', 1)
    hostile = hostile.replace("<Ustrd>", "<Ustrd>&x;", 1)
    statement = read_statement(write("mutasi.xml", hostile.encode()))
    assert "RAHASIA" not in "".join(line.description + line.raw for line in statement.lines)


def test_a_report_of_the_running_day_is_no_statement(write: Write) -> None:
    text = (STATEMENTS / "camt053_v08_2026-10.xml").read_text("utf-8").replace("camt.053", "camt.052")
    assert "CAMT052" in sentence(write("mutasi.xml", text.encode()))


def test_an_account_in_another_currency_is_refused(write: Write) -> None:
    data = (STATEMENTS / "mandiri_postdate_2026-10.csv").read_bytes().replace(b";IDR;", b";USD;")
    assert "hanya rekening rupiah" in sentence(write("mandiri.csv", data))


def test_two_accounts_in_one_file_are_refused(write: Write) -> None:
    rows = (STATEMENTS / "mandiri_mcm_2026-10.csv").read_text("utf-8").splitlines()
    rows[5] = rows[5].replace("9990001234567", "9990007777777")
    assert "lebih dari satu rekening" in sentence(write("mandiri.csv", "\n".join(rows).encode()))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("04/10/2026;13", "31/02/2026;13", "tanggal “31/02/2026” tidak dikenal"),
        ("04/10/2026;13", ";13", "tanggalnya kosong"),
        (";K;312.660,00;", ";K;;", "nominalnya kosong"),
        (";K;312.660,00;", ";K;312.66,00;", "nominalnya tidak dikenal"),
        (";K;312.660,00;", ";X;312.660,00;", "nominalnya tidak dikenal"),
        (";20.412.660,00;", ";20.412.66,00;", "saldonya tidak dikenal"),
    ],
)
def test_a_row_that_cannot_be_understood_is_named(write: Write, old: str, new: str, told: str) -> None:
    text = (STATEMENTS / "bsi_2026-10.csv").read_text("utf-8").replace(old, new, 1)
    found = sentence(write("bsi.csv", text.encode()))
    assert told in found
    assert "baris 2 " in found


def test_a_day_without_year_needs_the_period(write: Write) -> None:
    text = (STATEMENTS / "bca_2026-10.csv").read_text("cp1252").replace("Periode : 01/10/2026 - 31/10/2026", "")
    assert "tidak bertahun" in sentence(write("bca.csv", text.encode("cp1252")))


def test_quotes_that_never_close_are_refused(write: Write) -> None:
    text = (
        (STATEMENTS / "mandiri_mcm_2026-10.csv")
        .read_text("utf-8")
        .replace('"pembelian data  "', '"pembelian data  ', 1)
    )
    sentence(write("mandiri.csv", text.encode()))


def test_an_endless_line_is_refused(write: Write) -> None:
    sentence(write("mutasi.csv", b"Tanggal;Keterangan;" + b"x" * 3_000_000))


def test_reading_can_be_cancelled(write: Write) -> None:
    row = b"9990001234567,02/10/26,02/10/26,6902,a,b,K1,.00,1.00\n"
    header = b"Account No,Date,Val. Date,Transaction Code,Description,Description,Reference No.,Debit,Credit\n"
    path = write("besar.csv", header + row * 5_000)
    done: list[int] = []
    with (
        open_bank_file(path, progress=lambda at, _: done.append(at), cancelled=lambda: len(done) > 2) as bank_file,
        pytest.raises(Refused, match="dihentikan"),
    ):
        for _ in bank_file.lines():
            pass
    assert 0 < len(done) < 5
