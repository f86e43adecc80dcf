"""The register of letter numbers: every number of an office with what it stands for, and how the series are written.

Numbers of papers come into the register when the paper is issued. Beside them an officer or the supervisor reserves
the next number, inserts one between two others, or copies one that another book gave; such a number goes to the next
paper of its kind in a case, to a letter outside the program, or is void. The database counts, and refuses gaps and
doubles.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.models import LetterNumber, LetterNumberEnd
from desk.rules.dates import short_text
from desk.rules.letter_numbers import (
    COUNTED_ONLY,
    NumberEnd,
    NumberFormat,
    NumberOrigin,
    NumberSource,
    format_of,
    series_label,
    why_not_format,
)
from desk.rules.numbering import clean_register_number
from desk.rules.papers.kinds import PaperKind

PAGE = 200
"""Rows of one page of the register; the page on the screen asks for one more when somebody comes to its end."""
MOST_AT_ONCE = 50

_NEWEST = "ORDER BY n.dated DESC, n.at DESC, n.series, n.sequence DESC, n.insertion DESC"
_OF_CASE = (
    "SELECT t.number, t.customer_name FROM desk.cases t WHERE t.office_id = n.office_id AND t.id = n.case_id LIMIT 1"
)
# The page is cut out first; then each row is looked up by its key (LATERAL), whatever the planner believes.
_ROWS = """
SELECT n.office_id, n.id, n.series, n.year, n.sequence, n.insertion, n.number, n.origin, n.dated, n.note, n.case_id,
  n.subject_id, n.by, coalesce(p.name, n.by) AS name, n.at, c.number AS case_number, c.customer_name,
  x.kind AS ended, x.on_day, x.reason, coalesce(s.why, i.why, r.why, '') AS withdrawn
FROM (SELECT n.* FROM desk.letter_number n {among}
  WHERE n.office_id = ANY (:offices) AND n.year = :year AND (:series = '' OR n.series = :series){named}
  {newest} LIMIT :limit) n
LEFT JOIN LATERAL (SELECT e.kind || ': ' || e.reason AS why FROM desk.agreement a CROSS JOIN LATERAL (
    SELECT t.kind, t.reason FROM desk.invoice_end t
    WHERE t.office_id = a.office_id AND t.invoice_id = a.invoice_id AND t.kind = 'void' LIMIT 1) e
  WHERE n.series = 'sppd' AND a.office_id = n.office_id AND a.id = n.subject_id LIMIT 1) s ON true
LEFT JOIN LATERAL (SELECT e.kind || ': ' || e.reason AS why FROM desk.invoice_end e
  WHERE n.series = 'invoice' AND e.office_id = n.office_id AND e.invoice_id = n.subject_id
  ORDER BY e.at DESC LIMIT 1) i ON true
LEFT JOIN LATERAL (SELECT 'void: ' || v.reason AS why FROM desk.receipt_void v
  WHERE n.series = 'receipt' AND v.office_id = n.office_id AND v.receipt_id = n.subject_id LIMIT 1) r ON true
LEFT JOIN LATERAL ({of_case}) c ON true
LEFT JOIN desk.person p ON p.login = n.by
LEFT JOIN LATERAL (SELECT e.kind, e.on_day, e.reason FROM desk.letter_number_end e
  WHERE e.office_id = n.office_id AND e.number_id = n.id LIMIT 1) x ON true
{newest}
"""
_ALL = text(_ROWS.format(among="", named="", newest=_NEWEST, of_case=_OF_CASE))
_NAMED = text(
    _ROWS.format(
        among=f"LEFT JOIN LATERAL ({_OF_CASE}) c ON true",
        named=" AND strpos(lower(n.number || ' ' || n.note || ' ' || coalesce(c.number, '') || ' ' "
        "|| coalesce(c.customer_name, '')), lower(:words)) > 0",
        newest=_NEWEST,
        of_case=_OF_CASE,
    )
)
_FORMATS = text("""
SELECT r.office_id, substring(r.key FROM 8) AS series, r.valid_from, r.value, r.basis,
  desk.today(r.office_id) AS today,
  (SELECT max(n.sequence) FROM desk.letter_number n WHERE n.office_id = r.office_id
   AND n.series = substring(r.key FROM 8) AND n.year = extract(year FROM desk.today(r.office_id)) AND n.insertion = 0)
   AS last
