"""Why a step of the data's preparation is refused (standard prosedur 3 and 9; `domain.md` 2)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from desk.rules.case import CaseFacts
from desk.rules.inputs import CheckTick, DataCheck, FileCheck, PreparedFiles
from desk.rules.people import Actor
from desk.rules.quantities import count_text

_NOTHING = FileCheck(0)
_TITLE = 3
"""Letters of the longest word of a name that may be a title (Dr., S.E., bin)."""


def why_not_tick(case: CaseFacts, _actor: Actor) -> str | None:
    """There is something left to tick."""
    if not case.open_tasks():
        return "Semua tugas penyiapan sudah dicentang."
    return None


def why_not_hand_over(case: CaseFacts, _actor: Actor) -> str | None:
    """The files go to the second officer when every task of the office's list is ticked; the open ones are named."""
    if missing := case.open_tasks():
        return f"Tugas penyiapan belum dicentang: {'; '.join(task.label for task in missing)}."
    return None


def why_not_check_data(case: CaseFacts, actor: Actor) -> str | None:
    """A second officer checks."""
    if case.files.made_by == actor.login:
        return "Anda yang menyiapkan data ini; pemeriksaannya harus oleh petugas lain."
    return None


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A prepared file as its maker describes it; `line_id` is the line that it answers, None for all."""

    position: int
    name: str
    path: str
    size: int
    sha256: str
    rows: int | None
    variables: int | None
    line_id: UUID | None


_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,31}")


def ordered_variables(detail: str) -> tuple[str, ...]:
    """The variables that a line names, as `R101, R102, B5R1`; empty where it names none or asks for all."""
    words = [word.strip() for word in re.split(r"[,;\n]", detail) if word.strip()]
    return tuple(words) if len(words) > 1 and all(_VARIABLE.fullmatch(word) for word in words) else ()


def differences(case: CaseFacts, files: Sequence[MadeFile], check: DataCheck) -> tuple[str, ...]:
    """What does not agree between the order, the maker's words and the checker's own counts, each by its name."""
    found = []
    counted = {each.position: each for each in check.files}
    for file in files:
        own = counted.get(file.position, FileCheck(file.position))
        for what, said, seen in (
            ("baris", file.rows, own.rows),
            ("peubah", file.variables, own.variables),
        ):
            if said is None:
                continue
            if seen is None:
                found.append(f"{file.name}: jumlah {what} belum dihitung pemeriksa")
            elif said != seen:
                found.append(
                    f"{file.name}: {count_text(said)} {what} menurut penyiap, {count_text(seen)} menurut pemeriksa"
                )
    assigned = {file.line_id for file in files}
    for line in case.accepted_lines():
        answering = [file for file in files if file.line_id in (line.id, None)]
        if line.id not in assigned and None not in assigned:
            found.append(f"baris {line.position} ({line.title}): belum ada berkasnya")
        names = {name.casefold() for file in answering for name in counted.get(file.position, _NOTHING).names}
        missing = [name for name in ordered_variables(line.detail) if name.casefold() not in names]
        if names and missing:
            found.append(f"baris {line.position} ({line.title}): peubah {', '.join(missing)} tidak ada dalam berkasnya")
    return tuple(found)


def why_not_pass(case: CaseFacts, files: Sequence[MadeFile], check: DataCheck) -> str | None:
    """The check passes when everything agrees and all three ticks are set; otherwise each difference is named."""
    if found := differences(case, files, check):
        return f"Ada perbedaan: {'; '.join(found)}. Kembalikan data kepada penyiapnya, atau perbaiki hitungan Anda."
    if missing := [tick.label for tick in CheckTick if tick not in check.ticks]:
        return f"Belum dibandingkan dengan pesanan: {', '.join(missing)}."
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
