"""Profiles are data: shipped, written by a treasurer with a preview, exported, and never a guess."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desk.adapters.bank_files import (
    Profile,
    preview,
    profile_from_file,
    profile_from_toml,
    profile_to_toml,
    read_statement,
    shipped_profiles,
    why_not_profile,
)
from desk.errors import Refused
from desk.services import statements
from tests.statements.samples import STATEMENTS

DAERAH = (
    "Bank Pembangunan Daerah Contoh\n\nTgl#Uraian\n"
    "Tanggal;Jam;Uraian;No. Bukti;Jumlah;D/K;Saldo Berjalan\n"
    "10/02/2026;08.30;SETORAN SITI;B1;1.000,00;K;1.000,00\n"
)
OWN = Profile(
    id="bpd-contoh",
    bank="BPD Contoh",
    title="BPD Contoh, unduhan web",
    must={"date": "Tanggal", "amount": "Jumlah", "sign": "D/K"},
    may={"time": "Jam", "reference": "No. Bukti", "balance": "Saldo Berjalan|Saldo"},
    description=("Uraian",),
)


def test_the_banks_of_the_samples_are_shipped() -> None:
    assert {profile.bank for profile in shipped_profiles()} >= {"BRI", "Mandiri", "BNI", "BCA", "BSI"}
    assert len({profile.id for profile in shipped_profiles()}) == len(shipped_profiles()) >= 10


@pytest.mark.parametrize("profile", [*shipped_profiles(), OWN], ids=lambda profile: profile.id)
def test_an_exported_profile_is_read_back_as_it_was(profile: Profile) -> None:
    assert why_not_profile(profile) is None
    assert profile_from_toml(profile_to_toml(profile)) == profile


def test_every_setting_of_a_profile_survives_the_export() -> None:
    special = replace(
        OWN, title='Kutip " dan \\ garis\tmiring', delimiter="\t", decimals="comma", date_order="mdy", skip_rows=3,
        has_closing=True, more_description=("Berita", "Berita"),
    )  # fmt: skip
    assert profile_from_toml(profile_to_toml(special)) == special


def test_an_unknown_table_is_refused_until_somebody_describes_it(tmp_path: Path) -> None:
    path = tmp_path / "bpd.csv"
    path.write_text(DAERAH, "utf-8")
    with pytest.raises(Refused, match="buat profil bank"):
        read_statement(path)
    statement = read_statement(path, profiles=[OWN])
    [line] = statement.lines
    assert (statement.layout, statement.bank) == ("bpd-contoh", "BPD Contoh")
    assert (line.amount, line.reference, line.booked_at and line.booked_at.hour) == (1000, "B1", 8)


def test_a_preview_shows_the_rows_and_a_draft_that_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "bpd.csv"
    path.write_text(DAERAH, "utf-8")
    shown = preview(path)
    assert not shown.is_known
    assert shown.rows[3][:3] == ("Tanggal", "Jam", "Uraian")
    assert shown.profile is not None
    [line] = read_statement(path, profile=shown.profile).lines
    assert (line.amount, line.description) == (1000, "SETORAN SITI")


@pytest.mark.parametrize("name", ["bca_2026-10.csv", "mandiri_2026-10.xlsx"])
def test_a_preview_of_a_known_layout_names_it(name: str) -> None:
    shown = preview(STATEMENTS / name)
    assert shown.is_known
    assert shown.profile is not None
    assert shown.profile.bank in ("BCA", "Mandiri")


def test_a_preview_of_an_mt940_says_that_it_needs_no_profile() -> None:
    with pytest.raises(Refused, match="tanpa profil"):
        preview(STATEMENTS / "bni_2026-10.sta")


@pytest.mark.parametrize(
    ("settings", "day", "amount"),
    [
        ({"date_order": "mdy"}, 2, 1000),
        ({"decimals": "comma"}, 10, 1000),
        ({"skip_rows": 2, "delimiter": ";"}, 10, 1000),
    ],
)
def test_a_profile_may_fix_what_the_file_leaves_open(
    tmp_path: Path, settings: dict[str, object], day: int, amount: int
) -> None:
    path = tmp_path / "bpd.csv"
    path.write_text(DAERAH, "utf-8")
    [line] = read_statement(path, profile=replace(OWN, **settings)).lines  # type: ignore[arg-type]
    assert (line.booked_on.day, line.amount) == (day, amount)


def test_an_amount_in_the_other_style_than_the_profile_fixes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bpd.csv"
    path.write_text(DAERAH.replace("1.000,00;K", "1,000.00;K"), "utf-8")
    with pytest.raises(Refused, match="nominalnya tidak dikenal"):
        read_statement(path, profile=replace(OWN, decimals="comma"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('id = "bpd-contoh"', 'id = "BPD Contoh"', "huruf kecil"),
        ('id = "bpd-contoh"\n', "", "belum lengkap"),
        ('date = "Tanggal"\n', "", "tanggal"),
        ('amount = "Jumlah"\n', "", "nominal"),
        ('amount = "Jumlah"\n', 'amount = "Jumlah"\nwarna = "biru"\n', "warna"),
        ('bank = "BPD Contoh"', 'bank = "BPD Contoh"\nkolor = 1', "kolor"),
        ('bank = "BPD Contoh"', "bank = 7", "jenis salah"),
        ('bank = "BPD Contoh"', 'bank = "BPD Contoh"\ndecimals = "titik"', "gaya desimal"),
        ('bank = "BPD Contoh"', 'bank = "BPD Contoh"\ndelimiter = "#"', "pemisah"),
        ('bank = "BPD Contoh"', 'bank = "BPD Contoh"\nskip_rows = 5000', "0–100"),
        ('sign = "D/K"', "sign = 3", "salah tulis"),
        ('bank = "BPD Contoh"', "bank = ", "TOML"),
    ],
)
def test_a_profile_that_cannot_work_is_refused_with_what_is_wrong(old: str, new: str, told: str) -> None:
    text = profile_to_toml(OWN)
    assert old in text
    with pytest.raises(Refused, match=told):
        profile_from_toml(text.replace(old, new))


def test_a_profile_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "profil.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Refused, match="UTF-8"):
        profile_from_file(path)


_STRANGE = {
    "semicolon, totals below": (
        "Bank Daerah Contoh\r\nNo. Rekening : 123-456-7890\r\nSaldo Awal : 1.000.000,00\r\n\r\n"
        "Tanggal;Keterangan;Debet;Kredit;Saldo\r\n02-Nov-26;TRF SARI;;120.000,00;1.120.000,00\r\nHalaman 2 dari 2\r\n"
        "Tanggal;Keterangan;Debet;Kredit;Saldo\r\n03-Nov-26;ADM;2.500,00;;1.117.500,00\r\n"
        "Total;;2.500,00;120.000,00;\r\nSaldo Akhir;;;;1.117.500,00\r\n"
    ),
    "brackets": (
        "Account No,1234567890\nDate,Description,Amount (IDR),Ending Balance\n"
        '02/11/2026,TRF SARI,"120,000.00","1,120,000.00"\n03/11/2026,ADM,"(2,500.00)","1,117,500.00"\n'
    ),
    "blanks and a minus behind": (
        "Date|Narrative|Amount|Running Balance\n02.11.2026|TRF SARI|120 000,00|1 120 000,00\n"
        "03.11.2026|ADM|2 500,00-|1 117 500,00\n"
    ),
    "credit or debit in words": (
        "Posting Date\tRemark\tCredit/Debit\tAmount IDR\tBalance\n"
        "02 November 2026\tTRF SARI\tCR\t120,000.00\t1,120,000.00\n03 November 2026\tADM\tDB\t2,500.00\t1,117,500.00\n"
    ),
    "the newest first": (
        "Tgl Mutasi,Uraian,Pengeluaran,Penerimaan,Saldo Akhir\n2026-11-03,ADM,Rp2.500,,Rp1.117.500\n"
        "2026-11-02,TRF SARI,,Rp120.000,Rp1.120.000\n"
    ),
}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("text", _STRANGE.values(), ids=_STRANGE)
def test_the_draft_for_a_bank_nobody_knows_reads_its_table(text: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "mutasi.csv"
    path.write_bytes(text.encode(encoding))
    draft = preview(path).profile
    assert draft is not None
    read = statements.read_file(path, [draft])
    assert (read.credit_sen, read.debit_sen, read.closing_sen) == (12_000_000, -250_000, 111_750_000)
