"""Payment codes in transfer remarks: whole ones however they are spelt, cut and damaged ones, and foreign ones.

Payers write `INV-1600-26-0094` as `inv 1600 26 0094`, `INV1600260094` or glued to other words, and banks cut remarks at
18 to 20 characters. Codes are compared without case, blanks and signs; a digit more or less is another code.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

_SIGNS = re.compile(r"[^a-z0-9]+")
_GAP = r"[^a-z0-9]{0,3}"
_SHORTEST_FRAGMENT = 3
_SHORTEST_BARE_NUMBER = 8
"""Digits that stand without their letters are a code only when they are many; short numbers mean anything."""


@dataclass(frozen=True, slots=True)
class CodesFound:
    """What a remark says: `whole` codes (places of their owners), `loose` when one runs on into more digits,
    `foreign` codes that look right and belong to nobody, `fragments` of digits behind the letters of a code, and
    `bare` owners whose code stands without its letters.
    """

    whole: tuple[tuple[int, ...], ...] = ()
    loose: bool = False
    foreign: tuple[str, ...] = ()
    fragments: tuple[str, ...] = ()
    bare: frozenset[int] = frozenset()


class CodeBook:
    """Finds the codes of many invoices in a remark; the cost does not grow with the number of invoices."""

    def __init__(self, codes: Iterable[tuple[str, int]]) -> None:
        self._owners: dict[str, list[int]] = {}
        self._bare: dict[str, set[int]] = {}
        self._digits: dict[int, list[str]] = {}
        shapes: set[str] = set()
        prefixes: set[str] = set()
        for code, owner in codes:
            plain = compact(code)
            if not any(sign.isdigit() for sign in plain):
                continue
            owners = self._owners.setdefault(plain, [])
            if owner not in owners:
                owners.append(owner)
            shapes.add(re.sub(r"[0-9]", "0", plain))
            digits = re.sub(r"[^0-9]", "", plain)
            self._digits.setdefault(owner, []).append(digits)
            if len(digits) >= _SHORTEST_BARE_NUMBER:
                self._bare.setdefault(digits, set()).add(owner)
            if (letters := re.match(r"[a-z]{3,}", plain)) is not None:
                prefixes.add(letters[0])
        self._sorted = sorted((digits, owner) for owner, all_digits in self._digits.items() for digits in all_digits)
        self._shapes = [_pattern(shape) for shape in sorted(shapes, key=len, reverse=True)]
        joined = "|".join(sorted(prefixes, key=len, reverse=True))
        self._prefix = re.compile(rf"(?:{joined})(?:oice)?(?=[^a-z0-9]{{0,3}}[0-9])") if prefixes else None

    def find(self, text: str) -> CodesFound:
        """Give what the remark says about codes."""
        folded = fold(text)
        whole: dict[tuple[int, ...], bool] = {}
        foreign: list[tuple[int, int, str]] = []
        taken: list[tuple[int, int]] = []
        for pattern in self._shapes:
            for found in pattern.finditer(folded):
                owners = self._owners.get(compact(found[0]))
                if owners:
                    is_loose = re.match(r"[-/.][0-9]", folded[found.end() : found.end() + 2]) is not None
                    key = tuple(owners)
                    whole[key] = whole.get(key, True) and is_loose
                    taken.append(found.span())
                else:
                    foreign.append((*found.span(), compact(found[0])))
        strange = [code for start, end, code in foreign if not _touches(start, end, taken)]
        seen = taken + [(start, end) for start, end, _ in foreign]
        return CodesFound(
            whole=tuple(whole),
            loose=any(whole.values()),
            foreign=tuple(dict.fromkeys(strange)),
            fragments=tuple(dict.fromkeys(self._fragments(folded, seen))),
            bare=frozenset() if whole else self._bare_owners(folded),
        )

    def fits(self, owner: int, fragments: Iterable[str]) -> bool:
        """Whether one of the fragments can be what is left of a code of this owner."""
        return any(_is_part(fragment, digits) for fragment in fragments for digits in self._digits.get(owner, ()))

    def beginning_with(self, fragments: Iterable[str], most: int) -> list[int]:
        """Give owners of codes that begin with one of the fragments, at most so many for each."""
        found: dict[int, None] = {}
        for fragment in fragments:
            start = bisect_left(self._sorted, (fragment, -1))
            for digits, owner in self._sorted[start : start + most]:
                if not digits.startswith(fragment):
                    break
                found[owner] = None
        return list(found)

    def _fragments(self, folded: str, seen: list[tuple[int, int]]) -> list[str]:
        if self._prefix is None:
            return []
        found: list[str] = []
        for start in self._prefix.finditer(folded):
            if not _touches(start.start(), start.end(), seen):
                found += _digit_runs(folded[start.end() : start.end() + 48])
        return [fragment for fragment in found if len(fragment) >= _SHORTEST_FRAGMENT]

    def _bare_owners(self, folded: str) -> frozenset[int]:
        owners: set[int] = set()
        for run in re.finditer(r"[0-9]+(?:[-/. ][0-9]+)*", folded):
            groups = re.findall(r"[0-9]+", run[0])[:12]
            for start in range(len(groups)):
                for end in range(start + 1, len(groups) + 1):
                    owners |= self._bare.get("".join(groups[start:end]), set())
        return frozenset(owners)


def fold(text: str) -> str:
    """Give the text in small letters and plain digits, other scripts' forms of them included."""
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold()


