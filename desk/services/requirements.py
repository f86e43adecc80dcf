"""The office's list of requirements: a dated row of the rule book, so a cleared case keeps what it was cleared by."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.rules.case import STANDARD_NEEDS, Need

KEY = "requirements"
MOST = 20

_LISTS = text("""
SELECT r.office_id, r.valid_from, r.value, r.basis, coalesce(p.name, r.by) AS by
FROM desk.rule r LEFT JOIN desk.person p ON p.login = r.by
WHERE r.key = 'requirements' AND r.office_id IN (0, :office_id) ORDER BY r.office_id = 0, r.valid_from DESC
""")
_PUT = text(
    "INSERT INTO desk.rule (office_id, key, valid_from, value, basis) "
    "VALUES (:office_id, 'requirements', :since, CAST(:value AS jsonb), :basis)"
)


@dataclass(frozen=True, slots=True)
class RequirementList:
    """One list: since when, by which decision, by whom; `own` False is the published standard."""

    office_id: int
    since: date
    needs: tuple[Need, ...]
    basis: str
    by: str
    own: bool

    @property
    def id(self) -> str:
        """Names the row of a list on the screen."""
        return f"{self.office_id}/{self.since.isoformat()}/{int(self.own)}"


def requirement_lists(session: Session, office_id: int) -> list[RequirementList]:
    """The lists of an office, its own before the published one, the newest first."""
    return [
        RequirementList(
            office_id,
            row.valid_from,
            tuple(Need(need["code"], need["label"]) for need in row.value),
            row.basis,
            row.by,
            row.office_id == office_id,
        )
        for row in session.execute(_LISTS, {"office_id": office_id})
    ]


def set_requirements(
    session: Session, office_id: int, labels: Sequence[str], since: date, basis: str, known: Sequence[Need] = ()
) -> tuple[Need, ...]:
    """Lets a new list hold from a day on. A requirement whose words are known keeps its code, so what is met stays met.

    Refused for an empty or far too long list, the same words twice, no basis, or a list that starts that day already.
    """
    words = [" ".join(label.split()) for label in labels if label.strip()]
    if not words:
        raise Refused("Daftar persyaratan masih kosong. Tulis sedikitnya satu, satu persyaratan satu baris.")
    if len(words) > MOST:
        raise Refused(f"Daftar itu memuat {len(words)} persyaratan; paling banyak {MOST}.")
    doubled = next((word for word in words if [each.casefold() for each in words].count(word.casefold()) > 1), None)
    if doubled:
        raise Refused(f"“{doubled}” tertulis dua kali. Hapus salah satunya.")
    if not basis.strip():
        raise Refused("Dasar belum diisi. Tulis standar pelayanan atau keputusan yang menjadi dasarnya.")
    codes = {need.label.casefold(): need.code for need in (*STANDARD_NEEDS, *known)}
    needs: list[Need] = []
    for word in words:
        code = codes.get(word.casefold()) or _code(word)
        while any(need.code == code for need in needs):
            code = f"{code[:28]}_{len(needs)}"
        needs.append(Need(code, word))
    try:
        session.execute(
            _PUT,
            {
                "office_id": office_id,
                "since": since,
                "value": json.dumps([{"code": need.code, "label": need.label} for need in needs]),
                "basis": basis.strip(),
            },
        )
    except IntegrityError as taken:
        raise Refused("Sudah ada daftar yang mulai berlaku pada tanggal itu. Pilih tanggal lain.") from taken
    return tuple(needs)


def _code(words: str) -> str:
    """A code from the words; it is stored in the cases and never shown."""
    return "_".join(re.findall(r"[a-z0-9]+", words.casefold()))[:30].strip("_") or "syarat"
