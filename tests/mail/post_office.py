"""A real mail server on loopback that the tests watch, and an office that is set up to use it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from sqlalchemy import text

from desk.rules.case import Original
from desk.rules.inputs import MailOut, SentBy
from desk.rules.mail import MailAccount, MailSecurity
from desk.services import outbox
from desk.services.case_file import case_view
from tests.office import PALEMBANG, Office, Ref

ADDRESS = "pst1600@example.org"


class Letterbox:
    """What the server took in; `answer` may be changed to make it say something else about a recipient or a text."""

    def __init__(self) -> None:
        self.taken: list[tuple[Envelope, EmailMessage]] = []
        self.about_recipient: Callable[[str], str] = lambda _address: "250 OK"
        self.about_text: Callable[[Envelope], str] = lambda _envelope: "250 OK"
        self.came = threading.Event()

    @property
    def mails(self) -> list[EmailMessage]:
        return [mail for _, mail in self.taken]

    # what aiosmtpd calls

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.about_recipient(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        answer = self.about_text(envelope)
        if answer.startswith("250"):
            self.taken.append((envelope, mail))
        self.came.set()
        return answer


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def mail_server(box: Letterbox, **options: Any) -> Iterator[int]:
    """A server on a free port of loopback; gives the port."""
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def only(login: str, password: str) -> Callable[..., AuthResult]:
    """Lets exactly one login in."""

    def judge(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        right = (given.login, given.password) == (login.encode(), password.encode())
        return AuthResult(success=right, handled=False)

    return judge


def account(port: int, **changes: Any) -> MailAccount:
    """The office's account on this computer."""
    values: dict[str, Any] = {
        "office_id": PALEMBANG,
        "kind": "smtp",
        "active": True,
        "host": "127.0.0.1",
        "port": port,
        "security": MailSecurity.PLAIN,
        "username": "",
        "address": ADDRESS,
        "name": "PST BPS Provinsi Sumatera Selatan",
    }
    return MailAccount(**(values | changes))


def set_up(office: Office, port: int, **changes: Any) -> MailAccount:
    """The administrator sets the account up."""
    chosen = account(port, **changes)
    with office.as_("tono").session() as session:
        outbox.set_account(session, chosen)
    return chosen


def offer_by_mail(office: Office, person: str = "rina", *, text_: str = "Terlampir invoice dan SPPD.") -> Ref:
    """A case whose invoice and SPPD go out through the outbox."""
    case = office.case_at(original=Original.ISSUED)
    office.make_papers(case)
    with office.as_(person).session() as session:
        documents = tuple(entry.id for entry in case_view(session, *case).documents if entry.paper)
    number = office.facts(case).number
    office.as_(person).do(
        "send_offer",
        case,
        SentBy(
            text=text_,
            subject=f"[{number}] Invoice dan SPPD",
            message_id=f"<1600.{case.id.hex}@example.org>",
            mail=MailOut((office.facts(case).email,), documents),
        ),
    )
    return case


def states(office: Office, case: Ref) -> list[str]:
    """The steps of the mails of a case, in their order."""
    rows = office.rows(
        "SELECT s.kind FROM desk.outgoing_step s JOIN desk.outgoing_mail o ON o.office_id = s.office_id "
        "AND o.id = s.outgoing_id WHERE o.office_id = :o AND o.case_id = :c ORDER BY o.at, o.id, s.position",
        o=case.office_id,
        c=case.id,
    )
    return [row["kind"] for row in rows]


def state(office: Office, case: Ref) -> str:
    """What the mail of the case is now."""
    with office.owner() as connection:
        found = connection.execute(
            text(
                "SELECT desk.outgoing_state(o.office_id, o.id) FROM desk.outgoing_mail o "
                "WHERE o.office_id = :o AND o.case_id = :c"
            ),
            {"o": case.office_id, "c": case.id},
        )
        return str(found.scalar_one())
