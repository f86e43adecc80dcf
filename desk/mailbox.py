"""Takes new mail from the office's mailbox into the database, for the person whose workstation or command runs it.

Each mail is one transaction: kept, marked as taken, and, where its thread or its subject names an open case, put into
that case's conversation. What a broken line leaves undone is done in the next round; nothing is ever taken twice, and
nothing on the mail server is changed.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from desk import deeds
from desk.adapters import imap
from desk.adapters.attachments import Purpose
from desk.adapters.database import transaction
from desk.adapters.file_names import size_text
from desk.adapters.mail_case import DEFAULT_CASE_PATTERN, Known, bare_id, case_number_pattern, tidy_number
from desk.adapters.mail_in import DEFAULT_LIMITS, Mail, read_mail
from desk.adapters.mail_kind import MailKind
from desk.adapters.understanding import understood
from desk.errors import Refused
from desk.rules.case import Channel, Stage
from desk.rules.inputs import MailReport, TakenMessages
from desk.rules.mail import MailAccount
from desk.rules.people import Actor
from desk.services import inbox, outbox

PasswordOf = Callable[[MailAccount], str | None]
_BEFORE_SETTING_UP = timedelta(days=3)
"""What came so long before the office began to read its mailbox is taken too."""
_SURE = frozenset({"in-reply-to", "references", "subject", "returned message"})
_OPEN = frozenset({Stage.NEW.value, Stage.CLEAR.value, Stage.ACTIVE.value, Stage.REDIRECTED.value})
_ASIDE = {
    MailKind.LIST: "surel edaran",
    MailKind.AUTO_REPLY: "balasan otomatis",
    MailKind.SENT: "surel dari kantor sendiri",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """One round: how many mails were taken, how many of them joined a case, and why no more was tried (a sentence)."""

    taken: int = 0
    joined: int = 0
    stopped_because: str = ""


def fetch_new(
    engine: Engine, actor: Actor, office_id: int, password_of: PasswordOf, stop: threading.Event | None = None
) -> Fetched:
    """Takes what is new in the mailbox of one office; does nothing where receiving is off or the password is not here.

    Raises Unavailable where the database is away; a mailbox that is away is told in `stopped_because`.
    """
    stop = stop or threading.Event()
    with transaction(engine) as session:
        account = outbox.account(session, office_id, "imap")
        since = inbox.read_since(session, office_id)
    if account is None or not account.active or since is None:
        return Fetched(stopped_because="Penerimaan surel kantor ini belum diatur atau dimatikan.")
    password = password_of(account)
    if password is None:
        return Fetched(stopped_because="Kata sandi kotak surel belum disimpan di komputer ini.")
    name = f"{account.username}@{account.host}/{account.folder}"
    taken = joined = 0
    try:
        with imap.opened(account, password) as box:
            with transaction(engine) as session:
                last = inbox.last_uid(session, office_id, name, box.uid_validity)
            for found in box.newer_than(last, since - _BEFORE_SETTING_UP):
                if stop.is_set():
                    break
                data = box.fetch(found.uid, headers_only=found.size > DEFAULT_LIMITS.mail)
                if data is None:
                    continue
                with transaction(engine) as session:
                    mail_id, is_new, has_case = _take(session, actor, account, found, data)
                    inbox.mark(session, office_id, name, box.uid_validity, found.uid, mail_id)
                taken, joined = taken + is_new, joined + has_case
    except imap.NoMailbox as trouble:
        return Fetched(taken, joined, str(trouble))
    return Fetched(taken, joined)


def _take(
    session: Session, actor: Actor, account: MailAccount, found: imap.Found, data: bytes
) -> tuple[UUID, bool, bool]:
    """Keeps one mail, and puts it where it surely belongs: its id, whether it is new, whether it joined a case."""
    if found.size > DEFAULT_LIMITS.mail:
        mail_id, is_new = inbox.take(session, account.office_id, _too_large(found, data), b"")
        return mail_id, is_new, False
    try:
        mail = judge(session, account, data)
    except Refused as refusal:
        kept = inbox.Taken("unreadable", found.size, subject="Surel tidak terbaca", notices=(str(refusal),))
        mail_id, is_new = inbox.take(session, account.office_id, kept, data)
        return mail_id, is_new, False
    mail_id, is_new = inbox.take(session, account.office_id, _kept(mail, data), data)
    if not is_new:
        return mail_id, False, False
    return mail_id, True, _place(session, actor, account.office_id, mail_id, mail, data)


def judge(session: Session, account: MailAccount, data: bytes) -> Mail:
    """The mail, judged against what the office knows: its cases, the Message-IDs of its conversations, its address."""
    first = read_mail(data)
    pattern = case_number_pattern(DEFAULT_CASE_PATTERN)
    texts = [text for mail in _with_nested(first) for text in (mail.subject, mail.text)]
    numbers = {tidy_number(match.group()) for text in texts for match in pattern.finditer(text)}
    ids = {
        each for mail in _with_nested(first) for each in (mail.message_id, mail.in_reply_to, *mail.references) if each
    }
    cases, sent = inbox.known(session, account.office_id, sorted(numbers), sorted(ids))
    return read_mail(data, Known.of(cases, sent, office_address=account.address))


def _place(session: Session, actor: Actor, office_id: int, mail_id: UUID, mail: Mail, data: bytes) -> bool:
    """Joins the case that the mail surely belongs to, or sets aside what never needs a person; else it waits."""
    if mail.kind is MailKind.BOUNCE:
        _note_bounce(session, actor, office_id, mail)
    case_id = _sure_case(session, office_id, mail)
    if case_id is None:
        if mail.kind in _ASIDE:
            inbox.answer(session, office_id, mail_id, "set_aside", reason=_ASIDE[mail.kind])
        return False
    seen = understood(mail, hashlib.sha256(data).hexdigest(), mail_id=mail_id)
    # A person's answer calls for a person; what a machine wrote only joins the story.
    action_id = "take_mail" if mail.kind in (MailKind.REPLY, MailKind.NEW_REQUEST) else "take_messages"
    try:
        with session.begin_nested():
            deeds.perform(
                session,
                actor,
                action_id,
                case_id,
                office_id=office_id,
                request_id=uuid4(),
                inputs=TakenMessages(seen.messages, Channel.EMAIL, mail_id),
            )
    except Refused:
        return False  # it waits in the tray
    return True


def _sure_case(session: Session, office_id: int, mail: Mail) -> UUID | None:
    """The open case that thread or subject name, unless they name two."""
    match = mail.case
    if match is None or match.found_in not in _SURE:
        return None
    if any("tetapi membalas" in notice for notice in mail.notices):
        return None
    found = inbox.case_of(session, office_id, match.case_number)
    if found is None or (found[1] not in _OPEN and mail.kind is MailKind.REPLY):
        return None
    return found[0]


def _note_bounce(session: Session, actor: Actor, office_id: int, mail: Mail) -> None:
    """A mail of ours came back: its case returns to the officer's desk."""
    for inner in _with_nested(mail):
        for each in (inner.message_id, inner.in_reply_to, *inner.references):
            sent = outbox.of_message_id(session, office_id, bare_id(each)) if each else None
            if sent is None:
                continue
            outgoing_id, case_id = sent
            reason = f"Surel ke {mail.failed_recipient or 'penerima'} kembali: {mail.subject}."
            try:
                with session.begin_nested():
                    deeds.perform(
                        session,
                        actor,
                        "report_mail",
                        case_id,
                        office_id=office_id,
                        request_id=uuid4(),
                        inputs=MailReport(outgoing_id, "bounced", reason),
                    )
            except Refused:
                pass  # it is known already, or a person has decided
            return


