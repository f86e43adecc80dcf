"""Conversations from WhatsApp and the forum are read as expected, in every dress the export may wear."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from desk.adapters.chat_in import Chat, read_chat, read_pasted
from desk.checks.intake import check_chat
from desk.errors import Refused

CHATS = sorted((Path(__file__).parent.parent / "samples" / "chat").glob("*.txt"))
JAKARTA = timezone(timedelta(hours=7))


def chat(text: str, **options: Any) -> Chat:
    return read_chat(text.encode(), **options)


def local(*parts: int) -> datetime:
    year, month, day, hour, minute, second = (*parts, 0)[:6]
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 (what the phone shows)


@pytest.mark.parametrize("path", CHATS, ids=lambda path: path.stem)
def test_a_sample_conversation_is_read_as_expected(path: Path) -> None:
    want = json.loads(path.with_name(path.name + ".expected.json").read_text("utf-8"))
    (result,) = check_chat([path])
    for key in set(want) - {"notes", "optional_split"}:
        assert result[key] == want[key], key


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("03/04/27 08.59 - R: a", local(2027, 4, 3, 8, 59)),
        ("3/4/2027 08:59 - R: a", local(2027, 4, 3, 8, 59)),
        ("3/14/27, 9:05\u202fPM - R: a", local(2027, 3, 14, 21, 5)),
        ("3/4/27, 12:05 AM - R: a", local(2027, 3, 4, 0, 5)),
        ("03/04/27, 12:05 pm - R: a", local(2027, 4, 3, 12, 5)),
        ("2027-04-03, 08:59 - R: a", local(2027, 4, 3, 8, 59)),
        ("03.04.27, 08:59 - R: a", local(2027, 4, 3, 8, 59)),
        ("[03/04/27 08.59.07] R: a", local(2027, 4, 3, 8, 59, 7)),
        ("[03/04/2027 pukul 08.59.07] R: a", local(2027, 4, 3, 8, 59, 7)),
        ("\u200e[3/4/27, 9:05:07\u202fPM] R: a", local(2027, 3, 4, 21, 5, 7)),
        ("\ufeff03/04/27\u00a008.59 - R: a", local(2027, 4, 3, 8, 59)),
    ],
)
def test_the_time_is_read_in_every_layout(line: str, moment: datetime) -> None:
    (message,) = chat(line).messages
    assert (message.time, message.sender, message.text) == (moment, "R", "a")


def test_the_order_of_day_and_month_is_the_one_that_fits_the_whole_file() -> None:
    american = chat("1/5/27, 09:00 - R: a\n1/6/27, 09:00 - R: b\n1/13/27, 09:00 - R: c")
    assert [m.time and (m.time.month, m.time.day) for m in american.messages] == [(1, 5), (1, 6), (1, 13)]
    forward = chat("1/12/26, 09:00 - R: a\n2/1/27, 09:00 - R: b\n2/2/27, 10:00 - R: c")
    assert [m.time and (m.time.month, m.time.day) for m in forward.messages] == [(12, 1), (1, 2), (2, 2)]


def test_a_message_that_looks_like_a_line_of_another_export_stays_a_message() -> None:
    text = "05/01/27 08.00 - R: kutipan:\n[05/01/27, 07.00.00] X: lama\n45/45/27 07.00 - Y: bukan tanggal\n5 Jan 2027"
    (message,) = chat(text).messages
    assert message.text.count("\n") == 3


def test_a_zone_makes_the_times_aware() -> None:
    (message,) = chat("05/01/27 08.00 - R: a", zone=JAKARTA).messages
    assert message.time == datetime(2027, 1, 5, 1, 0, tzinfo=UTC)
    post = read_pasted("Rina (pengguna) - Selasa, 5 Januari 2027 10:00 WIT\nHalo", zone=JAKARTA).messages[0]
    assert post.time == datetime(2027, 1, 5, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "Messages and calls are end-to-end encrypted. Only people in this chat can read them.",
        "Rina membuat grup “Data: Susenas”",
        'Rina mengubah subjek dari "A: b" menjadi "C: d"',
        "Anda menambahkan Andi",
        "Kode keamanan Anda dengan Rina berubah.",
        "Rina: Panggilan suara tak terjawab",
        "Rina: \u200eAnda menambahkan Andi",
        "Rina: Pesan dan panggilan terenkripsi secara end-to-end.",
    ],
)
def test_lines_of_the_system_are_no_messages(line: str) -> None:
    read = chat(f"05/01/27 08.00 - {line}\n05/01/27 08.01 - R: halo")
    assert [message.text for message in read.messages] == ["halo"]
    assert len(read.system_lines) == 1


@pytest.mark.parametrize(
    ("said", "text", "attachments", "flag"),
    [
        ("<Media omitted>", "", (), "omitted"),
        ("\u200eimage omitted\nini KTP", "ini KTP", (), "omitted"),
        ("surat.pdf • \u200e2 pages \u200edocument omitted", "surat.pdf • 2 pages", (), "omitted"),
        ("This message was deleted", "", (), "deleted"),
        ("\u200eYou deleted this message.", "", (), "deleted"),
        ("Pesan ini dihapus oleh admin Budi", "", (), "deleted"),
        ("besok ya \u200e<This message was edited>", "besok ya", (), "edited"),
        ("\u200e<attached: 00000012-PHOTO (2).jpg>\nKTP saya", "KTP saya", ("00000012-PHOTO (2).jpg",), None),
        ("a b.pdf (file attached)", "", ("a b.pdf",), None),
        (
            "mohon <terlampir> dibaca (file terlampir di surel)",
            "mohon <terlampir> dibaca (file terlampir di surel)",
            (),
            None,
        ),
        ("Kenapa gambar tidak disertakan", "Kenapa gambar tidak disertakan", (), None),
        ("katanya: Pesan ini telah dihapus", "katanya: Pesan ini telah dihapus", (), None),
        ("12: 30 bisa?", "12: 30 bisa?", (), None),
        ("\nbaris kedua", "baris kedua", (), None),
    ],
)
def test_files_and_flags_are_told_from_words(
    said: str, text: str, attachments: tuple[str, ...], flag: str | None
) -> None:
    (message,) = chat(f"[05/01/27, 08.00.00] Rina: {said}").messages
    assert (message.text, message.attachments) == (text, attachments)
    assert [name for name in ("omitted", "deleted", "edited") if getattr(message, name)] == ([flag] if flag else [])


def test_the_office_is_known_by_name_or_number() -> None:
    text = (
        "05/01/27 08.00 - \u202a+62 812‑0000‑0199\u202c: a\n05/01/27 08.01 - PST bps Contoh: b\n"
        "05/01/27 08.02 - ~\u202fRina: c"
    )
    read = chat(text, office=["0812 0000 0199", "PST BPS Contoh"])
    assert [message.from_office for message in read.messages] == [True, True, False]
    assert read.customers == ("Rina",)
    assert [message.from_office for message in chat(text).messages] == [None, None, None]


def test_the_forum_tells_the_office_by_its_role() -> None:
    text = (
        "Topik #77: Peta\nAndi (pengguna) - 5 Januari 2027 08.30\nHalo\nBudi [Admin] — Rabu, 06/01/2027, 09:00 WITA\nYa"
    )
    read = chat(text)
    assert (read.source, read.topic, read.topic_number) == ("forum-paste", "Peta", "77")
    assert [(m.sender, m.role, m.from_office) for m in read.messages] == [
        ("Andi", "pengguna", False),
        ("Budi", "Admin", True),
    ]
    assert [m.time for m in read.messages] == [local(2027, 1, 5, 8, 30), local(2027, 1, 6, 9, 0)]


def test_names_of_forum_files_may_hold_commas() -> None:
    text = (
        "A - 5 Mei 2027 08:30\nLampiran: surat, revisi (2).pdf (1,5 MB), b.docx (95 KB)\n"
        "Lampiran: c.pdf, d.pdf\nLampiran: menyusul"
    )
    (message,) = chat(text).messages
    assert message.attachments == ("surat, revisi (2).pdf", "b.docx", "c.pdf", "d.pdf")
    assert message.text == "Lampiran: menyusul"


def test_a_pasted_text_of_no_layout_is_one_note() -> None:
    read = read_pasted("Telepon dari Ibu Rina:\nminta harga.\x00\r\n")
    assert read.source == "note"
    assert [message.text for message in read.messages] == ["Telepon dari Ibu Rina:\nminta harga."]


def exported(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def test_a_zip_export_brings_its_files_along(tmp_path: Path) -> None:
    data = exported(
        {
            "catatan.txt": b"bukan percakapan",
            "Chat WhatsApp dengan Rina.txt": b"05/01/27 08.00 - Rina: ktp.jpg (file terlampir)\n"
            b"05/01/27 08.01 - Rina: hilang.pdf (file terlampir)",
            "ktp.jpg": b"\xff\xd8\xff\xe0",
        }
    )
    read = read_chat(data)
    (first, _) = read.messages
    assert [item.data for item in read.files_of(first)] == [b"\xff\xd8\xff\xe0"]
    assert read.warnings == ("Berkas hilang.pdf disebut dalam percakapan tetapi tidak ada di arsip.",)
    (tmp_path / "ekspor.zip").write_bytes(data)
    (result,) = check_chat([tmp_path / "ekspor.zip"])
    assert (result["result"], [item["raw_name"] for item in result["media"]]) == ("warn", ["catatan.txt", "ktp.jpg"])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "berkas kosong"),
        (b"%PDF-1.4", "dokumen PDF"),
        (b"PK\x03\x04rusak", "rusak atau bukan ZIP"),
        (exported({"a.txt": b"halo"}), "tidak memuat percakapan"),
        (b"Halo, apa kabar?", "bukan ekspor WhatsApp"),
    ],
)
def test_what_is_no_conversation_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        read_chat(data)


def test_an_unreadable_conversation_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "catatan.txt").write_bytes(b"Halo")
    with pytest.raises(Refused, match=r"^catatan\.txt: "):
        check_chat([tmp_path / "catatan.txt"])
