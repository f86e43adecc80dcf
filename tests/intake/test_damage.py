"""Whatever happens to a mail or a conversation on its way, reading it gives a result or a sentence, never a crash."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.adapters.chat_in import Chat, read_chat, read_pasted
from desk.adapters.file_types import sniff
from desk.adapters.mail_in import Mail, read_mail
from desk.adapters.tnef import unpack
from desk.checks.intake import chat_result, mail_result
from desk.errors import Refused
from tests.intake.mails import KNOWN, MAILS, SAMPLES

CHATS = sorted((SAMPLES / "chat").glob("*.txt"))
RUNS = settings(max_examples=40, deadline=None)

SNIPPETS = [
    b"\r\n\r\n",
    b"--",
    b'"',
    b";",
    b"=?utf-8?B?",
    b"?=",
    b"\x00",
    b"\xff\xfe",
    b"<",
    b"(" * 50,
    b"\n",
    b"=\n",
    b":",
    b"Content-Type: message/rfc822\r\n\r\n",
    b"\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
    b"\r\nDate: Fri, 31 Feb 0000 99:99:99 +9999\r\n",
    b"[99/99/99, 99.99.99] A: b\n",
]


def changes(data: bytes) -> st.SearchStrategy[bytes]:
    """The same bytes cut short, with some bytes changed, or with something nasty put in."""
    places = st.integers(0, max(len(data) - 1, 0))
    # Headers and part borders stand in the first bytes and around them: half of the changes go there.
    near = st.one_of(places, st.integers(0, min(900, max(len(data) - 1, 0))))

    def flipped(edits: list[tuple[int, int]]) -> bytes:
        copy = bytearray(data)
        for place, value in edits:
            copy[place] = value
        return bytes(copy)

    return st.one_of(
        near.map(lambda place: data[:place]),
        near.map(lambda place: data[place:]),
        st.lists(st.tuples(near, st.integers(0, 255)), min_size=1, max_size=30).map(flipped),
        st.tuples(near, st.sampled_from(SNIPPETS)).map(lambda edit: data[: edit[0]] + edit[1] + data[edit[0] :]),
    )


def say(sentence: str) -> None:
    assert sentence.endswith(".")


def try_mail(data: bytes) -> None:
    try:
        mail = read_mail(data, KNOWN)
    except Refused as refused:
        say(str(refused))
        return
    assert isinstance(mail, Mail)
    plain = str(mail_result(mail))
    plain.encode()  # no half characters
    for item in mail.files:
        item.notices()
        say(item.refusal or ".")


def try_chat(data: bytes) -> None:
    try:
        chat = read_chat(data)
    except Refused as refused:
        say(str(refused))
        return
    assert isinstance(chat, Chat)
    assert "\x00" not in str(chat_result(chat))


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_a_damaged_mail_never_crashes_the_desk(path: Path) -> None:
    @RUNS
    @given(changes(path.read_bytes()))
    def run(data: bytes) -> None:
        try_mail(data)

    run()


@pytest.mark.parametrize("path", CHATS, ids=lambda path: path.stem)
def test_a_damaged_conversation_never_crashes_the_desk(path: Path) -> None:
    @RUNS
    @given(changes(path.read_bytes()))
    def run(data: bytes) -> None:
        try_chat(data)

    run()


@RUNS
@given(st.binary(max_size=400))
def test_any_bytes_at_all_are_survived(data: bytes) -> None:
    try_mail(data)
    try_mail(b"From: " + data)
    try_mail(b"From: a@b.c\nContent-Type: multipart/mixed; " + data)
    try_chat(data)
    try_chat(b"05/10/26 09.01 - A: b\n" + data)
    sniff(data)
    unpack(b"\x78\x9f\x3e\x22\x01\x00" + data)


@RUNS
@given(st.text(max_size=300))
def test_any_pasted_text_is_kept(text: str) -> None:
    assert read_pasted(text).messages
