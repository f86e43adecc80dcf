"""Fills the office's Word templates, and says in words what is wrong with one before a paper is made from it."""

from __future__ import annotations

import hashlib
import io
import json
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk.adapters.word_findings import Finding, scan
from desk.adapters.word_package import BadWordFile, W, WordPackage, open_package, pack
from desk.adapters.word_pictures import Picture, add_pictures, picture_markup, rels_name, with_png
from desk.adapters.word_rules import check_tags, environment
from desk.adapters.word_tags import Reading, read_tags, sentence_start
from desk.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from jinja2 import Template
    from jinja2.runtime import Context
    from lxml.etree import _Element

__all__ = ["Finding", "Picture", "check_template", "check_template_file", "fill", "text_of"]

_FILLED_KINDS = {"header": "kepala halaman", "footer": "kaki halaman", "footnotes": "catatan kaki"}
_PROPERTIES = "docProps/core.xml"
_KEPT_TEMPLATES = 24
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_DOC_PR = re.compile(r'(<wp:docPr\b[^>]*?\bid=")\d+(")')


@dataclass(slots=True)
class _Part:
    """One part of a template that holds tags, compiled."""

    name: str
    template: Template
    reading: Reading


@dataclass(slots=True)
class _Compiled:
    package: WordPackage
    parts: list[_Part]
    findings: list[Finding]
    fields: dict[str, str]
    still: bytes  # an archive of the parts that filling does not change


@dataclass(slots=True)
class _Filling:
    """What one filling notes while the template runs."""

    optional: Collection[str]
    reading: Reading = field(default_factory=Reading)
    pictures: list[Picture] = field(default_factory=list)
    troubles: dict[str, None] = field(default_factory=dict)


_cache: OrderedDict[str, _Compiled] = OrderedDict()
_cache_lock = threading.Lock()


def fill(template: bytes, context: Mapping[str, object], optional: Collection[str] = ()) -> bytes:
    """The filled DOCX; the same template and values give the same bytes.

    `context` holds text, whole numbers, truth values, lists and dictionaries of them, and `Picture`; `optional` are the
    fields that may stay empty. Raises Refused, with every place in words and before anything is made, when the template
    is unsafe or broken, or a field of it is unknown or empty.
    """
    compiled = _compile(template)
    refused = [finding.message for finding in compiled.findings if finding.severity == "refuse"]
    if refused:
        raise Refused(" ".join(refused))
    values = {name: _plain(value) for name, value in context.items()}
    unknown = [finding.message for finding in _unknown(compiled, values)]
    if unknown:
        raise Refused(" ".join(unknown))
    filling = _Filling(optional)
    added: dict[str, bytes] = {}
    troubles: dict[str, None] = {}
    for part in compiled.parts:
        filling.reading, filling.pictures = part.reading, []
        added[part.name] = _render(part, values, filling)
        troubles |= filling.troubles
        add_pictures(compiled.package, part.name, filling.pictures, added)
    if troubles:
        raise Refused(" ".join(troubles))
    return pack(added, onto=compiled.still)


def check_template(template: bytes | Path, fields: Mapping[str, object] | None = None) -> list[Finding]:
    """What is wrong with a template, the gravest first; nothing in it is run, fetched or unpacked beyond bounds.

    `fields` are the fields there are, each with an example value (a list of dictionaries tells the names inside a
    loop); without it unknown fields are not looked for.
    """
    try:
        data = template.read_bytes() if isinstance(template, Path) else template
        compiled = _compile(data)
    except BadWordFile as trouble:
        return [Finding("refuse", trouble.reason, str(trouble))]
    found = [*compiled.findings, *(_unknown(compiled, fields) if fields is not None else ())]
    return sorted(found, key=lambda finding: finding.severity != "refuse")


def text_of(docx: bytes) -> str:
    """The text of a Word file, a line per paragraph: body, then headers and footers."""
    package = open_package(docx)
    lines: list[str] = []
    for name, _ in _story_names(package):
        root = package.xml(name)
        for paragraph in root.iter(W + "p") if root is not None else ():
            pieces = (
                item.text or "" if item.tag == W + "t" else " " for item in paragraph.iter(W + "t", W + "tab", W + "br")
            )
            lines.append("".join(pieces))
    return "\n".join(lines)


