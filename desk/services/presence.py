"""Who is in which case right now: colleagues whose workstation shows it and is still connected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

_PRESENT = text("""
SELECT p.office_id, p.case_id, x.name, p.doing, p.at FROM desk.presence p JOIN desk.person x ON x.login = p.login
WHERE p.office_id = ANY (:office_ids) AND p.login <> session_user
  AND EXISTS (SELECT FROM pg_stat_activity a WHERE a.pid = p.pid AND a.usename = p.login)
ORDER BY p.at
""")


@dataclass(frozen=True, slots=True)
class Present:
    """A colleague in a case since `at`; `doing` is the action whose form is open there, empty when only looking."""

    office_id: int
    case_id: UUID
    name: str
    doing: str
    at: datetime


def present(session: Session, office_ids: Sequence[int]) -> list[Present]:
    """Every colleague who has a case of these offices open now; a killed program is not among them."""
    rows = session.execute(_PRESENT, {"office_ids": list(office_ids)})
    return [Present(row.office_id, row.case_id, row.name, row.doing, row.at) for row in rows]
