"""Reads the tags of a template, each with its place in words, and joins tags that Word has split over several runs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desk.adapters.word_findings import Finding
from desk.adapters.word_package import W

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_EDGE = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_INSIDE = re.compile(r"^(\{[{%])(tr|tc|p|r)?(?=[\s\-+])[-+]?\s*(.*?)\s*[-+]?([}%]\})$", re.DOTALL)
_SINGLE = re.compile(r"(?<![{%#])\{\s*([a-z][a-z0-9_.]*)\s*\}(?!\})")
_STRAIGHT = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " ", "\u202f": " "})


@dataclass(slots=True)
class Tag:
    """One tag: its cleaned text, its place in words, and the pieces of it (scope letter, inner text, kind)."""

    text: str
    place: str
    inner: str
    scope: str
    kind: str  # value, block, comment
    home: _Element


@dataclass(slots=True)
class Reading:
    """What was read from one part or from the whole template."""

    tags: list[Tag] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)  # name -> first place
    plain: bool = False  # no runs here, so a value can have no line breaks


def read_tags(root: _Element, where: str) -> Reading:
    """All tags of a part in order; tags split over runs are joined in the tree, and every value tag gets its number.

    `where` is the name of the part in words, empty for the body.
    """
    if not str(root.tag).startswith(W):  # the properties of the file: one text per element
        reading = Reading(plain=True)
        for element in root:
            _read_texts([element], element, where, reading)
        return reading
    reading = Reading()
    for paragraph, place in places(root, where):
        own = (text for text in paragraph.iter(W + "t") if next(text.iterancestors(W + "p"), None) is paragraph)
        _read_texts([text for text in own if text.text], paragraph, place, reading)
    return reading


def places(root: _Element, where: str) -> Iterator[tuple[_Element, str]]:
    """Every paragraph of a part with its place in words: paragraf 3, tabel 1 baris 2 kolom 3."""
    prefix = f"{where}, " if where else ""
    body = root.find(W + "body")
    yield from _places_below(body if body is not None else root, prefix, {"paragraph": 0, "table": 0})


def _places_below(parent: _Element, prefix: str, counts: dict[str, int]) -> Iterator[tuple[_Element, str]]:
    for element in parent:
        if element.tag == W + "p":
            counts["paragraph"] += 1
            place = f"{prefix}paragraf {counts['paragraph']}"
            yield element, place
            for box in element.iter(W + "txbxContent"):
                yield from _places_below(box, f"{place}, kotak teks, ", {"paragraph": 0, "table": 0})
        elif element.tag == W + "tbl":
            counts["table"] += 1
            for row, line in enumerate(element.iterchildren(W + "tr"), 1):
                for column, cell in enumerate(line.iterchildren(W + "tc"), 1):
                    place = f"{prefix}tabel {counts['table']} baris {row} kolom {column}"
                    yield from _places_in_cell(cell, place)
        elif isinstance(element.tag, str):
            yield from _places_below(element, prefix, counts)


def _places_in_cell(cell: _Element, place: str) -> Iterator[tuple[_Element, str]]:
    for element in cell:
        if element.tag == W + "p":
            yield element, place
        elif isinstance(element.tag, str):
            yield from _places_below(element, f"{place}, ", {"paragraph": 0, "table": 0})


def _read_texts(texts: list[_Element], home: _Element, place: str, reading: Reading) -> None:
    whole = "".join(text.text or "" for text in texts)
    if "{" not in whole and "}" not in whole:
        return
    named = f'{place} ("{short(whole)}")'
    matches = list(TAG.finditer(whole))
    rest = whole
    for match in reversed(matches):
        rest = rest[: match.start()] + "\0" + rest[match.end() :]
    edge = _EDGE.search(rest)
    if edge is not None:
        sign = edge.group()
        missing = {"{{": "}}", "{%": "%}", "{#": "#}", "}}": "{{", "%}": "{%", "#}": "{#"}[sign]
        reading.findings.append(
            Finding(
                "refuse", "syntax", f"{sentence_start(named)} memuat {sign} tanpa {missing}. Lengkapi tandanya.", place
            )
        )
    for single in _SINGLE.finditer(rest):
        name = single.group(1)
        sentence = f"{sentence_start(named)} memuat {{{name}}} dengan kurung tunggal. Tulis {{{{ {name} }}}}."
        reading.findings.append(Finding("warn", "syntax", sentence, place, name))
    first = len(reading.tags)
    for match in matches:
        if "{{" in match.group()[2:] or "{%" in match.group()[2:]:
            sentence = (
                f"{sentence_start(named)} memuat tanda yang belum ditutup sebelum tanda berikutnya. Lengkapi tandanya."
            )
            reading.findings.append(Finding("refuse", "syntax", sentence, place))
        reading.tags.append(_tag(match.group(), place, home))
    if matches:
        _join(texts, matches, reading.tags[first:], first)
    alone = next((tag for tag in reading.tags[first:] if tag.scope == "p" and tag.kind == "block"), None)
    if alone is not None and (len(matches) > 1 or rest.strip(" \0")):
        sentence = (
            f"{sentence_start(named)} memuat {alone.text} bersama isi lain yang akan hilang. Beri paragraf sendiri."
        )
        reading.findings.append(Finding("refuse", "syntax", sentence, place))


def _tag(text: str, place: str, home: _Element) -> Tag:
    text = text.translate(_STRAIGHT)
    if text.startswith("{#"):
        return Tag(text, place, "", "", "comment", home)
    parts = _INSIDE.match(text)
    if parts is None:  # {{field}} without blanks
        return Tag(text, place, text[2:-2].strip(" -+"), "", "value" if text[1] == "{" else "block", home)
    return Tag(text, place, parts[3], parts[2] or "", "value" if text[1] == "{" else "block", home)


def _join(texts: list[_Element], matches: list[re.Match[str]], tags: list[Tag], first: int) -> None:
    """Puts each tag whole into the text element where it begins, numbered so that a fault finds its place again."""
    starts: list[int] = []
    position = 0
    for item in texts:
        starts.append(position)
        position += len(item.text or "")
    contents = [""] * len(texts)
    position = 0

    def copy(start: int, end: int) -> None:
        for number, item in enumerate(texts):
            begin, text = starts[number], item.text or ""
            contents[number] += text[max(start - begin, 0) : max(end - begin, 0)]

    for number, (match, tag) in enumerate(zip(matches, tags, strict=True), first):
        copy(position, match.start())
        owner = max(place for place, begin in enumerate(starts) if begin <= match.start())
        contents[owner] += _numbered(tag, number)
        position = match.end()
    copy(position, len("".join(item.text or "" for item in texts)))
    for item, content in zip(texts, contents, strict=True):
        item.text = content
        if item.tag == W + "t":
            item.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _numbered(tag: Tag, number: int) -> str:
    if tag.kind == "comment":
        return ""
    if tag.kind == "value" and tag.inner:
        return f"{{{{{tag.scope} ({tag.inner})|_filled({number}) }}}}"
    return tag.text


def shown(tag: Tag) -> str:
    """The tag as a sentence may quote it: short, and not the inside names that an attack asks for."""
    head, inside, _ = tag.text.partition("__")
    return short(head + "…" if inside else head)


def short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "…"


def sentence_start(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]
