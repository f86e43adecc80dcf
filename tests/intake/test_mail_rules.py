"""The rules behind reading mail, on mails that no sample shows."""

from __future__ import annotations

import base64
import time
from datetime import UTC, datetime

import pytest

from desk.adapters.file_types import FileType
from desk.adapters.mail_case import Known, KnownCase
from desk.adapters.mail_in import Limits, read_mail
from desk.adapters.mail_kind import MailKind
from desk.errors import Refused
from tests.intake.mails import KNOWN, read, written


def mixed(*parts: str, kind: str = "multipart/mixed") -> tuple[str, str]:
    body = "".join(f"--batas\n{part}\n" for part in parts) + "--batas--\n"
    return body, f'{kind}; boundary="batas"'


# Which case ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "body", "number", "place"),
    [
        ({"subject": "RE: pst-1571-2027-000009 data"}, "", "PST-1571-2027-000009", "subject"),
        ({"subject": "Bls: [PST–1600–2026–000123]"}, "", "PST-1600-2026-000123", "subject"),
        ({"in_reply_to": "<kasus-9.1@pst.example.org>"}, "", "PST-1571-2027-000009", "in-reply-to"),
        (
            {"references": "<x@y.z> <kasus-000123.1@pst.example.org>", "in_reply_to": "<other@y.z>"},
            "",
            "PST-1600-2026-000123",
            "references",
        ),
        ({}, "Tentang permohonan PST-1600-2026-000123, kapan selesai?", "PST-1600-2026-000123", "body"),
        ({"subject": "PST-1600-2026-0001234"}, "", None, None),
        ({"subject": "XPST-1600-2026-000123"}, "", None, None),
        ({"subject": "PST-1600-2026-999999"}, "", None, None),
    ],
)
def test_the_case_is_found_where_the_surest_sign_stands(
    headers: dict[str, str], body: str, number: str | None, place: str | None
) -> None:
    mail = read(body, **headers)
    assert (mail.case_number, mail.case.found_in if mail.case else None) == (number, place)
    assert mail.kind is (MailKind.REPLY if number else MailKind.NEW_REQUEST)
    assert mail.opens_case is (number is None)


def test_a_number_that_no_case_has_opens_a_case_and_is_mentioned() -> None:
    mail = read(subject="Re: PST-1600-2026-999999")
    assert mail.opens_case
    assert "Nomor PST-1600-2026-999999 tidak dikenal di kantor ini. Pastikan permohonannya." in mail.notices


def test_the_subject_wins_over_the_thread_and_the_officer_is_told() -> None:
    mail = read(subject="PST-1600-2026-000123", in_reply_to="<kasus-9.1@pst.example.org>")
    assert mail.case_number == "PST-1600-2026-000123"
    assert any("membalas PST-1571-2027-000009" in sentence for sentence in mail.notices)


def test_a_stranger_who_names_a_case_is_filed_but_pointed_out() -> None:
    mail = read(subject="PST-1600-2026-000123")
    assert any("rina@example.com bukan alamat" in sentence for sentence in mail.notices)
    owner = read(subject="PST-1600-2026-000123", **{"from": "AHMAD.REKAAN@EXAMPLE.COM"})
    assert owner.notices == ()


def test_an_office_may_write_its_case_numbers_in_another_way() -> None:
    known = Known.of([KnownCase("SSU/2026/00042")], case_pattern="SSU/<year>/<5 digits>")
    assert read_mail(written(subject="Re: ssu/2026/00042"), known).case_number == "SSU/2026/00042"


