"""Mail of the office: which account, what a mail in the outbox is now, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass

from desk.rules.case import CaseFacts, State
from desk.rules.people import Actor


class MailSecurity(State):
    """How the line to a mail server is kept from others' eyes."""

    TLS = "tls", "TLS sejak awal (465 / 993)"
    STARTTLS = "starttls", "STARTTLS (587 / 143)"
    PLAIN = "plain", "tanpa enkripsi (hanya server di komputer ini)"


class OutgoingState(State):
    """What a mail in the outbox is now (`desk.outgoing_state` in the database)."""

    WAITING = "waiting", "menunggu dikirim"
    LATER = "later", "dicoba lagi nanti"
    TAKEN = "taken", "sedang dikirim"
    HANDING = "handing", "sedang diserahkan"
    SENT = "sent", "terkirim"
    REFUSED = "refused", "tidak terkirim"
    UNSURE = "unsure", "perlu diperiksa"
    BOUNCED = "bounced", "tidak sampai"
    ARRIVED = "arrived", "sampai, dipastikan petugas"
    DROPPED = "dropped", "tidak dikirim lagi"


OUT = frozenset({OutgoingState.SENT, OutgoingState.ARRIVED})
"""The mail server, or a person who asked, says that the mail is there."""
IN_TROUBLE = frozenset({OutgoingState.REFUSED, OutgoingState.UNSURE, OutgoingState.BOUNCED})
UNDER_WAY = frozenset({OutgoingState.WAITING, OutgoingState.LATER, OutgoingState.TAKEN, OutgoingState.HANDING})


@dataclass(frozen=True, slots=True)
class MailAccount:
    """The way to the office's mail server; the password is in the keyring of each computer that uses it.

    `kind` is smtp or imap; `folder` the folder that is read (imap); `version` counts the office's changes.
    """

    office_id: int
    kind: str
    active: bool
    host: str
    port: int
    security: MailSecurity
    username: str
    address: str
    name: str
    folder: str = ""
    version: int = 0

    @property
    def keyring_name(self) -> str:
        """What the password of this account is kept under."""
        return f"{self.kind}:{self.username}@{self.host}:{self.port}"


def why_not_read(case: CaseFacts, _actor: Actor) -> str | None:
    """Only a mail that nobody has seen to needs to be marked as read."""
    return None if case.new_mail else "Tidak ada surel baru yang belum dibaca."


def why_not_settle(case: CaseFacts, _actor: Actor) -> str | None:
    """Only a mail that was refused, came back or is unsure needs a decision."""
    return None if case.mail_trouble else "Tidak ada surel permohonan ini yang perlu diperiksa."
