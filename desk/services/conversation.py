"""The conversation of a case: what the customer said, what went out, and notes that stay inside."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from desk.errors import Refused
from desk.models import Message
from desk.rules.case import Channel, MessageKind
from desk.rules.deed import Deed, Outcome
from desk.rules.inputs import DataSent, IncomingMessage, MessageNote, ReadyUse, SentBy, TakenMessages
from desk.services import documents, inbox, outbox


def add_message(session: Session, deed: Deed, note: MessageNote) -> Outcome:
    """Adds a message or an internal note to the conversation, with its files."""
    if not note.text.strip() and not note.files:
        raise Refused("Pesan masih kosong.")
    message = IncomingMessage(
        sender=deed.case.customer_name if note.kind is MessageKind.INCOMING else deed.actor.name,
        text=note.text.strip(),
        files=note.files,
    )
    keep_message(session, deed.office_id, deed.case_id, deed.case.channel, message, kind=note.kind)
    words = {
        MessageKind.INCOMING: "Pesan dari pengguna data dicatat.",
        MessageKind.OUTGOING: "Pesan kepada pengguna data dicatat.",
        MessageKind.INTERNAL: "Catatan intern ditambahkan.",
    }
    return Outcome(words[note.kind])


def send_message(session: Session, deed: Deed, asked: SentBy) -> Outcome:
    """Answers the customer: the text becomes part of the conversation, and a mail of it leaves with the deed."""
    if not asked.text.strip():
        raise Refused("Pesan masih kosong.")
    keep_sent_text(session, deed, asked)
    way = "dikirim lewat surel kantor" if asked.mail is not None else "dicatat"
    return Outcome(f"Balasan kepada {deed.case.customer_name} {way}.", asked.note)


_SAID = text("""
SELECT m.message_id, m.sender, m.body, m.said_at FROM desk.message m
WHERE m.office_id = :office_id AND m.case_id = :case_id
""")


def take_messages(session: Session, deed: Deed, asked: TakenMessages) -> Outcome:
    """Takes messages into the conversation, each once: a later export of the same chat adds only what is new."""
    said = session.execute(_SAID, {"office_id": deed.office_id, "case_id": deed.case_id}).all()
    ids = {row.message_id for row in said if row.message_id}
    words = {(row.sender, row.body, row.said_at) for row in said}

    def known(message: IncomingMessage) -> bool:
        if message.message_id:
            return message.message_id in ids
        return (message.sender, message.text, _moment(message)) in words

    new = [message for message in asked.messages if not known(message)]
    if not new and asked.mail_id is None:
        raise Refused("Semua pesan itu sudah ada di percakapan permohonan ini.")
    for message in new:
        keep_message(session, deed.office_id, deed.case_id, asked.channel, message)
    if asked.mail_id is not None:
        inbox.answer(session, deed.office_id, asked.mail_id, "joined", case_id=deed.case_id)
    if not new:
        return Outcome("Surel itu sudah ada di percakapan.")
    if len(new) == 1:
        about = f" “{new[0].subject}”" if new[0].subject else ""
        return Outcome(f"Pesan dari {new[0].sender}{about} masuk ke percakapan.")
    return Outcome(f"{len(new)} pesan {asked.channel.label} masuk ke percakapan.")


def read_messages(_session: Session, _deed: Deed, _asked: None) -> Outcome:
    """Somebody has read the new mail and nothing else follows from it."""
    return Outcome("Surel baru sudah dibaca.")


def _moment(message: IncomingMessage) -> datetime | None:
    return datetime.fromisoformat(message.at) if message.at else None


# what several deeds need


def keep_message(
    session: Session,
    office_id: int,
    case_id: UUID,
    channel: Channel,
    message: IncomingMessage,
    *,
    kind: MessageKind | None = None,
    ready: ReadyUse | None = None,
) -> UUID:
    """Stores one message of the conversation with its files; `ready` names the ready text it was made from."""
    message_id = uuid4()
    values: dict[str, Any] = {
        "office_id": office_id,
        "id": message_id,
        "case_id": case_id,
        "kind": kind or (MessageKind.OUTGOING if message.from_office else MessageKind.INCOMING),
        "channel": channel,
        "sender": message.sender,
        "subject": message.subject,
        "body": message.text,
        "message_id": message.message_id,
    }
    if ready is not None:
        values |= {"ready_step": ready.step, "ready_text_id": ready.text_id}
    if message.at:
        values["said_at"] = datetime.fromisoformat(message.at)
    session.execute(insert(Message).values(values))
    for file in message.files:
        title = "Kartu identitas" if file.protected else file.name
        documents.store(session, office_id, case_id, file, kind="incoming", title=title, message_id=message_id)
    return message_id


def keep_sent_text(session: Session, deed: Deed, sent: SentBy | DataSent) -> UUID | None:
    """Keeps the text that went out with a deed as part of the conversation, and puts a mail of it into the outbox.

    Gives the mail in the outbox; None where the person sends.
    """
    mail = sent.mail
    if mail is not None and not sent.text.strip():
        raise Refused("Surel belum berisi teks. Tulis teksnya, atau matikan “kirim dari sini”.")
    if sent.text.strip():
        message = IncomingMessage(
            sender=deed.actor.name,
            text=sent.text.strip(),
            subject=sent.subject,
            message_id=sent.message_id,
            from_office=True,
        )
        channel = Channel.EMAIL if mail is not None else deed.case.channel
        kept = keep_message(session, deed.office_id, deed.case_id, channel, message, ready=sent.ready)
        if mail is not None:
            return outbox.put(session, deed.office_id, deed.case_id, kept, mail)
    return None
