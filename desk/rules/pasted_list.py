"""A list of data as customers send it: copied from Excel, or typed line by line in a message. Nothing of it is lost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from desk.errors import Refused
from desk.rules.catalogue import Catalogue, CatalogueChoice, plain_words
from desk.rules.quantities import parse_bytes

MOST = 200
"""Rows of one pasted list; a longer one is no request but a whole catalogue."""

_COLUMNS = {
    "title": {"nama", "data", "judul", "jenis", "dataset", "survei", "sensus", "publikasi", "permintaan", "item"},
    "year": {"tahun", "periode", "thn"},
    "area": {"wilayah", "daerah", "kabupaten", "kota", "provinsi", "kab", "prov", "lokasi", "area"},
    "level": {"level", "tingkat", "penyajian"},
    "quantity": {"jumlah", "ukuran", "banyak", "banyaknya", "qty", "size", "lembar"},
    "detail": {"rincian", "keterangan", "variabel", "peubah", "catatan", "ket"},
}
_BULLET = re.compile(r"^\s*(?:[-*•–·]|\(?\d{1,3}[.)]|[a-z][.)])\s*", re.IGNORECASE)
_NUMBERING = {"no", "nomor", "urut"}


@dataclass(frozen=True, slots=True)
class PastedLine:
    """One row: what stood there, the item it means, and what else it says; `choice` None must be put right."""

    text: str
    choice: CatalogueChoice | None
    detail: str = ""
    quantity: str = ""

    @property
    def title(self) -> str:
        """The name for the request: the catalogue's, or what was written."""
        return self.choice.title if self.choice is not None else self.text


def looks_like_list(text: str) -> bool:
    """Whether pasted text is several rows rather than one name."""
    return len([line for line in text.splitlines() if line.strip()]) > 1 or "\t" in text.strip()


def read_list(text: str, catalogue: Catalogue) -> tuple[PastedLine, ...]:
    """The rows of a pasted list, in order, a head line left out. Raises Refused for none or far too many."""
    rows = [[cell.strip() for cell in line.split("\t")] for line in text.splitlines() if line.strip()]
    head = _head(rows[0]) if rows else None
    if head is not None:
        rows = rows[1:]
    read = [line for row in rows if (line := _line(row, head, catalogue)) is not None]
    if not read:
        raise Refused("Teks itu tidak memuat daftar data. Salin kolom nama datanya, satu data satu baris.")
    if len(read) > MOST:
        raise Refused(
            f"Daftar itu memuat {len(read)} baris; sekali tempel paling banyak {MOST}. Tempel sebagian-sebagian."
        )
    return tuple(read)


def _head(row: Sequence[str]) -> dict[int, str] | None:
    """Which column is what, when the first row is names of columns; None when it is data already."""
    meaning: dict[int, str] = {}
    for place, cell in enumerate(row):
        words = set(plain_words(cell))
        if not words or len(words) > 4 or any(word.isdigit() for word in words):
            continue
        if words <= _NUMBERING:
            meaning[place] = "number"
        for kind, names in _COLUMNS.items():
            if words & names and kind not in meaning.values():
                meaning.setdefault(place, kind)
    known = [place for place in meaning if meaning[place] != "number"]
    return meaning if len(row) > 1 and len(known) >= 2 and "title" in meaning.values() else None


def _line(row: Sequence[str], head: dict[int, str] | None, catalogue: Catalogue) -> PastedLine | None:
    cells = [_BULLET.sub("", cell) if place == 0 and head is None else cell for place, cell in enumerate(row)]
    if head is None:
        if len(cells) > 1 and re.fullmatch(r"\d{1,3}[.)]?", cells[0]):
            cells = cells[1:]  # a column of running numbers
        quantity = next((cell for cell in cells[1:] if _is_size(cell)), "")
        named = {"title": cells[0], "quantity": quantity}
        others = [cell for cell in cells[1:] if cell and cell != quantity]
    else:
        named = {kind: cells[place] for place, kind in head.items() if place < len(cells)}
        others = [cell for place, cell in enumerate(cells) if cell and head.get(place) in (None, "detail")]
    title = " ".join(named.get("title", "").split())
    more = [cell for kind in ("area", "level") if (cell := named.get(kind, ""))]
    year = named.get("year", "")
    if not title and not others and not more:
        return None
    choice = _meant(catalogue, title, year, named.get("area", ""), named.get("level", ""))
    if choice is None and year and year not in title:
        title = f"{title} {year}".strip()
    elif choice is not None and year and year not in choice.title:
        others.insert(0, year)
    return PastedLine(
        title or " ".join(others), choice, " · ".join(dict.fromkeys((*more, *others))), named.get("quantity", "")
    )


def _meant(catalogue: Catalogue, title: str, *more: str) -> CatalogueChoice | None:
    """The item that the name alone means, or the name with the year, the area and the level, as far as they help."""
    for upto in range(len(more), -1, -1):
        found = catalogue.named(" ".join(part for part in (title, *more[:upto]) if part))
        if found is not None:
            return found
    return None


def _is_size(cell: str) -> bool:
    if not re.search(r"[kmgt]i?b\b|byte", cell, re.IGNORECASE):
        return False
    try:
        return parse_bytes(cell) > 0
    except Refused:
        return False
