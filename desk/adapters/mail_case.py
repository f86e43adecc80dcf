"""What the desk knows before a mail comes in, and the marks of a case in a mail: numbers and Message-IDs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DEFAULT_CASE_PATTERN = "PST-<office>-<year>-<6 digits>"


@dataclass(frozen=True)
class KnownCase:
    """A case that exists: its number, the customer's name and mail address."""

    case_number: str
    person: str = ""
    address: str = ""


@dataclass(frozen=True)
class Known:
    """What the desk knows before a mail comes in; answers "which case?" without touching the database."""

    cases: Mapping[str, KnownCase] = field(default_factory=dict)
    """By case number."""
    sent: Mapping[str, str] = field(default_factory=dict)
    """Message-IDs that the office has sent, without angle brackets, and the case number of each."""
    office_address: str = ""
    case_pattern: str = DEFAULT_CASE_PATTERN

    @classmethod
    def of(
        cls,
        cases: Iterable[KnownCase] = (),
        sent: Mapping[str, str] | None = None,
        *,
        office_address: str = "",
        case_pattern: str = DEFAULT_CASE_PATTERN,
    ) -> Known:
        """Known from plain lists; angle brackets around Message-IDs may stay."""
        return cls(
            {case.case_number.upper(): case for case in cases},
            {bare_id(key): number.upper() for key, number in (sent or {}).items()},
            office_address.casefold(),
            case_pattern,
        )


@dataclass(frozen=True)
class CaseMatch:
    """The case that a mail belongs to and where that was seen (`subject`, `in-reply-to`, `references`, `body` …)."""

    case_number: str
    found_in: str


def case_number_pattern(pattern: str) -> re.Pattern[str]:
    """What finds case numbers written like `PST-<office>-<year>-<6 digits>`, in any case and with any dash."""
    parts = []
    for piece in re.split(r"(<[^<>]+>|[-–—/. ])", pattern):
        digits = re.fullmatch(r"<(\d+) digits>", piece)
        if digits:
            parts.append(rf"\d{{{digits[1]}}}")
        elif piece == "<office>":
            parts.append(r"\d{4}")
        elif piece == "<year>":
            parts.append(r"20\d\d")
        elif piece in {"-", "–", "—"}:
            parts.append(r"[ \t]?[-‐‑‒–—_][ \t]?")
        else:
            parts.append(re.escape(piece))
    return re.compile(r"(?<![A-Za-z0-9])" + "".join(parts) + r"(?![0-9])", re.IGNORECASE | re.ASCII)


def tidy_number(text: str) -> str:
    """A case number as found, in capitals and with plain dashes."""
    return re.sub(r"[ \t]?[-‐‑‒–—_][ \t]?", "-", text).upper()


def message_ids(value: str) -> list[str]:
    """Every Message-ID of a header, with angle brackets."""
    return re.findall(r"<[^<>\s]{1,900}>", value) or [f"<{word}>" for word in value.split() if "@" in word]


def first_message_id(value: str) -> str | None:
    """The first Message-ID, or whatever else stands there, or None."""
    return next(iter(message_ids(value)), value or None)


def bare_id(value: str) -> str:
    """A Message-ID without angle brackets: what is compared."""
    return value.strip().strip("<>")
