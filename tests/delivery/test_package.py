"""The package of a delivery: what lies in it, how it is locked and split, and what stops it."""

from __future__ import annotations

import csv
import hashlib
import shutil
from concurrent.futures import CancelledError
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import pytest
from pyzipper import AESZipFile

from desk.adapters import package
from desk.adapters.package import new_password, pack, why_changed
from desk.errors import Refused, Unavailable
from desk.rules.case import Channel
from desk.rules.package import (
    LIST_NAME,
    README_NAME,
    DataFile,
    PackageOrder,
    PasswordWay,
    file_list,
    split,
    why_not_password_way,
)

if TYPE_CHECKING:
    from pathlib import Path

CLAUSES = ("Data hanya digunakan untuk keperluan yang tertulis.", "Data tidak digandakan.")


def data_file(folder: Path, name: str, data: bytes) -> DataFile:
    path = folder / name
    path.write_bytes(data)
    return DataFile(name, str(path), len(data), hashlib.sha256(data).hexdigest(), 1200, 48)


def order(*files: DataFile, **changes: object) -> PackageOrder:
    made = PackageOrder("PST-1600-2026-000001", "B-001/SPPD", 1, Channel.EMAIL, files, CLAUSES, 20_000_000)
    return replace(made, **changes)  # type: ignore[arg-type]


class Told(NamedTuple):
    at: int
    of: int


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "paket untuk dikirim"
    folder.mkdir()
    return folder


def quiet(_at: int, _of: int) -> None:
    return


def test_the_package_holds_data_list_words_and_kuitansi_and_opens_only_with_its_password(
    tmp_path: Path, out: Path
) -> None:
    table, map_ = data_file(tmp_path, "susenas.csv", b"a;b\r\n" * 5000), data_file(tmp_path, "peta.gpkg", bytes(3000))
    password = new_password()
    [part] = pack(order(table, map_, receipt=("kuitansi.pdf", b"%PDF-1.7")), out, password, quiet)
    assert part.name == "PST-1600-2026-000001-data-v1.zip"
    whole = (out / part.name).read_bytes()
    assert (part.size, part.sha256) == (len(whole), hashlib.sha256(whole).hexdigest())
    assert b"a;b" not in whole
    with AESZipFile(out / part.name) as opened:
        assert set(opened.namelist()) == {"susenas.csv", "peta.gpkg", "kuitansi.pdf", LIST_NAME, README_NAME}
        for name in opened.namelist():
            with pytest.raises(RuntimeError, match=r"password|encrypted"):
                opened.read(name)
        opened.setpassword(password.encode())
        assert opened.read("susenas.csv") == b"a;b\r\n" * 5000
        rows = list(csv.reader(opened.read(LIST_NAME).decode("utf-8-sig").splitlines(), delimiter=";"))
        assert rows[1] == ["susenas.csv", "25000", table.sha256, "1200", "48"]
        assert CLAUSES[1] in opened.read(README_NAME).decode("utf-8-sig")


def test_a_later_version_tells_to_destroy_the_one_before(tmp_path: Path, out: Path) -> None:
    file = data_file(tmp_path, "susenas.csv", b"x" * 100)
    [part] = pack(order(file, version=2), out, "kata-sandi", quiet)
    with AESZipFile(out / part.name) as opened:
        opened.setpassword(b"kata-sandi")
        words = opened.read(README_NAME).decode("utf-8-sig")
    assert "Versi 2 menggantikan versi 1. Hapus versi sebelumnya" in words


def test_what_the_channel_cannot_carry_at_once_goes_in_parts_of_whole_files(tmp_path: Path, out: Path) -> None:
    files = [data_file(tmp_path, f"bagian-{at}.bin", Random(at).randbytes(700_000)) for at in range(3)]
    parts = pack(order(*files, limit=1_600_000), out, "kata-sandi", quiet)
    assert [part.name.partition("-v1-")[2] for part in parts] == ["bagian-1-dari-2.zip", "bagian-2-dari-2.zip"]
    inside = []
    for part in parts:
        assert part.size <= 1_600_000
        with AESZipFile(out / part.name) as opened:
            inside.append({name for name in opened.namelist() if name.endswith(".bin")})
    assert inside == [{"bagian-0.bin", "bagian-1.bin"}, {"bagian-2.bin"}]


