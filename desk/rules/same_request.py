"""Whether a request that is being written down is already here: the same person about the same data."""

from __future__ import annotations

import re
from dataclasses import dataclass

_COMMON = frozenset({
    "data", "mikro", "peta", "survei", "sensus", "nasional", "tahun", "bulan", "kabupaten", "kota", "provinsi", "untuk",
    "dan", "yang", "dari", "dengan", "di", "pada", "permohonan", "permintaan", "mohon", "kepada", "bapak", "ibu", "pst",
    "bps", "skripsi", "tesis", "penelitian", "analisis",
})  # fmt: skip
"""Words that any request may use; they say nothing about its being the same."""
_ENOUGH = 0.5
"""Share of the rarer words of the shorter text that must be in the other one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of a request: of the customer, and of what he or she asks for; `phone` in the stored form."""

    name: str = ""
    email: str = ""
    phone: str = ""
    lines: tuple[str, ...] = ()  # titles and catalogue codes
    words: str = ""  # title and purpose of the abstraksi, subject of the mail

    def says_what(self) -> bool:
        """Whether anything is known of the data or the purpose."""
        return bool(self.lines) or bool(_rare(self.words))


def same_person(new: Asked, old: Asked) -> tuple[str, ...]:
    """By what both are of one person; the surest first, empty when nothing says so."""
    said = []
    if new.email and new.email.casefold() == old.email.casefold():
        said.append("surel sama")
    if new.phone and new.phone == old.phone:
        said.append("telepon sama")
    if new.name and plain(new.name) == plain(old.name):
        said.append("nama sama")
    return tuple(said)


def same_content(new: Asked, old: Asked) -> tuple[str, ...]:
    """By what both ask for the same: data lines in common, or the words of the title."""
    said = []
    wanted, there = {plain(line) for line in new.lines}, {plain(line) for line in old.lines}
    common = (wanted & there) - {""}
    if common:
        said.append(f"{len(common)} baris data sama")
    mine, theirs = _rare(new.words), _rare(old.words)
    least = min(len(mine), len(theirs))
    if least >= 2 and len(mine & theirs) / least >= _ENOUGH:
        said.append("judul mirip")
    return tuple(said)


def plain(text: str) -> str:
    """Words alone, small, without titles of persons, a single blank between them."""
    words = re.findall(r"[^\W_]+", text.casefold())
    return " ".join(word for word in words if word not in {"bapak", "ibu", "pak", "bu", "sdr", "sdri", "dr", "prof"})


def _rare(text: str) -> frozenset[str]:
    return frozenset(
        word for word in plain(text).split() if len(word) > 2 and word not in _COMMON and not word.isdigit()
    )
