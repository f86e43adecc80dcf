"""`desk server …`: an empty PostgreSQL made into an office's server, kept up to date, and looked at."""

from __future__ import annotations

import argparse
import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk.commands import outcome, owner, speech
from desk.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import URL, Connection

    from desk.commands.parser import Subcommands

_LOGIN = re.compile(r"[a-z][a-z0-9_.]{1,40}")


def add(subcommands: Subcommands) -> None:
    """Adds `server` and its parts to the command."""
    server = subcommands.add_parser("server", help="menyiapkan dan merawat server PostgreSQL kantor")
    parts = server.add_subparsers(title="yang dilakukan", metavar="BAGIAN", required=True)

    init = parts.add_parser("init", help="menyiapkan server kosong sampai administrator pertama dapat masuk")
    init.add_argument("--office", action="append", metavar="KODE", help="kode kantor; tanpa ini semua kantor bawaan")
    init.add_argument("--admin", required=True, metavar="NAMA_PENGGUNA", help="administrator pertama, misalnya tono")
    init.add_argument("--admin-name", required=True, metavar="NAMA", help="nama lengkapnya")
    init.add_argument("--network", action="append", metavar="ALAMAT", help="misalnya 192.168.10.0/24")
    init.add_argument("--schedule", type=Path, metavar="FOLDER", help="menulis jadwal cadangan untuk Windows dan Linux")
    init.set_defaults(run=_init)

    upgrade = parts.add_parser("upgrade", help="memperbarui basis data ke versi program ini")
    upgrade.set_defaults(run=_upgrade)

    status = parts.add_parser("status", help="keadaan server: versi, orang, cadangan, sertifikat, penjaga")
    status.add_argument("--json", action="store_true", help="menjawab dengan JSON")
    status.set_defaults(run=_status)

    watchdog = parts.add_parser("watchdog", help="memutus sambungan yang menahan pekerjaan orang lain; berjalan terus")
    watchdog.set_defaults(run=_watch)

    certificate = parts.add_parser("certificate", help="membuat atau memperbarui sertifikat server")
    certificate.set_defaults(run=_certify)

    for command, required in ((init, False), (certificate, True)):
        command.add_argument(
            "--tls-host", action="append", required=required, metavar="NAMA", help="nama server di jaringan kantor"
        )
        command.add_argument(
            "--tls-folder", type=Path, required=required, metavar="FOLDER", help="folder untuk sertifikat dan kunci"
        )
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
    url = owner.address(asked)
    password = owner.new_password(asked.admin)
    _write_files(asked, url)
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
    speech.show(f"Server siap untuk {names}. Administrator pertama: {asked.admin}.\n\n{_what_is_left(asked, url)}")
    return outcome.DONE


def _why_not_init(asked: argparse.Namespace, codes: list[str], shipped: Mapping[str, Any]) -> str | None:
    from desk.adapters.certificates import why_not_host

    for code in codes:
        if code not in shipped:
            return f"Kantor “{code}” tidak ada dalam program. Pilih dari: {', '.join(shipped)}."
    if not _LOGIN.fullmatch(asked.admin) or asked.admin.startswith(("desk_", "pg_", "postgres")):
        return f"Nama pengguna “{asked.admin}” tidak dapat dipakai. Pakai huruf kecil dan angka, misalnya tono."
    if bool(asked.tls_host) != bool(asked.tls_folder):
        return "Untuk sertifikat, sebutkan --tls-host dan --tls-folder bersama-sama."
    return next((reason for host in asked.tls_host or () if (reason := why_not_host(host))), None)


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


def _write_files(asked: argparse.Namespace, url: URL) -> None:
    from desk.adapters.certificates import make_certificates
    from desk.adapters.schedule import write_schedule

    if asked.tls_host:
        make_certificates(asked.tls_folder, asked.tls_host, datetime.now(UTC))
    if asked.schedule:
        write_schedule(asked.schedule, url)


def _what_is_left(asked: argparse.Namespace, url: URL) -> str:
    """What only the administrator of the computer can do: lines for two files of PostgreSQL, and the workstations."""
    from desk.adapters import certificates, roles

    database = url.database
    host = asked.tls_host[0] if asked.tls_host else url.host or "SERVER"
    networks = asked.network or ["samenet"]
    rules = [
        ("local", "all", "postgres", "", "peer"),
        ("host", "all", "postgres", "127.0.0.1/32", "scram-sha-256"),
        *(("hostssl", f'"{database}"', f"+{roles.PERSON}", network, "scram-sha-256") for network in networks),
        ("host", "all", "all", "all", "reject"),
    ]
    lines = [
        "1. Ganti isi pg_hba.conf dengan baris ini (urutannya penting; di Windows hapus baris “local”):",
        *(f"   {kind:<8} {where:<12} {who:<14} {address:<18} {how}" for kind, where, who, address, how in rules),
        "2. Tambahkan pada postgresql.conf, lalu jalankan ulang PostgreSQL:",
        "   listen_addresses = '*'",
        "   password_encryption = scram-sha-256",
        "   ssl = on",
        f"   ssl_cert_file = '{certificates.SERVER}'",
        f"   ssl_key_file = '{certificates.SERVER_KEY}'",
        "   ssl_min_protocol_version = 'TLSv1.3'",
        "   tcp_keepalives_idle = 10",
        "   tcp_keepalives_interval = 5",
        "   tcp_keepalives_count = 3",
        "   client_connection_check_interval = '2s'   # tidak di Windows",
    ]
    if asked.tls_folder:
        pair = f"{certificates.SERVER} dan {certificates.SERVER_KEY}"
        lines += [
            f"3. Salin {pair} dari {asked.tls_folder.absolute()} ke folder data PostgreSQL, milik akun postgres.",
            f"   Pindahkan {certificates.AUTHORITY_KEY} ke cakram USB di lemari besi, dan hapus dari komputer ini.",
        ]
    else:
        lines.append("3. Buat sertifikat server dengan “desk server certificate --tls-host NAMA --tls-folder FOLDER”.")
    place = f"postgresql://NAMA_PENGGUNA@{host}:{url.port or 5432}/{database}"
    lines += [
        f"4. Di setiap komputer petugas: salin {certificates.AUTHORITY} dan tulis di settings.toml:",
        f'   database = "{place}?sslrootcert=C:/ProgramData/{certificates.AUTHORITY}"',
    ]
    if asked.schedule:
        lines.append(f"5. Pasang jadwal dari {asked.schedule.absolute()} (docs/server.md).")
    return "\n".join(lines)


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
    from desk import __version__
    from desk.adapters import schema, server_state

    url = owner.address(asked)
    with owner.engine_of(url) as engine, engine.begin() as connection:
        if reason := schema.why_not_usable(connection):
            raise Refused(reason)
        state = server_state.read(connection, datetime.now(UTC))
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
