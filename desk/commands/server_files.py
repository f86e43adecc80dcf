"""What `desk server` writes for the administrator of a computer: certificates, tasks, and lines to copy."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import URL


def ask(command: argparse.ArgumentParser) -> None:
    """Adds the options of a server in the office's network."""
    command.add_argument("--network", action="append", metavar="ALAMAT", help="misalnya 192.168.10.0/24")
    command.add_argument(
        "--schedule", type=Path, metavar="FOLDER", help="menulis jadwal cadangan untuk Windows dan Linux"
    )
    ask_for_certificate(command, required=False)


def ask_for_certificate(command: argparse.ArgumentParser, *, required: bool) -> None:
    """Adds the options of the server's certificate."""
    command.add_argument(
        "--tls-host", action="append", required=required, metavar="NAMA", help="nama server di jaringan kantor"
    )
    command.add_argument(
        "--tls-folder", type=Path, required=required, metavar="FOLDER", help="folder untuk sertifikat dan kunci"
    )


def why_not(asked: argparse.Namespace) -> str | None:
    """Gives the sentence for options that cannot be meant, or None."""
    from desk.adapters.certificates import why_not_host

    if bool(asked.tls_host) != bool(asked.tls_folder):
        return "Untuk sertifikat, sebutkan --tls-host dan --tls-folder bersama-sama."
    return next((reason for host in asked.tls_host or () if (reason := why_not_host(host))), None)


def write(asked: argparse.Namespace, url: URL) -> None:
    """Writes the certificates and the tasks that were asked for."""
    from desk.adapters.certificates import make_certificates
    from desk.adapters.schedule import write_schedule

    if asked.tls_host:
        make_certificates(asked.tls_folder, asked.tls_host, datetime.now(UTC))
    if asked.schedule:
        write_schedule(asked.schedule, url)


def what_is_left(asked: argparse.Namespace, url: URL) -> str:
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
