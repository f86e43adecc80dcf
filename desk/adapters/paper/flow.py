"""Turns blocks into slices: spacing between paragraphs, borders and shading, keep-together rules, and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.adapters.paper.blocks import Block, Break, Paragraph, Table
from desk.adapters.paper.ink import Fill, Group, Ink, border_ink
from desk.adapters.paper.lines import ParagraphLines
from desk.adapters.paper.slices import Flow, Slice
from desk.adapters.paper.spacing import white_at_end
from desk.adapters.paper.tables import table_slices

if TYPE_CHECKING:
    from desk.adapters.paper.blocks import Document
    from desk.adapters.paper.fonts import Metrics
    from desk.adapters.paper.markup import Border

_SIDES = ("top", "bottom", "left", "right")


class Layout:
    """Lays out stories of one paper; `numbers` are the page number and the page count where they are known."""

    def __init__(self, document: Document, metrics: Metrics, numbers: tuple[str, str] | None = None) -> None:
        self.document = document
        self.metrics = metrics
        self.numbers = numbers

    def flow(self, blocks: list[Block], width: float) -> Flow:
        """The slices of a story in a column of this width."""
        flow = Flow([])
        before: Paragraph | None = None
        new_page = False
        for place, block in enumerate(blocks):
            following = blocks[place + 1] if place + 1 < len(blocks) else None
            if isinstance(block, Table):
                slices, keeps_next = table_slices(self, block, width)
                self._join(flow, slices, 0.0, new_page=new_page)
                flow.after, flow.spacing, flow.keeps_next, before, new_page = 0.0, 0.0, keeps_next, None, False
                continue
            slices, spacing = self._paragraph(block, width, before, following)
            props = block.props
            space = 0.0 if _close(before, block) else props.get("before", 0.0)
            new_page = new_page or bool(props.get("page_break"))
            self._join(flow, slices, space, new_page=new_page)
            flow.after, flow.spacing = props.get("after", 0.0), spacing
            if isinstance(following, Paragraph) and _close(block, following):
                flow.after = 0.0
            flow.keeps_next = bool(props.get("keep_next"))
            new_page = bool(block.inlines) and block.inlines[-1] is Break.PAGE
            before = block
        if before is not None:
            flow.spacing = white_at_end(before, self.metrics)
        return flow

    def _join(self, flow: Flow, slices: list[Slice], before: float, *, new_page: bool) -> None:
        """Puts the slices of a block under the flow.

        The white between two blocks is the larger of both wishes and, always, what the line spacing of the upper adds.
        """
        if not slices:
            return
        first = slices[0]
        first.before = before
        if flow.slices:
            first.gap = flow.after + before if self.document.spacing_adds_up else max(flow.after, before)
            first.gap += flow.spacing
            first.may_break = not flow.keeps_next
        else:
            first.gap = before
        first.new_page = first.new_page or new_page
        flow.slices.extend(slices)

    def _paragraph(
        self, paragraph: Paragraph, width: float, before: Paragraph | None, following: Block | None
    ) -> tuple[list[Slice], float]:
        """The slices of a paragraph, and the white that its line spacing adds below the last."""
        laid = ParagraphLines(paragraph, width, self.metrics, self.document.tab_width, self.numbers)
        lines = laid.lines
        if len(lines) > 1 and lines[-2].ended == "page" and not lines[-1].items:
            lines = lines[:-1]  # the mark of a paragraph that ends with a page break stays with the break
        props = paragraph.props
        slices: list[Slice] = []
        new_page = False
        for line in lines:
            if line.ended == "page" and not line.items and not slices and len(lines) > 1:
                new_page = True
                continue
            gap = line.white if slices and not new_page else 0.0
            item = Slice(line.height, [Group(0.0, 0.0, laid.ink(line))], gap, new_page=new_page)
            new_page = line.ended == "page"
            slices.append(item)
        count = len(slices)
        widow = props.get("widow", True)
        for number, item in enumerate(slices[1:], 1):
            alone = widow and (number < 2 or count - number < 2)
            item.may_break = not (props.get("keep_lines") or props.get("keep_next") or alone)
        slices[0].floating = laid.floating
        if props.get("shade") or props.get("borders"):
            return slices, self._frame(slices, laid, paragraph, before, following)
        return slices, lines[-1].white

    def _frame(
        self,
        slices: list[Slice],
        laid: ParagraphLines,
        paragraph: Paragraph,
        before: Paragraph | None,
        following: Block | None,
    ) -> float:
        """Border lines and background, unbroken over the white between lines; the white that is left below them.

        Neighbours with the same borders share one frame.
        """
        white = laid.lines[-1].white
        edges: dict[str, Border] = {
            side: edge for side, edge in (paragraph.props.get("borders") or {}).items() if edge.width
        }
        left = laid.left + min(laid.first, 0.0)
        right = laid.limit
        joined_above = before is not None and _same_frame(before, paragraph)
        joined_below = isinstance(following, Paragraph) and _same_frame(paragraph, following)
        top, bottom = edges.get("top"), edges.get("bottom")
        between = edges.get("between")
        if joined_above:
            top = between
        if joined_below:
            bottom = None
        west, east = edges.get("left"), edges.get("right")
        outer_left = left - (west.space + west.width if west else 0.0)
        outer_right = right + (east.space + east.width if east else 0.0)
        for number, item in enumerate(slices):
            above = top.space + top.width if top and number == 0 else 0.0
            below = bottom.space + bottom.width if bottom and number == len(slices) - 1 else 0.0
            if joined_below and number == len(slices) - 1:
                below = white + (between.space if between else 0.0)  # the line itself belongs to the next paragraph
            if number:
                above, item.gap = item.gap, 0.0
            height = item.height + above + below
            ink: list[Ink] = []
            if shade := paragraph.props.get("shade"):
                ink.append(Fill(outer_left, 0.0, outer_right - outer_left, height, shade))
            if top and number == 0:
                ink.extend(border_ink(top, outer_left, top.width / 2, outer_right, top.width / 2))
            if bottom and number == len(slices) - 1:
                y = height - bottom.width / 2
                ink.extend(border_ink(bottom, outer_left, y, outer_right, y))
            if west:
                x = outer_left + west.width / 2
                ink.extend(border_ink(west, x, 0.0, x, height))
            if east:
                x = outer_right - east.width / 2
                ink.extend(border_ink(east, x, 0.0, x, height))
            item.groups = [Group(0.0, 0.0, ink), *(Group(g.x, g.y + above, g.ink) for g in item.groups)]
            item.height = height
        return 0.0 if joined_below else white


def _close(above: Paragraph | None, below: Paragraph) -> bool:
    """Whether contextual spacing takes away the white between two paragraphs of one style."""
    return above is not None and above.style == below.style and bool(below.props.get("contextual"))


def _same_frame(one: Paragraph, other: Paragraph) -> bool:
    names = ("borders", "left", "right")
    return bool(one.props.get("borders")) and all(one.props.get(name) == other.props.get(name) for name in names)