def check_template_file(path: Path, context_path: Path | None = None, fill_to: Path | None = None) -> dict[str, Any]:
    """The result of `desk check template`: ready for JSON, with the sentence for the person.

    With a context file (a JSON object, or one under the key `context`) unknown fields are looked for and the template
    is filled; `fill_to` then says where the filled file goes. Raises Unavailable when a file cannot be read or written.
    """
    context = _read_context(context_path) if context_path is not None else None
    try:
        data = path.read_bytes()
    except OSError as trouble:
        raise Unavailable(f"Berkas {path.name} tidak dapat dibaca. Periksa letaknya lalu coba lagi.") from trouble
    findings = check_template(data, context)
    gravest = findings[0] if findings else None
    result: dict[str, Any] = {
        "file": path.name,
        "result": gravest.severity if gravest is not None else "ok",
        "reason": gravest.reason if gravest is not None else "",
        "message": " ".join(dict.fromkeys(finding.message for finding in findings)) or "Templat dapat dipakai.",
        "fields": [],
        "unknown_fields": [finding.field for finding in findings if finding.reason == "unknown_fields"],
        "near_match": {finding.field: finding.suggestion for finding in findings if finding.suggestion},
        "external": [
            finding.place for finding in findings if finding.reason == "external_relationship" and finding.place
        ],
        "findings": [
            {
                "severity": one.severity,
                "reason": one.reason,
                "message": one.message,
                "place": one.place,
                "field": one.field,
            }
            for one in findings
        ],
    }
    if gravest is None or gravest.severity != "refuse":
        result["fields"] = list(_compile(data).fields)
        if context is not None:
            _fill_for_check(data, context, fill_to, result)
    return result


def _fill_for_check(data: bytes, context: Mapping[str, object], fill_to: Path | None, result: dict[str, Any]) -> None:
    try:
        filled = fill(data, context)
    except Refused as trouble:
        result["filled"] = False
        if result["result"] == "ok":
            result.update(result="warn", reason="empty_field", message=str(trouble))
        return
    result["filled"] = True
    result["filled_text"] = [line for line in text_of(filled).splitlines() if line.strip()]
    if fill_to is not None:
        try:
            fill_to.write_bytes(filled)
        except OSError as trouble:
            raise Unavailable(
                f"Berkas {fill_to.name} tidak dapat ditulis. Periksa foldernya lalu coba lagi."
            ) from trouble


def _read_context(path: Path) -> dict[str, object]:
    try:
        read = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=str)
    except (OSError, ValueError) as trouble:
        raise Unavailable(f"Berkas nilai {path.name} tidak dapat dibaca sebagai JSON. Periksa isinya.") from trouble
    inner = read.get("context", read) if isinstance(read, dict) else None
    if not isinstance(inner, dict):
        raise Unavailable(f"Berkas nilai {path.name} harus berisi pasangan nama kolom dan nilai. Periksa isinya.")
    return inner


# --- compiling -----------------------------------------------------------------------------------------------------


def _compile(data: bytes) -> _Compiled:
    """The template ready to be filled; kept by its hash, since reading it costs more than filling it."""
    key = hashlib.sha256(data).hexdigest()
    with _cache_lock:
        found = _cache.get(key)
        if found is not None:
            _cache.move_to_end(key)
            return found
    compiled = _compiled(open_package(data))
    with _cache_lock:
        _cache[key] = compiled
        while len(_cache) > _KEPT_TEMPLATES:
            _cache.popitem(last=False)
    return compiled


def _compiled(package: WordPackage) -> _Compiled:
    findings = scan(package)
    fields: dict[str, str] = {}
    readings: list[tuple[str, _Element, Reading]] = []
    for name, where in _story_names(package):
        root = package.xml(name)
        if root is None:
            continue
        reading = read_tags(root, where)
        check_tags(reading, None)
        findings.extend(reading.findings)
        fields = {**reading.fields, **fields}
        if reading.tags:
            readings.append((name, root, reading))
    parts: list[_Part] = []
    if not any(finding.severity == "refuse" for finding in findings):
        for name, root, reading in readings:
            try:
                parts.append(_Part(name, _jinja_template(root), reading))
            except _Untranslatable as trouble:
                findings.append(Finding("refuse", "syntax", str(trouble)))
    changed = {part.name for part in parts}
    changed |= {rels_name(name) for name in changed}
    kept = {name: data for name, data in package.parts.items() if name not in changed}
    kept["[Content_Types].xml"] = with_png(package)
    return _Compiled(package, parts, findings, fields, pack(kept))


class _Untranslatable(Exception):
    """The tags are fine one by one but make no whole."""


