"""What the mail tests share: the samples, what the desk knows, and a quick way to write a mail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from desk.adapters.mail_case import Known, KnownCase
from desk.adapters.mail_in import Mail, read_mail

SAMPLES = Path(__file__).parent.parent / "samples"
MAILS = sorted((SAMPLES / "mail").glob("*.eml"))
KNOWN_FILE = SAMPLES / "mail" / "known_messages.json"

KNOWN = Known.of(
    [
        KnownCase("PST-1600-2026-000123", "Ahmad Rekaan", "ahmad.rekaan@example.com"),
        KnownCase("PST-1571-2027-000009", "Dewi Fiktiana", "dewi.fiktiana@example.net"),
    ],
    {"<kasus-000123.1@pst.example.org>": "PST-1600-2026-000123", "kasus-9.1@pst.example.org": "PST-1571-2027-000009"},
    office_address="PST1600@example.org",
)


def expected(path: Path) -> dict[str, Any]:
    """The expected result that lies beside a sample."""
    content: dict[str, Any] = json.loads(path.with_name(path.name + ".expected.json").read_text("utf-8"))
    return content


def folded(text: str) -> str:
    """Text with its white space folded: how the samples are compared."""
    return " ".join(text.split())


def written(body: str | bytes = "Halo.\n", **headers: str) -> bytes:
    """A mail with these headers (`in_reply_to` is In-Reply-To) and this body, CRLF line ends."""
    start = {"from": "Rina Contoh <rina@example.com>", "to": "pst1600@example.org", "subject": "Tanya"}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in {**start, **headers}.items() if value]
    raw = body.encode() if isinstance(body, str) else body
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape") + raw.replace(b"\n", b"\r\n")


def read(body: str | bytes = "Halo.\n", **headers: str) -> Mail:
    """The Mail that the desk makes of such a mail, knowing KNOWN."""
    return read_mail(written(body, **headers), KNOWN)
