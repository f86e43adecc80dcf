"""Packing meets real faults: a disk that is full, a share that goes away, a program that is killed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import psutil
import pytest

from desk.adapters import package
from desk.adapters.package import pack
from desk.errors import Refused, Unavailable
from desk.rules.case import Channel
from desk.rules.package import DataFile, PackageOrder

_LARGE = 4_000_000


def order(folder: Path, *names: str) -> PackageOrder:
    files = []
    for name in names:
        data = hashlib.shake_128(name.encode()).digest(_LARGE)
        (folder / name).write_bytes(data)
        files.append(DataFile(name, str(folder / name), len(data), hashlib.sha256(data).hexdigest()))
    return PackageOrder("PST-1600-2026-000001", "B-001/SPPD", 1, Channel.DESK, tuple(files), (), None)


def quiet(_at: int, _of: int) -> None:
    return


def elsewhere(source: str, *arguments: str) -> subprocess.Popen[str]:
    """A program of its own that packs."""
    head = """
    import sys
    from pathlib import Path
    from desk.adapters.package import pack
    from desk.rules.case import Channel
    from desk.rules.package import DataFile, PackageOrder
    path, size, digest, folder = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], Path(sys.argv[4])
    file = DataFile(path.name, str(path), size, digest)
    given = PackageOrder("PST-1600-2026-000001", "B-001/SPPD", 1, Channel.DESK, (file,), (), None)
    """
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(head) + textwrap.dedent(source), *arguments],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


@pytest.mark.skipif(sys.platform == "win32", reason="the limit of a file's size is set with resource")
def test_a_disk_that_fills_up_while_the_package_is_written_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    [file] = order(tmp_path, "kor.bin").files
    out = tmp_path / "kirim"
    out.mkdir()
    running = elsewhere(
        """
        import resource, signal
        from desk.errors import Unavailable
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))  # the system refuses every further byte
        try:
            pack(given, folder, "kata-sandi", lambda at, of: None)
        except Unavailable as trouble:
            print(trouble)
        """,
        *(file.path, str(file.size), file.sha256, str(out)),
    )
    said, _ = running.communicate(timeout=60)
    assert "Paket tidak dapat ditulis ke" in said
    assert "paket yang belum selesai sudah dibuang" in said
    assert list(out.iterdir()) == []


def test_a_folder_that_goes_away_in_the_middle_holds_nothing_that_looks_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "PIECE", 500_000)
    share = tmp_path / "bersama"
    share.mkdir()
    given = order(tmp_path, "kor.bin")

    def unplug(at: int, of: int) -> None:
        if at * 2 > of and share.exists():
            share.rename(tmp_path / "tercabut")

    with pytest.raises(Unavailable, match="tidak dapat ditulis"):
        pack(given, share, "kata-sandi", unplug)
    assert [path.name for path in (tmp_path / "tercabut").iterdir() if not path.name.endswith(".belum-selesai")] == []


def test_a_source_that_goes_away_or_shrinks_in_the_middle_stops_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "PIECE", 500_000)
    share, out = tmp_path / "sumber", tmp_path / "kirim"
    share.mkdir()
    out.mkdir()
    given = order(share, "kor.bin", "peta.bin")

    def unplug(at: int, _of: int) -> None:
        if at > _LARGE // 2 and share.exists():
            share.rename(tmp_path / "tercabut")

    with pytest.raises(Unavailable, match=r"peta\.bin tidak dapat dibaca"):
        pack(given, out, "kata-sandi", unplug)
    assert list(out.iterdir()) == []
    (tmp_path / "tercabut").rename(share)

    def shrink(at: int, _of: int) -> None:
        if at == 500_000:
            os.truncate(share / "kor.bin", 600_000)

    with pytest.raises(Refused, match=r"kor\.bin sudah berubah"):
        pack(given, out, "kata-sandi", shrink)
    assert list(out.iterdir()) == []


def test_a_program_that_is_killed_while_it_packs_leaves_nothing_that_could_be_sent(tmp_path: Path) -> None:
    [file] = order(tmp_path, "kor.bin").files
    out = tmp_path / "kirim"
    out.mkdir()
    running = elsewhere(
        """
        def halfway(at, of):
            print(at, flush=True)
            if at * 2 > of:
                sys.stdin.read()  # until it is killed
        pack(given, folder, "kata-sandi", halfway)
        """,
        *(file.path, str(file.size), file.sha256, str(out)),
    )
    assert running.stdout is not None
    for line in running.stdout:
        if int(line) * 2 > file.size:
            break
    psutil.Process(running.pid).kill()
    running.communicate(timeout=20)
    [left] = out.iterdir()
    assert left.name == "PST-1600-2026-000001-data-v1.zip.belum-selesai"
    given = PackageOrder("PST-1600-2026-000001", "B-001/SPPD", 1, Channel.DESK, (file,), (), None)
    [part] = pack(given, out, "kata-sandi", quiet)
    assert [path.name for path in out.iterdir()] == [part.name], "the next packing takes its place"
