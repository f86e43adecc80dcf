"""The owner of the database server at the command line: address, passwords without echo, trouble as a sentence."""

from __future__ import annotations

import contextlib
import getpass
import sys
from typing import TYPE_CHECKING

from desk.errors import Refused, Unavailable

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import URL, Engine

SHORTEST_PASSWORD = 10
SHORTEST_PASSPHRASE = 16


def ask_for_address(parser: argparse.ArgumentParser) -> None:
    """Adds the option with the address of the database."""
    parser.add_argument(
        "--database", metavar="ALAMAT",
        help="misalnya postgresql://postgres@server:5432/meja_pst, tanpa kata sandi; tanpa ini DESK_DATABASE_URL",
    )  # fmt: skip


def address(asked: argparse.Namespace) -> URL:
    """Gives the address of the owner; the password is in it, asked for at a keyboard, or left to libpq's own file.

    Raises `Refused` for a password among the words of the command, which everybody on the computer can read.
    """
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    from desk import settings

    if asked.database:
        try:
            url = make_url(asked.database)
        except (ArgumentError, ValueError):
            raise Refused("Alamat basis data tidak terbaca. Tulis postgresql://nama@server:5432/meja_pst.") from None
        if url.password is not None or "password" in url.query:
            raise Refused("Kata sandi tidak boleh ditulis pada perintah. Hapus dari alamat; program menanyakannya.")
    else:
        known = settings.database_url(settings.load()) or own_server()
        if known is None:
            raise Unavailable(
                "Alamat basis data belum ada. Sebutkan dengan --database, misalnya "
                f"postgresql://postgres@server:5432/meja_pst, atau isi {settings.DATABASE_VARIABLE}."
            )
        url = known
    if not url.drivername.startswith("postgres") or not url.database:
        raise Refused("Alamat basis data tidak lengkap. Tulis postgresql://nama@server:5432/meja_pst.")
    if url.password is None and url.host and _at_keyboard():
        typed = getpass.getpass(
            f"Kata sandi {url.username or 'pemilik'} di server {url.host} (kosong: berkas pgpass): "
        )
        url = url.set(password=typed or None)
    return url


def own_server() -> URL | None:
    """The superuser's address of the office's database on this single computer, started; None where there is none.

    It is stopped when the command ends, unless a window uses it.
    """
    import atexit

    from desk import settings
    from desk.adapters import own_server as private

    own = private.OwnServer(settings.load().data_folder / private.FOLDER)
    if not own.is_there:
        return None
    server = own.server()
    server.start()
    atexit.register(server.stop)
    return server.url(database=private.DATABASE)


@contextlib.contextmanager
def engine_of(url: URL) -> Iterator[Engine]:
    """The engine of the owner, without the time limits of a workstation; trouble of the server comes as a sentence."""
    from sqlalchemy import NullPool, create_engine

    from desk.adapters.database import secured

    options = "-c statement_timeout=0 -c lock_timeout=10s -c idle_in_transaction_session_timeout=0"
    arguments = {"connect_timeout": 10, "application_name": "Meja PST (server)", "options": options}
    engine = create_engine(secured(url), poolclass=NullPool, connect_args=arguments)
    with spoken(engine):
        yield engine


@contextlib.contextmanager
def spoken(engine: Engine | None = None) -> Iterator[None]:
    """Turns what the server or libpq says into the sentence of `Refused` or `Unavailable`."""
    import psycopg
    from sqlalchemy.exc import SQLAlchemyError

    from desk.adapters import refusals

    try:
        yield
    except SQLAlchemyError as error:
        raise refusals.spoken(error, engine) from error
    except psycopg.OperationalError as error:
        raise Unavailable(refusals.why_no_connection(error)) from error


def new_password(login: str) -> str:
    """A password for a person: asked twice at a keyboard, else the first line of the input."""
    return _new(f"Kata sandi untuk {login}: ", "Kata sandi", SHORTEST_PASSWORD)


def passphrase(file: Path | None, *, new: bool) -> str:
    """The passphrase of a backup: the first line of `file`, asked at a keyboard (a `new` one twice), else of the input.

    A new one has 16 letters at least: nobody can slow down who guesses at a copied file.
    """
    if file is not None:
        try:
            found = file.read_text("utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise Unavailable(f"Berkas frasa sandi {file} tidak terbaca. Periksa letak dan izinnya.") from error
        return _long_enough(found[0].strip() if found else "", "Frasa sandi", SHORTEST_PASSPHRASE if new else 1)
    if new:
        return _new("Frasa sandi cadangan: ", "Frasa sandi", SHORTEST_PASSPHRASE)
    if _at_keyboard():
        return getpass.getpass("Frasa sandi cadangan: ")
    return _long_enough(_first_line(), "Frasa sandi", 1)


def _new(question: str, name: str, shortest: int) -> str:
    if not _at_keyboard():
        return _long_enough(_first_line(), name, shortest)
    typed = getpass.getpass(question)
    if getpass.getpass("Sekali lagi: ") != typed:
        raise Refused(f"{name} yang kedua berbeda. Ulangi perintahnya.")
    return _long_enough(typed, name, shortest)


def _long_enough(typed: str, name: str, shortest: int) -> str:
    if len(typed) < shortest:
        raise Refused(f"{name} terlalu pendek. Pakai paling sedikit {shortest} huruf atau angka.")
    return typed


def _first_line() -> str:
    return sys.stdin.readline().rstrip("\r\n") if sys.stdin is not None else ""


def _at_keyboard() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()
