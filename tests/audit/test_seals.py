"""Keys and signed heads: a locked file opens with its passphrase only, and no word of a signed head can be changed."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import NoKeyringError

from desk.adapters.seals import (
    BlockHead,
    SignedHead,
    append_heads,
    new_key,
    read_heads,
    read_key,
    remember_key,
    remembered_key,
    write_key,
)
from desk.errors import Refused, Unavailable

HEAD = BlockHead(UUID(int=7), 1600, 3, "ab" * 32)
MOMENT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def signed() -> SignedHead:
    return new_key().sign(HEAD, signed_by="budi", signed_at=MOMENT)


class Keyring(KeyringBackend):
    """The system's keyring, in memory."""

    priority = 1

    def __init__(self, *, locked: bool = False) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = locked

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise NoKeyringError
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise NoKeyringError
        self.kept[service, username] = password


def test_a_signed_head_is_genuine_in_every_time_zone() -> None:
    head = signed()
    assert head.is_genuine()
    jakarta = datetime.fromisoformat("2026-11-23T16:30:00+07:00")
    assert replace(head, signed_at=jakarta).is_genuine()


@pytest.mark.parametrize(
    "change",
    [
        {"chain": UUID(int=8)},
        {"office_id": 1571},
        {"no": 4},
        {"hash": "cd" * 32},
        {"signed_by": "rina"},
        {"signed_at": datetime(2026, 11, 23, 9, 31, tzinfo=UTC)},
        {"public_key": new_key().public},
        {"public_key": "?"},
        {"public_key": ""},
        {"signature": ""},
    ],
    ids=lambda change: next(iter(change)),  # a key is made anew in every process
)
def test_no_word_of_a_signed_head_can_be_changed(change: dict[str, object]) -> None:
    assert not replace(signed(), **change).is_genuine()  # type: ignore[arg-type]


def test_a_key_file_opens_with_its_passphrase_and_signs_the_same(tmp_path: Path) -> None:
    key, path = new_key(), tmp_path / "kunci segel.pem"
    write_key(path, key, "kata sandi é")
    assert read_key(path, "kata sandi é").public == key.public
    assert b"ENCRYPTED" in path.read_bytes()
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_file_is_not_opened_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "kunci.pem"
    write_key(path, new_key(), "benar")
    with pytest.raises(Refused, match="kata sandinya salah"):
        read_key(path, "salah")
    with pytest.raises(Refused, match="dilindungi kata sandi"):
        read_key(path, "")
    with pytest.raises(Refused, match="sudah ada dan tidak ditimpa"):
        write_key(path, new_key(), "lain")
    with pytest.raises(Refused, match="harus dilindungi kata sandi"):
        write_key(tmp_path / "lain.pem", new_key(), "")
    with pytest.raises(Unavailable, match="tidak terbaca"):
        read_key(tmp_path / "tidak ada.pem", "x")
    with pytest.raises(Unavailable, match="tidak dapat disimpan"):
        write_key(tmp_path / "tidak ada" / "kunci.pem", new_key(), "x")
    path.write_bytes(os.urandom(200))
    with pytest.raises(Refused, match="bukan kunci segel"):
        read_key(path, "benar")


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    path = tmp_path / "kunci.pem"
    path.write_bytes(X25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(Refused, match="bukan kunci segel Meja PST"):
        read_key(path, "")


def test_a_key_never_shows_itself() -> None:
    key = new_key()
    assert key.for_keyring() not in repr(key)
    assert key.public in repr(key)


def test_the_keyring_keeps_a_key_per_login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", Keyring())
    key = new_key()
    remember_key("budi", key)
    kept = remembered_key("budi")
    assert kept is not None
    assert kept.public == key.public
    assert remembered_key("sri") is None


def test_without_a_keyring_a_file_is_proposed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", Keyring(locked=True))
    assert remembered_key("budi") is None
    with pytest.raises(Unavailable, match="Simpan kunci di berkas dengan --key"):
        remember_key("budi", new_key())


def test_the_file_of_heads_grows_and_reads_back(tmp_path: Path) -> None:
    path, first, second = tmp_path / "kepala blok.jsonl", signed(), signed()
    append_heads(path, [first])
    append_heads(path, [second])
    assert read_heads(path) == [first, second]
    path.write_text("\ufeff" + path.read_text("utf-8") + "\n\n", "utf-8")  # opened and saved with Notepad
    assert read_heads(path) == [first, second]


@pytest.mark.parametrize("line", ["bukan json", "[]", "{}", '{"chain": 1}', "null"])
def test_a_line_that_is_no_head_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "kepala.jsonl"
    append_heads(path, [signed()])
    with path.open("a", encoding="utf-8") as file:
        file.write(line)
    with pytest.raises(Refused, match="Baris 2 dalam"):
        read_heads(path)
    with pytest.raises(Unavailable, match="tidak terbaca"):
        read_heads(tmp_path / "tidak ada.jsonl")
    with pytest.raises(Unavailable, match="tidak dapat disimpan"):
        append_heads(tmp_path / "tidak ada" / "kepala.jsonl", [signed()])
