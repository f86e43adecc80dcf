"""Names of payers in transfer remarks: whole, cut by the bank, or spelt another way.

Banks cut names at about 20 characters, drop signs and titles, put PT behind; people write Muh. for Muhammad and Rizky
for Rizki. A name found whole outranks one that is only cut or similar; those two are equals.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
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
    """The words of a transfer text, and the same without differences of spelling."""

    words: tuple[str, ...]
    skeletons: tuple[str, ...]
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """How well a name stands in a text (`WHOLE` … `ABSENT`) and between which words."""

    level: int
    start: int = 0
    end: int = 0


NOT_FOUND = Found(ABSENT)


def words_of(text: str) -> tuple[str, ...]:
    """Give the words of a text without case, accents, apostrophes and signs: Ma'rifat is `marifat`, José `jose`."""
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()
    return tuple(re.findall(r"[a-z0-9]+", re.sub(r"['’‘`´ʼ]", "", plain)))


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
    skeletons = tuple(map(skeleton, found))
    return Words(found, skeletons, frozenset(skeletons))


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


def best_found(names: Sequence[Name], text: Words) -> Found:
    """Give the best way in which one of the names stands in the text."""
    return max((find_name(name, text) for name in names), key=lambda found: found.level, default=NOT_FOUND)


def find_name(name: Name, text: Words) -> Found:
    """Give how well a name stands in a text: its words in a row, the row cut off at its end, or similar words."""
    size = len(name.words)
    if size == 1 and (len(name.words[0]) < 5 or name.words[0] in _COMMON_WORDS):
        return NOT_FOUND
    first = name.words[0]
    cut: Found | None = None
    for start, word in enumerate(text.words):
        if word == first:
            if text.words[start : start + size] == name.words:
                return Found(WHOLE, start, start + size)
            cut = cut or _cut_at(name, text, start)
        elif len(word) >= 10 and first.startswith(word):
            cut = cut or Found(CUT, start, start + 1)
    if cut is not None:
        return cut
    return Found(SIMILAR) if _is_similar(name, text) else NOT_FOUND


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
    if not text.known.intersection(name.skeletons):
        return False
    hits = telling = 0
    for word, bones in zip(name.words, name.skeletons, strict=True):
        if bones in text.known:
            hits += 1
            telling += len(word) >= 4 and word not in _COMMON_WORDS
        elif any(_is_like(word, bones, other) for other in text.words):
            hits += 1
    return telling >= 1 and hits >= 2 and hits * 3 >= len(name.words) * 2


def _is_like(word: str, bones: str, other: str) -> bool:
    """Whether another word can be this one: an initial, a short form, cut off, grown by a letter."""
    if len(word) == 1 or len(other) == 1:
        return word[0] == other[0] and (other.isalpha() or word == other)
    if other in _SHORT_FORMS.get(bones, ()) or word in _SHORT_FORMS.get(skeleton(other), ()):
        return True
    shorter, longer = sorted((word, other), key=len)
    return len(shorter) >= 4 and longer.startswith(shorter)
