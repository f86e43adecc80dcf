"""Names of payers in transfer remarks: whole, cut by the bank, or spelt another way.

Banks cut names at about 20 characters, drop signs and titles, put PT behind; people write Muh. for Muhammad and Rizky
for Rizki. A name found whole outranks one that is only cut or similar; those two are equals.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

WHOLE, CUT, SIMILAR, ABSENT = 3, 2, 1, 0
"""How well a name stands in a text."""

_LEGAL_FORMS = frozenset({
    "pt", "cv", "ud", "pd", "fa", "tbk", "persero", "perseroan", "ltd", "limited", "inc", "llc", "co", "corp", "bhd",
    "sdn", "pte", "gmbh",
})  # fmt: skip
_TITLES = frozenset({
    "dr", "drs", "dra", "ir", "prof", "profesor", "h", "hj", "haji", "hajjah", "bpk", "bapak", "ibu", "sdr", "sdri",
    "tn", "ny", "nn", "mr", "mrs", "ms", "kh",
})  # fmt: skip
_DEGREES = frozenset({
    "se", "sh", "st", "ss", "sp", "ssi", "spd", "ssos", "skom", "sst", "sstat", "stp", "skm", "sip", "sikom", "spsi",
    "mm", "mh", "mt", "ma", "msi", "mpd", "mkom", "msc", "mba", "mstat", "mkes", "mec", "mse", "mp", "phd", "akt",
    "amd", "bsc", "ba",
})  # fmt: skip
_COMMON_WORDS = frozenset({
    "universitas", "university", "institut", "institute", "politeknik", "sekolah", "tinggi", "akademi", "fakultas",
    "yayasan", "koperasi", "lembaga", "badan", "dinas", "kantor", "kementerian", "pemerintah", "provinsi", "prov",
    "kabupaten", "kab", "kota", "kecamatan", "negeri", "indonesia", "nasional", "pusat", "bank", "persatuan", "data",
    "survei", "riset", "peta", "jaya", "maju", "nusantara", "sejahtera", "mandiri", "of", "the", "dan", "and",
})  # fmt: skip
_SHORT_FORMS = {
    "muhammad": (
        "m",
        "muh",
        "moh",
        "mhd",
        "mohd",
        "md",
        "muhamad",
        "mohamad",
        "mohammad",
        "mochamad",
        "mochammad",
        "moch",
    ),
    "ahmad": ("a", "ach", "akhmad", "achmad", "ahmed"),
    "abdul": ("a", "abd", "abdoel"),
    "nur": ("n", "noor", "nor"),
    "siti": ("s", "st", "sitti"),
    "kabupaten": ("kab",),
    "provinsi": ("prov", "propinsi"),
}
_SAME_NAME = {short: name for name, shorts in _SHORT_FORMS.items() for short in shorts if len(short) > 1}
_SPELLINGS = (("oe", "u"), ("dj", "j"), ("tj", "c"), ("ph", "f"), ("th", "t"), ("dh", "d"), ("y", "i"), ("v", "f"))
_RECIPIENT = re.compile(r"\bto\s+rpl\b.*?(?=\besb:|\||$)", re.IGNORECASE)
"""The office's own account in the bank's text, `… TO RPL 014 BPS PROV …`: its words are no payer's."""


@dataclass(frozen=True, slots=True)
class Name:
    """A payer's name ready to be looked for; `skeletons` are its words without differences of spelling."""

    words: tuple[str, ...]
    skeletons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a transfer text: in order, as a set, without differences of spelling, and by their first letter."""

    words: tuple[str, ...]
    present: frozenset[str]
    known: frozenset[str]
    by_letter: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """How well a name stands in a text (`WHOLE` … `ABSENT`) and between which words."""

    level: int
    start: int = 0
    end: int = 0


NOT_FOUND = Found(ABSENT)

_LONG_WORD = 10
"""Letters of a first word that tell a name although the bank cut it there already."""

_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHES = re.compile(r"['’‘`´ʼ]")


def words_of(text: str) -> tuple[str, ...]:
    """Give the words of a text without case, accents, apostrophes and signs: Ma'rifat is `marifat`, José `jose`."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return tuple(_WORD.findall(_APOSTROPHES.sub("", text.casefold())))


@lru_cache(maxsize=16_384)
def skeleton(word: str) -> str:
    """Give a word without differences of spelling: rizky and rizki, soeharto and suharto, moh and muhammad."""
    word = _SAME_NAME.get(word, word)
    for old, new in _SPELLINGS:
        word = word.replace(old, new)
    return re.sub(r"(.)\1+", r"\1", word)


