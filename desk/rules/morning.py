"""The morning sheet: what is late, due today or on the next working day, lent, to be reminded of, in one's hands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from desk.rules.case import State
from desk.rules.dates import DAYS, date_text, short_text
from desk.rules.deadlines import urgency_text
from desk.rules.desks import DueOf


class MorningPart(State):
    """Why a case stands on the sheet; a case stands under the first that fits."""

    LATE = "late", "Lewat jatuh tempo"
    TODAY = "today", "Jatuh tempo hari ini"
    NEXT = "next", "Jatuh tempo hari kerja berikutnya"
    LOAN = "loan", "Naskah asli yang dipinjam, kembali"
    REMIND = "remind", "Ingatkan pengguna data"
    DECIDE = "decide", "Perlu keputusan penyelia"
    MINE = "mine", "Dipegang saya"


@dataclass(frozen=True, slots=True)
class MorningRow:
    """One case on the sheet, or one lent original of a case (`paper`); `holder` is who holds it, empty for nobody."""

    office_id: int
    id: UUID
    number: str
    customer_name: str
    due_on: date | None
    due_of: DueOf | None
    why: str
    holder: str
    part: MorningPart
    paper: str = ""


@dataclass(frozen=True, slots=True)
class MorningSheet:
    """The sheet of one person for one day."""

    day: date
    next_day: date
    rows: tuple[MorningRow, ...]

    def of(self, part: MorningPart) -> tuple[MorningRow, ...]:
        """The rows of one part, as they stand."""
        return tuple(row for row in self.rows if row.part is part)

    @property
    def summary(self) -> str:
        """`2 lewat · 1 hari ini · …`; only what there is."""
        words = {
            MorningPart.LATE: "lewat", MorningPart.TODAY: "hari ini", MorningPart.NEXT: "hari kerja berikutnya",
            MorningPart.LOAN: "pinjaman", MorningPart.REMIND: "pengingat", MorningPart.DECIDE: "perlu keputusan",
            MorningPart.MINE: "dipegang saya",
        }  # fmt: skip
        counted = [f"{len(self.of(part))} {word}" for part, word in words.items() if self.of(part)]
        return " · ".join(counted) or "Tidak ada yang jatuh tempo hari ini."


def part_of(
    due_on: date | None, day: date, next_day: date, *, needs_somebody: bool, reminds: bool, decides: bool, mine: bool
) -> MorningPart | None:
    """Where a case stands on the sheet, None when it does not; what waits for the customer is due to nobody here."""
    if due_on is not None and needs_somebody:
        if due_on < day:
            return MorningPart.LATE
        if due_on == day:
            return MorningPart.TODAY
        if due_on <= next_day:
            return MorningPart.NEXT
    if reminds:
        return MorningPart.REMIND
    if decides:
        return MorningPart.DECIDE
    return MorningPart.MINE if mine and needs_somebody else None


def due_words(row: MorningRow, day: date) -> str:
    """`lewat 3 hari, janji layanan`."""
    if row.due_on is None:
        return "–"
    near = urgency_text(row.due_on, day) if (row.due_on - day).days <= 1 else short_text(row.due_on)
    of = row.due_of.label if row.due_of else "pinjaman" if row.paper else ""
    return f"{near}, {of}" if of else near


def morning_context(office: Mapping[str, str], sheet: MorningSheet, name: str) -> dict[str, object]:
    """The fields of the Word template `morning_sheet.docx`."""
    return {
        **office,
        "nama": name,
        "hari": f"{DAYS[sheet.day.weekday()]}, {date_text(sheet.day)}",
        "ringkasan": sheet.summary,
        "bagian": [
            {
                "judul": f"{part.label} ({len(sheet.of(part))})",
                "kosong": "",
                "baris": [
                    {
                        "tempo": due_words(row, sheet.day),
                        "nomor": row.number,
                        "pengguna": row.customer_name,
                        "alasan": row.why,
                        "dipegang": row.holder or "–",
                    }
                    for row in sheet.of(part)
                ],
            }
            for part in _shown(sheet)
        ],
    }


def _shown(sheet: MorningSheet) -> Sequence[MorningPart]:
    return [part for part in MorningPart if sheet.of(part)]


OPTIONAL = ("kop_alamat", "kop_kontak", "kosong", "dipegang", "nama", "bagian", "baris")
"""Fields of the template that may stay empty."""