# Who sends -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"auto_submitted": "auto-replied (vacation)"}, MailKind.AUTO_REPLY),
        ({"auto_submitted": "no"}, MailKind.NEW_REQUEST),
        ({"subject": "Balasan otomatis: Tanya"}, MailKind.AUTO_REPLY),
        ({"subject": "Out of Office Re: Tanya"}, MailKind.AUTO_REPLY),
        ({"x_autoreply": "yes"}, MailKind.AUTO_REPLY),
        ({"precedence": "auto_reply"}, MailKind.AUTO_REPLY),
        ({"content_type": 'multipart/report; report-type=disposition-notification; boundary="b"'}, MailKind.AUTO_REPLY),
        ({"from": "MAILER-DAEMON@mx.example.com", "subject": "failure notice"}, MailKind.BOUNCE),
        ({"return_path": "<>", "subject": "Undeliverable: data Susenas"}, MailKind.BOUNCE),
        ({"x_failed_recipients": "a@example.com"}, MailKind.BOUNCE),
        ({"list_unsubscribe": "<mailto:u@example.com>"}, MailKind.LIST),
        ({"precedence": "bulk"}, MailKind.LIST),
        ({"list_id": "PST <pst1600.example.org>", "precedence": "list"}, MailKind.NEW_REQUEST),
        ({"list_id": "<x.example.org>", "subject": "PST-1600-2026-000123"}, MailKind.REPLY),
        ({"from": "PST <pst1600@EXAMPLE.org>"}, MailKind.SENT),
        ({"x_auto_response_suppress": "OOF"}, MailKind.NEW_REQUEST),
    ],
)
def test_only_a_person_who_asks_opens_a_case(headers: dict[str, str], kind: MailKind) -> None:
    mail = read(**headers)
    assert mail.kind is kind
    assert mail.opens_case is (kind is MailKind.NEW_REQUEST)


def report(action: str) -> tuple[str, str]:
    return mixed(
        "Content-Type: text/plain\n\nTidak terkirim. PST-1571-2027-000009 disebut.",
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
        "Final-Recipient: rfc822; sampai@example.com\nAction: delivered\n\n"
        f"Final-Recipient: rfc822;<gagal@example.com>\nAction: {action}\nStatus: 5.0.0",
        "Content-Type: message/rfc822\n\nFrom: pst1600@example.org\nSubject: Data\n"
        "Message-ID: <kasus-000123.1@pst.example.org>\n\nIsi lama.",
        kind="multipart/report; report-type=delivery-status",
    )


def test_a_bounce_names_the_address_that_failed_and_the_case_of_the_returned_mail() -> None:
    body, kind = report("failed")
    mail = read(body, content_type=kind)
    assert (mail.kind, mail.failed_recipient) == (MailKind.BOUNCE, "gagal@example.com")
    assert mail.case
    assert (mail.case.case_number, mail.case.found_in) == ("PST-1600-2026-000123", "returned message")
    assert mail.attachments == ()


def test_a_delay_is_no_bounce() -> None:
    body, kind = report("delayed")
    assert read(body, content_type=kind).kind is MailKind.AUTO_REPLY


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        ('"Contoh, Rina (S.Si.)" <rina@example.com>', "Contoh, Rina (S.Si.)", "rina@example.com"),
        ("rina@example.com (Rina Contoh)", "Rina Contoh", "rina@example.com"),
        ("<rina@example.com>", "", "rina@example.com"),
        ("=?utf-8?B?UmluYSDDiQ==?= =?utf-8?Q?_Contoh?= <rina@example.com>", "Rina É Contoh", "rina@example.com"),
        ("=?utf-8?Q?Rina_<rina=40example.com>?=", "Rina", "rina@example.com"),
        ("=?utf-8?B?w?= =?utf-8?B?qQ==?= <r@example.com>", None, "r@example.com"),
        ("Rina\u202egnp <rina@example.com>", "Rinagnp", "rina@example.com"),
        ("José <jose@example.com>", "José", "jose@example.com"),
        ("tanpa alamat", None, None),
    ],
)
def test_the_sender_is_read_however_the_line_is_written(value: str, name: str | None, address: str | None) -> None:
    sender = read(**{"from": value}).sender
    assert (sender.address if sender else None) == address
    if name is not None and sender:
        assert sender.name == name


def test_a_character_cut_across_two_encoded_words_is_joined() -> None:
    first, second = (base64.b64encode(piece).decode() for piece in (b"Jos\xc3", b"\xa9 Contoh"))
    assert read(subject=f"=?utf-8?B?{first}?=\r\n =?UTF-8?B?{second}?=").subject == "José Contoh"


