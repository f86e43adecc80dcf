"""Bank profiles: which column of a bank's table says what. Data, not code: TOML files that a treasurer can add to.

A column is named as the bank heads it; names are compared without case, blanks and signs, `|` parts other spellings of
the same column, and a name that is listed twice means the first and the second column of that name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from desk.adapters.bank_files.cells import Cell, fold, text_of
from desk.errors import Refused

SINGLE_COLUMNS = (
    "date", "time", "value_date", "debit", "credit", "amount", "sign", "balance", "opening_balance", "reference",
    "account", "currency", "counterparty", "status",
)  # fmt: skip
"""What one column can say; `description` may be spread over several."""

DELIMITERS = (";", ",", "\t", "|")
DECIMALS = ("auto", "comma", "point")
DATE_ORDERS = ("dmy", "mdy")


@dataclass(frozen=True, slots=True)
class Profile:
    """How one bank or portal lays out its table. `must` names the columns that make a table this bank's.

    `delimiter` and `decimals` are told by the file unless the profile fixes them; `skip_rows` rows at the top are not
    looked at; `has_closing` says that a whole file ends with its closing balance, so one without was cut.
    """

    id: str
    bank: str
    title: str
    must: Mapping[str, str]
    may: Mapping[str, str] = field(default_factory=dict)
    description: tuple[str, ...] = ()
    more_description: tuple[str, ...] = ()
    delimiter: str = ""
    decimals: str = "auto"
    date_order: str = "dmy"
    skip_rows: int = 0
    has_closing: bool = False

    def place(self, header: Sequence[Cell]) -> Columns | None:
        """Give where the columns stand in a header row, None when a needed one is missing."""
        names: dict[str, list[int]] = {}
        for index, cell in enumerate(header):
            if isinstance(cell, str) and (name := fold(cell)):
                names.setdefault(name, []).append(index)
        used: set[int] = set()

        def find(spellings: str) -> int | None:
            for spelling in spellings.split("|"):
                for index in names.get(fold(spelling), ()):
                    if index not in used:
                        used.add(index)
                        return index
            return None

        single: dict[str, int] = {}
        for role, spellings in self.must.items():
            if (place := find(spellings)) is None:
                return None
            single[role] = place
        description = [place for spellings in self.description if (place := find(spellings)) is not None]
        if len(description) < len(self.description):
            return None
        single |= {role: place for role, spellings in self.may.items() if (place := find(spellings)) is not None}
        description += [place for spellings in self.more_description if (place := find(spellings)) is not None]
        width = max((index for indexes in names.values() for index in indexes), default=-1) + 1
        return Columns(single, tuple(description), width, tuple(fold(text_of(cell)) for cell in header))


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of a profile stand in one file (from 0); `width` is up to the last named column."""

    single: Mapping[str, int]
    description: tuple[int, ...]
    width: int
    header: tuple[str, ...]

    @property
    def known(self) -> int:
        """How many columns of the file the profile understands."""
        return len(self.single) + len(self.description)


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """The header row found in the first rows of a table, and the profile it belongs to."""

    profile: Profile
    columns: Columns
    row_index: int


def find_header(rows: Sequence[Sequence[Cell]], profiles: Iterable[Profile]) -> HeaderMatch | None:
    """Give the profile that understands the most columns of one of the rows, None when none does."""
    best: HeaderMatch | None = None
    for profile in profiles:
        for index, row in enumerate(rows):
            if index < profile.skip_rows:
                continue
            columns = profile.place(row)
            if columns is not None:
                if best is None or columns.known > best.columns.known:
                    best = HeaderMatch(profile, columns, index)
                break
    return best


# Reading and writing profiles

_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")


@cache
def shipped_profiles() -> tuple[Profile, ...]:
    """Give the profiles that come with the program."""
    from desk.resources import folder

    paths = sorted((folder("resources") / "bank_profiles").glob("*.toml"))
    return tuple(profile_from_toml(path.read_text("utf-8")) for path in paths)


def profile_from_file(path: Path) -> Profile:
    """Give the profile of a TOML file; Refused when it cannot be read or is none."""
    from desk.adapters.files import read_limited

    try:
        text = read_limited(path, 100_000).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"Profil {path.name} bukan teks UTF-8. Ekspor ulang profilnya.") from None
    return profile_from_toml(text, path.name)


