"""An office at work whose log is sealed, signed and attacked; the attacks are those of `desk drill tamper`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from desk.adapters.seals import SignedHead, SigningKey
from desk.drills.attacks import ATTACKS, cut_the_end
from desk.services import audit
from tests.office import Office, Ref

__all__ = ["ATTACKS", "busy_days", "cut_the_end", "findings", "seal", "sign", "superuser"]


@contextlib.contextmanager
def superuser(office: Office) -> Iterator[Connection]:
    """A transaction in which no trigger fires."""
    with office.owner() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield connection


def seal(office: Office) -> int:
    """Seals as the owner of the database."""
    with Session(office._owner) as session, session.begin():
        return audit.seal(session)


def sign(office: Office, key: SigningKey, signed_by: str = "budi") -> list[SignedHead]:
    """Signs the last block of each office and keeps the heads only off the server, as in a file."""
    with Session(office._owner) as session:
        moment = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
        return [key.sign(head, signed_by=signed_by, signed_at=moment) for head in audit.heads(session)]


def findings(office: Office, signed: list[SignedHead] | None = None) -> list[audit.Finding]:
    """What the owner of the database is told."""
    with Session(office._owner) as session:
        return list(audit.verify(session, signed or ()))


def busy_days(office: Office) -> list[Ref]:
    """Three days, each with an invoice and a seal of its own, so that there are blocks before and after."""
    cases = []
    for _ in range(3):
        cases.append(office.case_at())
        assert seal(office) > 0
    return cases
