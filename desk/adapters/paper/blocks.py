"""What a paper consists of once it has been read: paragraphs, tables and sections, with every property resolved."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from desk.adapters.paper.fonts import FontKey
    from desk.adapters.paper.markup import Border, Props


class RunLook(NamedTuple):
    """How a piece of text looks; lengths in twips, colours as RRGGBB."""

    font: FontKey
    colour: str = "000000"
    background: str | None = None
    underline: str = ""  # "", single, double
    strike: bool = False
    rise: float = 0.0
    capitals: str = ""  # "", caps, small_caps


class Break(Enum):
    """What ends a line by hand."""

    LINE = "line"
    PAGE = "page"


class Text(NamedTuple):
    """Words in one look."""

    text: str
    look: RunLook


class Tab(NamedTuple):
    """A jump to the next tab stop, or (`to`) to the middle or end of the line."""

    look: RunLook
    to: str = ""


class Field(NamedTuple):
    """A number that only the finished pages know: PAGE or NUMPAGES."""

    name: str
    look: RunLook


class Picture(NamedTuple):
    """An inline picture; `crop` are the parts cut off at left, top, right and bottom."""

    key: str
    width: float
    height: float
    look: RunLook
    crop: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)


class Floating(NamedTuple):
    """A picture at a fixed place that text does not flow around; offsets in twips or a word like `center`."""

    key: str
    width: float
    height: float
    horizontal: tuple[str, float | str]
    vertical: tuple[str, float | str]
    crop: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)


Inline = Text | Tab | Field | Picture | Floating | Break


class ListLabel(NamedTuple):
    """The number or bullet before a paragraph."""

    text: str
    look: RunLook
    follow: str
    align: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; `mark` is the look of its end, which gives an empty paragraph its height, `font` its style's."""

    props: Props
    mark: RunLook
    font: FontKey
    inlines: list[Inline]
    style: str
    label: ListLabel | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell; `merge` is start, continue or empty."""

    column: int
    span: int
    blocks: list[Block]
    borders: dict[str, Border]
    margins: dict[str, float]
    shade: str | None = None
    vertical: str = "top"
    merge: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One table row; `rule` is auto, atLeast or exact."""

    cells: list[Cell]
    height: float = 0.0
    rule: str = "auto"
    header: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; widths, indent and margins in twips."""

    columns: list[float]
    rows: list[Row]
    borders: dict[str, Border]
    align: str = "left"
    indent: float = 0.0
    nested: bool = False


Block = Paragraph | Table


@dataclass(slots=True)
class Section:
    """Pages of one shape with their headers and footers (first, default, even)."""

    width: float = 11906.0
    height: float = 16838.0
    top: float = 1440.0
    bottom: float = 1440.0
    left: float = 1440.0
    right: float = 1440.0
    header: float = 708.0
    footer: float = 708.0
    title_page: bool = False
    continuous: bool = False
    first_number: int | None = None
    number_kind: str = "decimal"
    headers: dict[str, list[Block]] = field(default_factory=dict)
    footers: dict[str, list[Block]] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Document:
    """A paper ready to be laid out."""

    sections: list[Section]
    images: dict[str, bytes]
    warnings: list[str]
    tab_width: float
    even_pages: bool
    spacing_adds_up: bool
    table_at_border: bool
    stamp: str
    identity: str
