"""What a person newly wrote in a mail: the part above the quoted message, and who wrote a forwarded one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from desk.adapters.mail_headers import Address, clean_line, one_address

# "Pada Sen, 5 Okt 2026 pukul 15.30 X <a@b> menulis:" and "On Mon, 5 Oct 2026 at 15:30, X wrote:"; often broken in two.
_ATTRIBUTION = re.compile(
    r"^[ \t]*(?:Pada|On|Am|Le|Op)\b[^\n]{0,300}(?:\n[^\n]{0,300}){0,2}?"
    r"(?:menulis|tulis|wrote|schrieb|a écrit|schreef)(?: ini)?[ \t]*:[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_ATTRIBUTION_BY_DATE = re.compile(
    r"^[ \t]*(?:\d{4}-\d{2}-\d{2}|\d{1,2}[/. ]\w{1,9}[/. ]\d{2,4})[^\n]{0,200}<[^<>\s]+@[^<>\s]+>[^\n]{0,20}:[ \t]*$",
    re.MULTILINE,
)
_DIVIDER = re.compile(
    r"^[ \t>]*-{2,}[ \t]*(?P<words>Original Message|Original Appointment|Pesan Asli|Forwarded message|"
    r"Pesan (?:yang )?(?:di)?terus(?:an|kan))[^\n-]{0,80}-{2,}[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_APPLE_FORWARD = re.compile(
    r"^[ \t>]*(?:Begin forwarded message|Mulai pesan (?:yang )?diteruskan|Memulai pesan terusan|Awal pesan terusan)"
    r"[ \t]*:[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_FROM_LINE = re.compile(
    r"^[ \t>*]*(?:From|Dari|Pengirim)[ \t*]*:[ \t*]*(?P<person>[^\n]{1,300})$", re.MULTILINE | re.IGNORECASE
)
_HEADER_LINE = re.compile(
    r"^[ \t>*]*(?P<label>Sent|Dikirim|Terkirim|Date|Tanggal|To|Kepada|Ke|Untuk|Cc|Subject|Subjek|Perihal|Judul|"
    r"Reply-To|Balas ke)[ \t*]*:[ \t*]*(?P<value>[^\n]{0,300})$",
    re.MULTILINE | re.IGNORECASE,
)
_TAG = r"^\s*(?:\[[^\]]{0,60}\]\s*)?"
_FORWARD_SUBJECT = re.compile(_TAG + r"(?:fwd?|fw|trs|tr|terusan|diteruskan|wg)\s*:", re.IGNORECASE)
_REPLY_SUBJECT = re.compile(_TAG + r"(?:re|bls|balasan|aw|sv|antw)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)

SEARCHED = 200_000
"""Signs of older messages are looked for in so many characters; what lies behind is kept as it is."""


@dataclass(frozen=True)
class Forwarded:
    """A message pasted under another one: who wrote it, its subject, its text."""

    sender: Address | None
    subject: str
    text: str


def new_text(text: str) -> str:
    """The text without the message it answers or passes on; quoted lines inside an answer are left out too."""
    cut = _first_cut(text[:SEARCHED])
    kept = text if cut is None else text[:cut]
    attribution = _ATTRIBUTION.search(kept, 0, SEARCHED) or _ATTRIBUTION_BY_DATE.search(kept, 0, SEARCHED)
    if attribution:
        above, below = kept[: attribution.start()], kept[attribution.end() :]
        quoted_with_signs = re.match(r"\s*>", below)
        # Some programs quote without signs: then everything below belongs to the older message.
        kept = above + (below if quoted_with_signs else "")
        if not kept.strip() and not quoted_with_signs:
            kept = below
    fresh = "\n".join(line for line in kept.split("\n") if not line.lstrip().startswith(">"))
    return re.sub(r"\n{3,}", "\n\n", fresh).strip()


def forwarded(whole: str, subject: str) -> Forwarded | None:
    """The message that this one passes on as text, or None; the block of an ordinary reply is no forward."""
    text = whole[:SEARCHED]
    marked = _APPLE_FORWARD.search(text)
    divider = _DIVIDER.search(text)
    if marked is None and divider and re.search(r"forward|terus", divider["words"], re.IGNORECASE):
        marked = divider
    if marked is None and not is_forward(subject):
        return None
    start = marked.end() if marked else 0
    line = _FROM_LINE.search(text, start)
    if line is None or (marked and text[start : line.start()].count("\n") > 8):
        return None
    if marked is None and not _has_headers(text, line.end()):
        return None
    return _read_forwarded(text, line)


def is_forward(subject: str) -> bool:
    """True for subjects that begin with Fwd:, FW:, Trs: and the like."""
    return bool(_FORWARD_SUBJECT.match(subject))


def is_reply(subject: str) -> bool:
    """True for subjects that begin with Re:, Bls: and the like."""
    return bool(_REPLY_SUBJECT.match(subject))


def _read_forwarded(text: str, line: re.Match[str]) -> Forwarded:
    subject = ""
    at = line.end()
    while header := _HEADER_LINE.match(text, at + 1):
        if header["label"].lower() in {"subject", "subjek", "perihal", "judul"}:
            subject = clean_line(header["value"])
        at = header.end()
    body = "\n".join(re.sub(r"^> ?", "", piece) for piece in text[at:].split("\n"))
    person = re.sub(r"\[mailto:([^\]\s]+)\]", r"<\1>", line["person"])
    return Forwarded(one_address(person.strip("* ")), subject, body.strip())


def _first_cut(text: str) -> int | None:
    """Where the first block that is not marked by `>` begins: dividers, forwards, Outlook's header block."""
    places = [match.start() for match in (_DIVIDER.search(text), _APPLE_FORWARD.search(text)) if match]
    for line in _FROM_LINE.finditer(text):
        if _has_headers(text, line.end()):
            places.append(line.start())
            break
    if not places:
        return None
    cut = min(places)
    rule = re.search(r"\n_{10,}[ \t]*\n\s*\Z", text[:cut])  # Outlook draws a line above the block
    return rule.start() if rule else cut


def _has_headers(text: str, at: int) -> bool:
    """At least two of Sent, To, Subject directly below a From line: the block that programs write."""
    below = text[at : at + 1500].split("\n")[1:7]
    return sum(bool(_HEADER_LINE.match(line)) for line in below) >= 2
