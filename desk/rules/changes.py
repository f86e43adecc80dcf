"""What changed in a request between its going back to the customer and now: part by part, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from desk.rules.case import Abstract, LineFacts

PARTS = (
    ("title", "Judul"),
    ("background", "Latar belakang"),
    ("purpose", "Tujuan"),
    ("method", "Metode"),
    ("planned_output", "Rancangan hasil"),
)


@dataclass(frozen=True, slots=True)
class CopiedLine:
    """One requested item as it was."""

    title: str
    detail: str
    tariff: str
    quantity: int


@dataclass(frozen=True, slots=True)
class CopiedRequest:
    """A request as it was when it went back: on which day, what was asked of the customer, abstraksi and lines."""

    on: date
    asked: str
    abstract: Abstract
    lines: tuple[CopiedLine, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of one side; `changed` where the other side has others."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class ChangedText:
    """A part of the abstraksi on both sides."""

    label: str
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A requested item on both sides; one of them is None for an item that came or went."""

    old: CopiedLine | None
    new: CopiedLine | None


@dataclass(frozen=True, slots=True)
class RequestChanges:
    """Everything that differs; nothing in it means that the request is as it was."""

    texts: tuple[ChangedText, ...]
    lines: tuple[ChangedLine, ...]

    def __bool__(self) -> bool:
        return bool(self.texts or self.lines)


def request_changes(before: CopiedRequest, abstract: Abstract, lines: tuple[LineFacts, ...]) -> RequestChanges:
    """What differs between the copy and the request as it stands."""
    texts = []
    for name, label in PARTS:
        old, new = getattr(before.abstract, name).strip(), getattr(abstract, name).strip()
        if old != new:
            texts.append(ChangedText(label, *word_changes(old, new)))
    now = tuple(CopiedLine(line.title, line.detail, line.tariff, line.quantity) for line in lines)
    return RequestChanges(tuple(texts), _line_changes(before.lines, now))


def word_changes(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts cut where they differ, word by word, white space kept."""
    left, right = re.findall(r"\s+|\S+", old), re.findall(r"\s+|\S+", new)
    was: list[Piece] = []
    now: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        changed = kind != "equal"
        if b > a:
            was.append(Piece("".join(left[a:b]), changed))
        if d > c:
            now.append(Piece("".join(right[c:d]), changed))
    return tuple(was), tuple(now)


def _line_changes(old: tuple[CopiedLine, ...], new: tuple[CopiedLine, ...]) -> tuple[ChangedLine, ...]:
    """Lines of the same name belong together, then lines at the same place; what is the same on both sides is left
    out."""
    gone = [line for line in old if line not in new]
    come = [line for line in new if line not in old]
    changed = []
    for line in gone[:]:
        partner = next((one for one in come if one.title.casefold() == line.title.casefold()), None)
        if partner is not None:
            gone.remove(line)
            come.remove(partner)
            changed.append(ChangedLine(line, partner))
    return (
        *changed,
        *(ChangedLine(line, None) for line in gone),
        *(ChangedLine(None, line) for line in come),
    )
