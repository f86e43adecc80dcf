"""How well the database is kept: the age of the last backup, and of the last restore that proved one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

BACKUP_WITHIN = timedelta(hours=26)
"""A day and two hours: a nightly backup may begin a little later than the day before."""
PROOF_WITHIN = timedelta(days=8)
"""A week and a day, for the weekly restore on trial."""

_LAST = text("""
SELECT DISTINCT ON (e.kind, e.faults = '{}') e.kind, e.faults = '{}' AS whole, e.made_at, e.at, e.file, e.faults
FROM desk.backup_entry e ORDER BY e.kind, e.faults = '{}', e.at DESC, e.made_at DESC
""")
_NOW = text("SELECT clock_timestamp()")


@dataclass(frozen=True, slots=True)
class Kept:
    """The last backup and the last restore on trial that brought it back whole; `faults` of a later one that did not.

    Moments are real time, also in a training office.
    """

    now: datetime
    backup_at: datetime | None
    proven_at: datetime | None
    faults: tuple[str, ...] = ()

    @property
    def backup_late(self) -> bool:
        """Whether a day's work could be lost."""
        return self.backup_at is None or self.now - self.backup_at > BACKUP_WITHIN

    @property
    def proof_late(self) -> bool:
        """Whether nobody knows that the backups can be restored."""
        return bool(self.faults) or self.proven_at is None or self.now - self.proven_at > PROOF_WITHIN


def kept(session: Session) -> Kept:
    """The state of the backups, as every login may know it."""
    last = {(row.kind, row.whole): row for row in session.execute(_LAST)}
    proven, failed = last.get(("restore_test", True)), last.get(("restore_test", False))
    backup = last.get(("backup", True))
    worse = failed is not None and (proven is None or failed.at >= proven.at)
    return Kept(
        now=session.execute(_NOW).scalar_one(),
        backup_at=backup.made_at if backup else None,
        proven_at=proven.at if proven else None,
        faults=tuple(failed.faults) if worse and failed is not None else (),
    )


def age_text(age: timedelta) -> str:
    """How long ago, as people say it: `3 jam lalu`, `2 hari lalu`."""
    hours = int(age.total_seconds() // 3600)
    if hours < 1:
        return "kurang dari satu jam lalu"
    return f"{hours} jam lalu" if hours < 48 else f"{hours // 24} hari lalu"