def profile_from_toml(text: str, name: str = "bank") -> Profile:
    """Give the profile a TOML text describes; Refused, with what is wrong, when it is incomplete or misspelt."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise Refused(f"Profil {name} bukan TOML yang benar. Ekspor ulang profilnya.") from None
    must, description = _columns(data.pop("columns", {}), name)
    may, more_description = _columns(data.pop("optional_columns", {}), name)
    known = {"id", "bank", "title", "delimiter", "decimals", "date_order", "skip_rows", "has_closing"}
    if unknown := sorted(set(data) - known):
        raise Refused(f"Profil {name} memuat isian yang tidak dikenal: {', '.join(unknown)}. Periksa penulisannya.")
    try:
        profile = Profile(must=must, may=may, description=description, more_description=more_description, **data)
    except TypeError:
        raise Refused(f"Profil {name} belum lengkap: id, bank, dan title wajib diisi.") from None
    if problem := why_not_profile(profile):
        raise Refused(f"Profil {name}: {problem}")
    return profile


def why_not_profile(profile: Profile) -> str | None:
    """Give None for a profile that can read a table, else the sentence that says what is missing or wrong."""
    texts = (profile.id, profile.bank, profile.title, profile.delimiter, profile.decimals, profile.date_order)
    if not all(isinstance(text, str) for text in texts) or type(profile.skip_rows) is not int:
        return "isian berjenis salah; teks ditulis dalam tanda kutip dan jumlah baris sebagai angka."
    if not _ID.fullmatch(profile.id):
        return "id hanya memuat huruf kecil, angka, dan tanda hubung (2–40 tanda)."
    if profile.delimiter not in ("", *DELIMITERS):
        return "pemisah kolom harus titik koma, koma, tab, atau garis tegak."
    if profile.decimals not in DECIMALS or profile.date_order not in DATE_ORDERS:
        return "gaya desimal harus auto, comma, atau point; urutan tanggal harus dmy atau mdy."
    if not 0 <= profile.skip_rows <= 100 or not isinstance(profile.has_closing, bool):
        return "jumlah baris yang dilewati harus 0–100, dan has_closing harus true atau false."
    if "date" not in profile.must or not profile.description:
        return "kolom tanggal (date) dan keterangan (description) wajib ada."
    has_two = {"debit", "credit"} <= profile.must.keys()
    if has_two == ("amount" in profile.must):
        return "nominal wajib ada: kolom debit dan credit, atau satu kolom amount."
    return None


def profile_to_toml(profile: Profile) -> str:
    """Give the profile as TOML text, to be kept or handed to another office; `profile_from_toml` reads it back."""
    lines = [f"{key} = {_quoted(getattr(profile, key))}" for key in ("id", "bank", "title")]
    for key, default in (("delimiter", ""), ("decimals", "auto"), ("date_order", "dmy")):
        if getattr(profile, key) != default:
            lines.append(f"{key} = {_quoted(getattr(profile, key))}")
    if profile.skip_rows:
        lines.append(f"skip_rows = {profile.skip_rows}")
    if profile.has_closing:
        lines.append("has_closing = true")
    for section, single, description in (
        ("columns", profile.must, profile.description),
        ("optional_columns", profile.may, profile.more_description),
    ):
        if single or description:
            lines += ["", f"[{section}]", *(f"{role} = {_quoted(name)}" for role, name in single.items())]
        if description:
            lines.append(f"description = [{', '.join(map(_quoted, description))}]")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = "".join(
        f"\\u{ord(sign):04x}" if ord(sign) < 32 or ord(sign) == 127 else f"\\{sign}" if sign in '"\\' else sign
        for sign in text
    )
    return f'"{escaped}"'


def _columns(section: Any, name: str) -> tuple[dict[str, str], tuple[str, ...]]:
    problem = Refused(f'Profil {name}: daftar kolom salah tulis. Setiap kolom ditulis peran = "Nama kolom".')
    if not isinstance(section, dict):
        raise problem
    description = section.pop("description", [])
    description = [description] if isinstance(description, str) else description
    if not isinstance(description, list) or not all(
        isinstance(text, str) for text in [*description, *section.values()]
    ):
        raise problem
    if unknown := sorted(set(section) - set(SINGLE_COLUMNS)):
        raise Refused(f"Profil {name} memuat peran kolom yang tidak dikenal: {', '.join(unknown)}.")
    return section, tuple(description)
