"""The inbox: mails taken from the office's mailbox, the marks of what was taken, and what became of each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlalchemy.orm import Session

from desk.adapters.mail_case import KnownCase, bare_id
from desk.models import IncomingAnswer, IncomingMark
from desk.services import documents

_LAST_UID = text("""
SELECT coalesce(max(m.uid), 0) FROM desk.incoming_mark m
WHERE m.office_id = :office_id AND m.mailbox = :mailbox AND m.uid_validity = :uid_validity
""")
_SINCE = text("""
SELECT (min(a.at) AT TIME ZONE 'UTC')::date FROM desk.mail_account a
WHERE a.office_id = :office_id AND a.kind = 'imap' AND a.active
""")
_TAKE = text("""
INSERT INTO desk.incoming_mail (office_id, id, kind, message_id, sender_name, sender_address, subject, written_at, body,
  number, thread, files, notices, sha256, size)
VALUES (:office_id, :id, :kind, :message_id, :sender_name, :sender_address, :subject, :written_at, :body, :number,
  :thread, CAST(:files AS jsonb), :notices, :sha256, :size)
ON CONFLICT DO NOTHING RETURNING id
""")
_THE_SAME = text("""
SELECT i.id FROM desk.incoming_mail i WHERE i.office_id = :office_id
AND ((:message_id <> '' AND i.message_id = :message_id) OR (:sha256 <> '' AND i.sha256 = :sha256)) LIMIT 1
""")
_KNOWN_CASES = text("""
SELECT c.number, c.customer_name, k.email FROM desk.cases c
JOIN desk.customer k ON k.office_id = c.office_id AND k.id = c.customer_id
WHERE c.office_id = :office_id AND c.number = ANY (:numbers)
""")
_KNOWN_IDS = text("""
SELECT m.message_id, c.number FROM desk.message m
JOIN desk.cases c ON c.office_id = m.office_id AND c.id = desk.living_case(m.office_id, m.case_id)
WHERE m.office_id = :office_id AND m.message_id <> '' AND m.message_id = ANY (:ids)
""")
_CASE = text("""
SELECT l.id, l.stage FROM desk.cases c
JOIN desk.cases l ON l.office_id = c.office_id AND l.id = desk.living_case(c.office_id, c.id)
WHERE c.office_id = :office_id AND c.number = :number
""")
_TRAY = text("""
SELECT i.office_id, i.id, i.kind, i.sender_name, i.sender_address, i.subject, i.written_at, i.at, i.body, i.number,
  i.thread, i.files, i.notices, l.kind AS answer, l.reason
FROM desk.incoming_mail i
LEFT JOIN LATERAL (SELECT a.kind, a.reason FROM desk.incoming_answer a WHERE a.office_id = i.office_id
  AND a.mail_id = i.id ORDER BY a.position DESC LIMIT 1) l ON true
