"""What the database said, as the sentence a person reads.

Triggers and functions raise ``'desk: <sentence>'``; constraints and unique indexes carry ``desk: <sentence>`` as their
comment. So a rule's sentence stands beside the rule, in the migration that makes it.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

from desk.errors import Refused, Unavailable

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.exc import SQLAlchemyError

PREFIX = "desk: "

# Asking again with the same key is right here: deadlock, lock time-out, server going, coming, full, read-only.
_ASK_AGAIN = {"40P01", "55P03", "57P01", "57P02", "57P03", "53300", "25006"}

_NOT_ALLOWED = "Anda tidak berwenang untuk tindakan ini. Hubungi penyelia bila tugas Anda berubah."
_CHANGED = "Data ini baru saja diubah orang lain. Periksa isinya yang terbaru, lalu ulangi."
AWAY = "Basis data tidak terhubung, perubahan belum disimpan. Periksa jaringan, lalu coba lagi."
_SENTENCES = {
    "40P01": "Data sedang dipakai petugas lain, perubahan belum disimpan. Coba lagi sebentar lagi.",
    "55P03": "Data sedang dipakai petugas lain, perubahan belum disimpan. Coba lagi sebentar lagi.",
    "57014": "Basis data terlalu lama menjawab, perubahan belum disimpan. Coba lagi atau persempit pencarian.",
    "25006": "Basis data sedang hanya bisa dibaca, perubahan belum disimpan. Coba lagi atau hubungi administrator.",
    "53100": "Disk server basis data penuh, perubahan belum disimpan. Hubungi administrator.",
    "53300": "Sambungan ke basis data sudah penuh. Tutup jendela Meja PST lain atau hubungi administrator.",
}
# libpq gives no code for a refused connection, only English text (lc_messages of the server may translate the end).
_CONNECTING = (
    (
        "authentication method requirement",
        "Server ini tidak meminta masuk seperti server kantor; mungkin palsu. Hubungi administrator.",
    ),
    (
        "hannel binding",
        "Sambungan ke server disela di tengah jalan, atau servernya palsu. Hubungi administrator sebelum melanjutkan.",
    ),
    ("does not match host name", "Nama server tidak ada di sertifikatnya. Periksa alamat server di pengaturan."),
    ("password", "Nama pengguna atau kata sandi basis data ditolak. Masukkan kata sandi lagi."),
    ("no pg_hba.conf entry", "Server basis data menolak komputer ini. Minta administrator mengizinkan alamatnya."),
    ("is not permitted to log in", "Akun Anda sudah ditutup. Hubungi administrator bila ini keliru."),
    ("does not exist", "Basis data atau akun di pengaturan tidak ada di server. Periksa pengaturan basis data."),
    ("too many connections", _SENTENCES["53300"]),
    ("certificate", "Sertifikat server basis data tidak dapat dipercaya. Hubungi administrator sebelum melanjutkan."),
    ("SSL", "Server basis data tidak memakai sambungan terenkripsi. Hubungi administrator sebelum melanjutkan."),
    ("resolve host", "Nama server basis data tidak ditemukan. Periksa jaringan dan pengaturan basis data."),
)


def connection_lost(error: BaseException) -> bool:
    """Tells whether the server may or may not have done what it was asked: its answer never came."""
    if isinstance(error, DBAPIError):
        state = _state(error)
        return error.connection_invalidated or state is None or state.startswith("08")
    return False


def ask_again(error: BaseException) -> bool:
    """Tells whether the same deed should be asked again with the same key.

    That is a lost connection, a passing trouble of the server, or the unique key saying that an earlier try of the very
    same deed was faster (its constraint has ``request_id`` in its name).
    """
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if connection_lost(error) and isinstance(error.orig, psycopg.Error):
        return why_no_connection(error.orig) in (AWAY, _SENTENCES["53300"])  # a wrong password stays wrong
    return _state(error) in _ASK_AGAIN or _own_key(error)


def spoken(error: SQLAlchemyError, engine: Engine | None = None) -> Exception:
    """Gives the `Refused` or `Unavailable` to raise for ``error``, or ``error`` itself where it is a bug.

    ``engine`` is asked for the sentence of a violated constraint.
    """
    if isinstance(error, StaleDataError):
        return Refused(_CHANGED)
    if isinstance(error, PoolTimeout):
        return Unavailable("Basis data masih sibuk dengan pekerjaan sebelumnya. Coba lagi sebentar lagi.")
    if not isinstance(error, DBAPIError) or not isinstance(error.orig, psycopg.Error):
        return error
    cause, state = error.orig, _state(error)
    said = cause.diag.message_primary or ""
    if said.startswith(PREFIX):
        return Refused(said.removeprefix(PREFIX))
    if state in ("23505", "23514", "23503", "23P01", "23502"):
        sentence = _comment(engine, cause.diag) if engine is not None else None
        return Refused(sentence) if sentence else error
    if state == "42501":
        return _noted(Refused(_NOT_ALLOWED), said)
    if state == "40001":
        return Refused(_CHANGED)
    if state in _SENTENCES:
        return _noted(Unavailable(_SENTENCES[state]), said)
    if connection_lost(error) or (state or "").startswith(("57P", "53", "28")):
        return _noted(Unavailable(why_no_connection(cause)), str(cause))
    return error


def why_no_connection(error: psycopg.Error) -> str:
    """Gives the sentence that says why there is no connection, from what libpq or the server wrote."""
    written = str(error)
    return next((sentence for sign, sentence in _CONNECTING if sign in written), AWAY)


def _state(error: DBAPIError) -> str | None:
    return error.orig.sqlstate if isinstance(error.orig, psycopg.Error) else None


def _own_key(error: DBAPIError) -> bool:
    return (
        isinstance(error.orig, psycopg.errors.UniqueViolation)
        and "request_id" in (error.orig.diag.constraint_name or "")
    )  # fmt: skip


def _comment(engine: Engine, diag: psycopg.errors.Diagnostic) -> str | None:
    """Gives the sentence on the violated constraint or unique index; a new question, for the transaction is over."""
    found = None
    with contextlib.suppress(DBAPIError), engine.execution_options(desk_reading=True).connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT coalesce("
            " (SELECT obj_description(c.oid, 'pg_constraint') FROM pg_constraint c"
            "  JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace"
            "  WHERE c.conname = %(name)s AND t.relname = %(table)s AND n.nspname = %(schema)s),"
            " (SELECT obj_description(i.oid, 'pg_class') FROM pg_class i JOIN pg_namespace n ON n.oid = i.relnamespace"
            "  WHERE i.relname = %(name)s AND n.nspname = %(schema)s))",
            {"name": diag.constraint_name, "table": diag.table_name, "schema": diag.schema_name},
        ).scalar()
    return found.removeprefix(PREFIX) if isinstance(found, str) and found.startswith(PREFIX) else None


def _noted(trouble: Refused | Unavailable, said: str) -> Refused | Unavailable:
    trouble.add_note(said)  # for the log; the person reads the sentence only
    return trouble
