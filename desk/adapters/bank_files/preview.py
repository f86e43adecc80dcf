"""What a person needs to describe a new layout: the first rows of the file and a first draft of a profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desk.adapters.bank_files.cells import text_of
from desk.adapters.bank_files.detect import Family, find_text_table, head_rows, likely_delimiter, nature_of, text_head
from desk.adapters.bank_files.profiles import Profile, shipped_profiles
from desk.adapters.bank_files.recognise import draft_profile
from desk.adapters.bank_files.workbook import Workbook
from desk.errors import Refused


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a table as they stand in the file, and the profile that reads them or a draft for one.

    `is_known` tells a profile that exists from a draft; `profile` is None when the columns give no hint.
    """

    rows: tuple[tuple[str, ...], ...]
    profile: Profile | None
    is_known: bool


def preview(path: Path, profiles: Sequence[Profile] = (), limit: int = 30) -> Preview:
    """Give what describing a layout needs: rows, and a profile or a draft. Refused as for opening."""
    nature = nature_of(path)
    known = [*profiles, *shipped_profiles()]
    if nature.family is Family.CSV:
        head = text_head(path, nature.encoding)
        found = find_text_table(head, known, path.name)
        delimiter = found.delimiter if found else likely_delimiter(head)
        rows: list[list[object]] = [list(row) for row in head_rows(head, delimiter, path.name)]
        match = found.match if found else None
    elif nature.family is Family.WORKBOOK:
        with Workbook(path) as workbook:
            sheet = workbook.find(known)
            heads = workbook.head()
            match = sheet[1] if sheet else None
            chosen = sheet[0] if sheet else max(heads, key=lambda entry: len(entry[1]))[0]
            rows = dict(heads)[chosen]
    else:
        raise Refused(f"Berkas {path.name} adalah {nature.family.label}; berkas itu dibaca tanpa profil.")
    shown = tuple(tuple(text_of(cell) for cell in row) for row in rows[:limit])
    return Preview(shown, match.profile if match else draft_profile(rows), match is not None)
