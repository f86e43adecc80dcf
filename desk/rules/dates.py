"""Dates and times as Indonesian offices write them, and what people type into a date field."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime
from zoneinfo import ZoneInfo

from desk.errors import Refused

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
MONTHS_SHORT = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
DAYS_SHORT = ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min")

ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
"""The three time zones of Indonesia: what an office says, and the name the computer knows."""

_OTHER_MONTH_WORDS = {
    "peb": 2, "pebruari": 2, "agt": 8, "ags": 8, "agus": 8, "agust": 8, "sept": 9, "nop": 11, "nopember": 11,
    "january": 1, "february": 2, "march": 3, "may": 5, "june": 6, "july": 7, "aug": 8, "august": 8,
    "oct": 10, "october": 10, "dec": 12, "december": 12,
}  # fmt: skip
_MONTH_WORDS = (
    {name.lower(): number for number, name in enumerate(MONTHS, 1)}
    | {name.lower(): number for number, name in enumerate(MONTHS_SHORT, 1)}
    | _OTHER_MONTH_WORDS
)
_DAY_WORDS = frozenset(name.lower() for name in (*DAYS, *DAYS_SHORT, "Jum'at", "Ahad"))

_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\s*[-/. ]\s*([0-9]{1,2}|[a-z]+)\.?\s*[-/. ,]\s*([0-9]{4}|[0-9]{2})")
_EARLIEST_YEAR, _LATEST_YEAR = 1900, 2199


def date_text(day: date) -> str:
    """Give the date as papers print it: `21 November 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_text(day: date) -> str:
    """Give the date for narrow places: `21 Nov 2026`."""
    return f"{day.day} {MONTHS_SHORT[day.month - 1]} {day.year}"


def day_text(day: date) -> str:
    """Give the date with its short weekday, as due dates stand on screen: `Rab 30 Des 2026`."""
    return f"{DAYS_SHORT[day.weekday()]} {short_text(day)}"


def month_text(day: date) -> str:
    """Give the month a date lies in, as reports are headed: `November 2026`."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def time_text(moment: datetime, zone: str) -> str:
    """Give the clock time at the office, Indonesian style with a dot: `10.42`. See `local_moment` for the zone."""
    return local_moment(moment, zone).strftime("%H.%M")


def parse_date(text: str) -> date:
    """Give the date a person typed: `21/11/2026`, `21-11-26`, `21 Nov 2026`, `Sabtu, 21 November 2026`, `2026-11-21`.

    The day comes first unless the year does. Two digits of a year mean 2000–2099: the desk dates letters, payments and
    stamps, not births. A day that does not exist, or text that is no date, raises Refused with a sentence.
    """
    typed = " ".join(text.split())
    if not typed:
        raise Refused("Tanggal belum diisi. Tulis misalnya 21/11/2026.")
    plain = typed.lower()
    weekday, _, rest = plain.replace(",", " ").partition(" ")
    if weekday in _DAY_WORDS:
        plain = rest.strip()
    if found := _YEAR_FIRST.fullmatch(plain):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DAY_FIRST.fullmatch(plain):
        day, year = int(found[1]), int(found[3])
        month = int(found[2]) if found[2].isdigit() else _MONTH_WORDS.get(found[2], 0)
        year += 2000 if len(found[3]) == 2 else 0
        if not found[2].isdigit() and not month:
            raise Refused(f"Bulan “{found[2]}” tidak dikenal. Tulis misalnya 21 November 2026.")
    else:
        raise Refused(f"Tanggal “{typed[:40]}” tidak dapat dibaca. Tulis tanggal, bulan, dan tahun: 21/11/2026.")
    if not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
        raise Refused(f"Tahun {year} tidak wajar. Periksa kembali tahunnya.")
    if not 1 <= month <= 12:
        raise Refused(f"Bulan {month} tidak ada. Urutannya tanggal, bulan, tahun: 21/11/2026.")
    if not 1 <= day <= monthrange(year, month)[1]:
        raise Refused(f"Tanggal {day} {MONTHS[month - 1]} {year} tidak ada. Periksa kembali tanggalnya.")
    return date(year, month, day)


def add_months(day: date, months: int) -> date:
    """Give the same day so many months later (earlier when negative), clamped to the month's end: 31 Jan + 1 is 28 Feb.

    Both service standards let an invoice live one month.
    """
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def local_moment(moment: datetime, zone: str) -> datetime:
    """Give the moment on the office's clock. The zone is `WIB`, `WITA`, `WIT` or an IANA name.

    Raises ValueError for a moment without zone (nobody knows which day that is) and Refused for an unknown zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} carries no time zone")
    return moment.astimezone(zone_of(zone))


def local_date(moment: datetime, zone: str) -> date:
    """Give the date the office's wall calendar shows at the moment: 31 Dec 2026 18:30 UTC is 1 Jan 2027 in Jakarta."""
    return local_moment(moment, zone).date()


def local_year(moment: datetime, zone: str) -> int:
    """Give the year whose numbers an office issues at the moment; see `local_date`."""
    return local_date(moment, zone).year


def zone_of(zone: str) -> ZoneInfo:
    """Give the zone for `WIB`, `WITA`, `WIT` or one of their IANA names; any other text raises Refused."""
    name = ZONES.get(zone.strip().upper(), zone.strip())
    if name not in ZONES.values():
        raise Refused(f"Zona waktu “{zone}” tidak dikenal. Pilih WIB, WITA, atau WIT.")
    return ZoneInfo(name)
