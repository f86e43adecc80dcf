"""The audit log as an auditor reads it: entries of a case, a person or a setting, newest first, page by page.

The database gives them to the auditors of an office only. A page ends with a row; the next one begins below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.models import NATIONAL
from desk.rules.dates import zone_of

PAGE = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: of one office, with the national ones where `national`; both days are included.

    `subject` is the id of a case or a login (what belongs to it), `actor` a login (what that person did).
    """

    office_id: int
    zone: str
    subject: str | None = None
    actor: str | None = None
    tables: tuple[str, ...] | None = None
    since: date | None = None
    until: date | None = None
    national: bool = False


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One changed row: who, when, from which computer and program, and both images as the log keeps them.

    `case_number` names the case it belongs to where it has one; `sealed` is the number of its block, or None.
    """

    office_id: int
    id: int
    at: datetime
    actor: str
    name: str
    address: str
    program: str
    table: str
    op: str
    key: str
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None
    sealed: int | None
    case_number: str = ""


@dataclass(frozen=True, slots=True)
class CardView:
    """Somebody looked at an identity card, or took a case along as one file: whose, of which case, and why."""

    office_id: int
    id: UUID
    at: datetime
    login: str
    name: str
    case_number: str
    customer: str
    document: str
    reason: str


_STORY = text("""
SELECT l.office_id, l.id, l.at, l.actor, coalesce(p.name, l.actor) AS name, coalesce(host(l.address), '') AS address,
  l.program, l.table_name, l.op, l.key, l.old, l.new, l.block
FROM audit.story(:office, :subject, :actor, :tables, :since, :until, :at, :id, :limit) l
LEFT JOIN desk.person p ON p.login = l.actor ORDER BY l.at DESC, l.id DESC
""")
_NUMBERS = text("SELECT id::text AS id, number FROM desk.cases WHERE office_id = :office AND id = ANY (:ids)")
_PARENTS = text("""
SELECT i.id::text AS id, c.number FROM desk.invoice i
JOIN desk.cases c ON c.office_id = i.office_id AND c.id = i.case_id WHERE i.office_id = :office AND i.id = ANY (:ids)
UNION ALL
SELECT i.id::text, c.number FROM desk.preparation i
JOIN desk.cases c ON c.office_id = i.office_id AND c.id = i.case_id WHERE i.office_id = :office AND i.id = ANY (:ids)
""")
_VIEWS = text("""
SELECT v.office_id, v.id, v.at, v.by AS login, coalesce(p.name, v.by) AS name, c.number AS case_number,
  c.customer_name AS customer, coalesce(d.name, 'berkas kasus') AS document, v.reason