WHERE i.office_id = ANY (:offices) AND (l.kind IS NULL OR (:aside AND l.kind = 'set_aside'))
ORDER BY l.kind IS NOT NULL, coalesce(i.written_at, i.at) DESC, i.id LIMIT 300
""")
_WAITING = text("""
SELECT count(*) FROM desk.incoming_mail i WHERE i.office_id = ANY (:offices)
AND NOT EXISTS (SELECT FROM desk.incoming_answer a WHERE a.office_id = i.office_id AND a.mail_id = i.id)
""")
_ANNOUNCE = text("SELECT desk.announce(:office_id, :mail_id)")
_BYTES = text("SELECT bytes FROM desk.mail_bytes(:office_id, :mail_id)")


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail as it is kept until somebody sees to it; `files` are (name, size, protected)."""

    kind: str
    size: int
    message_id: str = ""
    sender_name: str = ""
    sender_address: str = ""
    subject: str = ""
    written_at: datetime | None = None
    body: str = ""
    number: str = ""
    thread: tuple[str, ...] = ()
    files: tuple[tuple[str, int, bool], ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrayEntry:
    """A mail that waits for somebody; `aside` says why it was set aside, empty when it was not."""

    office_id: int
    id: UUID
    kind: str
    sender_name: str
    sender_address: str
    subject: str
    moment: datetime
    body: str
    number: str
    thread: tuple[str, ...]
    files: tuple[tuple[str, int, bool], ...]
    notices: tuple[str, ...]
    aside: str

    @property
    def opens_case(self) -> bool:
        """Whether a request may come of it."""
        return self.kind in ("new_request", "reply")


# taking


def last_uid(session: Session, office_id: int, mailbox: str, uid_validity: int) -> int:
    """The highest number that was taken from a folder; 0 when none was."""
    where = {"office_id": office_id, "mailbox": mailbox, "uid_validity": uid_validity}
    return int(session.execute(_LAST_UID, where).scalar_one())


def read_since(session: Session, office_id: int) -> date | None:
    """The day on which the office began to read its mailbox: what is older stays where it is."""
    day: date | None = session.execute(_SINCE, {"office_id": office_id}).scalar_one()
    return day


def take(session: Session, office_id: int, mail: Taken, data: bytes) -> tuple[UUID, bool]:
    """Keeps a mail, and whether it is new: the same Message-ID or the same bytes are the same mail.

    `data` may be empty for a mail that is too large.
    """
    sha256 = documents.put_bytes(session, office_id, data) if data else ""
    values: dict[str, Any] = {
        "office_id": office_id,
        "id": uuid4(),
        "kind": mail.kind,
        "message_id": mail.message_id,
        "sender_name": mail.sender_name,
        "sender_address": mail.sender_address,
        "subject": mail.subject,
        "written_at": mail.written_at,
        "body": mail.body,
        "number": mail.number,
        "thread": list(mail.thread),
        "files": json.dumps(mail.files),
        "notices": list(mail.notices),
        "sha256": sha256,
        "size": mail.size,
    }
    new: UUID | None = session.execute(_TAKE, values).scalar_one_or_none()
    if new is not None:
        session.execute(_ANNOUNCE, {"office_id": office_id, "mail_id": new})  # the tray of every workstation
        return new, True
    return session.execute(
        _THE_SAME, {key: values[key] for key in ("office_id", "message_id", "sha256")}
    ).scalar_one(), False


def mark(session: Session, office_id: int, mailbox: str, uid_validity: int, uid: int, mail_id: UUID) -> None:
    """Notes that this number of the folder was taken."""
    session.execute(
        insert_once(IncomingMark)
        .values(office_id=office_id, mailbox=mailbox, uid_validity=uid_validity, uid=uid, mail_id=mail_id)
        .on_conflict_do_nothing()
    )


def answer(
    session: Session, office_id: int, mail_id: UUID, kind: str, *, case_id: UUID | None = None, reason: str = ""
) -> None:
    """Notes what became of a mail: joined, registered or set_aside; Refused when it is in a case already."""
    session.execute(
        insert(IncomingAnswer).values(
            office_id=office_id, mail_id=mail_id, position=0, kind=kind, case_id=case_id, reason=reason
        )
    )


# what is known


def known(
    session: Session, office_id: int, numbers: Sequence[str], ids: Sequence[str]
) -> tuple[list[KnownCase], dict[str, str]]:
    """The cases with these numbers, and which of these Message-IDs belong to which case number."""
    cases = [
        KnownCase(row.number, row.customer_name, row.email)
        for row in session.execute(_KNOWN_CASES, {"office_id": office_id, "numbers": list(numbers)})
    ]
    spellings = [spelling for each in ids for spelling in (bare_id(each), f"<{bare_id(each)}>")]
    sent = {
        row.message_id: row.number for row in session.execute(_KNOWN_IDS, {"office_id": office_id, "ids": spellings})
    }
    return cases, sent


def case_of(session: Session, office_id: int, number: str) -> tuple[UUID, str] | None:
    """The case with a number, and its course."""
    row = session.execute(_CASE, {"office_id": office_id, "number": number}).one_or_none()
    return None if row is None else (row.id, row.stage)


# the tray


def tray(session: Session, office_ids: Sequence[int], *, aside: bool = False) -> list[TrayEntry]:
    """The mails that wait for somebody, the newest first; with `aside` also those that were set aside."""
    return [
        TrayEntry(
            row.office_id,
            row.id,
            row.kind,
            row.sender_name,
            row.sender_address,
            row.subject,
            row.written_at or row.at,
            row.body,
            row.number,
            tuple(row.thread),
            tuple((name, size, card) for name, size, card in row.files),
            tuple(row.notices),
            (row.reason or "disisihkan") if row.answer else "",
        )
        for row in session.execute(_TRAY, {"offices": list(office_ids), "aside": aside})
    ]


def waiting(session: Session, office_ids: Sequence[int]) -> int:
    """How many mails wait for somebody."""
    return int(session.execute(_WAITING, {"offices": list(office_ids)}).scalar_one())


def content(session: Session, office_id: int, mail_id: UUID) -> bytes:
    """The bytes of a mail that waits; Refused once it is in a case."""
    rows = session.execute(_BYTES, {"office_id": office_id, "mail_id": mail_id})
    return b"".join(row.bytes for row in rows)
