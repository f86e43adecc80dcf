"""Lays out a table: cells beside each other, borders shared, rows that may break over pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from desk.adapters.paper.blocks import Cell, Row, Table
from desk.adapters.paper.ink import Fill, Group, Ink, border_ink
from desk.adapters.paper.markup import NO_BORDER, Border
from desk.adapters.paper.slices import Flow, Slice

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk.adapters.paper.blocks import Floating
    from desk.adapters.paper.flow import Layout

_EPSILON = 0.01


@dataclass(slots=True)
class _Box:
    """A cell with its place and what is in it."""

    cell: Cell
    x: float
    width: float
    flow: Flow
    top: Border
    bottom: Border
    left: Border
    right: Border
    rows: int = 1


def table_slices(layout: Layout, table: Table, width: float) -> tuple[list[Slice], bool]:
    """One slice per row, header rows remembered in the others so that every page repeats them.

    Also whether the last row stays on the page of what follows the table.
    """
    if not table.rows:
        return [], False
    boxes = _boxes(layout, table, width)
    tops = [max((box.top.width for box in row), default=0.0) for row in boxes]
    lasts = max((box.bottom.width for box in boxes[-1]), default=0.0)
    heights = [
        _row_height(row, line, top, lasts if number == len(boxes) - 1 else 0.0)
        for number, (row, line, top) in enumerate(zip(table.rows, boxes, tops, strict=True))
    ]
    _grow_merged(boxes, heights, tops)
    merged = _rows_inside_merges(boxes)
    slices: list[Slice] = []
    for number, (row, line, height) in enumerate(zip(table.rows, boxes, heights, strict=True)):
        item = _row_slice(line, height, heights[number:], tops[number])
        if number + 1 < len(boxes):  # the height of the last row has it already
            item.foot = max((box.bottom.width for box in line), default=0.0)
        item.may_break = number not in merged
        if number and line and _keeps_next(boxes[number - 1]):
            item.may_break = False
        if not row.whole and row.rule != "exact" and number not in merged and number + 1 not in merged:
            item.split = _splitter(row, line, tops[number])
        slices.append(item)
    headers = 0
    while headers < len(table.rows) - 1 and table.rows[headers].header:
        headers += 1
    for item in slices[headers:]:
        item.repeat = slices[:headers]
    for item in slices[1 : headers + 1]:
        item.may_break = False
    return slices, _keeps_next(boxes[-1])


def _boxes(layout: Layout, table: Table, width: float) -> list[list[_Box]]:
    total = sum(table.columns)
    margin = table.rows[0].cells[0].margins["left"] if table.rows[0].cells else 0.0
    if table.align == "center":
        start = (width - total) / 2
    elif table.align == "right":
        start = width - total
    else:
        start = table.indent - (0.0 if layout.document.table_at_border or table.nested else margin)
    edges = [start, *(start + right for right in accumulate(table.columns))]
    grid = [_owners(row, len(table.columns)) for row in table.rows]
    boxes: list[list[_Box]] = []
    for number, row in enumerate(table.rows):
        line: list[_Box] = []
        for cell in row.cells:
            end = min(cell.column + cell.span, len(table.columns))
            if cell.column >= end:
                continue
            x, right = edges[cell.column], edges[end]
            inner = right - x - cell.margins["left"] - cell.margins["right"]
            flow = Flow([]) if cell.merge == "continue" else layout.flow(cell.blocks, max(inner, 60.0))
            sides = _sides(table, grid, number, cell, end)
            line.append(_Box(cell, x, right - x, flow, *sides))
        boxes.append(line)
    return boxes


def _owners(row: Row, columns: int) -> list[Cell | None]:
    owners: list[Cell | None] = [None] * columns
    for cell in row.cells:
        for column in range(cell.column, min(cell.column + cell.span, columns)):
            owners[column] = cell
    return owners


def _sides(
    table: Table, grid: list[list[Cell | None]], row: int, cell: Cell, end: int
) -> tuple[Border, Border, Border, Border]:
    """The borders that a cell shows at top, bottom, left and right: the wider of its own and its neighbour's."""
    last_row, last_column = len(grid) - 1, len(table.columns)
    above = grid[row - 1][cell.column] if row else None
    below = grid[row + 1][cell.column] if row < last_row else None
    west = grid[row][cell.column - 1] if cell.column else None
    east = grid[row][end] if end < last_column else None
    top = _shared(table, cell, "top", above, "bottom", outer=not row)
    bottom = _shared(table, cell, "bottom", below, "top", outer=row == last_row)
    left = _shared(table, cell, "left", west, "right", outer=not cell.column)
    right = _shared(table, cell, "right", east, "left", outer=end >= last_column)
    if cell.merge == "continue" and above is not None and above.merge:
        top = NO_BORDER
    if cell.merge and below is not None and below.merge == "continue":
        bottom = NO_BORDER
    return top, bottom, left, right


def _wish(table: Table, cell: Cell, side: str, *, outer: bool) -> Border:
    own = cell.borders.get(side)
    if own is not None:
        return own
    inside = "inside_h" if side in {"top", "bottom"} else "inside_v"
    return table.borders.get(side if outer else inside, NO_BORDER)


def _shared(table: Table, cell: Cell, side: str, neighbour: Cell | None, facing: str, *, outer: bool) -> Border:
    """The border between a cell and its neighbour: the wider of what both want."""
    mine = _wish(table, cell, side, outer=outer)
    theirs = NO_BORDER if neighbour is None else _wish(table, neighbour, facing, outer=False)
    return theirs if theirs.width > mine.width else mine


