"""`desk server move-in`: the office on a single computer moves to a shared server with everything it has."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk.commands import outcome, owner, server_files, speech
from desk.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy import URL


def add(parts: Any) -> None:
    """Adds `move-in` to the parts of `desk server`."""
    command = parts.add_parser("move-in", help="memindahkan data kantor dari komputer ini ke server bersama")
    command.add_argument(
        "--from", dest="source", type=Path, metavar="FOLDER",
        help="folder “kantor” dari komputer lain; tanpa ini data kantor di komputer ini",
    )  # fmt: skip
    command.set_defaults(run=_move_in)
    server_files.ask(command)
    owner.ask_for_address(command)


def _move_in(asked: argparse.Namespace) -> int:
    from desk import settings
    from desk.adapters import moving, own_server

    if reason := server_files.why_not(asked):
        raise Refused(reason)
    kept = settings.load()
    own = own_server.OwnServer(asked.source or kept.data_folder / own_server.FOLDER)
    if not asked.database and settings.database_url(kept) is None:
        raise Refused(
            "Sebutkan server tujuan dengan --database, misalnya postgresql://postgres@localhost:5432/meja_pst."
        )
    if (there := own.moved_to) is not None:
        raise Refused(f"Data di {own.folder} sudah dipindahkan ke server {there.host} / {there.database}.")
    if not own.is_there:
        raise Refused(f"Di {own.folder} tidak ada data kantor. Sebutkan foldernya dengan --from.")
    if own.server().in_use():
        raise Refused("Meja PST di komputer ini masih terbuka. Tutup semua jendelanya, lalu ulangi.")
    target = owner.address(asked)
    place = _place(asked, target)

    def finish() -> None:
        """The people go to the new place from now on."""
        server_files.write(asked, target)
        if not asked.source:
            settings.save(replace(settings.load(), database=place))
        own.note_moved(target, datetime.now().astimezone())

    with owner.spoken():
        if reason := moving.why_not_target(target):
            raise Refused(reason)
        with own.running() as source:
            moved = moving.move(source, target, tell=speech.say, finish=finish)
    rows = f"{moved.content.rows:,}".replace(",", ".")
    again = " (sudah disalin oleh perintah sebelumnya)" if moved.already_there else ""
    speech.show(
        f"Pindah selesai{again}: {rows} baris dalam {len(moved.content.tables)} tabel, sidik isi kedua sisi sama "
        f"({moved.content.content[:16]}). {moved.people} pegawai masuk dengan nama dan kata sandi yang sama.\n"
        f"Data lama di {own.folder} tidak dibuka lagi; hapus setelah cadangan server terbukti pulih.\n"
        + ("" if asked.source else f"Pengaturan komputer ini menunjuk ke {place}.\n")
        + f"\n{server_files.what_is_left(asked, target)}"
    )
    return outcome.DONE


def _place(asked: argparse.Namespace, target: URL) -> str:
    """The address that a workstation's settings hold: no login, no password, and the office's authority."""
    from desk.adapters import certificates
    from desk.adapters.database import on_this_computer

    place = target.set(drivername="postgresql")._replace(username=None, password=None)
    if asked.tls_host and not on_this_computer(target):
        authority = (asked.tls_folder / certificates.AUTHORITY).absolute()
        place = place.set(host=asked.tls_host[0]).update_query_dict({"sslrootcert": str(authority)})
    return place.render_as_string(hide_password=False)
