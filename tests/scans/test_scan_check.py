"""A scanned stack falls apart into its papers; what is doubtful is a question, and no file can do harm."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from PySide6.QtGui import QImageWriter

from desk.adapters.scans import ScanReader
from desk.checks.scans import check_scan, scan_result
from desk.errors import Refused
from desk.rules.codes import PaperCode, encode
from desk.rules.papers import PaperKind
from desk.rules.scans import Doubt, PageReading, split
from tests.commands.desk_command import SAMPLES
from tests.scans.stacks import Sheet, picture, stack


def code(number: int, copy: int = 1, kind: PaperKind = PaperKind.SPPD) -> str:
    return encode(PaperCode(kind, "1600", 2026, number, copy, 2))


@pytest.fixture(scope="module")
def reader() -> Iterator[ScanReader]:
    with ScanReader() as reading:
        yield reading


def papers(result: dict[str, Any]) -> list[tuple[list[int], str]]:
    return [(paper["pages"], paper["payload"]) for paper in result["documents"]]


def test_sheets_lie_as_they_like(reader: ScanReader, tmp_path: Path) -> None:
    path = tmp_path / "miring.pdf"
    path.write_bytes(
        stack([
            Sheet((code(1),), turned=180, dpi=300),
            Sheet(stamped=True, turned=180),
            Sheet((code(2),), turned=90, dpi=200),
            Sheet((code(3),), turned=270, tilt=-3),
            Sheet((code(4),), dpi=100, code_mm=13),
            Sheet((code(5),), faint=True),
            Sheet((code(6),), tilt=8, barcode="JP0012345678"),
        ])
    )  # fmt: skip
    result = check_scan(path, reader)
    assert papers(result) == [
        ([1, 2], code(1)), ([3], code(2)), ([4], code(3)), ([5], code(4)), ([6], code(5)), ([7], code(6)),
    ]  # fmt: skip
    assert (result["upside_down"], result["sideways"]) == ([1], [3, 4])
    assert result["documents"][-1]["foreign"] == ["JP0012345678"]
    assert result["damaged_codes"] == []  # neither the seal nor the stamp is taken for a code


def test_what_is_doubtful_is_never_part_of_a_paper(reader: ScanReader, tmp_path: Path) -> None:
    path = tmp_path / "ragu.pdf"
    path.write_bytes(
        stack([
            Sheet(),
            Sheet((code(1),)),
            Sheet((code(2),), damaged=True),
            Sheet(),
            Sheet((code(3), code(4))),
            Sheet((code(5)[:-1] + ("A" if code(5)[-1] != "A" else "B"),)),
            Sheet(("https://lacak.example.invalid/1",)),
            Sheet((code(6),)),
            Sheet(blank=True),
        ])
    )  # fmt: skip
    result = check_scan(path, reader)
    assert [(paper["pages"], paper.get("reason")) for paper in result["documents"]] == [
        ([1], "no_code"), ([2], None), ([3, 4], "damaged"), ([5], "several"), ([6], "damaged"), ([7], "foreign"),
        ([8, 9], None),
    ]  # fmt: skip
    assert result["blank"] == [9]


def test_pictures_are_read_like_pages(reader: ScanReader, tmp_path: Path) -> None:
    shown = picture(Sheet((code(7),)))
    assert shown.save(str(tmp_path / "foto.jpg"))
    assert papers(check_scan(tmp_path / "foto.jpg", reader)) == [([1], code(7))]
    writer = QImageWriter(str(tmp_path / "kirim.tif"))
    assert writer.write(shown)
    assert papers(check_scan(tmp_path / "kirim.tif", reader)) == [([1], code(7))]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("truncated.pdf", "rusak atau terpotong"),
        ("encrypted_user_password.pdf", "dikunci kata sandi"),
        ("docx_renamed.pdf", "bukan PDF atau gambar"),
        ("names.zip", "bukan PDF atau gambar"),
    ],
)
def test_a_file_that_is_no_scan_is_refused_by_name(reader: ScanReader, name: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as refusal:
        check_scan(SAMPLES / "hostile" / name, reader)
    assert name in str(refusal.value)


def test_a_picture_bomb_is_refused(reader: ScanReader, tmp_path: Path) -> None:
    import struct
    import zlib

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(60_001 * 100), 9)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    (tmp_path / "bom.png").write_bytes(bomb)
    with pytest.raises(Refused, match="rusak atau terlalu besar"):
        check_scan(tmp_path / "bom.png", reader)


def test_a_long_stack_is_read_page_by_page_in_the_same_memory(reader: ScanReader, tmp_path: Path) -> None:
    path = tmp_path / "panjang.pdf"
    path.write_bytes(stack([Sheet((code(1),)), Sheet(blank=True)]))
    long = tmp_path / "lebih panjang.pdf"
    with path.open("rb") as stream:
        from pypdf import PdfWriter

        writer = PdfWriter()
        for _ in range(10):
            writer.append(stream)
        writer.write(long)
    opened = reader.open(long)
    sizes, seen = [], 0
    for page in opened.read():
        seen += 1
        assert page.blank == (page.number % 2 == 0)
        child = psutil.Process().children()[-1]
        sizes.append(child.memory_info().rss)
    assert seen == 20
    assert max(sizes[10:]) < max(sizes[:10]) + 20_000_000


def test_a_stack_that_is_stopped_gives_what_it_has(reader: ScanReader) -> None:
    opened = reader.open(SAMPLES / "scans" / "tumpukan_11_halaman.pdf")
    seen: list[int] = []
    for page in opened.read(stopped=lambda: len(seen) >= 2):
        seen.append(page.number)
    assert seen == [1, 2]


def test_a_piece_of_the_stack_is_upright_and_does_nothing(reader: ScanReader, tmp_path: Path) -> None:
    path = tmp_path / "terbalik.pdf"
    path.write_bytes(stack([Sheet((code(1),), turned=180), Sheet(), Sheet((code(2),), turned=90)]))
    opened = reader.open(path)
    turned = {page.number: page.turned for page in opened.read()}
    (tmp_path / "potongan.pdf").write_bytes(opened.piece([1, 3], turned))
    again = [(page.codes, page.turned) for page in reader.open(tmp_path / "potongan.pdf").read()]
    assert again == [((code(1),), 0), ((code(2),), 0)]


def test_a_code_on_every_sheet_is_still_one_paper() -> None:
    pages = [PageReading(1, (code(1),)), PageReading(2, (code(1),)), PageReading(3), PageReading(4, (code(1, 2),))]
    assert [(paper.pages, paper.payload) for paper in split(pages)] == [((1, 2, 3), code(1)), ((4,), code(1, 2))]


def test_a_page_that_cannot_be_read_stops_nothing() -> None:
    pages = [PageReading(1, (code(1),)), PageReading(2, trouble="Halaman 2 rusak."), PageReading(3, (code(2),))]
    assert [paper.doubt for paper in split(pages)] == [None, Doubt.UNREADABLE, None]
    assert scan_result(pages)["result"] == "warn"
