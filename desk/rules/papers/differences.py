"""What differs between two templates, in words that a clerk can check against the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

from desk.rules.papers.fields import FIELDS, Field
from desk.rules.papers.kinds import PaperKind

_TAG = re.compile(r"\{\{-?(?:p|r|tr|tc)?\s*(.*?)\s*-?\}\}|\{%-?(?:p|r|tr|tc)?\s+(.*?)\s*-?%\}")
_WORD = re.compile(r"[A-Za-z_]\w*")
_TEXT = re.compile(r"\"[^\"]*\"|'[^']*'")
_ALIKE = 0.5
"""From this likeness on, a line that went and one that came at its place are one line that was changed."""
_MOST_PAIRS = 2_500
"""A block with more pairs of lines was rewritten; which line became which is nobody's question then."""


class Kind(Enum):
    """What happened to a line or a field."""

    ADDED = "Baru"
    REMOVED = "Hilang"
    CHANGED = "Berubah"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; `before` is empty for what is new, `after` for what is gone."""

    kind: Kind
    before: str = ""
    after: str = ""

    def said(self) -> str:
        """Which words of a changed line went and came, so that nobody has to compare two sentences by eye."""
        before, after = self.before.split(), self.after.split()
        parts = []
        for step, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            gone, come = " ".join(before[a:b]), " ".join(after[c:d])
            if step == "replace":
                parts.append(f"“{gone}” menjadi “{come}”")
            elif step == "delete":
                parts.append(f"“{gone}” dihapus")
            elif step == "insert":
                parts.append(f"“{come}” ditambahkan")
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Differences:
    """The fields and the lines in which two templates differ; empty when only the looks do."""

    fields: tuple[Change, ...]
    lines: tuple[Change, ...]


def differences(kind: PaperKind, before: str, after: str) -> Differences:
    """Compare the texts of two templates of one kind, a line per paragraph."""
    old_fields, new_fields = used_fields(kind, before), used_fields(kind, after)
    fields = [Change(Kind.REMOVED, before=_named(field)) for field in old_fields if field not in new_fields]
    fields += [Change(Kind.ADDED, after=_named(field)) for field in new_fields if field not in old_fields]
    return Differences(tuple(fields), tuple(_changes(_readable(before), _readable(after))))


def used_fields(kind: PaperKind, text: str) -> tuple[Field, ...]:
    """The fields of the palette that the tags of a text use, in the order of the palette."""
    words = {word for tag in _TAG.finditer(text) for word in _WORD.findall(_TEXT.sub("", tag[1] or tag[2] or ""))}
    return tuple(field for field in FIELDS[kind] if field.name in words)


def _named(field: Field) -> str:
    return f"{field.label} ({field.name})"


def _readable(text: str) -> list[str]:
    """The lines that say something; a tag stands as the name of its field, a condition as words."""
    lines = (" ".join(_TAG.sub(_spoken, line).split()) for line in text.splitlines())
    return [line for line in lines if line.strip(" :.…")]


def _spoken(tag: re.Match[str]) -> str:
    if tag[1] is not None:
        return f"‹{tag[1].split('|')[0].strip()}›"
    words = tag[2].split()
    if words[0] == "for" and len(words) >= 4:
        return f"[untuk setiap {words[3]}]"
    said = {"if": "jika", "elif": "atau jika", "else": "jika tidak", "endif": "akhir jika", "endfor": "akhir daftar"}
    rest = " ".join({"not": "tidak ada", "and": "dan", "or": "atau"}.get(word, word) for word in words[1:])
    return f"[{' '.join((said.get(words[0], words[0]), rest)).strip()}]"


def _changes(before: Sequence[str], after: Sequence[str]) -> Iterable[Change]:
    for step, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if step != "equal":
            yield from _paired(before[a:b], after[c:d])


def _paired(gone: Sequence[str], come: Sequence[str]) -> Iterable[Change]:
    """The two lines of the block that are most alike are one changed line; what stands around them likewise."""
    few = gone if len(gone) * len(come) <= _MOST_PAIRS else ()
    alike = [
        (SequenceMatcher(None, old, new, autojunk=False).ratio(), -at, -to)
        for at, old in enumerate(few)
        for to, new in enumerate(come)
    ]
    best = max(alike, default=(0.0, 0, 0))
    if best[0] < _ALIKE:
        yield from (Change(Kind.REMOVED, before=line) for line in gone)
        yield from (Change(Kind.ADDED, after=line) for line in come)
        return
    at, to = -best[1], -best[2]
    yield from _paired(gone[:at], come[:to])
    yield Change(Kind.CHANGED, gone[at], come[to])
    yield from _paired(gone[at + 1 :], come[to + 1 :])