def test_a_header_in_plain_windows_1252_is_readable() -> None:
    raw = written().replace(b"subject: Tanya", b"subject: Harga \x96 Jos\xe9")
    assert read_mail(raw).subject == "Harga – José"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Sat, 28 Feb 2026 23:59:58 -0000", datetime(2026, 2, 28, 23, 59, 58, tzinfo=UTC)),
        ("Sen, 5 Okt 2026 09:14:05 +0700", datetime(2026, 10, 5, 2, 14, 5, tzinfo=UTC)),
        ("17 Agustus 2026 10:00:00 WITA", datetime(2026, 8, 17, 2, 0, tzinfo=UTC)),
        ("kemarin sore", None),
        ("Mon, 32 Jan 2026 10:00:00 +0700", None),
    ],
)
def test_dates_are_instants_and_unreadable_ones_are_left_empty(text: str, moment: datetime | None) -> None:
    mail = read(date=text)
    assert mail.date == moment
    assert bool(mail.notices) is (moment is None)


# What is new ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Baik.\n\nOn Mon, 5 Jan 2026 at 15:30, PST <p@x.org>\nwrote:\n> lama\n> lama\n",
        "Baik.\n\nPada tanggal Sel, 6 Jan 2026 08.00, PST menulis:\n\n> lama\n",
        "Pada 6 Januari 2026 PST menulis:\n> lama\n\nBaik.\n",
        "> lama\n\nBaik.\n",
        "Baik.\n\n-----Original Message-----\nFrom: PST\nSent: Senin\nlama\n",
        "Baik.\n\n________________________________\nDari: PST <p@x.org>\nDikirim: 5 Jan\nKepada: R\nSubjek: x\nlama",
        "Baik.\n\n2026-01-05 8:30 GMT+07:00 PST <p@x.org>:\n> lama\n",
        "Baik.\n\nPada Sen, 5 Jan 2026 PST <p@x.org> menulis:\nlama tanpa tanda\n",
        "Baik.\n\n---------- Pesan terusan ---------\nDari: X <x@x.org>\nlama\n",
    ],
)
def test_what_is_new_stands_without_the_older_message(text: str) -> None:
    assert read(text).new_text == "Baik."


def test_a_mail_that_only_mentions_from_and_to_keeps_its_text() -> None:
    text = "Data dari: BPS\nUntuk skripsi saya.\n"
    assert read(text).new_text == text.strip()


@pytest.mark.parametrize(
    ("subject", "text", "address"),
    [
        (
            "Trs: Peta",
            "Mohon bantu.\n\nDari: Budi <budi@x.org>\nKepada: humas\nTerkirim: Senin\nJudul: Peta\n\nIsi",
            "budi@x.org",
        ),
        ("Peta", "Begin forwarded message:\n\n> From: Budi <budi@x.org>\n> Subject: Peta\n>\n> Isi", "budi@x.org"),
        ("FW: Peta", "From: Budi [mailto:budi@x.org]\nSent: Mon\nTo: x\nSubject: Peta\n\nIsi", "budi@x.org"),
        ("Re: Peta", "Ok\n\nFrom: PST <p@x.org>\nSent: Mon\nTo: x\nSubject: Peta\n\nIsi", None),
        ("Fwd: Peta", "Tidak ada isinya.", None),
    ],
)
def test_who_wrote_a_forwarded_request_is_suggested(subject: str, text: str, address: str | None) -> None:
    mail = read(text, subject=subject)
    assert (mail.forwarded_from.address if mail.forwarded_from else None) == address
    assert mail.asks
    assert mail.asks.address == (address or "rina@example.com")


