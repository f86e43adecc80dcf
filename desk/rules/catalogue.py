"""What can be ordered, found while typing: by name, survey, year, round, and area by BPS code or name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
    """All items with their words made ready once, so that a key press only compares."""

    def __init__(self, choices: Sequence[CatalogueChoice] = ()) -> None:
        self._choices = tuple(choices)
        self._words = [_folded(choice) for choice in self._choices]
        self.by_title = {choice.title: choice for choice in self._choices}

    def find(self, typed: str, limit: int = 12) -> list[CatalogueChoice]:
        """The items that hold every typed word, those whose words begin so first; empty for nothing typed."""
        wanted = [f" {word}" for word in plain_words(typed)]
        if not wanted:
            return []
        begun, inside = [], []
        first = wanted[0].lstrip()
        for choice, words in zip(self._choices, self._words, strict=True):
            if all(word in words for word in wanted):
                begun.append((not words.startswith(f" {first}"), len(words), choice))
            elif len(begun) < limit and all(word.lstrip() in words for word in wanted):
                inside.append((False, len(words), choice))
        ranked = sorted(begun, key=lambda each: each[:2]) + sorted(inside, key=lambda each: each[:2])
        return [choice for *_, choice in ranked[:limit]]

    def named(self, text: str) -> CatalogueChoice | None:
        """The one item that a written name means: its exact name or code, or the only one that holds all its words."""
        tidy = " ".join(text.split())
        if tidy in self.by_title:
            return self.by_title[tidy]
        wanted = " ".join(plain_words(text))
        for choice in self._choices:
            if wanted and wanted in (" ".join(plain_words(choice.title)), " ".join(plain_words(choice.code))):
                return choice
        found = self.find(text, limit=2) if len(wanted) > 3 else []
        return found[0] if len(found) == 1 else None

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


def _folded(choice: CatalogueChoice) -> str:
    parts = (choice.survey, choice.title, choice.code, choice.area_code, choice.area_name, choice.level)
    year = "" if choice.year is None else str(choice.year)
    words = plain_words(" ".join((*parts, year)))
    return f" {' '.join(dict.fromkeys(words))} "
