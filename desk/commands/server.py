"""`desk server …`: an empty PostgreSQL made into an office's server, kept up to date, and looked at."""

from __future__ import annotations

import argparse
import re
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from desk.commands import move_in, outcome, owner, server_files, speech
from desk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import URL, Connection

    from desk.commands.parser import Subcommands

_ON_THIS_COMPUTER = (
    "Data kantor disimpan di komputer ini. Buka Meja PST dan masuk sebagai administrator untuk mendaftarkan pegawai. "
    "Cadangkan dengan “desk backup”; bila kelak ada server, pindahkan dengan “desk server move-in”."
)
_LOGIN = re.compile(r"[a-z][a-z0-9_.]{1,40}")


def add(subcommands: Subcommands) -> None:
    """Adds `server` and its parts to the command."""
    server = subcommands.add_parser("server", help="menyiapkan dan merawat server PostgreSQL kantor")
    parts = server.add_subparsers(title="yang dilakukan", metavar="BAGIAN", required=True)

    init = parts.add_parser("init", help="menyiapkan server kosong sampai administrator pertama dapat masuk")
    init.add_argument("--office", action="append", metavar="KODE", help="kode kantor; tanpa ini semua kantor bawaan")
    init.add_argument("--admin", required=True, metavar="NAMA_PENGGUNA", help="administrator pertama, misalnya tono")
    init.add_argument("--admin-name", required=True, metavar="NAMA", help="nama lengkapnya")
    init.add_argument(
        "--here", action="store_true", help="tanpa server: data kantor disimpan di komputer ini saja, untuk satu orang"
    )
    init.set_defaults(run=_init)

    move_in.add(parts)

    upgrade = parts.add_parser("upgrade", help="memperbarui basis data ke versi program ini")
    upgrade.set_defaults(run=_upgrade)

    status = parts.add_parser("status", help="keadaan server: versi, orang, cadangan, sertifikat, penjaga")
    status.add_argument("--json", action="store_true", help="menjawab dengan JSON")
    status.set_defaults(run=_status)

    watchdog = parts.add_parser("watchdog", help="memutus sambungan yang menahan pekerjaan orang lain; berjalan terus")
    watchdog.set_defaults(run=_watch)

    certificate = parts.add_parser("certificate", help="membuat atau memperbarui sertifikat server")
    certificate.set_defaults(run=_certify)

    server_files.ask_for_certificate(certificate, required=True)
    server_files.ask(init)
    for command in (init, upgrade, status, watchdog):
        owner.ask_for_address(command)


def _init(asked: argparse.Namespace) -> int:
    from desk import installation
    from desk.adapters import default_rights, schema
    from desk.adapters.database import secured
    from desk.rules.people import Duty

    shipped = {office["code"]: office for office in installation.shipped_offices()}
    codes = list(dict.fromkeys(asked.office or shipped))
    if reason := _why_not_init(asked, codes, shipped):
        raise Refused(reason)
    url = _own_server(asked) if asked.here else owner.address(asked)
    password = owner.new_password(asked.admin)
    server_files.write(asked, url)
    with owner.spoken():
        schema.create_database(secured(url.set(database="postgres")), str(url.database))
    with owner.engine_of(url) as engine:
        with engine.connect() as connection:
            if not default_rights.is_superuser(connection):
                raise Refused("Penyiapan memerlukan akun pemilik server (superuser), misalnya postgres.")
            if reason := _why_not_again(connection, asked.admin):
                raise Refused(reason)
        installation.prepare(engine)
        duties = {installation.office_id(code): [Duty.ADMINISTRATOR] for code in codes}
        with engine.begin() as connection:
            for code in codes:
                installation.add_office(connection, shipped[code])
            person = installation.NewPerson(asked.admin, asked.admin_name, "", "", duties, password)
            installation.add_person(connection, person)
    names = ", ".join(shipped[code]["name"] for code in codes)
    left = _ON_THIS_COMPUTER if asked.here else server_files.what_is_left(asked, url)
    speech.show(
        f"{'Meja PST' if asked.here else 'Server'} siap untuk {names}. Administrator pertama: {asked.admin}.\n\n{left}"
    )
    return outcome.DONE


def _own_server(asked: argparse.Namespace) -> URL:
    """The private server of this computer, made where it is missing."""
    import atexit

    from desk import settings
    from desk.adapters import own_server

    if asked.database or asked.network or asked.tls_host or asked.schedule:
        raise Refused(
            "Dengan --here tidak ada server di jaringan; hapus --database, --network, --tls-host, --schedule."
        )
    kept = settings.load()
    if settings.database_url(kept) is not None:
        raise Refused("Komputer ini sudah memakai server kantor (lihat pengaturan), jadi data tidak disimpan di sini.")
    own = own_server.OwnServer(kept.data_folder / own_server.FOLDER)
    if (there := own.moved_to) is not None:
        raise Refused(f"Data kantor di komputer ini sudah dipindahkan ke server {there.host} / {there.database}.")
    server = own.server()
    server.start()
    atexit.register(server.stop)
    return server.url(database=own_server.DATABASE)


