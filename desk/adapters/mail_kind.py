"""Tells a person's mail from what machines send: bounces, automatic replies, news letters, the office's own mail."""

from __future__ import annotations

import re
from enum import Enum

from desk.adapters.mail_headers import Address
from desk.adapters.mime import Part


class MailKind(Enum):
    """What a mail is to the desk: its key and what the screen calls it."""

    NEW_REQUEST = ("new_request", "permohonan baru")
    REPLY = ("reply", "balasan")
    AUTO_REPLY = ("auto_reply", "balasan otomatis")
    BOUNCE = ("bounce", "surel yang tidak sampai")
    LIST = ("list", "surel edaran")
    SENT = ("sent", "surel dari kantor sendiri")

    def __init__(self, key: str, label: str) -> None:
        self.key = key
        self.label = label


_AUTO_SUBJECT = re.compile(
    r"^\s*(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response|balas)|auto\s*:|out of (?:the )?office|"
    r"balasan otomatis|jawaban otomatis|pesan otomatis|di luar kantor|sedang cuti)",
    re.IGNORECASE,
)
_BOUNCE_SUBJECT = re.compile(
    r"undeliver|delivery (?:status notification|has failed|failure|incomplete)|returned (?:mail|to sender)|"
    r"mail delivery|failure notice|could not be delivered|"
    r"tidak (?:dapat )?(?:terkirim|dikirim)|gagal (?:ter)?kirim|pengiriman gagal",
    re.IGNORECASE,
)
_ACTION = re.compile(r"^Action:\s*(\w+)", re.MULTILINE | re.IGNORECASE)
_FAILED = re.compile(r"^Action:\s*failed", re.MULTILINE | re.IGNORECASE)
_RECIPIENT = re.compile(r"^(?:Final|Original)-Recipient:\s*[^;\n]*;\s*<?([^\s<>]+)", re.MULTILINE | re.IGNORECASE)
_MAIL_SYSTEM = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon|mailerdaemon)@", re.IGNORECASE)


def automatic_kind(root: Part, subject: str, sender: Address | None, office_address: str) -> MailKind | None:
    """Bounce, automatic reply, list mail or own mail by its headers (RFC 3464, 3834, 2369); None for people's."""
    report = root.parameter("content-type", "report-type").lower()
    returned = root.raw_header("return-path").strip() == "<>"
    from_system = bool(sender and _MAIL_SYSTEM.match(sender.address))
    status = [part for part in root.walk() if part.content_type == "message/delivery-status"]
    if report == "delivery-status" or status:
        actions = re.findall(
            r"^Action:\s*(\w+)", "\n".join(part.text([]) for part in status), re.MULTILINE | re.IGNORECASE
        )
        failed = not actions or any(action.lower() == "failed" for action in actions)
        return MailKind.BOUNCE if failed else MailKind.AUTO_REPLY
    if root.header("x-failed-recipients") or ((from_system or returned) and _BOUNCE_SUBJECT.search(subject)):
        return MailKind.BOUNCE
    submitted = re.split(r"[;\s]", root.header("auto-submitted").lower())[0]
    if (
        report == "disposition-notification"
        or submitted not in {"", "no"}
        or root.header("x-autoreply")
        or root.header("x-autorespond")
        or root.header("precedence").lower() == "auto_reply"
        or _AUTO_SUBJECT.match(subject)
        or from_system
    ):
        return MailKind.AUTO_REPLY
    if _is_list(root, office_address):
        return MailKind.LIST
    if sender and office_address and sender.address.casefold() == office_address:
        return MailKind.SENT
    return None


def _is_list(root: Part, office: str) -> bool:
    """News letters and mailing lists; a list whose address is the office's own mailbox carries requests."""
    if office and office in (root.header("list-post") + root.header("x-original-to")).casefold():
        return False
    if office and office.replace("@", ".") in root.header("list-id").casefold():
        return False
    bulk = root.header("precedence").lower() in {"bulk", "list", "junk"}
    return bulk or bool(root.header("list-id") or root.header("list-unsubscribe"))


def failed_recipient(report: str) -> str | None:
    """The first address that a delivery report calls failed (RFC 3464), else the first it names."""
    blocks = re.split(r"\n\s*\n", report)
    failed = [block for block in blocks if _FAILED.search(block)]
    for block in failed or blocks:
        recipient = _RECIPIENT.search(block)
        if recipient:
            return recipient[1]
    return None


def returned_address(root: Part, text: str) -> str | None:
    """Of a bounce without a report: the header of some servers, else the first address in angle brackets."""
    named = root.header("x-failed-recipients").split(",")[0].strip()
    written = re.search(r"<([^<>@\s]+@[^<>@\s]+)>", text)
    return named or (written[1] if written else None)
