"""A mail that Outlook saved (.msg) is read as the same mail saved as .eml would be."""

from __future__ import annotations

import io
import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.adapters import msg_in
from desk.adapters.mail_in import read_mail
from desk.adapters.mail_kind import MailKind
from desk.adapters.understanding import understand_mail
from desk.checks.intake import check_mail
from desk.errors import Refused
from tests.intake.mails import KNOWN
from tests.intake.outlook import Attached, Outlook, compound

LETTER = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n%%EOF" + b" " * 6000
TRAVELLED = (
    "Received: from mx.example.com by pst.example.org; Fri, 20 Nov 2026 10:16:02 +0700\r\n"
    "From: =?utf-8?q?Sari_Cont=C3=B6hwati?= <sari@example.com>\r\n"
    "To: PST 1600 <pst1600@example.org>\r\n"
    "Subject: Re: [PST-1600-2026-000123] Invoice\r\n"
    "Date: Fri, 20 Nov 2026 10:15:00 +0700\r\n"
    "Message-ID: <jawab.1@example.com>\r\n"
    "In-Reply-To: <kasus-000123.1@pst.example.org>\r\n"
    'Content-Type: multipart/mixed;\r\n boundary="asli"\r\n'
    "MIME-Version: 1.0\r\n"
)


def test_a_new_request_is_read_with_its_files() -> None:
    mail = read_mail(
        Outlook(
            body="Yth. PST,\n\nMohon data Susenas.\n\nRina\n0812-3456-7890",
            attached=[
                Attached("surat permohonan – Rina.pdf", LETTER, media_type="application/pdf"),
                Attached("logo.png", b"\x89PNG\r\n\x1a\n" + bytes(40), inside=True),
                Attached("../../jalan.exe", b"MZ" + bytes(80)),
            ],
        ).saved(),
        KNOWN,
    )
    assert mail.kind is MailKind.NEW_REQUEST
    assert (mail.sender.name, mail.sender.address) == ("Rina Contoh", "rina@example.com")  # type: ignore[union-attr]
    assert mail.to[0].address == "pst1600@example.org"
    assert mail.date == datetime(2026, 11, 20, 3, 15, tzinfo=UTC)
    assert mail.text.startswith("Yth. PST,")
    letter, logo, program = mail.attachments
    assert (letter.safe_name, letter.data, letter.inline) == ("surat permohonan – Rina.pdf", LETTER, False)
    assert logo.inline
    assert program.is_dangerous
    assert "/" not in program.safe_name


def test_the_headers_it_travelled_with_find_its_case() -> None:
    mail = read_mail(Outlook(headers=TRAVELLED, body="Terlampir bukti bayar.", message_id="<lain@x>").saved(), KNOWN)
    assert mail.kind is MailKind.REPLY
    assert mail.case_number == "PST-1600-2026-000123"
    assert mail.message_id == "<jawab.1@example.com>"
    assert mail.sender is not None
    assert mail.sender.name == "Sari Contöhwati"
    assert mail.received is not None


def test_a_mail_that_was_never_sent_carries_what_outlook_knows() -> None:
    answer = Outlook(message_id="<m1@x>", answers="<kasus-000123.1@pst.example.org>", subject="Bukti", body="Ini.")
    mail = read_mail(answer.saved(), KNOWN)
    assert (mail.message_id, mail.case_number) == ("<m1@x>", "PST-1600-2026-000123")


def test_a_mail_inside_a_mail_gives_its_sender_and_its_files() -> None:
    inner = Outlook(
        subject="Mohon data", body="isi", sender=("Budi", "budi@example.net"), attached=[Attached("ktp.pdf", LETTER)]
    )
    mail = read_mail(
        Outlook(subject="FW: Mohon data", attached=[Attached("Mohon data", mail=inner, method=5)]).saved(), KNOWN
    )
    assert mail.forwarded_from is not None
    assert mail.forwarded_from.address == "budi@example.net"
    assert [item.safe_name for item in mail.attachments] == ["Mohon data.eml"]
    assert [item.safe_name for item in mail.files] == ["Mohon data.eml", "ktp.pdf"]


def test_a_mail_that_is_attached_as_msg_is_read_too() -> None:
    inner = Outlook(subject="Mohon data", body="isi", sender=("Budi", "budi@example.net")).saved()
    mail = read_mail(Outlook(attached=[Attached("surel.msg", inner)]).saved(), KNOWN)
    assert [nested.subject for nested in mail.nested] == ["Mohon data"]
    assert mail.attachments[0].data == inner