FROM desk.rule r WHERE r.office_id = ANY (:offices) AND r.key LIKE 'number.%' AND r.key <> 'number.case'
ORDER BY r.office_id, r.key, r.valid_from DESC
""")


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One number and what it stands for; `open` numbers wait for their paper, their letter or their end."""

    office_id: int
    id: UUID
    series: str
    year: int
    sequence: int | None
    insertion: int
    number: str
    origin: NumberOrigin
    dated: date
    name: str
    at: datetime
    case_id: UUID | None
    about: str
    of_case: str
    state: str
    open: bool

    @property
    def label(self) -> str:
        """The paper of its series."""
        return series_label(self.series)

    @property
    def stands_for(self) -> str:
        """What the number is for, and whose."""
        return " · ".join(part for part in (self.about, self.of_case) if part)


@dataclass(frozen=True, slots=True)
class SeriesFormat:
    """How the numbers of one series are written today, the number that comes next, and a change that still begins."""

    office_id: int
    series: str
    format: NumberFormat
    since: date
    last: int
    today: date
    coming: NumberFormat | None = None
    coming_on: date | None = None

    @property
    def id(self) -> str:
        """Which row of a list it is."""
        return f"{self.office_id}/{self.series}"

    @property
    def next_number(self) -> str:
        """The number that the next paper gets; empty where another book gives it."""
        if self.format.source is NumberSource.BOOK:
            return ""
        return self.format.example(self.last + 1, self.today)


def register(
    session: Session, offices: Sequence[int], year: int, *, series: str = "", words: str = "", limit: int = PAGE
) -> list[NumberRow]:
    """The numbers of a year, the newest first; `words` finds a number, a request, a name or a note."""
    asked = {"offices": list(offices), "year": year, "series": series, "words": words.strip(), "limit": limit}
    rows = []
    for row in session.execute(_NAMED if asked["words"] else _ALL, asked):
        origin = NumberOrigin.of(row.origin)
        state, about, of_case, is_open = _state(row, origin)
        rows.append(
            NumberRow(
                row.office_id,
                row.id,
                row.series,
                row.year,
                row.sequence,
                row.insertion,
                row.number,
                origin,
                row.dated,
                row.name,
                row.at,
                row.case_id,
                about,
                of_case,
                state,
                is_open,
            )
        )
    return rows


def years(session: Session, offices: Sequence[int]) -> list[int]:
    """The years that have numbers, and the present one, the newest first."""
    rows = session.execute(
        text(
            "SELECT DISTINCT year FROM desk.letter_number WHERE office_id = ANY (:offices) "
            "UNION SELECT extract(year FROM desk.today(o.id))::bigint FROM desk.office o WHERE o.id = ANY (:offices) "
            "ORDER BY 1 DESC"
        ),
        {"offices": list(offices)},
    )
    return [int(row.year) for row in rows]


def formats(session: Session, offices: Sequence[int]) -> list[SeriesFormat]:
    """How every series of these offices is written, with the next number of each."""
    found: dict[tuple[int, str], SeriesFormat] = {}
    coming: dict[tuple[int, str], tuple[NumberFormat, date]] = {}
    for row in session.execute(_FORMATS, {"offices": list(offices)}):
        key = (row.office_id, row.series)
        if row.valid_from > row.today:
            coming[key] = (format_of(row.value), row.valid_from)  # the rows come newest first: the nearest stays
        elif key not in found:
            found[key] = SeriesFormat(
                row.office_id, row.series, format_of(row.value), row.valid_from, row.last or 0, row.today,
                *coming.get(key, (None, None)),
            )  # fmt: skip
    order = [*(kind.value for kind in PaperKind)]
    return sorted(
        found.values(),
        key=lambda each: (each.office_id, order.index(each.series) if each.series in order else len(order)),
    )


