"""Reads the small values of WordprocessingML: lengths, switches, colours, borders, and run and paragraph properties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desk.adapters.word_package import R, W

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.etree import _Element

Props = dict[str, Any]
"""Properties by short name; a later dictionary wins over an earlier one when they are merged."""

_TRANSPARENT = {W + name for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")}
_UNITS = {"pt": 20.0, "pc": 240.0, "pi": 240.0, "in": 1440.0, "cm": 1440 / 2.54, "mm": 144 / 2.54}
_OFF = {"0", "false", "off", "none"}
_HIGHLIGHTS = {
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "darkBlue": "000080", "darkCyan": "008080",
    "darkGray": "808080", "darkGreen": "008000", "darkMagenta": "800080", "darkRed": "800000",
    "darkYellow": "808000", "green": "00FF00", "lightGray": "C0C0C0", "magenta": "FF00FF", "red": "FF0000",
    "white": "FFFFFF", "yellow": "FFFF00",
}  # fmt: skip
_SIDES = {
    "top": "top", "bottom": "bottom", "left": "left", "start": "left", "right": "right", "end": "right",
    "between": "between", "insideH": "inside_h", "insideV": "inside_v",
}  # fmt: skip
_DOUBLE = {"double", "triple"} | {
    f"{one}{other}{gap}Gap"
    for one, other in (("thin", "Thick"), ("thick", "Thin"))
    for gap in ("Small", "Medium", "Large")
}
_ALIGNMENTS = {
    "left": "left", "start": "left", "right": "right", "end": "right", "center": "center", "both": "both",
    "distribute": "both", "lowKashida": "both", "mediumKashida": "both", "highKashida": "both",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Border:
    """One border line: width and distance in twips, colour as RRGGBB; width 0 is a border switched off."""

    width: float
    colour: str = "000000"
    space: float = 0.0
    double: bool = False
    dash: str = ""


NO_BORDER = Border(0.0)


def attribute(element: _Element | None, name: str = "val") -> str | None:
    """The text of a w: attribute, or None when the element or the attribute is missing."""
    return None if element is None else element.get(W + name)


def child_value(parent: _Element | None, name: str, attr: str = "val") -> str | None:
    """The attribute of a w: child, or None."""
    return None if parent is None else attribute(parent.find(W + name), attr)


def switched_on(element: _Element) -> bool:
    """Whether an on/off property is on; without a value it is."""
    return (element.get(W + "val") or "1").lower() not in _OFF


def is_on(parent: _Element | None, name: str) -> bool:
    """Whether the on/off child exists and is on."""
    element = None if parent is None else parent.find(W + name)
    return element is not None and switched_on(element)


def twips(text: str | None, default: float = 0.0) -> float:
    """A length in twips (1/1440 inch) from a bare number or from a number with a unit."""
    if not text:
        return default
    try:
        return _UNITS[text[-2:]] * float(text[:-2]) if text[-2:] in _UNITS else float(text)
    except ValueError:
        return default


def integer(text: str | None, default: int = 0) -> int:
    """A whole number, or the default when the file has something else there."""
    try:
        return int(text) if text else default
    except ValueError:
        return default


def colour(text: str | None) -> str | None:
    """RRGGBB in capitals, or None for automatic and for what is no colour."""
    if text is None or len(text) != 6:
        return None
    text = text.upper()
    return text if all(letter in "0123456789ABCDEF" for letter in text) else None


def shade(element: _Element | None) -> str | None:
    """The background colour of a shading: its fill, or the mix of a percentage pattern; None for clear."""
    if element is None:
        return None
    kind = attribute(element) or "clear"
    fill = colour(attribute(element, "fill"))
    if kind == "solid":
        return colour(attribute(element, "color")) or "000000"
    if kind.startswith("pct") and kind[3:].isdigit():
        part = int(kind[3:]) / 100
        front = colour(attribute(element, "color")) or "000000"
        back = fill or "FFFFFF"
        pairs = ((int(front[i : i + 2], 16), int(back[i : i + 2], 16)) for i in (0, 2, 4))
        return "".join(f"{round(one * part + other * (1 - part)):02X}" for one, other in pairs)
    return fill


def borders(element: _Element | None) -> dict[str, Border]:
    """The borders of a paragraph, cell or table by side."""
    found: dict[str, Border] = {}
    for line in element if element is not None else ():
        side = _SIDES.get(str(line.tag).removeprefix(W))
        if side is None:
            continue
        kind = attribute(line) or "nil"
        if kind in {"nil", "none"}:
            found[side] = NO_BORDER
            continue
        width = max(integer(attribute(line, "sz"), 4), 2) * 2.5  # eighths of a point
        double = kind in _DOUBLE
        found[side] = Border(
            width * 3 if double else width,
            colour(attribute(line, "color")) or "000000",
            integer(attribute(line, "space")) * 20.0,
            double=double,
            dash="dash" if "ash" in kind else "dot" if "dot" in kind.lower() else "",
        )
    return found


_RUN_SWITCHES = {
    "b": "bold", "i": "italic", "strike": "strike", "dstrike": "strike", "caps": "caps", "smallCaps": "small_caps",
    "vanish": "hidden",
}  # fmt: skip


_RUN_VALUES: dict[str, Callable[[_Element, str | None], Props]] = {
    "sz": lambda _, value: {"size": integer(value, 20) * 10.0},
    "color": lambda _, value: {"colour": colour(value)},
    "u": lambda _, value: {"underline": {"none": "", "double": "double"}.get(value or "", "single")},
    "highlight": lambda _, value: {"highlight": _HIGHLIGHTS.get(value or "none")},
    "shd": lambda item, _: {"shade": shade(item)},
    "vertAlign": lambda _, value: {"script": value if value in {"superscript", "subscript"} else None},
    "spacing": lambda _, value: {"letter_spacing": twips(value)},
    "position": lambda _, value: {"rise": integer(value) * 10.0},
    "w": lambda _, value: {"stretch": integer((value or "").rstrip("%"), 100)},
    "rStyle": lambda _, value: {"style": value},
    "rFonts": lambda item, _: _fonts(item),
}


def run_props(element: _Element | None) -> Props:
    """The run properties that an rPr states; what it does not state is not in the dictionary."""
    props: Props = {}
    for item in element if element is not None else ():
        name = str(item.tag).removeprefix(W)
        if name in _RUN_SWITCHES:
            props[_RUN_SWITCHES[name]] = switched_on(item)
        elif name in _RUN_VALUES:
            props |= _RUN_VALUES[name](item, item.get(W + "val"))
    return props


def _fonts(item: _Element) -> Props:
    theme = item.get(W + "asciiTheme") or item.get(W + "hAnsiTheme")
    font = item.get(W + "ascii") or item.get(W + "hAnsi")
    return {"font": font, "theme": theme} if theme or font else {}


_PARAGRAPH_SWITCHES = {
    "keepNext": "keep_next", "keepLines": "keep_lines", "pageBreakBefore": "page_break", "widowControl": "widow",
    "contextualSpacing": "contextual",
}  # fmt: skip


def paragraph_props(element: _Element | None) -> Props:
    """The paragraph properties that a pPr states; lengths in twips."""
    props: Props = {}
    for item in element if element is not None else ():
        name = str(item.tag).removeprefix(W)
        if name in _PARAGRAPH_SWITCHES:
            props[_PARAGRAPH_SWITCHES[name]] = switched_on(item)
        elif name == "jc":
            props["align"] = _ALIGNMENTS.get(item.get(W + "val") or "left", "left")
        elif name == "ind":
            _indents(item, props)
        elif name == "spacing":
            _spacing(item, props)
        elif name == "tabs":
            props["tabs"] = _tabs(item)
        elif name == "pBdr":
            props["borders"] = borders(item)
        elif name == "shd":
            props["shade"] = shade(item)
        elif name == "numPr":
            number, level = child_value(item, "numId"), child_value(item, "ilvl")
            if number is not None:
                props["number"] = number
            if level is not None:
                props["level"] = integer(level)
        elif name == "pStyle":
            props["style"] = item.get(W + "val")
    return props


def _indents(item: _Element, props: Props) -> None:
    for side, names in (("left", ("left", "start")), ("right", ("right", "end"))):
        for name in names:
            if (value := item.get(W + name)) is not None:
                props[side] = twips(value)
    if (value := item.get(W + "hanging")) is not None:
        props["first"] = -twips(value)
    elif (value := item.get(W + "firstLine")) is not None:
        props["first"] = twips(value)


def _spacing(item: _Element, props: Props) -> None:
    for side in ("before", "after"):
        if (value := item.get(W + side)) is not None:
            props[side] = twips(value)
        if (value := item.get(W + side + "Autospacing")) is not None and value.lower() not in _OFF:
            props[side] = 280.0  # what Word uses for HTML paragraphs
    line, rule = item.get(W + "line"), item.get(W + "lineRule")
    if line is not None or rule is not None:  # a rule without a height means single spacing, as in LibreOffice
        props["line"] = twips(line, 240.0)
        props["line_rule"] = rule or "auto"


def _tabs(item: _Element) -> dict[float, tuple[str, str] | None]:
    """Tab stops by position -> (kind, leader); None clears an inherited stop."""
    stops: dict[float, tuple[str, str] | None] = {}
    for tab in item.findall(W + "tab"):
        kind = tab.get(W + "val") or "left"
        kind = {"start": "left", "end": "right", "num": "left"}.get(kind, kind)
        position = twips(tab.get(W + "pos"))
        stops[position] = None if kind == "clear" else (kind, tab.get(W + "leader") or "none")
    return stops


def merged(*layers: Props) -> Props:
    """The layers on top of each other; tab stops and borders add up instead of replacing one another."""
    result: Props = {}
    for layer in layers:
        if not layer:
            continue
        stops, edges = result.get("tabs"), result.get("borders")
        result.update(layer)
        if stops and "tabs" in layer:
            result["tabs"] = {**stops, **layer["tabs"]}
        if edges and "borders" in layer:
            result["borders"] = {**edges, **layer["borders"]}
    return result


def relation(element: _Element, name: str) -> str | None:
    """The id of the relation that an r: attribute names."""
    return element.get(R + name)


def walk_blocks(parent: _Element | None) -> Iterator[_Element]:
    """The paragraphs, tables and section ends below an element, wrappers such as content controls opened."""
    for element in parent if parent is not None else ():
        if element.tag in _TRANSPARENT:
            yield from walk_blocks(element)
        elif isinstance(element.tag, str):
            yield element
