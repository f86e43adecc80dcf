"""Reads a DOCX into blocks: styles, numbers, fields and relations are resolved here, the layout only lays out."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

from desk.adapters.paper.blocks import Block, Document, ListLabel, Paragraph, RunLook, Section
from desk.adapters.paper.fonts import FontKey, family_for
from desk.adapters.paper.markup import (
    Props,
    attribute,
    child_value,
    integer,
    is_on,
    merged,
    paragraph_props,
    relation,
    run_props,
    twips,
    walk_blocks,
)
from desk.adapters.paper.numbering import Numbering
from desk.adapters.paper.reading_inlines import InlineReader
from desk.adapters.paper.reading_tables import TableReader
from desk.adapters.paper.styles import CellStyle, Styles
from desk.adapters.word_package import W, WordPackage, open_package, parse_kept, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAX_NESTING = 12
NO_STYLE = CellStyle()


class Reader:
    """Reads one file; keeps what must be counted in order (lists, fields) and what was met but is not supported."""

    def __init__(self, package: WordPackage, identity: str) -> None:
        self.package = package
        self._identity = identity
        self._relations = package.relations(package.document_name)
        self.styles = _styles(self._data("styles"), self._data("theme"))
        self.numbering = Numbering(self._part("numbering"))
        self.images: dict[str, bytes] = {}
        self.warnings: dict[str, None] = {}
        # The objects whose ids are keys are kept beside what was found, so that no id is given to another one.
        self._bases: dict[tuple[str, int], tuple[Props, Props, CellStyle]] = {}
        self._looks: dict[tuple[int, tuple[tuple[str, object], ...]], tuple[RunLook, Props]] = {}
        self._same_looks: dict[RunLook, RunLook] = {}
        self._tables = TableReader(self)

    def read(self) -> Document:
        """The whole paper."""
        settings = self._part("settings")
        root = self.package.xml(self.package.document_name)
        body = root.find(W + "body") if root is not None else None
        sections: list[Section] = []
        current: list[Block] = []
        inlines = InlineReader(self, self.package.document_name)
        for element in walk_blocks(body):
            if element.tag == W + "sectPr":
                sections.append(self._section(element, sections, current))
                current = []
                continue
            current.extend(self.block(element, inlines))
            inner = element.find(f"{W}pPr/{W}sectPr")
            if inner is not None:
                sections.append(self._section(inner, sections, current))
                current = []
        if current or not sections:
            last = sections[-1] if sections else Section()
            sections.append(Section(width=last.width, height=last.height, blocks=current))
        compat = settings.find(W + "compat") if settings is not None else None
        core = self.package.parts.get("docProps/core.xml", b"")
        return Document(
            sections,
            self.images,
            list(self.warnings),
            twips(child_value(settings, "defaultTabStop"), 720.0),
            is_on(settings, "evenAndOddHeaders"),
            is_on(compat, "doNotUseHTMLParagraphAutoSpacing"),
            _compatibility(compat) >= 15,
            _modified(core),
            self._identity,
        )

    def warn(self, sentence: str) -> None:
        """Notes once what the paper asks for and the engine does not draw."""
        self.warnings[sentence] = None

    def block(
        self, element: _Element, inlines: InlineReader, cell: CellStyle = NO_STYLE, depth: int = 0
    ) -> list[Block]:
        """The block that a body element stands for; nothing for what has no looks."""
        if element.tag == W + "p":
            return [self.paragraph(element, inlines, cell)]
        if element.tag == W + "tbl" and depth < _MAX_NESTING:
            return [self._tables.table(element, inlines, depth + 1)]
        return []

    def paragraph(self, element: _Element, inlines: InlineReader, cell: CellStyle) -> Paragraph:
        """One paragraph with its properties resolved in the order: file, table style, style, list, own."""
        own_element = element.find(W + "pPr")
        own = paragraph_props(own_element)
        style_id = own.pop("style", None) or self.styles.default_ids.get("paragraph", "")
        base, run = self._base(style_id, cell)
        number: str | None = own.get("number", base.get("number"))
        depth: int = own.get("level", base.get("level")) or 0
        level = self.numbering.level(number, depth)
        if level is None:
            props = merged(base, own)
        elif "number" in own:
            props = merged(base, level.paragraph, own)
        else:
            style_props, _ = self.styles.paragraph(style_id)
            props = merged(self.styles.paragraph_defaults, cell.paragraph, level.paragraph, style_props, own)
        mark_props = run_props(own_element.find(W + "rPr")) if own_element is not None else {}
        mark = self.look_over(run, mark_props)
        label = None
        if number is not None and level is not None and (counted := self.numbering.count(number, depth)) is not None:
            look = self.look_over(run, merged(_visible(mark_props), level.run))
            label = ListLabel(counted.text, look, level.follow, level.align)
        return Paragraph(props, mark, self.look_over(run, {}).font, inlines.inlines(element, run), style_id, label)

    def _base(self, style_id: str, cell: CellStyle) -> tuple[Props, Props]:
        """(paragraph, run) properties of a style inside a cell; the same objects for the same style and cell style."""
        found = self._bases.get((style_id, id(cell)))
        if found is None:
            style_props, style_run = self.styles.paragraph(style_id)
            found = self._bases[style_id, id(cell)] = (
                merged(self.styles.paragraph_defaults, cell.paragraph, style_props),
                merged(self.styles.run_defaults, cell.run, style_run),
                cell,
            )
        return found[:2]

    def look_over(self, base: Props, own: Props) -> RunLook:
        """The look of a run with its own properties on those of its paragraph; the same object for the same look."""
        key = (id(base), tuple(own.items()))
        found = self._looks.get(key)
        if found is None:
            props = merged(base, self.styles.character(own.get("style")), own)
            look = self._new_look(props)
            found = self._looks[key] = (self._same_looks.setdefault(look, look), base)
        return found[0]

    def _new_look(self, props: Props) -> RunLook:
        name = self.styles.font_name(props)
        family, same_widths = family_for(name)
        if not same_widths:
            self.warn(f"Huruf {name} tidak dibawa program dan diganti {family}; letak baris dapat bergeser.")
        size, rise = props.get("size", 200.0), props.get("rise", 0.0)
        if script := props.get("script"):
            rise += size * (0.39 if script == "superscript" else -0.08)
            size = size * 0.58
        font = FontKey(
            family,
            round(size),
            bool(props.get("bold")),
            bool(props.get("italic")),
            props.get("letter_spacing") or 0.0,
            props.get("stretch") or 100,
        )
        capitals = "caps" if props.get("caps") else "small_caps" if props.get("small_caps") else ""
        background = props.get("highlight") or props.get("shade")
        return RunLook(
            font,
            props.get("colour") or "000000",
            background,
            props.get("underline") or "",
            bool(props.get("strike")),
            rise,
            capitals,
        )

    def _part(self, kind: str) -> _Element | None:
        data = self._data(kind)
        return parse_kept(data, kind) if data else None

    def _data(self, kind: str) -> bytes:
        for found, target, outside in self._relations.values():
            if found == kind and not outside:
                return self.package.parts.get(target, b"")
        return b""

    def _section(self, element: _Element, before: list[Section], blocks: list[Block]) -> Section:
        section = Section(blocks=blocks)
        size, margin = element.find(W + "pgSz"), element.find(W + "pgMar")
        if size is not None:
            section.width = twips(attribute(size, "w"), section.width)
            section.height = twips(attribute(size, "h"), section.height)
        if margin is not None:
            for side in ("top", "bottom", "left", "right", "header", "footer"):
                setattr(section, side, twips(attribute(margin, side), getattr(section, side)))
            section.left += twips(attribute(margin, "gutter"))
        section.title_page = is_on(element, "titlePg")
        section.continuous = child_value(element, "type") == "continuous"
        if (numbers := element.find(W + "pgNumType")) is not None:
            start = attribute(numbers, "start")
            section.first_number = None if start is None else integer(start, 1)
            section.number_kind = attribute(numbers, "fmt") or "decimal"
        if integer(child_value(element, "cols", "num"), 1) > 1:
            self.warn("Kolom koran tidak didukung; teks disusun dalam satu kolom.")
        if element.find(W + "pgBorders") is not None:
            self.warn("Bingkai halaman tidak didukung dan tidak digambar.")
        if before:
            section.headers, section.footers = dict(before[-1].headers), dict(before[-1].footers)
        for kind, store in (("header", section.headers), ("footer", section.footers)):
            for item in element.findall(f"{W}{kind}Reference"):
                target = self._relations.get(relation(item, "id") or "")
                if target is not None and not target[2]:
                    store[attribute(item, "type") or "default"] = self._story(target[1])
        return section

    def _story(self, part_name: str) -> list[Block]:
        root = self.package.xml(part_name)
        inlines = InlineReader(self, part_name)
        return [block for element in walk_blocks(root) for block in self.block(element, inlines)]


@lru_cache(maxsize=32)
def _styles(styles: bytes, theme: bytes) -> Styles:
    """The styles of a file; the papers of one template share them."""
    return Styles(parse_xml(styles, "styles") if styles else None, parse_xml(theme, "theme") if theme else None)


def read_document(data: bytes) -> Document:
    """A paper read from the bytes of a DOCX. Raises BadWordFile when it is none."""
    return Reader(open_package(data), hashlib.sha256(data).hexdigest()).read()


def _visible(props: Props) -> Props:
    """What of a paragraph mark's look its list number takes over (underline belongs to the mark alone)."""
    return {name: value for name, value in props.items() if not name.startswith("underline") and name != "style"}


def _compatibility(compat: _Element | None) -> int:
    for setting in compat.findall(W + "compatSetting") if compat is not None else ():
        if attribute(setting, "name") == "compatibilityMode":
            return integer(attribute(setting), 12)
    return 12


def _modified(core: bytes) -> str:
    """When the file says it was changed (or made), as YYYYMMDDHHMMSS; the same file always gives the same paper."""
    import re

    for name in (b"modified", b"created"):
        found = re.search(rb"<dcterms:" + name + rb"[^>]*>(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)", core)
        if found:
            return b"".join(found.groups()).decode()
    return "20260101000000"
