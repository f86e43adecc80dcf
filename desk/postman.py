"""Carries mail between the outbox and the office's mail server, for the person whose workstation or command runs it.

Every step is committed before the next one begins: taken, handed over, sent. A sender that dies leaves a row that says
how far it came; what died between handing over and sent is never sent again by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from desk import deeds
from desk.adapters import package, smtp
from desk.adapters.attachments import attachment
from desk.adapters.database import run_deed, transaction
from desk.adapters.mail_headers import Address
from desk.adapters.mail_out import mail_eml, new_message_id
from desk.errors import Refused, Unavailable
from desk.rules.case import Data
from desk.rules.inputs import MailReport
from desk.rules.mail import MailAccount
from desk.rules.package import PackagePart
from desk.rules.people import Actor
from desk.services import case_file, documents, outbox
from desk.services.outbox import Parcel

PasswordOf = Callable[[MailAccount], str | None]
"""The password this computer keeps for an account; None when it keeps none. May raise Unavailable."""


@dataclass(frozen=True, slots=True)
class Round:
    """One round of the sender: how many mails left, how many did not, and why no more was tried (a sentence)."""

    sent: int = 0
    failed: int = 0
    stopped_because: str = ""


def send_waiting(
    engine: Engine, actor: Actor, office_id: int, password_of: PasswordOf, stop: threading.Event | None = None
) -> Round:
    """Sends what waits in one office, mail by mail; does nothing where sending is off or the password is not here.

    Raises Unavailable where the database is away. A mail server that is away is told in `stopped_because`, and the mail
    that met it waits longer; nobody tries the others against a closed door.
    """
    stop = stop or threading.Event()
    with transaction(engine) as session:
        account = outbox.account(session, office_id)
        forgotten = outbox.left_in_hand(session, office_id)
    for outgoing_id, case_id in forgotten:
        _report(engine, actor, office_id, case_id, MailReport(outgoing_id, "unsure", _VANISHED))
    if account is None or not account.active:
        return Round(stopped_because="Pengiriman surel kantor ini belum diatur atau dimatikan.")
    password = password_of(account) if account.username else None
    if account.username and password is None:
        return Round(stopped_because="Kata sandi kotak surel belum disimpan di komputer ini.")
    sent = failed = 0
    while not stop.is_set():
        claim = uuid4()
        with transaction(engine) as session:
            taken = outbox.take(session, office_id, claim)
            if taken is None:
                return Round(sent, failed)
            mail = outbox.parcel(session, office_id, taken)
        trouble = _send(engine, actor, office_id, account, password, mail, claim)
        sent, failed = (sent, failed + 1) if trouble else (sent + 1, failed)
        if isinstance(trouble, smtp.NoServer):
            return Round(sent, failed, str(trouble))
    return Round(sent, failed)


def try_account(account: MailAccount, password: str | None) -> str:
    """Sends a short mail from the office to its own address; gives its Message-ID.

    Raises NoServer, or Refused with the server's words.
    """
    from datetime import UTC, datetime

    own = Address(account.name, account.address)
    message_id = new_message_id("coba", domain=account.address.partition("@")[2])
    data = mail_eml(
        sender=own,
        to=[own],
        subject="Coba kirim dari Meja PST",
        body="Surel ini dikirim Meja PST ke kotak surel kantor sendiri. Bila surel ini sampai, pengiriman sudah siap.",
        message_id=message_id,
        date=datetime.now(UTC),
    )
    try:
        smtp.deliver(account, password, smtp.Envelope(account.address, [account.address], data), lambda: None)
    except (smtp.NotSent, smtp.Unsure) as trouble:
        raise Refused(trouble.reason) from trouble
    return message_id


_VANISHED = "Program pengirim berhenti setelah isi surel diserahkan; belum pasti apakah surel terkirim."


def _send(
    engine: Engine,
    actor: Actor,
    office_id: int,
    account: MailAccount,
    password: str | None,
    mail: Parcel,
    claim: UUID,
) -> Exception | None:
    """One mail; what went wrong is written down and given back."""

    def note(kind: str, reason: str = "") -> str:
        return run_deed(
            engine,
            lambda session: outbox.note(session, office_id, mail.id, kind, reason=reason, claim=claim),
            key=claim,
        )

    def report(kind: str, reason: str) -> None:
        _report(engine, actor, office_id, mail.case_id, MailReport(mail.id, kind, reason, claim))

    try:
        data = _written(engine, office_id, mail)
    except Refused as trouble:
        report("refused", str(trouble))
        return trouble
    except Unavailable as trouble:  # the folder of the package is away: it may come back
        if note("failed", str(trouble)) == "refused":
            report("refused", str(trouble))
        return trouble
    envelope = smtp.Envelope(mail.sender_address, mail.recipients, data)
    try:
        try:
            smtp.deliver(account, password, envelope, lambda: note("handing"))
        except smtp.Unsure as trouble:
            report("unsure", trouble.reason)
            return trouble
        except (smtp.NoServer, smtp.NotSent) as trouble:
            if isinstance(trouble, smtp.NotSent) and trouble.permanent:
                report("refused", trouble.reason)
            elif note("failed", str(trouble)) == "refused":  # after so many tries a person has to look
                report("refused", str(trouble))
            return trouble
        if mail.part is None:
            note("sent")
        else:
            _note_part_sent(engine, actor, office_id, mail, claim)
    except Refused as somebody_elses:  # the claim ran out, and another sender or a person has seen to the mail
        return somebody_elses
    return None


def _written(engine: Engine, office_id: int, mail: Parcel) -> bytes:
    attachments = []
    for document_id, name, content_type in mail.documents:
        with transaction(engine) as session:
            data = documents.content(session, office_id, document_id)
        attachments.append(attachment(name, data, declared_type=content_type))
    if mail.part is not None:
        part = mail.part
        data = package.read_part(PackagePart(part.name, part.size, part.sha256), Path(part.path))
        attachments.append(attachment(part.name, data, declared_type="application/zip"))
    return mail_eml(
        sender=Address(mail.sender_name, mail.sender_address),
        to=[Address("", address) for address in mail.recipients],
        subject=mail.subject,
        body=mail.body,
        message_id=mail.message_id,
        date=mail.written_at,
        attachments=attachments,
        references=mail.answers,
    )


def _note_part_sent(engine: Engine, actor: Actor, office_id: int, mail: Parcel, claim: UUID) -> None:
    """A part has left; with the last one the case itself says so, in the same transaction."""
    part, key = mail.part, uuid4()
    assert part is not None

    def say(session: Session) -> object:
        outbox.lock_case(session, office_id, mail.case_id)
        outbox.note(session, office_id, mail.id, "sent", claim=claim)
        if not outbox.all_out(outbox.mails_of(session, office_id, part.delivery_id)):
            return None
        case = case_file.facts(session, office_id, mail.case_id)
        if case.data is not Data.SENDING:
            return None
        return deeds.perform(session, actor, "confirm_sent", mail.case_id, office_id=office_id, request_id=key)

    run_deed(engine, say, key=key)


def _report(engine: Engine, actor: Actor, office_id: int, case_id: UUID, report: MailReport) -> None:
    """A deed of the case in the name of whoever runs the sender: the case comes back to the officer's desk."""
    key = uuid4()
    run_deed(
        engine,
        lambda session: deeds.perform(
            session, actor, "report_mail", case_id, office_id=office_id, request_id=key, inputs=report
        ),
        key=key,
    )