def test_a_mail_forwarded_as_attachment_is_read_with_its_files() -> None:
    inner = (
        "From: Budi <budi@example.com>\nSubject: Peta\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="dalam"\n\n--dalam\nContent-Type: text/plain\n\nMohon peta.\n'
        '--dalam\nContent-Type: application/pdf; name="surat.pdf"\n\n%PDF-1.4 isi\n--dalam--\n'
    )
    body, kind = mixed("Content-Type: text/plain\n\nTeruskan.", f"Content-Type: message/rfc822\n\n{inner}")
    mail = read(body, content_type=kind, subject="Fwd: Peta")
    assert [nested.subject for nested in mail.nested] == ["Peta"]
    assert mail.nested[0].text == "Mohon peta.\n"
    assert mail.forwarded_from
    assert mail.forwarded_from.address == "budi@example.com"
    assert [item.safe_name for item in mail.attachments] == ["Peta.eml"]
    assert [item.safe_name for item in mail.files] == ["Peta.eml", "surat.pdf"]


# Text ----------------------------------------------------------------------------------------------------------------


def html(body: str, charset: str = "utf-8") -> str:
    return read(body.encode(charset), content_type=f"text/html; charset={charset}").text


def test_html_becomes_lines_that_people_would_write() -> None:
    text = html("<h1>Judul</h1><div>satu<br>dua &lt;3 &euro;</div><table><tr><td>A<td>1<tr><td>B<td>2</table><p>akhir")
    assert text == "Judul\n\nsatu\ndua <3 €\n\nA  1\nB  2\n\nakhir\n"


def test_hidden_text_scripts_and_comments_are_not_shown() -> None:
    text = html(
        "<p>tampak</p><div style='DISPLAY: none'>pelacak</div><!-- catatan --><script>x()</script><p hidden>h</p>"
    )
    assert text == "tampak\n"


def test_a_quoted_message_in_html_is_marked_and_no_news() -> None:
    mail = read("<p>Baik.</p><blockquote><p>lama</p></blockquote>", content_type="text/html")
    assert "> lama" in mail.text
    assert mail.new_text == "Baik."


def test_html_nested_beyond_reason_still_gives_its_words() -> None:
    assert html("<div>" * 20_000 + "isi &amp; kata").strip() == "isi & kata"


def test_of_two_forms_the_plain_one_is_read_unless_it_is_empty() -> None:
    rich = "Content-Type: text/html\n\n<p>kaya</p>"
    for plain, text in (("polos", "polos"), ("  ", "kaya")):
        body, kind = mixed(f"Content-Type: text/plain\n\n{plain}", rich, kind="multipart/alternative")
        assert read(body, content_type=kind).text.strip() == text


def test_text_before_and_after_an_attachment_is_one_text() -> None:
    body, kind = mixed(
        "Content-Type: text/plain\n\natas",
        "Content-Type: image/png; name=a.png\n\n\x89PNG",
        "Content-Type: text/plain\n\nbawah",
    )
    assert read(body, content_type=kind).text == "atas\n\nbawah\n"


@pytest.mark.parametrize(
    "charset", ["utf-8", "windows-1252", "iso-8859-1", "tidak-ada", "base64", "unicode_escape", ""]
)
def test_any_character_set_or_none_gives_text(charset: str) -> None:
    raw = "José – Ñandú".encode("utf-8" if charset == "utf-8" else "cp1252")
    mail = read(raw, content_type=f"text/plain; charset={charset}")
    assert mail.text.strip() == "José – Ñandú"
    assert bool(mail.warnings) is (charset in {"tidak-ada", "base64", "unicode_escape"})


def test_nothing_that_a_database_refuses_stays_in_the_texts() -> None:
    mail = read(b"a\x00b\x07c", subject="x\x00\x1by", **{"from": "R\x00 <r@example.com>"})
    assert "\x00" not in mail.text + mail.subject + (mail.sender.name if mail.sender else "")


def test_soft_line_ends_are_joined() -> None:
    mail = read("Saya ingin \nmembeli data. \n\n-- \nRina\n", content_type="text/plain; format=flowed")
    assert mail.text == "Saya ingin membeli data. \n\n-- \nRina\n"


# Attachments ---------------------------------------------------------------------------------------------------------


