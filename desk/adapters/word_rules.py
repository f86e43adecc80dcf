"""The sandbox that templates run in, and the short list of what a tag may do in it.

A template holds `{{ field }}`, `{% for … %}`, `{% if … %}` and their forms for whole paragraphs and table rows
(`{%p … %}`, `{%tr … %}`). Everything else that the template language can do is refused here, before it could run.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from desk.adapters.word_findings import Finding
from desk.adapters.word_package import W
from desk.adapters.word_tags import TAG, Reading, Tag, sentence_start, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import nodes
    from jinja2.sandbox import ImmutableSandboxedEnvironment

ALLOWED_FILTERS = {
    "upper", "lower", "title", "capitalize", "trim", "default", "d", "length", "count", "join", "first", "last",
    "e", "escape",
}  # fmt: skip
_ALLOWED_TESTS = {"defined", "undefined", "none", "string", "number", "even", "odd", "true", "false"}
_LOOP_WORDS = {"index", "index0", "revindex", "revindex0", "first", "last", "length"}
_CELL_WORDS = {"cellbg", "colspan", "vm", "hm"}
_SENTENCE_CODE = "{place} memuat kode {text} yang tidak diizinkan. Pakai hanya nama kolom, for, dan if."
_HOLDERS = {"p": "paragraf", "tr": "baris tabel", "tc": "sel tabel"}


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
        if TAG.sub("", text).strip() or len(TAG.findall(text)) > 1:
            _syntax(
                reading, tag, f"memuat {tag.text} bersama isi lain yang akan hilang; beri {_HOLDERS[tag.scope]} sendiri"
            )


def _check_expression(
    tag: Tag, source: str, names: Mapping[str, object], reading: Reading, known: Mapping[str, object] | None
) -> nodes.Node | None:
    node, allowed = _parsed(source)
    if node is None:
        _syntax(reading, tag, f"memuat tanda {shown(tag)} yang tidak dapat dibaca")
        return None
    if not allowed:
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


@lru_cache(maxsize=4_096)
def _parsed(source: str) -> tuple[nodes.Node | None, bool]:
    """(the tag as a tree, or None when it cannot be read; whether everything in it is allowed)."""
    from jinja2 import TemplateError

    try:
        node: nodes.Node = environment().parse(source).body[0]
        return node, _allowed(node)
    except (TemplateError, RecursionError):
        return None, False


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
    sentence = _SENTENCE_CODE.format(place=sentence_start(tag.place), text=shown(tag))
    reading.findings.append(Finding("refuse", "code_in_template", sentence, tag.place))


def _syntax(reading: Reading, tag: Tag, trouble: str) -> None:
    sentence = f"{sentence_start(tag.place)} {trouble}. Perbaiki tandanya di Word lalu simpan ulang."
    reading.findings.append(Finding("refuse", "syntax", sentence, tag.place))
