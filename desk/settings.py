"""What this workstation remembers: where the database is, how the window looks, who lays out the papers.

One TOML file in the user's configuration folder. It holds no password: the keyring keeps it, or it is asked for.
``DESK_DATABASE_URL`` takes the place of the database in the file, for every command and for the tests.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import tomllib
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from desk.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import URL

APPLICATION = "Meja PST"
DATABASE_VARIABLE = "DESK_DATABASE_URL"

THEMES = ("system", "light", "dark")
MOST_COPIES = 20
"""Copies of one print order."""


def settings_file() -> Path:
    """Gives the file of the settings of this user, which need not exist."""
    return platformdirs.user_config_path(APPLICATION, appauthor=False) / "settings.toml"


def _own_data_folder() -> Path:
    return platformdirs.user_data_path(APPLICATION, appauthor=False)


@dataclass(frozen=True, slots=True)
class PaperPrinter:
    """Where one kind of paper is printed at this workstation; an empty ``printer`` is the computer's own choice.

    ``tray`` is the name of one of Qt's paper sources (``Upper``, ``Manual``), empty for what the printer itself takes.
    """

    printer: str = ""
    tray: str = ""
    copies: int = 1


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one user at one workstation.

    ``printers`` are by kind of paper (``receipt``); ``database`` is an address without a password. ``libreoffice`` lets
    LibreOffice lay out the papers, for an office whose own templates use what the program's engine names in a warning
    (text boxes, columns, floating shapes).
    """

    database: str = ""
    theme: str = "system"
    libreoffice: bool = False
    scan_folder: str = ""
    data_folder: Path = field(default_factory=_own_data_folder)
    printers: Mapping[str, PaperPrinter] = field(default_factory=dict)


def load(path: Path | None = None) -> Settings:
    """Gives the settings of this user; the default ones where there is no file.

    Raises `Unavailable` with the line for a file that is not TOML, and with the name for a value that cannot be meant.
    """
    path = path or settings_file()
    written = _read(path)
    chosen: dict[str, Any] = {}
    for name, kind in (
        ("database", str),
        ("theme", str),
        ("libreoffice", bool),
        ("scan_folder", str),
        ("data_folder", str),
    ):
        if name in written:
            if not isinstance(written[name], kind):
                raise _unusable(path, name)
            chosen[name] = written[name]
    if chosen.get("theme", THEMES[0]) not in THEMES:
        raise _unusable(path, "theme")
    if "printers" in written:
        chosen["printers"] = _printers(path, written["printers"])
    if "data_folder" in chosen:
        chosen["data_folder"] = Path(chosen["data_folder"]).expanduser()
    if "database" in chosen and _address(chosen["database"], f"berkas pengaturan {path}") is not None:
        _refuse_password(chosen["database"], path)
    return Settings(**chosen)


def save(settings: Settings, path: Path | None = None) -> None:
    """Writes the settings; keys of the file that this version does not know stay. Comments are not kept.

    The file is replaced as a whole, so that a power cut leaves the old one or the new one. Raises `Unavailable`.
    """
    path = path or settings_file()
    _refuse_password(settings.database, path)
    known: dict[str, Any] = {
        "database": settings.database,
        "theme": settings.theme,
        "libreoffice": settings.libreoffice,
        "scan_folder": settings.scan_folder,
        "data_folder": str(settings.data_folder),
    }
    if settings.printers:
        known["printers"] = {kind: asdict(chosen) for kind, chosen in settings.printers.items()}
    text = _toml(_read(path) | known)
    unfinished = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise Unavailable(
            f"Pengaturan tidak dapat disimpan di {path} ({error.strerror}). Periksa izin folder itu."
        ) from error


def _printers(path: Path, written: object) -> dict[str, PaperPrinter]:
    """The printers by kind of paper; Unavailable names the value that cannot be meant."""
    found: dict[str, PaperPrinter] = {}
    if not isinstance(written, dict):
        raise _unusable(path, "printers")
    for kind, chosen in written.items():
        try:
            known = PaperPrinter(**chosen)
        except TypeError as error:
            raise _unusable(path, f"printers.{kind}") from error
        right = isinstance(known.printer, str) and isinstance(known.tray, str) and type(known.copies) is int
        if not right or not 1 <= known.copies <= MOST_COPIES:
            raise _unusable(path, f"printers.{kind}")
        found[kind] = known
    return found


def database_url(settings: Settings, environment: Mapping[str, str] | None = None) -> URL | None:
    """Gives the address of the database: ``DESK_DATABASE_URL``, else the settings, else None for the private one."""
    given = (os.environ if environment is None else environment).get(DATABASE_VARIABLE, "")
    if given:
        return _address(given, DATABASE_VARIABLE)
    return _address(settings.database, "pengaturan") if settings.database else None


