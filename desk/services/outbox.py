"""The outbox: mails are written with the deed that sends them, leave once, and every step about them is a fact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.models import MailAccount as AccountRow
from desk.models import OutgoingFile, OutgoingMail, OutgoingPart
from desk.rules.case import Data
from desk.rules.deed import Deed, Outcome
from desk.rules.identifiers import read_email
from desk.rules.inputs import DeliveryReport, MailChoice, MailOut, MailReport, MailSettlement
from desk.rules.mail import OUT, MailAccount, MailSecurity, OutgoingState
from desk.services.case_file import facts

_ACCOUNT = text("""
SELECT * FROM desk.mail_account a WHERE a.office_id = :office_id AND a.kind = :kind ORDER BY a.version DESC LIMIT 1
""")
_TAKE = text("SELECT desk.take_outgoing(:office_id, :claim)")
_NOTE = text("SELECT desk.note_outgoing(:office_id, :id, :kind, :reason, :claim)")
_PARCEL = text("""
SELECT o.id, o.case_id, o.message_id, o.sender_name, o.sender_address, o.recipients, o.answers, o.at, m.subject, m.body
FROM desk.outgoing_mail o JOIN desk.message m ON m.office_id = o.office_id AND m.id = o.message
WHERE o.office_id = :office_id AND o.id = :id
""")
_FILES = text("""
SELECT d.id, d.name, d.content_type FROM desk.outgoing_file f
JOIN desk.document d ON d.office_id = f.office_id AND d.id = f.document_id
WHERE f.office_id = :office_id AND f.outgoing_id = :id ORDER BY f.position
""")
_PART = text("""
SELECT t.delivery_id, t.name, t.path, t.size, t.sha256 FROM desk.outgoing_part t
WHERE t.office_id = :office_id AND t.outgoing_id = :id
""")
_OF_DELIVERY = text("""
SELECT t.outgoing_id, desk.outgoing_state(t.office_id, t.outgoing_id) AS state
FROM desk.outgoing_part t WHERE t.office_id = :office_id AND t.delivery_id = :delivery_id ORDER BY t.position
""")
_LOCK_CASE = text("SELECT FROM desk.cases WHERE office_id = :office_id AND id = :case_id FOR NO KEY UPDATE")
_LEFT_IN_HAND = text("""
SELECT o.id, o.case_id FROM desk.outgoing_mail o
JOIN LATERAL (SELECT s.kind, s.until FROM desk.outgoing_step s WHERE s.office_id = o.office_id
  AND s.outgoing_id = o.id ORDER BY s.position DESC LIMIT 1) l ON true
WHERE o.office_id = :office_id AND o.at > desk.now() - interval '60 days'
  AND l.kind = 'handing' AND l.until <= desk.now()
""")
_LIST = text("""
SELECT o.office_id, o.id, o.case_id, c.number, c.customer_name, m.subject, o.recipients, o.at, o.by,
  coalesce(p.name, o.by) AS writer, desk.step_state(l.kind, l.until, w.now) AS state, coalesce(l.reason, '') AS reason,
  l.at AS changed_at, l.until, coalesce(f.position, 0) AS files
FROM (SELECT desk.now() AS now) w CROSS JOIN (
  SELECT q.* FROM unnest(CAST(:offices AS bigint[])) AS k (office_id) CROSS JOIN LATERAL (
    SELECT q.* FROM desk.outgoing_mail q WHERE q.office_id = k.office_id ORDER BY q.at DESC LIMIT :limit) q
  ORDER BY q.at DESC, q.id LIMIT :limit) o
CROSS JOIN LATERAL (SELECT t.number, t.customer_name FROM desk.cases t
  WHERE t.office_id = o.office_id AND t.id = o.case_id LIMIT 1) c  -- by its key, whatever the planner believes
CROSS JOIN LATERAL (SELECT t.subject FROM desk.message t
  WHERE t.office_id = o.office_id AND t.id = o.message LIMIT 1) m
