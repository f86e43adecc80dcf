"""What the office decided earlier about the same survey, beside the decision that is made now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.rules.case import Fit

SHOWN = 3
"""Earlier decisions per line; more are no help while deciding."""

_EARLIER = text("""
SELECT l.id AS line_id, d.number, d.day, d.title, d.fit, d.fit_reason
FROM desk.case_line l
JOIN desk.catalogue_item i ON i.office_id IN (0, l.office_id) AND i.code = l.catalogue_code AND i.survey <> ''
CROSS JOIN LATERAL (
  SELECT c.number, (c.registered_at AT TIME ZONE o.zone)::date AS day, e.title, e.fit, e.fit_reason
  FROM desk.catalogue_item s
  JOIN desk.case_line e ON e.office_id = l.office_id AND e.catalogue_code = s.code AND e.case_id <> l.case_id
  JOIN desk.cases c ON c.office_id = e.office_id AND c.id = e.case_id
  JOIN desk.office o ON o.id = c.office_id
  WHERE s.office_id IN (0, l.office_id) AND s.survey = i.survey AND e.fit IN ('fits', 'does_not')
  ORDER BY c.registered_at DESC, e.position LIMIT :shown) d
WHERE l.office_id = :office_id AND l.case_id = :case_id
ORDER BY l.position, d.day DESC, d.number DESC
""")


@dataclass(frozen=True, slots=True)
class EarlierDecision:
    """A decided line of another case of this office about the same survey."""

    number: str
    day: date
    title: str
    fit: Fit
    reason: str


def earlier_decisions(session: Session, office_id: int, case_id: UUID) -> dict[UUID, tuple[EarlierDecision, ...]]:
    """The newest earlier decisions for each line of a case that is in the catalogue, by line; one query."""
    found: dict[UUID, tuple[EarlierDecision, ...]] = {}
    rows = session.execute(_EARLIER, {"office_id": office_id, "case_id": case_id, "shown": SHOWN})
    for row in rows:
        told = EarlierDecision(row.number, row.day, row.title, Fit.of(row.fit), row.fit_reason)
        found[row.line_id] = (*found.get(row.line_id, ()), told)
    return found