FROM (SELECT v.* FROM desk.view_entry v
  WHERE v.office_id = :office
    AND v.at >= coalesce(CAST(:since AS timestamptz), '-infinity')
    AND v.at < coalesce(CAST(:until AS timestamptz), 'infinity')
    AND (v.at, v.id) < (coalesce(CAST(:at AS timestamptz), 'infinity'),
      coalesce(CAST(:id AS uuid), 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
    AND (CAST(:case AS uuid) IS NULL OR v.case_id = :case) AND (CAST(:actor AS text) IS NULL OR v.by = :actor)
  ORDER BY v.at DESC, v.id DESC LIMIT :limit) v
CROSS JOIN LATERAL (SELECT t.number, t.customer_name FROM desk.cases t
  WHERE t.office_id = v.office_id AND t.id = v.case_id LIMIT 1) c  -- by its key, whatever the planner believes
LEFT JOIN LATERAL (SELECT t.name FROM desk.document t
  WHERE t.office_id = v.office_id AND t.id = v.document_id LIMIT 1) d ON true
LEFT JOIN desk.person p ON p.login = v.by
ORDER BY v.at DESC, v.id DESC
""")
_PEOPLE = text("""
SELECT p.login, p.name FROM desk.person p
WHERE EXISTS (SELECT FROM desk.duty d WHERE d.login = p.login AND d.office_id = ANY (:offices))
   OR EXISTS (SELECT FROM desk.people_event e WHERE e.login = p.login AND e.office_id = ANY (:offices))
ORDER BY lower(p.name), p.login
""")
_CASE = text("SELECT id FROM desk.cases WHERE office_id = :office AND number = :number")
_ENDING = text("""
SELECT id FROM desk.cases WHERE office_id = :office AND sequence = :sequence ORDER BY year DESC LIMIT 1
""")


def page(session: Session, wanted: Wanted, below: AuditEntry | None = None, *, limit: int = PAGE) -> list[AuditEntry]:
    """The newest entries, or those below an entry; Refused for who is no auditor of the office."""
    offices = (wanted.office_id, NATIONAL) if wanted.national else (wanted.office_id,)
    rows = [row for office in offices for row in _rows(session, wanted, office, below, limit)]
    rows.sort(key=lambda row: (row.at, row.id), reverse=True)
    return _with_numbers(session, wanted.office_id, rows[:limit])


def pages(session: Session, wanted: Wanted, *, limit: int = 2_000) -> Iterator[list[AuditEntry]]:
    """All entries, page by page, for a file."""
    below: AuditEntry | None = None
    while found := page(session, wanted, below, limit=limit):
        yield found
        below = found[-1]


def card_views(session: Session, wanted: Wanted, below: CardView | None = None, *, limit: int = PAGE) -> list[CardView]:
    """Who looked at an identity card of the office, newest first; `subject` may name a case, `actor` a person."""
    since, until = _moments(wanted)
    rows = session.execute(
        _VIEWS,
        {
            "office": wanted.office_id,
            "since": since,
            "until": until,
            "at": below.at if below else None,
            "id": below.id if below else None,
            "case": UUID(wanted.subject) if wanted.subject else None,
            "actor": wanted.actor,
            "limit": limit,
        },
    )
    return [CardView(**row) for row in rows.mappings()]


def people(session: Session, offices: Sequence[int]) -> list[tuple[str, str]]:
    """Everybody who ever had to do with these offices: login and name."""
    return [(row.login, row.name) for row in session.execute(_PEOPLE, {"offices": list(offices)})]


def case_named(session: Session, office_id: int, words: str) -> UUID | None:
    """The case with this number, or the latest one with this running number (`123`)."""
    words = words.strip()
    found = session.execute(_CASE, {"office": office_id, "number": words.upper()}).scalar_one_or_none()
    if found is None and words.isdigit() and len(words) < 10:
        found = session.execute(_ENDING, {"office": office_id, "sequence": int(words)}).scalar_one_or_none()
    return found


def _rows(session: Session, wanted: Wanted, office: int, below: AuditEntry | None, limit: int) -> list[AuditEntry]:
    since, until = _moments(wanted)
    rows = session.execute(
        _STORY,
        {
            "office": office,
            "subject": wanted.subject,
            "actor": wanted.actor,
            "tables": list(wanted.tables) if wanted.tables is not None else None,
            "since": since,
            "until": until,
            "at": below.at if below else None,
            "id": below.id if below else None,
            "limit": limit,
        },
    )
    return [
        AuditEntry(
            row.office_id, row.id, row.at, row.actor, row.name, row.address, row.program, row.table_name, row.op,
            row.key, row.old, row.new, row.block,
        )
        for row in rows
    ]  # fmt: skip


def _moments(wanted: Wanted) -> tuple[datetime | None, datetime | None]:
    """The first moment that counts and the first that does not any more, on the office's clock."""
    zone = zone_of(wanted.zone)
    since = _midnight(wanted.since, zone) if wanted.since else None
    until = _midnight(wanted.until + timedelta(days=1), zone) if wanted.until else None
    return since, until


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _parent(entry: AuditEntry) -> str:
    """The id of the case an entry belongs to, or of the invoice or preparation that does."""
    if entry.table == "cases":
        return entry.key
    image = {**(entry.old or {}), **(entry.new or {})}
    found = image.get("case_id") or image.get("invoice_id") or image.get("preparation_id")
    if found is None and entry.table in ("invoice_line", "prepared_file"):
        found = entry.key.partition("/")[0]
    return str(found or "")


def _with_numbers(session: Session, office: int, entries: list[AuditEntry]) -> list[AuditEntry]:
    """The entries with the numbers of their cases; two queries, none where nothing belongs to a case."""
    wanted = {parent for entry in entries if (parent := _parent(entry))}
    if not wanted:
        return entries
    ids = [UUID(each) for each in wanted]
    numbers: dict[str, str] = {}
    for question in (_NUMBERS, _PARENTS):
        numbers |= {row.id: row.number for row in session.execute(question, {"office": office, "ids": ids})}
    return [_numbered(entry, numbers.get(_parent(entry), "")) for entry in entries]


def _numbered(entry: AuditEntry, number: str) -> AuditEntry:
    return replace(entry, case_number=number) if number else entry
