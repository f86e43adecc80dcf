"""Which keys of deeds stand in the story: what was done although its answer never came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class RecordedDeed:
    """A deed that was done under a key, as the story tells it."""

    key: UUID
    number: str
    sentence: str


def recorded_deeds(session: Session, keys: Sequence[UUID]) -> tuple[RecordedDeed, ...]:
    """Which of these keys were done by the person at this connection, the latest first."""
    rows = session.execute(
        text(
            "SELECT e.id, c.number, e.sentence FROM desk.event e "
            "JOIN desk.cases c ON c.office_id = e.office_id AND c.id = e.case_id "
            "WHERE e.office_id = ANY (desk.my_offices()) AND e.id = ANY (:keys) AND e.by = session_user "
            "ORDER BY e.position DESC"
        ),
        {"keys": list(keys)},
    )
    return tuple(RecordedDeed(row.id, row.number, row.sentence) for row in rows)
