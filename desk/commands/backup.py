"""`desk backup`, `desk restore-test`, `desk restore`: the database in a sealed file, its proof, and the way back."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desk.commands import outcome, owner, speech
from desk.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import URL, Connection

    from desk.adapters.backup_about import About
    from desk.commands.parser import Subcommands


def add(subcommands: Subcommands) -> None:
    """Adds `backup`, `restore-test` and `restore` to the command."""
    backup = subcommands.add_parser("backup", help="mencadangkan seluruh basis data ke satu berkas bersandi")
    backup.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="folder cadangan; yang lama tetap ada")
    backup.set_defaults(run=_back_up)

    trial = subcommands.add_parser("restore-test", help="menguji cadangan dengan memulihkannya di server percobaan")
    trial.add_argument("file", type=Path, metavar="BERKAS", help="cadangan, atau folder: yang terbaru di dalamnya")
    trial.set_defaults(run=_try_restore)

    restore = subcommands.add_parser("restore", help="memulihkan cadangan menjadi basis data baru di server")
    restore.add_argument("file", type=Path, metavar="BERKAS", help="cadangan, atau folder: yang terbaru di dalamnya")
    restore.set_defaults(run=_restore)

    for command in (backup, trial, restore):
        owner.ask_for_address(command)
        command.add_argument(
            "--passphrase-file", type=Path, metavar="BERKAS",
            help="berkas berisi frasa sandi; tanpa ini ditanyakan atau dibaca dari masukan",
        )  # fmt: skip
        command.add_argument(
            "--programs", type=Path, metavar="FOLDER", help="folder pg_dump lain, untuk server yang lebih baru"
        )


def _back_up(asked: argparse.Namespace) -> int:
    from desk.adapters import backup

    url = owner.address(asked)
    passphrase = owner.passphrase(asked.passphrase_file, new=True)
    with owner.spoken():
        made = backup.make(
            url, asked.to, passphrase, now=datetime.now().astimezone(), tell=speech.say, programs=asked.programs
        )
        _note(url, "backup", made.file, made.about, made.size, ())
    rows = f"{made.about.fingerprint.rows:,}".replace(",", ".")
    speech.show(
        f"Cadangan selesai: {made.file} ({_megabytes(made.size)}, {rows} baris). Simpan salinannya di luar kantor."
    )
    return outcome.DONE


def _try_restore(asked: argparse.Namespace) -> int:
    from desk.adapters import backup

    url = owner.address(asked)
    file = _chosen(asked.file)
    passphrase = owner.passphrase(asked.passphrase_file, new=False)
    with owner.spoken():
        trial = backup.try_restore(file, passphrase, examine=_examined, tell=speech.say, programs=asked.programs)
        _note(url, "restore_test", file, trial.about, file.stat().st_size, trial.faults)
    if trial.faults:
        speech.show("\n".join(trial.faults))
        speech.say(f"Cadangan {file.name} TIDAK terbukti: {len(trial.faults)} temuan. Buat cadangan baru dan uji lagi.")
        return outcome.REFUSED
    speech.show(f"Cadangan {file.name} terbukti pulih: isi dan jumlahnya sama dengan saat dicadangkan.")
    return outcome.DONE


def _restore(asked: argparse.Namespace) -> int:
    from desk.adapters import backup

    url = owner.address(asked)
    file = _chosen(asked.file)
    passphrase = owner.passphrase(asked.passphrase_file, new=False)
    database = url.database or ""
    with owner.spoken():
        about = backup.restore(
            file, passphrase, url.set(database="postgres"), database, tell=speech.say, programs=asked.programs
        )
    speech.show(
        f"Basis data “{database}” pulih sampai {about.made_at}. "
        "Jalankan “desk server upgrade”, lalu “desk doctor” sebelum dipakai."
    )
    return outcome.DONE


def _chosen(named: Path) -> Path:
    from desk.adapters.backup import newest

    return newest(named) if named.is_dir() else named


def _examined(connection: Connection) -> Sequence[str]:
    """What the doctor says about a restored database; one of an older version is judged by its content alone."""
    from sqlalchemy.orm import Session

    from desk import deeds
    from desk.adapters import schema
    from desk.commands.doctor import action_rules
    from desk.services.doctor import examine

    if schema.current(connection) != schema.head():
        return []
    with Session(connection) as session:
        found = list(examine(session, deeds.derived, action_rules(), files=True))
    # The action table belongs to the program, not to the backup: `desk server upgrade` writes it anew.
    return [finding.sentence for finding in found if finding.check != "action_rule"]


def _note(url: URL, kind: str, file: Path, about: About, size: int, faults: Sequence[str]) -> None:
    """Writes it down in the office's database, for every window to show."""
    from sqlalchemy import insert

    from desk.adapters import schema
    from desk.models import BackupEntry

    with owner.engine_of(url) as engine, engine.begin() as connection:
        if schema.current(connection) != schema.head():
            raise Unavailable(
                f"Berkas {file.name} ada, tetapi tidak tercatat: basis data belum diperbarui. "
                "Jalankan “desk server upgrade”."
            )
        values = {
            "kind": kind, "made_at": datetime.fromisoformat(about.made_at), "file": file.name, "size": size,
            "content_hash": about.fingerprint.content, "faults": list(faults),
        }  # fmt: skip
        connection.execute(insert(BackupEntry).values(**values))


def _megabytes(size: int) -> str:
    return f"{max(size / 1_000_000, 0.1):.1f} MB".replace(".", ",")
