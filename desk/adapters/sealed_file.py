"""A file that only its passphrase opens, written and read in pieces, in which no byte changes or goes missing unseen.

scrypt makes the key of the passphrase; each piece is sealed with AES-256-GCM under its own number, the last one with a
mark, so that pieces cannot be exchanged and a cut is noticed. Layout: the header (`_MAGIC`, cost, salt, start of the
numbers, proof of the key), then for each piece its length in four bytes and the sealed bytes, of which the first one is
the kind of the piece.
"""

from __future__ import annotations

import hmac
import os
import struct
from typing import TYPE_CHECKING, Final

from desk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

PIECE: Final = 1 << 20
"""Bytes of a piece at most."""

_MAGIC: Final = b"MEJA-PST-1\n"
_COST: Final = 17  # 2^17 x 8 x 128 bytes = 128 MB of memory for each guess
_HIGHEST_COST: Final = 20  # a hostile file may not ask for more than 1 GB
_HEADER: Final = struct.Struct(f">{len(_MAGIC)}sB16s7s32s")
_LENGTH: Final = struct.Struct(">I")
_SEAL: Final = 16
_LAST: Final = 1

_NOT_OURS = "Berkas ini bukan cadangan Meja PST. Pilih berkas yang dibuat dengan “desk backup”."
_WRONG = "Frasa sandi tidak cocok dengan cadangan ini, atau awal berkasnya rusak. Periksa frasa sandi, lalu ulangi."
_DAMAGED = "Cadangan ini rusak atau terpotong, jadi tidak dipulihkan. Pakai cadangan lain dan periksa disknya."


class SealedWriter:
    """Seals pieces into an open file; the file is complete after `finish`."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        salt, self._start = os.urandom(16), os.urandom(7)
        key, proof = _keys(passphrase, salt, _COST)
        self._file = file
        self._header = _HEADER.pack(_MAGIC, _COST, salt, self._start, proof)
        self._cipher = AESGCM(key)
        self._number = 0
        file.write(self._header)

    def write(self, kind: bytes, data: bytes) -> None:
        """Seals `data`, which may be longer than a piece."""
        for at in range(0, len(data), PIECE):
            self._seal(kind + data[at : at + PIECE], last=False)

    def finish(self, kind: bytes, data: bytes) -> None:
        """Seals the last piece; nothing can be added behind it."""
        self._seal(kind + data, last=True)

    def _seal(self, piece: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._start, self._number, last=last), piece, self._header)
        self._file.write(_LENGTH.pack(len(sealed)) + sealed)
        self._number += 1


def read_sealed(file: BinaryIO, passphrase: str) -> Iterator[tuple[bytes, bytes]]:
    """Gives kind and content of each piece; raises `Refused` for a wrong passphrase, a foreign or a damaged file.

    What was given before the damage is genuine; only who reads to the end knows that the file is whole.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    header = file.read(_HEADER.size)
    if len(header) < _HEADER.size or not header.startswith(_MAGIC):
        raise Refused(_NOT_OURS)
    _, cost, salt, start, proof = _HEADER.unpack(header)
    if not 1 <= cost <= _HIGHEST_COST:
        raise Refused(_DAMAGED)
    key, expected = _keys(passphrase, salt, cost)
    if not hmac.compare_digest(proof, expected):
        raise Refused(_WRONG)
    cipher = AESGCM(key)
    number = 0
    piece = _next_piece(file)
    while piece is not None:
        following = _next_piece(file)
        try:
            plain = cipher.decrypt(_nonce(start, number, last=following is None), piece, header)
        except InvalidTag:
            raise Refused(_DAMAGED) from None
        if not plain:
            raise Refused(_DAMAGED)
        yield plain[:1], plain[1:]
        number, piece = number + 1, following
    if number == 0:
        raise Refused(_DAMAGED)


def _next_piece(file: BinaryIO) -> bytes | None:
    length = file.read(_LENGTH.size)
    if not length:
        return None
    if len(length) < _LENGTH.size or not _SEAL < (size := _LENGTH.unpack(length)[0]) <= PIECE + 1 + _SEAL:
        raise Refused(_DAMAGED)
    sealed = file.read(size)
    if len(sealed) < size:
        raise Refused(_DAMAGED)
    return sealed


def _nonce(start: bytes, number: int, *, last: bool) -> bytes:
    return start + struct.pack(">IB", number, _LAST if last else 0)


def _keys(passphrase: str, salt: bytes, cost: int) -> tuple[bytes, bytes]:
    """Gives the key of the pieces and the proof that stands in the header, which says nothing about the key."""
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    made = Scrypt(salt=salt, length=64, n=1 << cost, r=8, p=1).derive(passphrase.encode())
    return made[:32], made[32:]
