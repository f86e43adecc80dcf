"""The lists on screen: one query each, found by index, bounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.rules.case import Channel, Data, Holder, Money, Original, Stage
from desk.rules.desks import Desk, DueOf, Queue
from desk.rules.office_hours import AHEAD_DAYS, Warned

LIMIT = 1000
"""Rows of a queue at most; an office with more open cases than this in one queue has another problem."""

INVOICE_OVER = "Invoice lewat masa berlaku, perpanjang atau batalkan"
ANSWER_LATE = "Terlambat, tagih. "
"""Put before the reason of a case that waits for a section whose day has passed."""
SILENT = "Tidak ada kabar selama masa pemeriksaan: dianggap diterima, tutup permohonan"

_COLUMNS = (
    "c.office_id, o.code AS office_code, c.id, c.number, c.customer_name, c.institution, c.channel, c.stage, c.money, "
    "c.original, c.data, c.due_on, c.due_of, c.changed_at, h.login AS holder, h.name AS holder_name, o.warned, o.soon, "
    "c.claimed_until AT TIME ZONE o.zone AS held_until, l.at IS NULL OR c.changed_at > l.at AS unread"
)
_OFFICES = (
    f"WITH o AS MATERIALIZED (SELECT w.*, desk.add_working_days(w.id, w.warned, {AHEAD_DAYS}) AS soon "  # noqa: S608
    "FROM (SELECT k.id, k.code, k.zone, desk.warning_day(k.id) AS warned "
    "FROM desk.office k WHERE k.id = ANY (:office_ids) OFFSET 0) w) "
)
"""The offices with the day up to which each has been warned: asked once per office and not once per case."""
_LOOK = "LEFT JOIN desk.case_look l ON l.office_id = c.office_id AND l.login = session_user AND l.case_id = c.id"


_HOLDER = (
    "LEFT JOIN LATERAL (SELECT p.login, p.name FROM desk.person p WHERE p.login = c.claimed_by "
    "AND c.claimed_until > (SELECT desk.now()) OFFSET 0) h ON true"
)
ORDER = "c.due_on NULLS LAST, c.registered_at, c.id"
"""How a queue is worked off: the next due first, then the oldest."""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One case in a list."""

    office_id: int
    office_code: str
    id: UUID
    number: str
    customer_name: str
    institution: str
    channel: Channel
    stage: Stage
    money: Money
    original: Original
    data: Data
    due_on: date | None
    why: str
    changed_at: datetime
    warned: Warned  # how far its office has been warned
    holder: Holder | None = None  # None also when a claim has run out
    unread: bool = False  # something happened since this person last had it in front of him or her
    due_of: DueOf | None = None


@dataclass(frozen=True, slots=True)
class QueueCount:
    """How many cases wait in one queue; `needs_me` counts those that cannot wait for somebody else."""

    desk: Desk
    queue: Queue
    count: int
    needs_me: int


def queue_rows(session: Session, office_ids: Sequence[int], desk: Desk, queue: Queue | None) -> list[QueueRow]:
    """The cases of one queue, the next due first; without a queue, everything on this desk that needs somebody now.

    A case that waits for the customer needs nobody until a reminder is due, or its invoice has ended unpaid.
    """
    rows = session.execute(
        text(
            f"{_OFFICES}SELECT {_COLUMNS}, {_why(desk)} AS why FROM desk.cases c "  # noqa: S608
            f"JOIN o ON o.id = c.office_id {_HOLDER} {_LOOK} "
            f"WHERE c.office_id = ANY (:office_ids) AND {standing_on(desk, queue)} ORDER BY {ORDER} LIMIT :limit"
        ),
        {"office_ids": list(office_ids), "limit": LIMIT, **({"queue": queue.value} if queue else {})},
    )
    return [_row(row) for row in rows.mappings()]


def standing_on(desk: Desk, queue: Queue | None) -> str:
    """The condition on `c` (cases) and `o` (their office, `warned` until when) for a list of a desk; asks `:queue`.

    What time alone brings comes when the office opens.
    """
    column = f"c.{desk.value}_queue"
    if queue is not None:
        return f"{column} = :queue"
    if desk is Desk.OFFICER:
        woken = "c.wake_on <= o.warned OR c.remind_on <= o.warned"
        return f"{column} IS NOT NULL AND ({column} <> 'waiting' OR {woken})"
    return f"{column} IS NOT NULL"


