"""Reads a table: grid, rows, and for every cell what its table style, the table and the cell itself say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from desk.adapters.paper.blocks import Cell, Row, Table
from desk.adapters.paper.markup import (
    Border,
    Props,
    attribute,
    borders,
    child_value,
    integer,
    is_on,
    shade,
    twips,
    walk_blocks,
)
from desk.adapters.paper.styles import CellStyle, TableStyle, stacked, table_props
from desk.adapters.word_package import W

if TYPE_CHECKING:
    from lxml.etree import _Element

    from desk.adapters.paper.blocks import Block
    from desk.adapters.paper.reading import Reader
    from desk.adapters.paper.reading_inlines import InlineReader

_LOOK_BITS = {
    "firstRow": 0x20,
    "lastRow": 0x40,
    "firstColumn": 0x80,
    "lastColumn": 0x100,
    "noHBand": 0x200,
    "noVBand": 0x400,
}
_MARGINS = {"margin_left": 108.0, "margin_right": 108.0, "margin_top": 0.0, "margin_bottom": 0.0}
_FLOATING = "Tabel mengambang tidak didukung; tabel disusun di antara paragraf."
_TURNED = "Teks tegak di dalam sel tidak didukung; teks disusun mendatar."


class TableReader:
    """Reads the tables of one file."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._styles: dict[tuple[int, tuple[str, ...]], tuple[CellStyle, TableStyle]] = {}

    def table(self, element: _Element, inlines: InlineReader, depth: int) -> Table:
        """One table with its cells read."""
        own = element.find(W + "tblPr")
        style = self._reader.styles.table(child_value(own, "tblStyle"))
        props = {**_MARGINS, **style.table, **table_props(own)}
        edges = {**style.whole.borders, **borders(own.find(W + "tblBorders") if own is not None else None)}
        if own is not None and own.find(W + "tblpPr") is not None:
            self._reader.warn(_FLOATING)
        rows = list(_rows(element))
        grid = _grid(element, rows)
        look = _look(own)
        read = [
            self._row(row, number, len(rows), len(grid), style, look, props, inlines, depth)
            for number, row in enumerate(rows)
        ]
        return Table(grid, read, edges, props.get("align", "left"), props.get("indent", 0.0), nested=depth > 1)

    def _row(
        self,
        row: _Element,
        number: int,
        count: int,
        columns: int,
        style: TableStyle,
        look: set[str],
        props: Props,
        inlines: InlineReader,
        depth: int,
    ) -> Row:
        own = row.find(W + "trPr")
        column = integer(child_value(own, "gridBefore"))
        cells: list[Cell] = []
        for item in _cells(row):
            cell_props = item.find(W + "tcPr")
            span = max(integer(child_value(cell_props, "gridSpan"), 1), 1)
            names = _conditions(look, props, number, count, column, span, columns)
            cell_style = self._style(style, names)
            cells.append(self._cell(item, cell_props, column, span, cell_style, props, inlines, depth))
            column += span
        height = own.find(W + "trHeight") if own is not None else None
        rule = attribute(height, "hRule") or "atLeast" if height is not None else "auto"
        return Row(cells, twips(attribute(height)), rule, header=is_on(own, "tblHeader"), whole=is_on(own, "cantSplit"))

    def _style(self, style: TableStyle, names: tuple[str, ...]) -> CellStyle:
        """What the table style says about a cell of these parts; the same object for the same parts."""
        found = self._styles.get((id(style), names))
        if found is None:
            special = [style.parts[name] for name in names if name in style.parts]
            merged_style = replace(stacked(style.whole, *special), borders=_edges(special))
            found = self._styles[id(style), names] = (merged_style, style)
        return found[0]

    def _cell(
        self,
        item: _Element,
        own: _Element | None,
        column: int,
        span: int,
        style: CellStyle,
        props: Props,
        inlines: InlineReader,
        depth: int,
    ) -> Cell:
        margins = {side: props["margin_" + side] for side in ("left", "right", "top", "bottom")}
        edges: dict[str, Border] = dict(style.borders)
        merge, vertical, background = "", style.vertical or "top", style.shade
        if own is not None:
            special = own.find(W + "tcMar")
            for margin in special if special is not None else ():
                side = str(margin.tag).removeprefix(W)
                margins[{"start": "left", "end": "right"}.get(side, side)] = twips(attribute(margin, "w"))
            edges |= borders(own.find(W + "tcBorders"))
            if (joined := own.find(W + "vMerge")) is not None:
                merge = "start" if attribute(joined) == "restart" else "continue"
            vertical = child_value(own, "vAlign") or vertical
            if (shading := own.find(W + "shd")) is not None:
                background = shade(shading)
            if child_value(own, "textDirection") not in {None, "lrTb"}:
                self._reader.warn(_TURNED)
        blocks: list[Block] = [
            block for element in walk_blocks(item) for block in self._reader.block(element, inlines, style, depth)
        ]
        return Cell(column, span, blocks, edges, margins, background, vertical, merge)


