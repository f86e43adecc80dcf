"""A package of 1 GB and a case file of 60 papers."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from concurrent.futures import CancelledError
from pathlib import Path

import psutil

from desk.adapters.package import new_password, pack
from desk.bench.figures import Figure, timed
from desk.rules.case import Channel
from desk.rules.package import DataFile, PackageOrder

_FILES = 4
_SIZE = 256 * 1024 * 1024
_BLOCK = 1024 * 1024
_PAPERS = 60


def measure() -> list[Figure]:
    """Speed, memory and cancelling of a large package; time and memory of a large case file."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return [*_package(), *_case_file()]


def _package() -> list[Figure]:
    process = psutil.Process()
    with tempfile.TemporaryDirectory(prefix="meja-pst-") as name:
        folder, out = Path(name), Path(name) / "kirim"
        out.mkdir()
        order = _order(folder)
        whole = _FILES * _SIZE
        raw = timed(lambda: [_read(Path(file.path)) for file in order.files])
        memory: list[float] = []

        def tell(_at: int, _of: int) -> None:
            memory.append(process.memory_info().rss / 2**20)

        begun = time.perf_counter()
        pack(order, out, new_password(), tell)
        took = time.perf_counter() - begun
        for path in out.iterdir():
            path.unlink()

        def give_up(at: int, of: int) -> None:
            if at * 10 > of:
                raise CancelledError

        asked = time.perf_counter()
        try:
            pack(order, out, new_password(), give_up)
        except CancelledError:
            asked = time.perf_counter() - asked
        assert list(out.iterdir()) == []
    settled = memory[len(memory) // 20]
    speed = whole / 1e6 / took
    return [
        Figure("package of 1 GiB in 4 files, locked", took * 1000, took * 1000, took * 1000, raw=raw,
               note="raw: reading and SHA-256"),
        Figure("package of 1 GiB", speed, speed, speed, "MB/s"),
        Figure("memory while packing, above its start", max(memory) - settled, 0, max(memory) - settled, "MB",
               aim="flat", note=f"{len(memory)} words about the progress"),
        Figure("cancelled after a tenth, all thrown away", asked * 1000, asked * 1000, asked * 1000),
    ]  # fmt: skip


def _order(folder: Path) -> PackageOrder:
    """Files that do not shrink, as compressed maps and SAV files."""
    files = []
    for at in range(_FILES):
        path, digest = folder / f"data-{at}.bin", hashlib.sha256()
        with path.open("wb") as stream:
            for _ in range(_SIZE // _BLOCK):
                block = os.urandom(_BLOCK)
                digest.update(block)
                stream.write(block)
        files.append(DataFile(path.name, str(path), _SIZE, digest.hexdigest()))
    return PackageOrder("PST-1600-2026-000001", "", 1, Channel.DESK, tuple(files), ("Data tidak digandakan.",), None)


def _read(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _case_file() -> list[Figure]:
    from desk.adapters.database import transaction
    from desk.adapters.paper import PaperShop
    from desk.bench.office import OFFICE, bench_office
    from desk.bench.papers import example
    from desk.paperwork import make_case_file
    from desk.rules.inputs import IncomingFile
    from desk.rules.papers import PaperKind
    from desk.services import documents

    shop = PaperShop()
    try:
        with bench_office() as office, tempfile.TemporaryDirectory(prefix="meja-pst-") as name:
            office.grow(100)
            engine = office.engine_of("ukur_petugas")
            with office.owner.connect() as connection:
                case = connection.exec_driver_sql(
                    "SELECT id FROM desk.cases WHERE officer_queue = 'offer' LIMIT 1"
                ).scalar()
            assert case is not None
            paper = example(shop, PaperKind.SPPD, 12).pdf
            for at in range(_PAPERS):
                data = paper + f"\n% {at}\n".encode()  # every paper has a hash of its own
                with transaction(engine) as session:
                    file = IncomingFile(f"naskah-{at + 1}.pdf", "application/pdf", data)
                    documents.store(session, OFFICE, case, file, kind="incoming", title=f"Naskah {at + 1}")
            memory: list[float] = []

            def tell(_at: int, _of: int) -> None:
                memory.append(psutil.Process().memory_info().rss / 2**20)

            begun = time.perf_counter()
            made = make_case_file(
                engine, shop, OFFICE, case, made_by="Ukur", target=Path(name) / "berkas.pdf", progress=tell
            )
            took = (time.perf_counter() - begun) * 1000
            pages = made.pages
    finally:
        shop.close()
    return [
        Figure(f"case file of {_PAPERS} papers", took, took, took, note=f"{pages} pages"),
        Figure("memory of the program while it is made", memory[-1] - memory[0], 0, max(memory) - memory[0], "MB",
               aim="flat"),
    ]  # fmt: skip