def one_file(headers: str, content: str = "isi") -> tuple[str, str]:
    return mixed("Content-Type: text/plain\n\nHalo", f"{headers}\n\n{content}")


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ('Content-Type: text/plain; name="=?utf-8?B?U3VyYXQgw4kudHh0?="', "Surat É.txt"),
        ("Content-Disposition: attachment; filename*=UTF-8''Surat%20%C3%89.txt", "Surat É.txt"),
        ('Content-Disposition: attachment;\n filename*1="b.txt";\n filename*0="a"', "ab.txt"),
        ("Content-Disposition: attachment; filename=tanpa kutip.txt", "tanpa kutip.txt"),
        ('Content-Disposition: attachment; filename="a\\"b;c.txt"', 'a"b;c.txt'),
        ("Content-Disposition: attachment", "lampiran.txt"),
    ],
)
def test_names_of_attachments_are_read_in_every_spelling(headers: str, name: str) -> None:
    body, kind = one_file(headers)
    assert [item.raw_name for item in read(body, content_type=kind).attachments] == [name]


def test_equal_names_in_one_mail_do_not_overwrite_each_other() -> None:
    part = 'Content-Type: image/jpeg; name="{}"\n\n\xff'
    body, kind = mixed(part.format("KTP.jpg"), part.format("ktp.JPG"), part.format("KTP.jpg"))
    names = [item.safe_name for item in read(body, content_type=kind).attachments]
    assert names == ["KTP.jpg", "ktp (2).JPG", "KTP (3).jpg"]


def test_the_kind_of_a_file_is_told_by_content_and_a_program_is_marked() -> None:
    body, kind = one_file('Content-Type: application/pdf; name="tagihan.pdf"', "MZ\x01 program")
    (item,) = read(body, content_type=kind).attachments
    assert (item.file_type, item.declared_type) == (FileType.PROGRAM, "application/pdf")
    assert item.is_dangerous
    assert item.refusal
    assert "tidak boleh dibuka" in item.refusal


def test_uuencoded_files_are_read() -> None:
    body, kind = one_file("Content-Type: text/plain; name=a.txt\nContent-Transfer-Encoding: x-uuencode",
                          "begin 644 a.txt\n#:7-I\n`\nend")  # fmt: skip
    assert [item.data for item in read(body, content_type=kind).attachments] == [b"isi"]


# Limits and damage ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "kosong"),
        (b"\r\n\r\n  ", "kosong"),
        (b"%PDF-1.7 surat", "melainkan dokumen PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "__substg1.0_".encode("utf-16-le"), r"Outlook \(\.msg\) ini rusak"),
        (b"Halo, ini hanya teks.\n", "bukan surel"),
    ],
)
def test_what_is_no_mail_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        read_mail(data)


def test_a_mail_beyond_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(Refused, match="melebihi batas 1,0 KB"):
        read_mail(written("x" * 2000), limits=Limits(mail=1024))


def test_a_cut_mail_gives_its_beginning_and_a_sentence() -> None:
    body, kind = one_file(
        "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64", "JVBERi0xLjQgaXNpIGlzaQ=="
    )
    whole = written(body, content_type=kind)
    mail = read_mail(whole[: whole.index(b"aXNpIGlzaQ==") + 5])
    assert mail.text == "Halo\n"
    assert [item.data for item in mail.attachments] == [b"%PDF-1.4 isi"[: len(mail.attachments[0].data)]]
    assert any("terpotong" in sentence for sentence in mail.warnings)


def test_a_mail_nested_3000_deep_is_read_down_to_the_limit() -> None:
    data = b"From: a@example.com\r\nSubject: sarang\r\n"
    for level in range(3000):
        data += b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level)
    mail = read_mail(data)
    assert mail.subject == "sarang"
    assert any("bersarang terlalu dalam" in sentence for sentence in mail.warnings)


def test_mails_inside_mails_stop_at_the_limit_and_keep_the_rest_as_a_file() -> None:
    data = b"From: a@example.com\r\n"
    for _ in range(500):
        data += b"Content-Type: message/rfc822\r\n\r\nFrom: a@example.com\r\n"
    mail = read_mail(data + b"\r\nakhir", limits=Limits(depth=5))
    levels = 0
    while mail.nested:
        mail, levels = mail.nested[0], levels + 1
    assert levels == 5
    assert len(mail.attachments) == 1


