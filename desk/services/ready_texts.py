"""Ready texts of an office: the shipped ones, over them the versions the office has written, each from a day on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from desk import resources
from desk.errors import Refused
from desk.models import ReadyTextVersion
from desk.rules.case import Channel
from desk.rules.inputs import ReadyUse
from desk.rules.papers.replies import ReadyText, ReplyStep, read_replies, reply_for
from desk.rules.papers.reply_check import findings

_IN_FORCE = text("""
SELECT t.id, t.subject, t.body FROM desk.ready_text t
WHERE t.office_id = :office_id AND t.step = :step AND t.channel = :channel AND t.starts_on <= desk.today(:office_id)
ORDER BY t.starts_on DESC, t.version DESC LIMIT 1
""")
_VERSIONS = text("""
SELECT t.office_id, t.id, t.step, t.channel, t.version, t.subject, t.body, t.starts_on, coalesce(p.name, t.by) AS name,
  t.at, desk.today(t.office_id) AS today, (SELECT count(*) FROM desk.message m WHERE m.office_id = t.office_id
    AND m.ready_text_id = t.id) AS used
FROM desk.ready_text t LEFT JOIN desk.person p ON p.login = t.by
WHERE t.office_id = ANY (:offices) ORDER BY t.office_id, t.step, t.channel, t.version DESC
""")


@dataclass(frozen=True, slots=True)
class TextVersion:
    """One version that the office wrote; `used` counts the messages that were made from it."""

    id: UUID
    version: int
    subject: str
    body: str
    starts_on: date
    name: str
    at: datetime
    used: int

    @property
    def shipped_again(self) -> bool:
        """Whether it says that the shipped text holds again."""
        return not self.body


@dataclass(frozen=True, slots=True)
class TextEntry:
    """A ready text of one office: the shipped one, the version in force (None: the shipped one), and all versions."""

    office_id: int
    shipped: ReadyText
    in_force: TextVersion | None
    versions: tuple[TextVersion, ...]
    coming: TextVersion | None = None
    """The next version whose day has not come."""

    @property
    def id(self) -> str:
        """Which row of a list it is."""
        return f"{self.office_id}/{self.shipped.step.value}/{self.shipped.channels[0].value}"

    @property
    def text(self) -> ReadyText:
        """What is offered today."""
        return self.shipped if self.in_force is None else _over(self.shipped, self.in_force)


@cache
def shipped_texts() -> tuple[ReadyText, ...]:
    """The texts that the program brings."""
    return read_replies(resources.resource("replies", "ready_texts.toml").read_text("utf-8"))


def text_for(session: Session, office_id: int, step: ReplyStep, channel: Channel) -> tuple[ReadyText, ReadyUse]:
    """The text of a step for a channel as the office wants it today, and what a message made from it keeps."""
    shipped = reply_for(shipped_texts(), step, channel)
    if shipped is None:
        raise Refused(f"Belum ada teks siap pakai “{step.label}” untuk kanal {channel.label}. Tulis sendiri pesannya.")
    asked = {"office_id": office_id, "step": step.value, "channel": shipped.channels[0].value}
    row = session.execute(_IN_FORCE, asked).one_or_none()
    if row is None or not row.body:
        return shipped, ReadyUse(step.value)
    return ReadyText(step, shipped.channels, row.subject, row.body), ReadyUse(step.value, row.id)


def text_entries(session: Session, offices: Sequence[int]) -> list[TextEntry]:
    """Every ready text of these offices with its versions, the newest first, in the order of a case."""
    versions: dict[tuple[int, str, str], list[TextVersion]] = {}
    today: dict[int, date] = {}
    for row in session.execute(_VERSIONS, {"offices": list(offices)}):
        today[row.office_id] = row.today
        versions.setdefault((row.office_id, row.step, row.channel), []).append(
            TextVersion(row.id, row.version, row.subject, row.body, row.starts_on, row.name, row.at, row.used)
        )
    order = list(ReplyStep)
    found = []
    for office_id in offices:
        for shipped in sorted(shipped_texts(), key=lambda each: order.index(each.step)):
            own = versions.get((office_id, shipped.step.value, shipped.channels[0].value), [])
            started = [each for each in own if each.starts_on <= today[office_id]]
            last = max(started, key=lambda each: (each.starts_on, each.version), default=None)
            in_force = last if last is not None and last.body else None
            ahead = [each for each in own if each not in started]
            coming = min(ahead, key=lambda each: (each.starts_on, -each.version), default=None)
            found.append(TextEntry(office_id, shipped, in_force, tuple(own), coming))
    return found


def put_text(
    session: Session, office_id: int, shipped: ReadyText, subject: str, body: str, starts_on: date, *, key: UUID
) -> int:
    """Lets a text hold from a day on and gives its version; the same `key` gives the same one.

    An empty body lets the shipped text hold again. Refused with every fault that stops a text.
    """
    wanted = ReadyText(shipped.step, shipped.channels, subject.strip() if shipped.subject else "", body.strip())
    if wanted.body:
        stopping = [one.sentence for one in findings(wanted, shipped) if one.stops]
        if stopping:
            raise Refused(" ".join(stopping))
    values = {
        "office_id": office_id,
        "id": key,
        "step": shipped.step.value,
        "channel": shipped.channels[0].value,
        "version": 0,  # the server's word
        "subject": wanted.subject if wanted.body else "",
        "body": wanted.body,
        "starts_on": starts_on,
    }
    session.execute(insert(ReadyTextVersion).values(values).on_conflict_do_nothing(index_elements=["office_id", "id"]))
    version = session.execute(
        text("SELECT version FROM desk.ready_text WHERE office_id = :office_id AND id = :id"),
        {"office_id": office_id, "id": key},
    ).scalar_one()
    return int(version)


def _over(shipped: ReadyText, version: TextVersion) -> ReadyText:
    return ReadyText(shipped.step, shipped.channels, version.subject, version.body)
