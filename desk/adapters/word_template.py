"""Reads the tags of a template: each with its place in words, checked against a short list of what a tag may do.

A template holds `{{ field }}`, `{% for … %}`, `{% if … %}` and their forms for whole paragraphs and table rows
(`{%p … %}`, `{%tr … %}`). Everything else that the template language can do is refused here, before it could run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any

from desk.adapters.word_findings import Finding
from desk.adapters.word_package import W

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jinja2 import nodes
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from lxml.etree import _Element

ALLOWED_FILTERS = {
    "upper", "lower", "title", "capitalize", "trim", "default", "d", "length", "count", "join", "first", "last",
    "e", "escape",
}  # fmt: skip
_ALLOWED_TESTS = {"defined", "undefined", "none", "string", "number", "even", "odd", "true", "false"}
_LOOP_WORDS = {"index", "index0", "revindex", "revindex0", "first", "last", "length"}
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_EDGE = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_INSIDE = re.compile(r"^(\{[{%])(tr|tc|p|r)?(?=[\s\-+])[-+]?\s*(.*?)\s*[-+]?([}%]\})$", re.DOTALL)
_SINGLE = re.compile(r"(?<![{%#])\{\s*([a-z][a-z0-9_.]*)\s*\}(?!\})")
_STRAIGHT = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " ", "\u202f": " "})
_CELL_WORDS = {"cellbg", "colspan", "vm", "hm"}
_SENTENCE_CODE = "{place} memuat kode {text} yang tidak diizinkan. Pakai hanya nama kolom, for, dan if."
_HOLDERS = {"p": "paragraf", "tr": "baris tabel", "tc": "sel tabel"}


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


@cache
def environment() -> ImmutableSandboxedEnvironment:
    """The only environment templates run in: sandboxed, escaping, strict about unknown names, without functions."""
    from jinja2 import StrictUndefined
    from jinja2.runtime import LoopContext
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Desk(ImmutableSandboxedEnvironment):
        """Attributes are keys of dictionaries and the counters of a loop; nothing else has any."""

        def getattr(self, obj: Any, attribute: str) -> Any:
            if isinstance(obj, dict):
                return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
            if isinstance(obj, LoopContext) and attribute in _LOOP_WORDS:
                return getattr(obj, attribute)
            return self.undefined(obj=obj, name=attribute)

        def getitem(self, obj: Any, argument: Any) -> Any:
            if isinstance(obj, dict | list | tuple):
                return super().getitem(obj, argument)
            return self.undefined(obj=obj, name=str(argument))

    made = Desk(autoescape=True, undefined=StrictUndefined)
    made.globals.clear()
    for name in set(made.filters) - ALLOWED_FILTERS:
        del made.filters[name]
    return made


def read_tags(root: _Element, where: str, *, mend: bool) -> Reading:
    """All tags of a part in order. With `mend`, tags split over runs are joined in the tree.

    `where` is the name of the part in words, empty for the body.
    """
    reading = Reading()
    for paragraph, place in places(root, where):
        _read_paragraph(paragraph, place, reading, mend=mend)
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


def _read_paragraph(paragraph: _Element, place: str, reading: Reading, *, mend: bool) -> None:
    texts = [
        item for item in paragraph.iter(W + "t") if next(item.iterancestors(W + "p"), None) is paragraph and item.text
    ]
    whole = "".join(item.text or "" for item in texts)
    if "{" not in whole and "}" not in whole:
        return
    named = f'{place} ("{_short(whole)}")'
    matches = list(_TAG.finditer(whole))
    rest = whole
    for match in reversed(matches):
        rest = rest[: match.start()] + "\0" + rest[match.end() :]
    edge = _EDGE.search(rest)
    if edge is not None:
        sign = edge.group()
        missing = {"{{": "}}", "{%": "%}", "{#": "#}", "}}": "{{", "%}": "{%", "#}": "{#"}[sign]
        reading.findings.append(
            Finding("refuse", "syntax", f"{sentence_start(named)} memuat {sign} tanpa {missing}. Lengkapi tandanya.", place)
        )
    for single in _SINGLE.finditer(rest):
        name = single.group(1)
        sentence = f"{sentence_start(named)} memuat {{{name}}} dengan kurung tunggal. Tulis {{{{ {name} }}}}."
        reading.findings.append(Finding("warn", "syntax", sentence, place, name))
    first = len(reading.tags)
    for match in matches:
        if "{{" in match.group()[2:] or "{%" in match.group()[2:]:
            sentence = f"{sentence_start(named)} memuat tanda yang belum ditutup sebelum tanda berikutnya. Lengkapi tandanya."
            reading.findings.append(Finding("refuse", "syntax", sentence, place))
        reading.tags.append(_tag(match.group(), place, paragraph))
    if mend:
        _join(texts, matches, reading.tags[first:], first)
    alone = next((tag for tag in reading.tags[first:] if tag.scope == "p" and tag.kind == "block"), None)
    if alone is not None and (len(matches) > 1 or rest.strip(" \0")):
        sentence = f"{sentence_start(named)} memuat {alone.text} bersama isi lain yang akan hilang. Beri paragraf sendiri."
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
        item.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _numbered(tag: Tag, number: int) -> str:
    if tag.kind == "comment":
        return ""
    if tag.kind == "value" and tag.inner:
        return f"{{{{{tag.scope} ({tag.inner})|_filled({number}) }}}}"
    return tag.text


# --- what a tag may do ---------------------------------------------------------------------------------------------


def check_tags(reading: Reading, known: Mapping[str, object] | None) -> None:
    """Adds the findings about the tags of a part, and the fields it uses; `known` are the fields there are."""
    scopes: list[tuple[Tag, str, dict[str, object]]] = []
    for tag in reading.tags:
        if tag.kind == "comment":
            continue
        names = {name: shape for _, _, scope in scopes for name, shape in scope.items()}
        if tag.kind == "value":
            _check_expression(tag, f"{{{{ {tag.inner} }}}}", names, reading, known)
            continue
        word = tag.inner.partition(" ")[0]
        if word in {"for", "if"}:
            before = len(reading.findings)
            node = _check_expression(tag, f"{{% {tag.inner} %}}{{% end{word} %}}", names, reading, known)
            scope = _loop_names(node, names, known) if word == "for" and len(reading.findings) == before else {}
            scopes.append((tag, word, scope))
        elif word in {"elif", "else"}:
            if not scopes or (word == "elif" and scopes[-1][1] != "if"):
                _syntax(reading, tag, f"memuat {tag.text} tanpa if sebelumnya")
            elif word == "elif":
                _check_expression(tag, f"{{% {tag.inner[2:]} %}}{{% endif %}}", names, reading, known)
        elif word in {"endfor", "endif"}:
            _close_scope(scopes, tag, word, reading)
        elif word in _CELL_WORDS:
            rest = tag.inner[len(word) :].strip()
            if rest:
                _check_expression(tag, f"{{{{ {rest} }}}}", names, reading, known)
        else:
            _code(reading, tag)
    for tag, word, _ in scopes:
        _syntax(reading, tag, f"memuat {tag.text} tanpa end{word}")
    _check_rows(reading)


def _close_scope(scopes: list[tuple[Tag, str, dict[str, object]]], tag: Tag, word: str, reading: Reading) -> None:
    if not scopes or scopes[-1][1] != word[3:]:
        _syntax(reading, tag, f"memuat {word} tanpa {word[3:]} sebelumnya")
        return
    opened = scopes.pop()[0]
    levels = {"": W + "p", "p": W + "p", "tr": W + "tr", "tc": W + "tc", "r": W + "r"}
    if opened.home is tag.home and opened.scope == tag.scope:
        return
    homes = [next((up for up in (one.home, *one.home.iterancestors()) if up.tag == levels[one.scope]), one.home)
             for one in (opened, tag)]  # fmt: skip
    if opened.scope != tag.scope or homes[0].getparent() is not homes[1].getparent():
        where = opened.place
        _syntax(reading, tag, f"menutup {opened.text} dari {where}, padahal keduanya harus di satu wadah yang sama")


def _check_rows(reading: Reading) -> None:
    """A row with a row tag is replaced by the tag: it must hold nothing else."""
    for tag in reading.tags:
        if tag.scope not in {"tr", "tc"} or tag.kind != "block":
            continue
        holder = next(tag.home.iterancestors(W + tag.scope), None)
        if holder is None:
            _syntax(reading, tag, f"memuat {tag.text} di luar tabel")
            continue
        text = "".join(item.text or "" for item in holder.iter(W + "t")).strip()
        if _TAG.sub("", text).strip() or len(_TAG.findall(text)) > 1:
            _syntax(
                reading, tag, f"memuat {tag.text} bersama isi lain yang akan hilang; beri {_HOLDERS[tag.scope]} sendiri"
            )


def _check_expression(
    tag: Tag, source: str, names: Mapping[str, object], reading: Reading, known: Mapping[str, object] | None
) -> nodes.Node | None:
    from jinja2 import TemplateError

    try:
        tree = environment().parse(source)
    except (TemplateError, RecursionError):
        _syntax(reading, tag, f"memuat tanda {tag.text} yang tidak dapat dibaca")
        return None
    node: nodes.Node = tree.body[0]
    if not _allowed(node):
        _code(reading, tag)
        return None
    for name in _names(node):
        if name.startswith("_"):
            _code(reading, tag)
        elif name not in names and name != "loop" and name not in _own_targets(node):
            reading.fields.setdefault(name, tag.place)
            if known is not None and name not in known:
                _unknown(reading, tag, name, name, known)
    if known is not None:
        _check_attributes(node, tag, names, reading, known)
    return node


def _allowed(node: nodes.Node) -> bool:
    from jinja2 import nodes as n

    plain = (
        n.Output, n.Name, n.Const, n.If, n.For, n.CondExpr, n.Compare, n.Operand, n.And, n.Or, n.Not, n.TemplateData,
        n.Add, n.Sub, n.Neg, n.Tuple, n.Keyword,
    )  # fmt: skip
    if isinstance(node, n.Getattr):
        fine = not node.attr.startswith("_")
    elif isinstance(node, n.Getitem):
        fine = isinstance(node.arg, n.Const) and not str(node.arg.value).startswith("_")
    elif isinstance(node, n.Filter):
        fine = node.name in ALLOWED_FILTERS
    elif isinstance(node, n.Test):
        fine = node.name in _ALLOWED_TESTS
    elif isinstance(node, n.For):
        fine = not node.recursive and isinstance(node.iter, n.Name | n.Getattr | n.Getitem)
    elif isinstance(node, n.Const):
        fine = not isinstance(node.value, str) or len(node.value) <= 1_000
    else:
        fine = isinstance(node, plain)
    return fine and all(_allowed(child) for child in node.iter_child_nodes())


def _names(node: nodes.Node) -> list[str]:
    from jinja2 import nodes as n

    found = [node] if isinstance(node, n.Name) else []
    found.extend(node.find_all(n.Name))
    return list(dict.fromkeys(name.name for name in found if name.ctx == "load"))


def _own_targets(node: nodes.Node) -> set[str]:
    from jinja2 import nodes as n

    if not isinstance(node, n.For):
        return set()
    return {name.name for name in (node.target, *node.target.find_all(n.Name)) if isinstance(name, n.Name)}


def _loop_names(
    node: nodes.Node | None, names: Mapping[str, object], known: Mapping[str, object] | None
) -> dict[str, object]:
    """The names a loop brings, with what one of them looks like when that is known."""
    from jinja2 import nodes as n

    if not isinstance(node, n.For):
        return {}
    targets = _own_targets(node)
    shape = _shape(node.iter, names, known)
    item = shape[0] if isinstance(shape, list | tuple) and shape else None
    return {name: item if len(targets) == 1 else None for name in targets}


def _shape(node: nodes.Node, names: Mapping[str, object], known: Mapping[str, object] | None) -> object:
    from jinja2 import nodes as n

    if isinstance(node, n.Name):
        return names[node.name] if node.name in names else (known or {}).get(node.name)
    if isinstance(node, n.Getattr):
        inner = _shape(node.node, names, known)
        return inner.get(node.attr) if isinstance(inner, dict) else None
    return None


def _check_attributes(
    node: nodes.Node, tag: Tag, names: Mapping[str, object], reading: Reading, known: Mapping[str, object]
) -> None:
    from jinja2 import nodes as n

    for item in node.find_all(n.Getattr):
        shape = _shape(item.node, names, known)
        if isinstance(shape, dict) and item.attr not in shape:
            owner = item.node.name if isinstance(item.node, n.Name) else ""
            _unknown(reading, tag, f"{owner}.{item.attr}" if owner else item.attr, item.attr, shape)


def _unknown(reading: Reading, tag: Tag, shown: str, name: str, known: Mapping[str, object]) -> None:
    near = get_close_matches(name, list(known), n=1, cutoff=0.7)
    hint = f" Mungkin maksudnya {near[0]}." if near else " Periksa ejaannya pada daftar kolom."
    sentence = f"{sentence_start(tag.place)} memakai kolom {shown} yang tidak dikenal.{hint}"
    reading.findings.append(Finding("warn", "unknown_fields", sentence, tag.place, shown, near[0] if near else ""))


def _code(reading: Reading, tag: Tag) -> None:
    sentence = _SENTENCE_CODE.format(place=sentence_start(tag.place), text=_short(tag.text.partition("__")[0]))
    reading.findings.append(Finding("refuse", "code_in_template", sentence, tag.place))


def _syntax(reading: Reading, tag: Tag, trouble: str) -> None:
    sentence = f"{sentence_start(tag.place)} {trouble}. Perbaiki tandanya di Word lalu simpan ulang."
    reading.findings.append(Finding("refuse", "syntax", sentence, tag.place))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "…"


def sentence_start(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]