def words_in(text: str, counterparty: str = "") -> Words:
    """Give the words in which a payer's name may stand: the other side as the bank names it, and the remark."""
    own_account_left_out = _RECIPIENT.sub(" ", text)
    found = tuple(
        word for word in (*words_of(counterparty), *words_of(own_account_left_out)) if word not in _LEGAL_FORMS
    )
    by_letter: dict[str, list[str]] = defaultdict(list)
    for word in found:
        by_letter[word[0]].append(word)
    return Words(found, frozenset(found), frozenset(map(skeleton, found)), by_letter)


@lru_cache(maxsize=16_384)
def names_of(text: str) -> tuple[Name, ...]:
    """Give the forms in which a name is looked for: without titles, degrees and legal forms; none if none is left."""
    main, _, rest = text.partition(",")
    forms = [main] if not rest or all(len(word) <= 4 for word in words_of(rest)) else [text, main]
    names: list[Name] = []
    for form in forms:
        # "M.Si." is one degree, "M. Rizky" an initial and a name.
        joined = re.sub(r"\b([A-Za-z]{1,2})\.([A-Z][a-z]{0,3})\b\.?", r"\1\2", form)
        words = [word for word in words_of(joined) if word not in _LEGAL_FORMS]
        while len(words) > 1 and words[0] in _TITLES:
            del words[0]
        while len(words) > 1 and words[-1] in _DEGREES:
            del words[-1]
        name = Name(tuple(words), tuple(map(skeleton, words)))
        if words and name not in names:
            names.append(name)
    return tuple(names)


def best_found(names: Sequence[Name], text: Words, *, similar: bool = True) -> Found:
    """Give the best way in which one of the names stands in the text; `similar` words may be left out of account."""
    best = NOT_FOUND
    for name in names:
        found = find_name(name, text, similar=similar)
        if found.level > best.level:
            best = found
    return best


def find_name(name: Name, text: Words, *, similar: bool = True) -> Found:
    """Give how well a name stands in a text: its words in a row, the row cut off at its end, or similar words."""
    size, first = len(name.words), name.words[0]
    if size == 1 and (len(first) < 5 or first in _COMMON_WORDS):
        return NOT_FOUND
    cut: Found | None = None
    if first in text.present:
        for start, word in enumerate(text.words):
            if word == first:
                if text.words[start : start + size] == name.words:
                    return Found(WHOLE, start, start + size)
                cut = cut or _cut_at(name, text, start)
    elif len(first) > _LONG_WORD:
        cut = next(
            (
                Found(CUT, start, start + 1)
                for start, word in enumerate(text.words)
                if len(word) >= _LONG_WORD and first.startswith(word)
            ),
            None,
        )
    if cut is not None:
        return cut
    return Found(SIMILAR) if similar and _is_similar(name, text) else NOT_FOUND


def _cut_at(name: Name, text: Words, start: int) -> Found | None:
    """Give the name cut off by the bank: its first words, the last of them perhaps only begun."""
    matched = 0
    length = -1
    for wanted, word in zip(name.words, text.words[start : start + len(name.words)], strict=False):
        if wanted == word:
            matched, length = matched + 1, length + len(word) + 1
            continue
        if wanted.startswith(word):
            matched, length = matched + 1, length + len(word) + 1
        break
    whole_length = len(" ".join(name.words))
    is_enough = length >= 12 or length * 10 >= whole_length * 6
    return Found(CUT, start, start + matched) if matched >= 2 and is_enough else None


def _is_similar(name: Name, text: Words) -> bool:
    """Whether most words of the name stand in the text in some spelling, at least one of them telling."""
    is_telling = False
    missing: list[tuple[str, str]] = []
    for word, bones in zip(name.words, name.skeletons, strict=True):
        if bones in text.known:
            is_telling = is_telling or (len(word) >= 4 and word not in _COMMON_WORDS)
        else:
            missing.append((word, bones))
    if not is_telling:
        return False
    size = len(name.words)
    hits = size - len(missing)
    needed = max(2, -(-size * 2 // 3))
    for word, bones in missing:
        if hits >= needed:
            break
        hits += any(_is_like(word, bones, other) for other in text.by_letter.get(word[0], ()))
    return hits >= needed


def _is_like(word: str, bones: str, other: str) -> bool:
    """Whether another word with the same first letter can be this one: an initial, a short form, cut off or longer."""
    if len(word) == 1 or len(other) == 1:
        return other.isalpha() or word == other
    if other in _SHORT_FORMS.get(bones, ()) or word in _SHORT_FORMS.get(skeleton(other), ()):
        return True
    if min(len(word), len(other)) < 4:
        return False
    return word.startswith(other) or other.startswith(word)
