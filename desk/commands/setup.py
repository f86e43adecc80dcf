"""`desk setup …`: an office's own PostgreSQL made ready by its administrator; every part may be repeated."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import sys
from typing import TYPE_CHECKING

from desk.commands import outcome, owner, speech
from desk.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from desk.commands.parser import Subcommands

DUTIES = ("officer", "treasurer", "supervisor", "administrator", "auditor")
_SHORTEST_PASSWORD = 10


def add(subcommands: Subcommands) -> None:
    """Adds `setup` and its parts to the command."""
    setup = subcommands.add_parser("setup", help="menyiapkan basis data kantor di server PostgreSQL")
    parts = setup.add_subparsers(title="yang disiapkan", metavar="BAGIAN", required=True)

    database = parts.add_parser("database", help="membuat atau memperbarui tabel, aturan, dan kantor")
    database.add_argument(
        "--office", action="append", metavar="KODE", help="kode kantor, misalnya 1600; tanpa ini semua kantor bawaan"
    )
    database.set_defaults(run=_set_up_database)

    person = parts.add_parser("person", help="mendaftarkan pegawai dan kata sandinya")
    person.add_argument("login", metavar="NAMA_PENGGUNA", help="nama pengguna basis data, misalnya rina")
    person.add_argument("--name", required=True, metavar="NAMA", help="nama lengkap seperti tercetak pada naskah")
    person.add_argument("--nip", default="", metavar="NIP", help="18 digit")
    person.add_argument("--position", default="", metavar="JABATAN", help="misalnya Bendahara Penerimaan")
    person.add_argument("--office", required=True, metavar="KODE", help="kode kantor, misalnya 1600")
    person.add_argument("--duty", action="append", required=True, choices=DUTIES, help="tugas; boleh lebih dari satu")
    person.set_defaults(run=_set_up_person)


def _set_up_database(asked: argparse.Namespace) -> int:
    from desk import installation
    from desk.adapters.database import transaction

    offices = {office["code"]: office for office in installation.shipped_offices()}
    codes = asked.office or list(offices)
    for code in codes:
        if code not in offices:
            raise Refused(f"Kantor “{code}” tidak ada dalam program. Pilih dari: {', '.join(offices)}.")
    with _owner() as engine:
        installation.prepare(engine)
        with transaction(engine) as session:
            for code in codes:
                installation.add_office(session.connection(), offices[code])
    speech.show(f"Basis data siap untuk {', '.join(offices[code]['name'] for code in codes)}.")
    return outcome.DONE


def _set_up_person(asked: argparse.Namespace) -> int:
    from desk import installation
    from desk.adapters.database import transaction
    from desk.rules.identifiers import read_nip
    from desk.rules.people import Duty

    if asked.nip and not (read := read_nip(asked.nip)).valid:
        raise Refused(read.warning or f"NIP “{asked.nip}” tidak dapat dibaca.")
    if not asked.office.isdecimal():
        raise Refused(f"Kode kantor “{asked.office}” bukan angka. Tulis misalnya 1600.")
    duties = {installation.office_id(asked.office): [Duty.of(duty) for duty in asked.duty]}
    person = installation.NewPerson(asked.login, asked.name, asked.nip, asked.position, duties, _password(asked.login))
    with _owner() as engine, transaction(engine) as session:
        if reason := _why_not_register(session.connection(), asked.office):
            raise Refused(reason)
        installation.add_person(session.connection(), person)
    speech.show(f"{asked.name} terdaftar dengan nama pengguna {asked.login}.")
    return outcome.DONE


def _why_not_register(connection: Connection, office: str) -> str | None:
    from sqlalchemy import text

    prepared = connection.execute(text("SELECT to_regclass('desk.office') IS NOT NULL")).scalar_one()
    if (
        prepared
        and connection.execute(
            text("SELECT EXISTS (SELECT FROM desk.office WHERE code = :code)"), {"code": office}
        ).scalar_one()
    ):
        return None
    return (
        f"Kantor {office} belum ada di basis data ini. Siapkan dahulu dengan “desk setup database --office {office}”."
    )


def _password(login: str) -> str:
    """The new password: asked twice at a keyboard, else the first line of the input."""
    if sys.stdin is not None and sys.stdin.isatty():
        password = getpass.getpass(f"Kata sandi untuk {login}: ")
        if getpass.getpass("Sekali lagi: ") != password:
            raise Refused("Kedua kata sandi berbeda. Ulangi perintahnya.")
    else:
        password = sys.stdin.readline().rstrip("\r\n") if sys.stdin is not None else ""
    if len(password) < _SHORTEST_PASSWORD:
        raise Refused(f"Kata sandi terlalu pendek. Pakai paling sedikit {_SHORTEST_PASSWORD} huruf atau angka.")
    return password


@contextlib.contextmanager
def _owner() -> Iterator[Engine]:
    """The engine of the database's owner, who stands in the address with a password; trouble comes as a sentence."""
    from sqlalchemy.exc import SQLAlchemyError

    from desk import settings
    from desk.adapters.database import engine_for
    from desk.adapters.refusals import spoken

    url = settings.database_url(settings.load()) or owner.own_server()
    if url is None:
        raise Unavailable(
            f"Alamat basis data belum ada. Isi {settings.DATABASE_VARIABLE} dengan alamat pemiliknya, "
            "misalnya postgresql://pemilik:kata_sandi@server:5432/meja_pst."
        )
    engine = engine_for(url, application_name="Meja PST (penyiapan)")
    try:
        yield engine
    except SQLAlchemyError as error:
        raise spoken(error, engine) from error
    finally:
        engine.dispose()
