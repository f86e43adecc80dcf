"""The columns of every list of cases, the usual ones and those that a person may add."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from desk.rules.claims import until_text
from desk.rules.dates import short_text
from desk.ui import tracks
from desk.ui.due import due_text, due_tone
from desk.ui.table import Column, Look

if TYPE_CHECKING:
    from datetime import date

    from desk.services.queues import QueueRow

UNREAD_WORDS = "ada yang baru sejak Anda lihat"


def nobody(_row: QueueRow) -> str:
    """Nobody else is in a case."""
    return ""


def queue_columns(
    today: Callable[[], date],
    several_offices: Callable[[], bool],
    login: str = "",
    *,
    others_in: Callable[[QueueRow], str] = nobody,
    unread: Callable[[QueueRow], bool] = lambda row: row.unread,
) -> tuple[Column[QueueRow], ...]:
    """The columns of every list of cases, for the person with this login; `others_in` says who else is in a case."""

    def about(row: QueueRow) -> str:
        office = row.office_code if several_offices() else ""
        return " · ".join(part for part in (others_in(row), office, row.institution) if part)

    return (
        Column(
            "Jatuh tempo",
            text=lambda row: due_text(row.due_on, today()),
            tone=lambda row: due_tone(row.due_on, row.warned),
            second=lambda row: row.due_of.label if row.due_of and row.due_on else "",
            sort=lambda row: row.due_on,
            look=Look.PILL,
            width=118,
        ),
        Column(
            "Pengguna data",
            text=lambda row: row.customer_name,
            second=about,
            mark=lambda row: UNREAD_WORDS if unread(row) else "",
            sort=lambda row: row.customer_name.casefold(),
            look=Look.STRONG,
            width=140,
            share=2,
        ),
        Column(
            "Mengapa di sini",
            text=lambda row: _why(row, login, today()),
            sort=lambda row: row.why.casefold(),
            wrap=True,
            reason=True,
            width=180,
            share=3,
        ),
        Column(
            "Kanal",
            text=lambda row: row.channel.label,
            sort=lambda row: row.channel.label.casefold(),
            look=Look.MUTED,
            wrap=True,
            width=88,
            spare=1,
        ),
        Column(
            "Uang · Naskah · Data",
            text=lambda row: tracks.spoken(_bars(row)),
            bars=_bars,
            look=Look.BARS,
            width=176,
        ),
        Column("Nomor", lambda row: row.number, lambda row: row.number, look=Look.MUTED, width=186, extra=True),
        Column(
            "Instansi", lambda row: row.institution, lambda row: row.institution.casefold(), wrap=True, width=130,
            share=1, extra=True,
        ),
        Column(
            "Dipegang", lambda row: row.holder.name.partition(",")[0] if row.holder else "",
            lambda row: row.holder.name.casefold() if row.holder else None, look=Look.MUTED, wrap=True, width=110,
            extra=True,
        ),
        Column(
            "Berubah", lambda row: short_text(row.changed_at.date()), lambda row: row.changed_at, look=Look.MUTED,
            width=100, extra=True,
        ),
    )  # fmt: skip


def _why(row: QueueRow, login: str, today: date) -> str:
    """Why the row is here, and who has it in hand; a finished case waits nowhere and says how it ended."""
    if row.holder is None:
        return row.why
    who = "Anda" if row.holder.login == login else row.holder.name.partition(",")[0]  # without the degrees behind it
    return f"{who} s.d. {until_text(row.holder, today)} · {row.why}"


def _bars(row: QueueRow) -> tuple[tracks.Bar, ...]:
    return tracks.bars(row.money, row.original, row.data)
