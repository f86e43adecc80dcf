"""What stands behind a case: the cases that it was joined to, and the request as it was when it went back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.rules.case import Abstract
from desk.rules.changes import CopiedLine, CopiedRequest

_LINKS = text("""
SELECT l.kind, l.case_id = :case_id AS outward, l.at, c.id, c.number, c.customer_name
FROM desk.case_link l
JOIN desk.cases c ON c.office_id = l.office_id
  AND c.id = CASE WHEN l.case_id = :case_id THEN l.other_case_id ELSE l.case_id END
WHERE l.office_id = :office_id AND (l.case_id = :case_id OR l.other_case_id = :case_id) ORDER BY l.at, c.number
""")
_WORDS = {
    ("merged", True): "Digabungkan ke",
    ("merged", False): "Memuat juga",
    ("split", True): "Sebagian dipisah ke",
    ("split", False): "Dipisah dari",
}


@dataclass(frozen=True, slots=True)
class LinkEntry:
    """Another case that this one went into, came from, or was cut from: what it is, and where to go."""

    words: str
    case_id: UUID
    number: str
    customer_name: str


def links_of(session: Session, office_id: int, case_id: UUID) -> tuple[LinkEntry, ...]:
    """The cases that this one is joined to, the oldest first; one query."""
    rows = session.execute(_LINKS, {"office_id": office_id, "case_id": case_id})
    return tuple(LinkEntry(_WORDS[(row.kind, row.outward)], row.id, row.number, row.customer_name) for row in rows)


_LAST = text("""
SELECT r.asked, r.abstract, r.lines, (r.at AT TIME ZONE o.zone)::date AS day
FROM desk.request_copy r JOIN desk.office o ON o.id = r.office_id
WHERE r.office_id = :office_id AND r.case_id = :case_id ORDER BY r.at DESC, r.id LIMIT 1
""")


def last_copy(session: Session, office_id: int, case_id: UUID) -> CopiedRequest | None:
    """The request as it was when it went back the last time; None when it never did."""
    row = session.execute(_LAST, {"office_id": office_id, "case_id": case_id}).one_or_none()
    if row is None:
        return None
    lines = tuple(CopiedLine(line["title"], line["detail"], line["tariff"], line["quantity"]) for line in row.lines)
    return CopiedRequest(row.day, row.asked, Abstract(**row.abstract), lines)
