"""A sealed file is read whole and in order, or it is refused."""

from __future__ import annotations

import io
import struct

import pytest

from desk.adapters.sealed_file import _HEADER, PIECE, SealedWriter, read_sealed
from desk.errors import Refused

PHRASE = "tujuh kucing makan durian"
CONTENT = b"baris rekaan " * (PIECE // 4)


@pytest.fixture(scope="module")
def sealed() -> bytes:
    """A file of several pieces."""
    file = io.BytesIO()
    writer = SealedWriter(file, PHRASE)
    writer.write(b"A", b"tentang")
    writer.write(b"D", CONTENT)
    writer.finish(b"E", b"akhir")
    return file.getvalue()


def pieces(sealed: bytes) -> list[bytes]:
    """The pieces with their lengths, as they stand behind the header."""
    found, at = [], _HEADER.size
    while at < len(sealed):
        (length,) = struct.unpack_from(">I", sealed, at)
        found.append(sealed[at : at + 4 + length])
        at += 4 + length
    return found


def read(sealed: bytes, passphrase: str = PHRASE) -> list[tuple[bytes, bytes]]:
    return list(read_sealed(io.BytesIO(sealed), passphrase))


def test_what_was_sealed_is_read_in_pieces(sealed: bytes) -> None:
    found = read(sealed)
    assert found[0] == (b"A", b"tentang")
    assert found[-1] == (b"E", b"akhir")
    assert b"".join(data for kind, data in found if kind == b"D") == CONTENT
    assert len(found) == 2 + 4
    assert max(len(data) for _, data in found) == PIECE


def test_two_files_of_the_same_content_have_nothing_in_common(sealed: bytes) -> None:
    again = io.BytesIO()
    SealedWriter(again, PHRASE).finish(b"A", b"tentang")
    assert pieces(sealed)[0][4:20] not in again.getvalue()


@pytest.mark.parametrize(
    "order", [(0, 1, 2), (0, 1, 2, 3, 4), (0, 2, 1, 3, 4, 5), (0, 1, 1, 2, 3, 4, 5), (1, 2, 3, 4, 5), ()]
)
def test_pieces_that_are_missing_exchanged_or_repeated_are_noticed(sealed: bytes, order: tuple[int, ...]) -> None:
    parts = pieces(sealed)
    with pytest.raises(Refused, match=r"rusak.*\.$"):
        read(sealed[: _HEADER.size] + b"".join(parts[number] for number in order))


def test_a_piece_of_another_file_is_noticed(sealed: bytes) -> None:
    other = io.BytesIO()
    writer = SealedWriter(other, PHRASE)
    writer.write(b"A", b"tentang")
    writer.finish(b"E", b"akhir")
    with pytest.raises(Refused, match="rusak"):
        read(sealed[: _HEADER.size] + pieces(other.getvalue())[0] + b"".join(pieces(sealed)[1:]))


@pytest.mark.parametrize("cost", [0, 21, 63, 255])
def test_a_hostile_file_cannot_ask_for_more_memory_than_there_is(sealed: bytes, cost: int) -> None:
    forged = bytearray(sealed)
    forged[11] = cost
    with pytest.raises(Refused, match="rusak"):
        read(bytes(forged))


@pytest.mark.parametrize("length", [0, 16, PIECE + 18, 2**32 - 1])
def test_a_length_no_piece_can_have_is_refused_before_anything_is_read(sealed: bytes, length: int) -> None:
    forged = bytearray(sealed)
    forged[_HEADER.size : _HEADER.size + 4] = struct.pack(">I", length)
    with pytest.raises(Refused, match="rusak"):
        read(bytes(forged))


@pytest.mark.parametrize("content", [b"", b"PGDMP", b"x" * 5000])
def test_a_foreign_file_is_named_as_one(content: bytes) -> None:
    with pytest.raises(Refused, match="bukan cadangan"):
        read(content)
