"""Numbers and bullets: which text stands before a numbered paragraph, counted in the order of the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desk.adapters.paper.markup import (
    Props,
    attribute,
    child_value,
    integer,
    is_on,
    paragraph_props,
    run_props,
)
from desk.adapters.word_package import W

if TYPE_CHECKING:
    from lxml.etree import _Element

SYMBOLS = {
    "\uf0b7": "•", "\uf0a7": "▪", "\uf0a8": "□", "\uf0d8": "➢", "\uf0fc": "✓", "\uf076": "❖", "\uf0e0": "→",
    "\uf0d2": "®", "\uf02d": "–", "\uf06f": "o", "\uf0be": "—", "\uf06e": "■", "\uf0fe": "☒", "\uf071": "❑",
}  # fmt: skip
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: how its number is written and where it stands."""

    start: int = 1
    kind: str = "decimal"
    text: str = ""
    follow: str = "tab"
    align: str = "left"
    restart_after: int | None = None
    legal: bool = False
    paragraph: Props = field(default_factory=dict)
    run: Props = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Label:
    """The written number of one paragraph."""

    text: str
    level: Level


class Numbering:
    """Counts the lists of one file."""

    def __init__(self, root: _Element | None) -> None:
        self._levels: dict[str, dict[int, Level]] = {}
        self._abstract_of: dict[str, str] = {}
        self._starts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._seen: set[str] = set()
        if root is None:
            return
        abstracts = {attribute(item, "abstractNumId") or "": item for item in root.findall(W + "abstractNum")}
        linked = {child_value(item, "styleLink"): key for key, item in abstracts.items()}
        for number in root.findall(W + "num"):
            number_id, abstract_id = attribute(number, "numId") or "", child_value(number, "abstractNumId") or ""
            abstract = abstracts.get(abstract_id)
            link = child_value(abstract, "numStyleLink")
            if link is not None and link in linked:
                abstract_id = linked[link]
                abstract = abstracts[abstract_id]
            levels = _levels(abstract)
            for override in number.findall(W + "lvlOverride"):
                depth = integer(attribute(override, "ilvl"))
                if (replaced := override.find(W + "lvl")) is not None:
                    levels[depth] = _level(replaced)
                if (start := child_value(override, "startOverride")) is not None:
                    self._starts.setdefault(number_id, {})[depth] = integer(start, 1)
            self._levels[number_id] = levels
            self._abstract_of[number_id] = abstract_id

    def level(self, number_id: str | None, depth: int) -> Level | None:
        """The level that a paragraph with this list and depth has, or None when it is in no list."""
        return self._levels.get(number_id, {}).get(depth) if number_id not in {None, "0"} else None

    def count(self, number_id: str, depth: int) -> Label | None:
        """The label of the next paragraph of the list; counts on."""
        level = self.level(number_id, depth)
        if level is None:
            return None
        counts = self._counts.setdefault(self._abstract_of[number_id], {})
        if number_id not in self._seen:
            self._seen.add(number_id)
            for overridden, start in self._starts.get(number_id, {}).items():
                counts[overridden] = start - 1
        counts[depth] = counts.get(depth, level.start - 1) + 1
        levels = self._levels[number_id]
        for deeper in [key for key in counts if key > depth]:
            after = levels[deeper].restart_after if deeper in levels else None
            if after is None or (after != 0 and depth < after):
                del counts[deeper]
        return Label(self._written(levels, counts, level), level)

    @staticmethod
    def _written(levels: dict[int, Level], counts: dict[int, int], level: Level) -> str:
        if level.kind == "none":
            return ""
        if level.kind == "bullet":
            return "".join(
                SYMBOLS.get(letter, "•" if "\uf000" <= letter <= "\uf0ff" else letter) for letter in level.text
            )
        text = level.text
        for depth in range(9):
            place = f"%{depth + 1}"
            if place in text:
                other = levels.get(depth, Level())
                number = counts.get(depth, other.start)
                text = text.replace(place, written_number(number, "decimal" if level.legal else other.kind))
        return text


def written_number(number: int, kind: str) -> str:
    """A number as a list or a page field writes it: 4, d, D, iv, IV or 04."""
    if kind in {"lowerLetter", "upperLetter"} and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 30)
        return letter.upper() if kind == "upperLetter" else letter
    if kind in {"lowerRoman", "upperRoman"} and 0 < number < 4000:
        text = ""
        for value, letters in _ROMAN:
            text += letters * (number // value)
            number %= value
        return text.upper() if kind == "upperRoman" else text
    if kind == "decimalZero":
        return f"{number:02d}"
    return "" if kind == "none" else str(number)


def _levels(abstract: _Element | None) -> dict[int, Level]:
    items = abstract.findall(W + "lvl") if abstract is not None else []
    return {integer(attribute(item, "ilvl")): _level(item) for item in items}


def _level(item: _Element) -> Level:
    restart = child_value(item, "lvlRestart")
    return Level(
        integer(child_value(item, "start"), 1) if item.find(W + "start") is not None else 0,
        child_value(item, "numFmt") or "decimal",
        child_value(item, "lvlText") or "",
        child_value(item, "suff") or "tab",
        {"start": "left", "end": "right"}.get(
            child_value(item, "lvlJc") or "left", child_value(item, "lvlJc") or "left"
        ),
        None if restart is None else integer(restart),
        is_on(item, "isLgl"),
        paragraph_props(item.find(W + "pPr")),
        run_props(item.find(W + "rPr")),
    )