def _kept(mail: Mail, data: bytes) -> inbox.Taken:
    asks = mail.asks
    return inbox.Taken(
        kind=mail.kind.key,
        size=len(data),
        message_id=f"<{bare_id(mail.message_id)}>" if mail.message_id else "",
        sender_name=asks.name if asks else "",
        sender_address=asks.address if asks else "",
        subject=mail.subject,
        written_at=mail.moment,
        body=mail.new_text or mail.text,
        number=mail.case_number or "",
        thread=tuple(each for each in (mail.in_reply_to, *mail.references) if each),
        files=tuple((file.safe_name, file.size, file.purpose is Purpose.IDENTITY_CARD) for file in mail.files),
        notices=(*mail.warnings, *mail.notices),
    )


def _too_large(found: imap.Found, headers: bytes) -> inbox.Taken:
    mail = read_mail(headers + b"\r\n")
    sentence = (
        f"Surel ini berukuran {size_text(found.size)}, terlalu besar untuk diambil. "
        "Buka di program surel, simpan lampirannya, lalu seret ke permohonan."
    )
    return inbox.Taken(
        "unreadable",
        found.size,
        message_id=f"<{bare_id(mail.message_id)}>" if mail.message_id else "",
        sender_name=mail.sender.name if mail.sender else "",
        sender_address=mail.sender.address if mail.sender else "",
        subject=mail.subject,
        written_at=mail.moment,
        notices=(sentence,),
    )


def _with_nested(mail: Mail) -> Iterator[Mail]:
    yield mail
    for inner in mail.nested:
        yield from _with_nested(inner)