LEFT JOIN desk.person p ON p.login = o.by
LEFT JOIN LATERAL (SELECT s.kind, s.reason, s.at, s.until FROM desk.outgoing_step s WHERE s.office_id = o.office_id
  AND s.outgoing_id = o.id ORDER BY s.position DESC LIMIT 1) l ON true
LEFT JOIN LATERAL (SELECT t.position FROM desk.outgoing_file t WHERE t.office_id = o.office_id
  AND t.outgoing_id = o.id ORDER BY t.position DESC LIMIT 1) f ON true  -- counted from 1, so the last is how many
ORDER BY o.at DESC, o.id
""")
_OF_MESSAGE_ID = text("""
SELECT o.id, o.case_id FROM desk.outgoing_mail o WHERE o.office_id = :office_id AND o.message_id = :message_id
""")


_LAST_DELIVERY = text("""
SELECT d.id FROM desk.delivery d WHERE d.office_id = :office_id AND d.case_id = :case_id
ORDER BY d.sequence DESC LIMIT 1
""")
_MAY_BE_HELD = frozenset(
    {
        OutgoingState.WAITING,
        OutgoingState.LATER,
        OutgoingState.REFUSED,
        OutgoingState.UNSURE,
        OutgoingState.BOUNCED,
    }
)
"""States after which a person or the program may still say that a mail does not leave."""


@dataclass(frozen=True, slots=True)
class CarriedPart:
    """The part of a data package that a mail carries: it lies at `path` as it was when it was packed."""

    delivery_id: UUID
    name: str
    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A mail as it is sent, with the ids of its files in `documents`: (id, name, content type)."""

    id: UUID
    case_id: UUID
    message_id: str
    sender_name: str
    sender_address: str
    recipients: tuple[str, ...]
    answers: tuple[str, ...]
    subject: str
    body: str
    written_at: datetime
    documents: tuple[tuple[UUID, str, str], ...]
    part: CarriedPart | None = None


@dataclass(frozen=True, slots=True)
class OutgoingEntry:
    """A line of the outbox; `until` is the moment of the next try."""

    office_id: int
    id: UUID
    case_id: UUID
    number: str
    customer_name: str
    subject: str
    to: str
    at: datetime
    writer: str
    state: OutgoingState
    reason: str
    changed_at: datetime | None
    until: datetime | None
    files: int


# the account


def account(session: Session, office_id: int, kind: str = "smtp") -> MailAccount | None:
    """The account in force, switched off or not; None where the office never had one."""
    row = session.execute(_ACCOUNT, {"office_id": office_id, "kind": kind}).mappings().one_or_none()
    return None if row is None else _account_of(row)


def set_account(session: Session, chosen: MailAccount) -> None:
    """Writes a new version of the account; the database refuses everybody but the office's administrators."""
    session.execute(
        insert(AccountRow).values(
            office_id=chosen.office_id,
            kind=chosen.kind,
            version=0,
            active=chosen.active,
            host=chosen.host.strip(),
            port=chosen.port,
            security=chosen.security.value,
            username=chosen.username.strip(),
            address=chosen.address.strip(),
            name=chosen.name.strip(),
            folder=chosen.folder.strip(),
        )
    )


def _account_of(row: Any) -> MailAccount:
    return MailAccount(
        office_id=row["office_id"],
        kind=row["kind"],
        active=row["active"],
        host=row["host"],
        port=row["port"],
        security=MailSecurity.of(row["security"]),
        username=row["username"],
        address=row["address"],
        name=row["name"],
        folder=row["folder"],
        version=row["version"],
    )


# writing


def put(session: Session, office_id: int, case_id: UUID, message: UUID, mail: MailOut) -> UUID:
    """Puts a message of the conversation into the outbox, in the caller's transaction."""
    recipients = [address.strip() for address in mail.recipients if address.strip()]
    for address in recipients:
        if not read_email(address).valid or not address.isascii():
            raise Refused(f"Alamat surel {address} tidak benar. Perbaiki dahulu di data pengguna.")
    if not recipients:
        raise Refused("Alamat surel pengguna data belum ada. Lengkapi dahulu di data pengguna.")
    outgoing_id = uuid4()
    session.execute(
        insert(OutgoingMail).values(
            office_id=office_id,
            id=outgoing_id,
            case_id=case_id,
            message=message,
            message_id="",  # these three are the server's words
            sender_name="",
            sender_address="",
            recipients=recipients,
            answers=list(mail.answers),
        )
    )
    if mail.documents:
        session.execute(
            insert(OutgoingFile),
            [
                {"office_id": office_id, "outgoing_id": outgoing_id, "position": position, "document_id": document}
                for position, document in enumerate(mail.documents, 1)
            ],
        )
    return outgoing_id