def compact(text: str) -> str:
    """Give only the letters a–z and digits of a text."""
    return _SIGNS.sub("", fold(text))


def _pattern(shape: str) -> re.Pattern[str]:
    parts = [
        _GAP.join(r"[0-9]" for _ in run) if run[0] == "0" else re.escape(run) for run in re.findall("0+|[a-z]+", shape)
    ]
    before = r"(?<![0-9])" if shape[0] == "0" else ""
    after = r"(?![0-9])" if shape[-1] == "0" else r"(?![a-z])"
    return re.compile(before + _GAP.join(parts) + after)


def _touches(start: int, end: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start < other_end and other_start < end for other_start, other_end in spans)


def _digit_runs(tail: str) -> list[str]:
    """Give the digits that follow the letters of a code: all of them, and without a last number behind a blank.

    O and l or I between digits are read as 0 and 1; letters of a word that follows end the run.
    """
    digits, before_blank = "", ""
    for gap, token in re.findall(r"([^a-z0-9]*)([a-z0-9]+)", tail):
        clean = token.translate(str.maketrans("oil", "011"))
        is_number = re.fullmatch(r"[0-9]+", clean) is not None and any(sign.isdigit() for sign in token)
        leading = clean if is_number else (re.match(r"[0-9]*", token) or [""])[0]
        if len(gap) > 3 or not leading:
            break
        if " " in gap and digits:
            before_blank = digits
        digits += leading
        if not is_number:
            break
    return [run for run in (digits, before_blank) if run]


def _is_part(fragment: str, digits: str) -> bool:
    if digits.startswith(fragment) or (len(fragment) <= 6 and digits.endswith(fragment.zfill(4))):
        return True
    return len(fragment) >= _SHORTEST_BARE_NUMBER and is_one_slip(fragment, digits)


def is_one_slip(one: str, other: str) -> bool:
    """Whether two texts differ by one sign that is wrong, missing, too many, or swapped with its neighbour."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return one == other
    start = next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rest_one, rest_other = one[start:], other[start:]
    if len(one) == len(other):
        return rest_one[1:] == rest_other[1:] or (
            rest_one[:2] == rest_other[:2][::-1] and rest_one[2:] == rest_other[2:]
        )
    longer, shorter = sorted((rest_one, rest_other), key=len, reverse=True)
    return longer[1:] == shorter
