"""The yearly stock-take: a binder is scanned, then every paper in it; the database says what differs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.rules.codes import binder_code, decode, looks_like_ours
from desk.rules.custody import Custody
from desk.rules.numbering import with_kind
from desk.rules.papers import PaperKind
from desk.rules.stocktake import Finding, FindingLine, StocktakeResult, stocktake_context
from desk.services.binders import BinderRow, binders, papers_of
from desk.services.register import office_template


def binder_of_code(session: Session, office_ids: Sequence[int], typed: str) -> BinderRow:
    """The binder whose label was scanned, or whose name was typed. Refused when there is none here."""
    known = binders(session, office_ids)
    if not looks_like_ours(typed):
        name = " ".join(typed.split()).casefold()
        found = next((one for one in known if one.name.casefold() == name), None)
        if found is None:
            raise Refused(
                f"Tidak ada map bernama “{typed.strip()[:40]}”. Pindai QR pada label map, atau pilih dari daftar."
            )
        return found
    code = binder_code(typed)
    if code is None:
        raise Refused("Kode itu bukan label map. Pindai QR pada punggung map dahulu.")
    at = (code.office, code.year, code.number)
    found = next((one for one in known if (one.office_code, one.year, one.sequence) == at), None)
    if found is None:
        raise Refused(f"Map itu milik kantor {code.office}, bukan kantor Anda.")
    return found


@dataclass(frozen=True, slots=True)
class Scanned:
    """One scan of a stock-take: a copy of an SPPD of the office, or any other text."""

    text: str
    agreement_id: UUID | None = None
    copy: int = 0
    named: str = ""
    expected: bool = False
    """The copy has its sheet in the binder that is looked through."""

    @property
    def key(self) -> str:
        """What makes two scans the same."""
        return f"{self.agreement_id}/{self.copy}" if self.agreement_id else self.text


_COPY = text("""
SELECT a.id, a.number, a.copies FROM desk.agreement a JOIN desk.office o ON o.id = a.office_id
WHERE a.office_id = :office_id AND o.code = :code AND a.year = :year AND a.sequence = :number
""")


def scanned(session: Session, office_id: int, binder_id: UUID, typed: str) -> Scanned:
    """What was scanned out of a binder; nothing is refused, for everything in a binder is a finding."""
    wanted = typed.strip()[:200]
    try:
        code = decode(wanted)
    except Refused:
        return Scanned(wanted)
    if code.kind is not PaperKind.SPPD:
        return Scanned(wanted)
    where = {"office_id": office_id, "code": code.office, "year": code.year, "number": code.number}
    row = session.execute(_COPY, where).one_or_none()
    if row is None or code.copy > row.copies:
        return Scanned(wanted)
    here = any(one.id == (row.id, code.copy) for one in papers_of(session, office_id, binder_id))
    named = with_kind("SPPD", row.number) + (f" rangkap {code.copy}" if row.copies > 1 else "")
    return Scanned(wanted, row.id, code.copy, named, here)


_TAKEN = text("""
SELECT t.office_id, t.id, b.name AS binder, t.on_day, coalesce(p.name, t.by) AS by, t.expected, t.found, t.differences
FROM desk.stocktake t JOIN desk.binder b ON b.office_id = t.office_id AND b.id = t.binder_id
LEFT JOIN desk.person p ON p.login = t.by WHERE t.office_id = :office_id AND t.id = :id
""")
_LINES = text("""
SELECT l.position, l.finding, l.sheet, l.place, l.code, l.copy, a.number, a.copies, c.customer_name
FROM desk.stocktake_line l
LEFT JOIN desk.agreement a ON a.office_id = l.office_id AND a.id = l.agreement_id
LEFT JOIN desk.cases c ON c.office_id = a.office_id AND c.id = a.case_id
WHERE l.office_id = :office_id AND l.stocktake_id = :id ORDER BY l.position
""")


def record_stocktake(
    session: Session, office_id: int, key: UUID, binder_id: UUID, found: Sequence[Scanned]
) -> StocktakeResult:
    """Writes down what was in a binder; the database says what differs. The same key is the same stock-take."""
    codes = [
        {"agreement": str(one.agreement_id), "copy": one.copy} if one.agreement_id else {"code": one.text}
        for one in found
    ]
    session.execute(
        text("SELECT desk.record_stocktake(:office_id, :key, :binder_id, CAST(:codes AS jsonb))"),
        {"office_id": office_id, "key": key, "binder_id": binder_id, "codes": json.dumps(codes)},
    )
    return stocktake(session, office_id, key)


def stocktake(session: Session, office_id: int, stocktake_id: UUID) -> StocktakeResult:
    """A stock-take with all its findings."""
    where = {"office_id": office_id, "id": stocktake_id}
    head = session.execute(_TAKEN, where).mappings().one()
    return StocktakeResult(**head, lines=tuple(_finding(row) for row in session.execute(_LINES, where).mappings()))


def last_stocktake(session: Session, office_id: int, binder_id: UUID) -> StocktakeResult | None:
    """The latest stock-take of a binder."""
    found = session.execute(
        text(
            "SELECT id FROM desk.stocktake WHERE office_id = :office_id AND binder_id = :binder_id "
            "ORDER BY at DESC, id LIMIT 1"
        ),
        {"office_id": office_id, "binder_id": binder_id},
    ).scalar_one_or_none()
    return None if found is None else stocktake(session, office_id, found)


def stocktake_paper(session: Session, taken: StocktakeResult) -> tuple[bytes, dict[str, object]]:
    """The office's Word template of the report and the values for it."""
    template, office, fields = office_template(session, taken.office_id, "stocktake", taken.on_day)
    return template, stocktake_context(fields, office.city, taken)


def _finding(line: Any) -> FindingLine:
    which = f" rangkap {line['copy']}" if (line["copies"] or 1) > 1 else ""
    finding = Finding.of(line["finding"])
    place = line["place"]
    if finding is Finding.EXTRA and place:
        place = Custody.of(place).label
    return FindingLine(
        line["position"],
        finding,
        with_kind("SPPD", line["number"]) + which if line["number"] else line["code"],
        line["sheet"],
        place,
        line["customer_name"] or "",
    )