def set_format(session: Session, office_id: int, series: str, wanted: NumberFormat, starts_on: date, basis: str) -> str:
    """Lets a series be written like this from a day on, as an administrator; gives the sentence of what was done.

    Issued papers keep their numbers and the count goes on. Refused for a day that is over, a format that is not
    whole, and a second change for the same day; the very same change again is no change.
    """
    if complaints := why_not_format(wanted):
        raise Refused(complaints[0])
    if wanted.source is NumberSource.BOOK and series in COUNTED_ONLY:
        raise Refused("Nomor invoice dan kuitansi selalu dihitung program.")
    if not basis.strip():
        raise Refused("Dasar perubahan belum diisi. Tulis keputusan atau pedoman tata naskah kantor.")
    today = session.execute(text("SELECT desk.today(:id)"), {"id": office_id}).scalar_one()
    if starts_on < today:
        raise Refused("Tanggal mulai sudah lewat. Pilih hari ini atau sesudahnya.")
    asked = {"office_id": office_id, "key": f"number.{series}", "valid_from": starts_on}
    known = session.execute(
        text("SELECT value FROM desk.rule WHERE office_id = :office_id AND key = :key AND valid_from = :valid_from"),
        asked,
    ).scalar_one_or_none()
    said = f"{series_label(series)}: format nomor {wanted.template} berlaku mulai {short_text(starts_on)}."
    if known == wanted.value():
        return said
    if known is not None:
        raise Refused(
            f"Format yang mulai {short_text(starts_on)} sudah ditetapkan dan tidak dapat diubah. "
            "Pilih tanggal mulai lain."
        )
    session.execute(
        text(
            "INSERT INTO desk.rule (office_id, key, valid_from, value, basis) "
            "VALUES (:office_id, :key, :valid_from, CAST(:value AS jsonb), :basis)"
        ),
        {**asked, "value": json.dumps(wanted.value()), "basis": basis.strip()},
    )
    return said


def reserve(
    session: Session,
    office_id: int,
    series: str,
    *,
    key: UUID,
    count: int = 1,
    case_id: UUID | None = None,
    note: str = "",
) -> str:
    """Takes the next numbers of a series before their papers exist; gives the sentence with them."""
    if not 1 <= count <= MOST_AT_ONCE:
        raise Refused(f"Banyaknya nomor antara 1 dan {MOST_AT_ONCE}.")
    if case_id is not None and count > 1:
        raise Refused("Untuk satu permohonan cukup satu nomor per jenis naskah. Pesan satu nomor saja.")
    _one_per_case(session, office_id, series, case_id, key)
    numbers = [
        _add(session, office_id, key if at == 0 else uuid5(key, str(at)), series=series,
             origin=NumberOrigin.RESERVED, case_id=case_id, note=note)
        for at in range(count)
    ]  # fmt: skip
    return f"Dipesan: {numbers[0]}." if count == 1 else f"Dipesan {count} nomor: {numbers[0]} sampai {numbers[-1]}."


def insert_after(session: Session, row: NumberRow, *, key: UUID, case_id: UUID | None = None, note: str = "") -> str:
    """Puts a number between a number and the next one, with the month of the first: `003.01` after `003`."""
    if row.sequence is None:
        raise Refused("Nomor dari buku kantor tidak dihitung program; sisipannya diberikan buku itu.")
    _one_per_case(session, row.office_id, row.series, case_id, key)
    number = _add(
        session, row.office_id, key, series=row.series, origin=NumberOrigin.INSERTED, case_id=case_id, note=note,
        year=row.year, sequence=row.sequence,
    )  # fmt: skip
    return f"Disisipkan: {number}."


