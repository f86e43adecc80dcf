"""How an office's server stands: version, schema, people, backup, encryption, watchdog, open rights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from psycopg import errors
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from desk.adapters import default_rights, schema
from desk.adapters.certificates import last_day
from desk.adapters.watchdog import APPLICATION_NAME

if TYPE_CHECKING:
    from sqlalchemy import Connection

OLDEST_BACKUP: Final = timedelta(hours=26)
OLDEST_PROOF: Final = timedelta(days=8)
_RENEW_BEFORE: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class ServerState:
    """What `desk server status` tells; moments carry their zone, `size` is in bytes."""

    server: str
    revision: str
    offices: tuple[str, ...]
    people: int
    connected: int
    size: int
    backup_at: datetime | None
    proven_at: datetime | None
    proven_file: str
    encrypted: bool
    certificate_until: datetime | None
    watchdog: bool
    still_open: tuple[str, ...]
    troubles: tuple[str, ...]


def read(connection: Connection, now: datetime, *, alone: bool = False) -> ServerState:
    """Gives the state of the server; `troubles` are sentences, each with what to do.

    The private server of a single computer (`alone`) needs no TLS and no watchdog.
    """
    facts = connection.execute(_FACTS, {"watchdog": APPLICATION_NAME}).one()
    backup = connection.execute(_LAST, {"kind": "backup"}).one_or_none()
    proven = connection.execute(_LAST, {"kind": "restore_test"}).one_or_none()
    until = _certificate_until(connection) if facts.encrypted else None
    open_ = tuple(default_rights.still_open(connection))
    troubles = []
    if backup is None or now - backup.made_at > OLDEST_BACKUP:
        troubles.append("Tidak ada cadangan dari 26 jam terakhir. Jalankan “desk backup”.")
    if proven is None or proven.faults or now - proven.at > OLDEST_PROOF:
        troubles.append("Belum ada cadangan yang terbukti pulih dalam 8 hari terakhir. Jalankan “desk restore-test”.")
    if not facts.encrypted and not alone:
        troubles.append(
            "Sambungan ke server tidak terenkripsi (ssl=off). Pasang sertifikat dengan “desk server certificate”."
        )
    elif until is not None and until - now < _RENEW_BEFORE:
        troubles.append(
            f"Sertifikat server berlaku sampai {until:%d-%m-%Y}. Perbarui dengan “desk server certificate”."
        )
    if not facts.watchdog and not alone:
        troubles.append("Penjaga kunci tidak berjalan. Jalankan “desk server watchdog” sebagai layanan.")
    if open_:
        troubles.append(
            f"Masih terbuka bagi setiap akun: {', '.join(open_)}. Jalankan “desk server upgrade” sebagai postgres."
        )
    if facts.fsync != "on" or facts.commits not in ("on", "remote_apply"):
        troubles.append(
            "Server boleh kehilangan data saat listrik padam (fsync atau synchronous_commit bukan “on”). Nyalakan."
        )
    if not facts.copied_to:
        troubles.append(
            "Tidak ada standby sinkron (synchronous_standby_names kosong): bila server rusak, kuitansi yang baru "
            "terbit dapat hilang. Pasang server kedua menurut petunjuk server, bagian 5."
        )
    return ServerState(
        facts.version, schema.current(connection) or "", tuple(facts.offices), facts.people, facts.connected,
        facts.size,
        backup.made_at if backup else None, proven.at if proven and not proven.faults else None,
        proven.file if proven else "", facts.encrypted, until, facts.watchdog, open_, tuple(troubles),
    )  # fmt: skip


_FACTS = text("""
SELECT current_setting('server_version') AS version, pg_database_size(current_database()) AS size,
  current_setting('ssl') = 'on' AS encrypted, current_setting('fsync') AS fsync,
  current_setting('synchronous_commit') AS commits, current_setting('synchronous_standby_names') AS copied_to,
  ARRAY(SELECT o.code::text FROM desk.office o WHERE o.id <> 0 ORDER BY o.code) AS offices,
  (SELECT count(*) FROM desk.person p WHERE p.active) AS people,
  (SELECT count(DISTINCT a.usename) FROM pg_stat_activity a JOIN desk.person p ON p.login = a.usename
   WHERE a.datname = current_database()) AS connected,
  EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = current_database() AND a.application_name = :watchdog
          AND a.usename NOT IN (SELECT login FROM desk.person)) AS watchdog
""")
_LAST = text("SELECT * FROM desk.backup_entry WHERE kind = :kind ORDER BY at DESC, made_at DESC LIMIT 1")


def _certificate_until(connection: Connection) -> datetime | None:
    """The last day of the server's certificate; None where this account may not read the file."""
    try:
        with connection.begin_nested():
            return last_day(
                connection.execute(text("SELECT pg_read_file(current_setting('ssl_cert_file'))")).scalar_one()
            )
    except DBAPIError as error:
        if isinstance(error.orig, (errors.InsufficientPrivilege, errors.UndefinedFile)):
            return None
        raise