def test_a_file_that_no_part_can_carry_is_refused_with_its_name(tmp_path: Path, out: Path) -> None:
    file = data_file(tmp_path, "besar.bin", bytes(2_000_000))
    with pytest.raises(Refused, match=r"besar\.bin .* melebihi batas kanal surel"):
        pack(order(file, limit=1_600_000), out, "kata-sandi", quiet)
    assert list(out.iterdir()) == []
    assert not isinstance(split(order(file, limit=None)), str)


@pytest.mark.parametrize("change", [b"y" * 100, b"x" * 101])
def test_a_file_that_changed_since_the_check_stops_the_package_and_leaves_nothing(
    tmp_path: Path, out: Path, change: bytes
) -> None:
    good, bad = data_file(tmp_path, "baik.csv", b"1" * 50), data_file(tmp_path, "peta.gpkg", b"x" * 100)
    (tmp_path / "peta.gpkg").write_bytes(change)
    with pytest.raises(Refused, match=r"peta\.gpkg sudah berubah sejak diperiksa"):
        pack(order(good, bad), out, "kata-sandi", quiet)
    assert list(out.iterdir()) == []


def test_a_file_or_a_share_that_is_gone_is_said_and_leaves_nothing(tmp_path: Path, out: Path) -> None:
    file = data_file(tmp_path, "peta.gpkg", b"x" * 100)
    (tmp_path / "peta.gpkg").unlink()
    with pytest.raises(Unavailable, match=r"peta\.gpkg tidak dapat dibaca"):
        pack(order(file), out, "kata-sandi", quiet)
    assert list(out.iterdir()) == []
    with pytest.raises(Unavailable, match="tidak dapat dibuka"):
        pack(order(data_file(tmp_path, "a.csv", b"1")), out / "tidak ada", "kata-sandi", quiet)


def test_a_full_disk_is_said_before_anything_is_written(
    tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: type("Usage", (), {"free": 10}))
    with pytest.raises(Unavailable, match="Sisa ruang"):
        pack(order(data_file(tmp_path, "a.csv", b"1" * 100)), out, "kata-sandi", quiet)
    assert list(out.iterdir()) == []


def test_progress_counts_the_bytes_and_giving_up_leaves_nothing(
    tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "PIECE", 1000)
    file = data_file(tmp_path, "a.csv", bytes(range(256)) * 20)
    told: list[Told] = []
    pack(order(file), out, "kata-sandi", lambda at, of: told.append(Told(at, of)))
    assert told[0] == (1000, 5120)
    assert told[-1] == (5120, 5120)
    (out / "PST-1600-2026-000001-data-v1.zip").unlink()

    def stop(_at: int, _of: int) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        pack(order(file), out, "kata-sandi", stop)
    assert list(out.iterdir()) == []


def test_a_data_file_never_takes_the_place_of_the_list_or_the_kuitansi(tmp_path: Path) -> None:
    names = ("baca-saya.TXT", "kuitansi.pdf", "peta.gpkg")
    files = [data_file(tmp_path, name, b"1") for name in names]
    given = order(*files, receipt=("Kuitansi.pdf", b"%PDF"))
    assert given.names_inside == ("baca-saya (2).TXT", "kuitansi (2).pdf", "peta.gpkg")


def test_a_name_is_no_formula_in_the_list(tmp_path: Path) -> None:
    assert "'=1+1.csv;1;" in file_list(order(data_file(tmp_path, "=1+1.csv", b"1")))


def test_the_password_goes_another_way_than_the_package() -> None:
    assert why_not_password_way(Channel.EMAIL, PasswordWay.EMAIL) is not None
    assert why_not_password_way(Channel.WHATSAPP, PasswordWay.WHATSAPP) is not None
    assert why_not_password_way(Channel.FORUM, PasswordWay.EMAIL) is None


def test_comparing_reads_a_file_piece_by_piece(tmp_path: Path) -> None:
    file, read = data_file(tmp_path, "a.csv", b"1" * 100), list[int]()
    assert why_changed(file, read.append) is None
    assert read == [100]
    (tmp_path / "a.csv").write_bytes(b"2" * 100)
    assert "sudah berubah" in (why_changed(file, read.append) or "")