def _edges(special: list[CellStyle]) -> dict[str, Border]:
    """The borders that parts of the table style give a cell; inner lines of a part count on both sides."""
    found: dict[str, Border] = {}
    for layer in special:
        for side, border in layer.borders.items():
            names = {"inside_h": (), "inside_v": ("left", "right")}.get(side, (side,))
            found.update(dict.fromkeys(names, border))
    return found


def _rows(table: _Element) -> list[_Element]:
    """The rows of a table itself, not of tables inside its cells; content controls are opened."""
    rows: list[_Element] = []
    for element in table:
        if element.tag == W + "tr":
            rows.append(element)
        elif element.tag in {W + "sdt", W + "sdtContent", W + "ins", W + "customXml"}:
            rows.extend(_rows(element))
    return rows


def _cells(row: _Element) -> list[_Element]:
    cells: list[_Element] = []
    for element in row:
        if element.tag == W + "tc":
            cells.append(element)
        elif element.tag in {W + "sdt", W + "sdtContent", W + "customXml"}:
            cells.extend(_cells(element))
    return cells


def _grid(table: _Element, rows: list[_Element]) -> list[float]:
    """Column widths in twips: the grid, and the cells' own widths where the grid says nothing."""
    grid = [twips(attribute(column, "w")) for column in table.findall(f"{W}tblGrid/{W}gridCol")]
    for row in rows:
        column = integer(child_value(row.find(W + "trPr"), "gridBefore"))
        for cell in _cells(row):
            props = cell.find(W + "tcPr")
            span = max(integer(child_value(props, "gridSpan"), 1), 1)
            grid.extend([0.0] * min(column + span - len(grid), 64))
            width = props.find(W + "tcW") if props is not None else None
            stated = width is not None and attribute(width, "type") != "pct"
            if span == 1 and column < len(grid) and stated and grid[column] <= 0:
                grid[column] = twips(attribute(width, "w"))
            column += span
    return [width if width > 0 else 1000.0 for width in grid]


def _look(own: _Element | None) -> set[str]:
    """Which parts of the table style are switched on."""
    element = own.find(W + "tblLook") if own is not None else None
    if element is None:
        return {"firstRow", "firstColumn", "bandH"}
    try:
        bits = int(attribute(element) or "0", 16)
    except ValueError:
        bits = 0
    on = {
        name
        for name, bit in _LOOK_BITS.items()
        if (attribute(element, name) in {"1", "true", "on"} if attribute(element, name) is not None else bits & bit)
    }
    if "noHBand" not in on:
        on.add("bandH")
    if "noVBand" not in on:
        on.add("bandV")
    return on


def _conditions(
    look: set[str], props: Props, row: int, rows: int, column: int, span: int, columns: int
) -> tuple[str, ...]:
    """The parts of the table style that hold for a cell, the weakest first."""
    names: list[str] = []
    first_row = "firstRow" in look and row == 0
    first_column = "firstColumn" in look and column == 0
    if "bandV" in look and not first_column:
        band = (column - ("firstColumn" in look)) // props.get("tblStyleColBandSize", 1)
        names.append("band2Vert" if band % 2 else "band1Vert")
    if "bandH" in look and not first_row:
        band = (row - ("firstRow" in look)) // props.get("tblStyleRowBandSize", 1)
        names.append("band2Horz" if band % 2 else "band1Horz")
    if "lastColumn" in look and column + span >= columns:
        names.append("lastCol")
    if first_column:
        names.append("firstCol")
    if "lastRow" in look and row == rows - 1:
        names.append("lastRow")
    if first_row:
        names.append("firstRow")
    return tuple(names)
