"""What can be ordered, found while typing: by name, survey, year, round, and area by BPS code or name."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import overload


@dataclass(frozen=True, slots=True)
class CatalogueChoice:
    """One item of the catalogue: typing parts of it in any order finds it."""

    code: str
    title: str
    tariff: str = ""
    size: int = 0
    """How much of it there is, in what its tariff counts; 0 when it is not known."""
    survey: str = ""
    year: int | None = None
    area_code: str = ""
    area_name: str = ""
    level: str = ""

    @property
    def area(self) -> str:
        """The area with its BPS code, empty for the whole country or when the catalogue does not say."""
        return f"{self.area_code} {self.area_name}".strip() if self.area_code not in ("", "0000") else ""

    @property
    def shown(self) -> str:
        """The name as a list shows it: with the area where the name itself does not tell it."""
        told = not self.area or self.area_name.casefold() in self.title.casefold()
        return self.title if told else f"{self.title} · {self.area}"


class Catalogue(Sequence[CatalogueChoice]):
    """All items with their words made ready once in one text, so that a key press only looks into it.

    The items stand in it from the shortest to the longest: what is found first is what a list shows first.
    """

    def __init__(self, choices: Sequence[CatalogueChoice] = ()) -> None:
        self._choices = tuple(choices)
        words = _plain([_told(choice) for choice in self._choices])
        order = sorted(range(len(words)), key=lambda at: len(words[at]))
        self._ordered = [self._choices[at] for at in order]
        records = [f"\n {words[at]} " for at in order]
        self._text = "".join(records)
        self._starts = [0, *accumulate(map(len, records))]  # where each item begins; the last one is the end
        self.by_title = {choice.title: choice for choice in self._choices}
        self._by_plain: dict[str, CatalogueChoice] = {}
        titles, codes = _plain([each.title for each in self._choices]), _plain([each.code for each in self._choices])
        for choice, title, code in zip(self._choices, titles, codes, strict=True):
            self._by_plain.setdefault(title, choice)
            self._by_plain.setdefault(code, choice)
        self._titles = sorted(
            ((title, choice) for title, choice in zip(titles, self._choices, strict=True) if title),
            key=lambda named: -len(named[0]),
        )

    def find(self, typed: str, limit: int = 12) -> list[CatalogueChoice]:
        """The items that hold every typed word, those whose words begin so first; empty for nothing typed."""
        words = plain_words(typed)
        if not words:
            return []
        beginnings = [f" {word}" for word in words]
        found: dict[int, None] = {}
        for first, wanted in (
            (f"\n{beginnings[0]}", beginnings),  # the item begins with what was typed first
            (self._rarest(beginnings), beginnings),
            (self._rarest(words), words),
        ):
            for at in self._holding(first, wanted):
                found[at] = None
                if len(found) == limit:
                    return [self._ordered[each] for each in found]
        return [self._ordered[each] for each in found]

    def named(self, text: str) -> CatalogueChoice | None:
        """The one item that a written name means: its exact name or code, or the only one that holds all its words."""
        tidy = " ".join(text.split())
        if tidy in self.by_title:
            return self.by_title[tidy]
        wanted = " ".join(plain_words(text))
        if wanted and wanted in self._by_plain:
            return self._by_plain[wanted]
        found = self.find(text, limit=2) if len(wanted) > 3 else []
        return found[0] if len(found) == 1 else None

    def named_in(self, text: str) -> list[CatalogueChoice]:
        """The items that a letter names in full, in its order; a longer name hides the shorter ones inside it."""
        plain = f" {' '.join(plain_words(text))} "
        found: list[tuple[int, CatalogueChoice]] = []
        for title, choice in self._titles:
            at = plain.find(f" {title} ")
            if at >= 0:
                found.append((at, choice))
                plain = plain.replace(f" {title} ", f" {'_' * len(title)} ")
        return [choice for _, choice in sorted(found, key=lambda pair: pair[0])]

    def _rarest(self, words: Sequence[str]) -> str:
        return words[0] if len(words) == 1 else min(words, key=self._text.count)

    def _holding(self, first: str, wanted: Sequence[str]) -> Iterator[int]:
        """The places of the items that hold `first` and everything wanted, in order."""
        text, starts = self._text, self._starts
        at = text.find(first)
        while at >= 0:
            item = bisect_right(starts, at) - 1
            begin, end = starts[item], starts[item + 1]
            if all(text.find(word, begin, end) >= 0 for word in wanted):
                yield item
            at = text.find(first, end)

    @overload
    def __getitem__(self, at: int) -> CatalogueChoice: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[CatalogueChoice]: ...
    def __getitem__(self, at: int | slice) -> CatalogueChoice | Sequence[CatalogueChoice]:
        return self._choices[at]

    def __len__(self) -> int:
        return len(self._choices)

    def __iter__(self) -> Iterator[CatalogueChoice]:
        return iter(self._choices)


def plain_words(text: str) -> list[str]:
    """Letters and digits alone, small."""
    return re.findall(r"[^\W_]+", text.casefold())


_BETWEEN = re.compile("(?:[^\\w\0]|_)+")


def _plain(texts: Sequence[str]) -> list[str]:
    """`plain_words` of each text, joined by one blank; of all at once, for ten thousand one by one would be felt.

    No text holds the NUL between them: PostgreSQL keeps none.
    """
    return [each.strip() for each in _BETWEEN.sub(" ", "\0".join(texts).casefold()).split("\0")] if texts else []


def _told(choice: CatalogueChoice) -> str:
    year = "" if choice.year is None else choice.year
    return f"{choice.survey} {choice.title} {choice.code} {choice.area_code} {choice.area_name} {choice.level} {year}"
