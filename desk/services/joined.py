"""What stands behind a case: the cases that it was joined to, and the request as it was when it went back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from desk.rules.case import Abstract
from desk.rules.changes import CopiedLine, CopiedRequest

LINKS = """
SELECT l.kind, l.case_id = :case_id AS outward, l.at, c.id, c.number, c.customer_name
FROM desk.case_link l
JOIN desk.cases c ON c.office_id = l.office_id
  AND c.id = CASE WHEN l.case_id = :case_id THEN l.other_case_id ELSE l.case_id END
WHERE l.office_id = :office_id AND (l.case_id = :case_id OR l.other_case_id = :case_id) ORDER BY l.at, c.number
"""
"""The cases that a case is joined to, the oldest first: a part of the question about a case."""
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


def told_links(rows: Iterable[Mapping[str, Any]]) -> tuple[LinkEntry, ...]:
    """What the rows of `LINKS` say."""
    return tuple(
        LinkEntry(_WORDS[(row["kind"], row["outward"])], UUID(row["id"]), row["number"], row["customer_name"])
        for row in rows
    )


LAST_COPY = """
SELECT r.asked, r.abstract, r.lines, (r.at AT TIME ZONE o.zone)::date AS day
FROM desk.request_copy r JOIN desk.office o ON o.id = r.office_id
WHERE r.office_id = :office_id AND r.case_id = :case_id ORDER BY r.at DESC, r.id LIMIT 1
"""
"""The request as it was when it went back the last time."""


def told_copy(row: Mapping[str, Any] | None) -> CopiedRequest | None:
    """What the row of `LAST_COPY` says; None when the request never went back."""
    if row is None:
        return None
    lines = tuple(CopiedLine(line["title"], line["detail"], line["tariff"], line["quantity"]) for line in row["lines"])
    return CopiedRequest(date.fromisoformat(row["day"]), row["asked"], Abstract(**row["abstract"]), lines)
