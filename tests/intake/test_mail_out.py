"""A draft that the desk writes opens in a mail program and is read back by the desk without loss."""

from __future__ import annotations

import pytest

from desk.adapters.attachments import attachment
from desk.adapters.mail_case import Known, KnownCase
from desk.adapters.mail_headers import Address
from desk.adapters.mail_in import read_mail
from desk.adapters.mail_out import draft_eml, new_message_id
from desk.errors import Refused

OFFICE = Address("PST BPS Provinsi Sumatera Selatan, 1600", "pst1600@example.org")
CUSTOMER = Address("José Ñandú Contoh", "jose@example.com")


def test_a_draft_is_read_back_as_it_was_written() -> None:
    invoice = attachment("Invoice – 0094.pdf", b"%PDF-1.4\n\x00\xff\r\nisi")
    table = attachment("daftar.csv", b"kode;nama\r\n16;Sumsel\n")
    body = "Yth. Bapak José,\n\nberikut invoice Rp70.000 – mohon dibayar.\n.\nFrom PST\n" + "panjang " * 40 + "\n"
    data = draft_eml(
        sender=OFFICE,
        to=[CUSTOMER],
        subject="[PST-1600-2026-000123] Invoice dan SPPD – José\r\nBcc: curi@example.com",
        body=body,
        message_id="<kasus.1@example.org>",
        attachments=[invoice, table],
        in_reply_to="<q2@example.com>",
        references=["<q1@example.com>", "<q2@example.com>"],
    )
    mail = read_mail(data)
    assert b"\r\nX-Unsent: 1\r\n" in b"\r\n" + data
    assert b"\nBcc:" not in data
    assert (mail.sender, mail.to) == (OFFICE, (CUSTOMER,))
    assert mail.subject == "[PST-1600-2026-000123] Invoice dan SPPD – José Bcc: curi@example.com"
    assert mail.text == body
    assert [(item.raw_name, item.data) for item in mail.attachments] == [
        ("Invoice – 0094.pdf", invoice.data),
        ("daftar.csv", table.data),
    ]
    assert (mail.message_id, mail.in_reply_to) == ("<kasus.1@example.org>", "<q2@example.com>")
    assert mail.references == ("<q1@example.com>", "<q2@example.com>")


def test_a_reply_to_a_draft_finds_its_case() -> None:
    number = "PST-1600-2026-000123"
    sent = new_message_id("1600", domain="pst1600.example.org")
    known = Known.of([KnownCase(number)], {sent: number})
    mail = read_mail(f"From: a@example.com\r\nIn-Reply-To: {sent}\r\n\r\nBaik.".encode(), known)
    assert mail.case_number == number


def test_message_ids_are_never_given_twice_and_hold_no_foreign_signs() -> None:
    given = {new_message_id("16 00>\r\n", domain="pst.example.org") for _ in range(1000)}
    assert len(given) == 1000
    assert all(
        item.startswith("<1600.") and item.endswith("@pst.example.org>") and item.count(">") == 1 for item in given
    )


@pytest.mark.parametrize("address", ["tanpa alamat", "", "a@b@c", "a b@example.com"])
def test_an_address_that_cannot_be_written_is_refused(address: str) -> None:
    with pytest.raises(Refused, match="tidak benar"):
        draft_eml(sender=OFFICE, to=[Address("X", address)], subject="s", body="b", message_id="<a@b>")