def carry(session: Session, office_id: int, outgoing_id: UUID, position: int, part: CarriedPart) -> None:
    """Hangs a part of a recorded delivery on a mail that nobody has begun to send."""
    session.execute(
        insert(OutgoingPart).values(
            office_id=office_id,
            outgoing_id=outgoing_id,
            delivery_id=part.delivery_id,
            position=position,
            name=part.name,
            path=part.path,
            size=part.size,
            sha256=part.sha256,
        )
    )


# what carries a delivery


def part_of(session: Session, office_id: int, outgoing_id: UUID) -> CarriedPart | None:
    """The part of a package that a mail carries; None for a mail without one."""
    row = session.execute(_PART, {"office_id": office_id, "id": outgoing_id}).one_or_none()
    return None if row is None else CarriedPart(*row)


def mails_of(session: Session, office_id: int, delivery_id: UUID) -> dict[UUID, OutgoingState]:
    """The mails that carry a delivery, and what each is now."""
    rows = session.execute(_OF_DELIVERY, {"office_id": office_id, "delivery_id": delivery_id})
    return {row.outgoing_id: OutgoingState.of(row.state) for row in rows}


def all_out(mails: dict[UUID, OutgoingState]) -> bool:
    """Whether the mail server has taken every part."""
    return bool(mails) and set(mails.values()) <= OUT


def hold_back(session: Session, office_id: int, delivery_id: UUID, reason: str) -> int:
    """Takes the parts that have not left out of the outbox, so that no half of a package follows; gives how many."""
    held = [each for each, now in mails_of(session, office_id, delivery_id).items() if now in _MAY_BE_HELD]
    for outgoing_id in held:
        note(session, office_id, outgoing_id, "dropped", reason=reason)
    return len(held)


def lock_case(session: Session, office_id: int, case_id: UUID) -> None:
    """Waits for whoever is at work on the case: two parts that leave at once see each other."""
    session.execute(_LOCK_CASE, {"office_id": office_id, "case_id": case_id})


# sending, used by the sender alone


def take(session: Session, office_id: int, claim: UUID) -> UUID | None:
    """A waiting mail, now claimed for ten minutes; None when there is none."""
    taken: UUID | None = session.execute(_TAKE, {"office_id": office_id, "claim": claim}).scalar_one()
    return taken


def note(
    session: Session, office_id: int, outgoing_id: UUID, kind: str, *, reason: str = "", claim: UUID | None = None
) -> str:
    """Writes a step down and gives its kind: a tenth failure is a refusal. Refused when the mail has moved on."""
    asked = {"office_id": office_id, "id": outgoing_id, "kind": kind, "reason": reason, "claim": claim}
    return str(session.execute(_NOTE, asked).scalar_one())


def parcel(session: Session, office_id: int, outgoing_id: UUID) -> Parcel:
    """Everything about a mail but the bytes of its files."""
    where = {"office_id": office_id, "id": outgoing_id}
    row = session.execute(_PARCEL, where).one()
    files = tuple((each.id, each.name, each.content_type) for each in session.execute(_FILES, where))
    return Parcel(
        id=row.id,
        case_id=row.case_id,
        message_id=row.message_id,
        sender_name=row.sender_name,
        sender_address=row.sender_address,
        recipients=tuple(row.recipients),
        answers=tuple(row.answers),
        subject=row.subject,
        body=row.body,
        written_at=row.at,
        documents=files,
        part=part_of(session, office_id, outgoing_id),
    )