def _why(desk: Desk) -> str:
    """The stored reason; on the officer's desk time alone may have brought a more pressing one."""
    stored = f"c.{desk.value}_why"
    if desk is not Desk.OFFICER:
        return stored
    woken = (
        f"CASE WHEN c.stage = 'new' THEN '{ANSWER_LATE}' || {stored} "
        f"WHEN c.money = 'invoiced' THEN '{INVOICE_OVER}' ELSE '{SILENT}' END"
    )
    return (
        f"CASE WHEN c.wake_on <= o.warned THEN {woken} WHEN c.remind_on <= o.warned THEN "
        f"CASE c.officer_queue WHEN 'waiting' THEN c.remind_why ELSE {stored} || ' · ' || lower(left(c.remind_why, 1)) "
        f"|| substr(c.remind_why, 2) END ELSE {stored} END"
    )


def queue_counts(session: Session, office_ids: Sequence[int]) -> list[QueueCount]:
    """How many cases stand in every queue of these offices; one query."""
    parts = " UNION ALL ".join(
        f"SELECT '{desk.value}' AS desk, c.{desk.value}_queue AS queue, count(*) AS total, "  # noqa: S608
        f"count(*) FILTER (WHERE c.{desk.value}_queue <> 'waiting' OR c.wake_on <= o.warned "
        f"OR c.remind_on <= o.warned) AS mine "
        f"FROM desk.cases c JOIN o ON o.id = c.office_id WHERE c.office_id = ANY (:office_ids) "
        f"AND c.{desk.value}_queue IS NOT NULL GROUP BY 2"
        for desk in Desk
    )
    rows = session.execute(text(_OFFICES + parts), {"office_ids": list(office_ids)})
    return [QueueCount(Desk.of(row.desk), Queue.of(row.queue), row.total, row.mine) for row in rows]


def archive_rows(
    session: Session,
    office_ids: Sequence[int],
    *,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 100,
) -> list[QueueRow]:
    """All cases, the last changed first, page by page: `after` is (changed_at, id) of the last row shown."""
    older = "AND (c.changed_at, c.id) < (:changed_at, :id) " if after else ""
    rows = session.execute(
        text(
            f"{_OFFICES}SELECT {_COLUMNS}, '' AS why FROM o CROSS JOIN LATERAL (SELECT c.* FROM desk.cases c "  # noqa: S608
            f"WHERE c.office_id = o.id {older}ORDER BY c.changed_at DESC, c.id DESC LIMIT :limit) c {_HOLDER} {_LOOK} "
            "ORDER BY c.changed_at DESC, c.id DESC LIMIT :limit"
        ),
        {
            "office_ids": list(office_ids),
            "limit": limit,
            **({"changed_at": after[0], "id": after[1]} if after else {}),
        },
    )
    return [_row(row) for row in rows.mappings()]


def row_of(session: Session, office_id: int, case_id: UUID) -> QueueRow | None:
    """One case as a row, e.g. for a search hit."""
    row = (
        session.execute(
            text(
                f"{_OFFICES}SELECT {_COLUMNS}, c.officer_why AS why FROM desk.cases c JOIN o ON o.id = c.office_id "  # noqa: S608
                f"{_HOLDER} {_LOOK} WHERE c.office_id = :office_id AND c.id = :case_id"
            ),
            {"office_ids": [office_id], "office_id": office_id, "case_id": case_id},
        )
        .mappings()
        .one_or_none()
    )
    return _row(row) if row else None


def _row(row: Any) -> QueueRow:
    return QueueRow(
        office_id=row["office_id"],
        office_code=row["office_code"],
        id=row["id"],
        number=row["number"],
        customer_name=row["customer_name"],
        institution=row["institution"],
        channel=Channel.of(row["channel"]),
        stage=Stage.of(row["stage"]),
        money=Money.of(row["money"]),
        original=Original.of(row["original"]),
        data=Data.of(row["data"]),
        due_on=row["due_on"],
        why=row["why"] or Stage.of(row["stage"]).label,
        changed_at=row["changed_at"],
        unread=row["unread"],
        holder=Holder(row["holder"], row["holder_name"], row["held_until"]) if row["holder"] else None,
        due_of=DueOf.of(row["due_of"]) if row["due_of"] else None,
        warned=Warned(row["warned"], row["soon"]),
    )