def remembered_password(url: URL) -> str | None:
    """Gives the password this user let the system's keyring keep for ``url``, or None: then ask for it."""
    import keyring
    from keyring.errors import KeyringError

    with contextlib.suppress(KeyringError):
        return keyring.get_password(APPLICATION, _account(url))
    return None


def remember_password(url: URL, password: str) -> None:
    """Lets the system's keyring keep the password for ``url``. Raises `Unavailable` where there is no keyring."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(APPLICATION, _account(url), password)
    except KeyringError as error:
        raise Unavailable(
            "Kata sandi tidak dapat diingat karena komputer ini tidak punya penyimpan kata sandi. "
            "Masukkan kata sandi setiap kali masuk."
        ) from error


def forget_password(url: URL) -> None:
    """Takes the password for ``url`` out of the keyring, if it is there."""
    import keyring
    from keyring.errors import KeyringError

    with contextlib.suppress(KeyringError):
        if keyring.get_password(APPLICATION, _account(url)) is not None:
            keyring.delete_password(APPLICATION, _account(url))


def kept_secret(name: str) -> str | None:
    """Gives what the keyring keeps under a name, such as the password of a mail account; None when nothing is there."""
    import keyring
    from keyring.errors import KeyringError

    with contextlib.suppress(KeyringError):
        return keyring.get_password(APPLICATION, name)
    return None


def keep_secret(name: str, secret: str) -> None:
    """Lets the keyring keep a secret under a name; an empty one is taken out. `Unavailable` without a keyring."""
    import keyring
    from keyring.errors import KeyringError, PasswordDeleteError

    try:
        if secret:
            keyring.set_password(APPLICATION, name, secret)
        else:
            with contextlib.suppress(PasswordDeleteError):
                keyring.delete_password(APPLICATION, name)
    except KeyringError as error:
        raise Unavailable(
            "Kata sandi tidak dapat disimpan karena komputer ini tidak punya penyimpan kata sandi."
        ) from error


def _account(url: URL) -> str:
    return f"{url.username}@{url.host or ''}:{url.port or 5432}/{url.database}"


def _address(text: str, source: str) -> URL | None:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    if not text:
        return None
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        url = None
    if url is None or not url.drivername.startswith("postgres"):
        # The text itself may hold a password and is not repeated.
        raise Unavailable(
            f"Alamat basis data di {source} tidak dapat dibaca. Tulis seperti postgresql://nama@server:5432/basisdata."
        ) from None
    return url


def _refuse_password(text: str, path: Path) -> None:
    url = _address(text, f"berkas pengaturan {path}")
    if url is not None and (url.password is not None or "password" in url.query):
        raise Unavailable(
            f"Alamat basis data untuk {path} memuat kata sandi. Hapus kata sandi dari alamat itu; "
            "Meja PST menanyakannya saat masuk."
        )


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_bytes().decode("utf-8-sig")  # Notepad may put a byte order mark in front
        return tomllib.loads(text.replace("\r\n", "\n"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise Unavailable(f"Berkas pengaturan {path} tidak terbaca ({error.strerror}). Periksa izinnya.") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise _broken(path, line) from error
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        raise _broken(path, int(found[1]) if found else text.count("\n") + 1) from error


def _broken(path: Path, line: int) -> Unavailable:
    return Unavailable(
        f"Berkas pengaturan {path} salah tulis pada baris {line}. "
        "Perbaiki baris itu, atau hapus berkasnya untuk kembali ke pengaturan awal."
    )


def _unusable(path: Path, name: str) -> Unavailable:
    return Unavailable(
        f"Nilai “{name}” di berkas pengaturan {path} tidak dapat dipakai. "
        "Perbaiki nilainya, atau hapus baris itu untuk kembali ke pengaturan awal."
    )


def _toml(table: Mapping[str, Any], path: tuple[str, ...] = ()) -> str:
    """Gives ``table`` as TOML text: its plain values first, then its tables."""
    lines = [f"{_key(name)} = {_value(value)}\n" for name, value in table.items() if not isinstance(value, dict)]
    for name, value in table.items():
        if isinstance(value, dict):
            inner = (*path, _key(name))
            lines.append(f"\n[{'.'.join(inner)}]\n{_toml(value, inner)}")
    return "".join(lines)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _value(name)


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime() | date() | time():
            return value.isoformat()
        case int() | float():
            return repr(value)
        case list():
            return f"[{', '.join(_value(item) for item in value)}]"
        case dict():
            return f"{{{', '.join(f'{_key(name)} = {_value(item)}' for name, item in value.items())}}}"
        case _:
            # A TOML string is a JSON string, but for the one control character JSON leaves as it is.
            return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
