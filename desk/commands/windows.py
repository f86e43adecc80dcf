"""`desk`, `desk demo` and `desk tour`: the windows of the office, of the training office, and pictures of them."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from desk.commands import log_file, outcome, screen, speech
from desk.errors import Unavailable

if TYPE_CHECKING:
    from sqlalchemy import URL

    from desk.adapters.paper import PaperShop
    from desk.commands.parser import Subcommands
    from desk.ui.login import Door
    from desk.ui.theme import Choice

TOUR_FOLDER = Path("out") / "tur"


def add(subcommands: Subcommands) -> None:
    """Adds `demo` and `tour` to the command; `open_desk` is what it does without a word."""
    demo = subcommands.add_parser("demo", help="membuka kantor latihan dengan contoh permohonan")
    demo.add_argument("--person", metavar="NAMA", help="masuk langsung sebagai orang ini")
    demo.add_argument("--fresh", action="store_true", help="mulai lagi dengan kantor latihan yang baru")
    demo.set_defaults(run=_demo)

    tour = subcommands.add_parser("tour", help="memainkan satu permohonan sampai selesai dan menyimpan gambarnya")
    tour.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="folder untuk gambar dan naskah")
    tour.add_argument("--short", action="store_true", help="hanya sampai data permohonan pertama siap")
    tour.set_defaults(run=lambda asked: _tour(asked.out, short=asked.short))


def open_desk(_asked: argparse.Namespace) -> int:
    """Opens the login of the office's database; ends with the last window."""
    from sqlalchemy import make_url

    from desk import settings
    from desk.adapters import own_server
    from desk.adapters.own_server import OwnServer

    if not screen.is_there():
        raise Unavailable(
            "Komputer ini tidak punya layar, jadi jendela tidak dapat dibuka. "
            "Jalankan di komputer dengan layar, atau lihat gambarnya dengan “desk tour --out FOLDER”."
        )
    kept = settings.load()
    own = OwnServer(kept.data_folder / own_server.FOLDER)
    url = settings.database_url(kept)
    if url is None and not own.is_there:
        if (there := own.moved_to) is not None:
            raise Unavailable(
                f"Data kantor di komputer ini sudah dipindahkan ke server {there.host} / {there.database}. "
                f"Tulis alamatnya di {settings.settings_file()}."
            )
        raise Unavailable(
            f"Alamat basis data kantor belum ada. Tulis database di {settings.settings_file()}, "
            f"isi {settings.DATABASE_VARIABLE}, simpan data di komputer ini dengan “desk server init --here”, "
            "atau berlatih dahulu dengan “desk demo”."
        )
    screen.need_qt()
    log_file.note_native_crashes()
    from desk.ui import app
    from desk.ui.theme import Choice

    def remember_look(look: Choice) -> None:
        settings.save(replace(settings.load(), theme=look.value))

    if url is not None:
        return app.run(door_of(url), Choice(kept.theme), remember_look)
    with own.running() as owner_url:
        _bring_up_to_date(owner_url)
        known_as = make_url(f"postgresql:///{own_server.DATABASE}")
        door = door_of(owner_url._replace(username=None, password=None), known_as)
        return app.run(door, Choice(kept.theme), remember_look)


def _bring_up_to_date(url: URL) -> None:
    """Nobody else looks after the database of a single computer: a new program upgrades it when it starts."""
    from desk import installation
    from desk.commands import owner

    with owner.engine_of(url) as engine:
        installation.prepare(engine)


def door_of(url: URL, known_as: URL | None = None) -> Door:
    """The way into the office's database; a password in `url` counts as remembered for the login in it.

    The keyring knows the database as `known_as`, for a private server has another port each time.
    """
    from desk import settings
    from desk.adapters.line import LineState, look_at
    from desk.ui.entering import Entered, enter
    from desk.ui.login import Door

    engine = "libreoffice" if settings.load().libreoffice else "own"

    def as_person(login: str) -> URL:
        return url._replace(username=login, password=None)  # `set` would keep the password of somebody else

    def kept_for(login: str) -> URL:
        return (known_as or url)._replace(username=login, password=None)

    def paper_shop() -> PaperShop:
        from desk.adapters.paper import PaperShop

        return PaperShop(engine=engine)

    def entered(login: str, password: str) -> Entered:
        return replace(
            enter(as_person(login).set(password=password)),
            paper_shop=paper_shop,
            printers=settings.load().printers,
            keep_printers=lambda chosen: settings.save(replace(settings.load(), printers=chosen)),
        )

    def remembered(login: str) -> str | None:
        if login == url.username and url.password:
            return str(url.password)
        return settings.remembered_password(kept_for(login))

    def line(login: str) -> LineState:
        return look_at(as_person(login or url.username or ""))

    return Door(
        enter=entered,
        line=line,
        server=f"{(known_as or url).host or 'komputer ini'} / {url.database}",
        login=url.username or "",
        remembered=remembered,
        remember=lambda login, password: settings.remember_password(kept_for(login), password),
        forget=lambda login: settings.forget_password(kept_for(login)),
    )


def _demo(asked: argparse.Namespace) -> int:
    if not screen.is_there():
        speech.say(
            f"Komputer ini tidak punya layar, jadi tur disimpan sebagai gambar di folder {TOUR_FOLDER.absolute()}."
        )
        return _tour(TOUR_FOLDER)
    screen.need_qt()
    log_file.note_native_crashes()
    from desk.demo.opening import open_demo

    return open_demo(asked.person, fresh=asked.fresh)


def _tour(out: Path, *, short: bool = False) -> int:
    screen.need_qt()
    log_file.note_native_crashes()
    from desk.tour import play

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"Folder {out} tidak dapat ditulis ({error.strerror}). Pilih folder lain.") from error
    code = play(out, short=short)
    if code == outcome.DONE:
        speech.show(f"Tur selesai. Gambar dan naskahnya ada di {out.absolute()}.")
    return code
