"""A thread pasted from a forum page (Forum Silastik): who wrote what and when, with the names of the files.

No official export exists. A line `Name (role) - Kamis, 24 September 2026 09:12 WIB` starts a message; the lines before
the first one describe the thread. A text without such lines is kept as one note, which is right as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from desk.adapters.mail_headers import clean_line

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan", "februari february feb pebruari", "maret march mar", "april apr", "mei may",
            "juni june jun", "juli july jul", "agustus august agu agt ags aug", "september sep sept",
            "oktober october okt oct", "november nopember nov nop", "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_DAY = r"(?:senin|selasa|rabu|kamis|jumat|jum['’]at|sabtu|minggu|ahad|monday|tuesday|wednesday|thursday|friday|saturday|sunday|sen|sel|rab|kam|jum|sab|min|mon|tue|wed|thu|fri|sat|sun)"  # noqa: E501
_MOMENT = (
    r"(?P<day>\d{1,2})(?:\s+(?P<month>[A-Za-z]{3,9})\.?\s+|(?P<sign>[/.-])(?P<number>\d{1,2})(?P=sign))(?P<year>\d{4})"
    r"[\s,]*(?:pukul|jam|at|-)?\s*(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.]\d{2})?(?:\s*(?P<zone>WIB|WITA|WIT))?"
)
_HEAD = re.compile(
    rf"^(?P<sender>\S[^\n]{{0,120}}?)(?:\s*[(\[](?P<role>[^()\[\]\n]{{1,40}})[)\]])?\s*(?:[-–—|•·,:]|pada)\s*"
    rf"(?:{_DAY}\.?,?\s+)?{_MOMENT}\s*:?\s*$",
    re.IGNORECASE,
)
_TOPIC = re.compile(
    r"^\s*(?:topik|topic|diskusi|thread|tiket|pertanyaan)\s*(?:(?:no\.?|nomor)?\s*#?\s*(?P<number>[\w./-]*\d[\w./-]*))?\s*:\s*(?P<title>.+)$",
    re.IGNORECASE,
)
_FILES = re.compile(r"^\s*(?:lampiran|berkas terlampir|attachments?|file)\s*:\s*(?P<names>\S.*)$", re.IGNORECASE)
_FILE = re.compile(r"\s*(?P<name>[^\n]+?)\s*\(\d[\d.,]*\s*(?:[kmgt]i?)?b(?:ytes?)?\)\s*(?:,|;|$)", re.IGNORECASE)
_OFFICE_ROLES = re.compile(r"petugas|operator|admin|moderator|pegawai|staf|bps", re.IGNORECASE)


@dataclass(frozen=True)
class Post:
    """One message of a forum thread; `time` is local, `zone` is WIB, WITA, WIT or empty."""

    time: datetime
    zone: str
    sender: str
    role: str
    text: str
    attachments: tuple[str, ...]

    @property
    def is_office(self) -> bool:
        """True when the role in brackets is one of the office."""
        return bool(_OFFICE_ROLES.search(self.role))


@dataclass(frozen=True)
class Thread:
    """A pasted thread: its topic, its posts in page order, and the descriptive lines above them."""

    topic: str | None
    topic_number: str | None
    posts: tuple[Post, ...]
    head: tuple[str, ...]


def read_thread(text: str) -> Thread | None:
    """The thread in a pasted text with LF line ends, or None when no line starts a message."""
    topic = topic_number = None
    head: list[str] = []
    posts: list[Post] = []
    opened: tuple[re.Match[str], datetime] | None = None
    lines: list[str] = []
    for line in text.split("\n"):
        start = _HEAD.match(line.strip())
        moment = _moment(start) if start else None
        if start and moment:
            if opened:
                posts.append(_post(*opened, lines))
            opened, lines = (start, moment), []
        elif opened:
            lines.append(line)
        elif line.strip():
            found = _TOPIC.match(line)
            if found and topic is None:
                topic, topic_number = found["title"].strip(), found["number"] or None
            head.append(clean_line(line))
    if opened is None:
        return None
    posts.append(_post(*opened, lines))
    return Thread(topic, topic_number, tuple(posts), tuple(head))


def _moment(match: re.Match[str]) -> datetime | None:
    month = _MONTHS.get(match["month"].lower()) if match["month"] else int(match["number"])
    try:
        return datetime(int(match["year"]), month or 0, int(match["day"]), int(match["hour"]), int(match["minute"]))  # noqa: DTZ001 (local time of the page)
    except ValueError:
        return None


def _post(head: re.Match[str], moment: datetime, lines: list[str]) -> Post:
    said: list[str] = []
    names: list[str] = []
    for line in lines:
        files = _FILES.match(line) if len(line) < 2_000 else None
        found = _file_names(files["names"]) if files else []
        if found:
            names.extend(found)
        else:
            said.append(line.rstrip())
    return Post(
        time=moment,
        zone=(head["zone"] or "").upper(),
        sender=clean_line(head["sender"]),
        role=clean_line(head["role"] or ""),
        text="\n".join(said).strip("\n"),
        attachments=tuple(names),
    )


def _file_names(text: str) -> list[str]:
    """Names with their size behind them may hold commas; without sizes, names with an ending are split at commas."""
    sized = [clean_line(match["name"]) for match in _FILE.finditer(text)]
    if sized:
        return sized
    names = [clean_line(name) for name in re.split(r"[,;]\s+", text)]
    return names if all(re.search(r"\.\w{1,5}$", name) for name in names) else []