def _jinja_template(root: _Element) -> Template:
    from docxtpl import DocxTemplate
    from jinja2 import TemplateError
    from lxml import etree

    source = etree.tostring(root, encoding="unicode").replace("\n", " ")
    patched: str = DocxTemplate(io.BytesIO()).patch_xml(source)
    sandbox = environment()
    sandbox.filters.setdefault("_filled", _filled_filter())
    try:
        return sandbox.from_string(patched)
    except TemplateError as trouble:
        raise _Untranslatable(
            "Susunan tanda for dan if dalam templat tidak utuh. Periksa pasangan for/endfor dan if/endif."
        ) from trouble


def _story_names(package: WordPackage) -> list[tuple[str, str]]:
    """The parts that hold text, with their names in words; the body first."""
    names = [(package.document_name, "")]
    for kind, target, outside in package.relations(package.document_name).values():
        if kind in _FILLED_KINDS and not outside and target in package.parts:
            names.append((target, _FILLED_KINDS[kind]))
    if b"{{" in package.parts.get(_PROPERTIES, b""):
        names.append((_PROPERTIES, "properti dokumen"))
    return list(dict.fromkeys(names))


def _unknown(compiled: _Compiled, known: Mapping[str, object]) -> list[Finding]:
    found: list[Finding] = []
    for part in compiled.parts:
        again = Reading(part.reading.tags)
        check_tags(again, known)
        found.extend(finding for finding in again.findings if finding.reason == "unknown_fields")
    return list(dict.fromkeys(found))


# --- filling -------------------------------------------------------------------------------------------------------


def _plain(value: object) -> object:
    """The value with control signs taken out of its text; anything but plain data is a mistake of the program."""
    if isinstance(value, str):
        return _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    if value is None or isinstance(value, bool | int | Picture):
        return value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    raise TypeError(f"a paper is filled with plain values, not with {type(value).__name__}")


def _filled_filter() -> Callable[[Context, object, int], object]:
    from jinja2 import Undefined, pass_context
    from markupsafe import Markup, escape

    @pass_context
    def filled(context: Context, value: object, number: int) -> object:
        """The value as it goes into the text; notes the place when there is none."""
        filling: _Filling = context["_filling"]
        if isinstance(value, Picture):
            filling.pictures.append(value)
            return picture_markup(value, len(filling.pictures))
        if isinstance(value, Undefined) or value is None or (isinstance(value, str) and not value.strip()):
            _note_empty(filling, number, unknown=isinstance(value, Undefined))
            return ""
        if isinstance(value, list | dict):
            place = filling.reading.tags[number].place
            filling.troubles[
                f"{place.capitalize()} memakai daftar sebagai satu nilai. Pakai for untuk mengisi daftar."
            ] = None
            return ""
        text = str(escape(value))
        if filling.reading.plain:
            text = " ".join(text.split())
        elif "\n" in text or "\t" in text:
            for sign, element in (("\n", "br"), ("\t", "tab")):
                text = text.replace(sign, f'</w:t><w:{element}/><w:t xml:space="preserve">')
        return Markup(text)  # noqa: S704 - escaped above

    return filled


def _note_empty(filling: _Filling, number: int, *, unknown: bool) -> None:
    tag = filling.reading.tags[number]
    name = tag.inner.partition("|")[0].strip()
    if not unknown and (name in filling.optional or name.rpartition(".")[2] in filling.optional):
        return
    trouble = "tidak dikenal" if unknown else "masih kosong"
    advice = "Perbaiki templatnya" if unknown else "Lengkapi datanya"
    sentence = f"{sentence_start(tag.place)} memakai kolom {name} yang {trouble}. {advice} lalu coba lagi."
    filling.troubles[sentence] = None


def _render(part: _Part, values: Mapping[str, object], filling: _Filling) -> bytes:
    from jinja2 import TemplateError
    from lxml import etree

    filling.troubles = {}
    try:
        text = part.template.render({**values, "_filling": filling})
    except TemplateError as trouble:
        raise Refused(
            f"Templat tidak dapat diisi: {trouble}. Periksa nama kolom pada tandanya lalu coba lagi."
        ) from trouble
    except TypeError as trouble:  # a loop over a number, a comparison of text with a number
        raise Refused(
            "Templat memakai sebuah kolom dengan cara yang tidak sesuai isinya. Periksa for dan if di templat."
        ) from trouble
    counter = iter(range(1, text.count("<wp:docPr") + 1))
    text = _DOC_PR.sub(lambda found: f"{found[1]}{next(counter)}{found[2]}", text)
    data = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text.encode("utf-8")
    try:
        etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as trouble:
        raise Refused(
            "Letak tanda for atau if memotong susunan dokumen. Taruh pasangannya dalam paragraf atau baris yang sama."
        ) from trouble
    return data
