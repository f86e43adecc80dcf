"""Why a step of the data's preparation is refused (standard prosedur 3 and 9; `domain.md` 2)."""

from __future__ import annotations

from desk.rules.case import CaseFacts
from desk.rules.inputs import PreparedFiles
from desk.rules.people import Actor


def why_not_check_data(case: CaseFacts, actor: Actor) -> str | None:
    """A second officer checks."""
    if case.files.made_by == actor.login:
        return "Anda yang menyiapkan data ini; pemeriksaannya harus oleh petugas lain."
    return None


def why_not_finish(prepared: PreparedFiles) -> str | None:
    """There is something to send, and every file has a name of its own."""
    if not prepared.files:
        return "Belum ada berkas data; tambahkan sedikitnya satu berkas."
    names = [file.name.casefold() for file in prepared.files]
    twice = sorted({file.name for file in prepared.files if names.count(file.name.casefold()) > 1})
    if twice:
        return f"Nama berkas dipakai dua kali: {', '.join(twice)}. Beri nama yang berbeda."
    return None