def test_old_texts_are_read_in_their_code_page_and_html_when_it_is_all_there_is() -> None:
    old = read_mail(Outlook(narrow=True, subject="Tanya – data", body="Harga “Susenas”?").saved(), KNOWN)
    assert (old.subject, old.text.strip()) == ("Tanya – data", "Harga “Susenas”?")
    page = read_mail(Outlook(html="<p>Mohon <b>data</b> é</p>".encode()).saved(), KNOWN)
    assert page.text.strip() == "Mohon data é"
    unknown = read_mail(
        Outlook(narrow=True, subject="Tanya", body="Isi", page=1252).saved().replace(b"\xe4\x04", b"\x39\x30")
    )
    assert unknown.subject == "Tanya"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("REPORT.IPM.Note.NDR", MailKind.BOUNCE),
        ("REPORT.IPM.Note.IPNRN", MailKind.AUTO_REPLY),
        ("IPM.Note.Rules.OofTemplate.Microsoft", MailKind.AUTO_REPLY),
    ],
)
def test_reports_of_outlook_open_no_case(kind: str, expected: MailKind) -> None:
    mail = read_mail(Outlook(kind=kind, body="tidak terkirim", to=[("Siti", "siti@example.com")]).saved(), KNOWN)
    assert (mail.kind, mail.opens_case) == (expected, False)
    if expected is MailKind.BOUNCE:
        assert mail.failed_recipient is not None
        assert "siti@example.com" in mail.failed_recipient


def test_what_is_only_a_link_or_only_rtf_is_said() -> None:
    mail = read_mail(
        Outlook(attached=[Attached("data.xlsx", method=7)], more={"__substg1.0_10090102": b"LZFu"}).saved(), KNOWN
    )
    assert mail.attachments == ()
    assert "data.xlsx hanya tautan" in mail.warnings[1]
    assert "hanya dalam bentuk RTF" in mail.warnings[0]


def test_a_damaged_file_is_refused_with_a_sentence_whatever_is_cut() -> None:
    whole = Outlook(body="Isi " * 2000, attached=[Attached("a.pdf", LETTER)]).saved()
    told = set()
    for length in range(600, len(whole), 997):
        try:
            read_mail(whole[:length], KNOWN)
        except Refused as refused:
            told.add(str(refused))
    assert told
    assert all("rusak" in sentence or "bukan surel" in sentence for sentence in told)


def test_streams_that_share_their_bytes_do_not_unfold() -> None:
    data = bytearray(compound({f"__substg1.0_{place:04X}0102": bytes(4096) for place in range(20)}))
    directory = data.index("Root Entry".encode("utf-16-le"))
    for place in range(1, 21):
        at = directory + 128 * place
        data[at + 116 : at + 128] = struct.pack("<IQ", 0, 4096 * 20)
    with pytest.raises(Refused, match="rusak"):
        msg_in.as_mail(bytes(data), [], depth=5)


def test_mails_within_mails_end_somewhere() -> None:
    mail = Outlook(subject="0", body="dasar")
    for level in range(1, 25):
        mail = Outlook(subject=str(level), attached=[Attached("dalam", mail=mail, method=5)])
    read = read_mail(mail.saved(), KNOWN)
    assert any("tidak terbaca" in warning for warning in read.warnings)


def test_the_check_command_reads_it_in_the_same_shape(tmp_path: Path) -> None:
    saved = tmp_path / "permohonan.msg"
    saved.write_bytes(Outlook(body="Mohon data.", attached=[Attached("surat.pdf", LETTER)]).saved())
    same = tmp_path / "permohonan.eml"
    same.write_bytes(msg_in.as_mail(saved.read_bytes(), [], depth=5))
    [outlook], [plain] = check_mail([saved]), check_mail([same])
    assert {**outlook, "file": ""} == {**plain, "file": ""}


def test_it_becomes_a_message_for_the_registration() -> None:
    seen = understand_mail(Outlook(body="Mohon data.\n\n081234567890", attached=[Attached("ktp.pdf", LETTER)]).saved())
    assert (seen.name, seen.email, seen.phone) == ("Rina Contoh", "rina@example.com", "+6281234567890")
    assert [file.protected for file in seen.files] == [True]
    assert io.BytesIO(seen.files[0].data).read(4) == b"%PDF"