def _row_height(row: Row, boxes: list[_Box], top: float, bottom: float) -> float:
    if row.rule == "exact":
        return row.height
    needed = max((_needed(box) for box in boxes if box.cell.merge != "start"), default=0.0)
    if all(box.cell.merge == "start" for box in boxes):
        needed = min((_needed(box) for box in boxes), default=0.0)
    return max(needed + top + bottom, row.height)


def _needed(box: _Box) -> float:
    margins = box.cell.margins
    return box.flow.height + margins["top"] + margins["bottom"]


def _grow_merged(boxes: list[list[_Box]], heights: list[float], tops: list[float]) -> None:
    """Finds how many rows each vertically merged cell covers and makes the last of them high enough."""
    for number, line in enumerate(boxes):
        for box in line:
            if box.cell.merge != "start":
                continue
            last = number
            while last + 1 < len(boxes) and any(
                other.cell.merge == "continue" and other.cell.column == box.cell.column for other in boxes[last + 1]
            ):
                last += 1
            box.rows = last - number + 1
            missing = _needed(box) + tops[number] - sum(heights[number : last + 1])
            if missing > 0:
                heights[last] += missing


def _rows_inside_merges(boxes: list[list[_Box]]) -> set[int]:
    """Rows that continue a merged cell: a page does not end above them."""
    return {number for number, line in enumerate(boxes) if any(box.cell.merge == "continue" for box in line)}


def _keeps_next(line: list[_Box]) -> bool:
    return (
        bool(line)
        and all(box.flow.keeps_next or not box.flow.slices for box in line)
        and any(box.flow.keeps_next for box in line)
    )


def _row_slice(line: list[_Box], height: float, heights: list[float], top: float) -> Slice:
    ink: list[Ink] = []
    groups: list[Group] = [Group(0.0, 0.0, ink)]
    floating: list[Floating] = []
    for box in line:
        covered = sum(heights[: box.rows])
        if box.cell.shade and box.cell.merge != "continue":
            ink.append(Fill(box.x, 0.0, box.width, covered, box.cell.shade))
        margins = box.cell.margins
        y = top + margins["top"]
        free = covered - top - margins["top"] - margins["bottom"] - box.flow.height
        if free > _EPSILON and box.cell.vertical in {"center", "bottom"}:
            y += free if box.cell.vertical == "bottom" else free / 2
        for item in box.flow.slices:
            y += item.gap
            groups.extend(Group(box.x + margins["left"] + g.x, y + g.y, g.ink) for g in item.groups)
            floating.extend(item.floating)
            y += item.height
    groups.append(Group(0.0, 0.0, _frames(line, height)))
    return Slice(height, groups, floating=floating)


def _frames(line: list[_Box], height: float) -> list[Ink]:
    """The border lines of a row; equal lines that touch are drawn as one."""
    across: list[tuple[float, Border, float, float]] = []  # y, border, from, to
    for y, side in ((0.0, "top"), (height, "bottom")):
        for box in line:
            border: Border = getattr(box, side)
            if not border.width:
                continue
            last = across[-1] if across else None
            if last is not None and last[:2] == (y, border) and abs(last[3] - box.x) < 1.0:
                across[-1] = (y, border, last[2], box.x + box.width)
            else:
                across.append((y, border, box.x, box.x + box.width))
    down = {(round(x, 1), border): None for box in line
            for x, border in ((box.x, box.left), (box.x + box.width, box.right)) if border.width}  # fmt: skip
    found: list[Ink] = []
    for y, border, start, end in across:
        found.extend(border_ink(border, start, y, end, y))
    for x, border in down:
        found.extend(border_ink(border, x, 0.0, x, height))
    return found


def _splitter(row: Row, line: list[_Box], top: float) -> Callable[[float], tuple[Slice, Slice] | None]:
    """A function that cuts the row at a height: (what fits, the rest), or None when no line fits everywhere."""

    def split(room: float) -> tuple[Slice, Slice] | None:
        heads: list[_Box] = []
        tails: list[_Box] = []
        for box in line:
            margins = box.cell.margins
            free = room - top - margins["top"] - margins["bottom"]
            count = _fitting(box.flow, free)
            if count == 0 and box.flow.slices:
                return None
            rest = box.flow.slices[count:]
            heads.append(_with(box, Flow(box.flow.slices[:count]) if rest else box.flow))
            tails.append(_with(box, replace(box.flow, slices=_rest_of(rest)) if rest else Flow([])))
        if not any(box.flow.slices for box in tails):
            return None
        bare = Row(row.cells)
        halves: list[Slice] = []
        for boxes in (heads, tails):
            height = max(_needed(box) for box in boxes) + top
            half = _row_slice(boxes, height, [height], top)
            halves.append(half)
        halves[1].split = _splitter(bare, tails, top)
        return halves[0], halves[1]

    return split


def _with(box: _Box, flow: Flow) -> _Box:
    return _Box(box.cell, box.x, box.width, flow, box.top, box.bottom, box.left, box.right)


def _rest_of(slices: list[Slice]) -> list[Slice]:
    """The slices that a cell goes on with on the next page, without the white that belongs to the words before."""
    return [replace(slices[0], gap=slices[0].before), *slices[1:]]


def _fitting(flow: Flow, room: float) -> int:
    """How many slices fit, ending where a page may end; the white below a cell has to fit with its last words."""
    used, best = 0.0, 0
    for number, item in enumerate(flow.slices):
        used += item.gap + item.height
        if used > room + _EPSILON:
            return best
        following = flow.slices[number + 1] if number + 1 < len(flow.slices) else None
        if following.may_break if following is not None else flow.height <= room + _EPSILON:
            best = number + 1
    return best
