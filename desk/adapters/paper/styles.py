"""What a style means once everything it is based on has been merged, worked out once per style and file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desk.adapters.paper.markup import (
    Border,
    Props,
    attribute,
    borders,
    child_value,
    merged,
    paragraph_props,
    run_props,
    shade,
    twips,
)
from desk.adapters.word_package import W

if TYPE_CHECKING:
    from lxml.etree import _Element

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class CellStyle:
    """What a table style says about some cells."""

    paragraph: Props = field(default_factory=dict)
    run: Props = field(default_factory=dict)
    borders: dict[str, Border] = field(default_factory=dict)
    shade: str | None = None
    vertical: str | None = None


@dataclass(frozen=True, slots=True)
class TableStyle:
    """A table style with everything it is based on: for the whole table and for some rows and columns."""

    whole: CellStyle = field(default_factory=CellStyle)
    table: Props = field(default_factory=dict)
    parts: dict[str, CellStyle] = field(default_factory=dict)


class Styles:
    """The styles of one file by id."""

    def __init__(self, styles: _Element | None, theme: _Element | None) -> None:
        self._elements: dict[str, _Element] = {}
        self.default_ids: dict[str, str] = {}
        self.run_defaults: Props = {"size": 200.0, "font": "Times New Roman", "theme": None}
        self.paragraph_defaults: Props = {}
        self._paragraphs: dict[str, tuple[Props, Props]] = {}
        self._characters: dict[str, Props] = {}
        self._tables: dict[str, TableStyle] = {}
        self._theme = _theme_fonts(theme)
        if styles is None:
            return
        defaults = styles.find(W + "docDefaults")
        if defaults is not None:
            self.run_defaults |= run_props(defaults.find(f"{W}rPrDefault/{W}rPr"))
            self.paragraph_defaults |= paragraph_props(defaults.find(f"{W}pPrDefault/{W}pPr"))
        for style in styles.findall(W + "style"):
            style_id, kind = attribute(style, "styleId") or "", attribute(style, "type") or "paragraph"
            self._elements[style_id] = style
            if (attribute(style, "default") or "0") in {"1", "true", "on"}:
                self.default_ids[kind] = style_id

    def font_name(self, props: Props) -> str:
        """The name of the font that run properties ask for, theme fonts looked up."""
        theme = props.get("theme")
        if theme:
            named = self._theme.get("major" if theme.startswith("major") else "minor")
            if named:
                return named
        return props.get("font") or "Times New Roman"

    def paragraph(self, style_id: str | None) -> tuple[Props, Props]:
        """(paragraph, run) properties of a paragraph style with its ancestors, without the defaults of the file."""
        style_id = style_id if style_id in self._elements else self.default_ids.get("paragraph", "")
        found = self._paragraphs.get(style_id)
        if found is None:
            chain = self._chain(style_id)
            found = (
                merged(*(_without_style(paragraph_props(style.find(W + "pPr"))) for style in chain)),
                merged(*(run_props(style.find(W + "rPr")) for style in chain)),
            )
            self._paragraphs[style_id] = found
        return found

    def character(self, style_id: str | None) -> Props:
        """The run properties of a character style with its ancestors."""
        if not style_id:
            return {}
        found = self._characters.get(style_id)
        if found is None:
            found = merged(*(run_props(style.find(W + "rPr")) for style in self._chain(style_id)))
            self._characters[style_id] = found
        return found

    def table(self, style_id: str | None) -> TableStyle:
        """A table style with its ancestors; the default table style when the id is unknown."""
        style_id = style_id if style_id in self._elements else self.default_ids.get("table", "")
        found = self._tables.get(style_id)
        if found is None:
            whole = CellStyle()
            table: Props = {}
            parts: dict[str, CellStyle] = {}
            for style in self._chain(style_id):
                whole = _over(whole, _cell_style(style, style.find(f"{W}tblPr/{W}tblBorders")))
                table = {**table, **table_props(style.find(W + "tblPr"))}
                for part in style.findall(W + "tblStylePr"):
                    name = attribute(part, "type") or ""
                    edges = part.find(f"{W}tblPr/{W}tblBorders")
                    parts[name] = _over(parts.get(name, CellStyle()), _cell_style(part, edges))
            found = self._tables[style_id] = TableStyle(whole, table, parts)
        return found

    def _chain(self, style_id: str) -> list[_Element]:
        """The style and its ancestors, eldest first."""
        chain: list[_Element] = []
        while (style := self._elements.get(style_id)) is not None and len(chain) < _MAX_DEPTH:
            chain.append(style)
            style_id = child_value(style, "basedOn") or ""
        return chain[::-1]


def table_props(element: _Element | None) -> Props:
    """What a tblPr states: margins of the cells, indent, alignment, width, layout; lengths in twips."""
    props: Props = {}
    if element is None:
        return props
    margins = element.find(W + "tblCellMar")
    for item in margins if margins is not None else ():
        side = str(item.tag).removeprefix(W)
        props["margin_" + {"start": "left", "end": "right"}.get(side, side)] = twips(attribute(item, "w"))
    if (indent := element.find(W + "tblInd")) is not None and attribute(indent, "type") != "pct":
        props["indent"] = twips(attribute(indent, "w"))
    if (align := child_value(element, "jc")) is not None:
        props["align"] = {"start": "left", "end": "right"}.get(align, align)
    if (width := element.find(W + "tblW")) is not None:
        props["width"] = (attribute(width, "type") or "auto", attribute(width, "w") or "0")
    if (space := child_value(element, "tblCellSpacing", "w")) is not None:
        props["cell_spacing"] = twips(space)
    for name in ("tblStyleRowBandSize", "tblStyleColBandSize"):
        if (size := child_value(element, name)) is not None:
            props[name] = max(int(twips(size, 1)), 1)
    return props


def _cell_style(style: _Element, edges: _Element | None) -> CellStyle:
    cell = style.find(W + "tcPr")
    own = borders(cell.find(W + "tcBorders")) if cell is not None else {}
    return CellStyle(
        _without_style(paragraph_props(style.find(W + "pPr"))),
        run_props(style.find(W + "rPr")),
        {**borders(edges), **own},
        shade(cell.find(W + "shd")) if cell is not None else None,
        child_value(cell, "vAlign"),
    )


def _over(below: CellStyle, above: CellStyle) -> CellStyle:
    return CellStyle(
        merged(below.paragraph, above.paragraph),
        merged(below.run, above.run),
        {**below.borders, **above.borders},
        above.shade or below.shade,
        above.vertical or below.vertical,
    )


def stacked(*layers: CellStyle) -> CellStyle:
    """Cell styles on top of each other, the first lowest."""
    result = layers[0]
    for layer in layers[1:]:
        result = _over(result, layer)
    return result


def _without_style(props: Props) -> Props:
    props.pop("style", None)
    return props


def _theme_fonts(theme: _Element | None) -> dict[str, str]:
    fonts: dict[str, str] = {}
    if theme is not None:
        for kind in ("major", "minor"):
            latin = theme.find(f".//{_A}{kind}Font/{_A}latin")
            if latin is not None and latin.get("typeface"):
                fonts[kind] = str(latin.get("typeface"))
    return fonts
