"""Why a step of the data's preparation is refused (standard prosedur 3 and 9; `domain.md` 2)."""

from __future__ import annotations

import re

from desk.rules.case import CaseFacts
from desk.rules.inputs import PreparedFiles
from desk.rules.people import Actor

_TITLE = 3
"""Letters of the longest word of a name that may be a title (Dr., S.E., bin)."""


def why_not_check_data(case: CaseFacts, actor: Actor) -> str | None:
    """A second officer checks."""
    if case.files.made_by == actor.login:
        return "Anda yang menyiapkan data ini; pemeriksaannya harus oleh petugas lain."
    return None


def tells_of_customer(path: str, name: str, number: str, customer: str, institution: str) -> bool:
    """Whether the name or the folder of a file gives away for whom it was made: case number, person or institution."""
    words = re.findall(r"[^\W_]+", f"{path} {name}".casefold())
    plain = " ".join(words)
    people = [word for word in re.findall(r"[^\W_]+", customer.casefold()) if len(word) > _TITLE]
    given = " ".join(re.findall(r"[^\W_]+", institution.casefold()))
    numbered = " ".join(re.findall(r"[^\W_]+", number.casefold()))
    return bool(set(people) & set(words)) or (bool(given) and given in plain) or numbered in plain


def why_not_finish(prepared: PreparedFiles) -> str | None:
    """There is something to send, and every file has a name of its own."""
    if not prepared.files:
        return "Belum ada berkas data; tambahkan sedikitnya satu berkas."
    names = [file.name.casefold() for file in prepared.files]
    twice = sorted({file.name for file in prepared.files if names.count(file.name.casefold()) > 1})
    if twice:
        return f"Nama berkas dipakai dua kali: {', '.join(twice)}. Beri nama yang berbeda."
    return None
