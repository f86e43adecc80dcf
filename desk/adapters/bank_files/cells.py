"""What one cell of a bank file says: an amount in sen with its mark, a day, a time of day.

Banks write `1,234.00` and `1.234,00`, `.00`, `(250,000.00)`, `250,000.00 CR`; which sign parts the sen is told by the
cell itself, and where a bank's profile fixes the style a cell in the other style is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from desk.errors import Refused
from desk.rules.dates import parse_date

Cell = Any
"""A cell as its reader gives it: text, a number, a date, a time, a truth value or None."""

YearOf = Callable[[int, int], int | None]
"""Gives the year for a day and a month that stand without one (BCA), or None when the file does not say."""

CREDIT_MARKS = frozenset({"c", "cr", "k", "kr", "kredit", "credit", "+"})
DEBIT_MARKS = frozenset({"d", "db", "dr", "de", "debet", "debit", "-"})
PENDING_MARKS = frozenset({"pend", "pending", "tertunda", "pdng"})


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in sen as written, with the sign its mark or minus gives: +1 credit, -1 debit, 0 unmarked."""

    sen: int
    mark: int = 0

    @property
    def signed_sen(self) -> int:
        """The amount with its sign; unmarked amounts are credits."""
        return -self.sen if self.mark < 0 else self.sen


@dataclass(frozen=True, slots=True)
class Moment:
    """A booking day, with the time of day where the cell holds one."""

    day: date
    time: time | None = None


def text_of(cell: Cell) -> str:
    """Give a cell as text with single blanks; whole numbers of a workbook without `.0`."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """Give a column name without case, accents, blanks and signs: `Tgl. Val.` is `tglval`, `D/K` is `dk`."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(sign for sign in plain.casefold() if sign.isalnum())


# Amounts

_CURRENCY = re.compile(r"(?<![a-z])(?:rp|idr)\.?(?![a-z])\s*", re.IGNORECASE | re.ASCII)
_MARKED = re.compile(
    r"(?P<before>[a-z]{1,6})?[\s:]*(?P<number>[^a-z]*?)\s*(?P<after>[a-z]{1,6})?", re.IGNORECASE | re.ASCII
)
_GROUPED = {
    "point": re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d*)(?:\.(\d*))?"),
    "comma": re.compile(r"(?:\d{1,3}(?:\.\d{3})+|\d*)(?:,(\d*))?"),
}


def read_amount(cell: Cell, decimals: str = "auto") -> Amount | None:
    """Give the amount of a cell, None for an empty one or a dash; ValueError when it is no amount.

    `decimals` is what parts the sen: `point`, `comma` or `auto`, told by the cell.
    """
    if cell is None or isinstance(cell, bool):
        return None
    if isinstance(cell, (int, float)):
        return Amount(round(abs(cell) * 100), -1 if cell < 0 else 0)
    return _amount_of_text(str(cell), decimals)


@lru_cache(maxsize=4096)
def _amount_of_text(text: str, decimals: str) -> Amount | None:
    rest = " ".join(unicodedata.normalize("NFKC", text).replace("−", "-").split())
    if rest in {"", "-", "--", "–"}:
        return None
    found = _MARKED.fullmatch(_CURRENCY.sub("", rest).strip())
    if found is None:
        raise ValueError(f"{text!r} is no amount")
    mark = 0
    for word in (found["before"], found["after"]):
        if word:
            mark = mark_of(word)
    number = found["number"].strip()
    if number.startswith("(") and number.endswith(")"):
        number, mark = number[1:-1].strip(), -1
    elif number[:1] in "+-" or number[-1:] in "+-":
        mark = -1 if "-" in (number[:1], number[-1:]) else (mark or 1)
        number = number.strip("+-").strip()
    return Amount(_sen(number, decimals), mark)


def mark_of(word: str) -> int:
    """Give +1 for a word that marks credits, -1 for debits; ValueError for any other word."""
    folded = word.strip().strip(".").casefold()
    if folded in CREDIT_MARKS:
        return 1
    if folded in DEBIT_MARKS:
        return -1
    raise ValueError(f"{word!r} marks neither credit nor debit")


def _sen(number: str, decimals: str) -> int:
    plain = re.sub(r"(?<=\d)[ '’](?=\d{3}(?!\d))", "", number)
    style = _style(plain) if decimals == "auto" else decimals
    found = _GROUPED[style].fullmatch(plain)
    if found is None or not plain[-1:].isdigit():
        raise ValueError(f"{number!r} is no amount")
    fraction = found[1] or ""
    if fraction[2:].strip("0"):
        raise ValueError(f"{number!r} is finer than one sen")
    whole = plain[: len(plain) - len(fraction) - 1] if found[1] is not None else plain
    return int(re.sub(r"\D", "", whole) or "0") * 100 + int((fraction[:2] + "00")[:2])


def _style(plain: str) -> str:
    """Tell which sign parts the sen: the last one of two kinds, a lone one not followed by exactly three digits."""
    last_point, last_comma = plain.rfind("."), plain.rfind(",")
    if last_point >= 0 and last_comma >= 0:
        return "point" if last_point > last_comma else "comma"
    sign = "." if last_point >= 0 else ","
    place = max(last_point, last_comma)
    if place < 0:
        return "point"
    is_group = plain.count(sign) > 1 or (len(plain) - place - 1 == 3 and 1 <= place <= 3)
    return ("comma" if sign == "." else "point") if is_group else ("point" if sign == "." else "comma")