def enter(
    session: Session,
    office_id: int,
    series: str,
    number: str,
    dated: date,
    *,
    key: UUID,
    case_id: UUID | None = None,
    note: str = "",
) -> str:
    """Copies a number that the office's own letter book gave; Refused for one that is in the register already."""
    clean = clean_register_number(number)
    _one_per_case(session, office_id, series, case_id, key)
    _add(
        session, office_id, key, series=series, origin=NumberOrigin.BOOK, case_id=case_id, note=note, number=clean,
        dated=dated,
    )  # fmt: skip
    return f"Dicatat: {clean} untuk {series_label(series).lower()}."


def end(session: Session, row: NumberRow, kind: NumberEnd, on: date, reason: str, *, key: UUID) -> str:
    """An open number stands for a letter outside the program, or is void with its reason; its row stays."""
    if not reason.strip():
        raise Refused(
            "Tulis untuk surat apa nomor ini dipakai." if kind is NumberEnd.OUTSIDE else "Alasan batal belum ditulis."
        )
    done = session.execute(
        text("SELECT FROM desk.letter_number_end WHERE office_id = :office_id AND id = :id"),
        {"office_id": row.office_id, "id": key},
    ).one_or_none()
    if done is None:
        session.execute(
            insert(LetterNumberEnd).values(
                office_id=row.office_id, id=key, number_id=row.id, kind=kind.value, on_day=on, reason=reason.strip()
            )
        )
    return f"Nomor {row.number} {kind.label}."


def _add(session: Session, office_id: int, key: UUID, *, origin: NumberOrigin, **given: object) -> str:
    """The number that the database gave; the same key gives the same number and counts nothing."""
    known = session.execute(
        text("SELECT number FROM desk.letter_number WHERE office_id = :office_id AND id = :id"),
        {"office_id": office_id, "id": key},
    ).scalar_one_or_none()
    if known is not None:
        return str(known)
    values = {"year": 0, "number": "", "dated": date.min, **given}
    values["note"] = str(values.get("note") or "").strip()
    return str(
        session.execute(
            insert(LetterNumber)
            .values(office_id=office_id, id=key, origin=origin.value, **values)
            .returning(LetterNumber.number)
        ).scalar_one()
    )


def _one_per_case(session: Session, office_id: int, series: str, case_id: UUID | None, key: UUID) -> None:
    """A case keeps one open number per kind: which of two the next paper takes would be a guess."""
    if case_id is None:
        return
    kept = session.execute(
        text(
            "SELECT n.number FROM desk.letter_number n WHERE n.office_id = :office_id AND n.case_id = :case_id "
            "AND n.series = :series AND n.subject_id IS NULL AND n.id <> :key AND NOT EXISTS (SELECT FROM "
            "desk.letter_number_end x WHERE x.office_id = n.office_id AND x.number_id = n.id) LIMIT 1"
        ),
        {"office_id": office_id, "case_id": case_id, "series": series, "key": key},
    ).scalar_one_or_none()
    if kept is not None:
        raise Refused(
            f"Permohonan ini sudah punya nomor {kept} untuk naskah itu. Pakai atau batalkan dahulu nomor itu."
        )


def _state(row: Any, origin: NumberOrigin) -> tuple[str, str, str, bool]:
    """The state of a number, what it is for, whose, and whether something is still to be done with it."""
    label = series_label(row.series)
    case = f"{row.case_number} · {row.customer_name}" if row.case_number else ""
    if row.ended is not None:
        return NumberEnd.of(row.ended).label, row.reason, short_text(row.on_day), False
    if row.subject_id is None:
        about = f"{label} berikut" if case else row.note
        return origin.label, about, f"{case} ({row.note})" if case and row.note else case, True
    if row.withdrawn:
        kind, _, reason = row.withdrawn.partition(": ")
        state = {"void": "batal", "replaced": "diganti", "expired": "kedaluwarsa"}[kind]
        return state, f"{label}: {reason}" if reason else label, case, False
    return "terbit", label, case, False