def left_in_hand(session: Session, office_id: int) -> list[tuple[UUID, UUID]]:
    """Mails whose sender vanished between handing over and saying so: (mail, case); nobody knows whether they left."""
    return [(row.id, row.case_id) for row in session.execute(_LEFT_IN_HAND, {"office_id": office_id})]


def of_message_id(session: Session, office_id: int, message_id: str) -> tuple[UUID, UUID] | None:
    """The outgoing mail with this Message-ID and its case."""
    bare = message_id.strip().strip("<>")
    row = session.execute(_OF_MESSAGE_ID, {"office_id": office_id, "message_id": f"<{bare}>"}).one_or_none()
    return None if row is None else (row.id, row.case_id)


def entries(session: Session, office_ids: Sequence[int], *, limit: int = 200) -> list[OutgoingEntry]:
    """The outbox, the newest first; one query."""
    rows = session.execute(_LIST, {"offices": list(office_ids), "limit": limit})
    return [
        OutgoingEntry(
            row.office_id,
            row.id,
            row.case_id,
            row.number,
            row.customer_name,
            row.subject,
            ", ".join(row.recipients),
            row.at,
            row.writer,
            OutgoingState.of(row.state),
            row.reason,
            row.changed_at,
            row.until,
            row.files,
        )
        for row in rows
    ]


# deeds


def report_mail(session: Session, deed: Deed, asked: MailReport) -> Outcome:
    """Notes what the program found out about a mail of the case; the case comes back to the officer's desk."""
    note(session, deed.office_id, asked.outgoing_id, asked.kind, reason=asked.reason, claim=asked.claim)
    trouble = facts(session, deed.office_id, deed.case_id).mail_trouble
    sentence = f"{trouble.sentence}." if trouble else "Surel tidak terkirim."
    follows = _if_it_carried_data(session, deed, asked.outgoing_id, asked.reason) if asked.kind != "unsure" else ()
    return Outcome(
        sentence, asked.reason, changes={"mail_trouble": trouble}, subject_id=asked.outgoing_id, follows=follows
    )


def _if_it_carried_data(session: Session, deed: Deed, outgoing_id: UUID, reason: str) -> tuple[tuple[str, object], ...]:
    """What follows for the data when a mail did not arrive: the step of the delivery is open again."""
    part = part_of(session, deed.office_id, outgoing_id)
    last = session.execute(_LAST_DELIVERY, {"office_id": deed.office_id, "case_id": deed.case_id}).scalar_one_or_none()
    if part is None or part.delivery_id != last or deed.case.data not in (Data.SENDING, Data.DELIVERED):
        return ()
    return (("fail_delivery", DeliveryReport(reason)),)


def settle_mail(session: Session, deed: Deed, asked: MailSettlement) -> Outcome:
    """A person decides about a mail in trouble: send it again (same Message-ID), it arrived, or leave it."""
    trouble = deed.case.mail_trouble
    assert trouble is not None, "the rule has seen a mail in trouble"
    note(session, deed.office_id, trouble.id, asked.choice.value, reason=asked.note.strip())
    words = {
        MailChoice.AGAIN: f"Surel “{trouble.subject}” dikirim lagi ke {trouble.to}.",
        MailChoice.ARRIVED: f"Surel “{trouble.subject}” dipastikan sudah sampai.",
        MailChoice.DROPPED: f"Surel “{trouble.subject}” tidak dikirim lagi.",
    }
    left = facts(session, deed.office_id, deed.case_id).mail_trouble
    follows: tuple[tuple[str, object], ...] = ()
    if asked.choice is MailChoice.DROPPED:
        follows = _if_it_carried_data(session, deed, trouble.id, asked.note.strip() or words[asked.choice])
    elif asked.choice is MailChoice.ARRIVED and deed.case.data is Data.SENDING:
        part = part_of(session, deed.office_id, trouble.id)
        if part is not None and all_out(mails_of(session, deed.office_id, part.delivery_id)):
            follows = (("confirm_sent", None),)
    return Outcome(
        words[asked.choice],
        asked.note.strip(),
        changes={"mail_trouble": left},
        subject_id=trouble.id,
        follows=follows,
    )