# Days and times

_TIMED = re.compile(
    r"(?P<day>.+?)(?:[T,\s]\s*(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[AP]M)?\s*(?:WIB|WITA|WIT)?)?",
    re.IGNORECASE,
)
_COMPACT_DAY = re.compile(r"(?P<a>\d{4})(?P<b>\d{2})(?P<c>\d{2})")
_WITHOUT_YEAR = re.compile(r"(?P<day>\d{1,2})\s*[-/ ]\s*(?P<month>\d{1,2}|[A-Za-z]{3,9})")
_MONTH_FIRST = re.compile(r"(?P<month>\d{1,2})\s*[-/.]\s*(?P<day>\d{1,2})\s*[-/.]\s*(?P<year>\d{4}|\d{2})")
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook's day has no zone
_EXCEL_DAYS = range(20_000, 90_000)  # 1954 to 2146


def read_moment(cell: Cell, order: str = "dmy", year_of: YearOf | None = None) -> Moment | None:
    """Give the day (and time) of a cell, None for an empty one; ValueError when it is no day.

    `order` is `dmy` or `mdy` for days written in digits; a leading year is always understood.
    """
    if cell is None or isinstance(cell, bool):
        return None
    if isinstance(cell, datetime):
        return Moment(cell.date(), cell.time().replace(microsecond=0) if cell.time() != time.min else None)
    if isinstance(cell, date):
        return Moment(cell)
    if isinstance(cell, (int, float)):
        return _moment_of_number(cell)
    text = " ".join(str(cell).replace("’", "'").lstrip("'").split())
    if not text:
        return None
    found = _TIMED.fullmatch(text)
    if found is None:
        raise ValueError(f"{cell!r} is no day")
    day = _day_of_text(found["day"].strip(" ,"), order) or _day_without_year(found["day"], year_of)
    if found["hour"] is None:
        return Moment(day)
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].lower() == "pm" else 0)
    return Moment(day, time(hour, int(found["minute"]), int(found["second"] or 0)))


def _moment_of_number(number: float) -> Moment:
    if int(number) not in _EXCEL_DAYS:
        text = text_of(float(number))
        if _COMPACT_DAY.fullmatch(text) and (day := _day_of_text(text, "dmy")):
            return Moment(day)
        raise ValueError(f"{number!r} is no day")
    moment = _EXCEL_EPOCH + timedelta(seconds=round(number * 86_400))
    return Moment(moment.date(), moment.time() if moment.time() != time.min else None)


@lru_cache(maxsize=4096)
def _day_of_text(text: str, order: str) -> date | None:
    """Give the day, None when the year is missing; ValueError when it is no day."""
    if found := _COMPACT_DAY.fullmatch(text):
        year, month, day = int(found["a"]), int(found["b"]), int(found["c"])
        if not 1900 <= year <= 2199:  # 31102026
            day, month, year = int(text[:2]), int(text[2:4]), int(text[4:])
        return date(year, month, day)
    if _WITHOUT_YEAR.fullmatch(text):
        return None
    if order == "mdy" and (found := _MONTH_FIRST.fullmatch(text)):
        text = f"{found['day']}/{found['month']}/{found['year']}"
    try:
        return parse_date(text)
    except Refused as refused:
        raise ValueError(str(refused)) from None


def _day_without_year(text: str, year_of: YearOf | None) -> date:
    found = _WITHOUT_YEAR.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no day")
    try:
        leap_day = parse_date(f"{found['day']} {found['month']} 2000")  # tells the month of a word; 2000 is a leap year
    except Refused as refused:
        raise ValueError(str(refused)) from None
    year = year_of(leap_day.day, leap_day.month) if year_of else None
    if year is None:
        raise ValueError(f"{text!r} has no year")
    return leap_day.replace(year=year)


_CLOCK = re.compile(
    r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*(AM|PM)?(?:\s*(?:WIB|WITA|WIT))?", re.IGNORECASE
)


def read_time(cell: Cell) -> time | None:
    """Give the time of a cell of its own: `13.42.45`, `13:42`, `082644`, `82644`; None when it is empty or none."""
    if isinstance(cell, datetime):
        return cell.time().replace(microsecond=0)
    if isinstance(cell, time):
        return cell.replace(microsecond=0)
    if isinstance(cell, timedelta):
        return (_EXCEL_EPOCH + cell).time().replace(microsecond=0)
    if isinstance(cell, float) and 0 <= cell < 1:
        return (_EXCEL_EPOCH + timedelta(seconds=round(cell * 86_400))).time()
    text = text_of(cell)
    if found := _CLOCK.fullmatch(text):
        hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
        if found[4]:
            hour = hour % 12 + (12 if found[4].lower() == "pm" else 0)
    elif text.isascii() and text.isdigit() and 1 <= len(text) <= 6:
        hour, minute, second = (int(part) for part in re.findall("..", text.zfill(6)))
    else:
        return None
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None
