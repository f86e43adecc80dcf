"""Signatures under the audit log: a person's Ed25519 key, and the file of signed heads that is kept off the server.

A head is the hash of an office's last sealed block. Whoever holds a signed head can later tell whether that block is
still there and still says the same, whatever the administrator of the server did in between.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from desk.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_KEYRING = "Meja PST kunci segel"


@dataclass(frozen=True, slots=True)
class BlockHead:
    """The last sealed block of an office: the log it belongs to, its number, and its hash as hex."""

    chain: UUID
    office_id: int
    no: int
    hash: str


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head with who signed it and when; `public_key` and `signature` are base64."""

    chain: UUID
    office_id: int
    no: int
    hash: str
    signed_by: str
    signed_at: datetime
    public_key: str
    signature: str

    def is_genuine(self) -> bool:
        """Whether the signature was made with this public key for exactly these words."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            public = Ed25519PublicKey.from_public_bytes(base64.b64decode(self.public_key, validate=True))
            public.verify(base64.b64decode(self.signature, validate=True), self._words())
        except (InvalidSignature, ValueError):
            return False
        return True

    def _words(self) -> bytes:
        head = BlockHead(self.chain, self.office_id, self.no, self.hash)
        return _words(head, self.signed_by, self.signed_at)


class SigningKey:
    """A person's private key; it never leaves this object but into a locked file or the system's keyring."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private

    def __repr__(self) -> str:
        return f"SigningKey(public={self.public!r})"

    @property
    def public(self) -> str:
        """The public half, base64: whoever has it can check the signatures."""
        return base64.b64encode(self._private.public_key().public_bytes_raw()).decode()

    def pem(self, passphrase: str) -> bytes:
        """The key as a PEM file (PKCS #8) that only the passphrase opens."""
        from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

        return self._private.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode())
        )

    def for_keyring(self) -> str:
        """The key as the system's keyring keeps it, base64."""
        return base64.b64encode(self._private.private_bytes_raw()).decode()

    def sign(self, head: BlockHead, *, signed_by: str, signed_at: datetime) -> SignedHead:
        """Gives the head signed by this person at this moment."""
        signature = self._private.sign(_words(head, signed_by, signed_at))
        return SignedHead(
            head.chain,
            head.office_id,
            head.no,
            head.hash,
            signed_by,
            signed_at,
            self.public,
            base64.b64encode(signature).decode(),
        )


def own_folder(*, training: bool = False) -> Path:
    """The folder of this user, off the server, for signed heads and for a key that is kept in a file."""
    import platformdirs

    folder = platformdirs.user_documents_path() / "Meja PST"
    return folder / "Latihan" if training else folder


def make_folder(folder: Path) -> None:
    """Makes the folder of this user when it is not there. Raises `Unavailable` when it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"Folder {folder} tidak dapat dibuat ({error.strerror}). Periksa izinnya.") from error


def heads_file(folder: Path, login: str) -> Path:
    """Where the heads that this login signed are kept."""
    return folder / f"kepala-blok-{login}.jsonl"


def key_file(folder: Path, login: str) -> Path:
    """Where the key of this login is kept when it is kept in a file."""
    return folder / f"kunci-segel-{login}.pem"


def heads_text(heads: Iterable[SignedHead]) -> str:
    """Signed heads as lines for a sheet of paper: what somebody compares by eye, hashes in groups of eight."""
    lines = []
    for head in heads:
        groups = " ".join(head.hash[at : at + 8] for at in range(0, len(head.hash), 8))
        lines += [
            f"Catatan audit  {head.chain}",
            f"Kantor         {head.office_id or 'nasional'}",
            f"Blok           {head.no}",
            f"Sidik          {groups}",
            f"Oleh           {head.signed_by}",
            f"Pada           {head.signed_at.astimezone(UTC).isoformat(timespec='seconds')}",
            f"Kunci umum     {head.public_key}",
            f"Tanda tangan   {head.signature}",
            "",
        ]
    return "\n".join(lines)


def new_key() -> SigningKey:
    """Gives a fresh key of nobody yet."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return SigningKey(Ed25519PrivateKey.generate())