def _why_not_init(asked: argparse.Namespace, codes: list[str], shipped: Mapping[str, Any]) -> str | None:
    for code in codes:
        if code not in shipped:
            return f"Kantor “{code}” tidak ada dalam program. Pilih dari: {', '.join(shipped)}."
    if not _LOGIN.fullmatch(asked.admin) or asked.admin.startswith(("desk_", "pg_", "postgres")):
        return f"Nama pengguna “{asked.admin}” tidak dapat dipakai. Pakai huruf kecil dan angka, misalnya tono."
    return server_files.why_not(asked)


def _why_not_again(connection: Connection, admin: str) -> str | None:
    from desk.adapters import schema

    if schema.current(connection) is not None and (
        connection.exec_driver_sql("SELECT to_regclass('desk.duty') IS NULL").scalar_one()
        or connection.exec_driver_sql("SELECT EXISTS (SELECT FROM desk.duty WHERE duty = 'administrator')").scalar_one()
    ):
        return "Basis data ini sudah disiapkan. Pakai “desk server upgrade” untuk memperbaruinya."
    taken = connection.exec_driver_sql(
        "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", (admin,)
    ).scalar_one()  # fmt: skip
    return f"Akun “{admin}” sudah ada di server ini. Pilih nama pengguna lain." if taken else None


def _upgrade(asked: argparse.Namespace) -> int:
    from desk import installation
    from desk.adapters import schema

    url = owner.address(asked)
    with owner.engine_of(url) as engine:
        with engine.connect() as connection:
            before = schema.current(connection)
            reason = schema.why_not_usable(connection)
        if before is None:
            raise Refused("Basis data ini belum disiapkan. Pakai “desk server init”.")
        if reason and not schema.knows(before):
            raise Refused(reason)
        installation.prepare(engine)
    after = schema.head()
    change = "sudah terbaru" if before == after else f"diperbarui dari {before}"
    speech.show(f"Basis data {change}, sekarang versi {after}; aturan tindakan dan data bawaan ditulis ulang.")
    return outcome.DONE


def _status(asked: argparse.Namespace) -> int:
    from desk import __version__, settings
    from desk.adapters import schema, server_state

    alone = not asked.database and settings.database_url(settings.load()) is None
    url = owner.address(asked)
    with owner.engine_of(url) as engine, engine.begin() as connection:
        if reason := schema.why_not_usable(connection):
            raise Refused(reason)
        state = server_state.read(connection, datetime.now(UTC), alone=alone)
    if asked.json:
        moments = {name: value.isoformat() for name, value in asdict(state).items() if isinstance(value, datetime)}
        speech.show_json({"program": __version__, **asdict(state), **moments})
    else:
        lines = {
            "Program": __version__,
            "PostgreSQL": state.server,
            "Versi basis data": state.revision,
            "Ukuran": f"{state.size / 1_000_000:.1f} MB".replace(".", ","),
            "Kantor": ", ".join(state.offices),
            "Pegawai aktif": f"{state.people}, sedang terhubung {state.connected}",
            "Cadangan terakhir": _moment(state.backup_at),
            "Terbukti pulih": _moment(state.proven_at),
            "Sertifikat": f"berlaku sampai {_moment(state.certificate_until)}" if state.encrypted else "tidak ada",
            "Penjaga": "berjalan" if state.watchdog else "tidak berjalan",
        }
        speech.show("\n".join(f"{name:<18} {value}" for name, value in lines.items()))
    for trouble in state.troubles:
        speech.say(trouble)
    return outcome.REFUSED if state.troubles else outcome.DONE


def _moment(moment: datetime | None) -> str:
    return "belum ada" if moment is None else f"{moment.astimezone():%d-%m-%Y %H.%M}"


def _watch(asked: argparse.Namespace) -> int:
    import threading

    from desk.adapters.watchdog import keep_watch

    url = owner.address(asked)
    with owner.spoken():
        keep_watch(url, threading.Event(), speech.say)
    return outcome.DONE


def _certify(asked: argparse.Namespace) -> int:
    from desk.adapters import certificates

    certificates.make_certificates(asked.tls_folder, asked.tls_host, datetime.now(UTC))
    speech.show(
        f"Sertifikat untuk {', '.join(asked.tls_host)} ada di {asked.tls_folder}. Salin {certificates.SERVER} dan "
        f"{certificates.SERVER_KEY} ke folder data PostgreSQL, lalu muat ulang servernya."
    )
    return outcome.DONE