def test_endless_parts_and_files_are_cut_with_a_sentence() -> None:
    body, kind = mixed(*["Content-Type: image/png; name=a.png\n\nx"] * 300)
    mail = read(body, content_type=kind)
    assert len(mail.attachments) == 200
    assert any("lebih dari 200 lampiran" in sentence for sentence in mail.warnings)
    body, kind = mixed(*["\n"] * 5000)
    assert any("lebih dari 1000 bagian" in sentence for sentence in read(body, content_type=kind).warnings)


def test_a_header_of_a_megabyte_is_cut_with_a_sentence_and_the_body_is_read() -> None:
    mail = read("isi", subject="<" * 1_000_000)
    assert mail.text == "isi\n"
    assert len(mail.subject) < 10_000
    assert mail.warnings


def test_a_multipart_without_its_boundary_is_read_as_text() -> None:
    mail = read("Halo saja.\n", content_type="multipart/mixed; boundary=hilang")
    assert mail.text == "Halo saja.\n"
    assert mail.warnings


def test_a_mailbox_line_a_byte_order_mark_and_lone_line_feeds_do_no_harm() -> None:
    raw = written("isi\n").replace(b"\r\n", b"\n")
    for data in (
        b"\xef\xbb\xbf" + raw,
        b"From rina@example.com Mon Jan  5 10:00:00 2026\n" + raw,
        raw.replace(b"\n", b"\r"),
    ):
        mail = read_mail(data)
        assert (mail.subject, mail.text) == ("Tanya", "isi\n")


def test_a_damaged_winmail_keeps_the_file_and_says_so() -> None:
    content = base64.b64encode(b"\x78\x9f\x3e\x22\x01\x00\x02\x0f\x80\x06\x00\xff\xff\x00\x00abc").decode()
    body, kind = one_file(
        "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64", content
    )
    mail = read(body, content_type=kind)
    assert [item.raw_name for item in mail.attachments] == ["winmail.dat"]
    assert any("winmail.dat terpotong" in sentence for sentence in mail.warnings)


def test_a_reply_in_an_unknown_thread_opens_a_case_and_is_pointed_out() -> None:
    mail = read(in_reply_to="<asing@example.com>")
    assert mail.opens_case
    assert any("membalas pesan yang tidak dikenal" in sentence for sentence in mail.notices)
    assert KNOWN.office_address == "pst1600@example.org"


@pytest.mark.parametrize(
    ("kind", "piece", "times"),
    [
        ("text/plain; format=flowed", "a \n", 2_000_000),
        ("text/html", "<blockquote>x", 200_000),
        ("text/plain", "On a\n", 2_000_000),
        ("text/plain", "Pada x\nFrom: a\n", 500_000),
    ],
)
def test_a_text_made_to_keep_the_desk_busy_is_cut_with_a_sentence(kind: str, piece: str, times: int) -> None:
    start = time.perf_counter()
    mail = read(piece * times, content_type=kind)
    assert time.perf_counter() - start < 20
    assert len(mail.text) < 5_000_000
    assert any("Teks surel ini lebih dari 2,0 MB" in sentence for sentence in mail.warnings)


def test_a_winmail_with_an_impossible_code_page_is_read() -> None:
    def attribute(number: int, value: bytes) -> bytes:
        return b"\x02" + number.to_bytes(2, "little") + b"\0\0" + len(value).to_bytes(4, "little") + value + b"\0\0"

    content = b"\x78\x9f\x3e\x22\0\0" + attribute(0x9007, b"\xff\xff\xff\x7f") + attribute(0x9002, b"")
    content += attribute(0x8010, b"surat.txt\0") + attribute(0x800F, b"isi")
    body, kind = one_file(
        "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64",
        base64.b64encode(content).decode(),
    )
    mail = read(body, content_type=kind)
    assert [(item.raw_name, item.data) for item in mail.files] == [("surat.txt", b"isi")]
