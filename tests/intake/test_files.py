"""Files from outside: names, kinds, archives, refusals, and writing them whole."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.adapters.archives import list_zip_safely, read_zip_entry
from desk.adapters.attachments import attachment_notices, guess_purpose, mismatch, why_not_attach
from desk.adapters.file_names import NAME_LENGTH, safe_name, size_text, unique_names
from desk.adapters.file_types import FileType, sniff
from desk.adapters.files import digest, read_limited, write_atomically
from desk.errors import Refused, Unavailable

SAMPLES = Path(__file__).parent.parent / "samples"
HOSTILE = SAMPLES / "hostile"
NAMES = json.loads((HOSTILE / "names.json.expected.json").read_text("utf-8"))["names"]
DEVICES = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}


def assert_safe(name: str) -> None:
    assert name
    assert name not in {".", ".."}
    assert not set(name) & set('<>:"|?*/\\')
    assert name.isprintable()
    assert name == name.strip()
    assert not name.endswith(".")
    assert name.split(".")[0].strip().lower() not in DEVICES
    assert len(name) <= NAME_LENGTH
    assert len(name.encode()) <= 255


@pytest.mark.parametrize("entry", NAMES, ids=lambda entry: entry["why"])
def test_a_hostile_name_becomes_a_safe_one(entry: dict[str, str]) -> None:
    name = safe_name(entry["raw"])
    assert_safe(name)
    if len(entry["raw"]) <= NAME_LENGTH:
        assert name == entry["safe"]
    if entry["unchanged"]:
        assert name == entry["raw"]
    assert Path(name).suffix == Path(entry["safe"]).suffix


@given(st.text(alphabet=st.characters() | st.sampled_from("./\\: \u202e\x00CONnul1"), max_size=300))
def test_every_name_becomes_safe_and_a_safe_name_stays(raw: str) -> None:
    name = safe_name(raw)
    assert_safe(name)
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("x" * 300 + ".tar.gz", "x" * 113 + ".tar.gz"),
        ("CON" + "." + "y" * 300, None),
        ("folder/", "folder"),
        ("COM¹.txt", "_COM¹.txt"),
        ("aux .txt", "_aux .txt"),
        ("a\u200bb\u2066c.pdf", "abc.pdf"),
        ("\U0001f600" * 200 + ".pdf", None),
        ("surat\u00a0permohonan.pdf", "surat permohonan.pdf"),
        ("konsep.", "konsep"),
        ("console.pdf", "console.pdf"),
    ],
)
def test_more_names_that_windows_or_people_would_trip_over(raw: str, safe: str | None) -> None:
    name = safe_name(raw)
    assert_safe(name)
    assert safe is None or name == safe


@given(
    st.lists(st.sampled_from(["KTP.jpg", "ktp.JPG", "a/KTP.jpg", "nul", "x" * 300 + ".pdf", "KTP (2).jpg"]), max_size=9)
)
def test_the_files_of_one_message_never_share_a_name(raws: list[str]) -> None:
    names = unique_names(raws)
    assert len({name.casefold() for name in names}) == len(raws)
    for name in names:
        assert_safe(name)


# Kinds ---------------------------------------------------------------------------------------------------------------


def zipped(*names: str, content: bytes = b"x") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return target.getvalue()


DBF = b"\x03\x7e\x0a\x05" + (1).to_bytes(4, "little") + (65).to_bytes(2, "little") + b"\x0b\x00" + b"\0" * 52 + b"\r"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", FileType.EMPTY),
        (b"\n%PDF-1.7", FileType.PDF),
        (b"MZ\x90 %PDF-1.7", FileType.PROGRAM),
        (b"\xff\xd8\xff\xe1", FileType.JPEG),
        (b"\0\0\0\x18ftypheic", FileType.HEIC),
        (b"\0\0\0\x18ftypisom", FileType.MP4),
        (zipped("[Content_Types].xml", "word/document.xml"), FileType.DOCX),
        (zipped("[Content_Types].xml", "word/document.xml")[:-30], FileType.DOCX),
        (zipped("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), FileType.XLSM),
        (zipped("[Content_Types].xml", "ppt/presentation.xml"), FileType.PPTX),
        (zipped("META-INF/MANIFEST.MF", "a.class"), FileType.JAVA),
        (zipped("peta.shp", "peta.dbf"), FileType.ZIP),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), FileType.LOCKED_OFFICE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument_VBA_PROJECT".encode("utf-16-le"), FileType.OLE_MACRO),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), FileType.XLS),
        (b"Rar!\x1a\x07\x01\x00", FileType.RAR),
        (b"7z\xbc\xaf\x27\x1c", FileType.SEVEN_ZIP),
        (b"\0\0\x27\x0a" + b"\0" * 24 + b"\xe8\x03\0\0", FileType.SHP),
        (DBF, FileType.DBF),
        (b"#!/bin/sh\n", FileType.SCRIPT),
        (b"<!DOCTYPE html><p>x", FileType.HTML),
        (b"BEGIN:VCALENDAR\n", FileType.CALENDAR),
        (b"From: a@b\nSubject: x\n\nisi", FileType.EML),
        (b"kode;nama\n16;Sumsel\n", FileType.CSV),
        ("Halo – apa kabar?".encode("cp1252"), FileType.TXT),
        ("Halo".encode("utf-16"), FileType.TXT),
        (b"\x00\x01\x02\x03", FileType.UNKNOWN),
    ],
)
def test_the_kind_is_told_by_content(data: bytes, kind: FileType) -> None:
    assert sniff(data) is kind


@pytest.mark.parametrize("path", sorted(HOSTILE.glob("*.pdf")), ids=lambda path: path.name)
def test_a_hostile_pdf_is_answered_as_expected(path: Path) -> None:
    want = json.loads(path.with_name(path.name + ".expected.json").read_text("utf-8"))
    data = path.read_bytes()
    notices = " ".join(attachment_notices(path.name, data))
    words = {"content_is_not_pdf": "dokumen Word", "password_needed": "kata sandi", "damaged": "rusak atau terpotong"}
    assert why_not_attach(path.name, data) is None
    if want["result"] == "ok":
        assert notices == ""
    else:
        assert words[want["reason"]] in notices


@pytest.mark.parametrize("path", sorted((HOSTILE / "templates").glob("*.docx")), ids=lambda path: path.stem)
def test_documents_with_macros_or_outside_contents_are_refused(path: Path) -> None:
    refused = why_not_attach(path.name, path.read_bytes())
    assert (refused is not None) is (path.stem in {"macro_renamed", "external_image"})


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("surat.pdf", b"MZ\x90\x00", "program"),
        ("faktur.pdf.exe", b"teks biasa", r"\.exe"),
        ("tautan.lnk", b"L\0\0\0\x01\x14\x02\0", "pintasan"),
        ("skrip.JS", b"alert(1)", r"\.js"),
        ("tabel.xlsm", b"", "kosong"),
        ("tabel.xlsm", zipped("[Content_Types].xml", "xl/workbook.xml"), r"\.xlsm"),
        ("besar.txt", b"x" * 2000, "melebihi batas 1,0 KB"),
        ("a.docx", zipped("[Content_Types].xml", "word/embeddings/oleObject1.bin"), "menjalankan program"),
    ],
)
def test_dangerous_empty_and_large_files_are_refused_with_the_reason(name: str, data: bytes, words: str) -> None:
    refused = why_not_attach(name, data, limit=1024)
    assert refused
    assert re.search(words, refused)


def test_a_link_in_a_document_is_harmless() -> None:
    link = (
        b'<Relationships><Relationship Id="r1" Type="http://x/relationships/hyperlink" Target="https://bps.go.id" '
        b'TargetMode="External"/></Relationships>'
    )
    data = zipped("[Content_Types].xml", "word/document.xml", "word/_rels/document.xml.rels", content=link)
    assert why_not_attach("surat.docx", data) is None
    assert why_not_attach("surat.docx", zipped_like(data, link.replace(b"hyperlink", b"attachedTemplate"))) is not None


def zipped_like(data: bytes, content: bytes) -> bytes:
    return zipped(*zipfile.ZipFile(io.BytesIO(data)).namelist(), content=content)


@pytest.mark.parametrize(
    ("name", "kind", "fits"),
    [
        ("a.jpg", FileType.JPEG, True),
        ("a.jpg", FileType.PNG, False),
        ("a.pdf", FileType.DOCX, False),
        ("a.txt", FileType.CSV, True),
        ("tanpa akhiran", FileType.PDF, True),
        ("a.2026", FileType.PDF, True),
        ("a.pdf", FileType.UNKNOWN, True),
    ],
)
def test_an_ending_that_does_not_fit_is_told(name: str, kind: FileType, fits: bool) -> None:
    assert (mismatch(name, kind) is None) is fits


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("KTP.jpg", "identity_card"),
        ("scan_ktp-rina.pdf", "identity_card"),
        ("Bukti bayar KTP.pdf", "identity_card"),
        ("bukti transfer.jpg", "payment_proof"),
        ("SPPD_ttd.pdf", "agreement"),
        ("Abstraksi – José.docx", "abstract"),
        ("Surat Permohonan (1).pdf", "letter"),
        ("IMG_20261008.jpg", None),
        ("simulasi.xlsx", None),
        ("monitor.pdf", None),
    ],
)
def test_what_a_file_is_for_is_suggested_by_whole_words_of_its_name(name: str, key: str | None) -> None:
    purpose = guess_purpose(name)
    assert (purpose.key if purpose else None) == key


# Archives ------------------------------------------------------------------------------------------------------------


def test_hostile_names_in_an_archive_are_listed_safe_and_unique() -> None:
    path = HOSTILE / "names.zip"
    want = json.loads((HOSTILE / "names.zip.expected.json").read_text("utf-8"))
    entries = list_zip_safely(path)
    assert len(entries) == want["entries"]
    assert len({entry.safe_name.casefold() for entry in entries}) == len(entries)
    for entry in entries:
        assert_safe(entry.safe_name)
        assert len(read_zip_entry(path, entry)) == entry.size


def test_an_archive_made_to_fill_the_disk_is_refused_unopened(tmp_path: Path) -> None:
    maker = SAMPLES / "large" / "make_large.py"
    subprocess.run([sys.executable, str(maker), str(tmp_path), "zip"], check=True, capture_output=True)
    data = (tmp_path / "zip_bomb.docx").read_bytes()
    start = time.perf_counter()
    refused = why_not_attach("zip_bomb.docx", data)
    assert refused
    assert "melebihi batas" in refused
    assert time.perf_counter() - start < 2
    with pytest.raises(Refused, match="tidak wajar"):
        list_zip_safely(data, total_limit=2**40)


def test_a_lying_damaged_or_crowded_archive_is_refused() -> None:
    data = zipped("a.txt", content=b"isi yang panjang sekali")
    lying = data.replace((23).to_bytes(4, "little"), (9).to_bytes(4, "little"))
    with pytest.raises(Refused, match="rusak"):
        read_zip_entry(lying, list_zip_safely(lying)[0])
    with pytest.raises(Refused, match="rusak atau bukan ZIP"):
        list_zip_safely(data[:-30])
    with pytest.raises(Refused, match="5001 berkas"):
        list_zip_safely(zipped(*(f"{n}" for n in range(5001))))


# Reading and writing -------------------------------------------------------------------------------------------------


def test_a_file_is_hashed_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "data besar.bin"
    path.write_bytes(b"0123456789" * 300_000)
    assert digest(path) == (3_000_000, hashlib.sha256(path.read_bytes()).hexdigest())
    with pytest.raises(Unavailable, match="tidak ditemukan"):
        digest(tmp_path / "tidak ada")


def test_a_file_beyond_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(b"x" * 2000)
    with pytest.raises(Refused, match="2,0 KB, melebihi batas 1,0 KB"):
        read_limited(path, 1024)
    assert read_limited(path, 2000) == b"x" * 2000


def test_a_write_that_fails_in_the_middle_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "kasus 1" / "surat.pdf"
    write_atomically(path, b"lama")

    def pieces() -> Iterator[bytes]:
        yield b"baru"
        raise OSError(28, "cakram penuh")

    with pytest.raises(Unavailable, match="tidak dapat disimpan"):
        write_atomically(path, pieces())
    assert path.read_bytes() == b"lama"
    assert [item.name for item in path.parent.iterdir()] == ["surat.pdf"]
    write_atomically(path, iter([b"ba", b"ru"]))
    assert path.read_bytes() == b"baru"


def test_sizes_are_written_as_people_here_read_them() -> None:
    assert [size_text(n) for n in (0, 1023, 1536, 9_437_807)] == ["0 byte", "1023 byte", "1,5 KB", "9,0 MB"]
