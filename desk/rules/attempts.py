"""The delivery sheet: every sending or hand-over of the data, with its parts and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from desk.rules.case import Channel
from desk.rules.dates import short_text
from desk.rules.mail import IN_TROUBLE, OUT, OutgoingState
from desk.rules.package import PasswordWay
from desk.rules.papers.contents import Told
from desk.rules.papers.contexts import size_text


@dataclass(frozen=True, slots=True)
class SentPart:
    """One part of the package; `state` is None where a person handed it over, `at` a moment on the office's clock."""

    name: str
    size: int
    sha256: str
    state: OutgoingState | None = None
    at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One delivery as it went; moments are those of the office's clock, sizes bytes."""

    sequence: int
    version: int
    at: datetime
    officer: str
    channel: Channel
    address: str
    files: int
    size: int
    parts: tuple[SentPart, ...] = ()
    password_by: PasswordWay | None = None
    failed: str = ""
    failed_at: datetime | None = None
    corrected_on: date | None = None
    check_until: date | None = None
    accepted_at: datetime | None = None
    overridden: bool = False

    @property
    def by_program(self) -> bool:
        """Whether the office's own mail carried it."""
        return any(part.state is not None for part in self.parts)

    @property
    def arrived(self) -> bool:
        """Whether nothing says that it did not arrive."""
        return not self.failed and all(part.state is None or part.state in OUT for part in self.parts)

    def what(self) -> str:
        """What went where, in one sentence."""
        way = "surel kantor" if self.by_program else self.channel.label
        verb = "dikirim lewat" if self.by_program else "diserahkan petugas lewat"
        said = f"Versi {self.version}, {self.files} berkas ({size_text(self.size)}), {verb} {way} ke {self.address}"
        if self.parts:
            count = "satu paket" if len(self.parts) == 1 else f"{len(self.parts)} bagian paket"
            password = f", kata sandi lewat {self.password_by.label}" if self.password_by else ""
            said += f"; {count}{password}"
        return f"{said}{', dengan izin penyelia' if self.overridden else ''}."

    def outcome(self) -> str:
        """What became of it, in one sentence."""
        if self.failed:
            when = f" ({moment_said(self.failed_at)})" if self.failed_at else ""
            return f"Tidak sampai{when}: {self.failed.rstrip('.')}."
        for part in self.parts:
            if part.state is not None and part.state in IN_TROUBLE:
                return f"{part.name} {part.state.label}: {part.reason.rstrip('.')}".rstrip(": ") + "."
        left = [part for part in self.parts if part.state is not None and part.state not in OUT]
        if left:
            return f"Sedang dikirim: {len(self.parts) - len(left)} dari {len(self.parts)} bagian sudah terkirim."
        if self.corrected_on:
            return f"Sampai; perbaikan diminta {short_text(self.corrected_on)}."
        if self.accepted_at:
            return f"Diterima; pengguna data menyatakan sesuai {moment_said(self.accepted_at)}."
        until = f"; pengguna data memeriksa sampai {short_text(self.check_until)}" if self.check_until else ""
        return f"{'Terkirim' if self.by_program else 'Diserahkan'}{until}."

    def parts_said(self) -> tuple[str, ...]:
        """Each part with its size, and when the mail server took it or why it did not."""
        said = []
        for part in self.parts:
            state = f": {part.state.label}" if part.state else ""
            when = f", {moment_said(part.at)}" if part.state and part.at else ""
            reason = f" ({part.reason.rstrip('.')})" if part.reason and part.state not in OUT else ""
            said.append(f"{part.name}, {size_text(part.size)}{state}{when}{reason}")
        return tuple(said)


def moment_said(moment: datetime) -> str:
    """A moment of the office's clock as the sheet says it: `27 Nov 2026 10.12`."""
    return f"{short_text(moment.date())} {moment:%H.%M}"


def told(attempts: Sequence[Attempt]) -> tuple[Told, ...]:
    """The sheet as papers print it: when, who, what, and below it the parts and the outcome."""
    return tuple(
        Told(
            moment_said(each.at),
            each.officer,
            each.what(),
            " ".join([each.outcome(), *(f"{part}." for part in each.parts_said())]),
        )
        for each in attempts
    )