def write_key(path: Path, key: SigningKey, passphrase: str) -> None:
    """Keeps the key in a new file (PEM, PKCS #8) that only the passphrase opens.

    Raises Refused for an empty passphrase and for a file that is there already, `Unavailable` for one that cannot be
    written.
    """
    if not passphrase:
        raise Refused("Kunci segel harus dilindungi kata sandi. Tulis kata sandinya.")
    content = key.pem(passphrase)
    try:
        # Readable by this user only; on Windows the folder of the user's profile sees to that.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    except FileExistsError as error:
        raise Refused(f"Berkas {path} sudah ada dan tidak ditimpa. Pilih nama lain untuk kunci yang baru.") from error
    except OSError as error:
        raise Unavailable(f"Kunci tidak dapat disimpan di {path} ({error.strerror}). Pilih folder lain.") from error


def read_key(path: Path, passphrase: str) -> SigningKey:
    """Gives the key in the file. Raises Refused for a wrong passphrase or no key, `Unavailable` without a file."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unavailable(f"Berkas kunci {path} tidak terbaca ({error.strerror}). Periksa nama dan izinnya.") from error
    try:
        private = load_pem_private_key(content, passphrase.encode() or None)
    except TypeError as error:
        raise Refused(f"Kunci {path} dilindungi kata sandi. Tulis kata sandinya.") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Refused(f"Kunci {path} tidak terbuka: kata sandinya salah atau berkasnya bukan kunci segel.") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise Refused(f"Berkas {path} bukan kunci segel Meja PST. Buat kunci dengan “desk audit key”.")
    return SigningKey(private)


def remember_key(login: str, key: SigningKey) -> None:
    """Lets the system's keyring keep the key of this login. Raises `Unavailable` where there is no keyring."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_KEYRING, login, key.for_keyring())
    except KeyringError as error:
        raise Unavailable(
            "Komputer ini tidak punya penyimpan kata sandi untuk kunci segel. Simpan kunci di berkas dengan --key."
        ) from error


def remembered_key(login: str) -> SigningKey | None:
    """Gives the key that the system's keyring keeps for this login, or None."""
    import keyring
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from keyring.errors import KeyringError

    with contextlib.suppress(KeyringError):
        kept = keyring.get_password(_KEYRING, login)
        if kept:
            return SigningKey(Ed25519PrivateKey.from_private_bytes(base64.b64decode(kept)))
    return None


def append_heads(path: Path, heads: Iterable[SignedHead]) -> None:
    """Adds heads to the file, one JSON object per line. Raises `Unavailable` when it cannot be written."""
    try:
        with path.open("a", encoding="utf-8", newline="\n") as file:
            for head in heads:
                line = asdict(head) | {"chain": str(head.chain), "signed_at": head.signed_at.isoformat()}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise Unavailable(
            f"Kepala blok tidak dapat disimpan di {path} ({error.strerror}). Pilih berkas lain."
        ) from error


def read_heads(path: Path) -> list[SignedHead]:
    """Gives the heads in the file. Raises `Unavailable` without a file, Refused with the line that is no head."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable(f"Berkas kepala blok {path} tidak terbaca. Periksa nama dan izinnya.") from error
    return [_head_of(line, path, number) for number, line in enumerate(lines, start=1) if line.strip()]


def _head_of(line: str, path: Path, number: int) -> SignedHead:
    try:
        told = json.loads(line)
        return SignedHead(
            chain=UUID(told["chain"]),
            office_id=int(told["office_id"]),
            no=int(told["no"]),
            hash=str(told["hash"]),
            signed_by=str(told["signed_by"]),
            signed_at=datetime.fromisoformat(told["signed_at"]),
            public_key=str(told["public_key"]),
            signature=str(told["signature"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused(f"Baris {number} dalam {path} bukan kepala blok. Pakai salinan berkas yang lain.") from error


def _words(head: BlockHead, signed_by: str, signed_at: datetime) -> bytes:
    moment = signed_at.astimezone(UTC).isoformat(timespec="microseconds")
    words = ("meja-pst kepala blok 1", head.chain, head.office_id, head.no, head.hash, signed_by, moment)
    return "".join(f"{word}\n" for word in words).encode()
