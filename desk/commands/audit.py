"""`desk audit …`: the log of every change is sealed on the server, signed by people, and verified by the auditor."""

from __future__ import annotations

import argparse
import getpass
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from desk.commands import outcome, speech
from desk.commands.connection import at_database, login
from desk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk.adapters.seals import SigningKey
    from desk.commands.parser import Subcommands
    from desk.services.audit import Finding

_PROGRAM = "Meja PST (audit)"


def add(subcommands: Subcommands) -> None:
    """Adds `audit` and its parts to the command."""
    audit = subcommands.add_parser("audit", help="menyegel, menandatangani, dan memeriksa catatan audit")
    parts = audit.add_subparsers(title="yang dilakukan", metavar="BAGIAN", required=True)

    seal = parts.add_parser("seal", help="menyegel catatan yang sudah selesai; jadwalkan di server")
    seal.set_defaults(run=_seal)

    key = parts.add_parser("key", help="membuat kunci segel untuk Anda")
    _key_option(key, "menyimpan kunci di berkas baru; tanpa ini di penyimpan kata sandi komputer")
    key.set_defaults(run=_make_key)

    sign = parts.add_parser("sign", help="menyegel, lalu menandatangani kepala blok terakhir setiap kantor Anda")
    _key_option(sign, "berkas kunci; tanpa ini kunci di penyimpan kata sandi komputer")
    sign.add_argument(
        "--heads", type=Path, required=True, metavar="BERKAS", help="menambah kepala blok di berkas di luar server"
    )
    sign.set_defaults(run=_sign)

    verify = parts.add_parser("verify", help="memeriksa catatan audit; kode keluar 1 bila ada temuan")
    verify.add_argument("--heads", type=Path, metavar="BERKAS", help="kepala blok yang disimpan di luar server")
    verify.add_argument("--json", action="store_true", help="menjawab dengan JSON")
    verify.set_defaults(run=_verify)


def _key_option(parser: argparse.ArgumentParser, help_text: str) -> None:
    parser.add_argument("--key", type=Path, metavar="BERKAS.pem", help=help_text)


def _seal(_asked: argparse.Namespace) -> int:
    from desk.services import audit

    with at_database(_PROGRAM) as session:
        rows = audit.seal(session)
    speech.show(f"{rows} catatan audit disegel.")
    return outcome.DONE


def _make_key(asked: argparse.Namespace) -> int:
    from desk.adapters import seals

    key = seals.new_key()
    if asked.key is not None:
        seals.write_key(asked.key, key, _passphrase(new=True))
        where = f"berkas {asked.key}"
    else:
        owner = login()
        if seals.remembered_key(owner) is not None:
            raise Refused(f"Kunci segel {owner} sudah ada di komputer ini dan tidak diganti. Pakai kunci itu.")
        seals.remember_key(owner, key)
        where = "penyimpan kata sandi komputer ini"
    speech.show(f"Kunci segel dibuat di {where}. Kunci umumnya: {key.public}")
    return outcome.DONE


def _sign(asked: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from desk.adapters import seals
    from desk.services import audit

    key = _key_of(asked.key)
    with at_database(_PROGRAM) as session:
        audit.seal(session)
    with at_database(_PROGRAM) as session:
        signed = audit.sign_heads(session, key, datetime.now(UTC))
        seals.append_heads(asked.heads, signed)  # without a copy off the server nothing is kept
    speech.show(f"{len(signed)} kepala blok ditandatangani dan ditambahkan di {asked.heads}. Simpan di luar server.")
    return outcome.DONE


def _verify(asked: argparse.Namespace) -> int:
    from desk.adapters.seals import read_heads
    from desk.services import audit

    signed = read_heads(asked.heads) if asked.heads is not None else []
    with at_database(_PROGRAM, one_moment=True) as session:
        found = list(audit.verify(session, signed, _show_progress))
    if asked.json:
        speech.show_json([asdict(finding) for finding in found])
    else:
        speech.show(_told(found, len(signed)))
    return outcome.REFUSED if found else outcome.DONE


def _show_progress(at: int, of: int) -> None:
    """One line that counts, for a person at a console; Ctrl+C ends it."""
    if sys.stderr is not None and sys.stderr.isatty():
        print(f"\rMemeriksa langkah {at} dari {of} …", end="\n" if at == of else "", file=sys.stderr, flush=True)


def _told(found: Sequence[Finding], heads: int) -> str:
    lines = [finding.sentence for finding in found] or ["Catatan audit utuh."]
    if heads == 0:
        lines.append(
            "Tanpa kepala blok dari luar server (--heads), catatan yang dipotong atau dihitung ulang tidak terlihat."
        )
    return "\n".join(lines)


def _key_of(path: Path | None) -> SigningKey:
    from desk.adapters import seals

    if path is not None:
        return seals.read_key(path, _passphrase())
    key = seals.remembered_key(login())
    if key is None:
        raise Refused("Kunci segel Anda tidak ada di komputer ini. Buat dengan “desk audit key”, atau sebut --key.")
    return key


def _passphrase(*, new: bool = False) -> str:
    """The passphrase of a key file: asked at a keyboard, twice for a new one, else the first line of the input."""
    if sys.stdin is None or not sys.stdin.isatty():
        return "" if sys.stdin is None else sys.stdin.readline().rstrip("\r\n")
    passphrase = getpass.getpass("Kata sandi kunci segel: ")
    if new and getpass.getpass("Sekali lagi: ") != passphrase:
        raise Refused("Kedua kata sandi berbeda. Ulangi perintahnya.")
    return passphrase
